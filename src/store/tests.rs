use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use tempfile::TempDir;
use xxhash_rust::xxh3::xxh3_64;

use super::*;
use crate::model::{Dated, EntryId, Kind, Origin, Outcome, RequestHeader, Rhythm};

const HOUR: i64 = 3600;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

/// A store in a folder of its own, and a runtime to drive it.
struct Bench {
    folder: TempDir,
    runtime: tokio::runtime::Runtime,
    store: Store,
}

impl Bench {
    fn new() -> Self {
        Self::with(bench::options)
    }

    /// Of what only a file can be.
    fn in_file() -> Self {
        Self::with(bench::file)
    }

    fn with(options: fn(&Path) -> Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let store = runtime
            .block_on(Store::open(&options(folder.path())))
            .unwrap();
        Self {
            folder,
            runtime,
            store,
        }
    }

    fn wait<T>(&self, future: impl Future<Output = Result<T, Error>>) -> T {
        self.runtime.block_on(future).unwrap()
    }

    fn add(&self, url: &str) -> SourceId {
        match self.wait(self.store.add(&source(url), at(0))) {
            Added::New(id) | Added::Known(id) => id,
        }
    }

    /// A visit that finds these items, as `poll` would record it.
    fn visit(&self, source: SourceId, when: i64, items: &[Entry]) -> Stored {
        let record = self.record_of(source, when, items);
        self.wait(self.store.record(&[record], &[], at(when)))[0]
    }

    fn record_of(&self, source: SourceId, when: i64, items: &[Entry]) -> Record {
        let marks: Vec<Mark> = items.iter().map(mark).collect();
        let novelty = self.wait(self.store.novelty(&[(source, marks.clone())]));
        let entries = items
            .iter()
            .zip(&marks)
            .zip(&novelty[0])
            .filter(|(_, novelty)| **novelty != Novelty::Same)
            .map(|((entry, mark), _)| (*mark, entry.clone()))
            .collect();
        Record {
            entries,
            seen: marks,
            ..record(source, when)
        }
    }

    fn all(&self) -> Vec<Remembered> {
        let ids: Vec<EntryId> = (1..1000).map(EntryId).collect();
        self.wait(self.store.entries(&ids))
    }

    fn titles(&self) -> Vec<String> {
        self.all()
            .into_iter()
            .map(|entry| entry.entry.title)
            .collect()
    }

    fn carriers(&self) -> Vec<Vec<i64>> {
        let sources = |entry: Remembered| {
            entry
                .carriers
                .iter()
                .map(|carrier| carrier.source.0)
                .collect()
        };
        self.all().into_iter().map(sources).collect()
    }
}

fn source(url: &str) -> Source {
    Source::new(url, Origin::Added)
}

fn record(source: SourceId, when: i64) -> Record {
    Record {
        source,
        moved_to: None,
        history: History {
            next_visit: Some(at(when + HOUR)),
            last_visit: Some(at(when)),
            last_success: Some(at(when)),
            ..History::default()
        },
        visit: Visit {
            at: at(when),
            outcome: Outcome::Changed,
            status: Some(200),
            took: 12,
            bytes: 4000,
            new: 0,
            changed: 0,
            repairs: Vec::new(),
            message: None,
        },
        entries: Vec::new(),
        seen: Vec::new(),
    }
}

fn mark(entry: &Entry) -> Mark {
    let item = format!("{:?}{:?}{}", entry.guid, entry.url, entry.title);
    Mark {
        item: xxh3_64(item.as_bytes()),
        content: xxh3_64(format!("{entry:?}").as_bytes()),
    }
}

fn item(guid: &str, url: &str, title: &str) -> Entry {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry {
        guid: given(guid),
        url: given(url),
        title: title.to_owned(),
        at: at(-HOUR),
        text: format!("About {title}."),
        content_html: format!("<p>About {title}.</p>"),
        ..Entry::default()
    }
}

const FEED: &str = "https://one.example/feed";

/// What is in the store after visits to one source.
#[track_caller]
fn check_titles(visits: &[&[Entry]], expected: &[&str]) {
    let bench = Bench::new();
    let source = bench.add(FEED);
    for (number, items) in (1..).zip(visits) {
        bench.visit(source, number * HOUR, items);
    }
    assert_eq!(bench.titles(), expected);
}

#[test]
fn two_links_without_guid_are_two_entries() {
    let items = [
        item("", "https://one.example/a", "A"),
        item("", "https://one.example/b", "A"),
    ];
    check_titles(&[&items, &items], &["A", "A"]);
}

#[test]
fn two_titles_without_guid_and_link_are_two_entries() {
    let items = [item("", "", "A"), item("", "", "B")];
    check_titles(&[&items, &items], &["A", "B"]);
}

#[test]
fn one_guid_on_two_links_is_two_entries() {
    let (a, b) = (
        item("g", "https://one.example/a", "A"),
        item("g", "https://one.example/b", "B"),
    );
    check_titles(
        &[&[a.clone(), b.clone()], &[a.clone(), b.clone()]],
        &["A", "B"],
    );
    // Also where the second comes later.
    check_titles(
        &[
            std::slice::from_ref(&a),
            &[b.clone(), a.clone()],
            &[b, a.clone()],
        ],
        &["A", "B"],
    );
}

#[test]
fn a_guid_that_changes_at_each_visit_is_one_entry() {
    let visits: Vec<[Entry; 1]> = (0..4)
        .map(|n| [item(&format!("g{n}"), "https://one.example/a", "A")])
        .collect();
    let visits: Vec<&[Entry]> = visits.iter().map(<[Entry; 1]>::as_slice).collect();
    check_titles(&visits, &["A"]);
}

#[test]
fn one_link_on_items_with_their_own_guids_is_an_entry_each() {
    let page = "https://one.example/changes";
    let [mut a, mut b, mut c] = [
        item("1", page, "One"),
        item("2", page, "Two"),
        item("3", page, "Three"),
    ];
    (a.at, b.at, c.at) = (at(-300), at(-200), at(-100));
    check_titles(
        &[&[b.clone(), a.clone()], &[c.clone(), b.clone(), a]],
        &["Two", "One", "Three"],
    );
    // Even where each document has but one.
    check_titles(&[&[b], &[c]], &["Two", "Three"]);
    let bare = [item("", page, "One"), item("", page, "Two")];
    check_titles(&[&bare, &bare], &["One", "Two"]);
}

#[test]
fn tracking_parameters_and_schemes_change_nothing() {
    check_titles(
        &[
            &[item("", "http://one.example/a?utm_source=feed&x=1", "A")],
            &[item("", "https://one.example/a?x=1&utm_source=other", "A")],
        ],
        &["A"],
    );
}

