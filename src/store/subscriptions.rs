//! What hubs are asked to announce (WebSub), so that a restart loses none of it.
//!
//! Each change is one statement that changes what it is about and nothing else: a hub may answer
//! a request in the middle of it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::rows::{NEVER, to_instant, to_millis};
use super::sql::{Row, numbers, query, query_as};
use super::{Error, Store};
use crate::model::SourceId;

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The hub is to be asked, or was and has not verified it yet.
    Wanted,
    /// The hub verified it.
    Held,
    /// The hub will not have it.
    Denied,
    /// It is to be ended.
    Leaving,
}

impl Phase {
    const ALL: [Self; 4] = [Self::Wanted, Self::Held, Self::Denied, Self::Leaving];

    fn word(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Held => "held",
            Self::Denied => "denied",
            Self::Leaving => "leaving",
        }
    }
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The last part of the callback's path, which nobody can guess.
    pub token: String,
    /// What it is about.
    pub source: SourceId,
    /// Who is asked.
    pub hub: String,
    /// What is asked for.
    pub topic: String,
    /// The callback without its token.
    pub callback: String,
    /// What announcements are signed with; none where the hub is spoken to in the open.
    pub secret: Option<String>,
    /// Where it stands.
    pub phase: Phase,
    /// When the hub is asked again.
    pub next: DateTime<Utc>,
    /// Until when the hub may ask whether we asked.
    pub pending: Option<DateTime<Utc>>,
    /// When it first held.
    pub since: Option<DateTime<Utc>>,
    /// When its lease ends.
    pub ends: Option<DateTime<Utc>>,
    /// Requests that failed, since the last that did not.
    pub failures: u32,
    /// When the hub last announced something.
    pub pinged: Option<DateTime<Utc>>,
    /// Whether the hub is relied upon: it announced, and polling found nothing that it had not.
    pub is_trusted: bool,
    /// What went wrong last, in a stranger's words.
    pub message: Option<String>,
}

/// The hub and the topic that a source's feed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The hub.
    pub hub: String,
    /// The feed's address, by its own word.
    pub topic: String,
}

/// A subscription that holds, as far as polling is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// When it ends.
    pub ends: DateTime<Utc>,
    /// Whether the hub is relied upon.
    pub is_trusted: bool,
    /// When the hub last announced something.
    pub pinged: Option<DateTime<Utc>>,
}

/// A subscription whose hub was to be asked so long ago has nobody who looks after it.
const ABANDONED: TimeDelta = TimeDelta::days(2);

const COLUMNS: &str = "SELECT token, subscription.source, subscription.hub, subscription.topic, \
     callback, secret, phase, next, pending, since, ends, failures, pinged, trusted, message \
     FROM subscription";

fn subscription(row: &Row) -> Result<Subscription, sqlx::Error> {
    let instant = |column: usize| -> Result<Option<DateTime<Utc>>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>>(column)?.map(to_instant))
    };
    let word: String = row.try_get(6)?;
    let failures: i64 = row.try_get(11)?;
    let trusted: i64 = row.try_get(13)?;
    Ok(Subscription {
        token: row.try_get(0)?,
        source: SourceId(row.try_get(1)?),
        hub: row.try_get(2)?,
        topic: row.try_get(3)?,
        callback: row.try_get(4)?,
        secret: row.try_get(5)?,
        phase: Phase::ALL
            .into_iter()
            .find(|phase| phase.word() == word)
            .unwrap_or(Phase::Denied),
        next: to_instant(row.try_get(7)?),
        pending: instant(8)?,
        since: instant(9)?,
        ends: instant(10)?,
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        pinged: instant(12)?,
        is_trusted: trusted != 0,
        message: row.try_get(14)?,
    })
}

impl Store {
    /// Remembers which hub and topic the feeds of sources name; none: none.
    pub async fn note_announced(
        &self,
        notes: &[(SourceId, Option<Announced>)],
    ) -> Result<(), Error> {
        let attempt = "note the hubs of sources";
        let mut writing = self.writing().await?;
        for (source, announced) in notes {
            let done = match announced {
                Some(Announced { hub, topic }) => {
                    query(
                        "INSERT INTO announced (source, hub, topic) VALUES (?, ?, ?) \
                         ON CONFLICT (source) DO UPDATE SET hub = excluded.hub, \
                         topic = excluded.topic",
                    )
                    .bind(source.0)
                    .bind(hub)
                    .bind(topic)
                    .execute(&mut writing)
                    .await
                }
                None => {
                    query("DELETE FROM announced WHERE source = ?")
                        .bind(source.0)
                        .execute(&mut writing)
                        .await
                }
            };
            done.map_err(|error| self.error(attempt, error))?;
        }
        writing
            .commit()
            .await
            .map_err(|error| self.error(attempt, error))
    }

