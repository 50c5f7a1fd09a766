//! An issue as plain text, for people who read mail that way.
//!
//! Headings are underlined, lists and quotes keep their marks and hang under them, code keeps its
//! lines. Addresses are numbered and listed at the end of their section, each once. The layout
//! lives in [`lines`]; here it is decided what each event becomes.

mod lines;
mod markup;
mod notes;
mod table;

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Tag, TagEnd};

use lines::{Lines, UNBROKEN};
use notes::Notes;
use table::Table;

/// Plain text of events that were made fit to be published.
pub(super) fn render(events: &[Event<'_>]) -> String {
    let notes = Notes::of(events);
    let mut writer = Writer::default();
    writer.write(events, &notes);
    if !notes.order.is_empty() {
        writer.list_links();
        writer.rule();
        for (at, label) in notes.order.iter().enumerate() {
            if let Some(&(start, end)) = notes.texts.get(label) {
                writer.lines.open_item(&format!("[^{}] ", at + 1));
                writer.write(&events[start..end], &notes);
                writer.lines.close();
                writer.lines.gap();
            }
        }
    }
    writer.list_links();
    writer.lines.finish()
}

/// A link that is open: where its text begins, where it leads.
struct Link<'e> {
    start: usize,
    address: Cow<'e, str>,
    /// Whether it came from raw HTML, which may forget to close it.
    raw: bool,
}

/// A list that is open.
struct List {
    /// The number of the next item; `None` where it has bullets.
    next: Option<u64>,
    /// Whether its items are paragraphs, with blank lines between them.
    loose: bool,
}

#[derive(Default)]
struct Writer<'e> {
    lines: Lines,
    /// The text of the block that is open.
    inline: String,
    lists: Vec<List>,
    links: Vec<Link<'e>>,
    /// The number of each address.
    numbers: HashMap<Cow<'e, str>, usize>,
    /// Addresses that were not listed yet.
    unlisted: Vec<(usize, Cow<'e, str>)>,
    /// How deep in images, whose text is collected on its own.
    images: usize,
    alternative: String,
    code: bool,
    table: Option<Table>,
}

