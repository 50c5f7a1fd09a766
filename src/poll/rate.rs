//! How much a server lets us ask, by its own word: `X-RateLimit-Reset` and its many relatives.

use chrono::{DateTime, TimeDelta, Utc};

/// Numbers above this are seconds since 1970, and not from now.
const EPOCH: f64 = 1e9;

/// Numbers above this are milliseconds since 1970.
const EPOCH_MILLIS: f64 = 1e12;

/// The names that servers give to what is left, and to when there is more.
const REMAINING: [&str; 4] = [
    "ratelimit-remaining",
    "x-ratelimit-remaining",
    "x-rate-limit-remaining",
    "x-ratelimit-requests-remaining",
];
const RESET: [&str; 6] = [
    "ratelimit-reset",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "x-ratelimit-reset-after",
    "x-ratelimit-retry-after",
    "x-retry-after",
];

/// What a server says of how much it may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Whether nothing is left.
    pub is_spent: bool,
    /// When there is more, as written.
    pub reset: Option<String>,
}

impl Rate {
    /// From the fields of an answer; `field` gives the value of one by its name in small letters.
    pub(super) fn read(field: impl Fn(&str) -> Option<String>) -> Self {
        let written = field("ratelimit").unwrap_or_default();
        let structured = |names: [&str; 2]| parameter(&written, names);
        let first = |names: &[&str]| names.iter().find_map(|name| field(name));
        let remaining = first(&REMAINING).or_else(|| structured(["remaining", "r"]));
        let is_zero = |left: String| left.trim().parse::<f64>().is_ok_and(|left| left < 1.0);
        Self {
            is_spent: remaining.is_some_and(is_zero),
            reset: first(&RESET).or_else(|| structured(["reset", "t"])),
        }
    }

    /// When there is more: seconds from now, seconds or milliseconds since 1970, or a date.
    pub fn reset_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let written = self.reset.as_deref()?.trim();
        let Ok(number) = written.parse::<f64>() else {
            return lenient_feed::parse_date(written).filter(|at| *at > now);
        };
        if !number.is_finite() || number < 0.0 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it saturates, which is long enough"
        )]
        let whole = number.ceil() as i64;
        let at = if number >= EPOCH_MILLIS {
            DateTime::from_timestamp_millis(whole)
        } else if number >= EPOCH {
            DateTime::from_timestamp(whole, 0)
        } else {
            now.checked_add_signed(TimeDelta::seconds(whole))
        };
        at.filter(|at| *at > now)
    }
}

/// A parameter of `RateLimit` in one of its two forms: `limit=10, remaining=0, reset=60` and
/// `"default";r=0;t=60`.
fn parameter(written: &str, names: [&str; 2]) -> Option<String> {
    written.split([',', ';']).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_named = names.contains(&name.trim().to_ascii_lowercase().as_str());
        is_named.then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(fields: &[(&str, &str)]) -> Rate {
        Rate::read(|name| {
            let found = fields.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[track_caller]
    fn check(fields: &[(&str, &str)], is_spent: bool, seconds: Option<i64>) {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let rate = rate(fields);
        assert_eq!(rate.is_spent, is_spent, "{fields:?}");
        let wait = rate.reset_at(now).map(|at| (at - now).num_seconds());
        assert_eq!(wait, seconds, "{fields:?}");
    }

    #[test]
    fn reads_what_servers_say_of_their_limits() {
        check(
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")],
            true,
            Some(60),
        );
        check(
            &[
                ("x-ratelimit-remaining", "0.0"),
                ("x-ratelimit-reset", "59.2"),
            ],
            true,
            Some(60),
        );
        check(
            &[
                ("ratelimit-remaining", "7"),
                ("ratelimit-reset", "1800000030"),
            ],
            false,
            Some(30),
        );
        check(&[("x-ratelimit-reset", "1800000030500")], false, Some(30));
        check(
            &[("ratelimit", "limit=9, remaining=0, reset=5")],
            true,
            Some(5),
        );
        check(&[("ratelimit", "\"default\";r=0;t=12")], true, Some(12));
        check(
            &[("x-rate-limit-reset", "Fri, 15 Jan 2027 08:01:00 GMT")],
            false,
            Some(60),
        );
        // Nothing that helps.
        check(&[("x-ratelimit-reset", "1799999999")], false, None);
        check(&[("x-ratelimit-reset", "0")], false, None);
        check(&[("x-ratelimit-reset", "-5")], false, None);
        check(&[("x-ratelimit-reset", "soon")], false, None);
        check(&[("x-ratelimit-reset", "inf")], false, None);
        check(&[], false, None);
    }
}
