//! A candidate as the pages show it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::time;
use super::why::Why;
use crate::desk::ranking::Ranking;
use crate::feeds::shown;
use crate::model::{Dated, SourceId};
use crate::store::Remembered;
use crate::suggest::Suggestion;

/// How much of a text is shown, in characters.
const EXCERPT: usize = 280;

/// Labels that are shown.
const TAGS: usize = 6;

/// What sources are called, and what the time is.
pub(super) struct Naming<'a> {
    /// Knows the sources.
    pub(super) ranking: &'a Ranking,
    /// The time.
    pub(super) now: DateTime<Utc>,
}

/// A candidate.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub(super) id: i64,
    pub(super) title: String,
    /// Where it leads, if a link may lead there.
    pub(super) url: Option<String>,
    pub(super) host: String,
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) source_id: i64,
    pub(super) authors: String,
    pub(super) ago: String,
    pub(super) day: String,
    pub(super) machine: String,
    pub(super) excerpt: String,
    pub(super) tags: Vec<String>,
    pub(super) chance: Option<String>,
    pub(super) reasons: Vec<String>,
    pub(super) why: Why,
    /// The same at other addresses.
    pub(super) also: Vec<Also>,
}

/// Another place of the same thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Also {
    pub(super) source: String,
    pub(super) url: Option<String>,
}

impl Naming<'_> {
    /// What a source is called; one that was removed has no name.
    pub(super) fn source(&self, id: SourceId) -> String {
        let name = self.ranking.sources.get(&id);
        name.cloned()
            .unwrap_or_else(|| "a former source".to_owned())
    }
}

impl Card {
    /// A candidate with what it is weighed by.
    pub(super) fn of(
        remembered: &Remembered,
        also: &[&Remembered],
        weighed: Option<&Suggestion>,
        naming: &Naming<'_>,
    ) -> Self {
        let entry = &remembered.entry;
        let url = shown::web(entry.url.as_deref());
        let authors: Vec<String> = entry
            .authors
            .iter()
            .map(|author| shown::line(author))
            .filter(|author| !author.is_empty())
            .collect();
        let ago = time::ago(entry.at, naming.now);
        Self {
            id: remembered.id.0,
            title: shown::title(&entry.title, entry.url.as_deref()),
            host: host(url.as_deref()),
            kind: entry.kind.name(),
            source: naming.source(remembered.source),
            source_id: remembered.source.0,
            authors: authors.join(", "),
            ago: match entry.dated {
                Dated::FirstSeen => format!("seen {ago}"),
                Dated::Zero => "undated".to_owned(),
                Dated::Published | Dated::Updated => ago,
            },
            day: time::day(entry.at),
            machine: time::machine(entry.at),
            excerpt: excerpt(&entry.text),
            tags: entry
                .tags
                .iter()
                .map(|tag| shown::line(tag))
                .filter(|tag| !tag.is_empty())
                .take(TAGS)
                .collect(),
            chance: weighed.and_then(|it| it.chance).map(percent),
            reasons: weighed.map_or_else(Vec::new, |it| {
                it.reasons
                    .iter()
                    .map(|reason| shown::line(reason))
                    .collect()
            }),
            why: weighed.map_or_else(Why::default, |it| Why::of(it.score, &it.contributions)),
            also: elsewhere(remembered, also, naming),
            url,
        }
    }
}

/// The other sources that carry it, and the same thing at other addresses.
fn elsewhere(remembered: &Remembered, also: &[&Remembered], naming: &Naming<'_>) -> Vec<Also> {
    let mut seen = HashSet::from([remembered.source]);
    let carriers = remembered.carriers.iter().map(|carrier| carrier.source);
    let mut places: Vec<Also> = carriers
        .filter(|source| seen.insert(*source))
        .map(|source| Also {
            source: naming.source(source),
            url: None,
        })
        .collect();
    places.extend(also.iter().map(|other| Also {
        source: naming.source(other.source),
        url: shown::web(other.entry.url.as_deref()),
    }));
    places
}

fn percent(chance: f64) -> String {
    let percent = chance * 100.0;
    if percent < 1.0 {
        "<1%".to_owned()
    } else {
        format!("{percent:.0}%")
    }
}

/// The host of an address, without what most have.
fn host(url: Option<&str>) -> String {
    let url = url.and_then(|url| url::Url::parse(url).ok());
    let host = url
        .as_ref()
        .and_then(url::Url::host_str)
        .unwrap_or_default();
    let host = shown::line(host);
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// The beginning of a text, cut between words.
pub(super) fn excerpt(text: &str) -> String {
    let text: String = text.chars().take(EXCERPT * 4).collect();
    let line = shown::line(&text);
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let start: String = line.chars().take(EXCERPT).collect();
    let whole = start.rsplit_once(' ').map_or(&*start, |(words, _)| words);
    format!("{whole}…")
}
