//! Remembering visits: one transaction for a batch.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::identity::{Keys, digest, item_mark};
use super::moving::move_source;
use super::numbers::{array, pairs, triples};
use super::resolve::{Answer, Brief, Carried, Document, Item, View, is_dated};
use super::rows::{
    More, NEVER, dated_word, due, history_columns, json_text, list_text, outcome_signs, to_millis,
    to_signed,
};
use super::write::{Bound, CARRIERS, ENTRIES, HISTORIES, IDENTITIES, ITEMS, UNINDEXED, VISITS};
use super::{Error, Record, Store, Stored, Writing};
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

/// Who carries an entry, to be written.
struct CarrierRow {
    entry: EntryId,
    source: SourceId,
    carried: Carried,
}

/// All that a batch changes.
#[derive(Default)]
struct Changes<'a> {
    new: Vec<Row<'a>>,
    changed: Vec<Row<'a>>,
    carriers: Vec<CarrierRow>,
    /// Mark, entry, content.
    items: HashMap<u64, (EntryId, u64)>,
    gone_items: Vec<u64>,
    identities: HashMap<u64, EntryId>,
    gone_identities: Vec<(u64, EntryId)>,
}

/// The numbers that a batch starts with.
struct Numbers {
    entry: i64,
    visit: i64,
    /// The latest visit of each source, and whether the source may be visited at all.
    latest: HashMap<SourceId, (Option<i64>, bool)>,
}

