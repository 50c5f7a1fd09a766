use super::*;
use crate::model::{Origin, RequestHeader};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-11-25T12:00:00Z")
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn source() -> Source {
    Source::new("https://a.example/feed", Origin::Config)
}

fn answer(status: u16, hops: &[(u16, &str)]) -> Answer {
    let hops: Vec<Hop> = hops
        .iter()
        .map(|(status, to)| Hop {
            status: *status,
            to: url(to),
        })
        .collect();
    Answer {
        url: hops
            .last()
            .map_or_else(|| url(&source().url), |hop| hop.to.clone()),
        hops,
        status,
        fields: Fields::default(),
        body: Vec::new(),
        cut: None,
    }
}

fn with_validators(status: u16, etag: Option<&str>, last_modified: Option<&str>) -> Answer {
    let mut answer = answer(status, &[]);
    answer.fields.etag = etag.map(str::to_owned);
    answer.fields.last_modified = last_modified.map(str::to_owned);
    answer
}

fn facts() -> Facts {
    Facts {
        hash: 1,
        is_whole: true,
        ..Facts::default()
    }
}

#[track_caller]
fn check_validators(answer: &Answer, facts: Option<Facts>, expected: (Option<&str>, Option<&str>)) {
    let before = History {
        etag: Some("\"old\"".to_owned()),
        last_modified: Some("yesterday".to_owned()),
        ..History::default()
    };
    let history = success(&source(), &before, answer, facts, now()).history;
    let seen = (history.etag.as_deref(), history.last_modified.as_deref());
    assert_eq!(seen, expected);
}

#[test]
fn validators_follow_the_last_good_answer() {
    let new = with_validators(200, Some("W/\"new\""), None);
    check_validators(&new, Some(facts()), (Some("W/\"new\""), None));
    check_validators(&new, None, (Some("W/\"new\""), None));
    let none = with_validators(200, None, None);
    check_validators(&none, Some(facts()), (None, None));
    let renewed = with_validators(304, Some("\"newer\""), None);
    check_validators(&renewed, None, (Some("\"newer\""), Some("yesterday")));
}

#[test]
fn validators_of_half_a_feed_are_not_kept() {
    let mut broken = with_validators(200, Some("\"new\""), Some("now"));
    broken.cut = Some(Cut::BrokenOff);
    check_validators(&broken, Some(facts()), (None, None));
    let whole = with_validators(200, Some("\"new\""), Some("now"));
    let half = Facts {
        is_whole: false,
        ..facts()
    };
    check_validators(&whole, Some(half), (None, None));
}

#[test]
fn validators_belong_to_the_address_that_gave_them() {
    let mut elsewhere = answer(200, &[(302, "https://b.example/feed")]);
    elsewhere.fields.etag = Some("\"b\"".to_owned());
    let history = success(
        &source(),
        &History::default(),
        &elsewhere,
        Some(facts()),
        now(),
    )
    .history;
    assert_eq!(
        history.validated_at.as_deref(),
        Some("https://b.example/feed")
    );
    let here = with_validators(200, Some("\"a\""), None);
    let history = success(&source(), &history, &here, Some(facts()), now()).history;
    assert_eq!(history.validated_at, None);
}

/// The visits at which the source moved, by hours since the first.
fn moves(visits: &[(i64, &[(u16, &str)])]) -> Vec<(i64, String)> {
    let mut history = History::default();
    let mut moves = Vec::new();
    for (hours, hops) in visits {
        let time = now() + TimeDelta::hours(*hours);
        let learned = success(&source(), &history, &answer(200, hops), None, time);
        history = learned.history;
        moves.extend(learned.moved_to.map(|to| (*hours, to)));
    }
    moves
}

#[test]
fn a_permanent_redirect_is_believed_when_it_lasts() {
    let there: &[(u16, &str)] = &[(301, "https://b.example/feed")];
    let moved = |hours| vec![(hours, "https://b.example/feed".to_owned())];
    assert_eq!(moves(&[(0, there), (1, there)]), []);
    assert_eq!(moves(&[(0, there), (1, there), (2, there)]), moved(2));
    assert_eq!(moves(&[(0, there), (26, there)]), moved(26));
    assert_eq!(moves(&[(0, there), (1, &[]), (26, there)]), []);
    let other: &[(u16, &str)] = &[(308, "https://c.example/feed")];
    assert_eq!(moves(&[(0, there), (1, other), (2, there), (3, there)]), []);
    let through: &[(u16, &str)] = &[(308, "https://c.example/"), (301, "https://b.example/feed")];
    assert_eq!(moves(&[(0, through), (26, through)]), moved(26));
}

#[test]
fn a_temporary_redirect_is_never_believed() {
    for hops in [
        &[(302, "https://b.example/feed")][..],
        &[(307, "https://b.example/feed")],
        &[(303, "https://b.example/feed")],
        &[
            (301, "https://b.example/feed"),
            (302, "https://c.example/feed"),
        ],
        &[
            (302, "https://c.example/feed"),
            (301, "https://b.example/feed"),
        ],
    ] {
        assert_eq!(moves(&[(0, hops), (26, hops), (52, hops)]), [], "{hops:?}");
    }
}

#[test]
fn a_source_with_secrets_does_not_move_to_another_host() {
    let secret = Source {
        headers: vec![RequestHeader {
            name: "Authorization".to_owned(),
            variable: "TOKEN".to_owned(),
        }],
        ..source()
    };
    let moved = |to: &str| {
        let first = success(
            &secret,
            &History::default(),
            &answer(200, &[(301, to)]),
            None,
            now(),
        );
        let later = now() + TimeDelta::hours(26);
        success(
            &secret,
            &first.history,
            &answer(200, &[(301, to)]),
            None,
            later,
        )
        .moved_to
    };
    assert_eq!(moved("https://b.example/feed"), None);
    assert_eq!(
        moved("https://a.example/new").as_deref(),
        Some("https://a.example/new")
    );
}

