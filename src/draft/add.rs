//! Readings added to a draft that is there: what a person wrote in it stays, letter for letter.

use std::ops::Range;

use super::{Accepted, Reader, item, order};
use crate::model::{HouseStyle, ItemShape, Reading};

/// Adds readings to the text of an issue file, each behind the last one of its group; `places`
/// finds where the titles of readings stand. None where one of them would not be read back as it
/// was meant, or another would be read otherwise than before.
pub fn add(
    style: &HouseStyle,
    file: &str,
    accepted: &[Accepted],
    reader: Reader<'_>,
    places: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Option<String> {
    let mut text = file.to_owned();
    for (at, _) in order(style, accepted) {
        let group = style.group_of(accepted[at].kind);
        let heading = group.map(|group| style.groups[group].heading.as_str());
        text = add_one(style, &text, (&accepted[at], heading), reader, places)?;
    }
    Some(text)
}

fn add_one(
    style: &HouseStyle,
    file: &str,
    (accepted, heading): (&Accepted, Option<&str>),
    reader: Reader<'_>,
    places: &dyn Fn(&str) -> Vec<Range<usize>>,
) -> Option<String> {
    let before = (reader.readings)(file);
    let spans = places(file);
    for item_style in item::forms(style) {
        let mut care = Some(item::Care::Least);
        while let Some(taken) = care {
            let mut written = String::new();
            item::write(
                &mut written,
                &item_style,
                &style.attribution,
                accepted,
                taken,
            );
            let (at, lead) = place(file, &spans, heading, item_style.shape);
            let text = put(file, at, &format!("{lead}{written}"), item_style.apart);
            let after = (reader.readings)(&text);
            if is_added(&before, &after, accepted) {
                return Some(text);
            }
            care = taken.more();
        }
    }
    None
}

/// Whether one is there that was not, and all others are as they were.
fn is_added(before: &[Reading], after: &[Reading], accepted: &Accepted) -> bool {
    let same = |one: &Reading, other: &Reading| {
        one.title == other.title
            && one.url == other.url
            && one.curator == other.curator
            && one.commentary_html == other.commentary_html
    };
    if after.len() != before.len() + 1 {
        return false;
    }
    let new = before
        .iter()
        .zip(after)
        .position(|(one, other)| !same(one, other))
        .unwrap_or(before.len());
    let others = after[..new].iter().chain(&after[new + 1..]);
    let url = super::escape::one_word(&accepted.url);
    others.zip(before).all(|(one, other)| same(one, other))
        && after[new].url.as_deref() == Some(url.as_str())
        && after[new].curator == accepted.curator
}

/// Where a reading goes, and what has to stand before it: behind the last one below its heading,
/// else behind the last one of all, below a heading of its own.
fn place(
    file: &str,
    spans: &[Range<usize>],
    heading: Option<&str>,
    shape: ItemShape,
) -> (usize, String) {
    let Some(heading) = heading else {
        let last = spans.last().map(|span| end(file, span.end, shape));
        return (last.unwrap_or(file.len()), String::new());
    };
    let line = file.match_indices(heading).map(|(at, _)| at).find(|at| {
        let starts = *at == 0 || file[..*at].ends_with('\n');
        starts && file[at + heading.len()..].starts_with(['\n', '\r'])
    });
    let Some(line) = line else {
        let last = spans.last().map(|span| end(file, span.end, shape));
        return (last.unwrap_or(file.len()), format!("{heading}\n\n"));
    };
    let below = line + heading.len();
    let next = next_heading(file, below, level(heading));
    let own = spans
        .iter()
        .rfind(|span| (below..next).contains(&span.start));
    let at = own.map_or(below, |span| end(file, span.end, shape).min(next));
    (at, String::new())
}

/// The end of the reading whose title ends at `from`.
fn end(file: &str, from: usize, shape: ItemShape) -> usize {
    let mut at = file[from..]
        .find('\n')
        .map_or(file.len(), |end| from + end + 1);
    let mut last = at;
    for line in file[at..].split_inclusive('\n') {
        let text = line.trim_end();
        let goes_on = match shape {
            // What is not moved in is no part of a list's item.
            ItemShape::Bullet(_) => text.is_empty() || text.starts_with([' ', '\t']),
            _ => !text.starts_with('#') && text != "---" && text != "***",
        };
        if !goes_on {
            break;
        }
        at += line.len();
        if !text.is_empty() {
            last = at;
        }
    }
    last
}

fn level(heading: &str) -> usize {
    heading.len() - heading.trim_start_matches('#').len()
}

/// Where the next heading of this level or a higher one stands.
fn next_heading(file: &str, from: usize, level_of: usize) -> usize {
    let mut at = from;
    for line in file[from..].split_inclusive('\n') {
        let marks = level(line);
        if at > from && (1..=level_of).contains(&marks) && line[marks..].starts_with(' ') {
            return at;
        }
        at += line.len();
    }
    file.len()
}

/// The text with lines put in, and blank lines around them where the house has them.
fn put(file: &str, at: usize, lines: &str, apart: bool) -> String {
    let (before, after) = file.split_at(at);
    let mut text = before.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if (apart
        || lines.starts_with('#')
        || text
            .trim_end()
            .lines()
            .last()
            .is_some_and(|line| line.starts_with('#')))
        && !text.ends_with("\n\n")
    {
        text.push('\n');
    }
    text.push_str(lines);
    if !after.is_empty() && !after.starts_with('\n') {
        text.push('\n');
    }
    text.push_str(after);
    text
}
