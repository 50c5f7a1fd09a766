//! T: clocks that were wrong, dates that are to come, and what is kept.

use super::*;

/// The instants of all entries, as the store has them.
fn instants(project: &Project) -> Vec<String> {
    rows(
        project,
        "SELECT strftime('%Y-%m-%dT%H:%M', at / 1000, 'unixepoch') FROM entry ORDER BY id",
    )
}

fn dated(title: &str, date: &str) -> String {
    let item = format!(
        "<item><title>{title}</title><link>https://feed.example/{title}</link>\
         <pubDate>{date}</pubDate></item>"
    );
    format!("<rss><channel><title>The feed</title>{item}</channel></rss>")
}

// T1
#[test]
fn a_clock_that_was_ahead_stops_nothing() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, "2036-11-25T10:05:00Z");
    let health = project.run_at(FIRST, &["sources", "health"]);
    assert!(
        health.stderr.contains("the clock went back"),
        "{}",
        health.stderr
    );
    server.take_log();
    poll(&project, FIRST);
    assert_eq!(server.take_log().len(), 1);
    poll(&project, FIRST);
    assert_eq!(server.take_log().len(), 0);
}

// T1
#[test]
fn a_pause_under_a_clock_that_was_ahead_ends() {
    let server = Server::new(|request| match request.before {
        0 => Answer::status(429).header("Retry-After", "3600"),
        _ => Answer::ok(feed()),
    });
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, "2036-11-25T10:05:00Z");
    assert_eq!(poll(&project, FIRST)[0]["outcome"], "changed");
}

// T2
#[test]
fn what_a_clock_of_1970_dated_gets_its_own_date() {
    let body = dated("One", "Mon, 23 Nov 2026 08:00:00 GMT");
    let server = Server::new(move |_| Answer::ok(body.as_str()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, "1970-01-01T00:01:00Z");
    poll(&project, FIRST);
    assert_eq!(instants(&project), ["2026-11-23T08:00"]);
}

// T2
#[test]
fn what_nobody_dated_is_not_of_1970() {
    let body = "<rss><channel><title>F</title><item><title>One</title></item></channel></rss>";
    let server = Server::new(move |_| Answer::ok(body));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, "1970-01-01T00:01:00Z");
    poll(&project, FIRST);
    assert_eq!(instants(&project), ["2026-11-25T10:05"]);
}

// T3
#[test]
fn a_date_that_is_to_come_counts_once_it_has_come() {
    let body = dated("One", "Wed, 25 Nov 2026 12:00:00 GMT");
    let server = Server::new(move |_| Answer::ok(body.as_str()).header("ETag", "\"a\""));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    assert_eq!(instants(&project), ["2026-11-25T10:05"]);
    poll(&project, AFTER_70_MINUTES);
    assert_eq!(instants(&project), ["2026-11-25T10:05"]);
    poll(&project, AFTER_140_MINUTES);
    assert_eq!(instants(&project), ["2026-11-25T12:00"]);
}

// T4
#[test]
fn what_is_past_its_time_goes() {
    let server = Server::new(|request| {
        let title = ["Old", "New"][usize::from(request.before > 0)];
        Answer::ok(dated(title, "Mon, 02 Nov 2026 08:00:00 GMT"))
    });
    let config = format!(
        "[[source]]\nurl = \"{}\"\nkeep = \"30d\"",
        server.url("/feed")
    );
    let project = newsletter_with(&config, &[]);
    for day in ["2026-11-25", "2026-12-05", "2026-12-20", "2027-02-20"] {
        let run = project.run_at(&format!("{day}T10:00:00Z"), &["poll", "--all"]);
        assert!(run.code < 2, "{}", run.stderr);
    }
    assert_eq!(titles(&project), ["New"]);
}

// T4
#[test]
fn a_clock_that_leaps_deletes_nothing() {
    let server = Server::new(|_| {
        Answer::ok(rss(&[
            ("A", "https://a.example/"),
            ("B", "https://b.example/"),
        ]))
    });
    let project = newsletter_with("[store]\nkeep = \"30d\"", &[server.url("/feed")]);
    for now in [
        FIRST,
        NEXT_DAY,
        "2036-11-25T10:05:00Z",
        "2036-11-26T10:05:00Z",
    ] {
        poll(&project, now);
    }
    assert_eq!(titles(&project), ["A", "B"]);
}

// T5
#[test]
fn a_server_that_says_not_modified_for_ever_is_asked_for_the_whole() {
    let server = Server::new(|request| match request.validators() {
        (None, None) => {
            let link = format!("https://feed.example/{}", request.before);
            Answer::ok(rss(&[("News", &link)])).header("ETag", "\"a\"")
        }
        _ => Answer::status(304).header("ETag", "\"a\""),
    });
    let project = newsletter(&[server.url("/feed")]);
    for day in 1..=30 {
        let now = format!("2026-11-{day:02}T10:00:00Z");
        project.run_at(&now, &["poll", "--all"]);
    }
    let log = server.take_log();
    let whole = log.iter().filter(|it| it.validators() == (None, None));
    // The first, and all after the one that found it out.
    assert_eq!(whole.count(), 1 + (30 - 21));
    let health = project.run_at("2026-11-30T12:00:00Z", &["sources", "health"]);
    assert!(health.stdout.contains("not modified"), "{}", health.stdout);
}

// T6
#[test]
fn a_host_that_allows_one_request_a_minute_is_asked_in_turns() {
    let last = std::sync::Mutex::new(None);
    let server = Server::new(move |request| {
        let run = request.header("x-run").map(str::to_owned);
        let mut last = last.lock().unwrap();
        if *last == run {
            return Answer::status(429).header("X-RateLimit-Reset", "60");
        }
        *last = run;
        Answer::ok(rss(&[(
            "One",
            &format!("https://feed.example{}", request.path),
        )]))
    });
    let mut config = String::new();
    for number in 0..6 {
        let url = server.url(&format!("/{number}"));
        let _ = writeln!(
            config,
            "[[source]]\nurl = \"{url}\"\nheaders = {{ X-Run = \"RUN\" }}"
        );
    }
    let project = newsletter_with(&config, &[]);
    for run in 0..8 {
        let now = format!("2026-11-25T{:02}:{:02}:00Z", 10 + run / 4, run % 4 * 15);
        let mut command = project.command(&["poll"]);
        let done = command.env("NEWSDESK_NOW", now).env("RUN", run.to_string());
        assert!(done.output().unwrap().status.code() < Some(2));
    }
    assert_eq!(titles(&project).len(), 6);
    // It was told once: after that nobody asked too soon.
    assert_eq!(server.take_log().len(), 8 + 1);
}
