//! `newsdesk sources export`: all sources as an OPML list.

use std::path::PathBuf;

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::disk::{self, Durability};
use newsdesk::feeds::opml::export::{Listed, export};
use newsdesk::store::Known;
use url::Url;

use super::{Context, Found, count, open, print, say};

/// The arguments of `sources export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to write it; standard output where no file is named
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Only sources with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

/// Writes the list. An address with a password is a secret, and left out; so is a source whose
/// address another one has, because it moved there.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let mut sources = store.sources().await?;
    store.close().await;
    sources.retain(|known| known.twin.is_none());
    if let Some(tag) = &args.tag {
        sources.retain(|known| known.source.tags.contains(tag));
    }
    let all = sources.len();
    sources.retain(|known| !is_secret(&known.source.url));
    let secret = all - sources.len();
    let opml = list(&config, &sources);
    match &args.file {
        Some(path) => {
            disk::replace(path, opml.as_bytes(), Durability::Lasting)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
            say(&format!(
                "wrote {} to `{}`",
                count(sources.len(), "source"),
                path.display()
            ))?;
        }
        None => print(&opml)?,
    }
    if secret > 0 {
        say(&format!(
            "left out {}: the address holds a user or a password",
            count(secret, "source")
        ))?;
    }
    Ok(Found::Nothing)
}

/// The list of all sources that are no secret.
pub(in crate::commands) fn list(config: &Config, sources: &[Known]) -> String {
    let title = format!("{}: sources", config.issues.newsletter.title);
    let open = sources.iter().filter(|known| known.twin.is_none());
    let open = open.filter(|known| !is_secret(&known.source.url));
    let listed: Vec<Listed<'_>> = open.map(listed).collect();
    export(&title, &listed)
}

fn listed(known: &Known) -> Listed<'_> {
    Listed {
        source: &known.source,
        feed_title: known.history.feed_title.as_deref(),
        // What a feed says of itself is learned again where the list is read.
        site: known.source.site.as_deref(),
    }
}

fn is_secret(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}