#[test]
fn a_guid_that_stays_while_the_link_moves_is_one_entry() {
    let bench = Bench::new();
    let source = bench.add(FEED);
    bench.visit(source, 0, &[item("g", "https://one.example/2026/a", "A")]);
    let stored = bench.visit(
        source,
        HOUR,
        &[item("g", "https://one.example/posts/a", "A")],
    );
    assert_eq!(stored, Stored { new: 0, changed: 1 });
    let all = bench.all();
    assert_eq!(all.len(), 1);
    assert_eq!(
        all[0].entry.url.as_deref(),
        Some("https://one.example/posts/a")
    );
    let old = bench.wait(bench.store.entry_at("https://one.example/2026/a"));
    assert_eq!(
        old.unwrap().id,
        all[0].id,
        "the old address still leads to it"
    );
}

#[test]
fn a_guid_given_to_another_story_is_another_entry() {
    let mut other = item("g", "https://one.example/b", "Quite another story");
    other.at = at(0);
    check_titles(
        &[&[item("g", "https://one.example/a", "A")], &[other]],
        &["A", "Quite another story"],
    );
}

#[test]
fn an_item_that_stands_twice_in_a_document_is_one_entry() {
    let (a, b) = (
        item("1", "https://one.example/a", "A"),
        item("2", "https://one.example/a", "A"),
    );
    check_titles(
        &[&[a.clone(), b.clone()], &[b.clone(), a.clone()], &[a, b]],
        &["A"],
    );
}

#[test]
fn an_edited_entry_keeps_its_number() {
    let bench = Bench::new();
    let source = bench.add(FEED);
    bench.visit(source, 0, &[item("g", "https://one.example/a", "A")]);
    let stored = bench.visit(
        source,
        HOUR,
        &[item("g", "https://one.example/a", "A, mended")],
    );
    assert_eq!(stored, Stored { new: 0, changed: 1 });
    assert_eq!(bench.titles(), ["A, mended"]);
    assert_eq!(bench.all()[0].id, EntryId(1));
    let again = bench.visit(
        source,
        2 * HOUR,
        &[item("g", "https://one.example/a", "A, mended")],
    );
    assert_eq!(again, Stored::default());
}

#[test]
fn an_entry_without_date_keeps_the_instant_when_it_was_first_seen() {
    let bench = Bench::new();
    let source = bench.add(FEED);
    let undated = |when: i64, text: &str| Entry {
        at: at(when),
        dated: Dated::FirstSeen,
        text: text.to_owned(),
        ..item("g", "https://one.example/a", "A")
    };
    bench.visit(source, 0, &[undated(0, "one")]);
    bench.visit(source, HOUR, &[undated(HOUR, "two")]);
    let all = bench.all();
    assert_eq!(
        (all[0].entry.text.as_str(), all[0].entry.at),
        ("two", at(0))
    );
}

#[test]
fn an_emptied_document_keeps_its_entries() {
    check_titles(&[&[item("g", "https://one.example/a", "A")], &[]], &["A"]);
}

const LONG: &str = "What a year of paging engineers at night taught us";

/// Who carries what, after a visit to each of two sources.
#[track_caller]
fn check_carriers(one: &[Entry], other: &[Entry], expected: &[&[i64]]) {
    let bench = Bench::new();
    let (first, second) = (bench.add(FEED), bench.add("https://two.example/feed"));
    bench.visit(first, 0, one);
    bench.visit(second, 10, other);
    assert_eq!(bench.carriers(), expected);
    // And in one batch.
    let bench = Bench::new();
    let (first, second) = (bench.add(FEED), bench.add("https://two.example/feed"));
    let batch = [
        bench.record_of(first, 0, one),
        bench.record_of(second, 0, other),
    ];
    bench.wait(bench.store.record(&batch, &[], at(0)));
    assert_eq!(bench.carriers(), expected);
}

#[test]
fn a_story_that_two_sources_carry_is_one_entry() {
    check_carriers(
        &[item("1", "https://one.example/a", "A")],
        &[item(
            "x",
            "http://www.one.example/a/?utm_medium=planet",
            "Blog: A",
        )],
        &[&[1, 2]],
    );
    check_carriers(
        &[item(
            "oai:arXiv.org:2005.12872v1",
            "https://arxiv.org/abs/2005.12872",
            "DETR",
        )],
        &[item(
            "x",
            "https://arxiv.org/pdf/2005.12872v3",
            "End-to-end detection",
        )],
        &[&[1, 2]],
    );
    check_carriers(
        &[item("1", "https://one.example/a", LONG)],
        &[item("x", "https://two.example/b", &LONG.to_uppercase())],
        &[&[1, 2]],
    );
}

#[test]
fn a_title_alone_makes_no_story_of_short_or_far_or_repeated_ones() {
    check_carriers(
        &[item("1", "https://one.example/a", "Weekly links")],
        &[item("1", "https://two.example/a", "Weekly links")],
        &[&[1], &[2]],
    );
    let late = Entry {
        at: at(-HOUR) + TimeDelta::days(30),
        ..item("1", "https://two.example/a", LONG)
    };
    check_carriers(
        &[item("1", "https://one.example/a", LONG)],
        &[late],
        &[&[1], &[2]],
    );
    check_carriers(
        &[
            item("1", "https://one.example/a", LONG),
            item("2", "https://one.example/b", LONG),
        ],
        &[],
        &[&[1], &[1]],
    );
}

#[test]
fn another_source_does_not_change_an_entry() {
    let bench = Bench::new();
    let (first, second) = (bench.add(FEED), bench.add("https://two.example/feed"));
    bench.visit(first, 0, &[item("1", "https://one.example/a", "A")]);
    let stored = bench.visit(
        second,
        HOUR,
        &[item("1", "https://one.example/a", "Buy pills")],
    );
    assert_eq!(stored, Stored::default());
    assert_eq!(bench.titles(), ["A"]);
}

#[test]
fn everything_of_an_entry_comes_back() {
    let bench = Bench::new();
    let source = bench.add(FEED);
    let full = Entry {
        dated: Dated::Updated,
        updated: Some(at(-60)),
        authors: vec!["Ann \"A\" Lee".to_owned(), "李".to_owned()],
        summary_html: "<p>Short\u{0}ly</p>".replace('\u{0}', ""),
        tags: vec!["a, b".to_owned()],
        enclosures: vec![crate::model::Enclosure {
            url: "https://one.example/a.mp3".to_owned(),
            media_type: Some("audio/mpeg".to_owned()),
            length: Some(u64::MAX >> 1),
        }],
        duration: Some(1800),
        transcript: Some("https://one.example/a.vtt".to_owned()),
        thumbnail: Some("https://one.example/a.png".to_owned()),
        comments: Some("https://one.example/a#comments".to_owned()),
        language: Some("pt-BR".to_owned()),
        kind: Kind::Podcast,
        ..item("g", "https://one.example/a", "A")
    };
    let plain = Entry {
        content_html: "just words".to_owned(),
        text: "just words".to_owned(),
        ..item("h", "", "B")
    };
    bench.visit(source, 0, &[full.clone(), plain.clone()]);
    let all: Vec<Entry> = bench.all().into_iter().map(|entry| entry.entry).collect();
    assert_eq!(all, [full, plain]);
}

