//! What an author should mend before readers see it: links that lead nowhere, placeholders,
//! images without words, HTML that is not published.
//!
//! Every finding is a warning with the exact place in the file. Codes are stable: people silence
//! them by name. `address` judges an address, `words` the text, `markup` raw HTML; here it
//! is found out where in the file they stand. The cost is linear in the size of the issue.

mod address;
mod markup;
mod readings;
mod words;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use url::Url;

use crate::issues::markdown::Spanned;
use crate::model::{Problem, Severity};
use address::{Fault, Use};

pub use readings::{ReadingSeen, readings_problems};

/// The first `NAME_LIKE_THIS` of a line that asks to be filled in.
pub(super) fn gap(line: &str) -> Option<&str> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .find(|word| address::is_shouted(word) && address::asks_to_fill_in(word))
}

/// The file that is looked at.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The file, as the user would name it.
    pub path: &'a Path,
    /// All of its text.
    pub file: &'a str,
    /// Where its Markdown stands.
    pub body: Range<usize>,
    /// The issue's permalink.
    pub page: &'a Url,
    /// Whether raw HTML is cleaned before it is published.
    pub clean: bool,
}

/// Warnings about the issue's body, in the order of the file.
///
/// Codes: `bad-link`, `broken-html`, `dead-fragment`, `empty-link`, `no-alt`, `no-scheme`,
/// `placeholder`, `relative-link`, `tracking`, `undefined-reference`, `unknown-tag`,
/// `unsafe-html`, `unsafe-link`.
pub fn problems(events: &[Spanned<'_>], context: &Context<'_>) -> Vec<Problem> {
    let mut lint = Lint {
        context,
        problems: Vec::new(),
        ids: HashSet::new(),
        fragments: Vec::new(),
        definitions: None,
        links: Vec::new(),
        images: Vec::new(),
        footnotes: false,
    };
    let mut at = 0;
    while at < events.len() {
        at = lint.look(events, at);
    }
    lint.look_for_fragments();
    let mut problems = lint.problems;
    // A definition that many links use is one place to mend.
    problems.sort_by(|one, other| {
        (one.span.start, one.span.end, &one.code).cmp(&(
            other.span.start,
            other.span.end,
            &other.code,
        ))
    });
    problems.dedup_by(|one, other| one.span == other.span && one.code == other.code);
    problems
}

/// A link or image while its text is read.
struct Open {
    /// The event that opened it.
    at: usize,
    /// Whether it shows anything so far.
    shows: bool,
}

/// One walk over an issue.
struct Lint<'e, 'c> {
    context: &'c Context<'c>,
    problems: Vec<Problem>,
    /// Where fragments may lead.
    ids: HashSet<Cow<'e, str>>,
    /// Fragments of links into the issue, and where they stand.
    fragments: Vec<(String, Range<usize>)>,
    /// Where the addresses of reference definitions stand, by label; made when first needed.
    definitions: Option<HashMap<String, Range<usize>>>,
    links: Vec<Open>,
    images: Vec<Open>,
    footnotes: bool,
}

impl<'e> Lint<'e, '_> {
    /// Looks at the event at `at`, and says which one is next.
    fn look(&mut self, events: &'e [Spanned<'_>], at: usize) -> usize {
        let (event, range) = &events[at];
        match event {
            Event::Text(text) => {
                if !text.trim().is_empty() {
                    self.shows_something();
                }
                if !matches!(
                    at.checked_sub(1).map(|before| &events[before].0),
                    Some(Event::Start(Tag::CodeBlock(_)))
                ) {
                    self.look_at_text(events, at, text, range);
                }
            }
            Event::Code(_) | Event::FootnoteReference(_) => self.shows_something(),
            Event::Start(Tag::Link { .. }) => self.links.push(Open { at, shows: false }),
            Event::Start(Tag::Image { .. }) => self.images.push(Open { at, shows: false }),
            Event::End(TagEnd::Link) => self.look_at_link(events),
            Event::End(TagEnd::Image) => self.look_at_image(events),
            Event::Start(Tag::Heading { id: Some(id), .. }) => {
                self.ids.insert(Cow::Borrowed(id));
            }
            Event::Start(Tag::FootnoteDefinition(_)) => self.footnotes = true,
            Event::Start(Tag::HtmlBlock) | Event::Html(_) => {
                return self.look_at_html_block(events, at);
            }
            Event::InlineHtml(raw) => {
                if raw.starts_with("<img") {
                    self.shows_something();
                }
                self.look_at_html(raw, &[(0, range.clone())]);
            }
            _ => {}
        }
        at + 1
    }

    /// The text or image belongs to what is open.
    fn shows_something(&mut self) {
        if let Some(image) = self.images.last_mut() {
            image.shows = true;
        } else if let Some(link) = self.links.last_mut() {
            link.shows = true;
        }
    }

    fn look_at_link(&mut self, events: &'e [Spanned<'_>]) {
        let Some(Open { at, shows }) = self.links.pop() else {
            return;
        };
        let (
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            }),
            range,
        ) = &events[at]
        else {
            return;
        };
        if *link_type == LinkType::Email {
            return;
        }
        let faults = address::faults(dest_url, self.context.page, Use::Link);
        if !faults.is_empty() || dest_url.contains('#') {
            let place = self.destination(*link_type, dest_url, id, range);
            self.address_faults(faults, dest_url, place.clone());
            self.remember_fragment(dest_url, place);
        }
        if !shows && !dest_url.is_empty() {
            self.warn(
                "empty-link",
                range.clone(),
                "the link has no text, so nobody can follow it".to_owned(),
                Some("write what it leads to between `[` and `]`".to_owned()),
            );
        }
    }

    fn look_at_image(&mut self, events: &'e [Spanned<'_>]) {
        let Some(Open { at, shows }) = self.images.pop() else {
            return;
        };
        self.shows_something();
        let (
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                id,
                ..
            }),
            range,
        ) = &events[at]
        else {
            return;
        };
        let faults = address::faults(dest_url, self.context.page, Use::Image);
        if !faults.is_empty() {
            let place = self.destination(*link_type, dest_url, id, range);
            self.address_faults(faults, dest_url, place);
        }
        if !shows && self.images.is_empty() {
            self.warn(
                "no-alt",
                range.clone(),
                "the image has no alternative text".to_owned(),
                Some("say between `[` and `]` what it shows".to_owned()),
            );
        }
    }

    /// Files what is wrong with an address that stands at `place`.
    fn address_faults(&mut self, faults: Vec<Fault>, written: &str, place: Range<usize>) {
        let exact = self.context.file.get(place.clone()) == Some(written);
        for fault in faults {
            let span = match fault.part {
                Some(part) if exact => place.start + part.start..place.start + part.end,
                _ => place.clone(),
            };
            self.warn(fault.code, span, fault.message, fault.hint);
        }
    }

    /// Remembers where a link leads within the issue, for when all of its ids are known.
    fn remember_fragment(&mut self, written: &str, place: Range<usize>) {
        let page = self.context.page.as_str();
        let fragment = written
            .strip_prefix('#')
            .or_else(|| written.strip_prefix(page)?.strip_prefix('#'));
        if let Some(fragment) = fragment.filter(|f| !f.is_empty() && *f != "top") {
            self.fragments.push((fragment.to_owned(), place));
        }
    }

    fn look_for_fragments(&mut self) {
        for (fragment, place) in std::mem::take(&mut self.fragments) {
            let decoded = address::percent_decoded(&fragment);
            let of_footnote = self.footnotes
                && ["fn-", "fnref-"].iter().any(|prefix| {
                    decoded
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                });
            if of_footnote || self.ids.contains(decoded.as_ref()) {
                continue;
            }
            let meant = crate::model::address::slug(&decoded);
            let hint = if self.ids.contains(meant.as_str()) {
                format!("the heading's id is `#{meant}`")
            } else {
                "use the id of a heading: its words in lower case, joined by `-`".to_owned()
            };
            self.warn(
                "dead-fragment",
                place,
                format!("nothing in this issue has the id `{decoded}`"),
                Some(hint),
            );
        }
    }

    /// Where the address of a link stands, if it can be told; else the whole link.
    fn destination(
        &mut self,
        link_type: LinkType,
        written: &str,
        label: &CowStr<'_>,
        range: &Range<usize>,
    ) -> Range<usize> {
        let by_reference = !matches!(
            link_type,
            LinkType::Inline | LinkType::Autolink | LinkType::Email
        );
        if by_reference {
            let known = self.definitions().get(&words::label(label)).cloned();
            return known.unwrap_or_else(|| range.clone());
        }
        let Some(source) = self.context.file.get(range.clone()) else {
            return range.clone();
        };
        if written.is_empty() {
            return range.clone();
        }
        if let Some(found) = source.rfind(written) {
            return range.start + found..range.start + found + written.len();
        }
        match source.rfind("](") {
            Some(opens) => range.start + opens + 2..range.end.saturating_sub(1),
            None => range.clone(),
        }
    }

    fn definitions(&mut self) -> &HashMap<String, Range<usize>> {
        let context = self.context;
        self.definitions
            .get_or_insert_with(|| words::definitions(context.file, context.body.clone()))
    }

    fn warn(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        hint: Option<String>,
    ) {
        // Places are counted in bytes of what stands there; one that would part a character, or
        // end before it begins, could not be shown.
        let file = self.context.file;
        let start = file.floor_char_boundary(span.start);
        let end = file.ceil_char_boundary(span.end.max(start));
        self.problems
            .push(warning(self.context.path, code, start..end, message, hint));
    }
}

fn warning(
    path: &Path,
    code: &'static str,
    span: Range<usize>,
    message: String,
    hint: Option<String>,
) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: Cow::Borrowed(code),
        path: path.to_owned(),
        span,
        message,
        hint,
    }
}

#[cfg(test)]
mod tests;
