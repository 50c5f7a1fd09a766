//! Under which heading of an issue a thing would stand: learned from where readings stood, issue by
//! issue, the last ones once more.
//!
//! Each heading has a weight for each feature of a thing; the chances are a softmax over the
//! headings of the last issues. Beside the weights stands how often a heading was used lately.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::features::Facts;
use super::words::Words;
use super::{Item, Pick, site};

/// After so many issues a use of a heading counts half.
const HALF_LIFE: f64 = 6.0;

/// How far one example moves a weight at first (`AdaGrad`).
const RATE: f32 = 0.3;

/// The readings of so many issues are looked at again after each issue, and how often.
const AGAIN: usize = 4;
const PASSES: usize = 2;

/// So many headings are told apart at most; an archive with more has something else than headings.
const MOST_HEADINGS: usize = 200;

/// Weights that are kept once all was learned: smaller ones change nothing.
const LEAST_WEIGHT: f32 = 0.02;

/// A heading, with the chance that a thing stands under it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// The heading, as issues have it.
    pub name: String,
    /// The chance, from 0 to 1; those of all headings add up to 1.
    pub chance: f64,
}

/// What was learned of headings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sections {
    names: Vec<String>,
    /// How often each was used lately.
    uses: Vec<f64>,
    weights: BTreeMap<u64, Vec<Vote>>,
    #[serde(skip)]
    recent: Vec<Vec<(u16, Vec<Feature>)>>,
}

/// What a feature says for or against a heading.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Vote {
    heading: u16,
    weight: f32,
    /// The sum of the squares of its slopes.
    #[serde(skip)]
    slopes: f32,
}

/// A feature of a thing, and how much of it there is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Feature {
    number: u64,
    value: f32,
}

