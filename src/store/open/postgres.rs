//! A database on a server.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, PgPool};

use super::super::Server;
use super::super::migrations::{POSTGRES_STEPS, POSTGRES_VERSION};
use super::super::sql::Pool;
use super::{Error, Place};

/// Connections of one process: one writes, one reads ahead, and those of the review pages.
const CONNECTIONS: u32 = 6;

/// How long to wait for a connection; a server that is being started refuses them for a while.
const PATIENCE: Duration = Duration::from_secs(10);

/// The advisory lock of whoever changes the tables.
const MIGRATOR: i32 = i32::from_be_bytes(*b"tabl");

/// Connects, and makes or changes the tables in the first schema of the search path.
pub(super) async fn open(server: &Server, place: &Place) -> Result<Pool, Error> {
    let connect = options(server);
    let wrap = |error| Error::from_sqlx(place, "open the store", error);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(connect.clone())
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Err(wrap(reason(error, &connect).await)),
    };
    migrate(&pool, place).await?;
    Ok(Pool::Postgres(pool))
}

/// Why no connection was made: a pool that waits for a server says only that it waited.
async fn reason(error: sqlx::Error, connect: &PgConnectOptions) -> sqlx::Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error;
    }
    match tokio::time::timeout(PATIENCE, connect.connect()).await {
        Ok(Err(reason)) => reason,
        _ => error,
    }
}

/// How connections are made: nothing waits for ever, whatever the server's own settings.
fn options(server: &Server) -> PgConnectOptions {
    server
        .options()
        .clone()
        .application_name("newsdesk")
        .options([
            ("statement_timeout", "120s"),
            ("lock_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "120s"),
            // Each statement goes to few rows by an index, whatever its values: it is planned once.
            ("plan_cache_mode", "force_generic_plan"),
            ("jit", "off"),
        ])
        .disable_statement_logging()
}

/// Takes the steps that the database has not seen, all or none.
async fn migrate(pool: &PgPool, place: &Place) -> Result<(), Error> {
    let wrap = |error| Error::from_sqlx(place, "bring the tables up to date", error);
    let is_there: bool = sqlx::query_scalar("SELECT to_regclass('newsdesk_version') IS NOT NULL")
        .fetch_one(pool)
        .await
        .map_err(wrap)?;
    if is_there && version(pool, place).await? == POSTGRES_VERSION {
        return Ok(());
    }
    let mut writing = pool.begin().await.map_err(wrap)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))")
        .bind(MIGRATOR)
        .execute(&mut *writing)
        .await
        .map_err(wrap)?;
    writing
        .execute(
            "CREATE TABLE IF NOT EXISTS newsdesk_version \
             (one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), version BIGINT NOT NULL)",
        )
        .await
        .map_err(wrap)?;
    // Read again under the lock: another process may have taken the steps meanwhile.
    let version = version(&mut *writing, place).await?;
    for step in &POSTGRES_STEPS[version as usize..] {
        writing
            .execute(sqlx::raw_sql(AssertSqlSafe(*step)))
            .await
            .map_err(wrap)?;
    }
    sqlx::query(
        "INSERT INTO newsdesk_version (version) VALUES ($1) \
         ON CONFLICT (one) DO UPDATE SET version = excluded.version",
    )
    .bind(i64::from(POSTGRES_VERSION))
    .execute(&mut *writing)
    .await
    .map_err(wrap)?;
    writing.commit().await.map_err(wrap)
}

/// The version of the tables; 0 where there are none.
async fn version(on: impl sqlx::PgExecutor<'_>, place: &Place) -> Result<u32, Error> {
    let version: Option<i64> = sqlx::query_scalar("SELECT version FROM newsdesk_version")
        .fetch_optional(on)
        .await
        .map_err(|error| Error::from_sqlx(place, "read the store's version", error))?;
    let version = u32::try_from(version.unwrap_or(0)).unwrap_or(u32::MAX);
    if version > POSTGRES_VERSION {
        return Err(Error::Newer {
            place: place.clone(),
            found: version,
            known: POSTGRES_VERSION,
        });
    }
    Ok(version)
}
