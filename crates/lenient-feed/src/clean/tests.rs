use proptest::prelude::*;

use super::*;

fn base_of(url: Option<&Url>) -> Base<'_> {
    Base {
        own: None,
        url,
        link: None,
        parsed: OnceCell::new(),
    }
}

#[track_caller]
fn check(written: &str, expected: &str) {
    let base = Url::parse("https://harbour.example/log/").unwrap();
    assert_eq!(html(written, &base_of(Some(&base))), expected, "{written}");
}

/// Both ways give what browsers see as the same, and nothing is left to clean after the quick one.
#[track_caller]
fn check_alike(written: &str) -> bool {
    let base = Url::parse("https://harbour.example/log/?a'b&c").unwrap();
    for base in [base_of(Some(&base)), base_of(None)] {
        let base = &base;
        let Some(quick) = quick::clean(written, base) else {
            return false;
        };
        assert_eq!(
            thorough(&quick, base),
            thorough(written, base),
            "{written:?} -> {quick:?}"
        );
        let seen = scraper::Html::parse_fragment(&quick)
            .root_element()
            .inner_html();
        assert_eq!(
            thorough(&quick, &base_of(None)),
            seen,
            "{written:?} -> {quick:?}"
        );
    }
    true
}

#[test]
fn keeps_structure_and_makes_addresses_absolute() {
    check(
        "<P Class=x>a <A HREF='b?c&amp;d' onclick=\"e()\">f</A><br/>g<img src=h.png alt=\"i\"></P>",
        "<p>a <a href='https://harbour.example/log/b?c&amp;d'>f</a><br>g\
         <img src=\"https://harbour.example/log/h.png\" alt=\"i\"></p>",
    );
    check(
        "<section><h2>a</h2><table><tr><td>b</td></tr></table></section>",
        "<h2>a</h2><table><tr><td>b</td></tr></table>",
    );
    check("<ul><li>a</li> <li>b", "<ul><li>a</li> <li>b</li></ul>");
}

#[test]
fn leaves_out_what_runs_or_hides() {
    check("a<script>b</script>c<style>d</style>e<!-- f -->g", "aceg");
    check("a<applet code=x><p>b</p></applet>c", "ac");
    check("<p>a</p>b <!-- c", "<p>a</p>b ");
    check(
        "<a href='javascript:x'>a</a><img src=\"data:x\">",
        "<a>a</a><img>",
    );
    check("<svg onload=x()><p>a", "<p>a</p>");
    check(
        "<p style='x' title=\"t\" onload='x'>a</p>",
        "<p title=\"t\">a</p>",
    );
}

#[test]
fn a_flood_of_references_does_not_take_quadratic_time() {
    let flood = |count: usize| format!("<applet>a</applet><i>{}</i>", "b &amp; c ".repeat(count));
    assert!(!is_costly(&flood(5_000)));
    assert!(html(&flood(5_000), &base_of(None)).starts_with("<i>b &amp; c b"));
    assert!(is_costly(&flood(20_000)));
    // Many seconds, where the time grows with the square.
    let clean = html(&flood(800_000), &base_of(None));
    assert!(!clean.contains('<') && clean.ends_with("b &amp; c"));
}

#[test]
fn keeps_as_text_what_is_no_tag() {
    check("a <b", "a &lt;b");
    check("1 < 2 <i>x</i>", "1 &lt; 2 <i>x</i>");
    check(
        "<p>a</p> <!' <a href=\"/b\">c</a>",
        "<p>a</p> &lt;!' <a href=\"https://harbour.example/b\">c</a>",
    );
    check("<![CDATA[<p>a</p>]]>", "<p>a</p>");
    check("<![if !IE]>a<![endif]>", "a");
    check("<p title=\"a>b</p><p>c</p>", "<p title=\"a\">b</p><p>c</p>");
    check(
        "<noscript><p>a</p></noscript><iframe src=x></iframe>b",
        "<p>a</p>b",
    );
    check(
        "a <math><mi>x</mi><mo>=</mo></math> <svg w=1><text>b</text></svg>",
        "a x = b",
    );
}

#[test]
fn pieces_do_not_join() {
    for written in [
        "&l<font>t;</font>",
        "&am<!-- -->p;lt;",
        "<h1><font><h2>a</h2></font></h1>",
        "<pre><font>\n</font>\na</pre>",
        "<pre><!-- x -->\na</pre>",
    ] {
        assert!(!check_alike(written), "{written}");
    }
}

