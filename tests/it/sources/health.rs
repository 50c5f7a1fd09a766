//! How sources do.

use super::*;
use crate::poll::server::{Answer, Server};

/// A source's row of `sources health --json` at an instant.
#[track_caller]
fn row(project: &Project, now: &str, url: &str) -> Value {
    let run = project.run_at(now, &["sources", "health", "--json"]);
    let rows = run.json();
    let mut rows = rows.as_array().expect("a list").iter();
    let row = rows.find(|row| row["url"] == url);
    row.unwrap_or_else(|| panic!("{url}\n{}", run.stdout))
        .clone()
}

#[track_caller]
fn check(project: &Project, now: &str, url: &str, state: &str, wrong: bool) -> Value {
    let row = row(project, now, url);
    assert_eq!(
        (text(&row["state"]), &row["wrong"]),
        (state.to_owned(), &Value::from(wrong)),
        "{row:#}"
    );
    let run = project.run_at(now, &["sources", "health", "--quiet"]);
    let named = format!("{state:<11}  {url}");
    let is_named = run.stdout.lines().any(|line| line.starts_with(&named));
    assert_eq!(is_named, wrong, "{}", run.stdout);
    row
}

fn poll(project: &Project, now: &str) {
    let run = project.run_at(now, &["poll", "--all", "--quiet"]);
    assert!(run.code < 2, "{}", run.stderr);
}

const FIRST: &str = "2026-11-10T12:00:00Z";
const SECOND: &str = "2026-11-11T12:00:00Z";
const MUCH_LATER: &str = "2027-03-01T12:00:00Z";

#[test]
fn says_nothing_where_all_is_well() {
    let project = newsletter();
    project.write("a.xml", feed("A", &[("One", 3), ("Two", 9)]));
    add(&project, &["a.xml"]);
    check(&project, FIRST, "file:a.xml", "new", false);
    poll(&project, FIRST);
    let row = check(&project, FIRST, "file:a.xml", "fine", false);
    assert_eq!(row["last_success"], FIRST);
    assert_eq!(row["last_entry"], "2026-11-09T08:00:00Z");
    let weeks = row["weeks"].as_array().expect("a list");
    assert_eq!(weeks.len(), 26);
    assert_eq!(weeks[24..], [Value::from(1), Value::from(1)]);
    let run = project
        .run_at(FIRST, &["sources", "health", "--quiet"])
        .expect(0);
    assert_eq!(run.stdout + &run.stderr, "");
    let run = project.run_at(FIRST, &["sources", "health"]).expect(0);
    assert!(run.stdout.contains("fine"), "{}", run.stdout);
    assert!(run.stderr.contains("1 source, 0 with something wrong"));
}

