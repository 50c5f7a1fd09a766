//! Archives of other tools, taken over with one command and one yes.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::project::{self, Project};

/// Adopts one of the shared archives and builds it; `None` where there is none. Gives the
/// report of the build and what `readings --json` says.
fn adopted(folder: &str) -> Option<(Project, Value, Value)> {
    let archive = project::archive(folder)?;
    let project = Project::new("");
    fs::remove_file(project.path("config.toml")).unwrap();
    project::copy(&archive.join("issues"), &project.path("issues"));
    project.run(&["adopt", "--yes"]).expect(0);
    let report = project.run(&["build", "--json"]).expect(0).json();
    let readings = project.run(&["readings", "--json"]).expect(0).json();
    Some((project, report, readings))
}

fn all_readings(readings: &Value) -> impl Iterator<Item = &Value> {
    let issues = readings.as_array().unwrap().iter();
    issues.flat_map(|issue| issue["readings"].as_array().unwrap())
}

/// Every issue of the archive is published, and nobody taken for a curator in it.
#[track_caller]
fn check_unsigned(folder: &str, issues: usize) {
    let Some((_, report, readings)) = adopted(folder) else {
        return;
    };
    assert_eq!(report["issues"], issues);
    let signed: Vec<&Value> = all_readings(&readings)
        .filter(|reading| !reading["curator"].is_null())
        .collect();
    assert!(signed.is_empty(), "{signed:?}");
    let templates = all_readings(&readings)
        .filter_map(|reading| reading["url"].as_str())
        .filter(|url| url.contains("{{") || url.starts_with("mailto:"));
    assert_eq!(templates.count(), 0);
    assert!(all_readings(&readings).count() > issues);
}

#[test]
fn builds_reference_links_and_templates() {
    check_unsigned("bitcoin-optech", 20);
}

#[test]
fn builds_issues_without_front_matter() {
    check_unsigned("haskell-weekly", 20);
}

#[test]
fn builds_monthly_reports() {
    check_unsigned("servo", 18);
}

#[test]
fn builds_issues_of_people_and_what_they_did() {
    check_unsigned("swift-weekly", 16);
}

#[test]
fn builds_issues_with_lines_of_metadata() {
    check_unsigned("this-week-in-rust", 111);
}

#[test]
fn builds_signed_readings() {
    let Some((_, report, readings)) = adopted("fast-forward-labs") else {
        return;
    };
    assert_eq!(report["issues"], 21);
    let signed = all_readings(&readings).filter(|reading| !reading["curator"].is_null());
    assert_eq!((all_readings(&readings).count(), signed.count()), (79, 79));
}

#[test]
fn finds_what_a_list_of_links_recommends_and_where() {
    let Some((_, _, readings)) = adopted("r-weekly") else {
        return;
    };
    let truth = project::archive("r-weekly").unwrap().join("readings.jsonl");
    let truth = fs::read_to_string(truth).unwrap();
    let mut wanted: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    let mut count = 0.0;
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    for line in truth.lines() {
        let reading: Value = serde_json::from_str(line).unwrap();
        let key = (text(&reading["issue"]), text(&reading["url"]));
        wanted.entry(key).or_default().push(reading);
        count += 1.0;
    }
    let (mut found, mut right, mut placed) = (0.0, 0.0, 0.0);
    for issue in readings.as_array().unwrap() {
        for reading in issue["readings"].as_array().unwrap() {
            assert!(reading["curator"].is_null(), "{reading}");
            found += 1.0;
            let key = (text(&issue["issue"]), text(&reading["url"]));
            let Some(same) = wanted.get_mut(&key).filter(|same| !same.is_empty()) else {
                continue;
            };
            let stands = |known: &Value| {
                let place = if known["sub"].is_null() {
                    "section"
                } else {
                    "sub"
                };
                known[place] == reading["category"]
            };
            let at = same.iter().position(stands);
            placed += f64::from(u8::from(at.is_some()));
            same.remove(at.unwrap_or(0));
            right += 1.0;
        }
    }
    let shares = [right / count, right / found, placed / right];
    assert!(
        shares[0] >= 0.97 && shares[1] >= 0.97 && shares[2] >= 0.98,
        "recall, precision, sections: {shares:?}"
    );
}

