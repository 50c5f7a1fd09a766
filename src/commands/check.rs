//! `newsdesk check`: what is wrong with issues, without building.

mod known;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use chrono::NaiveDate;
use lenient_feed::Hints;
use newsdesk::config::Config;
use newsdesk::feeds::manifest::{Manifest, Published};
use newsdesk::feeds::plan::IssueFacts;
use newsdesk::issues::across;
use newsdesk::issues::header::{self, Places};
use newsdesk::model::{Problem, Severity};
use newsdesk::poll::answer::Cut;
use newsdesk::poll::fetch::visit::{self, Fetcher, Request};
use newsdesk::publish::files::{IssueRead, named, read_issues, relative};
use newsdesk::publish::published::{self, instant};
use newsdesk::publish::{self, seen};
use url::Url;

use super::{Context, Found, count, print, print_problems, report, say, text_of};

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Issue files to report on; all issues of the newsletter where none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare with what is published there: a manifest or a feed; the manifest of the last
    /// build where it does not say
    #[arg(long, value_name = "FILE|URL")]
    against: Option<String>,
    /// Report only on issues of this day and later
    #[arg(long, value_name = "DAY")]
    since: Option<NaiveDate>,
    /// Take what is told now for known: it is not told again
    #[arg(long)]
    accept_known: bool,
    /// Take warnings as seriously as errors: exit with 1
    #[arg(long)]
    strict: bool,
    /// Print the problems as JSON
    #[arg(long)]
    json: bool,
}

/// Checks and reports.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config_for_files(&args.files)?;
    let (mut problems, checked) = problems(context, &config, args)?;
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    problems.retain(|problem| is_error(problem) || !is_ignored(&config, problem));
    if args.accept_known {
        problems.retain(|problem| !is_error(problem));
        return known::write(&config, &problems);
    }
    let known = known::read(&config)?;
    problems.retain(|problem| is_error(problem) || !known.has(&config, problem));
    if !args.json && problems.is_empty() {
        say(&format!(
            "checked {}: nothing to mend",
            count(checked, "issue")
        ))?;
    }
    if args.json {
        let json = report::json(&problems, &|path| text_of(&config.root, path));
        print(&format!("{json:#}\n"))?;
    } else if !problems.is_empty() {
        print_problems(&config.root, &problems)?;
    }
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    let wrong = errors > 0 || (args.strict && !problems.is_empty());
    Ok(if wrong {
        Found::Problems
    } else {
        Found::Nothing
    })
}

fn problems(
    context: &Context,
    config: &Config,
    args: &Args,
) -> anyhow::Result<(Vec<Problem>, usize)> {
    // A named file is seen among all issues of the newsletter, so that what it repeats shows.
    let mut issues = if args.files.is_empty() {
        Vec::new()
    } else {
        read_issues(config, &args.files)?
    };
    let reported: HashSet<PathBuf> = issues.iter().map(|issue| issue.path.clone()).collect();
    if config.issue_folders.iter().all(|folder| folder.is_dir()) || args.files.is_empty() {
        let all = read_issues(config, &[])?;
        issues.extend(
            all.into_iter()
                .filter(|issue| !reported.contains(&issue.path)),
        );
    }
    let (facts, places) = newest_first(&issues);
    let mut problems: Vec<Problem> = issues
        .iter_mut()
        .flat_map(|issue| std::mem::take(&mut issue.problems))
        .collect();
    if !config.publish_future {
        problems.extend(facts.iter().zip(&places).filter_map(|(issue, places)| {
            header::future_problem(&issue.header, places, context.now)
        }));
    }
    let all_seen: Vec<across::Seen<'_>> = facts
        .iter()
        .zip(&places)
        .map(|(issue, places)| seen(issue, places))
        .collect();
    problems.extend(across::problems(&all_seen));
    if let Some(since) = args.since {
        let old: HashSet<&Path> = facts
            .iter()
            .filter(|issue| issue.header.published.date_naive() < since)
            .map(|issue| issue.header.path.as_path())
            .collect();
        problems.retain(|problem| !old.contains(problem.path.as_path()));
    }
    if let Some((manifest, path)) = manifest(config, args)? {
        let published: Vec<IssueFacts> = facts
            .into_iter()
            .filter(|issue| {
                !issue.header.draft
                    && (config.publish_future || issue.header.published <= context.now)
            })
            .collect();
        problems.extend(published::problems(&manifest, &published, &path));
    }
    if !reported.is_empty() {
        let named: HashSet<PathBuf> = args
            .files
            .iter()
            .map(|file| named(config, file).map(|(_, path)| path))
            .collect::<Result<_, publish::Error>>()?;
        problems.retain(|problem| named.contains(&problem.path));
    }
    let checked = if reported.is_empty() {
        issues.len()
    } else {
        reported.len()
    };
    Ok((problems, checked))
}

