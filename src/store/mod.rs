//! What has been seen: the only reader and writer of the database.
//!
//! One file, `newsdesk.db`, beside config.toml. Sources and entries belong to nobody, decisions
//! to a newsletter. One story is one entry, however many sources carry it: `identity` says what
//! identifies an entry, `resolve` which entry an item is. A batch of visits is one transaction,
//! validators together with entries; whoever is killed in the middle leaves either all of a batch
//! or nothing of it.
//!
//! The cost of a statement is paid for each batch and not for each entry, nothing is looked up
//! without an index, and the full-text index is brought up to date by who needs it.

mod accounts;
mod candidates;
mod decisions;
mod entries;
mod error;
mod health;
mod identity;
mod keep;
mod migrations;
mod moving;
mod novelty;
mod numbers;
mod open;
mod outlines;
mod record;
mod resolve;
mod review;
mod rows;
mod search;
mod sources;
mod subscriptions;
mod tally;
mod visits;
mod write;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, SqlitePool};

use crate::model::{Entry, History, Source, SourceId, Visit};

pub use accounts::{Account, Session, TokenHash};
pub use candidates::{Candidate, Cursor, Page};
pub use decisions::{Answer, Decision, Picked, Used};
pub use entries::{Carrier, Remembered};
pub use error::Error;
pub use health::{Pulse, Vitals};
pub use outlines::Outline;
pub use review::{Annotated, Latest, Stamp};
pub use search::{Found, Hit, OwnReading};
pub use subscriptions::{Announced, Lease, Phase, Subscription};
pub use tally::Tally;

/// Where the database is, and how long it keeps things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database file.
    pub place: PathBuf,
    /// How long an entry is kept after it was first seen; one with a decision is kept for ever.
    pub keep: Duration,
}

impl Options {
    /// The name of the database file beside config.toml.
    pub const FILE: &'static str = "newsdesk.db";
    /// How long entries are kept where nobody decided: ten years.
    pub const KEEP: Duration = Duration::from_hours(10 * 365 * 24);
}

/// The open database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
    options: Options,
}

/// A transaction that writes; it holds the only right to.
type Writing = sqlx::Transaction<'static, Sqlite>;

/// A source with its number and history.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its number.
    pub id: SourceId,
    /// What people say of it; `url` is where it is visited now.
    pub source: Source,
    /// The address that somebody gave, in the form for comparing (`address::canonical`).
    pub named: String,
    /// What visits taught.
    pub history: History,
    /// The source whose address this one moved to; it is visited no more.
    pub twin: Option<SourceId>,
    /// When it was first named.
    pub added: DateTime<Utc>,
}

/// A source whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: SourceId,
    /// Where it is visited.
    pub url: String,
    /// When the visit was to be; none: as soon as possible.
    pub next_visit: Option<DateTime<Utc>>,
}

/// Whether a source that was to be added was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was not.
    New(SourceId),
    /// It was, under this number; nothing changed.
    Known(SourceId),
}

/// Two hashes that tell, before anything is cleaned, whether an item of a source was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// Of what identifies it within its source: its guid, its link and its title, as written. One
    /// of them alone does not do: there are sources that give one guid or one link to all items.
    /// An item whose title changed counts as new here, and is found to be a known entry later.
    pub item: u64,
    /// Of all that it says.
    pub content: u64,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// Its source never had it.
    New,
    /// Its source had it, with other words.
    Changed,
    /// It is as it was.
    Same,
}

/// One visit to be remembered, all of it or nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The source that was visited.
    pub source: SourceId,
    /// The address that it is visited at from now on, where a redirect was adopted.
    pub moved_to: Option<String>,
    /// What is known of it from now on.
    pub history: History,
    /// The visit; what it says of new and changed entries is counted here and not read.
    pub visit: Visit,
    /// The entries of new and changed items.
    pub entries: Vec<(Mark, Entry)>,
    /// All items of the document, if it was read.
    pub seen: Vec<Mark>,
}

/// What a recorded visit brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Entries that nobody had seen before.
    pub new: u32,
    /// Entries that say something else than before.
    pub changed: u32,
}

impl Store {
    /// A transaction that writes.
    async fn writing(&self) -> Result<Writing, Error> {
        self.pool
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(|error| self.error("begin to write", error))
    }

    /// The error of a statement, sorted by what can be done about it.
    fn error(&self, attempt: &'static str, error: sqlx::Error) -> Error {
        Error::from_sqlx(&self.options.place, attempt, error)
    }

    /// Closes the database; what is still in its log is moved into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
