//! What a hub sends along with its word (`WebSub`, section 7): the feed, or what is new of it. Its new
//! entries are stored as those of a visit are; all else is left to the visit, which is due.

use chrono::{DateTime, Utc};
use lenient_feed::Hints;
use tokio::sync::Semaphore;
use url::Url;

use super::Error;
use super::read::{self, Document};
use super::readers::Readers;
use crate::model::{Entry, History, Outcome, SourceId, Visit};
use crate::store::{Known, Mark, Novelty, Record, Store, Stored};

/// Documents that are held at the same time; what comes meanwhile is left to the visit.
const AT_ONCE: usize = 4;

/// Takes in what hubs send.
#[derive(Debug)]
pub struct Intake {
    readers: Readers,
    places: Semaphore,
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            readers: Readers::new(),
            places: Semaphore::new(AT_ONCE),
        }
    }
}

impl Intake {
    /// Stores the entries of a document that its source never had. What is no feed brings none.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read or written, or entries cannot be cleaned.
    pub async fn take_in(
        &self,
        store: &Store,
        source: SourceId,
        body: Vec<u8>,
        content_type: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<Stored, Error> {
        let nothing = Stored::default();
        let Ok(_place) = self.places.try_acquire() else {
            return Ok(nothing);
        };
        let Some(known) = store.load(&[source]).await?.pop() else {
            return Ok(nothing);
        };
        let read = move || read(&known, body, content_type.as_deref());
        let Some(document) = self.readers.run(read).await.ok_or(Error::Cleaning)? else {
            return Ok(nothing);
        };
        let marks: Vec<Mark> = document.items.iter().map(|(mark, _)| *mark).collect();
        let asked = store.novelty(&[(source, marks.clone())]).await?;
        let novelty = asked.into_iter().next().unwrap_or_default();
        if !novelty.contains(&Novelty::New) {
            return Ok(nothing);
        }
        let clean = move || clean(document, novelty, now);
        let entries = self.readers.run(clean).await.ok_or(Error::Cleaning)?;
        let record = Record {
            source,
            moved_to: None,
            history: History::default(),
            visit: Visit {
                at: now,
                outcome: Outcome::Changed,
                status: None,
                took: 0,
                bytes: 0,
                new: 0,
                changed: 0,
                repairs: Vec::new(),
                message: None,
            },
            entries,
            seen: marks,
        };
        Ok(store.record_announced(&record, now).await?)
    }
}

/// Reads a document as if it had come from where the source was last found, so that its items are
/// known again there.
fn read(known: &Known, body: Vec<u8>, content_type: Option<&str>) -> Option<Document> {
    let last = known.history.validated_at.as_deref();
    let url = Url::parse(last.unwrap_or(&known.source.url)).ok();
    let hints = Hints {
        content_type,
        url: url.as_ref(),
        ..Hints::default()
    };
    read::read(&[body], &hints, &known.source).ok()
}

fn clean(document: Document, novelty: Vec<Novelty>, now: DateTime<Utc>) -> Vec<(Mark, Entry)> {
    let Document { items, shared, .. } = document;
    let new = items.into_iter().zip(novelty);
    new.filter(|(_, novelty)| *novelty == Novelty::New)
        .map(|((mark, entry), _)| (mark, read::entry(entry, &shared, now)))
        .collect()
}
