//! `newsdesk run`: the cron job.

use std::time::Instant;

use newsdesk::publish::{self, Request};

use super::poll::{self, Show};
use super::{Context, Found, build, discover, suggest};

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Say nothing unless something is wrong
    #[arg(long, short)]
    quiet: bool,
}

/// Builds, polls, and suggests. A build that found something wrong does not keep the sources waiting.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let started = Instant::now();
    let report = publish::build(
        &config,
        Request {
            now: context.now,
            overwrite: false,
        },
    )?;
    build::tell(&config, &report, args.quiet, started.elapsed())?;
    let show = if args.quiet {
        Show::Quiet
    } else {
        Show::Report
    };
    let polled = poll::poll(context, &config, &poll::Request::due(show))?;
    if !args.quiet {
        discover::after_poll(context, &config)?;
    }
    let suggested = suggest::after_poll(context, &config, args.quiet)?;
    let all_is_well = !report.stopped && [polled, suggested] == [Found::Nothing; 2];
    Ok(if all_is_well {
        Found::Nothing
    } else {
        Found::Problems
    })
}
