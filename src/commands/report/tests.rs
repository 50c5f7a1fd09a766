use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use newsdesk::issues::{Ids, Options, header};
use newsdesk::model::{Newsletter, Person};

use super::*;

fn problem(path: &str, span: Range<usize>, severity: Severity, hint: Option<&str>) -> Problem {
    Problem {
        severity,
        code: "bad-fern".into(),
        path: path.into(),
        span,
        message: "this is no fern".to_owned(),
        hint: hint.map(str::to_owned),
    }
}

fn printed(problems: &[Problem], text: &str, style: Style) -> String {
    let mut out = Vec::new();
    print(&mut out, problems, &|_| Some(text.to_owned()), style).unwrap();
    String::from_utf8(out).unwrap()
}

/// What is printed of one error about `marked` in `text`, without the summary.
#[track_caller]
fn check(text: &str, marked: &str, expected: &str) {
    let start = text.rfind(marked).unwrap();
    let error = problem("a.md", start..start + marked.len(), Severity::Error, None);
    let report = printed(&[error], text, Style::Plain);
    let report = report
        .strip_prefix("error[bad-fern]: this is no fern\n")
        .unwrap();
    let report = report.strip_suffix("\n\n1 error\n").unwrap();
    assert_eq!(report, expected);
}

#[test]
fn puts_carets_under_the_place() {
    check(
        "one\ntwo moss\nthree\n",
        "moss",
        " --> a.md:2:5\n  |\n2 | two moss\n  |     ^^^^",
    );
    check(
        "\u{feff}moss",
        "moss",
        " --> a.md:1:1\n  |\n1 | moss\n  | ^^^^",
    );
    check(
        "a\r\nmoss\r\n",
        "moss",
        " --> a.md:2:1\n  |\n2 | moss\n  | ^^^^",
    );
}

#[test]
fn keeps_carets_in_place_behind_tabs_and_wide_letters() {
    check(
        "\t日本 moss",
        "moss",
        " --> a.md:1:5\n  |\n1 |     日本 moss\n  |          ^^^^",
    );
    check(
        "\u{85}\u{1b}[31m moss",
        "moss",
        " --> a.md:1:8\n  |\n1 | ·␛[31m moss\n  |        ^^^^",
    );
}

#[test]
fn marks_the_first_line_of_a_long_place() {
    check(
        "x moss\nand more\n",
        "moss\nand",
        " --> a.md:1:3\n  |\n1 | x moss\n  |   ^^^^",
    );
}

#[test]
fn trims_long_lines() {
    let text = format!("{}moss{}", "x".repeat(500), "y".repeat(500));
    let start = 500;
    let error = problem("a.md", start..start + 4, Severity::Error, None);
    let report = printed(&[error], &text, Style::Plain);
    assert!(report.contains("a.md:1:501"), "{report}");
    assert!(
        report.lines().all(|line| line.chars().count() < 160),
        "{report}"
    );
    assert!(
        report.contains("...xx") && report.contains("xmossyy"),
        "{report}"
    );
    let far = problem("a.md", 9_000..9_001, Severity::Error, None);
    let report = printed(&[far], &"x".repeat(10_000), Style::Plain);
    assert_eq!(
        report,
        "error[bad-fern]: this is no fern\n--> a.md:1:9001\n\n1 error\n"
    );
}

#[test]
fn names_a_file_without_lines_where_there_are_none() {
    let whole = problem("a.md", 0..0, Severity::Warning, Some("plant one"));
    assert_eq!(
        printed(&[whole], "text", Style::Plain),
        "warning[bad-fern]: this is no fern\n--> a.md\n = hint: plant one\n\n1 warning\n"
    );
    let unreadable = problem("a.md", 3..4, Severity::Error, None);
    let mut out = Vec::new();
    print(&mut out, &[unreadable], &|_| None, Style::Plain).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "error[bad-fern]: this is no fern\n--> a.md\n\n1 error\n"
    );
}

#[test]
fn takes_a_place_beyond_the_file_for_its_end() {
    let error = problem("a.md", 900..1_000, Severity::Error, None);
    let report = printed(&[error], "moss", Style::Plain);
    assert!(report.contains("a.md:1:5"), "{report}");
}

