//! `newsdesk draft`: the next issue file, with what curators accepted.

pub(super) mod stored;

use std::cell::RefCell;
use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use newsdesk::config::Config;
use newsdesk::disk;
use newsdesk::draft::{self, Accepted, File, Options, Reader};
use newsdesk::issues::{self, Wanted, content, header, markdown};
use newsdesk::model::kind_of;
use newsdesk::model::{Curator, Kind, Reading};
use newsdesk::publish::files::{IssueRead, read_issues, relative, stand_in};
use serde::Deserialize;
use url::Url;

use super::archive::Archive;
use super::{Context, Found, count, print, say};

pub(super) use stored::note_published;

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

pub(super) fn parse_name(name: &str) -> Result<String, String> {
    let name = name.strip_suffix(".md").unwrap_or(name);
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
        return Err("it must be the name of one file".to_owned());
    }
    Ok(name.to_owned())
}

/// Writes the draft; never over a file that is there.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let archive = Archive::read(&config)?;
    let Some(from) = &args.from else {
        return stored::run(context, args, &config, &archive);
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

/// What the draft is to be: as the flags say, or in the rhythm of the last issues.
fn options(context: &Context, args: &Args, config: &Config, archive: &Archive) -> Options {
    Options {
        date: args
            .date
            .unwrap_or_else(|| next_date(context, config, archive)),
        title: args.title.clone(),
        name: args.name.clone(),
    }
}

/// The day of the next issue, in the rhythm of the last ones.
pub(super) fn next_date(context: &Context, config: &Config, archive: &Archive) -> NaiveDate {
    let today = context.now.with_timezone(&config.issues.time_zone);
    draft::next_date(&archive.dates(), today.date_naive())
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

/// Composes the draft with the rules of this newsletter's issue files.
pub(super) fn compose(
    config: &Config,
    archive: &Archive,
    accepted: &[Accepted],
    options: &Options,
) -> anyhow::Result<File> {
    let page = RefCell::new(config.issues.newsletter.base_url.clone());
    let readings = |text: &str| -> Vec<Reading> {
        let path = Path::new("draft.md");
        let outcome = header::read(path, text, &config.issues);
        let header = outcome.header.unwrap_or_else(|| stand_in(config, path));
        page.replace(header.url.clone());
        let wanted = Wanted {
            text: false,
            commentary: true,
        };
        let parsed = issues::parse(header, text, outcome.body, &config.issues, wanted);
        parsed.issue.readings
    };
    let html = |note: &str| {
        let events = markdown::parse(note, 0..note.len());
        content::html(&events, &page.borrow(), config.issues.clean_html)
    };
    let reader = Reader {
        readings: &readings,
        html: &html,
    };
    let style = archive.style(config)?;
    Ok(draft::compose(&style, accepted, options, reader))
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

/// What came of writing a file that must not replace another.
pub(super) enum Put {
    /// It is there now.
    Written(PathBuf),
    /// Another is.
    Taken(PathBuf),
}

/// The path of a draft below the newsletter's folder.
pub(super) fn path_of(config: &Config, file: &File) -> anyhow::Result<PathBuf> {
    let folder = config
        .issue_folders
        .first()
        .context("there is no folder of issues")?;
    Ok(relative(&config.root, &folder.join(&file.name)))
}

/// Writes the file where the issues are, if none is there.
pub(super) fn put(config: &Config, file: &File) -> anyhow::Result<Put> {
    let path = path_of(config, file)?;
    let place = config.root.join(&path);
    match disk::create(&place, file.text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Put::Taken(path)),
        done => done
            .map(|()| Put::Written(path.clone()))
            .with_context(|| format!("cannot write `{}`", path.display())),
    }
}

/// How much is still to be said in a draft.
pub(super) fn gaps(config: &Config, path: &Path) -> anyhow::Result<usize> {
    let read: Vec<IssueRead> = read_issues(config, &[config.root.join(path)])?;
    let problems = read.iter().flat_map(|read| &read.problems);
    Ok(problems
        .filter(|problem| problem.code == "placeholder")
        .count())
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

/// What could not be written as it was given.
pub(super) fn notes(file: &File, accepted: &[Accepted]) -> Vec<String> {
    let plain = file.plain.iter().filter(|at| !file.unread.contains(at));
    let plain = plain.map(|at| {
        format!(
            "note: the note on `{}` is written letter for letter: as Markdown it would be taken \
             for another reading",
            accepted[*at].title.escape_debug()
        )
    });
    let unread = file.unread.iter().map(|at| {
        format!(
            "warning: `{}` will not be read back as it was given\nhint: look at its title, its \
             curator and its note in the draft; `newsdesk readings` shows what is found",
            accepted[*at].title.escape_debug()
        )
    });
    plain.chain(unread).collect()
}
