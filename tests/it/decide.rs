//! Decisions and the draft that is made of them: the real program on a store that it filled.

use std::fmt::Write as _;

use serde_json::Value;

use crate::project::{CONFIG, Project};

/// What a source of the tests has: title, path and text of each entry, the newest first.
pub(crate) type Item<'a> = (&'a str, &'a str, &'a str);

const ITEMS: [Item<'static>; 4] = [
    (
        "How lighthouses keep time",
        "lighthouses",
        "Lamps and gears.",
    ),
    ("A parser should say where it stopped", "parser", "Places."),
    ("Weather in plain text", "weather", "Numbers in columns."),
    ("Old ropes, new knots", "ropes", "A talk about ropes."),
];

/// An Atom feed with these items, a day apart, up to the middle of November.
pub(crate) fn feed(host: &str, items: &[Item<'_>]) -> String {
    let mut feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{host}</title>\
         <id>https://{host}/</id><updated>2026-11-14T08:00:00Z</updated>\
         <link href=\"https://{host}/\"/><author><name>Somebody</name></author>\n"
    );
    for (at, (title, path, text)) in items.iter().enumerate() {
        let day = 14 - at % 14;
        let _ = writeln!(
            feed,
            "<entry><title>{title}</title><id>https://{host}/{path}</id>\
             <link href=\"https://{host}/{path}\"/><updated>2026-11-{day:02}T08:00:00Z</updated>\
             <published>2026-11-{day:02}T08:00:00Z</published><summary>{text}</summary></entry>"
        );
    }
    feed.push_str("</feed>\n");
    feed
}

/// A newsletter with two issues, and a source that was polled.
pub(crate) fn gathered() -> Project {
    gathered_with("", &[("harbour.example", &feed("harbour.example", &ITEMS))])
}

/// The same with more in its configuration, and with these sources.
pub(crate) fn gathered_with(more: &str, sources: &[(&str, &str)]) -> Project {
    let mut config = format!("{CONFIG}{more}\n");
    for (name, _) in sources {
        let _ = writeln!(config, "[[source]]\nurl = \"file:sources/{name}.xml\"");
    }
    let project = Project::new(&config);
    for (name, feed) in sources {
        project.write(&format!("sources/{name}.xml"), feed);
    }
    project.issue("2026-09", "2026-09-24");
    project.write(
        "issues/2026-10.md",
        "---\ntitle: Issue 2026-10\ndate: 2026-10-24\n---\nHello.\n\n## Recommended reading\n\n\
         - [On clocks](https://reads.example/clocks)\n  Worth it. - [Ada](https://ada.example/)\n\
         - [On boats](https://reads.example/boats)\n  Read it. - [Ben](https://ben.example/)\n",
    );
    project.run(&["poll", "--quiet"]).expect(0);
    project
}

fn url(path: &str) -> String {
    format!("https://harbour.example/{path}")
}

/// The number of an entry.
#[track_caller]
pub(crate) fn number(project: &Project, url: &str) -> String {
    let run = project.run(&["later", url, "2w", "--json"]).expect(0);
    let id = run.json()[0]["id"].as_i64().unwrap().to_string();
    project.run(&["undo", &id]).expect(0);
    id
}

#[test]
fn accepts_by_number_or_address_and_says_what() {
    let project = gathered();
    let id = number(&project, &url("ropes"));
    let run = project
        .run(&["accept", &id, "--by", "ada", "--note", "Knots *matter*."])
        .expect(0);
    assert_eq!(
        run.stdout,
        format!("accepted {id}: Old ropes, new knots (by Ada, with a note)\n")
    );
    assert_eq!(run.stderr, "");
    let run = project
        .run(&[
            "accept",
            &url("ropes?utm_source=x"),
            "--by",
            "Ben",
            "--json",
        ])
        .expect(0);
    let found = &run.json()[0];
    assert_eq!(found["id"].to_string(), id);
    assert_eq!(found["curator"], "Ben");
    assert_eq!(
        found["note"],
        Value::Null,
        "another curator's note is theirs"
    );
    assert_eq!(found["before"]["curator"], "Ada");
    assert_eq!(found["before"]["note"], "Knots *matter*.");
}

#[test]
fn who_accepts_twice_keeps_the_note() {
    let project = gathered();
    let accept = |more: &[&str]| {
        let url = url("ropes");
        let mut arguments = vec!["accept", &url, "--by", "Ada", "--json"];
        arguments.extend(more);
        project.run(&arguments).expect(0).json()[0]["note"].clone()
    };
    assert_eq!(accept(&["--note", "Knots."]), "Knots.");
    assert_eq!(accept(&[]), "Knots.");
    assert_eq!(accept(&["--note", "Ropes."]), "Ropes.");
}

