//! Opening the database: whose it is, which version, and what is to be done to it.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Executor as _, SqlitePool};

use super::migrations::{APPLICATION, STEPS, VERSION};
use super::{Error, Options, Store};

/// How long to wait for another process that writes. A batch takes a fraction of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// Readers beside the one that writes.
const CONNECTIONS: u32 = 2;

impl Store {
    /// Opens the database, makes it where there is none, and brings an older one up to date.
    ///
    /// # Errors
    ///
    /// A newer one is refused before anything is written.
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let place = &options.place;
        refuse_others(place)?;
        let connect = SqliteConnectOptions::new()
            .filename(place)
            .create_if_missing(true)
            .foreign_keys(false)
            .busy_timeout(PATIENCE)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("cache_size", "-8000")
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", "2000")
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
        let store = Self {
            pool,
            options: options.clone(),
        };
        store.migrate().await?;
        Ok(store)
    }

    /// Takes the steps that the file has not seen, each in a transaction of its own.
    async fn migrate(&self) -> Result<(), Error> {
        let attempt = "bring the tables up to date";
        let version = self.version().await?;
        if version == VERSION {
            return Ok(());
        }
        if version == 0 {
            prepare(&self.pool)
                .await
                .map_err(|error| self.error(attempt, error))?;
        }
        loop {
            let mut writing = self.writing().await?;
            // Read again under the lock: another process may have taken the step meanwhile.
            let version: u32 = sqlx::query_scalar("PRAGMA user_version")
                .fetch_one(&mut *writing)
                .await
                .map_err(|error| self.error(attempt, error))?;
            let Some(step) = STEPS.get(version as usize) else {
                return Ok(());
            };
            let mark = format!(
                "PRAGMA user_version = {}; PRAGMA application_id = {APPLICATION}",
                version + 1
            );
            for statements in [(*step).to_owned(), mark] {
                writing
                    .execute(sqlx::raw_sql(AssertSqlSafe(statements)))
                    .await
                    .map_err(|error| self.error(attempt, error))?;
            }
            writing
                .commit()
                .await
                .map_err(|error| self.error(attempt, error))?;
        }
    }

    /// The version of the file's tables; 0 where there are none.
    async fn version(&self) -> Result<u32, Error> {
        let version: u32 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.error("read the store's version", error))?;
        if version > VERSION {
            return Err(self.newer(version));
        }
        Ok(version)
    }

    fn newer(&self, found: u32) -> Error {
        Error::Newer {
            place: self.options.place.clone(),
            found,
            known: VERSION,
        }
    }
}

/// What has to be set before the first table.
async fn prepare(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    pool.execute("PRAGMA journal_mode = WAL").await?;
    Ok(())
}

/// Reads the file's header without opening it as a database, which could already write to it.
fn refuse_others(place: &Path) -> Result<(), Error> {
    let mut header = [0; 100];
    let unopenable = |error: std::io::Error| Error::Unopenable {
        place: place.to_path_buf(),
        source: error.into(),
    };
    match File::open(place).and_then(|mut file| file.read_exact(&mut header)) {
        Ok(()) => {}
        // No file, or an empty one. One that is shorter than a header is left to the database.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof) => {
            return Ok(());
        }
        Err(error) => return Err(unopenable(error)),
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
            place: place.to_path_buf(),
        });
    }
    if version > VERSION {
        return Err(Error::Newer {
            place: place.to_path_buf(),
            found: version,
            known: VERSION,
        });
    }
    Ok(())
}
