//! B: redirects, followed always and believed seldom.

use super::*;

/// A server whose `/feed` leads somewhere else, and where the source is after the four polls.
#[track_caller]
fn check_place(
    rule: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    expected: &str,
    expected_titles: &[&str],
) {
    let server = Server::new(rule);
    let project = newsletter(&[server.url("/feed")]);
    four_polls(&server, &project);
    assert_eq!(addresses(&project), [server.url(expected)]);
    assert_eq!(titles(&project), expected_titles);
}

fn redirecting(status: u16) -> impl Fn(&Request) -> Answer + Send + Sync + 'static {
    move |request| match request.path.as_str() {
        "/feed" => Answer::redirect(status, "/new"),
        _ => Answer::ok(feed()),
    }
}

// B1
#[test]
fn moves_after_a_301_that_lasts() {
    check_place(redirecting(301), "/new", &["One"]);
}

// B2
#[test]
fn moves_after_a_308_that_lasts() {
    check_place(redirecting(308), "/new", &["One"]);
}

// B1
#[test]
fn a_redirect_for_an_hour_moves_nothing() {
    check_place(
        |request| match (request.path.as_str(), request.before) {
            ("/feed", 0) => Answer::redirect(301, "/maintenance"),
            _ => Answer::ok(feed()),
        },
        "/feed",
        &["One"],
    );
}

// B3
#[test]
fn stays_after_a_302() {
    check_place(redirecting(302), "/feed", &["One"]);
}

// B4
#[test]
fn stays_after_a_307() {
    check_place(redirecting(307), "/feed", &["One"]);
}

// B5
#[test]
fn a_chain_that_ends_in_a_302_moves_nothing() {
    check_place(
        |request| match request.path.as_str() {
            "/feed" => Answer::redirect(301, "/middle"),
            "/middle" => Answer::redirect(302, "/new"),
            _ => Answer::ok(feed()),
        },
        "/feed",
        &["One"],
    );
}

// B6
#[test]
fn ends_a_loop() {
    let requests = asked(|_| Answer::redirect(302, "/feed"));
    assert!(requests[0].len() <= 20, "{}", requests[0].len());
    let growing = asked(|request| Answer::redirect(302, &format!("{}x", request.path)));
    assert!((2..=20).contains(&growing[0].len()), "{}", growing[0].len());
}

// B7
#[test]
fn does_not_move_to_what_is_not_there() {
    check_place(
        |request| match request.path.as_str() {
            "/feed" => Answer::redirect(301, "/new"),
            _ => Answer::status(404),
        },
        "/feed",
        &[],
    );
}

// B8
#[test]
fn does_not_move_to_a_web_page() {
    let page = "<!doctype html><title>Moved</title><p>We have a new site";
    check_place(
        move |request| match request.path.as_str() {
            "/feed" => Answer::redirect(301, "/new"),
            _ => Answer::ok(page).header("Content-Type", "text/html"),
        },
        "/feed",
        &[],
    );
}

// B9
#[test]
fn sends_no_password_to_another_host() {
    let other = Server::on("127.0.0.2", |_| Answer::ok(feed()));
    let to = other.url("/feed");
    let server = Server::new(move |request| match request.path.as_str() {
        "/feed" => Answer::redirect(301, "/here"),
        _ => Answer::redirect(301, &to),
    });
    let url = server.url("/feed").replace("http://", "http://ada:secret@");
    let project = newsletter(std::slice::from_ref(&url));
    for requests in four_polls(&server, &project) {
        for request in requests {
            // `ada:secret`, for the host that it is meant for.
            assert_eq!(
                request.header("authorization"),
                Some("Basic YWRhOnNlY3JldA==")
            );
        }
    }
    let log = other.take_log();
    assert!(!log.is_empty());
    for request in log {
        assert_eq!(request.header("authorization"), None);
    }
    assert_eq!(
        addresses(&project),
        [url],
        "moving there would send the password along"
    );
    let run = project.run_at("2026-12-01T00:00:00Z", &["poll", "--json"]);
    assert!(run.stdout.contains("ada@"), "{}", run.stdout);
    assert!(!run.stdout.contains("secret") && !run.stderr.contains("secret"));
}

// B9
#[test]
fn sends_configured_headers_to_their_own_host_alone() {
    if crate::database::is_no_file() {
        return;
    }
    let other = Server::on("127.0.0.2", |_| Answer::ok(feed()));
    let to = other.url("/feed");
    let server = Server::new(move |_| Answer::redirect(302, &to));
    let config = format!(
        "{CONFIG}[poll]\nallow_private = [\"127.0.0.0/8\"]\n[[source]]\nurl = \"{}\"\n\
         headers = {{ Authorization = \"FEED_TOKEN\", X-Key = \"FEED_TOKEN\" }}\n",
        server.url("/feed")
    );
    let project = Project::new(&config);
    let output = project
        .command(&["poll", "--json"])
        .env("FEED_TOKEN", "Bearer s3cret")
        .output()
        .unwrap();
    assert!(output.status.success());
    let asked = server.take_log();
    assert_eq!(asked[0].header("authorization"), Some("Bearer s3cret"));
    assert_eq!(asked[0].header("x-key"), Some("Bearer s3cret"));
    let asked = other.take_log();
    assert_eq!(asked[0].header("authorization"), None);
    assert_eq!(asked[0].header("x-key"), None);
    let database = std::fs::read(project.path("newsdesk.db")).unwrap();
    assert!(!database.windows(6).any(|bytes| bytes == b"s3cret"));
}

/// Servers of other hosts, all of which lead to one address.
fn leading_to(target: &Server, count: usize) -> Vec<Server> {
    let to = target.url("/feed");
    (0..count)
        .map(|at| {
            let to = to.clone();
            Server::on(&format!("127.0.1.{}", at + 1), move |_| {
                Answer::redirect(302, &to)
            })
        })
        .collect()
}

fn feeds_of(servers: &[Server]) -> Vec<String> {
    servers.iter().map(|server| server.url("/feed")).collect()
}

// B10
#[test]
fn what_redirects_lead_to_a_host_waits_for_its_turn() {
    let target = Server::new(|_| Answer::slow(feed().as_bytes()));
    let others = leading_to(&target, 6);
    let mut sources = feeds_of(&others);
    sources.extend([target.url("/a"), target.url("/b")]);
    let project = newsletter_with("concurrency = 8", &sources);
    let visits = poll(&project, FIRST);
    assert_eq!(visits.len(), 8);
    assert!(visits.iter().all(|visit| visit["outcome"] == "changed"));
    let log = target.take_log();
    assert_eq!(log.len(), 8);
    assert!(log.iter().all(|request| request.at_once == 1));
}

// B10
#[test]
fn a_host_that_has_had_enough_is_not_asked_by_way_of_others() {
    let target = Server::new(|_| Answer::status(429).header("Retry-After", "5400"));
    let others = leading_to(&target, 6);
    let project = newsletter(&feeds_of(&others));
    let visits = poll(&project, FIRST);
    assert_eq!(visits.len(), 6);
    assert!(visits.iter().all(|visit| visit["outcome"] == "busy"));
    assert_eq!(target.take_log().len(), 1);
    // Nor are the others, who can only send us there.
    assert_eq!(poll(&project, AFTER_70_MINUTES).len(), 0);
    assert_eq!(poll(&project, AFTER_140_MINUTES).len(), 6);
    assert_eq!(target.take_log().len(), 1);
}
