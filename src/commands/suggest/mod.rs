//! `newsdesk suggest`: what appeared, ranked by what this team would recommend, and why.

mod explain;
mod feed;
mod mail;
mod sheet;
mod show;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use chrono::NaiveDate;
use newsdesk::config::Config;
use newsdesk::desk::archive::Archive;
use newsdesk::desk::decisions::start_of;
use newsdesk::desk::known::{Known, note_shown};
use newsdesk::desk::rank::{FEW, LEARNED_FOR_LISTS, LEARNED_FOR_RUNS, Ranked, Ranker, Wanted};
use newsdesk::model::{EntryId, Kind};
use newsdesk::publish::files;
use newsdesk::store::Store;

use self::explain::Explanation;
use self::mail::Came;
use self::sheet::{Row, Sheet};
use super::store::{entry, in_runtime, open};
use super::{Context, Found, count, print, say, shown};

/// The columns of a terminal that says nothing else.
const WIDTH: usize = 100;

/// The arguments of `suggest`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Rank by what this curator picks; by the team's picks where theirs are few
    #[arg(long = "for", value_name = "CURATOR")]
    curator: Option<String>,
    /// Only one kind: paper, post, podcast, video, book, code, talk, other
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,
    /// Only what appeared on this day or later
    #[arg(long, value_name = "DAY")]
    since: Option<NaiveDate>,
    /// How many at most; `count` of config.toml where it does not say, else as many as an issue takes
    /// and some more, as long as their chances are worth it
    #[arg(short = 'n', long = "count", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: Option<u16>,
    /// Show all that makes up the score of one entry: its number, or its address
    #[arg(long, value_name = "ID", conflicts_with_all = ["kind", "since", "count", "format"])]
    explain: Option<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Columns, for a terminal
    Table,
    /// Plain text, for a mail
    Text,
    /// A list in Markdown
    Markdown,
    /// A page in HTML
    Html,
    /// An Atom feed
    Atom,
    /// One JSON object
    Json,
}

pub(super) fn parse_kind(word: &str) -> Result<Kind, String> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word);
    kind.ok_or_else(|| {
        let names = Kind::ALL.map(|kind| format!("`{}`", kind.name()));
        format!("there are {}", names.join(", "))
    })
}

/// Prints the list.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let curator = args
        .curator
        .as_deref()
        .map(|name| known_curator(&config, name))
        .transpose()?;
    in_runtime(async {
        let store = open(context, &config).await?;
        let desk = Ranker {
            now: context.now,
            config: &config,
            store: &store,
            known: Known::gather(&config, &store, context.now).await?,
            learned_for: LEARNED_FOR_LISTS,
            few: FEW,
        };
        let wanted = Wanted {
            curator,
            kind: args.kind,
            since: args.since.map(|day| start_of(config.issues.time_zone, day)),
            count: args.count.map(usize::from).or(config.suggest.count),
            only: None,
        };
        let format = if args.json { Format::Json } else { args.format };
        match &args.explain {
            Some(name) => explain(&desk, wanted, name, format).await?,
            None => suggest(&desk, &wanted, format).await?,
        }
        store.close().await;
        Ok(Found::Nothing)
    })
}

/// The name as the archive has it; said where nobody of that name has recommended anything.
fn known_curator(config: &Config, given: &str) -> anyhow::Result<String> {
    let archive = Archive::read(config)?;
    if let Some(known) = archive.known_name(given) {
        return Ok(known);
    }
    let names: Vec<String> = archive
        .curators()
        .iter()
        .map(|name| format!("`{}`", shown::line(name)))
        .collect();
    let known = if names.is_empty() {
        String::new()
    } else {
        format!("; the issues name {}", names.join(", "))
    };
    say(&format!(
        "note: `{}` has recommended nothing so far, so that the team's picks count{known}",
        shown::line(given)
    ))?;
    Ok(given.to_owned())
}

async fn suggest(desk: &Ranker<'_>, wanted: &Wanted, format: Format) -> anyhow::Result<()> {
    let ranked = desk.rank(wanted).await?;
    let sheet = Sheet::of(desk, &ranked, wanted.curator.as_deref());
    if sheet.rows.is_empty() {
        why_none(desk.store, wanted).await?;
    }
    print_sheet(desk, &sheet, format).await?;
    let ids: Vec<EntryId> = sheet.rows.iter().map(|row| EntryId(row.id)).collect();
    Ok(note_shown(desk.config, desk.store, &ids, desk.now).await?)
}

