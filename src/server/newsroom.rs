//! What the review pages ask of the newsroom and cannot do themselves: make a draft, read an
//! issue file, discover a source, rank. The program brings it along.

use std::error::Error as StdError;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::review::desk::{
    Backtest, Begin, Behind, Composed, Drafted, Health, NewSource, Past, Wanted,
};
use super::review::ranking::Ranking;
use crate::model::EntryId;
use crate::suggest::Suggestion;

/// What is done for the review pages. Calls may take a while; `AppState::ask` makes them where
/// that holds up nobody.
pub trait Newsroom: Send + Sync + 'static {
    /// The curators that the newsletter knows, by name: from its authors and its issues.
    ///
    /// # Errors
    ///
    /// Where the issues cannot be read.
    fn curators(&self) -> Result<Vec<String>, Error>;

    /// All candidates, ranked by a curator's picks, or by the team's; as they were a short while
    /// ago where ranking them again takes long.
    fn ranking(&self, curator: Option<&str>, now: DateTime<Utc>) -> Result<Arc<Ranking>, Error>;

    /// These entries in their order, with all that their scores are made of; those that are not
    /// there are left out.
    fn weigh(
        &self,
        curator: Option<&str>,
        entries: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Suggestion>, Error>;

    /// What the issue files say; their readings can be searched from then on.
    fn past(&self, now: DateTime<Utc>) -> Result<Arc<Past>, Error>;

    /// The next issue as it would be written, and its page.
    fn compose(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Composed, Error>;

    /// Writes the next issue file, never over another.
    fn draft(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Drafted, Error>;

    /// How every source does: those that want somebody first.
    fn health(&self, now: DateTime<Utc>) -> Result<Vec<Health>, Error>;

    /// The feeds behind an address.
    fn look(&self, address: &str, now: DateTime<Utc>) -> Result<Vec<Behind>, Error>;

    /// Has a feed polled, if it is no source yet.
    fn add(&self, wanted: &NewSource, now: DateTime<Utc>) -> Result<(), Error>;

    /// Adds the sources of an OPML list; says what came of it.
    fn import(&self, list: &[u8], now: DateTime<Utc>) -> Result<String, Error>;

    /// All sources as an OPML list.
    fn export(&self) -> Result<String, Error>;

    /// How well suggestions would have predicted the archive: what was measured last, and whether
    /// it is being measured anew.
    fn backtest(&self, begin: Begin, now: DateTime<Utc>) -> Result<Backtest, Error>;
}

/// Why something could not be done, as its one reads it who asked for it in a browser.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] pub Box<dyn StdError + Send + Sync>);
