//! What the review pages ask of the program: ranking, drafts, discovery, the archive.
//!
//! One [`Desk`] lives as long as the server and is asked from threads that may wait; what takes
//! long to make is kept, and made again when the store or the issue files changed.

mod backtest;
mod next;
mod past;
mod ranked;
mod sources;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use newsdesk::model::EntryId;
use newsdesk::server::newsroom::{Error, Newsroom};
use newsdesk::server::review::desk::{
    Backtest, Begin, Behind, Composed, Drafted, Health, NewSource, Past, Wanted,
};
use newsdesk::server::review::ranking::Ranking;
use newsdesk::store::Store;
use newsdesk::suggest::Suggestion;

use super::Context;
use super::archive::Archive;

/// The newsroom of one newsletter.
#[derive(Clone)]
pub(super) struct Desk(Arc<Inner>);

/// What all handles of a desk share.
struct Inner {
    config: Config,
    context: Context,
    store: Store,
    rankings: ranked::Rankings,
    past: Mutex<Option<(u64, Arc<Past>)>>,
    backtest: Mutex<Backtest>,
}

impl Desk {
    /// A desk that has done nothing yet.
    pub(super) fn new(context: Context, config: Config, store: Store) -> Self {
        Self(Arc::new(Inner {
            config,
            context,
            store,
            rankings: ranked::Rankings::default(),
            past: Mutex::default(),
            backtest: Mutex::default(),
        }))
    }

    fn config(&self) -> &Config {
        &self.0.config
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn newsletter(&self) -> &str {
        &self.0.config.issues.newsletter.authority
    }

    /// What commands are given, at this instant.
    fn context(&self, now: DateTime<Utc>) -> Context {
        self.0.context.at(now)
    }
}

impl Newsroom for Desk {
    fn curators(&self) -> Result<Vec<String>, Error> {
        answer(self.names())
    }

    fn ranking(&self, curator: Option<&str>, now: DateTime<Utc>) -> Result<Arc<Ranking>, Error> {
        answer(self.ranking_for(curator, now))
    }

    fn weigh(
        &self,
        curator: Option<&str>,
        entries: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Suggestion>, Error> {
        answer(self.weigh_for(curator, entries, now))
    }

    fn past(&self, now: DateTime<Utc>) -> Result<Arc<Past>, Error> {
        answer(wait(self.read_past(now)))
    }

    fn compose(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Composed, Error> {
        answer(wait(self.compose_next(wanted, now)))
    }

    fn draft(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Drafted, Error> {
        answer(wait(self.write_next(wanted, now)))
    }

    fn health(&self, now: DateTime<Utc>) -> Result<Vec<Health>, Error> {
        answer(wait(self.examine(now)))
    }

    fn look(&self, address: &str, now: DateTime<Utc>) -> Result<Vec<Behind>, Error> {
        answer(wait(self.look_behind(address, now)))
    }

    fn add(&self, wanted: &NewSource, now: DateTime<Utc>) -> Result<(), Error> {
        answer(wait(self.add_source(wanted, now)))
    }

    fn import(&self, list: &[u8], now: DateTime<Utc>) -> Result<String, Error> {
        answer(wait(self.import_list(list, now)))
    }

    fn export(&self) -> Result<String, Error> {
        answer(wait(self.export_list()))
    }

    fn backtest(&self, begin: Begin, now: DateTime<Utc>) -> Result<Backtest, Error> {
        Ok(self.measure(begin, now))
    }
}

impl Desk {
    /// The authors and all who ever recommended something, each once.
    fn names(&self) -> anyhow::Result<Vec<String>> {
        let mut names = Archive::read(self.config())?.curators();
        for author in &self.config().issues.newsletter.authors {
            // Issues often sign with the first name alone.
            let first = author.name.split(' ').next().unwrap_or_default();
            let known = |name: &String| {
                name.eq_ignore_ascii_case(&author.name) || name.eq_ignore_ascii_case(first)
            };
            if !names.iter().any(known) {
                names.push(author.name.clone());
            }
        }
        Ok(names)
    }
}

/// Waits for what the store or the network does.
fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => super::store::in_runtime(work),
    }
}

fn answer<T>(came: anyhow::Result<T>) -> Result<T, Error> {
    came.map_err(|error| Error(error.into()))
}

/// What is behind a lock; a thread that broke off left it as it was.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
