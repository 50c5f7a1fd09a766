//! How good a ranking is: recall, nDCG, average precision.

/// How well one ranking, or many on average, put the picks on top.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// The share of the picks that are among the first 20.
    pub recall_20: f64,
    /// The share of the picks that are among the first 50.
    pub recall_50: f64,
    /// Normalized discounted cumulative gain of the first 20.
    pub ndcg_20: f64,
    /// Average precision over the whole list.
    pub precision: f64,
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
        .sum();
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
