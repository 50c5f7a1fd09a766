//! The parts of addresses and answers that rules look at, and the short ways to say a lead.

use url::Url;

use super::{Candidate, Certainty, Choice, Lead, Question, Reason};
use crate::model::Kind;

/// The host in small letters, without `www.`.
pub(super) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// The parts of the path that are not empty.
pub(super) fn segments(url: &Url) -> Vec<&str> {
    url.path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect()
}

/// What stands before `.domain` in the host, where that is one label.
pub(super) fn label<'a>(url: &'a Url, domain: &str) -> Option<&'a str> {
    let rest = host(url).strip_suffix(domain)?.strip_suffix('.')?;
    (!rest.is_empty() && !rest.contains('.')).then_some(rest)
}

/// The value of a query parameter.
pub(super) fn parameter(url: &Url, name: &str) -> Option<String> {
    let (_, value) = url.query_pairs().find(|(known, _)| known == name)?;
    (!value.is_empty()).then(|| value.into_owned())
}

/// An address that a rule made; `None` where what it was made of is too odd to be one.
pub(super) fn at(text: &str) -> Option<Url> {
    Url::parse(text).ok()
}

/// A feed by a rule.
pub(super) fn feed(url: &str, about: impl Into<String>, certainty: Certainty) -> Option<Candidate> {
    Some(Candidate {
        url: at(url)?,
        about: about.into(),
        kind: None,
        certainty,
        on_request: false,
        of: None,
        is_part: false,
    })
}

impl Candidate {
    pub(super) fn of(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    pub(super) fn asked_for(mut self) -> Self {
        self.on_request = true;
        self
    }
}

/// Feeds by rule, and nothing else to try.
pub(super) fn feeds(feeds: impl IntoIterator<Item = Option<Candidate>>) -> Option<Lead> {
    let feeds: Vec<Candidate> = feeds.into_iter().flatten().collect();
    (!feeds.is_empty()).then_some(Lead::Feeds {
        feeds,
        choice: Choice::First,
        otherwise: None,
    })
}

/// Feeds by rule that are different things.
pub(super) fn each(candidates: impl IntoIterator<Item = Option<Candidate>>) -> Option<Lead> {
    match feeds(candidates)? {
        Lead::Feeds { feeds, .. } => Some(Lead::Feeds {
            feeds,
            choice: Choice::Each,
            otherwise: None,
        }),
        other => Some(other),
    }
}

/// No feed is known.
pub(super) fn nothing(because: &str) -> Lead {
    Lead::Nothing(Reason::NoFeed(because.to_owned()))
}

/// A question to a page.
pub(super) fn question(
    site: &str,
    key: impl Into<String>,
    url: Url,
    note: impl Into<String>,
) -> Question {
    Question {
        site: site.to_owned(),
        key: key.into(),
        url,
        note: note.into(),
        interface: false,
    }
}

/// To ask a page.
pub(super) fn ask(site: &str, key: impl Into<String>, url: Url, note: impl Into<String>) -> Lead {
    Lead::Ask(question(site, key, url, note))
}

/// To ask an interface for programs.
pub(super) fn ask_interface(
    site: &str,
    key: impl Into<String>,
    url: Url,
    note: impl Into<String>,
) -> Lead {
    Lead::Ask(Question {
        interface: true,
        ..question(site, key, url, note)
    })
}

/// What stands in a page between two marks, the first time that it fits.
pub(super) fn between<'a>(
    page: &'a str,
    before: &str,
    fits: impl Fn(char) -> bool,
) -> Option<&'a str> {
    page.match_indices(before)
        .map(|(at, mark)| {
            let rest = &page[at + mark.len()..];
            let end = rest.find(|c: char| !fits(c)).unwrap_or(rest.len());
            &rest[..end]
        })
        .find(|found| !found.is_empty())
}

/// Letters, digits, `-` and `_`.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether the text is a number.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A text with `%` where an address needs it.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
