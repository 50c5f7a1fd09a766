//! How sources do: each with its state, why it is in it, and what mends it.

pub mod words;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::examined::Examined;
use super::shown::address;
use crate::model::SourceId;
use crate::poll::health::{self, State};
use crate::store::{Known, Pulse};

/// The sources with their states: those that want somebody first, those that are fine last.
pub fn examine(
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
