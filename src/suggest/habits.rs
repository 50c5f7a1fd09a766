//! What a newsletter's issues are like: how long they are, and how many readings they take of one
//! place, person or series. A list has as much room for each.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{Item, Pick, site};

/// So many of the last issues show it.
const ISSUES: usize = 24;

/// A list is so much longer than an issue, in readings: a quarter, and six at least.
const LEAST_MORE: usize = 6;

/// The shortest list, and the longest that nobody asked for.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=100;

/// A list has at most so many times the room of an issue, however short issues are.
const MOST_ROOM: f64 = 2.5;

/// Under what something counts.
const PLACE: u64 = 1;
const SOURCE: u64 = 2;
const AUTHOR: u64 = 3;
const SERIES: u64 = 4;

/// How a newsletter's last issues are made up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Habits {
    /// The median number of readings.
    size: usize,
    /// The most of a place, person or series in one issue, where it was more than one.
    most: BTreeMap<u64, u32>,
    /// How many of one place nine of ten are that an issue takes anything of.
    usual: u32,
}

impl Habits {
    /// Those of an archive; of readings that were entries, the entries tell source and authors.
    pub(super) fn of(picks: &[Pick], items: &[Item]) -> Self {
        let mut issues: BTreeMap<i32, Vec<&Pick>> = BTreeMap::new();
        for pick in picks {
            issues.entry(pick.day()).or_default().push(pick);
        }
        let last: Vec<Vec<&Pick>> = issues.into_values().rev().take(ISSUES).collect();
        let wanted: HashSet<&str> = last
            .iter()
            .flatten()
            .filter_map(|pick| pick.item.as_deref())
            .collect();
        let by_key: HashMap<&str, &Item> = items
            .iter()
            .filter(|item| wanted.contains(item.key.as_str()))
            .map(|item| (item.key.as_str(), item))
            .collect();
        let mut habits = Self::default();
        for issue in &last {
            let mut counts: HashMap<u64, u32> = HashMap::new();
            for pick in issue {
                let item = pick.item.as_deref().and_then(|key| by_key.get(key));
                let own = match item {
                    Some(item) => keys(item),
                    None => place_keys(&pick.title, &pick.url),
                };
                for (key, _) in own {
                    *counts.entry(key).or_default() += 1;
                }
            }
            for (key, count) in counts.into_iter().filter(|(_, count)| *count > 1) {
                let most = habits.most.entry(key).or_default();
                *most = count.max(*most);
            }
        }
        habits.usual = usual(&last);
        let mut sizes: Vec<usize> = last.iter().map(Vec::len).collect();
        sizes.sort_unstable();
        habits.size = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
        habits
    }

    /// How long a list is that nobody asked a length of: as long as an issue, and some more.
    pub(super) fn length(&self) -> usize {
        let more = (self.size / 4).max(LEAST_MORE);
        (self.size + more).clamp(*LENGTHS.start(), *LENGTHS.end())
    }

    /// The room of a list of so many.
    #[expect(clippy::cast_precision_loss, reason = "lists are short")]
    pub(super) fn room(&self, length: usize) -> Room<'_> {
        let times = (length as f64 / self.size.max(1) as f64).clamp(1.0, MOST_ROOM);
        Room {
            habits: self,
            times,
            taken: HashMap::new(),
        }
    }
}

/// How many of one place an issue usually takes, if any.
fn usual(issues: &[Vec<&Pick>]) -> u32 {
    let mut counts: Vec<u32> = Vec::new();
    for issue in issues {
        let mut own: HashMap<String, u32> = HashMap::new();
        for pick in issue {
            *own.entry(place(&pick.url)).or_default() += 1;
        }
        counts.extend(own.into_values());
    }
    counts.sort_unstable();
    counts.get(counts.len() * 9 / 10).copied().unwrap_or(1)
}

/// What room is left in a list.
#[derive(Clone, Debug)]
pub(super) struct Room<'a> {
    habits: &'a Habits,
    times: f64,
    taken: HashMap<u64, u32>,
}

impl Room<'_> {
    /// Whether there is room for an item: for its place, its source, each author, its series.
    pub(super) fn has(&self, item: &Item) -> bool {
        let keys = keys(item);
        let of_place = keys.first().map_or(0, |(key, of)| self.most(*key, *of));
        keys.iter().all(|(key, of)| {
            let most = match *of {
                // A place of many sources has room for as many of one of them.
                SOURCE => self.most(*key, *of).max(of_place),
                of => self.most(*key, of),
            };
            self.taken.get(key).copied().unwrap_or(0) < most
        })
    }

    /// Takes the room of an item.
    pub(super) fn take(&mut self, item: &Item) {
        for (key, _) in keys(item) {
            *self.taken.entry(key).or_default() += 1;
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number that is not negative"
    )]
    fn most(&self, key: u64, of: u64) -> u32 {
        let least = if of == SERIES {
            1
        } else {
            self.habits.usual.max(1)
        };
        let of_issue = self.habits.most.get(&key).copied().unwrap_or(0).max(least);
        if of == SERIES {
            return of_issue;
        }
        (f64::from(of_issue) * self.times).ceil() as u32
    }
}

