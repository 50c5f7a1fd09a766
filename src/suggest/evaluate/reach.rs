//! How far the sources reach: how many past readings stood among the entries before their issue,
//! and which places the others came from.

use std::collections::{BTreeMap, HashMap};

use super::super::site::place;
use super::super::{Item, Pick};
use super::replay::Scored;

/// How far the sources reach. Every reading counts, whether any source carried it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// All past readings.
    pub readings: usize,
    /// Those that stood among the entries on the day of their issue.
    pub there: usize,
    /// Those whose entry came after their issue.
    pub late: usize,
    /// The issues from the first one on that could be ranked.
    pub issues: usize,
    /// The readings of these issues.
    pub ranked: usize,
    /// Of those, the ones among the first twenty suggestions of their issue.
    pub first_20: usize,
    /// And among the first fifty.
    pub first_50: usize,
    /// Where readings came from that no source had: the places with most of the last year first.
    pub missing: Vec<Missing>,
}

/// A place whose readings were not among the entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The host, and on one of many people the person's part of it.
    pub place: String,
    /// How many readings.
    pub readings: usize,
    /// How many of the year before the last issue.
    pub recent: usize,
    /// The day of the last, counted from 1970.
    pub last: i32,
}

/// Hosts on which everybody has a place of their own.
const SHARED: &str = "github.com gitlab.com codeberg.org medium.com dev.to reddit.com youtube.com \
                      hackernoon.com users.rust-lang.org";

/// How far the sources reached. `scored` is the replay of the same items and picks.
pub fn reach(items: &[Item], picks: &[Pick], scored: &[Scored]) -> Reach {
    let mut days: HashMap<&str, i32> = HashMap::new();
    for item in items {
        let day = days.entry(item.key.as_str()).or_insert(item.day());
        *day = (*day).min(item.day());
    }
    let last = picks.iter().map(Pick::day).max().unwrap_or_default();
    let mut reach = Reach {
        readings: picks.len(),
        ..Reach::default()
    };
    let mut missing: BTreeMap<String, Missing> = BTreeMap::new();
    for pick in picks {
        let appeared = pick.item.as_deref().and_then(|item| days.get(item));
        match appeared {
            Some(day) if *day <= pick.day() => reach.there += 1,
            Some(_) => reach.late += 1,
            None => {
                let name = place_of(&pick.url);
                let there = missing.entry(name.clone()).or_insert(Missing {
                    place: name,
                    readings: 0,
                    recent: 0,
                    last: i32::MIN,
                });
                there.readings += 1;
                there.recent += usize::from(last - pick.day() < YEAR);
                there.last = there.last.max(pick.day());
            }
        }
    }
    reach.missing = missing.into_values().collect();
    reach
        .missing
        .sort_by_key(|it| std::cmp::Reverse((it.recent, it.readings, it.last)));
    if let Some(from) = scored.iter().map(|it| it.day).min() {
        let ranked = picks.iter().filter(|pick| pick.day() >= from);
        let mut issues: Vec<i32> = ranked.map(Pick::day).collect();
        reach.ranked = issues.len();
        issues.sort_unstable();
        issues.dedup();
        reach.issues = issues.len();
        let among = |most: usize| {
            let picked = |it: &Scored| it.ranked().into_iter().take(most).filter(|it| *it).count();
            scored.iter().map(picked).sum()
        };
        reach.first_20 = among(20);
        reach.first_50 = among(50);
    }
    reach
}

const YEAR: i32 = 365;

fn place_of(url: &str) -> String {
    let place = place(url);
    let shared = SHARED.split_whitespace().any(|host| host == place.host);
    match place.corner {
        Some(corner) if shared => corner,
        _ if place.host.is_empty() => "no address".to_owned(),
        _ => place.host,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn day(number: i64) -> DateTime<chrono::Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(number)
    }

    fn item(key: &str, published: i64) -> Item {
        Item {
            key: key.to_owned(),
            title: String::new(),
            summary: String::new(),
            url: String::new(),
            source: String::new(),
            authors: Vec::new(),
            tags: Vec::new(),
            kind: None,
            published: day(published),
            language: None,
            carriers: 0,
            seen: None,
        }
    }

    fn pick(item: Option<&str>, url: &str, issued: i64) -> Pick {
        Pick {
            item: item.map(str::to_owned),
            url: url.to_owned(),
            issued: day(issued),
            ..Pick::default()
        }
    }

    #[test]
    fn counts_every_reading_and_names_the_places_that_are_missing() {
        let items = [item("a", 990), item("b", 1005)];
        let picks = [
            pick(Some("a"), "https://a.example/1", 1000),
            // The entry came after the issue.
            pick(Some("b"), "https://b.example/1", 1000),
            pick(None, "https://github.com/ada/engine", 1000),
            pick(None, "https://www.old.example/1", 10),
            pick(None, "https://old.example/2", 20),
        ];
        let scored = [Scored {
            day: 1000,
            candidates: (0..30).collect(),
            scores: (0..30).map(|at| -f64::from(at)).collect(),
            picked: (0..30).map(|at| at == 25).collect(),
            chances: Vec::new(),
        }];
        let reach = reach(&items, &picks, &scored);
        assert_eq!((reach.readings, reach.there, reach.late), (5, 1, 1));
        assert_eq!((reach.issues, reach.ranked), (1, 3));
        assert_eq!((reach.first_20, reach.first_50), (0, 1));
        let places: Vec<_> = reach
            .missing
            .iter()
            .map(|it| (it.place.as_str(), it.readings, it.recent))
            .collect();
        assert_eq!(places, [("github.com/ada", 1, 1), ("old.example", 2, 0)]);
    }
}
