//! H: servers that mean harm, or are broken as if they did.

use std::io::Write as _;
use std::time::{Duration, Instant};

use super::*;

/// Short time-outs, and a small limit.
const STRICT: &str = "connect_timeout = \"1s\"\nfirst_byte_timeout = \"500ms\"\n\
    timeout = \"2s\"\nmax_bytes = 1_000_000";

/// A server of this kind beside a good one on another host: what comes of the bad source, how
/// long all took, and that the good one was read.
#[track_caller]
fn beside_a_good_one(
    more: &str,
    bad: impl Fn(&Request) -> Answer + Send + Sync + 'static,
) -> (Value, Duration) {
    let bad = Server::new(bad);
    let good = Server::on("127.0.0.2", |_| Answer::ok(feed()));
    let project = newsletter_with(more, &[bad.url("/feed"), good.url("/feed")]);
    let began = Instant::now();
    let mut visits = poll(&project, FIRST);
    let took = began.elapsed();
    visits.sort_by_key(|visit| visit["url"].to_string());
    assert_eq!(visits.len(), 2);
    assert_eq!(visits[1]["outcome"], "changed");
    (visits.swap_remove(0), took)
}

// H1
#[test]
fn an_endless_body_is_cut_at_the_limit() {
    let item = "<item><title>More</title></item>";
    let (visit, _) = beside_a_good_one(STRICT, move |_| {
        Answer::endless(b"<rss><channel>", item.repeat(1000).as_bytes())
    });
    assert_eq!(visit["outcome"], "cut");
    assert_eq!(visit["bytes"], 1_000_000);
}

// H2
#[test]
fn a_compression_bomb_is_cut_at_the_limit() {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..200 {
        writer.write_all(&piece).unwrap();
    }
    let bomb = writer.finish().unwrap();
    let (visit, _) = beside_a_good_one(STRICT, move |_| {
        Answer::ok(bomb.clone()).header("Content-Encoding", "gzip")
    });
    assert_eq!(visit["outcome"], "too-large");
    assert_eq!(visit["bytes"], 1_000_000);
}

// H3
#[test]
fn a_dripping_body_ends_at_the_time_out() {
    let (visit, took) = beside_a_good_one(STRICT, |_| Answer::dripping(b"<rss><channel>"));
    assert_eq!(visit["outcome"], "timed-out");
    assert!(took < Duration::from_secs(8), "{took:?}");
}

// H4
#[test]
fn a_server_without_an_answer_ends_at_the_first_byte_time_out() {
    let (visit, took) = beside_a_good_one(STRICT, |_| Answer::hang());
    assert_eq!(visit["outcome"], "timed-out");
    assert!(took < Duration::from_secs(8), "{took:?}");
}

// H5
#[test]
fn an_endless_header_ends_the_visit() {
    let (visit, _) = beside_a_good_one(STRICT, |_| Answer::endless_head());
    assert_ne!(visit["outcome"], "changed");
}

// H5
#[test]
fn too_many_fields_end_the_visit() {
    let (visit, _) = beside_a_good_one(STRICT, |_| {
        (0..2000).fold(Answer::ok(feed()), |it, n| {
            it.header(&format!("X-{n}"), "y")
        })
    });
    assert_ne!(visit["outcome"], "changed");
}

// H6
#[test]
fn hanging_sources_delay_nobody() {
    let bad: Vec<Server> = (1..=6)
        .map(|n| Server::on(&format!("127.0.1.{n}"), |_| Answer::hang()))
        .collect();
    let good: Vec<Server> = (1..=6)
        .map(|n| Server::on(&format!("127.0.2.{n}"), |_| Answer::ok(feed())))
        .collect();
    let sources: Vec<String> = bad.iter().chain(&good).map(|it| it.url("/feed")).collect();
    let project = newsletter_with(&format!("{STRICT}\nconcurrency = 12"), &sources);
    let began = Instant::now();
    let visits = poll(&project, FIRST);
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    let read = visits.iter().filter(|visit| visit["outcome"] == "changed");
    assert_eq!(read.count(), 6);
    // Good ones are told first: nobody waited for the others.
    assert!(
        visits[..6]
            .iter()
            .all(|visit| visit["outcome"] == "changed")
    );
}

/// A project that may not visit loopback.
fn strict(sources: &[String]) -> Project {
    let mut config = CONFIG.to_owned();
    for url in sources {
        let _ = writeln!(config, "[[source]]\nurl = \"{url}\"");
    }
    Project::new(&config)
}

// H7
#[test]
fn private_addresses_are_refused() {
    let server = Server::new(|_| Answer::ok(feed()));
    let port = server.url("").rsplit(':').next().unwrap().to_owned();
    let sources = [
        server.url("/a"),
        server.url_at("name", "/b"),
        format!("http://localhost:{port}/c"),
        format!("http://[::ffff:127.0.0.1]:{port}/d"),
        format!("http://2130706433:{port}/e"),
    ];
    let visits = poll(&strict(&sources), FIRST);
    assert_eq!(visits.len(), 5);
    for visit in &visits {
        assert_eq!(visit["outcome"], "refused", "{visit}");
    }
    assert_eq!(server.connections(), 0);
}

// H7
#[test]
fn private_addresses_are_refused_after_a_redirect() {
    let inner = Server::on("127.0.0.9", |_| Answer::ok(feed()));
    let to = [
        inner.url("/feed"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1/".to_owned(),
    ];
    let server = Server::new(move |request| {
        let number: usize = request.path[1..].parse().expect("a number");
        Answer::redirect(302, &to[number])
    });
    let sources: Vec<String> = (0..5).map(|n| server.url(&format!("/{n}"))).collect();
    let mut config = format!("{CONFIG}[poll]\nallow_private = [\"127.0.0.1\"]\npause = \"0s\"\n");
    for url in &sources {
        let _ = writeln!(config, "[[source]]\nurl = \"{url}\"");
    }
    let project = Project::new(&config);
    for visit in poll(&project, FIRST) {
        assert_eq!(visit["outcome"], "refused", "{visit}");
    }
    assert_eq!(inner.connections(), 0);
}

#[cfg(unix)]
// H8
#[test]
fn a_pipe_is_no_source() {
    let project = newsletter(&["file:pipe".to_owned(), "file:/dev/zero".to_owned()]);
    let pipe = project.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(pipe).status();
    assert!(made.expect("mkfifo is there").success());
    for visit in poll(&project, FIRST) {
        assert_eq!(visit["outcome"], "refused", "{visit}");
    }
}
