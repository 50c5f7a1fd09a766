//! What is learned from: issue by issue, that what was picked stands above what was not.

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
        let mut document_scores = vec![f64::NAN; rows];
        let mut document_slopes = vec![0.0_f64; rows];
        let mut signal_slopes = [0.0_f64; COUNT];
        let mut loss = 0.0;
        let mut scores = Vec::new();
        for (window, weight) in self.windows.iter().zip(self.weights) {
            scores.clear();
            for row in &window.rows {
                let known = &mut document_scores[row.document as usize];
                if known.is_nan() {
                    *known = self.matrix.dot(row.document as usize, column_weights);
                }
                scores.push(*known + signal_score(&row.signals, signal_weights));
            }
            let slopes = softmax(&window.rows, &mut scores, *weight, &mut loss);
            for (row, slope) in window.rows.iter().zip(slopes.iter()) {
                document_slopes[row.document as usize] += slope;
                for (sum, signal) in signal_slopes.iter_mut().zip(&row.signals) {
                    *sum += slope * f64::from(*signal);
                }
            }
        }
        let (slope_of_signals, slope_of_columns) = slope.split_at_mut(COUNT);
        slope_of_signals.copy_from_slice(&signal_slopes);
        slope_of_columns.fill(0.0);
        for (row, slope) in document_slopes.iter().enumerate() {
            if *slope != 0.0 {
                for (column, value) in self.matrix.row(row) {
                    slope_of_columns[column as usize] += slope * f64::from(value);
                }
            }
        }
        for ((slope, weight), prior) in slope.iter_mut().zip(at).zip(self.prior) {
            let distance = weight - prior;
            loss += 0.5 * distance * distance;
            *slope += distance;
        }
        loss
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

/// Adds the loss of one window, and turns its scores into slopes.
fn softmax<'a>(rows: &[Row], scores: &'a mut [f64], weight: f64, loss: &mut f64) -> &'a [f64] {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in scores.iter_mut() {
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
        *loss += counts * (total.ln() - share.max(1e-300).ln());
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
    scores
}
