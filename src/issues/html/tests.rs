use url::Url;

use super::*;
use crate::issues::markdown;

/// HTML as it is published from an issue that holds it.
#[track_caller]
fn published(markdown: &str) -> String {
    let page = Url::parse("https://n.example/7/").unwrap();
    let events = markdown::parse(markdown, 0..markdown.len());
    crate::issues::content::html(&events, &page, true)
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(published(markdown).trim_end(), expected, "{markdown}");
}

#[track_caller]
fn check_rewritten(raw: &str, clean: bool, expected: &str) {
    let page = Url::parse("https://n.example/7/").unwrap();
    assert_eq!(
        rewrite(raw, &page, clean, &mut Nesting::default()),
        expected
    );
}

#[test]
fn nothing_that_runs_is_published() {
    for hostile in HOSTILE {
        // Alone, in a paragraph, over several lines, and as part of a list.
        for markdown in [
            (*hostile).to_owned(),
            format!("Before {hostile} after"),
            format!("<div>\n{hostile}\n</div>\n\nAfter"),
            format!("- {hostile}\n- [x](y)"),
        ] {
            assert_inert(&published(&markdown), &markdown);
        }
    }
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)//",
    "<img src=\"x\" onerror=\"alert(1)\">",
    "<img/src=\"x\"/onerror=alert(1)>",
    "<img src='a' alt='\"' onerror='alert(1)'>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=javascript:alert(1)>",
    "<img src=\"data:text/html,<script>alert(1)</script>\">",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<img srcset=\"javascript:alert(1) 1x\">",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"jav&#x61;script:alert(1)\">x</a>",
    "<a href=\"jav&#97script:alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"java&Tab;script:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href=javascript:alert(1) >x</a>",
    "<a href=\"x\" style=\"background:url(javascript:alert(1))\" onclick=alert(1)>x</a>",
    "<a\nhref=\"javascript:alert(1)\"\n>x</a>",
    "<a title=\"\n\n[x](https://e.example/onclick=alert(1)) \">",
    "<div title=\"\n\n[x](https://e.example/onclick=alert(1))",
    "<div onmouseover\n=\nalert(1)>x</div>",
    "<div \u{0}onclick=alert(1)>x</div>",
    "<scr\u{0}ipt>alert(1)</script>",
    "<style>@import 'x'; body{background:url(javascript:alert(1))}</style>",
    "<style><img src=\"</style><img src=x onerror=alert(1)>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=x title=\"<script>alert(1)</script>\">",
    "<object data=\"javascript:alert(1)\"></object>",
    "<embed src=\"javascript:alert(1)\">",
    "<form action=\"javascript:alert(1)\"><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<base href=\"javascript:alert(1)//\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=\"javascript:alert(1)\">",
    "<body onload=alert(1)>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--> <script>alert(1)</script> -->",
    "<!-- --!> <img src=x onerror=alert(1)> -->",
    "<![CDATA[ ><script>alert(1)</script> ]]>",
    "<?php <script>alert(1)</script> ?>",
    "<!DOCTYPE x [<script>alert(1)</script>]>",
    "<template><script>alert(1)</script></template>",
    "<custom-thing onclick=alert(1)>x</custom-thing>",
    "<p onclick=alert(1)//>x",
    "</p onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "# Title {onclick=alert(1)}",
    "# Title {style=\"background:url(javascript:alert(1))\" #a\"onclick=alert(1)}",
    "```a\"onclick=alert(1)\nx\n```",
    "![\"onerror=alert(1) x=\"](y)",
    "[a](b \"\\\" onclick=alert(1)\")",
];

/// Walks the tags that came out as a browser would.
#[track_caller]
pub(in crate::issues) fn assert_inert(html: &str, markdown: &str) {
    const RUNS: [&str; 16] = [
        "script", "style", "svg", "math", "iframe", "object", "embed", "form", "input", "button",
        "base", "meta", "link", "template", "noscript", "textarea",
    ];
    for token in Tokens::new(html) {
        let tag = match token.kind {
            Kind::Start(tag) => tag,
            Kind::Text | Kind::End(_) => continue,
            other => panic!("{other:?} from {markdown:?}: {html}"),
        };
        let name = tag.name.to_ascii_lowercase();
        assert!(!RUNS.contains(&name.as_str()), "{markdown:?}: {html}");
        for attribute in &tag.attributes {
            let name = attribute.name.to_ascii_lowercase();
            assert!(!name.starts_with("on"), "{markdown:?}: {html}");
            if matches!(name.as_str(), "href" | "src" | "poster" | "cite") {
                let value = tags::decode(attribute.value.unwrap_or(""));
                let url = Url::parse(&value);
                let scheme = url.as_ref().map(|url| url.scheme().to_owned());
                let scheme = scheme.unwrap_or_default();
                let picture = name == "src" && value.starts_with("data:image/");
                assert!(
                    picture || crate::model::address::SCHEMES.contains(&scheme.as_str()),
                    "{value} from {markdown:?}: {html}"
                );
            }
        }
    }
}

