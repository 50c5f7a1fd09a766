//! What is learned from decisions before an issue follows them: an accepted entry stands above what
//! is available on the whole, a declined one below it.
//!
//! Nobody has looked through all that is available when the first decision is made, so that the
//! rest is not taken as passed over, as it is for an issue. The slope of each decision is bounded:
//! one of them moves what is like its entry a little, ten of one sort as far as they say.

use super::listwise::Row;

/// So many of the entries that are available are decisions held against.
pub(super) const OTHERS: usize = 512;

/// How much one decision counts beside a prior of one.
const COUNTS: f64 = 0.2;

/// One decision.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    /// The entry, with who decided.
    pub(super) row: Row,
    /// Whether it was accepted; declined else.
    pub(super) is_accepted: bool,
}

/// Decisions, and what is available beside their entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Lesson {
    pub(super) decided: Vec<Decided>,
    pub(super) others: Vec<Row>,
}

impl Lesson {
    /// The loss at the scores of `decided` and of `others`, and the slopes of both: for each
    /// decision the logistic loss of its distance from the mean of the others.
    pub(super) fn loss(&self, decided: &[f64], others: &[f64]) -> (f64, Vec<f64>, f64) {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let count = others.len().max(1) as f64;
        let mean = others.iter().sum::<f64>() / count;
        let mut loss = 0.0;
        let mut slopes = Vec::with_capacity(decided.len());
        for (own, score) in self.decided.iter().zip(decided) {
            let side = if own.is_accepted { 1.0 } else { -1.0 };
            let ahead = side * (score - mean);
            // ln(1 + e^-x) without overflow.
            loss += COUNTS * ((-ahead.abs()).exp().ln_1p() + (-ahead).max(0.0));
            slopes.push(-COUNTS * side / (1.0 + ahead.exp()));
        }
        let of_others = -slopes.iter().sum::<f64>() / count;
        (loss, slopes, of_others)
    }
}
