//! RFC 4287: what its RELAX NG schema asks (appendix B), what its text asks, and what the W3C's
//! service remarks on beyond.

use std::collections::HashSet;

use super::Report;
use super::tree::{Element, is_known, parse};
use super::{html, link, value};

pub(crate) const ATOM: &str = "http://www.w3.org/2005/Atom";
pub(crate) const HISTORY: &str = "http://purl.org/syndication/history/1.0";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Everything that is wrong with the Atom document.
pub(crate) fn check(document: &[u8]) -> Vec<String> {
    let mut report = Report::default();
    if let Some(root) = parse(document, &mut report) {
        if root.is(ATOM, "feed") {
            check_feed(&root, &mut report);
        } else {
            report.say("UndefinedElement", format!("{} as root", root.title()));
        }
    }
    report.remarks
}

fn check_feed(feed: &Element, report: &mut Report) {
    value::attributes(feed, &[], report);
    check_children(
        feed,
        &["author", "category", "contributor", "link", "entry"],
        &["generator", "icon", "logo", "rights", "subtitle"],
        &["id", "title", "updated"],
        report,
    );
    if feed.lang().is_none() {
        report.say("MissingDCLanguage", "no xml:lang on feed");
    }
    let entries: Vec<&Element> = feed.all(ATOM, "entry").collect();
    check_order(feed, report);
    let links: Vec<&Element> = feed.all(ATOM, "link").collect();
    let archives = feed.all(HISTORY, "archive").count();
    link::check_all(&links, archives > 0, report);
    let has_author = feed.first(ATOM, "author").is_some();
    for child in &feed.children {
        if child.namespace == ATOM && child.name != "entry" {
            check_metadata(child, report);
        }
    }
    let orphan = entries.iter().any(|entry| {
        entry.first(ATOM, "author").is_none() && entry.first(ATOM, "source").is_none()
    });
    if !has_author && (orphan || entries.is_empty()) {
        report.say("MissingElement", "author");
    }
    check_unique(&entries, "id", "DuplicateEntries", report);
    check_unique(&entries, "updated", "DuplicateUpdated", report);
    for entry in entries {
        check_entry(entry, report);
    }
}

/// The children of a feed or an entry: many, at most one, exactly one, and none but extensions
/// beyond (`extensionElement` of the schema).
fn check_children(
    parent: &Element,
    many: &[&str],
    optional: &[&str],
    required: &[&str],
    report: &mut Report,
) {
    if !parent.text.trim().is_empty() {
        report.say("UnexpectedText", format!("in {}", parent.title()));
    }
    for child in &parent.children {
        let name = child.name.as_str();
        let place = format!("{} in {}", child.title(), parent.title());
        if child.namespace.is_empty() {
            report.say("UndeterminableVocabulary", place);
        } else if child.namespace == ATOM {
            if ![many, optional, required]
                .iter()
                .any(|list| list.contains(&name))
            {
                report.say("UndefinedElement", place);
            }
        } else if child.namespace == HISTORY {
            let is_right = parent.name == "feed"
                && ["archive", "complete"].contains(&name)
                && child.text.is_empty();
            if !is_right {
                report.say("UndefinedElement", place);
            }
        } else if child.namespace == XHTML {
            report.say("MisplacedXHTMLContent", place);
        } else if !is_known(&child.namespace) {
            report.say("UnknownNamespace", &child.namespace);
        }
    }
    for name in optional.iter().chain(required) {
        if parent.all(ATOM, name).count() > 1 {
            report.say("DuplicateElement", format!("{name} in {}", parent.title()));
        }
    }
    for name in required {
        if parent.first(ATOM, name).is_none() {
            report.say("MissingElement", format!("{name} in {}", parent.title()));
        }
    }
}

/// What the feed says of itself stands before its entries, extensions too: so the schema has it.
fn check_order(feed: &Element, report: &mut Report) {
    let mut seen_entry = false;
    for child in &feed.children {
        if child.is(ATOM, "entry") {
            seen_entry = true;
        } else if seen_entry {
            report.say("MisplacedMetadata", child.title());
        }
    }
}

fn check_unique(entries: &[&Element], name: &str, rule: &str, report: &mut Report) {
    let mut seen = HashSet::new();
    for value in entries.iter().filter_map(|entry| entry.first(ATOM, name)) {
        if !seen.insert(value.text.trim()) {
            report.say(rule, value.text.trim());
        }
    }
}

/// A child in Atom's own namespace that feeds and entries may have, except `content`.
fn check_metadata(child: &Element, report: &mut Report) {
    let place = child.name.as_str();
    match place {
        "title" | "subtitle" | "rights" | "summary" => check_text(child, report),
        "author" | "contributor" => check_person(child, report),
        "link" => link::check(child, false, report),
        "category" => check_category(child, report),
        "id" => {
            value::attributes(child, &[], report);
            value::leaf(child, report);
            value::id(&child.text, place, report);
        }
        "updated" | "published" => {
            value::attributes(child, &[], report);
            value::leaf(child, report);
            value::rfc3339(&child.text, place, report);
        }
        "icon" | "logo" => {
            value::attributes(child, &[], report);
            value::leaf(child, report);
            value::uri(&child.text, place, report);
        }
        "generator" => {
            value::attributes(child, &["uri", "version"], report);
            value::leaf(child, report);
            check_blank(child, report);
        }
        _ => {}
    }
}

