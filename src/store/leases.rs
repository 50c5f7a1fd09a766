//! Who may ask which host, where many workers share a store.
//!
//! A worker leases a host, and with it all sources there: so nobody else asks the host meanwhile,
//! and no source is visited twice. A lease that is not renewed ends by itself; the sources of a
//! worker that died are still due, and the next one takes them. All instants of leases are the
//! database's own, so that clocks of workers may differ.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::rows::{to_instant, to_millis};
use super::sql::{Names, numbers, query, query_as, query_scalar};
use super::{Due, Error, Store, Writing};
use crate::model::SourceId;

/// What the database's clock shows, in milliseconds since 1970.
const CLOCK: &str = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

/// Due sources that are looked at for their hosts.
const LOOKED_AT: i64 = 256;

/// Whoever polls: one run of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worker(i64);

impl Worker {
    /// One that nobody else is.
    pub fn new() -> Self {
        Self(fastrand::i64(1..))
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

/// Sources that a worker may visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leased {
    /// Each with the host that it is leased with; the longest overdue first.
    pub sources: Vec<(String, Due)>,
    /// Where there are none: how long until a host that rests may be asked for what is due there.
    pub free_in: Option<Duration>,
}

/// How many hosts and sources a worker takes at a time.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// Hosts.
    pub hosts: usize,
    /// Sources of each host.
    pub sources: usize,
    /// How long the lease lasts unless it is renewed.
    pub time: Duration,
}

impl Store {
    /// Whether many workers share the store, so that hosts have to be leased.
    pub fn is_shared(&self) -> bool {
        self.pool.is_shared()
    }

