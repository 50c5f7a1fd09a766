//! What is learned from: issue by issue, that what was picked stands above what was not.

use rayon::prelude::*;

use super::catalog::Matrix;
use super::decided;
use super::signals::{self, About, COUNT, Signals};

/// One thing that was available for an issue.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its row in the catalog.
    pub(super) document: u32,
    /// Whether the issue picked it.
    pub(super) picked: bool,
    /// Whether it is an entry of the window, and neither an older one nor a reading alone.
    pub(super) is_new: bool,
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

impl Window {
    /// How many of its entries were picked.
    pub(super) fn taken(&self) -> f64 {
        let picked = self.rows.iter().filter(|row| row.picked && row.is_new);
        picked.map(|row| f64::from(row.weight)).sum()
    }
}

/// All that is to be learned from.
pub(super) struct Lesson<'a> {
    pub(super) matrix: &'a Matrix,
    pub(super) windows: &'a [Window],
    /// Decisions that no issue has followed yet.
    pub(super) decided: &'a decided::Lesson,
    /// How much each window counts.
    pub(super) weights: &'a [f64],
    /// What the weights are without any data.
    pub(super) prior: &'a [f64],
    /// How much a past reading counts that no source carried.
    pub(super) readings: f64,
    /// Whether something is learned that all these readings have and no entry has. With it, an
    /// entry need not look like them for them to stand above it, so that they teach little;
    /// without it, they teach as much as they can.
    pub(super) sets_readings_apart: bool,
}

/// A number for an entry compared with other entries, and one for it compared with a past reading
/// that no source carried. Of such a reading only title, address and kind are known, so that is all
/// that such a comparison looks at: what every entry has and no reading can have (an author, a
/// summary, an age) must not be learned to speak against an entry.
#[derive(Clone, Copy, Debug, Default)]
struct Both {
    whole: f64,
    shared: f64,
}

