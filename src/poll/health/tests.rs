use super::*;
use crate::model::{History, Moved, Source};

const URL: &str = "https://a.example/feed";

fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap() + TimeDelta::days(day)
}

/// The day of all tests.
const NOW: i64 = 1000;

/// A source that answers and whose entries are as old as this, in days.
fn known(ages: &[i64]) -> Known {
    Known {
        id: SourceId(1),
        source: Source::new(URL, Origin::Added),
        named: address::canonical(URL),
        history: History {
            last_visit: Some(day(NOW)),
            last_success: Some(day(NOW)),
            visits: 9,
            instants: ages.iter().map(|age| day(NOW - age)).collect(),
            ..History::default()
        },
        twin: None,
        added: day(0),
    }
}

/// One whose last visits failed, the last that did not as many days ago.
fn failing(failures: u32, days: i64) -> Known {
    let mut source = known(&[1, 2, 3]);
    source.history.failures = failures;
    source.history.last_success = Some(day(NOW - days));
    source
}

fn pulse(recent: &[Outcome]) -> Pulse {
    Pulse {
        weeks: vec![0; WEEKS as usize],
        recent: recent.to_vec(),
        message: None,
        twin: None,
    }
}

#[track_caller]
fn check(known: Known, recent: &[Outcome], expected: State) {
    let pulses = BTreeMap::from([(known.id, pulse(recent))]);
    assert_eq!(states(&[known], &pulses, day(NOW)), [expected]);
}

#[test]
fn tells_failing_from_dead() {
    let recent = [Outcome::TimedOut];
    check(known(&[1, 2, 3]), &[Outcome::Changed], State::Fine);
    check(failing(1, 0), &recent, State::Failing);
    check(failing(9, 20), &recent, State::Failing);
    check(failing(2, 40), &recent, State::Failing);
    check(failing(5, 31), &recent, State::Dead);
    check(failing(30, 3), &recent, State::Dead);
    check(failing(3, 0), &[Outcome::Denied], State::Blocked);
    check(
        failing(3, 0),
        &[Outcome::Busy, Outcome::Denied],
        State::Failing,
    );
}

#[test]
fn tells_what_never_was_a_feed() {
    let mut never = failing(2, 0);
    never.history.last_success = None;
    check(never.clone(), &[Outcome::WebPage], State::NeverValid);
    check(never.clone(), &[Outcome::NotFound], State::NeverValid);
    check(never.clone(), &[Outcome::Unreachable], State::Failing);
    never.history.failures = 5;
    check(never.clone(), &[Outcome::Unreachable], State::NeverValid);
    never.history.last_visit = None;
    never.history.failures = 0;
    check(never, &[], State::New);
}

#[test]
fn what_people_decided_comes_first() {
    let mut source = failing(40, 90);
    source.source.enabled = false;
    check(source.clone(), &[], State::Disabled);
    source.source.enabled = true;
    source.history.retired = Some(day(900));
    check(source.clone(), &[Outcome::Gone], State::Gone);
    source.history.retired = None;
    source.twin = Some(SourceId(7));
    check(source, &[], State::Duplicate);
}

#[test]
fn silence_is_measured_by_a_sources_own_rhythm() {
    let daily: Vec<i64> = (0..10).collect();
    let ago = |days: i64| daily.iter().map(|age| age + days).collect::<Vec<_>>();
    check(known(&ago(29)), &[], State::Fine);
    check(known(&ago(31)), &[], State::Idle);
    let yearly = [300, 665, 1030];
    check(known(&yearly), &[], State::Fine);
    check(known(&[740, 1105, 1470]), &[], State::Idle);
    // A pause that it once made is one that it may make again.
    check(known(&[90, 91, 92, 150, 151]), &[], State::Fine);
    check(known(&[120, 121, 122, 180, 181]), &[], State::Idle);
    check(known(&[364]), &[], State::Fine);
    check(known(&[366]), &[], State::Idle);
    check(known(&[]), &[], State::Idle);
}

#[test]
fn a_server_that_only_answers_304_to_a_silent_source_is_stuck() {
    let silent: Vec<i64> = (60..70).collect();
    let unchanged = [Outcome::NotModified; STUCK];
    check(known(&silent), &unchanged, State::Stuck);
    check(known(&silent), &unchanged[1..], State::Idle);
    check(known(&[1, 2, 3]), &unchanged, State::Fine);
}

#[test]
fn tells_where_a_source_moved() {
    let mut source = known(&[1, 2, 3]);
    source.history.moved = Some(Moved {
        to: "https://b.example/feed".to_owned(),
        times: 1,
        since: day(NOW - 1),
    });
    check(source.clone(), &[], State::Moving);
    source.source.url = "https://b.example/feed".to_owned();
    check(source.clone(), &[], State::Moved);
    assert_eq!(moved_from(&source), Some("a.example/feed"));
    assert!(State::Moved.is_wrong(Origin::Config));
    assert!(!State::Moved.is_wrong(Origin::Added));
}

/// Sources with these entries in the last week, the numbers of the twins of their pulses, and how
/// many entries they share.
#[track_caller]
fn check_many(sources: &[(u32, Option<(i64, u32)>)], expected: &[State]) {
    let mut all = Vec::new();
    let mut pulses = BTreeMap::new();
    for (number, (entries, twin)) in (1..).zip(sources) {
        let mut source = known(&[1, 2, 3]);
        source.id = SourceId(number);
        let mut own = pulse(&[Outcome::Changed]);
        *own.weeks.last_mut().unwrap() = *entries;
        own.twin = twin.map(|(other, common)| (SourceId(other), common, *entries));
        pulses.insert(source.id, own);
        all.push(source);
    }
    assert_eq!(states(&all, &pulses, day(NOW)), expected);
}

#[test]
fn the_later_of_two_with_the_same_entries_is_the_double() {
    let fine = State::Fine;
    check_many(
        &[(10, Some((2, 10))), (10, Some((1, 10)))],
        &[fine, State::Duplicate],
    );
    // A blog, and a planet that carries it.
    check_many(&[(90, None), (10, Some((1, 10)))], &[fine, fine]);
}

#[test]
fn one_that_drowns_all_others_is_noisy() {
    let fine = State::Fine;
    check_many(
        &[(2000, None), (9, None), (9, None)],
        &[State::Noisy, fine, fine],
    );
    check_many(&[(2000, None), (1990, None), (20, None)], &[fine; 3]);
    check_many(&[(100, None), (9, None), (9, None)], &[fine; 3]);
    check_many(&[(2000, None)], &[fine]);
}

#[test]
fn counts_entries_a_month_since_the_first() {
    let of = |weeks: &[u32]| {
        let pulse = Pulse {
            weeks: weeks.to_vec(),
            ..Pulse::default()
        };
        format!("{:.1}", a_month(&pulse))
    };
    assert_eq!(of(&[0; 26]), "0.0");
    assert_eq!(of(&[1; 26]), "4.3");
    assert_eq!(of(&[0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2]), "8.7");
    assert_eq!(of(&[0, 0, 0, 0, 0, 4]), "4.3");
    assert_eq!(a_month(&Pulse::default()).to_string(), "0");
}
