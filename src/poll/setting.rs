//! What a run is given, and what it tells.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::options::Options;
use crate::model::{History, Source, SourceId, Visit};
use crate::store;

/// The time of day, and the time that passes.
pub trait Clock: Sync {
    /// The instant that visits are dated with.
    fn now(&self) -> DateTime<Utc>;
    /// How long the run has lasted.
    fn elapsed(&self) -> Duration;
}

/// Finds the value of an environment variable.
pub type Secrets<'a> = dyn Fn(&str) -> Option<String> + Sync + 'a;

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Entries could not be cleaned.
    #[error("entries could not be made ready for the store")]
    Cleaning,
}

/// Which sources are visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that are due.
    Due,
    /// All that are polled at all.
    All,
    /// These, whether due or not.
    These(Vec<SourceId>),
}

/// What a run is given.
pub struct Setting<'a> {
    /// How sources are visited.
    pub options: &'a Options,
    /// The folder that relative `file:` addresses start at.
    pub root: PathBuf,
    /// The time.
    pub clock: &'a dyn Clock,
    /// The environment.
    pub secrets: &'a Secrets<'a>,
    /// Ends the run early when it is told to.
    pub stop: &'a Notify,
}

/// A visit, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The source, as it was asked.
    pub source: Source,
    /// The visit.
    pub visit: Visit,
    /// What is known of the source from now on.
    pub history: History,
    /// The address that it moved to for good.
    pub moved_to: Option<String>,
}

/// What those who watch a run are told.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// So many sources are to be visited.
    Begun(usize),
    /// So many more are.
    More(usize),
    /// A visit was made and written.
    Visited(&'a Seen),
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Visits that were made and written.
    pub visits: usize,
    /// Those of them that found no feed.
    pub failures: usize,
    /// Sources that were left alone because their host asked for it.
    pub paused: usize,
    /// Sources that are still due: the time was up, or somebody stopped the run.
    pub left: usize,
    /// Whether nobody could be reached at all; nothing is held against any source then.
    pub is_offline: bool,
}
