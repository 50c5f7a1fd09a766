//! Entries of a source that no visit brought: its past.

use chrono::{DateTime, Utc};
use lenient_feed::Entry;

use super::read;
use crate::model::{self, Source};
use crate::store::Mark;

/// Makes entries ready for the store, as a visit does.
pub fn remember(
    entries: Vec<Entry>,
    source: &Source,
    now: DateTime<Utc>,
) -> Vec<(Mark, model::Entry)> {
    read::remember(entries, source, now)
}
