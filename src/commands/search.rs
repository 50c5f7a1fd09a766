//! `newsdesk search`: full text over all entries and readings ever seen.
//!
//! Issues are read again only where a file or the configuration changed since the last search.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::time::UNIX_EPOCH;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use newsdesk::model::{Issue, Reading, SourceId};
use newsdesk::publish::files::{files, read_issues};
use newsdesk::sources::{Markup, Text};
use newsdesk::store::{self, Hit, Known, OwnReading, Remembered, Store};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use super::store::in_runtime;
use super::{Context, Found, print, say, shown};
use crate::commands::instant;

/// The name under which the store keeps what is known of the issues.
const KEPT: &str = "searched-issues";

/// The arguments of `search`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Words that all have to be there; `"words together"`, `begin*`; after `--`, `-not` excludes
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// How much is shown at most
    #[arg(short, value_name = "N", default_value_t = 20)]
    n: usize,
    /// Print one list
    #[arg(long)]
    json: bool,
}

/// What is known of an issue without reading it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) at: DateTime<Utc>,
}

/// The issues as they were at the last search.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Issues {
    /// Changes whenever a file or the configuration does.
    pub(super) stamp: u64,
    /// By slug.
    pub(super) issues: BTreeMap<String, Facts>,
}

/// Prints what has the words, the best first.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    in_runtime(search(context, &config, args))
}

async fn search(context: &Context, config: &Config, args: &Args) -> anyhow::Result<Found> {
    let store = Store::open(&config.store).await?;
    let issues = supply(context, config, &store).await?;
    let newsletter = &config.issues.newsletter.authority;
    let words = args.words.join(" ");
    let mut hits = store.search(newsletter, &words, args.n).await?;
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
    hits.truncate(args.n);
    let sources = sources(&store, &hits).await?;
    store.close().await;
    let shelf = Shelf { issues, sources };
    if args.json {
        let list: Vec<Value> = hits.iter().map(|hit| shelf.json(hit)).collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    } else if hits.is_empty() {
        say("nothing has these words")?;
    } else {
        let list: Vec<String> = hits.iter().map(|hit| shelf.text(hit)).collect();
        print(&list.join("\n"))?;
    }
    Ok(Found::Nothing)
}

/// Makes the newsletter's own readings searchable, if an issue changed.
pub(super) async fn supply(
    context: &Context,
    config: &Config,
    store: &Store,
) -> anyhow::Result<Issues> {
    let newsletter = &config.issues.newsletter.authority;
    let stamp = stamp(config)?;
    let kept = store.kept(newsletter, KEPT).await?;
    let kept = kept.and_then(|(_, value)| serde_json::from_slice::<Issues>(&value).ok());
    if let Some(issues) = kept.filter(|issues| issues.stamp == stamp) {
        return Ok(issues);
    }
    let mut known = Issues {
        stamp,
        ..Issues::default()
    };
    let mut readings = Vec::new();
    let read = read_issues(config, &[])?.into_iter();
    for issue in read.filter(|read| read.right).filter_map(|read| read.issue) {
        let header = &issue.header;
        let facts = Facts {
            title: header.title.clone(),
            url: header.url.to_string(),
            at: header.published.with_timezone(&Utc),
        };
        known.issues.insert(header.slug.clone(), facts);
        readings.extend(issue.readings.iter().map(|reading| own(&issue, reading)));
    }
    store.supply(newsletter, &readings).await?;
    let value = serde_json::to_vec(&known)?;
    store.keep(newsletter, KEPT, &value, context.now).await?;
    Ok(known)
}

/// A number that is another one when an issue file or the configuration is.
pub(super) fn stamp(config: &Config) -> anyhow::Result<u64> {
    let mut text = format!("{} {}", env!("CARGO_PKG_VERSION"), config.fingerprint);
    for file in files(config)? {
        let metadata = std::fs::metadata(&file.place)
            .with_context(|| format!("cannot read `{}`", file.place.display()))?;
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
        let changed = changed.map_or(0, |changed| changed.as_nanos());
        let _ = write!(
            text,
            "\n{} {} {changed}",
            file.path.display(),
            metadata.len()
        );
    }
    Ok(xxh3_64(text.as_bytes()))
}

