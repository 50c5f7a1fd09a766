//! `newsdesk sources`: what is polled, and what could be.

use std::time::Duration;

use anyhow::bail;
use newsdesk::config::duration;
use newsdesk::model::{Origin, Source};
use newsdesk::store::{Added, Store};
use serde_json::{Value, json};
use url::Url;

use super::{Context, Found, count, discover, print, say};

/// The arguments of `sources`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what is polled
    List(ListArgs),
    /// Poll the feed behind an address: a feed's own, a post, a repository, a paper, a video
    Add(AddArgs),
    /// Propose sources: the feeds behind the links of past issues
    Discover(discover::Args),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print one list
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Addresses of feeds or of any pages
    #[arg(value_name = "URL", required = true)]
    urls: Vec<Url>,
    /// Bring its past with it, as deep as this: `2y`, `90d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    back: Option<Duration>,
    /// Stop asking after this time
    #[arg(long = "for", value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    time: Duration,
}

/// Does what the subcommand says.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    match &args.command {
        Command::List(args) => discover::in_runtime(list(context, args)),
        Command::Add(args) => discover::in_runtime(add(context, args)),
        Command::Discover(args) => discover::run(context, args),
    }
}

async fn list(context: &Context, args: &ListArgs) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = Store::open(&config.store).await?;
    store.declare(&config.sources, context.now).await?;
    let sources = store.sources().await?;
    store.close().await;
    if args.json {
        let list: Vec<Value> = sources
            .iter()
            .map(|it| json!({ "url": it.source.url, "site": it.source.site, "enabled": it.source.enabled }))
            .collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    } else {
        for known in &sources {
            print(&format!(
                "{}
",
                known.source.url
            ))?;
        }
    }
    Ok(Found::Nothing)
}

async fn add(context: &Context, args: &AddArgs) -> anyhow::Result<Found> {
    let config = context.config()?;
    let mut added = Vec::new();
    for url in &args.urls {
        if !matches!(url.scheme(), "http" | "https") {
            bail!(
                "`{url}` is no address of the web\nhint: sources that are files stand in config.toml"
            );
        }
        let feed = discover::behind(context, &config, url, args.time).await?;
        let store = Store::open(&config.store).await?;
        store.declare(&config.sources, context.now).await?;
        let source = Source {
            url: feed.url.clone(),
            title: None,
            site: feed.site,
            kind: feed.kind,
            tags: Vec::new(),
            every: None,
            headers: Vec::new(),
            enabled: true,
            origin: Origin::Added,
        };
        match store.add(&source, context.now).await? {
            Added::New(id) => {
                say(&format!("added {}: {}", feed.url, feed.title))?;
                added.push(id);
            }
            Added::Known(_) => say(&format!("{} is polled already", feed.url))?,
        }
        store.close().await;
    }
    if let Some(back) = args.back
        && !added.is_empty()
    {
        say(&format!(
            "looking for the past of {}",
            count(added.len(), "source")
        ))?;
        discover::bring(context, &config, &added, back, args.time).await?;
    }
    Ok(Found::Nothing)
}
