//! How well suggestions would have predicted the archive's own picks.

use std::collections::HashSet;
use std::fmt::Write as _;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::error::Error;
use super::known::Known;
use crate::config::Config;
use crate::feeds::shown;
use crate::suggest::evaluate::{
    Baseline, Curve, Line, Ranker, Reliability, Replay, Scored, Table, mean, plot, reliability,
    replay,
};
use crate::suggest::{Item, Pick};

/// So many picks are learned from before anything is measured.
pub const LEAST_PICKS: usize = 10;
/// With fewer issues, nobody can tell luck from skill.
const LEAST_ISSUES: usize = 10;
/// Curators with fewer issues are not shown on their own.
const LEAST_OWN: usize = 3;

/// What came of the replay.
pub struct Outcome {
    /// How many readings the archive has.
    readings: usize,
    /// How many of them stand among what sources brought.
    known: usize,
    /// How many issues they are of.
    issues: usize,
    entries: usize,
    window_days: i32,
    /// Each ranker's lists, ours first; empty where no issue could be measured.
    rankers: Vec<(&'static str, Vec<Scored>)>,
    /// The same for what one curator picked.
    curators: Vec<Own>,
}

/// How well one curator's picks were predicted.
struct Own {
    curator: String,
    rankers: Vec<(&'static str, Vec<Scored>)>,
}

impl Outcome {
    /// Replays the archive over the store.
    ///
    /// # Errors
    ///
    /// Never, as long as each ranker knows its parts.
    pub fn of(known: &Known, items: &[Item]) -> Result<Self, Error> {
        let what = Replay {
            items,
            picks: &known.picks,
            window_days: known.window_days,
            least_picks: LEAST_PICKS,
            days: (i32::MIN / 2, i32::MAX / 2),
        };
        let all: Vec<(&'static str, Ranker<'_>)> =
            std::iter::once(("newsdesk", Ranker::Learner(&[])))
                .chain(Baseline::ALL.map(|baseline| (baseline.name(), Ranker::Baseline(baseline))))
                .collect();
        let mut rankers: Vec<(&'static str, Vec<Scored>)> = all
            .into_par_iter()
            .map(|(name, ranker)| {
                let scored = replay(&what, ranker);
                Ok((name, scored.map_err(Error::Refused)?))
            })
            .collect::<Result<_, Error>>()?;
        rankers.retain(|(_, scored)| !scored.is_empty());
        let there: HashSet<&str> = items.iter().map(|item| item.key.as_str()).collect();
        let is_known = |pick: &&Pick| {
            let item = pick.item.as_deref();
            item.is_some_and(|item| there.contains(item))
        };
        let issues: HashSet<_> = known.picks.iter().map(|pick| pick.issued).collect();
        Ok(Self {
            readings: known.picks.len(),
            known: known.picks.iter().filter(is_known).count(),
            issues: issues.len(),
            entries: items.len(),
            window_days: known.window_days,
            curators: known
                .curators
                .iter()
                .filter_map(|curator| own(curator, &known.picks, items, &rankers))
                .collect(),
            rankers,
        })
    }

    /// The picture; none where nothing could be measured.
    pub fn plot(&self, config: &Config) -> Option<String> {
        let curves: Vec<Curve<'_>> = self
            .rankers
            .iter()
            .map(|(name, issues)| Curve { name, issues })
            .collect();
        let title = format!("{}: nDCG@20", shown::line(&config.issues.newsletter.title));
        (!curves.is_empty()).then(|| plot(&title, &curves))
    }

    /// Whether the chances that ours states come true.
    fn chances(&self) -> Option<Reliability> {
        reliability(&self.rankers.first()?.1)
    }

    /// How many issues could be measured.
    fn measured(&self) -> usize {
        self.rankers.first().map_or(0, |(_, scored)| scored.len())
    }

    /// The figures, for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} of {} stand among the {} that sources brought; an entry counts as available for {}\n",
            self.known,
            count(self.readings, "past reading"),
            entries(self.entries),
            count(usize::try_from(self.window_days).unwrap_or(0), "day"),
        );
        if self.rankers.is_empty() {
            return text;
        }
        let _ = writeln!(text);
        let all = Table {
            chances: self.chances(),
            ..lines("all".to_owned(), &self.rankers)
        };
        text.push_str(&all.text());
        for own in &self.curators {
            text.push('\n');
            text.push_str(&lines(own.curator.clone(), &own.rankers).text());
        }
        text
    }