#[test]
fn everything_of_a_source_comes_back() {
    let bench = Bench::new();
    let full = Source {
        title: Some("One".to_owned()),
        site: Some("https://one.example/".to_owned()),
        kind: Some(Kind::Paper),
        tags: vec!["ml".to_owned()],
        every: Some(Duration::from_hours(2)),
        headers: vec![RequestHeader {
            name: "Authorization".to_owned(),
            variable: "TOKEN".to_owned(),
        }],
        ..source(FEED)
    };
    let Added::New(id) = bench.wait(bench.store.add(&full, at(0))) else {
        panic!("it was there");
    };
    let history = History {
        etag: Some("W/\"x\u{e9}\"".to_owned()),
        last_modified: Some("yesterday".to_owned()),
        body_hash: Some(u64::MAX),
        validated_at: Some("https://one.example/feed".to_owned()),
        visits: 7,
        last_visit: Some(at(1)),
        last_success: Some(at(1)),
        failures: 3,
        next_visit: Some(at(HOUR)),
        fresh_until: Some(at(50)),
        rhythm: Rhythm {
            ttl: Some(60),
            skip_hours: 7,
            skip_days: 1,
            period: Some(86_400),
            frequency: Some(2),
        },
        instants: vec![at(-5), at(-50)],
        moved: Some(crate::model::Moved {
            to: "https://x.example/".to_owned(),
            times: 2,
            since: at(-9),
        }),
        retired: None,
        feed_title: Some("Feed".to_owned()),
        feed_site: Some("https://one.example/home".to_owned()),
        hubs: vec!["https://hub.example/".to_owned()],
        whole: Some(at(4)),
        is_unreliable: true,
    };
    let visited = Record {
        history: history.clone(),
        ..record(id, 1)
    };
    bench.wait(bench.store.record(&[visited], &[], at(1)));
    let known = bench.wait(bench.store.load(&[id])).remove(0);
    assert_eq!((known.source, known.history), (full, history));
}

#[test]
fn lists_what_is_due() {
    let bench = Bench::new();
    let (one, two) = (bench.add(FEED), bench.add("https://two.example/feed"));
    let due = |when| -> Vec<i64> {
        bench
            .wait(bench.store.due(at(when)))
            .iter()
            .map(|due| due.id.0)
            .collect()
    };
    assert_eq!(due(0), [1, 2]);
    bench.visit(one, 0, &[]);
    assert_eq!(due(10), [2]);
    assert_eq!(due(HOUR), [2, 1]);
    bench.wait(bench.store.disable(two));
    assert_eq!(due(HOUR), [1]);
    bench.wait(bench.store.enable(two));
    assert_eq!(due(HOUR), [2, 1]);
    bench.wait(bench.store.remove(two, at(5)));
    assert_eq!(due(HOUR), [1]);
    let retired = Record {
        history: History {
            retired: Some(at(0)),
            ..History::default()
        },
        ..record(one, 0)
    };
    bench.wait(bench.store.record(&[retired], &[], at(0)));
    assert_eq!(due(HOUR), [0; 0]);
    bench.wait(bench.store.revive(one));
    assert_eq!(due(0), [1]);
}

#[test]
fn a_revived_source_is_asked_for_its_whole_document() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    let visited = Record {
        history: History {
            etag: Some("\"stuck\"".to_owned()),
            last_modified: Some("Sun, 01 Jan 2040 00:00:00 GMT".to_owned()),
            body_hash: Some(7),
            failures: 3,
            feed_title: Some("The feed".to_owned()),
            ..record(one, 0).history
        },
        ..record(one, 0)
    };
    bench.wait(bench.store.record(&[visited], &[], at(0)));
    bench.wait(bench.store.revive(one));
    let expected = History {
        last_visit: Some(at(0)),
        last_success: Some(at(0)),
        feed_title: Some("The feed".to_owned()),
        ..History::default()
    };
    let revived = bench.wait(bench.store.load(&[one])).remove(0);
    assert_eq!(revived.history, expected);
}

#[test]
fn a_source_removed_during_a_poll_stays_removed() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    bench.wait(bench.store.remove(one, at(5)));
    bench.visit(one, 10, &[]);
    assert_eq!(bench.wait(bench.store.due(at(10 * HOUR))), []);
    assert_eq!(bench.add(FEED), one, "it comes back under its number");
    assert_eq!(bench.wait(bench.store.due(at(0))).len(), 1);
}

#[test]
fn adds_a_source_once_in_whatever_form() {
    let bench = Bench::new();
    let first = bench.wait(
        bench
            .store
            .add(&source("http://www.one.example/feed/"), at(0)),
    );
    assert_eq!(first, Added::New(SourceId(1)));
    let second = bench.wait(bench.store.add(&source(FEED), at(0)));
    assert_eq!(second, Added::Known(SourceId(1)));
    assert_eq!(bench.wait(bench.store.find(FEED)).unwrap().id, SourceId(1));
    assert_eq!(
        bench.wait(bench.store.find("https://one.example/other")),
        None
    );
}

#[test]
fn follows_config_toml() {
    let bench = Bench::new();
    let added = bench.add("https://added.example/feed");
    let declared = |urls: &[&str]| urls.iter().map(|url| source(url)).collect::<Vec<_>>();
    let named = |sources: Vec<Source>| {
        bench.wait(bench.store.declare(&sources, at(0)));
        let known = bench.wait(bench.store.sources());
        known
            .into_iter()
            .map(|known| (known.id.0, known.source.url))
            .collect::<Vec<_>>()
    };
    let two = "https://two.example/feed";
    let added_row = (added.0, "https://added.example/feed".to_owned());
    assert_eq!(
        named(declared(&[FEED, two, "http://two.example/feed/"])),
        [added_row.clone(), (2, FEED.to_owned()), (3, two.to_owned())]
    );
    assert_eq!(
        named(declared(&[FEED])),
        [added_row.clone(), (2, FEED.to_owned())]
    );
    // It comes back under its number.
    assert_eq!(
        named(declared(&[two, FEED])),
        [added_row.clone(), (2, FEED.to_owned()), (3, two.to_owned())]
    );
    let renamed = Source {
        title: Some("Two".to_owned()),
        ..source(two)
    };
    assert_eq!(
        named(vec![renamed.clone()]),
        [added_row, (3, two.to_owned())]
    );
    let two = bench.wait(bench.store.find(two)).unwrap();
    assert_eq!(
        two.source,
        Source {
            origin: Origin::Config,
            ..renamed
        }
    );
}

