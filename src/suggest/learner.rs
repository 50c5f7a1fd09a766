//! The learner: told of entries and issues in the order of time, it learns what sets picks apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::catalog::{Catalog, Matrix, NONE};
use super::chance::{Chance, Curve, Rehearsal, Scored};
use super::decided::{self, Decided};
use super::descent::descend;
use super::features::Facts;
use super::listwise::{Lesson, Row, Window, signal_score};
use super::records::{self, Counts, Keys, Of, Records};
use super::signals::{self, COUNT};
use super::tuning::Tuning;
use super::{Answer, Decision, Item, Pick};

/// An entry as the learner knows it.
#[derive(Debug)]
struct Known {
    day: i32,
    /// The first day on which it was in the store.
    seen: i32,
    /// The key of its source's record.
    source: u64,
    /// Its row in the catalog; none where only its records count.
    document: Option<u32>,
    keys: Keys,
    carriers: u32,
    offered: bool,
    taken: bool,
    /// Whether it was accepted for an issue to come.
    accepted: bool,
}

/// With fewer windows, nothing can be said of chances.
const LEAST_WINDOWS: usize = 9;

/// So many of the latest windows at most are rehearsed.
const REHEARSED: usize = 40;

/// Nobody in particular.
const NOBODY: u32 = 0;

/// Learns from windows: what was available for an issue, and what it picked.
#[derive(Debug)]
pub(super) struct Learner {
    pub(super) tuning: Tuning,
    window_days: i32,
    /// How many entries each entry that is learned from stands for.
    stands_for: f32,
    pub(super) catalog: Catalog,
    items: Vec<Known>,
    by_key: HashMap<String, usize>,
    by_day: BTreeMap<i32, Vec<usize>>,
    /// Keys that past issues picked, before or after they appeared.
    taken: HashSet<String>,
    /// Sources, by the keys of their records, that past issues picked entries of: somebody reads
    /// them, whether or not the store did so at that time.
    read: HashSet<u64>,
    decided: Vec<Decided>,
    curators: HashMap<String, u32>,
    pub(super) records: Records,
    windows: Vec<Window>,
    /// Readings of issues that nothing was available for.
    orphans: Vec<Row>,
    pub(super) weights: Weights,
    matrix: Matrix,
    column_weights: Vec<f64>,
}

/// What was learned: the mean of what two lessons found that take past readings differently.
///
/// Each alone errs in its own way, and the mean errs less; it is as much a sum over what an entry
/// has as each of them.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// Of each lesson, those of signals, then of the features of the catalog.
    each: [Vec<f64>; 2],
    mean: Vec<f64>,
}

impl Weights {
    /// What weighs before anything is learned.
    fn prior() -> Self {
        let prior = signals::prior().to_vec();
        Self {
            each: [prior.clone(), prior.clone()],
            mean: prior,
        }
    }

    /// Those of signals.
    pub(super) fn signals(&self) -> &[f64] {
        &self.mean[..COUNT]
    }

    /// That of a feature of the catalog.
    pub(super) fn feature(&self, place: usize) -> f64 {
        self.mean.get(COUNT + place).copied().unwrap_or(0.0)
    }
}

/// A row of the catalog, as the number that rows hold.
fn document(row: usize) -> u32 {
    u32::try_from(row).expect("fewer than 2^32 entries")
}

impl Learner {
    /// One that knows nothing yet. Each entry added stands for `stands_for` entries.
    pub(super) fn new(tuning: Tuning, window_days: i32, stands_for: f32) -> Self {
        Self {
            tuning,
            window_days,
            stands_for,
            catalog: Catalog::default(),
            items: Vec::new(),
            by_key: HashMap::new(),
            by_day: BTreeMap::new(),
            taken: HashSet::new(),
            read: HashSet::new(),
            decided: Vec::new(),
            curators: HashMap::new(),
            records: Records::default(),
            windows: Vec::new(),
            orphans: Vec::new(),
            weights: Weights::prior(),
            matrix: Matrix::default(),
            column_weights: Vec::new(),
        }
    }

