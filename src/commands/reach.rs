//! `newsdesk reach`: how many past readings stood among the entries before their issue.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta};
use newsdesk::desk::known::Known;
use newsdesk::desk::outcome::LEAST_PICKS;
use newsdesk::suggest::evaluate::{Ranker, Reach, Replay, reach, replay};
use serde_json::{Value, json};

use super::store::{in_runtime, open};
use super::{Context, Found, count, print, shown};

/// So many places are named unless all are asked for.
const NAMED: usize = 20;

/// The arguments of `reach`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name every place that is missing, not only the first twenty
    #[arg(long)]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Compares the archive with what sources brought, and prints how far they reach.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let config = context.config()?;
    let (known, items) = in_runtime(async {
        let store = open(context, &config).await?;
        let known = Known::gather(&config, &store, context.now).await?;
        let items = known.items(&store).await?;
        store.close().await;
        Ok((known, items))
    })?;
    let what = Replay {
        items: &items,
        picks: &known.picks,
        window_days: known.window_days,
        least_picks: LEAST_PICKS,
        days: (i32::MIN / 2, i32::MAX / 2),
    };
    let scored = replay(&what, Ranker::Learner(&[])).map_err(anyhow::Error::msg)?;
    let reach = reach(&items, &known.picks, &scored);
    if args.json {
        print(&format!("{:#}\n", object(&reach)))?;
    } else {
        let most = if args.all { usize::MAX } else { NAMED };
        print(&text(&reach, most))?;
    }
    Ok(Found::Nothing)
}

fn share(part: usize, whole: usize) -> String {
    let percent = (200 * part + whole) / (2 * whole.max(1));
    format!("{part} ({percent} %)")
}

fn text(reach: &Reach, most: usize) -> String {
    let mut text = format!(
        "of {}: {} stood among the entries before their issue",
        count(reach.readings, "past reading"),
        share(reach.there, reach.readings)
    );
    if reach.late > 0 {
        let _ = write!(
            text,
            ", {} came after it",
            share(reach.late, reach.readings)
        );
    }
    text.push('\n');
    if reach.ranked > 0 {
        let _ = writeln!(
            text,
            "of the {} of {} that could be ranked: {} in the first 20, {} in the first 50",
            count(reach.ranked, "reading"),
            count(reach.issues, "issue"),
            share(reach.first_20, reach.ranked),
            share(reach.first_50, reach.ranked)
        );
    }
    if !reach.missing.is_empty() {
        text.push_str("\nmissing, by how often the last year linked there\n");
    }
    for missing in reach.missing.iter().take(most) {
        let _ = writeln!(
            text,
            "{:>6}  {}, {} in all, last on {}",
            missing.recent,
            shown::line(&missing.place),
            missing.readings,
            day(missing.last)
        );
    }
    if reach.missing.len() > most {
        let more = reach.missing.len() - most;
        let _ = writeln!(text, "        … and {more} more: `--all` names them");
    }
    if !reach.missing.is_empty() {
        text.push_str("\n`newsdesk sources discover` finds their feeds, `newsdesk sources back 2y` what is older\n");
    }
    text
}

fn day(number: i32) -> String {
    let day = DateTime::UNIX_EPOCH + TimeDelta::days(i64::from(number));
    day.format("%Y-%m-%d").to_string()
}

fn object(reach: &Reach) -> Value {
    let missing: Vec<Value> = reach
        .missing
        .iter()
        .map(|it| {
            json!({
                "place": it.place,
                "readings": it.readings,
                "recent": it.recent,
                "last": day(it.last),
            })
        })
        .collect();
    json!({
        "readings": reach.readings,
        "there": reach.there,
        "late": reach.late,
        "ranked": {
            "issues": reach.issues,
            "readings": reach.ranked,
            "first_20": reach.first_20,
            "first_50": reach.first_50,
        },
        "missing": missing,
    })
}