#[test]
fn a_source_of_config_toml_that_moved_is_visited_where_it_is() {
    let bench = Bench::new();
    let moved = "https://new.example/feed";
    bench.wait(bench.store.declare(&[source(FEED)], at(0)));
    let id = bench.wait(bench.store.find(FEED)).unwrap().id;
    let visited = Record {
        moved_to: Some(moved.to_owned()),
        ..record(id, 0)
    };
    bench.wait(bench.store.record(&[visited], &[], at(0)));
    let tagged = Source {
        tags: vec!["new".to_owned()],
        ..source(FEED)
    };
    bench.wait(bench.store.declare(&[tagged], at(0)));
    let known = bench.wait(bench.store.find(FEED)).unwrap();
    assert_eq!((known.id, known.source.url.as_str()), (id, moved));
    // And somebody who writes the new address means the same source.
    bench.wait(bench.store.declare(&[source(moved)], at(0)));
    let all = bench.wait(bench.store.sources());
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].source.url.as_str()), (id, moved));
}

#[test]
fn a_source_that_moves_to_anothers_address_is_its_twin() {
    let bench = Bench::new();
    let (one, two) = (bench.add(FEED), bench.add("https://two.example/feed"));
    let visited = Record {
        moved_to: Some(FEED.to_owned()),
        ..record(two, 0)
    };
    bench.wait(bench.store.record(&[visited], &[], at(0)));
    let known = bench.wait(bench.store.load(&[two])).remove(0);
    assert_eq!(known.twin, Some(one));
    let due: Vec<SourceId> = bench
        .wait(bench.store.due(at(2 * HOUR)))
        .iter()
        .map(|due| due.id)
        .collect();
    assert_eq!(due, [one]);
}

#[test]
fn remembers_pauses_of_hosts() {
    let bench = Bench::new();
    let pause = |host: &str, until| (host.to_owned(), at(until));
    let pauses = |bench: &Bench, now| {
        bench
            .wait(bench.store.host_pauses(at(now)))
            .into_iter()
            .collect::<Vec<_>>()
    };
    bench.wait(
        bench
            .store
            .record(&[], &[pause("a.example", 50), pause("b.example", 9)], at(0)),
    );
    bench.wait(bench.store.record(&[], &[pause("a.example", 20)], at(0)));
    assert_eq!(pauses(&bench, 10), [pause("a.example", 50)]);
    assert_eq!(pauses(&bench, 60), []);
}

#[test]
fn lists_visits_newest_first() {
    let bench = Bench::new();
    let (one, two) = (bench.add(FEED), bench.add("https://two.example/feed"));
    for number in 0..5 {
        bench.visit(one, number, &[]);
        bench.visit(
            two,
            100 + number,
            &[item("g", "https://two.example/a", "A")],
        );
    }
    let visits = bench.wait(bench.store.visits(one, 3));
    let instants: Vec<DateTime<Utc>> = visits.iter().map(|visit| visit.at).collect();
    assert_eq!(instants, [at(4), at(3), at(2)]);
    let brought: Vec<u32> = bench
        .wait(bench.store.visits(two, 9))
        .iter()
        .map(|visit| visit.new)
        .collect();
    assert_eq!(brought, [0, 0, 0, 0, 1]);
}

#[test]
fn keeps_fifty_visits_for_each_source() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    for number in 0..70 {
        bench.visit(one, number, &[]);
    }
    bench.wait(bench.store.tidy(at(100)));
    let visits = bench.wait(bench.store.visits(one, 100));
    assert_eq!(
        (visits.len(), visits[0].at, visits[49].at),
        (50, at(69), at(20))
    );
}

#[test]
fn what_is_past_its_retention_goes_and_does_not_come_back() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    let items = [
        item("1", "https://one.example/a", "Old"),
        item("2", "https://one.example/b", "Accepted"),
        item("", "", "Neither guid nor link"),
    ];
    bench.visit(one, 0, &items);
    let keep = i64::try_from(Options::KEEP.as_secs()).unwrap();
    bench.visit(one, keep, &[item("3", "https://one.example/c", "New")]);
    decide(&bench, 2, Answer::Accept, None);
    assert_eq!(bench.wait(bench.store.tidy(at(keep))), 0);
    assert_eq!(bench.wait(bench.store.tidy(at(keep + 10))), 2);
    assert_eq!(bench.titles(), ["Accepted", "New"]);
    let again = bench.visit(one, keep + 20, &items);
    assert_eq!(again, Stored::default());
    let moved = [item(
        "4",
        "http://one.example/a?utm_source=x",
        "Old, told anew",
    )];
    assert_eq!(bench.visit(one, keep + 30, &moved), Stored::default());
    assert_eq!(bench.titles(), ["Accepted", "New"]);
}

const LETTER: &str = "news.example.org,2024";

fn decide(bench: &Bench, entry: i64, answer: Answer, until: Option<DateTime<Utc>>) {
    let decision = Decision {
        entry: EntryId(entry),
        answer,
        curator: Some("Ann".to_owned()),
        note: Some("Good.".to_owned()),
        until,
        at: at(0),
        undone: None,
    };
    bench.wait(bench.store.decide(LETTER, &[decision]));
}

#[test]
fn candidates_are_what_nobody_decided_on() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    let dated = |number: i64| Entry {
        at: at(-number),
        ..item(
            &number.to_string(),
            &format!("https://one.example/{number}"),
            &number.to_string(),
        )
    };
    bench.visit(one, 0, &(1..=7).map(dated).collect::<Vec<_>>());
    decide(&bench, 2, Answer::Accept, None);
    decide(&bench, 3, Answer::Decline, None);
    decide(&bench, 4, Answer::Later, Some(at(50)));
    let list = |letter: &str, since: i64, now: i64| {
        let mut titles = String::new();
        let mut after = None;
        loop {
            let page = bench.wait(bench.store.candidates(letter, at(since), at(now), after, 2));
            for candidate in page.candidates {
                assert_eq!(candidate.carriers.len(), 1);
                titles.push_str(&candidate.entry.title);
            }
            after = page.next;
            if after.is_none() {
                return titles;
            }
        }
    };
    assert_eq!(list(LETTER, -6, 10), "156");
    assert_eq!(list(LETTER, -9, 50), "14567");
    assert_eq!(list("other,2024", -9, 10), "1234567");
    let undone = bench
        .wait(bench.store.undo(LETTER, EntryId(3), at(60)))
        .unwrap();
    assert_eq!(
        (undone.answer, undone.undone),
        (Answer::Decline, Some(at(60)))
    );
    assert_eq!(list(LETTER, -9, 10), "13567");
    assert_eq!(
        bench.wait(bench.store.history_of(LETTER, EntryId(3))),
        [undone]
    );
    assert_eq!(
        bench.wait(bench.store.undo(LETTER, EntryId(3), at(61))),
        None
    );
}

