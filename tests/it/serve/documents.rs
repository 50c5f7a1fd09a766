//! What the published side sends: types, conditions, parts, old addresses.

use super::{MODIFIED, Server, replace, settle, site};

#[test]
fn every_document_has_its_type_and_its_validators() {
    let project = site("");
    project.write("feeds/public/talk.mp3", b"\xff\xfbsound");
    project.write("feeds/public/.hidden", "x");
    settle(&project);
    let server = Server::start(&project);
    let expected = [
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json"),
        ("/manifest.json", "application/json"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/issues/2026-11-01/", "text/html; charset=utf-8"),
        ("/readings/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/talk.mp3", "audio/mpeg"),
    ];
    for (path, media_type) in expected {
        let answer = server.get(path, &[]).expect(200);
        assert_eq!(answer.header("content-type"), media_type, "{path}");
        assert_eq!(answer.header("last-modified"), MODIFIED, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let etag = answer.header("etag");
        assert!(
            etag.starts_with('"') && etag.ends_with('"') && etag.len() == 34,
            "{etag}"
        );
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string()
        );
    }
    for (path, bytes) in project.tree("feeds/public") {
        if path != ".hidden" {
            let answer = server.get(&format!("/{path}"), &[]).expect(200);
            assert_eq!(answer.body, bytes, "{path}");
        }
    }
}

#[test]
fn how_long_documents_are_kept_is_configured_by_kind() {
    let project = site("[server]\ncache = { feeds = \"10m\", pages = \"0s\", media = \"1w\" }\n");
    project.write("feeds/public/talk.mp3", "x");
    project.write(
        "feeds/public/archive/2020/atom.xml",
        "<feed><fh:archive/></feed>",
    );
    let server = Server::start(&project);
    for (path, expected) in [
        ("/atom.xml", "public, max-age=600"),
        ("/archive/2020/atom.xml", "public, max-age=86400"),
        ("/", "no-cache"),
        ("/talk.mp3", "public, max-age=604800"),
        ("/style.css", "public, max-age=3600"),
        ("/nothing", "public, max-age=30"),
    ] {
        assert_eq!(
            server.get(path, &[]).header("cache-control"),
            expected,
            "{path}"
        );
    }
}

#[test]
fn a_reader_that_has_it_gets_no_body() {
    let project = site("");
    let server = Server::start(&project);
    let etag = server
        .get("/atom.xml", &[])
        .expect(200)
        .header("etag")
        .to_owned();
    let bare = etag.trim_matches('"');
    let same = |name: &str, value: &str| {
        let answer = server.get("/atom.xml", &[(name, value)]).expect(304);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), etag);
        assert_eq!(answer.header("last-modified"), MODIFIED);
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert!(answer.header("content-type").is_empty());
    };
    same("If-None-Match", &etag);
    same("If-None-Match", &format!("W/{etag}"));
    same("If-None-Match", bare);
    same("If-None-Match", &format!("\"old\", {etag}"));
    same("If-Modified-Since", MODIFIED);
    same("If-Modified-Since", "Sun, 15 Nov 2026 11:00:00 GMT");
    let other = |headers: &[(&str, &str)]| {
        let answer = server.get("/atom.xml", headers).expect(200);
        assert!(!answer.body.is_empty());
    };
    other(&[("If-None-Match", "\"old\"")]);
    other(&[
        ("If-None-Match", "\"old\""),
        ("If-Modified-Since", MODIFIED),
    ]);
    other(&[("If-Modified-Since", "Sat, 14 Nov 2026 11:59:59 GMT")]);
    other(&[("If-Modified-Since", "Sat, 14 Nov 2099 11:59:59 GMT")]);
    other(&[("If-Modified-Since", "yesterday")]);
    server
        .get("/atom.xml", &[("If-Match", "\"old\"")])
        .expect(412);
}

