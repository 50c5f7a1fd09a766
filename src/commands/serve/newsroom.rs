//! What the review pages ask of the stages that the server does not know.

use std::sync::Arc;

use newsdesk::config::Config;
use newsdesk::server::Newsroom;
use newsdesk::server::newsroom::Error;

use super::Time;
use crate::commands::archive::Archive;

/// The newsletter's issues and sources, as `config.toml` had them when the server began.
pub(super) struct Desk {
    config: Config,
    _clock: Arc<Time>,
}

impl Desk {
    pub(super) fn new(config: Config, clock: Arc<Time>) -> Self {
        Self {
            config,
            _clock: clock,
        }
    }
}

impl Newsroom for Desk {
    fn curators(&self) -> Result<Vec<String>, Error> {
        let mut names = Archive::read(&self.config).map_err(told)?.curators();
        for author in &self.config.issues.newsletter.authors {
            // Issues often sign with the first name alone.
            let first = author.name.split(' ').next().unwrap_or_default();
            let known = |name: &String| {
                name.eq_ignore_ascii_case(&author.name) || name.eq_ignore_ascii_case(first)
            };
            if !names.iter().any(known) {
                names.push(author.name.clone());
            }
        }
        Ok(names)
    }
}

/// An error of a command, as the review pages tell it.
fn told(error: anyhow::Error) -> Error {
    Error(error.into())
}
