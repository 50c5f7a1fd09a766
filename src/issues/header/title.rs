//! The title of an issue: what its front matter says, else its first heading of the first level,
//! else what the configuration's pattern makes.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::keys::{Key, Sheet};
use super::names::{Form, Known, fill};
use super::values::{self, cut, one_line};
use super::{Front, Places, Problems};
use crate::issues::markdown;

/// No title is longer, in characters.
const MAX_TITLE: usize = 500;

pub(super) fn read(
    sheet: &Sheet<'_>,
    file: &str,
    front: &Front,
    known: &Known<'_>,
    places: &mut Places,
    problems: &mut Problems<'_>,
) -> String {
    let field = sheet.first(Key::Title);
    let written = field.and_then(|field| {
        let title = one_line(values::text(field, problems)?);
        Some((title, field.value.span.clone())).filter(|(title, _)| !title.is_empty())
    });
    let Some((title, place)) = written.or_else(|| first_heading(file, front.body.clone())) else {
        return one_line(&fill(&known.options.title, known, Form::Title));
    };
    // A title in the text is looked at with the rest of the text.
    if let Some(gap) = crate::issues::lint::gap(&title).filter(|_| place.start < front.body.start) {
        problems.warning(
            "placeholder",
            place.clone(),
            format!("`{gap}` was left in"),
            Some("write the issue's title".to_owned()),
        );
    }
    if title.chars().nth(MAX_TITLE).is_some() {
        problems.warning(
            "long-title",
            place.clone(),
            format!("the title is longer than {MAX_TITLE} characters and is cut"),
            Some("write the rest as the issue's text".to_owned()),
        );
    }
    places.title = place;
    cut(title, MAX_TITLE)
}

/// The text and the place of the body's first heading of the first level.
fn first_heading(file: &str, body: Range<usize>) -> Option<(String, Range<usize>)> {
    // Most issues have none, and then the lines show it at no cost. Where one looks like a
    // heading, what comes before it decides whether it is: the Markdown parser reads that far.
    let end = likely_heading(&file[body.clone()])?;
    heading_before(file, body.start..body.start + end).or_else(|| heading_before(file, body))
}

/// The end of the first line that may be such a heading.
fn likely_heading(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut line = 0;
    loop {
        if is_heading(&bytes[line..]) {
            return Some(
                body[line..]
                    .find('\n')
                    .map_or(body.len(), |end| line + end + 1),
            );
        }
        line = next_line_of_note(bytes, line)?;
    }
}

/// The start of the next line that opens with a `#` and no second one, a `=` or a space.
fn next_line_of_note(bytes: &[u8], from: usize) -> Option<usize> {
    // In chunks, which the processor compares at once: most issues have no such line, and to look
    // at each line takes many times as long.
    const CHUNK: usize = 64;
    let opens = |end: u8, first: u8, second: u8| {
        let heading = u8::from(first == b'#') & u8::from(second != b'#');
        let other = u8::from(first == b'=') | u8::from(first == b' ');
        u8::from(end == b'\n') & (heading | other)
    };
    let mut at = from;
    while let (Some(ends), Some(firsts), Some(seconds)) = (
        bytes.get(at..at + CHUNK),
        bytes.get(at + 1..at + 1 + CHUNK),
        bytes.get(at + 2..at + 2 + CHUNK),
    ) {
        let chunk = ends.iter().zip(firsts).zip(seconds);
        if chunk.fold(0, |any, ((end, first), second)| {
            any | opens(*end, *first, *second)
        }) != 0
        {
            break;
        }
        at += CHUNK;
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'\n');
    (at..bytes.len())
        .find(|&at| opens(byte(at), byte(at + 1), byte(at + 2)) != 0)
        .map(|at| at + 1)
}

/// Whether a line is a heading of the first level, or the rule under one.
fn is_heading(line: &[u8]) -> bool {
    let indent = line.iter().take_while(|&&byte| byte == b' ').count();
    match &line[indent..] {
        // Four spaces make code of it.
        _ if indent > 3 => false,
        [b'#'] => true,
        [b'#', next, ..] => next.is_ascii_whitespace(),
        [b'=', rest @ ..] => {
            let rule = rest.iter().find(|&&byte| byte != b'=');
            rule.is_none_or(u8::is_ascii_whitespace)
        }
        _ => false,
    }
}

fn heading_before(file: &str, part: Range<usize>) -> Option<(String, Range<usize>)> {
    let events = markdown::parse(file, part);
    let mut depth = 0_usize;
    for (at, (event, place)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) if depth == 0 => {
                let inside = events[at + 1..]
                    .iter()
                    .map(|(event, _)| event)
                    .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
                let title = one_line(&markdown::plain_text(inside));
                if !title.is_empty() {
                    let line = &file[place.clone()];
                    return Some((title, place.start..place.start + line.trim_end().len()));
                }
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    None
}
