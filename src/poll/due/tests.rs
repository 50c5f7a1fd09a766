use super::*;
use crate::model::Origin;
use crate::poll::Options;
use proptest::prelude::*;

const NOW: &str = "2026-11-25T12:00:00Z"; // a Wednesday

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn source() -> Source {
    Source::new("https://a.example/feed", Origin::Config)
}

/// A source that has been watched for long and says nothing of itself.
fn known() -> History {
    History {
        visits: 100,
        last_success: Some(at(NOW)),
        ..History::default()
    }
}

/// Instants so many hours before now.
fn hours_ago(hours: &[i64]) -> Vec<DateTime<Utc>> {
    hours
        .iter()
        .map(|hours| at(NOW) - TimeDelta::hours(*hours))
        .collect()
}

fn due(
    source: &Source,
    history: &History,
    outcome: Outcome,
    retry_at: Option<&str>,
) -> DateTime<Utc> {
    let done = Done {
        source,
        history,
        outcome,
        retry_at: retry_at.map(at),
        lease: None,
        now: at(NOW),
        seed: 7,
    };
    next(&done, Options::new("x").bounds)
}

#[track_caller]
fn check(history: &History, expected: &str) {
    assert_eq!(
        due(&source(), history, Outcome::Changed, None),
        at(expected)
    );
}

#[test]
fn a_source_is_asked_four_times_as_often_as_it_speaks() {
    let daily = |n: i64| (0..n).map(|day| 2 + day * 24).collect::<Vec<_>>();
    let table: [(&str, Vec<i64>, &str); 8] = [
        ("daily", daily(10), "2026-11-25T17:59:00Z"),
        (
            "twice a day",
            (0..10).map(|n| 1 + n * 12).collect(),
            "2026-11-25T14:59:00Z",
        ),
        (
            "hourly",
            (0..30).map(|n| n * 2).collect(),
            "2026-11-25T12:29:00Z",
        ),
        ("weekly", vec![1, 169, 337, 505], "2026-11-26T11:59:00Z"),
        (
            "thirty at once, daily",
            daily(3).iter().flat_map(|h| [*h; 10]).collect(),
            "2026-11-25T17:59:00Z",
        ),
        ("once, eight hours ago", vec![8], "2026-11-25T13:59:00Z"),
        (
            "daily, then silent for four days",
            daily(10).iter().map(|h| h + 94).collect(),
            "2026-11-25T23:59:00Z",
        ),
        ("nothing is known", vec![], "2026-11-25T17:59:00Z"),
    ];
    for (name, hours, expected) in table {
        let history = History {
            instants: hours_ago(&hours),
            ..known()
        };
        let seen = due(&source(), &history, Outcome::NotModified, None);
        assert_eq!(seen, at(expected), "{name}");
    }
}

#[test]
fn a_new_source_is_watched_hourly_at_first() {
    let history = |visits| History {
        visits,
        instants: hours_ago(&[1, 169, 337]),
        ..History::default()
    };
    check(&history(1), "2026-11-25T12:59:00Z");
    check(&history(3), "2026-11-25T12:59:00Z");
    check(&history(4), "2026-11-26T11:59:00Z");
}

#[test]
fn what_the_feed_and_the_server_say_makes_it_wait() {
    let new = |rhythm: Rhythm, fresh_until: Option<&str>| History {
        visits: 1,
        rhythm,
        fresh_until: fresh_until.map(at),
        ..History::default()
    };
    let rhythm = Rhythm::default();
    let ttl = |minutes| Rhythm {
        ttl: Some(minutes),
        ..rhythm
    };
    check(&new(ttl(1440), None), "2026-11-26T11:59:00Z");
    check(&new(ttl(5), None), "2026-11-25T12:59:00Z");
    check(&new(ttl(u32::MAX), None), "2026-11-26T11:59:00Z");
    let period = |seconds, frequency| Rhythm {
        period: Some(seconds),
        frequency,
        ..rhythm
    };
    check(&new(period(86_400, None), None), "2026-11-26T11:59:00Z");
    check(&new(period(86_400, Some(4)), None), "2026-11-25T17:59:00Z");
    check(
        &new(period(u64::MAX, Some(0)), None),
        "2026-11-26T11:59:00Z",
    );
    let fresh = "2026-11-25T20:00:00Z";
    check(&new(rhythm, Some(fresh)), fresh);
    check(
        &new(rhythm, Some("2036-01-01T00:00:00Z")),
        "2026-11-26T12:00:00Z",
    );
    check(
        &new(rhythm, Some("2026-11-25T12:01:00Z")),
        "2026-11-25T12:59:00Z",
    );
}

