//! What a clock that was wrong has left: instants that cannot be.
//!
//! A machine without a battery begins in 1970, another one is years ahead for an hour. Visits are
//! dated by such a clock, and what follows from them would be believed for years: nothing would be
//! due, and nothing new. An instant beyond now and the longest wait proves that the clock was wrong.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::rows::{KNOWN, NEVER, due, history_columns, known, to_millis};
use super::sql::{query, query_as, query_scalar};
use super::{Error, Known, Store, Writing};

/// Clocks of one machine after another, of workers that share a store, differ by so much.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// What nobody dated before this came from a clock that had not been set.
const UNSET: i64 = 946_684_800_000;

impl Store {
    /// Takes back what a wrong clock has left: schedules beyond the longest wait, visits and entries of
    /// the future, entries that are dated to 1970 because nobody dated them; and gives entries
    /// their own date, once that day has come. Says whether a clock was wrong.
    pub async fn mend_clock(&self, now: DateTime<Utc>, longest: Duration) -> Result<bool, Error> {
        let attempt = "mend what a wrong clock has left";
        let wrap = |error| self.error(attempt, error);
        let longest = i64::try_from(longest.as_millis()).unwrap_or(i64::MAX);
        let latest = to_millis(now).saturating_add(longest);
        let margin = to_millis(now + MARGIN);
        let (is_ahead, is_unset, has_come): (bool, bool, bool) = query_as(
            "SELECT coalesce((SELECT due FROM history WHERE due < ?1 ORDER BY due DESC LIMIT 1) > ?2, \
             false) OR coalesce((SELECT at FROM visit ORDER BY id DESC LIMIT 1) > ?3, false), \
             EXISTS (SELECT 1 FROM entry WHERE at < ?4 AND dated = 'first-seen'), \
             EXISTS (SELECT 1 FROM stated WHERE at <= ?5)",
        )
        .bind(NEVER)
        .bind(latest)
        .bind(margin)
        .bind(UNSET)
        .bind(to_millis(now))
        .fetch_one(&self.pool)
        .await
        .map_err(wrap)?;
        let is_unset = is_unset && to_millis(now) > UNSET;
        if !(is_ahead || is_unset || has_come) {
            return Ok(false);
        }
        let mut writing = self.writing().await?;
        if is_ahead {
            mend_future(&mut writing, now, latest).await.map_err(wrap)?;
        }
        date(&mut writing, to_millis(now)).await.map_err(wrap)?;
        writing.commit().await.map_err(wrap)?;
        Ok(is_ahead || is_unset)
    }

    /// How many visits are dated later than now, and the latest of them: a clock was wrong.
    pub async fn visits_ahead(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let count: i64 = query_scalar("SELECT count(*) FROM visit WHERE at > ?")
            .bind(to_millis(now + MARGIN))
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.error("count visits", error))?;
        Ok(count.unsigned_abs())
    }
}

/// What was dated by a clock that was ahead is dated now.
async fn mend_future(
    writing: &mut Writing,
    now: DateTime<Utc>,
    latest: i64,
) -> Result<(), sqlx::Error> {
    let rows = query(KNOWN).fetch_all(&mut *writing).await?;
    for row in &rows {
        let mut known = known(row)?;
        if !mend(&mut known, now, latest) {
            continue;
        }
        let (facts, instants) = history_columns(&known.history);
        query("UPDATE history SET due = ?, facts = ?, instants = ? WHERE source = ? AND due < ?")
            .bind(due(known.source.enabled, known.twin, &known.history))
            .bind(facts)
            .bind(instants)
            .bind(known.id.0)
            .bind(NEVER)
            .execute(&mut *writing)
            .await?;
    }
    for statement in [
        "UPDATE entry SET at = ?1 WHERE at > ?1",
        "UPDATE entry SET seen = ?1 WHERE seen > ?1",
        "UPDATE carrier SET since = ?1 WHERE since > ?1",
        "DELETE FROM pause WHERE until > ?1 + 172800000",
        "UPDATE pace SET learned = ?1 WHERE learned > ?1",
    ] {
        query(statement)
            .bind(to_millis(now))
            .execute(&mut *writing)
            .await?;
    }
    Ok(())
}

/// Whether something of it could not be; that is mended.
fn mend(known: &mut Known, now: DateTime<Utc>, latest: i64) -> bool {
    let every = known.source.every.unwrap_or_default().as_millis();
    let latest = latest.saturating_add(i64::try_from(every).unwrap_or(i64::MAX));
    let history = &mut known.history;
    let was_ahead = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > now + MARGIN);
    let is_far = history
        .next_visit
        .is_some_and(|next| to_millis(next) > latest);
    if !is_far && !was_ahead(history.last_visit) && !was_ahead(history.last_success) {
        return false;
    }
    history.next_visit = None;
    history.last_visit = history.last_visit.map(|at| at.min(now));
    history.last_success = history.last_success.map(|at| at.min(now));
    history.fresh_until = None;
    history.moved = None;
    history.instants.retain(|at| *at <= now);
    true
}

/// Entries get the date that their source gives them, once it has come; those that nobody dated and
/// that a clock which was not set dated are of now.
async fn date(writing: &mut Writing, now: i64) -> Result<(), sqlx::Error> {
    query(
        "UPDATE entry SET dated = 'published', \
         at = (SELECT stated.at FROM stated WHERE stated.entry = entry.id) \
         WHERE dated = 'first-seen' AND id IN (SELECT entry FROM stated WHERE at <= ?)",
    )
    .bind(now)
    .execute(&mut *writing)
    .await?;
    query("DELETE FROM stated WHERE at <= ?")
        .bind(now)
        .execute(&mut *writing)
        .await?;
    if now > UNSET {
        query(
            "UPDATE entry SET at = ?1, seen = CASE WHEN seen < ?2 THEN ?1 ELSE seen END \
             WHERE at < ?2 AND dated = 'first-seen'",
        )
        .bind(now)
        .bind(UNSET)
        .execute(&mut *writing)
        .await?;
    }
    Ok(())
}
