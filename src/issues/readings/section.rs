//! Where the sections that hold readings begin and end.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::Sections;
use crate::issues::markdown::{Spanned, plain_text};

/// A section that holds readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The places of its events, without its heading.
    pub(super) events: Range<usize>,
    /// Its heading, where the newsletter has several.
    pub(super) name: Option<String>,
    /// Whether a bold line stands in for its heading.
    pub(super) bold: bool,
    /// Whether it is the whole issue.
    pub(super) whole: bool,
}

/// Each section whose heading has one of the names. A section ends at the next heading of its own level or above; a bold line alone in its
/// paragraph counts as a heading below all others.
pub(super) fn find(events: &[Spanned<'_>], sections: &Sections) -> Vec<Section> {
    match sections {
        Sections::All => vec![Section {
            events: 0..events.len(),
            name: None,
            bold: false,
            whole: true,
        }],
        Sections::Named(names) => named(events, names),
    }
}

fn named(events: &[Spanned<'_>], names: &[String]) -> Vec<Section> {
    let several = names.len() > 1;
    let names: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    let section = |(from, level): (usize, Option<HeadingLevel>), name: &str, end: usize| Section {
        events: from..end,
        name: several.then(|| category_name(name)),
        bold: level.is_none(),
        whole: false,
    };
    let mut sections = Vec::new();
    let mut open: Option<(usize, Option<HeadingLevel>)> = None;
    let mut name = String::new();
    let mut nested = 0_usize;
    let mut at = 0;
    while at < events.len() {
        match &events[at].0 {
            Event::Start(Tag::Heading { level, .. }) if nested == 0 => {
                let (level, start) = (*level, at);
                at = heading_end(events, at);
                let ends = |own: Option<HeadingLevel>| own.is_none_or(|own| level <= own);
                if let Some(ended) = open.take_if(|(_, own)| ends(*own)) {
                    sections.push(section(ended, &name, start));
                }
                if open.is_none() && is_named(&events[start..at], &names) {
                    name = plain_text(events[start..at].iter().map(|(event, _)| event));
                    open = Some((at, Some(level)));
                }
                continue;
            }
            Event::Start(Tag::Paragraph) if nested == 0 && open.is_none() => {
                if let Some(end) = bold_line_end(events, at)
                    && is_named(&events[at..end], &names)
                {
                    name = plain_text(events[at..end].iter().map(|(event, _)| event));
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
    sections.extend(open.map(|open| section(open, &name, events.len())));
    sections
}

/// What a category is called: its heading on one line, without the colon after it.
pub(super) fn category_name(heading: &str) -> String {
    let words: Vec<&str> = heading.split_whitespace().collect();
    words
        .join(" ")
        .trim_end_matches([':', '：', ' '])
        .to_owned()
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
