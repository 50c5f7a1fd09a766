//! How far the past of each source was read, for the next run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use serde::{Deserialize, Serialize};
use url::Url;

use super::past::Past;

/// Where it is kept, below the newsletter's folder.
const PLACE: &str = ".newsdesk/past.json";

/// More pages of one source are not remembered.
const PAGES: usize = 5_000;

/// What was read of each source, by its address.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Journal {
    sources: BTreeMap<String, Part>,
}

#[derive(Default, Serialize, Deserialize)]
struct Part {
    /// As deep as this, all was read.
    done: Option<DateTime<Utc>>,
    /// Pages that were read on the way.
    pages: Vec<Url>,
}

impl Journal {
    /// What earlier runs wrote; nothing where it cannot be read.
    pub(super) fn read(config: &Config) -> Self {
        let kept = std::fs::read(config.root.join(PLACE)).ok();
        kept.and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    pub(super) fn write(&self, config: &Config) -> anyhow::Result<()> {
        super::write_whole(&config.root.join(PLACE), &serde_json::to_string(self)?)
    }

    /// Whether the past is here as deep as this.
    pub(super) fn is_done(&self, source: &str, since: DateTime<Utc>) -> bool {
        let done = self.sources.get(source).and_then(|part| part.done);
        done.is_some_and(|done| done <= since)
    }

    /// The pages that need not be read again.
    pub(super) fn passed(&self, source: &str) -> Vec<Url> {
        self.sources
            .get(source)
            .map_or_else(Vec::new, |part| part.pages.clone())
    }

    pub(super) fn note(&mut self, source: &str, past: &Past, since: DateTime<Utc>) {
        let part = self.sources.entry(source.to_owned()).or_default();
        if past.is_whole {
            part.done = Some(since);
            part.pages.clear();
        } else {
            let room = PAGES.saturating_sub(part.pages.len());
            part.pages.extend(past.pages.iter().take(room).cloned());
        }
    }
}