#[test]
fn the_quick_way_is_the_usual_one() {
    for written in [
        "<p>It&#8217;s <a href=\"https://e.example/a?b&amp;c\" rel=\"nofollow\">so</a>.</p>\n<p>b</p>",
        "<figure class=\"x\"><img src=\"https://e.example/a.jpg\" srcset=\"b 2x\" /><figcaption>c</figcaption></figure>",
        "<ol start=\"2\"><li>a<ul><li>b</li></ul></li></ol><dl><dt>c</dt><dd>d</dd></dl>",
        "<table><thead><tr><th scope=col>a</th></tr></thead>\n<tbody><tr><td><p>b</p></td></tr></tbody></table>",
        "<pre><code class=\"language-rust\">a &lt; b\n</code></pre><hr/><blockquote><p>c</p></blockquote>",
        "<<font>script></font>",
        "<picture><source srcset=\"a\"><img src=\"b\"></picture><video src=\"c\">d</video>",
    ] {
        assert!(check_alike(written), "{written}");
    }
}

/// Elements of all sorts.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "a", "b", "p", "div", "span", "ul", "li", "dl",
    "dt", "dd", "table", "tr", "td", "tbody", "thead", "th",
    "h1", "h2", "pre", "br", "hr", "img", "font", "section",
    "script", "style", "picture", "source", "svg", "math", "select", "button",
    "form", "nobr", "ruby", "rt", "P", "blockquote", "code", "em",
    "i", "iframe", "template", "textarea", "summary", "details", "main", "video",
    "input", "wbr", "col", "caption", "frameset", "body", "o:p", "mi",
];

/// Attributes of all sorts.
#[rustfmt::skip]
const VALUES: &[&str] = &[
    "", " href=\"a\"", " href='https://e.example/?a&b'", " src=\"javascript:x\"", " class=x", " title='a\"b'", " href=\"a'b&amp;c\"", " onclick=\"x\"",
    " href", " title=\"&lt;\"", " alt=\"a>b\"", " href=a/b", " /", " href=\" https://e.example\"", " src=\"//e.example/é\"", " href=\"http://\"",
    " href=\"https://1.2\"", " title=a title=b", " href=\"&#106;avascript:x\"", "/", " lang=\"de\" Lang=\"en\"", " href=\"https://E.example\"",
];

/// What is between tags.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "x", " ", "\n", "&", "&amp;", "&lt;", "&l", "t;",
    "<", ">", "<!-- c -->", "<!--", "-->", "<!x>", "é", "</",
    "<?x?>", "&#60;", "&#0;", "script>", "'", "\"", "]]>", "<![CDATA[",
    "\u{a0}", "&nbsp", "&amp", "p;", "=", "\u{c}",
];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

fn piece() -> impl Strategy<Value = String> {
    let values = prop::sample::select(VALUES.to_vec());
    let texts = prop::sample::select(TEXTS.to_vec());
    prop_oneof![
        3 => (name(), values).prop_map(|(name, values)| format!("<{name}{values}>")),
        3 => name().prop_map(|name| format!("</{name}>")),
        3 => texts.prop_map(str::to_owned),
    ]
}

/// Elements that are closed in their turn.
fn tree() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        piece(),
        Just("x".to_owned()),
        Just(" ".to_owned()),
        Just("&am".to_owned())
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let names = prop::sample::select(vec![
            "a",
            "b",
            "p",
            "div",
            "span",
            "ul",
            "li",
            "dl",
            "dt",
            "table",
            "tr",
            "td",
            "tbody",
            "h1",
            "h2",
            "pre",
            "font",
            "section",
            "picture",
            "script",
            "style",
            "blockquote",
            "code",
            "em",
        ]);
        (names, prop::collection::vec(inner, 0..5))
            .prop_map(|(name, inner)| format!("<{name}>{}</{name}>", inner.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn both_ways_agree_on_any_pieces(pieces in prop::collection::vec(piece(), 0..12)) {
        check_alike(&pieces.concat());
    }

    #[test]
    fn both_ways_agree_on_any_tree(trees in prop::collection::vec(tree(), 0..4)) {
        check_alike(&trees.concat());
    }
}
