//! Everything that was read, as rows of features; how rare each feature is.

use std::collections::HashMap;

use super::features::{Facts, Group, Reader};

/// Rows of features. What is added later has a higher number; nothing is ever removed.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    reader: Reader,
    numbers: HashMap<u64, u32>,
    groups: Vec<Group>,
    /// In how many rows a feature is.
    rows_with: Vec<u32>,
    starts: Vec<usize>,
    features: Vec<u32>,
    buffer: Vec<u32>,
}

/// Rows of features with their values, for a learner.
#[derive(Debug, Default)]
pub(super) struct Matrix {
    pub(super) starts: Vec<usize>,
    /// Where in a row the columns begin that past readings do not have.
    middles: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f32>,
    /// How many columns there are.
    pub(super) width: usize,
    /// The column of a feature of the catalog; `NONE` where it is too rare to learn from.
    pub(super) column_of: Vec<u32>,
}

/// No column.
pub(super) const NONE: u32 = u32::MAX;

impl Catalog {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Adds a row; its number is returned.
    pub(super) fn push(&mut self, facts: &Facts<'_>, scales: &[f32; Group::ALL.len()]) -> usize {
        let Self {
            reader,
            numbers,
            groups,
            rows_with,
            buffer,
            ..
        } = self;
        buffer.clear();
        reader.read(facts, &mut |group, hash, _| {
            if scales[group as usize] == 0.0 {
                return;
            }
            let next = u32::try_from(groups.len()).expect("fewer than 2^32 features");
            let own = *numbers.entry(hash).or_insert(next);
            if own == next {
                groups.push(group);
                rows_with.push(0);
            }
            buffer.push(own);
        });
        buffer.sort_unstable();
        buffer.dedup();
        for feature in buffer.iter() {
            rows_with[*feature as usize] += 1;
        }
        self.starts.push(self.features.len());
        self.features.extend_from_slice(buffer);
        self.starts.len() - 1
    }

    /// The number of every feature, its place, and how many rows have it; in no order.
    pub(super) fn features(&self) -> impl Iterator<Item = (u64, usize, u32)> {
        self.numbers
            .iter()
            .map(|(number, place)| (*number, *place as usize, self.rows_with[*place as usize]))
    }

    /// The features of a row.
    pub(super) fn row(&self, row: usize) -> &[u32] {
        let end = self
            .starts
            .get(row + 1)
            .copied()
            .unwrap_or(self.features.len());
        &self.features[self.starts[row]..end]
    }

    /// The values of all features of all rows: text by its rarity and of length one in each group,
    /// everything else one, times the scale of its group.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^24")]
    pub(super) fn matrix(&self, scales: &[f32; Group::ALL.len()]) -> Matrix {
        let total = self.len() as f32;
        let mut column_of = vec![NONE; self.groups.len()];
        let mut rarity = Vec::with_capacity(self.groups.len());
        let mut width = 0;
        for (feature, count) in self.rows_with.iter().enumerate() {
            let scale = scales[self.groups[feature] as usize];
            if *count >= 2 && scale > 0.0 {
                column_of[feature] = width;
                width += 1;
            }
            rarity.push(if self.groups[feature].is_text() {
                (total / *count as f32).ln()
            } else {
                1.0
            });
        }
        let mut matrix = Matrix {
            starts: Vec::with_capacity(self.len() + 1),
            middles: Vec::with_capacity(self.len()),
            columns: Vec::with_capacity(self.features.len()),
            values: Vec::with_capacity(self.features.len()),
            width: width as usize,
            column_of,
        };
        matrix.starts.push(0);
        for row in 0..self.len() {
            let mut squares = [0_f32; Group::ALL.len()];
            for feature in self.row(row) {
                let value = rarity[*feature as usize];
                squares[self.groups[*feature as usize] as usize] += value * value;
            }
            let factors: [f32; Group::ALL.len()] = std::array::from_fn(|group| {
                if Group::ALL[group].is_text() && squares[group] > 0.0 {
                    scales[group] / squares[group].sqrt()
                } else {
                    scales[group]
                }
            });
            let mut push = |of_readings: bool| {
                for feature in self.row(row) {
                    let column = matrix.column_of[*feature as usize];
                    let group = self.groups[*feature as usize];
                    if column != NONE && group.is_of_readings() == of_readings {
                        let value = rarity[*feature as usize] * factors[group as usize];
                        matrix.columns.push(column);
                        matrix.values.push(value);
                    }
                }
                matrix.columns.len()
            };
            let middle = push(true);
            push(false);
            matrix.middles.push(middle);
            matrix.starts.push(matrix.columns.len());
        }
        matrix
    }
}

impl Matrix {
    /// The columns and values of a row.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (u32, f32)> {
        let range = self.starts[row]..self.starts[row + 1];
        self.columns[range.clone()]
            .iter()
            .copied()
            .zip(self.values[range].iter().copied())
    }

    /// The columns and values of a row: those that past readings have as well, then the others.
    pub(super) fn parts(&self, row: usize) -> [impl Iterator<Item = (u32, f32)>; 2] {
        let middle = self.middles[row];
        let part = |range: std::ops::Range<usize>| {
            let values = self.values[range.clone()].iter().copied();
            self.columns[range].iter().copied().zip(values)
        };
        [
            part(self.starts[row]..middle),
            part(middle..self.starts[row + 1]),
        ]
    }

    /// A row times a vector.
    pub(super) fn dot(&self, row: usize, vector: &[f64]) -> f64 {
        times(self.row(row), vector)
    }

    /// A row times a vector: the sum over what past readings have as well, and over the others.
    pub(super) fn dots(&self, row: usize, vector: &[f64]) -> [f64; 2] {
        self.parts(row).map(|part| times(part, vector))
    }
}

fn times(row: impl Iterator<Item = (u32, f32)>, vector: &[f64]) -> f64 {
    row.map(|(column, value)| f64::from(value) * vector[column as usize])
        .sum()
}
