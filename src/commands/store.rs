//! The store, opened for a command, and entries as people name them.

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::model::EntryId;
use newsdesk::store::{Remembered, Server, Store};

use super::{Context, shown};

/// Runs what waits for the network or the store.
pub(super) fn in_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// The variable that names a database on a server, instead of what config.toml says.
const URL: &str = "NEWSDESK_STORE_URL";

/// The database that the environment names.
pub(super) fn server() -> anyhow::Result<Option<Server>> {
    let Some(address) = std::env::var_os(URL).filter(|address| !address.is_empty()) else {
        return Ok(None);
    };
    match Server::parse(&address.to_string_lossy()) {
        Ok(server) => Ok(Some(server)),
        Err(error) => anyhow::bail!(
            "{URL} is no address of a database: {error}\nhint: write it as \
             `postgres://user:password@host/database`"
        ),
    }
}

/// Opens the store, and notes the sources of config.toml in it.
pub(super) async fn open(context: &Context, config: &Config) -> anyhow::Result<Store> {
    let store = Store::open(&config.store).await?;
    store.declare(&config.sources, context.now).await?;
    Ok(store)
}

/// The entries that these names mean, each a number that `suggest` prints or an address; in their
/// order, each once. All of them are found, or none is given.
pub(super) async fn entries(store: &Store, names: &[String]) -> anyhow::Result<Vec<Remembered>> {
    let mut found: Vec<Remembered> = Vec::new();
    let mut unknown = Vec::new();
    for name in names {
        let entry = match name.parse::<i64>() {
            Ok(number) => store.entry(EntryId(number)).await?,
            Err(_) => store.entry_at(name).await?,
        };
        match entry {
            Some(entry) if found.iter().any(|known| known.id == entry.id) => {}
            Some(entry) => found.push(entry),
            None => unknown.push(format!("`{}`", shown::line(name))),
        }
    }
    anyhow::ensure!(
        unknown.is_empty(),
        "no entry is known as {}\nhint: write the number that `newsdesk suggest` prints, or the \
         address of something that a source brought; nothing was changed",
        unknown.join(", ")
    );
    Ok(found)
}

/// The one entry that a name means.
pub(super) async fn entry(store: &Store, name: &str) -> anyhow::Result<Remembered> {
    let mut found = entries(store, &[name.to_owned()]).await?;
    found.pop().context("an entry was found")
}