impl<'e> Writer<'e> {
    /// Writes all but the texts of footnotes.
    fn write(&mut self, events: &'e [Event<'_>], notes: &Notes<'e>) {
        let mut depth = 0_usize;
        for event in events {
            match event {
                Event::Start(Tag::FootnoteDefinition(_)) => depth += 1,
                Event::End(TagEnd::FootnoteDefinition) => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                event => self.event(event, notes),
            }
        }
        self.block();
    }

    fn event(&mut self, event: &'e Event<'_>, notes: &Notes<'e>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) if self.code => self.inline.push_str(text),
            Event::Text(text) => self.push(text),
            Event::Code(code) => {
                let mark = if code.contains('`') { "" } else { "`" };
                self.push(mark);
                self.push(code);
                self.push(mark);
            }
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.line_break(),
            Event::Rule => {
                self.block();
                self.list_links();
                self.rule();
            }
            Event::FootnoteReference(label) => {
                if let Some(number) = notes.numbers.get(label.as_ref()) {
                    self.push(&format!("[^{number}]"));
                }
            }
            Event::Html(raw) | Event::InlineHtml(raw) => self.raw(raw),
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &'e Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.block();
                if *level <= HeadingLevel::H2 {
                    self.list_links();
                }
                self.lines.gap();
            }
            Tag::Paragraph | Tag::HtmlBlock => {
                self.block();
            }
            Tag::BlockQuote(_) => {
                self.block();
                self.lines.gap();
                self.lines.open_quote();
            }
            Tag::CodeBlock(_) => {
                self.block();
                self.lines.gap();
                self.code = true;
            }
            Tag::List(first) => {
                self.block();
                self.lists.push(List {
                    next: *first,
                    loose: false,
                });
            }
            Tag::Item => self.start_item(),
            Tag::Table(alignments) => {
                self.block();
                self.lines.gap();
                self.table = Some(Table::new(alignments));
            }
            Tag::Strikethrough => self.push("~~"),
            Tag::Link {
                dest_url,
                link_type,
                ..
            } => {
                let address = if *link_type == LinkType::Email {
                    Cow::Owned(format!("mailto:{dest_url}"))
                } else {
                    Cow::Borrowed(dest_url.as_ref())
                };
                self.open_link(address, false);
            }
            Tag::Image { .. } => self.images += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Paragraph => {
                self.block();
                self.lines.gap();
                if let Some(list) = self.lists.last_mut() {
                    list.loose = true;
                }
            }
            TagEnd::HtmlBlock => {
                self.close_raw_links();
                if self.block() {
                    self.lines.gap();
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.block();
                self.lines.close();
            }
            TagEnd::CodeBlock => {
                self.code = false;
                let code = std::mem::take(&mut self.inline);
                self.lines.code(&code);
                self.lines.gap();
            }
            TagEnd::List(_) => {
                self.block();
                self.lists.pop();
                if self.lists.last().is_none_or(|outer| outer.loose) {
                    self.lines.gap();
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                match &mut self.table {
                    Some(table) => table.cell(&cell),
                    None => self.inline = cell,
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    table.write(&mut self.lines);
                }
                self.lines.gap();
            }
            TagEnd::Strikethrough => self.push("~~"),
            TagEnd::Link => self.close_link(),
            TagEnd::Image => self.end_image(),
            _ => {}
        }
    }

    fn start_item(&mut self) {
        self.block();
        let marker = match self.lists.last_mut().map(|list| &mut list.next) {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "- ".to_owned(),
        };
        self.lines.open_item(&marker);
    }

    fn heading(&mut self, level: HeadingLevel) {
        let title = std::mem::take(&mut self.inline);
        match level {
            HeadingLevel::H1 => self.lines.underlined(&title, '='),
            HeadingLevel::H2 => self.lines.underlined(&title, '-'),
            _ => {
                self.lines.open_item("### ");
                self.lines.wrapped(&title);
                self.lines.close();
            }
        }
        self.lines.gap();
    }

    fn rule(&mut self) {
        self.block();
        self.lines.gap();
        self.lines.wrapped("* * *");
        self.lines.gap();
    }

    /// Text of the block that is open, or of the image.
    fn push(&mut self, text: &str) {
        let target = if self.images > 0 {
            &mut self.alternative
        } else {
            &mut self.inline
        };
        if text.contains('\n') {
            // A line break of the source is none of the text.
            target.extend(text.chars().map(|c| if c == '\n' { ' ' } else { c }));
        } else {
            target.push_str(text);
        }
    }

    fn line_break(&mut self) {
        if self.images == 0 && self.table.is_none() {
            self.inline.push('\n');
        } else {
            self.push(" ");
        }
    }

    /// Writes the text that is open, if any, and says whether there was some.
    fn block(&mut self) -> bool {
        if self.table.is_some() {
            return false;
        }
        let written = self.lines.wrapped(&self.inline);
        self.inline.clear();
        written
    }

    fn end_image(&mut self) {
        self.images = self.images.saturating_sub(1);
        if self.images == 0 {
            let alternative = std::mem::take(&mut self.alternative);
            self.image(&alternative);
        }
    }

    fn image(&mut self, alternative: &str) {
        let alternative = alternative.trim();
        if !alternative.is_empty() {
            self.push("[image: ");
            self.push(alternative);
            self.push("]");
        }
    }

    fn open_link(&mut self, address: Cow<'e, str>, raw: bool) {
        self.links.push(Link {
            start: self.inline.len(),
            address,
            raw,
        });
    }

    /// Puts the number of its address after a link, unless the address is what it shows.
    fn close_link(&mut self) {
        let Some(link) = self.links.pop() else {
            return;
        };
        let shown = self.inline.get(link.start..).unwrap_or("").trim();
        if shown.is_empty() || shows(shown, &link.address) {
            return;
        }
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(link.address.clone()).or_insert_with(|| {
            self.unlisted.push((next, link.address));
            next
        });
        self.inline
            .truncate(self.inline.trim_end_matches(' ').len());
        self.inline.push(UNBROKEN);
        self.inline.push('[');
        self.inline.push_str(&number.to_string());
        self.inline.push(']');
    }

    fn close_raw_links(&mut self) {
        while self.links.last().is_some_and(|link| link.raw) {
            self.close_link();
        }
    }

    /// The addresses since the last list.
    fn list_links(&mut self) {
        if self.unlisted.is_empty() {
            return;
        }
        self.lines.gap();
        for (number, address) in self.unlisted.drain(..) {
            self.lines.verbatim(&format!("[{number}] {address}"));
        }
        self.lines.gap();
    }
}

/// Whether a text is an address, but for its scheme and a last slash.
fn shows(text: &str, address: &str) -> bool {
    let bare = |full: &str| -> usize {
        ["https://", "http://", "mailto:"]
            .iter()
            .find(|scheme| full.starts_with(**scheme))
            .map_or(0, |scheme| scheme.len())
    };
    text[bare(text)..].trim_end_matches('/') == address[bare(address)..].trim_end_matches('/')
}

#[cfg(test)]
mod tests;
