//! Remembering visits: one transaction for a batch.

mod sent;
mod view;
mod written;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::identity::{Keys, digest, item_mark};
use super::leases::held;
use super::moving::move_source;
use super::resolve::{Answer, Brief, Carried, Document, Item, View, is_dated};
use super::rows::{
    More, NEVER, dated_word, due, history_columns, json_text, list_text, outcome_signs, to_millis,
    to_signed,
};
use super::sql::{Pool, Query, insist, numbers, query, query_numbers, query_scalar};
use super::write::{CARRIERS, ENTRIES, HISTORIES, IDENTITIES, ITEMS, STATED, UNINDEXED, VISITS};
use super::{Error, Record, Store, Stored, Worker, Writing};
use crate::model::{Entry, EntryId, SourceId};

/// An entry to be written, as it came.
struct Row<'a> {
    id: EntryId,
    owner: SourceId,
    keys: &'a Keys,
    entry: &'a Entry,
    at: i64,
    digest: u64,
}

/// All that a batch changes.
#[derive(Default)]
struct Changes<'a> {
    new: Vec<Row<'a>>,
    changed: Vec<Row<'a>>,
    carriers: HashMap<(EntryId, SourceId), Carried>,
    /// Mark, entry, content.
    items: HashMap<u64, (EntryId, u64)>,
    gone_items: Vec<u64>,
    identities: HashMap<u64, EntryId>,
    gone_identities: Vec<(u64, EntryId)>,
}

/// The numbers that a batch starts with.
struct Counts {
    entry: i64,
    /// The latest visit of each source, and whether the source may be visited at all.
    latest: HashMap<SourceId, (Option<i64>, bool)>,
}

/// A visit with what identifies its entries.
#[derive(Clone, Copy)]
struct Keyed<'a> {
    record: &'a Record,
    keys: &'a [Keys],
}

