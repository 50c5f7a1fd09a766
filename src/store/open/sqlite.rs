//! A database that is a file.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Executor as _, SqlitePool};

use super::super::migrations::{ADOPT, APPLICATION, OWNED, STEPS, VERSION};
use super::super::sql::{Pool, statement};
use super::{Error, Options, Place};

/// How long to wait for another process that writes. A batch takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// Readers beside the one that writes.
const CONNECTIONS: u32 = 2;

/// Opens the file, or makes it.
pub(super) async fn open(file: &Path, options: &Options) -> Result<Pool, Error> {
    let place = &options.place;
    refuse_others(file, place)?;
    keep_private(file);
    let connect = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(false)
        .busy_timeout(PATIENCE)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "MEMORY")
        // A page that many batches change goes into the file once for some of them.
        .pragma("wal_autocheckpoint", "8000")
        .pragma("journal_size_limit", "16000000");
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE * 2)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(connect)
        .await
        .map_err(|error| Error::from_sqlx(place, "open the store", error))?;
    migrate(&pool, place, &options.newsletter).await?;
    Ok(Pool::Sqlite(pool))
}

/// Makes a new file that nobody else may read, and takes an old one out of everybody's sight: it
/// holds the hashes of passwords. The database gives its `-wal` and `-shm` the same rights. Where
/// that cannot be done, opening says what is wrong.
#[cfg(unix)]
fn keep_private(file: &Path) {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let made = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    if made.is_ok() {
        return;
    }
    if let Ok(metadata) = std::fs::metadata(file) {
        let rights = metadata.permissions().mode();
        if metadata.is_file() && rights & 0o007 != 0 {
            let private = std::fs::Permissions::from_mode(rights & 0o770);
            // Whoever may not do so is not its owner.
            let _ = std::fs::set_permissions(file, private);
        }
    }
}

/// Elsewhere who may read a file is the folder's matter.
#[cfg(not(unix))]
fn keep_private(_: &Path) {}

/// Takes the steps that the file has not seen, each in a transaction of its own.
async fn migrate(pool: &SqlitePool, place: &Place, newsletter: &str) -> Result<(), Error> {
    let wrap = |error| Error::from_sqlx(place, "bring the tables up to date", error);
    let version: u32 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(pool)
        .await
        .map_err(|error| Error::from_sqlx(place, "read the store's version", error))?;
    if version > VERSION {
        return Err(newer(place, version));
    }
    if version == VERSION {
        return Ok(());
    }
    if version == 0 {
        // It has to be set before the first table.
        pool.execute("PRAGMA journal_mode = WAL")
            .await
            .map_err(wrap)?;
    }
    loop {
        let mut writing = pool.begin_with("BEGIN IMMEDIATE").await.map_err(wrap)?;
        // Read again under the lock: another process may have taken the step meanwhile.
        let version: u32 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut *writing)
            .await
            .map_err(wrap)?;
        let Some(step) = STEPS.get(version as usize) else {
            return Ok(());
        };
        let mark = format!(
            "PRAGMA user_version = {}; PRAGMA application_id = {APPLICATION}",
            version + 1
        );
        for statements in [(*step).to_owned(), mark] {
            statement(&statements).map_err(wrap)?;
            writing
                .execute(sqlx::raw_sql(AssertSqlSafe(statements)))
                .await
                .map_err(wrap)?;
        }
        if version + 1 == OWNED {
            for statement in ADOPT {
                sqlx::query(statement)
                    .bind(newsletter)
                    .execute(&mut *writing)
                    .await
                    .map_err(wrap)?;
            }
        }
        statement("COMMIT").map_err(wrap)?;
        writing.commit().await.map_err(wrap)?;
    }
}

fn newer(place: &Place, found: u32) -> Error {
    Error::Newer {
        place: place.clone(),
        found,
        known: VERSION,
    }
}

/// Reads the file's header without opening it as a database, which could already write to it.
fn refuse_others(file: &Path, place: &Place) -> Result<(), Error> {
    let mut header = [0; 100];
    match File::open(file).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) => {}
        // No file, or an empty one. One that is shorter than a header is left to the database.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) => {
            return Ok(());
        }
        Err(error) => {
            return Err(Error::Unopenable {
                place: place.clone(),
                source: error.into(),
            });
        }
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Ok(());
    }
    let number = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    let (version, application) = (number(60), number(68));
    if application != APPLICATION && (application != 0 || version != 0) {
        return Err(Error::Foreign {
            place: place.clone(),
        });
    }
    if version > VERSION {
        return Err(newer(place, version));
    }
    Ok(())
}
