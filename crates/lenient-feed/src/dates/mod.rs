//! Dates in the forms that feeds really use.
//!
//! `written` makes the signs of other scripts those of ASCII; then two readers: `iso` for what begins
//! with a year, `words` for RFC 822 and everything else. A date that cannot be is no date.

mod iso;
mod names;
mod words;
mod written;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use self::names::Zone;

pub(super) use self::names::fold;

/// Longer texts are not dates.
const LONGEST: usize = 120;

/// What a text says of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Date {
    /// An instant.
    At(DateTime<Utc>, Order),
    /// What a program writes that has no date: the year 1, the first second of 1970.
    Zero,
}

/// In which order a date of numbers alone names day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// It is no such date.
    #[default]
    Named,
    /// The day first, for its month would be none otherwise.
    DayFirst,
    /// The month first, for the same reason.
    MonthFirst,
    /// Either; it was read with the day first, and this is the instant with the month first.
    Open(DateTime<Utc>),
}

/// Reads a date and time; UTC where the text names no zone, midnight where it names no time, the
/// day before the month where numbers leave that open.
///
/// `None` where it is no date, where the day does not exist, before 1900, and for the zero dates of
/// programs that have none (`0001-01-01`).
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    match read(text, None)? {
        Date::At(instant, _) => Some(instant),
        Date::Zero => None,
    }
}

/// Reads a date and time; `language` settles names that mean one month in one language and another
/// in the next.
pub(super) fn read(text: &str, language: Option<&str>) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // Servers that write Korean write Korean time, and no zone; what puts dots into its dates is
    // no server but a page's script.
    let korean = text.contains('년') || text.contains(['전', '후']) && text.contains('-');
    let text = &*written::ascii(text);
    if is_zero(text) {
        return Some(Date::Zero);
    }
    let (instant, order) = epoch(text)
        .or_else(|| iso::parse(text, language))
        .map(|instant| (instant, Order::Named))
        .or_else(|| words::parse(text, language))?;
    let instant = instant - TimeDelta::hours(if korean { 9 } else { 0 });
    if instant.timestamp() == 0 || is_zero_day(instant.naive_utc()) {
        return Some(Date::Zero);
    }
    Some(Date::At(instant, order))
}

/// Whether a text is a zero date by its year, or is nothing but a zero.
fn is_zero(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..]
            .iter()
            .take_while(|it| it.is_ascii_digit())
            .count();
        if run == 4 && bytes[..at].iter().all(|byte| *byte != b':') {
            let before = at.checked_sub(1).map(|before| bytes[before]);
            let after = bytes.get(at + run);
            match &text[at..at + run] {
                // `-0001`: the year before the first, as PHP has it.
                "0001" | "0002" if before != Some(b'+') => return true,
                "0000" if !matches!(before, Some(b'+' | b'-')) => return true,
                "0000" if matches!(after, Some(b'-' | b'/' | b'.')) => return true,
                _ => {}
            }
        }
        at += run.max(1);
    }
    text == "0" || text == "-62135596800"
}

/// Days that begin the calendars of databases, spreadsheets and file systems.
fn is_zero_day(local: NaiveDateTime) -> bool {
    const DAYS: [(i32, u32, u32); 7] = [
        (1601, 1, 1),
        (1753, 1, 1),
        (1899, 12, 30),
        (1899, 12, 31),
        (1900, 1, 1),
        (1904, 1, 1),
        (1970, 1, 1),
    ];
    let date = local.date();
    local.time() == NaiveTime::MIN && DAYS.contains(&(date.year(), date.month(), date.day()))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their length: more digits
/// than any date in ISO's compact form has; also within `/Date(…)/`, as .NET writes them.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let net = text.trim_start_matches(['\\', '/']).strip_prefix("Date(");
    if let Some(inner) = net {
        let end = inner.find(|c: char| !c.is_ascii_digit() && c != '-')?;
        // What follows, as in `+0100`, is the zone that it was shown in.
        let millis = inner[..end].parse().ok()?;
        return DateTime::from_timestamp_millis(millis).map(no_earlier);
    }
    let text = text.strip_prefix('@').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        9 | 10 => DateTime::from_timestamp(number, 0),
        12 | 13 => DateTime::from_timestamp_millis(number),
        16 => DateTime::from_timestamp_micros(number),
        19 => Some(DateTime::from_timestamp_nanos(number)),
        _ => None,
    }
}

/// Milliseconds before 1900 are the zero of .NET, or nothing better.
fn no_earlier(instant: DateTime<Utc>) -> DateTime<Utc> {
    if instant.year() < 1900 {
        DateTime::UNIX_EPOCH
    } else {
        instant
    }
}

/// A date and time as it is put together.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    hour: u32,
    minute: u32,
    second: u32,
    zone: Zone,
}

impl Parts {
    /// The instant of this time on a day. 24:00 is the end of that day, and a leap second the
    /// start of the next minute.
    fn on(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = date.and_time(NaiveTime::MIN);
        let is_midnight = (self.hour, self.minute, self.second) == (0, 0, 0);
        if is_midnight && is_zero_day(midnight) {
            // Whatever the zone is: the first midnight of a calendar is its zero.
            return Some(midnight.and_utc());
        }
        if date < NaiveDate::from_ymd_opt(1900, 1, 1)? {
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
        self.zone
            .instant(time.checked_add_signed(TimeDelta::seconds(leap))?)
    }
}

/// The hour of half a day: `half` is 0 before noon and 12 after it. An hour that is of a whole day
/// already stays (`15:04 PM`).
fn hour_of(hour: u32, half: u32) -> u32 {
    if hour > 12 { hour } else { hour % 12 + half }
}

/// The year of two digits: as RSS readers have it, those from 90 on are of the last century.
fn two_digit_year(year: i32) -> i32 {
    if year < 90 { 2000 + year } else { 1900 + year }
}

#[cfg(test)]
mod tests;