#[test]
fn head_says_what_get_would_send() {
    let project = site("");
    project.write("feeds/public/large.mp3", vec![7; 5 << 20]);
    let server = Server::start(&project);
    for path in [
        "/atom.xml",
        "/",
        "/large.mp3",
        "/nothing",
        "/issues/2026-11-01",
    ] {
        let get = server.get(path, &[]);
        let head = server.ask("HEAD", path, &[], "");
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.status, get.status, "{path}");
        let but_date = |headers: &[(String, String)]| {
            let kept = headers.iter().filter(|(name, value)| {
                // Without a body, its length need not be said.
                name != "date" && (name != "content-length" || value != "0")
            });
            kept.cloned().collect::<Vec<_>>()
        };
        assert_eq!(but_date(&head.headers), but_date(&get.headers), "{path}");
    }
    let encoded = [("Accept-Encoding", "gzip")];
    let (get, head) = (
        server.get("/atom.xml", &encoded),
        server.ask("HEAD", "/atom.xml", &encoded, ""),
    );
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[test]
fn players_get_the_part_they_ask_for() {
    let project = site("");
    let small: Vec<u8> = (0..10_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let large: Vec<u8> = (0..5_000_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    project.write("feeds/public/small.mp3", &small);
    project.write("feeds/public/large.mp3", &large);
    settle(&project);
    let server = Server::start(&project);
    for (path, bytes) in [("/small.mp3", &small), ("/large.mp3", &large)] {
        let all = bytes.len();
        let whole = server.get(path, &[]).expect(200);
        assert!(whole.body == *bytes);
        assert_eq!(whole.header("accept-ranges"), "bytes");
        let etag = whole.header("etag");
        let part = |range: &str, first: usize, last: usize| {
            let answer = server.get(path, &[("Range", range)]).expect(206);
            assert!(answer.body == bytes[first..=last], "{path} {range}");
            let expected = format!("bytes {first}-{last}/{all}");
            assert_eq!(answer.header("content-range"), expected);
            assert_eq!(
                answer.header("content-length"),
                (last - first + 1).to_string()
            );
            assert_eq!(answer.header("etag"), etag);
            assert_eq!(answer.header("content-type"), "audio/mpeg");
        };
        part("bytes=0-", 0, all - 1);
        part("bytes=100-199", 100, 199);
        part("bytes=-10", all - 10, all - 1);
        part("bytes=9000-99999999", 9000, (all - 1).min(99_999_999));
        let nowhere = server
            .get(path, &[("Range", "bytes=99999999-")])
            .expect(416);
        assert_eq!(nowhere.header("content-range"), format!("bytes */{all}"));
        for whole in ["bytes=0-1,5-6", "bytes=5-2", "lines=1-2", "bytes"] {
            let answer = server.get(path, &[("Range", whole)]).expect(200);
            assert_eq!(answer.body.len(), all, "{whole}");
        }
        let range = ("Range", "bytes=1-2");
        for (condition, status) in [
            (etag, 206),
            (MODIFIED, 206),
            ("\"old\"", 200),
            ("Sat, 14 Nov 2026 12:00:01 GMT", 200),
            (&*format!("W/{etag}"), 200),
        ] {
            server
                .get(path, &[range, ("If-Range", condition)])
                .expect(status);
        }
        server
            .get(path, &[range, ("If-None-Match", etag)])
            .expect(304);
        let head = server.ask("HEAD", path, &[range], "").expect(200);
        assert_eq!(head.header("content-length"), all.to_string());
    }
}

#[test]
fn old_addresses_lead_on() {
    let project = site(
        "[server]\nredirects = { \"/old.xml\" = \"/atom.xml\", \"/?feed=rss2\" = \"/rss.xml\", \
         \"/atom.php\" = { to = \"https://elsewhere.example/a?b=c\", status = 308 } }\n",
    );
    let server = Server::start(&project);
    for (path, status, to) in [
        ("/old.xml", 301, "/atom.xml"),
        ("/old.xml?x=1", 301, "/atom.xml"),
        ("/?feed=rss2", 301, "/rss.xml"),
        ("/atom.php", 308, "https://elsewhere.example/a?b=c"),
        ("/issues/2026-11-01", 301, "/issues/2026-11-01/"),
        ("/issues/2026-11-01?a=b", 301, "/issues/2026-11-01/?a=b"),
    ] {
        let answer = server.get(path, &[]).expect(status);
        assert_eq!(answer.header("location"), to, "{path}");
    }
    server.get("/?feed=other", &[]).expect(200);
    server.get("/atom.xml?utm_source=x", &[]).expect(200);
}

#[test]
fn a_newsletter_below_a_path_is_served_below_it() {
    let config = super::project::CONFIG.replace("test.example/\"", "test.example/news/\"");
    let project = super::Project::new(&config);
    project.issue("2026-11-01", "2026-11-01");
    project.run(&["build"]).expect(0);
    let server = Server::start(&project);
    for path in [
        "/news/atom.xml",
        "/atom.xml",
        "/news/",
        "/news/issues/2026-11-01/",
    ] {
        server.get(path, &[]).expect(200);
    }
    let answer = server.get("/news/issues/2026-11-01", &[]).expect(301);
    assert_eq!(answer.header("location"), "/news/issues/2026-11-01/");
    assert!(server.said().contains("/news/\n"), "{}", server.said());
}

#[test]
fn documents_are_only_read() {
    let project = site("");
    let server = Server::start(&project);
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
        let answer = server.ask(method, "/atom.xml", &[], "").expect(405);
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
    let preflight = [
        ("Origin", "https://reader.example"),
        ("Access-Control-Request-Method", "GET"),
    ];
    let answer = server
        .ask("OPTIONS", "/atom.xml", &preflight, "")
        .expect(204);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("if-none-match")
    );
    // A script of a page could act for who is signed in.
    let page = server.get("/", &[]).expect(200);
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'none'")
    );
}

#[test]
fn a_page_that_is_missing_says_so_quietly() {
    let project = site("");
    let server = Server::start(&project);
    for path in [
        "/nothing",
        "/issues/",
        "/issues/none/",
        "/atom.xml/",
        "/atom.xml/x",
        "/email/",
    ] {
        let answer = server.get(path, &[]).expect(404);
        assert!(answer.text().len() < 500, "{}", answer.text());
        assert!(
            !answer.text().contains("2026"),
            "a listing: {}",
            answer.text()
        );
    }
    let long = format!("/{}", "a".repeat(5000));
    server.get(&long, &[]).expect(404);
}

#[test]
fn a_file_that_changed_within_this_second_has_no_date() {
    let project = site("");
    let now = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let server = Server::start_with(&project, &now.to_rfc3339(), &[]);
    replace(&project, "feeds/public/atom.xml", b"<feed>new</feed>");
    let answer = server.get("/atom.xml", &[]).expect(200);
    assert!(!answer.header("last-modified").is_empty());
    // The clock of this one stands before the file was written.
    let server = Server::start(&project);
    let answer = server.get("/atom.xml", &[]).expect(200);
    assert_eq!(answer.header("last-modified"), "");
    assert!(!answer.header("etag").is_empty());
}
