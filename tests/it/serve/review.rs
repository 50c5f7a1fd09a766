//! The walls before the review pages: names, sessions, forms.

use std::fs;
use std::path::Path;

use super::{Server, session, site};

/// The paths of all routes of the review side, as its source names them.
fn routes() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/review");
    let mut routes = Vec::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if !entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "rs")
        {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap();
        for rest in text.split(".route(").skip(1) {
            let route = rest.trim_start().trim_start_matches('"');
            let route = route.split('"').next().unwrap();
            assert!(
                route.starts_with('/'),
                "a route that is no literal: {route}"
            );
            let parts = route
                .split('/')
                .map(|part| if part.starts_with('{') { "1" } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            routes.push(format!("/review{}", path.trim_end_matches('/')));
        }
    }
    assert!(!routes.is_empty());
    routes.push("/review/logout".to_owned());
    routes
}

#[test]
fn without_a_session_there_is_no_page() {
    let project = site("");
    let server = Server::start(&project);
    let port = server.port;
    let made_up = format!("newsdesk-{port}={}", "0".repeat(64));
    let real = session(&server, "Ada");
    let cut = real.split_at(real.len() - 1).0.to_owned();
    let upper = real.to_uppercase();
    for path in routes() {
        for cookie in ["", "newsdesk=1", &made_up, &cut, &upper] {
            let headers = [("Cookie", cookie)];
            let answer = server.get(&path, &headers);
            assert!(
                matches!(answer.status, 303 | 405),
                "{path}: {}",
                answer.status
            );
            if answer.status == 303 {
                let to = answer.header("location");
                assert!(
                    to.starts_with("/review/login?next=%2Freview"),
                    "{path}: {to}"
                );
                assert!(answer.body.is_empty());
            }
            let fetched = [("Cookie", cookie), ("Sec-Fetch-Dest", "empty")];
            let answer = server.get(&path, &fetched);
            assert!(
                matches!(answer.status, 401 | 405),
                "{path}: {}",
                answer.status
            );
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                let answer = server.ask(method, &path, &headers, "csrf=1&x=y");
                assert!(
                    matches!(answer.status, 401 | 405),
                    "{method} {path}: {}",
                    answer.status
                );
            }
        }
    }
    server.get("/review", &[("Cookie", &real)]).expect(200);
}

#[test]
fn no_form_without_the_token_of_its_session() {
    let project = site("");
    let server = Server::start(&project);
    let (ada, ben) = (session(&server, "Ada"), session(&server, "Ben"));
    let token = |cookie: &str| {
        server
            .get("/review", &[("Cookie", cookie)])
            .expect(200)
            .csrf()
    };
    let (of_ada, of_ben) = (token(&ada), token(&ben));
    assert_ne!(of_ada, of_ben);
    let cookie = [("Cookie", &*ada)];
    for path in routes() {
        let bodies = [
            String::new(),
            "csrf=".to_owned(),
            "csrf=wrong".to_owned(),
            format!("csrf={of_ben}"),
            format!("csrf={of_ben}&csrf={of_ada}"),
            format!("csrf={of_ada}&csrf={of_ada}"),
            format!("xcsrf={of_ada}"),
        ];
        for body in bodies {
            let answer = server.ask("POST", &path, &cookie, &body);
            assert!(
                matches!(answer.status, 403 | 405),
                "{path} {body}: {}",
                answer.status
            );
        }
        let header = [("Cookie", &*ada), ("X-Csrf-Token", &*of_ben)];
        let answer = server.ask("POST", &path, &header, &format!("csrf={of_ada}"));
        assert!(
            matches!(answer.status, 403 | 405),
            "{path}: {}",
            answer.status
        );
    }
    // All of that signed nobody out; this does.
    server.get("/review", &cookie).expect(200);
    server
        .post("/review/logout", &cookie, &[("csrf", &of_ada)])
        .expect(303);
    server.get("/review", &cookie).expect(303);
    server.get("/review", &[("Cookie", &ben)]).expect(200);
    let header = [("Cookie", &*ben), ("X-Csrf-Token", &*of_ben)];
    server
        .ask("POST", "/review/logout", &header, "")
        .expect(303);
    server.get("/review", &[("Cookie", &ben)]).expect(303);
}

