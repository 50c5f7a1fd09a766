//! What no hub was told of yet.

use std::fs::File;

use super::cache::{self, Cache};
use super::{Error, lock, seed};
use crate::config::Config;

/// The subscription documents that changed since the hubs were told of them. No build runs while
/// this is held.
#[derive(Debug)]
pub struct Unannounced<'a> {
    /// Their paths below the folder of documents.
    pub paths: Vec<String>,
    config: &'a Config,
    cache: Cache,
    _lock: File,
}

impl<'a> Unannounced<'a> {
    /// Reads what the last builds left to tell.
    pub fn read(config: &'a Config) -> Result<Self, Error> {
        let lock = lock(config)?;
        let mut cache = cache::read(&config.root, seed(config)).cache;
        Ok(Self {
            paths: std::mem::take(&mut cache.unannounced),
            config,
            cache,
            _lock: lock,
        })
    }

    /// Remembers which of them are still to be told.
    pub fn leave(mut self, left: Vec<String>) -> Result<(), Error> {
        self.cache.unannounced = left;
        cache::write_announced(&self.config.root, &self.cache)
    }
}
