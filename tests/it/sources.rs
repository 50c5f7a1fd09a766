//! `sources` and `search`: the real program on real stores.

mod copy;
mod health;
mod lists;
mod search;
mod store;

use std::fmt::Write as _;

use serde_json::Value;

use crate::project::{CONFIG, Project, Run};

/// A newsletter without sources that may visit loopback.
fn newsletter() -> Project {
    newsletter_with("")
}

/// The same with more in its configuration.
fn newsletter_with(more: &str) -> Project {
    Project::new(&format!(
        "{CONFIG}[poll]\nallow_private = [\"127.0.0.0/8\"]\npause = \"0s\"\n{more}"
    ))
}

/// An RSS feed; each item has a title, and the day of November 2026 on which it appeared.
fn feed(title: &str, items: &[(&str, u32)]) -> String {
    let mut text = format!("<rss version=\"2.0\"><channel><title>{title}</title>");
    for (name, day) in items {
        let _ = write!(
            text,
            "<item><title>{name}</title><link>https://reads.example/{}</link>\
             <pubDate>{day} Nov 2026 08:00:00 GMT</pubDate></item>",
            name.replace(' ', "-")
        );
    }
    text.push_str("</channel></rss>");
    text
}

/// What `sources list --json` says.
#[track_caller]
fn list(project: &Project) -> Vec<Value> {
    let list = project.run(&["sources", "list", "--json"]).expect(0).json();
    list.as_array().expect("a list").clone()
}

