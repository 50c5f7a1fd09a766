//! The flags and messages of `newsdesk build`.

mod ping;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use newsdesk::config::Config;
use newsdesk::model::{Problem, Severity};
use newsdesk::publish::files::relative;
use newsdesk::publish::{self, Report, Request};
use notify_debouncer_mini::new_debouncer;
use notify_debouncer_mini::notify::RecursiveMode;
use serde_json::json;

use super::{Context, Found, count, print, print_problems, report, say, text_of};

/// The warnings that a build shows: an old archive has many the first time it is built.
const SHOWN_WARNINGS: usize = 20;

/// The arguments of `build`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Build again whenever an issue or the configuration changes, until interrupted
    #[arg(long, conflicts_with = "json")]
    watch: bool,
    /// Tell the WebSub hubs which feeds changed
    #[arg(long)]
    ping: bool,
    /// Replace files that newsdesk did not make
    #[arg(long)]
    overwrite: bool,
    /// Say nothing unless something is wrong
    #[arg(long, short)]
    quiet: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

/// Builds, once or for as long as it is watched.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let found = once(context, &config, args)?;
    if args.watch {
        watch(context, config, args)
    } else {
        Ok(found)
    }
}

/// Builds once and reports.
fn once(context: &Context, config: &Config, args: &Args) -> anyhow::Result<Found> {
    let started = Instant::now();
    let report = publish::build(
        config,
        Request {
            now: context.now,
            overwrite: args.overwrite,
        },
    )?;
    if args.json {
        print(&format!("{:#}\n", as_json(config, &report)))?;
    } else {
        tell(config, &report, args.quiet, started.elapsed())?;
    }
    let mut found = if report.stopped {
        Found::Problems
    } else {
        Found::Nothing
    };
    if args.ping && !report.stopped {
        let announced = ping::announce(config)?;
        for failure in &announced.failures {
            say(&format!("warning: {failure}"))?;
            found = Found::Problems;
        }
        if !args.quiet && !announced.told.is_empty() {
            say(&format!(
                "told the hubs of {}",
                count(announced.told.len(), "feed")
            ))?;
        }
    }
    Ok(found)
}

/// Says what a build did.
pub(super) fn tell(
    config: &Config,
    report: &Report,
    quiet: bool,
    took: Duration,
) -> anyhow::Result<()> {
    let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) = report
        .problems
        .iter()
        .partition(|problem| problem.severity == Severity::Error);
    let left_out = if quiet {
        0
    } else {
        warnings.len().saturating_sub(SHOWN_WARNINGS)
    };
    let warnings = warnings
        .into_iter()
        .take(if quiet { 0 } else { SHOWN_WARNINGS });
    let shown: Vec<Problem> = errors.into_iter().chain(warnings).cloned().collect();
    print_problems(&config.root, &shown)?;
    if left_out > 0 {
        say(&format!(
            "{} more; `newsdesk check` shows all",
            count(left_out, "warning")
        ))?;
    }
    if report.stopped {
        return say("nothing was written: the documents are as they were");
    }
    if quiet {
        return Ok(());
    }
    if report.resumed {
        say("a build that was cut off before is finished")?;
    }
    if report.old_warnings > 0 {
        say(&format!(
            "{} about what did not change; `newsdesk check` shows them",
            count(report.old_warnings, "warning")
        ))?;
    }
    let left_out = newsdesk::publish::files::left_out(config)?;
    if left_out > 0 {
        say(&format!(
            "{} left out, as the configuration asks",
            count(left_out, "file")
        ))?;
    }
    say(&summary(config, report, took))
}

fn summary(config: &Config, report: &Report, took: Duration) -> String {
    let all = report.written.len() + report.unchanged;
    let folder = relative(&config.root, &config.feeds.folder);
    let held_back = if report.held_back == 0 {
        String::new()
    } else {
        format!(", {} held back (draft or not yet due)", report.held_back)
    };
    let done = if report.written.is_empty() && report.removed.is_empty() {
        "nothing to write".to_owned()
    } else {
        let removed = if report.removed.is_empty() {
            String::new()
        } else {
            format!(", {} removed", report.removed.len())
        };
        format!(
            "{} written, {} unchanged{removed}",
            report.written.len(),
            report.unchanged
        )
    };
    format!(
        "{}: {} from {} and {}{held_back}: {done}, in {:.2} s",
        folder.display(),
        count(all, "document"),
        count(report.issues, "issue"),
        count(report.readings, "reading"),
        took.as_secs_f64(),
    )
}

fn as_json(config: &Config, report: &Report) -> serde_json::Value {
    json!({
        "folder": config.feeds.folder,
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "issues": report.issues,
        "readings": report.readings,
        "held_back": report.held_back,
        "resumed": report.resumed,
        "stopped": report.stopped,
        "problems": report::json(&report.problems, &|path| text_of(&config.root, path)),
    })
}

/// Builds at every change until the process is interrupted. A mistake in a file is shown and
/// waited out.
fn watch(context: &Context, mut config: Config, args: &Args) -> anyhow::Result<Found> {
    let (sender, changes) = std::sync::mpsc::channel();
    let mut debouncer =
        new_debouncer(Duration::from_millis(150), sender).context("cannot watch for changes")?;
    let watcher = debouncer.watcher();
    for folder in &config.issue_folders {
        watcher
            .watch(folder, RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch `{}`", folder.display()))?;
    }
    // Editors replace files, so the folder is watched and not the file.
    watcher
        .watch(&config.root, RecursiveMode::NonRecursive)
        .with_context(|| format!("cannot watch `{}`", config.root.display()))?;
    say("watching for changes; interrupt with Ctrl-C")?;
    let mut seen = seen(&config, context);
    let config_name = context
        .config
        .file_name()
        .map(std::ffi::OsStr::to_os_string);
    while let Ok(event) = changes.recv() {
        let files = event.context("cannot watch for changes")?;
        let of_config = |path: &std::path::Path| path.file_name() == config_name.as_deref();
        let of_issues = |path: &std::path::Path| {
            config
                .issue_folders
                .iter()
                .any(|folder| path.starts_with(folder))
        };
        if files.iter().any(|change| of_config(&change.path)) {
            match context.config() {
                Ok(new) => config = new,
                Err(error) => {
                    say(&format!("error: {error}"))?;
                    continue;
                }
            }
        } else if !files.iter().any(|change| of_issues(&change.path)) {
            continue;
        }
        // Systems tell of files that are only read, too: by this very build.
        let here = self::seen(&config, context);
        if here == seen {
            continue;
        }
        seen = here;
        let now = Context {
            config: context.config.clone(),
            config_is_default: context.config_is_default,
            now: super::now()?,
            is_rehearsal: context.is_rehearsal,
        };
        if let Err(error) = once(&now, &config, args) {
            super::print_error(&error);
        }
    }
    Ok(Found::Nothing)
}

/// A number that is another one when a file of the issues' folders or the configuration changed,
/// came or went.
fn seen(config: &Config, context: &Context) -> u64 {
    let below = config.issue_folders.iter().flat_map(|folder| {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name();
        files.into_iter().filter_map(Result::ok)
    });
    let mut text = String::new();
    let mut note = |path: &std::path::Path| {
        let metadata = std::fs::metadata(path)
            .ok()
            .filter(std::fs::Metadata::is_file);
        if let Some(metadata) = metadata {
            let _ = writeln!(
                text,
                "{} {} {:?}",
                path.display(),
                metadata.len(),
                metadata.modified().ok()
            );
        }
    };
    note(&context.config);
    for file in below {
        note(file.path());
    }
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}
