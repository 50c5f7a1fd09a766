//! G: how this program looks to those who run servers.

use super::*;

#[track_caller]
fn check_all(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static, check: impl Fn(&Request)) {
    let requests = asked(rule);
    assert!(requests.iter().flatten().count() >= 4);
    requests.iter().flatten().for_each(check);
}

// G1
#[test]
fn sends_no_cookies_back() {
    check_all(
        |_| Answer::ok(feed()).header("Set-Cookie", "id=1; Path=/"),
        |request| assert_eq!(request.header("cookie"), None),
    );
}

// G2
#[test]
fn asks_a_host_one_thing_at_a_time() {
    let server = Server::new(|_| Answer::slow(feed().as_bytes()));
    let sources: Vec<String> = (0..6).map(|n| server.url(&format!("/{n}"))).collect();
    let project = newsletter_with("concurrency = 8", &sources);
    assert_eq!(poll(&project, FIRST).len(), 6);
    assert!(server.take_log().iter().all(|request| request.at_once == 1));
    let project = newsletter_with("concurrency = 8\nper_host = 2", &sources);
    poll(&project, FIRST);
    let most = server
        .take_log()
        .iter()
        .map(|request| request.at_once)
        .max();
    assert_eq!(most, Some(2));
}

// G2
#[test]
fn asks_many_hosts_at_once() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};
    // Every answer waits for the other three requests.
    let barrier = Arc::new(Barrier::new(4));
    let answered = Arc::new(AtomicUsize::new(0));
    let servers: Vec<Server> = (1..=4)
        .map(|n| {
            let (barrier, answered) = (Arc::clone(&barrier), Arc::clone(&answered));
            Server::on(&format!("127.0.0.{n}"), move |_| {
                barrier.wait();
                answered.fetch_add(1, Ordering::SeqCst);
                Answer::ok(feed())
            })
        })
        .collect();
    let sources: Vec<String> = servers.iter().map(|server| server.url("/feed")).collect();
    assert_eq!(poll(&newsletter(&sources), FIRST).len(), 4);
    assert_eq!(answered.load(Ordering::SeqCst), 4);
}

// G3
#[test]
fn asks_once_for_what_is_named_twice() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed"), server.url("/feed")]);
    check_counts(&four_polls(&server, &project), [1, 1, 1, 1]);
}

// G4
#[test]
fn says_who_asks_and_where_to_complain() {
    check_all(
        |_| Answer::ok(feed()),
        |request| {
            let version = env!("CARGO_PKG_VERSION");
            let expected = format!("newsdesk/{version} (+https://test.example/)");
            assert_eq!(request.header("user-agent"), Some(expected.as_str()));
        },
    );
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter_with("contact = \"us@test.example\"", &[server.url("/feed")]);
    poll(&project, FIRST);
    let name = server.take_log()[0]
        .header("user-agent")
        .unwrap()
        .to_owned();
    assert!(name.ends_with("(+us@test.example)"), "{name}");
}

// G5
#[test]
fn sends_no_referer() {
    check_all(redirect, |request| {
        assert_eq!(request.header("referer"), None);
    });
}

fn redirect(request: &Request) -> Answer {
    match request.path.as_str() {
        "/feed" => Answer::redirect(302, "/new"),
        _ => Answer::ok(feed()),
    }
}

// G6
#[test]
fn adds_nothing_to_the_address() {
    check_all(
        |_| Answer::ok(feed()),
        |request| assert_eq!(request.path, "/feed"),
    );
}

// G7
#[test]
fn only_gets() {
    check_all(redirect, |request| assert_eq!(request.method, "GET"));
}

// G8
#[test]
fn uses_a_connection_again() {
    let server = Server::new(|request| match request.path.as_str() {
        "/0" => Answer::redirect(302, "/1"),
        "/2" => Answer::status(404).body("not here"),
        _ => Answer::ok(feed()),
    });
    let sources: Vec<String> = (0..10).map(|n| server.url(&format!("/{n}"))).collect();
    let project = newsletter(&sources);
    poll(&project, FIRST);
    assert_eq!(server.take_log().len(), 11);
    assert_eq!(server.connections(), 1);
}

// G9
#[test]
fn asks_for_nothing_but_feeds() {
    let requests = asked(|_| {
        let channel = "<image><url>/logo.png</url></image>";
        Answer::ok(rss_with(channel, &[("One", "/1")]))
    });
    check_counts(&requests, [1, 1, 1, 1]);
}

// G10
#[test]
fn asks_for_feeds_first() {
    check_all(
        |_| Answer::ok(feed()),
        |request| {
            let accepted = request.header("accept").unwrap();
            assert!(accepted.starts_with("application/atom+xml, application/rss+xml"));
        },
    );
}
