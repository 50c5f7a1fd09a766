//! What the desk cannot do.

use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};

use crate::explore;
use crate::publish;
use crate::store;

/// Why something could not be done, as a curator reads it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The issue files could not be read.
    #[error(transparent)]
    Issues(#[from] publish::Error),
    /// Nothing could be found out about an address.
    #[error(transparent)]
    Explore(#[from] explore::Error),
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What is remembered between two runs could not be put into bytes.
    #[error("cannot keep what was learned")]
    Keep(#[source] Box<dyn StdError + Send + Sync>),
    /// There is no thread to wait on.
    #[error("cannot wait for the store")]
    Wait(#[source] io::Error),
    /// It is not to be had as it was asked for; says why, and how to mend it.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_path_buf(),
            source,
        }
    }
}

impl From<postcard::Error> for Error {
    fn from(error: postcard::Error) -> Self {
        Self::Keep(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Keep(error.into())
    }
}
