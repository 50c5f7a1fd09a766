//! The rules of the repository that no compiler knows: who imports whom, what never stands in
//! the code, how long a function and a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom; `commands` may import everything.
const MAY_IMPORT: [(&str, &[&str]); 16] = [
    ("model", &[]),
    ("adopt", &["model", "issues"]),
    ("issues", &["model"]),
    ("feeds", &["model"]),
    ("disk", &[]),
    ("publish", &["model", "issues", "feeds", "config", "disk"]),
    ("sources", &["model"]),
    ("discover", &["model", "sources"]),
    ("store", &["model", "disk"]),
    ("poll", &["model", "sources", "store"]),
    ("draft", &["model"]),
    ("suggest", &["model"]),
    (
        "explore",
        &["model", "discover", "disk", "poll", "sources", "store"],
    ),
    (
        "desk",
        &[
            "model", "config", "discover", "disk", "draft", "explore", "feeds", "issues", "poll",
            "publish", "sources", "store", "suggest",
        ],
    ),
    (
        "server",
        &[
            "model", "desk", "feeds", "poll", "sources", "store", "suggest",
        ],
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
fn files_are_written_in_one_place() {
    let forbidden = [
        "fs::write(",
        "File::create(",
        "File::options(",
        "OpenOptions::new",
        "fs::rename(",
        ".persist(",
        "NamedTempFile",
    ];
    // Locks and a database's own file, which have no content of ours.
    let locks = [
        "src/publish/mod.rs",
        "src/commands/poll.rs",
        "src/store/open/sqlite.rs",
    ];
    let mut complaints = Vec::new();
    for (path, text) in sources("src") {
        let is_test =
            path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests");
        if path.starts_with("src/disk")
            || is_test
            || locks.iter().any(|lock| path == Path::new(lock))
        {
            continue;
        }
        let own = text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]"));
        for (number, line) in (1..).zip(own) {
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                complaints.push(format!(
                    "{}:{number}: `{word}` beside `disk`",
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

/// Whether a line begins a function, whoever may call it and however it runs.
fn begins_function(line: &str) -> bool {
    let mut rest = line;
    if let Some(after) = rest.strip_prefix("pub") {
        rest = after.trim_start();
        if let Some(inside) = rest.strip_prefix('(') {
            rest = inside.split_once(')').map_or("", |(_, after)| after);
        }
    }
    let mut words = rest.split_whitespace();
    let first = words.find(|word| !matches!(*word, "async" | "const" | "unsafe" | "extern"));
    first == Some("fn")
}

#[test]
fn files_and_functions_stay_small() {
    let mut complaints = Vec::new();
    for (path, text) in all_sources() {
        if path.ends_with("tests.rs") {
            continue;
        }
        let own = text
            .split("\n#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let lines = own.lines().count();
        if lines > 600 {
            complaints.push(format!("{}: {lines} lines", path.display()));
        }
        let mut start = None;
        for (number, line) in (1_usize..).zip(own.lines()) {
            let indent = line.len() - line.trim_start().len();
            let trimmed = line.trim_start();
            if begins_function(trimmed) && !line.trim_end().ends_with(';') {
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

/// Sets of files that use one another and wait to be taken apart: a line goes with its circle.
const CIRCLES: [&str; 12] = [
    "discover::checking, discover::inquiry, discover::search",
    "explore::journal, explore::past",
    "issues::absolute, issues::html, issues::html::rewrite",
    "issues::readings::attribution, issues::readings::person, issues::readings::title",
    "poll::fetch::client, poll::fetch::fields, poll::fetch::journey, poll::fetch::visit, poll::fetch::words",
    "publish::build, publish::finish",
    "publish::journal, publish::render, publish::stage",
    "server::documents, server::state",
    "server::session, server::signed",
    "sources::sites::guesses, sources::sites::own, sources::sites::page",
    "store::sql::pool, store::sql::query",
    "suggest::decided, suggest::listwise",
];

/// Whoever reads one file of a circle has to read all of them. A file may use what its own parent
/// module holds.
#[test]
fn files_do_not_use_one_another_in_circles() {
    let mut roots = vec!["src".to_owned()];
    for folder in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")).expect("crates")
    {
        let name = folder.expect("a folder").file_name();
        roots.push(format!("crates/{}/src", name.to_string_lossy()));
    }
    let mut complaints = Vec::new();
    for root in roots {
        let uses = uses_below(&root);
        let reach = |from: &Place| reachable(&uses, from);
        let mut circles: Vec<String> = uses
            .keys()
            .map(|module| {
                let circle = reach(module)
                    .into_iter()
                    .filter(|it| reach(it).contains(module));
                let names: Vec<String> = circle.map(|it| it.join("::")).collect();
                names.join(", ")
            })
            .filter(|circle| !circle.is_empty() && !CIRCLES.contains(&circle.as_str()))
            .collect();
        circles.dedup();
        complaints.extend(circles.into_iter().map(|it| format!("{root}: {it}")));
    }
    complaints.sort();
    complaints.dedup();
    assert_none(&complaints);
}

/// A module, by the names that lead to it.
type Place = Vec<String>;

/// The modules of each module's file that it uses, but for its own ancestors.
fn uses_below(root: &str) -> BTreeMap<Place, BTreeSet<Place>> {
    let files: BTreeMap<Place, String> = sources(root)
        .into_iter()
        .filter(|(path, _)| !path.ends_with("tests.rs"))
        .map(|(path, text)| {
            let inner = path
                .strip_prefix(root)
                .expect("below the root")
                .with_extension("");
            let mut names: Place = inner
                .iter()
                .map(|it| it.to_string_lossy().into_owned())
                .collect();
            if names
                .last()
                .is_some_and(|it| matches!(it.as_str(), "mod" | "lib" | "main"))
            {
                names.pop();
            }
            let own = text
                .split("\n#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            let code = own
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            (names, code.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    let uses = files.iter().map(|(module, text)| {
        let used = paths(text)
            .into_iter()
            .filter_map(|path| resolve(&files, module, &path));
        let used = used.filter(|other| !module.starts_with(other));
        (module.clone(), used.collect())
    });
    uses.collect()
}

/// The paths that a file names: those of its `use` items, and all that begin at a known module. To
/// show again what a module below has is no use of it.
fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for item in text.replace('\n', " ").split(';') {
        let start = item.rfind("use ").map(|at| (at, &item[at + 4..]));
        if let Some((at, tree)) = start
            && item[..at]
                .trim_end()
                .rsplit(' ')
                .next()
                .is_none_or(|word| matches!(word, "" | "}") || word.ends_with(']'))
        {
            expand(tree, "", &mut found);
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let end = text[at..].find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            found.push(text[at..end.map_or(text.len(), |end| at + end)].to_owned());
        }
    }
    found
}

/// The paths of a `use` tree.
fn expand(tree: &str, before: &str, into: &mut Vec<String>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        into.push(format!("{before}{tree}"));
        return;
    };
    let before = format!("{before}{}", &tree[..open]);
    let inner = tree[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut from) = (0, 0);
    for (at, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[from..at], &before, into);
                from = at + 1;
            }
            _ => {}
        }
    }
    if !inner[from..].trim().is_empty() {
        expand(&inner[from..], &before, into);
    }
}

/// The module to which a path leads from another.
fn resolve(files: &BTreeMap<Place, String>, module: &Place, path: &str) -> Option<Place> {
    let mut names = path.split("::").map(str::trim).peekable();
    let mut place = match *names.peek()? {
        "crate" => Vec::new(),
        "super" | "self" => module.clone(),
        child => {
            let below = [module.as_slice(), &[child.to_owned()]].concat();
            files.contains_key(&below).then(|| module.clone())?
        }
    };
    for name in names {
        match name {
            "crate" | "self" => {}
            "super" => drop(place.pop()),
            name => {
                place.push(name.to_owned());
                if !files.contains_key(&place) {
                    place.pop();
                    break;
                }
            }
        }
    }
    (place != *module && files.contains_key(&place)).then_some(place)
}

/// All modules to which the uses of one lead.
fn reachable(uses: &BTreeMap<Place, BTreeSet<Place>>, from: &Place) -> BTreeSet<Place> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(module) = pending.pop() {
        for other in uses.get(module).into_iter().flatten() {
            if seen.insert(other.clone()) {
                pending.push(other);
            }
        }
    }
    seen
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
    assert_eq!(rows, 109);
    assert_none(&complaints);
}