#[test]
fn a_failure_keeps_what_was_learned() {
    let before = History {
        etag: Some("\"a\"".to_owned()),
        failures: 2,
        ..History::default()
    };
    let after = failure(
        &before,
        Some(&answer(500, &[])),
        Outcome::ServerError,
        now(),
    );
    assert_eq!(after.etag, before.etag);
    assert_eq!((after.failures, after.retired), (3, None));
    let back = success(&source(), &after, &answer(304, &[]), None, now()).history;
    assert_eq!(
        (back.failures, back.visits, back.last_success),
        (0, 1, Some(now()))
    );
}

#[test]
fn only_the_source_itself_says_that_it_is_gone() {
    let retired =
        |answer: &Answer| failure(&History::default(), Some(answer), Outcome::Gone, now()).retired;
    assert_eq!(retired(&answer(410, &[])), Some(now()));
    assert_eq!(
        retired(&answer(410, &[(301, "https://b.example/")])),
        Some(now())
    );
    assert_eq!(retired(&answer(410, &[(302, "https://b.example/")])), None);
}

#[test]
fn a_status_has_a_meaning() {
    let none = Fields::default();
    let later = Fields {
        retry_after: Some("60".to_owned()),
        ..Fields::default()
    };
    assert_eq!(outcome_of(410, &none), Outcome::Gone);
    assert_eq!(outcome_of(404, &none), Outcome::NotFound);
    assert_eq!(outcome_of(403, &none), Outcome::Denied);
    assert_eq!(outcome_of(429, &none), Outcome::Busy);
    assert_eq!(outcome_of(503, &none), Outcome::ServerError);
    assert_eq!(outcome_of(503, &later), Outcome::Busy);
    assert_eq!(outcome_of(500, &later), Outcome::ServerError);
}

#[track_caller]
fn check_fresh(fields: &Fields, expected: Option<&str>) {
    assert_eq!(fresh_until(fields, now()), expected.map(at));
}

#[test]
fn knows_how_long_an_answer_is_fresh() {
    let control = |text: &str| Fields {
        cache_control: Some(text.to_owned()),
        ..Fields::default()
    };
    check_fresh(&control("max-age=3600"), Some("2026-11-25T13:00:00Z"));
    check_fresh(
        &control("public, Max-Age=\"60\""),
        Some("2026-11-25T12:01:00Z"),
    );
    check_fresh(&control("max-age=0"), None);
    check_fresh(&control("max-age=3600, no-cache"), None);
    check_fresh(&control("max-age=-5"), None);
    check_fresh(&control("s-maxage=3600"), None);
    let aged = Fields {
        age: Some("3000".to_owned()),
        ..control("max-age=3600")
    };
    check_fresh(&aged, Some("2026-11-25T12:10:00Z"));
    let stale = Fields {
        age: Some("99999999999999999999".to_owned()),
        ..aged
    };
    check_fresh(&stale, None);
    let expires = |text: &str| Fields {
        expires: Some(text.to_owned()),
        ..Fields::default()
    };
    check_fresh(
        &expires("Thu, 26 Nov 2026 12:00:00 GMT"),
        Some("2026-11-26T12:00:00Z"),
    );
    check_fresh(&expires("0"), None);
    check_fresh(&expires("Thu, 01 Jan 1970 00:00:00 GMT"), None);
    let both = Fields {
        cache_control: Some("max-age=60".to_owned()),
        ..expires("Thu, 26 Nov 2026 12:00:00 GMT")
    };
    check_fresh(&both, Some("2026-11-25T12:01:00Z"));
    check_fresh(&Fields::default(), None);
}

#[test]
fn reads_retry_after_in_both_forms() {
    let asked = |text: &str| {
        let fields = Fields {
            retry_after: Some(text.to_owned()),
            ..Fields::default()
        };
        retry_at(&fields, now())
    };
    let six = Some(at("2026-11-25T18:00:00Z"));
    assert_eq!(asked("21600"), six);
    assert_eq!(asked(" Wed, 25 Nov 2026 18:00:00 GMT"), six);
    assert_eq!(asked("Wednesday, 25-Nov-26 18:00:00 GMT"), six);
    assert_eq!(asked("Wed Nov 25 18:00:00 2026"), six);
    assert_eq!(asked("999999999999"), Some(at("2026-11-27T12:00:00Z")));
    assert_eq!(asked("soon"), None);
    assert_eq!(asked("0"), None);
    assert_eq!(asked("Wed, 25 Nov 2020 18:00:00 GMT"), None);
}

#[test]
fn a_host_that_has_had_enough_is_left_alone() {
    let later = Fields {
        retry_after: Some("21600".to_owned()),
        ..Fields::default()
    };
    let none = Fields::default();
    assert_eq!(
        host_pause(429, &later, now()),
        Some(at("2026-11-25T18:00:00Z"))
    );
    assert_eq!(
        host_pause(429, &none, now()),
        Some(at("2026-11-25T13:00:00Z"))
    );
    assert_eq!(
        host_pause(503, &later, now()),
        Some(at("2026-11-25T18:00:00Z"))
    );
    assert_eq!(host_pause(503, &none, now()), None);
    assert_eq!(host_pause(500, &later, now()), None);
}
