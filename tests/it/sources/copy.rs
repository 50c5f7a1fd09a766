//! `store copy`: a store that moves from a file to another, or to a server and back.

use crate::database;
use crate::project::{CONFIG, Project};

#[test]
fn a_store_moves_with_all_that_was_decided() {
    if database::is_no_file() {
        return;
    }
    let project = Project::sample();
    project.run(&["run"]);
    let listed = project
        .run(&["suggest", "--format", "json"])
        .expect(0)
        .json();
    let id = listed["suggestions"][0]["id"].to_string();
    project
        .run(&["accept", &id, "--by", "Ada", "--note", "Good."])
        .expect(0);
    let copied = project
        .run(&["store", "copy", "--from", "newsdesk.db", "--to", "moved.db"])
        .expect(0);
    assert!(copied.stdout.contains("\nentry "), "{}", copied.stdout);
    assert!(copied.stderr.contains("has what"), "{}", copied.stderr);
    // The new one is used in the old one's place: nothing is due, and the decision is there.
    std::fs::remove_file(project.path("newsdesk.db")).expect("it was there");
    let config = project.read("config.toml");
    assert!(config.contains("\"newsdesk.db\""), "{config}");
    project.write(
        "config.toml",
        config.replace("\"newsdesk.db\"", "\"moved.db\""),
    );
    let draft = project.run(&["draft"]).expect(0);
    assert!(!draft.stdout.is_empty() || !draft.stderr.is_empty());
    assert!(!project.path("newsdesk.db").exists());
}

#[test]
fn what_cannot_be_copied_is_told() {
    let project = Project::new(CONFIG);
    let told = |arguments: &[&str]| {
        let mut all = vec!["store", "copy"];
        all.extend(arguments);
        project.run(&all).expect(2).stderr
    };
    let none = told(&["--from", "none.db", "--to", "other.db"]);
    assert!(none.contains("there is no `"), "{none}");
    assert!(!project.path("other.db").exists());
    let secret = told(&[
        "--from",
        "postgres://ada:hidden@127.0.0.1:1/news",
        "--to",
        "o.db",
    ]);
    assert!(secret.contains("cannot reach the database"), "{secret}");
    assert!(!secret.contains("hidden"), "{secret}");
    let causes: Vec<&str> = secret
        .lines()
        .filter(|it| it.starts_with("caused by"))
        .collect();
    assert!(
        matches!(causes[..], [cause] if cause.contains("refused")),
        "{secret}"
    );
    let wrong = told(&["--from", "postgres://[", "--to", "o.db"]);
    assert!(wrong.contains("is no address of a database"), "{wrong}");
}
