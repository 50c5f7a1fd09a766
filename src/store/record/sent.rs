//! Remembering what somebody sent of a source: no visit, only entries.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::{Keyed, lock, read_counts, write_items};
use crate::model::Entry;
use crate::store::identity::Keys;
use crate::store::sql::{Pool, insist};
use crate::store::{Error, Record, Store, Stored};

impl Store {
    /// Remembers the entries of what somebody sent of a source, all or none, as [`Store::record`]
    /// does. It was no visit: nothing else of `record` is written, and nothing where the source is
    /// polled no more.
    pub async fn record_announced(
        &self,
        record: &Record,
        now: DateTime<Utc>,
    ) -> Result<Stored, Error> {
        let of = |(_, entry): &(_, Entry)| Keys::of(record.source, entry);
        let keys: Vec<Keys> = record.entries.iter().map(of).collect();
        let batch = [Keyed {
            record,
            keys: &keys,
        }];
        let once = || -> BoxFuture<'_, _> { Box::pin(take_in(&self.pool, &batch, now)) };
        insist(self.pool.is_shared(), once)
            .await
            .map_err(|error| self.error("store entries", error))
    }
}

/// Takes in what was no visit.
async fn take_in(
    pool: &Pool,
    batch: &[Keyed<'_>],
    now: DateTime<Utc>,
) -> Result<Stored, sqlx::Error> {
    let mut writing = pool.begin().await?;
    lock(&mut writing, batch).await?;
    let mut counts = read_counts(&mut writing, batch).await?;
    let is_live = counts.latest.values().all(|(_, is_live)| *is_live);
    if !is_live || counts.latest.is_empty() {
        return Ok(Stored::default());
    }
    let stored = write_items(&mut writing, batch, &mut counts, now).await?;
    writing.commit().await?;
    Ok(stored.into_iter().next().unwrap_or_default())
}
