//! Text in XML documents that are written by hand.

use std::borrow::Cow;

/// The text as XML 1.0 may hold it, in elements and in double-quoted attributes; characters that
/// XML forbids are left out (section 2.2).
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    let plain = |c: char| {
        !matches!(
            c,
            '&' | '<' | '>' | '"' | '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            c if plain(c) => escaped.push(c),
            _ => {}
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_xml_cannot_hold() {
        assert_eq!(
            escape("<a> & \"b\"\u{b}\u{0}\u{ffff}\nc]]> 😀"),
            "&lt;a&gt; &amp; &quot;b&quot; c]]&gt; 😀"
        );
        assert!(matches!(escape("plain"), Cow::Borrowed("plain")));
    }
}
