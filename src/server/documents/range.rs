//! Parts of a document (RFC 9110, section 14): players skip, downloads go on.

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// The bytes from `first` to `last`, both among them.
    Bytes {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// Bytes that there are not.
    Nowhere,
}

/// Reads a `Range` header for a document of this length. What is no range, several at once, and
/// units other than bytes ask for the whole, as the section allows.
pub(super) fn parse(header: &str, length: u64) -> Part {
    let ranges = header.trim().split_once('=');
    let Some((unit, ranges)) = ranges else {
        return Part::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || ranges.contains(',') {
        return Part::Whole;
    }
    let Some((first, last)) = ranges.trim().split_once('-') else {
        return Part::Whole;
    };
    match (number(first), number(last)) {
        (Number::None, Number::Is(0)) => Part::Nowhere,
        (Number::None, Number::Is(_)) if length == 0 => Part::Nowhere,
        (Number::None, Number::Is(count)) => Part::Bytes {
            first: length.saturating_sub(count),
            last: length - 1,
        },
        (Number::Is(first), Number::Is(last)) if last < first => Part::Whole,
        (Number::Is(first), Number::None | Number::Is(_)) if first >= length => Part::Nowhere,
        (Number::Is(first), Number::None) => Part::Bytes {
            first,
            last: length - 1,
        },
        (Number::Is(first), Number::Is(last)) => Part::Bytes {
            first,
            last: last.min(length - 1),
        },
        _ => Part::Whole,
    }
}

/// A number of a range.
enum Number {
    None,
    Is(u64),
    Wrong,
}

fn number(text: &str) -> Number {
    let text = text.trim();
    if text.is_empty() {
        return Number::None;
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Number::Wrong;
    }
    // More digits than any file has bytes.
    Number::Is(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, length: u64, expected: Part) {
        assert_eq!(parse(header, length), expected, "{header} of {length}");
    }

    #[test]
    fn reads_ranges() {
        let bytes = |first, last| Part::Bytes { first, last };
        check("bytes=0-", 10, bytes(0, 9));
        check("bytes=0-0", 10, bytes(0, 0));
        check("bytes=2-5", 10, bytes(2, 5));
        check("bytes=2-500", 10, bytes(2, 9));
        check("bytes=-3", 10, bytes(7, 9));
        check("bytes=-30", 10, bytes(0, 9));
        check("Bytes = 2 - 5 ", 10, bytes(2, 5));
        check("bytes=10-", 10, Part::Nowhere);
        check("bytes=99999999999999999999999-", 10, Part::Nowhere);
        check("bytes=-0", 10, Part::Nowhere);
        check("bytes=0-", 0, Part::Nowhere);
        check("bytes=-5", 0, Part::Nowhere);
        for whole in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=1-x",
            "bytes=+1-2",
            "items=0-5",
            "bytes=0-1,5-6",
            "bytes=1",
            "bytes=--5",
        ] {
            check(whole, 10, Part::Whole);
        }
    }
}
