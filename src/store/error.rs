//! What can go wrong with the database, by what a person can do about it.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why the store cannot do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// Made by a later version of the program; nothing was touched.
    #[error(
        "`{}` was written by a newer newsdesk (store version {found}, this one knows {known})\nhint: update newsdesk; the file was not touched",
        place.display()
    )]
    Newer {
        /// The file.
        place: PathBuf,
        /// Its version.
        found: u32,
        /// The highest version known here.
        known: u32,
    },
    /// A database of some other program.
    #[error(
        "`{}` is a database, but not one of newsdesk\nhint: move it aside; newsdesk makes its own",
        place.display()
    )]
    Foreign {
        /// The file.
        place: PathBuf,
    },
    /// The file's content makes no sense.
    #[error(
        "`{}` is damaged\nhint: move it aside together with its `-wal` and `-shm` files, and put a backup in its place, or let newsdesk start anew (decisions that were only in it are lost); `sqlite3 {} .recover` may save what is in it",
        place.display(),
        place.display()
    )]
    Damaged {
        /// The file.
        place: PathBuf,
        /// What the database says.
        source: sqlx::Error,
    },
    /// It cannot be written.
    #[error(
        "cannot write `{}`\nhint: the file and its folder must be writable for whoever runs newsdesk",
        place.display()
    )]
    ReadOnly {
        /// The file.
        place: PathBuf,
        /// What the database says.
        source: sqlx::Error,
    },
    /// It cannot be opened or made.
    #[error(
        "cannot open `{}`\nhint: its folder must exist, and be writable for whoever runs newsdesk",
        place.display()
    )]
    Unopenable {
        /// The file.
        place: PathBuf,
        /// What the system or the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No room.
    #[error(
        "the disk of `{}` is full\nhint: make room and run this again; what was stored before is whole",
        place.display()
    )]
    Full {
        /// The file.
        place: PathBuf,
        /// What the database says.
        source: sqlx::Error,
    },
    /// Another process writes, and did not end in time.
    #[error(
        "`{}` is in use by another newsdesk\nhint: run this again when that one has finished",
        place.display()
    )]
    Busy {
        /// The file.
        place: PathBuf,
        /// What the database says.
        source: sqlx::Error,
    },
    /// Anything else.
    #[error("cannot {attempt} in `{}`", place.display())]
    Statement {
        /// The file.
        place: PathBuf,
        /// What was attempted.
        attempt: &'static str,
        /// What the database says.
        source: sqlx::Error,
    },
}

/// What a result code of the database means (sqlite.org/rescode.html).
enum Meaning {
    Busy,
    ReadOnly,
    Damaged,
    Full,
    Unopenable,
    Other,
}

impl Error {
    /// Sorts an error of the database.
    pub(super) fn from_sqlx(place: &Path, attempt: &'static str, source: sqlx::Error) -> Self {
        let place = place.to_path_buf();
        match meaning(&source) {
            Meaning::Busy => Self::Busy { place, source },
            Meaning::ReadOnly => Self::ReadOnly { place, source },
            Meaning::Damaged => Self::Damaged { place, source },
            Meaning::Full => Self::Full { place, source },
            Meaning::Unopenable => Self::Unopenable {
                place,
                source: source.into(),
            },
            Meaning::Other => Self::Statement {
                place,
                attempt,
                source,
            },
        }
    }
}

fn meaning(error: &sqlx::Error) -> Meaning {
    let sqlx::Error::Database(error) = error else {
        return Meaning::Other;
    };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    // The low byte is the kind; the rest says more than anybody can act on.
    match code.map(|code| code & 0xff) {
        Some(5 | 6) => Meaning::Busy,
        Some(8) => Meaning::ReadOnly,
        Some(11 | 26) => Meaning::Damaged,
        Some(13) => Meaning::Full,
        Some(14) => Meaning::Unopenable,
        _ => Meaning::Other,
    }
}
