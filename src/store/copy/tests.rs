use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::super::{Account, Announced, Answer, Decision, Mark, Record, Session, Stored, bench};
use super::tables::DERIVED;
use super::*;
use crate::model::{Entry, EntryId, History, Origin, Outcome, Pace, Source, SourceId, Visit};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

/// A store in a file with something in most tables.
async fn full(folder: &tempfile::TempDir) -> Store {
    let store = Store::open(&bench::file(folder.path())).await.unwrap();
    let sources: Vec<Source> = (0..3)
        .map(|number| Source {
            title: Some("Größe".to_owned()),
            tags: vec!["a".to_owned()],
            enabled: number != 2,
            ..Source::new(
                format!("https://source-{number}.example/feed"),
                Origin::Added,
            )
        })
        .collect();
    store.add_all(&sources, at(0)).await.unwrap();
    visit(&store).await;
    decide(&store).await;
    store
}

/// What two sources brought.
async fn visit(store: &Store) {
    let items = |source: i64| {
        (0..700).map(move |number: i64| {
            let entry = Entry {
                at: at(number),
                title: format!("Entry {number} of source {source}"),
                url: Some(format!("https://source-{source}.example/{number}")),
                stated: (number == 3).then(|| at(99)),
                text: "A text\0 with an odd sign".to_owned(),
                ..Entry::default()
            };
            let mark = Mark {
                item: number.cast_unsigned() + 1,
                content: 7,
            };
            (mark, entry)
        })
    };
    for source in 1..=2 {
        let record = Record {
            source: SourceId(source),
            moved_to: None,
            history: History {
                etag: Some("\"a\"".to_owned()),
                instants: vec![at(1), at(2)],
                next_visit: Some(at(3600)),
                ..History::default()
            },
            visit: Visit {
                at: at(0),
                outcome: Outcome::Changed,
                status: Some(200),
                took: 1,
                bytes: 2,
                new: 0,
                changed: 0,
                repairs: Vec::new(),
                message: Some("said".to_owned()),
            },
            entries: items(source).collect(),
            seen: items(source).map(|(mark, _)| mark).collect(),
        };
        let pauses = [("host.example".to_owned(), at(99))];
        let stored = store.record(&[record], &pauses, at(0)).await.unwrap();
        assert_eq!(
            stored,
            [Stored {
                new: 700,
                changed: 0
            }]
        );
    }
}

/// What curators did with it.
async fn decide(store: &Store) {
    let decision = Decision {
        entry: EntryId(5),
        answer: Answer::Accept,
        curator: Some("Ada".to_owned()),
        note: None,
        until: None,
        at: at(1),
        undone: None,
    };
    store.decide("test", &[decision]).await.unwrap();
    store
        .mark_used("test", &[EntryId(6)], "issue", at(2))
        .await
        .unwrap();
    store
        .note_shown("test", &[EntryId(7)], at(0).date_naive())
        .await
        .unwrap();
    store
        .keep("test", "model", &[0, 255, 3], at(3))
        .await
        .unwrap();
    store.arrange("test", &[EntryId(5)]).await.unwrap();
    let account = Account {
        name: "ada".to_owned(),
        curator: "Ada".to_owned(),
        password: "hash".to_owned(),
        added: at(0),
        changed: at(0),
    };
    assert!(store.add_account(&account).await.unwrap());
    let session = Session {
        account: Some("ada".to_owned()),
        curator: "Ada".to_owned(),
        made: at(0),
        expires: at(99),
    };
    assert!(
        store
            .begin_session(&[9; 32], &session, Some("hash"))
            .await
            .unwrap()
    );
    let hub = Announced {
        hub: "https://hub.example/".to_owned(),
        topic: "https://source-1.example/feed".to_owned(),
    };
    store
        .note_announced(&[(SourceId(1), Some(hub))])
        .await
        .unwrap();
    let pace = Pace {
        spacing: std::time::Duration::from_mins(1),
        learned: at(0),
    };
    store.note_pace("host.example", Some(pace)).await.unwrap();
    store.search("test", "entry", 1).await.unwrap();
}

async fn sums(store: &Store) -> Vec<Copied> {
    let mut sums = Vec::new();
    for table in TABLES {
        sums.push(sum(store, table).await.unwrap());
    }
    sums
}

