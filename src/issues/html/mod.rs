//! Raw HTML in issue files: reading its tags, making its addresses absolute, cleaning it.
//!
//! Three layers, each sound without the next. [`rewrite()`] walks the tags of one stretch of raw
//! HTML as browsers do and takes out what must never be seen by the others: comments, scripts,
//! frames (which become links), tags that are no tags. [`is_harmless`] says whether what is left
//! needs no further look. If it does, [`clean`] parses the whole body, keeps what the policy
//! names and closes what was left open.

mod escape;
mod nesting;
mod policy;
mod rewrite;
pub(super) mod tags;

use pulldown_cmark::Event;

pub(super) use nesting::Nesting;
pub(super) use policy::{clean, is_data_image};
pub(super) use rewrite::{Fate, element_fate, frame_link, is_bare, rewrite};
use tags::{Kind, Tag, Tokens};

/// Elements that are fine wherever text may stand, as long as they have no attributes and close
/// where they opened.
const PHRASES: [&str; 20] = [
    "small", "sub", "sup", "b", "i", "u", "s", "em", "strong", "del", "ins", "mark", "kbd", "code",
    "samp", "var", "q", "cite", "span", "abbr",
];

/// Attributes with which an image is still harmless.
const IMAGE_ATTRIBUTES: [&str; 6] = ["src", "alt", "title", "width", "height", "loading"];

/// Whether all raw HTML in the events is of the simplest sort: line breaks, images, and phrases
/// that close within the Markdown element in which they opened. Nearly every issue is, and is
/// spared the parse.
pub(super) fn is_harmless(events: &[Event<'_>]) -> bool {
    let has_raw = |event: &Event<'_>| matches!(event, Event::Html(_) | Event::InlineHtml(_));
    if !events.iter().any(has_raw) {
        return true;
    }
    // `None` stands for a Markdown element, a name for a raw one.
    let mut open: Vec<Option<String>> = Vec::new();
    for event in events {
        let fits = match event {
            Event::Start(_) => {
                open.push(None);
                true
            }
            Event::End(_) => matches!(open.pop(), Some(None)),
            Event::Html(raw) | Event::InlineHtml(raw) => opens_harmless(raw, &mut open),
            _ => true,
        };
        if !fits {
            return false;
        }
    }
    open.is_empty()
}

fn opens_harmless(raw: &str, open: &mut Vec<Option<String>>) -> bool {
    Tokens::new(raw).all(|token| match token.kind {
        Kind::Text => true,
        Kind::Start(tag) => {
            let name = tag.name.to_ascii_lowercase();
            if matches!(name.as_str(), "br" | "wbr") {
                return tag.attributes.is_empty();
            }
            if name == "img" {
                return is_harmless_image(&tag);
            }
            let phrase = PHRASES.contains(&name.as_str());
            open.push(Some(name));
            phrase && tag.attributes.is_empty() && !raw[token.range].ends_with("/>")
        }
        Kind::End(name) => {
            matches!(open.pop(), Some(Some(opened)) if opened.eq_ignore_ascii_case(name))
        }
        Kind::Comment | Kind::Declaration | Kind::Broken => false,
    })
}

fn is_harmless_image(tag: &Tag<'_>) -> bool {
    tag.attributes.iter().enumerate().all(|(at, attribute)| {
        let known = IMAGE_ATTRIBUTES.contains(&attribute.name);
        let again = tag.attributes[..at]
            .iter()
            .any(|other| other.name == attribute.name);
        known && attribute.quoted && !again
    })
}

#[cfg(test)]
pub(super) mod tests;
