//! Small made-up archives that the ranking must get right.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::*;

const TOPICS: [&str; 8] = [
    "ropes", "lamps", "clocks", "boats", "maps", "tides", "birds", "bells",
];

fn at(days: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-01T08:00:00Z".parse().unwrap();
    start + TimeDelta::days(days)
}

/// Five entries a day; which topic, which site and which number changes from one to the next.
fn entry(number: i64) -> Item {
    let topic = TOPICS[usize::try_from(number * 5 % 8).unwrap()];
    Item {
        key: number.to_string(),
        title: format!("{topic} seen from house {number}"),
        summary: format!("All about {topic}."),
        url: format!("https://site{}.example/{number}", number % 7),
        source: format!("source {}", number % 7),
        published: at(number / 5),
        ..Item::default()
    }
}

/// The entries that are picked: whatever `wanted` says, of those of `ages` in days.
fn picks(
    entries: &[Item],
    days: i64,
    ages: std::ops::RangeInclusive<i64>,
    wanted: fn(&Item) -> bool,
) -> Vec<Pick> {
    let mut picks: Vec<Pick> = Vec::new();
    for day in (7..days).step_by(7) {
        let mut found = 0;
        for item in entries {
            let age = (at(day) - item.published).num_days();
            let is_new = || picks.iter().all(|it| it.item.as_ref() != Some(&item.key));
            if found < 3 && ages.contains(&age) && wanted(item) && is_new() {
                found += 1;
                picks.push(Pick {
                    item: Some(item.key.clone()),
                    title: item.title.clone(),
                    url: item.url.clone(),
                    issued: at(day),
                    ..Pick::default()
                });
            }
        }
    }
    picks
}

fn list(entries: &[Item], picks: &[Pick], days: i64) -> List {
    let archive = Archive {
        items: entries,
        picks,
        decisions: &[],
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(days));
    model.rank(entries, &[], &options, at(days))
}

fn about_bells(item: &Item) -> bool {
    item.title.contains("bells")
}

#[test]
fn what_is_like_what_was_picked_stands_on_top_and_says_why() {
    let entries: Vec<Item> = (0..700).map(entry).collect();
    let list = list(&entries, &picks(&entries, 140, 0..=13, about_bells), 140);
    let first: Vec<&Suggestion> = list.suggestions.iter().take(5).collect();
    for suggestion in first {
        let item = &entries[suggestion.key.parse::<usize>().unwrap()];
        assert!(about_bells(item), "{}", item.title);
        assert!(
            suggestion.reasons.iter().any(|it| it.contains("bells")),
            "{:?}",
            suggestion.reasons
        );
    }
}

#[test]
fn every_score_is_the_sum_of_its_contributions() {
    let entries: Vec<Item> = (0..700).map(entry).collect();
    let list = list(&entries, &picks(&entries, 140, 0..=13, about_bells), 140);
    assert_eq!(list.suggestions.len(), 20);
    for suggestion in &list.suggestions {
        let sum: f64 = suggestion.contributions.iter().map(|it| it.amount).sum();
        assert_eq!(sum.to_bits(), suggestion.score.to_bits());
    }
}

/// How old the suggestions are, in days.
fn ages(entries: &[Item], list: &List, today: i64) -> Vec<i64> {
    let age = |it: &Suggestion| today - it.key.parse::<i64>().unwrap() / 5;
    assert_eq!(entries.len(), 1500);
    list.suggestions.iter().map(age).collect()
}

#[test]
fn age_counts_as_the_picks_say() {
    let entries: Vec<Item> = (0..1500).map(entry).collect();
    let picked = picks(&entries, 300, 0..=9, about_bells);
    let new = ages(&entries, &list(&entries, &picked, 300), 300);
    assert!(new.iter().take(5).all(|age| *age <= 13), "{new:?}");
    let picked = picks(&entries, 300, 60..=120, about_bells);
    let old = ages(&entries, &list(&entries, &picked, 300), 300);
    assert!(old.iter().take(5).all(|age| *age > 30), "{old:?}");
}

