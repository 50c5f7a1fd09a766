use std::fmt::Write as _;

use super::*;

fn list(body: &str) -> List {
    read(format!("<opml version=\"2.0\"><body>{body}</body></opml>").as_bytes()).unwrap()
}

/// The sources of a list, a line each: address, title, tags.
#[track_caller]
fn check(body: &str, expected: &[&str]) {
    let shown: Vec<String> = list(body)
        .outlines
        .iter()
        .map(|it| {
            let title = it.title.as_deref().unwrap_or("-");
            format!("{} {title} {}", it.url, it.tags.join("|"))
        })
        .collect();
    assert_eq!(shown, expected, "{body}");
}

#[track_caller]
fn check_skipped(body: &str, expected: &[(usize, &str, Why)]) {
    let skipped: Vec<(usize, String, Why)> = list(body)
        .skipped
        .into_iter()
        .map(|it| (it.line, it.name, it.why))
        .collect();
    let expected: Vec<(usize, String, Why)> = expected
        .iter()
        .map(|(line, name, why)| (*line, (*name).to_owned(), why.clone()))
        .collect();
    assert_eq!(skipped, expected, "{body}");
}

#[test]
fn folders_and_categories_become_tags() {
    check(
        r#"<outline text="Science"><outline text="Physics &amp; more">
           <outline text="A" xmlUrl="https://a.example/feed" category="/Boston/Weather, daily,"/>
           </outline><outline text="B" xmlUrl="https://b.example/feed" category="Science,TCP/IP"/>
           </outline><outline text="C" xmlUrl="https://c.example/feed"/>"#,
        &[
            "https://a.example/feed A Science|Physics & more|Boston|Weather|daily",
            "https://b.example/feed B Science|TCP/IP",
            "https://c.example/feed C ",
        ],
    );
}

#[test]
fn what_stands_within_a_source_is_not_filed_under_it() {
    check(
        r#"<outline text="F"><outline text="A" xmlUrl="https://a.example/">
           <outline text="B" xmlUrl="https://b.example/"></outline></outline></outline>"#,
        &["https://a.example/ A F", "https://b.example/ B F"],
    );
}

#[test]
fn one_address_in_two_folders_is_one_source_with_both_tags() {
    let body = r#"<outline text="F"><outline text="A" xmlUrl="http://www.a.example/feed/"/></outline>
        <outline text="G"><outline text="again" xmlUrl="https://a.example/feed?utm_source=x"/></outline>"#;
    check(body, &["http://www.a.example/feed/ A F|G"]);
    assert_eq!(list(body).repeated, 1);
}

#[test]
fn reads_what_others_write() {
    check(
        r#"<OUTLINE TEXT='short' title="Long &#8217; &eacute;" XMLURL="HTTPS://A.example/x?a=1&amp;b=2" htmlUrl="javascript:alert(1)"/>
           <outline type="rss" text="B" url="https://b.example/rss"/>
           <outline text="C" xmlUrl=" feed://c.example/rss "/>
           <outline text="D" xmlUrl="feed:https://d.example/rss"/>
           <outline text="https://e.example/" xmlUrl="https://e.example/"/>
           <outline xmlUrl="file:feeds/a.xml"/>"#,
        &[
            "https://a.example/x?a=1&b=2 Long ’ é ",
            "https://b.example/rss B ",
            "http://c.example/rss C ",
            "https://d.example/rss D ",
            "https://e.example/ - ",
            "file:feeds/a.xml - ",
        ],
    );
}

#[test]
fn says_what_it_leaves_out_and_why() {
    let not_polled = |url: &str| Why::NotPolled(url.to_owned());
    check_skipped(
        "<outline text=\"Empty\"/>\n<outline text=\"F\">\n<outline text=\"J\" xmlUrl=\"javascript:alert(1)\"/>\n\
         <outline text=\"G\" xmlUrl=\"gopher://a.example/\"/></outline>\n\
         <outline text=\"P\" xmlUrl=\"feed.xml\"/><outline text=\"H\" xmlUrl=\"https://\"/>\
         <outline type=\"link\" text=\"L\" url=\"https://l.example/\"/>",
        &[
            (1, "Empty", Why::NoAddress),
            (3, "J", not_polled("javascript:alert(1)")),
            (4, "G", not_polled("gopher://a.example/")),
            (5, "P", not_polled("feed.xml")),
            (5, "H", not_polled("https://")),
            (5, "L", Why::NoAddress),
        ],
    );
}

#[test]
fn expands_nothing_and_fetches_nothing() {
    let bomb = "<!DOCTYPE opml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">\
        <!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
        <opml><body><outline text=\"&b;&f;\" xmlUrl=\"https://a.example/\"/></body></opml>";
    let list = read(bomb.as_bytes()).unwrap();
    assert_eq!(list.outlines[0].title.as_deref(), Some("&b;&f;"));
}

#[test]
fn reads_a_broken_list_as_far_as_it_goes() {
    let names = |text: &str| -> Vec<String> {
        let list = read(text.as_bytes()).unwrap();
        assert!(!list.repairs.is_empty(), "{text}");
        list.outlines.into_iter().map(|it| it.url).collect()
    };
    let whole = "<opml><body><outline text=\"F\"><outline text=\"R&D\" xmlUrl=\"https://a.example/?a=1&b=2\">\
        </outline></outline></outline><outline xmlUrl='https://b.example/' text=x>";
    assert_eq!(
        names(whole),
        ["https://a.example/?a=1&b=2", "https://b.example/"]
    );
    let cut = "<opml><body><outline text=\"F\"><outline xmlUrl=\"https://a.example/\"/><outline xmlUrl=\"htt";
    assert_eq!(names(cut), ["https://a.example/"]);
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = format!(
        "{}<outline text=\"A\" xmlUrl=\"https://a.example/\"/>",
        "<outline text=\"F\">".repeat(100_000)
    );
    let found = list(&deep);
    assert_eq!(found.outlines.len(), 1);
    assert_eq!(found.outlines[0].tags, ["F"]);
    let mut named = String::new();
    for number in 0..limits::DEPTH {
        let _ = write!(named, "<outline text=\"{number}\">");
    }
    let found = list(&format!("{named}<outline xmlUrl=\"https://a.example/\"/>"));
    assert_eq!(found.outlines[0].tags.len(), limits::TAGS);
    let mut many = String::new();
    for number in 0..=limits::OUTLINES {
        let _ = write!(many, "<outline xmlUrl=\"https://a.example/{number}\"/>");
    }
    let found = list(&many);
    assert_eq!(found.outlines.len(), limits::OUTLINES);
    assert_eq!(found.repairs[0].defect, Defect::TooManyEntries);
}

#[test]
fn tells_a_list_from_other_documents() {
    for other in [
        "",
        "hello",
        "<html><body><p>x</p></body></html>",
        "<rss><channel/></rss>",
    ] {
        assert_eq!(read(other.as_bytes()), None, "{other}");
    }
    assert_eq!(read(b"<opml/>"), Some(List::default()));
}

#[test]
fn names_hold_no_controls() {
    let body = "<outline text=\"a&#27;[31m&#10;b\u{9b}c\" xmlUrl=\"https://a.example/\"/>";
    let title = list(body).outlines.remove(0).title.unwrap();
    assert!(!title.chars().any(char::is_control), "{title:?}");
}
