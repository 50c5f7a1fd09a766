//! What a newsletter's curators decided, what was shown to them, and what a stage keeps for it.
//!
//! A newsletter is known by its `authority`. Nothing here touches what belongs to another.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::entries::{ENTRY, Remembered, remembered};
use super::rows::{to_instant, to_millis};
use super::sql::{Query, Row, numbers, query, query_as};
use super::{Error, Store};
use crate::model::EntryId;

/// A curator's answer to a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Into the next issue.
    Accept,
    /// Not for this newsletter.
    Decline,
    /// Ask again at [`Decision::until`].
    Later,
}

impl Answer {
    fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Later => "later",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "accept" => Self::Accept,
            "later" => Self::Later,
            _ => Self::Decline,
        }
    }
}

/// One answer, by one curator, at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided on.
    pub entry: EntryId,
    /// The answer.
    pub answer: Answer,
    /// Who decided.
    pub curator: Option<String>,
    /// What the curator says of it: the commentary of the reading to be.
    pub note: Option<String>,
    /// When [`Answer::Later`] comes back.
    pub until: Option<DateTime<Utc>>,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// When it was taken back, in a history.
    pub undone: Option<DateTime<Utc>>,
}

/// An accepted entry, for the next draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// The entry.
    pub remembered: Remembered,
    /// Who accepted it, when, and why.
    pub decision: Decision,
}

/// An entry that an issue, or its draft, has taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The entry.
    pub entry: EntryId,
    /// The file of the issue, as it was noted.
    pub issue: String,
}

/// The decisions that hold: of those on an entry that are not undone, the latest.
pub(super) const HOLDS: &str = "decision.undone IS NULL AND decision.id = (SELECT max(latest.id) \
     FROM decision AS latest WHERE latest.newsletter = decision.newsletter \
     AND latest.entry = decision.entry AND latest.undone IS NULL)";

pub(super) const DECISION: &str =
    "decision.entry, answer, curator, note, until, decision.at, undone";

pub(super) fn decision(row: &Row, first: usize) -> Result<Decision, sqlx::Error> {
    let instant = |at: Option<i64>| at.map(to_instant);
    Ok(Decision {
        entry: EntryId(row.try_get(first)?),
        answer: Answer::of(row.try_get(first + 1)?),
        curator: row.try_get(first + 2)?,
        note: row.try_get(first + 3)?,
        until: instant(row.try_get(first + 4)?),
        at: to_instant(row.try_get(first + 5)?),
        undone: instant(row.try_get(first + 6)?),
    })
}

