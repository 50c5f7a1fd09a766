//! How often a team picks what a source brings, counted over all sources at once.

use std::collections::BTreeMap;

use super::decisions::HOLDS;
use super::sql::{numbers, query_as};
use super::{Error, Store};
use crate::model::{EntryId, SourceId};

/// What a source brought, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The entries that it carries.
    pub entries: u32,
    /// Those of them that were accepted, or stand in an issue.
    pub picked: u32,
    /// Those that were declined.
    pub declined: u32,
}

impl Store {
    /// The tally of every source; `read` are the entries that issues recommend.
    pub async fn tallies(
        &self,
        newsletter: &str,
        read: &[EntryId],
    ) -> Result<BTreeMap<SourceId, Tally>, Error> {
        let attempt = "count what was picked";
        let wrap = |error| self.error(attempt, error);
        let mut tallies: BTreeMap<SourceId, Tally> = BTreeMap::new();
        let all: Vec<(i64, u32)> = query_as("SELECT source, count(*) FROM carrier GROUP BY source")
            .fetch_all(&self.pool)
            .await
            .map_err(wrap)?;
        for (source, entries) in all {
            tallies.entry(SourceId(source)).or_default().entries = entries;
        }
        let text = format!(
            "SELECT carrier.source, count(*) FROM (\
             SELECT entry FROM decision WHERE newsletter = ?1 AND answer = 'accept' AND {HOLDS} \
             UNION SELECT value FROM json_each(?2)) AS picked \
             CROSS JOIN carrier ON carrier.entry = picked.entry GROUP BY 1"
        );
        let picked: Vec<(i64, u32)> = query_as(text)
            .bind(newsletter)
            .bind(numbers(read.iter().map(|entry| entry.0)))
            .fetch_all(&self.pool)
            .await
            .map_err(wrap)?;
        for (source, picked) in picked {
            tallies.entry(SourceId(source)).or_default().picked = picked;
        }
        let text = format!(
            "SELECT carrier.source, count(*) FROM decision \
             CROSS JOIN carrier ON carrier.entry = decision.entry \
             WHERE newsletter = ? AND answer = 'decline' AND {HOLDS} GROUP BY 1"
        );
        let declined: Vec<(i64, u32)> = query_as(text)
            .bind(newsletter)
            .fetch_all(&self.pool)
            .await
            .map_err(wrap)?;
        for (source, declined) in declined {
            tallies.entry(SourceId(source)).or_default().declined = declined;
        }
        Ok(tallies)
    }
}
