//! What is deleted, and when: entries past their retention, visits past theirs.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::rows::to_millis;
use super::search::FORGET;
use super::sql::{numbers, query, query_as, query_numbers, query_scalar};
use super::{Error, Store};

/// Entries looked at in one go, and deleted in one transaction.
const AT_ONCE: i64 = 5_000;

/// Between two times that are tidied.
const DAY: TimeDelta = TimeDelta::hours(20);

/// A clock that went so far since the last time is not believed ...
const JUMP: TimeDelta = TimeDelta::days(366);

/// ... until it has said so for this long: what is deleted does not come back.
const DOUBT: TimeDelta = TimeDelta::days(7);

/// The counters with the last time that was tidied, and since when the clock is doubted.
const TIDIED: &str = "tidied";
const DOUBTED: &str = "clock doubted";

/// What is kept beside entries, in days.
const PACES: i64 = 30;
const BATCHES: i64 = 1;

/// An entry that may be past its retention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Old {
    id: i64,
    /// When it was first seen or appeared, whichever is later: a clock may have been wrong.
    at: i64,
    /// Who carries it.
    carriers: Vec<i64>,
    /// Whether somebody decided on it, or an issue has it.
    is_decided: bool,
}

/// How long whose entries are kept, in milliseconds, and what of them is the newest.
#[derive(Debug, Default)]
struct Plan {
    now: i64,
    keep: i64,
    of_source: BTreeMap<i64, i64>,
    newest: HashMap<i64, i64>,
}

impl Plan {
    /// Whether an entry goes: nobody decided on it, it is past the longest retention of those who carry
    /// it, and it is none's newest, so that no source is bare.
    fn has_no_room_for(&self, old: &Old) -> bool {
        let of = |source: &i64| self.of_source.get(source).copied().unwrap_or(self.keep);
        let keep = old.carriers.iter().map(of).max().unwrap_or(self.keep);
        let is_newest = |source: &i64| self.newest.get(source) == Some(&old.id);
        !old.is_decided
            && old.at < self.now.saturating_sub(keep)
            && !old.carriers.iter().any(is_newest)
    }

    /// Nothing that was seen since then goes.
    fn since(&self) -> i64 {
        let least = self.of_source.values().copied().min().unwrap_or(self.keep);
        self.now.saturating_sub(least.min(self.keep))
    }
}

impl Store {
    /// Tidies, where that was not done today; says how many entries went. A clock that leapt is not
    /// believed at once.
    pub async fn tidy_daily(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let last = self.counter(TIDIED).await?;
        let doubted = self.counter(DOUBTED).await?;
        let passed = last.map(|last| TimeDelta::milliseconds(to_millis(now).saturating_sub(last)));
        match passed {
            Some(passed) if passed >= TimeDelta::zero() && passed < DAY => return Ok(0),
            Some(passed) if passed >= TimeDelta::zero() && passed < JUMP => {}
            // The first time, a leap, or a clock that went back.
            _ => {
                self.set_counter(TIDIED, Some(to_millis(now))).await?;
                let doubt = passed.is_some_and(|passed| passed >= JUMP);
                self.set_counter(DOUBTED, doubt.then(|| to_millis(now)))
                    .await?;
                return Ok(0);
            }
        }
        self.set_counter(TIDIED, Some(to_millis(now))).await?;
        let is_doubted =
            |since: i64| to_millis(now) < since.saturating_add(DOUBT.num_milliseconds());
        if doubted.is_some_and(is_doubted) {
            return Ok(0);
        }
        self.tidy(now).await
    }