#[test]
fn without_an_archive_the_newest_come_first_one_of_each_source() {
    let entries: Vec<Item> = (0..100).map(entry).collect();
    let list = list(&entries, &[], 20);
    let sources: BTreeSet<&str> = list
        .suggestions
        .iter()
        .take(7)
        .map(|it| entries[it.key.parse::<usize>().unwrap()].source.as_str())
        .collect();
    assert_eq!(sources.len(), 7);
    // One of each source is among the last seven that came.
    let numbers = list.suggestions.iter().take(7);
    let numbers: Vec<usize> = numbers.map(|it| it.key.parse().unwrap()).collect();
    assert!(numbers.iter().all(|it| *it >= 90), "{numbers:?}");
    assert!(list.basis.to_string().starts_with("nothing was picked yet"));
}

#[test]
fn one_issue_is_enough_to_tell_what_is_wanted() {
    let entries: Vec<Item> = (0..100).map(entry).collect();
    let picked = picks(&entries, 14, 0..=13, about_bells);
    assert!(picked.len() <= 3);
    let list = list(&entries, &picked, 20);
    let bells = list
        .suggestions
        .iter()
        .take(3)
        .filter(|it| about_bells(&entries[it.key.parse::<usize>().unwrap()]));
    assert!(bells.count() >= 2);
}

/// Ten picks of two issues, all about bells or from one site, and no more.
fn ten_picks(entries: &[Item]) -> Vec<Pick> {
    let wanted = |item: &Item| about_bells(item) || item.url.starts_with("https://site3.");
    let of = |day: i64, most: usize| {
        let open = move |item: &&Item| (0..=6).contains(&(at(day) - item.published).num_days());
        let pick = move |item: &Item| Pick {
            item: Some(item.key.clone()),
            title: item.title.clone(),
            url: item.url.clone(),
            issued: at(day),
            ..Pick::default()
        };
        let found = entries.iter().filter(open).filter(|item| wanted(item));
        found.take(most).map(pick).collect::<Vec<_>>()
    };
    let all = [of(7, 5), of(14, 5)].concat();
    assert_eq!(all.len(), 10);
    all
}

#[test]
fn ten_picks_are_enough_for_a_sensible_list() {
    let entries: Vec<Item> = (0..110).map(entry).collect();
    let picked = ten_picks(&entries);
    let list = list(&entries, &picked, 21);
    let item = |it: &Suggestion| &entries[it.key.parse::<usize>().unwrap()];
    let wanted =
        |it: &&Suggestion| about_bells(item(it)) || item(it).url.starts_with("https://site3.");
    let first = &list.suggestions[..8];
    assert!(first.iter().filter(wanted).count() >= 6, "{first:#?}");
    let sources: BTreeSet<&str> = first.iter().map(|it| item(it).source.as_str()).collect();
    assert!(sources.len() >= 3, "varied: {sources:?}");
    let again = |it: &Suggestion| {
        picked
            .iter()
            .any(|pick| pick.item.as_ref() == Some(&it.key))
    };
    assert!(!list.suggestions.iter().any(again));
    assert!(first.iter().filter(wanted).all(|it| !it.reasons.is_empty()));
    assert_eq!(list.basis.to_string(), "10 past readings of 2 issues");
}

#[test]
fn the_score_that_sorts_is_the_one_that_is_explained() {
    use super::features::Reader;
    use super::learner::{Learner, Read};
    use super::taste::Taste;
    use super::tuning::Tuning;

    let entries: Vec<Item> = (0..300).map(entry).collect();
    let picked = picks(&entries, 60, 0..=13, about_bells);
    let mut learner = Learner::new(Tuning::default(), 14, 1.0);
    for item in &entries {
        learner.add(item, Read::Whole);
    }
    for day in (7..60).step_by(7) {
        let own: Vec<&Pick> = picked.iter().filter(|it| it.issued == at(day)).collect();
        learner.close(super::day(at(day)), &own);
    }
    learner.learn(super::day(at(60)));
    let taste = Taste::of(&learner);
    let (tuning, today) = (Tuning::default(), super::day(at(60)));
    let mut reader = Reader::default();
    for item in &entries {
        let parts = taste.weigh(item, today, &tuning, &mut reader);
        let sum: f64 = parts.iter().map(|it| it.amount).sum();
        let score = taste.score(item, today, &tuning, &mut reader, &mut Vec::new());
        assert!((sum - score).abs() < 1e-9, "{sum} {score}");
    }
}

