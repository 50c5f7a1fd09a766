//! N: the network as it is: what servers send that the specifications do not know, or that few
//! clients know, and what stands between.

use std::io::Write as _;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// What comes of the one visit to a server that answers so.
#[track_caller]
fn visit(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Value {
    visit_with("", rule)
}

/// The same with more in the source's configuration.
#[track_caller]
fn visit_with(more: &str, rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Value {
    let server = Server::new(rule);
    let project = newsletter_with(
        &format!("[[source]]\nurl = \"{}\"\n{more}", server.url("/feed")),
        &[],
    );
    let mut visits = poll(&project, FIRST);
    assert_eq!(visits.len(), 1);
    visits.remove(0)
}

#[track_caller]
fn check_read(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) {
    let visit = visit(rule);
    assert_eq!(visit["outcome"], "changed", "{visit}");
    assert_eq!(visit["new"], 1, "{visit}");
}

// N1
#[test]
fn unpacks_whatever_was_packed() {
    let body = feed();
    let (one, other) = body.as_bytes().split_at(100);
    let bodies = [
        ("gzip", [gzip(one), gzip(other)].concat()),
        ("x-gzip", gzip(body.as_bytes())),
        ("gzip, gzip", gzip(&gzip(body.as_bytes()))),
        ("gzip", [gzip(body.as_bytes()), vec![0; 9]].concat()),
        ("", gzip(body.as_bytes())),
        ("gzip", body.clone().into_bytes()),
    ];
    for (named, packed) in bodies {
        check_read(move |_| Answer::ok(packed.clone()).header("Content-Encoding", named));
    }
}

// N1
#[test]
fn says_what_it_cannot_unpack() {
    let visit = visit(|_| Answer::ok(feed()).header("Content-Encoding", "compress"));
    assert_eq!(visit["outcome"], "not-a-feed");
    let message = visit["message"].as_str().unwrap();
    assert!(message.contains("`compress`"), "{message}");
}

// N2
#[test]
fn reads_headers_that_are_not_as_they_should_be() {
    let body = feed();
    let length = format!("Content-Length: {}", body.len());
    for head in [
        format!("HTTP/1.1 200 OK\r\nX-Long: one\r\n two\r\n\tthree\r\n{length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\nX-Space : one\r\n{length}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\n{length}\n\n"),
        format!("HTTP/1.1 200 OK\r\nno colon at all\r\n{length}\r\n\r\n"),
        format!("HTTP/1.1 200\r\n{length}\r\n\r\n"),
        "HTTP/1.0 200 OK\r\n\r\n".to_owned(),
    ] {
        let answer = head.clone() + &body;
        let visit = visit(move |_| Answer::raw(answer.as_bytes()));
        assert_eq!(visit["outcome"], "changed", "{head:?}: {visit}");
    }
}

// N2
#[test]
fn reads_many_fields() {
    check_read(|_| {
        (0..400).fold(Answer::ok(feed()), |it, n| {
            it.header(&format!("X-{n}"), "y")
        })
    });
}

// N3
#[test]
fn brings_cookies_back_within_a_visit_and_to_nobody_else() {
    let stranger = Server::on("127.0.0.2", |_| Answer::ok(feed()));
    let elsewhere = stranger.url("/feed");
    let server = Server::new(move |request| match request.header("cookie") {
        None => Answer::redirect(302, "/feed").header("Set-Cookie", "seen=1; Path=/"),
        Some(cookie) => {
            assert_eq!(cookie, "seen=1");
            Answer::redirect(302, &elsewhere)
        }
    });
    let project = newsletter(&[server.url("/feed")]);
    assert_eq!(poll(&project, FIRST)[0]["outcome"], "changed");
    assert_eq!(stranger.take_log()[0].header("cookie"), None);
    server.take_log();
    poll(&project, NEXT_DAY);
    assert_eq!(server.take_log()[0].header("cookie"), None);
}

// N3
#[test]
fn names_the_cookie_of_a_circle() {
    let visit = visit(|_| Answer::redirect(302, "/feed").header("Set-Cookie", "gate=1"));
    assert_eq!(visit["outcome"], "refused");
    let message = visit["message"].as_str().unwrap();
    assert!(message.contains("`gate`"), "{message}");
}

// N4
#[test]
fn answers_a_challenge_of_digest_and_sends_no_password() {
    let server = Server::new(|request| match request.header("authorization") {
        Some(sent) if sent.starts_with("Digest ") => {
            assert!(sent.contains("username=\"ada\""), "{sent}");
            assert!(!sent.contains("s3cret"), "{sent}");
            Answer::ok(feed())
        }
        _ => Answer::status(401).header(
            "WWW-Authenticate",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5",
        ),
    });
    let url = server.url("/feed").replace("://", "://ada:s3cret@");
    let visits = poll(&newsletter(&[url]), FIRST);
    assert_eq!(visits[0]["outcome"], "changed", "{}", visits[0]);
}

// N5
#[test]
fn asks_in_the_language_of_a_source() {
    let visit = visit_with("accept_language = \"de, en;q=0.5\"", |request| {
        assert_eq!(request.header("accept-language"), Some("de, en;q=0.5"));
        Answer::ok(feed())
    });
    assert_eq!(visit["outcome"], "changed");
}

// N5
#[test]
fn asks_a_source_without_validators_where_somebody_wants_it_so() {
    let server = Server::new(|_| Answer::ok(feed()).header("ETag", "\"a\""));
    let more = format!(
        "[[source]]\nurl = \"{}\"\nvalidators = false",
        server.url("/feed")
    );
    let project = newsletter_with(&more, &[]);
    for request in four_polls(&server, &project).iter().flatten() {
        assert_eq!(request.validators(), (None, None));
    }
}

// N5
#[test]
fn a_source_has_a_limit_of_its_own() {
    let body = rss(&[("One", "https://feed.example/1"); 40]);
    let server = Server::new(move |_| Answer::ok(body.as_str()));
    let source =
        |path: &str, more: &str| format!("[[source]]\nurl = \"{}\"\n{more}\n", server.url(path));
    let sources = source("/a", "") + &source("/b", "max_bytes = 100000");
    let project = newsletter_with(&format!("max_bytes = 2000\n{sources}"), &[]);
    let mut visits = poll(&project, FIRST);
    visits.sort_by_key(|visit| visit["url"].to_string());
    assert_eq!(visits[0]["outcome"], "cut");
    assert_eq!(visits[1]["outcome"], "changed");
}

// N6
#[test]
fn goes_by_way_of_a_proxy() {
    let proxy = Server::new(|_| Answer::ok(feed()));
    let port = proxy.url("").rsplit(':').next().unwrap().to_owned();
    let source = "http://feeds.example/feed".to_owned();
    let configured = format!("proxy = \"127.0.0.1:{port}\"");
    let project = newsletter_with(&configured, std::slice::from_ref(&source));
    assert_eq!(poll(&project, FIRST)[0]["outcome"], "changed");
    assert_eq!(proxy.take_log()[0].path, source);

    let run = |variables: &[(&str, &str)]| {
        let project = newsletter_with("timeout = \"3s\"", std::slice::from_ref(&source));
        let mut command = project.command(&["poll", "--json"]);
        command.envs(variables.iter().copied()).output().unwrap();
        proxy.take_log().len()
    };
    let address = format!("http://127.0.0.1:{port}");
    assert_eq!(run(&[("http_proxy", &address)]), 1);
    assert_eq!(run(&[("ALL_PROXY", &address)]), 1);
    assert_eq!(
        run(&[("http_proxy", &address), ("NO_PROXY", "feeds.example")]),
        0
    );
}

// N6
#[test]
fn a_proxy_asks_nobody_private() {
    let proxy = Server::new(|_| Answer::redirect(302, "http://10.0.0.1/"));
    let port = proxy.url("").rsplit(':').next().unwrap().to_owned();
    let sources = [
        "http://a.example/",
        "http://192.168.0.1/",
        "http://localhost/",
    ];
    let mut config =
        format!("{CONFIG}[poll]\nproxy = \"http://127.0.0.1:{port}\"\npause = \"0s\"\n");
    for url in sources {
        let _ = writeln!(config, "[[source]]\nurl = \"{url}\"");
    }
    for visit in poll(&Project::new(&config), FIRST) {
        assert_eq!(visit["outcome"], "refused", "{visit}");
    }
    assert_eq!(proxy.take_log().len(), 1);
}

// N6
#[test]
fn a_source_has_a_proxy_of_its_own_or_none() {
    let proxy = Server::new(|_| Answer::ok(feed()));
    let direct = Server::new(|_| Answer::ok(feed()));
    let sources = format!(
        "proxy = \"{}\"\n[[source]]\nurl = \"{}\"\nproxy = \"none\"\n",
        proxy.url(""),
        direct.url("/feed")
    );
    assert_eq!(
        poll(&newsletter_with(&sources, &[]), FIRST)[0]["outcome"],
        "changed"
    );
    assert_eq!((direct.take_log().len(), proxy.take_log().len()), (1, 0));
}

// N7
#[test]
fn waits_as_long_as_other_words_ask() {
    let answers: [fn() -> Answer; 4] = [
        || Answer::status(403).header("Retry-After", "21600"),
        || Answer::status(500).header("Retry-After", "21600"),
        || Answer::status(429).header("X-RateLimit-Reset", "21600"),
        || {
            let spent = Answer::status(403).header("X-RateLimit-Remaining", "0");
            spent.header("X-RateLimit-Reset", "1795622700")
        },
    ];
    for answer in answers {
        check_counts(&asked(move |_| answer()), [1, 0, 0, 1]);
    }
}

// N7
#[test]
fn asks_no_more_of_a_host_that_says_there_is_no_more() {
    let server = Server::new(|_| {
        let spent = Answer::ok(feed()).header("X-RateLimit-Remaining", "0");
        spent.header("X-RateLimit-Reset", "60")
    });
    let project = newsletter(&[server.url("/a"), server.url("/b")]);
    poll(&project, FIRST);
    assert_eq!(server.take_log().len(), 1);
    poll(&project, AFTER_70_MINUTES);
    assert_eq!(server.take_log()[0].path, "/b");
}

// N8
#[test]
fn says_that_programs_are_kept_out() {
    let page = "<html><title>Just a moment...</title></html>";
    for status in [200, 202, 403, 503] {
        let visit = visit(move |_| {
            Answer::status(status)
                .body(page)
                .header("Content-Type", "text/html")
        });
        assert_eq!(visit["outcome"], "walled", "{visit}");
        let message = visit["message"].as_str().unwrap();
        assert!(message.contains("Cloudflare"), "{message}");
    }
    let empty = visit(|_| Answer::status(202).header("sg-captcha", "challenge"));
    assert_eq!(empty["outcome"], "walled", "{empty}");
    // A feed that speaks of walls is a feed.
    check_read(|_| Answer::ok(rss(&[("g-recaptcha explained", "https://feed.example/1")])));
}

// N9
#[test]
fn says_what_is_wrong_in_plain_words() {
    let refused = "http://127.0.0.1:1/".to_owned();
    let message = |visit: &Value| visit["message"].as_str().unwrap().to_owned();
    let visits = poll(&newsletter(&[refused]), FIRST);
    assert_eq!(
        message(&visits[0]),
        "no server listens there: the connection was refused"
    );
    let broken = visit(|_| Answer::raw(""));
    assert_eq!(
        message(&broken),
        "the connection broke off before the answer"
    );
    let odd = visit(|_| Answer::raw("220 mail.example ESMTP\r\n"));
    assert_eq!(message(&odd), "what it answers is not HTTP");
}