/// The addresses of all sources.
#[track_caller]
fn urls(project: &Project) -> Vec<String> {
    let list = list(project);
    list.iter().map(|source| text(&source["url"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Adds sources without asking anybody.
#[track_caller]
fn add(project: &Project, arguments: &[&str]) -> Run {
    let arguments = [&["sources", "add", "--as-is"], arguments].concat();
    project.run(&arguments).expect(0)
}

#[test]
fn adds_an_address_once_whatever_its_form() {
    let project = newsletter();
    let config = project.read("config.toml");
    let run = add(&project, &["https://www.blog.example/feed/"]);
    assert_eq!(run.stderr, "added https://www.blog.example/feed/\n");
    let run = add(&project, &["http://blog.example/feed?utm_source=mail"]);
    assert_eq!(
        run.stderr,
        "https://www.blog.example/feed/ is a source already\n"
    );
    assert_eq!(urls(&project), ["https://www.blog.example/feed/"]);
    assert_eq!(project.read("config.toml"), config);
}

#[test]
fn a_known_address_asks_nobody() {
    let project = newsletter();
    add(&project, &["https://blog.example/feed"]);
    // Without `--as-is`: nobody is there to be asked.
    let run = project.run(&["sources", "add", "https://blog.example/feed", "--json"]);
    let expected =
        serde_json::json!([{ "url": "https://blog.example/feed", "title": null, "added": false }]);
    assert_eq!(run.expect(0).json(), expected);
}

#[test]
fn adds_files_by_path_and_by_address() {
    let project = newsletter();
    project.write("saved/a b.xml", feed("Saved", &[("One", 3)]));
    add(&project, &["saved/a b.xml"]);
    let whole = project.path("saved/a b.xml");
    let run = add(&project, &[whole.to_str().expect("a name")]);
    assert!(run.stderr.contains("is a source already"), "{}", run.stderr);
    add(&project, &["file:saved/a b.xml"]);
    assert_eq!(urls(&project), ["file:saved/a b.xml"]);
    let run = project.run(&["sources", "add", "saved/none.xml"]).expect(2);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    project.run(&["poll", "--json"]).expect(0);
    assert_eq!(list(&project)[0]["feed_title"], "Saved");
}

#[test]
fn a_path_starts_where_it_is_typed() {
    let project = newsletter();
    project.write("saved/a.xml", feed("Saved", &[]));
    let output = project
        .command(&["--config", "../config.toml", "sources", "add", "a.xml"])
        .current_dir(project.path("saved"))
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(urls(&project), ["file:saved/a.xml"]);
}

#[test]
fn keeps_what_people_say_of_a_source() {
    let project = newsletter();
    let said = [
        "https://pod.example/feed",
        "--title",
        "Our pod",
        "--tag",
        "audio",
        "--tag",
        "weekly",
        "--kind",
        "podcast",
        "--every",
        "6h",
    ];
    add(&project, &said);
    let source = list(&project).remove(0);
    assert_eq!(source["title"], "Our pod");
    assert_eq!(source["tags"], serde_json::json!(["audio", "weekly"]));
    assert_eq!(source["kind"], "podcast");
    assert_eq!(source["every"], 21_600);
    assert_eq!(source["origin"], "added");
    let run = project.run(&["sources", "list"]).expect(0);
    assert_eq!(
        run.stdout,
        "https://pod.example/feed  Our pod  [audio, weekly]\n"
    );
    let run = project
        .run(&["sources", "list", "--tag", "other"])
        .expect(0);
    assert_eq!(run.stdout, "");
}

#[test]
fn refuses_what_makes_no_source() {
    let project = newsletter();
    for wrong in [
        &["gopher://a.example/"][..],
        &[
            "https://a.example/",
            "https://b.example/",
            "--title",
            "Both",
        ],
        &["https://a.example/", "--every", "1s"],
        &["https://a.example/", "--kind", "poem"],
        &[""],
    ] {
        let arguments = [&["sources", "add", "--as-is"], wrong].concat();
        let run = project.run(&arguments).expect(2);
        assert!(!run.stderr.is_empty());
    }
    assert_eq!(urls(&project), [""; 0]);
}

#[test]
fn switches_sources_all_that_are_named_or_none() {
    let project = newsletter();
    let (one, two) = ("https://one.example/feed", "https://two.example/feed");
    add(&project, &[one, two]);
    let enabled = || -> Vec<Value> {
        let list = list(&project);
        list.iter().map(|it| it["enabled"].clone()).collect()
    };
    let run = project.run(&["sources", "disable", one, "https://no.example/"]);
    let error = run.expect(2).stderr;
    assert!(
        error.contains("`https://no.example/` is no source"),
        "{error}"
    );
    assert_eq!(enabled(), [true, true]);
    project.run(&["sources", "disable", one]).expect(0);
    assert_eq!(enabled(), [false, true]);
    let due = project.run(&["poll", "--dry-run"]).expect(0).stdout;
    assert!(!due.contains(one) && due.contains(two), "{due}");
    let run = project.run(&["sources", "disable", one, two, "--json"]);
    let expected = serde_json::json!([
        { "url": one, "enabled": false, "changed": false },
        { "url": two, "enabled": false, "changed": true },
    ]);
    assert_eq!(run.expect(0).json(), expected);
    project.run(&["sources", "enable", one, two]).expect(0);
    assert_eq!(enabled(), [true, true]);
    project.run(&["sources", "remove", two]).expect(0);
    assert_eq!(urls(&project), [one]);
    // It comes back when it is added again.
    let run = add(&project, &[two]);
    assert!(run.stderr.starts_with("added "), "{}", run.stderr);
}

#[test]
fn leaves_what_stands_in_config_toml_to_it() {
    let project = newsletter_with("[[source]]\nurl = \"https://team.example/feed\"\n");
    for verb in ["remove", "disable", "enable"] {
        let run = project.run(&["sources", verb, "https://team.example/feed"]);
        let error = run.expect(2).stderr;
        assert!(error.contains("stands in `config.toml`"), "{error}");
        assert!(error.contains("hint: "), "{error}");
    }
    project
        .run(&["sources", "revive", "https://team.example/feed"])
        .expect(0);
    assert_eq!(urls(&project), ["https://team.example/feed"]);
}

#[test]
fn passwords_are_not_shown() {
    let project = newsletter();
    add(&project, &["https://ada:secret@a.example/feed"]);
    for arguments in [
        &["sources", "list"][..],
        &["sources", "list", "--json"],
        &["sources", "health"],
        &["sources", "health", "--json"],
        &["sources", "export"],
        &["sources", "disable", "https://a.example/feed"],
    ] {
        let run = project.run(arguments).expect(0);
        let all = run.stdout + &run.stderr;
        assert!(!all.contains("secret"), "{arguments:?}: {all}");
    }
}
