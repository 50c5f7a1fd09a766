//! Which entry an item is: one that is known, or a new one.
//!
//! Everything here is a function of what the database was asked before and of the items that came
//! before in the same batch, so that a batch may be cut anywhere.

use std::collections::{HashMap, HashSet};

use super::identity::{Keys, is_day, is_precise};
use crate::model::{Dated, Entry, EntryId, SourceId};

/// How far apart, in milliseconds, two sources may date one story, if only its title says that it
/// is one.
const DAYS_APART: i64 = 4 * 86_400_000;

/// What has to be known of an entry to tell whether an item is it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Brief {
    /// The source that may change it.
    pub(super) owner: SourceId,
    /// The hash of its title.
    pub(super) words: u64,
    /// The hash of its address; 0 for none.
    pub(super) link: u64,
    /// When it appeared, in milliseconds.
    pub(super) at: i64,
    /// Whether its source says when it appeared.
    pub(super) dated: bool,
    /// The hash of all that it says.
    pub(super) digest: u64,
}

/// As which item a source carries an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    /// Its item, as the table `item` has it.
    pub(super) item: u64,
    /// The key of its guid; 0 for none.
    pub(super) guid: u64,
}

/// What is known of the entries that the items of a batch could be.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Items that were seen, with their entries and the hash of what they said.
    pub(super) items: HashMap<u64, (EntryId, u64)>,
    /// What identifies entries.
    pub(super) identities: HashMap<u64, EntryId>,
    /// The entries; one that is missing here was deleted.
    pub(super) briefs: HashMap<EntryId, Brief>,
    /// Who carries them.
    pub(super) carriers: HashMap<(EntryId, SourceId), Carried>,
}

/// One item of a document.
pub(super) struct Item<'a> {
    /// Its mark, as the table `item` has it.
    pub(super) mark: u64,
    /// The hash of what it says, as the table `item` has it.
    pub(super) content: u64,
    /// What identifies it.
    pub(super) keys: &'a Keys,
    /// What it says.
    pub(super) entry: &'a Entry,
    /// When it appeared, in milliseconds.
    pub(super) at: i64,
}

/// The document that an item stands in.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// All its items.
    pub(super) seen: HashSet<u64>,
    /// Addresses that several of its items have under different titles: those of a page with many
    /// stories, such as a change log.
    pub(super) shared: HashSet<u64>,
    /// The entries that its items before this one are, with the hashes of their titles.
    pub(super) taken: HashMap<EntryId, u64>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A new entry.
    New,
    /// A known one.
    Known(EntryId),
    /// The same as another item of its document.
    Repeated(EntryId),
}

impl View {
    /// Says what an item is.
    pub(super) fn resolve(&self, source: SourceId, document: &Document, item: &Item<'_>) -> Answer {
        if let Some(&(id, content)) = self.items.get(&item.mark) {
            if !self.claimed(source, document, item, id) {
                return Answer::Known(id);
            }
            // It was another item's double, and says what it said then, or what that one says; what
            // the entry says may have changed meanwhile, if it is another source's.
            let twin = document.taken.get(&id);
            if content == item.content || twin.is_some_and(|words| *words == item.keys.words) {
                return Answer::Repeated(id);
            }
        }
        let keys = item.keys;
        if let Some(id) = self.found(keys.guid)
            && let Some(answer) = self.by_guid(source, document, item, id)
        {
            return answer;
        }
        for key in [keys.link, keys.paper] {
            if let Some(id) = self.found(key)
                && let Some(answer) = self.by_link(source, document, item, id)
            {
                return answer;
            }
        }
        if let Some(id) = self.found(keys.alone) {
            return if self.claimed(source, document, item, id) {
                Answer::Repeated(id)
            } else {
                Answer::Known(id)
            };
        }
        if let Some(id) = self.found(keys.moment)
            && self.is_same_moment(source, document, item, id)
        {
            return Answer::Known(id);
        }
        if let Some(id) = self.found(keys.told)
            && self.is_one_story(source, document, item, id)
        {
            return Answer::Known(id);
        }
        Answer::New
    }

