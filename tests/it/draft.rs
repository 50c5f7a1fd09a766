//! Drafts: the real program, and what is read back in every house style.

use std::path::Path;

use newsdesk::draft::{self, Accepted, File, Options, Reader};
use newsdesk::issues::style::{self, Sample};
use newsdesk::issues::{self, Wanted, content, header, markdown};
use newsdesk::model::{
    AttributionPlace, AttributionStyle, Curator, FrontForm, Group, Header, HouseStyle, ItemShape,
    ItemStyle, Kind, Newsletter, Reading, TextPlace, TitleMark,
};
use proptest::prelude::*;
use url::Url;

use crate::project::{CONFIG, Project, archive};

/// How issue files are read in these tests.
fn options() -> issues::Options {
    issues::Options::new(Newsletter {
        title: "The Test".to_owned(),
        subtitle: None,
        base_url: Url::parse("https://test.example/").unwrap(),
        language: None,
        authors: Vec::new(),
        rights: None,
        icon: None,
        hubs: Vec::new(),
        authority: "test.example,2026".to_owned(),
    })
}

/// The header and the readings of a file.
#[track_caller]
fn parse(path: &str, text: &str) -> (Header, Vec<Reading>) {
    let options = options();
    let outcome = header::read(Path::new(path), text, &options);
    let header = outcome
        .header
        .unwrap_or_else(|| panic!("{:?}\n{text}", outcome.problems));
    let parsed = issues::parse(header, text, outcome.body, &options, Wanted::ALL);
    (parsed.issue.header, parsed.issue.readings)
}

/// A note as it reads on a page.
fn html_on(page: &Url, note: &str) -> String {
    content::html(&markdown::parse(note, 0..note.len()), page, true)
}

/// A note as it reads in the file that `compose` reads back.
fn html(note: &str) -> String {
    let page = Url::parse("https://test.example/issues/2026-12-24/").unwrap();
    html_on(&page, note)
}

fn compose(style: &HouseStyle, accepted: &[Accepted]) -> File {
    let readings = |text: &str| parse("2026-12-24.md", text).1;
    draft::compose(
        style,
        accepted,
        &Options {
            date: "2026-12-24".parse().unwrap(),
            title: None,
            name: None,
        },
        Reader {
            readings: &readings,
            html: &html,
        },
    )
}

/// Asserts that the readings of the draft are the accepted ones, in their order or, under
/// subheadings, in some order.
#[track_caller]
fn check(style: &HouseStyle, accepted: &[Accepted]) -> File {
    let file = compose(style, accepted);
    assert!(file.unread.is_empty(), "{:?}\n{}", file.unread, file.text);
    let (header, found) = parse(&file.name, &file.text);
    assert!(header.draft, "{}", file.text);
    assert_eq!(header.published.date_naive().to_string(), "2026-12-24");
    let key = |title: &str, url: &str| (title.to_owned(), url.to_owned());
    let mut meant: Vec<_> = accepted
        .iter()
        .map(|a| {
            (
                key(&a.title, &a.url),
                a.curator.clone(),
                said(a, &header.url),
            )
        })
        .collect();
    let mut read: Vec<_> = found
        .iter()
        .map(|r| {
            let url = r.url.clone().unwrap_or_default();
            (
                key(&r.title, &url),
                r.curator.clone(),
                plain(&r.commentary_html),
            )
        })
        .collect();
    if !style.groups.is_empty() {
        meant.sort_by(|one, other| one.0.cmp(&other.0));
        read.sort_by(|one, other| one.0.cmp(&other.0));
    }
    assert_eq!(read.len(), meant.len(), "{}", file.text);
    for (at, (read, meant)) in read.iter().zip(&meant).enumerate() {
        assert_eq!((&read.0, &read.1), (&meant.0, &meant.1), "{}", file.text);
        // A note shown letter for letter says its own marks.
        if file.plain.is_empty() {
            assert_eq!(read.2, meant.2, "{at}\n{}", file.text);
        }
    }
    file
}

/// What was said of it, as it reads on a page.
fn said(accepted: &Accepted, page: &Url) -> String {
    let note = accepted
        .note
        .as_deref()
        .filter(|note| !note.trim().is_empty());
    plain(&html_on(page, note.unwrap_or(draft::GAP)))
}