async fn print_sheet(desk: &Ranker<'_>, sheet: &Sheet, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Table => print(&show::table(sheet, shown::columns(WIDTH))),
        Format::Text => print(&show::text(sheet)),
        Format::Markdown => print(&show::markdown(sheet)),
        Format::Html => print(&show::html(sheet)),
        Format::Json => print(&format!("{:#}\n", show::json(sheet))),
        Format::Atom => {
            let first = feed::first(desk.config, desk.store).await?;
            let document = feed::document(desk.config, sheet, &first, desk.now);
            print(&String::from_utf8_lossy(&document))
        }
    }
}

/// Says why there is nothing.
async fn why_none(store: &Store, wanted: &Wanted) -> anyhow::Result<()> {
    if store.count_entries().await? == 0 {
        return say(
            "nothing has been gathered yet\nhint: `newsdesk poll` visits the sources, \
             `newsdesk sources discover` finds some",
        );
    }
    if wanted.kind.is_some() || wanted.since.is_some() {
        return say("there is no candidate of this sort");
    }
    say("all that was gathered is decided on, or was recommended before")
}

async fn explain(
    desk: &Ranker<'_>,
    wanted: Wanted,
    name: &str,
    format: Format,
) -> anyhow::Result<()> {
    let id = entry(desk.store, name).await?.id;
    let wanted = Wanted {
        only: Some(id),
        count: Some(1),
        ..wanted
    };
    let ranked = desk.rank(&wanted).await?;
    let items = desk.known.items_of(desk.store, &[id]).await?;
    let item = items.first().context("an entry was found")?;
    let explanation = Explanation::of(desk, &ranked, Row::bare(item));
    if format == Format::Json {
        print(&format!("{:#}\n", explanation.json()))
    } else {
        print(&explanation.text())
    }
}

/// What the cron job does after a poll: the list is made anew, its feed is written if it changed,
/// and the digest is sent if it is time.
pub(super) fn after_poll(context: &Context, config: &Config, quiet: bool) -> anyhow::Result<Found> {
    if !config.store.place.exists() || (config.suggest.feed.is_none() && config.mail.is_none()) {
        return Ok(Found::Nothing);
    }
    in_runtime(async {
        let store = open(context, config).await?;
        let found = publish(context, config, &store, quiet).await;
        store.close().await;
        found
    })
}

async fn publish(
    context: &Context,
    config: &Config,
    store: &Store,
    quiet: bool,
) -> anyhow::Result<Found> {
    if store.count_entries().await? == 0 {
        return Ok(Found::Nothing);
    }
    let desk = Ranker {
        now: context.now,
        config,
        store,
        known: Known::gather(config, store, context.now).await?,
        learned_for: LEARNED_FOR_RUNS,
        few: FEW,
    };
    let wanted = Wanted {
        count: config.suggest.count,
        ..Wanted::default()
    };
    let ranked: Ranked = desk.rank(&wanted).await?;
    let sheet = Sheet::of(&desk, &ranked, None);
    let mut first = feed::first(config, store).await?;
    let new = feed::remember(context, config, store, &mut first, &sheet).await?;
    // An entry that stays in the feed for weeks was shown once.
    let ids: Vec<EntryId> = new.iter().copied().map(EntryId).collect();
    note_shown(config, store, &ids, desk.now).await?;
    if let Some(place) = &config.suggest.feed
        && !first.is_empty()
    {
        let document = feed::document(config, &sheet, &first, context.now);
        if feed::write(config, place, &document)? && !quiet {
            let path = files::relative(&config.root, place);
            say(&format!(
                "{} in {}, {} new",
                count(sheet.rows.len(), "suggestion"),
                path.display(),
                new.len()
            ))?;
        }
    }
    let Some(mail) = &config.mail else {
        return Ok(Found::Nothing);
    };
    match mail::send_due(context, config, mail, store, &sheet).await? {
        Came::Failed => return Ok(Found::Problems),
        Came::Sent(suggestions) if !quiet => {
            say(&format!("mailed {}", count(suggestions, "new suggestion")))?;
        }
        Came::Sent(_) | Came::Nothing => {}
    }
    Ok(Found::Nothing)
}
