//! What asking is given, what it tells meanwhile, and why it ends.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::poll::{self, Clock};

/// What asking is given.
pub struct Setting<'a> {
    /// How hosts are asked.
    pub options: &'a poll::Options,
    /// The newsletter's folder: what was found is remembered below it.
    pub root: &'a Path,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Asking ends after so long.
    pub time: Duration,
    /// What of an earlier run is believed.
    pub believe: Believe,
    /// Hosts that are left alone, by key, and until when.
    pub pauses: BTreeMap<String, DateTime<Utc>>,
}

/// What those who watch are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many more are asked.
    More(usize),
    /// One was.
    Asked,
}

/// What of an earlier run is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Believe {
    /// All of it.
    Everything,
    /// What was found; what was not may be there now.
    Findings,
    /// Nothing: all is asked again.
    Nothing,
}

/// Why the asking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All is known.
    Done,
    /// The time was up.
    OutOfTime,
    /// Some hosts were asked as often as is decent in one run.
    Enough,
    /// Nobody could be reached.
    Offline,
    /// Somebody stopped it; see [`Network::keep`](super::Network::keep).
    Stopped,
}
