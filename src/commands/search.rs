//! `newsdesk search`: full text over all entries and readings ever seen.
//!
//! Issues are read again only where a file or the configuration changed since the last search.

use std::collections::HashMap;
use std::fmt::Write as _;

use newsdesk::config::Config;
use newsdesk::desk::searchable::{Issues, supply};
use newsdesk::model::SourceId;
use newsdesk::store::{self, Hit, Known, Remembered, Store};
use serde_json::{Value, json};

use super::store::in_runtime;
use super::{Context, Found, print, say, shown};
use crate::commands::instant;

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

/// Prints what has the words, the best first.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    in_runtime(search(context, &config, args))
}

async fn search(context: &Context, config: &Config, args: &Args) -> anyhow::Result<Found> {
    let store = Store::open(&config.store).await?;
    let issues = supply(config, &store, context.now).await?;
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
                        "url": newsdesk::desk::shown::address(&known.source.url),
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
