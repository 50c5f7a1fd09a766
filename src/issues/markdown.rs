//! Markdown as a list of events with their places, and back out as HTML.
//!
//! pulldown-cmark reads `CommonMark` with GFM tables, strikethrough, task lists and footnotes. Four
//! things are ours: text that the parser cut at every special character is joined again, bare
//! addresses become links as GFM has them, headings get the ids that fragments point to, and
//! footnotes stand at the end with links back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use unicode_normalization::char::is_combining_mark;

/// An event and the bytes of the file that it came from.
pub type Spanned<'a> = (Event<'a>, Range<usize>);

/// Reads the Markdown in `file[body]`; the places are those of `file`.
pub fn parse(file: &str, body: Range<usize>) -> Vec<Spanned<'_>> {
    let start = body.start;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let source = Parser::new_ext(&file[body], options)
        .into_offset_iter()
        .map(|(event, range)| (event, range.start + start..range.end + start));
    let mut events = link_bare_addresses(join_text(source), file);
    name_headings(&mut events);
    events
}

/// HTML of the events. Footnotes, if any, stand at the end; `page` is the address of the page
/// that their links lead to.
pub fn render<'a>(events: impl IntoIterator<Item = Event<'a>>, page: &str) -> String {
    let events = place_footnotes(events.into_iter().collect(), page);
    let mut html = String::with_capacity(events.len() * 48);
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    html
}

/// Joins neighbouring texts: the parser cuts them at `_`, `&`, `[` and the like.
fn join_text<'a>(source: impl Iterator<Item = Spanned<'a>>) -> Vec<Spanned<'a>> {
    let mut events: Vec<Spanned<'a>> = Vec::with_capacity(source.size_hint().0.max(64));
    // What belongs behind the last event's text; joined once, not at every cut.
    let mut more = String::new();
    for (event, range) in source {
        if let Event::Text(text) = &event
            && let Some((Event::Text(before), place)) = events.last_mut()
        {
            if more.is_empty() {
                more.push_str(before);
            }
            more.push_str(text);
            place.end = range.end;
            continue;
        }
        finish_text(&mut events, &mut more);
        events.push((event, range));
    }
    finish_text(&mut events, &mut more);
    events
}

/// Gives the last event the text that was joined, if any was.
fn finish_text(events: &mut [Spanned<'_>], joined: &mut String) {
    if let Some((Event::Text(text), _)) = events.last_mut()
        && !joined.is_empty()
    {
        *text = CowStr::from(joined.as_str().to_owned());
        joined.clear();
    }
}

/// Turns `https://…`, `http://…` and `www.…` in text into links, as GFM's autolinks extension
/// does; text inside links and code stays.
fn link_bare_addresses<'a>(events: Vec<Spanned<'a>>, file: &str) -> Vec<Spanned<'a>> {
    let mut linked = Vec::with_capacity(events.len());
    let mut closed_to_links = 0_usize;
    for (event, range) in events {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => {
                closed_to_links += 1;
            }
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => closed_to_links -= 1,
            Event::Text(text) if closed_to_links == 0 && may_hold_address(text) => {
                split_addresses(text, range, file, &mut linked);
                continue;
            }
            _ => {}
        }
        linked.push((event, range));
    }
    linked
}

fn may_hold_address(text: &str) -> bool {
    text.contains("://") || text.contains("www.")
}

/// Pushes the text with its addresses as links.
fn split_addresses<'a>(
    text: &CowStr<'a>,
    range: Range<usize>,
    file: &str,
    events: &mut Vec<Spanned<'a>>,
) {
    // Where the text stands in the file letter for letter, so do its addresses.
    let exact = file.get(range.clone()) == Some(text.as_ref());
    let place = |part: Range<usize>| {
        if exact {
            range.start + part.start..range.start + part.end
        } else {
            range.clone()
        }
    };
    let mut done = 0;
    while let Some(found) = find_address(text, done) {
        if found.start > done {
            let before = CowStr::from(text[done..found.start].to_owned());
            events.push((Event::Text(before), place(done..found.start)));
        }
        let shown = &text[found.clone()];
        let target = if shown.starts_with("www.") {
            format!("http://{shown}")
        } else {
            shown.to_owned()
        };
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: CowStr::from(target),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        let here = place(found.clone());
        events.push((Event::Start(link), here.clone()));
        events.push((Event::Text(CowStr::from(shown.to_owned())), here.clone()));
        events.push((Event::End(TagEnd::Link), here));
        done = found.end;
    }
    if done == 0 {
        events.push((Event::Text(text.clone()), range));
    } else if done < text.len() {
        let rest = CowStr::from(text[done..].to_owned());
        events.push((Event::Text(rest), place(done..text.len())));
    }
}

