//! Learning from an archive, and ranking what appeared by it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::chance::Chance;
use super::explain::{self, Contribution, Reason};
use super::features::Reader;
use super::habits::Habits;
use super::learner::{Learner, Read};
use super::list::{self, PastReadings, Titles};
use super::sections::Sections;
use super::taste::Taste;
use super::tuning::Tuning;
use super::{
    Answer, Archive, Basis, Decision, Item, LeftOut, List, Options, Pick, Suggestion, Why, day,
};

/// So many entries are learned from word by word; of a larger pool, an even share is.
const MOST_READ: usize = 60_000;

/// So many headings are named of a suggestion.
const SECTIONS: usize = 3;

/// A past reading whose title is as like as this is no example but the thing itself.
const ITSELF: f64 = 0.95;

/// So many of the best candidates are named beside the list.
const BEST: usize = 4_000;

/// What a newsletter's archive teaches. It is learned once per issue or decision, can be stored,
/// and ranks whatever appeared since.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Model {
    team: Taste,
    curators: BTreeMap<String, Taste>,
    readings: PastReadings,
    habits: Habits,
    sections: Sections,
    chance: Option<Chance>,
    basis: Basis,
    learned_from: u64,
}

/// A number for an archive: equal where there is nothing new to learn from, so that a stored
/// model can be used again.
pub fn fingerprint(picks: &[Pick], decisions: &[Decision]) -> u64 {
    let mut all = 0;
    let mut add = |text: &str| all = xxh3_64_with_seed(text.as_bytes(), all);
    for pick in picks {
        add(&pick.url);
        add(&pick.title);
        add(&pick.issued.to_rfc3339());
        add(pick.section.as_deref().unwrap_or_default());
    }
    for decision in decisions {
        add(&decision.item);
        add(&format!("{:?} {}", decision.answer, decision.at));
    }
    all
}

impl Model {
    /// Learns from an archive as it is at `now`. For each of `curators`, their own taste is
    /// learned on top of the team's.
    pub fn learn(
        archive: &Archive<'_>,
        curators: &[&str],
        options: &Options,
        now: DateTime<Utc>,
    ) -> Self {
        let today = day(now);
        let mut learner = told(archive, options, today);
        let curve = learner.rehearse(today);
        let is_taught = learner.learn(today);
        let chance = curve.and_then(|curve| learner.chance(curve, today));
        let team = Taste::of(&learner);
        let kept = learner.weights.clone();
        let mut own = BTreeMap::new();
        for curator in curators {
            if is_taught && learner.learn_for(curator, today) {
                own.insert((*curator).to_owned(), Taste::of(&learner));
            }
            learner.weights.clone_from(&kept);
        }
        let issues: BTreeSet<DateTime<Utc>> =
            archive.picks.iter().map(|pick| pick.issued).collect();
        Self {
            team,
            curators: own,
            readings: PastReadings::of(archive.picks),
            habits: Habits::of(archive.picks, archive.items),
            sections: sections(archive),
            chance,
            basis: Basis {
                issues: issues.len(),
                readings: archive.picks.len(),
                windows: learner.windows(),
                decisions: archive.decisions.len(),
                curator: None,
            },
            learned_from: fingerprint(archive.picks, archive.decisions),
        }
    }

    /// Whether an archive holds nothing that this model does not know.
    pub fn is_of(&self, picks: &[Pick], decisions: &[Decision]) -> bool {
        self.learned_from == fingerprint(picks, decisions)
    }

    /// Makes what is not stored; to be called on a model that was read from a file.
    #[must_use]
    pub fn restored(mut self) -> Self {
        self.readings.index();
        self.team.index();
        for taste in self.curators.values_mut() {
            taste.index();
        }
        self
    }

    /// The candidates that are worth a curator's time, best first, and what was left out.
    ///
    /// `decisions` and `options` say what is no candidate any more and what was shown before.
    pub fn rank(
        &self,
        candidates: &[Item],
        decisions: &[Decision],
        options: &Options,
        now: DateTime<Utc>,
    ) -> List {
        self.rank_all(candidates, decisions, options, now).0
    }

