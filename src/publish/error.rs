//! Why documents could not be built or issue files not be read.

use std::io;
use std::path::{Path, PathBuf};

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk could not be read or written.
    #[error("{attempt}")]
    Disk {
        /// What was attempted, and where.
        attempt: String,
        /// What the system says.
        source: io::Error,
    },
    /// The folder of issues is not there.
    #[error(
        "there is no folder of issues at `{}`\nhint: make it, or name another one with `folder` \
         under `[issues]` in config.toml",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// The list of what is published cannot be read.
    #[error(
        "`{}` is damaged\nhint: restore it from the repository, or delete it: then documents of \
         issues that are gone are no longer removed",
        .path.display()
    )]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Something that newsdesk did not make lies where a document belongs.
    #[error("`{}` is in the way: {what}", .path.display())]
    InTheWay {
        /// What lies there.
        path: PathBuf,
        /// What it is, and what to do about it.
        what: &'static str,
    },
    /// Somebody wrote to an issue file while it was built.
    #[error("`{}` changed during the build\nhint: build again", .0.display())]
    Changed(PathBuf),
    /// What was learned could not be put into bytes.
    #[error("cannot write the build cache")]
    Cache(#[from] postcard::Error),
    /// A document of the plan was not made; ours to mend.
    #[error("`{0}` was not made")]
    NotMade(String),
}

/// Says that a file could not be read.
pub(super) fn cannot_read(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    failed("read", path)
}

/// Says that a file could not be written.
pub(super) fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    failed("write", path)
}

/// Says that a folder could not be made.
pub(super) fn cannot_make(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    failed("make the folder", path)
}

/// Says what could not be done to a file or folder.
pub(super) fn failed<'a>(
    what: &'a str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> Error + use<'a> {
    move |source| Error::Disk {
        attempt: format!("cannot {what} `{}`", path.display()),
        source,
    }
}
