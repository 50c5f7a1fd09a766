//! Finds the least value of a smooth function: limited-memory BFGS.

use std::collections::VecDeque;

/// Steps that the shape of the function is estimated from.
const MEMORY: usize = 8;

/// Walks from `start` down to where `function` is least, in at most `steps` steps. `function`
/// returns its value and writes its slope.
pub(super) fn descend(
    start: Vec<f64>,
    steps: usize,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Vec<f64> {
    let mut at = start;
    let mut slope = vec![0.0; at.len()];
    let mut value = function(&at, &mut slope);
    let mut past: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::new();
    for step in 0..steps {
        let steepness = dot(&slope, &slope).sqrt();
        if steepness < 1e-5 {
            break;
        }
        let mut direction = towards(&slope, &past);
        let mut along = dot(&direction, &slope);
        if along >= 0.0 {
            direction = slope.iter().map(|part| -part).collect();
            along = -steepness * steepness;
            past.clear();
        }
        let mut length = if step == 0 {
            1.0 / steepness.max(1.0)
        } else {
            1.0
        };
        let mut next_slope = vec![0.0; at.len()];
        let mut found = None;
        for _ in 0..20 {
            let next: Vec<f64> = at
                .iter()
                .zip(&direction)
                .map(|(from, towards)| from + length * towards)
                .collect();
            let next_value = function(&next, &mut next_slope);
            if next_value <= value + 1e-4 * length * along {
                found = Some((next, next_value));
                break;
            }
            length *= 0.4;
        }
        let Some((next, next_value)) = found else {
            break;
        };
        let moved: Vec<f64> = next.iter().zip(&at).map(|(to, from)| to - from).collect();
        let turned: Vec<f64> = next_slope
            .iter()
            .zip(&slope)
            .map(|(to, from)| to - from)
            .collect();
        let curvature = dot(&moved, &turned);
        if curvature > 1e-12 {
            if past.len() == MEMORY {
                past.pop_front();
            }
            past.push_back((moved, turned, 1.0 / curvature));
        }
        let gain = value - next_value;
        at = next;
        slope = next_slope;
        value = next_value;
        if gain < 1e-7 * value.abs().max(1.0) {
            break;
        }
    }
    at
}

/// The direction of the next step: the slope, bent by what earlier steps told.
fn towards(slope: &[f64], past: &VecDeque<(Vec<f64>, Vec<f64>, f64)>) -> Vec<f64> {
    let mut direction: Vec<f64> = slope.iter().map(|part| -part).collect();
    let mut shares = Vec::with_capacity(past.len());
    for (moved, turned, inverse) in past.iter().rev() {
        let share = inverse * dot(moved, &direction);
        add(&mut direction, turned, -share);
        shares.push(share);
    }
    if let Some((_, turned, inverse)) = past.back() {
        let scale = 1.0 / (inverse * dot(turned, turned));
        for part in &mut direction {
            *part *= scale;
        }
    }
    for ((moved, turned, inverse), share) in past.iter().zip(shares.iter().rev()) {
        let other = inverse * dot(turned, &direction);
        add(&mut direction, moved, share - other);
    }
    direction
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], what: &[f64], times: f64) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += times * what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_valley() {
        let found = descend(vec![-1.2, 1.0], 200, |at, slope| {
            let (x, y) = (at[0], at[1]);
            slope[0] = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
            slope[1] = 200.0 * (y - x * x);
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        });
        assert!((found[0] - 1.0).abs() < 1e-3, "{found:?}");
        assert!((found[1] - 1.0).abs() < 1e-3, "{found:?}");
    }
}
