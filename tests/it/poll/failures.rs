//! C: what a server says when it has no feed to give, or has had enough.

use super::*;

// C1
#[test]
fn stops_after_410() {
    let requests = asked(|_| Answer::status(410));
    check_counts(&requests, [1, 0, 0, 0]);
}

// C2
#[test]
fn asks_for_what_is_not_there_once_a_poll_at_most() {
    let requests = asked(|_| Answer::status(404));
    assert!(requests.iter().all(|requests| requests.len() <= 1));
    assert_eq!(
        requests[0].len() + requests[3].len(),
        2,
        "it is not given up"
    );
}

// C3
#[test]
fn waits_as_long_as_a_429_asks_in_seconds() {
    let requests = asked(|_| Answer::status(429).header("Retry-After", "21600"));
    check_counts(&requests, [1, 0, 0, 1]);
}

// C4
#[test]
fn waits_as_long_as_a_503_asks_by_date() {
    let requests =
        asked(|_| Answer::status(503).header("Retry-After", "Wed, 25 Nov 2026 16:05:00 GMT"));
    check_counts(&requests, [1, 0, 0, 1]);
}

// C5
#[test]
fn does_not_retry_a_500_at_once() {
    let requests = asked(|_| Answer::status(500));
    assert!(requests.iter().all(|requests| requests.len() <= 1));
}

// C6
#[test]
fn does_not_retry_a_403_at_once() {
    let requests = asked(|_| Answer::status(403));
    assert!(requests.iter().all(|requests| requests.len() <= 1));
}

// C7
#[test]
fn a_429_stops_all_feeds_of_the_host() {
    let server = Server::new(|_| Answer::status(429).header("Retry-After", "21600"));
    let other = Server::on("127.0.0.2", |_| Answer::ok(feed()));
    let mut sources: Vec<String> = (0..10).map(|n| server.url(&format!("/{n}"))).collect();
    sources.push(other.url("/feed"));
    let project = newsletter(&sources);
    let requests = four_polls(&server, &project);
    check_counts(&requests, [1, 0, 0, 1]);
    assert!(other.take_log().len() >= 3, "other hosts go on");
}

// C7
#[test]
fn the_names_below_a_registered_one_are_one_host() {
    let server = Server::new(|_| Answer::status(429));
    let sources = ["a.blog", "b.blog", "other"].map(|name| server.url_at(name, "/feed"));
    let project = newsletter(&sources);
    poll(&project, FIRST);
    let hosts: Vec<String> = server
        .take_log()
        .iter()
        .map(|request| request.header("host").unwrap_or_default().to_owned())
        .collect();
    assert_eq!(hosts.len(), 2, "{hosts:?}");
}

#[test]
fn failures_back_off_and_are_forgotten_with_success() {
    let server = Server::new(|request| match request.before {
        0..=2 => Answer::status(500),
        _ => Answer::ok(feed()),
    });
    let project = newsletter(&[server.url("/feed")]);
    let failures = |now| poll(&project, now)[0]["failures"].clone();
    assert_eq!(failures("2026-11-25T00:00:00Z"), 1);
    assert_eq!(poll(&project, "2026-11-25T00:30:00Z").len(), 0);
    assert_eq!(failures("2026-11-25T02:00:00Z"), 2);
    assert_eq!(poll(&project, "2026-11-25T03:30:00Z").len(), 0);
    assert_eq!(failures("2026-11-25T05:00:00Z"), 3);
    assert_eq!(failures("2026-11-26T05:00:00Z"), 0);
}
