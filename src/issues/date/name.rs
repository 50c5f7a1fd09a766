//! Dates in the names of files.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Moment, YEARS, digits, timed};

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
/// `letter-2020-06-16`. `None` where there is none, or none that could be one.
pub fn in_name(name: &str) -> Option<NameDate> {
    let mut rest = name;
    loop {
        if let Some(date) = name_date(rest) {
            // Elsewhere than in front only a whole date counts: `covid-2020-06` may be a number.
            if rest.len() == name.len() || date.day.is_some() {
                return Some(date);
            }
        }
        let next = rest.find(['-', '_', ' '])?;
        rest = &rest[next + 1..];
    }
}

fn name_date(text: &str) -> Option<NameDate> {
    let (year, rest) = digits(text, 8)?;
    let (year, month, rest) = if year.len() == 8 && ends_word(rest) {
        (&year[..4], &year[4..6], &text[6..])
    } else if year.len() == 4 {
        let (month, rest) = digits(rest.strip_prefix(['-', '_', '.'])?, 2)?;
        let rest_of_date = rest.strip_prefix(['-', '_', '.']).unwrap_or(rest);
        (
            year,
            month,
            if ends_word(rest) {
                rest_of_date
            } else {
                return None;
            },
        )
    } else {
        return None;
    };
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    let is_month = YEARS.contains(&year) && (1..=12).contains(&month);
    let day = digits(rest, 2)
        .filter(|(_, rest)| ends_word(rest))
        .and_then(|(day, _)| day.parse().ok())
        .filter(|&day| NaiveDate::from_ymd_opt(year, month, day).is_some());
    is_month.then_some(NameDate { year, month, day })
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}
