//! OPML lists, in and out.

use serde_json::{Value, json};

use super::*;

/// A list as a reader exports it, with what such lists have.
const READER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="Science" title="Science">
  <outline text="Physics">
    <outline type="rss" text="Waves &amp; more" xmlUrl="https://waves.example/feed" htmlUrl="https://waves.example/"/>
  </outline>
  <outline type="rss" text="Lab" title="The Lab" xmlUrl="https://lab.example/atom.xml" category="daily,/Boston/Weather"/>
</outline>
<outline text="Again"><outline type="rss" text="Lab" xmlUrl="http://www.lab.example/atom.xml"/></outline>
<outline text="No address"/>
<outline text="Old" xmlUrl="gopher://old.example/"/>
<outline type="rss" text="Saved" xmlUrl="file:saved/a.xml"/>
</body></opml>
"#;

/// What is compared of a source: all but when and by whom it was added.
#[track_caller]
fn facts(project: &Project) -> Vec<Value> {
    let mut facts: Vec<Value> = list(project)
        .into_iter()
        .map(|mut source| {
            let fields = source.as_object_mut().expect("an object");
            for other in ["added", "origin", "next_visit", "feed_title"] {
                fields.remove(other);
            }
            source
        })
        .collect();
    facts.sort_by_key(|source| text(&source["url"]));
    facts
}

#[test]
fn imports_what_a_reader_exports() {
    let project = newsletter();
    project.write("mine.opml", READER);
    let run = project.run(&["sources", "import", "mine.opml"]).expect(0);
    assert_eq!(
        run.stderr,
        "line 10: `No address` left out: it has no `xmlUrl`\n\
         line 11: `Old` left out: `gopher://old.example/` is no address with `http:`, `https:` or \
         `file:`\n\
         added 3 sources, 1 of them files on this machine, 1 more than once in the list, 2 left out\n"
    );
    let shown: Vec<(String, Value, Value)> = list(&project)
        .into_iter()
        .map(|it| (text(&it["url"]), it["title"].clone(), it["tags"].clone()))
        .collect();
    let source = |url: &str, title: &str, tags: Value| (url.to_owned(), Value::from(title), tags);
    assert_eq!(
        shown,
        [
            source(
                "https://waves.example/feed",
                "Waves & more",
                json!(["Science", "Physics"])
            ),
            source(
                "https://lab.example/atom.xml",
                "The Lab",
                json!(["Science", "daily", "Boston", "Weather", "Again"])
            ),
            source("file:saved/a.xml", "Saved", json!([])),
        ]
    );
}

#[test]
fn a_second_import_changes_nothing_and_says_so() {
    let project = newsletter();
    add(
        &project,
        &["https://www.waves.example/feed/", "--tag", "ours"],
    );
    project.write("mine.opml", READER);
    project.run(&["sources", "import", "mine.opml"]).expect(0);
    let before = list(&project);
    assert_eq!(before[0]["tags"], json!(["ours"]));
    let run = project.run(&["sources", "import", "mine.opml"]).expect(0);
    let last = run.stderr.lines().last();
    assert_eq!(
        last,
        Some("nothing is new, 3 known already, 1 more than once in the list, 2 left out")
    );
    assert_eq!(list(&project), before);
}

#[test]
fn tells_programs_what_was_imported() {
    let project = newsletter();
    project.write("mine.opml", READER);
    let dry = ["sources", "import", "mine.opml", "--dry-run", "--json"];
    let would = project.run(&dry).expect(0).json();
    assert_eq!(urls(&project), [""; 0]);
    let did = project
        .run(&[
            "sources",
            "import",
            "mine.opml",
            "--json",
            "--tag",
            "reader",
        ])
        .expect(0)
        .json();
    assert_eq!(would["added"], did["added"]);
    assert_eq!(did["known"], json!([]));
    assert_eq!(did["repeated"], 1);
    assert_eq!(did["skipped"][0]["why"], "no-address");
    assert_eq!(did["skipped"][1]["url"], "gopher://old.example/");
    assert_eq!(list(&project)[2]["tags"], json!(["reader"]));
}

