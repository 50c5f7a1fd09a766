//! Dates as people write them in front matter and in file names.
//!
//! A day or a local time is one in the newsletter's zone. What no calendar has is refused, and so
//! is a year that no newsletter can have: `020-08-14` is a slip of the finger, not antiquity.

mod name;
#[cfg(test)]
mod tests;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

pub use name::{NameDate, in_name, in_path, without_date};

/// The years that a newsletter may be dated in.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// The months, as titles have them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant, with the offset it was written with, or the zone's.
    pub at: DateTime<FixedOffset>,
    /// Whether the time of day was written.
    pub precision: Precision,
}

/// How exactly a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// A day: its midnight stands for it.
    Day,
    /// A time of day.
    Time,
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A year outside [`YEARS`].
    #[error("is in the year {year}")]
    Year {
        /// The year, as a number.
        year: i32,
        /// The month that follows it.
        month: u32,
        /// The day that follows that.
        day: u32,
        /// All that follows the year, as written.
        rest: String,
    },
    /// A month that no year has.
    #[error("is not a date: there is no month {0}")]
    Month(u32),
    /// A day that this month does not have.
    #[error("is not a date: {month} {year} has no day {day}", month = MONTHS[month_index(*month)])]
    Day {
        /// The year.
        year: i32,
        /// The month, from 1.
        month: u32,
        /// The day that was written.
        day: u32,
    },
    /// The day or the month comes before the year.
    #[error("is ambiguous: its year stands last")]
    YearLast,
    /// A time that no day has.
    #[error("is not a date: no time of day follows the day")]
    Time,
    /// A zone that is no offset.
    #[error("is in the zone `{0}`, which is not an offset from UTC")]
    Zone(String),
    /// Nothing that could be one.
    #[error("is not a date")]
    NoDate,
}

fn month_index(month: u32) -> usize {
    (month as usize).clamp(1, 12) - 1
}

/// Reads a day, a local time of `zone`, RFC 3339 and what is near it, RFC 2822, or a day with an
/// English month.
pub fn parse(text: &str, zone: Tz) -> Result<Moment, Error> {
    let text = text.trim();
    if text.len() > 80 {
        return Err(Error::NoDate);
    }
    match Numeric::read(text) {
        Some((numeric, rest)) => {
            let day = numeric.day()?;
            timed(day, rest, zone)
        }
        None => in_words(text, zone),
    }
}

/// A date in figures before it is checked.
struct Numeric<'t> {
    year: i32,
    month: u32,
    day: u32,
    year_comes_last: bool,
    after_year: &'t str,
}

impl<'t> Numeric<'t> {
    /// The figures at the start of a text, and what follows them. A month without a day is its
    /// first.
    fn read(text: &'t str) -> Option<(Self, &'t str)> {
        let (year, rest) = digits(text, 8)?;
        if year.len() == 8 {
            let compact = Self {
                year: year[..4].parse().ok()?,
                month: year[4..6].parse().ok()?,
                day: year[6..].parse().ok()?,
                year_comes_last: false,
                after_year: &text[4..],
            };
            return Some((compact, rest));
        }
        let separator = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (month, after_month) = digits(&rest[1..], 4)?;
        let mut numeric = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: 1,
            year_comes_last: false,
            after_year: rest,
        };
        let day = after_month
            .strip_prefix(separator)
            .and_then(|rest| digits(rest, 4));
        let Some((day, after_day)) = day else {
            // `2021-11`, and nothing but: `2021-11 10:00` or `3.5` says too little.
            return (after_month.is_empty() && year.len() == 4).then_some((numeric, after_month));
        };
        numeric.day = day.parse().ok()?;
        numeric.year_comes_last = day.len() == 4 && year.len() <= 2;
        Some((numeric, after_day))
    }

    fn day(&self) -> Result<NaiveDate, Error> {
        if self.year_comes_last {
            return Err(Error::YearLast);
        }
        if !YEARS.contains(&self.year) {
            return Err(Error::Year {
                year: self.year,
                month: self.month,
                day: self.day,
                rest: self.after_year.to_owned(),
            });
        }
        calendar_day(self.year, self.month, self.day)
    }
}

fn calendar_day(year: i32, month: u32, day: u32) -> Result<NaiveDate, Error> {
    if !(1..=12).contains(&month) {
        return Err(Error::Month(month));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or(Error::Day { year, month, day })
}

/// The figures at the start of a text, at least one and at most `most`, and the rest.
fn digits(text: &str, most: usize) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (1..=most).contains(&end).then(|| text.split_at(end))
}

