//! Whether a client has what it asks for: RFC 9110, section 13, and what feed readers and the
//! servers between make of it.
//!
//! Readers send tags back without their quotes, proxies weaken them (`W/`) or add the name of an
//! encoding; none of that may cost a reader the whole feed each hour. So a tag counts as ours when
//! what is between such marks is the hash of the document, in whatever encoding. Only
//! `If-Match` and `If-Range`, where a wrong answer would damage something, are read to the letter.

use axum::http::header::{
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
};
use axum::http::{HeaderMap, HeaderName};
use chrono::{DateTime, Utc};

use super::accept::Encoding;

/// What identifies the present state of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validators<'a> {
    /// The hash of its bytes, in hexadecimal digits.
    pub(super) hash: &'a str,
    /// When it last changed, in seconds since 1970; none as long as it may change within that
    /// second again.
    pub(super) modified: Option<i64>,
    /// Now, in seconds since 1970.
    pub(super) now: i64,
}

/// What to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send the document.
    Send,
    /// Say that it has not changed since the client got it, in this encoding.
    Same(Encoding),
    /// Say that it is not what the client takes it for.
    Other,
}

impl Validators<'_> {
    /// Weighs a request's conditions in their order (section 13.2.2).
    pub(super) fn weigh(&self, headers: &HeaderMap, chosen: Encoding) -> Verdict {
        if headers.contains_key(IF_MATCH) {
            let right = tags(headers, &IF_MATCH).any(|tag| tag == "*" || self.is_exactly(tag));
            if !right {
                return Verdict::Other;
            }
        } else if let Some(since) = date(headers, &IF_UNMODIFIED_SINCE)
            && self.modified.is_some_and(|modified| modified > since)
        {
            return Verdict::Other;
        }
        if headers.contains_key(IF_NONE_MATCH) {
            let mut found = tags(headers, &IF_NONE_MATCH).filter_map(|tag| self.ours(tag, chosen));
            return found.next().map_or(Verdict::Send, Verdict::Same);
        }
        // A date to come is of a clock that is wrong, and would hold for ever.
        match (date(headers, &IF_MODIFIED_SINCE), self.modified) {
            (Some(since), Some(modified)) if modified <= since && since <= self.now => {
                Verdict::Same(chosen)
            }
            _ => Verdict::Send,
        }
    }

    /// Whether a part of the document fits what the client has of it: it says nothing, or names
    /// exactly this state (section 13.1.5).
    pub(super) fn fits(&self, headers: &HeaderMap) -> bool {
        let Some(condition) = headers.get(IF_RANGE) else {
            return true;
        };
        let Ok(condition) = condition.to_str() else {
            return false;
        };
        let condition = condition.trim();
        if condition.starts_with('"') {
            return condition == format!("\"{}\"", self.hash);
        }
        let date = seconds(condition);
        date.is_some() && date == self.modified
    }

    /// The encoding of the client's copy, if this tag is one of ours.
    fn ours(&self, tag: &str, chosen: Encoding) -> Option<Encoding> {
        if tag == "*" {
            return Some(chosen);
        }
        let tag = tag
            .strip_prefix("W/")
            .or_else(|| tag.strip_prefix("w/"))
            .unwrap_or(tag);
        let tag = tag.trim_matches(['"', '\\', '\'', ' ']);
        let rest = tag.strip_prefix(self.hash)?;
        match rest.trim_start_matches(['-', ';', ':', '.', '_', '"']) {
            "" => Some(Encoding::Plain),
            "br" => Some(Encoding::Brotli),
            "gzip" | "gz" | "deflate" => Some(Encoding::Gzip),
            // Twice: ours, and that of a server between.
            "br-gzip" | "gzip-gzip" | "gzip--gzip" | "br--gzip" | "gzip-br" => Some(chosen),
            _ => None,
        }
    }

    fn is_exactly(&self, tag: &str) -> bool {
        let tag = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let rest = tag.and_then(|tag| tag.strip_prefix(self.hash));
        let all = [Encoding::Plain, Encoding::Gzip, Encoding::Brotli];
        rest.is_some_and(|rest| all.iter().any(|encoding| encoding.suffix() == rest))
    }
}

/// The tags of a header; ours have no comma within.
fn tags<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    seconds(value)
}

/// The three forms of section 5.6.7; browsers of old added the length (`; length=1234`), and some
/// write the zone as a number.
fn seconds(date: &str) -> Option<i64> {
    let date = date.split(';').next().unwrap_or_default().trim();
    let date = match date.strip_suffix("+0000").or(date.strip_suffix("UTC")) {
        Some(date) => format!("{date}GMT"),
        None => date.to_owned(),
    };
    let time = httpdate::parse_http_date(&date).ok()?;
    Some(DateTime::<Utc>::from(time).timestamp())
}

#[cfg(test)]
mod tests;
