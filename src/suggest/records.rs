//! Records: of the entries of a source, a site, an author, a label, how many were picked.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::features::Facts;
use super::site;

/// What a record can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Of {
    /// The source that carries it.
    Source,
    /// The host that it is on.
    Host,
    /// The site, where it is wider than the host.
    Site,
    /// One user's corner of a host.
    Corner,
    /// One of its authors.
    Author,
    /// One of its labels.
    Tag,
    /// All of its labels.
    Tags,
}

impl Of {
    pub(super) const ALL: [Self; 7] = [
        Self::Source,
        Self::Host,
        Self::Site,
        Self::Corner,
        Self::Author,
        Self::Tag,
        Self::Tags,
    ];

    /// What it is called.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Host | Self::Site | Self::Corner => "site",
            Self::Author => "author",
            Self::Tag | Self::Tags => "label",
        }
    }
}

/// One record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Entries that were available.
    pub(super) offered: f64,
    /// Those of them that were picked.
    pub(super) picked: f64,
    /// Past readings that were not among the entries.
    pub(super) archived: f64,
}

/// What records an item has a part in.
pub(super) type Keys = Vec<(Of, u64)>;

/// The key of a record of this sort and name.
pub(super) fn key(of: Of, name: &str) -> u64 {
    xxh3_64_with_seed(name.as_bytes(), of as u64)
}

/// The keys of an item's records.
pub(super) fn keys(facts: &Facts<'_>) -> Keys {
    let mut keys = Keys::new();
    let mut add = |of: Of, text: &str| {
        if !text.is_empty() {
            keys.push((of, key(of, text)));
        }
    };
    add(Of::Source, facts.source);
    let place = site::place(facts.url);
    add(Of::Host, &place.host);
    if place.site != place.host {
        add(Of::Site, &place.site);
    }
    if let Some(corner) = &place.corner {
        add(Of::Corner, corner);
    }
    for author in facts.people() {
        add(Of::Author, author);
    }
    let mut tags: Vec<&str> = facts.labels().iter().map(String::as_str).collect();
    tags.sort_unstable();
    for tag in &tags {
        add(Of::Tag, tag);
    }
    add(Of::Tags, &tags.join("\n"));
    keys
}

/// How many entries of a record there are in the store, and how many of them were ever picked or
/// accepted: what a reader can look up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Count {
    /// Those that were picked.
    pub(super) picked: u32,
    /// All.
    pub(super) known: u32,
}

/// The counts of all records that anything was picked of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counts(BTreeMap<u64, Count>);

impl Counts {
    /// Those of entries, of which it is said whether they were picked.
    pub(super) fn of_entries<'k>(entries: impl Iterator<Item = (&'k Keys, bool)> + Clone) -> Self {
        let mut counts = BTreeMap::new();
        let picked = entries.clone().filter(|(_, picked)| *picked);
        for (_, key) in picked.flat_map(|(keys, _)| keys) {
            counts.entry(*key).or_insert_with(Count::default).picked += 1;
        }
        for (_, key) in entries.flat_map(|(keys, _)| keys) {
            if let Some(count) = counts.get_mut(key) {
                count.known += 1;
            }
        }
        Self(counts)
    }

    /// One count.
    pub(super) fn of(&self, key: u64) -> Count {
        self.0.get(&key).copied().unwrap_or_default()
    }
}

/// All records at one time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(super) struct Records {
    by_key: HashMap<u64, Record>,
    /// The record of everything.
    pub(super) all: Record,
}

/// Records as they are stored: in the order of their keys, so that the bytes are the same.
#[derive(Serialize, Deserialize)]
struct Stored {
    by_key: BTreeMap<u64, Record>,
    all: Record,
}

impl From<Stored> for Records {
    fn from(stored: Stored) -> Self {
        Self {
            by_key: stored.by_key.into_iter().collect(),
            all: stored.all,
        }
    }
}

impl From<Records> for Stored {
    fn from(records: Records) -> Self {
        Self {
            by_key: records.by_key.into_iter().collect(),
            all: records.all,
        }
    }
}

impl Records {
    /// Notes an entry that was available.
    pub(super) fn offer(&mut self, keys: &Keys) {
        self.note(keys, |record| record.offered += 1.0);
    }

    /// Notes that one that had been available was picked.
    pub(super) fn pick(&mut self, keys: &Keys) {
        self.note(keys, |record| record.picked += 1.0);
    }

    /// Notes a reading that was not among the entries.
    pub(super) fn archive(&mut self, keys: &Keys) {
        self.note(keys, |record| record.archived += 1.0);
    }

    fn note(&mut self, keys: &Keys, change: impl Fn(&mut Record)) {
        for (_, key) in keys {
            change(self.by_key.entry(*key).or_default());
        }
        change(&mut self.all);
    }

    /// One record.
    pub(super) fn of(&self, key: u64) -> Record {
        self.by_key.get(&key).copied().unwrap_or_default()
    }

    /// How much more often than usual what has this record is picked, as a logarithm; near 0
    /// where little is known.
    pub(super) fn log_odds(&self, record: Record, smoothing: f64) -> f64 {
        let usual = (self.all.picked + 0.5) / (self.all.offered + 50.0);
        let own = (record.picked + smoothing * usual) / (record.offered + smoothing);
        (own / usual).ln()
    }
}
