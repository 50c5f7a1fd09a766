//! `newsdesk sources import`: the sources of an OPML list.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use lenient_feed::limits;
use lenient_feed::opml::{self, List, Outline, Skipped, Why};
use newsdesk::config::duration;
use newsdesk::model::{Origin, Source};
use newsdesk::store::{Added, Store};
use serde_json::{Value, json};

use super::add::{self, LEAST_INTERVAL};
use super::{Context, Found, address, count, open, place, print, say, shown};

/// Outlines that are named where many are left out.
const NAMED: usize = 20;

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

/// What an import came to.
struct Imported {
    list: List,
    /// The sources that were added.
    new: Vec<Source>,
    /// The addresses of those that were there already.
    known: Vec<String>,
}

impl Imported {
    /// Adds the sources, all or none.
    async fn add(
        &mut self,
        store: &Store,
        sources: Vec<Source>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let added = store.add_all(&sources, now).await?;
        let mut seen = HashSet::new();
        for (source, added) in sources.into_iter().zip(added) {
            match added {
                Added::New(id) if seen.insert(id) => self.new.push(source),
                Added::New(_) | Added::Known(_) => self.known.push(source.url),
            }
        }
        Ok(())
    }
}

/// Adds the sources of a list that somebody sent, but for files: those on this machine are none
/// of the sender's business. Says what came of it; none where it is no list.
pub(in crate::commands) async fn take(
    store: &Store,
    bytes: &[u8],
    root: &Path,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<String>> {
    let Some(mut list) = opml::read(bytes) else {
        return Ok(None);
    };
    let (files, sources): (Vec<Source>, Vec<Source>) = std::mem::take(&mut list.outlines)
        .into_iter()
        .map(|outline| source(outline, &[], root))
        .partition(|source| source.url.starts_with("file:"));
    let mut imported = Imported {
        list,
        new: Vec::new(),
        known: Vec::new(),
    };
    imported.add(store, sources, now).await?;
    let mut words = text(&imported, false);
    if !files.is_empty() {
        let _ = write!(words, ", {} left out", count(files.len(), "file"));
    }
    Ok(Some(words))
}

/// Adds the sources of a list, all or none. Nothing of those that are sources already changes.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let name = args.file.display();
    let bytes = read(&args.file)?;
    let Some(mut list) = opml::read(&bytes) else {
        bail!(
            "`{name}` is no OPML list\nhint: `newsdesk inspect` tells what it is; a single feed is \
             added by `newsdesk sources add`"
        );
    };
    let sources: Vec<Source> = std::mem::take(&mut list.outlines)
        .into_iter()
        .map(|outline| source(outline, &args.tags, &config.root))
        .collect();
    let store = open(context, &config).await?;
    let mut imported = Imported {
        list,
        new: Vec::new(),
        known: Vec::new(),
    };
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
        say(text(&imported, args.dry_run).trim_end())?;
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

fn source(outline: Outline, more_tags: &[String], root: &Path) -> Source {
    let mut tags = outline.tags;
    for tag in more_tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let every = outline.every.and_then(|every| duration::parse(&every).ok());
    Source {
        title: outline.title,
        site: outline.site,
        kind: outline.kind.and_then(|name| add::kind(&name).ok()),
        tags,
        every: every.filter(|every| *every >= LEAST_INTERVAL),
        enabled: !outline.disabled,
        ..Source::new(
            place::of(&outline.url, root).unwrap_or(outline.url),
            Origin::Added,
        )
    }
}

fn text(imported: &Imported, dry_run: bool) -> String {
    let mut text = String::new();
    let list = &imported.list;
    for repair in &list.repairs {
        let _ = writeln!(text, "mended: {}", shown::line(&repair.to_string()));
    }
    for skipped in list.skipped.iter().take(NAMED) {
        let _ = writeln!(
            text,
            "line {}: `{}` left out: {}",
            skipped.line,
            shown::line(&skipped.name),
            why(skipped)
        );
    }
    if list.skipped.len() > NAMED {
        let more = list.skipped.len() - NAMED;
        let _ = writeln!(text, "… and {more} more left out: `--json` names all");
    }
    let verb = if dry_run { "would add" } else { "added" };
    let new = imported.new.len();
    if new == 0 {
        text.push_str("nothing is new");
    } else {
        let _ = write!(text, "{verb} {}", count(new, "source"));
    }
    let files = imported.new.iter().filter(|it| it.url.starts_with("file:"));
    let parts = [
        (files.count(), "of them files on this machine"),
        (imported.known.len(), "known already"),
        (list.repeated, "more than once in the list"),
        (list.skipped.len(), "left out"),
    ];
    for (number, words) in parts.iter().filter(|(number, _)| *number > 0) {
        let _ = write!(text, ", {number} {words}");
    }
    text
}

fn why(skipped: &Skipped) -> String {
    match &skipped.why {
        Why::NoAddress => "it has no `xmlUrl`".to_owned(),
        Why::NotPolled(url) => format!(
            "`{}` is no address with `http:`, `https:` or `file:`",
            shown::line(url)
        ),
    }
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
