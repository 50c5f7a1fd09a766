//! The learner: told of entries and issues in the order of time, it learns what sets picks apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::catalog::{Catalog, Matrix, NONE};
use super::descent::descend;
use super::features::Facts;
use super::listwise::{Lesson, Row, Window, signal_score};
use super::records::{self, Keys, Records};
use super::signals::{self, COUNT};
use super::tuning::Tuning;
use super::{Item, Pick};

/// An entry as the learner knows it.
#[derive(Debug)]
struct Known {
    day: i32,
    /// Its row in the catalog; none where only its records count.
    document: Option<u32>,
    keys: Keys,
    carriers: u32,
    offered: bool,
    taken: bool,
    declined: bool,
}

/// How much more a declined entry counts than one that was only not picked.
const DECLINED: f32 = 4.0;

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
            document,
            keys: records::keys(&facts),
            carriers: item.carriers,
            offered: false,
            taken: self.taken.contains(&item.key),
            declined: false,
        };
        self.by_key.insert(item.key.clone(), self.items.len());
        self.by_day
            .entry(known.day)
            .or_default()
            .push(self.items.len());
        self.items.push(known);
    }

    /// Notes that an entry was declined.
    pub(super) fn decline(&mut self, key: &str) {
        if let Some(number) = self.number(key) {
            self.items[number].declined = true;
        }
    }

    /// The number of an entry.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The entries that are candidates on a day.
    pub(super) fn candidates(&self, day: i32) -> Vec<usize> {
        self.by_day
            .range(day - self.window_days + 1..=day)
            .flat_map(|(_, items)| items.iter().copied())
            .filter(|item| !self.items[*item].taken)
            .collect()
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
            weight: self.stands_for * if known.declined { DECLINED } else { 1.0 },
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
        let candidates = self.candidates(day);
        let mut picked = HashSet::new();
        let mut rows = Vec::new();
        let mut archived = Vec::new();
        for pick in picks {
            let by = self.curator(pick);
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
        self.taken
            .extend(picks.iter().filter_map(|pick| pick.item.clone()));
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
            .filter(|item| !self.items[*item].taken)
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

    /// Where it is not known what was available for any issue: past readings are told apart from
    /// what is available now.
    pub(super) fn add_background(&mut self, day: i32) {
        if self.windows.is_empty() && !self.orphans.is_empty() {
            let now = self.candidates(day);
            let rows: Vec<Row> = now
                .into_iter()
                .filter_map(|item| self.row(item, day))
                .collect();
            if !rows.is_empty() {
                self.windows.push(Window { day, rows });
            }
        }
    }

    /// Adds what was declined since the last issue to what that issue did not pick.
    pub(super) fn add_declined(&mut self) {
        let Some(day) = self.windows.last().map(|window| window.day) else {
            return;
        };
        let later: Vec<Row> = (0..self.items.len())
            .filter(|item| self.items[*item].declined && self.items[*item].day > day)
            .filter_map(|item| self.row(item, self.items[item].day))
            .collect();
        if let Some(window) = self.windows.last_mut() {
            window.rows.extend(later);
        }
    }

    fn curator(&mut self, pick: &Pick) -> u32 {
        let Some(name) = &pick.curator else {
            return NOBODY;
        };
        let next = u32::try_from(self.curators.len() + 1).unwrap_or(NOBODY);
        *self.curators.entry(name.clone()).or_insert(next)
    }

    /// The windows, and with them the readings of issues that nothing was available for: each
    /// window gets its share, since what was not picked is much the same for all.
    fn lesson(&self) -> Cow<'_, [Window]> {
        if self.orphans.is_empty() || self.windows.is_empty() || self.tuning.orphans == 0.0 {
            return Cow::Borrowed(&self.windows);
        }
        let mut windows = self.windows.clone();
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

    /// Learns from all windows so far, starting at what it learned before.
    pub(super) fn learn(&mut self, day: i32) {
        self.matrix = self.catalog.matrix(&self.tuning.scales);
        let found = self.descend(&self.lesson(), day, None);
        self.keep(&found);
    }

    /// Learns what one curator would pick, where what the team picks is the prior; whether there
    /// was anything to learn from.
    pub(super) fn learn_for(&mut self, curator: &str, day: i32) -> bool {
        let Some(by) = self.curators.get(curator).copied() else {
            return false;
        };
        let mut windows = self.lesson().into_owned();
        for window in &mut windows {
            window.rows.retain(|row| !row.picked || row.by == by);
        }
        windows.retain(|window| window.rows.iter().any(|row| row.picked));
        if windows.is_empty() {
            return false;
        }
        let team = self.weights.each.each_ref().map(|own| self.start(own));
        let found = self.descend(&windows, day, Some(&team));
        self.keep(&found);
        true
    }

    /// Scores of the latest third of windows by what the windows before them teach, and whether
    /// each was picked: what probabilities are made of.
    pub(super) fn rehearse(&mut self, day: i32) -> Vec<(f64, bool, f64)> {
        self.matrix = self.catalog.matrix(&self.tuning.scales);
        let split = self.windows.len() * 2 / 3;
        let found = self.descend(&self.windows[..split], day, None);
        self.keep(&found);
        self.windows[split..]
            .iter()
            .flat_map(|window| &window.rows)
            .filter(|row| !signals::is_reading(&row.signals))
            .map(|row| (self.score_of(row), row.picked, f64::from(row.weight)))
            .collect()
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