/// An entry that has everything that an entry can have.
fn full(number: i64) -> Item {
    Item {
        authors: vec!["Ada".to_owned()],
        tags: vec!["news".to_owned(), "world".to_owned()],
        language: Some("en".to_owned()),
        kind: Some(Kind::Post),
        carriers: 2,
        ..entry(number)
    }
}

/// The same as an entry of whose source nothing but title and address is known.
fn bare(item: &Item) -> Item {
    Item {
        key: format!("bare {}", item.key),
        title: item.title.clone(),
        url: item.url.clone(),
        kind: item.kind,
        published: item.published,
        ..Item::default()
    }
}

/// Past readings that no source carried, three of every week.
fn only_readings(weeks: i64) -> Vec<Pick> {
    (0..weeks * 3)
        .map(|number| Pick {
            title: format!("bells heard from tower {number}"),
            url: format!("https://tower{}.example/{number}", number % 5),
            kind: Some(Kind::Post),
            issued: at(number / 3 * 7),
            ..Pick::default()
        })
        .collect()
}

/// What age, source, authors, labels, language, length and carriers add to the score of an entry,
/// where no past reading was among the entries.
fn of_what_readings_lack(entries: &[Item], picks: &[Pick], item: &Item) -> Vec<Contribution> {
    let archive = Archive {
        items: entries,
        picks,
        decisions: &[],
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(60));
    let weighed = model
        .weigh(std::slice::from_ref(item), &options, at(60))
        .remove(0);
    let lacks = |it: &Contribution| match &it.reason {
        Reason::Word(_) | Reason::Site(_) | Reason::Kind(_) | Reason::Archive { .. } => false,
        Reason::Record { of, .. } => of != "site",
        Reason::Form(form) => form.contains("author") || form.contains("summary"),
        _ => true,
    };
    weighed.contributions.into_iter().filter(lacks).collect()
}

#[test]
fn what_past_readings_lack_speaks_against_no_entry() {
    let entries: Vec<Item> = (230..300).map(full).collect();
    let item = full(296);
    let without = of_what_readings_lack(&entries, &[], &item);
    let with = of_what_readings_lack(&entries, &only_readings(8), &item);
    // An age that is a little below the newest, and two that carry it: as without an archive.
    assert_eq!(with, without);
    assert!(
        without
            .iter()
            .any(|it| it.reason == Reason::Carriers { count: 2 })
    );
}

#[test]
fn readings_that_no_source_carried_do_not_teach_what_they_lack() {
    // Some issues picked what sources carried, and all readings else were found elsewhere.
    let entries: Vec<Item> = (0..300).map(full).collect();
    let mut picked = picks(&entries, 60, 0..=13, about_bells);
    picked.extend(only_readings(8));
    let with = of_what_readings_lack(&entries, &picked, &full(296));
    let author = with.iter().filter(|it| match &it.reason {
        Reason::Author(_) | Reason::Label(_) | Reason::Language(_) => true,
        Reason::Form(form) => form.contains("author") || form.contains("summary"),
        _ => false,
    });
    // All entries have these, so that they tell nothing apart.
    let amount: f64 = author.map(|it| it.amount.abs()).sum();
    assert!(amount < 0.01, "{with:?}");
}

#[test]
fn what_is_known_of_an_entry_decides_nothing_where_readings_have_only_titles() {
    let mut entries: Vec<Item> = (230..300).map(full).collect();
    let bells = entries.iter().filter(|item| about_bells(item));
    let twins: Vec<Item> = bells.map(bare).collect();
    entries.extend(twins);
    let archive = Archive {
        items: &entries,
        picks: &only_readings(8),
        decisions: &[],
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(60));
    let scores = model.weigh(&entries, &options, at(60));
    for twin in scores.iter().filter(|it| it.key.starts_with("bare ")) {
        let own = scores
            .iter()
            .find(|it| format!("bare {}", it.key) == twin.key);
        let own = own.unwrap();
        assert!(own.score > twin.score, "{own:#?} {twin:#?}");
    }
}