    /// Adds an entry; a key that is known already is passed over. `read` says whether its words
    /// are learned from, or its records only.
    pub(super) fn add(&mut self, item: &Item, read: Read) {
        if self.by_key.contains_key(&item.key) {
            return;
        }
        let facts = Facts::from(item);
        let document = match read {
            Read::Whole => Some(document(self.catalog.push(&facts, &self.tuning.scales))),
            Read::RecordsOnly => None,
        };
        let known = Known {
            day: item.day(),
            seen: item.seen_day(),
            source: records::key(Of::Source, facts.source),
            document,
            keys: records::keys(&facts),
            carriers: item.carriers,
            offered: false,
            taken: self.taken.contains(&item.key),
            accepted: false,
        };
        self.by_key.insert(item.key.clone(), self.items.len());
        self.by_day
            .entry(known.day)
            .or_default()
            .push(self.items.len());
        self.items.push(known);
    }

    /// The number of an entry.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// What there is of each record in all, and what was ever picked of it or accepted.
    pub(super) fn counts(&self) -> Counts {
        let is_picked = |known: &Known| known.taken || known.accepted;
        Counts::of_entries(
            self.items
                .iter()
                .map(|known| (&known.keys, is_picked(known))),
        )
    }

    /// The entries that are candidates on a day. What the store did not have by then, from a source
    /// that nothing had been picked of, was no candidate: that nobody picked it says nothing.
    pub(super) fn candidates(&self, day: i32) -> Vec<usize> {
        self.by_day
            .range(day - self.window_days + 1..=day)
            .flat_map(|(_, items)| items.iter().copied())
            .filter(|item| !self.items[*item].taken && self.was_known(*item, day))
            .collect()
    }

    fn was_known(&self, item: usize, day: i32) -> bool {
        let known = &self.items[item];
        known.seen <= day || self.read.contains(&known.source)
    }

    /// How many windows there are to learn from.
    pub(super) fn windows(&self) -> usize {
        self.windows.len()
    }

    fn row(&self, item: usize, day: i32) -> Option<Row> {
        let known = &self.items[item];
        Some(Row {
            document: known.document?,
            picked: false,
            is_new: day - known.day < self.window_days,
            weight: self.stands_for,
            by: NOBODY,
            signals: signals::of_item(
                &known.keys,
                day - known.day,
                known.carriers,
                &self.records,
                &self.tuning,
            ),
        })
    }

    /// Notes an issue: what was available is a window to learn from.
    pub(super) fn close(&mut self, day: i32, picks: &[&Pick]) {
        let entries = picks
            .iter()
            .filter_map(|pick| self.number(pick.item.as_deref()?));
        let sources: Vec<u64> = entries.map(|number| self.items[number].source).collect();
        self.read.extend(sources);
        let candidates = self.candidates(day);
        let mut picked = HashSet::new();
        let mut rows = Vec::new();
        let mut archived = Vec::new();
        for pick in picks {
            let by = self.curator(pick.curator.as_deref());
            let number = pick.item.as_deref().and_then(|key| self.number(key));
            if let Some(number) = number.filter(|number| self.items[*number].day <= day) {
                if !self.items[number].taken
                    && picked.insert(number)
                    && let Some(row) = self.row(number, day)
                {
                    rows.push(Row {
                        picked: true,
                        weight: 1.0,
                        by,
                        ..row
                    });
                }
            } else {
                let facts = Facts::from(*pick);
                let keys = records::keys(&facts);
                rows.push(Row {
                    document: document(self.catalog.push(&facts, &self.tuning.scales)),
                    picked: true,
                    is_new: false,
                    weight: self.tuning.archive,
                    by,
                    signals: signals::of_reading(&keys, &self.records, &self.tuning),
                });
                archived.push(keys);
            }
        }
        for item in candidates.iter().filter(|item| !picked.contains(item)) {
            rows.extend(self.row(*item, day));
        }
        rows.extend(self.older(day));
        for key in picks.iter().filter_map(|pick| pick.item.as_ref()) {
            self.taken.insert(key.clone());
        }
        self.remember(&candidates, &picked, &archived);
        if rows.iter().all(|row| row.picked) {
            self.orphans.extend(rows);
        } else if rows.iter().any(|row| row.picked) {
            self.windows.push(Window { day, rows });
        }
    }

