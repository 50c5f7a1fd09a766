//! `newsdesk poll`: visits the sources that are due.
//!
//! With `--quiet`, a failing source is named when its first visit fails, at the tenth failure in a
//! row, and at every thirtieth: whoever reads cron's mail hears of it, and not every hour.

use std::fs::{File, TryLockError};
use std::io::{IsTerminal as _, stderr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use newsdesk::config::{Config, duration};
use newsdesk::model::Outcome;
use newsdesk::poll::{self, Clock, Event, Seen, Setting, Summary, Which};
use newsdesk::store::{self, Due, Place, Store};
use serde_json::json;
use tokio::sync::Notify;

use super::{Context, Found, count, print, say};
use crate::commands::instant;

mod forever;
mod shown;

/// The arguments of `poll`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Visit these sources, due or not
    #[arg(value_name = "URL", conflicts_with = "all")]
    urls: Vec<String>,
    /// Visit every source, due or not
    #[arg(long)]
    all: bool,
    /// Stop after this time, such as `5m`; what is left is visited the next time
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    budget: Option<Duration>,
    /// Only list what would be visited
    #[arg(long)]
    dry_run: bool,
    /// Go on until told to stop, visiting what becomes due; prints as with --quiet
    #[arg(long, conflicts_with_all = ["urls", "all", "dry_run"])]
    forever: bool,
    /// Say nothing unless a source begins to fail, or has failed for long
    #[arg(long, short)]
    quiet: bool,
    /// Print one JSON object for each visit
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
}

/// What is said of visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// Failing sources that somebody should hear of.
    Quiet,
    /// Every failing source, and what the run came to.
    Report,
    /// Every visit, as JSON.
    Json,
}

/// What is to be polled.
#[derive(Clone, Debug)]
pub(super) struct Request {
    urls: Vec<String>,
    all: bool,
    budget: Option<Duration>,
    dry_run: bool,
    show: Show,
}

impl Request {
    /// Whatever is due.
    pub(super) fn due(show: Show) -> Self {
        Self {
            urls: Vec::new(),
            all: false,
            budget: None,
            dry_run: false,
            show,
        }
    }
}

/// Visits what is due.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    if args.forever {
        let wanted = forever::Wanted {
            show: if args.json { Show::Json } else { Show::Quiet },
            budget: args.budget,
        };
        return forever::run(context, wanted).map(|()| Found::Nothing);
    }
    let config = context.config()?;
    let request = Request {
        urls: args.urls.clone(),
        all: args.all,
        budget: args.budget,
        dry_run: args.dry_run,
        show: match (args.quiet, args.json) {
            (true, _) => Show::Quiet,
            (_, true) => Show::Json,
            _ => Show::Report,
        },
    };
    poll(context, &config, &request)
}

/// The same for other commands.
pub(super) fn poll(context: &Context, config: &Config, request: &Request) -> anyhow::Result<Found> {
    let place = &config.store.place;
    let lock = if request.dry_run {
        None
    } else if let Some(lock) = lock(place)? {
        Some(lock)
    } else {
        say("another poll is running: nothing was visited")?;
        return Ok(Found::Nothing);
    };
    let runtime = runtime()?;
    let found = runtime.block_on(visit(context, config, request));
    // A name that is still being looked up, or a document being read, is nobody's concern now.
    runtime.shutdown_background();
    drop(lock);
    found
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Documents are read on threads of the runtime, and may be nested.
        .thread_stack_size(8 << 20)
        .build()
}

