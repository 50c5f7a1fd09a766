//! Opening the database: whose it is, which version, and what is to be done to it.

mod postgres;
mod sqlite;

use super::copy::MARK;
use super::sql::query_scalar;
use super::{Error, Options, Place, Store};

impl Store {
    /// Opens the database, makes its tables where there are none, and brings older ones up to date.
    ///
    /// # Errors
    ///
    /// A newer one is refused before anything is written.
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let store = Self::open_any(options).await?;
        let copying: Option<i64> = query_scalar("SELECT value FROM counter WHERE name = ?")
            .bind(MARK)
            .fetch_optional(&store.pool)
            .await
            .map_err(|error| store.error("open the store", error))?;
        if copying.is_some() {
            return Err(Error::Incomplete {
                place: options.place.clone(),
            });
        }
        Ok(store)
    }

    /// Opens the database as a place to copy to: it may have a part of a copy that was cut off.
    pub async fn open_for_copy(options: &Options) -> Result<Self, Error> {
        Self::open_any(options).await
    }

    async fn open_any(options: &Options) -> Result<Self, Error> {
        let pool = match &options.place {
            Place::File(file) => sqlite::open(file, options).await?,
            Place::Server(server) => postgres::open(server, &options.place).await?,
        };
        Ok(Self {
            pool,
            options: options.clone(),
        })
    }
}