fn check_entry(entry: &Element, report: &mut Report) {
    value::attributes(entry, &[], report);
    check_children(
        entry,
        &["author", "category", "contributor", "link"],
        &["content", "published", "rights", "source", "summary"],
        &["id", "title", "updated"],
        report,
    );
    let links: Vec<&Element> = entry.all(ATOM, "link").collect();
    link::check_alternates(&links, report);
    for child in entry
        .children
        .iter()
        .filter(|child| child.namespace == ATOM)
    {
        match child.name.as_str() {
            "link" => link::check(child, true, report),
            "content" => check_content(entry, child, report),
            _ => check_metadata(child, report),
        }
    }
    if entry.first(ATOM, "content").is_none() {
        if !links
            .iter()
            .any(|found| link::relation(found) == "alternate")
        {
            report.say("MissingContentOrAlternate", "entry");
        }
        if entry.first(ATOM, "summary").is_none() {
            report.say("MissingTextualContent", "entry");
        }
    }
    check_dates(entry, report);
}

/// Nothing changes before it is there. (Ours: no specification says it.)
fn check_dates(entry: &Element, report: &mut Report) {
    let instant = |name| {
        let written = entry.first(ATOM, name)?.text.trim().to_owned();
        chrono::DateTime::parse_from_rfc3339(&written).ok()
    };
    if let (Some(published), Some(updated)) = (instant("published"), instant("updated"))
        && updated < published
    {
        report.say("UpdatedBeforePublished", format!("{updated} < {published}"));
    }
}

fn check_blank(element: &Element, report: &mut Report) {
    if element.text.trim().is_empty() && element.children.is_empty() {
        report.say("NotBlank", element.title());
    }
}

/// A text construct (section 3.1).
fn check_text(element: &Element, report: &mut Report) {
    value::attributes(element, &["type"], report);
    let place = element.name.as_str();
    match element.attribute("type").unwrap_or("text") {
        "text" => {
            value::leaf(element, report);
            value::plain(&element.text, "ContainsUndeclaredHTML", place, report);
        }
        "html" => {
            value::leaf(element, report);
            html::check(&element.text, place, report);
        }
        "xhtml" => check_xhtml(element, report),
        other => report.say("InvalidTextType", format!("{other} on {place}")),
    }
    check_blank(element, report);
}

/// One `div` and nothing beside it (section 3.1.1.3).
fn check_xhtml(element: &Element, report: &mut Report) {
    let is_right = element.text.trim().is_empty()
        && element.children.len() == 1
        && element.children[0].is(XHTML, "div");
    if !is_right {
        report.say("MissingXhtmlDiv", &element.name);
    }
}

/// Section 4.1.3.
fn check_content(entry: &Element, content: &Element, report: &mut Report) {
    value::attributes(content, &["type", "src"], report);
    let kind = content.attribute("type");
    if let Some(src) = content.attribute("src") {
        value::uri(src, "content src", report);
        if kind.is_none() {
            report.say("MissingTypeAttr", "content with src");
        } else if !kind.is_some_and(value::is_media_type) {
            report.say("InvalidMIMEType", kind.unwrap_or_default());
        }
        if !content.text.is_empty() || !content.children.is_empty() {
            report.say("UnexpectedText", "content with src");
        }
        if entry.first(ATOM, "summary").is_none() {
            report.say("MissingTextualContent", "content with src");
        }
        return;
    }
    check_blank(content, report);
    match kind.unwrap_or("text") {
        "text" => {
            value::leaf(content, report);
            value::plain(&content.text, "ContainsUndeclaredHTML", "content", report);
        }
        "html" => {
            value::leaf(content, report);
            html::check(&content.text, "content", report);
        }
        "xhtml" => check_xhtml(content, report),
        other if !value::is_media_type(other) || other.starts_with("multipart/") => {
            report.say("InvalidMIMEType", other);
        }
        _ => {}
    }
}

/// A person construct (section 3.2).
fn check_person(person: &Element, report: &mut Report) {
    value::attributes(person, &[], report);
    for child in &person.children {
        let place = format!("{} of {}", child.title(), person.title());
        match (child.namespace.as_str(), child.name.as_str()) {
            (ATOM, "name") => {
                check_blank(child, report);
                value::plain(&child.text, "ContainsHTML", &place, report);
            }
            (ATOM, "uri") => value::uri(&child.text, &place, report),
            (ATOM, "email") if !value::is_mail_address(&child.text) => {
                report.say("InvalidContact", format!("`{}`", child.text));
            }
            (ATOM, "email") => {}
            (ATOM | "", _) => report.say("UndefinedElement", place),
            _ => {}
        }
        value::leaf(child, report);
    }
    for name in ["name", "uri", "email"] {
        if person.all(ATOM, name).count() > 1 {
            report.say("DuplicateElement", format!("{name} in {}", person.title()));
        }
    }
    if person.first(ATOM, "name").is_none() {
        report.say("MissingElement", format!("name in {}", person.title()));
    }
}

fn check_category(category: &Element, report: &mut Report) {
    value::attributes(category, &["term", "scheme", "label"], report);
    match category.attribute("term") {
        None => report.say("MissingAttribute", "term of category"),
        Some(term) if term.trim().is_empty() => report.say("AttrNotBlank", "term of category"),
        Some(_) => {}
    }
    if let Some(scheme) = category.attribute("scheme") {
        value::uri(scheme, "scheme of category", report);
    }
    if !category.text.trim().is_empty() {
        report.say("UnexpectedText", "in category");
    }
}
