//! From scores to chances: how many of those with such a score are picked.
//!
//! Scores tell what stands above what, and drift from issue to issue; how many an issue takes of
//! what is there hardly does. So the curve is laid through each issue's candidates such that their
//! chances add up to as many as issues take, and only its slope is learned from scores.

use serde::{Deserialize, Serialize};

/// Rankings of past issues by what was known before them.
pub(super) type Rehearsal = Vec<Vec<Scored>>;

/// A candidate for a past issue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) picked: bool,
    /// How many candidates it stands for.
    pub(super) weight: f64,
}

/// How chances rise with scores: to no more than a ceiling, since of what looks best an issue still
/// leaves some.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Shape {
    slope: f64,
    ceiling: f64,
}

/// How chances rise with scores, and how much an issue takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    shape: Shape,
    /// Picks of an issue among the entries of its window.
    taken: f64,
}

/// The chance at a score, among certain candidates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Chance {
    offset: f64,
    shape: Shape,
}

/// The last issues show how many are taken.
const ISSUES: usize = 12;

/// Slopes that are tried, as powers of this.
const STEP: f64 = 1.06;

impl Curve {
    /// The curve that fits the picks of a rehearsal best; none where it teaches nothing. `taken`
    /// are the picks of all issues, in the order of time.
    pub(super) fn of(rehearsal: &Rehearsal, taken: &[f64]) -> Option<Self> {
        let picked = rehearsal.iter().flatten().filter(|row| row.picked).count();
        let total = rehearsal.iter().flatten().count();
        if picked < 5 || total < picked + 5 || taken.is_empty() {
            return None;
        }
        let last = &taken[taken.len().saturating_sub(ISSUES)..];
        #[expect(clippy::cast_precision_loss, reason = "at most a dozen")]
        let mean = last.iter().sum::<f64>() / last.len() as f64;
        let mut best = fitted(rehearsal, CEILINGS[0], 0);
        for ceiling in &CEILINGS[1..] {
            let own = fitted(rehearsal, *ceiling, best.power);
            if own.misfit < best.misfit {
                best = own;
            }
        }
        Some(Self {
            shape: best.shape(),
            taken: mean,
        })
    }

    /// The chances of certain candidates: they add up to what an issue takes. Each is a score,
    /// and how many it stands for.
    pub(super) fn over(self, candidates: &[(f64, f64)]) -> Option<Chance> {
        let total: f64 = candidates.iter().map(|(_, weight)| weight).sum();
        let taken = self.taken.min(0.9 * total * self.shape.ceiling);
        (total > 0.0).then(|| Chance {
            offset: self.shape.offset(candidates, taken),
            shape: self.shape,
        })
    }
}

/// So far from 1 is a slope looked for, in steps: a tenth to ten.
const STEPS: i32 = 40;

