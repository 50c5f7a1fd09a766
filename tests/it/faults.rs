//! The disk fails, fills up, or the process dies, at every single thing that is done to disk or
//! store: afterwards everything opens, and the next run completes.
//!
//! A run without faults tells how many points there are. Every few of them are tried, all with
//! `NEWSDESK_TEST_FAULTS=all`.

use std::collections::BTreeMap;
use std::fs;

use crate::database;
use crate::decide::gathered;
use crate::project::{self, CONFIG, NOW, Project, Run};

/// What happens at a point: the process dies, the one operation fails, the disk is full.
const KINDS: [&str; 3] = ["kill", "error", "full"];

/// The folder of documents.
const PUBLIC: &str = "feeds/public";

/// A command that is cut off.
struct Scenario<'a> {
    /// The newsletter before it.
    before: &'a Project,
    arguments: &'a [&'a str],
    /// Every so many points one is tried, unless all are.
    stride: usize,
}

impl Scenario<'_> {
    /// Runs it with a fault at each point, and looks at what is left by `check`, which is given the
    /// newsletter and what the run said. Gives the number of points.
    fn each(&self, check: &dyn Fn(&Project, &Run)) -> usize {
        let all = std::env::var("NEWSDESK_TEST_FAULTS").is_ok_and(|it| it == "all");
        let stride = if all { 1 } else { self.stride };
        let points = self.points();
        assert!(points > 3, "{points} points");
        for kind in KINDS {
            for point in (1..=points).step_by(stride) {
                let project = self.copy();
                let fault = format!("{kind} {point}");
                let run = run(&project, self.arguments, &[("NEWSDESK_TEST_FAULT", &fault)]);
                let told = std::panic::AssertUnwindSafe(|| check(&project, &run));
                if let Err(panic) = std::panic::catch_unwind(told) {
                    eprintln!(
                        "with `{fault}` of {points} in {:?}: {run:?}",
                        self.arguments
                    );
                    std::panic::resume_unwind(panic);
                }
            }
        }
        eprintln!("{:?}: {points} points", self.arguments);
        points
    }

    /// The newsletter again.
    fn copy(&self) -> Project {
        let project = Project::new("");
        project::copy(&self.before.path(""), &project.path(""));
        project
    }

    /// How many points a run has that comes to its end.
    fn points(&self) -> usize {
        let project = self.copy();
        let log = tempfile::NamedTempFile::new().unwrap();
        let place = log.path().to_str().unwrap();
        let run = run(
            &project,
            self.arguments,
            &[("NEWSDESK_TEST_FAULT_LOG", place)],
        );
        run.expect(0);
        fs::read_to_string(log.path()).unwrap().lines().count()
    }
}

