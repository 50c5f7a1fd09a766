//! What is known of the entries that the items of a batch could be.

use super::super::identity::{Keys, item_mark};
use super::super::resolve::{Brief, Carried, View};
use super::super::rows::to_signed;
use super::super::sql::{Numbers, query, query_numbers};
use super::super::{Mark, Writing};
use super::Keyed;
use crate::model::{Entry, EntryId, SourceId};

/// Asks for everything that the items of the batch could be.
pub(super) async fn read(writing: &mut Writing, batch: &[Keyed<'_>]) -> Result<View, sqlx::Error> {
    let mut view = View::default();
    if batch.iter().all(|it| it.keys.is_empty()) {
        return Ok(view);
    }
    let mut marks: Vec<i64> = Vec::new();
    for Keyed { record, .. } in batch {
        let of = |(mark, _): &(Mark, Entry)| to_signed(item_mark(record.source, mark.item));
        marks.extend(record.entries.iter().map(of));
    }
    let mut hashes: Vec<i64> = batch
        .iter()
        .flat_map(|it| it.keys)
        .flat_map(Keys::all)
        .map(to_signed)
        .collect();
    // In the order of the tables, so that each of their pages is looked at once.
    marks.sort_unstable();
    hashes.sort_unstable();
    hashes.dedup();
    let items = query_numbers(
        ["mark", "entry", "content"],
        "FROM json_each(?) CROSS JOIN item ON mark = value",
    )
    .bind(Numbers(marks))
    .fetch_all(&mut *writing)
    .await?;
    let identities = query_numbers(
        ["hash", "entry"],
        "FROM json_each(?) CROSS JOIN identity ON hash = value",
    )
    .bind(Numbers(hashes))
    .fetch_all(&mut *writing)
    .await?;
    view.items = items
        .into_iter()
        .map(|[mark, entry, content]| {
            let seen = (EntryId(entry), content.cast_unsigned());
            (mark.cast_unsigned(), seen)
        })
        .collect();
    view.identities = identities
        .into_iter()
        .map(|[hash, entry]| (hash.cast_unsigned(), EntryId(entry)))
        .collect();
    let seen = view.items.values().map(|(id, _)| id);
    let mut entries: Vec<i64> = seen
        .chain(view.identities.values())
        .map(|id| id.0)
        .collect();
    entries.sort_unstable();
    entries.dedup();
    if !entries.is_empty() {
        read_entries(writing, Numbers(entries), &mut view).await?;
    }
    Ok(view)
}

async fn read_entries(
    writing: &mut Writing,
    entries: Numbers,
    view: &mut View,
) -> Result<(), sqlx::Error> {
    let briefs = query(
        "SELECT entry.id, source, words, link, at, dated <> 'first-seen', digest \
         FROM json_each(?) CROSS JOIN entry ON entry.id = value",
    )
    .bind(entries.clone())
    .fetch_all(&mut *writing)
    .await?;
    for row in &briefs {
        view.briefs.insert(
            EntryId(row.try_get(0)?),
            Brief {
                owner: SourceId(row.try_get(1)?),
                words: row.try_get::<i64>(2)?.cast_unsigned(),
                link: row.try_get::<i64>(3)?.cast_unsigned(),
                at: row.try_get(4)?,
                dated: row.try_get(5)?,
                digest: row.try_get::<i64>(6)?.cast_unsigned(),
            },
        );
    }
    let carriers = query(
        "SELECT entry, source, item, guid FROM json_each(?) CROSS JOIN carrier ON entry = value",
    )
    .bind(entries)
    .fetch_all(&mut *writing)
    .await?;
    for row in &carriers {
        view.carriers.insert(
            (EntryId(row.try_get(0)?), SourceId(row.try_get(1)?)),
            Carried {
                item: row.try_get::<i64>(2)?.cast_unsigned(),
                guid: row.try_get::<i64>(3)?.cast_unsigned(),
            },
        );
    }
    Ok(())
}