    /// How far the database's clock is ahead of `now`.
    pub async fn ahead(&self, now: DateTime<Utc>) -> Result<TimeDelta, Error> {
        let clock: i64 = query_scalar(format!("SELECT {CLOCK}"))
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.error("ask for the time", error))?;
        Ok(to_instant(clock) - now)
    }

    /// Leases hosts with sources that are due, the longest overdue first, which no other worker
    /// has; what another worker is leasing at this moment is left to it.
    pub async fn lease(
        &self,
        worker: Worker,
        share: Share,
        now: DateTime<Utc>,
    ) -> Result<Leased, Error> {
        let leased = self.lease_due(worker, share, now).await;
        leased.map_err(|error| self.error("lease hosts", error))
    }

    async fn lease_due(
        &self,
        worker: Worker,
        share: Share,
        now: DateTime<Utc>,
    ) -> Result<Leased, sqlx::Error> {
        let mut writing = self.pool.begin_beside().await?;
        let hosts = hosts_of_due(&mut writing, share.hosts, now).await?;
        let taken = take(&mut writing, worker, share.time, hosts).await?;
        let sources = due_at(&mut writing, taken, share.sources, now).await?;
        writing.commit().await?;
        let free_in = if sources.is_empty() {
            self.free_in(now).await?
        } else {
            None
        };
        Ok(Leased { sources, free_in })
    }

    /// Leases the hosts of these sources, whether they are due or not; those of hosts that another
    /// worker has are left out.
    pub async fn lease_these(
        &self,
        worker: Worker,
        ids: &[SourceId],
        time: Duration,
    ) -> Result<Vec<(String, Due)>, Error> {
        let leased = self.lease_named(worker, ids, time).await;
        leased.map_err(|error| self.error("lease hosts", error))
    }

    async fn lease_named(
        &self,
        worker: Worker,
        ids: &[SourceId],
        time: Duration,
    ) -> Result<Vec<(String, Due)>, sqlx::Error> {
        let mut writing = self.pool.begin_beside().await?;
        let rows: Vec<(i64, String, i64, String)> = query_as(
            "SELECT id, url, due, host FROM source JOIN history ON history.source = id \
             WHERE id IN (SELECT value FROM json_each(?)) ORDER BY due, id",
        )
        .bind(numbers(ids.iter().map(|id| id.0)))
        .fetch_all(&mut writing)
        .await?;
        let mut hosts: Vec<String> = rows.iter().map(|row| row.3.clone()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let taken = take(&mut writing, worker, time, hosts).await?;
        writing.commit().await?;
        let rows = rows.into_iter().filter(|row| taken.contains(&row.3));
        Ok(rows.map(leased).collect())
    }

    /// Leases hosts, whatever is due there; those that it got.
    pub async fn lease_hosts(
        &self,
        worker: Worker,
        hosts: Vec<String>,
        time: Duration,
    ) -> Result<Vec<String>, Error> {
        let leased = async {
            let mut writing = self.pool.begin_beside().await?;
            let taken = take(&mut writing, worker, time, hosts).await?;
            writing.commit().await?;
            Ok(taken)
        };
        let leased: Result<_, sqlx::Error> = leased.await;
        leased.map_err(|error| self.error("lease hosts", error))
    }

    /// How long until the first host that rests, and has something due, may be asked.
    async fn free_in(&self, now: DateTime<Utc>) -> Result<Option<Duration>, sqlx::Error> {
        let text = format!(
            "SELECT min(until) - {CLOCK} FROM host_lease WHERE worker = 0 AND until > {CLOCK} \
             AND EXISTS (SELECT 1 FROM source JOIN history ON history.source = source.id \
             WHERE source.host = host_lease.host AND due <= ?)"
        );
        let free: Option<i64> = query_scalar(text)
            .bind(to_millis(now))
            .fetch_one(&self.pool)
            .await?;
        Ok(free.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))))
    }

    /// Has all leases of a worker last `time` from now.
    pub async fn renew(&self, worker: Worker, time: Duration) -> Result<(), Error> {
        let text = format!("UPDATE host_lease SET until = {CLOCK} + ? WHERE worker = ?");
        query(text)
            .bind(millis(time))
            .bind(worker.0)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("renew leases", error))?;
        Ok(())
    }

    /// Gives hosts back; nobody asks them for the time of their `rest`.
    pub async fn give_back(
        &self,
        worker: Worker,
        hosts: Vec<String>,
        rest: Duration,
    ) -> Result<(), Error> {
        let text = format!(
            "UPDATE host_lease SET worker = 0, until = {CLOCK} + ? \
             WHERE worker = ? AND host IN (SELECT unnest(CAST(? AS text[])))"
        );
        query(text)
            .bind(millis(rest))
            .bind(worker.0)
            .bind(Names(hosts))
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("give hosts back", error))?;
        Ok(())
    }

    /// Gives all hosts of a worker back.
    pub async fn give_all_back(&self, worker: Worker, rest: Duration) -> Result<(), Error> {
        let text =
            format!("UPDATE host_lease SET worker = 0, until = {CLOCK} + ? WHERE worker = ?");
        query(text)
            .bind(millis(rest))
            .bind(worker.0)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("give hosts back", error))?;
        Ok(())
    }

    /// Puts off a source that does not want to be visited at this hour or on this day.
    pub async fn postpone(&self, id: SourceId, until: DateTime<Utc>) -> Result<(), Error> {
        query("UPDATE history SET due = ? WHERE source = ?")
            .bind(to_millis(until))
            .bind(id.0)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("put a source off", error))?;
        Ok(())
    }

    /// Forgets the hosts that nobody has asked for a day.
    pub(super) async fn trim_leases(&self) -> Result<(), Error> {
        if self.is_shared() {
            query(format!(
                "DELETE FROM host_lease WHERE until < {CLOCK} - 86400000"
            ))
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("forget old leases", error))?;
        }
        Ok(())
    }
}

/// Which of these sources are at hosts that a worker has; nobody takes them before the transaction
/// ends.
pub(super) async fn held(
    writing: &mut Writing,
    worker: Worker,
    sources: impl Iterator<Item = SourceId>,
) -> Result<HashSet<SourceId>, sqlx::Error> {
    let rows = query(
        "SELECT source.id FROM source JOIN host_lease ON host_lease.host = source.host \
         WHERE source.id IN (SELECT value FROM json_each(?)) AND host_lease.worker = ? \
         FOR SHARE OF host_lease",
    )
    .bind(numbers(sources.map(|id| id.0)))
    .bind(worker.0)
    .fetch_all(writing)
    .await?;
    rows.iter()
        .map(|row| row.try_get(0).map(SourceId))
        .collect()
}