    /// A few entries that were older than the window, standing for all of them: it is from these
    /// that the weight of age is learned where curators pick what is old, and where they do not.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
    fn older(&self, day: i32) -> Vec<Row> {
        let oldest = day - self.window_days + 1;
        let count = self.items.partition_point(|item| item.day < oldest);
        let most = self.tuning.older.min(count);
        let mut drawn: Vec<usize> = (0..most as u64)
            .map(|draw| xxh3_64_with_seed(&draw.to_le_bytes(), day.unsigned_abs().into()))
            .map(|number| usize::try_from(number % count as u64).unwrap_or(0))
            .filter(|item| !self.items[*item].taken && self.was_known(*item, day))
            .collect();
        drawn.sort_unstable();
        drawn.dedup();
        let mut rows: Vec<Row> = drawn
            .into_iter()
            .filter_map(|item| self.row(item, day))
            .collect();
        let weight = count as f32 / rows.len().max(1) as f32;
        for row in &mut rows {
            row.weight = weight;
        }
        rows
    }

    /// Brings the records up to date.
    fn remember(&mut self, candidates: &[usize], picked: &HashSet<usize>, archived: &[Keys]) {
        for item in candidates.iter().chain(picked) {
            let known = &mut self.items[*item];
            if !known.offered {
                known.offered = true;
                self.records.offer(&known.keys);
            }
        }
        for item in picked {
            self.items[*item].taken = true;
            self.records.pick(&self.items[*item].keys);
        }
        for keys in archived {
            self.records.archive(keys);
        }
    }

    /// Adds decisions that no issue has followed yet, held against what is available on a day.
    pub(super) fn decide(&mut self, decisions: &[Decision], day: i32) {
        for decision in decisions {
            let is_accepted = match decision.answer {
                Answer::Accept => true,
                Answer::Decline => false,
                Answer::Later { .. } => continue,
            };
            let Some(item) = self.number(&decision.item) else {
                continue;
            };
            self.items[item].accepted |= is_accepted;
            let Some(row) = self.row(item, day.min(super::day(decision.at))) else {
                continue;
            };
            let by = self.curator(decision.by.as_deref());
            self.decided.push(Decided {
                row: Row { by, ..row },
                is_accepted,
            });
        }
    }

    /// What is available on a day, an even share of it, as rows that nobody picked.
    fn background(&self, day: i32, most: usize) -> Vec<Row> {
        let now = self.candidates(day);
        let step = now.len().div_ceil(most).max(1);
        let even = now.into_iter().step_by(step);
        even.filter_map(|item| self.row(item, day)).collect()
    }

    fn curator(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else {
            return NOBODY;
        };
        let next = u32::try_from(self.curators.len() + 1).unwrap_or(NOBODY);
        *self.curators.entry(name.to_owned()).or_insert(next)
    }