#[test]
fn sorts_by_path_and_place_and_reads_each_file_once() {
    let problems = [
        problem("b.md", 4..5, Severity::Error, None),
        problem("a.md", 4..5, Severity::Warning, None),
        problem("b.md", 0..1, Severity::Warning, None),
        problem("a.md", 0..0, Severity::Warning, None),
    ];
    let reads = Cell::new(0);
    let mut out = Vec::new();
    let text = |_: &Path| {
        reads.set(reads.get() + 1);
        Some("one\ntwo".to_owned())
    };
    print(&mut out, &problems, &text, Style::Plain).unwrap();
    let report = String::from_utf8(out).unwrap();
    let places: Vec<&str> = report
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
        .collect();
    assert_eq!(places, ["a.md", "a.md:2:1", "b.md:1:1", "b.md:2:1"]);
    assert_eq!(report.lines().last(), Some("1 error, 3 warnings"));
    assert_eq!(reads.get(), 2);
}

#[test]
fn prints_nothing_where_nothing_is_wrong() {
    assert_eq!(printed(&[], "", Style::Plain), "");
    assert_eq!(summary(&[]), "no problems");
}

#[test]
fn colors_only_where_it_is_told_to() {
    let error = problem("a.md", 0..1, Severity::Error, Some("plant one"));
    let errors = [error];
    assert!(printed(&errors, "x", Style::Colored).contains('\u{1b}'));
    assert!(!printed(&errors, "x", Style::Plain).contains('\u{1b}'));
}

#[test]
fn shows_no_control_characters_of_files() {
    let mut error = problem(
        "a\u{1b}[2J.md",
        0..1,
        Severity::Error,
        Some("x\u{1b}[31m\ny"),
    );
    error.message = "`\u{202e}\u{9b}31m`".to_owned();
    let report = printed(&[error], "\u{1b}[31m", Style::Plain);
    let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!report.contains(bad), "{report:?}");
}

#[test]
fn gives_json_with_lines_and_columns_in_characters() {
    let text = "é moss\nand more";
    let problems = [
        problem("a.md", 3..12, Severity::Error, Some("plant one")),
        problem("a.md", 0..0, Severity::Warning, None),
    ];
    assert_eq!(
        json(&problems, &|_| Some(text.to_owned())),
        json!([
            {
                "path": "a.md", "line": 1, "column": 1, "end_line": 1, "end_column": 1,
                "severity": "warning", "code": "bad-fern", "message": "this is no fern",
                "hint": null,
            },
            {
                "path": "a.md", "line": 1, "column": 3, "end_line": 2, "end_column": 5,
                "severity": "error", "code": "bad-fern", "message": "this is no fern",
                "hint": "plant one",
            },
        ])
    );
}

fn options() -> Options {
    Options {
        newsletter: Newsletter {
            title: "The Weekly Fern".to_owned(),
            subtitle: None,
            base_url: "https://fern.example.org/".parse().unwrap(),
            language: None,
            authors: vec![Person::default()],
            rights: None,
            icon: None,
            hubs: Vec::new(),
            authority: "fern.example.org,2020".to_owned(),
        },
        sections: newsdesk::issues::readings::Sections::named::<String>([]),
        signing: newsdesk::issues::readings::Signing::ANYWHERE,
        time_zone: chrono_tz::UTC,
        title: "{newsletter}: {month} {year}".to_owned(),
        url: "{slug}/".to_owned(),
        slug: None,
        dates: std::collections::BTreeMap::new(),
        ids: Ids::Tag,
        clean_html: true,
    }
}

/// What is printed of the problems of one broken issue file.
fn report_of(path: &Path, bytes: &[u8]) -> String {
    let problems = match header::decode(bytes, path) {
        Ok(file) => header::read(path, file, &options()).problems,
        Err(problem) => vec![problem],
    };
    printed(&problems, &String::from_utf8_lossy(bytes), Style::Plain)
}

/// Every `tests/broken/NAME.md` has its report in `NAME.txt`; `SNAPSHOTS=overwrite` writes it.
#[test]
fn reports_broken_issue_files_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite");
    let mut wrong = Vec::new();
    let (mut issues, mut reports) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("md") => issues.insert(path),
            Some("txt") => reports.insert(path),
            _ => panic!("{} is neither an issue nor a report", path.display()),
        };
    }
    for path in &issues {
        let shown = PathBuf::from("tests/broken").join(path.file_name().unwrap());
        let actual = report_of(&shown, &fs::read(path).unwrap());
        let report = path.with_extension("txt");
        reports.remove(&report);
        if overwrite {
            fs::write(&report, &actual).unwrap();
        } else if fs::read_to_string(&report).ok().as_deref() != Some(&actual) {
            wrong.push(format!(
                "{}: not as expected, it is\n{actual}",
                report.display()
            ));
        }
    }
    for unused in reports {
        wrong.push(format!("{}: there is no such issue", unused.display()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(issues.len() >= 25, "the broken issue files are gone");
}
