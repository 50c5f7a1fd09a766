//! `newsdesk sources list`: what is polled.

use newsdesk::store::Known;
use serde_json::{Value, json};

use super::{Context, Found, address, open, print, shown, title};
use crate::commands::instant;

/// The arguments of `sources list`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only sources with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Print one list
    #[arg(long)]
    json: bool,
}

/// Lists the sources in the order in which they came.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let mut sources = store.sources().await?;
    store.close().await;
    if let Some(tag) = &args.tag {
        sources.retain(|known| known.source.tags.contains(tag));
    }
    if args.json {
        let list: Vec<Value> = sources.iter().map(json).collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    } else {
        print(&sources.iter().map(text).collect::<String>())?;
    }
    Ok(Found::Nothing)
}

/// The address first, so that `cut -d' ' -f1` gives it.
fn text(known: &Known) -> String {
    let mut words = vec![address(&known.source.url).replace(' ', "%20")];
    words.extend(title(known));
    if !known.source.tags.is_empty() {
        words.push(format!("[{}]", shown::line(&known.source.tags.join(", "))));
    }
    if !known.source.enabled {
        words.push("(disabled)".to_owned());
    }
    format!("{}\n", words.join("  "))
}

/// The documented shape of `sources list --json`: a list of objects with these keys; times in
/// seconds, instants in RFC 3339, null where nothing is known. `origin` is `config`, `added` or
/// `discovered`; `next_visit` is null where a source is visited as soon as possible or, where
/// `enabled` is false, not at all.
fn json(known: &Known) -> Value {
    let source = &known.source;
    json!({
        "url": address(&source.url),
        "title": source.title,
        "feed_title": known.history.feed_title,
        "site": source.site.as_ref().or(known.history.feed_site.as_ref()),
        "kind": source.kind,
        "tags": source.tags,
        "every": source.every.map(|every| every.as_secs()),
        "enabled": source.enabled,
        "origin": source.origin,
        "added": instant(known.added),
        "next_visit": known.history.next_visit.map(instant),
    })
}