#[test]
fn answers_to_no_other_name() {
    let project = site("[server]\nhosts = [\"desk.example\"]\n");
    let server = Server::start(&project);
    let cookie = session(&server, "Ada");
    let port = server.port;
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "a@localhost",
        "",
    ] {
        for path in ["/review", "/review/login", "/review/static/x"] {
            let headers = [("Host", host), ("Cookie", &*cookie)];
            let answer = server.get(path, &headers).expect(421);
            assert!(!answer.text().contains("csrf"));
            server.ask("POST", path, &headers, "csrf=x").expect(421);
        }
    }
    for host in [
        "localhost",
        &format!("localhost:{port}"),
        "[::1]",
        "127.0.0.1",
    ] {
        server
            .get("/review", &[("Host", host), ("Cookie", &*cookie)])
            .expect(200);
    }
    // A session without a password is of this machine alone, and asks under its names.
    server
        .get("/review", &[("Host", "desk.example"), ("Cookie", &*cookie)])
        .expect(303);
    server
        .get("/review/login", &[("Host", "desk.example")])
        .expect(403);
    server
        .get(
            "/review",
            &[("X-Forwarded-For", "192.0.2.1"), ("Cookie", &*cookie)],
        )
        .expect(303);
    // HTTP/1.0 without any name.
    let answer = server.raw(b"GET /review HTTP/1.0\r\n\r\n");
    assert!(answer.starts_with(b"HTTP/1.0 421") || answer.starts_with(b"HTTP/1.1 421"));
    // Documents answer to every name.
    server
        .get("/atom.xml", &[("Host", "evil.example")])
        .expect(200);
}

#[test]
fn takes_no_form_of_another_site() {
    let project = site("");
    let server = Server::start(&project);
    let cookie = session(&server, "Ada");
    let token = server
        .get("/review", &[("Cookie", &cookie)])
        .expect(200)
        .csrf();
    let own = format!("http://127.0.0.1:{}", server.port);
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        for path in ["/review/logout", "/review/login"] {
            let headers = [("Cookie", &*cookie), (name, value)];
            server.post(path, &headers, &[("csrf", &token)]).expect(403);
        }
    }
    server.get("/review", &[("Cookie", &cookie)]).expect(200);
    let headers = [
        ("Cookie", &*cookie),
        ("Origin", &own),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    server
        .post("/review/logout", &headers, &[("csrf", &token)])
        .expect(303);
}

#[test]
fn pages_keep_to_themselves() {
    let project = site("");
    let server = Server::start(&project);
    let cookie = session(&server, "Ada");
    for path in [
        "/review",
        "/review/login",
        "/review/nothing",
        "/review/static/nothing.js",
    ] {
        let answer = server.get(path, &[("Cookie", &cookie)]);
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("access-control-allow-origin", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
    }
    // What the policy forbids is in no page either.
    let page = server.get("/review/login", &[]).expect(200).text();
    for inline in ["<style", "style=", " onclick", "<script>"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[test]
fn style_sheet_and_script_are_kept_for_ever() {
    let project = site("");
    let server = Server::start(&project);
    let page = server.get("/review/login", &[]).expect(200).text();
    for (mark, media_type) in [
        ("href=\"/review/static/", "text/css; charset=utf-8"),
        ("src=\"/review/static/", "text/javascript; charset=utf-8"),
    ] {
        let name = page.split(mark).nth(1).unwrap().split('"').next().unwrap();
        let path = format!("/review/static/{name}");
        let answer = server.get(&path, &[]).expect(200);
        assert_eq!(answer.header("content-type"), media_type);
        assert!(answer.header("cache-control").contains("immutable"));
        let etag = answer.header("etag").to_owned();
        server.get(&path, &[("If-None-Match", &etag)]).expect(304);
    }
}

#[test]
fn the_path_of_the_review_pages_is_configured() {
    let project = site("[server]\nreview = \"/desk/room\"\n");
    let server = Server::start(&project);
    let answer = server.get("/desk/room", &[]).expect(303);
    assert!(
        answer
            .header("location")
            .starts_with("/desk/room/login?next=%2Fdesk%2Froom")
    );
    let page = server.get("/desk/room/login", &[]).expect(200).text();
    assert!(page.contains("action=\"/desk/room/login\""));
    server.get("/review", &[]).expect(404);
    let project = site("[server]\nreview = \"\"\n");
    let server = Server::start(&project);
    server.get("/review", &[]).expect(404);
    assert!(!server.said().contains("review"));
}
