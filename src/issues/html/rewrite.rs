//! Raw HTML tag by tag: addresses made absolute, and gone what must not reach readers.

use std::borrow::Cow;

use url::Url;

use super::escape::{escape, push_text, requoted};
use super::nesting::Nesting;
use super::policy::is_published;
use super::tags::{Kind, Tag, Tokens};
use crate::issues::absolute::{self, Change};

/// The elements of HTML, also those that are long out of use. Any other name in angle brackets is
/// text that somebody forgot to mark as code, such as `Vec<T>`.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "circle",
    "cite",
    "code",
    "col",
    "colgroup",
    "command",
    "data",
    "datalist",
    "dd",
    "defs",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "ellipse",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "image",
    "img",
    "input",
    "ins",
    "isindex",
    "kbd",
    "keygen",
    "label",
    "legend",
    "li",
    "line",
    "link",
    "listing",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "menuitem",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "path",
    "picture",
    "plaintext",
    "polygon",
    "portal",
    "pre",
    "progress",
    "q",
    "rb",
    "rect",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "spacer",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "use",
    "var",
    "video",
    "wbr",
    "xmp",
];

/// What becomes of an element when HTML is cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::issues) enum Fate {
    /// Its tags stay for now; the policy has the last word.
    Kept,
    /// It goes with all that it holds.
    Removed,
    /// Its tags go, what they hold stays.
    Unwrapped,
    /// A link to what it shows takes its place.
    Linked,
    /// It is none: its tags are shown as text.
    Shown,
}

/// What becomes of an element of that name. `bare` says that no attribute has a value.
pub(in crate::issues) fn element_fate(name: &str, bare: bool) -> Fate {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "script" | "style" | "svg" | "math" | "template" | "textarea" | "title" => Fate::Removed,
        // Browsers read what these hold as text, or keep reading to the end of the page.
        "noscript" | "noembed" | "noframes" | "object" | "plaintext" | "xmp" => Fate::Unwrapped,
        "iframe" | "embed" => Fate::Linked,
        // `Vec<Option>` is no form.
        kept if bare && !is_published(kept) && is_mixed(name) => Fate::Shown,
        kept if bare && !kept.contains(['-', ':']) && ELEMENTS.binary_search(&kept).is_err() => {
            Fate::Shown
        }
        _ => Fate::Kept,
    }
}

/// Whether the name has a capital and another letter, as types have and elements hardly ever.
fn is_mixed(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether no attribute of the tag has a value.
pub(in crate::issues) fn is_bare(tag: &Tag<'_>) -> bool {
    tag.attributes
        .iter()
        .all(|attribute| attribute.value.is_none())
}

/// Rewrites a stretch of raw HTML. Comments always go; `clean` says whether everything else that
/// readers must not get goes as well, or stays as it is written. `nesting` carries what earlier
/// stretches left open.
pub(in crate::issues) fn rewrite(
    raw: &str,
    page: &Url,
    clean: bool,
    nesting: &mut Nesting,
) -> String {
    let mut written = String::with_capacity(raw.len() + raw.len() / 4);
    let mut tokens = Tokens::new(raw);
    while let Some(token) = tokens.next() {
        let source = &raw[token.range.clone()];
        match token.kind {
            Kind::Comment => {}
            _ if !clean => match token.kind {
                Kind::Start(found) => written.push_str(&tag(&found, source, page, clean)),
                _ => written.push_str(source),
            },
            Kind::Declaration => {}
            Kind::Text | Kind::Broken => push_text(&mut written, source),
            Kind::End(name) => match element_fate(name, true) {
                Fate::Kept => {
                    nesting.close(name);
                    written.push_str(source);
                }
                Fate::Shown => push_text(&mut written, source),
                Fate::Removed | Fate::Unwrapped | Fate::Linked => {}
            },
            Kind::Start(found) => match element_fate(found.name, is_bare(&found)) {
                Fate::Kept if nesting.open(found.name) => {
                    written.push_str(&tag(&found, source, page, true));
                }
                Fate::Kept | Fate::Unwrapped => {}
                Fate::Shown => push_text(&mut written, source),
                Fate::Linked => {
                    written.push_str(&frame_link(&found, page).unwrap_or_default());
                    if found.name.eq_ignore_ascii_case("iframe") {
                        tokens.skip_past_end(found.name);
                    }
                }
                Fate::Removed => remove(&found, source, &mut tokens, &mut written),
            },
        }
    }
    written
}

/// Leaves out an element with all that it holds. One that never ends was mentioned rather than
/// used, unless it is of those whose content is no text.
fn remove<'a>(found: &Tag<'a>, source: &str, tokens: &mut Tokens<'a>, written: &mut String) {
    if tokens.skip_past_end(found.name) {
        return;
    }
    let silent = ["script", "style", "svg", "math"];
    if silent
        .iter()
        .any(|name| found.name.eq_ignore_ascii_case(name))
    {
        tokens.skip_rest();
    } else {
        push_text(written, source);
    }
}

/// A start tag with its addresses absolute, as it was written if they are. `clean` says whether
/// one that may lead nowhere goes; the text of an image without a source then takes its place.
fn tag<'s>(tag: &Tag<'_>, source: &'s str, page: &Url, clean: bool) -> Cow<'s, str> {
    let mut changes: Vec<Change> = tag
        .attributes
        .iter()
        .map(|attribute| absolute::attribute(page, tag, attribute))
        .collect();
    if !clean {
        for change in &mut changes {
            if *change == Change::Gone {
                *change = Change::Same;
            }
        }
    }
    if changes.iter().all(|change| *change == Change::Same) {
        return Cow::Borrowed(source);
    }
    let source_gone = tag
        .attributes
        .iter()
        .zip(&changes)
        .any(|(attribute, change)| {
            *change == Change::Gone && attribute.name.eq_ignore_ascii_case("src")
        });
    if source_gone && tag.name.eq_ignore_ascii_case("img") {
        return Cow::Owned(escape(&tag.value("alt").unwrap_or_default()).into_owned());
    }
    let mut written = format!("<{}", tag.name);
    for (attribute, change) in tag.attributes.iter().zip(&changes) {
        let value = match change {
            Change::Gone => continue,
            Change::Value(value) => Some(escape(value)),
            Change::Same => attribute
                .value
                .map(|value| requoted(value, attribute.quoted)),
        };
        written.push(' ');
        written.push_str(attribute.name);
        if let Some(value) = value {
            written.push_str("=\"");
            written.push_str(&value);
            written.push('"');
        }
    }
    written.push_str(if source.ends_with("/>") { " />" } else { ">" });
    Cow::Owned(written)
}

/// A link to what a frame shows, named after its title.
pub(in crate::issues) fn frame_link(tag: &Tag<'_>, page: &Url) -> Option<String> {
    let source = tag.value("src")?;
    let address = absolute::link(page, &source)?;
    let address = watched(&address).unwrap_or(address.into_owned());
    let title = tag.value("title").unwrap_or_default();
    let label = match title.trim() {
        "" => address.as_str(),
        title => title,
    };
    Some(format!(
        "<a href=\"{}\">{}</a>",
        escape(&address),
        escape(label)
    ))
}

/// The page of a video whose player was framed.
fn watched(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let players = ["youtube.com", "youtube-nocookie.com"];
    if !players.contains(&host.strip_prefix("www.").unwrap_or(host)) {
        return None;
    }
    let video = url.path().strip_prefix("/embed/")?.split('/').next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!video.is_empty() && video != "videoseries" && video.bytes().all(plain))
        .then(|| format!("https://www.youtube.com/watch?v={video}"))
}
