//! `newsdesk sources remove`: what is polled no more.

use serde_json::{Value, json};

use super::{Context, Found, address, ensure_ours, named, open, print, say};

/// The arguments of `sources remove`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses of sources, as they were given or as they are visited now
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// Print a list with an object for each: its `url`, and `removed`: true
    #[arg(long)]
    json: bool,
}

/// Removes sources, all that are named or none. Their entries stay.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let sources = named(&store, context, &config, &args.urls).await?;
    ensure_ours(&sources, context, "take its `[[source]]` out")?;
    for known in &sources {
        store.remove(known.id, context.now).await?;
        if !args.json {
            say(&format!(
                "removed {}; what it brought stays",
                address(&known.source.url)
            ))?;
        }
    }
    store.close().await;
    if args.json {
        let list: Vec<Value> = sources
            .iter()
            .map(|known| json!({ "url": address(&known.source.url), "removed": true }))
            .collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    }
    Ok(Found::Nothing)
}
