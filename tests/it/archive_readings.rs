//! The readings of real issues: those that a person noted, all of them and no others.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use newsdesk::issues::markdown;
use newsdesk::issues::readings::{self, Found, Sections, Signing};
use newsdesk::model::Kind;
use serde_json::Value;

use crate::project::archive;

/// Where the body begins: after YAML front matter, or after lines of `Key: value`.
fn body_start(file: &str) -> usize {
    if let Some(rest) = file.strip_prefix("---\n") {
        return rest.find("\n---\n").map_or(0, |at| at + 9);
    }
    file.find("\n\n").map_or(0, |at| at + 2)
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (stem, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// What a person noted of a reading, or what was found of it, in the same form.
type Noted = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Vec<String>,
);

fn noted(value: &Value) -> Noted {
    (
        text(&value["title"]).unwrap(),
        text(&value["url"]),
        text(&value["curator"]),
        text(&value["curator_url"]),
        value["extra_links"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(text)
            .collect(),
    )
}

fn as_noted(found: &Found<'_>) -> Noted {
    (
        found.title.clone(),
        found.url.clone(),
        found.curator.as_ref().map(|curator| curator.name.clone()),
        found
            .curator
            .as_ref()
            .and_then(|curator| curator.url.clone()),
        found.extra_links.clone(),
    )
}

#[test]
fn finds_what_a_person_reads() {
    let Some(archive) = archive("") else { return };
    let folder = archive.join("fast-forward-labs");
    let truth: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("readings.json")).unwrap()).unwrap();
    let sections = Sections::default();
    let mut differences = String::new();
    let mut count = 0;
    for issue in truth.as_array().unwrap() {
        let stem = issue["issue"].as_str().unwrap();
        let path = folder.join("issues").join(format!("{stem}.md"));
        let file = fs::read_to_string(path).unwrap();
        let events = markdown::parse(&file, body_start(&file)..file.len());
        let found = readings::find(&events, &sections, Signing::ANYWHERE);
        let expected: Vec<Noted> = issue["readings"]
            .as_array()
            .unwrap()
            .iter()
            .map(noted)
            .collect();
        let found: Vec<Noted> = found.iter().map(as_noted).collect();
        count += expected.len();
        for at in 0..expected.len().max(found.len()) {
            if expected.get(at) != found.get(at) {
                let _ = writeln!(
                    differences,
                    "{stem} {at}\n  expected {:?}\n     found {:?}",
                    expected.get(at),
                    found.get(at)
                );
            }
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert_eq!(count, 79);
}

/// The names that this newsletter gave the section over the years.
const COMMUNITY: [&str; 10] = [
    "Updates from Rust Community",
    "News & Blog Posts",
    "Blog Posts",
    "From the Blogosphere",
    "Notable Links",
    "Project Updates",
    "Community Updates",
    "Discussion + Blog posts",
    "Announcements, etc",
    "Other Announcements",
];

#[test]
fn reads_a_weekly_list_of_links() {
    let Some(archive) = archive("") else { return };
    let sections = Sections::named(COMMUNITY);
    let mut faults = String::new();
    let (mut issues, mut count, mut categorized, mut videos) = (0, 0, 0, 0);
    for (stem, file) in files(&archive.join("this-week-in-rust/issues")) {
        let events = markdown::parse(&file, body_start(&file)..file.len());
        let found = readings::find(&events, &sections, Signing::ANYWHERE);
        issues += usize::from(!found.is_empty());
        count += found.len();
        for reading in &found {
            categorized += usize::from(reading.category.is_some());
            videos += usize::from(reading.kind == Kind::Video);
            // Nobody signs in this newsletter; `Title - Somebody` names an author.
            let sound = !reading.title.is_empty()
                && reading.url.is_some()
                && reading.curator.is_none()
                && !reading.title.contains("](")
                && !file[reading.span.clone()].is_empty();
            if !sound {
                let _ = writeln!(faults, "{stem} {:?}", as_noted(reading));
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert_eq!((issues, count, categorized, videos), (108, 2432, 2432, 188));
}

#[test]
fn misses_no_item_of_a_weekly_list() {
    let Some(archive) = archive("") else { return };
    let sections = Sections::named(["Updates from Rust Community"]);
    let mut missed = String::new();
    for (stem, file) in files(&archive.join("this-week-in-rust/issues")) {
        let events = markdown::parse(&file, body_start(&file)..file.len());
        let found = readings::find(&events, &sections, Signing::ANYWHERE);
        let items = linked_items(&file, "Updates from Rust Community");
        if items.len() != found.len() {
            let _ = writeln!(
                missed,
                "{stem}: {} items, {} readings",
                items.len(),
                found.len()
            );
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

/// The lines of a section that begin a list's item and hold a link, as `grep` would see them.
fn linked_items<'a>(file: &'a str, section: &str) -> Vec<&'a str> {
    let mut level = None;
    let mut items = Vec::new();
    for line in file.lines() {
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        if marks > 0 {
            let named = line[marks..].trim() == section;
            level = level.filter(|own| marks > *own).or(named.then_some(marks));
        } else if level.is_some()
            && line.trim_start().starts_with(['*', '-'])
            && line.contains("](")
            && !line.contains("example.com")
        {
            items.push(line);
        }
    }
    items
}