/// HTML with single spaces.
fn plain(html: &str) -> String {
    let words: Vec<&str> = html.split_whitespace().collect();
    words.join(" ")
}

fn accepted(
    title: &str,
    url: &str,
    curator: Option<(&str, Option<&str>)>,
    note: Option<&str>,
) -> Accepted {
    Accepted {
        title: title.to_owned(),
        url: url.to_owned(),
        kind: Kind::Post,
        curator: curator.map(|(name, url)| Curator {
            name: name.to_owned(),
            url: url.map(str::to_owned),
        }),
        note: note.map(str::to_owned),
        extra_links: Vec::new(),
    }
}

/// Every combination of what an item may look like.
fn styles() -> Vec<HouseStyle> {
    let mut styles = Vec::new();
    let shapes = [
        ItemShape::Bullet('-'),
        ItemShape::Bullet('*'),
        ItemShape::Paragraph,
        ItemShape::Heading(3),
    ];
    let titles = [
        TitleMark::Link,
        TitleMark::BoldAround,
        TitleMark::BoldWithin,
    ];
    let texts = [
        TextPlace::Below,
        TextPlace::NextLine,
        TextPlace::SameLine(" - "),
    ];
    let attributions = [
        ("— [*", "*", ""),
        ("*[- ", "", "*"),
        ("[— ", "", ""),
        ("- [", "", ""),
        ("-- [_", "_", ""),
    ];
    let places = [
        AttributionPlace::Inline,
        AttributionPlace::Line,
        AttributionPlace::Paragraph,
    ];
    let mut count = 0_usize;
    for shape in shapes {
        for title in titles {
            for text in texts {
                for (at, (before, after, outside)) in attributions.into_iter().enumerate() {
                    count += 1;
                    let mut style = HouseStyle::without_issues("Recommended reading");
                    style.item = ItemStyle {
                        shape,
                        title,
                        text,
                        indent: 2 + 2 * (count % 2),
                        apart: shape == ItemShape::Paragraph || !count.is_multiple_of(3),
                    };
                    style.attribution = AttributionStyle {
                        before: before.to_owned(),
                        after: after.to_owned(),
                        outside: outside.to_owned(),
                        place: places[(count + at) % 3],
                    };
                    let forms = [
                        FrontForm::Yaml,
                        FrontForm::Toml,
                        FrontForm::Json,
                        FrontForm::Pelican,
                        FrontForm::None,
                    ];
                    style.front.form = forms[(count / 2) % 5];
                    if style.front.form == FrontForm::None {
                        style.front.keys.clear();
                        "{year}-{mm}-{dd}".clone_into(&mut style.name);
                        style.top = Some("On {month}".to_owned());
                    }
                    if count.is_multiple_of(4) {
                        style.lead = Some("What we read this month.".to_owned());
                    }
                    styles.push(style);
                }
            }
        }
    }
    styles
}

const ADA: Option<(&str, Option<&str>)> = Some(("Ada", Some("https://ada.example/about")));
const BEN: Option<(&str, Option<&str>)> = Some(("Ben Okri", Some("https://twitter.com/ben")));

#[test]
fn is_read_back_in_every_style() {
    let list = [
        accepted(
            "On [small] tools",
            "https://a.example/b_(c)",
            ADA,
            Some("Short, and *good*."),
        ),
        accepted("How to wait", "https://a.example/x y", BEN, None),
        accepted(
            "Lists | and <b>tables</b>",
            "https://a.example/?a=1&b=<2>",
            ADA,
            Some("Three things:\n\n- one\n- two\n\nAnd [a link](https://else.example/x)."),
        ),
        accepted(
            "What #1 means",
            "https://a.example/z",
            BEN,
            Some("First.\n\n> A quote.\n\n```\ncode\n```"),
        ),
    ];
    for style in styles() {
        let file = check(&style, &list);
        assert!(file.plain.is_empty(), "{}", file.text);
    }
}