#[test]
fn tells_failing_from_dead_and_what_mends_it() {
    let project = newsletter();
    project.write("a.xml", feed("A", &[("One", 3), ("Two", 9)]));
    add(&project, &["a.xml"]);
    poll(&project, FIRST);
    std::fs::remove_file(project.path("a.xml")).expect("it is there");
    poll(&project, SECOND);
    let row = check(&project, SECOND, "file:a.xml", "failing", true);
    assert_eq!(row["failures"], 1);
    assert_eq!(row["outcome"], "not-found");
    assert_eq!(row["last_success"], FIRST);
    assert!(text(&row["error"]).contains("cannot read"), "{row:#}");
    assert_eq!(row["mend"], "newsdesk poll file:a.xml");
    let patient = ["sources", "health", "--quiet", "--failures", "3"];
    assert_eq!(project.run_at(SECOND, &patient).expect(0).stdout, "");
    let run = project
        .run_at(SECOND, &["sources", "health", "--quiet"])
        .expect(1);
    assert!(
        run.stdout.starts_with("failing      file:a.xml  A\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("\n    mend: newsdesk poll file:a.xml\n"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "");
    for _ in 0..4 {
        poll(&project, MUCH_LATER);
    }
    let row = check(&project, MUCH_LATER, "file:a.xml", "dead", true);
    assert_eq!(row["failures"], 5);
    assert_eq!(row["mend"], "newsdesk sources remove file:a.xml");
    project.run(&["sources", "remove", "file:a.xml"]).expect(0);
    project.run_at(MUCH_LATER, &["sources", "health"]).expect(0);
}

#[test]
fn tells_what_never_was_a_feed() {
    let project = newsletter();
    project.write("a.xml", "<html><body><p>Hello</p></body></html>");
    add(&project, &["a.xml"]);
    poll(&project, FIRST);
    let row = check(&project, FIRST, "file:a.xml", "never-valid", true);
    assert!(
        text(&row["why"]).starts_with("never was a feed: "),
        "{row:#}"
    );
    assert_eq!(row["last_success"], Value::Null);
}

#[test]
fn tells_who_lets_us_not_in_and_who_is_gone() {
    let server = Server::new(|request| match request.path.as_str() {
        "/blocked" => Answer::status(403),
        "/gone" => Answer::status(410),
        _ => Answer::status(500),
    });
    let project = newsletter();
    let [blocked, gone, broken] = ["/blocked", "/gone", "/broken"].map(|path| server.url(path));
    add(&project, &[&blocked, &gone, &broken]);
    poll(&project, FIRST);
    check(&project, FIRST, &blocked, "blocked", true);
    let row = check(&project, FIRST, &gone, "gone", true);
    assert_eq!(row["mend"], format!("newsdesk sources remove {gone}"));
    // It may only be away for an hour.
    check(&project, FIRST, &broken, "failing", true);
    project.run(&["sources", "disable", &blocked]).expect(0);
    check(&project, FIRST, &blocked, "disabled", false);
    // It is asked again, and says the same.
    server.take_log();
    project.run(&["sources", "revive", &gone]).expect(0);
    project.run_at(SECOND, &["poll", "--json"]);
    assert!(
        server
            .take_log()
            .iter()
            .any(|request| request.path == "/gone")
    );
}

#[test]
fn tells_where_a_source_moved() {
    let server = Server::new(|request| match request.path.as_str() {
        "/old" => Answer::redirect(301, "/new"),
        _ => Answer::ok(feed("Moved", &[("One", 3), ("Two", 9)])),
    });
    let (old, new) = (server.url("/old"), server.url("/new"));
    let ours = newsletter();
    add(&ours, &[&old]);
    let theirs = newsletter_with(&format!("[[source]]\nurl = \"{old}\"\n"));
    for (project, wrong) in [(&ours, false), (&theirs, true)] {
        poll(project, FIRST);
        let row = check(project, FIRST, &old, "moving", false);
        assert_eq!(row["moving_to"], new);
        for day in 11..15 {
            poll(project, &format!("2026-11-{day}T12:00:00Z"));
        }
        let row = check(project, "2026-11-15T12:00:00Z", &new, "moved", wrong);
        let from = old.strip_prefix("http://").expect("an address");
        assert_eq!(row["moved_from"], from);
        let hint = text(&row["hint"]);
        assert_eq!(
            hint.contains(&format!("`url = \"{new}\"`")),
            wrong,
            "{row:#}"
        );
    }
}

#[test]
fn tells_silence_beyond_a_sources_rhythm() {
    let project = newsletter();
    let daily: Vec<(String, u32)> = (1..=10).map(|day| (format!("Day {day}"), day)).collect();
    let daily: Vec<(&str, u32)> = daily
        .iter()
        .map(|(name, day)| (name.as_str(), *day))
        .collect();
    project.write("a.xml", feed("A", &daily));
    add(&project, &["a.xml"]);
    poll(&project, FIRST);
    check(
        &project,
        "2026-12-09T12:00:00Z",
        "file:a.xml",
        "fine",
        false,
    );
    let row = check(&project, MUCH_LATER, "file:a.xml", "idle", true);
    assert_eq!(row["mend"], "newsdesk sources disable file:a.xml");
    assert!(text(&row["why"]).contains("since 2026-11-10"), "{row:#}");
}

#[test]
fn tells_a_server_that_only_says_304_and_asks_it_for_all() {
    let server = Server::new(|request| {
        if request.validators().0.is_some() {
            return Answer::status(304);
        }
        Answer::ok(feed("Stuck", &[("One", 1), ("Two", 2), ("Three", 3)])).header("ETag", "\"x\"")
    });
    let project = newsletter();
    let url = server.url("/feed");
    add(&project, &[&url]);
    poll(&project, FIRST);
    // The first one after so long asks for all.
    for _ in 0..21 {
        poll(&project, MUCH_LATER);
    }
    let row = check(&project, MUCH_LATER, &url, "stuck", true);
    assert_eq!(row["mend"], format!("newsdesk sources revive {url}"));
    server.take_log();
    project.run(&["sources", "revive", &url]).expect(0);
    poll(&project, MUCH_LATER);
    assert_eq!(server.take_log()[0].validators(), (None, None));
}

#[test]
fn tells_which_source_has_what_another_has() {
    let project = newsletter();
    let items = [
        ("Alpha", 3),
        ("Beta", 4),
        ("Gamma", 5),
        ("Delta", 6),
        ("Omega", 7),
    ];
    project.write("a.xml", feed("A", &items));
    project.write("b.xml", feed("B", &items));
    add(&project, &["a.xml", "b.xml"]);
    poll(&project, FIRST);
    check(&project, FIRST, "file:a.xml", "fine", false);
    let row = check(&project, FIRST, "file:b.xml", "duplicate", true);
    assert_eq!(row["duplicate_of"], "file:a.xml");
    assert_eq!(row["mend"], "newsdesk sources remove file:b.xml");
}

#[test]
fn words_of_others_move_no_terminal() {
    let project = newsletter();
    let title = "Evil &#x9b;31m\u{202e}title &lt;b&gt;";
    project.write("a.xml", feed(title, &[("One", 3)]));
    add(
        &project,
        &["a.xml", "--title", "Own \u{1b}]0;owned\u{7} title"],
    );
    project.write("b.xml", feed(title, &[("Two", 3)]));
    add(&project, &["b.xml"]);
    poll(&project, FIRST);
    for arguments in [&["sources", "health"][..], &["sources", "list"]] {
        let shown = project.run_at(FIRST, arguments).expect(0).stdout;
        let unfit = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(unfit), "{shown:?}");
    }
}

#[cfg(unix)]
#[test]
fn commands_that_mend_can_be_pasted() {
    let project = newsletter();
    add(
        &project,
        &["http://127.0.0.1:9/feed'x|[y]^é?a=1&b=$(touch%20x);`id`"],
    );
    let run = project.run(&["poll", "--all", "--quiet"]);
    assert!(run.code < 2, "{}", run.stderr);
    let config = project.path("config.toml");
    let config = config.to_str().expect("a name");
    let rows = project.run(&["--config", config, "sources", "health", "--json"]);
    let row = rows.expect(1).json()[0].clone();
    // The shell hands the program the words that are meant.
    let script = format!(
        "newsdesk() {{ printf '%s\\n' \"$@\"; }}\n{}",
        text(&row["mend"])
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("a shell");
    let words = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = words.lines().collect();
    let url = text(&row["url"]);
    assert_eq!(words, ["--config", config, "poll", &url]);
    let again = project.run(&words).expect(1);
    assert!(again.stderr.contains("127.0.0.1:9"), "{}", again.stderr);
    project.run(&["sources", "remove", &url]).expect(0);
    assert_eq!(urls(&project), [""; 0]);
}
