//! How far the past of each source was read, for the next run.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::error::Error;
use super::past::Past;
use super::visit::write_whole;

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
    pub(super) fn read(root: &Path) -> Self {
        let kept = std::fs::read(root.join(PLACE)).ok();
        kept.and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    pub(super) fn write(&self, root: &Path) -> Result<(), Error> {
        let text = serde_json::to_string(self).expect("its keys are texts");
        let path = root.join(PLACE);
        write_whole(&path, &text).map_err(|source| Error::Memory { path, source })
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
        let kept = self.sources.entry(source.to_owned()).or_default();
        if past.is_whole {
            kept.done = Some(since);
            kept.pages.clear();
        } else {
            let room = PAGES.saturating_sub(kept.pages.len());
            kept.pages.extend(past.pages.iter().take(room).cloned());
        }
    }
}
