//! Dates in any order: RFC 822 and what became of it, `asctime`, dates with named months in any
//! language, and dates of numbers with slashes, dots, dashes or spaces.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::names;
use super::{Order, Parts, hour_of, two_digit_year};

pub(super) fn parse(text: &str, language: Option<&str>) -> Option<(DateTime<Utc>, Order)> {
    let mut words = Words {
        language,
        ..Words::default()
    };
    for token in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
        words.take(token)?;
    }
    words.finish()
}

/// The words of a date as they come in.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is what a word said of those that follow"
)]
struct Words<'a> {
    language: Option<&'a str>,
    parts: Parts,
    /// Numbers that stand alone: day and year, or day, month and year.
    numbers: Vec<Number>,
    month: Option<u32>,
    /// The month came before any number, so that it may have been a weekday.
    early_month: bool,
    /// `tháng`: the next number is a month, as Vietnamese counts them.
    counted_month: bool,
    /// It was ten, to which one or two may be added.
    counted_ten: Option<u32>,
    /// Weekday, 0 for Monday, where English names it: it settles which number is the day.
    weekday: Option<u32>,
    timed: bool,
    half: Option<u32>,
    sign: Option<char>,
    zoned: bool,
    /// The words of a zone of several.
    zone: String,
}

/// A number that stands alone, and how it is written.
#[derive(Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
    /// A dot follows or parts it from the next: a way to write dates that has the day first.
    dotted: bool,
}

