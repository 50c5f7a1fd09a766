//! `newsdesk inspect`: what newsdesk sees in a feed, and what it had to mend to see it.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, SecondsFormat, Utc};
use newsdesk::sources::{self, Enclosure, Entry, Feed, Hints, Repair};
use serde::Serialize;

/// Shows what newsdesk understands of a feed: its format, its entries and their dates, and what
/// had to be mended
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Feeds saved as files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A header of the answer that brought the feed, such as `Content-Type: text/xml`; as often
    /// as there are headers
    #[arg(long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Print one JSON object for each file
    #[arg(long)]
    json: bool,
}

/// Reads every file and prints what it holds.
pub(super) fn run(args: &Args) -> anyhow::Result<super::Found> {
    let content_type = header(&args.headers, "content-type");
    let location = header(&args.headers, "content-location");
    let url = location.and_then(|location| url::Url::parse(location).ok());
    let hints = Hints {
        content_type,
        url: url.as_ref(),
    };
    let mut found = super::Found::Nothing;
    for path in &args.files {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut parsed = sources::parse(&bytes, &hints);
        if let Ok(feed) = &mut parsed {
            for entry in &mut feed.entries {
                sources::clean(entry, hints.url);
            }
        }
        let several = args.files.len() > 1;
        match parsed {
            Ok(feed) if args.json => super::print(&json(&feed, several.then_some(path))?)?,
            Ok(feed) => super::print(&report(&feed, path))?,
            Err(error) => {
                found = super::Found::Problems;
                let file = path.display().to_string();
                if args.json {
                    let failure = Failure {
                        file: several.then_some(&file),
                        error: error.to_string(),
                    };
                    super::print(&format!("{}\n", serde_json::to_string(&failure)?))?;
                } else {
                    super::say(&format!("{file}: {error}"))?;
                }
            }
        }
    }
    Ok(found)
}

/// The value of a header, by its name in small letters.
fn header<'a>(headers: &'a [String], name: &str) -> Option<&'a str> {
    headers.iter().find_map(|header| {
        let (known, value) = header.split_once(':')?;
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim())
    })
}

#[derive(Serialize)]
struct Failure<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    error: String,
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

fn json(feed: &Feed, path: Option<&PathBuf>) -> anyhow::Result<String> {
    let shape = JsonFeed {
        file: path.map(|path| path.display().to_string()),
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

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What a person wants to know of a feed.
fn report(feed: &Feed, path: &Path) -> String {
    let mut text = String::new();
    let title = feed.title.as_ref().map(sources::Text::plain);
    let title = title.as_deref().unwrap_or("(no title)");
    let count = match feed.entries.len() {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    let _ = writeln!(text, "{}: {}, {count}", path.display(), feed.format);
    let _ = writeln!(text, "  {title}");
    if let Some(link) = &feed.link {
        let _ = writeln!(text, "  {link}");
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
    let title = entry.title.as_ref().map(sources::Text::plain);
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
