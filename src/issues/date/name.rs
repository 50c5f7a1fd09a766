//! Dates in the names of files.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::{MONTHS, Moment, YEARS, digits, timed};

/// The date in a file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameDate {
    /// The year.
    pub year: i32,
    /// The month, from 1.
    pub month: u32,
    /// The day, where the name has one.
    pub day: Option<u32>,
}

impl NameDate {
    /// Its midnight in `zone`; the first of the month where the name has no day.
    pub fn moment(self, zone: Tz) -> Option<Moment> {
        let day = NaiveDate::from_ymd_opt(self.year, self.month, self.day.unwrap_or(1))?;
        timed(day, "", zone).ok()
    }
}

/// The date in a file's name without its ending: `2020-06`, `2020-06-16-a-title`, `20200616`,
/// `letter-2020-06-16`, `2020-jun-16`, `16-june-2020`, `2020-W25`, `2020年6月16日`. `None` where
/// there is none, or none that could be one.
pub fn in_name(name: &str) -> Option<NameDate> {
    found_in(name).map(|(date, _)| date)
}

/// The name without the date before or after the rest of it: `a-title` of `2020-06-16-a-title`.
/// The whole name where nothing else is in it.
pub fn without_date(name: &str) -> &str {
    let Some((_, place)) = found_in(name) else {
        return name;
    };
    let mark = |c: char| matches!(c, '-' | '_' | ' ' | '.');
    let (before, after) = (&name[..place.start], &name[place.end..]);
    match (
        before.trim_end_matches(mark),
        after.trim_start_matches(mark),
    ) {
        ("", "") => name,
        ("", after) => after,
        (before, "") => before,
        _ => name,
    }
}

/// No deeper folders are part of a date.
const DEEPEST: usize = 4;

/// The date in a file's path without its ending: in its name, else in its folders and name
/// together, as in `2020/06/16/issue-7`.
pub fn in_path(path: &str) -> Option<NameDate> {
    let parts: Vec<&str> = path.split('/').collect();
    let (name, folders) = parts.split_last()?;
    let near = folders.len().saturating_sub(DEEPEST)..folders.len();
    let joined = |with_name: bool| {
        near.clone().find_map(|at| {
            let mut joined = folders[at..].join("-");
            if with_name {
                joined.push('-');
                joined.push_str(name);
            }
            name_date(&joined).map(|(date, _)| date)
        })
    };
    // `2019/5-things` is no issue of May.
    let whole = || joined(true).filter(|date| date.day.is_some());
    in_name(name).or_else(whole).or_else(|| joined(false))
}

fn found_in(name: &str) -> Option<(NameDate, std::ops::Range<usize>)> {
    let mut rest = name;
    loop {
        let from = name.len() - rest.len();
        if let Some((date, length)) = name_date(rest) {
            // Elsewhere than in front only a whole date counts: `covid-2020-06` may be a number.
            if from == 0 || date.day.is_some() {
                return Some((date, from..from + length));
            }
        }
        let next = rest.find(['-', '_', ' ', '#'])?;
        rest = &rest[next + 1..];
    }
}

fn name_date(text: &str) -> Option<(NameDate, usize)> {
    let cjk;
    let plain = if text.contains('年') {
        // Each of the three marks takes as many bytes as what stands for it here.
        cjk = text.replace(['年', '月'], "-\0\0").replace('日', "-\0\0");
        cjk.as_str()
    } else {
        text
    };
    let (date, rest) = year_first(plain).or_else(|| day_first(plain))?;
    let length = plain.len() - rest.len();
    text.is_char_boundary(length).then_some((date, length))
}

/// `16-june-2020`.
fn day_first(text: &str) -> Option<(NameDate, &str)> {
    let (day, rest) = digits(text, 2)?;
    let (month, rest) = month_name(skip_mark(rest)?)?;
    let (year, rest) = digits(skip_mark(rest)?, 4).filter(|(year, _)| year.len() == 4)?;
    let date = checked(year.parse().ok()?, month, day.parse().ok())?;
    (date.day.is_some() && ends_word(rest)).then_some((date, rest))
}

/// `2020-06-16`, `20200616`, `2020-jun-16`, `2020-W25`, and those without day.
fn year_first(text: &str) -> Option<(NameDate, &str)> {
    let (year, after) = digits(text, 8)?;
    if year.len() == 8 && ends_word(after) {
        let number = |range: std::ops::Range<usize>| year[range].parse().ok();
        let (day, whole) = (
            number(6..8)?,
            checked(year[..4].parse().ok()?, number(4..6)?, None)?,
        );
        let day = checked(whole.year, whole.month, Some(day));
        return Some((day.unwrap_or(whole), after));
    }
    if year.len() != 4 {
        return None;
    }
    let year = year.parse().ok()?;
    let after = skip_mark(after)?;
    if let Some((week, rest)) = after
        .strip_prefix(['W', 'w'])
        .and_then(|rest| digits(rest, 2))
    {
        let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, chrono::Weekday::Mon)?;
        let date = checked(monday.year(), monday.month(), Some(monday.day()))?;
        return ends_word(rest).then_some((date, rest));
    }
    let (month, rest) = match digits(after, 2) {
        Some((month, rest)) => (month.parse().ok()?, rest),
        None => month_name(after)?,
    };
    if !ends_word(rest) {
        return None;
    }
    let month_alone = checked(year, month, None)?;
    let day = skip_mark(rest).and_then(|rest| digits(rest, 2));
    let whole = day
        .filter(|(_, rest)| ends_word(rest))
        .and_then(|(day, rest)| Some((checked(year, month, day.parse().ok())?, rest)))
        .filter(|(date, _)| date.day.is_some());
    Some(whole.unwrap_or((month_alone, rest)))
}

/// The date, without its day where the month has no such day.
fn checked(year: i32, month: u32, day: Option<u32>) -> Option<NameDate> {
    let day = day.filter(|&day| NaiveDate::from_ymd_opt(year, month, day).is_some());
    let is_month = YEARS.contains(&year) && (1..=12).contains(&month);
    is_month.then_some(NameDate { year, month, day })
}

fn skip_mark(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['-', '_', '.', ' '])?;
    Some(rest.trim_start_matches('\0'))
}

/// The English name of a month, or its first three letters.
fn month_name(text: &str) -> Option<(u32, &str)> {
    let length = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    let is = |month: &&'static str| {
        month.eq_ignore_ascii_case(word) || word.len() == 3 && month[..3].eq_ignore_ascii_case(word)
    };
    let at = MONTHS.iter().position(is)?;
    Some((u32::try_from(at).ok()? + 1, rest))
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}
