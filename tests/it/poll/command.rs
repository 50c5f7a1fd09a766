//! The command: what it says, how it ends, and what it leaves.

use super::*;

#[test]
fn is_silent_when_all_is_well() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let run = project.run_at(FIRST, &["poll", "--quiet"]).expect(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn names_a_failing_source_once_and_again_after_long() {
    let server = Server::new(|_| Answer::status(404));
    let url = server.url("/feed");
    let project = newsletter(std::slice::from_ref(&url));
    let mut told = Vec::new();
    for day in 1..=12 {
        let now = format!("2026-11-{day:02}T10:00:00Z");
        let run = project
            .run_at(&now, &["poll", "--quiet", "--all"])
            .expect(1);
        assert_eq!(run.stdout, "");
        if !run.stderr.is_empty() {
            told.push((day, run.stderr));
        }
    }
    assert_eq!(
        told,
        [
            (1, format!("{url}: 404 not found\n")),
            (10, format!("{url}: 404 not found (10 times in a row)\n")),
        ]
    );
}

#[test]
fn reports_what_it_did() {
    let server = Server::new(|request| match request.path.as_str() {
        "/good" => Answer::ok(feed()),
        _ => Answer::ok(
            "<!doctype html><link rel=alternate type=application/rss+xml href=/feed.xml><p>Hello",
        )
        .header("Content-Type", "text/html"),
    });
    let project = newsletter(&[server.url("/good"), server.url("/page")]);
    let run = project.run_at(FIRST, &["poll"]).expect(1);
    assert_eq!(run.stdout, "");
    let (page, feed) = (server.url("/page"), server.url("/feed.xml"));
    assert!(
        run.stderr.starts_with(&format!(
            "{page}: a web page is where the feed was; it names `{feed}`\n\
             visited 2 sources, 1 without a feed: 1 new, 0 changed, in "
        )),
        "{}",
        run.stderr
    );
}

#[test]
fn prints_one_object_for_each_visit() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let mut visit = poll(&project, FIRST).remove(0);
    visit["took_ms"] = Value::Null;
    let expected = serde_json::json!({
        "url": server.url("/feed"), "title": "The feed", "at": FIRST, "outcome": "changed",
        "status": 200, "took_ms": null, "bytes": feed().len(), "new": 1, "changed": 0,
        "repairs": [], "message": null, "failures": 0, "moved_to": null,
        "next_visit": "2026-11-25T11:04:00Z",
    });
    assert_eq!(visit, expected);
}

#[test]
fn a_rehearsal_asks_nobody_and_writes_nothing() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let run = project.run(&["poll", "--dry-run"]).expect(0);
    assert_eq!(
        run.stdout,
        format!("never visited         {}\n", server.url("/feed"))
    );
    assert_eq!(server.connections(), 0);
    assert_eq!(poll(&project, FIRST).len(), 1);
    let run = project
        .run_at(FIRST, &["poll", "--dry-run", "--json"])
        .expect(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn visits_what_is_named_whether_due_or_not() {
    let server = Server::new(|_| Answer::ok(feed()));
    let (one, two) = (server.url("/1"), server.url("/2"));
    let project = newsletter(&[one.clone(), two]);
    poll(&project, FIRST);
    server.take_log();
    project.run_at(FIRST, &["poll", &one]).expect(0);
    assert_eq!(server.take_log()[0].path, "/1");
    let run = project
        .run_at(FIRST, &["poll", "https://other.example/"])
        .expect(2);
    assert!(run.stderr.contains("is no source"), "{}", run.stderr);
}

#[test]
fn a_second_poll_leaves_at_once() {
    if crate::database::is_no_file() {
        return;
    }
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let lock = std::fs::File::create(project.path("newsdesk.db.lock")).unwrap();
    lock.lock().unwrap();
    let run = project.run(&["poll"]).expect(0);
    assert_eq!(run.stderr, "another poll is running: nothing was visited\n");
    assert_eq!(server.connections(), 0);
    drop(lock);
    project.run(&["poll"]).expect(0);
    assert_eq!(server.take_log().len(), 1);
}

#[test]
fn a_source_that_is_not_enabled_is_not_asked() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let config = project.read("config.toml") + "enabled = false\n";
    project.write("config.toml", config);
    project.run(&["poll", "--all"]).expect(0);
    assert_eq!(server.connections(), 0);
}

