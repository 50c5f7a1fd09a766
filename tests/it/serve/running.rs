//! Starting, stopping, and what is said of it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use super::{Answer, Server, add_user, session, site};

#[test]
fn says_where_it_listens() {
    let project = site("");
    let server = Server::start(&project);
    server.get("/healthz", &[]).expect(200);
    let port = server.port;
    let expected =
        format!("documents: http://127.0.0.1:{port}/\nreview: http://127.0.0.1:{port}/review\n");
    assert_eq!(server.said(), expected);
    let server = Server::start_with(&project, super::NOW, &["--no-review"]);
    server.get("/review", &[]).expect(404);
    assert_eq!(server.said().lines().count(), 1);
}

#[test]
fn a_port_in_use_is_named() {
    let project = site("");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = project.run(&["serve", "--address", &address]).expect(2);
    let first = format!("error: `{address}` is in use\nhint: ");
    assert!(run.stderr.starts_with(&first), "{}", run.stderr);
    let run = project
        .run(&["serve", "--address", "192.0.2.1:8080", "--no-review"])
        .expect(2);
    assert!(
        run.stderr
            .starts_with("error: cannot listen on `192.0.2.1:8080`\nhint: "),
        "{}",
        run.stderr
    );
}

#[test]
fn others_reach_no_review_pages_without_accounts() {
    let project = site("");
    let run = project.run(&["serve", "--address", "0.0.0.0:0"]).expect(2);
    assert!(
        run.stderr.contains(
            "the review pages have no accounts\nhint: make one with `newsdesk user add NAME`"
        ),
        "{}",
        run.stderr
    );
    let run = project.run(&["serve", "--address", "[::]:0"]);
    assert_eq!(run.code, 2);
    add_user(&project, "ada", "Ada", "correct horse battery");
    let mut child = project
        .command(&["serve", "--address", "0.0.0.0:0"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 400];
    let mut text = String::new();
    let stderr = child.stderr.as_mut().unwrap();
    while !text.contains("trusted_proxies") {
        let read = stderr.read(&mut said).unwrap();
        assert!(read > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&said[..read]));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        text.contains("warning: passwords cross the network in the open"),
        "{text}"
    );
}

#[test]
fn a_request_in_flight_is_finished() {
    let project = site("");
    project.write("feeds/public/talk.mp3", vec![7; 20 << 20]);
    let mut server = Server::start(&project);
    let mut busy = server.connect();
    let request = "GET /talk.mp3 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    busy.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 64 << 10];
    busy.read_exact(&mut answer).unwrap();
    let mut idle = server.connect();
    idle.write_all(b"GET /atom.xml HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    idle.read_exact(&mut [0; 100]).unwrap();
    server.signal("-TERM");
    // Nobody new is let in, an idle connection ends, and the download comes to its end.
    let mut left = Vec::new();
    idle.read_to_end(&mut left).unwrap();
    busy.read_to_end(&mut answer).unwrap();
    let answer = Answer::parse(&answer);
    assert_eq!(answer.body.len(), 20 << 20);
    assert!(server.child.wait().unwrap().success());
    assert!(std::net::TcpStream::connect(("127.0.0.1", server.port)).is_err());
}

#[test]
fn who_watches_gets_numbers() {
    let project = site("");
    let server = Server::start(&project);
    let health = server.get("/healthz", &[]).expect(200);
    assert_eq!(health.text(), "store: ok\ndocuments: ok\n");
    let etag = server.get(
        "/atom.xml",
        &[("User-Agent", "Feedly/1.0 (16 subscribers; )")],
    );
    let etag = etag.expect(200).header("etag").to_owned();
    let odd = "Odd\"\\\u{e9}/1 (7 subscribers)";
    server
        .get(
            "/atom.xml",
            &[("User-Agent", odd), ("If-None-Match", &etag)],
        )
        .expect(304);
    server
        .get("/style.css", &[("User-Agent", "Liar/1 (99 subscribers)")])
        .expect(200);
    server.get("/nothing", &[]).expect(404);
    let answer = server.get("/metrics", &[]).expect(200);
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = answer.text();
    for line in [
        "newsdesk_requests_total{side=\"documents\",status=\"2xx\"} 2",
        "newsdesk_requests_total{side=\"documents\",status=\"304\"} 1",
        "newsdesk_requests_total{side=\"documents\",status=\"4xx\"} 1",
        "newsdesk_subscribers{document=\"atom.xml\",service=\"feedly\"} 16",
        "newsdesk_documents_held 2",
        "newsdesk_store_up 1",
        "newsdesk_sources 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("liar"), "{text}");
    // Every line is a comment, or a name with a number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, number) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("newsdesk_"), "{line}");
        number.parse::<f64>().unwrap();
    }
    std::fs::remove_dir_all(project.path("feeds/public")).unwrap();
    let health = server.get("/healthz", &[]).expect(503);
    assert_eq!(health.text(), "store: ok\ndocuments: cannot be read\n");
}

#[test]
fn numbers_are_for_this_machine_unless_configured() {
    let project = site("");
    let server = Server::start(&project);
    for path in ["/healthz", "/metrics"] {
        for header in [
            ("Host", "test.example"),
            ("X-Forwarded-For", "192.0.2.1"),
            ("Via", "1.1 proxy"),
        ] {
            server.get(path, &[header]).expect(404);
        }
        server.ask("POST", path, &[], "").expect(405);
    }
    let project = site("[server]\npublic_metrics = true\n");
    let server = Server::start(&project);
    server
        .get("/metrics", &[("Host", "test.example")])
        .expect(200);
}

#[test]
fn the_log_is_off_unless_asked_for() {
    let project = site("");
    let quiet = Server::start(&project);
    quiet.get("/atom.xml", &[]).expect(200);
    quiet.get("/nothing", &[]).expect(404);
    assert_eq!(quiet.said().lines().count(), 2, "{}", quiet.said());
    let server = Server::start_with(&project, super::NOW, &["--log"]);
    let agent = "Evil\u{202e} \"quoted\"";
    server
        .get("/atom.xml?secret=1", &[("User-Agent", agent)])
        .expect(200);
    session(&server, "Ada");
    let mut said = String::new();
    for _ in 0..100 {
        said = server.said();
        if said.contains("POST /review/login 303") {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let line = said
        .lines()
        .find(|line| line.contains("/atom.xml"))
        .unwrap();
    assert!(
        line.starts_with(&format!("{} 127.0.0.1 GET /atom.xml 200 ", super::NOW)),
        "{line}"
    );
    assert!(line.ends_with("us \"Evil 'quoted'\""), "{line}");
    assert!(
        !said.contains("secret") && said.contains("POST /review/login 303"),
        "{said}"
    );
}