    /// The same, with all that is open in the order of scores, also what the list has no room for.
    pub fn rank_all<'i>(
        &self,
        candidates: &'i [Item],
        decisions: &[Decision],
        options: &Options,
        now: DateTime<Utc>,
    ) -> (List, Vec<&'i Item>) {
        let ask = self.ask(options, now);
        let mut left_out = Vec::new();
        let open = ask.open(candidates, decisions, &mut left_out);
        let mut ranked = ask.weigh(&open, options);
        let order: Vec<&Item> = ranked.iter().map(|(_, item)| *item).collect();
        let best = order.iter().take(BEST);
        let best = best.map(|item| item.key.clone()).collect();
        let length = options.length.unwrap_or_else(|| self.habits.length());
        ranked.truncate(length.saturating_mul(10).max(500));
        let joined = list::join(ask.suggestions(&ranked, options));
        let variety = if self.basis.readings + self.basis.decisions == 0 {
            // Nothing is known of taste: one of each source first.
            options.variety.max(1.0) * 100.0
        } else {
            options.variety
        };
        let room = (variety > 0.0).then(|| self.habits.room(length));
        let mut suggestions = list::vary(joined, variety, length, room);
        if options.length.is_none() {
            end_where_chances_fall(&mut suggestions);
        }
        ask.word(&mut suggestions, &open);
        let list = List {
            suggestions,
            left_out,
            best,
            basis: self.basis(options),
        };
        (list, order)
    }

    /// These items in their own order, each with all that its score is made of.
    pub fn weigh(&self, items: &[Item], options: &Options, now: DateTime<Utc>) -> Vec<Suggestion> {
        let ask = self.ask(options, now);
        let items: Vec<&Item> = items.iter().collect();
        let unscored: Vec<(f64, &Item)> = items.iter().map(|item| (0.0, *item)).collect();
        let weighed = ask.suggestions(&unscored, options).into_iter();
        let mut suggestions: Vec<Suggestion> = weighed.map(|(it, _)| it).collect();
        ask.word(&mut suggestions, &items);
        suggestions
    }

    /// Under which headings of an issue things would stand.
    pub fn sections(&self) -> &Sections {
        &self.sections
    }

    /// What the ranking rests on.
    pub fn basis(&self, options: &Options) -> Basis {
        let own = options.curator.as_ref();
        Basis {
            curator: own
                .filter(|name| self.curators.contains_key(*name))
                .cloned(),
            ..self.basis.clone()
        }
    }

    fn ask(&self, options: &Options, now: DateTime<Utc>) -> Ask<'_> {
        let curator = options.curator.as_deref();
        let own = curator.and_then(|name| self.curators.get(name));
        Ask {
            model: self,
            taste: own.unwrap_or(&self.team),
            tuning: Tuning::default(),
            today: day(now),
            now,
        }
    }
}

/// One ranking.
struct Ask<'a> {
    model: &'a Model,
    taste: &'a Taste,
    tuning: Tuning,
    today: i32,
    now: DateTime<Utc>,
}

