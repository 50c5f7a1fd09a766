//! From the bytes of a source to what is remembered of it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use lenient_feed::{Defect, Entry, Feed, Hints, Text};
use url::Url;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::answer::Facts;
use crate::model::{self, Kind, Person, Source};
use crate::sources::{self, Context};
use crate::store::Mark;

/// A document that was read, not yet cleaned.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// What it says of the source.
    pub(super) facts: Facts,
    /// The names of the defects that were mended.
    pub(super) repairs: Vec<String>,
    /// Its entries, each with its mark.
    pub(super) items: Vec<(Mark, Entry)>,
    /// What its entries share.
    pub(super) shared: Shared,
    /// Its size, for keeping account of memory.
    pub(super) size: usize,
}

/// What an entry takes from its feed where it does not say itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    authors: Vec<Person>,
    language: Option<String>,
    url: Option<Url>,
    kind: Option<Kind>,
}

/// A hash of a body, or of the bodies of a folder.
pub(super) fn hash(bodies: &[Vec<u8>]) -> u64 {
    match bodies {
        [one] => xxh3_64(one),
        several => {
            let mut hasher = Xxh3::new();
            for body in several {
                hasher.update(&xxh3_64(body).to_le_bytes());
            }
            hasher.digest()
        }
    }
}

/// Reads the documents of one source: one, or those of a folder, of which some may be no feeds.
///
/// # Errors
///
/// The first error, where none of them is a feed.
pub(super) fn read(
    bodies: &[Vec<u8>],
    hints: &Hints<'_>,
    source: &Source,
) -> Result<Document, lenient_feed::Error> {
    let mut document: Option<Document> = None;
    let mut first_error = None;
    for body in bodies {
        match lenient_feed::parse(body, hints) {
            Ok(feed) => {
                let read = one(feed, hints, source, body.len());
                match &mut document {
                    Some(document) => document.append(read),
                    None => document = Some(read),
                }
            }
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    let mut document = document.ok_or_else(|| first_error.unwrap_or(lenient_feed::Error::Empty))?;
    document.facts.hash = hash(bodies);
    tell_apart(&mut document.items);
    Ok(document)
}

/// Items that have one guid and one address in common are told apart by their titles: else each
/// of them would look like a change of the others, at every visit.
fn tell_apart(items: &mut [(Mark, Entry)]) {
    let mut seen = HashSet::with_capacity(items.len());
    let marks = items.iter().map(|(mark, _)| mark.item);
    let shared: HashSet<u64> = marks.filter(|mark| !seen.insert(*mark)).collect();
    for (mark, entry) in items {
        if shared.contains(&mark.item) {
            let mut title = Hash::default();
            title.text(entry.title.as_ref().map(|title| title.value.as_str()));
            mark.item ^= title.0.digest();
        }
    }
}

fn one(feed: Feed, hints: &Hints<'_>, source: &Source, size: usize) -> Document {
    let is_cut = |defect: Defect| matches!(defect, Defect::Truncated | Defect::TooLong);
    let plain = |text: &Text| lenient_feed::Text::plain(text).trim().to_owned();
    let mut instants: Vec<DateTime<Utc>> = feed
        .entries
        .iter()
        .filter_map(|entry| entry.published.or(entry.updated))
        .collect();
    instants.sort_unstable_by(|one, other| other.cmp(one));
    instants.dedup();
    instants.truncate(model::History::INSTANTS);
    Document {
        facts: Facts {
            hash: 0,
            is_whole: !feed.repairs.iter().any(|repair| is_cut(repair.defect)),
            rhythm: feed.rhythm,
            instants,
            title: feed
                .title
                .as_ref()
                .map(plain)
                .filter(|title| !title.is_empty()),
            site: feed.link,
            hubs: feed.hubs,
            self_link: feed.self_link,
        },
        repairs: feed
            .repairs
            .iter()
            .map(|repair| repair.defect.name().to_owned())
            .collect(),
        items: feed
            .entries
            .into_iter()
            .map(|entry| (mark(&entry), entry))
            .collect(),
        shared: Shared {
            authors: feed.authors,
            language: feed.language,
            url: hints.url.cloned(),
            kind: source.kind,
        },
        size,
    }
}

impl Document {
    fn append(&mut self, other: Self) {
        self.items.extend(other.items);
        self.facts.instants.extend(other.facts.instants);
        self.facts.is_whole &= other.facts.is_whole;
        for repair in other.repairs {
            if !self.repairs.contains(&repair) {
                self.repairs.push(repair);
            }
        }
        self.size += other.size;
    }
}

/// The hashes by which the store knows an item again.
fn mark(entry: &Entry) -> Mark {
    let own_id = entry.own_id.then_some(entry.id.as_str());
    let mut item = Hash::default();
    item.text(own_id);
    item.text(entry.link.as_deref());
    if own_id.is_none() && entry.link.is_none() {
        item.text(entry.title.as_ref().map(|title| title.value.as_str()));
    }
    Mark {
        item: item.0.digest(),
        content: entry.fingerprint(),
    }
}

/// Hashes parts so that no two lists of parts look the same.
#[derive(Default)]
struct Hash(Xxh3);

impl Hash {
    fn text(&mut self, text: Option<&str>) {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        self.0.update(&length.to_le_bytes());
        self.0.update(text.unwrap_or_default().as_bytes());
    }
}

/// Cleans an entry and makes it what the store keeps.
pub(super) fn entry(mut entry: Entry, shared: &Shared, now: DateTime<Utc>) -> model::Entry {
    sources::things::resolve(&mut entry, shared.url.as_ref());
    sources::ready(
        entry,
        &Context {
            url: shared.url.as_ref(),
            now,
            kind: shared.kind,
            authors: &shared.authors,
            language: shared.language.as_deref(),
        },
    )
}

/// Entries that no visit brought, made ready for the store as those of a visit are.
pub(super) fn remember(
    entries: Vec<Entry>,
    source: &Source,
    now: DateTime<Utc>,
) -> Vec<(Mark, model::Entry)> {
    let shared = Shared {
        url: Url::parse(&source.url).ok(),
        kind: source.kind,
        ..Shared::default()
    };
    let ready = |it: Entry| (mark(&it), entry(it, &shared, now));
    entries.into_iter().map(ready).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(items: &str) -> Vec<u64> {
        let body = format!("<rss><channel>{items}</channel></rss>");
        let feed = lenient_feed::parse(body.as_bytes(), &Hints::default()).unwrap();
        let marked = feed.entries.into_iter().map(|entry| (mark(&entry), entry));
        let mut items: Vec<_> = marked.collect();
        tell_apart(&mut items);
        items.iter().map(|(mark, _)| mark.item).collect()
    }

    #[test]
    fn items_with_one_guid_for_all_have_marks_of_their_own() {
        let item = |guid: &str, title: &str| {
            format!("<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title></item>")
        };
        let found = marks(&(item("x", "Low") + &item("x", "High") + &item("y", "Slack")));
        assert_ne!(found[0], found[1]);
        assert_eq!(
            marks(&(item("x", "High") + &item("x", "Low"))),
            [found[1], found[0]]
        );
        // A title that changes makes no other item of one that has a guid of its own.
        assert_eq!(marks(&item("y", "Ebb")), [found[2]]);
    }
}
