//! Time, replayed over one newsletter's archive.

use super::super::learner::{Learner, Read};
use super::super::tuning::Tuning;
use super::baselines::Baseline;
use super::turns::{Replay, Turn, in_order, turns};

/// One issue that counts: every candidate with its score.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The day of the issue, counted from 1970.
    pub day: i32,
    /// The candidates, by their place among the items.
    pub candidates: Vec<usize>,
    /// Their scores.
    pub scores: Vec<f64>,
    /// Which of them were picked.
    pub picked: Vec<bool>,
    /// Their chances, as they were stated before the issue; empty where none were.
    pub chances: Vec<f64>,
}

/// A part of the learner that can be taken away, to see what it is worth.
pub const PARTS: [&str; 19] = [
    "title-words",
    "title-pairs",
    "title-pieces",
    "summary-words",
    "any-words",
    "source",
    "site",
    "authors",
    "tags",
    "tag-pairs",
    "form",
    "extent",
    "kind",
    "language",
    "age",
    "record",
    "archive",
    "orphans",
    "older",
];

/// How chances rise with scores is looked at before every so many issues: it takes as long as
/// learning from nothing.
const REHEARSE_EACH: usize = 6;

/// Who ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranker<'a> {
    /// The learner, without these parts.
    Learner(&'a [String]),
    /// Something simpler.
    Baseline(Baseline),
}

/// Ranks the candidates of every issue that counts; each is ranked by what was known before it.
///
/// # Errors
///
/// The name of a part that there is none of.
pub fn replay(what: &Replay<'_>, ranker: Ranker<'_>) -> Result<Vec<Scored>, String> {
    let order = in_order(what.items);
    let turns = turns(what, &order);
    let mut scored = Vec::new();
    let mut keep = |turn: &Turn<'_>, scores: Vec<f64>, chances: Vec<f64>| {
        scored.push(Scored {
            day: turn.day,
            candidates: turn.candidates.iter().map(|at| order[*at]).collect(),
            scores,
            picked: turn.picked.clone(),
            chances,
        });
    };
    match ranker {
        Ranker::Learner(without) => {
            let mut tuning = Tuning::default();
            for part in without {
                let (name, value) = part.split_once('=').unwrap_or((part, "0"));
                if !tuning.set(name, value.parse().unwrap_or(0.0)) {
                    return Err(part.clone());
                }
            }
            learned(what, &order, &turns, tuning, &mut keep);
        }
        Ranker::Baseline(baseline) => {
            let mut keep = |turn: &Turn<'_>, scores| keep(turn, scores, Vec::new());
            baseline.replay(what, &order, &turns, &mut keep);
        }
    }
    Ok(scored)
}

/// Takes the scores and the chances of an issue's candidates.
type Keep<'a> = dyn FnMut(&Turn<'_>, Vec<f64>, Vec<f64>) + 'a;

fn learned(
    what: &Replay<'_>,
    order: &[usize],
    turns: &[Turn<'_>],
    tuning: Tuning,
    keep: &mut Keep<'_>,
) {
    let mut learner = Learner::new(tuning, what.window_days, 1.0);
    let mut known = 0;
    let mut curve = None;
    let mut measured = 0;
    for turn in turns {
        for at in &order[known..turn.visible] {
            learner.add(&what.items[*at], Read::Whole);
        }
        known = turn.visible;
        if turn.counts {
            if measured % REHEARSE_EACH == 0 {
                let kept = learner.weights.clone();
                curve = learner.rehearse(turn.day);
                learner.weights = kept;
            }
            measured += 1;
            learner.learn(turn.day);
            // Entries are numbered as they are added: in the order of time.
            let score = |place: &usize| learner.score(*place, turn.day);
            let scores: Vec<f64> = turn.candidates.iter().map(score).collect();
            let chance = curve.and_then(|curve| learner.chance(curve, turn.day));
            let chances =
                chance.map(|chance| scores.iter().map(|score| chance.at(*score)).collect());
            keep(turn, scores, chances.unwrap_or_default());
        }
        learner.close(turn.day, &turn.picks);
    }
}