#[test]
fn drafts_take_what_was_accepted_once() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    bench.visit(
        one,
        0,
        &[
            item("1", "https://one.example/a", "A"),
            item("2", "https://one.example/b", "B"),
        ],
    );
    decide(&bench, 1, Answer::Decline, None);
    decide(&bench, 2, Answer::Accept, None);
    decide(&bench, 1, Answer::Accept, None);
    let accepted = || -> Vec<String> {
        let picked = bench.wait(bench.store.accepted(LETTER));
        picked
            .into_iter()
            .map(|picked| picked.remembered.entry.title)
            .collect()
    };
    assert_eq!(accepted(), ["B", "A"]);
    bench.wait(bench.store.mark_used(LETTER, &[EntryId(2)], "7", at(0)));
    assert_eq!(accepted(), ["A"]);
    assert_eq!(bench.wait(bench.store.release(LETTER, "7")), 1);
    assert_eq!(accepted(), ["B", "A"]);
    bench.wait(bench.store.undo(LETTER, EntryId(1), at(1)));
    assert_eq!(accepted(), ["B"]);
    assert_eq!(bench.wait(bench.store.decisions(LETTER)).len(), 2);
}

#[test]
fn an_entry_that_changes_keeps_its_decisions() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    bench.visit(one, 0, &[item("1", "https://one.example/a", "A")]);
    decide(&bench, 1, Answer::Accept, None);
    bench.visit(
        one,
        HOUR,
        &[item("1", "https://one.example/a", "A, mended")],
    );
    let picked = bench.wait(bench.store.accepted(LETTER));
    assert_eq!(picked[0].remembered.entry.title, "A, mended");
}

#[test]
fn remembers_what_was_shown_and_learned() {
    let bench = Bench::new();
    let day = |number: u32| chrono::NaiveDate::from_ymd_opt(2026, 11, number).unwrap();
    bench.wait(
        bench
            .store
            .note_shown(LETTER, &[EntryId(1), EntryId(2)], day(3)),
    );
    bench.wait(bench.store.note_shown(LETTER, &[EntryId(1)], day(3)));
    bench.wait(bench.store.note_shown(LETTER, &[EntryId(1)], day(4)));
    let shown = bench.wait(bench.store.shown(LETTER, day(1)));
    assert_eq!(
        shown,
        [
            (EntryId(1), day(3)),
            (EntryId(1), day(4)),
            (EntryId(2), day(3))
        ]
    );
    assert_eq!(bench.wait(bench.store.shown(LETTER, day(4))).len(), 1);
    bench.wait(bench.store.keep(LETTER, "model", &[1, 2], at(0)));
    bench.wait(bench.store.keep(LETTER, "model", &[3], at(1)));
    assert_eq!(
        bench.wait(bench.store.kept(LETTER, "model")),
        Some((at(1), vec![3]))
    );
    assert_eq!(bench.wait(bench.store.kept("other,2024", "model")), None);
}

fn search(bench: &Bench, words: &str) -> Vec<String> {
    let hits = bench.wait(bench.store.search(LETTER, words, 10));
    hits.into_iter()
        .map(|hit| match hit.found {
            Found::Entry(entry) => entry.entry.title,
            Found::Reading(reading) => format!("reading: {}", reading.title),
        })
        .collect()
}

#[test]
fn searches_title_text_and_author() {
    let bench = Bench::new();
    let one = bench.add(FEED);
    let words = |guid: &str, title: &str, text: &str, author: &str| Entry {
        text: text.to_owned(),
        authors: vec![author.to_owned()],
        ..item(guid, &format!("https://one.example/{guid}"), title)
    };
    bench.visit(
        one,
        0,
        &[
            words("1", "Naïve Bayes", "an old friend", "Ann Lee"),
            words("2", "Diffusion", "noise and Bayes", "Bo Wu"),
        ],
    );
    assert_eq!(search(&bench, "bayes"), ["Naïve Bayes", "Diffusion"]);
    assert_eq!(search(&bench, "NAIVE"), ["Naïve Bayes"]);
    assert_eq!(search(&bench, "\"ann lee\""), ["Naïve Bayes"]);
    assert_eq!(search(&bench, "bay* -noise"), ["Naïve Bayes"]);
    assert_eq!(search(&bench, "\"noise bayes\""), [""; 0]);
    for odd in [
        "'; DROP TABLE entry; --",
        "\"",
        "title:x",
        "NEAR(",
        "a AND",
        "{x}:y",
        "^^",
        "\u{0}",
    ] {
        search(&bench, odd);
    }
    // An edited entry is found by its new words alone.
    bench.visit(
        one,
        HOUR,
        &[words("2", "Transformers", "noise and attention", "Bo Wu")],
    );
    assert_eq!(search(&bench, "bayes"), ["Naïve Bayes"]);
    assert_eq!(search(&bench, "attention"), ["Transformers"]);
}

#[test]
fn searches_the_newsletters_own_readings() {
    let bench = Bench::new();
    let reading = |title: &str| OwnReading {
        title: title.to_owned(),
        issue: "7".to_owned(),
        ..OwnReading::default()
    };
    bench.wait(
        bench
            .store
            .supply(LETTER, &[reading("On attention"), reading("On noise")]),
    );
    bench.wait(
        bench
            .store
            .supply("other,2024", &[reading("Their attention")]),
    );
    assert_eq!(search(&bench, "attention"), ["reading: On attention"]);
    bench.wait(bench.store.supply(LETTER, &[reading("On noise")]));
    assert_eq!(search(&bench, "attention"), [""; 0]);
    assert_eq!(search(&bench, "noise"), ["reading: On noise"]);
}

