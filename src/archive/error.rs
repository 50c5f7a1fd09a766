//! What can go wrong with the issue files.

use std::io;
use std::path::{Path, PathBuf};

/// Why issue files cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder that the configuration names is not there.
    #[error(
        "there is no folder of issues at `{}`\nhint: make it, or name another one with \
         `folder` under `[issues]` in config.toml",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// A folder cannot be listed.
    #[error("cannot list the issues")]
    List(#[from] walkdir::Error),
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Error {
    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_path_buf(),
            source,
        }
    }
}
