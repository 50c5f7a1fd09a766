//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use url::Url;

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file: `SQLite`.
    File(PathBuf),
    /// On a server: PostgreSQL.
    Server(Server),
}

impl Place {
    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            Self::Server(_) => None,
        }
    }

    /// Whether there may be something in it: the file is there, or it is not a file.
    pub fn exists(&self) -> bool {
        self.file().is_none_or(Path::exists)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => file.display().fmt(f),
            Self::Server(server) => server.0.shown.fmt(f),
        }
    }
}

/// A database on a server, as an address names it: `postgres://user@host/database`, with
/// `sslmode` and the other parameters that libpq knows (PostgreSQL, section 34.1). Where the
/// address has no password, `PGPASSWORD` and `~/.pgpass` give it.
#[derive(Clone)]
pub struct Server(Arc<Address>);

struct Address {
    options: PgConnectOptions,
    text: String,
    /// The address without the password.
    shown: String,
    has_password: bool,
}

impl Server {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without the address, which may have a password.
    pub fn parse(address: &str) -> Result<Self, String> {
        let mut url = Url::parse(address.trim()).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(format!("`{}:` is not `postgres:`", url.scheme()));
        }
        let options =
            PgConnectOptions::from_str(url.as_str()).map_err(|error| error.to_string())?;
        // libpq takes it from the parameters too.
        let has_password =
            url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password");
        // An address without a host cannot lose what it cannot have.
        let _ = url.set_password(None);
        url.set_query(None);
        Ok(Self(Arc::new(Address {
            options,
            text: address.trim().to_owned(),
            shown: url.to_string(),
            has_password,
        })))
    }

    /// Whether the address has a password in it.
    pub fn has_password(&self) -> bool {
        self.0.has_password
    }

    /// How it is reached.
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.0.options
    }
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for Server {}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_password() {
        let server = Server::parse("postgres://ada:secret@db.example/news?sslmode=require");
        let place = Place::Server(server.unwrap());
        assert_eq!(place.to_string(), "postgres://ada@db.example/news");
        assert!(!format!("{place:?}").contains("secret"));
    }

    #[test]
    fn takes_addresses_of_servers_alone() {
        for wrong in ["mysql://db.example/news", "newsdesk.db", ""] {
            assert!(Server::parse(wrong).is_err(), "{wrong}");
        }
    }
}