const FIRST: &str = "---\ntitle: The Ferry 1\n---\n\n## Tools\n\n- [Loom](https://l.example/1)\n";

#[test]
fn keeps_the_addresses_and_ids_of_a_jekyll_site() {
    let project = Project::new("");
    fs::remove_file(project.path("config.toml")).unwrap();
    project.write(
        "_config.yml",
        "title: The Ferry\nurl: https://ferry.example\npermalink: /:year/:title/\n",
    );
    project.write("_posts/2020-05-01-ferry-one.md", FIRST);
    project.write("_posts/2020-06-01-ferry-two.md", FIRST.replace('1', "2"));
    project.write("about.md", "---\ntitle: About\n---\nUs.\n");
    let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title><id>x:y</id><updated>2020-06-01T00:00:00Z</updated>\
        <entry><title>The Ferry 1</title><id>https://ferry.example/2020/ferry-one</id><updated>2020-05-01T00:00:00Z</updated>\
        <published>2020-05-01T00:00:00Z</published><link href=\"https://ferry.example/2020/ferry-one/\"/></entry></feed>";
    project.write("_site/feed.xml", feed);
    let said = project
        .run(&["adopt", "--yes", "--json", "--against", "_site/feed.xml"])
        .expect(0)
        .json();
    assert_eq!(said["tool"], "Jekyll");
    assert_eq!(said["compared"]["ids_changed"], 0);
    assert_eq!(said["issues"], 2);
    project.run(&["build"]).expect(0);
    let built: Value = serde_json::from_str(&project.read("feeds/public/feed.json")).unwrap();
    assert_eq!(
        built["items"][1]["url"],
        "https://ferry.example/2020/ferry-one/"
    );
    assert_eq!(
        built["items"][1]["id"],
        "https://ferry.example/2020/ferry-one"
    );
    // A second time there is nothing to adopt.
    project.run(&["adopt", "--yes"]).expect(2);
}

#[test]
fn writes_nothing_without_a_yes() {
    let project = Project::new("");
    fs::remove_file(project.path("config.toml")).unwrap();
    project.write("issues/2020-05-01-ferry.md", FIRST);
    let run = project.run(&["adopt"]).expect(0);
    assert!(run.stderr.contains("nothing was written"), "{}", run.stderr);
    assert!(!project.path("newsdesk.toml").exists());
    fs::remove_dir_all(project.path("issues")).unwrap();
    project.run(&["adopt", "--yes"]).expect(2);
}

#[test]
fn leaves_out_what_cannot_be_read_and_says_so_in_each_build() {
    let project = Project::new("");
    // Hugo's configuration has the name that ours has elsewhere.
    project.write(
        "config.toml",
        "baseURL = \"https://ferry.example/\"\ntitle = \"The Ferry\"\n",
    );
    project.write("content/letters/2020-05-01-ferry.md", FIRST);
    project.write(
        "content/letters/2020-06-01-ferry.md",
        "---\ntitle: [\n---\nBroken.\n",
    );
    let said = project.run(&["adopt", "--yes", "--json"]).expect(0).json();
    assert_eq!(said["left_out"][0]["path"], "2020-06-01-ferry.md");
    for _ in 0..2 {
        let run = project.run(&["build"]).expect(0);
        assert!(run.stderr.contains("1 file left out"), "{}", run.stderr);
    }
}