impl Store {
    /// Remembers decisions; each takes the place of what was decided on the entry before.
    pub async fn decide(&self, newsletter: &str, decisions: &[Decision]) -> Result<(), Error> {
        let attempt = "store decisions";
        let mut writing = self.writing().await?;
        for decision in decisions {
            query(
                "INSERT INTO decision (newsletter, entry, curator, answer, note, until, at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(newsletter)
            .bind(decision.entry.0)
            .bind(&decision.curator)
            .bind(decision.answer.word())
            .bind(&decision.note)
            .bind(decision.until.map(to_millis))
            .bind(to_millis(decision.at))
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        }
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))
    }

    /// Takes back the decision that holds on an entry, so that the one before it holds again;
    /// says which it was.
    pub async fn undo(
        &self,
        newsletter: &str,
        entry: EntryId,
        now: DateTime<Utc>,
    ) -> Result<Option<Decision>, Error> {
        let text = format!(
            "UPDATE decision SET undone = ? WHERE newsletter = ? AND entry = ? AND {HOLDS} \
             RETURNING entry, answer, curator, note, until, at, undone"
        );
        let row = query(text)
            .bind(to_millis(now))
            .bind(newsletter)
            .bind(entry.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.error("undo a decision", error))?;
        row.map(|row| decision(&row, 0))
            .transpose()
            .map_err(|error| self.error("undo a decision", error))
    }

    /// All that was ever decided on an entry, the first decision first.
    pub async fn history_of(
        &self,
        newsletter: &str,
        entry: EntryId,
    ) -> Result<Vec<Decision>, Error> {
        let text = format!(
            "SELECT {DECISION} FROM decision WHERE newsletter = ? AND entry = ? ORDER BY id"
        );
        self.read_decisions(query(text).bind(newsletter).bind(entry.0))
            .await
    }

    /// The decisions that hold, in the order in which they were made.
    pub async fn decisions(&self, newsletter: &str) -> Result<Vec<Decision>, Error> {
        let text =
            format!("SELECT {DECISION} FROM decision WHERE newsletter = ? AND {HOLDS} ORDER BY id");
        self.read_decisions(query(text).bind(newsletter)).await
    }

    async fn read_decisions(&self, query: Query<'_>) -> Result<Vec<Decision>, Error> {
        let attempt = "read decisions";
        let rows = query.fetch_all(&self.pool).await;
        rows.and_then(|rows| rows.iter().map(|row| decision(row, 0)).collect())
            .map_err(|error| self.error(attempt, error))
    }

    /// The accepted entries that no draft or issue has taken over, in the order in which somebody
    /// arranged them, then in the order of decisions.
    pub async fn accepted(&self, newsletter: &str) -> Result<Vec<Picked>, Error> {
        let attempt = "read what was accepted";
        let text = format!(
            "{ENTRY}, {DECISION} FROM decision JOIN entry ON entry.id = decision.entry \
             LEFT JOIN arranged ON arranged.newsletter = ?1 AND arranged.entry = decision.entry \
             WHERE decision.newsletter = ?1 AND answer = 'accept' AND {HOLDS} AND NOT EXISTS \
             (SELECT 1 FROM used WHERE used.newsletter = ?1 AND used.entry = decision.entry) \
             ORDER BY place IS NULL, place, decision.id"
        );
        let rows = query(text)
            .bind(newsletter)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let mut picked = rows
            .iter()
            .map(|row| {
                Ok(Picked {
                    remembered: remembered(row)?,
                    decision: decision(row, 16)?,
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.error(attempt, error))?;
        self.add_carriers(picked.iter_mut().map(|picked| &mut picked.remembered))
            .await?;
        Ok(picked)
    }

    /// Notes that an issue, or its draft, has taken entries over.
    pub async fn mark_used(
        &self,
        newsletter: &str,
        entries: &[EntryId],
        issue: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        query(
            "INSERT INTO used (newsletter, entry, issue, at) \
             SELECT ?, value, ?, ? FROM json_each(?) WHERE true \
             ON CONFLICT (newsletter, entry) DO UPDATE SET issue = excluded.issue, at = excluded.at",
        )
        .bind(newsletter)
        .bind(issue)
        .bind(to_millis(now))
        .bind(numbers(entries.iter().map(|entry| entry.0)))
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("note what an issue took over", error))?;
        Ok(())
    }

    /// What issues and drafts have taken over, by issue and entry.
    pub async fn used(&self, newsletter: &str) -> Result<Vec<Used>, Error> {
        let rows: Vec<(i64, String)> =
            query_as("SELECT entry, issue FROM used WHERE newsletter = ? ORDER BY issue, entry")
                .bind(newsletter)
                .fetch_all(&self.pool)
                .await
                .map_err(|error| self.error("read what issues took over", error))?;
        Ok(rows
            .into_iter()
            .map(|(entry, issue)| Used {
                entry: EntryId(entry),
                issue,
            })
            .collect())
    }

    /// Gives back what an issue had taken over, because its draft was thrown away.
    pub async fn release(&self, newsletter: &str, issue: &str) -> Result<u64, Error> {
        let done = query("DELETE FROM used WHERE newsletter = ? AND issue = ?")
            .bind(newsletter)
            .bind(issue)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("give back what an issue took over", error))?;
        Ok(done)
    }

    /// Notes that entries were suggested on a day; once a day counts.
    pub async fn note_shown(
        &self,
        newsletter: &str,
        entries: &[EntryId],
        day: NaiveDate,
    ) -> Result<(), Error> {
        query(
            "INSERT INTO shown (newsletter, entry, day) \
             SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
        )
        .bind(newsletter)
        .bind(day_number(day))
        .bind(numbers(entries.iter().map(|entry| entry.0)))
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("note what was suggested", error))?;
        Ok(())
    }

    /// On which days since `since` entries were suggested, by entry and day.
    pub async fn shown(
        &self,
        newsletter: &str,
        since: NaiveDate,
    ) -> Result<Vec<(EntryId, NaiveDate)>, Error> {
        let rows: Vec<(i64, i64)> = query_as(
            "SELECT entry, day FROM shown WHERE newsletter = ? AND day >= ? ORDER BY entry, day",
        )
        .bind(newsletter)
        .bind(day_number(since))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("read what was suggested", error))?;
        Ok(rows
            .into_iter()
            .map(|(entry, day)| (EntryId(entry), day_of(day)))
            .collect())
    }

    /// Keeps something for a newsletter until the next run, such as what `suggest` learned.
    pub async fn keep(
        &self,
        newsletter: &str,
        name: &str,
        value: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        query(
            "INSERT INTO kept (newsletter, name, at, value) VALUES (?, ?, ?, ?) \
             ON CONFLICT (newsletter, name) DO UPDATE SET at = excluded.at, value = excluded.value",
        )
        .bind(newsletter)
        .bind(name)
        .bind(to_millis(now))
        .bind(value)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("keep what was learned", error))?;
        Ok(())
    }

    /// What was kept, and when.
    pub async fn kept(
        &self,
        newsletter: &str,
        name: &str,
    ) -> Result<Option<(DateTime<Utc>, Vec<u8>)>, Error> {
        let row: Option<(i64, Vec<u8>)> =
            query_as("SELECT at, value FROM kept WHERE newsletter = ? AND name = ?")
                .bind(newsletter)
                .bind(name)
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| self.error("read what was learned", error))?;
        Ok(row.map(|(at, value)| (to_instant(at), value)))
    }
}

fn day_number(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}

fn day_of(number: i64) -> NaiveDate {
    NaiveDate::default()
        .checked_add_days(Days::new(number.unsigned_abs()))
        .unwrap_or_default()
}
