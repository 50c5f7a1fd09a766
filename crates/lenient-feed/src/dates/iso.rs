//! Dates that begin with a year: RFC 3339, W3C's profile of ISO 8601, ISO 8601's compact, week and
//! ordinal forms, and what databases and Korean and Hungarian servers make of them.

use chrono::{DateTime, NaiveDate, Utc, Weekday};

use super::{Parts, hour_of, names};

pub(super) fn parse(text: &str, language: Option<&str>) -> Option<DateTime<Utc>> {
    let mut scan = Scan {
        rest: text,
        language,
    };
    let (date, mut parts) = scan.date()?;
    scan.time(&mut parts)?;
    parts.on(date)
}

struct Scan<'a> {
    rest: &'a str,
    /// The language of the document, for the names of months.
    language: Option<&'a str>,
}

impl<'a> Scan<'a> {
    /// The digits at the front, up to `most`.
    fn digits(&mut self, most: usize) -> Option<&'a str> {
        let count = self
            .rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        (count > 0).then_some(digits)
    }

    fn number(&mut self, most: usize) -> Option<u32> {
        self.digits(most)?.parse().ok()
    }

    fn skip(&mut self, characters: &[char]) -> bool {
        let rest = self.rest.strip_prefix(characters);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn word(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn date(&mut self) -> Option<(NaiveDate, Parts)> {
        // `-03-12` and `-0312`: a year and a month, as ISO 8601:1988 has them.
        if let Some(rest) = self.rest.strip_prefix('-') {
            self.rest = rest;
            let mut two = || self.digits(2).filter(|digits| digits.len() == 2);
            let year = 2000 + two()?.parse::<i32>().ok()?;
            self.skip(&['-']);
            let mut two = || self.digits(2).filter(|digits| digits.len() == 2);
            let date = day(year, two()?.parse().ok()?, 1)?;
            return Some((date, Parts::default()));
        }
        let run = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        match run {
            2 | 3 | 5 | 6 => return self.short_year(run),
            // The last are a compact date and time without the `T`.
            4 | 7 | 8 | 12 | 14 => {}
            _ => return None,
        }
        let year = i32::try_from(self.number(4)?).ok()?;
        let date = match run {
            7 => ordinal(year, self.number(3)?),
            8 | 12 | 14 => day(year, self.number(2)?, self.number(2)?),
            _ => self.after_year(year),
        }?;
        Some((date, Parts::default()))
    }

    /// `03-12-31`, `031231`, `03-365`, `03365`: years of this century, as ISO 8601:1988 has them.
    fn short_year(&mut self, run: usize) -> Option<(NaiveDate, Parts)> {
        // The day zero of a spreadsheet's serial numbers was in 1899: 36526 is the year 2000.
        let serial = run == 5 && self.rest.get(..5).is_some_and(|it| it >= "36526");
        if run == 3 || serial {
            return None;
        }
        let year = 2000 + i32::try_from(self.number(2)?).ok()?;
        let date = match run {
            5 => ordinal(year, self.number(3)?),
            6 => day(year, self.number(2)?, self.number(2)?),
            _ => {
                if !self.skip(&['-']) {
                    return None;
                }
                let next = self.digits(3)?;
                match next.len() {
                    3 => ordinal(year, next.parse().ok()?),
                    2 if self.skip(&['-']) => day(year, next.parse().ok()?, self.number(2)?),
                    _ => None,
                }
            }
        }?;
        // `13-01-2024` ends with the year.
        if self.digits_follow() > 0 {
            return None;
        }
        Some((date, Parts::default()))
    }

    fn after_year(&mut self, year: i32) -> Option<NaiveDate> {
        if self.rest.starts_with(['W', 'w']) {
            return self.week(year);
        } else if !self.skip(&['-', '/', '.', ':']) {
            // A year alone, maybe before a time: a month after a space is for `words`.
            let rest = self.rest.trim_start();
            let time = rest.split(' ').next().is_some_and(|it| it.contains(':'));
            return day(year, 1, 1).filter(|_| rest.is_empty() || time);
        }
        if self.rest.starts_with(['W', 'w']) {
            return self.week(year);
        }
        self.space();
        let month = if self.rest.starts_with(|c: char| c.is_alphabetic()) {
            let month = names::month(self.word(), self.language)?;
            self.skip(&['.']);
            self.space();
            self.skip(&['-', '/', '.']);
            month
        } else {
            let digits = self.digits(3)?;
            match digits.len() {
                3 => return ordinal(year, digits.parse().ok()?),
                _ => digits.parse().ok()?,
            }
        };
        if self.skip(&['-', '/', '.', ':']) {
            self.space();
        }
        let date = match self.digits_follow() {
            0 => day(year, month, 1),
            _ => day(year, month, self.number(2)?),
        };
        self.skip(&['.']);
        date
    }

    fn digits_follow(&self) -> usize {
        self.rest.bytes().take_while(u8::is_ascii_digit).count()
    }

    fn week(&mut self, year: i32) -> Option<NaiveDate> {
        self.skip(&['W', 'w']);
        let week = self.number(2)?;
        self.skip(&['-']);
        let weekday = self.number(1).unwrap_or(1);
        let weekday = Weekday::try_from(u8::try_from(weekday.checked_sub(1)?).ok()?).ok()?;
        NaiveDate::from_isoywd_opt(year, week, weekday)
    }

    /// What follows the date: nothing, or a time, its half of the day and its zone.
    fn time(&mut self, parts: &mut Parts) -> Option<()> {
        self.space();
        if self.skip(&['T', 't', ',']) {
            self.space();
        }
        let half = self.half_of_day();
        self.skip_words_before_time();
        if self.digits_follow() == 0 {
            self.zone(parts);
            return Some(());
        }
        parts.hour = self.number(2)?;
        if self.skip(&[':', '.', 'h', 'H']) || self.digits_follow() > 0 {
            parts.minute = self.number(2).unwrap_or(0);
            if self.skip(&[':', '.']) || self.digits_follow() > 0 {
                parts.second = self.number(2).unwrap_or(0);
            }
        }
        // Fractions of any length say nothing that a feed needs.
        if self.skip(&['.', ',', ':']) {
            self.digits(usize::MAX);
        }
        self.space();
        if let Some(half) = half.or_else(|| self.half_of_day()) {
            parts.hour = hour_of(parts.hour, half);
        }
        self.zone(parts);
        Some(())
    }

    /// `2024-01-02 (Tue) 15:04`, `2024-01-02 kl. 15:04`: what stands before the time says nothing.
    fn skip_words_before_time(&mut self) {
        let Some(colon) = self.rest.find(':').filter(|_| self.digits_follow() == 0) else {
            return;
        };
        let before = &self.rest[..colon];
        let start = before.trim_end_matches(|c: char| c.is_ascii_digit());
        if start.len() < before.len() && !start.ends_with(['+', '-']) {
            self.rest = &self.rest[start.len()..];
        }
    }

    fn half_of_day(&mut self) -> Option<u32> {
        let rest = self.rest.get(..2).map(str::to_ascii_lowercase);
        let half = match rest.as_deref() {
            Some("am" | "a.") => 0,
            Some("pm" | "p.") => 12,
            _ => return None,
        };
        self.word();
        self.rest = self.rest.trim_start_matches(['.', 'm', 'M']);
        self.space();
        Some(half)
    }

    fn zone(&self, parts: &mut Parts) {
        parts.zone = names::zone(self.rest.trim()).unwrap_or_default();
    }
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn ordinal(year: i32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(year, day)
}
