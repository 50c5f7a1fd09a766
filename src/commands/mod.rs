//! The commands: each reads the clock and the disk, calls the stages in order, and reports.
//!
//! Results go to standard output, everything else to standard error. Exit code 0: done; 1: done,
//! but something was found wrong; 2: could not run.

mod add;
mod adopt;
mod backtest;
mod build;
mod check;
mod copy;
mod decide;
mod discover;
mod draft;
mod evaluate;
mod init;
mod inspect;
mod poll;
mod reach;
mod readings;
mod report;
mod run;
mod search;
mod serve;
mod shell;
mod shown;
mod sources;
mod store;
mod suggest;
mod user;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Parser, Subcommand};
use newsdesk::config::{self, Config};
use newsdesk::model::{Problem, story};
use newsdesk::poll::Clock;
use newsdesk::poll::proxy::Proxies;
use newsdesk::store::Place;

use self::report::Style;

/// Publishes a newsletter's issues and recommended readings as feeds, pages and e-mail.
#[derive(Debug, Parser)]
#[command(
    name = "newsdesk",
    version,
    about,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// The newsletter's configuration; relative paths in it start at its folder
    /// [default: newsdesk.toml if it is there, else config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a new newsletter: a commented config.toml, a first issue, the cron line
    Init(init::Args),
    /// Take over an archive that another tool published: propose its configuration, write it
    Adopt(adopt::Args),
    /// Turn the issues into documents: feeds, pages, e-mails; write only what changed
    Build(build::Args),
    /// Show what is wrong with issues, each problem with its place and a hint
    Check(check::Args),
    /// List the recommended readings found in issues
    Readings(readings::Args),
    /// List what appeared, ranked by what this team would recommend, with reasons
    Suggest(suggest::Args),
    /// Add something found anywhere to the candidates: its title, author and date are read from it
    Add(add::Args),
    /// Take candidates into the next issue
    Accept(decide::Args),
    /// Keep candidates from being suggested again
    Decline(decide::Args),
    /// Put candidates off: they come back after a time
    Later(decide::LaterArgs),
    /// Take back the last decision, or those on candidates
    Undo(decide::UndoArgs),
    /// Write the next issue file with what curators accepted, as the last issues are written
    Draft(draft::Args),
    /// Show what a feed says: format, entries, dates, what had to be repaired
    Inspect(inspect::Args),
    /// Visit the sources that are due and remember what is new
    Poll(poll::Args),
    /// What is polled, and what could be: list, add, remove, discover, import, export, health
    Sources(sources::Args),
    /// The store as a whole: copy it, such as from a file to a server
    Store(copy::Args),
    /// Search all entries and the newsletter's own readings for words
    Search(search::Args),
    /// Show how well suggestions would have predicted what the archive's issues picked
    Backtest(backtest::Args),
    /// Show how many past readings stood among the entries, and which places are missing
    Reach(reach::Args),
    /// Measure how well the ranking predicts what curators picked, over files
    Evaluate(evaluate::Args),
    /// The cron job: build, poll, suggest
    Run(run::Args),
    /// Serve the documents, and the review pages on this machine or to who signs in
    Serve(serve::Args),
    /// Who may sign in to the review pages: add, list, remove, password
    User(user::Args),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page, or write one per command
    Man(shell::ManArgs),
}

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// All is well.
    Nothing,
    /// Something is wrong; it was reported.
    Problems,
}

/// What every command is given.
pub(crate) struct Context {
    config: PathBuf,
    /// Whether `--config` was left out.
    config_is_default: bool,
    /// The clock, read once.
    now: DateTime<Utc>,
    /// Whether `NEWSDESK_NOW` holds the clock.
    is_rehearsal: bool,
}

/// The environment variable that fixes the clock.
const NOW: &str = "NEWSDESK_NOW";

