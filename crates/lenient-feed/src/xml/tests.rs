use super::scope::scheme;
use super::*;

/// One line for the feed and for each entry: what is set, in short.
#[track_caller]
fn check(source: &str, expected: &str) {
    let feed = read(source, None, &mut Log::default()).unwrap();
    let title = |text: &Option<crate::Text>| {
        text.as_ref().map_or(String::new(), |it| {
            format!(" {:?} {:?}", it.markup, it.value)
        })
    };
    let mut lines = vec![format!("{}{}", feed.format.name(), title(&feed.title))];
    for entry in feed.entries {
        let link = entry.link.unwrap_or_default();
        lines.push(format!(
            "{} {link}{}{}{}",
            entry.id,
            title(&entry.title),
            title(&entry.summary),
            title(&entry.content)
        ));
    }
    assert_eq!(lines.join("\n"), expected, "{source}");
}

#[test]
fn reads_all_dialects_alike() {
    let rest = " Plain \"T\"\nhttp://e.example/a http://e.example/a Plain \"A\"";
    check(
        "<rss><channel><title>T</title><item><title>A</title>\
         <link>http://e.example/a</link></item></channel></rss>",
        &format!("rss{rest}"),
    );
    check(
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><title>T</title></channel>\
         <item><title>A</title><link>http://e.example/a</link></item></rdf:RDF>",
        &format!("rss10{rest}"),
    );
    check(
        "<a:feed xmlns:a='http://purl.org/atom/ns#' version='0.3'><a:title>T</a:title><a:entry>\
         <a:title>A</a:title><a:link href='http://e.example/a'/></a:entry></a:feed>",
        &format!("atom03{rest}"),
    );
}

#[test]
fn balances_tags() {
    check(
        "<rss><item><guid>1</guid><description><p>a<b>b</p>c<br>d</description>",
        "rss\n1  Html \"<p>a<b>b</b></p>c<br>d\"",
    );
    check(
        "<rss><item><guid>1<title>x<link>http://e.example/</item>",
        "rss\n1 http://e.example/ Plain \"x\"",
    );
}

#[test]
fn what_looks_like_a_root_within_a_text_is_of_the_text() {
    check(
        "<feed><entry><id>1</id><content><p>a</p><rdf:RDF>b</rdf:RDF><p>c</p></content></entry>",
        "atom\n1  Html \"<p>a</p><RDF>b</RDF><p>c</p>\"",
    );
}

#[test]
fn only_a_root_with_an_address_is_of_cdf() {
    check("<channel><item><guid>1</guid></item></channel>", "rss\n1 ");
    check(
        "<channel href='http://e.example/'><item><guid>1</guid></item></channel>",
        "cdf\n1 ",
    );
}

#[test]
fn tells_what_is_no_feed() {
    let read = |source| {
        read(source, None, &mut Log::default())
            .unwrap_err()
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
