//! Who sleeps until something is due is woken when somebody adds a source (PostgreSQL's LISTEN and
//! NOTIFY).

use sqlx::postgres::PgListener;

use super::sql::{Pool, query, query_scalar};
use super::{Error, Store, Writing};

/// The channel; what is sent is the schema, because many stores may share a database.
const CHANNEL: &str = "newsdesk_due";

/// Rings when somebody adds a source, or wants one visited at once.
#[derive(Debug)]
pub struct Bell {
    listener: PgListener,
    schema: String,
}

impl Store {
    /// The bell of the store; none where it is a file.
    pub async fn bell(&self) -> Result<Option<Bell>, Error> {
        let Pool::Postgres(pool) = &self.pool else {
            return Ok(None);
        };
        let wrap = |error| self.error("listen for new sources", error);
        let schema: String = query_scalar("SELECT CAST(current_schema() AS text)")
            .fetch_one(&self.pool)
            .await
            .map_err(wrap)?;
        let mut listener = PgListener::connect_with(pool).await.map_err(wrap)?;
        listener.listen(CHANNEL).await.map_err(wrap)?;
        Ok(Some(Bell { listener, schema }))
    }
}

impl Bell {
    /// Waits until it rings; `false` where it never will, because the connection is lost.
    pub async fn rings(&mut self) -> bool {
        loop {
            match self.listener.recv().await {
                Ok(call) if call.payload() == self.schema => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }
}

/// Rings the bell once the transaction is committed.
pub(super) async fn ring(writing: &mut Writing) -> Result<(), sqlx::Error> {
    if writing.is_shared() {
        query(format!(
            "SELECT pg_notify('{CHANNEL}', CAST(current_schema() AS text))"
        ))
        .execute(writing)
        .await?;
    }
    Ok(())
}
