//! What was measured, as a table.

use std::fmt::Write as _;

use serde::Serialize;

use super::measure::Mean;
use super::reliability::Reliability;
use super::replay::Scored;

/// What is known of one newsletter.
#[derive(Debug, Serialize)]
pub struct Table {
    /// Its name.
    pub newsletter: String,
    /// How many issues could be measured.
    pub issues: usize,
    /// Ours first.
    pub rankers: Vec<Line>,
    /// Whether the chances that ours states come true; none where it states none.
    pub chances: Option<Reliability>,
    #[serde(skip)]
    /// Each issue, as ours ranked it.
    pub scored: Vec<Scored>,
}

/// How well one ranker did.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its name.
    pub ranker: String,
    #[serde(flatten)]
    /// Its measures over all issues, with their intervals of 95 %.
    pub mean: Mean,
}

impl Table {
    /// A table for people: each measure with its interval of 95 %.
    pub fn text(&self) -> String {
        let mut text = format!("{}: {}\n", self.newsletter, issues(self.issues));
        let _ = writeln!(
            text,
            "  {:<38} {:<20} {:<20} {:<20} MAP",
            "", "nDCG@20", "recall@20", "recall@50"
        );
        for line in &self.rankers {
            let Mean { mean, low, high } = &line.mean;
            let cell = |mean: f64, low: f64, high: f64| format!("{mean:.3} ({low:.3}-{high:.3})");
            let _ = writeln!(
                text,
                "  {:<38} {:<20} {:<20} {:<20} {:.3}",
                line.ranker,
                cell(mean.ndcg_20, low.ndcg_20, high.ndcg_20),
                cell(mean.recall_20, low.recall_20, high.recall_20),
                cell(mean.recall_50, low.recall_50, high.recall_50),
                mean.precision
            );
        }
        if let Some(chances) = &self.chances {
            text.push_str(&chances.text());
        }
        text
    }
}

impl Reliability {
    /// How chances came true, for people.
    fn text(&self) -> String {
        let mut text = format!(
            "  chances of {}: they add up to {:.1}, {} were picked; Brier score {:.4} ({:.4} if all \
             had the same)\n",
            issues(self.issues),
            self.chances,
            self.picks,
            self.brier,
            self.brier_of_share,
        );
        for level in &self.levels {
            let _ = writeln!(
                text,
                "    {:>3.0} to {:>3.0} %: {:>7} candidates, {:>5.1} % stated, {:>5.1} % picked",
                level.from * 100.0,
                level.to * 100.0,
                level.candidates,
                level.chance * 100.0,
                level.picked * 100.0,
            );
        }
        text
    }
}

fn issues(number: usize) -> String {
    if number == 1 {
        "1 issue".to_owned()
    } else {
        format!("{number} issues")
    }
}