/// Runs the program with its arguments.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(cli) {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Problems) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::from(2)
        }
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<Found> {
    let context = Context {
        config_is_default: cli.config.is_none(),
        config: cli.config.unwrap_or_else(|| default_config(Path::new(""))),
        now: now()?,
        is_rehearsal: std::env::var_os(NOW).is_some(),
    };
    match cli.command {
        Command::Init(args) => init::run(&context, &args),
        Command::Adopt(args) => adopt::run(&context, &args),
        Command::Build(args) => build::run(&context, &args),
        Command::Check(args) => check::run(&context, &args),
        Command::Readings(args) => readings::run(&context, &args),
        Command::Suggest(args) => suggest::run(&context, &args),
        Command::Add(args) => add::run(&context, &args),
        Command::Accept(args) => decide::accept(&context, &args),
        Command::Decline(args) => decide::decline(&context, &args),
        Command::Later(args) => decide::later(&context, &args),
        Command::Undo(args) => decide::undo(&context, &args),
        Command::Draft(args) => draft::run(&context, &args),
        Command::Inspect(args) => inspect::run(&context, &args),
        Command::Poll(args) => poll::run(&context, &args),
        Command::Sources(args) => sources::run(&context, &args),
        Command::Store(args) => copy::run(&context, &args),
        Command::Search(args) => search::run(&context, &args),
        Command::Backtest(args) => backtest::run(&context, &args),
        Command::Reach(args) => reach::run(&context, &args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Run(args) => run::run(&context, &args),
        Command::Serve(args) => serve::run(&context, &args),
        Command::User(args) => user::run(&context, &args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    }
}

/// The configuration in a folder, where none is named: `config.toml` is also Hugo's and Zola's.
fn default_config(folder: &Path) -> PathBuf {
    let own = folder.join("newsdesk.toml");
    if own.exists() {
        own
    } else {
        folder.join("config.toml")
    }
}

/// The clock; `NEWSDESK_NOW` fixes it, for tests and for rehearsals.
fn now() -> anyhow::Result<DateTime<Utc>> {
    match std::env::var(NOW) {
        Ok(text) => DateTime::parse_from_rfc3339(&text)
            .map(|now| now.with_timezone(&Utc))
            .with_context(|| {
                format!(
                    "`NEWSDESK_NOW` is not an instant: `{text}`\nhint: write it as RFC 3339 does, \
                     such as `2026-01-31T12:00:00Z`"
                )
            }),
        Err(_) => Ok(Utc::now()),
    }
}

/// Prints an error and its causes, once.
fn print_error(error: &anyhow::Error) {
    let text = format!("error: {}\n", story(error.as_ref()));
    let _ = io::stderr().write_all(text.as_bytes());
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

impl Context {
    /// The same at another instant.
    fn at(&self, now: DateTime<Utc>) -> Self {
        Self {
            now,
            config: self.config.clone(),
            ..*self
        }
    }

    /// The configuration; its complaints are printed as those of issues are.
    fn config(&self) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(&self.config).with_context(|| {
            format!(
                "cannot read `{}`\nhint: run this where the newsletter's config.toml is, name it \
                 with `--config`, or start a newsletter with `newsdesk init`",
                self.config.display()
            )
        })?;
        let place = std::path::absolute(&self.config)?;
        let config = config::parse(&place, &text);
        let mut config = config.map_err(|problems| {
            let shown: Vec<Problem> = problems
                .into_iter()
                .map(|problem| Problem {
                    path: self.config.clone(),
                    ..problem
                })
                .collect();
            let mut printed = Vec::new();
            let _ = report::print(&mut printed, &shown, &|_| Some(text.clone()), style());
            let _ = io::stderr().write_all(&printed);
            anyhow::anyhow!("`{}` cannot be used as it is", self.config.display())
        })?;
        ask_environment(&mut config)?;
        if let Some(server) = store::server()? {
            config.store.place = Place::Server(server);
        }
        Ok(config)
    }

    /// The configuration; the defaults where files are named and none was asked for or found.
    fn config_for_files(&self, files: &[PathBuf]) -> anyhow::Result<Config> {
        if !files.is_empty() && self.config_is_default && !self.config.exists() {
            let mut config = config::without_file(&std::env::current_dir()?);
            ask_environment(&mut config)?;
            return Ok(config);
        }
        self.config()
    }
}

/// The proxies of the environment, unless the configuration says who asks on our behalf.
fn ask_environment(config: &mut Config) -> anyhow::Result<()> {
    let proxies = &mut config.poll.fetch.proxies;
    if proxies.is_open() {
        *proxies = proxies_of_environment()?;
    } else {
        let except = std::env::var("no_proxy").or_else(|_| std::env::var("NO_PROXY"));
        proxies.leave_out(&except.unwrap_or_default());
    }
    Ok(())
}

/// The proxies that the usual variables of the environment name.
fn proxies_of_environment() -> anyhow::Result<Proxies> {
    Ok(Proxies::from_environment(&|name| std::env::var(name).ok())?)
}

/// The clock of the machine, or that of a rehearsal, which stands.
struct Time {
    fixed: Option<DateTime<Utc>>,
    began: Instant,
}

impl Time {
    fn of(context: &Context) -> Self {
        Self {
            fixed: context.is_rehearsal.then_some(context.now),
            began: Instant::now(),
        }
    }
}

impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        self.fixed.unwrap_or_else(Utc::now)
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// Messages are colored on a terminal, unless its user asks for none (no-color.org).
fn style() -> Style {
    let asked = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stderr().is_terminal() && !asked {
        Style::Colored
    } else {
        Style::Plain
    }
}

/// The text of a file that problems are about.
fn text_of(root: &Path, path: &Path) -> Option<String> {
    let bytes = std::fs::read(root.join(path)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Prints problems to standard error, with the lines of the files they are about.
fn print_problems(root: &Path, problems: &[Problem]) -> anyhow::Result<()> {
    let mut printed = Vec::new();
    report::print(&mut printed, problems, &|path| text_of(root, path), style())?;
    io::stderr().write_all(&printed)?;
    Ok(())
}

/// Prints a line to standard error.
fn say(line: &str) -> anyhow::Result<()> {
    io::stderr().write_all(format!("{line}\n").as_bytes())?;
    Ok(())
}

/// Prints a result to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// A number with its noun: `1 issue`, `3 issues`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// An instant as `--json` writes all of them: RFC 3339, UTC, seconds.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