#[test]
fn an_unknown_number_changes_nothing() {
    let project = gathered();
    let run = project
        .run(&[
            "accept",
            &url("ropes"),
            "999",
            "https://x.example/",
            "--by",
            "Ada",
        ])
        .expect(2);
    assert_eq!(
        run.stderr.lines().next(),
        Some("error: no entry is known as `999`, `https://x.example/`")
    );
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    let run = project.run(&["undo"]).expect(2);
    assert!(
        run.stderr.contains("nothing was decided yet"),
        "{}",
        run.stderr
    );
}

#[test]
fn asks_who_accepts_where_it_could_be_several() {
    let project = gathered();
    let run = project.run(&["accept", &url("ropes")]).expect(2);
    assert!(
        run.stderr
            .starts_with("error: it is not said who accepts\nhint: "),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`Ada`, `Ben`"), "{}", run.stderr);
    let output = project
        .command(&["accept", &url("ropes")])
        .env("NEWSDESK_CURATOR", "ben")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains("(by Ben, without a note yet)"), "{stdout}");
    // Where there is one person, it is that one.
    std::fs::remove_file(project.path("issues/2026-10.md")).unwrap();
    let run = project.run(&["accept", &url("parser")]).expect(0);
    assert!(run.stdout.contains("(by Ada,"), "{}", run.stdout);
    let run = project
        .run(&["accept", &url("weather"), "--by", "Adda"])
        .expect(0);
    assert_eq!(
        run.stderr,
        "note: `Adda` has recommended nothing so far; the issues name `Ada`\n"
    );
}

#[test]
fn puts_off_for_a_time_or_until_a_day() {
    let project = gathered();
    let later = |when: &str| project.run(&["later", &url("ropes"), when, "--json"]);
    let until = |when: &str| later(when).expect(0).json()[0]["until"].clone();
    assert_eq!(until("2w"), "2026-11-29T12:00:00Z");
    assert_eq!(until("2026-12-24"), "2026-12-24T00:00:00Z");
    for wrong in ["7", "soon", "2026-11-15", "0d"] {
        let run = later(wrong).expect(2);
        assert!(run.stderr.contains("hint: "), "{wrong}: {}", run.stderr);
    }
    let run = project
        .run(&["later", &url("ropes"), &url("parser"), "3d"])
        .expect(0);
    assert_eq!(run.stdout.matches("put off until 2026-11-18:").count(), 2);
    project.run(&["later", "2w"]).expect(2);
}

#[test]
fn undoes_the_last_decision_and_says_what_holds() {
    let project = gathered();
    let id = number(&project, &url("ropes"));
    project.run(&["decline", &id, "--by", "Ben"]).expect(0);
    let run = project.run(&["accept", &id, "--by", "Ada"]).expect(0);
    assert_eq!(
        run.stderr,
        "note: `decline` by Ben of 2026-11-15 held until now\n"
    );
    let run = project.run(&["undo"]).expect(0);
    assert_eq!(
        run.stdout,
        format!(
            "took back `accept` by Ada of 2026-11-15 on {id}: Old ropes, new knots; `decline` by \
             Ben of 2026-11-15 holds again\n"
        )
    );
    let run = project.run(&["undo", &id, "--json"]).expect(0);
    assert_eq!(run.json()[0]["undone"]["answer"], "decline");
    assert_eq!(run.json()[0]["holds"], Value::Null);
    let run = project.run(&["undo", &id]).expect(2);
    assert!(
        run.stderr
            .starts_with("error: nothing holds that was decided on "),
        "{}",
        run.stderr
    );
}

#[test]
fn undoes_the_last_of_one_curator() {
    let project = gathered();
    project
        .run(&["decline", &url("ropes"), "--by", "Ada"])
        .expect(0);
    project
        .run(&["decline", &url("parser"), "--by", "Ben"])
        .expect(0);
    let run = project.run(&["undo", "--by", "ada"]).expect(0);
    assert!(run.stdout.contains("Old ropes"), "{}", run.stdout);
    let run = project.run(&["undo", "--by", "ada"]).expect(2);
    assert!(
        run.stderr.contains("no decision of `Ada` holds"),
        "{}",
        run.stderr
    );
}

/// Title, address, curator and words of each reading that the program finds in a file.
fn readings(project: &Project, file: &str) -> Vec<[String; 4]> {
    let issues = project.run(&["readings", "--json", file]).expect(0).json();
    let list = issues[0]["readings"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|reading| {
            ["title", "url", "curator", "commentary_html"].map(|key| text(&reading[key]))
        })
        .collect()
}