#[test]
fn counts_the_pulse_of_sources() {
    let bench = Bench::new();
    let (one, two) = (bench.add(FEED), bench.add("https://two.example/feed"));
    let items: Vec<Entry> = (0..6)
        .map(|n| Entry {
            at: at(-n * 86_400),
            ..item(&n.to_string(), &format!("https://one.example/{n}"), "A")
        })
        .chain([Entry {
            at: at(-10 * 86_400),
            ..item("x", "https://one.example/x", "X")
        }])
        .collect();
    bench.visit(one, 0, &items);
    bench.visit(two, 0, &items[..6]);
    let pulses = bench.wait(bench.store.pulses(at(0), 3));
    assert_eq!(pulses[&one].weeks, [0, 1, 6]);
    assert_eq!(pulses[&two].weeks, [0, 0, 6]);
    assert_eq!(
        (pulses[&one].twin, pulses[&two].twin),
        (None, Some((one, 6, 6)))
    );
    assert_eq!(pulses[&one].recent, [Outcome::Changed]);
}

// ---- The file.

fn refusal(folder: &TempDir, bytes: &[u8]) -> String {
    let place = folder.path().join(Options::FILE);
    std::fs::write(&place, bytes).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let error = runtime
        .block_on(Store::open(&bench::file(folder.path())))
        .unwrap_err();
    assert_eq!(std::fs::read(&place).unwrap(), bytes, "it was touched");
    error
        .to_string()
        .replace(&folder.path().display().to_string(), "")
}

#[test]
fn says_which_database_is_tested() {
    match bench::server() {
        Some(server) => {
            let version = Bench::new();
            assert!(version.store.pool.is_shared(), "{server}");
        }
        None => eprintln!("PostgreSQL: skipped; NEWSDESK_TEST_POSTGRES names no server"),
    }
}

#[test]
fn opens_what_it_made() {
    let Bench {
        folder,
        runtime,
        store,
    } = Bench::new();
    runtime.block_on(async {
        store.add(&source(FEED), at(0)).await.unwrap();
        store.close().await;
        let store = Store::open(&bench::options(folder.path())).await.unwrap();
        assert_eq!(store.sources().await.unwrap().len(), 1);
    });
}

#[test]
fn refuses_a_newer_or_foreign_or_damaged_file_without_touching_it() {
    let Bench {
        folder,
        runtime,
        store,
    } = Bench::in_file();
    runtime.block_on(store.close());
    let made = std::fs::read(folder.path().join(Options::FILE)).unwrap();
    let mut newer = made.clone();
    newer[63] = 99;
    let message = refusal(&folder, &newer);
    assert!(
        message.starts_with("`/newsdesk.db` was written by a newer newsdesk"),
        "{message}"
    );
    assert!(message.contains("\nhint: update newsdesk"), "{message}");
    let mut foreign = made.clone();
    foreign[68] = b'x';
    let message = refusal(&folder, &foreign);
    assert!(
        message.contains("is a database, but not one of newsdesk"),
        "{message}"
    );
    let message = refusal(
        &folder,
        b"This is no database at all, but a text of some length."
            .repeat(9)
            .as_slice(),
    );
    assert!(
        message.starts_with("`/newsdesk.db` is damaged\nhint: move it aside"),
        "{message}"
    );
}

#[test]
fn tells_of_damage_inside() {
    let Bench {
        folder,
        runtime,
        store,
    } = Bench::in_file();
    runtime.block_on(store.close());
    let place = folder.path().join(Options::FILE);
    let mut bytes = std::fs::read(&place).unwrap();
    for byte in &mut bytes[4096..] {
        *byte = 0xa5;
    }
    std::fs::write(&place, bytes).unwrap();
    let error = runtime.block_on(async {
        match Store::open(&bench::file(folder.path())).await {
            Ok(store) => store.add(&source(FEED), at(0)).await.unwrap_err(),
            Err(error) => error,
        }
    });
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}

#[test]
fn tells_of_a_folder_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        place: Place::File(folder.path().join("none/newsdesk.db")),
        newsletter: "test".to_owned(),
        keep: Options::KEEP,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let error = runtime.block_on(Store::open(&options)).unwrap_err();
    assert!(matches!(error, Error::Unopenable { .. }), "{error:?}");
}

#[test]
fn a_full_disk_leaves_what_was_stored() {
    let bench = Bench::in_file();
    let one = bench.add(FEED);
    bench.visit(one, 0, &[item("1", "https://one.example/a", "A")]);
    bench.runtime.block_on(async {
        let mut connections = Vec::new();
        let Pool::Sqlite(pool) = &bench.store.pool else {
            unreachable!("it is a file")
        };
        for _ in 0..pool.options().get_max_connections() {
            let mut connection = pool.acquire().await.unwrap();
            sqlx::query("PRAGMA max_page_count = 1")
                .execute(&mut *connection)
                .await
                .unwrap();
            connections.push(connection);
        }
    });
    let large = Entry {
        text: "x".repeat(3_000_000),
        ..item("2", "https://one.example/b", "B")
    };
    let record = bench.record_of(one, HOUR, &[large]);
    let error = bench
        .runtime
        .block_on(bench.store.record(&[record], &[], at(HOUR)))
        .unwrap_err();
    assert!(matches!(error, Error::Full { .. }), "{error:?}");
    assert_eq!(bench.titles(), ["A"]);
    let known = bench.wait(bench.store.load(&[one])).remove(0);
    assert_eq!(
        known.history.last_visit,
        Some(at(0)),
        "validators and entries go together"
    );
}

// ---- Properties.

/// Items of a small world, so that they meet: few guids, links, titles.
fn any_item() -> impl Strategy<Value = Entry> {
    (0..4_u8, 0..5_u8, 0..4_u8, 0..2_i64, 0..2_u8).prop_map(|(guid, link, title, day, text)| {
        let guid = if guid == 0 {
            String::new()
        } else {
            guid.to_string()
        };
        let link = if link == 0 {
            String::new()
        } else {
            format!("https://one.example/{link}")
        };
        let title = format!("A title that is long enough number {title}");
        Entry {
            at: at(-day * 86_400),
            text: text.to_string(),
            ..item(&guid, &link, &title)
        }
    })
}

type Visits = Vec<(u8, Vec<Entry>)>;

/// What is in a store after visits, in batches that end where `cuts` says.
fn outcome_of(visits: &Visits, cuts: &[bool]) -> (Vec<Remembered>, Vec<Stored>) {
    let (bench, _, stored) = store_of(visits, cuts);
    (bench.all(), stored)
}

