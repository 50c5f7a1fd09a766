//! When the next issue is due, by the rhythm of those before.

use chrono::{Datelike, Days, Months, NaiveDate};

/// How many of the last issues show the rhythm.
const SEEN: usize = 8;

/// The day of the next issue: after the last one and not before `today`. Weekly newsletters keep
/// their weekday; monthly ones their weekday and week (the last Thursday) where they have one, else
/// the day of the month.
pub fn next_date(dates: &[NaiveDate], today: NaiveDate) -> NaiveDate {
    let mut dates = dates.to_vec();
    dates.sort_unstable();
    dates.dedup();
    let dates = &dates[dates.len().saturating_sub(SEEN)..];
    let Some(&last) = dates.last() else {
        return today;
    };
    let mut gaps: Vec<i64> = dates
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).num_days())
        .collect();
    gaps.sort_unstable();
    let gap = gaps.get(gaps.len() / 2).copied().unwrap_or(30);
    if gap < 25 {
        // Days, weeks, fortnights: whole weeks from five days on.
        let step = if gap < 5 {
            gap.max(1)
        } else {
            (gap + 3) / 7 * 7
        };
        return after_days(last, step.unsigned_abs(), today);
    }
    let months = u32::try_from((gap + 15) / 30).unwrap_or(1).max(1);
    after_months(dates, last, months, today)
}

fn after_days(last: NaiveDate, step: u64, today: NaiveDate) -> NaiveDate {
    let missing = (today - last).num_days().max(1).unsigned_abs();
    let steps = missing.div_ceil(step);
    last.checked_add_days(Days::new(steps * step))
        .unwrap_or(today)
}

fn after_months(dates: &[NaiveDate], last: NaiveDate, months: u32, today: NaiveDate) -> NaiveDate {
    let first = last.with_day(1).unwrap_or(last);
    let mut step = months;
    loop {
        let Some(month) = first.checked_add_months(Months::new(step)) else {
            return today;
        };
        let next = day_in(dates, month);
        if next > last && next >= today {
            return next;
        }
        step += months;
    }
}

/// The day of the issue in the month that begins with `month`.
fn day_in(dates: &[NaiveDate], month: NaiveDate) -> NaiveDate {
    let length = days_in(month);
    let last = dates[dates.len() - 1];
    let agree = |same: &dyn Fn(&NaiveDate) -> bool| {
        dates.len() > 1 && dates.iter().filter(|date| same(date)).count() * 4 >= dates.len() * 3
    };
    let offset = |day: u32| {
        let first = month.weekday().num_days_from_monday();
        let wanted = last.weekday().num_days_from_monday();
        let earliest = 1 + (7 + wanted - first) % 7;
        earliest + day / 7 * 7
    };
    let from_end = |date: &NaiveDate| (days_in(*date) - date.day()) / 7;
    let from_start = |date: &NaiveDate| (date.day() - 1) / 7;
    let day =
        if agree(&|date| date.weekday() == last.weekday() && from_end(date) == from_end(&last)) {
            let mut day = offset(0);
            while day + 7 * (from_end(&last) + 1) <= length {
                day += 7;
            }
            day
        } else if agree(&|date| {
            date.weekday() == last.weekday() && from_start(date) == from_start(&last)
        }) {
            offset(from_start(&last) * 7)
        } else {
            let mut days: Vec<u32> = dates.iter().map(Datelike::day).collect();
            days.sort_unstable();
            days[days.len() / 2]
        };
    month.with_day(day.clamp(1, length)).unwrap_or(month)
}

fn days_in(date: NaiveDate) -> u32 {
    let first = date.with_day(1).unwrap_or(date);
    let next = first.checked_add_months(Months::new(1));
    next.and_then(|next| next.pred_opt())
        .map_or(28, |end| end.day())
}