/// Scores of the candidates for the issue of a day: as `evaluate` gives them, and as suggestions
/// have them on that day.
fn evaluated_and_suggested(last: i64) -> Vec<(f64, f64)> {
    let entries: Vec<Item> = (0..last * 5 + 5).map(full).collect();
    let mut picked = picks(&entries, last + 1, 0..=13, about_bells);
    picked.extend(only_readings(last / 7));
    let what = evaluate::Replay {
        items: &entries,
        picks: &picked,
        window_days: 14,
        least_picks: 1,
        days: (day(at(last)), day(at(last))),
    };
    let found = evaluate::replay(&what, evaluate::Ranker::Learner(&[])).unwrap();
    assert_eq!(found.len(), 1);
    picked.retain(|pick| pick.issued < at(last));
    let archive = Archive {
        items: &entries,
        picks: &picked,
        decisions: &[],
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(last));
    let open: Vec<Item> = found[0]
        .candidates
        .iter()
        .map(|place| entries[*place].clone())
        .collect();
    let suggested = model.weigh(&open, &options, at(last));
    let scores = suggested.iter().map(|it| it.score);
    found[0].scores.iter().copied().zip(scores).collect()
}

#[test]
fn what_is_evaluated_is_what_suggests() {
    let scores = evaluated_and_suggested(56);
    assert!(scores.len() > 60);
    for (evaluated, suggested) in &scores {
        assert!((evaluated - suggested).abs() < 1e-6, "{scores:?}");
    }
    let first = scores[0].0;
    assert!(scores.iter().any(|(score, _)| (score - first).abs() > 1.0));
}

#[test]
fn a_rehearsal_changes_where_learning_starts_and_hardly_what_is_learned() {
    // Nine issues or more are rehearsed for chances, and learning goes on from there.
    let scores = evaluated_and_suggested(140);
    let all = scores.iter().map(|(score, _)| *score);
    let (most, least) = (
        all.clone().fold(f64::MIN, f64::max),
        all.fold(f64::MAX, f64::min),
    );
    for (evaluated, suggested) in &scores {
        let apart = (evaluated - suggested).abs() / (most - least);
        assert!(apart < 0.02, "{apart} {scores:?}");
    }
}

#[test]
fn the_same_story_of_another_source_needs_no_second_answer() {
    let mut entries: Vec<Item> = (0..100).map(entry).collect();
    let mut add = |key: &str, number: usize, days: i64| {
        let first = entries[number].clone();
        entries.push(Item {
            key: key.to_owned(),
            url: format!("https://elsewhere.example/{key}"),
            source: "elsewhere".to_owned(),
            published: first.published + TimeDelta::days(days),
            ..first
        });
    };
    add("as accepted", 90, 1);
    add("as declined", 91, 1);
    add("a month later", 90, 30);
    let answer = |item: &str, answer: Answer| Decision {
        item: item.to_owned(),
        answer,
        by: None,
        at: at(19),
    };
    let decisions = [answer("90", Answer::Accept), answer("91", Answer::Decline)];
    let model = Model::learn(&Archive::default(), &[], &Options::default(), at(50));
    let list = model.rank(&entries, &decisions, &Options::default(), at(50));
    let why = |key: &str| {
        list.left_out
            .iter()
            .find(|it| it.key == key)
            .map(|it| &it.why)
    };
    assert_eq!(why("as accepted"), Some(&Why::Accepted));
    assert_eq!(why("as declined"), Some(&Why::Declined));
    assert_eq!(why("a month later"), None);
    assert_eq!(list.left_out.len(), 4);
}