#[test]
fn reads_files_and_folders() {
    let project = newsletter(&["feeds/one.xml".to_owned(), "file:feeds/more".to_owned()]);
    project.write("feeds/one.xml", rss(&[("One", "https://feed.example/1")]));
    project.write(
        "feeds/more/a.xml",
        rss(&[("Two", "https://feed.example/2")]),
    );
    project.write(
        "feeds/more/b.xml",
        rss(&[("Three", "https://feed.example/3")]),
    );
    project.write("feeds/more/README.md", "Saved by hand.");
    assert_eq!(poll(&project, FIRST).len(), 2);
    assert_eq!(titles(&project), ["One", "Three", "Two"]);
    let again = poll(&project, AFTER_70_MINUTES);
    assert!(
        again.iter().all(|visit| visit["outcome"] == "same"),
        "{again:?}"
    );
    project.write(
        "feeds/more/c.xml",
        rss(&[("Four", "https://feed.example/4")]),
    );
    poll(&project, NEXT_DAY);
    assert_eq!(titles(&project), ["Four", "One", "Three", "Two"]);
}

#[test]
fn a_file_that_is_missing_is_a_failing_source() {
    let project = newsletter(&["feeds/none.xml".to_owned()]);
    let run = project.run(&["poll"]).expect(1);
    assert!(
        run.stderr.starts_with("file:feeds/none.xml: cannot read `"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    let config = project.read("config.toml") + "headers = { X-Key = \"NO_SUCH_VARIABLE\" }\n";
    project.write("config.toml", config);
    let run = project.run(&["poll"]).expect(1);
    assert!(run.stderr.contains("`NO_SUCH_VARIABLE`"), "{}", run.stderr);
    assert_eq!(server.connections(), 0);
}

#[test]
fn without_a_network_no_source_is_blamed() {
    let sources = ["a", "b", "c"].map(|name| format!("https://{name}.invalid/feed"));
    let project = newsletter(&sources);
    let run = project.run_at(FIRST, &["poll"]).expect(1);
    assert_eq!(
        run.stderr,
        "no network: no host could be found; nothing is held against any source\n"
    );
    let due = project.run_at(FIRST, &["poll", "--dry-run"]).expect(0);
    assert_eq!(due.stdout.lines().count(), 3);
}

#[test]
fn a_name_that_is_gone_is_a_failure_where_others_answer() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&["https://gone.invalid/feed".to_owned(), server.url("/feed")]);
    let mut visits = poll(&project, FIRST);
    visits.sort_by_key(|visit| visit["url"].to_string());
    let outcomes: Vec<_> = visits.iter().map(|visit| &visit["outcome"]).collect();
    assert_eq!(outcomes, ["changed", "unreachable"]);
}

#[test]
fn a_run_ends_when_its_time_is_up() {
    let server = Server::new(|_| Answer::slow(feed().as_bytes()));
    let sources: Vec<String> = (0..30).map(|n| server.url(&format!("/{n}"))).collect();
    let project = newsletter(&sources);
    let run = project.run_at(FIRST, &["poll", "--for", "1s"]).expect(0);
    assert!(
        run.stderr.contains("left for the next time"),
        "{}",
        run.stderr
    );
    let first = server.take_log().len();
    assert!((1..30).contains(&first), "{first}");
    poll(&project, FIRST);
    assert_eq!(
        first + server.take_log().len(),
        30,
        "nothing is asked twice"
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_end_finishes_what_it_began() {
    let server = Server::new(|_| Answer::slow(feed().as_bytes()));
    let sources: Vec<String> = (0..60).map(|n| server.url(&format!("/{n}"))).collect();
    let project = newsletter(&sources);
    let child = project
        .command(&["poll"])
        .env("NEWSDESK_NOW", FIRST)
        .spawn()
        .unwrap();
    while server.connections() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let began = std::time::Instant::now();
    let id = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(began.elapsed().as_secs() < 10);
    let first = server.take_log().len();
    assert!(first < 60, "{first}");
    poll(&project, FIRST);
    assert_eq!(
        first + server.take_log().len(),
        60,
        "nothing is asked twice"
    );
}