impl Store {
    /// Remembers visits, all or none, and which hosts want a pause until when.
    pub async fn record(
        &self,
        batch: &[Record],
        pauses: &[(String, DateTime<Utc>)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Stored>, Error> {
        let stored = self.record_if(None, batch, pauses, now).await?;
        Ok(stored.into_iter().flatten().collect())
    }

    /// Remembers visits of a worker, as [`Store::record`] does, but nothing of a source whose host
    /// the worker has no more: another one visits it, and what that one learns would be undone.
    pub async fn record_leased(
        &self,
        worker: Worker,
        batch: &[Record],
        pauses: &[(String, DateTime<Utc>)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Stored>>, Error> {
        self.record_if(Some(worker), batch, pauses, now).await
    }

    async fn record_if(
        &self,
        worker: Option<Worker>,
        batch: &[Record],
        pauses: &[(String, DateTime<Utc>)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Stored>>, Error> {
        let of = |record: &Record| {
            let of = |(_, entry): &(_, Entry)| Keys::of(record.source, entry);
            record.entries.iter().map(of).collect()
        };
        let keys: Vec<Vec<Keys>> = batch.iter().map(of).collect();
        let keyed = batch.iter().zip(&keys);
        let batch: Vec<Keyed<'_>> = keyed.map(|(record, keys)| Keyed { record, keys }).collect();
        // A server may have written it and not been able to say so.
        let number = fastrand::i64(..);
        let once = || -> BoxFuture<'_, _> {
            Box::pin(record(&self.pool, (worker, number), &batch, pauses, now))
        };
        insist(self.pool.is_shared(), once)
            .await
            .map_err(|error| self.error("store visits", error))
    }
}

async fn record(
    pool: &Pool,
    (worker, number): (Option<Worker>, i64),
    batch: &[Keyed<'_>],
    pauses: &[(String, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<Vec<Option<Stored>>, sqlx::Error> {
    // Whether an item is new is read before it is written: one at a time. Most visits bring nothing.
    let mut writing = if batch.iter().any(|it| !it.keys.is_empty()) {
        pool.begin().await?
    } else {
        pool.begin_beside().await?
    };
    lock(&mut writing, batch).await?;
    if let Some(stored) = written::read(&mut writing, number).await? {
        return Ok(stored);
    }
    let held = match worker {
        Some(worker) => Some(
            held(
                &mut writing,
                worker,
                batch.iter().map(|it| it.record.source),
            )
            .await?,
        ),
        None => None,
    };
    let is_held = |it: &&Keyed<'_>| {
        held.as_ref()
            .is_none_or(|held| held.contains(&it.record.source))
    };
    let ours: Vec<Keyed<'_>> = batch.iter().filter(is_held).copied().collect();
    let mut stored = write(&mut writing, &ours, pauses, now).await?.into_iter();
    let stored: Vec<Option<Stored>> = batch
        .iter()
        .map(|it| is_held(&it).then(|| stored.next())?)
        .collect();
    written::note(&mut writing, number, &stored, now).await?;
    writing.commit().await?;
    Ok(stored)
}

/// Keeps others from these sources, where there are others.
async fn lock(writing: &mut Writing, batch: &[Keyed<'_>]) -> Result<(), sqlx::Error> {
    if writing.is_shared() {
        query(
            "SELECT source FROM history WHERE source IN (SELECT value FROM json_each(?)) \
             ORDER BY source FOR UPDATE",
        )
        .bind(numbers(batch.iter().map(|it| it.record.source.0)))
        .fetch_all(&mut *writing)
        .await?;
    }
    Ok(())
}

async fn write_items(
    writing: &mut Writing,
    batch: &[Keyed<'_>],
    counts: &mut Counts,
    now: DateTime<Utc>,
) -> Result<Vec<Stored>, sqlx::Error> {
    let mut view = view::read(writing, batch).await?;
    let mut changes = Changes::default();
    let mut stored = Vec::with_capacity(batch.len());
    for Keyed { record, keys } in batch {
        stored.push(take(record, keys, &mut view, &mut changes, counts));
    }
    write_entries(writing, &changes, now).await?;
    if !changes.new.is_empty() {
        query("UPDATE counter SET value = ? WHERE name = 'entry'")
            .bind(counts.entry)
            .execute(&mut *writing)
            .await?;
    }
    Ok(stored)
}

async fn write(
    writing: &mut Writing,
    batch: &[Keyed<'_>],
    pauses: &[(String, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<Vec<Stored>, sqlx::Error> {
    let mut counts = read_counts(writing, batch).await?;
    let stored = write_items(writing, batch, &mut counts, now).await?;
    write_visits(writing, batch, &stored, &mut counts).await?;
    for Keyed { record, .. } in batch {
        if let Some(url) = &record.moved_to {
            move_source(writing, record.source, url).await?;
        }
    }
    for (host, until) in pauses {
        query(
            "INSERT INTO pause (host, until) VALUES (?, ?) \
             ON CONFLICT (host) DO UPDATE SET until = CASE WHEN excluded.until > pause.until \
             THEN excluded.until ELSE pause.until END",
        )
        .bind(host)
        .bind(to_millis(*until))
        .execute(&mut *writing)
        .await?;
    }
    Ok(stored)
}

async fn read_counts(writing: &mut Writing, batch: &[Keyed<'_>]) -> Result<Counts, sqlx::Error> {
    let latest = query_numbers(
        [
            "history.source",
            "coalesce(last_visit_row, 0)",
            "CASE WHEN enabled = 1 AND twin IS NULL AND removed IS NULL THEN 1 ELSE 0 END",
        ],
        "FROM json_each(?) JOIN history ON history.source = value JOIN source ON source.id = value",
    )
    .bind(numbers(batch.iter().map(|it| it.record.source.0)))
    .fetch_all(&mut *writing)
    .await?;
    let latest = latest
        .into_iter()
        .map(|[source, row, live]| (SourceId(source), ((row > 0).then_some(row), live == 1)))
        .collect();
    let entry = query_scalar("SELECT value FROM counter WHERE name = 'entry'");
    Ok(Counts {
        entry: entry.fetch_one(&mut *writing).await?,
        latest,
    })
}

/// Takes the items of one document in, one after the other.
fn take<'a>(
    record: &'a Record,
    keys: &'a [Keys],
    view: &mut View,
    changes: &mut Changes<'a>,
    counts: &mut Counts,
) -> Stored {
    let mut stored = Stored::default();
    if record.entries.is_empty() {
        return stored;
    }
    let source = record.source;
    let mut document = Document {
        seen: record
            .seen
            .iter()
            .map(|mark| item_mark(source, mark.item))
            .collect(),
        shared: shared_links(keys),
        taken: HashMap::new(),
    };
    for ((mark, entry), keys) in record.entries.iter().zip(keys) {
        let item = Item {
            mark: item_mark(source, mark.item),
            content: mark.content,
            keys,
            entry,
            at: to_millis(entry.at),
        };
        let (id, is_new) = match view.resolve(source, &document, &item) {
            Answer::New => {
                counts.entry += 1;
                (EntryId(counts.entry), true)
            }
            Answer::Known(id) => (id, false),
            Answer::Repeated(id) => {
                // Not again at the next visit: the item is known, and it is this entry.
                changes.items.insert(item.mark, (id, mark.content));
                view.items.insert(item.mark, (id, mark.content));
                continue;
            }
        };
        let digest = digest(entry);
        document.taken.insert(id, keys.words);
        let row = Row {
            id,
            owner: source,
            keys,
            entry,
            at: item.at,
            digest,
        };
        if is_new {
            stored.new += 1;
            view.briefs.insert(id, brief(&row));
            changes.new.push(row);
        } else if let Some(brief) = view.briefs.get_mut(&id)
            && brief.owner == source
            && brief.digest != digest
        {
            stored.changed += 1;
            change(brief, row, changes);
        }
        carry(source, id, &item, &document, view, changes);
        changes.items.insert(item.mark, (id, mark.content));
        view.items.insert(item.mark, (id, mark.content));
    }
    stored
}

fn brief(row: &Row<'_>) -> Brief {
    Brief {
        owner: row.owner,
        words: row.keys.words,
        link: row.keys.link.unwrap_or(0),
        at: row.at,
        dated: is_dated(row.entry),
        digest: row.digest,
    }
}

/// An entry says something else than before. It keeps its instant where the source tells none.
fn change<'a>(known: &mut Brief, mut row: Row<'a>, changes: &mut Changes<'a>) {
    if !is_dated(row.entry) {
        row.at = known.at;
    }
    let was_dated = known.dated;
    *known = Brief {
        dated: is_dated(row.entry) || was_dated,
        ..brief(&row)
    };
    changes.changed.push(row);
}

/// Notes that the source carries the entry as this item, and what identifies it by now.
fn carry(
    source: SourceId,
    id: EntryId,
    item: &Item<'_>,
    document: &Document,
    view: &mut View,
    changes: &mut Changes<'_>,
) {
    let carried = Carried {
        item: item.mark,
        guid: item.keys.guid.unwrap_or(0),
    };
    let before = view.carriers.insert((id, source), carried);
    if before != Some(carried) {
        changes.carriers.insert((id, source), carried);
    }
    if let Some(before) = before {
        if before.item != carried.item {
            changes.items.remove(&before.item);
            view.items.remove(&before.item);
            changes.gone_items.push(before.item);
        }
        // A guid that is another at each visit would leave one behind each time. The view has it
        // only where the batch asked for it.
        let is_its = view.identities.get(&before.guid).is_none_or(|it| *it == id);
        if before.guid != carried.guid && before.guid != 0 && is_its {
            view.identities.remove(&before.guid);
            changes.identities.remove(&before.guid);
            changes.gone_identities.push((before.guid, id));
        }
    }
    let keys = item.keys;
    let link = keys.link.filter(|link| !document.shared.contains(link));
    let known = [
        keys.guid,
        link,
        keys.paper,
        keys.alone,
        keys.moment,
        keys.told,
    ];
    for key in known.into_iter().flatten() {
        if view.identities.insert(key, id) != Some(id) {
            changes.identities.insert(key, id);
        }
    }
}

/// Addresses that several items with different titles have in common.
fn shared_links(keys: &[Keys]) -> HashSet<u64> {
    let mut first: HashMap<u64, &Keys> = HashMap::with_capacity(keys.len());
    let mut shared = HashSet::new();
    for keys in keys {
        let Some(link) = keys.link else { continue };
        let other = first.entry(link).or_insert(keys);
        if other.words != keys.words {
            shared.insert(link);
        }
    }
    shared
}

async fn write_entries(
    writing: &mut Writing,
    changes: &Changes<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let now = to_millis(now);
    ENTRIES
        .run(writing, &changes.new, |query, row| {
            let query = query.bind(row.id.0).bind(row.owner.0).bind(now);
            bind_entry(query, row)
        })
        .await?;
    for row in &changes.changed {
        let query = bind_entry(
            query(
                "UPDATE entry SET at = ?, dated = ?, updated = ?, words = ?, link = ?, \
                 digest = ?, kind = ?, title = ?, url = ?, guid = ?, authors = ?, tags = ?, \
                 more = ?, summary = ?, content = ?, text = ? WHERE id = ?",
            ),
            row,
        );
        query.bind(row.id.0).execute(&mut *writing).await?;
    }
    UNINDEXED
        .run(writing, &changes.changed, |query, row| query.bind(row.id.0))
        .await?;
    let written = changes.new.iter().chain(&changes.changed);
    let stated: Vec<(i64, i64)> = written
        .filter_map(|row| Some((row.id.0, to_millis(row.entry.stated?))))
        .collect();
    STATED
        .run(writing, &stated, |query, (entry, at)| {
            query.bind(*entry).bind(*at)
        })
        .await?;
    let mut carriers: Vec<((EntryId, SourceId), Carried)> =
        changes.carriers.iter().map(|(k, v)| (*k, *v)).collect();
    carriers.sort_unstable_by_key(|((entry, source), _)| (entry.0, source.0));
    CARRIERS
        .run(writing, &carriers, |query, ((entry, source), carried)| {
            query
                .bind(entry.0)
                .bind(source.0)
                .bind(now)
                .bind(to_signed(carried.item))
                .bind(to_signed(carried.guid))
        })
        .await?;
    forget(writing, changes).await?;
    let mut items: Vec<(u64, (EntryId, u64))> =
        changes.items.iter().map(|(k, v)| (*k, *v)).collect();
    items.sort_unstable_by_key(|(mark, _)| to_signed(*mark));
    ITEMS
        .run(writing, &items, |query, (mark, (entry, content))| {
            query
                .bind(to_signed(*mark))
                .bind(entry.0)
                .bind(to_signed(*content))
        })
        .await?;
    let mut identities: Vec<(u64, EntryId)> =
        changes.identities.iter().map(|(k, v)| (*k, *v)).collect();
    identities.sort_unstable_by_key(|(hash, _)| to_signed(*hash));
    IDENTITIES
        .run(writing, &identities, |query, (hash, entry)| {
            query.bind(to_signed(*hash)).bind(entry.0)
        })
        .await
}

/// Deletes the marks and guids that were replaced.
async fn forget(writing: &mut Writing, changes: &Changes<'_>) -> Result<(), sqlx::Error> {
    if !changes.gone_items.is_empty() {
        query("DELETE FROM item WHERE mark IN (SELECT value FROM json_each(?))")
            .bind(numbers(changes.gone_items.iter().copied().map(to_signed)))
            .execute(&mut *writing)
            .await?;
    }
    if !changes.gone_identities.is_empty() {
        let hashes = changes
            .gone_identities
            .iter()
            .map(|(hash, _)| to_signed(*hash));
        let entries = changes.gone_identities.iter().map(|(_, id)| id.0);
        query(
            "DELETE FROM identity WHERE (hash, entry) IN (SELECT hashes.value, entries.value FROM \
             (SELECT key, value FROM json_each(?)) AS hashes JOIN \
             (SELECT key, value FROM json_each(?)) AS entries ON entries.key = hashes.key)",
        )
        .bind(numbers(hashes))
        .bind(numbers(entries))
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}

/// Binds what an entry says, in the order of the columns from `at` on.
fn bind_entry<'q>(query: Query<'q>, row: &'q Row<'_>) -> Query<'q> {
    let entry = row.entry;
    let more = More {
        enclosures: entry.enclosures.clone(),
        duration: entry.duration,
        transcript: entry.transcript.clone(),
        thumbnail: entry.thumbnail.clone(),
        comments: entry.comments.clone(),
        language: entry.language.clone(),
    };
    let more = if more == More::default() {
        String::new()
    } else {
        json_text(&more)
    };
    let content = (entry.content_html != entry.text).then_some(entry.content_html.as_str());
    query
        .bind(row.at)
        .bind(dated_word(entry.dated))
        .bind(entry.updated.map(to_millis))
        .bind(to_signed(row.keys.words))
        .bind(to_signed(row.keys.link.unwrap_or(0)))
        .bind(to_signed(row.digest))
        .bind(entry.kind.name())
        .bind(&*entry.title)
        .bind(entry.url.as_deref())
        .bind(entry.guid.as_deref())
        .bind(list_text(&entry.authors))
        .bind(list_text(&entry.tags))
        .bind(more)
        .bind(&*entry.summary_html)
        .bind(content)
        .bind(&*entry.text)
}

async fn write_visits(
    writing: &mut Writing,
    batch: &[Keyed<'_>],
    stored: &[Stored],
    counts: &mut Counts,
) -> Result<(), sqlx::Error> {
    // Late, because others wait for the row.
    let many = i64::try_from(batch.len()).unwrap_or(i64::MAX);
    let last_visit: i64 =
        query_scalar("UPDATE counter SET value = value + ? WHERE name = 'visit' RETURNING value")
            .bind(many)
            .fetch_one(&mut *writing)
            .await?;
    let mut visit = last_visit - many;
    let mut visits = Vec::with_capacity(batch.len());
    let mut last: HashMap<SourceId, usize> = HashMap::with_capacity(batch.len());
    let mut letters: HashMap<SourceId, String> = HashMap::with_capacity(batch.len());
    for (at, (it, stored)) in batch.iter().zip(stored).enumerate() {
        let record = it.record;
        visit += 1;
        let latest = counts.latest.entry(record.source).or_insert((None, true));
        visits.push((visit, latest.0, record, stored));
        latest.0 = Some(visit);
        last.insert(record.source, at);
        letters
            .entry(record.source)
            .or_default()
            .insert(0, outcome_signs(record.visit.outcome).0);
    }
    VISITS
        .run(writing, &visits, |query, (id, previous, record, stored)| {
            let visit = &record.visit;
            query
                .bind(*id)
                .bind(record.source.0)
                .bind(*previous)
                .bind(to_millis(visit.at))
                .bind(outcome_signs(visit.outcome).1)
                .bind(visit.status)
                .bind(visit.took)
                .bind(i64::try_from(visit.bytes).unwrap_or(i64::MAX))
                .bind(stored.new)
                .bind(stored.changed)
                .bind(list_text(&visit.repairs))
                .bind(visit.message.clone())
        })
        .await?;
    // A source that was visited twice in a batch has one history, the last.
    let histories: Vec<&Record> = last.values().map(|at| batch[*at].record).collect();
    HISTORIES
        .run(writing, &histories, |query, record| {
            let (facts, instants) = history_columns(&record.history);
            let (latest, live) = counts.latest[&record.source];
            let due = if live {
                due(true, None, &record.history)
            } else {
                NEVER
            };
            query
                .bind(record.source.0)
                .bind(due)
                .bind(latest)
                .bind(letters[&record.source].clone())
                .bind(instants)
                .bind(facts)
        })
        .await
}