/// A store that was begun on day 59: of each of six sources 25 entries of the weeks before, and an
/// archive of eight issues that no source carried.
fn cold_store() -> (Vec<Item>, Vec<Pick>) {
    let entries = (0..150).map(|number| Item {
        source: format!("source {}", number % 6),
        url: format!("https://site{}.example/{number}", number % 6),
        published: at(59) - TimeDelta::hours(9 * number),
        seen: Some(at(59)),
        kind: Some(Kind::Post),
        ..entry(number)
    });
    (entries.collect(), only_readings(8))
}

fn after(entries: &[Item], picks: &[Pick], decisions: &[Decision]) -> List {
    let archive = Archive {
        items: entries,
        picks,
        decisions,
    };
    let options = Options {
        variety: 0.0,
        ..Options::default()
    };
    let model = Model::learn(&archive, &[], &options, at(60));
    model.rank(entries, decisions, &options, at(60))
}

fn decided(item: &str, answer: Answer) -> Decision {
    Decision {
        item: item.to_owned(),
        answer,
        by: None,
        at: at(60),
    }
}

#[test]
fn what_no_store_had_yet_was_not_passed_over() {
    let (entries, picks) = cold_store();
    assert_eq!(after(&entries, &picks, &[]).basis.windows, 0);
    // An issue of the last week picked from one of the sources: that one was read.
    let mut picks = picks;
    picks.push(Pick {
        item: Some(entries[30].key.clone()),
        title: entries[30].title.clone(),
        url: entries[30].url.clone(),
        issued: at(50),
        ..Pick::default()
    });
    assert_eq!(after(&entries, &picks, &[]).basis.windows, 1);
    // What the store had is passed over, whoever carries it.
    let there: Vec<Item> = entries
        .iter()
        .map(|item| Item {
            seen: None,
            ..item.clone()
        })
        .collect();
    assert!(after(&there, &only_readings(8), &[]).basis.windows > 1);
}

/// How many of a list were not on another, and the place of a source's entries on both by score.
fn moved(before: &List, now: &List) -> usize {
    let there: BTreeSet<&str> = before
        .suggestions
        .iter()
        .map(|it| it.key.as_str())
        .collect();
    let is_new = |it: &&Suggestion| !there.contains(it.key.as_str());
    now.suggestions.iter().filter(is_new).count()
}

#[test]
fn one_decision_moves_a_bounded_share_of_the_list() {
    let (entries, picks) = cold_store();
    let before = after(&entries, &picks, &[]);
    for number in (0..150).step_by(7) {
        for answer in [Answer::Accept, Answer::Decline] {
            let decision = decided(&number.to_string(), answer);
            let now = after(&entries, &picks, &[decision]);
            let moved = moved(&before, &now);
            assert!(moved <= 8, "{answer:?} of {number} moved {moved} of 20");
        }
    }
}

/// The mean score of the entries of the source that an entry is of.
fn mean_of_source(entries: &[Item], picks: &[Pick], decisions: &[Decision], of: usize) -> f64 {
    let archive = Archive {
        items: entries,
        picks,
        decisions,
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(60));
    let own: Vec<Item> = entries
        .iter()
        .filter(|item| item.source == entries[of].source)
        .cloned()
        .collect();
    let scores = model.weigh(&own, &options, at(60));
    let count = u32::try_from(scores.len()).unwrap();
    scores.iter().map(|it| it.score).sum::<f64>() / f64::from(count)
}

#[test]
fn decisions_teach_from_the_first_on_and_more_with_each() {
    let (entries, picks) = cold_store();
    let means = |answer: Answer| -> Vec<f64> {
        let decisions: Vec<Decision> = (0..6)
            .map(|number| decided(&(number * 6 + 3).to_string(), answer))
            .collect();
        let counts = [0, 1, 3, 6];
        let mean = |count| mean_of_source(&entries, &picks, &decisions[..count], 3);
        counts.map(mean).to_vec()
    };
    let (up, down) = (means(Answer::Accept), means(Answer::Decline));
    assert!(up.is_sorted_by(|a, b| a < b), "{up:?}");
    assert!(down.is_sorted_by(|a, b| a > b), "{down:?}");
    // The slope of one is bounded, and so is what it moves.
    assert!(
        up[1] - up[0] < 0.7 && down[0] - down[1] < 0.7,
        "{up:?} {down:?}"
    );
}

