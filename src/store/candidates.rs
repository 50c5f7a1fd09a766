//! The candidates of a newsletter: entries that nobody there decided on, in bounded pages.

use chrono::{DateTime, Utc};

use super::decisions::HOLDS;
use super::entries::{ENTRY, Remembered, remembered};
use super::rows::to_millis;
use super::sql::query;
use super::{Error, Store};
use crate::model::EntryId;

/// An entry that could be recommended.
pub type Candidate = Remembered;

/// Where a page of candidates begins: behind the last of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: DateTime<Utc>,
    id: EntryId,
}

/// Some candidates, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The candidates.
    pub candidates: Vec<Candidate>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

impl Store {
    /// Entries that appeared since a day and that the newsletter has neither decided on nor taken
    /// over, newest first; those put off come back when their time has come.
    pub async fn candidates(
        &self,
        newsletter: &str,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page, Error> {
        let attempt = "read candidates";
        let own = self.own("entry.id", "?7").await?;
        let text = format!(
            "{ENTRY} FROM entry WHERE (entry.at, entry.id) < (?1, ?2) AND entry.at >= ?3 \
             AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.newsletter = ?4 \
             AND decision.entry = entry.id AND {HOLDS} \
             AND (answer <> 'later' OR until IS NULL OR until > ?5)) \
             AND NOT EXISTS (SELECT 1 FROM used WHERE used.newsletter = ?4 \
             AND used.entry = entry.id) AND {own} \
             ORDER BY entry.at DESC, entry.id DESC LIMIT ?6"
        );
        let (at, id) = after.map_or((i64::MAX, i64::MAX), |cursor| {
            (to_millis(cursor.at), cursor.id.0)
        });
        let rows = query(text)
            .bind(at)
            .bind(id)
            .bind(to_millis(since))
            .bind(newsletter)
            .bind(to_millis(now))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(self.newsletter())
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let mut candidates = rows
            .iter()
            .map(remembered)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.error(attempt, error))?;
        self.add_carriers(candidates.iter_mut()).await?;
        let full = candidates.len() >= limit;
        let next = candidates.last().filter(|_| full).map(|last| Cursor {
            at: last.entry.at,
            id: last.id,
        });
        Ok(Page { candidates, next })
    }
}
