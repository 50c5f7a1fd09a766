//! What curators ask and decide, on the command line and in a browser: archive, entries and
//! decisions in, ranked lists, decisions and drafts out. Each rule of it stands here once.
//!
//! One [`Desk`] lives as long as the server and is asked from threads that may wait; what takes
//! long to make is kept, and made again when the store or the issue files changed.

pub mod answers;
pub mod archive;
pub mod backtest;
pub mod collect;
pub mod decisions;
pub mod draft;
mod error;
pub mod examined;
pub mod health;
pub mod known;
pub mod lists;
mod next;
pub mod outcome;
mod past;
pub mod place;
pub mod published;
pub mod rank;
pub mod ranking;
mod rankings;
pub mod searchable;
pub mod shown;
mod sources;
pub mod stock;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use self::answers::{Backtest, Begin, Behind, Composed, Drafted, Health, NewSource, Past, Wanted};
use self::archive::Archive;
pub use self::error::Error;
use self::ranking::Ranking;
use self::rankings::Rankings;
use crate::config::Config;
use crate::model::EntryId;
use crate::poll::Clock;
use crate::sources::thing::Thing;
use crate::store::{self, Store};
use crate::suggest::Suggestion;

/// The desk of one newsletter; cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

/// What all handles of a desk share.
struct Inner {
    config: Config,
    store: Store,
    clock: Arc<dyn Clock + Send>,
    rankings: Rankings,
    past: Mutex<Option<(u64, Arc<Past>)>>,
    backtest: Mutex<Backtest>,
}

impl Desk {
    /// A desk that has done nothing yet.
    pub fn new(config: Config, store: Store, clock: Arc<dyn Clock + Send>) -> Self {
        Self(Arc::new(Inner {
            config,
            store,
            clock,
            rankings: Rankings::default(),
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

    fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    fn newsletter(&self) -> &str {
        &self.0.config.issues.newsletter.authority
    }
}

impl Desk {
    /// Counts that candidates were shown today.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    pub async fn note_shown(
        &self,
        shown: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<(), store::Error> {
        known::note_shown(self.config(), self.store(), shown, now).await
    }

    /// Where the newsletter is at home: its days are counted there.
    pub fn zone(&self) -> Tz {
        self.config().issues.time_zone
    }
}

/// Calls may take a while: they are made on a thread where waiting holds up nobody.
impl Desk {
    /// The curators that the newsletter knows, by name: from its authors and its issues.
    ///
    /// # Errors
    ///
    /// Where the issues cannot be read.
    pub fn curators(&self) -> Result<Vec<String>, Error> {
        self.names()
    }

    /// All candidates, ranked by a curator's picks, or by the team's; as they were a short while
    /// ago where ranking them again takes long.
    ///
    /// # Errors
    ///
    /// Where the issues or the store cannot be read.
    pub fn ranking(
        &self,
        curator: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Ranking>, Error> {
        self.ranking_for(curator, now)
    }

    /// These entries in their order, with all that their scores are made of; those that are not
    /// there are left out.
    ///
    /// # Errors
    ///
    /// Where the issues or the store cannot be read.
    pub fn weigh(
        &self,
        curator: Option<&str>,
        entries: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Suggestion>, Error> {
        self.weigh_for(curator, entries, now)
    }

    /// What the issue files say; their readings can be searched from then on.
    ///
    /// # Errors
    ///
    /// Where the issues or the store cannot be read.
    pub fn past(&self, now: DateTime<Utc>) -> Result<Arc<Past>, Error> {
        wait(self.read_past(now))
    }

    /// The next issue as it would be written, and its page.
    ///
    /// # Errors
    ///
    /// Where nothing is accepted, or issues or store cannot be read.
    pub fn compose(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Composed, Error> {
        wait(self.compose_next(wanted, now))
    }

    /// Writes the next issue file, never over another.
    ///
    /// # Errors
    ///
    /// As for [`Self::compose`], and where the file cannot be written.
    pub fn draft(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Drafted, Error> {
        wait(self.write_next(wanted, now))
    }

    /// How every source does: those that need attention first.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub fn health(&self, now: DateTime<Utc>) -> Result<Vec<Health>, Error> {
        wait(self.examine(now))
    }

    /// The feeds behind an address.
    ///
    /// # Errors
    ///
    /// Where it is no address of the web, or no feed is found.
    pub fn look(&self, address: &str, now: DateTime<Utc>) -> Result<Vec<Behind>, Error> {
        wait(self.look_behind(address, now))
    }

    /// Has a feed polled, if it is no source yet.
    ///
    /// # Errors
    ///
    /// Where it is no address of the web, or the store cannot be written.
    pub fn add(&self, wanted: &NewSource, now: DateTime<Utc>) -> Result<(), Error> {
        wait(self.add_source(wanted, now))
    }

    /// Adds the sources of an OPML list; says what came of it.
    ///
    /// # Errors
    ///
    /// Where it is no list, or the store cannot be written.
    pub fn import(&self, list: &[u8], now: DateTime<Utc>) -> Result<String, Error> {
        wait(self.import_list(list, now))
    }

    /// What is at an address that somebody found, as far as its page says.
    ///
    /// # Errors
    ///
    /// Where it is no address of the web, or store or issues cannot be read.
    pub fn look_up(&self, address: &str, now: DateTime<Utc>) -> Result<collect::Found, Error> {
        let url = collect::web_address(address)?;
        wait(collect::look_up(self.config(), self.store(), &url, now))
    }

    /// Makes a thing that somebody found an entry, unless it is one.
    ///
    /// # Errors
    ///
    /// Where it is no address of the web, or the store cannot be written.
    pub fn collect(&self, thing: &Thing, now: DateTime<Utc>) -> Result<EntryId, Error> {
        collect::web_address(&thing.url)?;
        wait(collect::collect(
            self.store(),
            self.newsletter(),
            thing,
            now,
        ))
    }

    /// All sources as an OPML list.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub fn export(&self) -> Result<String, Error> {
        wait(self.export_list())
    }

    /// How well suggestions would have predicted the archive: what was measured last, and whether
    /// it is being measured anew.
    pub fn backtest(&self, begin: Begin, now: DateTime<Utc>) -> Backtest {
        self.measure(begin, now)
    }
}

impl Desk {
    /// The authors and all who ever recommended something, each once.
    fn names(&self) -> Result<Vec<String>, Error> {
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
fn wait<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        return runtime.block_on(work);
    }
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().map_err(Error::Wait)?;
    runtime.block_on(work)
}

/// What is behind a lock; a thread that broke off left it as it was.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
