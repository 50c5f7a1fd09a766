//! A feed as `inspect` shows it: for people, and as JSON.

use std::fmt::Write as _;

use lenient_feed::{Enclosure, Entry, Feed, Repair};
use serde::Serialize;

use crate::commands::instant;

/// A document that is no feed.
#[derive(Serialize)]
pub(super) struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<&'a str>,
    pub(super) error: String,
}

/// The documented shape of `inspect --json`. Texts are cleaned HTML where the feed gives HTML, and
/// plain text where it gives that.
#[derive(Serialize)]
struct JsonFeed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    format: &'a str,
    repairs: Vec<JsonRepair<'a>>,
    title: Option<&'a str>,
    link: Option<&'a str>,
    entries: Vec<JsonEntry<'a>>,
}

#[derive(Serialize)]
struct JsonRepair<'a> {
    name: &'a str,
    message: String,
    line: Option<usize>,
    times: usize,
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    id: &'a str,
    title: Option<&'a str>,
    link: Option<&'a str>,
    published: Option<String>,
    updated: Option<String>,
    authors: Vec<&'a str>,
    summary: Option<&'a str>,
    content: Option<&'a str>,
    categories: &'a [String],
    enclosures: Vec<JsonEnclosure<'a>>,
}

#[derive(Serialize)]
struct JsonEnclosure<'a> {
    url: &'a str,
    r#type: Option<&'a str>,
    length: Option<u64>,
}

/// A feed as JSON, with the name of its file where there are several.
pub(super) fn json(feed: &Feed, name: Option<&str>) -> anyhow::Result<String> {
    let shape = JsonFeed {
        file: name.map(str::to_owned),
        format: feed.format.name(),
        repairs: feed.repairs.iter().map(json_repair).collect(),
        title: feed.title.as_ref().map(|title| title.value.as_str()),
        link: feed.link.as_deref(),
        entries: feed.entries.iter().map(json_entry).collect(),
    };
    Ok(format!("{}\n", serde_json::to_string(&shape)?))
}

fn json_repair(repair: &Repair) -> JsonRepair<'_> {
    JsonRepair {
        name: repair.defect.name(),
        message: repair.to_string(),
        line: repair.line,
        times: repair.times,
    }
}

fn json_entry(entry: &Entry) -> JsonEntry<'_> {
    JsonEntry {
        id: &entry.id,
        title: entry.title.as_ref().map(|title| title.value.as_str()),
        link: entry.link.as_deref(),
        published: entry.published.map(instant),
        updated: entry.updated.map(instant),
        authors: entry
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect(),
        summary: entry.summary.as_ref().map(|text| text.value.as_str()),
        content: entry.content.as_ref().map(|text| text.value.as_str()),
        categories: &entry.categories,
        enclosures: entry.enclosures.iter().map(json_enclosure).collect(),
    }
}

fn json_enclosure(enclosure: &Enclosure) -> JsonEnclosure<'_> {
    JsonEnclosure {
        url: &enclosure.url,
        r#type: enclosure.media_type.as_deref(),
        length: enclosure.length,
    }
}

/// What a person wants to know of a feed.
pub(super) fn report(feed: &Feed, name: &str, facts: &[String]) -> String {
    let mut text = String::new();
    let title = feed.title.as_ref().map(lenient_feed::Text::plain);
    let title = title.as_deref().unwrap_or("(no title)");
    let count = match feed.entries.len() {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    let _ = writeln!(text, "{name}: {}, {count}", feed.format);
    let _ = writeln!(text, "  {title}");
    if let Some(link) = &feed.link {
        let _ = writeln!(text, "  {link}");
    }
    for fact in facts {
        let _ = writeln!(text, "  {fact}");
    }
    for repair in &feed.repairs {
        let _ = writeln!(text, "  mended: {repair}");
    }
    for entry in &feed.entries {
        entry_report(entry, &mut text);
    }
    text
}

fn entry_report(entry: &Entry, text: &mut String) {
    let day = entry.published.or(entry.updated).map_or_else(
        || "no date   ".to_owned(),
        |it| it.format("%Y-%m-%d").to_string(),
    );
    let title = entry.title.as_ref().map(lenient_feed::Text::plain);
    let title = title.as_deref().unwrap_or("(no title)");
    let _ = writeln!(text, "\n{day}  {title}");
    let authors: Vec<_> = entry.authors.iter().map(|it| it.name.as_str()).collect();
    if !authors.is_empty() {
        let _ = writeln!(text, "            by {}", authors.join(", "));
    }
    if let Some(link) = &entry.link {
        let _ = writeln!(text, "            {link}");
    }
    for enclosure in &entry.enclosures {
        let media_type = enclosure.media_type.as_deref().unwrap_or("unknown type");
        let _ = writeln!(text, "            {} ({media_type})", enclosure.url);
    }
    if let Some(words) = entry.content.as_ref().or(entry.summary.as_ref()) {
        let words = words.plain();
        let short: String = words.chars().take(200).collect();
        let dots = if short.len() < words.len() { "…" } else { "" };
        let _ = writeln!(text, "            {short}{dots}");
    }
}
