//! Whether chances come true: how many of those with a chance were picked, the Brier score, and
//! what chances add up to beside what was picked.

use serde::Serialize;

use super::Scored;

/// Where levels end, as shares of one.
const ENDS: [f64; 9] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0];

/// How chances came true.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// How many issues there were whose candidates had chances.
    pub issues: usize,
    /// What all chances add up to.
    pub chances: f64,
    /// How many of the candidates were picked.
    pub picks: usize,
    /// The mean of the squared distances of chances from what came (1 picked, 0 not).
    pub brier: f64,
    /// The same, if each candidate had the chance of all.
    pub brier_of_share: f64,
    /// Candidates by their chances.
    pub levels: Vec<Level>,
}

/// The candidates whose chances lie between two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Level {
    /// The least chance.
    pub from: f64,
    /// The chance that is the next level's least.
    pub to: f64,
    /// How many candidates there were.
    pub candidates: usize,
    /// The mean of their chances.
    pub chance: f64,
    /// The share of them that was picked.
    pub picked: f64,
}

/// Holds stated chances against picks; none where none were stated.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn reliability(issues: &[Scored]) -> Option<Reliability> {
    let stated = || issues.iter().filter(|issue| !issue.chances.is_empty());
    let rows: Vec<(f64, bool)> = stated()
        .flat_map(|issue| {
            issue
                .chances
                .iter()
                .copied()
                .zip(issue.picked.iter().copied())
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let count = rows.len() as f64;
    let picks = rows.iter().filter(|(_, picked)| *picked).count();
    let share = picks as f64 / count;
    let apart = |(chance, picked): &(f64, bool)| (chance - f64::from(u8::from(*picked))).powi(2);
    let mut from = 0.0;
    let levels = ENDS.map(|to| {
        let is_in = |chance: f64| chance >= from && (chance < to || to >= 1.0);
        let own: Vec<&(f64, bool)> = rows.iter().filter(|(chance, _)| is_in(*chance)).collect();
        let number = own.len().max(1) as f64;
        let level = Level {
            from,
            to,
            candidates: own.len(),
            chance: own.iter().map(|(chance, _)| chance).sum::<f64>() / number,
            picked: own.iter().filter(|(_, picked)| *picked).count() as f64 / number,
        };
        from = to;
        level
    });
    Some(Reliability {
        issues: stated().count(),
        chances: rows.iter().map(|(chance, _)| chance).sum(),
        picks,
        brier: rows.iter().map(apart).sum::<f64>() / count,
        brier_of_share: share * (1.0 - share),
        levels: levels
            .into_iter()
            .filter(|level| level.candidates > 0)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_how_often_chances_come_true() {
        let issue = |chances: &[f64], picked: &[bool]| Scored {
            day: 0,
            candidates: (0..chances.len()).collect(),
            scores: chances.to_vec(),
            picked: picked.to_vec(),
            chances: chances.to_vec(),
        };
        let unstated = Scored {
            chances: Vec::new(),
            ..issue(&[0.9], &[true])
        };
        let found = reliability(&[
            issue(&[0.5, 0.5, 0.0], &[true, false, false]),
            issue(&[1.0], &[true]),
            unstated.clone(),
        ])
        .unwrap();
        assert_eq!((found.issues, found.picks), (2, 2));
        assert!((found.chances - 2.0).abs() < 1e-12);
        assert!((found.brier - 0.125).abs() < 1e-12);
        assert!((found.brier_of_share - 0.25).abs() < 1e-12);
        let levels: Vec<(usize, f64)> = found
            .levels
            .iter()
            .map(|it| (it.candidates, it.picked))
            .collect();
        assert_eq!(levels, [(1, 0.0), (2, 0.5), (1, 1.0)]);
        assert_eq!(reliability(&[unstated]), None);
    }
}