/// Whether the configuration asks not to be told of this.
fn is_ignored(config: &Config, problem: &Problem) -> bool {
    config.ignored.iter().any(|code| *code == problem.code)
}

fn newest_first(issues: &[IssueRead]) -> (Vec<IssueFacts>, Vec<Places>) {
    let mut read: Vec<(IssueFacts, Places)> = issues
        .iter()
        .filter_map(|issue| Some((issue.facts()?, issue.places.clone())))
        .collect();
    read.sort_by(|(one, _), (other, _)| {
        let key = |issue: &IssueFacts| issue.header.published;
        key(other)
            .cmp(&key(one))
            .then_with(|| other.header.path.cmp(&one.header.path))
    });
    read.into_iter().unzip()
}

/// What is published: what `--against` names, else the manifest of the last build.
fn manifest(config: &Config, args: &Args) -> anyhow::Result<Option<(Manifest, PathBuf)>> {
    let Some(against) = &args.against else {
        let path = published::manifest_path(&config.feeds);
        let shown = relative(&config.root, &path);
        return match fs::read(&path) {
            Ok(bytes) => Ok(Some((parse(&bytes)?, shown))),
            Err(_) => Ok(None),
        };
    };
    let web = Url::parse(against)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    // An address may carry a password, which no message repeats.
    let (bytes, shown) = if let Some(url) = web {
        (fetch(config, &url)?, visit::shown(&url))
    } else {
        let bytes = fs::read(Path::new(against));
        let bytes = bytes.with_context(|| format!("cannot read `{against}`"))?;
        (bytes, against.clone())
    };
    let manifest = parse(&bytes).with_context(|| format!("cannot compare with `{shown}`"))?;
    Ok(Some((manifest, PathBuf::from(shown))))
}

/// What is published at an address, asked for as sources are: the same guard, proxies and bounds.
fn fetch(config: &Config, url: &Url) -> anyhow::Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let shown = visit::shown(url);
    let request = Request {
        url: url.to_string(),
        ..Request::default()
    };
    let fetcher = Fetcher::new(config.poll.fetch.clone());
    let answer = runtime
        .block_on(fetcher.fetch(&request))
        .map_err(|failure| anyhow!("cannot fetch `{shown}`: {}", failure.message))?;
    ensure!(
        (200..300).contains(&answer.status),
        "`{shown}` answered with status {}\nhint: open it in a browser; `--against` takes the \
         address of a feed that is live",
        answer.status
    );
    match answer.cut {
        None => Ok(answer.body),
        Some(Cut::BrokenOff) => bail!("the answer of `{shown}` broke off\nhint: try again"),
        Some(Cut::TooLarge) => bail!(
            "`{shown}` is larger than `max_bytes` under `[poll]` allows\nhint: save it, and name \
             the file"
        ),
    }
}

/// Reads what is published from the bytes of a manifest, or of a feed in any format.
pub(super) fn parse(bytes: &[u8]) -> anyhow::Result<Manifest> {
    if let Some(manifest) = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| Manifest::parse(text).ok())
    {
        return Ok(manifest);
    }
    let feed =
        lenient_feed::parse(bytes, &Hints::default()).context("neither a manifest nor a feed")?;
    let issues = feed
        .entries
        .into_iter()
        .map(|entry| Published {
            id: entry.id,
            title: entry
                .title
                .map_or(String::new(), |it| it.plain().into_owned()),
            link: entry.link,
            published: entry.published.as_ref().map(instant),
            updated: entry.updated.as_ref().map(instant),
        })
        .collect();
    Ok(Manifest {
        issues,
        ..Manifest::default()
    })
}
