//! What is learned from: issue by issue, that what was picked stands above what was not.

use rayon::prelude::*;

use super::catalog::Matrix;
use super::signals::{COUNT, Signals};

/// One thing that was available for an issue.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its row in the catalog.
    pub(super) document: u32,
    /// Whether the issue picked it.
    pub(super) picked: bool,
    /// How much it counts.
    pub(super) weight: f32,
    /// The curator who picked it, by number.
    pub(super) by: u32,
    /// What else is known of it.
    pub(super) signals: Signals,
}

/// What was available for one issue.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The day of the issue.
    pub(super) day: i32,
    /// Everything that was available.
    pub(super) rows: Vec<Row>,
}

/// All that is to be learned from.
pub(super) struct Lesson<'a> {
    pub(super) matrix: &'a Matrix,
    pub(super) windows: &'a [Window],
    /// How much each window counts.
    pub(super) weights: &'a [f64],
    /// What the weights are without any data.
    pub(super) prior: &'a [f64],
}

impl Lesson<'_> {
    /// How badly weights (of signals, then of columns) explain what was picked, and the slope.
    ///
    /// For every pick, the negative logarithm of its share among itself and all that was not
    /// picked; and half the squared distance from the prior.
    pub(super) fn loss(&self, at: &[f64], slope: &mut [f64]) -> f64 {
        let (signal_weights, column_weights) = at.split_at(COUNT);
        let rows = self.matrix.starts.len() - 1;
        let document_scores: Vec<f64> = (0..rows)
            .into_par_iter()
            .map(|row| self.matrix.dot(row, column_weights))
            .collect();
        let taught: Vec<(f64, Vec<f64>)> = self
            .windows
            .par_iter()
            .zip(self.weights)
            .map(|(window, weight)| {
                let score = |row: &Row| {
                    document_scores[row.document as usize]
                        + signal_score(&row.signals, signal_weights)
                };
                softmax(
                    &window.rows,
                    window.rows.iter().map(score).collect(),
                    *weight,
                )
            })
            .collect();
        let (slope_of_signals, slope_of_columns) = slope.split_at_mut(COUNT);
        slope_of_signals.fill(0.0);
        let mut document_slopes = vec![0.0_f64; rows];
        let mut loss = 0.0;
        for (window, (own, slopes)) in self.windows.iter().zip(taught) {
            loss += own;
            for (row, slope) in window.rows.iter().zip(slopes) {
                document_slopes[row.document as usize] += slope;
                for (sum, signal) in slope_of_signals.iter_mut().zip(&row.signals) {
                    *sum += slope * f64::from(*signal);
                }
            }
        }
        self.spread(&document_slopes, slope_of_columns);
        for ((slope, weight), prior) in slope.iter_mut().zip(at).zip(self.prior) {
            let distance = weight - prior;
            loss += 0.5 * distance * distance;
            *slope += distance;
        }
        loss
    }

    /// Adds the slopes of documents up to those of columns, in two halves: two threads, and the
    /// same sums on any machine.
    fn spread(&self, slopes: &[f64], columns: &mut [f64]) {
        let half = |range: std::ops::Range<usize>, columns: &mut [f64]| {
            columns.fill(0.0);
            for (row, slope) in range.clone().zip(&slopes[range]) {
                if *slope != 0.0 {
                    for (column, value) in self.matrix.row(row) {
                        columns[column as usize] += slope * f64::from(value);
                    }
                }
            }
        };
        let middle = slopes.len() / 2;
        let mut other = vec![0.0; columns.len()];
        rayon::join(
            || half(0..middle, columns),
            || half(middle..slopes.len(), &mut other),
        );
        for (column, other) in columns.iter_mut().zip(other) {
            *column += other;
        }
    }
}

/// What signals add to a score.
pub(super) fn signal_score(signals: &Signals, weights: &[f64]) -> f64 {
    signals
        .iter()
        .zip(weights)
        .map(|(signal, weight)| f64::from(*signal) * weight)
        .sum()
}

/// The loss of one window, and the slopes of its scores.
fn softmax(rows: &[Row], mut scores: Vec<f64>, weight: f64) -> (f64, Vec<f64>) {
    let mut loss = 0.0;
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in &mut scores {
        *score = (*score - most).exp();
    }
    let others: f64 = rows
        .iter()
        .zip(scores.iter())
        .filter(|(row, _)| !row.picked)
        .map(|(row, share)| share * f64::from(row.weight))
        .sum();
    let mut pull = 0.0;
    for (row, share) in rows.iter().zip(scores.iter()).filter(|(row, _)| row.picked) {
        let counts = weight * f64::from(row.weight);
        let total = share + others;
        loss += counts * (total.ln() - share.max(1e-300).ln());
        pull += counts / total;
    }
    for (row, share) in rows.iter().zip(scores.iter_mut()) {
        let counts = f64::from(row.weight);
        *share = if row.picked {
            weight * counts * (*share / (*share + others) - 1.0)
        } else {
            *share * counts * pull
        };
    }
    (loss, scores)
}