#[test]
fn a_draft_has_what_was_accepted_and_reads_back_the_same() {
    let project = gathered();
    project
        .run(&[
            "accept",
            &url("ropes"),
            "--by",
            "Ada",
            "--note",
            "Knots *matter*.",
        ])
        .expect(0);
    project
        .run(&["accept", &url("weather"), "--by", "Cleo"])
        .expect(0);
    project.run(&["decline", &url("parser")]).expect(0);
    let printed = project.run(&["draft", "--print"]).expect(0).stdout;
    let run = project.run(&["draft"]).expect(0);
    assert_eq!(run.stdout, "issues/2026-11.md\n");
    assert_eq!(
        project.read("issues/2026-11.md"),
        printed,
        "printing takes nothing"
    );
    assert!(
        run.stderr.contains("a draft with 2 readings and"),
        "{}",
        run.stderr
    );
    let found = readings(&project, "issues/2026-11.md");
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0][..3],
        ["Old ropes, new knots", &url("ropes"), "Ada"]
    );
    assert_eq!(found[0][3], "<p>Knots <em>matter</em>.</p>");
    assert_eq!(
        found[1][..3],
        ["Weather in plain text", &url("weather"), "Cleo"]
    );
    assert!(
        found[1][3].contains("INSERT_COMMENTARY_HERE"),
        "{}",
        found[1][3]
    );
    // What a draft has is taken.
    let run = project.run(&["draft", "--name", "another"]).expect(2);
    assert!(run.stderr.contains("nothing is accepted"), "{}", run.stderr);
    let run = project.run(&["decline", &url("ropes")]).expect(0);
    assert!(
        run.stderr
            .contains("note: `issues/2026-11.md` has it already"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_draft_that_cannot_be_written_takes_nothing() {
    let project = gathered();
    project
        .run(&["accept", &url("ropes"), "--by", "Ada"])
        .expect(0);
    project.write("issues/2026-11.md", "Ours.\n");
    let run = project.run(&["draft", "--name", "2026-11"]).expect(2);
    assert!(run.stderr.contains("is there already"), "{}", run.stderr);
    assert_eq!(project.read("issues/2026-11.md"), "Ours.\n");
    project.run(&["draft", "--name", "other"]).expect(0);
}

#[test]
fn what_was_in_a_draft_that_is_gone_is_accepted_again() {
    let project = gathered();
    for path in ["ropes", "weather"] {
        project
            .run(&["accept", &url(path), "--by", "Ada"])
            .expect(0);
    }
    project.run(&["draft"]).expect(0);
    std::fs::remove_file(project.path("issues/2026-11.md")).unwrap();
    // One was taken back meanwhile.
    project.run(&["undo", &url("weather")]).expect(0);
    let run = project.run(&["draft"]).expect(0);
    assert!(
        run.stderr.contains(
            "note: `issues/2026-11.md` is gone and was never published: its reading is accepted \
             again\n"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(readings(&project, "issues/2026-11.md").len(), 1);
}

#[test]
fn what_was_in_a_published_issue_never_comes_back() {
    let project = gathered();
    project
        .run(&["accept", &url("ropes"), "--by", "Ada", "--note", "Knots."])
        .expect(0);
    project.run(&["draft", "--date", "2026-11-15"]).expect(0);
    let name = "issues/2026-11.md";
    let text = project.read(name).replace("draft: true\n", "");
    project.write(name, text);
    let run = project.run(&["draft", "--name", "next"]).expect(2);
    assert!(run.stderr.contains("nothing is accepted"), "{}", run.stderr);
    std::fs::remove_file(project.path(name)).unwrap();
    let run = project.run(&["draft", "--name", "next"]).expect(2);
    assert!(run.stderr.contains("nothing is accepted"), "{}", run.stderr);
    assert!(!run.stderr.contains("accepted again"), "{}", run.stderr);
}

#[test]
fn what_stands_in_a_renamed_draft_or_was_written_by_hand_is_not_drafted_again() {
    let project = gathered();
    project
        .run(&["accept", &url("ropes"), "--by", "Ada"])
        .expect(0);
    project.run(&["draft"]).expect(0);
    std::fs::rename(
        project.path("issues/2026-11.md"),
        project.path("issues/december.md"),
    )
    .unwrap();
    project
        .run(&["accept", &url("parser"), "--by", "Ada"])
        .expect(0);
    project
        .run(&["accept", &url("weather"), "--by", "Ada"])
        .expect(0);
    let text = project.read("issues/december.md");
    project.write(
        "issues/december.md",
        format!(
            "{text}- [Weather]({}) Good. - [Ada](https://ada.example/)\n",
            url("weather")
        ),
    );
    let run = project.run(&["draft", "--name", "next"]).expect(0);
    assert!(!run.stderr.contains("is gone"), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("note: `Weather in plain text` stands in `issues/december.md` already"),
        "{}",
        run.stderr
    );
    let found = readings(&project, "issues/next.md");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0][1], url("parser"));
}

#[test]
fn what_is_accepted_after_the_draft_is_added_to_it() {
    let project = gathered();
    project
        .run(&["accept", &url("ropes"), "--by", "Ada", "--note", "Knots."])
        .expect(0);
    project.run(&["draft"]).expect(0);
    let path = "issues/2026-11.md";
    let ours = project
        .read(path)
        .replace("INSERT_INTRODUCTION_HERE", "Words of ours,\non two lines.");
    let ours = format!("{ours}\n## Thanks\n\nTo everybody.\n");
    project.write(path, &ours);
    project
        .run(&["accept", &url("weather"), "--by", "Ben", "--note", "Plain."])
        .expect(0);
    let run = project.run(&["draft"]).expect(0);
    assert_eq!(run.stdout, format!("{path}\n"));
    assert!(run.stderr.contains("added 1 reading"), "{}", run.stderr);
    let added = project.read(path);
    let mut left = added.lines();
    assert!(
        ours.lines().all(|line| left.any(|other| other == line)),
        "no line of ours is lost or moved:\n{added}"
    );
    let readings = project.run(&["readings", "--json", path]).expect(0).json();
    let readings = readings[0]["readings"].as_array().unwrap().clone();
    let found: Vec<(&str, &str)> = readings
        .iter()
        .map(|it| {
            (
                it["title"].as_str().unwrap(),
                it["curator"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("Old ropes, new knots", "Ada"),
            ("Weather in plain text", "Ben")
        ]
    );
    let run = project.run(&["draft"]).expect(2);
    assert!(run.stderr.contains("nothing is accepted"), "{}", run.stderr);
}

#[test]
fn a_link_found_elsewhere_is_collected_accepted_searched_and_drafted() {
    let page = "<title>On buoys | Elsewhere</title><meta property=\"og:site_name\" \
                content=\"Elsewhere\"><meta property=\"og:type\" content=\"article\">\
                <meta name=author content=\"Una Day\"><meta property=\"article:published_time\" \
                content=\"2026-11-02\"><meta name=description content=\"How buoys are moored.\">";
    let server = crate::poll::server::Server::new(move |_| {
        crate::poll::server::Answer::ok(page).header("Content-Type", "text/html")
    });
    let project = gathered_with(
        "[poll]\nallow_private = [\"127.0.0.0/8\"]\n",
        &[("harbour.example", &feed("harbour.example", &ITEMS))],
    );
    let address = server.url("/buoys");
    let seen = project.run(&["add", &address, "--json"]).expect(0).json();
    assert_eq!(seen["title"], "On buoys");
    assert_eq!(seen["authors"][0], "Una Day");
    assert_eq!(seen["kind"], "post");
    assert_eq!(seen["published"], "2026-11-02T00:00:00Z");
    let id = seen["id"].to_string();
    // It is an entry like any other.
    let again = project.run(&["add", &address, "--json"]).expect(0);
    assert_eq!(again.json()["id"].to_string(), id);
    assert!(again.stderr.contains("is candidate"), "{}", again.stderr);
    let found = project
        .run(&["search", "moored", "--json"])
        .expect(0)
        .json();
    assert_eq!(found[0]["id"].to_string(), id);
    let listed = project.run(&["sources", "list"]).expect(0);
    assert!(!listed.stdout.contains("collected"), "{}", listed.stdout);
    let exported = project.run(&["sources", "export"]).expect(0);
    assert!(
        !exported.stdout.contains("collected"),
        "{}",
        exported.stdout
    );
    project.run(&["accept", &address, "--by", "Ada"]).expect(0);
    let other = server.url("/other");
    let run = project
        .run(&["accept", &other, "--by", "Ada", "--note", "By hand."])
        .expect(0);
    assert!(run.stdout.contains("On buoys"), "{}", run.stdout);
    let draft = project.run(&["draft", "--print"]).expect(0);
    assert!(draft.stdout.contains(&address), "{}", draft.stdout);
    assert!(draft.stdout.contains("By hand."), "{}", draft.stdout);
}

#[test]
fn a_link_that_cannot_be_read_or_is_private_is_known_by_its_address_alone() {
    let project = gathered();
    for (address, why) in [
        ("https://nowhere.invalid/good", "could not be read"),
        ("http://127.0.0.1:9/secret", "could not be read"),
        (
            "http://169.254.169.254/latest/meta-data",
            "could not be read",
        ),
    ] {
        let run = project.run(&["accept", address, "--by", "Ada"]).expect(0);
        assert!(run.stderr.contains(why), "{}", run.stderr);
        assert!(run.stdout.contains(address), "{}", run.stdout);
    }
    let run = project.run(&["add", "file:///etc/passwd"]).expect(2);
    assert!(
        run.stderr.contains("no address of the web"),
        "{}",
        run.stderr
    );
    let known = "https://reads.example/clocks";
    let run = project.run(&["add", known, "--dry-run"]).expect(0);
    assert!(
        run.stderr.contains("recommended in October 2026"),
        "{}",
        run.stderr
    );
}
