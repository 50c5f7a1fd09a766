//! A real store, of which all is ranked, or the best of the last time and what is new.

use crate::config;
use crate::model::{Entry, History, Origin, Outcome, Source, SourceId, Visit};
use crate::store::{self, Added, Mark, Record};
use tempfile::TempDir;

use super::*;

/// A newsletter with one issue, and its store.
struct Bench {
    _folder: TempDir,
    config: Config,
    store: Store,
    source: SourceId,
}

fn at(days: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-11-15T12:00:00Z".parse().unwrap();
    start + TimeDelta::days(days)
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("config.toml");
        let text = "[newsletter]\ntitle = \"T\"\nbase_url = \"https://a.example/\"\n\
                    authority = \"a.example,2026\"\n";
        std::fs::create_dir(folder.path().join("issues")).unwrap();
        std::fs::write(
            folder.path().join("issues/2026-11.md"),
            "---\ntitle: One\ndate: 2026-11-02\n---\nHello.\n\n## Recommended reading\n\n\
             - [On 20](https://s.example/20) Good. - [Ada](https://ada.example/)\n",
        )
        .unwrap();
        let config = config::parse(&place, text).unwrap();
        let store = Store::open(&config.store).await.unwrap();
        let source = Source::new("https://s.example/feed", Origin::Added);
        let Added::New(source) = store.add(&source, at(0)).await.unwrap() else {
            panic!("a new store has no sources");
        };
        Self {
            _folder: folder,
            config,
            store,
            source,
        }
    }

    /// Entries with these numbers.
    async fn add(&self, numbers: std::ops::Range<i64>) {
        let entries = numbers.map(|number| {
            let entry = Entry {
                url: Some(format!("https://s.example/{number}")),
                title: format!("On {number}"),
                text: format!("About {} and {}.", number % 7, number % 11),
                at: at(-(number % 40)),
                ..Entry::default()
            };
            let mark = u64::try_from(number).unwrap();
            (
                Mark {
                    item: mark,
                    content: mark,
                },
                entry,
            )
        });
        let record = Record {
            source: self.source,
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
            entries: entries.collect(),
            seen: Vec::new(),
        };
        self.store.record(&[record], &[], at(0)).await.unwrap();
    }

    /// The list, and how many entries were ranked for it.
    async fn list(&self, few: u64, days: i64) -> List {
        self.list_for(None, few, days).await
    }

    async fn list_for(&self, curator: Option<&str>, few: u64, days: i64) -> List {
        let ranker = Ranker {
            now: at(days),
            config: &self.config,
            store: &self.store,
            known: Known::gather(&self.config, &self.store, at(days))
                .await
                .unwrap(),
            learned_for: LEARNED_FOR_LISTS,
            few,
        };
        let wanted = Wanted {
            count: Some(20),
            curator: curator.map(str::to_owned),
            ..Wanted::default()
        };
        ranker.rank(&wanted).await.unwrap().list
    }

    async fn best(&self) -> Option<(DateTime<Utc>, Vec<u8>)> {
        self.store
            .kept("a.example,2026", "suggest best")
            .await
            .unwrap()
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

#[test]
fn ranking_the_best_and_what_is_new_gives_the_same_list_as_ranking_all() {
    run(async {
        let bench = Bench::new().await;
        bench.add(1..300).await;
        let whole = bench.list(u64::MAX, 0).await;
        assert_eq!(whole.suggestions.len(), 20);
        assert_eq!(bench.best().await, None, "few are ranked each time");
        assert_eq!(bench.list(0, 0).await.suggestions, whole.suggestions);
        let kept = bench.best().await;
        assert!(kept.is_some());
        bench.add(300..340).await;
        let short = bench.list(0, 1).await;
        assert_eq!(
            bench.best().await,
            kept,
            "they were ranked by what was kept"
        );
        let whole = bench.list(u64::MAX, 1).await;
        assert_eq!(short.suggestions, whole.suggestions);
        let new = short
            .suggestions
            .iter()
            .any(|suggestion| entry(&suggestion.key).0 >= 300);
        assert!(new, "what is new is among them");
    });
}

#[test]
fn what_was_put_off_comes_back_among_the_best_too() {
    run(async {
        let bench = Bench::new().await;
        bench.add(1..300).await;
        let first = bench.list(u64::MAX, 0).await.suggestions[0].key.clone();
        let later = store::Decision {
            entry: entry(&first),
            answer: store::Answer::Later,
            curator: None,
            note: None,
            until: Some(at(2)),
            at: at(0),
            undone: None,
        };
        bench
            .store
            .decide("a.example,2026", &[later])
            .await
            .unwrap();
        let has = |list: &List| list.suggestions.iter().any(|it| it.key == first);
        assert!(!has(&bench.list(0, 0).await));
        assert!(has(&bench.list(0, 3).await));
    });
}

#[test]
fn learns_anew_when_something_was_decided_or_time_has_passed() {
    run(async {
        let bench = Bench::new().await;
        bench.add(1..50).await;
        let learned = || async {
            let kept = bench.store.kept("a.example,2026", "suggest model").await;
            kept.unwrap().unwrap().0
        };
        bench.list(u64::MAX, 0).await;
        bench.list(u64::MAX, 2).await;
        assert_eq!(learned().await, at(0), "nothing happened");
        let decline = store::Decision {
            entry: EntryId(1),
            answer: store::Answer::Decline,
            curator: None,
            note: None,
            until: None,
            at: at(2),
            undone: None,
        };
        bench
            .store
            .decide("a.example,2026", &[decline])
            .await
            .unwrap();
        bench.list(u64::MAX, 3).await;
        assert_eq!(learned().await, at(3), "something was decided");
        bench.list(u64::MAX, 11).await;
        assert_eq!(learned().await, at(11), "a week has passed");
    });
}

#[test]
fn learns_anew_when_there_is_much_more_than_it_was_learned_from() {
    run(async {
        let bench = Bench::new().await;
        let learned = || async {
            let kept = bench.store.kept("a.example,2026", "suggest model").await;
            kept.unwrap().unwrap().0
        };
        assert!(bench.list(u64::MAX, 0).await.suggestions.is_empty());
        bench.add(3..50).await;
        let list = bench.list(u64::MAX, 1).await;
        assert_eq!(learned().await, at(1), "there was nothing before");
        assert!(list.basis.windows > 0, "{}", list.basis);
        bench.add(50..60).await;
        bench.list(u64::MAX, 2).await;
        assert_eq!(learned().await, at(1), "a few more change little");
        bench.add(60..90).await;
        bench.list(u64::MAX, 3).await;
        assert_eq!(learned().await, at(3), "more than half as many again");
    });
}

#[test]
fn a_name_that_nobody_has_gets_the_teams_list_and_keeps_nothing() {
    run(async {
        let bench = Bench::new().await;
        bench.add(1..60).await;
        let team = bench.list(0, 0).await;
        let strangers = ["Nobody", "ada moreau", "", "Ada\u{0}", "%"];
        for name in strangers {
            let list = bench.list_for(Some(name), 0, 0).await;
            assert_eq!(list.suggestions, team.suggestions, "{name}");
            for kept in ["suggest model", "suggest best"] {
                let kept = format!("{kept} for {name}");
                let kept = bench.store.kept("a.example,2026", &kept).await;
                assert_eq!(kept.unwrap(), None, "{name}");
            }
        }
        bench.list_for(Some("ADA"), 0, 0).await;
        let kept = bench.store.kept("a.example,2026", "suggest model for Ada");
        assert!(kept.await.unwrap().is_some(), "under the archive's name");
    });
}
