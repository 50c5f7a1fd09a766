//! Entries, read back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::identity::Keys;
use super::rows::{More, dated, kind, list, to_instant, to_signed};
use super::sql::{Row, numbers, query, query_as, query_scalar};
use super::{Error, Store};
use crate::model::{Entry, EntryId, SourceId};

/// An entry as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// Its number.
    pub id: EntryId,
    /// When it was first seen.
    pub seen: DateTime<Utc>,
    /// The source that brought it first.
    pub source: SourceId,
    /// What it says.
    pub entry: Entry,
    /// Who carries it, the first to do so first.
    pub carriers: Vec<Carrier>,
}

/// A source that carries an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The source; it may have been removed since.
    pub source: SourceId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The columns of [`remembered`].
pub(super) const ENTRY: &str = "SELECT entry.id, entry.source, seen, entry.at, dated, updated, \
     kind, title, url, guid, authors, tags, more, summary, content, text";

/// An entry from a row of [`ENTRY`], without its carriers.
pub(super) fn remembered(row: &Row) -> Result<Remembered, sqlx::Error> {
    let more: &str = row.try_get(12)?;
    let more: More = serde_json::from_str(more).unwrap_or_default();
    let text: String = row.try_get(15)?;
    Ok(Remembered {
        id: EntryId(row.try_get(0)?),
        source: SourceId(row.try_get(1)?),
        seen: to_instant(row.try_get(2)?),
        entry: Entry {
            at: to_instant(row.try_get(3)?),
            dated: dated(row.try_get(4)?),
            stated: None,
            updated: row.try_get::<Option<i64>>(5)?.map(to_instant),
            kind: kind(row.try_get(6)?),
            title: row.try_get(7)?,
            url: row.try_get(8)?,
            guid: row.try_get(9)?,
            authors: list(row.try_get(10)?),
            tags: list(row.try_get(11)?),
            enclosures: more.enclosures,
            duration: more.duration,
            transcript: more.transcript,
            thumbnail: more.thumbnail,
            comments: more.comments,
            language: more.language,
            summary_html: row.try_get(13)?,
            content_html: row
                .try_get::<Option<String>>(14)?
                .unwrap_or_else(|| text.clone()),
            text,
        },
        carriers: Vec::new(),
    })
}

impl Store {
    /// Entries by their numbers, in the order of the numbers; those that are not there are left
    /// out, and those that are other newsletters' alone.
    pub async fn entries(&self, ids: &[EntryId]) -> Result<Vec<Remembered>, Error> {
        let own = self.own_or_decided("entry.id", "?2").await?;
        let text = format!(
            "{ENTRY} FROM entry WHERE id IN (SELECT value FROM json_each(?1)) AND {own} ORDER BY id"
        );
        let rows = query(text)
            .bind(numbers(ids.iter().map(|id| id.0)))
            .bind(self.newsletter())
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error("read entries", error))?;
        let mut entries = rows
            .iter()
            .map(remembered)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.error("read entries", error))?;
        self.add_carriers(entries.iter_mut()).await?;
        Ok(entries)
    }

    /// The entry with a number.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Remembered>, Error> {
        Ok(self.entries(&[id]).await?.pop())
    }

    /// The entry with an address, in any of its forms.
    pub async fn entry_at(&self, url: &str) -> Result<Option<Remembered>, Error> {
        // A part of a page that nobody knows is looked for as the page.
        let page = url.split_once('#').map(|(page, _)| page);
        for url in [Some(url), page].into_iter().flatten() {
            let named = Entry {
                url: Some(url.to_owned()),
                ..Entry::default()
            };
            let Some(link) = Keys::of(SourceId(0), &named).link else {
                continue;
            };
            let id: Option<i64> = query_scalar("SELECT entry FROM identity WHERE hash = ?")
                .bind(to_signed(link))
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| self.error("look up an address", error))?;
            if let Some(id) = id
                && let Some(entry) = self.entry(EntryId(id)).await?
            {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The number of entries.
    pub async fn count_entries(&self) -> Result<u64, Error> {
        let count: i64 = query_scalar("SELECT count(*) FROM entry")
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.error("count entries", error))?;
        Ok(count.unsigned_abs())
    }

    /// Puts to each entry who carries it.
    pub(super) async fn add_carriers<'a>(
        &self,
        entries: impl Iterator<Item = &'a mut Remembered>,
    ) -> Result<(), Error> {
        let entries: Vec<&mut Remembered> = entries.collect();
        let rows: Vec<(i64, i64, i64)> = query_as(
            "SELECT entry, source, since FROM json_each(?) CROSS JOIN carrier ON entry = value \
             ORDER BY since, source",
        )
        .bind(numbers(entries.iter().map(|entry| entry.id.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("read who carries entries", error))?;
        let mut carriers: HashMap<i64, Vec<Carrier>> = HashMap::new();
        for (entry, source, since) in rows {
            carriers.entry(entry).or_default().push(Carrier {
                source: SourceId(source),
                since: to_instant(since),
            });
        }
        for entry in entries {
            entry.carriers = carriers.remove(&entry.id.0).unwrap_or_default();
        }
        Ok(())
    }
}
