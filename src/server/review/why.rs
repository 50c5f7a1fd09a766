//! Why something is suggested: the parts of its score as bars that add up to it.

use crate::feeds::shown;
use crate::suggest::Contribution;

/// What is shown of an amount: so many are one.
const TICKS: f64 = 100.0;

/// So many parts are shown; the rest is one.
const MOST: usize = 12;

/// The width of the widest bar, to each side of the middle.
const HALF: f64 = 50.0;

/// What a score is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Why {
    /// The parts, the largest first.
    pub(super) bars: Vec<Bar>,
    /// The score.
    pub(super) sum: String,
}

/// One part.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bar {
    /// What it is for.
    pub(super) what: String,
    /// How much it adds.
    pub(super) amount: String,
    /// Where its bar begins, of a hundred.
    pub(super) x: String,
    /// How wide it is, of a hundred.
    pub(super) width: String,
    /// Whether it speaks against.
    pub(super) is_against: bool,
    ticks: f64,
}

impl Why {
    /// The parts of a score. What is shown adds up: what is lost in rounding stands with the parts
    /// that are too small to be named.
    pub(super) fn of(score: f64, parts: &[Contribution]) -> Self {
        let ticks = |amount: f64| (amount * TICKS).round();
        let mut order: Vec<&Contribution> = parts.iter().collect();
        order.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()));
        let named = order.iter().take(MOST).filter(|it| ticks(it.amount) != 0.0);
        let mut bars: Vec<Bar> = named
            .map(|part| Bar::new(shown::line(&part.reason.to_string()), ticks(part.amount)))
            .collect();
        let small = order.len() - bars.len();
        let left = ticks(score) - bars.iter().map(|bar| bar.ticks).sum::<f64>();
        if left != 0.0 {
            let what = match small {
                0 => "lost in rounding".to_owned(),
                1 => "a smaller one".to_owned(),
                small => format!("{small} smaller ones"),
            };
            bars.push(Bar::new(what, left));
        }
        let widest = bars.iter().map(|bar| bar.ticks.abs()).fold(1.0, f64::max);
        for bar in &mut bars {
            let width = bar.ticks.abs() / widest * HALF;
            let x = if bar.is_against { HALF - width } else { HALF };
            bar.width = format!("{width:.1}");
            bar.x = format!("{x:.1}");
        }
        Self {
            bars,
            sum: amount(ticks(score)),
        }
    }
}

impl Bar {
    fn new(what: String, ticks: f64) -> Self {
        Self {
            what,
            amount: amount(ticks),
            is_against: ticks < 0.0,
            ticks,
            ..Self::default()
        }
    }
}

/// With a sign that is as wide as the other.
fn amount(ticks: f64) -> String {
    // Without the sign of a zero.
    let ticks = ticks + 0.0;
    let sign = if ticks < 0.0 { "−" } else { "+" };
    format!("{sign}{:.2}", (ticks / TICKS).abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::Reason;

    fn read(amount: &str) -> i64 {
        let digits: String = amount.chars().filter(char::is_ascii_digit).collect();
        let number: i64 = digits.parse().expect("a number");
        if amount.starts_with('−') {
            -number
        } else {
            number
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_adds_up(amounts in proptest::collection::vec(-3.0..3.0_f64, 0..60)) {
            let parts: Vec<Contribution> = amounts
                .iter()
                .map(|amount| Contribution {
                    reason: Reason::Word("word".to_owned()),
                    // Many are tiny.
                    amount: amount.powi(9) / 100.0,
                })
                .collect();
            let score: f64 = parts.iter().map(|part| part.amount).sum();
            let why = Why::of(score, &parts);
            let shown: i64 = why.bars.iter().map(|bar| read(&bar.amount)).sum();
            proptest::prop_assert_eq!(shown, read(&why.sum));
        }
    }

    #[test]
    fn bars_lie_to_both_sides_of_the_middle() {
        let part = |word: &str, amount: f64| Contribution {
            reason: Reason::Word(word.to_owned()),
            amount,
        };
        let why = Why::of(1.0, &[part("for", 2.0), part("against", -1.0)]);
        let shown: Vec<String> = why
            .bars
            .iter()
            .map(|bar| format!("{} {} {} {}", bar.what, bar.amount, bar.x, bar.width))
            .collect();
        assert_eq!(
            shown,
            ["word: for +2.00 50.0 50.0", "word: against −1.00 25.0 25.0"]
        );
        assert_eq!(why.sum, "+1.00");
    }
}
