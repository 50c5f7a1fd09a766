//! What the review pages keep and ask for: the order of the next issue, commentaries as they are
//! edited, the latest decisions, and whether anything changed since somebody looked.

use super::decisions::{DECISION, Decision, HOLDS, decision};
use super::entries::{ENTRY, Remembered, remembered};
use super::sql::{numbers, query, query_as};
use super::{Error, Store};
use crate::model::{EntryId, SourceId};

/// What has to be shown anew when it is another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The last number of an entry.
    pub entries: i64,
    /// Changes with every decision, and when one is taken back.
    pub decisions: i64,
    /// Changes with commentaries, the order of the next issue, and what drafts take over.
    pub issue: i64,
}

/// A decision that holds, with what it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The entry.
    pub remembered: Remembered,
    /// What was decided on it.
    pub decision: Decision,
}

/// What came of an edited commentary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotated {
    /// It is kept.
    Kept,
    /// Somebody else changed it meanwhile: this is what it is now.
    Changed(Option<String>),
    /// The entry is not accepted any more.
    NotAccepted,
}

impl Store {
    /// Whether anything changed since somebody looked: equal where nothing did.
    pub async fn stamp(&self, newsletter: &str) -> Result<Stamp, Error> {
        let (entries, last, undone, issue): (i64, i64, i64, i64) = query_as(
            "SELECT (SELECT value FROM counter WHERE name = 'entry'), \
             (SELECT coalesce(max(id), 0) FROM decision WHERE newsletter = ?1), \
             (SELECT count(undone) FROM decision WHERE newsletter = ?1), \
             coalesce((SELECT value FROM counter WHERE name = ?2), 0) \
             + (SELECT count(*) FROM used WHERE newsletter = ?1)",
        )
        .bind(newsletter)
        .bind(edits(newsletter))
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.error("look for changes", error))?;
        Ok(Stamp {
            entries,
            // An undone decision changes the second part alone.
            decisions: last.wrapping_mul(1 << 20).wrapping_add(undone),
            issue,
        })
    }

    /// The decisions that hold, the latest first.
    pub async fn latest(&self, newsletter: &str, most: usize) -> Result<Vec<Latest>, Error> {
        let attempt = "read the latest decisions";
        let text = format!(
            "{ENTRY}, {DECISION} FROM decision JOIN entry ON entry.id = decision.entry \
             WHERE newsletter = ? AND {HOLDS} ORDER BY decision.id DESC LIMIT ?"
        );
        let rows = query(text)
            .bind(newsletter)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .map(|row| {
                Ok(Latest {
                    remembered: remembered(row)?,
                    decision: decision(row, 16)?,
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// Changes the commentary on an accepted entry, if it is still what it was when it was read.
    pub async fn annotate(
        &self,
        newsletter: &str,
        entry: EntryId,
        was: Option<&str>,
        note: Option<&str>,
    ) -> Result<Annotated, Error> {
        let attempt = "keep a commentary";
        let wrap = |error| self.error(attempt, error);
        let mut writing = self.writing().await?;
        let text = format!(
            "SELECT id, note FROM decision \
             WHERE newsletter = ? AND entry = ? AND answer = 'accept' AND {HOLDS}"
        );
        let held: Option<(i64, Option<String>)> = query_as(text)
            .bind(newsletter)
            .bind(entry.0)
            .fetch_optional(&mut writing)
            .await
            .map_err(wrap)?;
        let Some((id, now)) = held else {
            return Ok(Annotated::NotAccepted);
        };
        if now.as_deref().unwrap_or("") != was.unwrap_or("") {
            return Ok(Annotated::Changed(now));
        }
        query("UPDATE decision SET note = ? WHERE id = ?")
            .bind(note)
            .bind(id)
            .execute(&mut writing)
            .await
            .map_err(wrap)?;
        note_edit(&mut writing, newsletter).await.map_err(wrap)?;
        writing.commit().await.map_err(wrap)?;
        Ok(Annotated::Kept)
    }

    /// Puts the accepted entries into this order.
    pub async fn arrange(&self, newsletter: &str, order: &[EntryId]) -> Result<(), Error> {
        let attempt = "arrange the next issue";
        let wrap = |error| self.error(attempt, error);
        let mut writing = self.writing().await?;
        query("DELETE FROM arranged WHERE newsletter = ?")
            .bind(newsletter)
            .execute(&mut writing)
            .await
            .map_err(wrap)?;
        query(
            "INSERT INTO arranged (newsletter, entry, place) \
             SELECT ?, value, min(key) FROM json_each(?) GROUP BY value",
        )
        .bind(newsletter)
        .bind(numbers(order.iter().map(|entry| entry.0)))
        .execute(&mut writing)
        .await
        .map_err(wrap)?;
        note_edit(&mut writing, newsletter).await.map_err(wrap)?;
        writing.commit().await.map_err(wrap)
    }

    /// The latest entries that a source carries, the newest first.
    pub async fn carried_by(
        &self,
        source: SourceId,
        most: usize,
    ) -> Result<Vec<Remembered>, Error> {
        let attempt = "read what a source brought";
        let text = format!(
            "{ENTRY} FROM entry WHERE EXISTS (SELECT 1 FROM carrier \
             WHERE carrier.entry = entry.id AND carrier.source = ?) \
             ORDER BY entry.at DESC, entry.id DESC LIMIT ?"
        );
        let rows = query(text)
            .bind(source.0)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .map(remembered)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.error(attempt, error))
    }
}

/// The counter of what is edited for a newsletter.
fn edits(newsletter: &str) -> String {
    format!("edits {newsletter}")
}

async fn note_edit(writing: &mut super::Writing, newsletter: &str) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO counter (name, value) VALUES (?, 1) \
         ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
    )
    .bind(edits(newsletter))
    .execute(&mut *writing)
    .await?;
    Ok(())
}
