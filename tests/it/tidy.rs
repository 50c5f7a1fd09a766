//! The rules of the repository that no compiler knows: who imports whom, what never stands in
//! the code, how long a function and a file may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom; `commands` may import everything.
const MAY_IMPORT: [(&str, &[&str]); 15] = [
    ("model", &[]),
    ("adopt", &["model", "issues"]),
    ("issues", &["model"]),
    ("feeds", &["model"]),
    ("publish", &["model", "issues", "feeds", "config"]),
    ("sources", &["model"]),
    ("discover", &["model", "sources"]),
    ("store", &["model"]),
    ("poll", &["model", "sources", "store"]),
    ("draft", &["model"]),
    ("suggest", &["model"]),
    (
        "explore",
        &["model", "discover", "poll", "sources", "store"],
    ),
    (
        "desk",
        &[
            "model", "config", "discover", "draft", "explore", "feeds", "issues", "poll",
            "publish", "sources", "store", "suggest",
        ],
    ),
    (
        "server",
        &["model", "desk", "feeds", "poll", "store", "suggest"],
    ),
    (
        "config",
        &["model", "issues", "feeds", "poll", "server", "store"],
    ),
];

/// Rust files below a folder of the repository, with their text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(PathBuf, String)> = walkdir::WalkDir::new(root.join(folder))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "rs")
        })
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .expect("below the root")
                .to_path_buf();
            (
                path,
                fs::read_to_string(entry.path()).expect("a source file is text"),
            )
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no sources in `{folder}`");
    files
}

/// The program's own files and those of the crates below it, without their integration tests.
fn all_sources() -> Vec<(PathBuf, String)> {
    let below = sources("crates");
    let below = below
        .into_iter()
        .filter(|(path, _)| path.iter().nth(2) == Some(std::ffi::OsStr::new("src")));
    sources("src").into_iter().chain(below).collect()
}

#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn stages_import_only_what_they_may() {
    let mut complaints = Vec::new();
    for (stage, allowed) in MAY_IMPORT {
        for (path, text) in sources(&format!("src/{stage}")) {
            for (number, line) in (1..).zip(text.lines()) {
                for other in imports(line) {
                    if other != stage && !allowed.contains(&other) {
                        complaints.push(format!(
                            "{}:{number}: `{stage}` imports `{other}`",
                            path.display()
                        ));
                    }
                }
            }
        }
    }
    assert_none(&complaints);
}

/// The modules of this crate that a line names.
fn imports(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .filter(|_| !line.trim_start().starts_with("//"))
        .map(|rest| {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            &rest[..end]
        })
}

#[test]
fn the_library_reads_no_clock_and_prints_nothing() {
    let forbidden = [
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "Instant::now",
        "println!(",
        "process::exit",
    ];
    let mut complaints = Vec::new();
    for (path, text) in all_sources() {
        let binary = path.starts_with("src/commands") || path == Path::new("src/main.rs");
        if binary || path.ends_with("tests.rs") {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                complaints.push(format!(
                    "{}:{number}: `{word}` in the library",
                    path.display()
                ));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn nothing_is_left_unfinished() {
    // In pieces, so that this file does not name them.
    let forbidden = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("dbg", "!("),
        concat!("unimplemented", "!"),
        concat!("#[ign", "ore"),
    ];
    let mut complaints = Vec::new();
    for (path, text) in all_sources()
        .into_iter()
        .chain(sources("tests"))
        .chain(sources("benches"))
    {
        for (number, line) in (1..).zip(text.lines()) {
            // The lint looks for such words in issues, so its own files name them.
            let names_them =
                path.starts_with("src/issues/lint") || path.starts_with("src/issues/content");
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                let a_word = line
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|part| part == *word);
                if !names_them && (a_word || word.contains(['!', '['])) {
                    complaints.push(format!("{}:{number}: `{word}`", path.display()));
                }
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn modules_say_what_they_own() {
    let complaints: Vec<String> = all_sources()
        .into_iter()
        .filter(|(path, text)| !path.ends_with("tests.rs") && !text.starts_with("//!"))
        .map(|(path, _)| format!("{}: does not open with `//!`", path.display()))
        .collect();
    assert_none(&complaints);
}

#[test]
fn files_and_functions_stay_small() {
    let mut complaints = Vec::new();
    for (path, text) in all_sources() {
        if path.ends_with("tests.rs") {
            continue;
        }
        let own: Vec<&str> = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"))
            .collect();
        if own.len() > 600 {
            complaints.push(format!("{}: {} lines", path.display(), own.len()));
        }
        let mut start = None;
        for (number, line) in (1_usize..).zip(&own) {
            let indent = line.len() - line.trim_start().len();
            let trimmed = line.trim_start();
            let begins = [
                "fn ",
                "pub fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
                "async fn ",
                "pub async fn ",
            ]
            .iter()
            .any(|word| trimmed.starts_with(word));
            if begins && !line.trim_end().ends_with(';') {
                start = Some((number, indent));
            } else if let Some((begin, depth)) = start
                && trimmed == "}"
                && indent == depth
            {
                if number - begin > 70 {
                    complaints.push(format!(
                        "{}:{begin}: a function of {} lines",
                        path.display(),
                        number - begin
                    ));
                }
                start = None;
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn the_table_of_behaviours_names_tests_that_exist() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/POLLING.md"))
        .expect("a document");
    let files = sources("tests/it/poll");
    let mut complaints = Vec::new();
    let mut rows = 0;
    for row in table.lines().filter(|line| line.contains("| yes |")) {
        rows += 1;
        let id = row.split('|').nth(1).expect("a cell").trim();
        for test in row.split('`').filter(|part| part.contains("::")) {
            let (module, name) = test.split_once("::").expect("module and name");
            let file = format!("{module}.rs");
            let (_, text) = files
                .iter()
                .find(|(path, _)| path.ends_with(&file))
                .unwrap_or_else(|| panic!("no {file}"));
            let stands = text.contains(&format!("// {id}\n#[test]\nfn {name}("));
            if !stands {
                complaints.push(format!("{id}: no test `{test}` has this id"));
            }
        }
    }
    assert_eq!(rows, 89);
    assert_none(&complaints);
}
