//! From scores to chances: how often what had such a score was picked.

use serde::{Deserialize, Serialize};

/// A logistic curve over scores (Platt's).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Chance {
    offset: f64,
    slope: f64,
}

impl Chance {
    /// The curve that fits scores of which it is known whether they were picked, each with how
    /// much it counts; none where they teach nothing.
    pub(super) fn of(scores: &[(f64, bool, f64)]) -> Option<Self> {
        let picked: f64 = scores.iter().filter(|row| row.1).map(|row| row.2).sum();
        let total: f64 = scores.iter().map(|row| row.2).sum();
        if picked < 5.0 || total - picked < 5.0 {
            return None;
        }
        let mut curve = Self {
            offset: (picked / (total - picked)).ln(),
            slope: 0.0,
        };
        // Newton's steps; the ridge keeps them small where all scores are the same.
        for _ in 0..50 {
            let mut slopes = [0.0, 0.01 * (1.0 - curve.slope)];
            let mut bends = [0.0, 0.0, 0.01];
            for (score, was_picked, counts) in scores {
                let chance = curve.at(*score);
                let error = counts * (f64::from(u8::from(*was_picked)) - chance);
                let bend = counts * chance * (1.0 - chance);
                slopes[0] += error;
                slopes[1] += error * score;
                bends[0] += bend;
                bends[1] += bend * score;
                bends[2] += bend * score * score;
            }
            let area = bends[0] * bends[2] - bends[1] * bends[1];
            if area.abs() < 1e-9 {
                break;
            }
            let step = (bends[2] * slopes[0] - bends[1] * slopes[1]) / area;
            let tilt = (bends[0] * slopes[1] - bends[1] * slopes[0]) / area;
            curve.offset += step.clamp(-1.0, 1.0);
            curve.slope += tilt.clamp(-0.5, 0.5);
            if step.abs() + tilt.abs() < 1e-9 {
                break;
            }
        }
        (curve.slope > 0.0).then_some(curve)
    }

    /// The chance at a score.
    pub(super) fn at(self, score: f64) -> f64 {
        1.0 / (1.0 + (-(self.offset + self.slope * score)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_is_how_often_it_happened() {
        let mut scores = Vec::new();
        for at in 0..1000 {
            scores.push((0.0, at % 10 == 0, 1.0));
            scores.push((2.0, at % 2 == 0, 1.0));
        }
        let chance = Chance::of(&scores).unwrap();
        assert!((chance.at(0.0) - 0.1).abs() < 0.01, "{chance:?}");
        assert!((chance.at(2.0) - 0.5).abs() < 0.01, "{chance:?}");
        assert_eq!(Chance::of(&scores[..2]), None);
    }
}