    /// The hubs and topics that the feeds of these sources name.
    pub async fn announced(
        &self,
        sources: &[SourceId],
    ) -> Result<BTreeMap<SourceId, Announced>, Error> {
        let rows: Vec<(i64, String, String)> = query_as(
            "SELECT source, hub, topic FROM announced \
             WHERE source IN (SELECT value FROM json_each(?))",
        )
        .bind(numbers(sources.iter().map(|source| source.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("read the hubs of sources", error))?;
        let named = |(source, hub, topic)| (SourceId(source), Announced { hub, topic });
        Ok(rows.into_iter().map(named).collect())
    }

    /// The polled sources without secrets whose feeds name a hub, and that have no subscription.
    pub async fn unsubscribed(&self) -> Result<Vec<(SourceId, Announced)>, Error> {
        let rows: Vec<(i64, String, String)> = query_as(
            "SELECT announced.source, announced.hub, announced.topic FROM announced \
             JOIN source ON source.id = announced.source \
             JOIN history ON history.source = announced.source \
             LEFT JOIN subscription ON subscription.source = announced.source \
             AND subscription.phase <> 'leaving' \
             WHERE subscription.token IS NULL AND history.due < ? AND source.headers = '[]' \
             ORDER BY announced.source",
        )
        .bind(NEVER)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("list the sources with hubs", error))?;
        let named = |(source, hub, topic)| (SourceId(source), Announced { hub, topic });
        Ok(rows.into_iter().map(named).collect())
    }

    /// Ends subscriptions with this callback whose source is polled no more or names another hub or
    /// topic. Those of others are theirs, for as long as they look after them.
    pub async fn end_superseded(&self, callback: &str, now: DateTime<Utc>) -> Result<u64, Error> {
        let attempt = "end subscriptions";
        query("DELETE FROM subscription WHERE callback <> ? AND next < ?")
            .bind(callback)
            .bind(to_millis(now - ABANDONED))
            .execute(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let done = query(
            "UPDATE subscription SET phase = 'leaving', next = ?, pending = NULL, failures = 0, \
             message = NULL WHERE phase <> 'leaving' AND callback = ? AND NOT EXISTS ( \
                 SELECT 1 FROM announced JOIN history ON history.source = announced.source \
                 JOIN source ON source.id = announced.source \
                 WHERE announced.source = subscription.source \
                 AND announced.hub = subscription.hub AND announced.topic = subscription.topic \
                 AND history.due < ? AND source.headers = '[]')",
        )
        .bind(to_millis(now))
        .bind(callback)
        .bind(NEVER)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error(attempt, error))?;
        Ok(done)
    }

    /// Adds a subscription that nobody was asked for yet, unless its source has one by now.
    pub async fn add_subscription(&self, new: &Subscription) -> Result<(), Error> {
        query(
            "INSERT INTO subscription (token, source, hub, topic, callback, secret, phase, next, \
             failures, trusted) SELECT ?, ?, ?, ?, ?, ?, 'wanted', ?, 0, 0 WHERE NOT EXISTS \
             (SELECT 1 FROM subscription WHERE source = ? AND phase <> 'leaving')",
        )
        .bind(&new.token)
        .bind(new.source.0)
        .bind(&new.hub)
        .bind(&new.topic)
        .bind(&new.callback)
        .bind(&new.secret)
        .bind(to_millis(new.next))
        .bind(new.source.0)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("add a subscription", error))?;
        Ok(())
    }

