//! `newsdesk run`: the cron job.

use std::time::Instant;

use super::build::{self, Request};
use super::{Context, Found, build_command};

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Say nothing unless something is wrong
    #[arg(long, short)]
    quiet: bool,
}

/// Builds.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let started = Instant::now();
    let report = build::build(
        &config,
        Request {
            now: context.now,
            overwrite: false,
        },
    )?;
    build_command::tell(&config, &report, args.quiet, started.elapsed())?;
    Ok(if report.stopped {
        Found::Problems
    } else {
        Found::Nothing
    })
}
