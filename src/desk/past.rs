//! What the issue files say, read again only where one of them changed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::answers::{DraftFile, Past, PastIssue, PastPick};
use super::archive::Archive;
use super::error::Error;
use super::published::path_name;
use super::searchable::{stamp, supply};
use super::{Desk, open};
use crate::feeds::shown;
use crate::model::Issue;

impl Desk {
    pub(super) async fn read_past(&self, now: DateTime<Utc>) -> Result<Arc<Past>, Error> {
        // What is out changes with the day, and entries are found by later visits.
        let entries = self.store().stamp(self.newsletter()).await?.entries;
        let seed = now.timestamp().div_euclid(3600).cast_unsigned();
        let stamp = xxh3_64_with_seed(&entries.to_le_bytes(), seed ^ stamp(self.config())?);
        let kept = open(&self.0.past).clone();
        if let Some((_, past)) = kept.filter(|(known, _)| *known == stamp) {
            return Ok(past);
        }
        let searchable = supply(self.config(), self.store(), now).await?;
        let archive = Archive::read(self.config())?;
        let out: Vec<&Issue> = archive.published(self.config(), now).collect();
        let past = Arc::new(Past {
            curators: self.names()?,
            picks: self.picks(&out).await?,
            issues: searchable
                .issues
                .into_iter()
                .filter(|(_, facts)| facts.at <= now)
                .map(|(slug, facts)| {
                    let issue = PastIssue {
                        title: shown::line(&facts.title),
                        url: facts.url,
                        day: facts
                            .at
                            .with_timezone(&self.config().issues.time_zone)
                            .date_naive(),
                    };
                    (slug, issue)
                })
                .collect(),
            drafts: self.drafts(&archive).await?,
        });
        *open(&self.0.past) = Some((stamp, Arc::clone(&past)));
        Ok(past)
    }

    async fn picks(&self, issues: &[&Issue]) -> Result<Vec<PastPick>, Error> {
        let readings: Vec<_> = issues
            .iter()
            .flat_map(|issue| issue.readings.iter().map(move |reading| (issue, reading)))
            .collect();
        let things: Vec<(Option<&str>, &str)> = readings
            .iter()
            .map(|(_, reading)| (reading.url.as_deref(), reading.title.as_str()))
            .collect();
        let entries = self.store().known_as(&things).await?;
        Ok(readings
            .iter()
            .zip(entries)
            .map(|((issue, reading), entry)| PastPick {
                day: issue.header.published.date_naive(),
                kind: reading.kind,
                curator: reading.curator.as_ref().map(|it| shown::line(&it.name)),
                entry,
                site: site(reading.url.as_deref()),
            })
            .collect())
    }

    async fn drafts(&self, archive: &Archive) -> Result<Vec<DraftFile>, Error> {
        let written = self.written().await?;
        Ok(archive
            .drafts
            .iter()
            .map(|draft| {
                let path = path_name(&draft.header.path);
                let now = std::fs::read(self.config().root.join(&draft.header.path));
                let now = now.map(|bytes| xxh3_64(&bytes)).ok();
                let known = written.iter().find(|(name, _)| *name == path);
                DraftFile {
                    title: shown::line(&draft.header.title),
                    readings: draft.readings.len(),
                    is_ours: known.is_some_and(|(_, hash)| Some(*hash) == now),
                    path,
                }
            })
            .collect())
    }
}

/// The host of an address, without what most have.
fn site(url: Option<&str>) -> String {
    let url = url.and_then(|url| Url::parse(url).ok());
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let host = shown::line(host);
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}
