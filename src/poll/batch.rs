//! Visits written together: one transaction for many, because that is what costs.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::announced::Learned;
use super::due::{self, Done};
use super::options::Bounds;
use super::read;
use super::readers::Readers;
use super::visit::Visited;
use super::{Error, Seen};
use crate::model::{Dated, Entry, History, SourceId};
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
        bounds: Bounds,
        now: DateTime<Utc>,
        worker: Option<Worker>,
    ) -> Result<Vec<Written>, Error> {
        let marks: Vec<_> = self
            .visits
            .iter()
            .filter_map(|visited| {
                let document = visited.document.as_ref()?;
                let marks: Vec<Mark> = document.items.iter().map(|(mark, _)| *mark).collect();
                Some((visited.id, marks))
            })
            .collect();
        let novelty = if marks.is_empty() {
            Vec::new()
        } else {
            store.novelty(&marks).await?
        };
        let visits = self.visits;
        let ids: Vec<SourceId> = visits.iter().map(|visited| visited.id).collect();
        let leases = store.leases(&ids, now).await?;
        let mut notes = notes(store, &visits).await?;
        let Prepared {
            records,
            seen,
            missed,
        } = if marks.is_empty() {
            prepare(visits, Vec::new(), &leases, bounds, now)
        } else {
            readers
                .run(move || prepare(visits, novelty, &leases, bounds, now))
                .await
                .ok_or(Error::Cleaning)?
        };
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
        Ok(written.collect())
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

/// The records of visits, with the entries that are new or changed, cleaned.
fn prepare(
    visits: Vec<Visited>,
    novelty: Vec<Vec<Novelty>>,
    leases: &BTreeMap<SourceId, Lease>,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> Prepared {
    let mut novelty = novelty.into_iter();
    let mut missed = Vec::new();
    let (records, seen) = visits
        .into_iter()
        .map(|mut visited| {
            let mut lease = leases.get(&visited.id).copied();
            let mut has_new = false;
            let document = visited.document.take();
            let mut entries = Vec::new();
            let mut seen = Vec::new();
            if let Some(document) = document {
                let novelty = novelty.next().unwrap_or_default();
                for ((mark, entry), novelty) in document.items.into_iter().zip(novelty) {
                    seen.push(mark);
                    has_new |= novelty == Novelty::New;
                    if novelty != Novelty::Same {
                        entries.push((mark, read::entry(entry, &document.shared, now)));
                    }
                }
            }
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
            let shown = Seen {
                source: visited.source,
                visit: visited.visit.clone(),
                history: visited.history.clone(),
                moved_to: visited.moved_to.clone(),
            };
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