impl Sections {
    /// Learns from all readings that stand under a heading, in the order of their issues. Of one
    /// that is an entry, `item_of` gives it: source, authors and labels tell too.
    pub fn learn<'a>(picks: &'a [Pick], item_of: impl Fn(&Pick) -> Option<&'a Item>) -> Self {
        let mut issues: BTreeMap<i32, Vec<&Pick>> = BTreeMap::new();
        for pick in picks.iter().filter(|pick| pick.section.is_some()) {
            issues.entry(pick.day()).or_default().push(pick);
        }
        let mut sections = Self::default();
        for issue in issues.values() {
            let filed = issue.iter().filter_map(|pick| {
                let facts = item_of(pick).map_or_else(|| Facts::from(*pick), Facts::from);
                Some((facts, pick.section.as_deref()?))
            });
            sections.add(filed);
        }
        sections.settled()
    }

    /// Whether there is anything to choose from.
    pub fn is_empty(&self) -> bool {
        self.names.len() < 2
    }

    /// The headings that an item may stand under, the likeliest first.
    pub fn of(&self, item: &Item) -> Vec<Section> {
        self.of_facts(&Facts::from(item))
    }

    pub(super) fn of_facts(&self, facts: &Facts<'_>) -> Vec<Section> {
        if self.is_empty() {
            return Vec::new();
        }
        let chances = self.chances(&features(facts));
        let mut sections: Vec<Section> = self
            .names
            .iter()
            .zip(chances)
            .map(|(name, chance)| Section {
                name: name.clone(),
                chance,
            })
            .collect();
        sections.sort_by(|a, b| b.chance.total_cmp(&a.chance));
        sections
    }

    /// Learns from one more issue.
    pub(super) fn add<'f>(&mut self, filed: impl Iterator<Item = (Facts<'f>, &'f str)>) {
        let fade = 0.5_f64.powf(1.0 / HALF_LIFE);
        for uses in &mut self.uses {
            *uses *= fade;
        }
        let mut issue = Vec::new();
        for (facts, name) in filed {
            if let Some(heading) = self.heading(name) {
                self.uses[usize::from(heading)] += 1.0;
                issue.push((heading, features(&facts)));
            }
        }
        if self.recent.len() == AGAIN {
            self.recent.remove(0);
        }
        self.recent.push(issue);
        let recent = std::mem::take(&mut self.recent);
        let mut order: Vec<&(u16, Vec<Feature>)> = recent.iter().flatten().collect();
        // In an order that is always the same and no one of the issue.
        order.sort_by_key(|(heading, features)| {
            let first = features.first().map_or(0, |feature| feature.number);
            xxh3_64_with_seed(&first.to_le_bytes(), u64::from(*heading))
        });
        for _ in 0..PASSES {
            for (heading, features) in &order {
                self.step(*heading, features);
            }
        }
        self.recent = recent;
    }

    /// Without what is only needed to learn more.
    pub(super) fn settled(mut self) -> Self {
        self.recent.clear();
        for weights in self.weights.values_mut() {
            weights.retain(|weight| weight.weight.abs() >= LEAST_WEIGHT);
        }
        self.weights.retain(|_, weights| !weights.is_empty());
        self
    }

    /// The number of a heading; none where there are too many.
    fn heading(&mut self, name: &str) -> Option<u16> {
        let known = self.names.iter().position(|known| known == name);
        if known.is_none() {
            if self.names.len() == MOST_HEADINGS {
                return None;
            }
            self.names.push(name.to_owned());
            self.uses.push(0.0);
        }
        u16::try_from(known.unwrap_or(self.names.len() - 1)).ok()
    }

    fn chances(&self, features: &[Feature]) -> Vec<f64> {
        let total: f64 = self.uses.iter().sum();
        let prior = |uses: &f64| (uses / total.max(1.0) + 1e-3).ln();
        let mut scores: Vec<f64> = self.uses.iter().map(prior).collect();
        for feature in features {
            for weight in self.weights.get(&feature.number).into_iter().flatten() {
                scores[usize::from(weight.heading)] += f64::from(weight.weight * feature.value);
            }
        }
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for score in &mut scores {
            *score = (*score - most).exp();
        }
        let total: f64 = scores.iter().sum();
        scores.into_iter().map(|score| score / total).collect()
    }

    /// Moves weights towards one example.
    fn step(&mut self, heading: u16, features: &[Feature]) {
        let chances = self.chances(features);
        for (own, chance) in (0_u16..).zip(chances) {
            #[expect(clippy::cast_possible_truncation, reason = "a chance")]
            let slope = (chance - f64::from(u8::from(own == heading))) as f32;
            // Most headings are out of question.
            if slope.abs() < 0.01 {
                continue;
            }
            for feature in features {
                let weights = self.weights.entry(feature.number).or_default();
                let at = weights.iter().position(|weight| weight.heading == own);
                let at = at.unwrap_or_else(|| {
                    weights.push(Vote {
                        heading: own,
                        weight: 0.0,
                        slopes: 0.1,
                    });
                    weights.len() - 1
                });
                let own = slope * feature.value;
                weights[at].slopes += own * own;
                weights[at].weight -= RATE * own / weights[at].slopes.sqrt();
            }
        }
    }
}

/// So much a piece of a word counts beside a whole word.
const PIECE: f32 = 0.35;

/// So many words of a title are read.
const MOST_WORDS: usize = 40;

/// What tells headings apart: the place and the words of the path, the words of the title and its
/// form, kind, source, authors and labels.
fn features(facts: &Facts<'_>) -> Vec<Feature> {
    let mut found: HashMap<u64, f32> = HashMap::new();
    let mut add = |of: &str, name: &str, value: f32| {
        if !name.is_empty() {
            let number = xxh3_64_with_seed(name.as_bytes(), xxh3_64(of.as_bytes()));
            found.insert(number, value);
        }
    };
    places(facts.url, &mut add);
    title(facts.title, &mut add);
    add("kind", facts.kind, 1.0);
    add("source", facts.source, 1.0);
    for author in facts.people() {
        add("author", author, 1.0);
    }
    for label in facts.labels() {
        add("label", label, 1.0);
    }
    let mut features: Vec<Feature> = found
        .into_iter()
        .map(|(number, value)| Feature { number, value })
        .collect();
    features.sort_by_key(|feature| feature.number);
    features
}