fn run(project: &Project, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let output = project
        .command(arguments)
        .env("NEWSDESK_NOW", NOW)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

type Tree = BTreeMap<String, Vec<u8>>;

/// What a build from nothing makes of the same issues.
fn afresh(project: &Project) -> Tree {
    let other = Project::new(&project.read("config.toml"));
    project::copy(&project.path("issues"), &other.path("issues"));
    other.run(&["build", "--quiet"]).expect(0);
    other.tree(PUBLIC)
}

/// Whether documents are what a build from nothing gives, byte for byte; names those that are not.
/// What a kill left of a file that was not yet in its place goes an hour later.
#[track_caller]
fn assert_same(found: &Tree, wanted: &Tree) {
    let paths = found.keys().chain(wanted.keys());
    let other: std::collections::BTreeSet<&String> = paths
        .filter(|path| !path.starts_with(".newsdesk-"))
        .filter(|path| found.get(*path) != wanted.get(*path))
        .collect();
    assert!(
        other.is_empty(),
        "not what a build from nothing gives: {other:?}"
    );
}

/// Three issues that are published, of which one was withdrawn since, one changed, one came.
fn half_way() -> Project {
    let project = Project::new(CONFIG);
    for (stem, date) in [
        ("one", "2025-01-31"),
        ("two", "2025-02-28"),
        ("three", "2026-03-31"),
    ] {
        project.issue(stem, date);
    }
    project.run(&["build", "--quiet"]).expect(0);
    fs::remove_file(project.path("issues/two.md")).unwrap();
    project.issue("three", "2026-04-01");
    project.issue("four", "2026-05-01");
    project
}

#[test]
fn a_build_that_is_cut_off_anywhere_is_finished_by_the_next() {
    let before = half_way();
    let old = before.tree(PUBLIC);
    let new = afresh(&before);
    let scenario = Scenario {
        before: &before,
        arguments: &["build"],
        stride: 7,
    };
    scenario.each(&|project, _| {
        for (path, bytes) in project.tree(PUBLIC) {
            let is_whole = [&old, &new]
                .iter()
                .any(|tree| tree.get(&path) == Some(&bytes));
            assert!(
                is_whole || path.starts_with(".newsdesk-"),
                "{path} is neither"
            );
        }
        project.run(&["build"]).expect(0);
        assert_same(&project.tree(PUBLIC), &new);
        let again = project.run(&["build"]).expect(0);
        assert!(
            again.stderr.contains("nothing to write"),
            "{}",
            again.stderr
        );
    });
}

#[test]
fn a_build_that_was_cut_off_does_not_stand_in_the_way_of_what_comes_next() {
    let before = half_way();
    // What was on its way is corrected, withdrawn, or both.
    let corrected = |project: &Project| {
        let text = project.read("issues/four.md").replace("Hello", "Good day");
        project.write("issues/four.md", text);
    };
    let withdrawn = |project: &Project| {
        fs::remove_file(project.path("issues/four.md")).unwrap();
    };
    for edit in [&corrected as &dyn Fn(&Project), &withdrawn] {
        let after = {
            let project = Project::new("");
            project::copy(&before.path(""), &project.path(""));
            edit(&project);
            afresh(&project)
        };
        let scenario = Scenario {
            before: &before,
            arguments: &["build"],
            stride: 9,
        };
        scenario.each(&|project, _| {
            edit(project);
            project.run(&["build"]).expect(0);
            assert_same(&project.tree(PUBLIC), &after);
        });
    }
}

#[test]
fn a_first_build_that_is_cut_off_is_finished_by_the_next() {
    let before = half_way();
    fs::remove_dir_all(before.path("feeds")).unwrap();
    fs::remove_dir_all(before.path(".newsdesk")).unwrap();
    let new = afresh(&before);
    let scenario = Scenario {
        before: &before,
        arguments: &["build"],
        stride: 7,
    };
    scenario.each(&|project, _| {
        project.issue("four", "2026-05-02");
        project.run(&["build"]).expect(0);
        project.issue("four", "2026-05-01");
        project.run(&["build"]).expect(0);
        assert_same(&project.tree(PUBLIC), &new);
    });
}

#[test]
fn a_file_of_somebody_else_is_safe_from_a_build_that_was_cut_off() {
    let before = half_way();
    let path = "feeds/public/issues/four/index.html";
    let scenario = Scenario {
        before: &before,
        arguments: &["build"],
        stride: 11,
    };
    scenario.each(&|project, run| {
        // What the manifest names is newsdesk's, whoever wrote to it since.
        if run.code == 0
            || project
                .read("feeds/public/manifest.json")
                .contains("issues/four/")
        {
            return;
        }
        project.write(path, "somebody else's");
        let next = project.run(&["build"]);
        assert_eq!(project.read(path), "somebody else's", "{next:?}");
    });
}

#[test]
fn init_that_is_cut_off_can_be_run_again() {
    let before = Project::new("");
    fs::remove_file(before.path("config.toml")).unwrap();
    let scenario = Scenario {
        before: &before,
        arguments: &["init", "new"],
        stride: 1,
    };
    let whole = {
        let project = Project::new("");
        project.run(&["init", "new"]).expect(0);
        project.tree("new")
    };
    scenario.each(&|project, _| {
        // The file of the issue has its name only when all is in it.
        for (path, bytes) in project.tree("new") {
            let is_part = path.rsplit('/').next().unwrap().starts_with(".newsdesk-");
            assert!(
                is_part || whole.get(&path) == Some(&bytes),
                "{path} is not whole"
            );
        }
        if !project.path("new/config.toml").exists() {
            project.run(&["init", "new"]).expect(0);
        }
        let mut tree = project.tree("new");
        tree.retain(|path, _| !path.contains(".newsdesk-"));
        assert!(tree == whole);
    });
}

/// The addresses of the readings in all issue files.
fn readings(project: &Project) -> Vec<String> {
    let issues = project.run(&["readings", "--json"]).expect(0).json();
    let issues = issues.as_array().unwrap().iter();
    let readings = issues.flat_map(|issue| issue["readings"].as_array().unwrap());
    let urls = readings.filter_map(|reading| reading["url"].as_str());
    urls.map(str::to_owned).collect()
}

#[test]
fn a_draft_that_is_cut_off_is_whole_or_not_there_and_loses_nothing() {
    if database::is_no_file() {
        return;
    }
    let before = gathered();
    let ropes = "https://harbour.example/ropes";
    before
        .run(&["accept", ropes, "--by", "Ada", "--note", "Knots."])
        .expect(0);
    let scenario = Scenario {
        before: &before,
        arguments: &["draft"],
        stride: 5,
    };
    scenario.each(&|project, _| {
        for (path, bytes) in project.tree("issues") {
            assert!(
                !bytes.is_empty() || path.contains(".newsdesk-"),
                "{path} is empty"
            );
        }
        project.run(&["build"]).expect(0);
        let next = project.run(&["draft"]);
        let is_taken = next
            .stderr
            .contains("nothing is accepted that is not in an issue");
        assert!(next.code == 0 || is_taken, "{next:?}");
        let found = readings(project);
        let times = found.iter().filter(|url| *url == ropes).count();
        assert_eq!(times, 1, "{found:?}");
    });
}

/// What the store knows, as `search` and `suggest` tell it.
fn entries(project: &Project) -> Vec<String> {
    project.rows("SELECT title FROM entry ORDER BY title")
}

#[test]
fn a_poll_that_is_cut_off_is_finished_by_the_next() {
    if database::is_no_file() {
        return;
    }
    let before = gathered();
    let known = entries(&before);
    assert!(!known.is_empty());
    fs::remove_file(before.path("newsdesk.db")).unwrap();
    // The first visit makes the store, with all steps of its tables.
    let scenario = Scenario {
        before: &before,
        arguments: &["poll", "--quiet"],
        stride: 6,
    };
    scenario.each(&|project, _| {
        project.run(&["poll", "--quiet", "--all"]).expect(0);
        assert_eq!(entries(project), known);
    });
}

#[test]
fn a_decision_that_is_cut_off_is_taken_once() {
    if database::is_no_file() {
        return;
    }
    let before = gathered();
    let arguments = [
        "accept",
        "https://harbour.example/ropes",
        "--by",
        "Ada",
        "--note",
        "Knots.",
    ];
    let scenario = Scenario {
        before: &before,
        arguments: &arguments,
        stride: 2,
    };
    scenario.each(&|project, _| {
        project.run(&arguments).expect(0);
        let draft = project.run(&["draft", "--print"]).expect(0);
        assert_eq!(draft.stdout.matches("harbour.example/ropes").count(), 1);
        assert_eq!(draft.stdout.matches("Knots.").count(), 1);
    });
}

#[test]
fn a_copy_of_the_store_that_is_cut_off_goes_on() {
    if database::is_no_file() {
        return;
    }
    let before = gathered();
    let arguments = ["store", "copy", "--from", "newsdesk.db", "--to", "other.db"];
    let clean = {
        let project = Project::new("");
        project::copy(&before.path(""), &project.path(""));
        project.run(&arguments).expect(0).stdout
    };
    let scenario = Scenario {
        before: &before,
        arguments: &arguments,
        stride: 9,
    };
    scenario.each(&|project, _| {
        let next = project.run(&arguments);
        if next.code == 0 {
            assert_eq!(next.stdout, clean);
            return;
        }
        // Cut off after its last step: the copy is all there.
        assert!(
            next.stderr.contains("has something in it already"),
            "{next:?}"
        );
        let again = ["store", "copy", "--from", "other.db", "--to", "third.db"];
        assert_eq!(project.run(&again).expect(0).stdout, clean);
    });
}
