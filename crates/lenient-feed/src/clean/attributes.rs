//! Attributes of HTML that need no parser to be understood, and the addresses in them.

use url::Url;

use super::Base;
use crate::address::SCHEMES;

/// An attribute as it is written.
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// With its references.
    pub(super) value: &'a str,
    pub(super) quote: char,
    /// The byte after it.
    pub(super) end: usize,
}

impl<'a> Attribute<'a> {
    /// Reads the one at a byte; `None` where browsers would only guess.
    pub(super) fn read(rest: &'a str, at: usize) -> Option<Self> {
        let bytes = rest.as_bytes();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.@".contains(byte);
        let length = bytes[at..].iter().take_while(|it| is_name(it)).count();
        let mut end = at + length;
        if length == 0 {
            return None;
        }
        let mut attribute = Self {
            name: &rest[at..end],
            value: "",
            quote: '"',
            end,
        };
        match bytes.get(end)? {
            b'=' => end += 1,
            b'>' | b'/' => return Some(attribute),
            // White space before a `=` is rare enough.
            byte if byte.is_ascii_whitespace() => {
                let next = rest[end..].trim_ascii_start();
                return (!next.starts_with('=')).then_some(attribute);
            }
            _ => return None,
        }
        let value = &rest[end..];
        let first = *value.as_bytes().first()?;
        if matches!(first, b'"' | b'\'') {
            attribute.quote = char::from(first);
            let length = value[1..].find(attribute.quote)?;
            attribute.value = &value[1..=length];
            attribute.end = end + length + 2;
            return Some(attribute);
        }
        let length = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
        attribute.value = &value[..length];
        attribute.end = end + length;
        let odd = |c: char| matches!(c, '"' | '\'' | '<' | '=' | '`' | '/');
        (length > 0 && !attribute.value.contains(odd)).then_some(attribute)
    }
}

pub(super) enum Address {
    /// It stays as it is written.
    Same,
    /// It was relative.
    Absolute(String),
    /// Nothing may open it.
    Bad,
}

/// What becomes of an address; `None` where its references take a parser.
pub(super) fn address(written: &str, base: &Base<'_>) -> Option<Address> {
    if is_plain_web(written) {
        return Some(Address::Same);
    }
    let decoded = written.replace("&amp;", "\u{1}");
    if decoded.contains('&') {
        return None;
    }
    let decoded = decoded.replace('\u{1}', "&");
    Some(match (Url::parse(&decoded), base.get()) {
        (Ok(url), _) if SCHEMES.contains(&url.scheme()) => Address::Same,
        (Err(url::ParseError::RelativeUrlWithoutBase), None) => Address::Same,
        (Err(url::ParseError::RelativeUrlWithoutBase), Some(base)) => match base.join(&decoded) {
            Ok(url) if SCHEMES.contains(&url.scheme()) => Address::Absolute(url.into()),
            _ => Address::Bad,
        },
        _ => Address::Bad,
    })
}

/// Whether an address is surely one of the web: a plain host, and whatever follows it.
fn is_plain_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://");
    let Some(rest) = rest.or_else(|| address.strip_prefix("http://")) else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let last = host.rsplit('.').next().unwrap_or_default();
    host.bytes().all(plain)
        && last.starts_with(|c: char| c.is_ascii_lowercase())
        && !host.contains("xn--")
}
