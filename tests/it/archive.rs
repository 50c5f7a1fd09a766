//! Real archives, built whole: every document holds to its specification and reads back.

use std::collections::BTreeMap;
use std::fs;

use crate::formats::{check_atom, check_json, check_rss};
use crate::project::{self, CONFIG, Project};

/// What the configuration of the second archive names beside the default section.
const WEEKLY_SECTIONS: &str = "[readings]\nsections = [\"Updates from Rust Community\", \"News & Blog Posts\", \"Blog Posts\", \"From the Blogosphere\", \"Discussion + Blog posts\"]\n";

/// A newsletter with an archive's issues; `None` where there is no archive.
fn newsletter(folder: &str, config: &str) -> Option<Project> {
    let archive = project::archive(folder)?;
    let project = Project::new(&format!("{CONFIG}{config}"));
    project::copy(&archive, &project.path("issues"));
    Some(project)
}

/// What is wrong with the feed documents of a folder, by path.
fn violations(project: &Project) -> (usize, BTreeMap<String, Vec<String>>) {
    let mut checked = 0;
    let mut wrong = BTreeMap::new();
    for (path, bytes) in project.tree("feeds/public") {
        let found = match path.rsplit('/').next() {
            Some("atom.xml") => check_atom(&bytes),
            Some("rss.xml") => check_rss(&bytes),
            Some("feed.json") => check_json(&bytes),
            _ => continue,
        };
        checked += 1;
        if !found.is_empty() {
            wrong.insert(path, found);
        }
    }
    (checked, wrong)
}

#[test]
fn the_sample_holds_to_the_specifications() {
    let project = Project::sample();
    project.run(&["build"]).expect(0);
    let (checked, mut wrong) = violations(&project);
    assert!(checked >= 30, "{checked}");
    // A podcast's directory wants a mail address; the sample's authors have none to give.
    for found in wrong.values_mut() {
        found.retain(|violation| !violation.starts_with("MissingItunesEmail"));
    }
    wrong.retain(|_, found| !found.is_empty());
    assert_eq!(wrong, BTreeMap::new());
}

#[test]
fn a_monthly_archive_holds_to_the_specifications() {
    let Some(project) = newsletter("fast-forward-labs/issues", "") else {
        return;
    };
    // The archive has one issue twice; a newsletter publishes it once.
    fs::remove_file(project.path("issues/2021-02-first-version.md")).unwrap();
    let report = project.run(&["build", "--json"]).expect(0).json();
    assert_eq!(report["issues"], 20);
    let (checked, wrong) = violations(&project);
    assert!(checked > 50, "{checked}");
    assert_eq!(wrong, BTreeMap::new());
}

#[test]
fn every_issue_of_a_monthly_archive_builds() {
    let Some(project) = newsletter("fast-forward-labs/issues", "") else {
        return;
    };
    let report = project.run(&["build", "--json"]).expect(0).json();
    assert_eq!(
        (&report["issues"], &report["readings"]),
        (&21.into(), &79.into())
    );
    let feed: serde_json::Value =
        serde_json::from_str(&project.read("feeds/public/feed.json")).unwrap();
    for item in feed["items"].as_array().unwrap() {
        assert_ne!(item["title"], "");
    }
}

#[test]
fn a_weekly_archive_holds_to_the_specifications() {
    let Some(project) = newsletter("this-week-in-rust/issues", WEEKLY_SECTIONS) else {
        return;
    };
    let report = project.run(&["build", "--json"]).expect(0).json();
    assert_eq!(report["issues"], 111);
    let (checked, wrong) = violations(&project);
    assert!(checked >= 300, "{checked}");
    assert_eq!(wrong, BTreeMap::new());
}

#[test]
fn what_is_written_is_read_back() {
    let Some(project) = newsletter("fast-forward-labs/issues", "") else {
        return;
    };
    project.run(&["build"]).expect(0);
    let read = |file: &str| {
        feed_rs::parser::parse(project.read(&format!("feeds/public/{file}")).as_bytes()).unwrap()
    };
    let (atom, rss) = (read("atom.xml"), read("rss.xml"));
    let json: serde_json::Value =
        serde_json::from_str(&project.read("feeds/public/feed.json")).unwrap();
    let items = json["items"].as_array().unwrap();
    assert_eq!(
        (atom.entries.len(), rss.entries.len(), items.len()),
        (20, 20, 20)
    );
    for ((one, other), item) in atom.entries.iter().zip(&rss.entries).zip(items) {
        assert_eq!(one.id, other.id);
        assert_eq!(one.id, item["id"]);
        let title = |entry: &feed_rs::model::Entry| entry.title.clone().map(|title| title.content);
        assert_eq!(title(one), title(other));
        assert_eq!(title(one).as_deref(), item["title"].as_str());
        assert_eq!(one.links[0].href, other.links[0].href);
        assert_eq!(one.links[0].href, item["url"]);
        assert_eq!(one.published, other.published);
        let body = |entry: &feed_rs::model::Entry| {
            entry
                .content
                .clone()
                .and_then(|content| content.body)
                .map(|body| body.trim().to_owned())
        };
        assert_eq!(body(one), body(other));
        assert_eq!(
            body(one).as_deref(),
            item["content_html"].as_str().map(str::trim)
        );
        assert!(
            !body(one).unwrap().contains("src=\"/"),
            "addresses are absolute"
        );
    }
}
