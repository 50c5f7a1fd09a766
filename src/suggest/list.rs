//! A list, not a pile: what is the same is shown once, what was read already is out, and
//! neighbours differ.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::habits::Room;
use super::words::{Stems, Words};
use super::{Item, Pick, Suggestion, same};

/// Titles are nearly equal where they share this much of their words.
const NEARLY: f64 = 0.8;

/// Of shorter titles, many are equal that are of different things.
const LEAST_WORDS: usize = 4;

/// Entries with nearly equal titles are the same within so many days.
pub(super) const SAME_DAYS: i32 = 14;

/// What tells whether two things are the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Likeness {
    address: u64,
    /// The host.
    place: u64,
    stems: Vec<u64>,
    /// The numbers of the title: `Release 1.2` is not `Release 1.3`.
    numbers: Vec<u64>,
}

/// Reads titles; keeps its buffers.
#[derive(Debug, Default)]
pub(super) struct Titles {
    words: Words,
    stems: Stems,
}

impl Titles {
    /// What an address and a title are told apart by.
    pub(super) fn likeness(&mut self, url: &str, title: &str) -> Likeness {
        let page = same::page(url);
        self.words.read(same::without_site(title, &page.host));
        let stems: BTreeSet<u64> = self.words.iter().map(|word| self.stems.of(word)).collect();
        let is_number = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
        let numbers = self.words.iter().filter(is_number);
        let numbers: BTreeSet<u64> = numbers.map(|word| xxh3_64(word.as_bytes())).collect();
        let hash = |text: &str| match text {
            "" => 0,
            text => xxh3_64(text.as_bytes()),
        };
        Likeness {
            address: hash(&page.address),
            place: hash(&page.host),
            stems: stems.into_iter().collect(),
            numbers: numbers.into_iter().collect(),
        }
    }
}

impl Likeness {
    /// The share of words that two titles have in common.
    pub(super) fn shared(&self, other: &Self) -> f64 {
        let both = self
            .stems
            .iter()
            .filter(|stem| other.stems.binary_search(stem).is_ok())
            .count();
        let either = self.stems.len() + other.stems.len() - both;
        #[expect(clippy::cast_precision_loss, reason = "titles are short")]
        if either == 0 {
            0.0
        } else {
            both as f64 / either as f64
        }
    }

    fn same_address(&self, other: &Self) -> bool {
        self.address != 0 && self.address == other.address
    }

    /// Whether both are the same thing: one address, or long titles that are nearly equal.
    fn same(&self, other: &Self) -> bool {
        self.same_address(other) || self.same_title(other)
    }

    /// Whether long titles are nearly equal, with the same numbers in them.
    fn same_title(&self, other: &Self) -> bool {
        self.stems.len() >= LEAST_WORDS
            && other.stems.len() >= LEAST_WORDS
            && self.numbers == other.numbers
            && self.shared(other) >= NEARLY
    }

    /// Whether both have one title, however short.
    fn one_title(&self, other: &Self) -> bool {
        self.stems == other.stems && self.numbers == other.numbers
    }
}

/// A past reading, as far as lists need it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Past {
    pub(super) title: String,
    pub(super) day: i32,
    likeness: Likeness,
}

/// The past readings, to find the nearest of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct PastReadings {
    all: Vec<Past>,
    /// Hosts of which the newsletter recommends a thing again when it has a new title, as lists of
    /// releases do.
    again: BTreeSet<u64>,
    #[serde(skip)]
    by_stem: HashMap<u64, Vec<u32>>,
    #[serde(skip)]
    by_address: HashMap<u64, u32>,
}

impl PastReadings {
    /// Those of an archive.
    pub(super) fn of(picks: &[Pick]) -> Self {
        let mut titles = Titles::default();
        let mut readings = Self {
            all: picks
                .iter()
                .map(|pick| Past {
                    title: pick.title.clone(),
                    day: pick.day(),
                    likeness: titles.likeness(&pick.url, &pick.title),
                })
                .collect(),
            ..Self::default()
        };
        readings.again = again(&readings.all);
        readings.index();
        readings
    }

    /// Makes what is not stored.
    pub(super) fn index(&mut self) {
        for (number, past) in (0_u32..).zip(&self.all) {
            self.by_address.insert(past.likeness.address, number);
            for stem in &past.likeness.stems {
                self.by_stem.entry(*stem).or_default().push(number);
            }
        }
    }

    /// The reading that a candidate is already, if it is one.
    pub(super) fn same(&self, likeness: &Likeness) -> Option<&Past> {
        if likeness.address != 0
            && let Some(number) = self.by_address.get(&likeness.address)
        {
            let past = &self.all[*number as usize];
            let is_release = self.again.contains(&likeness.place);
            return (!is_release || past.likeness.one_title(likeness)).then_some(past);
        }
        if likeness.stems.len() < LEAST_WORDS {
            return None;
        }
        let with = |stem: &u64| self.by_stem.get(stem).map_or(&[][..], Vec::as_slice);
        let mut rarest: Vec<&[u32]> = likeness.stems.iter().map(with).collect();
        rarest.sort_by_key(|with| with.len());
        // Whatever has four of five words in common has one of the rarest fifth.
        let numbers: BTreeSet<u32> = rarest[..=likeness.stems.len() / 5]
            .iter()
            .flat_map(|with| with.iter().copied())
            .collect();
        let (past, _) = numbers
            .into_iter()
            .map(|number| &self.all[number as usize])
            .filter(|past| past.likeness.same(likeness))
            .map(|past| (past, past.likeness.shared(likeness)))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(past)
    }

