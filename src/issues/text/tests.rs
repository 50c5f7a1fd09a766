use url::Url;

use crate::issues::{content, markdown};

#[track_caller]
fn check(markdown: &str, expected: &str) {
    let page = Url::parse("https://n.example/7/").unwrap();
    let events = markdown::parse(markdown, 0..markdown.len());
    let text = content::text(&events, &page);
    assert_eq!(text, expected);
    assert!(text.lines().all(|line| line == line.trim_end()));
}

#[test]
fn wraps_at_seventy_two_columns() {
    let words = "word ".repeat(30);
    let line = "word ".repeat(14);
    check(&words, &format!("{0}\n{0}\nword word\n", line.trim()));
    check(
        &format!("- {words}"),
        &format!("- {0}\n  {0}\n  word word\n", line.trim()),
    );
    check(
        &"字".repeat(40),
        &format!("{}\n字字字字\n", "字".repeat(36)),
    );
    let long = "x".repeat(100);
    check(&format!("a {long} b"), &format!("a\n{long}\nb\n"));
}

#[test]
fn numbers_addresses_and_lists_each_once() {
    check(
        "## A\n\n[One](/1), [two](https://b.example) and [one](/1).\n\n## B\n\n[One](/1), [x](#f).",
        "A\n-\n\nOne [1], two [2] and one [1].\n\n[1] https://n.example/1\n[2] https://b.example\n\n\
         B\n-\n\nOne [1], x [3].\n\n[3] https://n.example/7/#f\n",
    );
    check(
        "See https://a.example/x, <me@a.example> and [a.example](https://a.example/).",
        "See https://a.example/x, me@a.example and a.example.\n",
    );
    check("[a]() [b](javascript:x) [](c)", "a b\n");
}

#[test]
fn keeps_a_number_with_its_text() {
    let words = "word ".repeat(14);
    check(
        &format!("{words}[a](/b)"),
        &format!("{}\na [1]\n\n[1] https://n.example/b\n", words.trim()),
    );
}

#[test]
fn underlines_headings() {
    check(
        "# Title\n\na\n\n## *Second*\n### Third\n\nb\n",
        "Title\n=====\n\na\n\nSecond\n------\n\n### Third\n\nb\n",
    );
}

#[test]
fn hangs_lists_and_quotes() {
    check(
        "1. a\n2. b\n   - c\n   - d\n\n     e\n10. f\n\n- \n- g\n",
        "1. a\n2. b\n   - c\n\n   - d\n\n     e\n\n3. f\n\n-\n- g\n",
    );
    check("- a\n\n  b\n  - c\n\n- d", "- a\n\n  b\n\n  - c\n\n- d\n");
    check("- a\n- b\n  - c\n- d\n\ne\n", "- a\n- b\n  - c\n- d\n\ne\n");
    check(
        "a\n\n> b\n>\n> - c\n>\n> d\n\ne",
        "a\n\n> b\n>\n> - c\n>\n> d\n\ne\n",
    );
    check("- [ ] a\n- [x] b", "- ☐ a\n- ☑ b\n");
    check("a\\\nb  \nc\nd", "a\nb\nc d\n");
}

#[test]
fn leaves_code_as_it_is() {
    check(
        "a `b  c`\n\n```\nlet  x = 1;\n\n  y\n```\n\nd",
        "a `b c`\n\n    let  x = 1;\n\n      y\n\nd\n",
    );
}

#[test]
fn lays_out_tables() {
    check(
        "| a | number |\n|---|---:|\n| *b* | 1 |\n| 日本 | 10 |\n",
        "a     number\n----  ------\nb          1\n日本      10\n",
    );
    let long = "long ".repeat(10);
    check(
        &format!("| a | b |\n|---|---|\n| {long} | {long} |\n| c | |\n"),
        &format!("a: {0}\nb: {0}\n\na: c\n", long.trim()),
    );
}

#[test]
fn says_what_images_show() {
    check(
        "![A *boat*](b.png)\n\n![](c.png)\n\nd",
        "[image: A boat]\n\nd\n",
    );
    check(
        "[![Boat](b.png)](/x)",
        "[image: Boat] [1]\n\n[1] https://n.example/x\n",
    );
}

#[test]
fn puts_footnotes_at_the_end() {
    check(
        "A[^x] b[^y].\n\n[^y]: Y [z](/z).\n[^x]: X\n\n    more\n[^unused]: U",
        "A[^1] b[^2].\n\n* * *\n\n[^1] X\n\n     more\n\n[^2] Y z [1].\n\n[1] https://n.example/z\n",
    );
}

#[test]
fn takes_tags_off_raw_html() {
    check(
        "a<br>b <b>c</b> <a href=\"/d\">e</a> <script>f()</script> &eacute;&#x1F680; <T>",
        "a\nb c e [1]  é🚀 <T>\n\n[1] https://n.example/d\n"
            .replace("]  é", "] é")
            .as_str(),
    );
    check(
        "<div>\n<p>A &amp; b</p>\n<ul><li>c</li><li><a href=\"x\">d</a></li></ul>\n\
         <img src=x alt=\"E\"><style>f</style></div>\n\ng",
        "A & b\n\n- c\n- d [1]\n\n[image: E]\n\ng\n\n[1] https://n.example/7/x\n",
    );
    check("<!-- a -->\n\nb<!-- c -->", "b\n");
}

#[test]
fn carries_every_script() {
    check(
        "שלום **עולם** 👩\u{200D}🔬 ñ\u{300}",
        "שלום עולם 👩\u{200D}🔬 ñ\u{300}\n",
    );
    check("a&#8;b&#x1b;[31m\u{7}\u{85}", "ab[31m…\n");
}

#[test]
fn marks_breaks_and_struck_text() {
    check("a\n\n---\n\n~~b~~", "a\n\n* * *\n\n~~b~~\n");
}

#[test]
fn goes_no_deeper_than_fits() {
    let markdown = format!("{} a\n{}b", ">".repeat(3000), "- ".repeat(3000));
    let page = Url::parse("https://n.example/7/").unwrap();
    let events = markdown::parse(&markdown, 0..markdown.len());
    let text = content::text(&events, &page);
    assert!(text.lines().all(|line| line.len() <= 72));
}
