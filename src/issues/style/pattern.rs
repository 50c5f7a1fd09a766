//! Patterns of names and titles: what changes from issue to issue, named.

use chrono::Datelike;

use super::most;
use crate::issues::date::MONTHS;
use crate::model::Header;
use crate::model::address;

/// The number that the newest issue has in its title or its name.
pub(super) struct Numbered {
    /// The number.
    pub(super) number: u64,
    /// With how many digits it is written.
    pub(super) digits: usize,
}

/// The number of the newest issue, where that before it has the one before.
pub(super) fn numbered<'h>(mut headers: impl Iterator<Item = &'h Header>) -> Option<Numbered> {
    let (newest, before) = (headers.next()?, headers.next()?);
    let texts = [(&newest.stem, &before.stem), (&newest.title, &before.title)];
    texts.into_iter().find_map(|(newest, before)| {
        let known: Vec<&str> = numbers(before).collect();
        numbers(newest).find_map(|digits| {
            let number: u64 = digits.parse().ok().filter(|number| *number > 0)?;
            let follows = known.iter().any(|known| known.parse() == Ok(number - 1));
            // Years and months follow one another as well.
            let dated = newest.starts_with(|c: char| c.is_ascii_digit());
            (follows && !dated && number < 100_000).then_some(Numbered {
                number,
                digits: digits.len(),
            })
        })
    })
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty() && digits.len() < 10)
}

/// The text with the parts of the issue's date and its number named.
pub(super) fn of(text: &str, header: &Header, numbered: Option<&Numbered>) -> String {
    let date = header.published;
    let month = MONTHS[date.month0() as usize % 12];
    let name = capitalized(month);
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = word_length(rest);
        let word = &rest[..length.max(first.len_utf8())];
        let named = if word == name {
            "{month}"
        } else if word == date.year().to_string() {
            "{year}"
        } else if numbered.is_some() && word.parse::<u64>().is_ok_and(|number| number < 100_000) {
            "{number}"
        } else if word == date.day().to_string() || word == format!("{}th", date.day()) {
            "{day}"
        } else {
            word
        };
        pattern.push_str(named);
        rest = &rest[word.len()..];
    }
    pattern
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len())
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().to_lowercase()
}

/// The pattern that most of the titles follow; none where they have nothing in common, or
/// nothing that changes.
pub(super) fn of_titles(titles: &[(&str, &Header)], numbered: Option<&Numbered>) -> Option<String> {
    let patterns: Vec<String> = titles
        .iter()
        .map(|(title, header)| of(title, header, numbered))
        .collect();
    let pattern = most(patterns.iter())?.clone();
    let times = patterns.iter().filter(|other| **other == pattern).count();
    let changes = ["{month}", "{number}", "{day}"]
        .iter()
        .any(|part| pattern.contains(part));
    (changes && (times > 1 || titles.len() == 1)).then_some(pattern)
}

/// The pattern that most of the files' names follow.
pub(super) fn name<'h>(
    headers: impl Iterator<Item = &'h Header>,
    numbered: Option<&Numbered>,
) -> Option<String> {
    most(headers.map(|header| {
        let stem = header.stem.as_str();
        let date = header.published;
        let day = date.format("%Y-%m-%d").to_string();
        let forms = [
            (day, "{year}-{mm}-{dd}"),
            (date.format("%Y-%m").to_string(), "{year}-{mm}"),
            (date.format("%Y%m%d").to_string(), "{year}{mm}{dd}"),
        ];
        for (written, form) in forms {
            if let Some(rest) = stem.strip_prefix(&written) {
                let slug = !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit());
                return if slug {
                    format!("{form}-{{slug}}")
                } else {
                    form.to_owned()
                };
            }
        }
        let numbers: Vec<&str> = numbers(stem).collect();
        match (numbered, numbers.as_slice()) {
            (Some(_), [number]) => stem.replace(number, "{number}"),
            _ if stem == address::slug(stem) => "{slug}".to_owned(),
            _ => "{year}-{mm}-{dd}".to_owned(),
        }
    }))
}
