//! Dates with a named month, in any order: RFC 822 and what became of it, `asctime`, and dates
//! with slashes or dots.

use chrono::{DateTime, Utc};

use super::{Parts, names, two_digit_year};

pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let mut words = Words::default();
    for token in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
        words.take(token)?;
    }
    words.finish()
}

#[derive(Default)]
struct Words {
    parts: Parts,
    /// Day, year, in the order in which bare numbers come.
    day: Option<u32>,
    year: Option<i32>,
    month: Option<u32>,
    /// The month came before the day, so that it may have been a weekday.
    early_month: bool,
    timed: bool,
    sign: Option<char>,
    zoned: Option<usize>,
}

impl Words {
    /// Takes one word of the date; `None` where it makes the whole no date.
    fn take(&mut self, token: &str) -> Option<()> {
        let Some(first) = token.chars().next() else {
            return Some(());
        };
        if let Some(sign) = self.sign.take() {
            self.take_zone(&format!("{sign}{token}"));
            return Some(());
        }
        match first {
            '0'..='9' if token.contains(':') => self.take_time(token),
            '0'..='9' => self.take_numbers(token),
            '+' | '-' | '\u{2212}' if token.chars().nth(1).is_none() => {
                self.sign = Some(first);
                Some(())
            }
            '+' | '-' | '\u{2212}' => {
                self.take_zone(token);
                Some(())
            }
            c if c.is_alphabetic() || c == '(' => self.take_word(token),
            _ => Some(()),
        }
    }

    fn take_time(&mut self, token: &str) -> Option<()> {
        if self.timed {
            return None;
        }
        self.timed = true;
        let end = token
            .find(|c: char| !matches!(c, '0'..='9' | ':' | '.'))
            .unwrap_or(token.len());
        let (time, rest) = token.split_at(end);
        let mut numbers = time.split([':', '.']);
        let mut next = || numbers.next().filter(|it| !it.is_empty()).map(str::parse);
        self.parts.hour = next()?.ok()?;
        self.parts.minute = next()?.ok()?;
        self.parts.second = next().unwrap_or(Ok(0)).ok()?;
        if rest.is_empty() {
            Some(())
        } else {
            self.take(rest)
        }
    }

    /// Numbers with or without something between them: `5`, `05th`, `2004`, `5-Jan-2004`,
    /// `2004/09/15`, `31.12.2004`.
    fn take_numbers(&mut self, token: &str) -> Option<()> {
        let mut pieces = token.split(['-', '/', '.']).filter(|it| !it.is_empty());
        let (first, second, third) = (pieces.next()?, pieces.next(), pieces.next());
        let Some(second) = second else {
            return self.take_number(first);
        };
        if second.starts_with(|c: char| c.is_alphabetic()) {
            self.take_number(first)?;
            self.take_word(second)?;
            return third.map_or(Some(()), |third| self.take_number(third));
        }
        let numbers = [first, second, third?].map(|it| it.parse::<u32>().ok());
        let [Some(a), Some(b), Some(c)] = numbers else {
            return None;
        };
        let (year, month, day) = match first.len() {
            4 => (a, b, c),
            // With dots the day stands first; with slashes only where it cannot be a month.
            _ if token.contains('.') || a > 12 || a == b => (c, b, a),
            _ if b > 12 => (c, a, b),
            _ => return None,
        };
        let year = i32::try_from(year).ok()?;
        self.year = Some(if year < 100 {
            two_digit_year(year)
        } else {
            year
        });
        self.month = Some(month);
        self.day = Some(day);
        Some(())
    }

    fn take_number(&mut self, token: &str) -> Option<()> {
        let end = token
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(token.len());
        let (digits, suffix) = token.split_at(end);
        let number = digits.parse::<u32>().ok()?;
        match digits.len() {
            // After the time a fourth number is a zone that lost its sign.
            4 if self.year.is_none() || self.zoned.is_none() && !self.timed => {
                self.year = Some(i32::try_from(number).ok()?);
            }
            1 | 2 if self.day.is_none() => self.day = Some(number),
            1 | 2 if self.year.is_none() => {
                self.year = Some(two_digit_year(i32::try_from(number).ok()?));
            }
            // The minutes of a zone with a space in it, or an hour that lost its minutes.
            _ => {}
        }
        // `9h30`, `5th` and `3日` differ; only a suffix without digits is an ordinal's.
        if suffix.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        Some(())
    }

    fn take_word(&mut self, token: &str) -> Option<()> {
        let lower = token.to_lowercase();
        match lower.trim_matches('.') {
            "am" | "a.m" if self.timed => self.parts.hour %= 12,
            "pm" | "p.m" if self.timed => self.parts.hour = self.parts.hour % 12 + 12,
            _ if self.timed && self.month.is_some() => self.take_zone(token),
            // `Jan-05-2004`.
            word if word.contains(['-', '/']) && word.contains(|c: char| c.is_ascii_digit()) => {
                for piece in word.split(['-', '/']) {
                    self.take(piece)?;
                }
            }
            word => {
                if let Some(month) = names::month(word)
                    && (self.month.is_none() || self.early_month)
                {
                    // Spanish Tuesday and March are one word, so that a second month wins.
                    self.early_month = self.day.is_none();
                    self.month = Some(month);
                }
            }
        }
        Some(())
    }

    fn take_zone(&mut self, token: &str) {
        if self.zoned.is_none()
            && let Some(offset) = names::zone(token)
        {
            self.zoned = Some(token.len());
            self.parts.offset = offset;
        }
    }

    fn finish(self) -> Option<DateTime<Utc>> {
        Parts {
            year: self.year?,
            month: self.month?,
            day: self.day?,
            ..self.parts
        }
        .instant()
    }
}
