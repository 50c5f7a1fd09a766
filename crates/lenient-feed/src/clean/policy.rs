//! What is kept of the HTML of others: text and its structure, pictures and links; nothing that
//! runs, looks like a part of the page around it, or hides something.

use std::collections::{HashMap, HashSet};

use ammonia::Builder;

use crate::address::SCHEMES;

/// Elements that are kept; of others only what is in them.
pub(super) const TAGS: [&str; 75] = [
    "a",
    "abbr",
    "acronym",
    "area",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "map",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes that are kept on every element.
const EVERYWHERE: [&str; 2] = ["lang", "title"];

/// Whether an attribute of an element is kept, both in small letters.
pub(super) fn keeps(tag: &str, attribute: &str) -> bool {
    EVERYWHERE.contains(&attribute) || attributes(tag).contains(&attribute)
}

fn attributes(tag: &str) -> &'static [&'static str] {
    match tag {
        "a" => &["href", "hreflang"],
        "bdo" => &["dir"],
        "col" | "colgroup" => &["span"],
        "del" | "ins" => &["datetime"],
        "img" => &["alt", "height", "src", "width"],
        "ol" => &["start"],
        "td" => &["colspan", "rowspan"],
        "th" => &["colspan", "rowspan", "scope"],
        _ => &[],
    }
}

/// The same for ammonia.
pub(super) fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    let attributes: HashMap<_, HashSet<_>> = TAGS
        .into_iter()
        .map(|tag| (tag, attributes(tag).iter().copied().collect()))
        .collect();
    builder
        .tags(HashSet::from(TAGS))
        // What is in an `applet` speaks to browsers that have none.
        .clean_content_tags(HashSet::from(["script", "style", "applet"]))
        .generic_attributes(HashSet::from(EVERYWHERE))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(SCHEMES))
        .link_rel(None)
        .strip_comments(true);
    builder
}
