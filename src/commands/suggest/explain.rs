//! `suggest --explain ID`: everything that makes up one score, with numbers that add up.

use std::fmt::Write as _;

use newsdesk::suggest::{Contribution, Reason, Why};
use serde_json::{Value, json};

use super::super::shown;
use super::sheet::{Row, date};
use super::show::row_json;
use newsdesk::desk::known::key;
use newsdesk::desk::rank::{Ranked, Ranker};

/// What is shown of an amount: this many are one.
const TICKS: f64 = 10_000.0;

/// One entry, explained.
pub(super) struct Explanation {
    row: Row,
    /// What its score is made of; none where it is no candidate.
    parts: Option<Vec<Contribution>>,
    /// Why it is not suggested.
    why_not: Option<String>,
    basis: String,
}

impl Explanation {
    /// What a ranking of this entry alone says of it.
    pub(super) fn of(desk: &Ranker<'_>, ranked: &Ranked, row: Row) -> Self {
        let key = key(newsdesk::model::EntryId(row.id));
        let suggestion = ranked.list.suggestions.iter().find(|it| it.key == key);
        let left = ranked.list.left_out.iter().find(|it| it.key == key);
        let is_away = desk.is_away(newsdesk::model::EntryId(row.id));
        Self {
            why_not: left
                .map(|left| why(&left.why))
                .or_else(|| is_away.then(|| "an issue or a draft has it".to_owned())),
            parts: suggestion.map(|it| it.contributions.clone()),
            row: suggestion
                .and_then(|it| Row::of(desk, ranked, it))
                .unwrap_or(row),
            basis: shown::line(&ranked.list.basis.to_string()),
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let row = &self.row;
        let mut text = format!("{}: {}\n", row.id, row.title);
        if let Some(url) = &row.url {
            let _ = writeln!(text, "{url}");
        }
        let _ = writeln!(text, "{}", row.place());
        if let Some(why) = &self.why_not {
            let _ = writeln!(text, "not suggested: {why}");
        }
        if let Some(parts) = &self.parts {
            text.push('\n');
            text.push_str(&sum(row.score, parts));
            if let Some(percent) = row.percent() {
                let _ = writeln!(text, "\nof those with such a score, {percent} were picked");
            }
        }
        let _ = writeln!(text, "\nrests on {}", self.basis);
        text
    }

    /// For programs: added up in their order, the amounts give the score, to the last bit.
    pub(super) fn json(&self) -> Value {
        let mut value = row_json(&self.row);
        let parts = self.parts.as_ref();
        if parts.is_none() {
            value["score"] = Value::Null;
        }
        value["contributions"] = parts.map_or(Value::Null, |parts| {
            parts
                .iter()
                .map(|part| json!({ "for": words(&part.reason), "amount": part.amount }))
                .collect()
        });
        value["not_suggested"] = json!(self.why_not);
        value["rests_on"] = json!(self.basis);
        value
    }
}

/// The parts, the largest first, and their sum. What is shown adds up: what is lost in rounding
/// stands in a line of its own.
fn sum(score: f64, parts: &[Contribution]) -> String {
    let ticks = |amount: f64| (amount * TICKS).round();
    let mut order: Vec<&Contribution> = parts.iter().collect();
    order.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()));
    let mut text = String::new();
    let mut left = ticks(score);
    let mut small = 0;
    for part in order {
        let own = ticks(part.amount);
        if own == 0.0 {
            small += 1;
            continue;
        }
        left -= own;
        let _ = writeln!(text, "{:>+9.4}  {}", own / TICKS, words(&part.reason));
    }
    if left != 0.0 || small > 0 {
        let what = match small {
            0 => "lost in rounding".to_owned(),
            1 => "one that is too small to show".to_owned(),
            small => format!("{small} that are too small to show"),
        };
        let _ = writeln!(text, "{:>+9.4}  {what}", (left + 0.0) / TICKS);
    }
    let _ = writeln!(text, "{:>+9.4}  in all", (ticks(score) + 0.0) / TICKS);
    text
}

/// A reason in words.
fn words(reason: &Reason) -> String {
    shown::line(&reason.to_string())
}

fn why(why: &Why) -> String {
    match why {
        Why::Read { title, day } => format!(
            "it is, or is nearly, “{}” of {}",
            shown::line(title),
            date(*day).format("%B %Y")
        ),
        Why::Accepted => "it, or the same story of another source, is accepted".to_owned(),
        Why::Declined => "it, or the same story of another source, was declined".to_owned(),
        Why::Later { until } => format!("it was put off until {}", until.format("%Y-%m-%d")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> i64 {
        let ticks = |line: &str| {
            let number = line.split_whitespace().next().expect("a number");
            let digits: String = number.chars().filter(|c| *c != '.' && *c != '+').collect();
            digits.parse::<i64>().expect("a number")
        };
        let lines: Vec<&str> = text.lines().collect();
        let (all, parts) = lines.split_last().expect("a sum");
        ticks(all) - parts.iter().map(|line| ticks(line)).sum::<i64>()
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
            let score = parts.iter().map(|part| part.amount).sum();
            proptest::prop_assert_eq!(added(&sum(score, &parts)), 0);
        }
    }
}