/// Ceilings that are tried.
const CEILINGS: [f64; 8] = [0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

/// A few issues say little of what looks best: as if of so many more that look so half had been
/// picked.
const UNSURE: f64 = 6.0;

impl Chance {
    /// The chance at a score.
    pub(super) fn at(self, score: f64) -> f64 {
        self.shape.ceiling * logistic(self.offset + self.shape.slope * score)
    }
}

/// A shape, and how badly it explains what was picked.
#[derive(Clone, Copy, Debug)]
struct Fitted {
    ceiling: f64,
    /// The slope, as a power of [`STEP`].
    power: i32,
    misfit: f64,
}

impl Fitted {
    fn shape(self) -> Shape {
        Shape {
            slope: STEP.powi(self.power),
            ceiling: self.ceiling,
        }
    }

    fn of(rehearsal: &Rehearsal, ceiling: f64, power: i32) -> Self {
        let own = Self {
            ceiling,
            power,
            misfit: 0.0,
        };
        Self {
            misfit: own.shape().misfit(rehearsal)
                - UNSURE / 2.0 * (ceiling.ln() + (1.0 - ceiling).ln()),
            ..own
        }
    }
}

/// The best slope below a ceiling. Misfit has one valley: walk down it, with longer steps first.
fn fitted(rehearsal: &Rehearsal, ceiling: f64, start: i32) -> Fitted {
    let mut best = Fitted::of(rehearsal, ceiling, start);
    for length in [6, 2, 1] {
        for side in [length, -length] {
            loop {
                let next = best.power + side;
                let own = Fitted::of(rehearsal, ceiling, next);
                if next.abs() > STEPS || own.misfit >= best.misfit {
                    break;
                }
                best = own;
            }
        }
    }
    best
}

fn logistic(at: f64) -> f64 {
    1.0 / (1.0 + (-at).exp())
}

impl Shape {
    /// How badly it explains what was picked: the negative logarithm of its likelihood, where the
    /// chances of each issue add up to what it took.
    fn misfit(self, rehearsal: &Rehearsal) -> f64 {
        let of_issue = |issue: &Vec<Scored>| {
            let candidates: Vec<(f64, f64)> =
                issue.iter().map(|row| (row.score, row.weight)).collect();
            let picked = issue.iter().filter(|row| row.picked);
            let taken: f64 = picked.map(|row| row.weight).sum();
            let most: f64 = candidates
                .iter()
                .map(|(_, weight)| weight * self.ceiling)
                .sum();
            let offset = self.offset(&candidates, taken.min(0.95 * most));
            let of_row = |row: &Scored| {
                let chance = self.ceiling * logistic(offset + self.slope * row.score);
                let came = if row.picked { chance } else { 1.0 - chance };
                -row.weight * came.max(1e-12).ln()
            };
            issue.iter().map(of_row).sum::<f64>()
        };
        let teaches = |issue: &&Vec<Scored>| {
            issue.iter().any(|row| row.picked) && issue.iter().any(|row| !row.picked)
        };
        rehearsal.iter().filter(teaches).map(of_issue).sum()
    }

    /// The offset at which chances add up to `wanted`: between two bounds, by Newton's steps where
    /// they stay between them.
    fn offset(self, candidates: &[(f64, f64)], wanted: f64) -> f64 {
        let scores = candidates.iter().map(|(score, _)| self.slope * score);
        let most = scores.clone().fold(f64::NEG_INFINITY, f64::max);
        let least = scores.fold(f64::INFINITY, f64::min);
        let (mut low, mut high) = (-most - 30.0, -least + 30.0);
        let mut offset = -most;
        for _ in 0..60 {
            let (mut sum, mut rise) = (0.0, 0.0);
            for (score, weight) in candidates {
                let share = logistic(offset + self.slope * score);
                sum += weight * self.ceiling * share;
                rise += weight * self.ceiling * share * (1.0 - share);
            }
            if (sum - wanted).abs() < 1e-4 * wanted {
                break;
            }
            if sum > wanted {
                high = offset;
            } else {
                low = offset;
            }
            let step = offset + (wanted - sum) / rise;
            offset = if step > low && step < high {
                step
            } else {
                f64::midpoint(low, high)
            };
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Issues whose candidates have a chance of 1 in 10 at score 0 and of 1 in 2 at score 2, each
    /// with all scores moved by another amount.
    fn issues() -> Rehearsal {
        (0..20)
            .map(|issue| {
                let scored = |at: i32| {
                    let (score, every) = if at % 2 == 0 { (0.0, 20) } else { (2.0, 4) };
                    Scored {
                        score: score + f64::from(issue),
                        picked: (at / 2 * 2) % every == 0,
                        weight: 1.0,
                    }
                };
                (0..200).map(scored).collect()
            })
            .collect()
    }

    #[test]
    fn a_chance_is_how_often_it_happens_wherever_scores_begin() {
        let curve = Curve::of(&issues(), &[60.0; 20]).unwrap();
        let candidates: Vec<(f64, f64)> = (0..200)
            .map(|at| (if at % 2 == 0 { -7.0 } else { -5.0 }, 1.0))
            .collect();
        let chance = curve.over(&candidates).unwrap();
        assert!((chance.at(-7.0) - 0.1).abs() < 0.02, "{chance:?}");
        assert!((chance.at(-5.0) - 0.5).abs() < 0.02, "{chance:?}");
        let sum: f64 = candidates.iter().map(|(score, _)| chance.at(*score)).sum();
        assert!((sum - 60.0).abs() < 0.01, "{sum}");
    }

    #[test]
    fn few_candidates_have_no_greater_chance_than_nearly_one() {
        let curve = Curve::of(&issues(), &[60.0; 20]).unwrap();
        let chance = curve.over(&[(1.0, 1.0), (2.0, 1.0)]).unwrap();
        assert!(chance.at(2.0) < 1.0);
        assert_eq!(curve.over(&[]), None);
        assert_eq!(Curve::of(&Vec::new(), &[1.0]), None);
    }
}