impl Ask<'_> {
    /// The candidates that are still open.
    fn open<'i>(
        &self,
        candidates: &'i [Item],
        decisions: &[Decision],
        left_out: &mut Vec<LeftOut>,
    ) -> Vec<&'i Item> {
        let mut latest: HashMap<&str, &Decision> = HashMap::new();
        for decision in decisions {
            let known = latest.entry(&decision.item).or_insert(decision);
            if decision.at >= known.at {
                *known = decision;
            }
        }
        let answer = |item: &Item| latest.get(item.key.as_str()).map(|it| it.answer);
        // Another source's entry of the same story needs no second answer.
        let answered = |wanted: Answer| {
            let items = candidates.iter();
            let same: Vec<Pick> = items
                .filter(|item| answer(item) == Some(wanted))
                .map(as_pick)
                .collect();
            PastReadings::of(&same)
        };
        let (accepted, declined) = (answered(Answer::Accept), answered(Answer::Decline));
        let why = |titles: &mut Titles, item: &Item| match answer(item) {
            Some(Answer::Accept) => Some(Why::Accepted),
            Some(Answer::Decline) => Some(Why::Declined),
            Some(Answer::Later { until }) if until > self.now => Some(Why::Later { until }),
            _ => {
                let likeness = titles.likeness(&item.url, &item.title);
                let is_of = |answered: &PastReadings| {
                    let same = answered.same(&likeness);
                    same.is_some_and(|it| (it.day - item.day()).abs() <= list::SAME_DAYS)
                };
                match self.model.readings.same(&likeness) {
                    Some(past) => Some(Why::Read {
                        title: past.title.clone(),
                        day: past.day,
                    }),
                    None if is_of(&accepted) => Some(Why::Accepted),
                    None => is_of(&declined).then_some(Why::Declined),
                }
            }
        };
        let whys: Vec<Option<Why>> = candidates
            .par_iter()
            .map_init(Titles::default, why)
            .collect();
        let mut open = Vec::new();
        for (item, why) in candidates.iter().zip(whys) {
            match why {
                Some(why) => left_out.push(LeftOut {
                    key: item.key.clone(),
                    why,
                }),
                None => open.push(item),
            }
        }
        open
    }

    /// All that is open with its score, best first.
    ///
    /// What scores are made of is not kept: of many candidates it would fill the memory.
    fn weigh<'i>(&self, open: &[&'i Item], options: &Options) -> Vec<(f64, &'i Item)> {
        let score = |(reader, read): &mut (Reader, Vec<_>), item: &&'i Item| {
            let taste = self.taste;
            let own = taste.score(item, self.today, &self.tuning, reader, read);
            let sunk = passed_over(item, options).map_or(0.0, |it| it.amount);
            (own + sunk, *item)
        };
        let mut ranked: Vec<(f64, &Item)> =
            open.par_iter().map_init(Default::default, score).collect();
        ranked.sort_by(|(a, x), (b, y)| {
            b.total_cmp(a)
                .then_with(|| y.published.cmp(&x.published))
                .then_with(|| x.key.cmp(&y.key))
        });
        ranked
    }

    /// What the score of an item is made of.
    fn parts(&self, item: &Item, options: &Options, reader: &mut Reader) -> Vec<Contribution> {
        let mut parts = self.taste.weigh(item, self.today, &self.tuning, reader);
        parts.extend(passed_over(item, options));
        parts
    }

    /// The ranked ones with all that their scores are made of.
    fn suggestions<'i>(
        &self,
        ranked: &[(f64, &'i Item)],
        options: &Options,
    ) -> Vec<(Suggestion, &'i Item)> {
        let mut reader = Reader::default();
        ranked
            .iter()
            .map(|(_, item)| {
                let contributions = self.parts(item, options, &mut reader);
                let score = sum(&contributions);
                let suggestion = Suggestion {
                    key: item.key.clone(),
                    score,
                    chance: self.model.chance.map(|chance| chance.at(score)),
                    contributions,
                    reasons: Vec::new(),
                    sections: Vec::new(),
                    also: Vec::new(),
                };
                (suggestion, *item)
            })
            .collect()
    }

    /// Puts reasons into words.
    fn word(&self, suggestions: &mut [Suggestion], open: &[&Item]) {
        let by_key: HashMap<&str, &Item> =
            open.iter().map(|item| (item.key.as_str(), *item)).collect();
        let mut titles = Titles::default();
        for suggestion in suggestions {
            suggestion.reasons = explain::in_words(&suggestion.contributions, 4);
            let Some(item) = by_key.get(suggestion.key.as_str()) else {
                continue;
            };
            suggestion.sections = self.model.sections.of(item);
            suggestion.sections.truncate(SECTIONS);
            let likeness = titles.likeness(&item.url, &item.title);
            if let Some((past, share)) = self.model.readings.nearest(&likeness)
                && (0.4..ITSELF).contains(&share)
            {
                let when = DateTime::from_timestamp(i64::from(past.day) * 86_400, 0);
                let when = when.unwrap_or_default().format("%B %Y");
                suggestion
                    .reasons
                    .push(format!("like “{}” ({when})", past.title));
            }
        }
    }
}