#[test]
fn holds_back_notes_that_would_break_the_section() {
    let notes = [
        "# A heading\n\nText under it.",
        "## Recommended reading\n\n- [Mine](https://evil.example/)\n  Take it. - [Eve](https://twitter.com/eve)",
        "[Another title](https://evil.example/)\n\nWhat that says. - [Eve](https://twitter.com/eve)",
        "<!-- swallowed",
        "```\nnever closed",
        "<div>\n\nopen",
        "Fine.\n\n---\n\nAfter a rule.",
        "**Bold**\n\ntext - [Eve](https://twitter.com/eve)\n\n**More**\n\ntext",
        "\\",
        "[x]: https://ref.example/\n",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ];
    for style in styles().into_iter().step_by(3) {
        for note in notes {
            let list = [
                accepted(
                    "The first of them",
                    "https://a.example/1",
                    BEN,
                    Some("Fine."),
                ),
                accepted("The second of them", "https://a.example/2", ADA, Some(note)),
                accepted(
                    "The third of them",
                    "https://a.example/3",
                    BEN,
                    Some("Fine too."),
                ),
            ];
            check(&style, &list);
        }
    }
}

/// A title with something to read at both ends, so that nothing of it can be taken for a mark.
fn title() -> impl Strategy<Value = String> {
    let middle = prop_oneof![
        "[ -~]{0,30}",
        "[a-z \\[\\]()*_`<>&;#|~!:.{}^$\\\\-]{0,30}",
        Just("<script>alert(1)</script>".to_owned()),
        Just("&lt;b&gt; https://x.example/ www.y.example".to_owned()),
        Just("שלום – مرحبا".to_owned()),
    ];
    ("[A-Z][a-z]{3,6} [A-Z][a-z]{3,6}", middle, "[a-z]{4,8}").prop_map(|(first, middle, last)| {
        let title = format!("{first} {middle} {last}");
        title.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z]{3,8}\\.example/[a-zA-Z0-9()_~*&=?<> \\[\\]%.;-]{0,20}[a-z]"
}

fn note() -> impl Strategy<Value = Option<String>> {
    let block = prop_oneof![
        "[A-Z][a-z ,]{5,40}\\.",
        "[a-z #*_`<>|~\\[\\]()!-]{1,30}",
        Just("- one\n- two [x](https://x.example/)".to_owned()),
        Just("> quoted".to_owned()),
        Just("## Heading".to_owned()),
        Just("[Some Other Title](https://o.example/)".to_owned()),
        Just("```\nfence".to_owned()),
        Just("text - Bob".to_owned()),
        Just("1. first".to_owned()),
        Just("***".to_owned()),
    ];
    proptest::option::of(
        proptest::collection::vec(block, 1..4).prop_map(|blocks| blocks.join("\n\n")),
    )
}

fn any_accepted() -> impl Strategy<Value = Accepted> {
    let curator = prop_oneof![
        Just(ADA),
        Just(BEN),
        Just(Some(("Cy", None))),
        Just(Some(("Dee Díaz", None)))
    ];
    (title(), url(), curator, note())
        .prop_map(|(title, url, curator, note)| accepted(&title, &url, curator, note.as_deref()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn reads_back_whatever_was_accepted(
        list in proptest::collection::vec(any_accepted(), 1..5),
        style in 0..180_usize,
    ) {
        let styles = styles();
        let style = &styles[style % styles.len()];
        check(style, &list);
    }
}

#[test]
fn keeps_an_address_within_the_page() {
    let note = Some("More [below](#below) and [beside](other/).");
    for style in styles() {
        check(
            &style,
            &[accepted("On tools", "https://a.example/1", ADA, note)],
        );
    }
}

#[test]
fn keeps_the_issue_title_in_every_form() {
    let titles = [
        "Plain words",
        "A: b # c \"quoted\" 'single' \\ back",
        "- [x] *y* {z}",
        "yes",
        "2026",
    ];
    let list = [accepted(
        "On tools",
        "https://a.example/1",
        ADA,
        Some("Good."),
    )];
    for style in styles().into_iter().take(20) {
        for title in titles {
            let readings = |text: &str| parse("2026-12-24.md", text).1;
            let options = Options {
                date: "2026-12-24".parse().unwrap(),
                title: Some(title.to_owned()),
                name: None,
            };
            let reader = Reader {
                readings: &readings,
                html: &html,
            };
            let mut style = style.clone();
            style.top = style.top.map(|_| "{title}".to_owned());
            let file = draft::compose(&style, &list, &options, reader);
            assert_eq!(
                parse(&file.name, &file.text).0.title,
                title,
                "{}",
                file.text
            );
        }
    }
}

#[test]
fn names_other_addresses_after_the_note() {
    for style in styles().into_iter().step_by(7) {
        let mut list = vec![
            accepted(
                "A thing with a page",
                "https://a.example/1",
                ADA,
                Some("Good."),
            ),
            accepted("Another thing", "https://a.example/2", BEN, None),
        ];
        list[0].extra_links = vec![
            "https://code.example/a_b(c)".to_owned(),
            "https://talk.example/?v=1".to_owned(),
        ];
        let file = compose(&style, &list);
        assert!(file.unread.is_empty(), "{}", file.text);
        let (_, found) = parse(&file.name, &file.text);
        assert_eq!(found[0].extra_links, list[0].extra_links, "{}", file.text);
    }
}

#[test]
fn puts_readings_under_the_subheadings_of_their_kind() {
    let mut style = HouseStyle::without_issues("Recommended reading");
    style.groups = vec![
        Group {
            heading: "### Papers".to_owned(),
            kinds: vec![(Kind::Paper, 4)],
        },
        Group {
            heading: "### To hear".to_owned(),
            kinds: vec![(Kind::Podcast, 3), (Kind::Paper, 1)],
        },
    ];
    let mut list = vec![
        accepted(
            "An hour of talk",
            "https://a.example/1",
            ADA,
            Some("Listen."),
        ),
        accepted("A proof of it", "https://a.example/2", BEN, Some("Read.")),
        accepted("A thing of its own", "https://a.example/3", ADA, None),
    ];
    list[0].kind = Kind::Podcast;
    list[1].kind = Kind::Paper;
    list[2].kind = Kind::Code;
    let file = check(&style, &list);
    let (_, found) = parse(&file.name, &file.text);
    let categories: Vec<_> = found
        .iter()
        .map(|reading| (reading.title.as_str(), reading.category.as_deref()))
        .collect();
    assert_eq!(
        categories,
        [
            ("A proof of it", Some("Papers")),
            ("A thing of its own", Some("Papers")),
            ("An hour of talk", Some("To hear")),
        ]
    );
}

#[test]
fn takes_the_style_of_each_real_issue() {
    let Some(folder) = archive("fast-forward-labs/issues") else {
        return;
    };
    let mut drafts = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let (header, readings) = parse(path.to_str().unwrap(), &text);
        let sample = Sample {
            header: &header,
            file: &text,
        };
        let style = style::house(&[sample], &options().sections, options().signing);
        let list: Vec<Accepted> = readings
            .iter()
            .filter(|reading| reading.curator.is_some())
            .map(|reading| Accepted {
                title: reading.title.clone(),
                url: reading
                    .url
                    .clone()
                    .unwrap_or_else(|| "https://a.example/x".to_owned()),
                kind: reading.kind,
                curator: reading.curator.clone(),
                note: Some("It says *much* in few words.\n\nRead it twice.".to_owned()),
                extra_links: Vec::new(),
            })
            .collect();
        if list.is_empty() {
            continue;
        }
        let file = check(&style, &list);
        assert!(file.plain.is_empty(), "{}", file.text);
        drafts += 1;
    }
    assert!(drafts > 12, "{drafts}");
}

const ACCEPTED: &str = r##"[
  {"title": "On *waiting* [draft]", "url": "https://reads.example/wait", "curator": "ada", "note": "Worth the wait."},
  {"title": "# Notes", "url": "https://reads.example/notes", "curator": "Ada"}
]"##;

/// A newsletter with two issues in one style.
fn project() -> Project {
    let project = Project::new(CONFIG);
    for (month, date) in [("09", "2026-09-24"), ("10", "2026-10-29")] {
        let name = if month == "09" {
            "September"
        } else {
            "October"
        };
        project.write(
            &format!("issues/2026-{month}.md"),
            format!(
                "+++\ntitle = 'The {name} Letter'\ndate = {date}\ntags = [\"a{month}\"]\nlayout = \"letter\"\n+++\n\n\
                 Hello.\n\n## Recommended Reading\n\nOur picks.\n\n* **[On {month}](https://reads.example/{month})**\n\n    \
                 Good. — [*Ada*](https://ada.example/)\n"
            ),
        );
    }
    project.write("accepted.json", ACCEPTED);
    project
}

#[test]
fn writes_the_next_issue_in_the_style_of_the_last() {
    let project = project();
    let run = project.run(&["draft", "--from", "accepted.json"]).expect(0);
    assert_eq!(run.stdout, "issues/2026-11.md\n");
    assert_eq!(
        run.stderr,
        "a draft with 2 readings and 2 gaps\nhint: `newsdesk check issues/2026-11.md` shows where\n"
    );
    assert_eq!(
        project.read("issues/2026-11.md"),
        "+++\ntitle = 'The November Letter'\ndate = 2026-11-26\ndraft = true\ntags = []\nlayout = \"letter\"\n+++\n\n\
         INSERT_INTRODUCTION_HERE\n\n## Recommended Reading\n\nOur picks.\n\n\
         *   **[On \\*waiting\\* \\[draft\\]](https://reads.example/wait)**\n\n    Worth the wait. — [*Ada*](https://ada.example/)\n\n\
         *   **[\\# Notes](https://reads.example/notes)**\n\n    INSERT_COMMENTARY_HERE: why is this worth reading? — [*Ada*](https://ada.example/)\n"
    );
}

#[test]
fn check_names_each_gap_and_a_filled_draft_builds() {
    let project = project();
    project.run(&["draft", "--from", "accepted.json"]).expect(0);
    let run = project
        .run(&["check", "--strict", "--json", "issues/2026-11.md"])
        .expect(1);
    let problems = run.json();
    let places: Vec<(String, u64, u64)> = problems
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["code"] == "placeholder")
        .map(|problem| {
            (
                problem["path"].as_str().unwrap().to_owned(),
                problem["line"].as_u64().unwrap(),
                problem["column"].as_u64().unwrap(),
            )
        })
        .collect();
    let path = || "issues/2026-11.md".to_owned();
    assert_eq!(places, [(path(), 9, 1), (path(), 21, 5)]);
    let filled = project
        .read("issues/2026-11.md")
        .replace("INSERT_INTRODUCTION_HERE", "Welcome.")
        .replace(
            "INSERT_COMMENTARY_HERE: why is this worth reading?",
            "Because.",
        )
        .replace("draft = true\n", "");
    project.write("issues/2026-11.md", filled);
    let later = "2026-12-01T12:00:00Z";
    project
        .run_at(later, &["check", "--strict", "issues/2026-11.md"])
        .expect(0);
    project.run_at(later, &["build"]).expect(0);
    assert!(
        project
            .read("feeds/public/atom.xml")
            .contains("The November Letter")
    );
}