impl Words<'_> {
    /// Takes one word of the date; `None` where it makes the whole no date.
    fn take(&mut self, token: &str) -> Option<()> {
        let Some(first) = token.chars().next() else {
            return Some(());
        };
        // A dash before a time parts it from the date.
        if let Some(sign) = self.sign.take()
            && (self.timed || !token.contains(':'))
        {
            self.take_zone(&format!("{sign}{token}"));
            return Some(());
        }
        match first {
            '0'..='9' if token.contains(':') => self.take_time(token, ':'),
            '0'..='9' if self.is_time_with_dots(token) => self.take_time(token, '.'),
            '0'..='9' => self.take_numbers(token),
            '+' | '-' if token.chars().nth(1).is_none() => {
                self.sign = Some(first);
                Some(())
            }
            '+' | '-' => {
                self.take_zone(token);
                Some(())
            }
            c if c.is_alphabetic() || c == '(' || c == '[' => self.take_word(token),
            _ => Some(()),
        }
    }

    /// `10.00.00` or `10.00`, where the date is complete.
    fn is_time_with_dots(&self, token: &str) -> bool {
        let complete = self.numbers.len() >= if self.month.is_some() { 2 } else { 3 };
        let mut pieces = token.split('.');
        complete
            && !self.timed
            && token.contains('.')
            && pieces.clone().count() <= 3
            && pieces.all(|it| matches!(it.len(), 1 | 2) && it.bytes().all(|b| b.is_ascii_digit()))
    }

    fn take_time(&mut self, token: &str, parted_by: char) -> Option<()> {
        if self.timed {
            return None;
        }
        self.timed = true;
        let end = token
            .find(|c: char| !matches!(c, '0'..='9' | ':' | '.'))
            .unwrap_or(token.len());
        let (time, rest) = token.split_at(end);
        let mut numbers = time.split([parted_by, '.']);
        let mut next = || numbers.next().filter(|it| !it.is_empty()).map(str::parse);
        self.parts.hour = next()?.ok()?;
        self.parts.minute = next().unwrap_or(Ok(0)).ok()?;
        self.parts.second = next().unwrap_or(Ok(0)).ok()?;
        if rest.is_empty() {
            Some(())
        } else {
            self.take(rest)
        }
    }

    /// Numbers with or without something between them: `5`, `05th`, `2004`, `5-Jan-2004`,
    /// `2004/09/15`, `31.12.2004`, `15h04`.
    fn take_numbers(&mut self, token: &str) -> Option<()> {
        if let Some((hour, minute)) = token.split_once(['h', 'H', 'u'])
            && hour.len() <= 2
            && hour
                .bytes()
                .chain(minute.bytes())
                .all(|byte| byte.is_ascii_digit())
        {
            return self.take_time(&format!("{hour}:{minute}"), ':');
        }
        let pieces: Vec<&str> = token
            .split(['-', '/', '.'])
            .filter(|it| !it.is_empty())
            .collect();
        let dotted = token.contains('.');
        match pieces[..] {
            [] => Some(()),
            [alone] => self.take_number(alone, dotted),
            [_, _, _] | [_, _] => {
                for piece in pieces {
                    if piece.starts_with(|c: char| c.is_alphabetic()) {
                        self.take_word(piece)?;
                    } else {
                        self.take_number(piece, dotted)?;
                    }
                }
                Some(())
            }
            _ => None,
        }
    }

    fn take_number(&mut self, token: &str, dotted: bool) -> Option<()> {
        let end = token
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(token.len());
        let (digits, suffix) = token.split_at(end);
        let value = digits.parse::<u32>().ok()?;
        if std::mem::take(&mut self.counted_month) {
            self.month = Some(value);
            return Some(());
        }
        if suffix.contains(|c: char| c.is_ascii_digit()) {
            // `02Jan2024`.
            let word = suffix
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(suffix.len());
            self.take_number(digits, dotted)?;
            self.take_word(&suffix[..word])?;
            return self.take_number(&suffix[word..], dotted);
        }
        let number = Number {
            value,
            digits: digits.len(),
            dotted,
        };
        // After the time another number is a zone that lost its sign, or the minutes of one.
        let needed = if self.month.is_some() { 2 } else { 3 };
        let is_year = digits.len() == 4 && self.numbers.iter().all(|it| it.digits < 4);
        if !self.timed || is_year || self.numbers.len() < needed {
            self.numbers.push(number);
        }
        // `3PM`; another suffix is an ordinal's.
        match half_of_day(suffix) {
            Some(_) => self.take_word(suffix),
            None => Some(()),
        }
    }

    fn take_word(&mut self, token: &str) -> Option<()> {
        let word = names::fold(token.trim_matches(['.', '(', ')', '[', ']']));
        // Catalan: `2 d'octubre`.
        let word = word
            .trim_start_matches("d'")
            .trim_start_matches("d’")
            .to_owned();
        // In other languages than English such words are others before the time: French `du`.
        let half = half_of_day(&word).or_else(|| half_of_day(&token.to_ascii_lowercase()));
        if let Some(half) = half.filter(|_| self.timed || matches!(&*word, "am" | "pm")) {
            return self.take_half(half);
        }
        if self.timed && self.month.is_some() {
            self.take_zone(token);
            return Some(());
        }
        if matches!(word.as_str(), "thang" | "thg") {
            self.counted_month = true;
            return Some(());
        }
        if let Some(ten) = self.counted_ten.take()
            && matches!(&*word, "mot" | "hai")
        {
            // `Mười Hai`: ten and two.
            self.month = vietnamese(&word).map(|it| it + ten);
            return Some(());
        }
        if std::mem::take(&mut self.counted_month) {
            self.month = vietnamese(&word);
            self.counted_ten = self.month.filter(|it| *it == 10);
            return Some(());
        }
        // `Jan-05-2004`.
        if word.contains(['-', '/']) && word.contains(|c: char| c.is_ascii_digit()) {
            for piece in word.split(['-', '/']) {
                self.take(piece)?;
            }
            return Some(());
        }
        self.weekday = self.weekday.or_else(|| weekday(&word));
        if let Some(month) = names::month(&word, self.language)
            && (self.month.is_none() || self.early_month)
        {
            // Spanish Tuesday and March are one word, so that a second month wins.
            self.early_month = self.numbers.is_empty();
            self.month = Some(month);
        } else if self.timed {
            self.take_zone(token);
        }
        Some(())
    }

    /// Before or after noon; `3 PM` has its hour among the numbers.
    fn take_half(&mut self, half: u32) -> Option<()> {
        let needed = if self.month.is_some() { 2 } else { 3 };
        if !self.timed && self.numbers.len() > needed {
            self.timed = true;
            self.parts.hour = self.numbers.pop()?.value;
        }
        self.half = Some(half);
        Some(())
    }

    fn take_zone(&mut self, token: &str) {
        // `GMT -0500` is the time that the number says.
        if self.zoned && !(self.parts.zone.is_zero() && token.starts_with(['+', '-'])) {
            return;
        }
        self.zone.push_str(token);
        self.zone.push(' ');
        let zone = names::zone(token).or_else(|| names::zone(self.zone.trim_end()));
        if let Some(zone) = zone {
            self.zoned = true;
            self.parts.zone = zone;
        }
    }

    fn finish(mut self) -> Option<(DateTime<Utc>, Order)> {
        if let Some(half) = self.half {
            self.parts.hour = hour_of(self.parts.hour, half);
        }
        if let Some(month) = self.month {
            let date = date_with(&self.numbers, month)?;
            return Some((self.parts.on(date)?, Order::Named));
        }
        let [a, b, c] = self.numbers[..] else {
            return None;
        };
        if a.digits == 4 {
            let date = day(a.value, b.value, c.value)?;
            return Some((self.parts.on(date)?, Order::Named));
        }
        if a.digits > 2 || b.digits > 2 || !matches!(c.digits, 2 | 4) {
            return None;
        }
        let year = if c.digits == 2 {
            short_year(c)?
        } else {
            c.value
        };
        self.by_numbers(a, b, year)
    }

    /// A date of numbers alone: the day first, unless that cannot be.
    fn by_numbers(&self, a: Number, b: Number, year: u32) -> Option<(DateTime<Utc>, Order)> {
        let first = day(year, b.value, a.value);
        let second = day(year, a.value, b.value);
        let on = |date: Option<NaiveDate>| self.parts.on(date?);
        let fits = |date: Option<NaiveDate>| {
            date.is_some_and(|it| Some(it.weekday().num_days_from_monday()) == self.weekday)
        };
        match (on(first), on(second)) {
            (Some(first), None) => Some((first, Order::DayFirst)),
            (None, second) => Some((second?, Order::MonthFirst)),
            (Some(instant), Some(_)) if a.dotted || a.value == b.value => {
                Some((instant, Order::Named))
            }
            (Some(instant), Some(_)) if fits(first) && !fits(second) => {
                Some((instant, Order::DayFirst))
            }
            (Some(_), Some(instant)) if fits(second) && !fits(first) => {
                Some((instant, Order::MonthFirst))
            }
            // Halves of a day and the month first are of one country.
            (Some(_), Some(instant)) if self.half.is_some() => Some((instant, Order::Named)),
            (Some(instant), Some(other)) => Some((instant, Order::Open(other))),
        }
    }
}