/// The right to poll.
pub(super) enum Lock {
    /// One poll at a time for a file.
    File(#[expect(dead_code, reason = "it is held until it is dropped")] File),
    /// Workers that share a server share the sources.
    Shared,
}

/// The right to poll into a store; none where another has it.
pub(super) fn lock(store: &Place) -> anyhow::Result<Option<Lock>> {
    let Some(database) = store.file() else {
        return Ok(Some(Lock::Shared));
    };
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    let file = File::create(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock::File(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock `{}`", path.display()))
        }
    }
}

async fn visit(context: &Context, config: &Config, request: &Request) -> anyhow::Result<Found> {
    let store = super::store::open(context, config).await?;
    let which = which(&store, request).await?;
    let found = if request.dry_run {
        let due = poll::choose(&store, &which, context.now).await?;
        list(&due, request.show)?;
        Found::Nothing
    } else {
        visit_all(context, config, request, &store, &which).await?
    };
    store.close().await;
    Ok(found)
}

async fn which(store: &Store, request: &Request) -> anyhow::Result<Which> {
    if request.all {
        return Ok(Which::All);
    }
    if request.urls.is_empty() {
        return Ok(Which::Due);
    }
    let mut ids = Vec::new();
    for url in &request.urls {
        let known = store.find(url).await?.with_context(|| {
            format!(
                "`{url}` is no source\nhint: `newsdesk sources add` adds it, or name it in \
                 config.toml, with its address under `[[source]]`"
            )
        })?;
        if !ids.contains(&known.id) {
            ids.push(known.id);
        }
    }
    Ok(Which::These(ids))
}

async fn visit_all(
    context: &Context,
    config: &Config,
    request: &Request,
    store: &Store,
    which: &Which,
) -> anyhow::Result<Found> {
    let mut options = config.poll.clone();
    options.budget = request.budget.or(options.budget);
    let clock = Watch::new(context, store).await?;
    let stop = Arc::new(Notify::new());
    let is_over = Arc::new(AtomicBool::new(false));
    listen(Arc::clone(&stop), Arc::clone(&is_over))?;
    let setting = Setting {
        options: &options,
        root: config.root.clone(),
        clock: &clock,
        secrets: &|name| std::env::var(name).ok(),
        stop: &stop,
    };
    let mut report = Report::new(request.show);
    let summary = poll::run(&setting, store, which, &mut |event| report.hear(event)).await;
    is_over.store(true, Ordering::Relaxed);
    let summary = summary?;
    store.tidy_daily(clock.now()).await?;
    report.finish(&summary, clock.elapsed())
}

/// Tells the run to end when somebody interrupts it, or the system asks. Whoever asks twice does not
/// want to wait: what is not written by then is as after a power cut, which the store lives through.
/// Once the run is over, nothing waits any more. It is heard on a thread of its own, whatever the
/// others are at.
fn listen(stop: Arc<Notify>, is_over: Arc<AtomicBool>) -> std::io::Result<()> {
    let runtime = runtime()?;
    let heard = async move {
        signal().await;
        if !is_over.load(Ordering::Relaxed) {
            stop.notify_one();
            signal().await;
        }
        std::process::exit(INTERRUPTED);
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || runtime.block_on(heard))?;
    Ok(())
}

/// The exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Waits for a signal that ends programs; where none can be heard, for ever.
async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The system's clock, or the one that a rehearsal fixed; time passes in both.
struct Watch {
    fixed: Option<DateTime<Utc>>,
    /// How far the clock that counts is ahead of ours.
    ahead: TimeDelta,
    started: Instant,
}

impl Watch {
    /// Where many workers share a store, its clock counts, and not that of each of them.
    async fn new(context: &Context, store: &Store) -> Result<Self, store::Error> {
        let ahead = if store.is_shared() {
            store.ahead(Utc::now()).await?
        } else {
            TimeDelta::zero()
        };
        Ok(Self {
            fixed: context.is_rehearsal.then_some(context.now),
            ahead,
            started: Instant::now(),
        })
    }
}

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        self.fixed.unwrap_or_else(|| Utc::now() + self.ahead)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// What `--dry-run` prints.
fn list(due: &[Due], show: Show) -> anyhow::Result<()> {
    for due in due {
        let since = due.next_visit.map(instant);
        let url = shown::address(&due.url);
        if show == Show::Json {
            print(&format!("{}\n", json!({ "url": url, "due": since })))?;
        } else {
            let since = since.unwrap_or_else(|| "never visited".to_owned());
            print(&format!("{since:<20}  {url}\n"))?;
        }
    }
    Ok(())
}

/// Says what happens, as it happens.
struct Report {
    show: Show,
    bar: Option<ProgressBar>,
    totals: shown::Totals,
    /// The first line that could not be printed ends the command.
    error: Option<anyhow::Error>,
}

impl Report {
    fn new(show: Show) -> Self {
        Self {
            show,
            bar: None,
            totals: shown::Totals::default(),
            error: None,
        }
    }

    fn hear(&mut self, event: Event<'_>) {
        let told = match event {
            Event::Begun(total) => {
                if self.show == Show::Report && stderr().is_terminal() {
                    self.bar = Some(bar(total));
                }
                Ok(())
            }
            Event::More(more) => {
                if let Some(bar) = &self.bar {
                    bar.inc_length(more as u64);
                }
                Ok(())
            }
            Event::Visited(seen) => self.hear_visit(seen),
        };
        if let Err(error) = told {
            self.error.get_or_insert(error);
        }
    }

    fn hear_visit(&mut self, seen: &Seen) -> anyhow::Result<()> {
        self.totals.add(seen);
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        let failed = !seen.visit.outcome.is_success();
        match self.show {
            Show::Json => print(&format!("{}\n", shown::json(seen))),
            Show::Quiet if failed && is_news(seen) => say(&shown::failure(seen)),
            Show::Report if failed || seen.visit.outcome == Outcome::Cut => {
                self.line(&shown::failure(seen))
            }
            Show::Report if seen.moved_to.is_some() => self.line(&shown::moved(seen)),
            _ => Ok(()),
        }
    }

    fn line(&self, line: &str) -> anyhow::Result<()> {
        match &self.bar {
            Some(bar) => {
                bar.println(line);
                Ok(())
            }
            None => say(line),
        }
    }

    fn finish(mut self, summary: &Summary, took: Duration) -> anyhow::Result<Found> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if let Some(error) = self.error {
            return Err(error);
        }
        if summary.is_offline {
            say("no network: no host could be found; nothing is held against any source")?;
        } else if self.show == Show::Report {
            if stderr().is_terminal() && summary.visits > 0 {
                say(&self.totals.table())?;
            }
            say(&self.totals.line(summary, took))?;
        }
        Ok(if summary.failures > 0 || summary.is_offline {
            Found::Problems
        } else {
            Found::Nothing
        })
    }
}

fn bar(total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} sources, {eta} left")
        .expect("the template is right");
    ProgressBar::new(total as u64).with_style(style)
}

/// Whether somebody who reads only what is new should hear of a failure.
fn is_news(seen: &Seen) -> bool {
    let failures = seen.history.failures;
    seen.visit.outcome == Outcome::Gone || matches!(failures, 1 | 10) || failures.is_multiple_of(30)
}
