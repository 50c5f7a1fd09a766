//! What has been seen: the only reader and writer of the database.
//!
//! One file, `newsdesk.db`, beside config.toml. Sources and entries belong to nobody: they are
//! polled and kept once, however many newsletters use them. Decisions, and which sources those are,
//! belong to a newsletter. One story is one entry, however many sources carry it: `identity` says what
//! identifies an entry, `resolve` which entry an item is. A batch of visits is one transaction,
//! validators together with entries; whoever is killed in the middle leaves either all of a batch
//! or nothing of it.
//!
//! The cost of a statement is paid for each batch and not for each entry, nothing is looked up
//! without an index, and the full-text index is brought up to date by who needs it.

mod accounts;
mod bell;
mod candidates;
mod clock;
mod copy;
mod decisions;
mod entries;
mod error;
mod health;
mod identity;
mod keep;
mod leases;
mod migrations;
mod moving;
mod novelty;
mod open;
mod outlines;
mod paces;
mod place;
mod record;
mod resolve;
mod review;
mod rows;
mod search;
mod sources;
mod sql;
mod subscriptions;
mod tally;
mod visits;
mod write;

#[cfg(test)]
mod bench;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod tests;

use std::time::Duration;

use self::sql::{Pool, Writing};
use crate::model::{Entry, History, Source, SourceId, Visit};
use chrono::{DateTime, Utc};

pub use accounts::{Account, Session, TokenHash};
pub use bell::Bell;
pub use candidates::{Candidate, Cursor, Page};
pub use copy::{Copied, CopyError, copy};
pub use decisions::{Answer, Decision, Picked, Used};
pub use entries::{Carrier, Remembered};
pub use error::Error;
pub use health::{Pulse, Vitals};
pub use leases::{Leased, Share, Worker};
pub use outlines::Outline;
pub use place::{Place, Server};
pub use review::{Annotated, Latest, Stamp};
pub use search::{Found, Hit, OwnReading};
pub use subscriptions::{Announced, Lease, Phase, Subscription};
pub use tally::Tally;

/// Where the database is, and how long it keeps things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The database.
    pub place: Place,
    /// The newsletter that opens it, by its authority: sources, accounts and sessions are its own,
    /// and so are the entries that it sees.
    pub newsletter: String,
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
    pool: Pool,
    options: Options,
}

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
    /// A transaction that holds the only right to write.
    async fn writing(&self) -> Result<Writing, Error> {
        self.pool
            .begin()
            .await
            .map_err(|error| self.error("begin to write", error))
    }

    /// Whose the store is, as far as it belongs to anybody.
    fn newsletter(&self) -> &str {
        &self.options.newsletter
    }

    /// The condition that the entry of this number is carried by a source that the newsletter uses, with the
    /// newsletter as this parameter; none where the store has no other newsletter.
    async fn own(&self, entry: &str, parameter: &str) -> Result<String, Error> {
        let ends: (Option<String>, Option<String>) =
            sql::query_as("SELECT min(newsletter), max(newsletter) FROM uses")
                .fetch_one(&self.pool)
                .await
                .map_err(|error| self.error("look for newsletters", error))?;
        let is_alone = [ends.0, ends.1]
            .iter()
            .flatten()
            .all(|newsletter| newsletter == self.newsletter());
        if is_alone {
            // It is said with the parameter all the same, because it is bound.
            return Ok(format!("{parameter} IS NOT NULL"));
        }
        Ok(format!(
            "EXISTS (SELECT 1 FROM carrier JOIN uses ON uses.source = carrier.source \
             WHERE carrier.entry = {entry} AND uses.newsletter = {parameter})"
        ))
    }

    /// The same for what was named by its number or address: also what the newsletter decided on, or took
    /// over, whoever carries it now.
    async fn own_or_decided(&self, entry: &str, parameter: &str) -> Result<String, Error> {
        let own = self.own(entry, parameter).await?;
        let of = |table: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.entry = {entry} \
                 AND {table}.newsletter = {parameter})"
            )
        };
        Ok(format!("({own} OR {} OR {})", of("decision"), of("used")))
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