/// The day with what follows it: nothing, a time, a time and an offset.
fn timed(day: NaiveDate, rest: &str, zone: Tz) -> Result<Moment, Error> {
    let rest = rest
        .strip_prefix(['T', 't'])
        .unwrap_or(rest)
        .trim_start_matches(|c: char| c.is_whitespace());
    if rest.is_empty() {
        return Ok(Moment {
            at: local(day.and_time(NaiveTime::MIN), zone),
            precision: Precision::Day,
        });
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ','))
        .unwrap_or(rest.len());
    let time = day.and_time(time_of_day(&rest[..end]).ok_or(Error::Time)?);
    let at = match rest[end..].trim() {
        "" => local(time, zone),
        written => {
            let offset = offset(written).ok_or_else(|| Error::Zone(written.to_owned()))?;
            offset
                .from_local_datetime(&time)
                .single()
                .ok_or(Error::Time)?
        }
    };
    Ok(Moment {
        at,
        precision: Precision::Time,
    })
}

/// `10:00`, `10:00:05`, `10:00:05.25`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, fraction),
        None => (text, ""),
    };
    let mut parts = clock.split(':');
    let mut part = |needed: bool| match parts.next() {
        Some(figures) if matches!(figures.len(), 1 | 2) => figures.parse::<u32>().ok(),
        None if !needed => Some(0),
        _ => None,
    };
    let (hour, minute, second) = (part(true)?, part(true)?, part(false)?);
    let is_fraction = fraction.len() <= 12 && fraction.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || !is_fraction {
        return None;
    }
    let nanoseconds = match fraction {
        "" => 0,
        _ => format!("{fraction:0<9.9}").parse().ok()?,
    };
    // A leap second is the last moment of its minute: few readers know of a 61st.
    let second = if second == 60 { 59 } else { second };
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)
}

/// `Z`, `UTC`, `+02:00`, `+0200`, `+02`.
fn offset(text: &str) -> Option<FixedOffset> {
    if ["z", "utc", "gmt"]
        .iter()
        .any(|zero| text.eq_ignore_ascii_case(zero))
    {
        return FixedOffset::east_opt(0);
    }
    let (sign, figures) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match figures.len() {
        1 | 2 => (figures, "0"),
        4 if figures.is_ascii() => figures.split_at(2),
        5 => figures.split_once(':')?,
        _ => return None,
    };
    let number = |text: &str| {
        let all_digits = text.bytes().all(|b| b.is_ascii_digit());
        all_digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
    FixedOffset::east_opt(sign * (number(hours)? * 3600 + minutes * 60))
}

/// The instant of a local time. One that the clocks skip in spring is taken as if they had not
/// been changed yet; of two in autumn the first counts.
fn local(time: NaiveDateTime, zone: Tz) -> DateTime<FixedOffset> {
    if let Some(at) = zone.from_local_datetime(&time).earliest() {
        return at.fixed_offset();
    }
    let before = zone
        .offset_from_utc_datetime(&(time - chrono::TimeDelta::days(2)))
        .fix();
    let utc = time - chrono::TimeDelta::seconds(i64::from(before.local_minus_utc()));
    zone.from_utc_datetime(&utc).fixed_offset()
}

/// `Wed, 17 Nov 2021 10:00:00 +0100`, `17 November 2021`, `November 17, 2021`, `June 2020`.
fn in_words(text: &str, zone: Tz) -> Result<Moment, Error> {
    if let Ok(at) = DateTime::parse_from_rfc2822(text) {
        let day = at.date_naive();
        return YEARS
            .contains(&chrono::Datelike::year(&day))
            .then_some(Moment {
                at,
                precision: Precision::Time,
            })
            .ok_or(Error::NoDate);
    }
    let mut month = None;
    let mut figures = Vec::new();
    for word in text.split([' ', ',', '\u{a0}']).filter(|w| !w.is_empty()) {
        if let Some(number) = month_of(word) {
            month = month.is_none().then_some(number);
        } else if let Some(number) = day_or_year(word) {
            figures.push(number);
        } else if !is_weekday(word) {
            return Err(Error::NoDate);
        }
    }
    let month = month.ok_or(Error::NoDate)?;
    let (day, year) = match figures[..] {
        [year] if year > 31 => (1, year),
        [day, year] if day <= 31 => (day, year),
        _ => return Err(Error::NoDate),
    };
    let year = i32::try_from(year).map_err(|_| Error::NoDate)?;
    if !YEARS.contains(&year) {
        return Err(Error::NoDate);
    }
    timed(calendar_day(year, month, day)?, "", zone)
}

fn month_of(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let is_month = |name: &str| {
        word.len() >= 3
            && name
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let index = MONTHS.iter().position(|name| is_month(name))?;
    u32::try_from(index + 1).ok()
}

/// `17`, `17th`, `2021`.
fn day_or_year(word: &str) -> Option<u32> {
    let (number, rest) = digits(word, 4)?;
    let is_ordinal = matches!(rest, "" | "." | "st" | "nd" | "rd" | "th");
    is_ordinal.then(|| number.parse().ok()).flatten()
}

fn is_weekday(word: &str) -> bool {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let word = word.to_ascii_lowercase();
    days.iter().any(|day| word.starts_with(day))
}
