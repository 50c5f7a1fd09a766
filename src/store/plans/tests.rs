//! No statement reads a big table from end to end: their plans at a million entries, as PostgreSQL
//! makes them. `NEWSDESK_TEST_ENTRIES` makes the store smaller.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::super::sql::sent::{self, Sent};
use super::super::*;
use crate::model::{EntryId, Origin, Outcome};

/// The tables that grow with entries, sources or decisions.
const BIG: [&str; 11] = [
    "entry",
    "carrier",
    "identity",
    "item",
    "visit",
    "entry_words",
    "decision",
    "history",
    "source",
    "uses",
    "shown",
];

/// What reads a table from end to end all the same: words of the statement, the tables, and why.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    (
        "LEFT JOIN visit ON visit.id = last_visit_row",
        &["history", "visit"],
        "the pulse of every source",
    ),
    (
        "SELECT carrier.source, (at - $1 - 1)",
        &["entry", "carrier"],
        "counts every source's weeks",
    ),
    (
        "SELECT one.source, other.source",
        &["entry", "carrier"],
        "compares every source",
    ),
    (
        "SELECT source, count(*) FROM carrier",
        &["carrier"],
        "counts what every source carries",
    ),
    (
        "SELECT carrier.source, count(*)",
        &["carrier", "decision"],
        "counts every decision",
    ),
    (
        "SELECT id, source FROM entry",
        &["entry"],
        "ranking learns from all entries",
    ),
    ("SELECT count(*) FROM entry", &["entry"], "counts them"),
    (
        "SELECT source, max(entry) FROM carrier",
        &["carrier"],
        "plans what may go, once a day",
    ),
    (
        "AS old LEFT JOIN carrier",
        &["decision"],
        "plans what may go, once a day",
    ),
    (
        "DELETE FROM visit WHERE",
        &["visit"],
        "trims visits, once a day",
    ),
    (
        "(SELECT count(*) FROM source WHERE enabled = 1",
        &["source", "history"],
        "counts all sources",
    ),
    (
        "SELECT count(*) FROM history WHERE",
        &["history"],
        "counts all sources, once a day",
    ),
    (
        "SELECT newsletter, count(*) FROM uses",
        &["uses"],
        "counts what newsletters use",
    ),
    (
        "WHERE removed IS NULL AND newsletter =",
        &["source", "uses", "history"],
        "lists all sources",
    ),
    (
        "FROM decision WHERE newsletter = $1 AND decision.undone",
        &["decision"],
        "lists all decisions",
    ),
    (
        "(SELECT count(undone) FROM decision",
        &["decision"],
        "counts all that were undone",
    ),
    (
        "SELECT id, url, due FROM history JOIN source",
        &["history", "source"],
        "lists all that is due, where one process polls alone",
    ),
    (
        "FROM source JOIN uses ON uses.source = id WHERE newsletter",
        &["source", "uses"],
        "config.toml changed: lists all that the newsletter uses",
    ),
    (
        "SELECT entry, day FROM shown",
        &["shown"],
        "lists what was suggested of late to this newsletter",
    ),
];

/// Fills a store; `{n}` is the number of entries.
const FILL: &[&str] = &[
    "INSERT INTO source (named, address, url, tags, headers, enabled, origin, added, host) \
     SELECT 's' || g || '.example/feed', 's' || g || '.example/feed', \
     'https://s' || g || '.example/feed', '[]', '[]', 1, 'added', 0, 's' || g || '.example' \
     FROM generate_series(CAST(1 AS bigint), 10000) AS g",
    "INSERT INTO history SELECT id, 1795000000000 + id * 1000, id, 'c', '', '{}' FROM source",
    "INSERT INTO uses SELECT name, id, 0, 1 FROM source, (VALUES ('test'), ('other')) AS n(name) \
     WHERE name = 'test' OR id % 3 = 0",
    "INSERT INTO visit SELECT g, 1 + g % 10000, g - 10000, 1795000000000, 'changed', 200, 10, 4000, \
     1, 0, '', NULL FROM generate_series(CAST(1 AS bigint), 100000) AS g",
    "INSERT INTO entry SELECT g, 1 + g % 10000, 1690000000000 + g * 100000, \
     1690000000000 + g * 100000, 'published', NULL, g, g, g, 'article', 'Title ' || g, \
     'https://s.example/' || g, NULL, '', '', '', '', NULL, 'About ' || g \
     FROM generate_series(CAST(1 AS bigint), {n}) AS g",
    "INSERT INTO carrier SELECT g, 1 + g % 10000, 0, g, 0 FROM generate_series(CAST(1 AS bigint), {n}) AS g",
    "INSERT INTO item SELECT g, g, g FROM generate_series(CAST(1 AS bigint), {n}) AS g",
    "INSERT INTO identity SELECT g, g / 3 FROM generate_series(CAST(1 AS bigint), 3 * {n}) AS g",
    "INSERT INTO entry_words SELECT g, CAST('about:1 w' || g % 997 || ':2' AS tsvector) \
     FROM generate_series({n} - {n} / 20, {n}) AS g",
    "INSERT INTO decision (newsletter, entry, answer, at) \
     SELECT CASE WHEN g % 3 = 0 THEN 'other' ELSE 'test' END, g * ({n} / 30000), \
     CASE WHEN g % 50 = 1 THEN 'accept' ELSE 'decline' END, 0 FROM generate_series(CAST(1 AS bigint), 30000) AS g",
    "INSERT INTO used SELECT newsletter, entry, 'issue-' || entry % 100, 0 FROM decision \
     WHERE answer = 'accept' AND id % 100 = 1",
    "INSERT INTO shown SELECT 'test', {n} - g, 20000 + g / 100 FROM generate_series(CAST(1 AS bigint), 30000) AS g",
    "INSERT INTO host_lease SELECT host, 7, 0 FROM source WHERE id <= 3000",
    "UPDATE counter SET value = {n} WHERE name IN ('entry', 'indexed')",
    "UPDATE counter SET value = 100000 WHERE name = 'visit'",
    // Also moves what waits beside the full-text index into it.
    "VACUUM ANALYZE",
];

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

