//! HTML that a strict parser, or a reader, does not take.

use super::{Report, html};

/// The rules that the HTML breaks, each once.
#[track_caller]
fn check(html: &str, expected: &[&str]) {
    let mut report = Report::default();
    html::check(html, "content", &mut report);
    let mut rules: Vec<&str> = report
        .remarks
        .iter()
        .map(|remark| remark.split(':').next().unwrap_or_default())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    assert_eq!(rules, expected, "{html}\n{:?}", report.remarks);
}

#[test]
fn takes_what_is_html() {
    check(
        "<p>a<br>b<br />c<img src='https://e.org/a.png' alt=x></p><p>d",
        &[],
    );
    check("<ul><li>a<li>b<ul><li>c</ul></ul>", &[]);
    check("<dl><dt>a<dd>b<dt>c</dl>", &[]);
    check(
        "<table><tr><td>a<td>b<tr><td><table><tr><th>c</table></table>",
        &[],
    );
    check(
        "a &amp; b &lt; &copy; &#8212; &#x2014; &eacute; &Omega; AT&T a&b=c",
        &[],
    );
    check(
        "<!-- a -- b --><details open><summary>a</summary><p>b</p></details>",
        &[],
    );
    check("<input type=\"checkbox\" disabled=\"\" checked>", &[]);
    check(
        "<p data-x=\"1\" style=\"text-align: center; color: #fff\">a</p>",
        &[],
    );
    check(
        "<a href=\"mailto:a@e.org\">a</a><a href=\"tel:+12\">b</a>",
        &[],
    );
    check("<p>a</p><pre>b</pre><blockquote><p>c</p></blockquote>", &[]);
    check("a < b", &["NotHtml"]);
}

#[test]
fn notices_tags_that_do_not_balance() {
    check("<b>a", &["NotHtml"]);
    check("a</b>", &["NotHtml"]);
    check("<b><i>a</b></i>", &["NotHtml"]);
    check("<div>a<p>b</div>", &[]);
    check("<p><div>a</div></p>", &["NotHtml"]);
    check("<p><b><ul><li>a</li></ul></b></p>", &["NotHtml"]);
    check("<h1><h2>a</h2></h1>", &["NotHtml"]);
    check("a</br>", &["NotHtml"]);
    check("<div/>", &["NotHtml"]);
    check(
        "<a href=\"https://e.org/\">a<a href=\"https://e.org/\">b</a></a>",
        &["NotHtml"],
    );
    check("<p", &["NotHtml"]);
    check("<p a=\"b>c</p>", &["NotHtml"]);
    check("<p a=\"b\"class=\"d\">c</p>", &["NotHtml"]);
    check("<!-- a", &["NotHtml"]);
    check("<!DOCTYPE html>", &["NotHtml"]);
    check("<?php a ?>", &["NotHtml"]);
    check("</p class=\"a\">", &["NotHtml"]);
}

#[test]
fn notices_tables_that_are_none() {
    check("<table>a<tr><td>b</td></tr></table>", &["NotHtml"]);
    check("<table><tr><p>b</p></tr></table>", &["NotHtml"]);
    check("<tr><td>a</td></tr>", &["NotHtml"]);
    check("<table><td>a</td></table>", &["NotHtml"]);
}

#[test]
fn notices_names_that_are_none() {
    check("<current>a</current>", &["NotHtml"]);
    check("<svg></svg>", &["NotHtml"]);
    check("<p class=\"a\" class=\"b\">c</p>", &["NotHtml"]);
    check("&nosuch;", &["NotHtml"]);
    check("&copy 2024", &["NotHtml"]);
    check("&#146;", &["NotHtml"]);
    check("&#x0;", &["NotHtml"]);
    check("&#8212 a", &["NotHtml"]);
    check("<a href=\"https://e.org/?a=1&copy=2\">a</a>", &["NotHtml"]);
}

#[test]
fn notices_what_readers_cut_out() {
    check("<script>a</script>", &["SecurityRisk"]);
    check("<style>a</style>", &["SecurityRisk"]);
    check(
        "<iframe src=\"https://e.org/\"></iframe>",
        &["SecurityRisk"],
    );
    check("<object></object><embed>", &["SecurityRisk"]);
    check(
        "<html><head></head><body>a</body></html>",
        &["SecurityRisk"],
    );
    check("<p onclick=\"a()\">b</p>", &["SecurityRiskAttr"]);
    check("<p aria-label=\"b\">c</p>", &["SecurityRiskAttr"]);
    check("<a href=\"javascript:a()\">b</a>", &["SecurityRisk"]);
    check(
        "<img src=\"data:image/png;base64,AA\" alt=\"\">",
        &["SecurityRisk"],
    );
    check(
        "<p style=\"position: fixed\">b</p>",
        &["DangerousStyleAttr"],
    );
    check(
        "<p style=\"background: url(https://e.org)\">b</p>",
        &["DangerousStyleAttr"],
    );
    check("<p style=\"color\">b</p>", &["DangerousStyleAttr"]);
}

#[test]
fn notices_addresses_that_are_relative() {
    for address in ["/a", "a", "#a", "?a", "//e.org/a", "www.e.org", ""] {
        check(&format!("<a href=\"{address}\">b</a>"), &["ContainsRelRef"]);
        check(
            &format!("<img alt=\"\" src=\"{address}\">"),
            &["ContainsRelRef"],
        );
        check(
            &format!("<video poster=\"{address}\"></video>"),
            &["ContainsRelRef"],
        );
    }
    check(
        "<img alt=\"\" srcset=\"https://e.org/a 1x, /b 2x\">",
        &["ContainsRelRef"],
    );
    check(
        "<blockquote cite=\"/a\">b</blockquote>",
        &["ContainsRelRef"],
    );
    check("<a href=\"https://e.org/a b\">c</a>", &["InvalidUriChar"]);
}