/// The date of a named month: a year of four digits wherever it stands, else the second number.
fn date_with(numbers: &[Number], month: u32) -> Option<NaiveDate> {
    let long = numbers.iter().position(|it| it.digits == 4);
    let mut short = numbers.iter().filter(|it| it.digits <= 2);
    let first = short.next();
    if let Some(at) = long {
        // A month and a year are the first day of it.
        day(numbers[at].value, month, first.map_or(1, |it| it.value))
    } else {
        day(short_year(*short.next()?)?, month, first?.value)
    }
}

fn short_year(number: Number) -> Option<u32> {
    u32::try_from(two_digit_year(i32::try_from(number.value).ok()?)).ok()
}

fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// 0 before noon, 12 after it: in English, Spanish, Greek, Vietnamese, Turkish, Finnish, Swedish,
/// Hungarian and Arabic.
fn half_of_day(word: &str) -> Option<u32> {
    match word {
        "am" | "a.m" | "a.m." | "a." | "πμ" | "π.μ" | "sa" | "oo" | "fm" | "ap" | "ص" => {
            Some(0)
        }
        "pm" | "p.m" | "p.m." | "p." | "μμ" | "μ.μ" | "ch" | "os" | "em" | "ip" | "du" | "م" => {
            Some(12)
        }
        _ => None,
    }
}

/// An English weekday, 0 for Monday.
fn weekday(word: &str) -> Option<u32> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let start = word.get(..3)?;
    let index = DAYS.iter().position(|day| *day == start)?;
    u32::try_from(index).ok()
}

/// Months in Vietnamese are counted, in words too.
fn vietnamese(word: &str) -> Option<u32> {
    const NUMBERS: [&str; 10] = [
        "mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi",
    ];
    if word == "gieng" {
        return Some(1);
    }
    let index = NUMBERS.iter().position(|number| *number == word)?;
    u32::try_from(index + 1).ok()
}
