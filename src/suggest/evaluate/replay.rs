//! Time, replayed over one newsletter's archive.

use std::collections::{BTreeMap, HashSet};

use super::super::learner::Learner;
use super::super::tuning::Tuning;
use super::super::{Item, Pick};

/// What is replayed.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// Everything that appeared, in any order.
    pub items: &'a [Item],
    /// All past readings of one newsletter.
    pub picks: &'a [Pick],
    /// How many days an entry stays a candidate.
    pub window_days: i32,
    /// How many picks must be known before an issue counts.
    pub least_picks: usize,
    /// The first and the last day of issues that count.
    pub days: (i32, i32),
}

/// One issue that counts: every candidate with its score.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The day of the issue.
    pub day: i32,
    /// The candidates, by their place among the items.
    pub candidates: Vec<usize>,
    /// Their scores.
    pub scores: Vec<f64>,
    /// Which of them were picked.
    pub picked: Vec<bool>,
}

/// Ranks the candidates of every issue that counts.
pub fn replay(what: &Replay<'_>, set: &[(String, f64)]) -> Vec<Scored> {
    let mut tuning = Tuning::default();
    for (name, value) in set {
        assert!(tuning.set(name, *value), "no constant `{name}`");
    }
    let mut learner = Learner::new(tuning, what.window_days);
    let mut order: Vec<usize> = (0..what.items.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&what.items[*a], &what.items[*b]);
        (a.published, &a.key).cmp(&(b.published, &b.key))
    });
    let mut issues: BTreeMap<i32, Vec<&Pick>> = BTreeMap::new();
    for pick in what.picks {
        issues.entry(pick.day()).or_default().push(pick);
    }
    let first = order.first().map_or(i32::MAX, |item| what.items[*item].day());
    let mut scored = Vec::new();
    let mut next = 0;
    let keys: HashSet<&str> = what.items.iter().map(|item| item.key.as_str()).collect();
    let mut known = HashSet::new();
    for (day, picks) in &issues {
        while next < order.len() && what.items[order[next]].day() <= *day {
            learner.add(&what.items[order[next]]);
            next += 1;
        }
        let candidates = learner.candidates(*day);
        let mut picked = vec![false; candidates.len()];
        for pick in picks {
            let number = pick.item.as_deref().and_then(|key| learner.number(key));
            if let Some(at) = number.and_then(|number| candidates.iter().position(|c| *c == number)) {
                picked[at] = true;
            }
        }
        let counts = picked.contains(&true)
            && first <= day - what.window_days + 1
            && known.len() >= what.least_picks
            && (what.days.0..=what.days.1).contains(day);
        if counts {
            learner.learn(*day);
            scored.push(Scored {
                day: *day,
                scores: candidates.iter().map(|item| learner.score(*item, *day)).collect(),
                candidates: candidates.iter().map(|item| order[*item]).collect(),
                picked,
            });
        }
        learner.close(*day, picks);
        known.extend(
            picks
                .iter()
                .filter_map(|pick| pick.item.as_deref())
                .filter(|key| keys.contains(key)),
        );
    }
    scored
}