/// A store after visits, its sources, and what each visit brought.
fn store_of(visits: &Visits, cuts: &[bool]) -> (Bench, Vec<SourceId>, Vec<Stored>) {
    let bench = Bench::new();
    let sources: Vec<SourceId> = (0..3)
        .map(|n| bench.add(&format!("https://{n}.example/feed")))
        .collect();
    let mut batch = Vec::new();
    let mut stored = Vec::new();
    for (number, (source, items)) in visits.iter().enumerate() {
        let marks: Vec<Mark> = items.iter().map(mark).collect();
        batch.push(Record {
            entries: marks.iter().copied().zip(items.iter().cloned()).collect(),
            seen: marks,
            ..record(
                sources[usize::from(*source)],
                i64::try_from(number).unwrap(),
            )
        });
        if cuts[number] || number + 1 == visits.len() {
            stored.extend(bench.wait(bench.store.record(&batch, &[], at(0))));
            batch.clear();
        }
    }
    (bench, sources, stored)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(bench::cases(48)))]

    #[test]
    fn any_split_into_batches_gives_the_same_entries(
        visits in prop::collection::vec((0..3_u8, prop::collection::vec(any_item(), 0..5)), 1..8),
        cuts in prop::collection::vec(any::<bool>(), 8),
    ) {
        let whole = outcome_of(&visits, &[false; 8]);
        let split = outcome_of(&visits, &cuts);
        prop_assert_eq!(&whole, &split);
        // A poll that finds the last documents again takes nothing in them for new.
        let (bench, sources, _) = store_of(&visits, &cuts);
        let mut last = std::collections::BTreeMap::new();
        for (source, items) in &visits {
            last.insert(*source, items);
        }
        for (source, items) in last {
            let marks: Vec<Mark> = items.iter().map(mark).collect();
            let source = sources[usize::from(source)];
            let asked = [(source, marks.clone())];
            for novelty in bench.wait(bench.store.novelty(&asked)).remove(0) {
                prop_assert_ne!(novelty, Novelty::New);
            }
            // And nothing in them is new where all of it is given again.
            let again = Record {
                entries: marks.iter().copied().zip(items.iter().cloned()).collect(),
                seen: marks,
                ..record(source, 9)
            };
            let stored = bench.wait(bench.store.record(&[again], &[], at(9)));
            prop_assert_eq!(stored[0].new, 0);
        }
    }
}

/// Three entries of two sources, for the review pages.
fn desk() -> (Bench, SourceId, SourceId) {
    let bench = Bench::new();
    let one = bench.add(FEED);
    let two = bench.add("https://two.example/feed");
    let a = item("1", "https://one.example/a", "A harbour");
    let b = item("2", "https://one.example/b", "B");
    bench.visit(one, 0, &[a.clone(), b]);
    bench.visit(two, 1, &[a, item("3", "https://two.example/c", "C")]);
    (bench, one, two)
}

#[test]
fn the_next_issue_stands_in_the_order_that_somebody_gave_it() {
    let (bench, _, _) = desk();
    for entry in [1, 2, 3] {
        decide(&bench, entry, Answer::Accept, None);
    }
    let order = || -> Vec<i64> {
        let picked = bench.wait(bench.store.accepted(LETTER));
        picked.iter().map(|it| it.remembered.id.0).collect()
    };
    assert_eq!(order(), [1, 2, 3]);
    bench.wait(bench.store.arrange(LETTER, &[EntryId(3), EntryId(1)]));
    // What has no place comes last.
    assert_eq!(order(), [3, 1, 2]);
    bench.wait(bench.store.arrange("another,2026", &[EntryId(2)]));
    assert_eq!(order(), [3, 1, 2]);
    bench.wait(
        bench
            .store
            .arrange(LETTER, &[EntryId(2), EntryId(3), EntryId(1), EntryId(2)]),
    );
    assert_eq!(order(), [2, 3, 1]);
}

#[test]
fn a_commentary_is_kept_unless_somebody_else_changed_it() {
    let (bench, _, _) = desk();
    let annotate = |was: Option<&str>, note: Option<&str>| {
        bench.wait(bench.store.annotate(LETTER, EntryId(1), was, note))
    };
    assert_eq!(annotate(None, Some("x")), Annotated::NotAccepted);
    decide(&bench, 1, Answer::Accept, None);
    assert_eq!(annotate(Some("Good."), Some("one")), Annotated::Kept);
    assert_eq!(
        annotate(Some("Good."), Some("two")),
        Annotated::Changed(Some("one".to_owned()))
    );
    assert_eq!(annotate(Some("one"), None), Annotated::Kept);
    assert_eq!(annotate(Some(""), Some("three")), Annotated::Kept);
    let picked = bench.wait(bench.store.accepted(LETTER));
    assert_eq!(picked[0].decision.note.as_deref(), Some("three"));
    bench.wait(bench.store.undo(LETTER, EntryId(1), at(9)));
    assert_eq!(annotate(Some("three"), Some("x")), Annotated::NotAccepted);
}

#[test]
fn everything_that_pages_show_changes_the_stamp() {
    let (bench, one, _) = desk();
    let mut last = bench.wait(bench.store.stamp(LETTER));
    assert_eq!(bench.wait(bench.store.stamp(LETTER)), last);
    let mut changed = |what: &str| {
        let now = bench.wait(bench.store.stamp(LETTER));
        assert_ne!(now, last, "{what}");
        last = now;
    };
    decide(&bench, 1, Answer::Accept, None);
    changed("a decision");
    decide(&bench, 1, Answer::Accept, None);
    changed("the same decision again");
    bench.wait(bench.store.undo(LETTER, EntryId(1), at(1)));
    changed("one that is taken back");
    bench.wait(
        bench
            .store
            .annotate(LETTER, EntryId(1), Some("Good."), Some("x")),
    );
    changed("a commentary");
    bench.wait(bench.store.arrange(LETTER, &[EntryId(1)]));
    changed("the order");
    bench.wait(bench.store.mark_used(LETTER, &[EntryId(1)], "7", at(0)));
    changed("a draft");
    bench.visit(one, HOUR, &[item("9", "https://one.example/n", "New")]);
    changed("an entry");
    decide(&bench, 2, Answer::Decline, None);
    changed("another decision");
    let theirs = bench.wait(bench.store.stamp("another,2026"));
    assert_eq!((theirs.decisions, theirs.issue), (0, 0));
}

#[test]
fn the_latest_decisions_come_first() {
    let (bench, _, _) = desk();
    decide(&bench, 1, Answer::Accept, None);
    decide(&bench, 2, Answer::Decline, None);
    decide(&bench, 3, Answer::Decline, None);
    bench.wait(bench.store.undo(LETTER, EntryId(3), at(1)));
    let latest: Vec<(i64, Answer)> = bench
        .wait(bench.store.latest(LETTER, 9))
        .iter()
        .map(|it| (it.remembered.id.0, it.decision.answer))
        .collect();
    assert_eq!(latest, [(2, Answer::Decline), (1, Answer::Accept)]);
    assert_eq!(bench.wait(bench.store.latest(LETTER, 1)).len(), 1);
}

