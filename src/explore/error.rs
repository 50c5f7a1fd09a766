//! What can go wrong with exploring.

use std::io;
use std::path::PathBuf;

use crate::store;

/// Why exploring ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What was found could not be remembered.
    #[error("cannot write `{}`", path.display())]
    Memory {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
