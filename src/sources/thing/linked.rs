//! JSON-LD (schema.org) in a page's scripts.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::date;
use crate::model::Kind;

/// So many scripts are read.
const SCRIPTS: usize = 20;
/// Larger ones are not, in bytes.
const LARGEST: usize = 300_000;
/// So many objects are looked at.
const OBJECTS: usize = 500;

/// What the scripts say of what the page is about.
#[derive(Default)]
pub(super) struct Linked {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) summary: Option<String>,
    pub(super) kind: Option<Kind>,
}

/// Reads the first object that is a work of somebody.
pub(super) fn read(source: &str) -> Linked {
    for script in scripts(source) {
        let Ok(value) = serde_json::from_str::<Value>(script.trim()) else {
            continue;
        };
        if let Some((work, kind)) = work(&value) {
            return of(work, kind);
        }
    }
    Linked::default()
}

/// The texts of the scripts of this type, each looked at once.
fn scripts(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start + "<script".len()..];
        let Some(open) = rest.find('>') else { break };
        let is_linked = rest[..open].contains("ld+json");
        rest = &rest[open + 1..];
        let Some(end) = rest.find("</script") else {
            break;
        };
        if is_linked && end <= LARGEST {
            found.push(&rest[..end]);
            if found.len() == SCRIPTS {
                break;
            }
        }
        rest = &rest[end..];
    }
    found
}

/// The first object with a type that somebody writes or makes: at the top, in a list, in a graph.
fn work(value: &Value) -> Option<(&Value, Kind)> {
    let mut queue = vec![value];
    let mut at = 0;
    while at < queue.len() && at < OBJECTS {
        let value = queue[at];
        match value {
            Value::Array(list) => queue.extend(list.iter().take(OBJECTS)),
            Value::Object(object) => {
                if let Some(kind) = object.get("@type").and_then(kind) {
                    return Some((value, kind));
                }
                queue.extend(object.get("@graph"));
                queue.extend(object.get("mainEntity"));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn kind(of: &Value) -> Option<Kind> {
    let names: Vec<&str> = match of {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    names.into_iter().find_map(|name| {
        Some(match name {
            "ScholarlyArticle" | "MedicalScholarlyArticle" | "Thesis" => Kind::Paper,
            "Article"
            | "NewsArticle"
            | "BlogPosting"
            | "TechArticle"
            | "Report"
            | "OpinionNewsArticle"
            | "AnalysisNewsArticle"
            | "LiveBlogPosting" => Kind::Post,
            "VideoObject" | "Movie" | "Clip" => Kind::Video,
            "PodcastEpisode" | "AudioObject" | "RadioEpisode" => Kind::Podcast,
            "Book" | "Audiobook" => Kind::Book,
            "SoftwareSourceCode" | "SoftwareApplication" => Kind::Code,
            _ => return None,
        })
    })
}

fn of(work: &Value, kind: Kind) -> Linked {
    let text = |name: &str| {
        let text = work.get(name)?.as_str()?.trim();
        let mut plain = String::new();
        // Some escape what stands in a script as they would in a page.
        lenient_feed::entities::unescape(
            text,
            0,
            &mut lenient_feed::entities::Entities::default(),
            &mut lenient_feed::repair::Log::default(),
            &mut plain,
        );
        (!plain.is_empty()).then_some(plain)
    };
    Linked {
        title: text("headline").or_else(|| text("name")),
        authors: work
            .get("author")
            .or_else(|| work.get("creator"))
            .map(names)
            .unwrap_or_default(),
        published: ["datePublished", "uploadDate", "dateCreated"]
            .into_iter()
            .find_map(|name| date(&text(name)?)),
        summary: text("description").or_else(|| text("abstract")),
        kind: Some(kind),
    }
}

fn names(author: &Value) -> Vec<String> {
    match author {
        Value::String(name) => vec![name.clone()],
        Value::Array(list) => list.iter().take(50).flat_map(names).collect(),
        Value::Object(person) => match person.get("name") {
            Some(Value::String(name)) => vec![name.clone()],
            Some(list @ Value::Array(_)) => names(list),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
