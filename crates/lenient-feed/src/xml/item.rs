//! One entry, or the head of the feed, while its elements come in.

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_128;

use crate::Entry;

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
    /// A `guid` that is a permalink.
    pub(super) permalink: Option<String>,
    /// Where the content is, when it is elsewhere.
    pub(super) elsewhere: Option<String>,
    pub(super) created: Option<DateTime<Utc>>,
}

impl Item {
    /// The link: the last one, else the permalink, else where the content is.
    pub(super) fn chosen_link(&mut self) -> Option<String> {
        let link = self.link.take().filter(|link| !link.is_empty());
        link.or_else(|| self.permalink.take())
            .or_else(|| self.elsewhere.take())
    }

    /// The entry, with what had to wait for its end.
    pub(super) fn finish(mut self) -> Entry {
        let link = self.chosen_link();
        let mut entry = self.entry;
        entry.published = entry.published.or(match entry.updated {
            None => self.created,
            Some(_) => None,
        });
        let id = self.id.or(self.about);
        entry.own_id = id.is_some();
        entry.id = id.or_else(|| link.clone()).unwrap_or_else(|| hash(&entry));
        entry.link = link;
        entry
    }
}

/// An entry that says nothing of itself is known by its title and its day, so that a correction in
/// its text does not make it another.
fn hash(entry: &Entry) -> String {
    let value = |text: &Option<crate::Text>| text.as_ref().map(|it| it.value.clone());
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
