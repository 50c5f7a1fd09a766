//! JSON Feed 1.1, as its specification says.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Report;
use super::{html, value};

type Object = Map<String, Value>;

const FEED: [&str; 15] = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "author",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
];
const ITEM: [&str; 16] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "author",
    "authors",
    "tags",
    "language",
    "attachments",
];

/// Everything that is wrong with the JSON Feed document.
pub(crate) fn check(document: &[u8]) -> Vec<String> {
    let mut report = Report::default();
    match serde_json::from_slice::<Value>(document) {
        Ok(Value::Object(feed)) => check_feed(&feed, &mut report),
        Ok(_) => report.say("NotAnObject", "the document"),
        Err(error) => report.say("NotJson", error),
    }
    report.remarks
}

fn check_feed(feed: &Object, report: &mut Report) {
    check_keys(feed, &FEED, "feed", report);
    match string(feed, "version", report) {
        Some("https://jsonfeed.org/version/1.1") => {}
        Some(other) => report.say("InvalidVersion", other),
        None => report.say("MissingKey", "version"),
    }
    if string(feed, "title", report).is_none_or(|title| title.trim().is_empty()) {
        report.say("MissingKey", "title");
    }
    for key in ["home_page_url", "feed_url", "next_url", "icon", "favicon"] {
        url(feed, key, report);
    }
    for key in ["home_page_url", "feed_url"] {
        if !feed.contains_key(key) {
            report.say("MissingRecommendedKey", key);
        }
    }
    if feed.contains_key("next_url") && feed.get("next_url") == feed.get("feed_url") {
        report.say("NextIsSelf", "next_url");
    }
    for key in ["description", "user_comment"] {
        string(feed, key, report);
    }
    check_authors(feed, report);
    check_language(feed, report);
    if feed
        .get("expired")
        .is_some_and(|expired| !expired.is_boolean())
    {
        report.say("WrongType", "expired");
    }
    for hub in objects(feed, "hubs", report) {
        check_keys(hub, &["type", "url"], "hub", report);
        if string(hub, "type", report).is_none() {
            report.say("MissingKey", "type of hub");
        }
        if url(hub, "url", report).is_none() {
            report.say("MissingKey", "url of hub");
        }
    }
    if !feed.contains_key("items") {
        report.say("MissingKey", "items");
    }
    let mut ids = HashSet::new();
    for item in objects(feed, "items", report) {
        if let Some(id) = check_item(item, report)
            && !ids.insert(id)
        {
            report.say("DuplicateIds", id);
        }
    }
}

fn check_item<'a>(item: &'a Object, report: &mut Report) -> Option<&'a str> {
    check_keys(item, &ITEM, "item", report);
    let id = string(item, "id", report).filter(|id| !id.trim().is_empty());
    if id.is_none() {
        report.say("MissingKey", "id of item");
    }
    for key in ["url", "external_url", "image", "banner_image"] {
        url(item, key, report);
    }
    for key in ["title", "summary", "content_text"] {
        string(item, key, report);
    }
    match string(item, "content_html", report) {
        Some(content) => html::check(content, "content_html", report),
        None if item.contains_key("content_text") => {}
        None => report.say("MissingContent", id.unwrap_or("an item")),
    }
    let published = string(item, "date_published", report)
        .and_then(|date| value::rfc3339(date, "date_published", report));
    let modified = string(item, "date_modified", report)
        .and_then(|date| value::rfc3339(date, "date_modified", report));
    if let (Some(published), Some(modified)) = (published, modified)
        && modified < published
    {
        report.say(
            "UpdatedBeforePublished",
            format!("{modified} < {published}"),
        );
    }
    check_authors(item, report);
    check_language(item, report);
    check_tags(item, report);
    for attachment in objects(item, "attachments", report) {
        check_attachment(attachment, report);
    }
    id
}

fn check_tags(item: &Object, report: &mut Report) {
    match item.get("tags") {
        None => {}
        Some(Value::Array(tags)) if tags.iter().all(Value::is_string) => {}
        Some(_) => report.say("WrongType", "tags"),
    }
}

fn check_attachment(attachment: &Object, report: &mut Report) {
    let known = [
        "url",
        "mime_type",
        "title",
        "size_in_bytes",
        "duration_in_seconds",
    ];
    check_keys(attachment, &known, "attachment", report);
    if url(attachment, "url", report).is_none() {
        report.say("MissingKey", "url of attachment");
    }
    match string(attachment, "mime_type", report) {
        None => report.say("MissingKey", "mime_type of attachment"),
        Some(kind) if !value::is_media_type(kind) => report.say("InvalidMIMEType", kind),
        Some(_) => {}
    }
    for key in ["size_in_bytes", "duration_in_seconds"] {
        let is_size = |size: &Value| size.as_f64().is_some_and(|size| size >= 0.0);
        if attachment.get(key).is_some_and(|size| !is_size(size)) {
            report.say("WrongType", key);
        }
    }
}

fn check_authors(parent: &Object, report: &mut Report) {
    if parent.contains_key("author") {
        report.say("Deprecated", "author: version 1.1 has authors");
    }
    for author in objects(parent, "authors", report) {
        check_keys(author, &["name", "url", "avatar"], "author", report);
        string(author, "name", report);
        url(author, "url", report);
        url(author, "avatar", report);
        if !["name", "url", "avatar"]
            .iter()
            .any(|key| author.contains_key(*key))
        {
            report.say("EmptyAuthor", "an author without name, url and avatar");
        }
    }
}

fn check_language(parent: &Object, report: &mut Report) {
    if let Some(tag) = string(parent, "language", report) {
        value::language(tag, "language", report);
    }
}

/// Keys are those of the specification or extensions: `_` and a letter, no point, an object.
fn check_keys(object: &Object, known: &[&str], place: &str, report: &mut Report) {
    for (key, value) in object {
        if known.contains(&key.as_str()) {
            continue;
        }
        let is_extension = key.strip_prefix('_').is_some_and(|name| {
            name.starts_with(|first: char| first.is_ascii_alphabetic()) && !name.contains('.')
        });
        if !is_extension {
            report.say("UndefinedKey", format!("{key} in {place}"));
        } else if let Value::Object(extension) = value {
            url(extension, "about", report);
        } else {
            report.say("WrongType", format!("{key} is no object"));
        }
    }
}

/// The string of that key, checked for characters that have no place in a feed.
fn string<'a>(object: &'a Object, key: &str, report: &mut Report) -> Option<&'a str> {
    let Value::String(text) = object.get(key)? else {
        report.say("WrongType", format!("{key} is no string"));
        return None;
    };
    let unfit = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    if let Some(unfit) = unfit {
        report.say("BadCharacters", format!("{key}: {unfit:?}"));
    }
    Some(text)
}

fn url<'a>(object: &'a Object, key: &str, report: &mut Report) -> Option<&'a str> {
    let written = string(object, key, report)?;
    value::uri(written, key, report);
    Some(written)
}

fn objects<'a>(parent: &'a Object, key: &str, report: &mut Report) -> Vec<&'a Object> {
    match parent.get(key) {
        None => Vec::new(),
        Some(Value::Array(values)) => {
            let objects: Vec<&Object> = values.iter().filter_map(Value::as_object).collect();
            if objects.len() < values.len() {
                report.say("WrongType", format!("{key} holds what is no object"));
            }
            objects
        }
        Some(_) => {
            report.say("WrongType", format!("{key} is no list"));
            Vec::new()
        }
    }
}
