//! What is deleted, and when: entries past their retention, visits past theirs.

use chrono::{DateTime, Utc};

use super::rows::to_millis;
use super::search::FORGET;
use super::sql::{Words, numbers, query, query_numbers, query_scalar};
use super::{Error, Store};

/// Entries deleted in one transaction.
const AT_ONCE: i64 = 5_000;

/// What may be deleted. A file has no index of decisions by entry alone: it reads them once.
const OLD: Words = Words {
    sqlite: "FROM (SELECT id FROM entry WHERE seen < ? AND id <= \
         (SELECT coalesce(min(id), (SELECT max(id) FROM entry) + 1) FROM entry WHERE seen >= ?) \
         AND id NOT IN (SELECT entry FROM decision) AND id NOT IN (SELECT entry FROM used) \
         ORDER BY id LIMIT ?) AS old",
    postgres: "FROM (SELECT id FROM entry WHERE seen < ? AND id <= \
         (SELECT coalesce(min(id), (SELECT max(id) FROM entry) + 1) FROM entry WHERE seen >= ?) \
         AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.entry = entry.id) \
         AND NOT EXISTS (SELECT 1 FROM used WHERE used.entry = entry.id) \
         ORDER BY id LIMIT ?) AS old",
};

impl Store {
    /// Deletes what is older than it is to be kept; says how many entries. What identifies them
    /// stays, so that a source which lists its whole archive does not bring them back; and those
    /// with a decision stay, or that are in an issue.
    pub async fn tidy(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let attempt = "delete what is past its retention";
        self.trim_visits().await?;
        self.trim_leases().await?;
        query("DELETE FROM pause WHERE until <= ?")
            .bind(to_millis(now))
            .execute(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let keep = i64::try_from(self.options.keep.as_millis()).unwrap_or(i64::MAX);
        let before = to_millis(now).saturating_sub(keep);
        let mut deleted = 0;
        loop {
            let here = self
                .delete_entries(before)
                .await
                .map_err(|error| self.error(attempt, error))?;
            deleted += here;
            if here < AT_ONCE.unsigned_abs() {
                return Ok(deleted);
            }
        }
    }

    /// Numbers grow as entries are seen, so that the oldest are the first: no index is needed.
    async fn delete_entries(&self, before: i64) -> Result<u64, sqlx::Error> {
        let oldest: Option<i64> = query_scalar("SELECT seen FROM entry ORDER BY id LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        if oldest.is_none_or(|seen| seen >= before) {
            return Ok(0);
        }
        let mut writing = self.pool.begin().await?;
        let ids = query_numbers(["id"], writing.words(OLD))
            .bind(before)
            .bind(before)
            .bind(AT_ONCE)
            .fetch_all(&mut writing)
            .await?;
        let ids = numbers(ids.into_iter().flatten());
        query(writing.words(FORGET))
            .bind(ids.clone())
            .execute(&mut writing)
            .await?;
        for statement in [
            "DELETE FROM unindexed WHERE entry IN (SELECT value FROM json_each(?))",
            "DELETE FROM shown WHERE entry IN (SELECT value FROM json_each(?))",
        ] {
            query(statement)
                .bind(ids.clone())
                .execute(&mut writing)
                .await?;
        }
        let deleted = query("DELETE FROM entry WHERE id IN (SELECT value FROM json_each(?))")
            .bind(ids.clone())
            .execute(&mut writing)
            .await?;
        writing.commit().await?;
        Ok(deleted)
    }
}
