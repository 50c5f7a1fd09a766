//! Instants as people say them.

use chrono::{DateTime, TimeDelta, Utc};

/// How long ago something was, or how long until it is, in the largest unit that fits.
pub(super) fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let past = now - at;
    let span = past.abs();
    if span < TimeDelta::minutes(1) {
        return "just now".to_owned();
    }
    let (number, unit) = if span < TimeDelta::hours(1) {
        (span.num_minutes(), "minute")
    } else if span < TimeDelta::days(1) {
        (span.num_hours(), "hour")
    } else if span < TimeDelta::days(14) {
        (span.num_days(), "day")
    } else if span < TimeDelta::days(61) {
        (span.num_days() / 7, "week")
    } else if span < TimeDelta::days(730) {
        (span.num_days() * 12 / 365, "month")
    } else {
        (span.num_days() / 365, "year")
    };
    let many = if number == 1 { "" } else { "s" };
    if past < TimeDelta::zero() {
        format!("in {number} {unit}{many}")
    } else {
        format!("{number} {unit}{many} ago")
    }
}

/// A day in words.
pub(super) fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// For the `datetime` of an element.
pub(super) fn machine(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// When something that is put off comes back, for each of the choices.
pub(super) fn later(choice: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let days = match choice {
        "1w" => 7,
        "2w" => 14,
        "1m" => 30,
        "3m" => 91,
        _ => return None,
    };
    now.checked_add_signed(TimeDelta::days(days))
}

/// The choices, with their words.
pub(super) const LATER: [(&str, &str); 4] = [
    ("2w", "in two weeks"),
    ("1w", "in a week"),
    ("1m", "in a month"),
    ("3m", "in three months"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(span: TimeDelta, expected: &str) {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        assert_eq!(ago(now - span, now), expected);
    }

    #[test]
    fn says_how_long_ago() {
        check(TimeDelta::seconds(5), "just now");
        check(TimeDelta::minutes(1), "1 minute ago");
        check(TimeDelta::hours(5), "5 hours ago");
        check(TimeDelta::days(13), "13 days ago");
        check(TimeDelta::days(20), "2 weeks ago");
        check(TimeDelta::days(100), "3 months ago");
        check(TimeDelta::days(800), "2 years ago");
        check(-TimeDelta::days(3), "in 3 days");
    }

    #[test]
    fn what_is_put_off_comes_back_after_a_length_of_time() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        for (choice, words) in LATER {
            let until = later(choice, now).unwrap();
            assert!(until > now, "{words}");
            assert_eq!(until.time(), now.time());
        }
        assert_eq!(later("never", now), None);
    }
}