#[test]
fn never_writes_over_a_file() {
    let project = project();
    project.write("issues/2026-11.md", "Ours.\n");
    let run = project
        .run(&["draft", "--from", "accepted.json", "--date", "2026-11-30"])
        .expect(2);
    assert!(run.stderr.contains("is there already"), "{}", run.stderr);
    assert!(run.stderr.contains("hint:"), "{}", run.stderr);
    assert_eq!(project.read("issues/2026-11.md"), "Ours.\n");
    let run = project
        .run(&["draft", "--from", "accepted.json", "--name", "special"])
        .expect(0);
    assert_eq!(run.stdout, "issues/special.md\n");
}

#[test]
fn refuses_what_is_no_list_of_readings() {
    let project = project();
    for (text, message) in [
        ("{}", "is no list of readings"),
        ("[]", "has no readings"),
        (
            r#"[{"title": "A", "url": "javascript:alert(1)"}]"#,
            "is no address of a page",
        ),
        (
            r#"[{"title": "A", "url": "https://a.example/", "who": "x"}]"#,
            "unknown field `who`",
        ),
    ] {
        project.write("wrong.json", text);
        let run = project.run(&["draft", "--from", "wrong.json"]).expect(2);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(!project.path("issues/2026-11.md").exists());
    }
}

#[test]
fn a_first_issue_has_a_sensible_style_and_says_that_its_title_is_missing() {
    let project = Project::new(CONFIG);
    project.write("accepted.json", ACCEPTED.replace("ada", "Ada"));
    let run = project.run(&["draft", "--from", "accepted.json"]).expect(0);
    assert_eq!(run.stdout, "issues/2026-11.md\n");
    let text = project.read("issues/2026-11.md");
    assert!(
        text.starts_with("---\ntitle: \"INSERT_TITLE_HERE\"\ndate: 2026-11-15\ndraft: true\n---\n"),
        "{text}"
    );
    let run = project.run(&["check", "issues/2026-11.md"]).expect(0);
    assert!(
        run.stderr.contains("issues/2026-11.md:2:8"),
        "{}",
        run.stderr
    );
}