async fn run(from: &Store, to: &Store) -> Result<Vec<Copied>, CopyError> {
    let mut told = Vec::new();
    copy(from, to, &mut |copied| told.push(copied)).await?;
    Ok(told)
}

#[tokio::test]
async fn there_and_back_again_nothing_changes() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let first = full(&folders[0]).await;
    let before = sums(&first).await;
    let empty: Vec<&str> = before
        .iter()
        .filter(|copied| copied.rows == 0)
        .map(|copied| copied.table)
        .collect();
    assert_eq!(empty, ["subscription"], "tables that are not tested");
    // A server, where there is one.
    let second = Store::open(&bench::options(folders[1].path()))
        .await
        .unwrap();
    assert_eq!(run(&first, &second).await.unwrap(), before);
    let third = Store::open(&bench::file(folders[2].path())).await.unwrap();
    assert_eq!(run(&second, &third).await.unwrap(), before);
    // It is a store like any other: words are found, numbers go on.
    assert_eq!(
        second.search("test", "entry", 2_000).await.unwrap().len(),
        1_400
    );
    let added = second.add(&second_source(), at(9)).await.unwrap();
    assert_eq!(added, super::super::Added::New(SourceId(4)));
    assert_eq!(third.accepted("test").await.unwrap().len(), 1);
    second.close().await;
    assert!(
        Store::open(&bench::options(folders[1].path()))
            .await
            .is_ok()
    );
}

fn second_source() -> Source {
    Source::new("https://another.example/feed", Origin::Added)
}

#[tokio::test]
async fn what_was_cut_off_goes_on_and_is_no_store_until_then() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let from = full(&folders[0]).await;
    let options = bench::options(folders[1].path());
    let to = Store::open(&options).await.unwrap();
    // Cut off in the middle of a table, and of the tables.
    begin(&from, &to).await.unwrap();
    for table in &TABLES[..5] {
        fill(&from, &to, table).await.unwrap();
    }
    let some = from.page(&TABLES[5], None).await.unwrap();
    to.put(&TABLES[5], &some).await.unwrap();
    let error = Store::open(&options).await.unwrap_err();
    assert!(matches!(error, Error::Incomplete { .. }), "{error}");
    // Another store is not mixed in.
    let other = Store::open(&bench::file(folders[2].path())).await.unwrap();
    let error = run(&other, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::Begun(_)), "{error}");
    // What changed meanwhile in what was copied already is found.
    from.disable(SourceId(1)).await.unwrap();
    let again = Store::open_for_copy(&options).await.unwrap();
    assert_eq!(run(&from, &again).await.unwrap(), sums(&from).await);
    assert!(Store::open(&options).await.is_ok());
}

#[tokio::test]
async fn a_store_with_something_of_its_own_is_not_written_over() {
    let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let from = full(&folders[0]).await;
    let to = Store::open(&bench::options(folders[1].path()))
        .await
        .unwrap();
    to.add(&second_source(), at(0)).await.unwrap();
    let before = sums(&to).await;
    let error = run(&from, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::Occupied(_)), "{error}");
    assert_eq!(sums(&to).await, before);
}

#[tokio::test]
async fn every_table_is_copied_or_made_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&bench::options(folder.path())).await.unwrap();
    let listed = if store.is_shared() {
        "SELECT CAST(table_name AS text), 0 FROM information_schema.tables \
         WHERE table_schema = current_schema()"
    } else {
        "SELECT name, 0 FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE '%_words_%'"
    };
    let rows: Vec<(String, i64)> = super::super::sql::query_as(listed)
        .fetch_all(&store.pool)
        .await
        .unwrap();
    let there: BTreeSet<String> = rows.into_iter().map(|(name, _)| name).collect();
    let known: BTreeSet<&str> = TABLES
        .iter()
        .map(|table| table.name)
        .chain(DERIVED.iter().copied())
        .collect();
    let unknown: Vec<&String> = there
        .iter()
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "neither copied nor made anew: {unknown:?}"
    );
    // And each with all its columns.
    for table in TABLES {
        let listed = if store.is_shared() {
            "SELECT count(*) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = ?"
        } else {
            "SELECT count(*) FROM pragma_table_info(?)"
        };
        let columns: i64 = query_scalar(listed)
            .bind(table.name)
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(
            columns,
            i64::try_from(table.names().count()).unwrap(),
            "{}",
            table.name
        );
    }
}