#[test]
fn excluded_hours_and_days_are_left_out() {
    let skipping = |hours: &[u32], days: &[u8]| History {
        visits: 1,
        rhythm: Rhythm {
            skip_hours: hours.iter().fold(0, |bits, hour| bits | 1 << hour),
            skip_days: days.iter().fold(0, |bits, day| bits | 1 << day),
            ..Rhythm::default()
        },
        ..History::default()
    };
    check(&skipping(&[13, 14], &[]), "2026-11-25T15:00:00Z");
    check(&skipping(&[13, 14, 15, 23], &[]), "2026-11-25T16:00:00Z");
    check(&skipping(&[], &[2, 3]), "2026-11-27T00:00:00Z");
    check(&skipping(&[0, 1], &[2]), "2026-11-26T02:00:00Z");
    let all: Vec<u32> = (0..24).collect();
    check(
        &skipping(&all, &[0, 1, 2, 3, 4, 5, 6]),
        "2026-11-25T12:59:00Z",
    );
}

#[test]
fn a_feed_is_not_asked_in_an_hour_that_it_excludes_unless_it_starves() {
    let bounds = Options::new("x").bounds;
    let history = History {
        rhythm: Rhythm {
            skip_hours: 1 << 12,
            ..Rhythm::default()
        },
        ..known()
    };
    assert!(is_excluded(&history, at(NOW), bounds));
    assert!(!is_excluded(&history, at("2026-11-25T13:10:00Z"), bounds));
    assert!(!is_excluded(&history, at("2026-11-28T12:00:00Z"), bounds));
    assert!(!is_excluded(&known(), at(NOW), bounds));
}

#[test]
fn what_somebody_decided_counts_above_what_the_feed_says() {
    let decided = Source {
        every: Some(Duration::from_mins(10)),
        ..source()
    };
    let history = History {
        rhythm: Rhythm {
            ttl: Some(1440),
            ..Rhythm::default()
        },
        fresh_until: Some(at("2026-11-26T12:00:00Z")),
        ..known()
    };
    let seen = due(&decided, &history, Outcome::Same, None);
    assert_eq!(seen, at("2026-11-25T12:09:00Z"));
}

#[test]
fn failures_back_off_with_jitter_and_never_for_ever() {
    let hours = |failures: u32, seed: u64| {
        let wait = back_off(failures, Options::new("x").bounds, seed);
        wait.as_secs_f64() / 3600.0
    };
    for (failures, expected) in [
        (1, 1.0),
        (2, 2.0),
        (3, 4.0),
        (5, 16.0),
        (6, 24.0),
        (30, 24.0),
        (31, 168.0),
        (9999, 168.0),
    ] {
        let waits: Vec<f64> = (0..50).map(|seed| hours(failures, seed)).collect();
        assert!(
            waits
                .iter()
                .all(|wait| (wait / expected - 1.0).abs() < 0.11),
            "{failures}: {waits:?}"
        );
        assert!(
            waits
                .iter()
                .any(|wait| (wait / waits[0] - 1.0).abs() > 0.01),
            "{failures}: {waits:?}"
        );
    }
}

#[test]
fn retry_after_counts_when_it_is_later_and_is_capped() {
    let failed = History {
        failures: 1,
        ..known()
    };
    let busy = |retry_at| due(&source(), &failed, Outcome::Busy, Some(retry_at));
    assert_eq!(busy("2026-11-25T18:00:00Z"), at("2026-11-25T18:00:00Z"));
    assert_eq!(busy("2026-12-31T18:00:00Z"), at("2026-11-27T12:00:00Z"));
    assert!(busy("2026-11-25T12:00:01Z") > at("2026-11-25T12:50:00Z"));
}

