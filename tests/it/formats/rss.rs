//! RSS 2.0: the elements of its specification and of the namespaces that we use, and what the
//! W3C's service remarks on beyond.

use std::collections::HashSet;

use super::Report;
use super::atom::{ATOM, HISTORY};
use super::itunes::{self, FORMATS, ITUNES};
use super::tree::{Element, is_known, parse};
use super::{html, link, value};

const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DC: &str = "http://purl.org/dc/elements/1.1/";

const CHANNEL: [&str; 17] = [
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "managingEditor",
    "webMaster",
    "pubDate",
    "lastBuildDate",
    "generator",
    "docs",
    "cloud",
    "ttl",
    "image",
    "rating",
    "skipHours",
    "skipDays",
];
const ITEM: [&str; 9] = [
    "title",
    "link",
    "description",
    "author",
    "comments",
    "enclosure",
    "guid",
    "pubDate",
    "source",
];
/// The elements of other namespaces of which there may be several.
const REPEATED: [&str; 5] = [
    "link",
    "dc:creator",
    "dc:contributor",
    "dc:subject",
    "itunes:category",
];

/// Everything that is wrong with the RSS document.
pub(crate) fn check(document: &[u8]) -> Vec<String> {
    let mut report = Report::default();
    if let Some(root) = parse(document, &mut report) {
        check_root(&root, &mut report);
    }
    report.remarks
}

fn check_root(root: &Element, report: &mut Report) {
    if !root.is("", "rss") {
        return report.say("UndefinedElement", format!("{} as root", root.title()));
    }
    value::attributes(root, &["version"], report);
    if root.attribute("version") != Some("2.0") {
        report.say(
            "InvalidRSSVersion",
            root.attribute("version").unwrap_or("none"),
        );
    }
    if !root.text.trim().is_empty() {
        report.say("UnexpectedText", "in rss");
    }
    match root.children.as_slice() {
        [channel] if channel.is("", "channel") => check_channel(channel, report),
        _ => report.say("MissingElement", "one channel"),
    }
}

/// The text of the child of that name without namespace.
fn text<'a>(parent: &'a Element, name: &'a str) -> Option<&'a str> {
    parent.first("", name).map(|child| child.text.trim())
}

/// Remarks on children that the element cannot have, or not twice.
fn check_children(parent: &Element, known: &[&str], many: &[&str], report: &mut Report) {
    value::attributes(parent, &[], report);
    if !parent.text.trim().is_empty() {
        report.say("UnexpectedText", format!("in {}", parent.name));
    }
    let mut seen = HashSet::new();
    for child in &parent.children {
        let title = child.title();
        let is_own = child.namespace.is_empty();
        if is_own && !known.contains(&child.name.as_str()) && !many.contains(&child.name.as_str()) {
            report.say("UndefinedElement", format!("{title} in {}", parent.name));
        }
        if !is_own && !is_known(&child.namespace) {
            report.say("UnknownNamespace", &child.namespace);
        }
        let may_repeat = if is_own {
            many.contains(&child.name.as_str())
        } else {
            REPEATED.contains(&title.as_str())
        };
        if !seen.insert((child.namespace.as_str(), title.clone())) && !may_repeat {
            let rule = if title == "enclosure" {
                "DuplicateEnclosure"
            } else {
                "DuplicateElement"
            };
            report.say(rule, format!("{title} in {}", parent.name));
        }
    }
}

fn check_channel(channel: &Element, report: &mut Report) {
    check_children(channel, &CHANNEL, &["category", "item"], report);
    for (name, rule) in [
        ("title", "MissingTitle"),
        ("link", "MissingLink"),
        ("description", "MissingDescription"),
    ] {
        if channel.first("", name).is_none() {
            report.say(rule, "channel");
        }
    }
    if channel.first("", "language").is_none() && channel.first(DC, "language").is_none() {
        report.say("MissingDCLanguage", "no language");
    }
    let items: Vec<&Element> = channel.all("", "item").collect();
    check_order(channel, report);
    for child in &channel.children {
        check_channel_child(channel, child, report);
    }
    let links: Vec<&Element> = channel.all(ATOM, "link").collect();
    let is_archive = channel.first(HISTORY, "archive").is_some();
    link::check_all(&links, is_archive, report);
    duplicate_semantics(
        channel,
        &[
            ("managingEditor", "creator"),
            ("webMaster", "publisher"),
            ("pubDate", "date"),
            ("language", "language"),
            ("copyright", "rights"),
            ("category", "subject"),
        ],
        report,
    );
    let is_podcast = channel.children.iter().any(|child| {
        child.namespace == ITUNES || child.children.iter().any(|inner| inner.namespace == ITUNES)
    });
    if is_podcast {
        itunes::check_channel(channel, report);
    }
    let mut guids = HashSet::new();
    for item in items {
        check_item(item, is_podcast, report);
        if let Some(guid) = text(item, "guid")
            && !guids.insert(guid)
        {
            report.say("DuplicateValue", format!("guid `{guid}`"));
        }
    }
}

