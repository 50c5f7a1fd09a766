//! Dates in the forms that feeds really use.
//!
//! Two readers: `iso` for what begins with a year, `words` for RFC 822 and everything else with
//! the name of a month in it. A date that cannot be is no date.

mod iso;
mod names;
mod words;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// Longer texts are not dates.
const LONGEST: usize = 120;

/// Reads a date and time; UTC where the text names no zone, midnight where it names no time.
///
/// `None` where it is no date, where the day does not exist, and before 1900.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    epoch(text)
        .or_else(|| iso::parse(text))
        .or_else(|| words::parse(text))
}

/// Seconds or milliseconds since 1970: more digits than any date in ISO's compact form has.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    match text.len() {
        9 | 10 => DateTime::from_timestamp(number, 0),
        12 | 13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

/// A date and time as it is put together.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    year: i32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// Minutes east of Greenwich.
    offset: i32,
}

impl Parts {
    fn instant(self) -> Option<DateTime<Utc>> {
        let date = NaiveDate::from_ymd_opt(self.year, self.month, self.day)?;
        self.on(date)
    }

    /// The instant of this time on a day. 24:00 is the end of that day, and a leap second the
    /// start of the next minute.
    fn on(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        if date < NaiveDate::from_ymd_opt(1900, 1, 1)? || self.offset.abs() > 26 * 60 {
            return None;
        }
        let (date, hour) = match self.hour {
            24 => (date.checked_add_days(Days::new(1))?, 0),
            hour => (date, hour),
        };
        let leap = i64::from(self.second == 60);
        let time = date.and_hms_opt(hour, self.minute, self.second.min(59))?;
        if self.second > 60 {
            return None;
        }
        let shift = TimeDelta::seconds(leap) - TimeDelta::minutes(i64::from(self.offset));
        Some(time.checked_add_signed(shift)?.and_utc())
    }
}

/// The year of two digits: as RSS readers have it, those from 90 on are of the last century.
fn two_digit_year(year: i32) -> i32 {
    if year < 90 { 2000 + year } else { 1900 + year }
}

#[cfg(test)]
mod tests;
