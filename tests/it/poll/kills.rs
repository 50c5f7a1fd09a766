//! Polls that are killed, on a farm of 500 sources: nothing that was stored is lost or doubled.

use std::collections::BTreeSet;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Project, newsletter, rows};

use crate::farm::{Farm, Size};

const SOURCES: usize = 500;
const ENTRIES: usize = 3;
const KILLS: u32 = 100;

/// What the store holds: entries by address, and visits that are over.
struct Held {
    entries: BTreeSet<String>,
    visits: BTreeSet<String>,
}

/// Reads the store, and finds no fault in it.
#[track_caller]
fn held(project: &Project) -> Held {
    if !project.path("newsdesk.db").exists() {
        return Held {
            entries: BTreeSet::new(),
            visits: BTreeSet::new(),
        };
    }
    assert_eq!(rows(project, "PRAGMA integrity_check"), ["ok"]);
    let entries = rows(project, "SELECT url FROM entry");
    let count = entries.len();
    let entries: BTreeSet<String> = entries.into_iter().collect();
    assert_eq!(entries.len(), count, "an entry is there twice");
    // Validators are written with the entries that came with them, or not at all.
    let bare = rows(
        project,
        "SELECT facts FROM history WHERE facts LIKE '%\"feed-%' AND NOT EXISTS \
         (SELECT 1 FROM carrier WHERE carrier.source = history.source)",
    );
    assert_eq!(bare, [""; 0], "validators without entries");
    Held {
        entries,
        visits: rows(project, "SELECT source || ' ' || at FROM visit")
            .into_iter()
            .collect(),
    }
}

/// A day later at each kill, so that all sources are due again.
fn clock(kill: u32) -> String {
    let first: DateTime<Utc> = "2026-11-01T08:00:00Z".parse().expect("an instant");
    (first + TimeDelta::days(kill.into())).to_rfc3339()
}

/// Waits so long for a program to end; gives how long it took if it did.
fn wait(child: &mut Child, long: Duration) -> Option<Duration> {
    let began = Instant::now();
    while began.elapsed() < long {
        if child.try_wait().expect("a child").is_some() {
            return Some(began.elapsed());
        }
        sleep(Duration::from_millis(1));
    }
    None
}

#[test]
fn a_killed_poll_loses_nothing_and_doubles_nothing() {
    if crate::database::is_no_file() {
        return;
    }
    let farm = Farm::start(Size {
        hosts: 20,
        feeds: SOURCES,
        entries: ENTRIES,
    })
    .expect("loopback");
    let project = newsletter(&farm.urls());
    let mut random = fastrand::Rng::with_seed(7);
    let mut before = held(&project);
    let mut cut_short = 0;
    // How long a poll takes here and now; kills fall somewhere within.
    let mut long = Duration::from_secs(1);
    for kill in 0..KILLS {
        farm.change(usize::try_from(kill).expect("small") * 10);
        let mut child = project
            .command(&["poll", "--quiet"])
            .env("NEWSDESK_NOW", clock(kill))
            .spawn()
            .expect("the program starts");
        let took = wait(&mut child, long.mul_f64(random.f64()));
        long = took.unwrap_or(long.mul_f64(1.02));
        cut_short += u32::from(took.is_none());
        let _ = child.kill();
        let _ = child.wait();
        let after = held(&project);
        assert!(
            before.entries.is_subset(&after.entries),
            "kill {kill} lost entries"
        );
        assert!(
            before.visits.is_subset(&after.visits),
            "kill {kill} lost visits"
        );
        before = after;
    }
    assert!(cut_short > KILLS / 2, "only {cut_short} polls were killed");

    farm.change(1000);
    project
        .run_at(&clock(KILLS), &["poll", "--quiet"])
        .expect(0);
    let last = held(&project);
    assert!(before.entries.is_subset(&last.entries));
    // What a feed drops before anybody came is not missed: its oldest entry alone.
    let all = |first: usize| -> BTreeSet<String> {
        (0..SOURCES)
            .flat_map(|feed| (first..=ENTRIES).map(move |it| (feed, it)))
            .map(|(feed, entry)| format!("http://blog-{feed}.example/{entry}"))
            .collect()
    };
    assert!(all(1).is_subset(&last.entries));
    assert!(last.entries.is_subset(&all(0)));
}
