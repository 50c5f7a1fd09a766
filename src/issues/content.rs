//! The body of an issue as readers get it: HTML for feeds, pages and e-mail, plain text for
//! e-mail, and the summary.
//!
//! All of them start from the same events, made fit to be published: addresses are absolute, what
//! may lead nowhere is no link, comments and scripts are gone. `model` values come out; nothing
//! here looks for what an author should mend, which is [`lint`](crate::issues::lint)'s part.

use std::borrow::Cow;
use std::collections::HashSet;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};
use url::Url;

use crate::issues::html::tags::{Kind, Tokens};
use crate::issues::html::{self, Fate, Nesting};
use crate::issues::markdown::{self, Spanned};
use crate::issues::{absolute, characters, summary, text};

pub use summary::{SUMMARY_CHARACTERS, summary};

/// An issue's body, or a reading's commentary, as readers get it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// HTML with absolute addresses.
    pub html: String,
    /// Plain text, wrapped at 72 columns, addresses listed by number.
    pub text: String,
}

/// HTML of the events. `page` is the address that relative addresses start from; `clean` says
/// whether raw HTML loses what runs, frames and styles.
pub fn html(events: &[Spanned<'_>], page: &Url, clean: bool) -> String {
    to_html(publishable(events, page, clean), page, clean)
}

/// Plain text of the events for e-mail: wrapped at 72 columns, addresses listed by number at the
/// end of their section.
pub fn text(events: &[Spanned<'_>], page: &Url) -> String {
    text::render(&publishable(events, page, true))
}

/// Both forms of the events, for little more than the price of one.
pub fn both(events: &[Spanned<'_>], page: &Url, clean: bool) -> Content {
    let published = publishable(events, page, clean);
    let text = if clean {
        text::render(&published)
    } else {
        text::render(&publishable(events, page, true))
    };
    Content {
        html: to_html(published, page, clean),
        text,
    }
}

fn to_html(events: Vec<Event<'_>>, page: &Url, clean: bool) -> String {
    let harmless = !clean || html::is_harmless(&events);
    let rendered = markdown::render(events, page.as_str());
    let cleaned = if harmless {
        rendered
    } else {
        html::clean(&rendered)
    };
    characters::repair(cleaned)
}

/// The events with absolute addresses and without what readers must not get. `clean` is about raw
/// HTML alone: nothing in it but comments and relative addresses is touched without it.
fn publishable<'e>(events: &'e [Spanned<'_>], page: &Url, clean: bool) -> Vec<Event<'e>> {
    let mut pass = Pass {
        events,
        page,
        clean,
        footnotes: footnotes(events),
        published: Vec::with_capacity(events.len()),
        links: Vec::new(),
        images: Vec::new(),
        unclosed: Vec::new(),
        nesting: Nesting::default(),
        depth: 0,
    };
    let mut at = 0;
    while at < events.len() {
        at = pass.step(at);
    }
    // A part of an issue may be cut anywhere; what it leaves open ends with it.
    while !pass.links.is_empty() {
        pass.end_link();
    }
    pass.published
}

/// How deep lists and quotes nest in what is published; what lies deeper is written no deeper.
/// Nobody reads it, and programs that parse HTML take the square of the depth.
const DEEPEST: usize = 64;

/// The labels of the footnotes whose text is among the events.
fn footnotes<'e>(events: &'e [Spanned<'_>]) -> HashSet<&'e str> {
    let mut labels = HashSet::new();
    for (event, _) in events {
        if let Event::Start(Tag::FootnoteDefinition(label)) = event {
            labels.insert(label.as_ref());
        }
    }
    labels
}

/// One walk over the events.
struct Pass<'e, 's, 'p> {
    events: &'e [Spanned<'s>],
    page: &'p Url,
    clean: bool,
    footnotes: HashSet<&'e str>,
    published: Vec<Event<'e>>,
    /// The links that are open, and whether each is published.
    links: Vec<bool>,
    /// The same of images.
    images: Vec<bool>,
    /// Elements of which no end tag follows before that event.
    unclosed: Vec<(String, usize)>,
    /// How deep raw HTML nests.
    nesting: Nesting,
    /// How many lists, items and quotes are open.
    depth: usize,
}

impl<'e> Pass<'e, '_, '_> {
    /// Publishes the event at `at`, and says which one is next.
    fn step(&mut self, at: usize) -> usize {
        match &self.events[at].0 {
            Event::Start(Tag::Link { .. }) => self.start_link(at),
            Event::End(TagEnd::Link) => self.end_link(),
            Event::Start(Tag::Image { .. }) => self.start_image(at),
            Event::End(TagEnd::Image) => {
                if self.images.pop() == Some(true) {
                    self.published.push(Event::End(TagEnd::Image));
                }
            }
            Event::FootnoteReference(label) => self.footnote(label),
            // Feed readers take form elements out; a sign says the same.
            Event::TaskListMarker(done) => {
                let sign = if *done { "☑ " } else { "☐ " };
                self.published.push(Event::Text(CowStr::Borrowed(sign)));
            }
            Event::Start(Tag::HtmlBlock) | Event::Html(_) => return self.html_block(at),
            Event::InlineHtml(raw) => return self.inline_html(at, raw),
            event @ Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
                if self.depth < DEEPEST {
                    self.published.push(borrow(event, self.clean));
                }
                self.depth += 1;
            }
            event @ Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth < DEEPEST {
                    self.published.push(borrow(event, self.clean));
                }
            }
            event => self.published.push(borrow(event, self.clean)),
        }
        at + 1
    }

    fn start_link(&mut self, at: usize) {
        let Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) = &self.events[at].0
        else {
            return;
        };
        // The renderer puts `mailto:` before these.
        let address = if *link_type == LinkType::Email {
            Some(Cow::Borrowed(dest_url.as_ref()))
        } else {
            absolute::link(self.page, dest_url)
        };
        self.links.push(address.is_some());
        if let Some(address) = address {
            self.published.push(Event::Start(Tag::Link {
                link_type: *link_type,
                dest_url: CowStr::from(address),
                title: short(title),
                id: short(id),
            }));
        }
    }

    fn end_link(&mut self) {
        if self.links.pop() == Some(true) {
            self.published.push(Event::End(TagEnd::Link));
        }
    }

    fn start_image(&mut self, at: usize) {
        let Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) = &self.events[at].0
        else {
            return;
        };
        let address = absolute::image(self.page, dest_url);
        self.images.push(address.is_some());
        if let Some(address) = address {
            self.published.push(Event::Start(Tag::Image {
                link_type: *link_type,
                dest_url: CowStr::from(address),
                title: short(title),
                id: short(id),
            }));
        }
    }

    /// A reference whose text stands elsewhere in the issue, or in an image's text, leads nowhere.
    fn footnote(&mut self, label: &'e str) {
        if !self.footnotes.contains(label) || !self.images.is_empty() {
            return;
        }
        let label = CowStr::Borrowed(label);
        self.published.push(Event::FootnoteReference(label));
    }

    /// Publishes a block of raw HTML. Its tags may run over several events: they are read as one.
    fn html_block(&mut self, at: usize) -> usize {
        let mut lines: Vec<&'e str> = Vec::new();
        let mut next = at;
        while let Some((event, _)) = self.events.get(next) {
            match event {
                Event::Start(Tag::HtmlBlock) if next == at => {}
                Event::Html(line) | Event::Text(line) => lines.push(line),
                Event::End(TagEnd::HtmlBlock) => {
                    next += 1;
                    break;
                }
                _ => break,
            }
            next += 1;
        }
        let rewritten = match lines[..] {
            [line] => self.rewrite(line),
            _ => self.rewrite(&lines.concat()),
        };
        if !rewritten.trim().is_empty() {
            self.published.push(Event::Start(Tag::HtmlBlock));
            self.published.push(Event::Html(CowStr::from(rewritten)));
            self.published.push(Event::End(TagEnd::HtmlBlock));
        }
        next.max(at + 1)
    }

    /// Publishes a tag among text, and what it holds where that does not stay as it is.
    fn inline_html(&mut self, at: usize, raw: &'e str) -> usize {
        // The text of an image has no tags.
        if !self.images.is_empty() {
            return at + 1;
        }
        let mut tokens = Tokens::new(raw);
        let (Some(token), None) = (tokens.next(), tokens.next()) else {
            self.push_raw(raw);
            return at + 1;
        };
        match token.kind {
            Kind::Comment => return at + 1,
            Kind::Start(tag) if self.clean => {
                match html::element_fate(tag.name, html::is_bare(&tag)) {
                    Fate::Removed => match self.end_of(tag.name, at) {
                        Some(end) => return end + 1,
                        None => self.published.push(Event::Text(CowStr::Borrowed(raw))),
                    },
                    Fate::Linked => {
                        if self.links.is_empty()
                            && let Some(link) = html::frame_link(&tag, self.page)
                        {
                            self.published.push(Event::InlineHtml(CowStr::from(link)));
                        }
                        if tag.name.eq_ignore_ascii_case("iframe")
                            && let Some(end) = self.end_of(tag.name, at)
                        {
                            return end + 1;
                        }
                    }
                    Fate::Shown => self.published.push(Event::Text(CowStr::Borrowed(raw))),
                    Fate::Unwrapped => {}
                    Fate::Kept => self.push_raw(raw),
                }
            }
            Kind::End(name) if self.clean && html::element_fate(name, true) == Fate::Shown => {
                self.published.push(Event::Text(CowStr::Borrowed(raw)));
            }
            _ => self.push_raw(raw),
        }
        at + 1
    }

    fn push_raw(&mut self, raw: &str) {
        let rewritten = self.rewrite(raw);
        if !rewritten.is_empty() {
            self.published
                .push(Event::InlineHtml(CowStr::from(rewritten)));
        }
    }

    fn rewrite(&mut self, raw: &str) -> String {
        html::rewrite(raw, self.page, self.clean, &mut self.nesting)
    }

    /// The event with the end tag of the element that starts at `at`, if it stands in the same
    /// paragraph and crosses no Markdown element.
    fn end_of(&mut self, name: &str, at: usize) -> Option<usize> {
        let known =
            |(closed, until): &(String, usize)| closed.eq_ignore_ascii_case(name) && at < *until;
        if self.unclosed.iter().any(known) {
            return None;
        }
        let mut depth = 0_usize;
        for (next, (event, _)) in self.events.iter().enumerate().skip(at + 1) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => {
                    self.unclosed.push((name.to_owned(), next));
                    return None;
                }
                Event::End(_) => depth -= 1,
                Event::InlineHtml(raw) if depth == 0 => {
                    let token = Tokens::new(raw).next();
                    if let Some(Kind::End(end)) = token.map(|token| token.kind)
                        && end.eq_ignore_ascii_case(name)
                    {
                        return Some(next);
                    }
                }
                _ => {}
            }
        }
        self.unclosed.push((name.to_owned(), self.events.len()));
        None
    }
}

/// The same event without a copy of its text. `clean` takes the attributes off headings, where
/// `{onclick=…}` would be one.
fn borrow<'e>(event: &'e Event<'_>, clean: bool) -> Event<'e> {
    match event {
        Event::Text(text) => Event::Text(short(text)),
        Event::Code(code) => Event::Code(short(code)),
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => {
            let kept = |name: &str| !clean || matches!(name, "lang" | "dir" | "title");
            Event::Start(Tag::Heading {
                level: *level,
                id: id.as_ref().map(short),
                classes: if clean {
                    Vec::new()
                } else {
                    classes.iter().map(short).collect()
                },
                attrs: attrs
                    .iter()
                    .filter(|(name, _)| kept(name))
                    .map(|(name, value)| (short(name), value.as_ref().map(short)))
                    .collect(),
            })
        }
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(short(language))))
        }
        Event::Start(Tag::FootnoteDefinition(label)) => {
            Event::Start(Tag::FootnoteDefinition(short(label)))
        }
        other => other.clone(),
    }
}

fn short<'e>(text: &'e CowStr<'_>) -> CowStr<'e> {
    CowStr::Borrowed(text)
}

#[cfg(test)]
mod tests;
