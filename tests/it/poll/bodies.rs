//! E: bodies in every packing, and those that are not whole.

use std::io::Write as _;

use super::*;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

// E1
#[test]
fn accepts_compression() {
    let server =
        Server::new(|_| Answer::ok(gzip(feed().as_bytes())).header("Content-Encoding", "gzip"));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    let accepted = server.take_log()[0]
        .header("accept-encoding")
        .unwrap()
        .to_owned();
    for coding in ["gzip", "br", "zstd", "deflate"] {
        assert!(accepted.contains(coding), "{accepted}");
    }
    assert_eq!(titles(&project), ["One"]);
}

// E2
#[test]
fn keeps_no_etag_of_half_a_body() {
    let server = Server::new(|_| {
        let whole = rss(&[
            ("One", "https://feed.example/1"),
            ("Two", "https://feed.example/2"),
        ]);
        let half = &whole.as_bytes()[..whole.find("Two").unwrap()];
        Answer::broken_off(half).header("ETag", "\"1\"")
    });
    let project = newsletter(&[server.url("/feed")]);
    let requests = four_polls(&server, &project);
    for request in requests.iter().flatten() {
        assert_eq!(request.validators(), (None, None));
    }
    assert_eq!(titles(&project), ["One"], "what came whole is kept");
}

// E2
#[test]
fn keeps_no_etag_of_half_a_document() {
    // The server itself has no more than that, and announces no more.
    let requests = asked(|_| {
        let whole = rss(&[
            ("One", "https://feed.example/1"),
            ("Two", "https://feed.example/2"),
        ]);
        let half = &whole.as_bytes()[..whole.find("Two").unwrap()];
        Answer::ok(half).header("ETag", "\"1\"")
    });
    assert_eq!(requests[1][0].validators(), (None, None));
}

// E3
#[test]
fn reads_chunks() {
    let server = Server::new(|_| Answer::ok(feed()).chunked());
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    assert_eq!(titles(&project), ["One"]);
}

// E4
#[test]
fn an_empty_answer_changes_nothing() {
    let server = Server::new(|request| match request.before {
        0 => Answer::ok(feed()).header("ETag", "\"1\""),
        _ => Answer::ok("").header("ETag", "\"2\""),
    });
    let project = newsletter(&[server.url("/feed")]);
    let requests = four_polls(&server, &project);
    assert_eq!(requests[2][0].validators(), (Some("\"1\""), None));
    assert_eq!(titles(&project), ["One"]);
}
