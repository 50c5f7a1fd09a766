//! The visits of a source, one after the other.

use super::rows::{list, outcome, to_instant};
use super::sql::query;
use super::{Error, Store};
use crate::model::{SourceId, Visit};

/// How many visits are kept, on average over the sources.
const KEPT: i64 = 50;

impl Store {
    /// The last visits to a source, newest first.
    pub async fn visits(&self, id: SourceId, last: usize) -> Result<Vec<Visit>, Error> {
        let attempt = "read the visits of a source";
        let rows = query(
            "WITH RECURSIVE chain (id, depth) AS ( \
                 SELECT last_visit_row, 1 FROM history WHERE source = ?1 \
                 UNION ALL \
                 SELECT previous, depth + 1 FROM chain JOIN visit USING (id) WHERE depth < ?2 \
             ) \
             SELECT at, outcome, status, took, bytes, new, changed, repairs, message \
             FROM chain JOIN visit USING (id) ORDER BY depth",
        )
        .bind(id.0)
        .bind(i64::try_from(last).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .take(last)
            .map(|row| {
                Ok(Visit {
                    at: to_instant(row.try_get(0)?),
                    outcome: outcome(row.try_get(1)?),
                    status: row.try_get(2)?,
                    took: row.try_get(3)?,
                    bytes: row.try_get::<i64>(4)?.cast_unsigned(),
                    new: row.try_get(5)?,
                    changed: row.try_get(6)?,
                    repairs: list(row.try_get(7)?),
                    message: row.try_get(8)?,
                })
            })
            .collect::<Result<_, _>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// Deletes the oldest visits, where there are more than fifty for each source, and those that were
    /// before an instant; the last of each source stays.
    pub(super) async fn trim_visits(&self, before: i64) -> Result<(), Error> {
        query(
            "DELETE FROM visit WHERE id <= \
             (SELECT value FROM counter WHERE name = 'visit') \
             - ? * (SELECT count(*) FROM history WHERE last_visit_row IS NOT NULL) \
             OR (at < ? AND NOT EXISTS (SELECT 1 FROM history WHERE last_visit_row = visit.id \
             AND history.source = visit.source))",
        )
        .bind(KEPT)
        .bind(before)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("delete old visits", error))?;
        Ok(())
    }
}
