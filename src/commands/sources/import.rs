//! `newsdesk sources import`: the sources of an OPML list.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use lenient_feed::limits;
use lenient_feed::opml::{self, Why};
use newsdesk::desk::lists::Imported;
use serde_json::{Value, json};

use super::{Context, Found, address, open, print, say};

/// The arguments of `sources import`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The list, as any feed reader exports it; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A word to file all of them under, besides their own tags; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Only say what would be added
    #[arg(long)]
    dry_run: bool,
    /// Print one object with what was added and what was not
    #[arg(long)]
    json: bool,
}

/// Adds the sources of a list, all or none. Nothing of those that are sources already changes.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let name = args.file.display();
    let bytes = read(&args.file)?;
    let Some(list) = opml::read(&bytes) else {
        bail!(
            "`{name}` is no OPML list\nhint: `newsdesk inspect` tells what it is; a single feed is \
             added by `newsdesk sources add`"
        );
    };
    let store = open(context, &config).await?;
    let (mut imported, sources) = Imported::of(list, &args.tags, &config.root);
    if args.dry_run {
        for source in sources {
            match store.find(&source.url).await? {
                Some(known) => imported.known.push(known.source.url),
                None => imported.new.push(source),
            }
        }
    } else {
        imported.add(&store, sources, context.now).await?;
    }
    store.close().await;
    if args.json {
        print(&format!("{:#}\n", json(&imported, args.dry_run)))?;
    } else {
        say(imported.text(args.dry_run).trim_end())?;
    }
    Ok(Found::Nothing)
}

/// The bytes of the list; what goes beyond the bound is not read.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let most = limits::BODY as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(bytes)
}

/// The documented shape of `sources import --json`: `added` and `known` are lists of addresses,
/// `repeated` is how often an address stood in the list again, `skipped` names what cannot be
/// polled (`why` is `no-address` or `not-polled`), `repairs` what was mended; with `--dry-run`,
/// `added` is what would be.
fn json(imported: &Imported, dry_run: bool) -> Value {
    let list = &imported.list;
    let skipped: Vec<Value> = list
        .skipped
        .iter()
        .map(|it| {
            let (why, url) = match &it.why {
                Why::NoAddress => ("no-address", None),
                Why::NotPolled(url) => ("not-polled", Some(url)),
            };
            json!({ "line": it.line, "name": it.name, "why": why, "url": url })
        })
        .collect();
    let repairs: Vec<Value> = list
        .repairs
        .iter()
        .map(|it| {
            json!({
                "name": it.defect.name(),
                "message": it.to_string(),
                "line": it.line,
                "times": it.times,
            })
        })
        .collect();
    let urls =
        |of: Vec<&String>| -> Vec<String> { of.into_iter().map(|url| address(url)).collect() };
    json!({
        "dry_run": dry_run,
        "added": urls(imported.new.iter().map(|it| &it.url).collect()),
        "known": urls(imported.known.iter().collect()),
        "repeated": list.repeated,
        "skipped": skipped,
        "repairs": repairs,
    })
}
