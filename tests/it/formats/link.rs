//! `atom:link`, in Atom and in RSS.

use super::Report;
use super::tree::Element;
use super::value;

const RELATIONS: [&str; 22] = [
    "alternate",
    "current",
    "describedby",
    "edit",
    "edit-media",
    "enclosure",
    "first",
    "hub",
    "last",
    "license",
    "next",
    "next-archive",
    "payment",
    "prev-archive",
    "previous",
    "related",
    "replies",
    "search",
    "self",
    "service",
    "up",
    "via",
];
/// Those of RFC 5005: of documents, not of entries.
const HISTORY: [&str; 7] = [
    "current",
    "first",
    "last",
    "next",
    "next-archive",
    "prev-archive",
    "previous",
];

/// The link's relation.
pub(crate) fn relation(link: &Element) -> &str {
    link.attribute("rel").unwrap_or("alternate")
}

pub(crate) fn check(link: &Element, in_entry: bool, report: &mut Report) {
    let expected = ["type", "title", "rel", "href", "length", "hreflang"];
    value::attributes(link, &expected, report);
    let rel = relation(link);
    if rel.is_empty() {
        report.say("AttrNotBlank", "rel of a link");
    } else if !RELATIONS.contains(&rel) && !rel.contains(':') {
        report.say("UnregisteredAtomLinkRel", rel);
    }
    if in_entry && HISTORY.contains(&rel) {
        report.say("FeedHistoryRelInEntry", rel);
    }
    match link.attribute("href") {
        Some(href) => {
            let is_relative = href.starts_with(['/', '.', '?', '#']) || !href.contains(':');
            if rel == "self" && is_relative {
                report.say("RelativeSelf", href);
            }
            value::uri(href, &format!("link rel={rel}"), report);
        }
        None => report.say("MissingHref", format!("link rel={rel}")),
    }
    if let Some(media_type) = link.attribute("type") {
        let of_feeds = [
            "application/atom+xml",
            "application/rss+xml",
            "application/rdf+xml",
        ];
        if !value::is_media_type(media_type) {
            report.say("InvalidMIMEType", media_type);
        } else if rel == "self" && !of_feeds.contains(&media_type) {
            report.say("SelfNotAtom", media_type);
        }
    }
    if let Some(title) = link.attribute("title") {
        if title.trim().is_empty() {
            report.say("AttrNotBlank", "title of a link");
        }
        value::plain(title, "ContainsHTML", "title of a link", report);
    }
    if let Some(length) = link.attribute("length")
        && length.parse::<u64>().is_err()
    {
        report.say("InvalidNonNegativeInteger", format!("length `{length}`"));
    }
    if let Some(tag) = link.attribute("hreflang") {
        value::language(tag, "hreflang", report);
    }
    if !link.text.trim().is_empty() || !link.children.is_empty() {
        report.say("AtomLinkNotEmpty", format!("link rel={rel}"));
    }
}

/// What a feed's or a channel's links have to be together. `archive`: the document says that it
/// is one (RFC 5005, section 4).
pub(crate) fn check_all(links: &[&Element], archive: bool, report: &mut Report) {
    let has = |rel: &str| links.iter().any(|link| relation(link) == rel);
    if !has("self") {
        report.say("MissingSelf", "no link rel=self");
    }
    if archive && !has("prev-archive") && !has("next-archive") {
        report.say("ArchiveIncomplete", "an archive without archive links");
    }
    if archive && !has("current") {
        report.say("MissingCurrentInArchive", "an archive without current");
    }
    for once in ["self", "current", "prev-archive", "next-archive"] {
        if links.iter().filter(|link| relation(link) == once).count() > 1 {
            report.say("DuplicateAtomLink", once);
        }
    }
    check_alternates(links, report);
}

/// One alternate of a kind and a language (RFC 4287, sections 4.1.1 and 4.1.2).
pub(crate) fn check_alternates(links: &[&Element], report: &mut Report) {
    let mut kinds: Vec<_> = links
        .iter()
        .filter(|link| relation(link) == "alternate")
        .map(|link| (link.attribute("type"), link.attribute("hreflang")))
        .collect();
    let all = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() < all {
        report.say("DuplicateAtomLink", "alternate");
    }
}
