//! `newsdesk sources add`: the feed behind an address becomes a source.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use lenient_feed::Entry;
use newsdesk::config::{Config, duration};
use newsdesk::desk::lists::LEAST_INTERVAL;
use newsdesk::explore::fill;
use newsdesk::model::{Kind, Origin, Source, SourceId};
use newsdesk::poll::fetch::file;
use newsdesk::store::{Added, Known, Store};
use serde_json::{Value, json};
use url::Url;

use super::{Context, Found, address, count, discover, open, place, print, say, shown, title};

/// The arguments of `sources add`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Addresses of feeds or of any pages, or files: a saved feed, a folder of them
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// What to call it; default: the title that its feed gives itself
    #[arg(long)]
    title: Option<String>,
    /// A word to file it under; may be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// What its entries are, where their addresses do not tell: paper, post, podcast, video, book,
    /// code, talk, other
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// How often to visit it, such as `6h`; default: its own rhythm
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    every: Option<Duration>,
    /// Ask nobody: the address is the feed's own
    #[arg(long, conflicts_with = "back")]
    as_is: bool,
    /// Bring its past with it, as deep as this: `2y`, `90d`
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    back: Option<Duration>,
    /// Stop asking after this time
    #[arg(long = "for", value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    time: Duration,
    /// Print a list with an object for each: `url`, `title`, and `added`, which is false where it
    /// was a source already
    #[arg(long)]
    json: bool,
}

/// The kind of this name.
fn kind(name: &str) -> Result<Kind, String> {
    let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| {
        let names = Kind::ALL.map(Kind::name).join(", ");
        format!("`{name}` is no kind; write one of {names}")
    })
}

/// Adds sources, one after the other.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    ensure!(
        args.title.is_none() || args.urls.len() == 1,
        "`--title` names one source, and there are {} addresses",
        args.urls.len()
    );
    ensure!(
        args.every.is_none_or(|every| every >= LEAST_INTERVAL),
        "`--every` is too short\nhint: write `1m` or more"
    );
    let config = context.config()?;
    let store = open(context, &config).await?;
    let mut added = Vec::new();
    let mut list: Vec<Value> = Vec::new();
    for typed in &args.urls {
        let (value, id) = add(context, &config, args, &store, typed).await?;
        list.push(value);
        added.extend(id);
    }
    store.close().await;
    if args.json {
        print(&format!("{:#}\n", Value::from(list)))?;
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

/// Adds one; says so, and gives it for `--json` and its number where it is new.
async fn add(
    context: &Context,
    config: &Config,
    args: &Args,
    store: &Store,
    typed: &str,
) -> anyhow::Result<(Value, Option<SourceId>)> {
    let Some(url) = place::of(typed, &config.root) else {
        bail!(
            "`{}` is no address of a source\nhint: write an address with `https:`, `http:` or \
             `file:`, or a path",
            shown::line(typed)
        );
    };
    if let Some(known) = store.find(&url).await? {
        return Ok((already(args, &known)?, None));
    }
    let mut source = Source {
        title: args.title.clone(),
        kind: args.kind,
        tags: args.tags.clone(),
        every: args.every,
        ..Source::new(url, Origin::Added)
    };
    let found = look(context, config, args, &mut source).await?;
    let shown_url = address(&source.url);
    match store.add(&source, context.now).await? {
        Added::New(id) => {
            let (title, entries) = found.map_or((None, Vec::new()), |(title, entries)| {
                (Some(title), entries)
            });
            fill(store, id, entries, context.now).await?;
            let title = source.title.as_deref().or(title.as_deref());
            if !args.json {
                let words = title.map_or_else(String::new, |it| format!(": {}", shown::line(it)));
                say(&format!("added {shown_url}{words}"))?;
            }
            let value = json!({ "url": shown_url, "title": title, "added": true });
            Ok((value, Some(id)))
        }
        Added::Known(_) => {
            let known = store.find(&source.url).await?;
            let known = known.context("a known source is found")?;
            Ok((already(args, &known)?, None))
        }
    }
}

/// Finds the feed behind the address, and gives its own title and what it holds. A file has to be there; what it
/// holds shows at the next poll.
async fn look(
    context: &Context,
    config: &Config,
    args: &Args,
    source: &mut Source,
) -> anyhow::Result<Option<(String, Vec<Entry>)>> {
    if let Some(place) = file::path(&source.url, &config.root) {
        ensure!(
            place.exists(),
            "there is no file at `{}`\nhint: a path starts where you are, `file:` at the folder of \
             config.toml",
            place.display()
        );
        return Ok(None);
    }
    if args.as_is {
        return Ok(None);
    }
    let url = Url::parse(&source.url)?;
    let feed = discover::behind(context, config, &url, args.time).await?;
    source.url = feed.url;
    source.site = feed.site;
    source.kind = source.kind.or(feed.kind);
    Ok(Some((feed.title, feed.entries)))
}

/// Says that a source is one already, and where its switch is.
fn already(args: &Args, known: &Known) -> anyhow::Result<Value> {
    let url = address(&known.source.url);
    if !args.json {
        let hint = if !known.source.enabled {
            format!(", but disabled\nhint: `newsdesk sources enable {url}` has it polled")
        } else if known.history.retired.is_some() || known.twin.is_some() {
            format!(", but visited no more\nhint: `newsdesk sources revive {url}` has it polled")
        } else {
            String::new()
        };
        say(&format!("{url} is a source already{hint}"))?;
    }
    Ok(json!({ "url": url, "title": title(known), "added": false }))
}