#[test]
fn keeps_what_readers_may_see() {
    check(
        "a <sub>1</sub> <small>b</small><br>c",
        "<p>a <sub>1</sub> <small>b</small><br>c</p>",
    );
    check(
        "<figure>\n<img src=\"/a.png\" alt=\"A\">\n<figcaption>Cap</figcaption>\n</figure>",
        "<figure>\n<img src=\"https://n.example/a.png\" alt=\"A\">\n\
         <figcaption>Cap</figcaption>\n</figure>",
    );
    check(
        "<details open><summary>S</summary><p lang=fr dir=ltr id=x>D</p></details>",
        "<details open=\"\"><summary>S</summary><p lang=\"fr\" dir=\"ltr\" id=\"x\">D</p></details>",
    );
    check(
        "<video controls poster=\"p.png\" onplay=x><source src=\"v.mp4\" type=\"video/mp4\"></video>",
        "<p><video controls=\"\" poster=\"https://n.example/7/p.png\">\
         <source src=\"https://n.example/7/v.mp4\" type=\"video/mp4\"></video></p>",
    );
    check("<div class=\"x\">a</div>", "<div>a</div>");
}

#[test]
fn keeps_markdown_beside_raw_html_as_it_was() {
    check(
        "<div>a</div>\n\n```rust\nx\n```\n\n| a |\n|--:|\n| 1 |\n\n3. c\n\n> [!NOTE]\n> d\n",
        "<div>a</div>\n<pre><code class=\"language-rust\">x\n</code></pre>\n<table><thead><tr>\
         <th style=\"text-align: right\">a</th></tr></thead><tbody>\n<tr>\
         <td style=\"text-align: right\">1</td></tr>\n</tbody></table>\n<ol start=\"3\">\n\
         <li>c</li>\n</ol>\n<blockquote class=\"markdown-alert-note\">\n<p>d</p>\n</blockquote>",
    );
}

#[test]
fn closes_what_was_left_open() {
    check("<div>a\n\nb", "<div>a\n<p>b</p>\n</div>");
    check("a <b>c\n\nd</div>", "<p>a <b>c</b></p><b>\n<p>d</p>\n</b>");
    check("a</b>", "<p>a</p>");
}

#[test]
fn puts_no_link_into_a_link() {
    check(
        "<a href=\"https://a.example\">x [y](https://b.example) z</a>",
        "<p><a href=\"https://a.example\">x </a><a href=\"https://b.example\">y</a> z</p>",
    );
    check(
        "<a href=/b>a[^1] c</a>\n\n[^1]: N",
        "<p><a href=\"https://n.example/b\">a<sup id=\"fnref-1\"></sup></a>\
         <a href=\"https://n.example/7/#fn-1\">1</a> c</p>\n\
         <section class=\"footnotes\"><ol>\n<li id=\"fn-1\">\n<p>N</p>\n\
         <a href=\"https://n.example/7/#fnref-1\">↩</a></li>\n</ol></section>",
    );
}

#[test]
fn nests_no_deeper_than_programs_can_bear() {
    let html = published(&"<div>\n\n".repeat(1_000));
    assert_eq!(html.matches("<div>").count(), 64);
    let html = published(&format!("{}x", "> ".repeat(1_000)));
    assert_eq!(html.matches("<blockquote>").count(), 64);
    assert_eq!(html.matches("</blockquote>").count(), 64);
    let phrases: Vec<String> = (0..100).map(|id| format!("<b id=x{id}>")).collect();
    let phrases = phrases.concat();
    let html = published(&format!("{phrases}{}", "\n\na".repeat(10)));
    assert!(html.matches("<b").count() <= 16 * 11);
    let flat = published(&"<p>a<div>b</div><b>c</b>".repeat(200));
    assert_eq!(flat.matches("<b>").count(), 200);
}