#[test]
fn dates_issues_by_the_first_commit() {
    let project = Project::new("");
    fs::remove_file(project.path("config.toml")).unwrap();
    project.write(
        "docs/issue-1.md",
        "# Ferry 1\n\n- [Loom](https://l.example/1)\n",
    );
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ada", "-c", "user.email=ada@test.example"]);
        command.args(arguments).current_dir(project.path(""));
        command.env("GIT_AUTHOR_DATE", "2019-03-04T10:00:00Z");
        command.env("GIT_COMMITTER_DATE", "2019-03-04T10:00:00Z");
        command.output().is_ok_and(|output| output.status.success())
    };
    if !(git(&["init", "-q"]) && git(&["add", "."]) && git(&["commit", "-qm", "One"])) {
        eprintln!("skipped: no git");
        return;
    }
    project.run(&["adopt", "--yes"]).expect(0);
    let written = project.read("newsdesk.toml");
    assert!(
        written.contains("\"docs/issue-1.md\" = \"2019-03-04\""),
        "{written}"
    );
    // What was noted stays, whatever becomes of the history.
    fs::remove_dir_all(project.path(".git")).unwrap();
    project.run(&["build"]).expect(0);
    let built: Value = serde_json::from_str(&project.read("feeds/public/feed.json")).unwrap();
    let day = built["items"][0]["date_published"].as_str().unwrap();
    assert!(day.starts_with("2019-03-04T00:00:00"), "{day}");
}

#[test]
fn tells_known_and_old_and_ignored_warnings_no_more() {
    let config = format!("{}[check]\nignore = [\"no-alt\"]\n", project::CONFIG);
    let project = Project::new(&config);
    project.write(
        "issues/2020-05-01-a.md",
        "---\ntitle: A\n---\n[x](https://)\n\n![](https://a.example/p.png)\n",
    );
    project.write(
        "issues/2021-05-01-b.md",
        "---\ntitle: B\n---\nText {% include x %}\n",
    );
    let told = |arguments: &[&str]| -> Vec<String> {
        let run = project
            .run(&[&["check", "--json"], arguments].concat())
            .expect(0)
            .json();
        let problems = run.as_array().unwrap().iter();
        problems
            .map(|problem| problem["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(told(&[]), ["bad-link", "template"]);
    assert_eq!(told(&["--since", "2021-01-01"]), ["template"]);
    project.run(&["check", "--accept-known"]).expect(0);
    assert_eq!(told(&[]), [""; 0]);
    project.write(
        "issues/2021-05-01-b.md",
        "---\ntitle: B\n---\nMore.\n\nText {% include x %} {% include y %}\n",
    );
    assert_eq!(told(&[]), ["template"]);
}

#[test]
fn believes_curators_by_the_habit_of_the_whole_archive() {
    let config = format!("{}[readings]\nsections = \"all\"\n", project::CONFIG);
    let project = Project::new(&config);
    let item = |at: usize, signed: bool| {
        let name = if signed {
            " Said. - [Bea](https://x.com/bea)"
        } else {
            " Said."
        };
        format!("- [Thing {at}](https://t.example/{at})\n {name}\n")
    };
    for issue in 1..9 {
        let items: String = (0..5).map(|at| item(issue * 10 + at, issue == 1)).collect();
        project.write(
            &format!("issues/2020-0{issue}-01.md"),
            format!("---\ntitle: I{issue}\n---\n\n## Tools\n\n{items}"),
        );
    }
    let signed = |project: &Project| {
        project.run(&["build"]).expect(0);
        project
            .read("feeds/public/readings/feed.json")
            .matches("\"Bea\"")
            .count()
    };
    assert_eq!(signed(&project), 0);
    // One issue of eight is signed: its names are somebody else's.
    let said = project
        .run(&["readings", "--json", "issues/2020-01-01.md"])
        .expect(0)
        .json();
    assert!(said[0]["readings"][0]["curator"].is_null(), "{said}");
    for issue in 2..9 {
        let items: String = (0..5).map(|at| item(issue * 10 + at, true)).collect();
        project.write(
            &format!("issues/2020-0{issue}-01.md"),
            format!("---\ntitle: I{issue}\n---\n\n## Tools\n\n{items}"),
        );
    }
    // Now all are, also the one whose file did not change.
    assert!(signed(&project) >= 40);
    let said = project
        .run(&["readings", "--json", "issues/2020-01-01.md"])
        .expect(0)
        .json();
    assert_eq!(said[0]["readings"][0]["curator"], "Bea");
}