    /// The reading whose title shares most words, the rarer ones counting more.
    pub(super) fn nearest(&self, likeness: &Likeness) -> Option<(&Past, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let total = self.all.len() as f64;
        let mut shares: HashMap<u32, f64> = HashMap::new();
        let mut own = 0.0;
        for stem in &likeness.stems {
            let with = self.by_stem.get(stem).map_or(&[][..], Vec::as_slice);
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let rarity = (1.0 + total / (1.0 + with.len() as f64)).ln();
            own += rarity * rarity;
            for number in with {
                *shares.entry(*number).or_default() += rarity * rarity;
            }
        }
        let (number, share) = shares.into_iter().max_by(|a, b| {
            a.1.total_cmp(&b.1).then_with(|| {
                let length = |number: u32| self.all[number as usize].likeness.stems.len();
                (length(b.0), b.0).cmp(&(length(a.0), a.0))
            })
        })?;
        Some((&self.all[number as usize], share / own))
    }
}

/// So often at least has a host's things to be recommended again under a new title.
const LEAST_AGAIN: usize = 3;

/// And of so many readings of it at most one each.
const AGAIN_EACH: usize = 10;

/// The hosts of which a newsletter recommends a thing again with each release.
fn again(readings: &[Past]) -> BTreeSet<u64> {
    let mut last: HashMap<u64, &Past> = HashMap::new();
    let mut counts: HashMap<u64, (usize, usize)> = HashMap::new();
    for past in readings {
        let own = &past.likeness;
        let (all, again) = counts.entry(own.place).or_default();
        *all += 1;
        let before = last.insert(own.address, past);
        let is_again = |before: &Past| before.day != past.day && !before.likeness.one_title(own);
        if own.address != 0 && before.is_some_and(is_again) {
            *again += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(place, (all, again))| {
            *place != 0 && *again >= LEAST_AGAIN && again * AGAIN_EACH >= *all
        })
        .map(|(place, _)| place)
        .collect()
}

/// Joins what is the same: the best stays, the others' keys stand in `also`.
pub(super) fn join(ranked: Vec<(Suggestion, &Item)>) -> Vec<(Suggestion, &Item, Likeness)> {
    let mut titles = Titles::default();
    let mut kept: Vec<(Suggestion, &Item, Likeness)> = Vec::new();
    for (suggestion, item) in ranked {
        let likeness = titles.likeness(&item.url, &item.title);
        let same = kept.iter_mut().find(|(_, other, known)| {
            known.same_address(&likeness)
                || (known.same(&likeness) && (other.day() - item.day()).abs() <= SAME_DAYS)
        });
        match same {
            Some((first, ..)) => first.also.push(suggestion.key),
            None => kept.push((suggestion, item, likeness)),
        }
    }
    kept
}

/// The first `most` in an order in which neighbours differ: each next one has the best of its
/// score less `variety` times its likeness to the nearest one above it. What there is no room for
/// among so many of its place comes after all that there is room for.
pub(super) fn vary(
    mut left: Vec<(Suggestion, &Item, Likeness)>,
    variety: f64,
    most: usize,
    mut room: Option<Room<'_>>,
) -> Vec<Suggestion> {
    let mut nearest = vec![0.0_f64; left.len()];
    let mut has_room = vec![true; left.len()];
    let mut list = Vec::new();
    while list.len() < most && !left.is_empty() {
        let worth = |at: usize| (has_room[at], left[at].0.score - variety * nearest[at]);
        let better = |at: usize, best: usize| {
            let (at, best) = (worth(at), worth(best));
            at.0.cmp(&best.0).then(at.1.total_cmp(&best.1)).is_gt()
        };
        let best = (1..left.len()).fold(0, |best, at| if better(at, best) { at } else { best });
        let (suggestion, item, likeness) = left.remove(best);
        nearest.remove(best);
        has_room.remove(best);
        if let Some(room) = &mut room {
            room.take(item);
            for ((_, other, _), has_room) in left.iter().zip(&mut has_room) {
                *has_room = *has_room && room.has(other);
            }
        }
        for ((_, other, own), nearest) in left.iter().zip(&mut nearest) {
            *nearest = nearest.max(alike(item, &likeness, other, own));
        }
        list.push(suggestion);
    }
    list
}

/// How alike two candidates are, from 0 to 1: source, kind, words of the title.
fn alike(a: &Item, a_words: &Likeness, b: &Item, b_words: &Likeness) -> f64 {
    let source = if !a.source.is_empty() && a.source == b.source {
        0.5
    } else {
        0.0
    };
    let kind = if a.kind.is_some() && a.kind == b.kind {
        0.1
    } else {
        0.0
    };
    source + kind + 0.4 * a_words.shared(b_words)
}
