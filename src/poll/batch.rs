//! Visits written together: one transaction for many, because that is what costs.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use xxhash_rust::xxh3::xxh3_64;

use super::announced::Learned;
use super::due::{self, Done};
use super::options::Bounds;
use super::read::{self, Document};
use super::readers::{Failed, Readers};
use super::visit::{self, Visited};
use super::{Error, Seen, answer};
use crate::model::{Dated, Entry, History, Pace, SourceId};
use crate::store::{Announced, Lease, Mark, Novelty, Record, Store, Stored, Worker};

/// Visits that are written together.
const VISITS: usize = 200;

/// Bytes of documents that are held until they are written: each batch changes most pages of the
/// index that finds the same story again, so larger ones write less, and hold more.
const BYTES: usize = 5 << 18;

/// How long after an announcement polling may still find what it was about.
const ANNOUNCEMENT: TimeDelta = TimeDelta::hours(1);

/// Visits that are over and not yet written.
#[derive(Debug, Default)]
pub(super) struct Batch {
    visits: Vec<Visited>,
    pauses: Vec<(String, DateTime<Utc>)>,
    paces: Vec<(String, Option<Pace>)>,
    bytes: usize,
}

/// A visit that was to be written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) seen: Seen,
    /// Whether it was not, because another worker has its host by now.
    pub(super) is_lost: bool,
}

impl Batch {
    pub(super) fn push(&mut self, visited: Visited) {
        self.bytes += visited.document.as_ref().map_or(0, |it| it.size);
        self.visits.push(visited);
    }

    pub(super) fn pause(&mut self, host: String, until: DateTime<Utc>) {
        self.pauses.push((host, until));
    }

    /// A host taught how often it may be asked.
    pub(super) fn pace(&mut self, host: String, pace: Option<Pace>) {
        self.paces.push((host, pace));
    }

    pub(super) fn is_full(&self) -> bool {
        self.visits.len() >= VISITS || self.bytes >= BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.visits.is_empty() && self.pauses.is_empty()
    }

    /// Cleans what is new, and writes it all or nothing. Gives what was written.
    pub(super) async fn write(
        self,
        store: &Store,
        readers: &Readers,
        Rules { bounds, work }: Rules,
        now: DateTime<Utc>,
        worker: Option<Worker>,
    ) -> Result<Vec<Written>, Error> {
        let visits = self.visits;
        let novelty = novelty(store, &visits).await?;
        let all: Vec<SourceId> = visits.iter().map(|visited| visited.id).collect();
        let leases = store.leases(&all, now).await?;
        let mut notes = notes(store, &visits).await?;
        let documents = clean(visits, novelty, readers, work, now).await;
        // What there was no time for is not written: it is still due.
        let (documents, unread): (Vec<_>, Vec<_>) = documents
            .into_iter()
            .partition(|document| !document.is_unread);
        let ids: Vec<SourceId> = documents.iter().map(|it| it.visited.id).collect();
        notes.retain(|(id, _)| ids.contains(id));
        let Prepared {
            records,
            seen,
            missed,
        } = prepare(documents, &leases, bounds, now);
        let stored: Vec<Option<Stored>> = if let Some(worker) = worker {
            let stored = store.record_leased(worker, &records, &self.pauses, now);
            stored.await?
        } else {
            let stored = store.record(&records, &self.pauses, now).await?;
            stored.into_iter().map(Some).collect()
        };
        let lost = ids
            .iter()
            .zip(&stored)
            .filter(|(_, stored)| stored.is_none());
        let lost: Vec<SourceId> = lost.map(|(id, _)| *id).collect();
        notes.retain(|(id, _)| !lost.contains(id));
        for (host, pace) in &self.paces {
            store.note_pace(host, *pace).await?;
        }
        if !notes.is_empty() {
            store.note_announced(&notes).await?;
        }
        for id in missed.iter().filter(|id| !lost.contains(id)) {
            store.distrust(*id).await?;
        }
        let written = seen.into_iter().zip(stored).map(|(mut seen, stored)| {
            if let Some(stored) = stored {
                seen.visit.new = stored.new;
                seen.visit.changed = stored.changed;
            }
            Written {
                seen,
                is_lost: stored.is_none(),
            }
        });
        let unread = unread.into_iter().map(|document| Written {
            seen: seen_of(&document.visited),
            is_lost: true,
        });
        Ok(written.chain(unread).collect())
    }
}

