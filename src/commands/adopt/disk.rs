//! What lies in the folder of a site.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use chrono::NaiveDate;
use newsdesk::adopt::{File, Site, site};
use walkdir::{DirEntry, WalkDir};

/// Files larger than this, in bytes, are not looked at.
const LARGEST: u64 = 4_000_000;

/// More Markdown files than these are not looked at.
const MOST: usize = 100_000;

/// Folders in which no archive lies.
const SKIPPED: &[&str] = &[
    "node_modules",
    "target",
    "_site",
    "public",
    "output",
    "dist",
    "vendor",
    "themes",
    "venv",
    "__pycache__",
];

/// What the tool was told that makes the site: in this folder, or in one above it.
pub(super) fn site(folder: &Path) -> Site {
    let above = folder.ancestors().take(4);
    let mut first = None;
    for place in above {
        let found: Vec<(&str, String)> = site::FILES
            .iter()
            .filter_map(|name| {
                let path = place.join(name);
                let small = fs::metadata(&path).is_ok_and(|found| found.len() < LARGEST);
                Some((*name, fs::read_to_string(path).ok().filter(|_| small)?))
            })
            .collect();
        let read = site::read(&found);
        if read.tool.is_some() || read.base_url.is_some() {
            return read;
        }
        first.get_or_insert(read);
        // A site does not reach above its repository.
        if place.join(".git").exists() {
            break;
        }
    }
    first.unwrap_or_default()
}

/// The Markdown files below the folder.
pub(super) fn markdown(folder: &Path) -> anyhow::Result<Vec<File>> {
    let mut paths = Vec::new();
    for entry in WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_skipped(entry))
    {
        let entry = entry.context("cannot list the archive")?;
        if entry.file_type().is_file() && is_markdown(entry.path()) && paths.len() < MOST {
            paths.push(entry.into_path());
        }
    }
    let mut days: Option<HashMap<PathBuf, NaiveDate>> = None;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let small = fs::metadata(&path).is_ok_and(|found| found.len() < LARGEST);
        let Some(bytes) = Some(&path)
            .filter(|_| small)
            .and_then(|path| fs::read(path).ok())
        else {
            continue;
        };
        let below = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
        let mut file = File::new(
            below.clone(),
            String::from_utf8_lossy(&bytes).into_owned(),
            None,
        );
        if file.needs_day() {
            let days = days.get_or_insert_with(|| first_seen(folder));
            file.first_seen = days.get(&below).copied();
        }
        files.push(file);
    }
    Ok(files)
}

fn is_skipped(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let hidden = entry.depth() > 0 && name.starts_with('.');
    hidden || entry.depth() > 0 && entry.file_type().is_dir() && SKIPPED.contains(&name.as_ref())
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        ["md", "markdown", "mkd", "mdown"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The day of the first commit of each file, by path below the folder; none where there is no
/// git, or a history without its beginning, which would date everything alike.
fn first_seen(folder: &Path) -> HashMap<PathBuf, NaiveDate> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["-c", "core.quotePath=false"])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    let mut days = HashMap::new();
    let whole =
        git(&["rev-parse", "--is-shallow-repository"]).is_some_and(|said| said.trim() == "false");
    if !whole {
        return days;
    }
    let log = [
        "log",
        "--relative",
        "--diff-filter=A",
        "--name-only",
        "--format=@%as",
        "--",
        ".",
    ];
    let mut day = None;
    // Newest first: the last word on a file is its first commit.
    for line in git(&log).unwrap_or_default().lines() {
        if let Some(date) = line.strip_prefix('@') {
            day = date.parse().ok();
        } else if let Some(day) = day.filter(|_| !line.is_empty()) {
            days.insert(PathBuf::from(line), day);
        }
    }
    days
}
