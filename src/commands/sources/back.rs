//! `sources back`: the past of what is polled.

use std::time::Duration;

use anyhow::ensure;
use newsdesk::config::duration;

use super::{Context, Found, discover, named, open, say};

/// The arguments of `sources back`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How deep: `2y`, `90d`
    #[arg(value_name = "TIME", value_parser = duration::parse)]
    back: Duration,
    /// Of these sources; of all, where none is named
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// Stop asking after this time; the next run goes on
    #[arg(long = "for", value_name = "TIME", default_value = "10m", value_parser = duration::parse)]
    time: Duration,
}

/// Brings the older entries of sources that are polled.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let known = if args.urls.is_empty() {
        store.sources().await?
    } else {
        named(&store, context, &config, &args.urls).await?
    };
    store.close().await;
    ensure!(
        !known.is_empty(),
        "there is no source yet\nhint: `newsdesk sources discover` finds some"
    );
    let alive = known
        .iter()
        .filter(|it| it.source.enabled && it.history.retired.is_none());
    let ids: Vec<_> = alive.map(|it| it.id).collect();
    if ids.is_empty() {
        say("none of them is polled")?;
    }
    discover::bring(context, &config, &ids, args.back, args.time).await?;
    Ok(Found::Nothing)
}
