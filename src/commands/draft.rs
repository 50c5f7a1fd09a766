//! `newsdesk draft`: the next issue file, with what curators accepted.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use newsdesk::config::Config;
use newsdesk::desk::archive::Archive;
use newsdesk::desk::draft::{
    Put, add, compose, gaps, next_date, notes, open_draft, parse_name, path_of, put,
};
use newsdesk::desk::published::path_name;
use newsdesk::desk::stock::{Stock, take_stock};
use newsdesk::draft::{Accepted, File, Options};
use newsdesk::model::{Curator, Kind, kind_of};
use newsdesk::store::Store;
use serde::Deserialize;
use url::Url;

use super::store::{in_runtime, open};
use super::{Context, Found, count, print, say};

/// The arguments of `draft`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take these readings instead of the accepted candidates: a JSON list of
    /// `{"title", "url", "curator", "note"}`, also with `curator_url`, `kind` and `extra_links`;
    /// `-` reads standard input
    #[arg(long, value_name = "FILE|-")]
    from: Option<PathBuf>,
    /// The day of the issue; the next one in the rhythm of the last issues where it does not say
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// The title of the issue; made as the last ones are where it does not say
    #[arg(long)]
    title: Option<String>,
    /// The name of the file, without `.md`; made as the last ones are where it does not say
    #[arg(long, value_parser = parse_name)]
    name: Option<String>,
    /// Print the draft instead of writing it
    #[arg(long)]
    print: bool,
}

/// One accepted reading, as the file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    title: String,
    url: String,
    #[serde(default)]
    curator: Option<String>,
    #[serde(default)]
    curator_url: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    extra_links: Vec<String>,
}

/// Writes the draft; never over a file that is there.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let archive = Archive::read(&config)?;
    let Some(from) = &args.from else {
        return stored(context, args, &config, &archive);
    };
    let accepted: Vec<Accepted> = given(from)?
        .into_iter()
        .map(|given| accept(given, &archive))
        .collect::<anyhow::Result<_>>()?;
    let file = compose(
        &config,
        &archive,
        &accepted,
        &options(context, args, &config, &archive),
    )?;
    if args.print {
        print(&file.text)?;
    } else {
        let path = write(&config, &file)?;
        print(&format!("{}\n", path.display()))?;
        report(&config, &path, accepted.len())?;
    }
    tell(&file, &accepted)
}

/// Writes the draft of what was accepted in the store.
fn stored(
    context: &Context,
    args: &Args,
    config: &Config,
    archive: &Archive,
) -> anyhow::Result<Found> {
    in_runtime(async {
        let store = open(context, config).await?;
        let done = draft_of(context, args, config, archive, &store).await;
        store.close().await;
        done
    })
}

async fn draft_of(
    context: &Context,
    args: &Args,
    config: &Config,
    archive: &Archive,
    store: &Store,
) -> anyhow::Result<Found> {
    let newsletter = &config.issues.newsletter.authority;
    let stock = take_stock(config, archive, store, context.now).await?;
    for note in &stock.notes {
        say(note)?;
    }
    let Stock {
        taken, accepted, ..
    } = stock;
    anyhow::ensure!(
        !accepted.is_empty(),
        "nothing is accepted that is not in an issue already\nhint: `newsdesk suggest` shows \
         candidates, `newsdesk accept ID --by NAME --note TEXT` takes one"
    );
    let file = compose(
        config,
        archive,
        &accepted,
        &options(context, args, config, archive),
    )?;
    if args.print {
        print(&file.text)?;
        return tell(&file, &accepted);
    }
    let asked = args.date.is_some() || args.title.is_some() || args.name.is_some();
    let next = path_of(config, &file)?;
    let used = store.used(newsletter).await?;
    let open = open_draft(archive, &used, &next).filter(|open| !asked || *open == next);
    let path = match &open {
        Some(open) => {
            add(config, archive, &accepted, open)?;
            open.clone()
        }
        None => write(config, &file)?,
    };
    store
        .mark_used(newsletter, &taken, &path_name(&path), context.now)
        .await?;
    if open.is_some() {
        say(&format!(
            "added {} to the draft",
            count(accepted.len(), "reading")
        ))?;
    }
    print(&format!("{}\n", path.display()))?;
    report(config, &path, accepted.len())?;
    tell(&file, &accepted)
}

/// What the draft is to be: as the flags say, or in the rhythm of the last issues.
fn options(context: &Context, args: &Args, config: &Config, archive: &Archive) -> Options {
    Options {
        date: args
            .date
            .unwrap_or_else(|| next_date(config, archive, context.now)),
        title: args.title.clone(),
        name: args.name.clone(),
    }
}

fn given(from: &Path) -> anyhow::Result<Vec<Given>> {
    let mut text = String::new();
    let name = from.display();
    if from == Path::new("-") {
        io::stdin()
            .read_to_string(&mut text)
            .context("cannot read standard input")?;
    } else {
        text = fs::read_to_string(from).with_context(|| format!("cannot read `{name}`"))?;
    }
    let list: Vec<Given> = serde_json::from_str(&text).with_context(|| {
        format!(
            "`{name}` is no list of readings\nhint: write \
             `[{{\"title\": \"…\", \"url\": \"https://…\", \"curator\": \"…\", \"note\": \"…\"}}]`"
        )
    })?;
    anyhow::ensure!(
        !list.is_empty(),
        "`{name}` has no readings\nhint: a draft is made of at least one"
    );
    Ok(list)
}

/// The reading with its kind, and with the profile that the archive has of its curator.
fn accept(given: Given, archive: &Archive) -> anyhow::Result<Accepted> {
    for url in std::iter::once(&given.url).chain(&given.extra_links) {
        anyhow::ensure!(
            Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
            "`{}` is no address of a page\nhint: write it in full, with `https://`",
            url.escape_debug()
        );
    }
    let name = given.curator.as_deref().map(str::trim);
    let curator = name.filter(|name| !name.is_empty()).map(|name| {
        let known = archive.curator(name);
        Curator {
            url: given
                .curator_url
                .clone()
                .or(known.and_then(|known| known.url.clone())),
            name: known.map_or(name, |known| &known.name).to_owned(),
        }
    });
    Ok(Accepted {
        kind: given
            .kind
            .unwrap_or_else(|| kind_of(Some(&given.url), &given.title)),
        title: given.title,
        url: given.url,
        curator,
        note: given.note,
        extra_links: given.extra_links,
    })
}

/// Writes the file where the issues are; says where that is.
fn write(config: &Config, file: &File) -> anyhow::Result<PathBuf> {
    match put(config, file)? {
        Put::Written(path) => Ok(path),
        Put::Taken(path) => anyhow::bail!(
            "`{}` is there already, and a draft never replaces a file\nhint: name another day \
             with `--date` or another file with `--name`; `--print` shows the draft",
            path.display()
        ),
    }
}

/// Says how much is written and how much is still to be.
fn report(config: &Config, path: &Path, accepted: usize) -> anyhow::Result<()> {
    let gaps = gaps(config, path)?;
    let readings = count(accepted, "reading");
    if gaps == 0 {
        return say(&format!("a draft with {readings}, without gaps"));
    }
    say(&format!(
        "a draft with {readings} and {}\nhint: `newsdesk check {}` shows where",
        count(gaps, "gap"),
        path.display()
    ))
}

/// Says what could not be written as it was given.
fn tell(file: &File, accepted: &[Accepted]) -> anyhow::Result<Found> {
    for note in notes(file, accepted) {
        say(&note)?;
    }
    Ok(if file.unread.is_empty() {
        Found::Nothing
    } else {
        Found::Problems
    })
}
