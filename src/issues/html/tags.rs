//! The tags of raw HTML, found where browsers find them, each with its place.
//!
//! Follows the tokenization of the HTML standard (section 13.2.5) as far as it concerns where tags
//! and attribute values begin and end. Never fails: what is no tag is text.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser};

/// A piece of raw HTML.
#[derive(Debug)]
pub(in crate::issues) struct Token<'a> {
    /// What it is.
    pub(in crate::issues) kind: Kind<'a>,
    /// Its bytes in the source.
    pub(in crate::issues) range: Range<usize>,
}

/// What a piece of raw HTML is.
#[derive(Debug)]
pub(in crate::issues) enum Kind<'a> {
    /// Text, entities as written; may hold a `<` that starts nothing.
    Text,
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name as written.
    End(&'a str),
    /// A comment.
    Comment,
    /// A doctype, a processing instruction, a CDATA section, a comment by mistake.
    Declaration,
    /// The rest of the source: a tag or comment that never ends.
    Broken,
}

/// A start tag.
#[derive(Debug)]
pub(in crate::issues) struct Tag<'a> {
    /// The element's name as written.
    pub(in crate::issues) name: &'a str,
    /// The attributes in order.
    pub(in crate::issues) attributes: Vec<Attribute<'a>>,
}

/// An attribute of a start tag.
#[derive(Debug)]
pub(in crate::issues) struct Attribute<'a> {
    /// The name as written.
    pub(in crate::issues) name: &'a str,
    /// The value as written, entities and all; `None` where there is no `=`.
    pub(in crate::issues) value: Option<&'a str>,
    /// Where the value stands in the source; where the name stands if there is none.
    pub(in crate::issues) range: Range<usize>,
    /// Whether the value stands in quotes.
    pub(in crate::issues) quoted: bool,
}

impl Tag<'_> {
    /// The decoded value of the first attribute of that name; empty where it has none.
    pub(in crate::issues) fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.attribute(name)
            .map(|found| decode(found.value.unwrap_or("")))
    }

    /// The first attribute of that name.
    pub(in crate::issues) fn attribute(&self, name: &str) -> Option<&Attribute<'_>> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// The pieces of raw HTML in order; together they are the whole source.
pub(in crate::issues) struct Tokens<'a> {
    source: &'a str,
    at: usize,
    /// Elements whose end tag is known not to come.
    unclosed: Vec<&'a str>,
}