#[test]
fn reads_a_broken_list_as_far_as_it_goes() {
    let project = newsletter();
    let half = &READER[..READER.find("<outline text=\"Again\"").unwrap() + 12];
    project.write("mine.opml", half);
    let run = project.run(&["sources", "import", "mine.opml"]).expect(0);
    assert!(
        run.stderr
            .contains("mended: the document ends in the middle"),
        "{}",
        run.stderr
    );
    assert_eq!(urls(&project).len(), 2);
}

#[test]
fn a_hostile_list_costs_nothing() {
    let project = newsletter();
    let mut entities = String::new();
    for number in 1..10 {
        let within = format!("&e{};", number - 1).repeat(10);
        let _ = write!(entities, "<!ENTITY e{number} \"{within}\">");
    }
    project.write(
        "bomb.opml",
        format!(
            "<!DOCTYPE opml [<!ENTITY e0 \"lol\">{entities}<!ENTITY f SYSTEM \"config.toml\">]>\
             <opml><body>{}<outline text=\"&e9;&f;\u{1b}[2J\" xmlUrl=\"https://a.example/\"/>",
            "<outline text=\"deep\">".repeat(200_000)
        ),
    );
    let run = project.run(&["sources", "import", "bomb.opml"]).expect(0);
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
    let list = list(&project);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["tags"], json!(["deep"]));
    assert!(text(&list[0]["title"]).starts_with("&e9;&f;"));
}

#[test]
fn refuses_what_is_no_list() {
    let project = newsletter();
    project.write("feed.xml", feed("A feed", &[]));
    let run = project.run(&["sources", "import", "feed.xml"]).expect(2);
    assert!(
        run.stderr.contains("`feed.xml` is no OPML list"),
        "{}",
        run.stderr
    );
    let run = project.run(&["sources", "import", "none.xml"]).expect(2);
    assert!(
        run.stderr.contains("cannot read `none.xml`"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let project = newsletter_with(
        "[[source]]\nurl = \"https://team.example/?a=1&b=2\"\ntitle = \"<Team> & \\\"friends\\\"\"\n\
         tags = [\"blogs\", \"daily\", \"a, b\"]\nsite = \"https://team.example/\"\n",
    );
    project.write("saved/a.xml", feed("Its own title", &[("One", 3)]));
    add(
        &project,
        &["saved/a.xml", "--tag", "blogs", "--every", "90m"],
    );
    add(
        &project,
        &["https://pod.example/", "--kind", "podcast", "--tag", "/x"],
    );
    add(&project, &["https://off.example/", "--title", "Off"]);
    project
        .run(&["sources", "disable", "https://off.example/"])
        .expect(0);
    project
        .run(&["poll", "--json", "file:saved/a.xml"])
        .expect(0);
    let run = project.run(&["sources", "export", "ours.opml"]).expect(0);
    assert_eq!(run.stderr, "wrote 4 sources to `ours.opml`\n");
    let opml = project.read("ours.opml");
    assert_eq!(project.run(&["sources", "export"]).expect(0).stdout, opml);
    assert!(opml.contains("text=\"Its own title\""), "{opml}");

    let other = newsletter();
    other.write("saved/a.xml", feed("Its own title", &[]));
    other.write("ours.opml", &opml);
    other.run(&["sources", "import", "ours.opml"]).expect(0);
    assert_eq!(facts(&other), facts(&project));
    assert_eq!(
        other
            .run(&["sources", "export", "--tag", "daily"])
            .expect(0)
            .stdout
            .matches("xmlUrl")
            .count(),
        1
    );
}

#[test]
fn a_published_list_holds_what_config_toml_names() {
    let project = newsletter_with("[[source]]\nurl = \"https://team.example/feed\"\n");
    project.issue("one", "2026-11-01");
    add(&project, &["https://ours.example/feed"]);
    project.run(&["build"]).expect(0);
    let opml = project.read("feeds/public/opml.xml");
    assert!(opml.contains("https://team.example/feed"), "{opml}");
    assert!(!opml.contains("https://ours.example/feed"), "{opml}");
}