#[test]
fn makes_links_of_frames() {
    check(
        "<iframe width=\"560\" src=\"//www.youtube.com/embed/a-B_9?rel=0\" title=\"A & B\"></iframe>",
        "<a href=\"https://www.youtube.com/watch?v=a-B_9\">A &amp; B</a>",
    );
    check(
        "See <iframe src=\"/p\">old</iframe>.",
        "<p>See <a href=\"https://n.example/p\">https://n.example/p</a>.</p>",
    );
    check(
        "<embed src=\"x.swf\">",
        "<a href=\"https://n.example/7/x.swf\">https://n.example/7/x.swf</a>",
    );
}

#[test]
fn shows_what_only_looks_like_a_tag() {
    check(
        "A Vec<T> and Box<dyn Fn>.",
        "<p>A Vec&lt;T&gt; and Box&lt;dyn Fn&gt;.</p>",
    );
    check("The <script> tag.", "<p>The &lt;script&gt; tag.</p>");
    check(
        "The <title> and </T>.",
        "<p>The &lt;title&gt; and &lt;/T&gt;.</p>",
    );
    check("<div>\n1 < 2\n</div>", "<div>\n1 &lt; 2\n</div>");
    check(
        "<div>\n<a href=\"never ends\n</div>\n\nb",
        "<div>\n&lt;a href=\"never ends\n&lt;/div&gt;\n<p>b</p>\n</div>",
    );
}

#[test]
fn comments_are_for_editors() {
    check("a <!-- b --> c", "<p>a  c</p>");
    check("<!-- more -->\n\na", "<p>a</p>");
    check("<!--\na\n\nb\n-->\nc", "<p>c</p>");
    check_rewritten("a<!-- b -->c<!d>", false, "ac<!d>");
}

#[test]
fn makes_addresses_in_raw_html_absolute() {
    check_rewritten(
        "<a href=/x?a=1&amp;b=2>y</a>",
        true,
        "<a href=\"https://n.example/x?a=1&amp;b=2\">y</a>",
    );
    check_rewritten(
        "<a href='https://a.example/?a=1&amp;b=2' title='\"'>y</a>",
        true,
        "<a href='https://a.example/?a=1&amp;b=2' title='\"'>y</a>",
    );
    check_rewritten(
        "<a href='#n' title='\"'>",
        true,
        "<a href=\"https://n.example/7/#n\" title=\"&quot;\">",
    );
    check_rewritten(
        "<img\n  src = ?q\n  srcset=\"//c.example/a 2x\"\n/>",
        true,
        "<img src=\"https://n.example/7/?q\" srcset=\"https://c.example/a 2x\" />",
    );
    check_rewritten("<a href=\"\" name=n>x</a>", true, "<a name=\"n\">x</a>");
    check_rewritten("<img src=\"javascript:x\" alt=\"a&lt;b\">", true, "a&lt;b");
    check_rewritten(
        "<a href=www.b.example>",
        true,
        "<a href=\"https://www.b.example/\">",
    );
    check_rewritten(
        "<a href='mailto:a@b.example'>",
        true,
        "<a href='mailto:a@b.example'>",
    );
}

#[test]
fn changes_no_more_than_addresses_where_html_is_trusted() {
    check_rewritten(
        "<script src=\"/s.js\">a < b</script><a onclick=x href=\"javascript:y\">z</a>",
        false,
        "<script src=\"https://n.example/s.js\">a < b</script><a onclick=x href=\"javascript:y\">z</a>",
    );
}

#[test]
fn decodes_character_references() {
    let check = |text: &str, expected: &str| assert_eq!(tags::decode(text), expected);
    check(
        "a&amp;b&#x41;&#66;&#67 &eacute;&NotEqualTilde;",
        "a&bABC é≂̸",
    );
    check(
        "&copy=1 &nosuch; & &; &#; &#x; &#0;",
        "&copy=1 &nosuch; & &; &#; &#x; \u{FFFD}",
    );
    check("&#99999999999;", "\u{FFFD}");
}

#[test]
fn reads_hostile_html_in_linear_time() {
    for part in [
        "<a ",
        "<a b=\"",
        "<!-",
        "<!--",
        "</",
        "<title>",
        "<textarea>x",
        "&amp",
        "<T>",
        "<x y=z>",
    ] {
        let markdown = part.repeat(200_000 / part.len());
        check_rewritten_ends(&markdown);
        check_rewritten_ends(&format!("<div>\n{markdown}"));
    }
}

#[track_caller]
fn check_rewritten_ends(markdown: &str) {
    let page = Url::parse("https://n.example/7/").unwrap();
    let rewritten = rewrite(markdown, &page, true, &mut Nesting::default());
    assert!(rewritten.len() <= markdown.len() * 6);
}