impl<'a> Tokens<'a> {
    pub(in crate::issues) fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            unclosed: Vec::new(),
        }
    }

    /// Goes past the next end tag of that name; stays, and says so, where there is none.
    pub(in crate::issues) fn skip_past_end(&mut self, name: &'a str) -> bool {
        if self
            .unclosed
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            return false;
        }
        let bytes = self.source.as_bytes();
        let mut from = self.at;
        while let Some(found) = self.source[from..].find("</") {
            let start = from + found + 2;
            let end = start + name.len();
            let is_name = bytes
                .get(start..end)
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            let ends = bytes
                .get(end)
                .is_none_or(|&byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
            if is_name && ends {
                self.at = self.source[end..]
                    .find('>')
                    .map_or(self.source.len(), |at| end + at + 1);
                return true;
            }
            from = start;
        }
        self.unclosed.push(name);
        false
    }

    /// Leaves out all the rest.
    pub(in crate::issues) fn skip_rest(&mut self) {
        self.at = self.source.len();
    }

    /// The piece that begins with the `<` at `start`; `None` where that `<` is text.
    fn markup(&self, start: usize) -> Option<(Kind<'a>, usize)> {
        let rest = &self.source[start..];
        let bytes = rest.as_bytes();
        let (kind, length) = match bytes.get(1)? {
            b'!' if rest.starts_with("<!--") => (Kind::Comment, comment_length(rest)),
            b'!' if rest.starts_with("<![CDATA[") => {
                (Kind::Declaration, rest.find("]]>").map(|at| at + 3))
            }
            b'!' | b'?' => (Kind::Declaration, rest.find('>').map(|at| at + 1)),
            b'/' => match bytes.get(2)? {
                letter if letter.is_ascii_alphabetic() => {
                    let (tag, length) = self.tag(start + 2);
                    (Kind::End(tag.name), length.map(|end| end - start))
                }
                _ => (Kind::Declaration, rest.find('>').map(|at| at + 1)),
            },
            letter if letter.is_ascii_alphabetic() => {
                let (tag, end) = self.tag(start + 1);
                (Kind::Start(tag), end.map(|end| end - start))
            }
            _ => return None,
        };
        Some(match length {
            Some(length) => (kind, start + length),
            None => (Kind::Broken, self.source.len()),
        })
    }

    /// The tag whose name begins at `start`, and where it ends; no end where it never does.
    fn tag(&self, start: usize) -> (Tag<'a>, Option<usize>) {
        let bytes = self.source.as_bytes();
        let ends_name = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let mut at = skip(bytes, start, |byte| !ends_name(byte));
        let mut tag = Tag {
            name: &self.source[start..at],
            attributes: Vec::new(),
        };
        loop {
            at = skip(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
            match bytes.get(at) {
                None => return (tag, None),
                Some(b'>') => return (tag, Some(at + 1)),
                Some(_) => {}
            }
            // An `=` here belongs to the name, odd as it is.
            let name_end = skip(bytes, at + 1, |byte| !ends_name(byte) && byte != b'=');
            let name = &self.source[at..name_end];
            let name_range = at..name_end;
            at = skip(bytes, name_end, |byte| byte.is_ascii_whitespace());
            if bytes.get(at) != Some(&b'=') {
                tag.attributes.push(Attribute {
                    name,
                    value: None,
                    range: name_range,
                    quoted: false,
                });
                continue;
            }
            at = skip(bytes, at + 1, |byte| byte.is_ascii_whitespace());
            let Some((value, quoted, after)) = value(bytes, at) else {
                return (tag, None);
            };
            tag.attributes.push(Attribute {
                name,
                value: Some(&self.source[value.clone()]),
                range: value,
                quoted,
            });
            at = after;
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        if start >= self.source.len() {
            return None;
        }
        let mut search = start;
        while let Some(found) = self.source[search..].find('<') {
            let opens = search + found;
            let Some((kind, end)) = self.markup(opens) else {
                search = opens + 1;
                continue;
            };
            if opens > start {
                self.at = opens;
                return Some(Token {
                    kind: Kind::Text,
                    range: start..opens,
                });
            }
            self.at = end;
            return Some(Token {
                kind,
                range: start..end,
            });
        }
        self.at = self.source.len();
        Some(Token {
            kind: Kind::Text,
            range: start..self.source.len(),
        })
    }
}

/// How long the comment is that begins the text, by the standard's many ways to end one.
fn comment_length(rest: &str) -> Option<usize> {
    for abrupt in ["<!-->", "<!--->"] {
        if rest.starts_with(abrupt) {
            return Some(abrupt.len());
        }
    }
    let mut from = 4;
    while let Some(found) = rest[from..].find("--") {
        let after = from + found + 2;
        let tail = &rest[after..];
        if tail.starts_with('>') {
            return Some(after + 1);
        }
        if tail.starts_with("!>") {
            return Some(after + 2);
        }
        from = after - 1;
    }
    None
}

/// The attribute value at `at`: its range, whether it is quoted, and where the tag goes on.
fn value(bytes: &[u8], at: usize) -> Option<(Range<usize>, bool, usize)> {
    if let &quote @ (b'"' | b'\'') = bytes.get(at)? {
        let end = skip(bytes, at + 1, |byte| byte != quote);
        (end < bytes.len()).then_some((at + 1..end, true, end + 1))
    } else {
        let end = skip(bytes, at, |byte| {
            !byte.is_ascii_whitespace() && byte != b'>'
        });
        (end < bytes.len()).then_some((at..end, false, end))
    }
}

fn skip(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[from..]
        .iter()
        .position(|&byte| !belongs(byte))
        .map_or(bytes.len(), |length| from + length)
}

/// Text with its character references (`&amp;`, `&#x61;`, `&eacute;`) resolved.
pub(in crate::issues) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = reference(rest, &mut decoded);
        if length == 0 {
            decoded.push('&');
            rest = &rest[1..];
        } else {
            rest = &rest[length..];
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// Pushes what the reference at the start of the text stands for, and says how long it is; 0
/// where it is none.
fn reference(text: &str, decoded: &mut String) -> usize {
    if let Some(number) = text.strip_prefix("&#") {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let count = digits.chars().take_while(|c| c.is_digit(radix)).count();
        if count == 0 {
            return 0;
        }
        let character = u32::from_str_radix(&digits[..count], radix)
            .ok()
            .and_then(char::from_u32)
            .filter(|&c| c != '\0');
        decoded.push(character.unwrap_or('\u{FFFD}'));
        return before + count + usize::from(digits[count..].starts_with(';'));
    }
    // The longest name has 31 letters.
    let name = text.bytes().skip(1).take(32);
    let length = name.take_while(u8::is_ascii_alphanumeric).count() + 1;
    if length == 1 || text.as_bytes().get(length) != Some(&b';') {
        return 0;
    }
    let reference = &text[..=length];
    // The Markdown parser has the table of all names; a reference on its own is a paragraph.
    for event in Parser::new(reference) {
        if let Event::Text(meaning) = event {
            if *meaning == *reference {
                return 0;
            }
            decoded.push_str(&meaning);
        }
    }
    length + 1
}
