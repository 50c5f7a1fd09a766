//! What raw HTML may stay in what readers get.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use lenient_feed::html::bounded;
use url::Url;

use crate::model::address;

/// Elements that stay: those of HTML that feed readers show and the W3C feed validator accepts.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "big",
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
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
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
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Elements whose text is no text for readers.
const SILENT: [&str; 5] = ["script", "style", "svg", "math", "template"];

const GENERIC_ATTRIBUTES: [&str; 5] = ["id", "class", "lang", "dir", "title"];

const ATTRIBUTES: [(&str, &[&str]); 21] = [
    ("a", &["href", "hreflang", "name", "rel"]),
    ("audio", &["src", "controls", "loop", "muted", "preload"]),
    ("blockquote", &["cite"]),
    ("col", &["align", "span"]),
    ("colgroup", &["align", "span"]),
    ("data", &["value"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    (
        "img",
        &[
            "src", "alt", "width", "height", "srcset", "sizes", "align", "loading",
        ],
    ),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "type", "reversed"]),
    ("p", &["align"]),
    ("q", &["cite"]),
    (
        "source",
        &["src", "srcset", "sizes", "type", "media", "width", "height"],
    ),
    ("table", &["align"]),
    (
        "td",
        &["align", "valign", "colspan", "rowspan", "headers", "style"],
    ),
    (
        "th",
        &[
            "align", "valign", "colspan", "rowspan", "headers", "scope", "abbr", "style",
        ],
    ),
    ("time", &["datetime"]),
    ("track", &["src", "srclang", "label", "kind", "default"]),
    (
        "video",
        &[
            "src",
            "poster",
            "controls",
            "width",
            "height",
            "loop",
            "muted",
            "preload",
            "playsinline",
        ],
    ),
];

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut policy = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = ATTRIBUTES
        .iter()
        .map(|(element, names)| (*element, names.iter().copied().collect()))
        .collect();
    // `data:` is let through for images alone, below.
    let schemes = address::SCHEMES.into_iter().chain(["data"]);
    policy
        .tags(ELEMENTS.iter().copied().collect())
        .clean_content_tags(SILENT.into_iter().collect())
        .generic_attributes(GENERIC_ATTRIBUTES.into_iter().collect())
        .tag_attributes(attributes)
        .url_schemes(schemes.collect())
        // Every address was made absolute before; one that was not is no address.
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(attribute);
    policy
});

/// The body with nothing in it that runs, frames, styles or hides, and every element closed.
pub(in crate::issues) fn clean(html: &str) -> String {
    POLICY.clean(&bounded(html)).to_string()
}

/// Whether the policy keeps elements of that name, given in lower case.
pub(super) fn is_published(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// What becomes of an attribute that its element may have.
fn attribute<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let stays = match name {
        // Ours alone: readers' programs have their own meaning for any other.
        "class" => {
            value == "footnotes"
                || value.starts_with("language-")
                || value.starts_with("markdown-alert-")
        }
        "style" => matches!(
            value,
            "text-align: left" | "text-align: center" | "text-align: right"
        ),
        "cite" => is_web(value),
        "href" | "src" | "poster" => {
            !is_data(value) || (element == "img" && name == "src" && is_data_image(value))
        }
        _ => true,
    };
    stays.then_some(Cow::Borrowed(value))
}

fn is_web(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

fn is_data(value: &str) -> bool {
    // Parsed, not compared: addresses may hold tabs and line breaks that browsers leave out.
    !is_web(value) && Url::parse(value).is_ok_and(|url| url.scheme() == "data")
}

/// Whether the address is a picture in itself, of a kind that cannot run anything.
pub(in crate::issues) fn is_data_image(value: &str) -> bool {
    ["png", "gif", "jpeg", "webp"].iter().any(|kind| {
        value
            .strip_prefix("data:image/")
            .and_then(|rest| rest.strip_prefix(kind))
            .is_some_and(|rest| rest.starts_with([';', ',']))
    })
}
