//! `newsdesk sources health`: how sources do, and what mends those that do not.

use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal as _;

use chrono::{DateTime, Utc};
use newsdesk::model::{Origin, SourceId};
use newsdesk::poll::health::{self, State, WEEKS};
use newsdesk::store::{Known, Pulse, Subscription};
use serde_json::Value;

use super::{Context, Found, address, count, open, print, say, shown, title};

mod show;
pub(in crate::commands) mod words;

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

/// One source, examined.
pub(in crate::commands) struct Examined {
    pub(in crate::commands) known: Known,
    pub(in crate::commands) pulse: Pulse,
    pub(in crate::commands) state: State,
    pub(in crate::commands) is_wrong: bool,
    /// The address of the source that it doubles.
    double: Option<String>,
    /// What its hub was asked.
    subscription: Option<Subscription>,
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

/// The sources with their states: those that want somebody first, those that are fine last.
pub(in crate::commands) fn examine(
    sources: Vec<Known>,
    mut pulses: BTreeMap<SourceId, Pulse>,
    failures: u32,
    now: DateTime<Utc>,
) -> Vec<Examined> {
    let states = health::states(&sources, &pulses, now);
    let addresses: HashMap<SourceId, String> = sources
        .iter()
        .map(|known| (known.id, address(&known.source.url)))
        .collect();
    let mut rows: Vec<Examined> = sources
        .into_iter()
        .zip(states)
        .map(|(known, state)| {
            let pulse = pulses.remove(&known.id).unwrap_or_default();
            let twin = known.twin.or(pulse.twin.map(|(other, _, _)| other));
            let is_early = state == State::Failing && known.history.failures < failures;
            Examined {
                is_wrong: state.is_wrong(known.source.origin) && !is_early,
                double: twin.and_then(|twin| addresses.get(&twin).cloned()),
                known,
                pulse,
                state,
                subscription: None,
            }
        })
        .collect();
    rows.sort_by_key(|row| (!row.is_wrong, row.state == State::Fine));
    rows
}

/// Whether config.toml, and nobody else, can change a source.
fn is_in_config(known: &Known) -> bool {
    known.source.origin == Origin::Config
}
