//! What was learned, without what it was learned from: small, serializable, and enough to rank.

use serde::{Deserialize, Serialize};

use super::Item;
use super::explain::{Contribution, Reason};
use super::features::{Facts, Group, Label, Reader};
use super::learner::Learner;
use super::records::{self, Keys, Of, Records};
use super::signals::{self, About};
use super::tuning::Tuning;

/// Weights, rarities and records.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Taste {
    /// How many rows rarities were counted in.
    rows: f64,
    /// What is known of each feature, by its number.
    features: Vec<Feature>,
    signals: Vec<f64>,
    records: Records,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Feature {
    number: u64,
    rows: u32,
    weight: f64,
}

impl Taste {
    /// What a learner has learned.
    pub(super) fn of(learner: &Learner) -> Self {
        let mut features: Vec<Feature> = learner
            .catalog
            .features()
            .map(|(number, place, rows)| Feature {
                number,
                rows,
                weight: learner.feature_weights.get(place).copied().unwrap_or(0.0),
            })
            .filter(|feature| feature.rows > 1)
            .collect();
        features.sort_unstable_by_key(|feature| feature.number);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        Self {
            rows: learner.catalog.len() as f64,
            features,
            signals: learner.signal_weights.to_vec(),
            records: learner.records.clone(),
        }
    }

    /// The weight and the rarity of a feature.
    fn feature(&self, number: u64) -> (f64, f64) {
        let found = self
            .features
            .binary_search_by_key(&number, |feature| feature.number)
            .map(|at| self.features[at]);
        let rows = found.map_or(1, |feature| feature.rows);
        let rarity = (self.rows.max(1.0) / f64::from(rows)).ln();
        (found.map_or(0.0, |feature| feature.weight), rarity)
    }

    /// Everything that makes up the score of an item; the score is the sum.
    pub(super) fn weigh(
        &self,
        item: &Item,
        day: i32,
        tuning: &Tuning,
        reader: &mut Reader,
    ) -> Vec<Contribution> {
        let facts = Facts::from(item);
        let mut all = self.weigh_features(&facts, tuning, reader);
        let keys = records::keys(&facts);
        let age = day - item.day();
        let known = signals::of_item(&keys, age, item.carriers, &self.records, tuning);
        for (place, (signal, weight)) in known.iter().zip(&self.signals).enumerate() {
            let amount = f64::from(*signal) * weight;
            if amount != 0.0 {
                let reason = self.reason(signals::about(place), item, &keys, age);
                all.push(Contribution { reason, amount });
            }
        }
        all
    }

    fn weigh_features(
        &self,
        facts: &Facts<'_>,
        tuning: &Tuning,
        reader: &mut Reader,
    ) -> Vec<Contribution> {
        let mut read: Vec<(Group, u64, String)> = Vec::new();
        reader.read(facts, &mut |group, number, label| {
            if tuning.scales[group as usize] > 0.0 {
                read.push((group, number, text(label)));
            }
        });
        // One of each feature, the first; in the order of the text.
        let mut seen = std::collections::HashSet::new();
        read.retain(|(_, number, _)| seen.insert(*number));
        let values: Vec<(f64, f64)> = read
            .iter()
            .map(|(_, number, _)| self.feature(*number))
            .collect();
        let mut squares = [0.0_f64; Group::ALL.len()];
        for ((group, ..), (_, rarity)) in read.iter().zip(&values) {
            squares[*group as usize] += rarity * rarity;
        }
        let mut all: Vec<Contribution> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for ((group, _, label), (weight, rarity)) in read.into_iter().zip(values) {
            let mut value = f64::from(tuning.scales[group as usize]);
            let square = squares[group as usize];
            if group.is_text() {
                value *= if square > 0.0 {
                    rarity / square.sqrt()
                } else {
                    0.0
                };
            }
            let amount = weight * value;
            if amount == 0.0 {
                continue;
            }
            let reason = feature_reason(group, label);
            let place = *places.entry(reason.clone()).or_insert(all.len());
            if place == all.len() {
                all.push(Contribution { reason, amount });
            } else {
                all[place].amount += amount;
            }
        }
        all
    }

    fn reason(&self, about: About, item: &Item, keys: &Keys, age: i32) -> Reason {
        match about {
            About::Archived | About::Age => Reason::Age { days: age },
            About::Carriers => Reason::Carriers {
                count: item.carriers,
            },
            About::Archive(of) => Reason::Archive {
                place: name(of, item),
                readings: self.best(of, keys).archived,
            },
            About::Record(of) => {
                let record = self.best(of, keys);
                Reason::Record {
                    of: of.noun().to_owned(),
                    name: name(of, item),
                    picked: record.picked,
                    offered: record.offered,
                }
            }
        }
    }

    /// Of the records of one sort, the one with the most picks.
    fn best(&self, of: Of, keys: &Keys) -> records::Record {
        keys.iter()
            .filter(|(own, _)| *own == of)
            .map(|(_, key)| self.records.of(*key))
            .max_by(|a, b| {
                (a.picked, a.archived)
                    .partial_cmp(&(b.picked, b.archived))
                    .unwrap_or(std::cmp::Ordering::Equal)
            })
            .unwrap_or_default()
    }
}

fn text(label: Label<'_>) -> String {
    match label {
        Label::One(word) => word.to_owned(),
        Label::Two(first, second) => format!("{first} {second}"),
    }
}

fn feature_reason(group: Group, label: String) -> Reason {
    match group {
        Group::Source => Reason::Source(label),
        Group::Site => Reason::Site(label),
        Group::Author => Reason::Author(label),
        Group::Tag | Group::TagPair => Reason::Label(label),
        Group::Form => Reason::Form(label),
        Group::Kind => Reason::Kind(label),
        _ => Reason::Word(label),
    }
}

/// What a record is called that an item has a part in.
fn name(of: Of, item: &Item) -> String {
    let place = super::site::place(&item.url);
    match of {
        Of::Source => item.source.clone(),
        Of::Host => place.host,
        Of::Site => place.site,
        Of::Corner => place.corner.unwrap_or_default(),
        Of::Author => item.authors.join(", "),
        Of::Tag | Of::Tags => item.tags.join(", "),
    }
}
