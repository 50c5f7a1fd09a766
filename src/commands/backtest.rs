//! `newsdesk backtest`: how well suggestions would have predicted the archive's own picks.

use std::path::PathBuf;

use anyhow::Context as _;
use newsdesk::desk::known::Known;
use newsdesk::desk::outcome::Outcome;
use newsdesk::disk::{self, Durability};

use super::store::{in_runtime, open};
use super::{Context, Found, print, say};

/// The arguments of `backtest`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Draw how well each issue was predicted
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Replays the archive over the store, and prints how well it was predicted.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let (known, items) = in_runtime(async {
        let store = open(context, &config).await?;
        let known = Known::gather(&config, &store, context.now).await?;
        let items = known.items(&store).await?;
        store.close().await;
        Ok((known, items))
    })?;
    let outcome = Outcome::of(&known, &items)?;
    if let Some(path) = &args.svg
        && let Some(plot) = outcome.plot(&config)
    {
        disk::replace(path, plot.as_bytes(), Durability::Lasting)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    if args.json {
        print(&format!("{:#}\n", outcome.json()))?;
    } else {
        print(&outcome.text())?;
        say(&outcome.verdict())?;
    }
    Ok(Found::Nothing)
}
