//! `newsdesk add`: something found anywhere, which no source brought, becomes a candidate.

use chrono::NaiveDate;
use newsdesk::config::Config;
use newsdesk::desk::collect::{Found as Seen, collect, look_up, web_address};
use newsdesk::desk::decisions::start_of;
use newsdesk::model::{EntryId, Kind};
use newsdesk::sources::thing::Thing;
use newsdesk::store::{Remembered, Store};
use serde_json::json;
use url::Url;

use super::store::{in_runtime, open};
use super::{Context, Found, instant, print, say, shown, suggest};

/// The arguments of `add`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of an article, a paper, a video, a repository: of anything
    #[arg(value_name = "URL")]
    url: String,
    /// Its title, where the page says none or a wrong one
    #[arg(long)]
    title: Option<String>,
    /// Who made it; may be given several times
    #[arg(long = "author", value_name = "NAME")]
    authors: Vec<String>,
    /// The day on which it appeared
    #[arg(long, value_name = "DAY")]
    date: Option<NaiveDate>,
    /// What sort of thing it is: paper, post, podcast, video, book, code, talk, other
    #[arg(long, value_parser = suggest::parse_kind)]
    kind: Option<Kind>,
    /// Only show what the page says of itself
    #[arg(long)]
    dry_run: bool,
    /// Print one object
    #[arg(long)]
    json: bool,
}

/// Adds one thing, and says what is known of it.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let url = web_address(&args.url)?;
    in_runtime(async {
        let store = open(context, &config).await?;
        let mut seen = look_up(&config, &store, &url, context.now).await?;
        correct(&mut seen.thing, args, &config);
        tell(&seen)?;
        let id = if args.dry_run {
            seen.entry
        } else {
            let newsletter = &config.issues.newsletter.authority;
            Some(collect(&store, newsletter, &seen.thing, context.now).await?)
        };
        let entry = match id {
            Some(id) => store.entry(id).await?,
            None => None,
        };
        store.close().await;
        show(&seen, entry.as_ref(), args.json)?;
        Ok(Found::Nothing)
    })
}

/// What a person says of it counts more than what its page says.
fn correct(thing: &mut Thing, args: &Args, config: &Config) {
    if let Some(title) = &args.title {
        thing.title = shown::line(title);
    }
    if !args.authors.is_empty() {
        thing.authors.clone_from(&args.authors);
    }
    if let Some(day) = args.date {
        thing.published = Some(start_of(config.issues.time_zone, day));
    }
    thing.kind = args.kind.unwrap_or(thing.kind);
}

/// Says what a person should know before they recommend it.
fn tell(seen: &Seen) -> anyhow::Result<()> {
    if let Some(trouble) = &seen.trouble {
        say(&format!(
            "note: the page could not be read: {trouble}\nhint: `--title`, `--author`, `--date` \
             and `--kind` say what it is"
        ))?;
    }
    if let Some(read) = &seen.read {
        say(&format!(
            "note: recommended in {}, in `{}`",
            read.when(),
            shown::line(&read.issue)
        ))?;
    }
    if let Some(entry) = seen.entry {
        say(&format!("note: it is candidate {} already", entry.0))?;
    }
    Ok(())
}

fn show(seen: &Seen, entry: Option<&Remembered>, json: bool) -> anyhow::Result<()> {
    let thing = &seen.thing;
    let title = shown::title(&thing.title, Some(&thing.url));
    let authors: Vec<String> = thing.authors.iter().map(|name| shown::line(name)).collect();
    if json {
        let value = json!({
            "id": entry.map(|entry| entry.id),
            "title": title,
            "url": shown::address(&thing.url),
            "authors": authors,
            "published": thing.published.map(instant),
            "kind": thing.kind,
            "excerpt": shown::line(&thing.summary),
            "known": seen.entry.is_some(),
            "recommended": seen.read.as_ref().map(|read| json!({
                "issue": read.issue,
                "day": read.day.to_string(),
            })),
        });
        return print(&format!("{value:#}\n"));
    }
    let number = entry.map_or_else(String::new, |entry| format!("{}: ", entry.id.0));
    let mut parts = vec![thing.kind.name().to_owned()];
    parts.extend(thing.published.map(|at| at.format("%Y-%m-%d").to_string()));
    if !authors.is_empty() {
        parts.push(authors.join(", "));
    }
    print(&format!(
        "{number}{title}\n{}\n{}\n",
        shown::address(&thing.url),
        parts.join(", ")
    ))
}

/// Makes what stands at an address an entry, as `accept` of an unknown address does; gives its
/// number.
pub(super) async fn bring(
    context: &Context,
    config: &Config,
    store: &Store,
    url: &Url,
) -> anyhow::Result<EntryId> {
    let seen = look_up(config, store, url, context.now).await?;
    tell(&seen)?;
    let newsletter = &config.issues.newsletter.authority;
    Ok(collect(store, newsletter, &seen.thing, context.now).await?)
}