    /// The subscription whose callback ends in this token.
    pub async fn subscription(&self, token: &str) -> Result<Option<Subscription>, Error> {
        let text = format!("{COLUMNS} WHERE token = ?");
        let row = query(text)
            .bind(token)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.error("look up a subscription", error))?;
        row.as_ref()
            .map(subscription)
            .transpose()
            .map_err(|error| self.error("look up a subscription", error))
    }

    /// The subscriptions of sources, but for those that are being ended.
    pub async fn subscriptions(&self) -> Result<BTreeMap<SourceId, Subscription>, Error> {
        let attempt = "read the subscriptions";
        let text = format!("{COLUMNS} WHERE phase <> 'leaving' ORDER BY token");
        let rows = query(text)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let all = rows.iter().map(subscription);
        all.map(|it| it.map(|it| (it.source, it)))
            .collect::<Result<_, _>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// The subscriptions with this callback whose hub is to be asked now, the longest overdue first.
    pub async fn subscriptions_due(
        &self,
        callback: &str,
        now: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<Subscription>, Error> {
        let attempt = "read the subscriptions";
        let text =
            format!("{COLUMNS} WHERE callback = ? AND next <= ? ORDER BY next, token LIMIT ?");
        let rows = query(text)
            .bind(callback)
            .bind(to_millis(now))
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .map(subscription)
            .collect::<Result<_, _>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// Notes, before a hub is asked, until when it may ask back and when it is asked again.
    pub async fn begin_asking(
        &self,
        token: &str,
        pending: DateTime<Utc>,
        next: DateTime<Utc>,
    ) -> Result<(), Error> {
        query("UPDATE subscription SET pending = ?, next = ? WHERE token = ?")
            .bind(to_millis(pending))
            .bind(to_millis(next))
            .bind(token)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("note that a hub is asked", error))?;
        Ok(())
    }

    /// Notes that asking a hub failed, or will not have led to anything by `next`.
    pub async fn asking_failed(
        &self,
        token: &str,
        failures: u32,
        next: DateTime<Utc>,
        message: Option<&str>,
    ) -> Result<(), Error> {
        query("UPDATE subscription SET failures = ?, next = ?, message = ? WHERE token = ?")
            .bind(i64::from(failures))
            .bind(to_millis(next))
            .bind(message)
            .bind(token)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("note what a hub answered", error))?;
        Ok(())
    }

    /// The hub verified a subscription: it holds until `ends`. `false` where it is not wanted.
    pub async fn hold(
        &self,
        token: &str,
        ends: DateTime<Utc>,
        renew: DateTime<Utc>,
        pending: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let done = query(
            "UPDATE subscription SET phase = 'held', since = coalesce(since, ?), ends = ?, \
             next = ?, pending = ?, failures = 0, message = NULL \
             WHERE token = ? AND phase <> 'leaving'",
        )
        .bind(to_millis(now))
        .bind(to_millis(ends))
        .bind(to_millis(renew))
        .bind(to_millis(pending))
        .bind(token)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("note that a subscription holds", error))?;
        Ok(done > 0)
    }

    /// The hub will not have a subscription, or no more; it is asked again much later.
    pub async fn deny(&self, token: &str, next: DateTime<Utc>, why: &str) -> Result<(), Error> {
        query(
            "UPDATE subscription SET phase = 'denied', next = ?, pending = NULL, since = NULL, \
             ends = NULL, trusted = 0, message = ? WHERE token = ? AND phase <> 'leaving'",
        )
        .bind(to_millis(next))
        .bind(why)
        .bind(token)
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("note what a hub refused", error))?;
        Ok(())
    }

    /// Forgets a subscription that has ended.
    pub async fn forget_subscription(&self, token: &str) -> Result<(), Error> {
        query("DELETE FROM subscription WHERE token = ?")
            .bind(token)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("forget a subscription", error))?;
        Ok(())
    }

    /// The hub announced something: its source is due, in one transaction with the note of it.
    pub async fn note_ping(
        &self,
        token: &str,
        source: SourceId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let attempt = "note an announcement";
        let mut writing = self.writing().await?;
        query("UPDATE subscription SET pinged = ?, trusted = 1 WHERE token = ?")
            .bind(to_millis(now))
            .bind(token)
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        query("UPDATE history SET due = 0 WHERE source = ? AND due < ?")
            .bind(source.0)
            .bind(NEVER)
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        writing
            .commit()
            .await
            .map_err(|error| self.error(attempt, error))
    }

    /// Makes a source due, if it is polled at all.
    pub async fn make_due(&self, source: SourceId) -> Result<(), Error> {
        query("UPDATE history SET due = 0 WHERE source = ? AND due < ?")
            .bind(source.0)
            .bind(NEVER)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("make a source due", error))?;
        Ok(())
    }

    /// Those of these sources that have a subscription which holds now.
    pub async fn leases(
        &self,
        sources: &[SourceId],
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<SourceId, Lease>, Error> {
        let attempt = "read which subscriptions hold";
        let rows = query(
            "SELECT source, ends, trusted, pinged FROM subscription \
             WHERE phase = 'held' AND ends > ? AND source IN (SELECT value FROM json_each(?))",
        )
        .bind(to_millis(now))
        .bind(numbers(sources.iter().map(|source| source.0)))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .map(lease)
            .collect::<Result<_, _>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// Relies no more on the hub of a source, until it announces something.
    pub async fn distrust(&self, source: SourceId) -> Result<(), Error> {
        query("UPDATE subscription SET trusted = 0 WHERE source = ?")
            .bind(source.0)
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("note what a hub missed", error))?;
        Ok(())
    }
}

fn lease(row: &Row) -> Result<(SourceId, Lease), sqlx::Error> {
    let trusted: i64 = row.try_get(2)?;
    let lease = Lease {
        ends: to_instant(row.try_get(1)?),
        is_trusted: trusted != 0,
        pinged: row.try_get::<Option<i64>>(3)?.map(to_instant),
    };
    Ok((SourceId(row.try_get(0)?), lease))
}

#[cfg(test)]
mod tests;