fn source(url: &str) -> Source {
    Source::new(url, Origin::Added)
}

fn visit_of(source: SourceId, items: &[(u64, &str)]) -> Record {
    let mark = |item: u64, title: &str| Mark {
        item,
        content: title.len() as u64,
    };
    let entry = |item: u64, title: &str| Entry {
        guid: Some(item.to_string()),
        title: title.to_owned(),
        at: at(0),
        ..Entry::default()
    };
    Record {
        source,
        moved_to: None,
        history: History {
            next_visit: Some(at(3600)),
            ..History::default()
        },
        visit: Visit {
            at: at(0),
            outcome: Outcome::Changed,
            status: Some(200),
            took: 12,
            bytes: 4000,
            new: 0,
            changed: 0,
            repairs: Vec::new(),
            message: None,
        },
        entries: items
            .iter()
            .map(|(item, title)| (mark(*item, title), entry(*item, title)))
            .collect(),
        seen: items
            .iter()
            .map(|(item, title)| mark(*item, title))
            .collect(),
    }
}

/// What polling does.
async fn poll(store: &Store) -> Result<(), Error> {
    let worker = Worker::new();
    let share = Share {
        hosts: 8,
        sources: 8,
        time: Duration::from_mins(1),
    };
    store.due(at(5)).await?;
    store.soonest(at(5)).await?;
    store.host_pauses(at(5)).await?;
    let leased = store.lease(worker, share, at(100)).await?;
    assert!(!leased.sources.is_empty());
    let (host, due) = leased.sources[0].clone();
    store.renew(worker, share.time).await?;
    store.load(&[due.id]).await?;
    store
        .novelty(&[(due.id, visit_of(due.id, &[(1, "A")]).seen)])
        .await?;
    let first = visit_of(due.id, &[(1, "A"), (2, "B")]);
    store
        .record_leased(worker, &[first], &[(host.clone(), at(1))], at(1))
        .await?;
    let mut moved = visit_of(due.id, &[(1, "A changed"), (2, "B")]);
    moved.moved_to = Some("https://moved.example/feed".to_owned());
    store.record(&[moved], &[], at(2)).await?;
    store.give_back(worker, vec![host], share.time).await?;
    store.give_all_back(worker, share.time).await?;
    store
        .lease_these(worker, &[SourceId(9)], share.time)
        .await?;
    store.postpone(SourceId(9), at(9)).await?;
    store
        .subscriptions_due("https://news.example/hub/", at(0), 10)
        .await?;
    store.leases(&[SourceId(9)], at(0)).await?;
    store.tidy(at(0)).await?;
    Ok(())
}

/// What curators and `suggest` do.
async fn decide(store: &Store) -> Result<(), Error> {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let ids: Vec<EntryId> = (5..15).map(EntryId).collect();
    let page = store
        .candidates("test", at(0) - TimeDelta::days(9000), at(0), None, 50)
        .await?;
    assert_eq!(page.candidates.len(), 50);
    let decisions = [Decision {
        entry: ids[0],
        answer: Answer::Accept,
        curator: None,
        note: None,
        until: None,
        at: at(0),
        undone: None,
    }];
    store.decide("test", &decisions).await?;
    store.annotate("test", ids[0], None, Some("note")).await?;
    store.arrange("test", &ids).await?;
    store.accepted("test").await?;
    store.latest("test", 20).await?;
    store.undo("test", ids[0], at(1)).await?;
    store.history_of("test", ids[0]).await?;
    store.decisions("test").await?;
    store.mark_used("test", &ids, "issue", at(0)).await?;
    store.used("test").await?;
    store.release("test", "issue").await?;
    store.note_shown("test", &ids, day).await?;
    store.shown("test", day).await?;
    store.stamp("test").await?;
    store.keep("test", "model", b"x", at(0)).await?;
    store.kept("test", "model").await?;
    store.outlines(EntryId(10), 100).await?;
    store.outlines_of(&ids).await?;
    store.first_sources().await?;
    store.entries(&ids).await?;
    store.entry_at("https://s.example/5").await?;
    store
        .known_as(&[(Some("https://s.example/5"), "Title 5")])
        .await?;
    store.search("test", "about w5", 20).await?;
    store.matching("w7").await?;
    Ok(())
}

