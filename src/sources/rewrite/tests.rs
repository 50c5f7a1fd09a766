use super::scope::scheme;
use super::*;

/// The Atom that a document becomes, without what every one has.
#[track_caller]
fn check(source: &str, expected: &str) {
    let mut log = Log::default();
    let rewritten = rewrite(source, None, &mut log).unwrap();
    let body = rewritten
        .xml
        .strip_prefix("<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>feed</id>");
    let body = body.and_then(|body| body.strip_suffix("</feed>")).unwrap();
    assert_eq!(body, expected);
}

#[test]
fn writes_one_dialect() {
    let atom = "<title>T</title><entry><title>A</title><id>http://e.example/a</id>\
                <link rel=\"alternate\" href=\"=http://e.example/a\"/></entry>";
    check(
        "<rss><channel><title>T</title><item><title>A</title>\
         <link>http://e.example/a</link></item></channel></rss>",
        atom,
    );
    check(
        "<rdf:RDF><channel><title>T</title></channel><item><title>A</title>\
         <link>http://e.example/a</link></item></rdf:RDF>",
        atom,
    );
    check(
        "<a:feed xmlns:a='http://purl.org/atom/ns#'><a:title>T</a:title><a:entry>\
         <a:title>A</a:title><a:link href='http://e.example/a'/></a:entry></a:feed>",
        atom,
    );
}

#[test]
fn balances_tags() {
    check(
        "<rss><item><guid>1</guid><description><p>a<b>b</p>c<br>d</description>",
        "<entry><summary type=\"html\"><![CDATA[<p>a<b>b</b></p>c<br>d]]></summary><id>1</id></entry>",
    );
    check(
        "<rss><item><guid>1<title>x<link>http://e.example/</item>",
        "<entry><title>x</title><id>1</id>\
         <link rel=\"alternate\" href=\"=http://e.example/\"/></entry>",
    );
}

#[test]
fn closes_sections_that_hold_their_own_end() {
    check(
        "<rss><item><guid>1</guid><title>a]]&gt;&lt;b</title></item></rss>",
        "<entry><title><![CDATA[a]]]]><![CDATA[><b]]></title><id>1</id></entry>",
    );
}

#[test]
fn tells_what_is_no_feed() {
    let read = |source| {
        rewrite(source, None, &mut Log::default())
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        read("<!DOCTYPE html><html><body><p>Hi</p></body></html>"),
        "the document is a web page, not a feed"
    );
    assert_eq!(
        read("<opml><body/></opml>"),
        "the document is not a feed: it has neither channel, feed nor entries"
    );
}

#[test]
fn finds_schemes() {
    assert_eq!(scheme("http://e.example/"), Some("http"));
    assert_eq!(scheme("tag:e.example,2026:1"), Some("tag"));
    assert_eq!(scheme("/a:b"), None);
    assert_eq!(scheme("a/b"), None);
    assert_eq!(scheme("//e.example/"), None);
}