impl Lesson<'_> {
    /// How badly weights (of signals, then of columns) explain what was picked, and the slope.
    ///
    /// For every pick, the negative logarithm of its share among itself and all that was not
    /// picked; and half the squared distance from the prior.
    pub(super) fn loss(&self, at: &[f64], slope: &mut [f64]) -> f64 {
        let (signal_weights, column_weights) = at.split_at(COUNT);
        let is_shared: [bool; COUNT] = std::array::from_fn(|place| self.is_shared(place));
        let shared_weights: [f64; COUNT] =
            std::array::from_fn(|place| if is_shared[place] { at[place] } else { 0.0 });
        let rows = self.matrix.starts.len() - 1;
        let document_scores: Vec<Both> = (0..rows)
            .into_par_iter()
            .map(|row| {
                let [shared, rest] = self.matrix.dots(row, column_weights);
                let whole = shared + rest;
                Both { whole, shared }
            })
            .collect();
        let score = |row: &Row| {
            let document = document_scores[row.document as usize];
            Both {
                whole: document.whole + signal_score(&row.signals, signal_weights),
                shared: document.shared + signal_score(&row.signals, &shared_weights),
            }
        };
        let taught: Vec<(f64, Vec<Both>)> = self
            .windows
            .par_iter()
            .zip(self.weights)
            .map(|(window, weight)| {
                let scores: Vec<Both> = window.rows.iter().map(score).collect();
                taught(&window.rows, &scores, *weight, self.readings)
            })
            .collect();
        let (slope_of_signals, slope_of_columns) = slope.split_at_mut(COUNT);
        slope_of_signals.fill(0.0);
        let mut document_slopes = vec![Both::default(); rows];
        let mut loss = 0.0;
        for (window, (own, slopes)) in self.windows.iter().zip(taught) {
            loss += own;
            for (row, slope) in window.rows.iter().zip(slopes) {
                let document = &mut document_slopes[row.document as usize];
                document.whole += slope.whole;
                document.shared += slope.shared;
                for (place, (sum, signal)) in
                    slope_of_signals.iter_mut().zip(&row.signals).enumerate()
                {
                    let slope = if is_shared[place] {
                        slope.whole + slope.shared
                    } else {
                        slope.whole
                    };
                    *sum += slope * f64::from(*signal);
                }
            }
        }
        loss += self.decisions(at, &document_scores, slope_of_signals, &mut document_slopes);
        self.spread(&document_slopes, slope_of_columns);
        for ((slope, weight), prior) in slope.iter_mut().zip(at).zip(self.prior) {
            let distance = weight - prior;
            loss += 0.5 * distance * distance;
            *slope += distance;
        }
        loss
    }

    /// The loss of decisions; their slopes are added.
    fn decisions(
        &self,
        at: &[f64],
        document_scores: &[Both],
        slope_of_signals: &mut [f64],
        document_slopes: &mut [Both],
    ) -> f64 {
        let score = |row: &Row| {
            document_scores[row.document as usize].whole + signal_score(&row.signals, &at[..COUNT])
        };
        let decided: Vec<f64> = self
            .decided
            .decided
            .iter()
            .map(|own| score(&own.row))
            .collect();
        let others: Vec<f64> = self.decided.others.iter().map(score).collect();
        let (loss, slopes, of_others) = self.decided.loss(&decided, &others);
        let mut add = |row: &Row, slope: f64| {
            document_slopes[row.document as usize].whole += slope;
            for (sum, signal) in slope_of_signals.iter_mut().zip(&row.signals) {
                *sum += slope * f64::from(*signal);
            }
        };
        for (own, slope) in self.decided.decided.iter().zip(slopes) {
            add(&own.row, slope);
        }
        for row in &self.decided.others {
            add(row, of_others);
        }
        loss
    }

    /// Whether the number at a place counts where an entry is compared with a past reading.
    fn is_shared(&self, place: usize) -> bool {
        match signals::about(place) {
            About::Archived => self.sets_readings_apart,
            _ => signals::is_of_readings(place),
        }
    }

    /// Adds the slopes of documents up to those of columns, in two halves: two threads, and the
    /// same sums on any machine.
    fn spread(&self, slopes: &[Both], columns: &mut [f64]) {
        let half = |range: std::ops::Range<usize>, columns: &mut [f64]| {
            columns.fill(0.0);
            for (row, slope) in range.clone().zip(&slopes[range]) {
                let [shared, rest] = self.matrix.parts(row);
                for (part, slope) in [(shared, slope.whole + slope.shared), (rest, slope.whole)] {
                    if slope != 0.0 {
                        for (column, value) in part {
                            columns[column as usize] += slope * f64::from(value);
                        }
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
fn taught(rows: &[Row], scores: &[Both], weight: f64, readings: f64) -> (f64, Vec<Both>) {
    let is_reading = |row: &Row| signals::is_reading(&row.signals);
    let whole = scores.iter().map(|score| score.whole).collect();
    let (mut loss, whole) = softmax(rows, whole, weight, |row| !is_reading(row));
    let mut slopes: Vec<Both> = whole
        .into_iter()
        .map(|whole| Both { whole, shared: 0.0 })
        .collect();
    if rows.iter().any(is_reading) {
        let shared = scores.iter().map(|score| score.shared).collect();
        let (own, shared) = softmax(rows, shared, weight * readings, is_reading);
        loss += own;
        for (slope, shared) in slopes.iter_mut().zip(shared) {
            slope.shared = shared;
        }
    }
    (loss, slopes)
}

/// The loss of these picks of a window, and the slopes of its scores.
fn softmax(
    rows: &[Row],
    mut scores: Vec<f64>,
    weight: f64,
    of: impl Fn(&Row) -> bool,
) -> (f64, Vec<f64>) {
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
    let picks = rows.iter().zip(scores.iter());
    for (row, share) in picks.filter(|(row, _)| row.picked && of(row)) {
        let counts = weight * f64::from(row.weight);
        let total = share + others;
        loss += counts * (total.ln() - share.max(1e-300).ln());
        pull += counts / total;
    }
    for (row, share) in rows.iter().zip(scores.iter_mut()) {
        let counts = f64::from(row.weight);
        *share = match row.picked {
            true if of(row) => weight * counts * (*share / (*share + others) - 1.0),
            true => 0.0,
            false => *share * counts * pull,
        };
    }
    (loss, scores)
}
