use super::*;
use crate::issues::markdown;

fn found(body: &str) -> (String, Vec<Problem>) {
    let file = format!("---\ntitle: é\n---\n{body}");
    let page = Url::parse("https://n.example/7/").unwrap();
    let range = file.len() - body.len()..file.len();
    let events = markdown::parse(&file, range.clone());
    let context = Context {
        path: Path::new("issues/7.md"),
        file: &file,
        body: range,
        page: &page,
        clean: true,
    };
    let problems = problems(&events, &context);
    (file, problems)
}

/// The warnings about a body, each as its code and what the caret points at.
#[track_caller]
fn check(body: &str, expected: &[(&str, &str)]) {
    let (file, problems) = found(body);
    let seen: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.code.as_ref(), &file[problem.span.clone()]))
        .collect();
    assert_eq!(seen, expected, "{body}");
}

/// One warning, as its message and its hint.
#[track_caller]
fn check_words(body: &str, message: &str, hint: &str) {
    let (_, problems) = found(body);
    let [problem] = &problems[..] else {
        panic!("{problems:?}");
    };
    assert_eq!(
        (problem.message.as_str(), problem.hint.as_deref()),
        (message, Some(hint))
    );
    assert_eq!(problem.severity, Severity::Warning);
    assert_eq!(problem.path, Path::new("issues/7.md"));
}

#[test]
fn is_quiet_about_good_issues() {
    check(
        "# May {#may}\n\nSee [this](https://a.example/x_y?a=1#b), www.b.example, \
         <https://c.example>, <me@d.example>, [mail](mailto:me@d.example), [up](#may), \
         [root](/2021/05/), [next](../8/), [file](slides.pdf), [q](?page=2), ![Boat](boat.png) \
         ![Boat](</images/a b.png>) [tel](tel:+1) and [conduct](https://a.example/CODE_OF_CONDUCT.md).\
         \n\n- [ ] task\n- [x] done [^1] `a[i][j]` x[1][2] [1][2] `TODO` [a][b]\n\n```\nTODO code\n```\n\n\
         [^1]: Note, see [up](#fn-1).\n\n[b]: https://a.example\n\n\
         <details><summary>More</summary><img src=\"x.png\" alt=\"\"></details>\n<!-- TODO -->\n",
        &[],
    );
}

#[test]
fn sees_addresses_without_a_scheme() {
    check(
        "[a](www.b.example/in/me)",
        &[("no-scheme", "www.b.example/in/me")],
    );
    check(
        "[a](example.org/x) [b](example.com)",
        &[("no-scheme", "example.org/x"), ("no-scheme", "example.com")],
    );
    check(
        "[a](example.org:8080/x)",
        &[("no-scheme", "example.org:8080/x")],
    );
    check("[a](notes.txt) [b](lib.rs) [c](talk.de) ![d](logo.ai)", &[]);
    check(
        "<a href=\"www.b.example\">x</a>",
        &[("no-scheme", "www.b.example")],
    );
    check_words(
        "[a](www.b.example)",
        "`www.b.example` has no `https://` before it",
        "write `https://www.b.example`",
    );
}

#[test]
fn sees_tracking_parameters() {
    check(
        "[a](https://b.example/?x=1&utm_source=y&UTM_medium=z&q=2#f)",
        &[("tracking", "utm_source=y&UTM_medium=z")],
    );
    check("https://b.example/?fbclid=1", &[("tracking", "fbclid=1")]);
    check(
        "[a]\n\n[a]: <https://b.example/?utm_source=y> \"t\"",
        &[("tracking", "utm_source=y")],
    );
    check("[a](https://b.example/#?utm_source=y)", &[]);
    check_words(
        "[a](https://b.example/?x=1&utm_source=y&utm_medium=z&q=2#f)",
        "the address carries the tracking parameters `utm_source`, `utm_medium`",
        "write `https://b.example/?x=1&q=2#f`",
    );
    check_words(
        "[a](https://b.example/?utm_source=y)",
        "the address carries the tracking parameter `utm_source`",
        "write `https://b.example/`",
    );
}

