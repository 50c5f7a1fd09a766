//! `newsdesk sources health`: how sources do, and what mends those that do not.

use std::io::IsTerminal as _;

use newsdesk::desk::health::examine;
use newsdesk::poll::health::WEEKS;
use serde_json::Value;

use super::{Context, Found, address, count, open, print, say, shown, title};

mod show;

/// The arguments of `sources health`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only sources with which something is wrong; says nothing where all is well
    #[arg(long, short)]
    quiet: bool,
    /// A failing source counts as wrong from so many failures in a row on
    #[arg(long, value_name = "N", default_value_t = 1)]
    failures: u32,
    /// Print one list
    #[arg(long)]
    json: bool,
}

/// Tells how sources do; exit code 1 where something is wrong with one.
pub(super) async fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let store = open(context, &config).await?;
    let sources = store.sources().await?;
    let pulses = store.pulses(context.now, WEEKS).await?;
    let mut subscriptions = store.subscriptions().await?;
    let ahead = store.visits_ahead(context.now).await?;
    store.close().await;
    let all = sources.len();
    let mut rows = examine(sources, pulses, args.failures, context.now);
    for row in &mut rows {
        row.subscription = subscriptions.remove(&row.known.id);
    }
    let wrong = rows.iter().filter(|row| row.is_wrong).count();
    if args.quiet {
        rows.retain(|row| row.is_wrong);
    }
    let show = show::Show {
        now: context.now,
        config: (!context.config_is_default).then_some(context.config.as_path()),
    };
    if args.json {
        let list: Vec<Value> = rows.iter().map(|row| show.json(row)).collect();
        print(&format!("{:#}\n", Value::from(list)))?;
    } else if std::io::stdout().is_terminal() {
        print(&show.table(&rows, shown::columns(80)))?;
    } else {
        print(&show.text(&rows))?;
    }
    if ahead > 0 {
        say(&format!(
            "the clock went back: {ahead} visits are dated later than now; what followed from them is \
             mended at the next poll"
        ))?;
    }
    if !args.json && !args.quiet {
        say(&format!(
            "{}, {wrong} with something wrong",
            count(all, "source")
        ))?;
    }
    Ok(if wrong > 0 {
        Found::Problems
    } else {
        Found::Nothing
    })
}
