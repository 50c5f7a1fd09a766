//! Entries in outline: what ranking needs of all of them, without their whole texts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::identity::Keys;
use super::rows::{More, kind, list, to_instant, to_signed};
use super::sql::{Row, numbers, query, query_as, query_numbers};
use super::{Error, Store};
use crate::model::{Entry, EntryId, Kind, SourceId};

/// An entry, as far as ranking needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its number.
    pub id: EntryId,
    /// The source that brought it first.
    pub source: SourceId,
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// When it was first seen.
    pub seen: DateTime<Utc>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its title, plain text.
    pub title: String,
    /// Its page.
    pub url: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its labels.
    pub tags: Vec<String>,
    /// Its language.
    pub language: Option<String>,
    /// How its plain text begins.
    pub text: String,
    /// How many sources carry it.
    pub carriers: u32,
}

/// The columns of [`outline`]. A thousand characters say what a text is about.
const OUTLINE: &str = "SELECT id, source, at, kind, title, url, authors, tags, more, \
     substr(text, 1, 1000), (SELECT count(*) FROM carrier WHERE carrier.entry = entry.id), \
     seen FROM entry";

fn outline(row: &Row) -> Result<Outline, sqlx::Error> {
    let more: &str = row.try_get(8)?;
    let more: More = if more.is_empty() {
        More::default()
    } else {
        serde_json::from_str(more).unwrap_or_default()
    };
    Ok(Outline {
        id: EntryId(row.try_get(0)?),
        source: SourceId(row.try_get(1)?),
        at: to_instant(row.try_get(2)?),
        seen: to_instant(row.try_get(11)?),
        kind: kind(row.try_get(3)?),
        title: row.try_get(4)?,
        url: row.try_get(5)?,
        authors: list(row.try_get(6)?),
        tags: list(row.try_get(7)?),
        language: more.language,
        text: row.try_get(9)?,
        carriers: u32::try_from(row.try_get::<i64>(10)?).unwrap_or(u32::MAX),
    })
}

impl Store {
    /// Entries of the newsletter's sources in outline whose numbers are above `after`, in the order of the numbers, at most
    /// `limit`.
    pub async fn outlines(&self, after: EntryId, limit: usize) -> Result<Vec<Outline>, Error> {
        let own = self.own("entry.id", "?3").await?;
        let text = format!("{OUTLINE} WHERE id > ?1 AND {own} ORDER BY id LIMIT ?2");
        let rows = query(text)
            .bind(after.0)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(self.newsletter())
            .fetch_all(&self.pool)
            .await;
        self.read_outlines(rows)
    }

    /// These entries in outline, in the order of their numbers; those that are not there are left
    /// out.
    pub async fn outlines_of(&self, ids: &[EntryId]) -> Result<Vec<Outline>, Error> {
        let text = format!("{OUTLINE} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id");
        let rows = query(text)
            .bind(numbers(ids.iter().map(|id| id.0)))
            .fetch_all(&self.pool)
            .await;
        self.read_outlines(rows)
    }

    fn read_outlines(&self, rows: Result<Vec<Row>, sqlx::Error>) -> Result<Vec<Outline>, Error> {
        rows.and_then(|rows| rows.iter().map(outline).collect())
            .map_err(|error| self.error("read entries", error))
    }

    /// Which source brought each entry first.
    pub async fn first_sources(&self) -> Result<Vec<(EntryId, SourceId)>, Error> {
        let rows: Vec<(i64, i64)> = query_as("SELECT id, source FROM entry")
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error("read who brought entries", error))?;
        Ok(rows
            .into_iter()
            .map(|(entry, source)| (EntryId(entry), SourceId(source)))
            .collect())
    }

    /// Which entries these things are, each known by its address in any of its forms, or else by
    /// its title, where that is long enough to mean one thing.
    pub async fn known_as(
        &self,
        things: &[(Option<&str>, &str)],
    ) -> Result<Vec<Option<EntryId>>, Error> {
        let keys: Vec<(Option<u64>, Option<u64>)> = things
            .iter()
            .map(|(url, title)| {
                let named = Entry {
                    url: url.map(str::to_owned),
                    title: (*title).to_owned(),
                    ..Entry::default()
                };
                let keys = Keys::of(SourceId(0), &named);
                (keys.link, keys.title)
            })
            .collect();
        let wanted = keys
            .iter()
            .flat_map(|(link, title)| [*link, *title])
            .flatten()
            .map(to_signed);
        // An identity outlives its entry.
        let found = query_numbers(
            ["hash", "identity.entry"],
            "FROM json_each(?) CROSS JOIN identity ON hash = value \
             JOIN entry ON entry.id = identity.entry",
        )
        .bind(numbers(wanted))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("look up addresses", error))?;
        let found: HashMap<i64, i64> = found.into_iter().map(|[hash, id]| (hash, id)).collect();
        let entry = |key: &Option<u64>| found.get(&to_signed((*key)?)).copied();
        Ok(keys
            .iter()
            .map(|(link, title)| entry(link).or_else(|| entry(title)).map(EntryId))
            .collect())
    }
}
