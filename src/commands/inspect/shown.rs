//! A feed as `inspect` shows it: for people, and as JSON.

use std::fmt::Write as _;

use lenient_feed::{
    Chapter, Contributor, Enclosure, Entry, Episode, Feed, Funding, Live, Media, Repair, Transcript,
};
use newsdesk::sources;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    funding: Vec<JsonFunding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    live: Vec<JsonLive<'a>>,
    entries: Vec<JsonEntry<'a>>,
}

#[derive(Serialize)]
struct JsonFunding<'a> {
    url: &'a str,
    label: &'a str,
}

/// A live stream: what an entry has, and its times.
#[derive(Serialize)]
struct JsonLive<'a> {
    status: Option<&'a str>,
    start: Option<String>,
    end: Option<String>,
    #[serde(flatten)]
    entry: JsonEntry<'a>,
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
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<JsonMedia<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    episode: Option<JsonEpisode<'a>>,
}

/// One of Media RSS's contents.
#[derive(Serialize)]
struct JsonMedia<'a> {
    url: &'a str,
    r#type: Option<&'a str>,
    medium: Option<&'a str>,
    length: Option<u64>,
    duration: Option<u64>,
    width: Option<u32>,
    height: Option<u32>,
}

/// What a podcast says of an episode.
#[derive(Serialize)]
struct JsonEpisode<'a> {
    season: Option<&'a str>,
    season_name: Option<&'a str>,
    number: Option<&'a str>,
    kind: Option<&'a str>,
    image: Option<&'a str>,
    chapters_at: Option<JsonEnclosure<'a>>,
    chapters: Vec<JsonChapter<'a>>,
    people: Vec<JsonContributor<'a>>,
    transcripts: Vec<JsonTranscript<'a>>,
}

#[derive(Serialize)]
struct JsonChapter<'a> {
    /// Milliseconds.
    start: u64,
    title: &'a str,
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonContributor<'a> {
    name: &'a str,
    role: Option<&'a str>,
    url: Option<&'a str>,
    image: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonTranscript<'a> {
    url: &'a str,
    r#type: Option<&'a str>,
    language: Option<&'a str>,
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
        image: feed.image.as_deref(),
        funding: feed.funding.iter().map(json_funding).collect(),
        live: feed.live.iter().map(json_live).collect(),
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
        kind: sources::kind(entry, None).name(),
        media: entry.media.iter().map(json_media).collect(),
        duration: entry.duration,
        thumbnail: entry.thumbnail.as_deref(),
        comments: entry.comments.as_deref(),
        language: entry.language.as_deref(),
        episode: (entry.episode != Episode::default()).then(|| json_episode(&entry.episode)),
    }
}

fn json_funding(funding: &Funding) -> JsonFunding<'_> {
    JsonFunding {
        url: &funding.url,
        label: &funding.label,
    }
}

fn json_live(live: &Live) -> JsonLive<'_> {
    JsonLive {
        status: live.status.as_deref(),
        start: live.start.map(instant),
        end: live.end.map(instant),
        entry: json_entry(&live.entry),
    }
}

fn json_media(media: &Media) -> JsonMedia<'_> {
    JsonMedia {
        url: &media.url,
        r#type: media.media_type.as_deref(),
        medium: media.medium.as_deref(),
        length: media.length,
        duration: media.duration,
        width: media.width,
        height: media.height,
    }
}

fn json_episode(episode: &Episode) -> JsonEpisode<'_> {
    JsonEpisode {
        season: episode.season.as_deref(),
        season_name: episode.season_name.as_deref(),
        number: episode.number.as_deref(),
        kind: episode.kind.as_deref(),
        image: episode.image.as_deref(),
        chapters_at: episode.chapters_at.as_ref().map(json_enclosure),
        chapters: episode.chapters.iter().map(json_chapter).collect(),
        people: episode.people.iter().map(json_contributor).collect(),
        transcripts: episode.transcripts.iter().map(json_transcript).collect(),
    }
}

fn json_chapter(chapter: &Chapter) -> JsonChapter<'_> {
    JsonChapter {
        start: chapter.start,
        title: &chapter.title,
        url: chapter.url.as_deref(),
    }
}

fn json_contributor(person: &Contributor) -> JsonContributor<'_> {
    JsonContributor {
        name: &person.name,
        role: person.role.as_deref(),
        url: person.url.as_deref(),
        image: person.image.as_deref(),
    }
}

fn json_transcript(transcript: &Transcript) -> JsonTranscript<'_> {
    JsonTranscript {
        url: &transcript.url,
        r#type: transcript.media_type.as_deref(),
        language: transcript.language.as_deref(),
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
