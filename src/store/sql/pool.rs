//! Connections to either database, and transactions.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::{Error, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::query::statement;
use super::{Words, query};

/// How often a lost connection is sought again, and a transaction that met another begun again.
const ATTEMPTS: u32 = 6;

/// The pause before the second attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Connections to a database.
#[derive(Clone, Debug)]
pub(in crate::store) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction that writes.
pub(in crate::store) enum Writing {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The number of the lock of whoever may write what others read first.
const WRITER: u32 = u32::from_be_bytes(*b"writ") >> 1;

impl Pool {
    /// Begins a transaction that holds the only right to write, so that what it reads first is
    /// still so when it writes.
    pub(in crate::store) async fn begin(&self) -> Result<Writing, Error> {
        statement("BEGIN")?;
        match self {
            Self::Sqlite(pool) => Ok(Writing::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?)),
            Self::Postgres(_) => {
                let mut writing = self.begin_beside().await?;
                writing.lock(WRITER).await?;
                Ok(writing)
            }
        }
    }

    /// Begins a transaction that takes the rows it wants by itself. `SQLite` has but one right to
    /// write.
    pub(in crate::store) async fn begin_beside(&self) -> Result<Writing, Error> {
        match self {
            Self::Sqlite(_) => Box::pin(self.begin()).await,
            Self::Postgres(pool) => {
                let begin = || -> BoxFuture<'_, _> { Box::pin(pool.begin()) };
                Ok(Writing::Postgres(insist(true, begin).await?))
            }
        }
    }

    /// Whether many may write at once.
    pub(in crate::store) fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub(in crate::store) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Writing {
    /// Waits for a lock of this store, on a server, that others may have; it ends with the
    /// transaction. Another store in the same database has its own.
    pub(in crate::store) async fn lock(&mut self, number: u32) -> Result<(), Error> {
        query("SELECT pg_advisory_xact_lock(CAST(? AS int), hashtext(current_schema()))")
            .bind(number)
            .execute(self)
            .await?;
        Ok(())
    }

    pub(in crate::store) async fn commit(self) -> Result<(), Error> {
        statement("COMMIT")?;
        match self {
            Self::Sqlite(writing) => writing.commit().await,
            Self::Postgres(writing) => writing.commit().await,
        }
    }

    /// Whether many may write at once.
    pub(in crate::store) fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The words that this database wants.
    pub(in crate::store) fn words(&self, words: Words) -> &'static str {
        match self {
            Self::Sqlite(_) => words.sqlite,
            Self::Postgres(_) => words.postgres,
        }
    }
}

/// Does it, and again where the database was away or another transaction was in the way, a few
/// times with growing pauses; once only, unless it may be done `again`.
pub(in crate::store) async fn insist<'a, T>(
    again: bool,
    attempt: impl Fn() -> BoxFuture<'a, Result<T, Error>>,
) -> Result<T, Error> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if again && is_passing(&error) => {
                // Those who met do not meet again.
                let share = 0.5 + fastrand::f64();
                tokio::time::sleep(pause.mul_f64(share)).await;
                pause *= 2;
            }
            done => return done,
        }
    }
    attempt().await
}

/// Whether an error says nothing of the statement: the connection was lost, the server is starting
/// or stopping, or two transactions were in each other's way (PostgreSQL, appendix A).
pub(in crate::store) fn is_passing(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::PoolTimedOut | Error::WorkerCrashed => true,
        Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || matches!(
                    &*code,
                    "40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" | "53300"
                )
        }),
        _ => false,
    }
}