/// The hosts of the sources that have waited longest, of those that nobody has and that do not
/// want to be left alone. Half of them are those of a newsletter that is drawn, so that one with
/// few sources waits no longer where another has more than can be visited in time.
async fn hosts_of_due(
    writing: &mut Writing,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<String>, sqlx::Error> {
    let newsletters: Vec<(String, i64)> =
        query_as("SELECT newsletter, count(*) FROM uses GROUP BY newsletter ORDER BY newsletter")
            .fetch_all(&mut *writing)
            .await?;
    let mut hosts: Vec<String> = Vec::new();
    if newsletters.len() > 1 {
        let (drawn, _) = &newsletters[fastrand::usize(..newsletters.len())];
        let of = "AND EXISTS (SELECT 1 FROM uses WHERE uses.source = history.source \
                  AND uses.newsletter = ?3 AND uses.enabled = 1)";
        let heads = query_as(heads(of))
            .bind(to_millis(now))
            .bind(LOOKED_AT)
            .bind(drawn);
        push_new(&mut hosts, heads.fetch_all(&mut *writing).await?, most / 2);
    }
    let heads = query_as(heads("")).bind(to_millis(now)).bind(LOOKED_AT);
    push_new(&mut hosts, heads.fetch_all(writing).await?, most);
    Ok(hosts)
}

/// The statement for the hosts of what has waited longest.
fn heads(more: &str) -> String {
    format!(
        "SELECT source.host, history.due FROM history \
         JOIN source ON source.id = history.source \
         WHERE history.due <= ?1 AND NOT EXISTS (SELECT 1 FROM host_lease \
         WHERE host_lease.host = source.host AND host_lease.until > {CLOCK}) \
         AND NOT EXISTS (SELECT 1 FROM pause WHERE pause.host = source.host AND pause.until > ?1) \
         {more} ORDER BY history.due, history.source LIMIT ?2 FOR UPDATE OF history SKIP LOCKED"
    )
}

fn push_new(hosts: &mut Vec<String>, heads: Vec<(String, i64)>, most: usize) {
    for (host, _) in heads {
        if hosts.len() < most && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
}

/// Takes the hosts that nobody has; which it got.
async fn take(
    writing: &mut Writing,
    worker: Worker,
    time: Duration,
    mut hosts: Vec<String>,
) -> Result<Vec<String>, sqlx::Error> {
    if hosts.is_empty() {
        return Ok(hosts);
    }
    // In one order, so that no two workers wait for each other.
    hosts.sort_unstable();
    let text = format!(
        "INSERT INTO host_lease (host, worker, until) \
         SELECT name, ?1, {CLOCK} + ?2 FROM unnest(CAST(?3 AS text[])) AS names(name) \
         ON CONFLICT (host) DO UPDATE SET worker = excluded.worker, until = excluded.until \
         WHERE host_lease.until <= {CLOCK} RETURNING host"
    );
    let rows = query(text)
        .bind(worker.0)
        .bind(millis(time))
        .bind(Names(hosts))
        .fetch_all(writing)
        .await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// What is due at hosts, at most so many sources of each.
async fn due_at(
    writing: &mut Writing,
    hosts: Vec<String>,
    each: usize,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Due)>, sqlx::Error> {
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, i64, String)> = query_as(
        "SELECT id, url, due, host FROM (SELECT source.id, url, due, host, \
         row_number() OVER (PARTITION BY host ORDER BY due, source.id) AS place \
         FROM source JOIN history ON history.source = source.id \
         WHERE host IN (SELECT unnest(CAST(? AS text[]))) AND due <= ?) AS ranked \
         WHERE place <= ? ORDER BY due, id",
    )
    .bind(Names(hosts))
    .bind(to_millis(now))
    .bind(i64::try_from(each).unwrap_or(i64::MAX))
    .fetch_all(writing)
    .await?;
    Ok(rows.into_iter().map(leased).collect())
}

fn leased((id, url, due, host): (i64, String, i64, String)) -> (String, Due) {
    let due = Due {
        id: SourceId(id),
        url,
        next_visit: (due != 0).then(|| to_instant(due)),
    };
    (host, due)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
