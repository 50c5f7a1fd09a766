//! The past of sources that were just added.

use std::time::Duration;

use newsdesk::config::Config;
use newsdesk::explore::{self, Depth, Way};
use newsdesk::model::SourceId;
use newsdesk::store::Store;

use super::super::{Context, Time, count, say};

/// Brings the older entries of sources into the store, and says how many.
pub(in crate::commands) async fn bring(
    context: &Context,
    config: &Config,
    sources: &[SourceId],
    back: Duration,
    time: Duration,
) -> anyhow::Result<()> {
    let store = Store::open(&config.store).await?;
    let clock = Time::of(context);
    let mut said = Ok(());
    let mut tell = |brought: explore::Brought| {
        let entries = match brought.new {
            1 => "1 entry".to_owned(),
            new => format!("{new} entries"),
        };
        let cut = brought
            .cut
            .map_or_else(String::new, |cut| format!("; {cut}"));
        let line = format!("{}: {entries} from its past{cut}", brought.url);
        if said.is_ok() {
            said = say(&line);
        }
    };
    let way = Way {
        options: &config.poll,
        root: &config.root,
        clock: &clock,
    };
    let done = explore::bring(way, &store, sources, Depth { back, time }, &mut tell).await?;
    store.close().await;
    if done > 0 {
        say(&format!(
            "the past of {} is here already",
            count(done, "source")
        ))?;
    }
    said
}
