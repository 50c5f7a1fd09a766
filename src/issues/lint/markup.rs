//! What is wrong with raw HTML.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Lint;
use super::address::{self, Use};
use crate::issues::html::tags::{Attribute, Kind, Tag as RawTag, Tokens, decode};
use crate::issues::html::{Fate, element_fate, is_bare};
use crate::issues::markdown::Spanned;

/// Elements of forms: what mail programs and feed readers take out.
const FORMS: [&str; 6] = ["form", "input", "button", "select", "option", "label"];

/// Where stretches of raw HTML stand: where each begins in the raw text, and its place in the
/// file.
type Places = [(usize, Range<usize>)];

impl<'e> Lint<'e, '_> {
    /// Looks at a block of raw HTML, and says which event is next.
    pub(super) fn look_at_html_block(&mut self, events: &'e [Spanned<'_>], at: usize) -> usize {
        let mut raw = String::new();
        let mut places = Vec::new();
        let mut next = at;
        while let Some((event, range)) = events.get(next) {
            match event {
                Event::Start(Tag::HtmlBlock) if next == at => {}
                Event::Html(line) | Event::Text(line) => {
                    places.push((raw.len(), range.clone()));
                    raw.push_str(line);
                }
                Event::End(TagEnd::HtmlBlock) => {
                    next += 1;
                    break;
                }
                _ => break,
            }
            next += 1;
        }
        self.look_at_html(&raw, &places);
        next.max(at + 1)
    }

    /// Looks at raw HTML.
    pub(super) fn look_at_html(&mut self, raw: &str, places: &Places) {
        let mut tokens = Tokens::new(raw);
        while let Some(token) = tokens.next() {
            let here = || place(places, token.range.clone());
            match &token.kind {
                Kind::Start(tag) => {
                    self.look_at_tag(tag, here(), places);
                    let fate = element_fate(tag.name, is_bare(tag));
                    if matches!(fate, Fate::Removed) {
                        tokens.skip_past_end(tag.name);
                    }
                }
                Kind::Broken => {
                    let start = here().start;
                    let comment = raw[token.range.clone()].starts_with("<!");
                    let (what, end, hint) = if comment {
                        ("comment", 4, "end it with `-->`")
                    } else {
                        ("tag", 1, "end it with `>`, or write `&lt;` for the sign")
                    };
                    let end = end.min(token.range.len());
                    self.warn(
                        "broken-html",
                        start..start + end,
                        format!("this {what} never ends"),
                        Some(hint.to_owned()),
                    );
                }
                _ => {}
            }
        }
    }

    fn look_at_tag(&mut self, tag: &RawTag<'_>, here: Range<usize>, places: &Places) {
        let name = tag.name.to_ascii_lowercase();
        if let Some(id) = tag.value("id") {
            self.ids.insert(Cow::Owned(id.into_owned()));
        }
        if name == "a"
            && let Some(anchor) = tag.value("name")
        {
            self.ids.insert(Cow::Owned(anchor.into_owned()));
        }
        for attribute in &tag.attributes {
            self.look_at_attribute(&name, attribute, places);
        }
        if name == "img" && tag.attribute("alt").is_none() {
            self.warn(
                "no-alt",
                here.clone(),
                "the image has no alternative text".to_owned(),
                Some("say what it shows in `alt`; `alt=\"\"` if it only decorates".to_owned()),
            );
        }
        if self.context.clean {
            self.look_at_fate(tag, &name, here);
        }
    }

    /// Tells of elements that readers will not get as they are written.
    fn look_at_fate(&mut self, tag: &RawTag<'_>, name: &str, here: Range<usize>) {
        let (message, hint) = match element_fate(tag.name, is_bare(tag)) {
            Fate::Shown => {
                self.warn(
                    "unknown-tag",
                    here,
                    format!("`<{}>` is no tag of HTML, and is shown as text", tag.name),
                    Some("put it in backticks if it is code".to_owned()),
                );
                return;
            }
            Fate::Linked => (
                format!("`<{name}>` does not work in feeds and e-mail"),
                "a link to what it shows is published in its place",
            ),
            Fate::Removed => (
                format!("`<{name}>` is not published"),
                "programs that read feeds and e-mail take it out for safety",
            ),
            Fate::Kept if FORMS.contains(&name) => (
                format!("`<{name}>` is not published"),
                "link to a page that has the form",
            ),
            Fate::Unwrapped | Fate::Kept => return,
        };
        self.warn("unsafe-html", here, message, Some(hint.to_owned()));
    }

    fn look_at_attribute(&mut self, element: &str, attribute: &Attribute<'_>, places: &Places) {
        let name = attribute.name.to_ascii_lowercase();
        let here = || place(places, attribute.range.clone());
        if self.context.clean && name.len() > 2 && name.starts_with("on") {
            self.warn(
                "unsafe-html",
                here(),
                format!("`{name}` is not published"),
                Some("programs that read feeds and e-mail take it out for safety".to_owned()),
            );
            return;
        }
        let purpose = match (element, name.as_str()) {
            ("a" | "area", "href") => Use::Link,
            ("img" | "source" | "video" | "audio" | "track", "src" | "poster")
            | ("iframe" | "embed", "src") => Use::Image,
            _ => return,
        };
        let written = attribute.value.unwrap_or("");
        let value = decode(written);
        let faults = address::faults(&value, self.context.page, purpose);
        self.address_faults(faults, &value, here());
        if purpose == Use::Link {
            self.remember_fragment(&value, here());
        }
    }
}

/// Where a part of the raw text stands in the file.
fn place(places: &Places, part: Range<usize>) -> Range<usize> {
    let at = |offset: usize| {
        let line = places.partition_point(|(start, _)| *start <= offset);
        let (start, range) = line
            .checked_sub(1)
            .and_then(|line| places.get(line))
            .cloned()
            .unwrap_or_default();
        (range.start + (offset - start)).min(range.end)
    };
    let start = at(part.start);
    // The end belongs to the line of the last byte.
    let end = at(part.end.saturating_sub(1).max(part.start)) + usize::from(!part.is_empty());
    start..end.max(start)
}