#[test]
fn sees_placeholders_in_addresses() {
    check(
        "[a](FORUM_LINK_HERE)",
        &[("placeholder", "FORUM_LINK_HERE")],
    );
    check("[a](https://INSERT_IT)", &[("placeholder", "INSERT_IT")]);
    check(
        "[a](https://b.example/YOUR_NAME/x)",
        &[("placeholder", "YOUR_NAME")],
    );
    check(
        "[a](TODO) [b](url)",
        &[("placeholder", "TODO"), ("placeholder", "url")],
    );
    check("<a href='LINK_HERE'>b</a>", &[("placeholder", "LINK_HERE")]);
}

#[test]
fn sees_placeholders_in_text() {
    check(
        "TODO: y. FIXME: x",
        &[("placeholder", "TODO"), ("placeholder", "FIXME")],
    );
    check("A &amp; TODO: b", &[("placeholder", "TODO")]);
    check(
        "A (TODO) and a TODO list, a FIXME of old",
        &[("placeholder", "TODO")],
    );
    check("What lorem ipsum is", &[]);
    check(
        "# TBD\n\nXXX: y. INSERT_NAME_HERE",
        &[
            ("placeholder", "TBD"),
            ("placeholder", "XXX"),
            ("placeholder", "INSERT_NAME_HERE"),
        ],
    );
    check("Lorem ipsum dolor", &[("placeholder", "Lorem ipsum")]);
    check("[TODO](https://a.example)", &[("placeholder", "TODO")]);
    check(
        "[Remove a FIXME](https://a.example) Topic TBD, XXX, TODOs, to-TODO-list, MAX_VALUE",
        &[],
    );
}

#[test]
fn sees_empty_links() {
    check("[a]() b", &[("empty-link", "[a]()")]);
    check(
        "[](https://b.example)",
        &[("empty-link", "[](https://b.example)")],
    );
    check(
        "[![](x.png)](https://b.example)",
        &[("no-alt", "![](x.png)")],
    );
    check("[a](#)", &[("empty-link", "#")]);
    check("<a href=\"\">x</a>", &[("empty-link", "")]);
    check("![a]()", &[("empty-link", "![a]()")]);
}

#[test]
fn sees_addresses_that_are_not_published() {
    check("[a](javascript:x)", &[("unsafe-link", "javascript:x")]);
    check(
        "<a href=\"jav&#x61;script:x\">b</a>",
        &[("unsafe-link", "jav&#x61;script:x")],
    );
    check(
        "![a](data:image/svg+xml,x) ![b](data:image/png;base64,x)",
        &[("unsafe-link", "data:image/svg+xml,x")],
    );
}

#[test]
fn sees_addresses_that_are_none() {
    for bad in [
        "http:///x",
        "https://https://b.example",
        "htps://b.example",
        "ttps://b.example",
        "https//b.example",
        "https:/b.example",
        "https:b.example",
        "https://nodots/x",
        "https://b.exa^mple/",
        "{static}/x.png",
    ] {
        check(&format!("[a]({bad})"), &[("bad-link", bad)]);
    }
    check(
        "[a](<https://b example.org/x>)",
        &[("bad-link", "https://b example.org/x")],
    );
    check(
        "[a](the address to come)",
        &[("bad-link", "[a](the address to come)")],
    );
}

#[test]
fn sees_images_without_words() {
    check(
        "![](a.png) ![ ](b.png)",
        &[("no-alt", "![](a.png)"), ("no-alt", "![ ](b.png)")],
    );
    check(
        "<img src=a.png> <img src=b.png alt=\"\">",
        &[("no-alt", "<img src=a.png>")],
    );
    check(
        "<figure>\n  <img\n   src=a.png>\n</figure>",
        &[("no-alt", "<img\n   src=a.png>")],
    );
}