/// The next bare address at or after `from`, by the rules of GFM 0.29, section 6.9.
fn find_address(text: &str, from: usize) -> Option<Range<usize>> {
    let mut search = from;
    loop {
        let start = text[search..].find(['h', 'w'])? + search;
        let rest = &text[start..];
        search = start + 1;
        let before = text[..start].chars().next_back();
        let opens = before.is_none_or(|c| c.is_whitespace() || "*_~(\"'“‘[".contains(c));
        let begins = ["http://", "https://", "www."]
            .iter()
            .any(|prefix| rest.starts_with(prefix));
        if !opens || !begins {
            continue;
        }
        let address = &rest[..address_length(rest)];
        let host_start = address.find("://").map_or(0, |at| at + 3);
        let host = address[host_start..]
            .split(['/', '?', '#'])
            .next()
            .unwrap_or("");
        if host.contains('.') && !host.contains("..") {
            return Some(start..start + address.len());
        }
    }
}

/// How far an address reaches: to the next white space or `<`, less the punctuation that belongs
/// to the sentence. No further than any server would read.
fn address_length(text: &str) -> usize {
    let text = &text[..text.floor_char_boundary(2048)];
    let mut end = text
        .find(|c: char| c.is_whitespace() || c == '<')
        .unwrap_or(text.len());
    let count = |sign: u8| text[..end].bytes().filter(|&byte| byte == sign).count();
    let mut unopened = count(b')').saturating_sub(count(b'('));
    while let Some(last) = text[..end].chars().next_back() {
        if last == ')' && unopened > 0 {
            unopened -= 1;
        } else if !"?!.,:;*_~'\"”’…]".contains(last) {
            break;
        }
        end -= last.len_utf8();
    }
    end
}

/// Gives each heading without an id the one that GitHub and Hugo would: its text in lower case
/// without marks, a `-` for each space, numbered where it comes twice.
fn name_headings(events: &mut [Spanned<'_>]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for at in 0..events.len() {
        let Event::Start(Tag::Heading { id: None, .. }) = &events[at].0 else {
            continue;
        };
        let slug = anchor(&plain_text(
            events[at + 1..]
                .iter()
                .map(|(event, _)| event)
                .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))),
        ));
        if slug.is_empty() {
            continue;
        }
        let count = seen
            .entry(slug.clone())
            .and_modify(|n| *n += 1)
            .or_insert(0);
        let name = if *count == 0 {
            slug
        } else {
            format!("{slug}-{count}")
        };
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at].0 {
            *id = Some(CowStr::from(name));
        }
    }
}

/// What GitHub makes of a heading's text.
fn anchor(text: &str) -> String {
    let mut anchor = String::with_capacity(text.len());
    for character in text.trim().chars() {
        if character.is_alphanumeric()
            || matches!(character, '_' | '-')
            || is_combining_mark(character)
        {
            anchor.extend(character.to_lowercase());
        } else if character.is_whitespace() {
            anchor.push('-');
        }
    }
    anchor
}

/// The text of inline events, without marks: what a title or a name is.
pub fn plain_text<'e, 'a: 'e>(events: impl IntoIterator<Item = &'e Event<'a>>) -> String {
    let mut plain = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(text),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            _ => {}
        }
    }
    plain
}

/// Replaces footnotes by links there and back, and puts their texts at the end in the order in
/// which they are first referred to. A footnote nobody refers to is left out, as GFM does.
fn place_footnotes<'a>(events: Vec<Event<'a>>, page: &str) -> Vec<Event<'a>> {
    if !events
        .iter()
        .any(|event| matches!(event, Event::FootnoteReference(_)))
    {
        return without_definitions(events).0;
    }
    let (mut body, mut definitions) = without_definitions(events);
    let mut notes = Footnotes::default();
    for event in &mut body {
        notes.refer(event, page);
    }
    // Footnotes may refer to further ones; those come after.
    let mut next = 0;
    while let Some(label) = notes.order.get(next).cloned() {
        for event in definitions.get_mut(&label).into_iter().flatten() {
            notes.refer(event, page);
        }
        next += 1;
    }
    body.push(Event::Html(CowStr::Borrowed(
        "<section class=\"footnotes\"><ol>\n",
    )));
    for (at, label) in notes.order.iter().enumerate() {
        let number = at + 1;
        body.push(Event::Html(CowStr::from(format!(
            "<li id=\"fn-{number}\">\n"
        ))));
        body.extend(definitions.remove(label).unwrap_or_default());
        let back: Vec<String> = (1..=notes.references[label].1)
            .map(|times| {
                format!(
                    "<a href=\"{}#{}\">↩</a>",
                    escape(page),
                    reference_id(number, times)
                )
            })
            .collect();
        body.push(Event::Html(CowStr::from(format!(
            "{}</li>\n",
            back.join(" ")
        ))));
    }
    body.push(Event::Html(CowStr::Borrowed("</ol></section>\n")));
    body
}

/// The footnotes in the order in which they are referred to.
#[derive(Default)]
struct Footnotes {
    order: Vec<String>,
    /// The number of each, and how often it is referred to.
    references: HashMap<String, (usize, usize)>,
}

