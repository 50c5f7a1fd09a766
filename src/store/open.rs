//! Opening the database: whose it is, which version, and what is to be done to it.

mod postgres;
mod sqlite;

use super::{Error, Options, Place, Store};

impl Store {
    /// Opens the database, makes its tables where there are none, and brings older ones up to date.
    ///
    /// # Errors
    ///
    /// A newer one is refused before anything is written.
    pub async fn open(options: &Options) -> Result<Self, Error> {
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
