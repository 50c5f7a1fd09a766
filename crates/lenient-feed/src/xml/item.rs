//! One entry, or the head of the feed, while its elements come in.

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_128;

use crate::newest::Draft;
use crate::{Entry, Live, Text};

/// An entry that is not yet complete; the head of the feed is kept as one, too.
#[derive(Default)]
pub(super) struct Item {
    pub(super) entry: Entry,
    pub(super) id: Option<String>,
    /// The id of its RDF node, which a `guid` overrides.
    pub(super) about: Option<String>,
    /// How deep the title, the summary and the id stood: what stands higher up counts.
    pub(super) title_depth: Option<usize>,
    pub(super) summary_depth: Option<usize>,
    pub(super) summary_length: usize,
    pub(super) id_depth: Option<usize>,
    pub(super) has_content: bool,
    pub(super) link: Option<String>,
    /// How much the link counts.
    pub(super) rank: LinkRank,
    /// What it says of its times, where it is a live stream.
    pub(super) live: Option<Live>,
    /// Its title as it is written, where that was decoded twice.
    pub(super) as_written: Option<String>,
    /// Letters beyond ASCII were met that are what they should be.
    pub(super) is_sound: bool,
    /// What is said of its picture.
    pub(super) caption: Option<Text>,
    /// Elements in which something stood that is not the entry's.
    pub(super) wrappers: Vec<usize>,
    /// The dates with the month before the day, where that can be.
    pub(super) other_published: Option<DateTime<Utc>>,
    pub(super) other_updated: Option<DateTime<Utc>>,
    /// Whether one of its dates is a zero date.
    pub(super) zero_date: bool,
    /// A `guid` that is a permalink.
    pub(super) permalink: Option<String>,
    /// Where the content is, when it is elsewhere.
    pub(super) elsewhere: Option<String>,
    pub(super) created: Option<DateTime<Utc>>,
}

/// How much a link counts: more than those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LinkRank {
    #[default]
    None,
    /// A page in other words than Atom's own.
    Page,
    /// Atom's alternate.
    Alternate,
    /// The text of RSS's `link`.
    Text,
}

impl Item {
    /// Takes a link where it counts more than the one before: of two alternates the first is the
    /// page, of two texts the last, as readers have it.
    pub(super) fn take_link(&mut self, rank: LinkRank, address: Option<String>) {
        if rank > self.rank || rank == LinkRank::Text {
            self.rank = rank;
            self.link = address;
        }
    }

    /// Whether nothing was said of it.
    pub(super) fn is_empty(&self) -> bool {
        let entry = &self.entry;
        let says = self.link.is_some() || self.id.is_some() || self.about.is_some();
        !says && entry.title.is_none() && entry.summary.is_none() && entry.content.is_none()
    }

    /// The link: the one that was taken, else the permalink, else where the content is.
    pub(super) fn chosen_link(&mut self) -> Option<String> {
        let link = self.link.take().filter(|link| !link.is_empty());
        link.or_else(|| self.permalink.take())
            .or_else(|| self.elsewhere.take())
    }

    /// The entry, with what had to wait for its end.
    pub(super) fn finish(mut self) -> Draft {
        let link = self.chosen_link();
        let mut entry = self.entry;
        if let (Some(written), Some(title), true) =
            (self.as_written, &mut entry.title, self.is_sound)
        {
            // The rest is as it should be: the title shows bad letters because it is about them.
            title.value = written;
        }
        if entry.summary.is_none() && entry.content.is_none() {
            entry.summary = self.caption;
        }
        entry.published = entry.published.or(match entry.updated {
            None => self.created,
            Some(_) => None,
        });
        let id = self.id.or(self.about);
        entry.own_id = id.is_some();
        entry.id = id.or_else(|| link.clone()).unwrap_or_else(|| hash(&entry));
        entry.link = link;
        entry.is_old = self.zero_date && entry.published.is_none() && entry.updated.is_none();
        Draft {
            entry,
            published: self.other_published,
            updated: self.other_updated,
        }
    }
}

/// An entry that says nothing of itself is known by its title and its day, so that a correction in
/// its text does not make it another.
fn hash(entry: &Entry) -> String {
    let value = |text: &Option<Text>| text.as_ref().map(|it| it.value.clone());
    let said = match value(&entry.title) {
        Some(title) => format!("{title}\n{:?}", entry.published),
        None => format!(
            "{:?}{:?}{:?}{:?}",
            value(&entry.summary),
            value(&entry.content),
            entry.enclosures,
            entry.published
        ),
    };
    format!("hash:{:032x}", xxh3_128(said.as_bytes()))
}
