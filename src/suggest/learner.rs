//! The learner: told of entries and issues in the order of time, it learns what sets picks apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

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
    document: u32,
    keys: Keys,
    carriers: u32,
    offered: bool,
    taken: bool,
    declined: bool,
}

/// How much more a declined entry counts than one that was only not picked.
const DECLINED: f32 = 4.0;

/// Learns from windows: what was available for an issue, and what it picked.
#[derive(Debug)]
pub(super) struct Learner {
    tuning: Tuning,
    window_days: i32,
    catalog: Catalog,
    items: Vec<Known>,
    by_key: HashMap<String, usize>,
    by_day: BTreeMap<i32, Vec<usize>>,
    /// Keys that past issues picked, before or after they appeared.
    taken: HashSet<String>,
    records: Records,
    windows: Vec<Window>,
    /// Readings of issues that nothing was available for.
    orphans: Vec<Row>,
    signal_weights: [f64; COUNT],
    feature_weights: Vec<f64>,
    matrix: Matrix,
    column_weights: Vec<f64>,
}

impl Learner {
    /// One that knows nothing yet.
    pub(super) fn new(tuning: Tuning, window_days: i32) -> Self {
        Self {
            tuning,
            window_days,
            catalog: Catalog::default(),
            items: Vec::new(),
            by_key: HashMap::new(),
            by_day: BTreeMap::new(),
            taken: HashSet::new(),
            records: Records::default(),
            windows: Vec::new(),
            orphans: Vec::new(),
            signal_weights: signals::prior(),
            feature_weights: Vec::new(),
            matrix: Matrix::default(),
            column_weights: Vec::new(),
        }
    }

    /// Adds an entry; a key that is known already is passed over.
    pub(super) fn add(&mut self, item: &Item) {
        if self.by_key.contains_key(&item.key) {
            return;
        }
        let facts = Facts::from(item);
        let document = self.catalog.push(&facts, &self.tuning.scales);
        let known = Known {
            day: item.day(),
            document: u32::try_from(document).expect("fewer than 2^32 entries"),
            keys: records::keys(&facts),
            carriers: item.carriers,
            offered: false,
            declined: false,
            taken: self.taken.contains(&item.key),
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

    /// The entries that are candidates on a day.
    pub(super) fn candidates(&self, day: i32) -> Vec<usize> {
        self.by_day
            .range(day - self.window_days + 1..=day)
            .flat_map(|(_, items)| items.iter().copied())
            .filter(|item| !self.items[*item].taken)
            .collect()
    }

    fn row(&self, item: usize, day: i32) -> Row {
        let known = &self.items[item];
        Row {
            document: known.document,
            picked: false,
            weight: if known.declined { DECLINED } else { 1.0 },
            signals: signals::of_item(
                &known.keys,
                day - known.day,
                known.carriers,
                &self.records,
                &self.tuning,
            ),
        }
    }

    /// Notes an issue: what was available is a window to learn from.
    pub(super) fn close(&mut self, day: i32, picks: &[&Pick]) {
        let candidates = self.candidates(day);
        let mut picked = vec![false; self.items.len()];
        let mut rows = Vec::new();
        let mut readings = Vec::new();
        for pick in picks {
            let number = pick.item.as_deref().and_then(|key| self.number(key));
            if let Some(number) = number.filter(|number| self.items[*number].day <= day) {
                if !picked[number] && !self.items[number].taken {
                    picked[number] = true;
                    let mut row = self.row(number, day);
                    row.picked = true;
                    row.weight = 1.0;
                    rows.push(row);
                }
            } else {
                readings.push(*pick);
            }
        }
        for item in &candidates {
            if !picked[*item] {
                rows.push(self.row(*item, day));
            }
        }
        self.taken.extend(picks.iter().filter_map(|pick| pick.item.clone()));
        let mut archived = Vec::new();
        for pick in readings {
            let facts = Facts::from(pick);
            let keys = records::keys(&facts);
            let document = self.catalog.push(&facts, &self.tuning.scales);
            #[expect(clippy::cast_possible_truncation, reason = "a small number")]
            rows.push(Row {
                document: u32::try_from(document).expect("fewer than 2^32 entries"),
                picked: true,
                weight: self.tuning.archive_weight as f32,
                signals: signals::of_reading(&keys, &self.records, &self.tuning),
            });
            archived.push(keys);
        }
        for item in candidates {
            if !self.items[item].offered {
                self.items[item].offered = true;
                self.records.offer(&self.items[item].keys);
            }
        }
        for (item, picked) in picked.iter().enumerate() {
            if *picked {
                self.items[item].taken = true;
                self.records.pick(&self.items[item].keys);
            }
        }
        for keys in &archived {
            self.records.archive(keys);
        }
        if rows.iter().all(|row| row.picked) {
            self.orphans.extend(rows);
        } else if rows.iter().any(|row| row.picked) {
            self.windows.push(Window { day, rows });
        }
    }

    /// The windows, and with them the readings of issues that nothing was available for: each
    /// window gets its share, since what was not picked is the same for all.
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

    /// Learns from all windows so far, starting at what it learned before.
    pub(super) fn learn(&mut self, day: i32) {
        let matrix = self.catalog.matrix(&self.tuning.scales);
        let mut start = Vec::with_capacity(COUNT + matrix.width);
        start.extend_from_slice(&self.signal_weights);
        start.resize(COUNT + matrix.width, 0.0);
        for (weight, column) in self.feature_weights.iter().zip(&matrix.column_of) {
            if *column != NONE {
                start[COUNT + *column as usize] = *weight;
            }
        }
        let mut prior = signals::prior().to_vec();
        prior.resize(start.len(), 0.0);
        let windows = self.lesson();
        let weights: Vec<f64> = windows
            .iter()
            .map(|window| {
                self.tuning.trust * 0.5_f64.powf(f64::from(day - window.day) / self.tuning.half_life)
            })
            .collect();
        let lesson = Lesson {
            matrix: &matrix,
            windows: &windows,
            weights: &weights,
            prior: &prior,
        };
        let found = descend(start, self.tuning.steps, |at, slope| lesson.loss(at, slope));
        self.signal_weights.copy_from_slice(&found[..COUNT]);
        self.column_weights = found[COUNT..].to_vec();
        self.feature_weights = matrix
            .column_of
            .iter()
            .map(|column| {
                if *column == NONE {
                    0.0
                } else {
                    self.column_weights[*column as usize]
                }
            })
            .collect();
        self.matrix = matrix;
    }

    /// The score of an entry on a day, by what was last learned.
    pub(super) fn score(&self, item: usize, day: i32) -> f64 {
        let row = self.row(item, day);
        let document = row.document as usize;
        let features = if document + 1 < self.matrix.starts.len() {
            self.matrix.dot(document, &self.column_weights)
        } else {
            0.0
        };
        features + signal_score(&row.signals, &self.signal_weights)
    }
}
