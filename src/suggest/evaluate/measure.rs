//! How good rankings are: recall, nDCG, average precision, and how sure that is.

use serde::Serialize;

use super::Scored;

/// How well one ranking, or many on average, put the picks on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// Normalized discounted cumulative gain of the first 20.
    #[serde(rename = "ndcg@20")]
    pub ndcg_20: f64,
    /// The share of the picks that are among the first 20.
    #[serde(rename = "recall@20")]
    pub recall_20: f64,
    /// The share of the picks that are among the first 50.
    #[serde(rename = "recall@50")]
    pub recall_50: f64,
    /// Average precision over the whole list.
    #[serde(rename = "map")]
    pub precision: f64,
}

/// A mean over issues, and where it would lie for 95 of 100 such archives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Mean {
    /// The mean.
    pub mean: Measures,
    /// The lower ends.
    pub low: Measures,
    /// The upper ends.
    pub high: Measures,
}

/// The measures of one list, best first, of which it is known what was picked.
#[expect(clippy::cast_precision_loss, reason = "places are small numbers")]
pub fn measures(picked: &[bool]) -> Measures {
    let total = picked.iter().filter(|picked| **picked).count();
    if total == 0 {
        return Measures::default();
    }
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let within = |places: usize| picked.iter().take(places).filter(|picked| **picked).count();
    let gained: f64 = (0..picked.len().min(20))
        .filter(|place| picked[*place])
        .map(gain)
        .fold(0.0, |sum, gain| sum + gain);
    let best: f64 = (0..total.min(20)).map(gain).sum();
    let mut found = 0.0;
    let mut precision = 0.0;
    for (place, _) in picked.iter().enumerate().filter(|(_, picked)| **picked) {
        found += 1.0;
        precision += found / (place as f64 + 1.0);
    }
    Measures {
        recall_20: within(20) as f64 / total as f64,
        recall_50: within(50) as f64 / total as f64,
        ndcg_20: gained / best,
        precision: precision / total as f64,
    }
}

impl Scored {
    /// Whether each candidate was picked, best first; of equal scores, the first comes first.
    pub fn ranked(&self) -> Vec<bool> {
        let mut order: Vec<usize> = (0..self.scores.len()).collect();
        order.sort_by(|a, b| self.scores[*b].total_cmp(&self.scores[*a]));
        order.into_iter().map(|at| self.picked[at]).collect()
    }
}

/// The means over issues, with intervals: issues drawn a thousand times with replacement, always
/// the same draws.
pub fn mean(issues: &[Scored]) -> Mean {
    mean_of(&each(issues))
}

/// How much better the second of two rankers is than the first, issue by issue, in the same way.
/// Both must have ranked the same issues.
pub fn difference(first: &[Scored], second: &[Scored]) -> Mean {
    let pairs = each(first).into_iter().zip(each(second));
    let apart = |(first, second): (Measures, Measures)| Measures {
        ndcg_20: second.ndcg_20 - first.ndcg_20,
        recall_20: second.recall_20 - first.recall_20,
        recall_50: second.recall_50 - first.recall_50,
        precision: second.precision - first.precision,
    };
    mean_of(&pairs.map(apart).collect::<Vec<_>>())
}

fn each(issues: &[Scored]) -> Vec<Measures> {
    let measured = |issue: &Scored| measures(&issue.ranked());
    issues.iter().map(measured).collect()
}

fn mean_of(each: &[Measures]) -> Mean {
    if each.is_empty() {
        return Mean::default();
    }
    let all: Vec<usize> = (0..each.len()).collect();
    let mut random = fastrand::Rng::with_seed(20);
    let draws: Vec<Measures> = (0..1000)
        .map(|_| {
            let draw: Vec<usize> = all.iter().map(|_| random.usize(..each.len())).collect();
            average(each, &draw)
        })
        .collect();
    let end = |at: usize| Measures {
        ndcg_20: nth(&draws, at, |own| own.ndcg_20),
        recall_20: nth(&draws, at, |own| own.recall_20),
        recall_50: nth(&draws, at, |own| own.recall_50),
        precision: nth(&draws, at, |own| own.precision),
    };
    Mean {
        mean: average(each, &all),
        low: end(25),
        high: end(974),
    }
}

fn nth(draws: &[Measures], at: usize, of: impl Fn(&Measures) -> f64) -> f64 {
    let mut values: Vec<f64> = draws.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[at]
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn average(each: &[Measures], which: &[usize]) -> Measures {
    let mut sum = Measures::default();
    for at in which {
        let own = each[*at];
        sum.ndcg_20 += own.ndcg_20;
        sum.recall_20 += own.recall_20;
        sum.recall_50 += own.recall_50;
        sum.precision += own.precision;
    }
    let count = which.len() as f64;
    Measures {
        ndcg_20: sum.ndcg_20 / count,
        recall_20: sum.recall_20 / count,
        recall_50: sum.recall_50 / count,
        precision: sum.precision / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_a_list() {
        let found = measures(&[true, false, true]);
        assert!((found.ndcg_20 - (1.0 + 0.5) / (1.0 + 1.0 / 3_f64.log2())).abs() < 1e-12);
        assert!((found.precision - f64::midpoint(1.0, 2.0 / 3.0)).abs() < 1e-12);
        assert!((found.recall_20 - 1.0).abs() < 1e-12);
        let mut late = vec![false; 60];
        late[30] = true;
        assert_eq!(measures(&late).ndcg_20.to_bits(), 0.0_f64.to_bits());
        assert!((measures(&late).recall_50 - 1.0).abs() < 1e-12);
        assert_eq!(measures(&[]), Measures::default());
    }

    #[test]
    fn an_interval_holds_the_mean_and_narrows_with_more_issues() {
        let issue = |place: usize| {
            let mut picked = vec![false; 40];
            picked[place] = true;
            Scored {
                day: 0,
                candidates: (0..40).collect(),
                scores: (0..40).rev().map(f64::from).collect(),
                picked,
                chances: Vec::new(),
            }
        };
        let few: Vec<Scored> = (0..10).map(|at| issue(at * 3)).collect();
        let many: Vec<Scored> = (0..100).map(|at| issue(at % 10 * 3)).collect();
        let (few, many) = (mean(&few), mean(&many));
        assert!(few.low.ndcg_20 < few.mean.ndcg_20 && few.mean.ndcg_20 < few.high.ndcg_20);
        assert!((few.mean.ndcg_20 - many.mean.ndcg_20).abs() < 1e-9);
        assert!(many.high.ndcg_20 - many.low.ndcg_20 < few.high.ndcg_20 - few.low.ndcg_20);
    }

    #[test]
    fn a_difference_is_taken_issue_by_issue() {
        let issue = |place: usize| Scored {
            day: 0,
            candidates: (0..40).collect(),
            scores: (0..40).rev().map(f64::from).collect(),
            picked: (0..40).map(|at| at == place).collect(),
            chances: Vec::new(),
        };
        let (good, bad): (Vec<Scored>, Vec<Scored>) =
            (0..10).map(|at| (issue(at), issue(at + 25))).unzip();
        let found = difference(&bad, &good);
        assert!((found.mean.recall_20 - 1.0).abs() < 1e-12);
        // All issues gain all there is: nothing is left to chance.
        assert!((found.low.recall_20 - 1.0).abs() < 1e-12);
        assert!(found.low.ndcg_20 < found.mean.ndcg_20);
        assert_eq!(difference(&good, &good).high, Measures::default());
    }
}
