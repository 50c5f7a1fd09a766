//! Text and addresses that every parser of a feed accepts.
//!
//! What is left out or mended here is so in all three formats, so that they say the same.

use std::borrow::Cow;

/// Bytes that begin a character which may have to go; all others stand in documents as they are.
const SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        suspect[byte] = byte != 0x09 && byte != 0x0A;
        byte += 1;
    }
    suspect[0x7F] = true;
    // The first bytes of U+0080-U+00BF, of U+F000-U+FFFF and of all beyond.
    suspect[0xC2] = true;
    suspect[0xEF] = true;
    byte = 0xF0;
    while byte < 0xF5 {
        suspect[byte] = true;
        byte += 1;
    }
    suspect
};

/// What Windows-1252 has where Unicode has the control characters U+0080 to U+009F: the letters
/// that were meant by whoever took the one for the other, as HTML reads `&#146;`.
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

/// The text without the characters that XML 1.0 forbids (section 2.2) or that validators of
/// feeds and of HTML refuse: control characters and noncharacters. Line ends become `\n`, as XML
/// parsers make them; U+0080 to U+009F become what they are in Windows-1252.
pub fn clean(text: &str) -> Cow<'_, str> {
    match first_unfit(text.as_bytes(), text) {
        None => Cow::Borrowed(text),
        Some(at) => Cow::Owned(mend(text, at)),
    }
}

/// The place of the first character that does not stay.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches the compiler looks at many bytes at once"
)]
fn first_unfit(bytes: &[u8], text: &str) -> Option<usize> {
    // Most text is plain ASCII; blocks of it are told by a loop that the compiler can vectorize.
    const BLOCK: usize = 64;
    let mut at = 0;
    while at < bytes.len() {
        let end = (at + BLOCK).min(bytes.len());
        let plain = bytes[at..end].iter().fold(true, |plain, &byte| {
            plain & (byte < 0x7F) & ((byte >= 0x20) | (byte == b'\n') | (byte == b'\t'))
        });
        if !plain {
            let unfit = (at..end).filter(|&at| SUSPECT[usize::from(bytes[at])]);
            for at in unfit {
                // Every suspect byte begins a character, so it is never within one.
                if text[at..].chars().next().is_some_and(|c| !stays(c)) {
                    return Some(at);
                }
            }
        }
        at = end;
    }
    None
}

fn stays(character: char) -> bool {
    match character {
        '\t' | '\n' => true,
        '\u{FDD0}'..='\u{FDEF}' => false,
        _ => !character.is_control() && u32::from(character) & 0xFFFE != 0xFFFE,
    }
}

/// The text mended from `start` on.
fn mend(text: &str, start: usize) -> String {
    let mut mended = String::with_capacity(text.len());
    mended.push_str(&text[..start]);
    let mut characters = text[start..].chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() != Some(&'\n') => mended.push('\n'),
            '\u{80}'..='\u{9F}' => {
                mended.extend(WINDOWS_1252[character as usize - 0x80]);
            }
            _ if stays(character) => mended.push(character),
            _ => {}
        }
    }
    mended
}

/// What stands between two words of a line.
const SPACES: [char; 3] = [' ', '\t', '\n'];

/// The text on one line: a title, a name, a category. Clean, with single spaces.
pub fn line(text: &str) -> Cow<'_, str> {
    let text = clean(text);
    let is_one = !text.contains(['\t', '\n'])
        && !text.contains("  ")
        && !text.starts_with(' ')
        && !text.ends_with(' ');
    if is_one {
        return text;
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split(SPACES).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The address as a URI of RFC 3986's characters alone: RSS knows no others, and neither do some
/// readers. Brackets stay around the host, where they are an IPv6 address.
pub fn address(address: &str) -> Cow<'_, str> {
    let authority = address.find("://").map_or(0, |at| at + 3);
    let rest = authority
        + address[authority..]
            .find(['/', '?', '#'])
            .unwrap_or(address.len() - authority);
    let stays = |at: usize, byte: u8| {
        byte.is_ascii_alphanumeric()
            || b"-._~:/?#@!$&'()*+,;=%".contains(&byte)
            || (at < rest && matches!(byte, b'[' | b']'))
    };
    if address
        .bytes()
        .enumerate()
        .all(|(at, byte)| stays(at, byte))
    {
        return Cow::Borrowed(address);
    }
    let mut encoded = String::with_capacity(address.len() + 16);
    for (at, byte) in address.bytes().enumerate() {
        if stays(at, byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    Cow::Owned(encoded)
}

/// The text with the characters that mean something in HTML written as references.
pub fn escape(text: &str) -> Cow<'_, str> {
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
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// How the text of the HTML begins, still as HTML: no tags, single spaces, about `limit`
/// characters and then `…`. Reads no more of the HTML than it needs.
pub fn excerpt(html: &str, limit: usize) -> String {
    let mut excerpt = String::new();
    let mut length = 0;
    let mut rest = html;
    while let Some(character) = rest.chars().next() {
        if let Some(after) = after_tag(rest) {
            // Tags that stand between words are not always beside spaces.
            if is_block(rest) && !excerpt.is_empty() && !excerpt.ends_with(' ') {
                excerpt.push(' ');
            }
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if character.is_ascii_whitespace() {
            if length >= limit {
                excerpt.truncate(excerpt.trim_end().len());
                excerpt.push('…');
                return excerpt;
            }
            if !excerpt.is_empty() && !excerpt.ends_with(' ') {
                excerpt.push(' ');
            }
            continue;
        }
        length += 1;
        // A text without spaces ends all the same, and not within a reference if it can be helped.
        let is_word = character == ';' || character.is_ascii_alphanumeric();
        if length > limit * 2 && (!is_word || length > limit * 4) {
            excerpt.push('…');
            return excerpt;
        }
        match character {
            '<' => excerpt.push_str("&lt;"),
            '>' => excerpt.push_str("&gt;"),
            _ => excerpt.push(character),
        }
    }
    excerpt.truncate(excerpt.trim_end().len());
    excerpt
}

/// What follows the tag, comment or element without text that `html` begins with.
fn after_tag(html: &str) -> Option<&str> {
    let inner = html.strip_prefix('<')?;
    if let Some(comment) = inner.strip_prefix("!--") {
        return Some(comment.split_once("-->").map_or("", |(_, after)| after));
    }
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return None;
    }
    let is_silent = ["script", "style"].iter().any(|silent| {
        inner
            .get(..silent.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(silent))
    });
    let inner = if is_silent {
        inner.split_once("</").map_or("", |(_, after)| after)
    } else {
        inner
    };
    // A `>` in an attribute's value does not end the tag.
    let mut quote = None;
    let end = inner.find(|character| match (quote, character) {
        (None, '"' | '\'') => {
            quote = Some(character);
            false
        }
        (Some(open), _) if open == character => {
            quote = None;
            false
        }
        (None, '>') => true,
        _ => false,
    });
    Some(end.map_or("", |end| &inner[end + 1..]))
}

/// Whether the tag ends a word: all but those of phrases, and comments.
fn is_block(tag: &str) -> bool {
    if tag.starts_with("<!") {
        return false;
    }
    let name = tag[1..].trim_start_matches('/');
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    !matches!(
        &name[..end],
        "a" | "abbr"
            | "b"
            | "cite"
            | "code"
            | "del"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
    )
}

#[cfg(test)]
mod tests;