    fn found(&self, key: Option<u64>) -> Option<EntryId> {
        self.identities.get(&key?).copied()
    }

    /// The guid is that of a known entry. It is that entry, unless the guid was given to another
    /// one meanwhile: another address, and the entry still stands in the document with its own,
    /// or title and date are others too.
    fn by_guid(
        &self,
        source: SourceId,
        document: &Document,
        item: &Item<'_>,
        id: EntryId,
    ) -> Option<Answer> {
        let Some(brief) = self.briefs.get(&id) else {
            return Some(Answer::Known(id));
        };
        let same_link = item
            .keys
            .link
            .is_none_or(|link| brief.link == 0 || brief.link == link);
        if self.claimed(source, document, item, id) {
            return (same_link && item.keys.words == brief.words).then_some(Answer::Repeated(id));
        }
        let same_title = item.keys.words == brief.words;
        let same = same_title || (is_same_instant(item, brief) && !is_day(item.at));
        (same_link || same).then_some(Answer::Known(id))
    }

    /// The address is that of a known entry.
    fn by_link(
        &self,
        source: SourceId,
        document: &Document,
        item: &Item<'_>,
        id: EntryId,
    ) -> Option<Answer> {
        let Some(brief) = self.briefs.get(&id) else {
            return Some(Answer::Known(id));
        };
        if self.claimed(source, document, item, id) {
            return (item.keys.words == brief.words).then_some(Answer::Repeated(id));
        }
        let shared = item
            .keys
            .link
            .is_some_and(|link| document.shared.contains(&link));
        let Some(carried) = self.carriers.get(&(id, source)) else {
            // Another source has the story.
            return (!shared || item.keys.words == brief.words).then_some(Answer::Known(id));
        };
        // Some sources give each item a new guid at each visit; others put one address on all
        // items, and tell them apart by guid.
        let same_guid = item
            .keys
            .guid
            .is_none_or(|guid| carried.guid == 0 || carried.guid == guid);
        let alike =
            item.keys.words == brief.words || (is_same_instant(item, brief) && is_precise(item.at));
        ((same_guid && !shared) || alike).then_some(Answer::Known(id))
    }

    /// Whether another item of the document is this entry.
    fn claimed(&self, source: SourceId, document: &Document, item: &Item<'_>, id: EntryId) -> bool {
        document.taken.contains_key(&id)
            || self.carriers.get(&(id, source)).is_some_and(|carried| {
                carried.item != item.mark && document.seen.contains(&carried.item)
            })
    }

    /// Whether an entry with the same title and instant is it: of the same source, whatever became of
    /// guid and address; of another one, if the title is long and the instant is nobody's choice.
    fn is_same_moment(
        &self,
        source: SourceId,
        document: &Document,
        item: &Item<'_>,
        id: EntryId,
    ) -> bool {
        if self.claimed(source, document, item, id) || !self.briefs.contains_key(&id) {
            return false;
        }
        let is_own = self.carriers.contains_key(&(id, source));
        is_own || (item.keys.title.is_some() && is_precise(item.at))
    }

    /// Whether an entry with the same long title and the same first words, of another source and of
    /// these days, is it.
    fn is_one_story(
        &self,
        source: SourceId,
        document: &Document,
        item: &Item<'_>,
        id: EntryId,
    ) -> bool {
        let Some(brief) = self.briefs.get(&id) else {
            return false;
        };
        // A source repeats its own titles.
        !document.taken.contains_key(&id)
            && !self.carriers.contains_key(&(id, source))
            && (item.at - brief.at).abs() <= DAYS_APART
    }
}

/// Whether an item kept the date of a known entry.
fn is_same_instant(item: &Item<'_>, brief: &Brief) -> bool {
    is_dated(item.entry) && brief.dated && item.at == brief.at
}

/// Whether the source says when an entry appeared.
pub(super) fn is_dated(entry: &Entry) -> bool {
    matches!(entry.dated, Dated::Published | Dated::Updated)
}
