//! A desk with a real store and real issue files.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::*;
use crate::config;
use crate::model::{Entry, History, Kind, Origin, Outcome, Source, SourceId, Visit};
use crate::store::{Added, Answer, Decision, Mark, Record};

const NEWSLETTER: &str = "a.example,2026";

fn at(days: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-11-15T12:00:00Z".parse().unwrap();
    start + TimeDelta::days(days)
}

/// A clock that stands.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        at(0)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// A newsletter with one issue, and forty entries of one source.
struct Bench {
    folder: TempDir,
    desk: Desk,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("config.toml");
        let text = "[newsletter]\ntitle = \"T\"\nbase_url = \"https://a.example/news/\"\n\
                    authority = \"a.example,2026\"\nauthors = [\"Ada Moreau\", \"Ben\"]\n";
        std::fs::create_dir(folder.path().join("issues")).unwrap();
        std::fs::write(
            folder.path().join("issues/2026-11-02.md"),
            "---\ntitle: One\ndate: 2026-11-02\n---\nHello.\n\n## Recommended reading\n\n\
             - [Thing 3](https://s.example/3)\n\n  Good. - [Ada](https://ada.example/)\n",
        )
        .unwrap();
        let config = config::parse(&place, text).unwrap();
        let store = wait(async { Ok(Store::open(&config.store).await?) }).unwrap();
        let desk = Desk::new(config, store, Arc::new(Stopped));
        let source = Source {
            title: Some("The Source".to_owned()),
            tags: vec!["Filed".to_owned()],
            ..Source::new("https://s.example/feed", Origin::Added)
        };
        let added = wait(async { Ok(desk.store().add(&source, at(-9)).await?) }).unwrap();
        let Added::New(source) = added else {
            panic!("a new store has no sources");
        };
        let bench = Self { folder, desk };
        bench.bring(source, 1..41);
        bench
    }

    fn bring(&self, source: SourceId, numbers: std::ops::Range<u64>) {
        let entries: Vec<(Mark, Entry)> = numbers
            .map(|number| {
                let mark = Mark {
                    item: number,
                    content: number,
                };
                let entry = Entry {
                    title: format!("Thing {number}"),
                    url: Some(format!("https://s.example/{number}")),
                    at: at(-i64::try_from(number).unwrap()),
                    tags: vec!["filed".to_owned(), format!("odd {}", number % 2)],
                    text: "Words.".to_owned(),
                    kind: Kind::Post,
                    ..Entry::default()
                };
                (mark, entry)
            })
            .collect();
        let record = Record {
            source,
            moved_to: None,
            history: History::default(),
            visit: Visit {
                at: at(0),
                outcome: Outcome::Changed,
                status: Some(200),
                took: 1,
                bytes: 1,
                new: 0,
                changed: 0,
                repairs: Vec::new(),
                message: None,
            },
            seen: entries.iter().map(|(mark, _)| *mark).collect(),
            entries,
        };
        let store = self.desk.store();
        wait(async { Ok(store.record(&[record], &[], at(0)).await?) }).unwrap();
    }

    fn accept(&self, entry: i64, note: &str) {
        let decision = Decision {
            entry: EntryId(entry),
            answer: Answer::Accept,
            curator: Some("Ada".to_owned()),
            note: Some(note.to_owned()),
            until: None,
            at: at(0),
            undone: None,
        };
        let store = self.desk.store();
        wait(async { Ok(store.decide(NEWSLETTER, &[decision]).await?) }).unwrap();
    }
}

#[test]
fn all_candidates_are_ranked_also_those_that_were_decided_on() {
    let bench = Bench::new();
    bench.accept(7, "Good.");
    let ranking = bench.desk.ranking(None, at(0)).unwrap();
    // But for the one that the issue has.
    let mut ids: Vec<i64> = ranking.rows.iter().map(|row| row.id.0).collect();
    assert_eq!(ids.len(), 39);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 39);
    assert!(ids.contains(&7) && !ids.contains(&3));
    assert_eq!(ranking.tags, ["filed", "odd 1", "odd 0"]);
    assert_eq!(ranking.busiest_sources, ["The Source"]);
    assert!(ranking.rows.iter().all(|row| row.tags.len() == 2));
    // Nothing changed, so that it is not made again.
    let again = bench.desk.ranking(None, at(0)).unwrap();
    assert!(Arc::ptr_eq(&ranking, &again));
}