#[test]
fn counts_what_was_picked_of_each_source() {
    let (bench, one, two) = desk();
    decide(&bench, 1, Answer::Accept, None);
    decide(&bench, 2, Answer::Decline, None);
    let tallies = bench.wait(bench.store.tallies(LETTER, &[EntryId(1), EntryId(3)]));
    let tally = |entries, picked, declined| Tally {
        entries,
        picked,
        declined,
    };
    // An entry counts once, whether it was accepted or stands in an issue, or both.
    assert_eq!(tallies[&one], tally(2, 1, 1));
    assert_eq!(tallies[&two], tally(2, 2, 0));
    let theirs = bench.wait(bench.store.tallies("another,2026", &[]));
    assert_eq!(theirs[&one], tally(2, 0, 0));
}

#[test]
fn finds_the_numbers_of_what_has_the_words() {
    let (bench, one, two) = desk();
    let found = |words: &str| bench.wait(bench.store.matching(words));
    assert_eq!(found("harbour"), Some(vec![EntryId(1)]));
    assert_eq!(found("nothing"), Some(vec![]));
    assert_eq!(found(" * "), None);
    let carried = |source| -> Vec<i64> {
        let carried = bench.wait(bench.store.carried_by(source, 9));
        let mut ids: Vec<i64> = carried.iter().map(|it| it.id.0).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!((carried(one), carried(two)), (vec![1, 2], vec![1, 3]));
    let firsts = bench.wait(bench.store.first_sources());
    assert_eq!(
        firsts,
        [(EntryId(1), one), (EntryId(2), one), (EntryId(3), two)]
    );
}

// ---- Many newsletters in one store.

/// Another newsletter's view of the store of a bench.
fn other(bench: &Bench) -> Bench {
    let options = Options {
        newsletter: "other".to_owned(),
        ..bench::options(bench.folder.path())
    };
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let store = runtime.block_on(Store::open(&options)).unwrap();
    Bench {
        folder,
        runtime,
        store,
    }
}

fn urls(bench: &Bench) -> Vec<String> {
    let known = bench.wait(bench.store.sources());
    known.into_iter().map(|known| known.source.url).collect()
}

#[test]
fn a_source_of_two_newsletters_is_polled_once_until_neither_wants_it() {
    let ours = Bench::new();
    let theirs = other(&ours);
    let id = ours.add(FEED);
    assert_eq!(urls(&theirs), [""; 0]);
    assert_eq!(theirs.wait(theirs.store.find(FEED)), None);
    assert_eq!(
        theirs.wait(theirs.store.add(&source(FEED), at(0))),
        Added::New(id),
        "new to them, and under its number"
    );
    let due = |bench: &Bench| bench.wait(bench.store.due(at(0))).len();
    assert_eq!(due(&ours), 1);
    // What one switches off, the other still has.
    ours.wait(ours.store.disable(id));
    assert!(!ours.wait(ours.store.find(FEED)).unwrap().source.enabled);
    assert!(theirs.wait(theirs.store.find(FEED)).unwrap().source.enabled);
    assert_eq!(due(&ours), 1);
    theirs.wait(theirs.store.disable(id));
    assert_eq!(due(&ours), 0);
    ours.wait(ours.store.enable(id));
    assert_eq!(due(&ours), 1);
    ours.wait(ours.store.remove(id, at(1)));
    assert_eq!(urls(&ours), [""; 0]);
    assert_eq!(urls(&theirs), [FEED]);
    assert_eq!(due(&ours), 0, "they had it switched off");
    theirs.wait(theirs.store.enable(id));
    assert_eq!(due(&theirs), 1);
    // Nobody who does not use a source changes it.
    ours.wait(ours.store.disable(id));
    ours.wait(ours.store.remove(id, at(2)));
    assert_eq!(due(&theirs), 1);
    theirs.wait(theirs.store.remove(id, at(3)));
    assert_eq!(due(&theirs), 0);
}

#[test]
fn config_toml_of_one_newsletter_leaves_the_sources_of_another() {
    let ours = Bench::new();
    let theirs = other(&ours);
    let two = "https://two.example/feed";
    ours.wait(ours.store.declare(&[source(FEED), source(two)], at(0)));
    theirs.wait(theirs.store.declare(&[source(two)], at(0)));
    assert_eq!((urls(&ours).len(), urls(&theirs).len()), (2, 1));
    ours.wait(ours.store.declare(&[], at(1)));
    assert_eq!(urls(&ours), [""; 0]);
    assert_eq!(urls(&theirs), [two]);
    let known = theirs.wait(theirs.store.find(two)).unwrap();
    assert_eq!(known.source.origin, Origin::Config);
    let due = theirs.wait(theirs.store.due(at(1)));
    assert_eq!(due.len(), 1);
}

#[test]
fn a_newsletter_sees_what_its_own_sources_bring_and_decides_for_itself() {
    let ours = Bench::new();
    let theirs = other(&ours);
    let shared = ours.add(FEED);
    theirs.add(FEED);
    let alone = theirs.add("https://two.example/feed");
    ours.visit(
        shared,
        0,
        &[item("1", "https://one.example/a", "Shared maps")],
    );
    theirs.visit(
        alone,
        0,
        &[item("2", "https://two.example/b", "Their maps")],
    );
    let seen = |bench: &Bench, newsletter: &str| -> Vec<String> {
        let page = bench.wait(
            bench
                .store
                .candidates(newsletter, at(-9_000_000), at(10), None, 10),
        );
        let mut titles: Vec<String> = page
            .candidates
            .into_iter()
            .map(|candidate| candidate.entry.title)
            .collect();
        titles.sort();
        titles
    };
    assert_eq!(seen(&ours, "test"), ["Shared maps"]);
    assert_eq!(seen(&theirs, "other"), ["Shared maps", "Their maps"]);
    let outlines = |bench: &Bench| bench.wait(bench.store.outlines(EntryId(0), 10)).len();
    assert_eq!((outlines(&ours), outlines(&theirs)), (1, 2));
    let found = |bench: &Bench| bench.wait(bench.store.search("test", "maps", 10)).len();
    assert_eq!((found(&ours), found(&theirs)), (1, 2));
    // What one decides is nothing to the other.
    let decision = Decision {
        entry: EntryId(1),
        answer: Answer::Decline,
        curator: None,
        note: None,
        until: None,
        at: at(5),
        undone: None,
    };
    ours.wait(ours.store.decide("test", &[decision]));
    assert_eq!(seen(&ours, "test"), [""; 0]);
    assert_eq!(seen(&theirs, "other").len(), 2);
    assert_eq!(theirs.wait(theirs.store.decisions("other")), []);
}