fn hashed(of: u64, name: &str) -> u64 {
    xxh3_64_with_seed(name.as_bytes(), of)
}

/// The host of an address; empty where it has none.
fn place(url: &str) -> String {
    site::place(url).host
}

/// What an item takes room of; the place first.
fn keys(item: &Item) -> Vec<(u64, u64)> {
    let mut keys = place_keys(&item.title, &item.url);
    let mut add = |of: u64, name: &str| {
        if !name.is_empty() {
            keys.push((hashed(of, name), of));
        }
    };
    add(SOURCE, &item.source);
    for author in item.authors.iter().take(3) {
        add(AUTHOR, author);
    }
    keys
}

fn place_keys(title: &str, url: &str) -> Vec<(u64, u64)> {
    let place = place(url);
    let mut keys = Vec::new();
    if !place.is_empty() {
        keys.push((hashed(PLACE, &place), PLACE));
        if let Some(series) = series(title) {
            keys.push((hashed(SERIES, &format!("{place} {series}")), SERIES));
        }
    }
    keys
}

/// What the titles of a series have in common: all but numbers and dates. None where nothing is
/// numbered.
fn series(title: &str) -> Option<String> {
    const MONTHS: &str = " january february march april may june july august september october \
        november december jan feb mar apr jun jul aug sep sept oct nov dec ";
    let words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut name = String::new();
    let mut has_number = false;
    for word in words {
        let word = word.to_lowercase();
        if word.contains(|c: char| c.is_ascii_digit()) {
            has_number = true;
        } else if !MONTHS.contains(&format!(" {word} ")) {
            name.push_str(&word);
            name.push(' ');
        }
    }
    (has_number && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    fn pick(issue: i64, url: &str) -> Pick {
        Pick {
            title: "A reading".to_owned(),
            url: url.to_owned(),
            issued: DateTime::UNIX_EPOCH + TimeDelta::days(7 * issue),
            ..Pick::default()
        }
    }

    fn item(source: &str, url: &str, title: &str) -> Item {
        Item {
            source: source.to_owned(),
            url: url.to_owned(),
            title: title.to_owned(),
            ..Item::default()
        }
    }

    /// How many of these a list of so many has room for.
    fn fit(habits: &Habits, length: usize, items: &[Item]) -> usize {
        let mut room = habits.room(length);
        let fits = |item: &&Item| {
            let has = room.has(item);
            if has {
                room.take(item);
            }
            has
        };
        items.iter().filter(fits).count()
    }

    #[test]
    fn a_list_is_as_long_as_issues_and_some_more() {
        let of = |count: usize| {
            let picks: Vec<Pick> = (0..count * 3)
                .map(|at| {
                    pick(
                        i64::try_from(at % 3).unwrap(),
                        &format!("https://{at}.example/"),
                    )
                })
                .collect();
            Habits::of(&picks, &[]).length()
        };
        assert_eq!([0, 4, 10, 48, 400].map(of), [10, 10, 16, 60, 100]);
    }

    #[test]
    fn a_list_has_as_much_room_for_a_place_as_issues_take_of_it() {
        let mut picks = Vec::new();
        for issue in 0..6 {
            for at in 0..10 {
                picks.push(pick(
                    issue,
                    &format!("https://blog{}.example/{at}", issue * 10 + at),
                ));
            }
            for at in 0..5 {
                picks.push(pick(issue, &format!("https://mirror.example/{issue}/{at}")));
            }
        }
        let habits = Habits::of(&picks, &[]);
        let of = |host: &str| -> Vec<Item> {
            let one = |at| item(host, &format!("https://{host}/new/{at}"), "A thing");
            (0..40).map(one).collect()
        };
        assert_eq!(fit(&habits, 15, &of("mirror.example")), 5);
        assert_eq!(fit(&habits, 30, &of("mirror.example")), 10);
        assert_eq!(fit(&habits, 30, &of("blog3.example")), 2);
        assert_eq!(fit(&habits, 300, &of("blog3.example")), 3);
    }

    #[test]
    fn a_series_has_room_for_one() {
        let habits = Habits::of(&[pick(0, "https://a.example/")], &[]);
        let weeks: Vec<Item> = (1..9)
            .map(|week| {
                item(
                    "c",
                    &format!("https://c.example/{week}"),
                    &format!("Changes, week {week}"),
                )
            })
            .collect();
        assert_eq!(fit(&habits, 20, &weeks), 1);
        assert_eq!(
            series("Changes of 12 May 2026"),
            Some("changes of ".to_owned())
        );
        assert_eq!(series("Changes of May"), None);
        assert_eq!(series("2026"), None);
    }
}