/// What an archive teaches of headings.
fn sections(archive: &Archive<'_>) -> Sections {
    let picked = archive.picks.iter().filter_map(|pick| pick.item.as_deref());
    let picked: BTreeSet<&str> = picked.collect();
    let items = archive.items.iter();
    let by_key: HashMap<&str, &Item> = items
        .filter(|item| picked.contains(item.key.as_str()))
        .map(|item| (item.key.as_str(), item))
        .collect();
    Sections::learn(archive.picks, |pick| {
        by_key.get(pick.item.as_deref()?).copied()
    })
}

/// An item, as if it had been picked when it appeared.
fn as_pick(item: &Item) -> Pick {
    Pick {
        title: item.title.clone(),
        url: item.url.clone(),
        issued: item.published,
        ..Pick::default()
    }
}

/// So many suggestions there are, however small their chances.
const LEAST_LENGTH: usize = 10;

/// What has a smaller chance is only worth showing where somebody asked for so many.
const LEAST_CHANCE: f64 = 0.01;

/// Takes away the end of a list that nobody asked a length of, if hardly any of it is ever picked.
fn end_where_chances_fall(suggestions: &mut Vec<Suggestion>) {
    let is_likely = |it: &Suggestion| it.chance.is_none_or(|chance| chance >= LEAST_CHANCE);
    let end = suggestions
        .iter()
        .rposition(is_likely)
        .map_or(0, |last| last + 1);
    suggestions.truncate(end.max(LEAST_LENGTH));
}

/// What an item loses because it was shown before.
fn passed_over(item: &Item, options: &Options) -> Option<Contribution> {
    let times = *options.shown.get(&item.key).filter(|times| **times > 1)?;
    Some(Contribution {
        reason: Reason::PassedOver { times },
        amount: -0.5 * f64::from(times - 1),
    })
}

/// What parts come to.
fn sum(parts: &[Contribution]) -> f64 {
    parts.iter().map(|part| part.amount).sum()
}

/// A learner that was told everything, in the order of time.
fn told(archive: &Archive<'_>, options: &Options, today: i32) -> Learner {
    let share = archive.items.len().div_ceil(MOST_READ).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let mut learner = Learner::new(Tuning::default(), options.window_days, share as f32);
    let mut issues: BTreeMap<i32, Vec<&Pick>> = BTreeMap::new();
    for pick in archive.picks {
        issues.entry(pick.day()).or_default().push(pick);
    }
    let picked = archive.picks.iter().filter_map(|pick| pick.item.as_deref());
    let decided = archive
        .decisions
        .iter()
        .map(|decision| decision.item.as_str());
    let wanted: BTreeSet<&str> = picked.chain(decided).collect();
    let mut order: Vec<&Item> = archive.items.iter().collect();
    order.sort_by(|a, b| (a.published, &a.key).cmp(&(b.published, &b.key)));
    let mut order = order.into_iter().peekable();
    let mut add = |learner: &mut Learner, until: i32| {
        while let Some(item) = order.next_if(|item| item.day() <= until) {
            let in_share = xxh3_64(item.key.as_bytes()).is_multiple_of(share as u64);
            let read = if in_share || wanted.contains(item.key.as_str()) {
                Read::Whole
            } else {
                Read::RecordsOnly
            };
            learner.add(item, read);
        }
    };
    for (issue, picks) in issues.range(..=today) {
        add(&mut learner, *issue);
        learner.close(*issue, picks);
    }
    add(&mut learner, today);
    learner.decide(archive.decisions, today);
    learner
}