fn check_order(channel: &Element, report: &mut Report) {
    let mut seen_item = false;
    for child in &channel.children {
        if child.is("", "item") {
            seen_item = true;
        } else if seen_item && (child.namespace.is_empty() || child.namespace == ATOM) {
            report.say("MisplacedItem", child.title());
        }
    }
}

/// What is said twice: once in RSS's own words, once in Dublin Core's.
fn duplicate_semantics(parent: &Element, pairs: &[(&str, &str)], report: &mut Report) {
    for (core, extension) in pairs {
        if parent.first("", core).is_some() && parent.first(DC, extension).is_some() {
            report.say("DuplicateSemantics", format!("{core} and dc:{extension}"));
        }
    }
}

fn check_channel_child(channel: &Element, child: &Element, report: &mut Report) {
    let written = child.text.trim();
    let title = child.title();
    match (child.namespace.as_str(), child.name.as_str()) {
        ("", "title") => check_title(child, report),
        ("", "description" | "copyright") => {
            value::plain(written, "ContainsHTML", &title, report);
        }
        ("", "link" | "docs") => value::uri(written, &title, report),
        ("" | DC, "language") => value::language(written, &title, report),
        ("", "pubDate" | "lastBuildDate") => {
            value::rfc2822(written, &title, report);
        }
        ("", "managingEditor" | "webMaster") => check_mail(written, report),
        ("", "ttl") if written.parse::<u32>().is_ok_and(|minutes| minutes > 0) => {}
        ("", "ttl") => report.say("InvalidPositiveInteger", format!("ttl `{written}`")),
        ("", "image") => check_image(channel, child, report),
        ("", "category") => {
            value::attributes(child, &["domain"], report);
            value::plain(written, "ContainsHTML", &title, report);
        }
        (ATOM, "link") => link::check(child, false, report),
        (HISTORY, "archive" | "complete") if written.is_empty() => {}
        (HISTORY, _) => report.say("UndefinedElement", title),
        (ITUNES, _) => itunes::check(child, report),
        _ => {}
    }
}

fn check_title(title: &Element, report: &mut Report) {
    if title.text.trim().is_empty() {
        report.say("NotBlank", "title");
    }
    value::leaf(title, report);
    value::attributes(title, &[], report);
    value::plain(title.text.trim(), "ContainsHTML", "title", report);
}

/// `editor@example.org (Ada Writer)`.
fn check_mail(written: &str, report: &mut Report) {
    let address = written.split(' ').next().unwrap_or_default();
    if !value::is_mail_address(address) {
        report.say("InvalidContact", format!("`{written}`"));
    } else if address.len() == written.len() {
        report.say("MissingRealName", format!("`{written}`"));
    } else if !written.ends_with(')') {
        report.say("EmailFormat", format!("`{written}`"));
    }
}

fn check_image(channel: &Element, image: &Element, report: &mut Report) {
    let known = ["url", "title", "link", "width", "height", "description"];
    check_children(image, &known, &[], report);
    match text(image, "url") {
        None => report.say("MissingElement", "url in image"),
        Some(url) => {
            value::uri(url, "image", report);
            let kind = url.rsplit('.').next().unwrap_or_default().to_lowercase();
            let is_word = kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_word && !["jpg", "jpeg", "gif", "png"].contains(&kind.as_str()) {
                report.say("ImageUrlFormat", url);
            }
        }
    }
    for (name, missing, differs) in [
        ("title", "MissingTitle", "ImageTitleDoesntMatch"),
        ("link", "MissingLink", "ImageLinkDoesntMatch"),
    ] {
        match text(image, name) {
            None => report.say(missing, "image"),
            Some(value) if text(channel, name) != Some(value) => report.say(differs, value),
            Some(_) => {}
        }
    }
    for (name, most) in [("width", 144), ("height", 400)] {
        let fits = |size: &str| {
            size.parse::<u32>()
                .is_ok_and(|size| (1..=most).contains(&size))
        };
        if text(image, name).is_some_and(|size| !fits(size)) {
            report.say("InvalidWidth", name);
        }
    }
}

