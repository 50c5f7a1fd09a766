//! What was learned, without what it was learned from: small, serializable, and enough to rank.

use serde::{Deserialize, Serialize};

use super::Item;
use super::explain::{Contribution, Reason};
use super::features::{Facts, Group, Label, Reader};
use super::learner::Learner;
use super::records::{self, Count, Counts, Keys, Of, Record, Records};
use super::signals::{self, About};
use super::tuning::Tuning;

/// Weights, rarities and records.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Taste {
    /// How many rows rarities were counted in.
    rows: f64,
    /// What is known of each feature, by its number.
    features: Vec<Feature>,
    /// Where the features begin whose numbers have the same first bits.
    #[serde(skip)]
    starts: Vec<u32>,
    signals: Vec<f64>,
    records: Records,
    /// What reasons quote.
    counts: Counts,
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
                weight: learner.weights.feature(place),
            })
            .filter(|feature| feature.rows > 1)
            .collect();
        features.sort_unstable_by_key(|feature| feature.number);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let mut taste = Self {
            rows: learner.catalog.len() as f64,
            features,
            starts: Vec::new(),
            signals: learner.weights.signals().to_vec(),
            records: learner.records.clone(),
            counts: learner.counts(),
        };
        taste.index();
        taste
    }

    /// Makes what is not stored.
    ///
    /// Numbers are spread evenly, so that their first bits tell where they stand: one look where
    /// a binary search takes twenty.
    pub(super) fn index(&mut self) {
        let bits = self.features.len().next_power_of_two().ilog2();
        let mut place = 0;
        self.starts = (0..=1_u64 << bits)
            .map(|first| {
                while self
                    .features
                    .get(place)
                    .is_some_and(|feature| first_bits(feature.number, bits) < first)
                {
                    place += 1;
                }
                u32::try_from(place).expect("fewer than 2^32 features")
            })
            .collect();
    }

    /// The weight and the rarity of a feature.
    fn feature(&self, number: u64) -> (f64, f64) {
        let bits = self.features.len().next_power_of_two().ilog2();
        let first = usize::try_from(first_bits(number, bits)).unwrap_or(usize::MAX);
        let range = match self.starts.get(first..first.saturating_add(2)) {
            Some([start, end]) => *start as usize..*end as usize,
            _ => 0..0,
        };
        let found = self.features[range]
            .iter()
            .find(|feature| feature.number == number);
        let rows = found.map_or(1, |feature| feature.rows);
        let rarity = (self.rows.max(1.0) / f64::from(rows)).ln();
        (found.map_or(0.0, |feature| feature.weight), rarity)
    }

    /// The score of an item, without all that makes it up.
    pub(super) fn score(
        &self,
        item: &Item,
        day: i32,
        tuning: &Tuning,
        reader: &mut Reader,
        read: &mut Vec<(u64, Group)>,
    ) -> f64 {
        let facts = Facts::from(item);
        read.clear();
        reader.read(&facts, &mut |group, number, _| {
            if tuning.scales[group as usize] > 0.0 {
                read.push((number, group));
            }
        });
        read.sort_unstable();
        read.dedup();
        let mut squares = [0.0_f64; Group::ALL.len()];
        let mut sums = [0.0_f64; Group::ALL.len()];
        for (number, group) in &*read {
            let (weight, rarity) = self.feature(*number);
            let value = if group.is_text() { rarity } else { 1.0 };
            squares[*group as usize] += rarity * rarity;
            sums[*group as usize] += weight * value;
        }
        let keys = records::keys(&facts);
        let age = day - item.day();
        let known = signals::of_item(&keys, age, item.carriers, &self.records, tuning);
        let mut score: f64 = known
            .iter()
            .zip(&self.signals)
            .map(|(signal, weight)| f64::from(*signal) * weight)
            .sum();
        for group in Group::ALL {
            let at = group as usize;
            if !group.is_text() {
                score += f64::from(tuning.scales[at]) * sums[at];
            } else if squares[at] > 0.0 {
                score += f64::from(tuning.scales[at]) * sums[at] / squares[at].sqrt();
            }
        }
        score
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
                // The only label is also all labels: one line, not two that read the same.
                match all.iter_mut().find(|known| known.reason == reason) {
                    Some(known) => known.amount += amount,
                    None => all.push(Contribution { reason, amount }),
                }
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
                let (name, count) = match of {
                    Of::Author => self.best_named(of, &item.authors),
                    Of::Tag => self.best_named(of, &item.tags),
                    _ => {
                        let own = keys.iter().filter(|(own, _)| *own == of);
                        let counts = own.map(|(_, key)| self.counts.of(*key));
                        (name(of, item), counts.max().unwrap_or_default())
                    }
                };
                Reason::Record {
                    of: of.noun().to_owned(),
                    name,
                    picked: count.picked.into(),
                    offered: count.known.into(),
                }
            }
        }
    }

    /// Of the records of one sort, the one with the most picks.
    fn best(&self, of: Of, keys: &Keys) -> Record {
        keys.iter()
            .filter(|(own, _)| *own == of)
            .map(|(_, key)| self.records.of(*key))
            .max_by(by_picks)
            .unwrap_or_default()
    }

    /// Of what was counted of these names, the count with the most picks, with whose it is.
    fn best_named(&self, of: Of, names: &[String]) -> (String, Count) {
        names
            .iter()
            .map(|name| (name.clone(), self.counts.of(records::key(of, name))))
            .max_by_key(|(_, count)| *count)
            .unwrap_or_default()
    }
}

fn by_picks(a: &Record, b: &Record) -> std::cmp::Ordering {
    let picks = a.picked.total_cmp(&b.picked);
    picks.then_with(|| a.archived.total_cmp(&b.archived))
}

/// The first bits of a number.
fn first_bits(number: u64, bits: u32) -> u64 {
    if bits == 0 { 0 } else { number >> (64 - bits) }
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
        Group::Form | Group::Extent => Reason::Form(label),
        Group::Kind => Reason::Kind(label),
        Group::Language => Reason::Language(label),
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