fn own(issue: &Issue, reading: &Reading) -> OwnReading {
    let commentary = Text {
        value: reading.commentary_html.clone(),
        markup: Markup::Html,
    };
    OwnReading {
        issue: issue.header.slug.clone(),
        title: reading.title.clone(),
        url: reading.url.clone(),
        curator: reading.curator.as_ref().map(|it| it.name.clone()),
        text: commentary.plain().into_owned(),
    }
}

/// The sources of what was found, removed ones too.
async fn sources(store: &Store, hits: &[Hit]) -> anyhow::Result<HashMap<SourceId, Known>> {
    let mut ids: Vec<SourceId> = hits
        .iter()
        .filter_map(|hit| match &hit.found {
            store::Found::Entry(entry) => Some(entry.source),
            store::Found::Reading(_) => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let sources = store.load(&ids).await?;
    Ok(sources.into_iter().map(|known| (known.id, known)).collect())
}

/// What has to be known to show what was found.
struct Shelf {
    issues: Issues,
    sources: HashMap<SourceId, Known>,
}

impl Shelf {
    /// Title, date, where it is from, address, and the words around.
    fn text(&self, hit: &Hit) -> String {
        let (at, title, from, url) = match &hit.found {
            store::Found::Entry(entry) => {
                let (entry, from) = (&entry.entry, self.source_title(entry));
                (Some(entry.at), &entry.title, from, &entry.url)
            }
            store::Found::Reading(reading) => {
                let issue = self.issues.issues.get(&reading.issue);
                let name = issue.map_or(&reading.issue, |issue| &issue.title);
                let who = reading.curator.as_ref().map_or_else(
                    || "recommended".to_owned(),
                    |name| format!("recommended by {name}"),
                );
                let from = format!("{who} in {name}");
                (issue.map(|it| it.at), &reading.title, from, &reading.url)
            }
        };
        let day = at.map_or_else(|| " ".repeat(10), |at| at.format("%Y-%m-%d").to_string());
        let title = shown::line(title);
        let title = if title.is_empty() {
            "(without a title)"
        } else {
            &title
        };
        let mut text = format!("{day}  {title}\n");
        let lines = [
            shown::line(&from),
            url.as_deref().map(shown::address).unwrap_or_default(),
            shown::line(&hit.snippet),
        ];
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let _ = writeln!(text, "            {line}");
        }
        text
    }

    fn source_title(&self, entry: &Remembered) -> String {
        let Some(known) = self.sources.get(&entry.source) else {
            return String::new();
        };
        let title = known.source.title.as_ref();
        let title = title.or(known.history.feed_title.as_ref());
        title.unwrap_or(&known.source.url).clone()
    }

    /// The documented shape of `search --json`: a list of objects with these keys, the best
    /// first. `found` is `entry` or `reading`; an entry has its number `id` (the one that
    /// `accept` takes) and its `source`, a reading its `issue` and `curator`; the others are null.
    fn json(&self, hit: &Hit) -> Value {
        match &hit.found {
            store::Found::Entry(entry) => {
                let source = self.sources.get(&entry.source);
                json!({
                    "found": "entry",
                    "id": entry.id,
                    "title": entry.entry.title,
                    "url": entry.entry.url,
                    "at": instant(entry.entry.at),
                    "kind": entry.entry.kind,
                    "source": source.map(|known| json!({
                        "url": super::sources::address(&known.source.url),
                        "title": self.source_title(entry),
                    })),
                    "issue": null,
                    "curator": null,
                    "snippet": hit.snippet,
                    "score": hit.score,
                })
            }
            store::Found::Reading(reading) => {
                let issue = self.issues.issues.get(&reading.issue);
                json!({
                    "found": "reading",
                    "id": null,
                    "title": reading.title,
                    "url": reading.url,
                    "at": issue.map(|issue| instant(issue.at)),
                    "kind": null,
                    "source": null,
                    "issue": {
                        "slug": reading.issue,
                        "title": issue.map(|issue| &issue.title),
                        "url": issue.map(|issue| &issue.url),
                    },
                    "curator": reading.curator,
                    "snippet": hit.snippet,
                    "score": hit.score,
                })
            }
        }
    }
}