impl Footnotes {
    /// Makes a link of a reference; leaves any other event as it is.
    fn refer(&mut self, event: &mut Event<'_>, page: &str) {
        let Event::FootnoteReference(label) = event else {
            return;
        };
        let next = self.order.len() + 1;
        let (number, times) = self
            .references
            .entry(label.to_string())
            .and_modify(|(_, times)| *times += 1)
            .or_insert((next, 1));
        if *number == next {
            self.order.push(label.to_string());
        }
        let id = reference_id(*number, *times);
        *event = Event::InlineHtml(CowStr::from(format!(
            "<sup id=\"{id}\"><a href=\"{}#fn-{number}\">{number}</a></sup>",
            escape(page),
        )));
    }
}

fn reference_id(number: usize, times: usize) -> String {
    if times == 1 {
        format!("fnref-{number}")
    } else {
        format!("fnref-{number}-{times}")
    }
}

/// The events outside footnotes, and those of each footnote by its label.
fn without_definitions<'a>(
    events: Vec<Event<'a>>,
) -> (Vec<Event<'a>>, HashMap<String, Vec<Event<'a>>>) {
    let mut body = Vec::with_capacity(events.len());
    let mut definitions: HashMap<String, Vec<Event<'a>>> = HashMap::new();
    // Footnotes may hold footnotes.
    let mut open: Vec<String> = Vec::new();
    for event in events {
        match (&event, open.last()) {
            (Event::Start(Tag::FootnoteDefinition(label)), _) => open.push(label.to_string()),
            (Event::End(TagEnd::FootnoteDefinition), _) => {
                open.pop();
            }
            (_, Some(label)) => definitions.entry(label.clone()).or_default().push(event),
            (_, None) => body.push(event),
        }
    }
    (body, definitions)
}

/// Text as it may stand in an attribute.
fn escape(text: &str) -> Cow<'_, str> {
    if text.contains(['&', '<', '>', '"']) {
        Cow::Owned(
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;"),
        )
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, html: &str) {
        let events = parse(markdown, 0..markdown.len());
        let rendered = render(
            events.into_iter().map(|(event, _)| event),
            "https://n.example/7/",
        );
        assert_eq!(rendered.trim_end(), html);
    }

    #[test]
    fn links_bare_addresses() {
        check(
            "See https://a.example/x_y_z (and www.b.example).",
            "<p>See <a href=\"https://a.example/x_y_z\">https://a.example/x_y_z</a> (and \
             <a href=\"http://www.b.example\">www.b.example</a>).</p>",
        );
        check(
            "`https://a.example`",
            "<p><code>https://a.example</code></p>",
        );
        check("xhttps://a.example", "<p>xhttps://a.example</p>");
        check("https://", "<p>https://</p>");
        check(
            "[https://a.example](/b)",
            "<p><a href=\"/b\">https://a.example</a></p>",
        );
    }

    #[test]
    fn names_headings_once_each() {
        check(
            "## What's new?\n\n## What's new?\n\n## Own {#mine}",
            "<h2 id=\"whats-new\">What's new?</h2>\n<h2 id=\"whats-new-1\">What's new?</h2>\n\
             <h2 id=\"mine\">Own</h2>",
        );
    }

    #[test]
    fn puts_footnotes_at_the_end() {
        check(
            "A[^x] B[^x]\n\n[^x]: Note.\n",
            "<p>A<sup id=\"fnref-1\"><a href=\"https://n.example/7/#fn-1\">1</a></sup> B\
             <sup id=\"fnref-1-2\"><a href=\"https://n.example/7/#fn-1\">1</a></sup></p>\n\
             <section class=\"footnotes\"><ol>\n<li id=\"fn-1\">\n<p>Note.</p>\n\
             <a href=\"https://n.example/7/#fnref-1\">↩</a> \
             <a href=\"https://n.example/7/#fnref-1-2\">↩</a></li>\n</ol></section>",
        );
    }

    #[test]
    fn numbers_footnotes_that_footnotes_refer_to() {
        let markdown = "A[^a]\n\n[^d]: D\n\n[^c]: C\n\n[^b]: B[^d]\n\n[^a]: A[^c][^b]\n\n[^x]: X[^y]\n\n[^y]: Y";
        let events = parse(markdown, 0..markdown.len());
        let html = render(events.into_iter().map(|(event, _)| event), "");
        let places: Vec<Option<usize>> = [">A<", ">C<", ">B<", ">D<"]
            .iter()
            .map(|text| html.rfind(text))
            .collect();
        assert!(places.is_sorted() && places[0].is_some(), "{html}");
        assert!(!html.contains('X') && !html.contains('Y'));
    }

    #[test]
    fn finds_addresses_in_linear_time() {
        for part in ["(www..", "http://(", "www.a ", "www.", ")", "http://a.b)"] {
            let markdown = format!("http://a.b{}", part.repeat(20_000 / part.len()));
            assert!(!parse(&markdown, 0..markdown.len()).is_empty());
        }
    }

    #[test]
    fn places_bare_addresses_in_the_file() {
        let file = "---\n---\nSee www.b.example now";
        let events = parse(file, 8..file.len());
        let (_, range) = events
            .iter()
            .find(|(event, _)| matches!(event, Event::Start(Tag::Link { .. })))
            .unwrap();
        assert_eq!(&file[range.clone()], "www.b.example");
    }
}