impl Store {
    /// Remembers visits, all or none, and which hosts want a pause until when.
    pub async fn record(
        &self,
        batch: &[Record],
        pauses: &[(String, DateTime<Utc>)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Stored>, Error> {
        let keys: Vec<Vec<Keys>> = batch
            .iter()
            .map(|record| {
                let of = |(_, entry): &(_, Entry)| Keys::of(record.source, entry);
                record.entries.iter().map(of).collect()
            })
            .collect();
        let mut writing = self.writing().await?;
        let stored = write(&mut writing, batch, &keys, pauses, now).await;
        match stored {
            Ok(stored) => {
                let committed = writing.commit().await;
                committed.map_err(|error| self.error("store visits", error))?;
                Ok(stored)
            }
            Err(error) => Err(self.error("store visits", error)),
        }
    }
}

async fn write(
    writing: &mut Writing,
    batch: &[Record],
    keys: &[Vec<Keys>],
    pauses: &[(String, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<Vec<Stored>, sqlx::Error> {
    let mut numbers = read_numbers(writing, batch).await?;
    let mut view = read_view(writing, batch, keys).await?;
    let mut changes = Changes::default();
    let mut stored = Vec::with_capacity(batch.len());
    for (record, keys) in batch.iter().zip(keys) {
        stored.push(take(record, keys, &mut view, &mut changes, &mut numbers));
    }
    write_entries(writing, &changes, now).await?;
    write_visits(writing, batch, &stored, &mut numbers).await?;
    for record in batch {
        if let Some(url) = &record.moved_to {
            move_source(writing, record.source, url).await?;
        }
    }
    for (host, until) in pauses {
        sqlx::query(
            "INSERT INTO pause (host, until) VALUES (?, ?) \
             ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until)",
        )
        .bind(host)
        .bind(to_millis(*until))
        .execute(&mut **writing)
        .await?;
    }
    sqlx::query(
        "UPDATE counter SET value = CASE name WHEN 'entry' THEN ? ELSE ? END \
         WHERE name IN ('entry', 'visit')",
    )
    .bind(numbers.entry)
    .bind(numbers.visit)
    .execute(&mut **writing)
    .await?;
    Ok(stored)
}

async fn read_numbers(writing: &mut Writing, batch: &[Record]) -> Result<Numbers, sqlx::Error> {
    let counters: (i64, i64) = sqlx::query_as(
        "SELECT max(value) FILTER (WHERE name = 'entry'), max(value) FILTER (WHERE name = 'visit') \
         FROM counter",
    )
    .fetch_one(&mut **writing)
    .await?;
    let sources = array(batch.iter().map(|record| record.source.0));
    let latest: Option<String> = sqlx::query_scalar(
        "SELECT group_concat(history.source || ' ' || \
         (CASE WHEN enabled AND twin IS NULL AND removed IS NULL THEN 1 ELSE -1 END \
         * (coalesce(last_visit_row, 0) + 1))) \
         FROM json_each(?) JOIN history ON history.source = value JOIN source ON source.id = value",
    )
    .bind(sources)
    .fetch_one(&mut **writing)
    .await?;
    let latest = pairs(latest.as_deref())
        .map(|(source, number)| {
            let row = number.abs() - 1;
            (SourceId(source), ((row > 0).then_some(row), number > 0))
        })
        .collect();
    Ok(Numbers {
        entry: counters.0,
        visit: counters.1,
        latest,
    })
}

/// Asks for everything that the items of the batch could be.
async fn read_view(
    writing: &mut Writing,
    batch: &[Record],
    keys: &[Vec<Keys>],
) -> Result<View, sqlx::Error> {
    let mut view = View::default();
    if batch.iter().all(|record| record.entries.is_empty()) {
        return Ok(view);
    }
    let mut marks: Vec<i64> = Vec::new();
    for record in batch {
        let of = |(mark, _): &(super::Mark, Entry)| to_signed(item_mark(record.source, mark.item));
        marks.extend(record.entries.iter().map(of));
    }
    let mut hashes: Vec<i64> = keys
        .iter()
        .flatten()
        .flat_map(Keys::all)
        .map(to_signed)
        .collect();
    // In the order of the tables, so that each of their pages is looked at once.
    marks.sort_unstable();
    hashes.sort_unstable();
    hashes.dedup();
    let items: Option<String> = sqlx::query_scalar(
        "SELECT group_concat(mark || ' ' || entry || ' ' || content) \
         FROM json_each(?) CROSS JOIN item ON mark = value",
    )
    .bind(array(marks))
    .fetch_one(&mut **writing)
    .await?;
    let identities: Option<String> = sqlx::query_scalar(
        "SELECT group_concat(hash || ' ' || entry) \
         FROM json_each(?) CROSS JOIN identity ON hash = value",
    )
    .bind(array(hashes))
    .fetch_one(&mut **writing)
    .await?;
    view.items = triples(items.as_deref())
        .map(|(mark, entry, content)| {
            let seen = (EntryId(entry), content.cast_unsigned());
            (mark.cast_unsigned(), seen)
        })
        .collect();
    view.identities = pairs(identities.as_deref())
        .map(|(hash, entry)| (hash.cast_unsigned(), EntryId(entry)))
        .collect();
    let seen = view.items.values().map(|(id, _)| id);
    let mut entries: Vec<i64> = seen
        .chain(view.identities.values())
        .map(|id| id.0)
        .collect();
    entries.sort_unstable();
    entries.dedup();
    if !entries.is_empty() {
        read_entries(writing, &array(entries), &mut view).await?;
    }
    Ok(view)
}

async fn read_entries(
    writing: &mut Writing,
    entries: &str,
    view: &mut View,
) -> Result<(), sqlx::Error> {
    let briefs = sqlx::query(
        "SELECT entry.id, source, words, link, at, dated <> 'first-seen', digest \
         FROM json_each(?) CROSS JOIN entry ON entry.id = value",
    )
    .bind(entries)
    .fetch_all(&mut **writing)
    .await?;
    for row in &briefs {
        view.briefs.insert(
            EntryId(row.try_get(0)?),
            Brief {
                owner: SourceId(row.try_get(1)?),
                words: row.try_get::<i64, _>(2)?.cast_unsigned(),
                link: row.try_get::<i64, _>(3)?.cast_unsigned(),
                at: row.try_get(4)?,
                dated: row.try_get(5)?,
                digest: row.try_get::<i64, _>(6)?.cast_unsigned(),
            },
        );
    }
    let carriers = sqlx::query(
        "SELECT entry, source, item, guid FROM json_each(?) CROSS JOIN carrier ON entry = value",
    )
    .bind(entries)
    .fetch_all(&mut **writing)
    .await?;
    for row in &carriers {
        view.carriers.insert(
            (EntryId(row.try_get(0)?), SourceId(row.try_get(1)?)),
            Carried {
                item: row.try_get::<i64, _>(2)?.cast_unsigned(),
                guid: row.try_get::<i64, _>(3)?.cast_unsigned(),
            },
        );
    }
    Ok(())
}

/// Takes the items of one document in, one after the other.
fn take<'a>(
    record: &'a Record,
    keys: &'a [Keys],
    view: &mut View,
    changes: &mut Changes<'a>,
    numbers: &mut Numbers,
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
                numbers.entry += 1;
                (EntryId(numbers.entry), true)
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
        changes.carriers.push(CarrierRow {
            entry: id,
            source,
            carried,
        });
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
    let known = [keys.guid, link, keys.paper, keys.alone, keys.title];
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
            sqlx::query(
                "UPDATE entry SET at = ?, dated = ?, updated = ?, words = ?, link = ?, \
                 digest = ?, kind = ?, title = ?, url = ?, guid = ?, authors = ?, tags = ?, \
                 more = ?, summary = ?, content = ?, text = ? WHERE id = ?",
            ),
            row,
        );
        query.bind(row.id.0).execute(&mut **writing).await?;
    }
    UNINDEXED
        .run(writing, &changes.changed, |query, row| query.bind(row.id.0))
        .await?;
    CARRIERS
        .run(writing, &changes.carriers, |query, row| {
            query
                .bind(row.entry.0)
                .bind(row.source.0)
                .bind(now)
                .bind(to_signed(row.carried.item))
                .bind(to_signed(row.carried.guid))
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
        sqlx::query("DELETE FROM item WHERE mark IN (SELECT value FROM json_each(?))")
            .bind(array(changes.gone_items.iter().copied().map(to_signed)))
            .execute(&mut **writing)
            .await?;
    }
    if !changes.gone_identities.is_empty() {
        let pairs: Vec<String> = changes
            .gone_identities
            .iter()
            .map(|(hash, id)| format!("[{},{}]", to_signed(*hash), id.0))
            .collect();
        sqlx::query(
            "DELETE FROM identity WHERE (hash, entry) IN (SELECT json_extract(value, '$[0]'), \
             json_extract(value, '$[1]') FROM json_each(?))",
        )
        .bind(format!("[{}]", pairs.join(",")))
        .execute(&mut **writing)
        .await?;
    }
    Ok(())
}

/// Binds what an entry says, in the order of the columns from `at` on.
fn bind_entry(query: Bound, row: &Row<'_>) -> Bound {
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
    batch: &[Record],
    stored: &[Stored],
    numbers: &mut Numbers,
) -> Result<(), sqlx::Error> {
    let mut visits = Vec::with_capacity(batch.len());
    let mut last: HashMap<SourceId, usize> = HashMap::with_capacity(batch.len());
    let mut letters: HashMap<SourceId, String> = HashMap::with_capacity(batch.len());
    for (at, (record, stored)) in batch.iter().zip(stored).enumerate() {
        numbers.visit += 1;
        let latest = numbers.latest.entry(record.source).or_insert((None, true));
        visits.push((numbers.visit, latest.0, record, stored));
        latest.0 = Some(numbers.visit);
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
    let histories: Vec<&Record> = last.values().map(|at| &batch[*at]).collect();
    HISTORIES
        .run(writing, &histories, |query, record| {
            let (facts, instants) = history_columns(&record.history);
            let (latest, live) = numbers.latest[&record.source];
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
