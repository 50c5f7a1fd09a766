//! Addresses in the body of an issue, made absolute so that they lead somewhere from a feed reader
//! or an e-mail as they do from the page.

use std::borrow::Cow;

use url::Url;

use crate::issues::html::is_data_image;
use crate::issues::html::tags::{Attribute, Tag, decode};
use crate::model::address;

/// Attributes that hold one address, on whatever element they stand.
const ADDRESSES: [&str; 12] = [
    "href",
    "src",
    "poster",
    "cite",
    "background",
    "longdesc",
    "xlink:href",
    "action",
    "formaction",
    "ping",
    "lowsrc",
    "dynsrc",
];

/// Where a link on `page` leads; `None` where it may lead nowhere, or has no address at all.
pub(super) fn link<'a>(page: &Url, written: &'a str) -> Option<Cow<'a, str>> {
    if written.trim().is_empty() {
        return None;
    }
    address::absolute(page, written)
}

/// Where an image on `page` comes from: an address, or a small picture written out in place.
pub(super) fn image<'a>(page: &Url, written: &'a str) -> Option<Cow<'a, str>> {
    let trimmed = written.trim();
    if is_data_image(trimmed) {
        return Some(Cow::Borrowed(trimmed));
    }
    link(page, written)
}

/// What becomes of an attribute in raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays as it is written.
    Same,
    /// It gets this value.
    Value(String),
    /// It leads nowhere that readers may go.
    Gone,
}

/// What becomes of an attribute of `tag` on `page`.
pub(super) fn attribute(page: &Url, tag: &Tag<'_>, attribute: &Attribute<'_>) -> Change {
    let Some(written) = attribute.value else {
        return Change::Same;
    };
    let is = |name: &str| attribute.name.eq_ignore_ascii_case(name);
    if is("srcset") || is("imagesrcset") {
        return compare(
            &decode(written),
            Some(Cow::Owned(sources(page, &decode(written)))),
        );
    }
    let of_object = is("data") && tag.name.eq_ignore_ascii_case("object");
    if !of_object && !ADDRESSES.iter().any(|name| is(name)) {
        return Change::Same;
    }
    let decoded = decode(written);
    let absolute = if is("src") && tag.name.eq_ignore_ascii_case("img") {
        image(page, &decoded)
    } else {
        link(page, &decoded)
    };
    compare(&decoded, absolute)
}

fn compare(written: &str, wanted: Option<Cow<'_, str>>) -> Change {
    match wanted {
        None => Change::Gone,
        Some(wanted) if wanted == written => Change::Same,
        Some(wanted) => Change::Value(wanted.into_owned()),
    }
}

/// A `srcset` with its addresses absolute; candidates that may lead nowhere are left out.
fn sources(page: &Url, written: &str) -> String {
    let mut sources = String::with_capacity(written.len() + 64);
    let mut rest = written;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return sources;
        }
        // An address ends at white space; a comma at its end belongs to the list.
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let candidate = rest[..end].trim_end_matches(',');
        let mut descriptor = "";
        if candidate.len() == end {
            let tail = &rest[end..];
            let stop = tail.find(',').unwrap_or(tail.len());
            descriptor = tail[..stop].trim();
            rest = &tail[stop..];
        } else {
            rest = &rest[end..];
        }
        if let Some(address) = link(page, candidate) {
            if !sources.is_empty() {
                sources.push_str(", ");
            }
            sources.push_str(&address);
            if !descriptor.is_empty() {
                sources.push(' ');
                sources.push_str(descriptor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Url {
        Url::parse("https://n.example/7/").unwrap()
    }

    #[track_caller]
    fn check_sources(written: &str, expected: &str) {
        assert_eq!(sources(&page(), written), expected);
    }

    #[test]
    fn makes_each_candidate_of_a_srcset_absolute() {
        check_sources(
            "/a.png 1x,b.png 2x",
            "https://n.example/a.png 1x, https://n.example/7/b.png 2x",
        );
        check_sources(
            "a,b.png, //cdn.example/c.png 480w",
            "https://n.example/7/a,b.png, https://cdn.example/c.png 480w",
        );
        check_sources("javascript:x 1x, d.png", "https://n.example/7/d.png");
        check_sources(" , ,, ", "");
    }

    #[test]
    fn keeps_small_pictures_written_out_in_place() {
        let picture = "data:image/png;base64,AAAA";
        assert_eq!(image(&page(), picture).as_deref(), Some(picture));
        assert_eq!(link(&page(), picture), None);
        assert_eq!(image(&page(), "data:image/svg+xml,<svg/>"), None);
        assert_eq!(image(&page(), "data:image/pngx,"), None);
    }

    #[test]
    fn knows_an_empty_address_for_none() {
        assert_eq!(link(&page(), "  "), None);
    }
}
