//! Where the sections that hold readings begin and end.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::issues::markdown::{Spanned, plain_text};

/// A section that holds readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The places of its events, without its heading.
    pub(super) events: Range<usize>,
    /// Whether a bold line stands in for its heading.
    pub(super) bold: bool,
}

/// Each section whose heading has one of the names. A section ends at the next heading of its own level or above; a bold line alone in its
/// paragraph counts as a heading below all others.
pub(super) fn find(events: &[Spanned<'_>], names: &[String]) -> Vec<Section> {
    let names: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    let mut sections = Vec::new();
    let mut open: Option<(usize, Option<HeadingLevel>)> = None;
    let mut nested = 0_usize;
    let mut at = 0;
    while at < events.len() {
        match &events[at].0 {
            Event::Start(Tag::Heading { level, .. }) if nested == 0 => {
                let (level, start) = (*level, at);
                at = heading_end(events, at);
                let ends = |own: Option<HeadingLevel>| own.is_none_or(|own| level <= own);
                if let Some((from, own)) = open
                    && ends(own)
                {
                    sections.push(Section {
                        events: from..start,
                        bold: own.is_none(),
                    });
                    open = None;
                }
                if open.is_none() && is_named(&events[start..at], &names) {
                    open = Some((at, Some(level)));
                }
                continue;
            }
            Event::Start(Tag::Paragraph) if nested == 0 && open.is_none() => {
                if let Some(end) = bold_line_end(events, at)
                    && is_named(&events[at..end], &names)
                {
                    open = Some((end, None));
                    at = end;
                    continue;
                }
                nested += 1;
            }
            Event::Start(_) => nested += 1,
            Event::End(_) => nested = nested.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    if let Some((from, own)) = open {
        sections.push(Section {
            events: from..events.len(),
            bold: own.is_none(),
        });
    }
    sections
}

/// Just after the end of the heading that starts at `start`.
fn heading_end(events: &[Spanned<'_>], start: usize) -> usize {
    events[start..]
        .iter()
        .position(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))))
        .map_or(events.len(), |length| start + length + 1)
}

/// Just after the paragraph that starts at `start`, where it is one bold line and nothing else.
fn bold_line_end(events: &[Spanned<'_>], start: usize) -> Option<usize> {
    if !matches!(events.get(start + 1), Some((Event::Start(Tag::Strong), _))) {
        return None;
    }
    let end = start
        + events[start..]
            .iter()
            .position(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)))?;
    let bold = matches!(events[end - 1].0, Event::End(TagEnd::Strong));
    bold.then_some(end + 1)
}

fn is_named(events: &[Spanned<'_>], names: &[Vec<String>]) -> bool {
    let text = plain_text(events.iter().map(|(event, _)| event));
    names
        .iter()
        .any(|name| is_same(inner(&text), name) || is_same(without_number(&text), name))
}

/// A heading without the marks and pictures around it.
fn inner(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A heading without the number before it as well: `3. Recommended reading`.
fn without_number(text: &str) -> &str {
    inner(text.trim_start_matches(|c: char| !c.is_alphabetic()))
}

/// The words of a name, for comparing.
fn words(name: &str) -> Vec<String> {
    let words = inner(name).split_whitespace();
    words.map(str::to_lowercase).collect()
}

/// Whether the text has these words and no others, in any case and with any white space.
fn is_same(text: &str, name: &[String]) -> bool {
    let same = |(word, known): (&str, &String)| {
        word.chars().flat_map(char::to_lowercase).eq(known.chars())
    };
    !name.is_empty()
        && text.split_whitespace().zip(name).all(same)
        && text.split_whitespace().count() == name.len()
}