#[test]
fn sees_fragments_that_lead_nowhere() {
    check(
        "# What's *new*\n\n<a id=x></a>\n<p id=\"y\">\n\n[a](#whats-new) [b](#x) [c](#y) [d](#z) \
         [e](https://n.example/7/#w) [f](https://n.example/8/#w) [g](#top)",
        &[
            ("dead-fragment", "#z"),
            ("dead-fragment", "https://n.example/7/#w"),
        ],
    );
    check_words(
        "# What's new\n\n[a](#What's-new)",
        "nothing in this issue has the id `What's-new`",
        "the heading's id is `#whats-new`",
    );
    check(
        "# Été\n\n[a](#%C3%A9t%C3%A9) [b](#ete)",
        &[("dead-fragment", "#ete")],
    );
}

#[test]
fn sees_references_without_a_definition() {
    check(
        "See [the page][page] and [`x`][y], [z][].",
        &[
            ("undefined-reference", "[the page][page]"),
            ("undefined-reference", "][y]"),
            ("undefined-reference", "[z][]"),
        ],
    );
    check("\\[a\\]\\[b\\] a[b][c] [1][2] [^a][b", &[]);
    check_words(
        "[the page][page]",
        "no line of this issue says where `[page]` leads",
        "add `[page]: https://…` on a line of its own",
    );
}

#[test]
fn sees_links_to_what_is_not_published() {
    check(
        "[a](../2021-05.md#x)",
        &[("relative-link", "../2021-05.md#x")],
    );
    check("[a](meetup)", &[("relative-link", "meetup")]);
    check("![a](picture)", &[]);
}

#[test]
fn sees_raw_html_that_is_not_published() {
    check(
        "<script>\n\"<b onclick=x>\"\n</script>\n\n<iframe src=\"https://a.example/p\"></iframe> <p onclick=\"x()\">",
        &[
            ("unsafe-html", "<script>"),
            ("unsafe-html", "<iframe src=\"https://a.example/p\">"),
            ("unsafe-html", "x()"),
        ],
    );
    check("A Vec<T> here", &[("unknown-tag", "<T>")]);
    check(
        "<form action=x><input></form>",
        &[
            ("unsafe-html", "<form action=x>"),
            ("unsafe-html", "<input>"),
        ],
    );
    check("> <div>\n> <a href=\n> \"TODO\"", &[("broken-html", "<")]);
    check("a\n\n<!-- b\n\nc", &[("broken-html", "<!--")]);
}

#[test]
fn points_into_raw_html_over_several_lines() {
    check(
        "- <div>\r\n  <a title=\"x\"\r\n     href=\"www.b.example\">c</a>\r\n  </div>\r\n",
        &[("no-scheme", "www.b.example")],
    );
}

#[test]
fn tells_of_a_definition_once() {
    check(
        "[a][x] [b][x] [c][X]\n\n[x]: www.b.example\n",
        &[("no-scheme", "www.b.example")],
    );
}

#[test]
fn costs_no_more_than_the_issue_is_long() {
    for part in [
        "](", "][", "[a][", "_", "TODO ", "A_", "<a href=", "![](", "[x](#y) ", "l", "[a]() ",
    ] {
        let (_, problems) = found(&part.repeat(100_000 / part.len()));
        assert!(problems.len() <= 100_000);
    }
}

#[test]
fn sees_readings_without_link_or_curator() {
    let reading = |title, url, has_curator| ReadingSeen {
        title,
        url,
        has_curator,
        span: 1..2,
    };
    let path = Path::new("issues/7.md");
    let codes = |seen: &[ReadingSeen<'_>]| -> Vec<String> {
        readings_problems(path, seen)
            .into_iter()
            .map(|problem| problem.code.into_owned())
            .collect()
    };
    let link = Some("https://a.example");
    assert_eq!(
        codes(&[reading("A", link, true), reading("B", link, true)]),
        [""; 0]
    );
    assert_eq!(
        codes(&[reading("A", link, false), reading("B", None, false)]),
        ["reading-without-link"]
    );
    assert_eq!(
        codes(&[reading("A", link, true), reading("B", link, false)]),
        ["reading-without-curator"]
    );
}
