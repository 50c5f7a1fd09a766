//! How sources do, counted over all of them at once.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::rows::{outcomes, to_instant, to_millis};
use super::sql::query_as;
use super::{Error, Store};
use crate::model::{Outcome, SourceId};

/// A source's entries week by week, and what came of its latest visits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// The entries of each of the last weeks, the current one last.
    pub weeks: Vec<u32>,
    /// What came of the latest visits, newest first; at most fifty.
    pub recent: Vec<Outcome>,
    /// What the latest visit has to say.
    pub message: Option<String>,
    /// The source that carries most of its entries too, and how many of how many of those weeks.
    pub twin: Option<(SourceId, u32, u32)>,
}

/// How the store does, in numbers that cost nothing to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// The sources that are polled.
    pub sources: u64,
    /// Those whose time has come.
    pub due: u64,
    /// The entries that were ever seen.
    pub entries: u64,
    /// When a source was last visited.
    pub last_visit: Option<DateTime<Utc>>,
}

/// Entries that two sources need in common before one counts as the other's double.
const COMMON: u32 = 5;

impl Store {
    /// How the store does.
    pub async fn vitals(&self, now: DateTime<Utc>) -> Result<Vitals, Error> {
        let row: (i64, i64, i64, Option<i64>) = query_as(
            "SELECT \
             (SELECT count(*) FROM source WHERE enabled = 1 AND removed IS NULL AND twin IS NULL), \
             (SELECT count(*) FROM history JOIN source ON source.id = history.source \
              WHERE due <= ? AND enabled = 1 AND removed IS NULL AND twin IS NULL), \
             (SELECT value FROM counter WHERE name = 'entry'), \
             (SELECT at FROM visit ORDER BY id DESC LIMIT 1)",
        )
        .bind(to_millis(now))
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.error("count what there is", error))?;
        let (sources, due, entries, last_visit) = row;
        Ok(Vitals {
            sources: sources.unsigned_abs(),
            due: due.unsigned_abs(),
            entries: entries.unsigned_abs(),
            last_visit: last_visit.map(to_instant),
        })
    }

    /// The pulse of every source, over the last `weeks` weeks.
    pub async fn pulses(
        &self,
        now: DateTime<Utc>,
        weeks: u32,
    ) -> Result<BTreeMap<SourceId, Pulse>, Error> {
        let attempt = "count entries and visits";
        let wrap = |error| self.error(attempt, error);
        let latest: Vec<(i64, String, Option<String>)> = query_as(
            "SELECT history.source, recent, message FROM history \
             LEFT JOIN visit ON visit.id = last_visit_row",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(wrap)?;
        let mut pulses: BTreeMap<SourceId, Pulse> = latest
            .into_iter()
            .map(|(source, recent, message)| {
                let pulse = Pulse {
                    weeks: vec![0; weeks as usize],
                    recent: outcomes(&recent),
                    message,
                    twin: None,
                };
                (SourceId(source), pulse)
            })
            .collect();
        let week = TimeDelta::weeks(1).num_milliseconds();
        let start = to_millis(now) - i64::from(weeks) * week;
        let counts: Vec<(i64, i64, u32)> = query_as(
            "SELECT carrier.source, (at - ?1 - 1) / ?2, count(*) \
             FROM entry CROSS JOIN carrier ON carrier.entry = entry.id \
             WHERE at > ?1 GROUP BY 1, 2",
        )
        .bind(start)
        .bind(week)
        .fetch_all(&self.pool)
        .await
        .map_err(wrap)?;
        for (source, week, count) in counts {
            if let Some(pulse) = pulses.get_mut(&SourceId(source))
                && let Some(slot) = usize::try_from(week)
                    .ok()
                    .and_then(|at| pulse.weeks.get_mut(at))
            {
                *slot = count;
            }
        }
        self.add_twins(start, &mut pulses).await?;
        Ok(pulses)
    }

    /// Finds the sources whose entries others carry too.
    async fn add_twins(
        &self,
        start: i64,
        pulses: &mut BTreeMap<SourceId, Pulse>,
    ) -> Result<(), Error> {
        let common: Vec<(i64, i64, u32)> = query_as(
            "SELECT one.source, other.source, count(*) FROM entry \
             CROSS JOIN carrier AS one ON one.entry = entry.id \
             CROSS JOIN carrier AS other ON other.entry = entry.id AND other.source <> one.source \
             WHERE at > ? GROUP BY 1, 2 HAVING count(*) >= ?",
        )
        .bind(start)
        .bind(COMMON)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("compare what sources carry", error))?;
        for (one, other, count) in common {
            let (one, other) = (SourceId(one), SourceId(other));
            let Some(pulse) = pulses.get_mut(&one) else {
                continue;
            };
            let total: u32 = pulse.weeks.iter().sum();
            // All but a few: what remains may have come between two visits.
            if count * 10 >= total * 9 && pulse.twin.is_none_or(|(_, best, _)| count > best) {
                pulse.twin = Some((other, count, total));
            }
        }
        Ok(())
    }
}
