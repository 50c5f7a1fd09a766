//! Characters that must not be published: XML 1.0 (section 2.2) forbids some of them, and some
//! came in under the wrong number.

use std::borrow::Cow;

/// The text without control characters, non-characters and U+FFFD, and with those of Windows-1252
/// that stand under their old numbers put right, as browsers do.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    if is_fine(text.as_bytes()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter_map(repaired_character).collect())
    }
}

/// The same of a text that is owned.
pub(super) fn repair(text: String) -> String {
    if is_fine(text.as_bytes()) {
        text
    } else {
        text.chars().filter_map(repaired_character).collect()
    }
}

/// Whether nothing in the UTF-8 text is to be repaired. Looks at many bytes at once, and closer
/// only where a byte begins something that may have to go.
fn is_fine(text: &[u8]) -> bool {
    const AT_ONCE: usize = 64;
    text.chunks(AT_ONCE).enumerate().all(|(number, chunk)| {
        let suspicious = chunk
            .iter()
            .fold(false, |found, &byte| found | is_suspicious(byte));
        let start = number * AT_ONCE;
        !suspicious || (start..start + chunk.len()).all(|at| is_fine_at(text, at))
    })
}

/// Whether the byte may begin a character that is to be repaired.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, the compiler looks at many bytes at once"
)]
pub(super) fn is_suspicious(byte: u8) -> bool {
    ((byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r'))
        | (byte == 0x7F)
        | (byte == 0xC2)
        | (byte == 0xEF)
}

fn is_fine_at(text: &[u8], at: usize) -> bool {
    let next = |offset: usize| text.get(at + offset).copied().unwrap_or(0);
    match text[at] {
        // U+0080..U+009F.
        0xC2 => next(1) > 0x9F,
        // U+FFFD..U+FFFF.
        0xEF => next(1) != 0xBF || next(2) < 0xBD,
        byte => !is_suspicious(byte),
    }
}

fn repaired_character(character: char) -> Option<char> {
    // U+0080..U+009F as Windows-1252 has them; it leaves five of them out.
    const WINDOWS: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";
    match character {
        '\n' | '\t' | '\r' => Some(character),
        '\0'..='\u{1F}' | '\u{7F}' | '\u{FFFD}'..='\u{FFFF}' => None,
        '\u{80}'..='\u{9F}' => {
            let meant = WINDOWS.chars().nth(character as usize - 0x80);
            meant.filter(|&meant| meant != '\0')
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(repaired(text), expected);
        assert_eq!(repair(text.to_owned()), expected);
        // Wherever it stands among the bytes that are looked at together.
        let shifted = format!("{}{text}", "x".repeat(63));
        assert_eq!(repaired(&shifted)[63..], *expected);
    }

    #[test]
    fn takes_out_what_xml_forbids() {
        check(
            "a\0b\u{8}c\u{B}\u{1F}\u{7F}d\u{FFFE}e\u{FFFF}f\u{FFFD}",
            "abcdef",
        );
        check("a\tb\r\nc", "a\tb\r\nc");
    }

    #[test]
    fn puts_old_numbers_right() {
        check("it\u{92}s \u{93}x\u{94}\u{81}\u{85}", "it’s “x”…");
    }

    #[test]
    fn leaves_all_others_alone() {
        check(
            "\u{A0}©é\u{FE0F}\u{FF01}\u{FEFF}\u{FFFC}😀",
            "\u{A0}©é\u{FE0F}\u{FF01}\u{FEFF}\u{FFFC}😀",
        );
    }
}
