//! A cold start: a store that begins the day before an issue, with no more than feeds hold on that
//! day, and an archive that is known from titles and addresses alone.

use std::collections::HashMap;

use rayon::prelude::*;

use super::super::features::{Facts, Group};
use super::super::learner::{Learner, Read};
use super::super::tuning::Tuning;
use super::super::{Item, Pick};
use super::baselines::Archive;
use super::replay::Scored;
use super::turns::{Replay, Turn, in_order, turns};

/// So many of its newest entries does the feed of a source hold.
const HOLDS: usize = 20;

/// How many issues are measured after each start.
pub(super) const ISSUES: usize = 3;

/// Stores are begun before so many issues, spread evenly.
const STARTS: usize = 12;

/// Who ranks after a cold start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cold {
    /// The learner.
    Learner,
    /// The learner, told that all entries had been there when they appeared: that nobody picked
    /// one would then be an answer.
    AbsenceIsAnAnswer,
    /// The newest first.
    Newest,
    /// TF-IDF, nearness to the mean of past readings.
    Centroid,
}

impl Cold {
    /// All of them, ours first.
    pub const ALL: [Self; 4] = [
        Self::Learner,
        Self::AbsenceIsAnAnswer,
        Self::Newest,
        Self::Centroid,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Learner => "newsdesk",
            Self::AbsenceIsAnAnswer => "the same, absence taken as an answer",
            Self::Newest => "newest first",
            Self::Centroid => "TF-IDF centroid of past readings",
        }
    }
}

/// Starts a store before each of some issues and ranks for it and the two that follow: of each,
/// what was measured for the first, the second and the third issue.
pub fn cold(what: &Replay<'_>, ranker: Cold) -> [Vec<Scored>; ISSUES] {
    let order = in_order(what.items);
    let turns = turns(what, &order);
    let counting: Vec<usize> = (0..turns.len())
        .filter(|at| turns[*at].counts && at + ISSUES <= turns.len())
        .collect();
    let step = counting.len().div_ceil(STARTS).max(1);
    let starts: Vec<usize> = counting.into_iter().step_by(step).collect();
    let found: Vec<Vec<Option<Scored>>> = starts
        .par_iter()
        .map(|start| Start::at(what, &order, &turns, *start).run(ranker))
        .collect();
    let mut issues: [Vec<Scored>; ISSUES] = Default::default();
    for one in found {
        for (all, own) in issues.iter_mut().zip(one) {
            all.extend(own);
        }
    }
    issues
}

/// One start.
struct Start<'a> {
    what: &'a Replay<'a>,
    turns: &'a [Turn<'a>],
    /// The first issue that is ranked for.
    first: usize,
    /// Its day before: when the store begins.
    day: i32,
    /// What the store ever holds, by place among the items, in the order of time.
    held: Vec<usize>,
}

impl<'a> Start<'a> {
    fn at(what: &'a Replay<'a>, order: &[usize], turns: &'a [Turn<'a>], first: usize) -> Self {
        let day = turns[first].day - 1;
        let mut in_feed: HashMap<&str, usize> = HashMap::new();
        let mut held: Vec<usize> = order
            .iter()
            .rev()
            .copied()
            .filter(|at| {
                let item = &what.items[*at];
                let count = in_feed.entry(&item.source).or_default();
                if item.day() <= day {
                    *count += 1;
                }
                *count <= HOLDS
            })
            .collect();
        held.reverse();
        Self {
            what,
            turns,
            first,
            day,
            held,
        }
    }

    /// The item as the store has it.
    fn item(&self, at: usize, ranker: Cold) -> Item {
        let item = self.what.items[at].clone();
        let began = chrono::DateTime::from_timestamp(i64::from(self.day) * 86_400, 0);
        Item {
            seen: began.filter(|_| ranker != Cold::AbsenceIsAnAnswer),
            ..item
        }
    }

    fn run(&self, ranker: Cold) -> Vec<Option<Scored>> {
        match ranker {
            Cold::Learner | Cold::AbsenceIsAnAnswer => self.learned(ranker),
            Cold::Newest => self.simple(|_, at| {
                #[expect(clippy::cast_precision_loss, reason = "seconds are below 2^52")]
                let second = self.what.items[at].published.timestamp() as f64;
                second
            }),
            Cold::Centroid => {
                let mut scales = [0.0; Group::ALL.len()];
                scales[Group::AnyWord as usize] = 1.0;
                let entries = self
                    .held
                    .iter()
                    .map(|at| Facts::from(&self.what.items[*at]));
                let mut archive = Archive::of(entries, scales);
                for turn in &self.turns[..self.first] {
                    archive.add(turn.picks.iter().map(|pick| Facts::from(*pick)));
                }
                let scores = archive.nearness(self.held.len());
                self.simple(|place, _| scores[place])
            }
        }
    }

    /// What stands among the candidates for an issue, by place in `held`.
    fn candidates(&self, issue: usize) -> Vec<usize> {
        let turn = &self.turns[issue];
        let oldest = turn.day - self.what.window_days + 1;
        let taken = |item: &Item| {
            let earlier = self.turns[..issue].iter().flat_map(|turn| &turn.picks);
            earlier
                .filter_map(|pick| pick.item.as_deref())
                .any(|key| key == item.key)
        };
        (0..self.held.len())
            .filter(|place| {
                let item = &self.what.items[self.held[*place]];
                (oldest..=turn.day).contains(&item.day()) && !taken(item)
            })
            .collect()
    }

    fn scored(&self, issue: usize, score: impl Fn(usize, usize) -> f64) -> Option<Scored> {
        let turn = &self.turns[issue];
        let candidates = self.candidates(issue);
        let own: Vec<&str> = turn
            .picks
            .iter()
            .filter_map(|pick| pick.item.as_deref())
            .collect();
        let picked: Vec<bool> = candidates
            .iter()
            .map(|place| own.contains(&self.what.items[self.held[*place]].key.as_str()))
            .collect();
        picked.contains(&true).then(|| Scored {
            day: turn.day,
            scores: candidates
                .iter()
                .map(|place| score(*place, self.held[*place]))
                .collect(),
            candidates: candidates.iter().map(|place| self.held[*place]).collect(),
            picked,
            chances: Vec::new(),
        })
    }

    fn simple(&self, score: impl Fn(usize, usize) -> f64) -> Vec<Option<Scored>> {
        (self.first..self.first + ISSUES)
            .map(|issue| self.scored(issue, &score))
            .collect()
    }

    fn learned(&self, ranker: Cold) -> Vec<Option<Scored>> {
        let mut learner = Learner::new(Tuning::default(), self.what.window_days, 1.0);
        let mut known = 0;
        let mut found = Vec::new();
        for (issue, turn) in self.turns.iter().enumerate().take(self.first + ISSUES) {
            while let Some(at) = self.held.get(known)
                && self.what.items[*at].day() <= turn.day
            {
                learner.add(&self.item(*at, ranker), Read::Whole);
                known += 1;
            }
            if issue >= self.first {
                learner.learn(turn.day);
                // Entries are numbered as they are added: in the order of `held`.
                found.push(self.scored(issue, |place, _| learner.score(place, turn.day)));
            }
            let picks: Vec<&Pick> = turn.picks.clone();
            learner.close(turn.day, &picks);
        }
        found
    }
}