/// Which items of the visits' documents are new.
async fn novelty(store: &Store, visits: &[Visited]) -> Result<Vec<Vec<Novelty>>, Error> {
    let marks: Vec<_> = visits
        .iter()
        .filter_map(|visited| {
            let document = visited.document.as_ref()?;
            let marks: Vec<Mark> = document.items.iter().map(|(mark, _)| *mark).collect();
            Some((visited.id, marks))
        })
        .collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    Ok(store.novelty(&marks).await?)
}

/// What batches are written by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) bounds: Bounds,
    /// How long one document may be cleaned.
    pub(super) work: Duration,
}

/// A visit whose document was cleaned, as far as it has something new.
struct Cleaned {
    visited: Visited,
    entries: Vec<(Mark, Entry)>,
    seen: Vec<Mark>,
    has_new: bool,
    /// Whether there was no time to clean it.
    is_unread: bool,
}

/// Cleans what is new, each document on a thread that nobody else waits for.
async fn clean(
    visits: Vec<Visited>,
    novelty: Vec<Vec<Novelty>>,
    readers: &Readers,
    work: Duration,
    now: DateTime<Utc>,
) -> Vec<Cleaned> {
    let mut novelty = novelty.into_iter();
    let cleaned = visits.into_iter().map(|mut visited| {
        let document = visited.document.take();
        let novelty = match document {
            Some(_) => novelty.next().unwrap_or_default(),
            None => Vec::new(),
        };
        clean_one(visited, document, novelty, readers, (work, now))
    });
    join_all(cleaned).await
}

async fn clean_one(
    visited: Visited,
    document: Option<Document>,
    novelty: Vec<Novelty>,
    readers: &Readers,
    (work, now): (Duration, DateTime<Utc>),
) -> Cleaned {
    let mut cleaned = Cleaned {
        visited,
        entries: Vec::new(),
        seen: Vec::new(),
        has_new: novelty.contains(&Novelty::New),
        is_unread: false,
    };
    let Some(Document { items, shared, .. }) = document else {
        return cleaned;
    };
    cleaned.seen = items.iter().map(|(mark, _)| *mark).collect();
    if novelty.iter().all(|novelty| *novelty == Novelty::Same) {
        return cleaned;
    }
    let clean = move || {
        let told = items.into_iter().zip(novelty);
        let told = told.filter(|(_, novelty)| *novelty != Novelty::Same);
        told.map(|((mark, entry), _)| (mark, read::entry(entry, &shared, now)))
            .collect()
    };
    match readers.run_for(work, clean).await {
        Ok(entries) => cleaned.entries = entries,
        Err(failed) => cleaned.fail(failed, work, now),
    }
    cleaned
}

impl Cleaned {
    /// The visit failed: nothing of its document is stored, and what it said is not believed.
    fn fail(&mut self, failed: Failed, work: Duration, now: DateTime<Utc>) {
        self.is_unread = failed == Failed::Ended;
        self.has_new = false;
        self.seen.clear();
        let (outcome, message) = visit::not_read(failed, work);
        let visited = &mut self.visited;
        let earlier = visited.earlier.take().unwrap_or_default();
        visited.history = answer::failure(&earlier, None, outcome, now);
        visited.moved_to = None;
        visited.announced = Learned::Nothing;
        visited.visit.outcome = outcome;
        visited.visit.message = Some(message);
        visited.visit.repairs.clear();
    }
}

