//! What can go wrong with the database, by what a person can do about it.

use sqlx::postgres::PgDatabaseError;
use thiserror::Error;

use super::Place;

/// Why the store cannot do what it was asked.
#[derive(Debug, Error)]
pub enum Error {
    /// Made by a later version of the program; nothing was touched.
    #[error(
        "`{place}` was written by a newer newsdesk (store version {found}, this one knows {known})\nhint: update newsdesk; nothing was touched"
    )]
    Newer {
        /// The database.
        place: Place,
        /// Its version.
        found: u32,
        /// The highest version known here.
        known: u32,
    },
    /// A database of some other program.
    #[error(
        "`{place}` is a database, but not one of newsdesk\nhint: move it aside; newsdesk makes its own"
    )]
    Foreign {
        /// The database.
        place: Place,
    },
    /// The file's content makes no sense.
    #[error(
        "`{place}` is damaged\nhint: move it aside together with its `-wal` and `-shm` files, and put a backup in its place, or let newsdesk start anew (decisions that were only in it are lost); `sqlite3 {place} .recover` may save what is in it"
    )]
    Damaged {
        /// The database.
        place: Place,
        /// What the database says.
        source: sqlx::Error,
    },
    /// It cannot be written.
    #[error(
        "cannot write `{place}`\nhint: whoever runs newsdesk must be allowed to write there: a file and its folder, or the tables of a database"
    )]
    ReadOnly {
        /// The database.
        place: Place,
        /// What the database says.
        source: sqlx::Error,
    },
    /// It cannot be opened or made.
    #[error(
        "cannot open `{place}`\nhint: its folder must exist, and be writable for whoever runs newsdesk"
    )]
    Unopenable {
        /// The database.
        place: Place,
        /// What the system or the database says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A copy that was cut off.
    #[error(
        "`{place}` is not whole: a copy into it was cut off\nhint: run `newsdesk store copy` again, with the same `--from` and `--to`; it goes on where it was"
    )]
    Incomplete {
        /// The database.
        place: Place,
    },
    /// No room.
    #[error(
        "the disk of `{place}` is full\nhint: make room and run this again; what was stored before is whole"
    )]
    Full {
        /// The database.
        place: Place,
        /// What the database says.
        source: sqlx::Error,
    },
    /// Another process writes, and did not end in time.
    #[error(
        "`{place}` is in use by another newsdesk\nhint: run this again when that one has finished"
    )]
    Busy {
        /// The database.
        place: Place,
        /// What the database says.
        source: sqlx::Error,
    },
    /// The server cannot be reached, or does not let us in.
    #[error(
        "cannot reach the database `{place}`\nhint: the server must run and be reachable from here, and know the user, the password (PGPASSWORD, ~/.pgpass) and the database; run this again then, nothing was lost"
    )]
    Away {
        /// The database.
        place: Place,
        /// What the driver says.
        source: sqlx::Error,
    },
    /// Anything else.
    #[error("cannot {attempt} in `{place}`")]
    Statement {
        /// The database.
        place: Place,
        /// What was attempted.
        attempt: &'static str,
        /// What the database says.
        source: sqlx::Error,
    },
}

/// What a code of the database means (sqlite.org/rescode.html; PostgreSQL, appendix A).
enum Meaning {
    Away,
    Busy,
    ReadOnly,
    Damaged,
    Full,
    Unopenable,
    Other,
}

impl Error {
    /// Sorts an error of the database.
    pub(super) fn from_sqlx(place: &Place, attempt: &'static str, source: sqlx::Error) -> Self {
        let place = place.clone();
        match meaning(&source) {
            Meaning::Away => Self::Away { place, source },
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
    let error = match error {
        sqlx::Error::Database(error) => error,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
            return Meaning::Away;
        }
        _ => return Meaning::Other,
    };
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        return meaning_on_server(&error.code().unwrap_or_default());
    }
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

fn meaning_on_server(code: &str) -> Meaning {
    match code {
        // The server refuses whoever connects, is starting or ending, or has no such database.
        "28000" | "28P01" | "3D000" | "53300" | "57P01" | "57P02" | "57P03" => Meaning::Away,
        "55P03" | "57014" | "40001" | "40P01" => Meaning::Busy,
        "25006" | "42501" => Meaning::ReadOnly,
        "53100" => Meaning::Full,
        "XX001" | "XX002" => Meaning::Damaged,
        _ if code.starts_with("08") => Meaning::Away,
        _ => Meaning::Other,
    }
}