fn check_item(item: &Element, is_podcast: bool, report: &mut Report) {
    check_children(item, &ITEM, &["category"], report);
    if item.first("", "title").is_none() && item.first("", "description").is_none() {
        report.say("ItemMustContainTitleOrDescription", "item");
    }
    if item.first("", "guid").is_none() {
        report.say("MissingGuid", "item");
    }
    duplicate_semantics(
        item,
        &[
            ("author", "creator"),
            ("pubDate", "date"),
            ("category", "subject"),
            ("source", "source"),
        ],
        report,
    );
    let mut has_description = false;
    for child in &item.children {
        has_description |= child.is("", "description");
        if child.is(CONTENT, "encoded") && !has_description {
            report.say("NeedDescriptionBeforeContent", "item");
        }
        check_item_child(child, is_podcast, report);
    }
}

fn check_item_child(child: &Element, is_podcast: bool, report: &mut Report) {
    let written = child.text.trim();
    let title = child.title();
    match (child.namespace.as_str(), child.name.as_str()) {
        ("", "title") => check_title(child, report),
        ("", "link" | "comments") => value::uri(written, &title, report),
        ("", "description") | (CONTENT, "encoded") => {
            value::leaf(child, report);
            html::check(written, &title, report);
        }
        ("", "author") => check_mail(written, report),
        ("", "pubDate") => {
            value::rfc2822(written, &title, report);
        }
        ("", "category") => {
            value::attributes(child, &["domain"], report);
            if written.is_empty() {
                report.say("NotBlank", "category");
            }
            value::plain(written, "ContainsHTML", &title, report);
        }
        ("", "guid") => check_guid(child, report),
        ("", "enclosure") => check_enclosure(child, is_podcast, report),
        (DC, "creator") => {
            if written.is_empty() {
                report.say("NotBlank", "dc:creator");
            }
            value::leaf(child, report);
        }
        (DC, "language") => value::language(written, &title, report),
        (ATOM, "link") => link::check(child, true, report),
        (ITUNES, _) => itunes::check(child, report),
        (CONTENT | HISTORY, _) => report.say("UndefinedElement", title),
        _ => {}
    }
}

fn check_guid(guid: &Element, report: &mut Report) {
    value::attributes(guid, &["isPermaLink"], report);
    let written = guid.text.trim();
    if written.is_empty() {
        return report.say("NotBlank", "guid");
    }
    match guid.attribute("isPermaLink").unwrap_or("true") {
        "true" if written.starts_with("tag:") || written.starts_with("urn:") => {
            report.say("InvalidPermalink", written);
        }
        "true" if !written.starts_with("http://") && !written.starts_with("https://") => {
            report.say("InvalidHttpGUID", written);
        }
        "true" => value::uri(written, "guid", report),
        "false" if written.len() < 9 && written.bytes().all(|byte| byte.is_ascii_digit()) => {
            report.say("NotSufficientlyUnique", written);
        }
        "false" => {}
        other => report.say("InvalidBooleanAttribute", format!("isPermaLink `{other}`")),
    }
}

fn check_enclosure(enclosure: &Element, is_podcast: bool, report: &mut Report) {
    value::attributes(enclosure, &["url", "length", "type"], report);
    for name in ["url", "length", "type"] {
        if enclosure.attribute(name).is_none() {
            report.say("MissingAttribute", format!("{name} of enclosure"));
        }
    }
    if let Some(url) = enclosure.attribute("url") {
        value::web(url, "enclosure", report);
        let kind = url.rsplit('.').next().unwrap_or_default();
        if is_podcast && !FORMATS.contains(&kind) {
            report.say("UnsupportedItunesFormat", url);
        }
    }
    if let Some(length) = enclosure.attribute("length")
        && length.parse::<u64>().is_err()
    {
        report.say("InvalidIntegerAttribute", format!("length `{length}`"));
    }
    if let Some(kind) = enclosure.attribute("type")
        && !value::is_media_type(kind)
    {
        report.say("InvalidMIMEAttribute", format!("type `{kind}`"));
    }
}
