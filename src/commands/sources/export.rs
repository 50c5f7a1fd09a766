//! `newsdesk sources export`: all sources as an OPML list.

use std::path::PathBuf;

use anyhow::Context as _;
use newsdesk::desk::lists::{is_secret, list};
use newsdesk::disk::{self, Durability};

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