#[test]
fn what_is_weighed_adds_up_and_keeps_its_order() {
    let bench = Bench::new();
    let ids: Vec<EntryId> = [9, 2, 30].map(EntryId).to_vec();
    let weighed = bench.desk.weigh(Some("Ada"), &ids, at(0)).unwrap();
    let keys: Vec<&str> = weighed.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, ["9", "2", "30"]);
    for suggestion in &weighed {
        let sum: f64 = suggestion.contributions.iter().map(|it| it.amount).sum();
        assert_eq!(sum.to_bits(), suggestion.score.to_bits());
    }
    assert!(
        bench
            .desk
            .weigh(None, &[EntryId(999)], at(0))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_draft_is_written_once_and_what_is_in_its_way_stays() {
    let bench = Bench::new();
    let wanted = Wanted {
        name: Some("next".to_owned()),
        ..Wanted::default()
    };
    assert!(
        bench.desk.compose(&wanted, at(0)).is_err(),
        "nothing is accepted"
    );
    bench.accept(7, "Read it **twice**.");
    let composed = bench.desk.compose(&wanted, at(0)).unwrap();
    assert_eq!(composed.path, "issues/next.md");
    assert_eq!(composed.folder, "issues/next/");
    assert!(
        composed.page.contains("<strong>twice</strong>"),
        "{}",
        composed.page
    );
    let Drafted::Written { path, .. } = bench.desk.draft(&wanted, at(0)).unwrap() else {
        panic!("nothing is in its way");
    };
    let place = bench.folder.path().join(&path);
    assert_eq!(std::fs::read_to_string(&place).unwrap(), composed.text);
    let draft = |bench: &Bench| {
        let past = bench.desk.past(at(0)).unwrap();
        (
            past.drafts.len(),
            past.drafts[0].readings,
            past.drafts[0].is_ours,
        )
    };
    assert_eq!(draft(&bench), (1, 1, true));
    let edited = format!("{}\nEdited by hand.\n", composed.text);
    std::fs::write(&place, &edited).unwrap();
    assert_eq!(draft(&bench), (1, 1, false));
    bench.accept(8, "Another.");
    let Drafted::Written { is_added, .. } = bench.desk.draft(&wanted, at(0)).unwrap() else {
        panic!("a draft is added to");
    };
    assert!(is_added);
    let added = std::fs::read_to_string(&place).unwrap();
    let by_hand = added.find("Edited by hand.").unwrap();
    assert!(added.find("Another.").unwrap() < by_hand, "{added}");
    assert_eq!(
        without(&added, "Thing 8", "Another."),
        without(&edited, "", "")
    );
    let issue = edited.replace("draft: true\n", "");
    std::fs::write(&place, &issue).unwrap();
    bench.accept(9, "A third.");
    let Drafted::Conflict { theirs, .. } = bench.desk.draft(&wanted, at(0)).unwrap() else {
        panic!("an issue that is out is never added to");
    };
    assert_eq!(theirs, issue);
    for name in ["../evil", "a/b", ".hidden", ""] {
        let wanted = Wanted {
            name: Some(name.to_owned()),
            ..Wanted::default()
        };
        assert!(bench.desk.draft(&wanted, at(0)).is_err(), "{name}");
    }
}

/// The lines that a person left there: all but the blank ones and those with these words.
fn without(text: &str, one: &str, other: &str) -> Vec<String> {
    let own = |line: &&str| {
        !line.trim().is_empty() && (one.is_empty() || !(line.contains(one) || line.contains(other)))
    };
    text.lines().filter(own).map(str::to_owned).collect()
}

#[test]
fn knows_who_recommends_and_what_was_recommended() {
    let bench = Bench::new();
    assert_eq!(bench.desk.curators().unwrap(), ["Ada", "Ben"]);
    let past = bench.desk.past(at(0)).unwrap();
    assert_eq!(past.picks.len(), 1);
    assert_eq!(past.picks[0].entry, Some(EntryId(3)));
    assert_eq!(past.picks[0].site, "s.example");
    assert_eq!(past.issues["2026-11-02"].title, "One");
    let health = bench.desk.health(at(0)).unwrap();
    assert_eq!(health.len(), 1);
    assert_eq!(health[0].name, "The Source");
}

#[test]
fn takes_no_files_from_browsers() {
    let bench = Bench::new();
    for address in [
        "file:///etc/passwd",
        "/etc/passwd",
        "gopher://a.example/",
        "",
    ] {
        assert!(bench.desk.look(address, at(0)).is_err(), "{address}");
        let wanted = NewSource {
            url: address.to_owned(),
            ..NewSource::default()
        };
        assert!(bench.desk.add(&wanted, at(0)).is_err(), "{address}");
    }
    let list = b"<opml version=\"2.0\"><body><outline text=\"a\" xmlUrl=\"file:///etc/passwd\"/>\
                 <outline text=\"b\" xmlUrl=\"https://b.example/feed\"/></body></opml>";
    let said = bench.desk.import(list, at(0)).unwrap();
    assert_eq!(said, "added 1 source, 1 file left out");
    assert!(bench.desk.import(b"no list", at(0)).is_err());
    let exported = bench.desk.export().unwrap();
    assert!(exported.contains("https://b.example/feed") && !exported.contains("passwd"));
}

#[test]
fn invented_names_share_the_teams_ranking() {
    let bench = Bench::new();
    let team = bench.desk.ranking(None, at(0)).unwrap();
    for name in ["Zoe", "Ada Lovelace", "", "ada\n"] {
        let ranking = bench.desk.ranking(Some(name), at(0)).unwrap();
        assert!(Arc::ptr_eq(&ranking, &team), "{name}");
    }
    let own = bench.desk.ranking(Some("ada"), at(0)).unwrap();
    assert!(!Arc::ptr_eq(&own, &team));
    let again = bench.desk.ranking(Some("ADA"), at(0)).unwrap();
    assert!(Arc::ptr_eq(&own, &again));
}
