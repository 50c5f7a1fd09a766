//! A: validators, sent back as they came and kept only where they belong.

use super::*;

/// Validators that the second poll sends back after a first answer with these fields.
#[track_caller]
fn check_sent_back(fields: &'static [(&str, &str)], expected: (Option<&str>, Option<&str>)) {
    let requests = asked(|_| {
        fields.iter().fold(Answer::ok(feed()), |it, (name, value)| {
            it.header(name, value)
        })
    });
    assert_eq!(requests[0][0].validators(), (None, None));
    assert_eq!(requests[1][0].validators(), expected);
}

// A1
#[test]
fn sends_validators_back_byte_for_byte() {
    check_sent_back(
        &[
            ("ETag", "\"a-1;x=%22\""),
            ("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT"),
        ],
        (Some("\"a-1;x=%22\""), Some("Mon, 23 Nov 2026 08:00:00 GMT")),
    );
}

// A1
#[test]
fn sends_bytes_back_that_are_no_text() {
    let requests = asked(|_| Answer::ok(feed()).raw_header("ETag", b"\"caf\xe9\""));
    assert_eq!(requests[1][0].validators(), (Some("\"caf\u{e9}\""), None));
}

// A2
#[test]
fn takes_an_odd_last_modified_as_it_is() {
    let odd = "23.11.2026 um 8 Uhr";
    check_sent_back(
        &[("Last-Modified", "23.11.2026 um 8 Uhr")],
        (None, Some(odd)),
    );
}

// A3
#[test]
fn keeps_a_weak_etag_weak() {
    check_sent_back(&[("ETag", "W/\"7\"")], (Some("W/\"7\""), None));
}

// A4
#[test]
fn sends_an_unquoted_etag_unquoted() {
    check_sent_back(&[("ETag", "abc123")], (Some("abc123"), None));
}

/// Two answers one after the other; the validators that the third poll sends.
#[track_caller]
fn check_after_two(
    first: impl Fn() -> Answer + Send + Sync + 'static,
    second: impl Fn() -> Answer + Send + Sync + 'static,
    expected: (Option<&str>, Option<&str>),
) {
    let requests = asked(move |request| match request.before {
        0 => first(),
        _ => second(),
    });
    assert_eq!(requests[2][0].validators(), expected);
}

fn dated(title: &str, etag: &str) -> Answer {
    Answer::ok(rss(&[(title, "https://feed.example/1")])).header("ETag", etag)
}

// A5
#[test]
fn replaces_validators_after_a_new_answer() {
    check_after_two(
        || dated("One", "\"1\"").header("Last-Modified", "yesterday"),
        || dated("Two", "\"2\"").header("Last-Modified", "today"),
        (Some("\"2\""), Some("today")),
    );
}

// A6
#[test]
fn drops_validators_when_an_answer_has_none() {
    check_after_two(
        || dated("One", "\"1\""),
        || Answer::ok(rss(&[("Two", "https://feed.example/2")])),
        (None, None),
    );
}

// A7
#[test]
fn takes_new_validators_from_a_304() {
    check_after_two(
        || dated("One", "\"1\"").header("Last-Modified", "yesterday"),
        || Answer::status(304).header("ETag", "\"2\""),
        (Some("\"2\""), Some("yesterday")),
    );
}

// A8
#[test]
fn keeps_no_validator_of_what_is_no_feed() {
    check_after_two(
        || dated("One", "\"1\""),
        || Answer::ok("out of order").header("ETag", "\"2\""),
        (Some("\"1\""), None),
    );
}

// A9
#[test]
fn keeps_its_validators_when_the_server_fails() {
    check_after_two(
        || dated("One", "\"1\""),
        || Answer::status(500).header("ETag", "\"2\""),
        (Some("\"1\""), None),
    );
}

// A10
#[test]
fn invents_no_date() {
    let requests = asked(|_| {
        Answer::ok(feed())
            .header("ETag", "\"1\"")
            .header("Date", "Wed, 25 Nov 2026 10:05:00 GMT")
    });
    for request in requests.iter().flatten() {
        assert_eq!(request.header("if-modified-since"), None);
    }
}

// A11
#[test]
fn keeps_a_new_etag_that_comes_with_the_same_body() {
    check_after_two(
        || dated("One", "\"1\""),
        || dated("One", "\"2\""),
        (Some("\"2\""), None),
    );
}

// A12
#[test]
fn reads_a_new_entry_under_an_old_last_modified() {
    let server = Server::new(|request| {
        let items = [
            ("One", "https://feed.example/1"),
            ("Two", "https://feed.example/2"),
        ];
        let count = if request.before == 0 { 1 } else { 2 };
        Answer::ok(rss(&items[..count]))
            .header("ETag", &format!("\"{count}\""))
            .header("Last-Modified", "Mon, 23 Nov 2026 08:00:00 GMT")
    });
    let project = newsletter(&[server.url("/feed")]);
    let requests = four_polls(&server, &project);
    assert_eq!(titles(&project), ["One", "Two"]);
    assert_eq!(requests[2][0].header("if-none-match"), Some("\"2\""));
}

#[test]
fn validators_of_another_address_are_not_sent() {
    // The answer of the address that was redirected to is nothing to the one that redirects.
    let server = Server::new(|request| match (request.path.as_str(), request.before) {
        ("/feed", 0) => Answer::redirect(302, "/a"),
        ("/feed", _) => Answer::redirect(302, "/b"),
        _ => Answer::ok(feed()).header("ETag", "\"1\""),
    });
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    server.take_log();
    poll(&project, AFTER_70_MINUTES);
    for request in server.take_log() {
        assert_eq!(request.validators(), (None, None), "{}", request.path);
    }
    poll(&project, AFTER_140_MINUTES);
    let log = server.take_log();
    assert_eq!(log[0].validators(), (None, None));
    assert_eq!(log[1].validators(), (Some("\"1\""), None));
}
