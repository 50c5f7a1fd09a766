//! Words, found again.

use super::*;

/// A newsletter with one source and two issues.
fn desk() -> Project {
    let project = newsletter();
    project.issue("one", "2026-11-01");
    project.issue("two", "2026-11-08");
    project.write(
        "a.xml",
        feed(
            "The <b>source</b>",
            &[("Diffusion of lamps", 3), ("On something else", 4)],
        )
        .replace("<b>", "")
        .replace("</b>", ""),
    );
    add(&project, &["a.xml"]);
    project.run(&["poll", "--json"]).expect(0);
    project
}

/// The titles of what is found.
#[track_caller]
fn found(project: &Project, arguments: &[&str]) -> Vec<String> {
    let arguments = [&["search", "--json"], arguments].concat();
    let list = project.run(&arguments).expect(0).json();
    let list = list.as_array().expect("a list");
    list.iter().map(|hit| text(&hit["title"])).collect()
}

#[test]
fn finds_entries_and_the_newsletters_own_readings() {
    let project = desk();
    let run = project.run(&["search", "diffusion"]).expect(0);
    assert_eq!(
        run.stdout,
        "2026-11-03  Diffusion of lamps\n            The source\n            \
         https://reads.example/Diffusion-of-lamps\n"
    );
    let run = project.run(&["search", "worth", "one", "--json"]).expect(0);
    let hit = run.json()[0].clone();
    assert_eq!(hit["found"], "reading");
    assert_eq!(hit["title"], "On one");
    assert_eq!(hit["issue"]["slug"], "one");
    assert_eq!(hit["issue"]["title"], "Issue one");
    assert_eq!(hit["at"], "2026-11-01T00:00:00Z");
    assert_eq!(hit["curator"], "Ada");
    assert_eq!(hit["source"], Value::Null);
    let run = project.run(&["search", "on"]).expect(0);
    for title in ["On one", "On two", "On something else"] {
        assert!(run.stdout.contains(title), "{}", run.stdout);
    }
    assert_eq!(found(&project, &["on", "-n", "2"]).len(), 2);
}

#[test]
fn follows_the_issues() {
    let project = desk();
    assert_eq!(found(&project, &["three"]), [""; 0]);
    project.issue("three", "2026-11-09");
    assert_eq!(found(&project, &["three"]), ["On three"]);
    std::fs::remove_file(project.path("issues/three.md")).expect("it is there");
    assert_eq!(found(&project, &["three"]), [""; 0]);
}

#[test]
fn issues_that_did_not_change_are_not_read_again() {
    let project = desk();
    assert_eq!(found(&project, &["worth"]).len(), 2);
    let place = project.path("issues/one.md");
    let before = std::fs::metadata(&place)
        .and_then(|it| it.modified())
        .expect("a time");
    let text = project
        .read("issues/one.md")
        .replace("Worth it", "Wxrth it");
    std::fs::write(&place, text).expect("a file");
    let file = std::fs::File::options()
        .write(true)
        .open(&place)
        .expect("a file");
    file.set_modified(before).expect("a time");
    assert_eq!(
        found(&project, &["worth"]).len(),
        2,
        "same size, same time: not read"
    );
    let later = before + std::time::Duration::from_secs(1);
    file.set_modified(later).expect("a time");
    assert_eq!(found(&project, &["worth"]).len(), 1);
}

#[test]
fn whatever_is_typed_is_words() {
    let project = desk();
    for typed in [
        "\"",
        "*",
        "()",
        "NEAR(",
        "title:x",
        "a AND",
        "^",
        "-",
        "{x}",
        "\u{0}",
        "'; DROP TABLE entry; --",
        "\"unclosed",
        "😀",
    ] {
        let typed: String = typed.replace('\0', " ");
        project.run(&["search", "--", &typed]).expect(0);
    }
    assert_eq!(found(&project, &["DIFFUS*"]), ["Diffusion of lamps"]);
    assert_eq!(found(&project, &["\"diffusion lamps\""]), [""; 0]);
    let run = project.run(&["search", "nowhere"]).expect(0);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, "nothing has these words\n");
    project.run(&["search"]).expect(2);
}