fn seen_of(visited: &Visited) -> Seen {
    Seen {
        source: visited.source.clone(),
        visit: visited.visit.clone(),
        history: visited.history.clone(),
        moved_to: visited.moved_to.clone(),
    }
}

/// What these visits found of hubs and topics that is not known yet.
async fn notes(
    store: &Store,
    visits: &[Visited],
) -> Result<Vec<(SourceId, Option<Announced>)>, Error> {
    let found = visits
        .iter()
        .filter_map(|visited| match &visited.announced {
            Learned::Hub(announced) => Some((visited.id, announced.clone())),
            Learned::Nothing => None,
        });
    let mut found: Vec<_> = found.collect();
    if found.is_empty() {
        return Ok(found);
    }
    let ids: Vec<SourceId> = found.iter().map(|(id, _)| *id).collect();
    let known = store.announced(&ids).await?;
    found.retain(|(id, announced)| known.get(id) != announced.as_ref());
    Ok(found)
}

/// What is to be written of visits.
struct Prepared {
    records: Vec<Record>,
    seen: Vec<Seen>,
    /// Sources with something new that their hubs had not announced.
    missed: Vec<SourceId>,
}

/// The records of visits.
fn prepare(
    documents: Vec<Cleaned>,
    leases: &BTreeMap<SourceId, Lease>,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> Prepared {
    let mut missed = Vec::new();
    let (records, seen) = documents
        .into_iter()
        .map(|document| {
            let Cleaned {
                mut visited,
                entries,
                seen,
                has_new,
                ..
            } = document;
            let mut lease = leases.get(&visited.id).copied();
            let undated = |(_, entry): &(Mark, Entry)| entry.dated == Dated::FirstSeen;
            if visited.history.visits > 1 && entries.iter().any(undated) {
                saw_something_new(&mut visited.history, now);
            }
            if let Some(lease) = &mut lease
                && lease.is_trusted
                && has_new
                && is_missed(lease, &visited, now)
            {
                lease.is_trusted = false;
                missed.push(visited.id);
            }
            visited.history.next_visit = Some(next(&visited, lease, bounds, now));
            let shown = seen_of(&visited);
            let record = Record {
                source: visited.id,
                moved_to: visited.moved_to,
                history: visited.history,
                visit: visited.visit,
                entries,
                seen,
            };
            (record, shown)
        })
        .unzip();
    Prepared {
        records,
        seen,
        missed,
    }
}

/// Whether a visit found what its hub had not announced: nothing came from the hub of late, nor
/// since the visit before, which saw none of it.
fn is_missed(lease: &Lease, visited: &Visited, now: DateTime<Utc>) -> bool {
    let before = visited.before.unwrap_or(DateTime::UNIX_EPOCH);
    lease
        .pinged
        .is_none_or(|pinged| pinged < now - ANNOUNCEMENT && pinged <= before)
}

/// Entries without a date tell a rhythm too: by when they were first seen.
fn saw_something_new(history: &mut History, now: DateTime<Utc>) {
    history.instants.insert(0, now);
    history.instants.truncate(History::INSTANTS);
}

fn next(
    visited: &Visited,
    lease: Option<Lease>,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    // What was announced meanwhile may have come too late for this visit.
    let is_announced = |lease: &Lease| lease.pinged.is_some_and(|at| at > visited.visit.at);
    if visited.visit.outcome.is_success() && lease.as_ref().is_some_and(is_announced) {
        return now;
    }
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&visited.id.0.to_le_bytes());
    bytes[8..].copy_from_slice(&now.timestamp_millis().to_le_bytes());
    let done = Done {
        source: &visited.source,
        history: &visited.history,
        outcome: visited.visit.outcome,
        retry_at: visited.retry_at,
        lease,
        now,
        seed: xxh3_64(&bytes),
    };
    due::next(&done, bounds)
}
