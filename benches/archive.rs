//! Archives of any size, made by repeating real issues with new dates.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

/// The configuration of a newsletter with every issue in its three main feeds and nothing else.
pub const THREE_FEEDS: &str = "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example.org/\"\nauthority = \"news.example.org,2026\"\n[feeds]\nentries = 1_000_000\nmax_bytes = 1_000_000_000_000\ndocuments = []\n";

/// The default configuration: every document.
pub const EVERYTHING: &str = "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example.org/\"\nauthority = \"news.example.org,2026\"\n";

/// The bodies of real issues, without their front matter; the sample's where there are no others.
pub fn bodies() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared/archive/fast-forward-labs/issues");
    let folder = if shared.is_dir() {
        shared
    } else {
        root.join("issues")
    };
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of issues")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).expect("an issue");
            let after = text
                .strip_prefix("---")
                .and_then(|rest| rest.split_once("\n---"));
            after.map_or(text.clone(), |(_, body)| {
                body.trim_start_matches('-').to_owned()
            })
        })
        .collect()
}

/// Writes `count` issues into `folder`, a day apart.
pub fn write_issues(folder: &Path, count: usize) {
    let bodies = bodies();
    fs::create_dir_all(folder).expect("a folder");
    let first: DateTime<Utc> = "1995-01-01T12:00:00Z".parse().expect("an instant");
    for number in 0..count {
        let date = first + TimeDelta::days(i64::try_from(number).expect("a small number"));
        let text = format!(
            "---\ntitle: \"Issue {number}\"\ndate: {}\n---\n{}",
            date.format("%Y-%m-%dT%H:%M:%SZ"),
            bodies[number % bodies.len()]
        );
        fs::write(folder.join(format!("issue-{number:05}.md")), text).expect("an issue file");
    }
}
