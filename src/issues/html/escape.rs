//! Text and attribute values on their way into HTML.

use std::borrow::Cow;

/// Text between tags: a `<` in it opens nothing, and must not open anything later.
pub(super) fn push_text(written: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        written.push_str(&rest[..at]);
        written.push_str("&lt;");
        rest = &rest[at + 1..];
    }
    written.push_str(rest);
}

/// Text as it may stand in an attribute or between tags.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// A value as written, ready for double quotes: its references are kept.
pub(super) fn requoted(value: &str, quoted: bool) -> Cow<'_, str> {
    if value.contains('"') || (!quoted && value.contains(['<', '>'])) {
        Cow::Owned(
            value
                .replace('"', "&quot;")
                .replace('<', "&lt;")
                .replace('>', "&gt;"),
        )
    } else {
        Cow::Borrowed(value)
    }
}