fn read_before(title: &str, url: &str, day: i64) -> Pick {
    Pick {
        title: title.to_owned(),
        url: url.to_owned(),
        issued: at(day),
        ..Pick::default()
    }
}

/// Which of these candidates, each a title and an address, are open after these picks.
fn open<'c>(picks: &[Pick], candidates: &[(&'c str, &str)]) -> Vec<&'c str> {
    let items: Vec<Item> = (0..)
        .zip(candidates)
        .map(|(number, (title, url))| Item {
            key: format!("{number}"),
            title: (*title).to_owned(),
            url: (*url).to_owned(),
            source: format!("source {number}"),
            published: at(60),
            ..Item::default()
        })
        .collect();
    let archive = Archive {
        items: &items,
        picks,
        decisions: &[],
    };
    let options = Options::default();
    let model = Model::learn(&archive, &[], &options, at(61));
    let list = model.rank(&items, &[], &options, at(61));
    let is_open = |key: &String| list.suggestions.iter().any(|it| it.key == *key);
    let all = items.iter().zip(candidates);
    all.filter(|(item, _)| is_open(&item.key))
        .map(|(_, (title, _))| *title)
        .collect()
}

#[test]
fn what_was_recommended_comes_back_under_no_other_name() {
    let picks = [
        read_before(
            "Grinding barley slowly at night",
            "https://millpond.example/notes/barley/",
            50,
        ),
        read_before("Bells", "https://tower.example/bells", 50),
    ];
    let found = open(
        &picks,
        &[
            (
                "Grinding barley slowly at night | Mill Pond Works",
                "https://millpond.example/pt/x",
            ),
            (
                "Moer cevada",
                "https://www.millpond.example/pt/notes/barley",
            ),
            (
                "Grinding Barley Slowly at Night",
                "https://copies.example/syndicated/77",
            ),
            ("The bells", "https://tower.example//bells/"),
            (
                "Grinding barley slowly at night, part 2",
                "https://millpond.example/notes/barley-2/",
            ),
            ("Bells and ropes", "https://tower.example/ropes"),
        ],
    );
    let new = ["Grinding barley slowly at night, part 2", "Bells and ropes"];
    let found: BTreeSet<&str> = found.into_iter().collect();
    assert_eq!(found, BTreeSet::from(new));
}

#[test]
fn a_release_comes_back_where_the_archive_has_releases_again() {
    let release = |name: &str, version: &str, day: i64| {
        let url = format!("https://packages.example/{name}");
        read_before(&format!("{name} {version}"), &url, day)
    };
    let mut picks: Vec<Pick> = (0..4)
        .flat_map(|at| {
            let name = TOPICS[at];
            [release(name, "1.0", 7), release(name, "1.1", 28)]
        })
        .collect();
    picks.push(read_before("A talk", "https://talks.example/1", 28));
    let candidates = [
        ("ropes 1.2", "https://packages.example/ropes"),
        ("lamps 1.1", "https://packages.example/lamps"),
        ("A talk, now with slides", "https://talks.example/1"),
    ];
    assert_eq!(open(&picks, &candidates), ["ropes 1.2"]);
}

#[test]
fn a_list_that_nobody_asked_a_length_of_is_as_long_as_issues_and_some_more() {
    let entries: Vec<Item> = (0..700).map(entry).collect();
    let picks = picks(&entries, 140, 0..=13, about_bells);
    let archive = Archive {
        items: &entries,
        picks: &picks,
        decisions: &[],
    };
    let options = Options {
        length: None,
        ..Options::default()
    };
    let model = Model::learn(&archive, &[], &options, at(140));
    let list = model.rank(&entries, &[], &options, at(140));
    assert_eq!(list.suggestions.len(), 10);
    let sum: f64 = model
        .weigh(&entries[630..], &options, at(140))
        .iter()
        .filter_map(|it| it.chance)
        .sum();
    // Issues take three; what is a candidate here was not taken.
    assert!((1.0..6.0).contains(&sum), "{sum}");
}
