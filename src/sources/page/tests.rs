use super::*;

/// One line for each feed: hint, origin, address, title.
#[track_caller]
fn check(page: &str, expected: &str) {
    let url = Url::parse("https://harbour.example/log/today.html").unwrap();
    let lines: Vec<_> = feed_links(page.as_bytes(), Some("text/html"), &url)
        .into_iter()
        .map(|link| {
            let hint = link.hint.map_or("?".to_owned(), |it| format!("{it:?}"));
            let title = link.title.unwrap_or_default();
            format!("{hint} {:?} {} {title}", link.origin, link.url)
        })
        .map(|line| line.trim_end().to_owned())
        .collect();
    assert_eq!(lines.join("\n"), expected, "{page}");
}

#[test]
fn finds_declared_feeds() {
    check(
        "<head><link rel='alternate' type='application/rss+xml' title='Log &amp; lamp' href='/rss'>\
         <LINK REL=\"Alternate home\" HREF=../atom.xml TYPE=\"application/atom+xml; charset=utf-8\">\
         <link rel=alternate type=application/feed+json href=feed.json>",
        "Rss Alternate https://harbour.example/rss Log & lamp\n\
         Atom Alternate https://harbour.example/atom.xml\n\
         Json Alternate https://harbour.example/log/feed.json",
    );
    check(
        "<link rel='feed' href='/a'>",
        "? Feed https://harbour.example/a",
    );
}

#[test]
fn a_base_counts_wherever_it_stands() {
    check(
        "<link rel=alternate type=application/rss+xml href=rss><base href='//cdn.example/x/'>\
         <base href='https://later.example/'>",
        "Rss Alternate https://cdn.example/x/rss",
    );
}

#[test]
fn overlooks_what_is_no_feed() {
    for page in [
        "<link rel=stylesheet href=/feed.css><link rel=alternate hreflang=de href=/de>",
        "<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>",
        "<link rel=alternate type=application/json+oembed href=/oembed?format=json>",
        "<script>x = '<link rel=alternate type=application/rss+xml href=/no>'</script>",
        "<!-- <link rel=alternate type=application/rss+xml href=/no> -->",
        "<a href='/about-rss.html'>About RSS</a><a href='/log'>What feeds the lamp</a>",
        "<a href='https://feedly.com/i/subscription/feed/https://harbour.example/feed'>RSS</a>",
        "<a href='javascript:feed()'>RSS</a><a href='data:text/xml,feed.xml'>RSS</a>",
        "<a href='https://feed.example'>x</a>",
    ] {
        check(page, "");
    }
}

#[test]
fn finds_links_that_look_like_feeds() {
    check(
        "<p><a href='/feed/'>Subscribe</a> <a href=/blog/index.xml><img src=rss.png></a>\
         <a href='/x?y=1'><b>RSS</b> feed</a> <a href='feed://harbour.example/b.rss'>b</a>\
         <a href='feed:https://harbour.example/c.atom#top'>c</a><a href='/?feed=rss2'>d</a>",
        "? Anchor https://harbour.example/feed/ Subscribe\n\
         ? Anchor https://harbour.example/blog/index.xml\n\
         ? Anchor https://harbour.example/x?y=1 RSS feed\n\
         Rss Anchor http://harbour.example/b.rss b\n\
         Atom Anchor https://harbour.example/c.atom c\n\
         Rss Anchor https://harbour.example/?feed=rss2 d",
    );
}

#[test]
fn the_surest_come_first_and_comments_last_and_each_once() {
    check(
        "<a href='/feed/'>Feed</a>\
         <link rel=alternate type=application/rss+xml href=/comments/feed/ title='Log &raquo; Comments'>\
         <link rel=alternate type=application/rss+xml href=/feed/ title=Log>",
        "Rss Alternate https://harbour.example/feed/ Log\n\
         Rss Alternate https://harbour.example/comments/feed/ Log » Comments",
    );
}

#[test]
fn the_encoding_may_be_named_in_the_page() {
    let url = Url::parse("https://harbour.example/").unwrap();
    let page = b"<meta charset=koi8-r><link rel=alternate type=application/rss+xml href=/rss \
                 title='\xf0\xd2\xc9\xd7\xc5\xd4'>";
    let links = feed_links(page, None, &url);
    assert_eq!(links[0].title.as_deref(), Some("Привет"));
}

#[test]
fn hostile_pages_stay_within_bounds() {
    let url = Url::parse("https://harbour.example/").unwrap();
    for piece in [
        "<link rel=alternate type=application/rss+xml href=/",
        "<a href=/feed/>",
        "<a href=/feed/1.rss>",
        "<script>",
        "<!--",
        "<a href='",
        "<base href=x>",
        "</",
        "&",
    ] {
        let page = piece.repeat(100_000);
        assert!(feed_links(page.as_bytes(), None, &url).len() <= limits::FEED_LINKS);
    }
    let many: Vec<_> = (0..1_000)
        .map(|n| format!("<link rel=feed href=/{n}>"))
        .collect();
    let many = many.concat();
    assert_eq!(
        feed_links(many.as_bytes(), None, &url).len(),
        limits::FEED_LINKS
    );
    let long = format!("<link rel=feed href='/{}'>", "x".repeat(limits::ADDRESS));
    assert_eq!(feed_links(long.as_bytes(), None, &url), []);
}
