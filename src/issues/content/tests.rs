use std::io::Write as _;

use proptest::prelude::*;

use super::*;
use crate::issues::html::tests::assert_inert;

fn page() -> Url {
    Url::parse("https://n.example/7/").unwrap()
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    let events = markdown::parse(markdown, 0..markdown.len());
    assert_eq!(html(&events, &page(), true).trim_end(), expected);
}

#[test]
fn makes_links_and_images_absolute() {
    check(
        "[a](/b) [c](#d) [e](?f=1&g) [h](//i.example) ![j](k.png \"l\")",
        "<p><a href=\"https://n.example/b\">a</a> <a href=\"https://n.example/7/#d\">c</a> \
         <a href=\"https://n.example/7/?f=1&amp;g\">e</a> <a href=\"https://i.example/\">h</a> \
         <img src=\"https://n.example/7/k.png\" alt=\"j\" title=\"l\" /></p>",
    );
    check(
        "[a][r] <me@a.example> [m](mailto:me@a.example)\n\n[r]: www.b.example/c",
        "<p><a href=\"https://www.b.example/c\">a</a> \
         <a href=\"mailto:me@a.example\">me@a.example</a> <a href=\"mailto:me@a.example\">m</a></p>",
    );
}

#[test]
fn keeps_the_text_of_links_that_may_lead_nowhere() {
    check("[a *b*](javascript:c) [d]()", "<p>a <em>b</em> d</p>");
    check("![a](javascript:b) ![c]()", "<p>a c</p>");
    check(
        "[![a](javascript:b)](/c)",
        "<p><a href=\"https://n.example/c\">a</a></p>",
    );
}

#[test]
fn writes_the_text_of_an_image_without_tags() {
    check(
        "![a <b>b</b> `c` [d](e) ![f](g)](h)",
        "<p><img src=\"https://n.example/7/h\" alt=\"a b c d f\" /></p>",
    );
}

#[test]
fn shows_tasks_without_forms() {
    check(
        "- [x] a\n- [ ] b",
        "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>",
    );
}

#[test]
fn takes_attributes_off_headings() {
    check(
        "# A {#b .c onclick=d lang=fr}",
        "<h1 id=\"b\" lang=\"fr\">A</h1>",
    );
}

#[test]
fn leaves_out_references_to_footnotes_that_are_not_there() {
    let markdown = "A[^1].\n\n[^1]: Note";
    let events = markdown::parse(markdown, 0..markdown.len());
    let commentary = &events[..events.len() - 5];
    assert_eq!(html(commentary, &page(), true).trim_end(), "<p>A.</p>");
}

#[test]
fn publishes_no_forbidden_character() {
    check("a\u{1}b&#8;c&#xFFFE;d\u{92}", "<p>abcd’</p>");
}

#[test]
fn gives_both_forms_at_once() {
    let markdown = "[a](/b) <script>c</script>";
    let events = markdown::parse(markdown, 0..markdown.len());
    let content = both(&events, &page(), true);
    assert_eq!(content.html, html(&events, &page(), true));
    assert_eq!(content.text, text(&events, &page()));
    let trusted = both(&events, &page(), false);
    assert!(trusted.html.contains("<script>"));
    assert_eq!(trusted.text, content.text);
}

#[test]
fn ends_what_a_part_leaves_open() {
    let markdown = "- [a *b*](/c)\n- <b>d ![e](f)";
    let events = markdown::parse(markdown, 0..markdown.len());
    for start in 0..events.len() {
        for end in start..=events.len() {
            let part = &events[start..end];
            both(part, &page(), true);
            summary(part, 20);
        }
    }
}

/// Pieces that mean something to Markdown, to HTML or to us.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "<",
            ">",
            "</",
            "/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "\"",
            "'",
            "=",
            "&",
            ";",
            "`",
            "\n",
            "\n\n",
            " ",
            "    ",
            "> ",
            "- ",
            "1. ",
            "# ",
            "|",
            "|-|-|\n",
            "```\n",
            "[",
            "]",
            "](",
            ")",
            "![",
            "[^a]",
            "[^a]: ",
            "[b]: ",
            "<script>",
            "</script>",
            "<style>",
            "<svg",
            "<math>",
            "<a href=",
            "<img src=",
            " onerror=",
            "javascript:",
            "data:",
            "&#x",
            "&colon;",
            "<iframe src=",
            "<textarea>",
            "<title>",
            "</title>",
            "<p",
            "<div\n",
            "<b>",
            "</b>",
            "{#c onclick=d}",
            "www.e.example",
            "https://f.example/?utm_source=g",
            "TODO",
            "\u{0}",
            "\t",
            "\u{92}",
            "字",
            "<!-- more -->",
            "---\n",
            "\\",
            "*",
            "_",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
        any::<char>().prop_map(String::from),
    ]
}

#[track_caller]
fn assert_publishable(markdown: &str) {
    let events = markdown::parse(markdown, 0..markdown.len());
    let content = both(&events, &page(), true);
    assert_inert(&content.html, markdown);
    let controls = |text: &str| {
        text.chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
    };
    assert!(!controls(&content.html) && !controls(&content.text));
    assert!(content.text.lines().all(|line| !line.ends_with(' ')));
    if let Some(summary) = summary(&events, 30) {
        assert!((1..=30).contains(&summary.chars().count()), "{summary}");
    }
    // Trusted, it may hold anything; it must come out all the same.
    html(&events, &page(), false);
    let file = crate::issues::lint::Context {
        path: std::path::Path::new("a.md"),
        file: markdown,
        body: 0..markdown.len(),
        page: &page(),
        clean: true,
    };
    for problem in crate::issues::lint::problems(&events, &file) {
        assert!(markdown.get(problem.span.clone()).is_some(), "{problem:?}");
    }
}

#[test]
fn shows_a_place_between_characters() {
    assert_publishable("<textarea><!字");
    assert_publishable("www.e.example](</");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn publishes_nothing_dangerous_of_anything(pieces in prop::collection::vec(piece(), 0..24)) {
        assert_publishable(&pieces.concat());
    }

    #[test]
    fn publishes_nothing_dangerous_of_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        assert_publishable(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn grows_with_the_issue_and_no_faster() {
    for part in [
        "<b>",
        "<div>\n",
        "<script> ",
        "<a href=x>",
        "| a ",
        "> ",
        "- ",
        "[^a]",
        "<!-- ",
        "*a ",
        "![a",
        "a\u{92}",
    ] {
        let markdown = part.repeat(2_000);
        let events = markdown::parse(&markdown, 0..markdown.len());
        let content = both(&events, &page(), true);
        assert!(
            content.html.len() < 200_000,
            "{part}: {}",
            content.html.len()
        );
        assert!(
            content.text.len() < 200_000,
            "{part}: {}",
            content.text.len()
        );
    }
}

#[test]
fn publishes_every_issue_of_the_archive() {
    let archive = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/archive");
    let Ok(newsletters) = std::fs::read_dir(&archive) else {
        writeln!(std::io::stderr(), "skipped: no ../shared").unwrap();
        return;
    };
    let mut issues = 0;
    for newsletter in newsletters {
        let Ok(files) = std::fs::read_dir(newsletter.unwrap().path().join("issues")) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if path.is_dir() {
                continue;
            }
            assert_publishable(&std::fs::read_to_string(path).unwrap());
            issues += 1;
        }
    }
    assert!(issues > 100, "{issues}");
}