    /// What a person should make of it.
    pub fn verdict(&self) -> String {
        match self.judgement() {
            Judgement::Nothing => format!(
                "nothing can be judged yet: for none of {} is it known what else was available \
                 then, after at least {LEAST_PICKS} earlier picks\nhint: `newsdesk sources add \
                 --back 2y URL` brings the past of a source; each issue that is published while \
                 sources are polled counts",
                count(self.issues, "issue")
            ),
            Judgement::TooFew => format!(
                "too few to judge by: {} could be measured, and it takes {LEAST_ISSUES}; the \
                 ranges in brackets say how little is known",
                count(self.measured(), "issue")
            ),
            Judgement::Better => {
                "suggestions predict this archive better than newest first does".to_owned()
            }
            Judgement::NoBetter => "suggestions do not predict this archive better than newest \
                                    first does: read them with that in mind"
                .to_owned(),
        }
    }

    fn judgement(&self) -> Judgement {
        match self.measured() {
            0 => return Judgement::Nothing,
            few if few < LEAST_ISSUES => return Judgement::TooFew,
            _ => {}
        }
        let ours = mean(&self.rankers[0].1).low.ndcg_20;
        let newest = Baseline::Newest.name();
        let newest = self.rankers.iter().find(|(name, _)| *name == newest);
        if newest.is_some_and(|(_, scored)| ours > mean(scored).mean.ndcg_20) {
            Judgement::Better
        } else {
            Judgement::NoBetter
        }
    }

    /// The documented shape of `backtest --json`.
    pub fn json(&self) -> Value {
        let rankers = |rankers: &[(&'static str, Vec<Scored>)]| -> Value {
            rankers
                .iter()
                .map(|(name, scored)| json!(line(name, scored)))
                .collect()
        };
        json!({
            "readings": self.readings,
            "readings_among_entries": self.known,
            "issues": self.issues,
            "entries": self.entries,
            "window_days": self.window_days,
            "issues_measured": self.measured(),
            "judgement": match self.judgement() {
                Judgement::Nothing => "nothing",
                Judgement::TooFew => "too-few",
                Judgement::Better => "better",
                Judgement::NoBetter => "no-better",
            },
            "rankers": rankers(&self.rankers),
            "chances": self.chances(),
            "curators": self.curators.iter().map(|own| json!({
                "curator": own.curator,
                "issues_measured": own.rankers.first().map_or(0, |(_, scored)| scored.len()),
                "rankers": rankers(&own.rankers),
            })).collect::<Vec<_>>(),
        })
    }
}

/// What can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judgement {
    /// No issue could be measured.
    Nothing,
    /// Too few could.
    TooFew,
    /// Better than newest first, beyond doubt.
    Better,
    /// Not beyond doubt.
    NoBetter,
}

/// The same lists, held against what one curator picked; none where that is too little.
fn own(
    curator: &str,
    picks: &[Pick],
    items: &[Item],
    rankers: &[(&'static str, Vec<Scored>)],
) -> Option<Own> {
    let lower = curator.to_lowercase();
    let theirs: HashSet<&str> = picks
        .iter()
        .filter(|pick| {
            let name = pick.curator.as_ref();
            name.is_some_and(|name| name.to_lowercase() == lower)
        })
        .filter_map(|pick| pick.item.as_deref())
        .collect();
    let of_theirs = |scored: &Scored| {
        let picked: Vec<bool> = scored
            .picked
            .iter()
            .zip(&scored.candidates)
            .map(|(picked, item)| *picked && theirs.contains(items[*item].key.as_str()))
            .collect();
        picked.contains(&true).then(|| Scored {
            picked,
            ..scored.clone()
        })
    };
    let rankers: Vec<(&'static str, Vec<Scored>)> = rankers
        .iter()
        .map(|(name, scored)| (*name, scored.iter().filter_map(of_theirs).collect()))
        .collect();
    let measured = rankers.first().map_or(0, |(_, scored)| scored.len());
    (measured >= LEAST_OWN).then(|| Own {
        curator: shown::line(curator),
        rankers,
    })
}

fn line(name: &str, scored: &[Scored]) -> Line {
    Line {
        ranker: name.to_owned(),
        mean: mean(scored),
    }
}

fn lines(of: String, rankers: &[(&'static str, Vec<Scored>)]) -> Table {
    Table {
        newsletter: of,
        issues: rankers.first().map_or(0, |(_, scored)| scored.len()),
        rankers: rankers
            .iter()
            .map(|(name, scored)| line(name, scored))
            .collect(),
        chances: None,
        scored: Vec::new(),
    }
}

fn entries(number: usize) -> String {
    if number == 1 {
        "1 entry".to_owned()
    } else {
        format!("{number} entries")
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
