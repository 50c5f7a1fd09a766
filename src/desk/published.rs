//! Which issues were ever out, whatever became of their files.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::archive::Archive;
use super::error::Error;
use crate::config::Config;
use crate::store::Store;

/// Under what name the store keeps which issues were ever out.
const PUBLISHED: &str = "published issues";

/// Remembers which issues are out, and gives all that ever were.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn note_published(
    config: &Config,
    archive: &Archive,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<BTreeSet<String>, Error> {
    let newsletter = &config.issues.newsletter.authority;
    let known: BTreeSet<String> = store
        .kept(newsletter, PUBLISHED)
        .await?
        .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut all = known.clone();
    all.extend(
        archive
            .published(config, now)
            .map(|issue| path_name(&issue.header.path)),
    );
    if all != known {
        let bytes = serde_json::to_vec(&all)?;
        store.keep(newsletter, PUBLISHED, &bytes, now).await?;
    }
    Ok(all)
}

/// The path of an issue as the store has it, the same on every system.
pub fn path_name(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
