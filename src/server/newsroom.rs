//! What the review pages ask of the newsroom and cannot do themselves: make a draft, read an
//! issue file, discover a source, rank. The program brings it along.

use std::error::Error as StdError;

/// What is done for the review pages. Calls may take a while; `AppState::ask` makes them where
/// that holds up nobody.
pub trait Newsroom: Send + Sync + 'static {
    /// The curators that the newsletter knows, by name: from its authors and its issues.
    ///
    /// # Errors
    ///
    /// Where the issues cannot be read.
    fn curators(&self) -> Result<Vec<String>, Error>;
}

/// Why something could not be done, as its one reads it who asked for it in a browser.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] pub Box<dyn StdError + Send + Sync>);
