//! What the learner is compared with: the newest, records alone, the centroid of past picks, and
//! a linear support vector machine over words, as arXiv Sanity has it.

use super::super::catalog::{Catalog, Matrix};
use super::super::descent::descend;
use super::super::features::{Facts, Group};
use super::super::records::{self, Keys, Of, Records};
use super::turns::{Replay, Turn};

/// A simple ranker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The newest first.
    Newest,
    /// The share of picks of source, site, authors and labels.
    Record,
    /// TF-IDF, nearness to the mean of past picks.
    Centroid,
    /// TF-IDF and a linear support vector machine: past picks against everything else.
    Machine,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Newest, Self::Record, Self::Centroid, Self::Machine];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Record => "record of source, site, author, label",
            Self::Centroid => "TF-IDF centroid of past picks",
            Self::Machine => "TF-IDF and linear SVM",
        }
    }

    pub(super) fn replay(
        self,
        what: &Replay<'_>,
        order: &[usize],
        turns: &[Turn<'_>],
        keep: &mut dyn FnMut(&Turn<'_>, Vec<f64>),
    ) {
        match self {
            Self::Newest => newest(what, order, turns, keep),
            Self::Record => record(what, order, turns, keep),
            Self::Centroid | Self::Machine => words(self, what, order, turns, keep),
        }
    }
}

type Keep<'a> = dyn FnMut(&Turn<'_>, Vec<f64>) + 'a;

fn newest(what: &Replay<'_>, order: &[usize], turns: &[Turn<'_>], keep: &mut Keep<'_>) {
    for turn in turns.iter().filter(|turn| turn.counts) {
        #[expect(clippy::cast_precision_loss, reason = "seconds are below 2^52")]
        let second = |place: &usize| what.items[order[*place]].published.timestamp() as f64;
        keep(turn, turn.candidates.iter().map(second).collect());
    }
}

fn record(what: &Replay<'_>, order: &[usize], turns: &[Turn<'_>], keep: &mut Keep<'_>) {
    let keys: Vec<Keys> = order
        .iter()
        .map(|at| records::keys(&Facts::from(&what.items[*at])))
        .collect();
    let mut records = Records::default();
    let mut offered = 0;
    for turn in turns {
        if turn.counts {
            let score = |place: &usize| {
                keys[*place]
                    .iter()
                    .filter(|(of, _)| *of != Of::Tags)
                    .map(|(_, key)| records.log_odds(records.of(*key), 5.0))
                    .sum()
            };
            keep(turn, turn.candidates.iter().map(score).collect());
        }
        for own in &keys[offered..turn.visible] {
            records.offer(own);
        }
        offered = turn.visible;
        for (place, _) in turn
            .candidates
            .iter()
            .zip(&turn.picked)
            .filter(|(_, picked)| **picked)
        {
            records.pick(&keys[*place]);
        }
    }
}

/// Entries and past readings, word by word: how near the first are to the second.
pub(super) struct Archive {
    catalog: Catalog,
    scales: [f32; Group::ALL.len()],
    picked: Vec<bool>,
}

impl Archive {
    /// One that knows entries.
    pub(super) fn of<'a>(
        entries: impl Iterator<Item = Facts<'a>>,
        scales: [f32; Group::ALL.len()],
    ) -> Self {
        let mut archive = Self {
            catalog: Catalog::default(),
            scales,
            picked: Vec::new(),
        };
        for facts in entries {
            archive.catalog.push(&facts, &archive.scales);
            archive.picked.push(false);
        }
        archive
    }

    /// Adds past readings.
    pub(super) fn add<'a>(&mut self, readings: impl Iterator<Item = Facts<'a>>) {
        for facts in readings {
            self.catalog.push(&facts, &self.scales);
            self.picked.push(true);
        }
    }

    /// For the first `count` entries, the cosine with the mean of past readings.
    pub(super) fn nearness(&self, count: usize) -> Vec<f64> {
        let matrix = self.catalog.matrix(&self.scales);
        let columns = centroid(&matrix, &self.picked);
        (0..count).map(|row| matrix.dot(row, &columns)).collect()
    }
}

/// Both rankers over words.
fn words(
    baseline: Baseline,
    what: &Replay<'_>,
    order: &[usize],
    turns: &[Turn<'_>],
    keep: &mut Keep<'_>,
) {
    let mut scales = [0.0; Group::ALL.len()];
    scales[Group::AnyWord as usize] = 1.0;
    let mut catalog = Catalog::default();
    // Rows of the catalog: those of entries, and whether a row was picked.
    let mut rows = Vec::with_capacity(order.len());
    let mut picked = Vec::new();
    let mut weights = Vec::new();
    for turn in turns {
        for at in &order[rows.len()..turn.visible] {
            rows.push(catalog.push(&Facts::from(&what.items[*at]), &scales));
            picked.push(false);
        }
        if turn.counts {
            let matrix = catalog.matrix(&scales);
            let columns = match baseline {
                Baseline::Machine => machine(&matrix, &picked, &catalog, &mut weights),
                _ => centroid(&matrix, &picked),
            };
            let score = |place: &usize| matrix.dot(rows[*place], &columns);
            keep(turn, turn.candidates.iter().map(score).collect());
        }
        for (place, _) in turn
            .candidates
            .iter()
            .zip(&turn.picked)
            .filter(|(_, picked)| **picked)
        {
            picked[rows[*place]] = true;
        }
        for pick in turn.picks.iter().filter(|pick| pick.item.is_none()) {
            catalog.push(&Facts::from(*pick), &scales);
            picked.push(true);
        }
    }
}

fn centroid(matrix: &Matrix, picked: &[bool]) -> Vec<f64> {
    let mut sum = vec![0.0; matrix.width];
    for (row, _) in picked.iter().enumerate().filter(|(_, picked)| **picked) {
        for (column, value) in matrix.row(row) {
            sum[column as usize] += f64::from(value);
        }
    }
    sum
}

/// Squared hinge, both classes weighing the same, C = 0.1; it starts where it last ended.
fn machine(matrix: &Matrix, picked: &[bool], catalog: &Catalog, kept: &mut Vec<f64>) -> Vec<f64> {
    let mut start = vec![0.0; matrix.width + 1];
    for (weight, column) in kept.iter().zip(&matrix.column_of) {
        if let Some(own) = start.get_mut(*column as usize) {
            *own = *weight;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (total, good) = (
        picked.len() as f64,
        picked.iter().filter(|picked| **picked).count().max(1) as f64,
    );
    let weight = |picked: bool| {
        total
            / (2.0
                * if picked {
                    good
                } else {
                    (total - good).max(1.0)
                })
    };
    let found = descend(start, 30, |at, slope| {
        slope.copy_from_slice(at);
        let bias = matrix.width;
        slope[bias] = 0.0;
        let mut loss = 0.5 * at[..bias].iter().map(|w| w * w).sum::<f64>();
        for (row, picked) in picked.iter().enumerate().take(catalog.len()) {
            let side = if *picked { 1.0 } else { -1.0 };
            let short = 1.0 - side * (matrix.dot(row, at) + at[bias]);
            if short > 0.0 {
                let counts = 0.1 * weight(*picked);
                loss += counts * short * short;
                let pull = -2.0 * counts * side * short;
                slope[bias] += pull;
                for (column, value) in matrix.row(row) {
                    slope[column as usize] += pull * f64::from(value);
                }
            }
        }
        loss
    });
    *kept = matrix
        .column_of
        .iter()
        .map(|column| found.get(*column as usize).copied().unwrap_or(0.0))
        .collect();
    found
}
