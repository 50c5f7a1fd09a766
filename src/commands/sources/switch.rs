//! `newsdesk sources enable`, `disable` and `revive`: whether, and from when, a source is polled.

use serde_json::{Value, json};

use super::{Context, Found, address, ensure_ours, named, open, print, say};

/// The arguments of all three.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses of sources, as they were given or as they are visited now
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// Print a list with an object for each: its `url`, whether it is `enabled`, and whether it
    /// `changed`
    #[arg(long)]
    json: bool,
}

/// What becomes of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Enabled,
    Disabled,
    Revived,
}

/// Switches sources, all that are named or none.
pub(super) async fn run(context: &Context, args: &Args, to: To) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let sources = named(&store, context, &config, &args.urls).await?;
    match to {
        To::Enabled => ensure_ours(&sources, context, "take out its `enabled = false`")?,
        To::Disabled => ensure_ours(&sources, context, "give it `enabled = false`")?,
        To::Revived => {}
    }
    let mut list: Vec<Value> = Vec::new();
    for known in &sources {
        let (enabled, changed) = match to {
            To::Enabled => (true, !known.source.enabled),
            To::Disabled => (false, known.source.enabled),
            To::Revived => (known.source.enabled, true),
        };
        match to {
            _ if !changed => {}
            To::Enabled => store.enable(known.id).await?,
            To::Disabled => store.disable(known.id).await?,
            To::Revived => store.revive(known.id).await?,
        }
        let url = address(&known.source.url);
        if !args.json {
            say(&line(&url, to, enabled, changed))?;
        }
        list.push(json!({ "url": url, "enabled": enabled, "changed": changed }));
    }
    store.close().await;
    if args.json {
        print(&format!("{:#}\n", Value::from(list)))?;
    }
    Ok(Found::Nothing)
}

fn line(url: &str, to: To, enabled: bool, changed: bool) -> String {
    match (to, changed) {
        (To::Enabled, true) => format!("enabled {url}"),
        (To::Enabled, false) => format!("{url} was enabled already"),
        (To::Disabled, true) => format!("disabled {url}"),
        (To::Disabled, false) => format!("{url} was disabled already"),
        (To::Revived, _) if enabled => format!("revived {url}; the next poll visits it"),
        (To::Revived, _) => format!(
            "{url} has a clean slate, but is disabled\nhint: `newsdesk sources enable` has it polled"
        ),
    }
}
