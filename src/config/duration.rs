//! Lengths of time as people write them: `250ms`, `90s`, `30m`, `6h`, `1d`, `2w`, `5y`.

use std::time::Duration;

/// The units, each with its length in milliseconds. A year is 365 days.
const UNITS: [(&str, u64); 7] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60 * 1000),
    ("h", 3600 * 1000),
    ("d", 24 * 3600 * 1000),
    ("w", 7 * 24 * 3600 * 1000),
    ("y", 365 * 24 * 3600 * 1000),
];

/// The longest: a hundred years, so that nothing that is added to it overflows.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

/// Reads a whole number and a unit, or several of them: `1h 30m`.
///
/// # Errors
///
/// What to write instead.
pub fn parse(written: &str) -> Result<Duration, String> {
    let bad = || {
        format!(
            "`{written}` is not a length of time; write `250ms`, `30s`, `5m`, `6h`, `1d`, `2w` or `5y`"
        )
    };
    let compact: String = written.split_whitespace().collect();
    let mut rest = compact.as_str();
    if rest.is_empty() {
        return Err(bad());
    }
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().map_err(|_| bad())?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = rest.split_at(letters);
        let (_, length) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(bad)?;
        sum = sum.saturating_add(number.saturating_mul(*length));
        rest = after;
    }
    if sum > LONGEST {
        return Err(format!("`{written}` is more than a hundred years"));
    }
    Ok(Duration::from_millis(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: Option<u64>) {
        let seen = parse(written).ok().map(|length| length.as_millis());
        assert_eq!(seen, expected.map(u128::from), "{written}");
    }

    #[test]
    fn reads_what_people_write() {
        check("0s", Some(0));
        check("250ms", Some(250));
        check("5m", Some(300_000));
        check("1h 30m", Some(5_400_000));
        check("1d", Some(86_400_000));
        check("10y", Some(315_360_000_000));
        for wrong in [
            "",
            " ",
            "5",
            "m",
            "5 minutes",
            "-5m",
            "1.5h",
            "5m3",
            "101y",
            "99999999999999999999999y",
        ] {
            check(wrong, None);
        }
    }
}