    async fn counter(&self, name: &str) -> Result<Option<i64>, Error> {
        query_scalar("SELECT value FROM counter WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.error("read a counter", error))
    }

    async fn set_counter(&self, name: &str, value: Option<i64>) -> Result<(), Error> {
        let statement = match value {
            Some(value) => query(
                "INSERT INTO counter (name, value) VALUES (?, ?) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(name)
            .bind(value),
            None => query("DELETE FROM counter WHERE name = ?").bind(name),
        };
        let done = statement.execute(&self.pool).await;
        done.map(drop)
            .map_err(|error| self.error("write a counter", error))
    }

    /// Deletes what is older than it is to be kept; says how many entries. What identifies them
    /// stays, so that a source which lists its whole archive does not bring them back; and those
    /// with a decision stay, or that are in an issue, and the newest of each source.
    pub async fn tidy(&self, now: DateTime<Utc>) -> Result<u64, Error> {
        let attempt = "delete what is past its retention";
        let wrap = |error| self.error(attempt, error);
        let keep = millis(self.options.keep);
        self.trim_visits(to_millis(now).saturating_sub(keep))
            .await?;
        self.trim_leases().await?;
        let days = |days: i64| to_millis(now).saturating_sub(days * 86_400_000);
        for (statement, before) in [
            ("DELETE FROM pause WHERE until <= ?", to_millis(now)),
            ("DELETE FROM pace WHERE learned < ?", days(PACES)),
            ("DELETE FROM written WHERE at < ?", days(BATCHES)),
        ] {
            query(statement)
                .bind(before)
                .execute(&self.pool)
                .await
                .map_err(wrap)?;
        }
        let plan = self.plan(now, keep).await?;
        let mut deleted = 0;
        let mut after = 0;
        loop {
            let old = self.old(after, plan.since()).await.map_err(wrap)?;
            let Some(last) = old.last() else {
                return Ok(deleted);
            };
            after = last.id;
            let gone: Vec<i64> = old
                .iter()
                .filter(|old| plan.has_no_room_for(old))
                .map(|old| old.id)
                .collect();
            if !gone.is_empty() {
                deleted += self.delete_entries(gone).await.map_err(wrap)?;
            }
        }
    }

    async fn plan(&self, now: DateTime<Utc>, keep: i64) -> Result<Plan, Error> {
        let mut plan = Plan {
            now: to_millis(now),
            keep,
            ..Plan::default()
        };
        for known in self.sources().await? {
            if let Some(keep) = known.source.manner.keep {
                plan.of_source.insert(known.id.0, millis(keep));
            }
        }
        let newest: Vec<(i64, i64)> =
            query_as("SELECT source, max(entry) FROM carrier GROUP BY source")
                .fetch_all(&self.pool)
                .await
                .map_err(|error| self.error("look for the newest entries", error))?;
        plan.newest = newest.into_iter().collect();
        Ok(plan)
    }

    /// The first entries after this number that were seen before that instant. Numbers grow as
    /// entries are seen, so that the oldest are the first: no index is needed.
    async fn old(&self, after: i64, before: i64) -> Result<Vec<Old>, sqlx::Error> {
        let rows = query_numbers(
            [
                "old.id",
                "CASE WHEN old.at > old.seen THEN old.at ELSE old.seen END",
                "coalesce(carrier.source, 0)",
                "CASE WHEN EXISTS (SELECT 1 FROM used WHERE used.entry = old.id) OR EXISTS \
                 (SELECT 1 FROM decision WHERE decision.entry = old.id) THEN 1 ELSE 0 END",
            ],
            "FROM (SELECT id, at, seen FROM entry WHERE id > ? AND seen < ? ORDER BY id LIMIT ?) AS old \
             LEFT JOIN carrier ON carrier.entry = old.id ORDER BY 1",
        )
        .bind(after)
        .bind(before)
        .bind(AT_ONCE)
        .fetch_all(&self.pool)
        .await?;
        let mut all: Vec<Old> = Vec::new();
        for [id, at, carrier, decided] in rows {
            if all.last().is_none_or(|old| old.id != id) {
                all.push(Old {
                    id,
                    at,
                    is_decided: decided == 1,
                    carriers: Vec::new(),
                });
            }
            if let Some(old) = all.last_mut().filter(|_| carrier > 0) {
                old.carriers.push(carrier);
            }
        }
        Ok(all)
    }

    async fn delete_entries(&self, ids: Vec<i64>) -> Result<u64, sqlx::Error> {
        let mut writing = self.pool.begin().await?;
        let ids = numbers(ids);
        query(writing.words(FORGET))
            .bind(ids.clone())
            .execute(&mut writing)
            .await?;
        for statement in [
            "DELETE FROM unindexed WHERE entry IN (SELECT value FROM json_each(?))",
            "DELETE FROM shown WHERE entry IN (SELECT value FROM json_each(?))",
            "DELETE FROM stated WHERE entry IN (SELECT value FROM json_each(?))",
        ] {
            query(statement)
                .bind(ids.clone())
                .execute(&mut writing)
                .await?;
        }
        // Somebody may have decided meanwhile.
        let deleted = query(
            "DELETE FROM entry WHERE id IN (SELECT value FROM json_each(?)) \
             AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.entry = entry.id) \
             AND NOT EXISTS (SELECT 1 FROM used WHERE used.entry = entry.id)",
        )
        .bind(ids.clone())
        .execute(&mut writing)
        .await?;
        writing.commit().await?;
        Ok(deleted)
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_what_goes() {
        let plan = Plan {
            now: 1_000,
            keep: 100,
            of_source: BTreeMap::from([(2, 500), (3, 10)]),
            newest: HashMap::from([(1, 9)]),
        };
        let old = |id, at, carriers: &[i64]| Old {
            id,
            at,
            carriers: carriers.to_vec(),
            is_decided: false,
        };
        assert!(plan.has_no_room_for(&old(1, 899, &[1])));
        assert!(!plan.has_no_room_for(&old(1, 900, &[1])));
        // Whoever wants it longest counts.
        assert!(plan.has_no_room_for(&old(1, 989, &[3])));
        assert!(!plan.has_no_room_for(&old(1, 899, &[1, 2])));
        assert!(plan.has_no_room_for(&old(1, 499, &[1, 2])));
        assert!(!plan.has_no_room_for(&old(9, 1, &[1])), "its newest");
        assert!(plan.has_no_room_for(&old(1, 1, &[])));
        let decided = Old {
            is_decided: true,
            ..old(1, 1, &[1])
        };
        assert!(!plan.has_no_room_for(&decided));
        assert_eq!(plan.since(), 990);
    }
}