/// What is done with sources, and what their pages show.
async fn look_after(store: &Store) -> Result<(), Error> {
    store
        .add(&source("https://new.example/feed"), at(0))
        .await?;
    store
        .declare(&[source("https://s5.example/feed")], at(0))
        .await?;
    store.disable(SourceId(6)).await?;
    store.enable(SourceId(6)).await?;
    store.revive(SourceId(6)).await?;
    store.remove(SourceId(7), at(0)).await?;
    store.find("https://s8.example/feed").await?;
    store.sources().await?;
    store.visits(SourceId(8), 20).await?;
    store.carried_by(SourceId(8), 20).await?;
    store.pulses(at(0), 12).await?;
    store.tallies("test", &[EntryId(5)]).await?;
    store.vitals(at(0)).await?;
    store.accounts().await?;
    store.session(&[0; 32], at(0)).await?;
    Ok(())
}

/// The big tables that the plan of a statement reads from end to end.
async fn scanned(connection: &mut PgConnection, sent: &Sent) -> BTreeSet<String> {
    let (types, nulls) = if sent.types.is_empty() {
        (String::new(), String::new())
    } else {
        let nulls = vec!["NULL"; sent.types.len()].join(", ");
        (format!("({})", sent.types.join(", ")), format!("({nulls})"))
    };
    let prepare = format!("PREPARE looked_at {types} AS {}", sent.text);
    connection.execute(AssertSqlSafe(prepare)).await.unwrap();
    let explain = format!("EXPLAIN EXECUTE looked_at{nulls}");
    let plan = sqlx::raw_sql(AssertSqlSafe(explain));
    let lines = plan.fetch_all(&mut *connection).await.unwrap();
    connection.execute("DEALLOCATE looked_at").await.unwrap();
    let lines = lines.iter().map(|line| line.get::<String, _>(0));
    let table = |line: String| {
        let (_, table) = line.split_once("Seq Scan on ")?;
        table.split_whitespace().next().map(str::to_owned)
    };
    let is_big = |table: &String| BIG.contains(&table.as_str());
    lines.filter_map(table).filter(is_big).collect()
}

fn excused(text: &str, table: &str) -> bool {
    let is_of = |(words, tables, _): &&(&str, &[&str], &str)| {
        text.contains(words) && tables.contains(&table)
    };
    EXCEPTIONS.iter().any(|exception| is_of(&exception))
}

#[test]
fn no_statement_reads_a_big_table_from_end_to_end() {
    if bench::server().is_none() {
        eprintln!("skipped: NEWSDESK_TEST_POSTGRES names no server");
        return;
    }
    let entries = std::env::var("NEWSDESK_TEST_ENTRIES").unwrap_or_else(|_| "1000000".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let options = bench::options(folder.path());
    let Place::Server(server) = &options.place else {
        panic!("a server was named");
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(&options).await.unwrap();
        let mut connection = PgConnection::connect_with(server.options()).await.unwrap();
        for statement in FILL {
            let statement = statement.replace("{n}", &entries);
            connection.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        let begun = Instant::now();
        sent::begin(move || begun.elapsed());
        poll(&store).await.unwrap();
        decide(&store).await.unwrap();
        look_after(&store).await.unwrap();
        let mut sent = sent::end();
        assert!(sent.len() > 80, "{} statements were noted", sent.len());
        sent.sort_by_key(|sent| std::cmp::Reverse(sent.took));
        for slow in &sent[..5] {
            eprintln!("{:?}: {}", slow.took, slow.text);
        }
        for setting in ["plan_cache_mode = force_generic_plan", "jit = off"] {
            let change = AssertSqlSafe(format!("SET {setting}"));
            connection.execute(change).await.unwrap();
        }
        let mut bad = BTreeSet::new();
        for each in &sent {
            for table in scanned(&mut connection, each).await {
                if !excused(&each.text, &table) {
                    bad.insert(format!("{table}: {}", each.text));
                }
            }
        }
        store.close().await;
        connection
            .execute("DO $$ BEGIN EXECUTE 'DROP SCHEMA ' || current_schema() || ' CASCADE'; END $$")
            .await
            .unwrap();
        let bad: Vec<String> = bad.into_iter().collect();
        assert!(bad.is_empty(), "read from end to end:\n{}", bad.join("\n"));
    });
}
