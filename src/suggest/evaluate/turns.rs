//! The issues of an archive in the order of time, each with what was available for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::{Item, Pick};

/// What is replayed.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// Everything that appeared, in any order; of several with one key, the first counts.
    pub items: &'a [Item],
    /// All past readings of one newsletter.
    pub picks: &'a [Pick],
    /// For how many days an entry stays a candidate.
    pub window_days: i32,
    /// How many picks must be known before an issue counts.
    pub least_picks: usize,
    /// The first and the last day of issues that count, counted from 1970.
    pub days: (i32, i32),
}

/// One issue.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    pub(super) day: i32,
    pub(super) picks: Vec<&'a Pick>,
    /// How many entries, in the order of time, had appeared.
    pub(super) visible: usize,
    /// The candidates, by their place in the order of time.
    pub(super) candidates: Vec<usize>,
    /// Which of them the issue picked.
    pub(super) picked: Vec<bool>,
    /// Whether it is measured.
    pub(super) counts: bool,
}

/// The entries in the order of time, as places among the items.
pub(super) fn in_order(items: &[Item]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let mut order: Vec<usize> = (0..items.len())
        .filter(|at| seen.insert(items[*at].key.as_str()))
        .collect();
    order.sort_by(|a, b| {
        let (a, b) = (&items[*a], &items[*b]);
        (a.published, &a.key).cmp(&(b.published, &b.key))
    });
    order
}

/// All issues.
pub(super) fn turns<'a>(what: &Replay<'a>, order: &[usize]) -> Vec<Turn<'a>> {
    let days: Vec<i32> = order.iter().map(|at| what.items[*at].day()).collect();
    let places: HashMap<&str, usize> = (0..order.len())
        .map(|place| (what.items[order[place]].key.as_str(), place))
        .collect();
    let mut issues: BTreeMap<i32, Vec<&Pick>> = BTreeMap::new();
    for pick in what.picks {
        issues.entry(pick.day()).or_default().push(pick);
    }
    let mut taken = HashSet::new();
    let mut turns = Vec::new();
    for (day, picks) in issues {
        let own: HashSet<usize> = picks
            .iter()
            .filter_map(|pick| places.get(pick.item.as_deref()?).copied())
            .collect();
        let oldest = day - what.window_days + 1;
        let visible = days.partition_point(|own| *own <= day);
        let candidates: Vec<usize> = (days.partition_point(|own| *own < oldest)..visible)
            .filter(|place| !taken.contains(place))
            .collect();
        let picked: Vec<bool> = candidates.iter().map(|place| own.contains(place)).collect();
        let known_picks = taken.iter().filter(|place| **place < visible).count();
        turns.push(Turn {
            day,
            visible,
            counts: picked.contains(&true)
                && days.first().is_some_and(|first| *first <= oldest)
                && known_picks >= what.least_picks
                && (what.days.0..=what.days.1).contains(&day),
            candidates,
            picked,
            picks,
        });
        taken.extend(own);
    }
    turns
}
