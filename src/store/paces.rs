//! How often hosts may be asked, as they taught.

use std::collections::BTreeMap;
use std::time::Duration;

use super::rows::{to_instant, to_millis};
use super::sql::{query, query_as};
use super::{Error, Store};
use crate::model::Pace;

impl Store {
    /// The paces of hosts that taught one.
    pub async fn paces(&self) -> Result<BTreeMap<String, Pace>, Error> {
        let rows: Vec<(String, i64, i64)> = query_as("SELECT host, spacing, learned FROM pace")
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error("read the paces of hosts", error))?;
        let pace = |(host, spacing, learned): (String, i64, i64)| {
            let pace = Pace {
                spacing: Duration::from_millis(spacing.unsigned_abs()),
                learned: to_instant(learned),
            };
            (host, pace)
        };
        Ok(rows.into_iter().map(pace).collect())
    }

    /// Notes the pace of a host, or that it has none any more.
    pub async fn note_pace(&self, host: &str, pace: Option<Pace>) -> Result<(), Error> {
        let statement = match pace {
            Some(pace) => query(
                "INSERT INTO pace (host, spacing, learned) VALUES (?, ?, ?) \
                 ON CONFLICT (host) DO UPDATE SET spacing = excluded.spacing, \
                 learned = excluded.learned",
            )
            .bind(host)
            .bind(i64::try_from(pace.spacing.as_millis()).unwrap_or(i64::MAX))
            .bind(to_millis(pace.learned)),
            None => query("DELETE FROM pace WHERE host = ?").bind(host),
        };
        let done = statement.execute(&self.pool).await;
        done.map(drop)
            .map_err(|error| self.error("note the pace of a host", error))
    }
}