fn places(url: &str, add: &mut impl FnMut(&str, &str, f32)) {
    let place = site::place(url);
    add("host", &place.host, 1.0);
    add("site", &place.site, 1.0);
    add("top", place.host.rsplit('.').next().unwrap_or(""), 1.0);
    let Ok(url) = url::Url::parse(url) else {
        return;
    };
    let path = url.path().to_lowercase();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let first = parts.first().copied().unwrap_or("");
    add("path", first, 1.0);
    add("host path", &format!("{}/{first}", place.host), 1.0);
    if parts.len() > 1 {
        add("two", &format!("{}/{first}/{}", place.host, parts[1]), 1.0);
    }
    add("depth", &parts.len().min(6).to_string(), 1.0);
    for part in parts.iter().skip(1).take(4) {
        let words = part.split(|c: char| !c.is_alphabetic());
        for word in words.filter(|word| word.len() > 2).take(MOST_WORDS) {
            add("path word", word, 1.0);
        }
    }
}

fn title(title: &str, add: &mut impl FnMut(&str, &str, f32)) {
    let mut words = Words::default();
    words.read(title);
    let words: Vec<&str> = words.iter().take(MOST_WORDS).collect();
    for word in &words {
        add("word", word, 1.0);
        let marked: Vec<char> = format!(" {word} ").chars().collect();
        for piece in marked.windows(4) {
            add("piece", &piece.iter().collect::<String>(), PIECE);
        }
    }
    for pair in words.windows(2) {
        add("pair", &pair.join(" "), 1.0);
    }
    add("first", words.first().unwrap_or(&""), 1.0);
    add("last", words.last().unwrap_or(&""), 1.0);
    add("words", &(words.len().min(16) / 2).to_string(), 1.0);
    for mark in ['?', ':', '|', '(', '{', ',', '/', '@'] {
        if title.contains(mark) {
            add("mark", &mark.to_string(), 1.0);
        }
    }
    let digits = title.contains(|c: char| c.is_ascii_digit());
    add("digits", if digits { "some" } else { "none" }, 1.0);
    let is_version =
        |word: &&&str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    if words.iter().any(|word| is_version(&word)) {
        add("form", "version", 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    fn pick(issue: i64, title: &str, url: &str, section: &str) -> Pick {
        Pick {
            title: title.to_owned(),
            url: url.to_owned(),
            section: Some(section.to_owned()),
            issued: DateTime::UNIX_EPOCH + TimeDelta::days(7 * issue),
            ..Pick::default()
        }
    }

    fn item(title: &str, url: &str) -> Item {
        Item {
            title: title.to_owned(),
            url: url.to_owned(),
            ..Item::default()
        }
    }

    fn issues(count: i64) -> Vec<Pick> {
        (0..count)
            .flat_map(|at| {
                [
                    pick(
                        at,
                        &format!("ropes {at}.0"),
                        &format!("https://code.example/ropes/{at}"),
                        "Releases",
                    ),
                    pick(
                        at,
                        &format!("How to moor in week {at}"),
                        &format!("https://a{at}.example/x"),
                        "Tutorials",
                    ),
                    pick(
                        at,
                        &format!("A talk on tides {at}"),
                        &format!("https://videos.example/{at}"),
                        "Talks",
                    ),
                ]
            })
            .collect()
    }

    #[test]
    fn a_thing_stands_where_its_like_stood() {
        let sections = Sections::learn(&issues(12), |_| None);
        let check = |title: &str, url: &str, expected: &str| {
            let found = sections.of(&item(title, url));
            assert_eq!(found[0].name, expected, "{found:?}");
            let sum: f64 = found.iter().map(|it| it.chance).sum();
            assert!((sum - 1.0).abs() < 1e-9);
        };
        check("ropes 99.1", "https://code.example/ropes/99", "Releases");
        check("How to splice", "https://new.example/y", "Tutorials");
        check("On storms", "https://videos.example/7", "Talks");
    }

    #[test]
    fn where_there_is_one_heading_there_is_nothing_to_say() {
        let one = [pick(0, "a", "https://a.example/", "Readings")];
        assert!(
            Sections::learn(&one, |_| None)
                .of(&item("b", "https://b.example/"))
                .is_empty()
        );
        assert!(Sections::learn(&[], |_| None).is_empty());
    }

    #[test]
    fn headings_are_bounded() {
        let many: Vec<Pick> = (0..500)
            .map(|at| pick(at, "a", "https://a.example/", &format!("Heading {at}")))
            .collect();
        assert_eq!(Sections::learn(&many, |_| None).names.len(), MOST_HEADINGS);
    }
}