#[test]
fn what_a_hub_announces_is_asked_once_a_day() {
    let hourly = History {
        instants: hours_ago(&[1, 5, 9, 13, 17, 21]),
        ..known()
    };
    let lease = |ends: &str, is_trusted| Lease {
        ends: at(ends),
        is_trusted,
        pinged: None,
    };
    let table = [
        ("no hub", None, None, "2026-11-25T12:59:00Z"),
        (
            "relied upon",
            Some(lease("2026-12-05T00:00:00Z", true)),
            None,
            "2026-11-26T11:59:00Z",
        ),
        (
            "not relied upon",
            Some(lease("2026-12-05T00:00:00Z", false)),
            None,
            "2026-11-25T12:59:00Z",
        ),
        (
            "ends sooner",
            Some(lease("2026-11-25T20:00:00Z", true)),
            None,
            "2026-11-25T20:00:00Z",
        ),
        (
            "ended",
            Some(lease("2026-11-25T12:00:00Z", true)),
            None,
            "2026-11-25T12:59:00Z",
        ),
        (
            "somebody said how often",
            Some(lease("2026-12-05T00:00:00Z", true)),
            Some(Duration::from_hours(6)),
            "2026-11-25T17:59:00Z",
        ),
    ];
    for (name, lease, every, expected) in table {
        let source = Source { every, ..source() };
        let done = Done {
            source: &source,
            history: &hourly,
            outcome: Outcome::Changed,
            retry_at: None,
            lease,
            now: at(NOW),
            seed: 7,
        };
        let mut bounds = Options::new("x").bounds;
        assert_eq!(next(&done, bounds), at(expected), "{name}");
        // Never less often than somebody allowed.
        bounds.max = Duration::from_hours(2);
        if every.is_none() {
            assert!(
                next(&done, bounds) <= at(NOW) + TimeDelta::hours(2),
                "{name}"
            );
        }
        let failed = Done {
            outcome: Outcome::ServerError,
            ..done
        };
        assert!(
            next(&failed, bounds) < at(NOW) + TimeDelta::hours(3),
            "{name}"
        );
    }
}

proptest! {
    #[test]
    fn a_later_clock_never_makes_fewer_sources_due(
        next in proptest::collection::vec(proptest::option::of(-1000_i64..1000), 1..50),
        clock in -1000_i64..1000,
        later in 0_i64..1000,
    ) {
        let histories: Vec<History> = next
            .iter()
            .map(|next| History {
                next_visit: next.map(|minutes| at(NOW) + TimeDelta::minutes(minutes)),
                ..History::default()
            })
            .collect();
        let due = |minutes| {
            let now = at(NOW) + TimeDelta::minutes(minutes);
            histories.iter().map(|history| is_due(&source(), history, now)).collect::<Vec<_>>()
        };
        let (now, then) = (due(clock), due(clock + later));
        prop_assert!(now.iter().zip(&then).all(|(now, then)| !now || *then));
    }

    #[test]
    fn the_next_visit_is_within_bounds_whatever_was_seen(
        hours in proptest::collection::vec(-100_i64..20_000, 0..40),
        ttl in proptest::option::of(any::<u32>()),
        period in proptest::option::of(any::<u64>()),
        frequency in proptest::option::of(any::<u32>()),
        skip_hours in any::<u32>(),
        skip_days in any::<u8>(),
        fresh in proptest::option::of(-10_000_i64..10_000),
        visits in any::<u32>(),
        failures in any::<u32>(),
        succeeded in any::<bool>(),
    ) {
        let history = History {
            instants: hours_ago(&hours),
            rhythm: Rhythm { ttl, skip_hours, skip_days, period, frequency },
            fresh_until: fresh.map(|minutes| at(NOW) + TimeDelta::minutes(minutes)),
            visits,
            failures,
            ..History::default()
        };
        let outcome = if succeeded { Outcome::Same } else { Outcome::ServerError };
        let wait = due(&source(), &history, outcome, None) - at(NOW);
        // Seven days between visits to dead sources, and as many for excluded days.
        prop_assert!(wait >= TimeDelta::minutes(27) && wait <= TimeDelta::hours(24 * 9), "{wait}");
    }
}