    /// The windows, and with them the readings of issues that nothing was available for: each
    /// window gets its share, since what was not picked is much the same for all. Where it is not
    /// known what was available for any issue, they are told apart from what is available today.
    fn lesson(&self, today: i32) -> Cow<'_, [Window]> {
        if !self.windows.is_empty() || self.orphans.is_empty() {
            return self.lesson_of(&self.windows);
        }
        let rows = self.background(today, usize::MAX);
        if rows.is_empty() {
            return Cow::Borrowed(&[]);
        }
        let background = [Window { day: today, rows }];
        Cow::Owned(self.lesson_of(&background).into_owned())
    }

    fn lesson_of<'w>(&self, windows: &'w [Window]) -> Cow<'w, [Window]> {
        if windows.is_empty() || self.orphans.is_empty() || self.tuning.orphans == 0.0 {
            return Cow::Borrowed(windows);
        }
        let mut windows = windows.to_vec();
        let count = windows.len();
        for (at, orphan) in self.orphans.iter().enumerate() {
            let mut row = orphan.clone();
            row.weight = self.tuning.orphans;
            windows[at % count].rows.push(row);
        }
        Cow::Owned(windows)
    }

    /// How much a past reading counts that no source carried: where there are few picks, such
    /// readings are most of what is known.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    fn readings(&self) -> f64 {
        let rows = self.windows.iter().flat_map(|window| &window.rows);
        let picks = rows.filter(|row| row.picked).count() as f64;
        (10.0 / picks.max(1.0)).clamp(self.tuning.least_reading.into(), 1.0)
    }

    /// Learns from all windows and decisions so far, starting at what it learned before; whether
    /// there was anything to learn from.
    pub(super) fn learn(&mut self, day: i32) -> bool {
        self.matrix = self.catalog.matrix(&self.tuning.scales);
        let windows = self.lesson(day);
        if windows.is_empty() && self.decided.is_empty() {
            return false;
        }
        let decided = self.held_against(day, self.decided.clone());
        let found = self.descend(&windows, &decided, day, None);
        self.keep(&found);
        true
    }

    /// Decisions, each held against an even share of what is available on a day.
    fn held_against(&self, day: i32, decided: Vec<Decided>) -> decided::Lesson {
        let others = if decided.is_empty() {
            Vec::new()
        } else {
            self.background(day, decided::OTHERS)
        };
        decided::Lesson { decided, others }
    }

    /// Learns what one curator would pick, where what the team picks is the prior; whether there
    /// was anything to learn from.
    pub(super) fn learn_for(&mut self, curator: &str, day: i32) -> bool {
        let Some(by) = self.curators.get(curator).copied() else {
            return false;
        };
        let mut windows = self.lesson(day).into_owned();
        for window in &mut windows {
            window.rows.retain(|row| !row.picked || row.by == by);
        }
        windows.retain(|window| window.rows.iter().any(|row| row.picked));
        let own = self.decided.iter().filter(|it| it.row.by == by);
        let decided = self.held_against(day, own.cloned().collect());
        if windows.is_empty() && decided.decided.is_empty() {
            return false;
        }
        let team = self.weights.each.each_ref().map(|own| self.start(own));
        let found = self.descend(&windows, &decided, day, Some(&team));
        self.keep(&found);
        true
    }

    /// How chances rise with scores: the latest windows, ranked by what the windows before them
    /// teach, beside what they picked. Learning goes on from what was found here.
    pub(super) fn rehearse(&mut self, day: i32) -> Option<Curve> {
        if self.windows.len() < LEAST_WINDOWS {
            return None;
        }
        self.matrix = self.catalog.matrix(&self.tuning.scales);
        let split = (self.windows.len() * 2 / 3).max(self.windows.len().saturating_sub(REHEARSED));
        self.weights = Weights::prior();
        let windows = self.lesson_of(&self.windows[..split]);
        let found = self.descend(&windows, &decided::Lesson::default(), day, None);
        drop(windows);
        self.keep(&found);
        let rehearsal: Rehearsal = self.windows[split..]
            .iter()
            .map(|window| window.rows.iter().filter(|row| row.is_new))
            .map(|rows| rows.map(|row| self.rehearsed(row)).collect())
            .collect();
        let taken: Vec<f64> = self.windows.iter().map(Window::taken).collect();
        let taken: Vec<f64> = taken.into_iter().filter(|taken| *taken > 0.0).collect();
        Curve::of(&rehearsal, &taken)
    }

    fn rehearsed(&self, row: &Row) -> Scored {
        Scored {
            score: self.score_of(row),
            picked: row.picked,
            weight: f64::from(row.weight),
        }
    }

    /// The chances of the candidates of a day.
    pub(super) fn chance(&self, curve: Curve, day: i32) -> Option<Chance> {
        let candidates = self.candidates(day).into_iter();
        let rows = candidates.filter_map(|item| self.row(item, day));
        let scored: Vec<(f64, f64)> = rows
            .map(|row| (self.score_of(&row), f64::from(row.weight)))
            .collect();
        curve.over(&scored)
    }

    /// Weights of signals, then of columns, from those of features.
    fn start(&self, weights: &[f64]) -> Vec<f64> {
        let (signals, features) = weights.split_at(COUNT);
        let mut start = signals.to_vec();
        start.resize(COUNT + self.matrix.width, 0.0);
        for (weight, column) in features.iter().zip(&self.matrix.column_of) {
            if *column != NONE {
                start[COUNT + *column as usize] = *weight;
            }
        }
        start
    }

    /// What both lessons find, beside a prior of each; without one, beside what weighs before
    /// anything is learned. Each starts at what it found before.
    fn descend(
        &self,
        windows: &[Window],
        decided: &decided::Lesson,
        day: i32,
        priors: Option<&[Vec<f64>; 2]>,
    ) -> [Vec<f64>; 2] {
        let weights: Vec<f64> = windows
            .iter()
            .map(|window| {
                let age = f64::from(day - window.day) / self.tuning.half_life;
                self.tuning.trust * 0.5_f64.powf(age)
            })
            .collect();
        let nothing = self.start(&signals::prior());
        let lesson = |which: usize| {
            let lesson = Lesson {
                matrix: &self.matrix,
                windows,
                decided,
                weights: &weights,
                prior: priors.map_or(&nothing, |priors| &priors[which]),
                readings: self.readings(),
                sets_readings_apart: which == 0,
            };
            let start = self.start(&self.weights.each[which]);
            descend(start, self.tuning.steps, |at, slope| lesson.loss(at, slope))
        };
        let mut rows = windows.iter().flat_map(|window| &window.rows);
        if !rows.any(|row| signals::is_reading(&row.signals)) {
            // Nothing to take differently.
            let found = lesson(0);
            return [found.clone(), found];
        }
        let (first, second) = rayon::join(|| lesson(0), || lesson(1));
        [first, second]
    }

    fn keep(&mut self, found: &[Vec<f64>; 2]) {
        let mean = |at: usize| f64::midpoint(found[0][at], found[1][at]);
        self.column_weights = (COUNT..found[0].len()).map(mean).collect();
        let spread = |columns: &[f64], signals: Vec<f64>| {
            let weight = |column: &u32| match *column {
                NONE => 0.0,
                column => columns[column as usize],
            };
            let mut all = signals;
            all.extend(self.matrix.column_of.iter().map(weight));
            all
        };
        self.weights = Weights {
            mean: spread(&self.column_weights, (0..COUNT).map(mean).collect()),
            each: found
                .each_ref()
                .map(|own| spread(&own[COUNT..], own[..COUNT].to_vec())),
        };
    }

    /// The score of an entry on a day, by what was last learned.
    pub(super) fn score(&self, item: usize, day: i32) -> f64 {
        self.row(item, day).map_or(0.0, |row| self.score_of(&row))
    }

    fn score_of(&self, row: &Row) -> f64 {
        let document = row.document as usize;
        let features = if document + 1 < self.matrix.starts.len() {
            self.matrix.dot(document, &self.column_weights)
        } else {
            0.0
        };
        features + signal_score(&row.signals, self.weights.signals())
    }
}

/// How much of an entry is learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Everything.
    Whole,
    /// Only that it was available.
    RecordsOnly,
}
