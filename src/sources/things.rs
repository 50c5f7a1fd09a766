//! What an entry of an aggregator stands for: a link is a thing, and the page where it is talked
//! about is not.
//!
//! Reddit, Lemmy, Hacker News, Slashdot, Techmeme and weblogs of links give their own page as the
//! link of an entry, and name the thing in its text, each in its own way. The entry gets the
//! thing's address, and the page becomes its page of comments. Nothing is fetched.

use lenient_feed::{Entry, Text};
use url::Url;

use super::anchors::{Anchor, anchors};

/// Makes an entry that leads to its own discussion lead to what is discussed. `feed` is where the
/// feed came from. An entry that is itself the thing stays as it is.
pub fn resolve(entry: &mut Entry, feed: Option<&Url>) {
    let Some(own) = entry.link.as_deref().and_then(|link| Url::parse(link).ok()) else {
        return;
    };
    let Some(text) = entry.content.as_ref().or(entry.summary.as_ref()) else {
        return;
    };
    // What leads away from its feed's site is the thing already.
    let at_home = feed.is_some_and(|feed| site(feed) == site(&own))
        || entry.comments.as_deref() == Some(own.as_str());
    if !at_home {
        return;
    }
    let mut end = text.value.len().min(LONGEST);
    end = text.value.floor_char_boundary(end);
    let all = anchors(
        &text.value.as_bytes()[..end],
        Some("text/html; charset=utf-8"),
        &own,
    );
    let title = entry.title.as_ref().map(Text::plain).unwrap_or_default();
    let found = marked(&all, &own)
        .or_else(|| labelled(&all, &own))
        .or_else(|| titled(&all, &own, &title))
        .or_else(|| story(&all, &own));
    if let Some(thing) = found {
        entry.comments = entry.comments.take().or_else(|| Some(own.to_string()));
        entry.link = Some(thing.to_string());
    }
}

/// More of a text is not looked through.
const LONGEST: usize = 64 << 10;

/// The site of an address: its host without what stands for a face of it.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_lowercase();
    let faces = ["www.", "old.", "new.", "np.", "rss.", "feeds.", "m."];
    let host = faces
        .iter()
        .find_map(|face| host.strip_prefix(face))
        .unwrap_or(&host);
    // `tech.slashdot.org` is a section of `slashdot.org`.
    if host.ends_with(".slashdot.org") {
        return "slashdot.org".to_owned();
    }
    host.to_owned()
}

/// Whether an address may be what a discussion is about.
fn is_thing(url: &Url, own: &Url) -> bool {
    let host = site(url);
    let shares = ["sharer", "intent", "share", "submit", "submitlink"];
    let last = url
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    // Pictures that were uploaded for the discussion have no page of their own.
    let uploaded = host == "i.redd.it" || host == "v.redd.it" || host == "preview.redd.it";
    host != site(own) && !uploaded && !shares.contains(&stem)
}

fn external(all: &[Anchor], own: &Url, fits: impl Fn(&Anchor) -> bool) -> Option<Url> {
    let mut found = all.iter().filter(|it| is_thing(&it.url, own) && fits(it));
    found.next().map(|it| it.url.clone())
}

/// `[link] [comments]` of Reddit and its kin.
fn marked(all: &[Anchor], own: &Url) -> Option<Url> {
    let words = |it: &Anchor| it.words.trim_matches(['[', ']', ' ']).to_lowercase();
    let talked = all
        .iter()
        .any(|it| words(it).ends_with("comments") || words(it) == "discussion");
    if !talked {
        return None;
    }
    external(all, own, |it| words(it) == "link")
}

/// An address that is shown in full, beside one of the discussion: hnrss, Lemmy, Tildes.
fn labelled(all: &[Anchor], own: &Url) -> Option<Url> {
    let is_shown = |it: &Anchor| {
        let words = it.words.trim_end_matches('…').trim_end_matches("...");
        words.starts_with("http") && it.url.as_str().starts_with(words)
    };
    let talked = all
        .iter()
        .any(|it| it.url == *own && (is_shown(it) || it.words.to_lowercase().contains("comment")));
    if !talked {
        return None;
    }
    external(all, own, is_shown)
}

/// A link whose words are the entry's title, or most of it: weblogs of links, Techmeme, Tumblr.
fn titled(all: &[Anchor], own: &Url, title: &str) -> Option<Url> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let title = plain(title);
    if title.is_empty() {
        return None;
    }
    external(all, own, |it| {
        let words = plain(&it.words);
        words == title
            || words.len() >= 16 && 2 * words.len() > title.len() && title.contains(&words)
    })
}

/// The first link of a story at Slashdot.
fn story(all: &[Anchor], own: &Url) -> Option<Url> {
    if site(own) != "slashdot.org" {
        return None;
    }
    external(all, own, |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenient_feed::{Hints, parse};

    /// What an item resolves to: the thing, and where it is talked about.
    fn resolved(feed: &str, document: &str) -> (String, Option<String>) {
        let feed = Url::parse(feed).unwrap();
        let hints = Hints {
            content_type: None,
            url: Some(&feed),
            ..Hints::default()
        };
        let mut entry = parse(document.as_bytes(), &hints)
            .unwrap()
            .entries
            .remove(0);
        resolve(&mut entry, Some(&feed));
        (entry.link.unwrap(), entry.comments)
    }

    fn atom(title: &str, link: &str, html: &str) -> String {
        let html = html.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>f</title><id>f</id><updated>2026-01-02T00:00:00Z</updated>\
             <entry><title>{title}</title><id>i</id><updated>2026-01-02T00:00:00Z</updated><link href='{link}'/><content type='html'>{html}</content></entry></feed>"
        )
    }

    fn rss(title: &str, link: &str, more: &str, html: &str) -> String {
        format!(
            "<rss version='2.0'><channel><title>f</title><item><title>{title}</title><link>{link}</link>{more}<description><![CDATA[{html}]]></description></item></channel></rss>"
        )
    }

    #[track_caller]
    fn check(feed: &str, document: &str, thing: &str, discussion: Option<&str>) {
        let expected = (thing.to_owned(), discussion.map(str::to_owned));
        assert_eq!(resolved(feed, document), expected, "{document}");
    }

    const THING: &str = "https://harbour.example/ropes";

    #[test]
    fn aggregators_lead_to_what_they_talk_about() {
        let reddit = "https://www.reddit.com/r/knots/comments/1abc/of_ropes/";
        let html = |link: &str| {
            format!(
                "submitted by <a href='https://www.reddit.com/user/ada'>/u/ada</a> <br/> <span><a href='{link}'>[link]</a></span> &#32; <span><a href='{reddit}'>[comments]</a></span>"
            )
        };
        check(
            "https://old.reddit.com/r/knots/.rss",
            &atom("Of ropes", reddit, &html(THING)),
            THING,
            Some(reddit),
        );
        // What was written or uploaded there is the thing itself.
        check(
            "https://www.reddit.com/r/knots/.rss",
            &atom("Of ropes", reddit, &html(reddit)),
            reddit,
            None,
        );
        check(
            "https://www.reddit.com/r/knots/.rss",
            &atom("Of ropes", reddit, &html("https://i.redd.it/x.png")),
            reddit,
            None,
        );

        let hn = "https://news.ycombinator.com/item?id=1";
        let comments = format!("<comments>{hn}</comments>");
        let html = format!("<a href='{hn}'>Comments</a>");
        check(
            "https://news.ycombinator.com/rss",
            &rss("Of ropes", THING, &comments, &html),
            THING,
            Some(hn),
        );
        let html = format!(
            "<p>Article URL: <a href='{THING}'>{THING}</a></p><p>Comments URL: <a href='{hn}'>{hn}</a></p><p>Points: 12</p>"
        );
        check(
            "https://hnrss.org/newest?link=comments",
            &rss("Of ropes", hn, &comments, &html),
            THING,
            Some(hn),
        );
        let html = format!("<p>Why?</p><p>Comments URL: <a href='{hn}'>{hn}</a></p>");
        check(
            "https://hnrss.org/ask",
            &rss("Ask HN: Why?", hn, &comments, &html),
            hn,
            Some(hn),
        );

        let lobsters = "https://lobste.rs/s/abc123/of_ropes";
        let comments = format!("<comments>{lobsters}</comments>");
        check(
            "https://lobste.rs/rss",
            &rss(
                "Of ropes",
                THING,
                &comments,
                "<p><a href='https://lobste.rs/s/abc123'>Comments</a></p>",
            ),
            THING,
            Some(lobsters),
        );

        let lemmy = "https://lemmy.example/post/12";
        let html = format!(
            "submitted by <a href='https://lemmy.example/u/ada'>ada</a> to <a href='https://lemmy.example/c/knots'>knots</a><br>5 points | <a href='{lemmy}'>2 comments</a><br><a href='{THING}'>{THING}</a>"
        );
        check(
            "https://lemmy.example/feeds/c/knots.xml",
            &rss("Of ropes", lemmy, "", &html),
            THING,
            Some(lemmy),
        );

        let slashdot = "https://tech.slashdot.org/story/26/01/02/1/of-ropes";
        let html = format!(
            "A reader writes: <a href='{THING}'>sailors say</a> … <a href='https://www.facebook.com/sharer.php?u=x'>share</a> <a href='{slashdot}'>Read more</a>"
        );
        check(
            "https://rss.slashdot.org/Slashdot/slashdotMain",
            &rss("Sailors Say", slashdot, "", &html),
            THING,
            Some(slashdot),
        );

        let techmeme = "https://www.techmeme.com/260102/p1#a1";
        let html = format!(
            "<P><A HREF='https://harbour.example/'>Harbour</A>:<BR><B><A HREF='{THING}'>All about ropes and of knots</A></B>&nbsp; &mdash;&nbsp; It is …</P>"
        );
        check(
            "https://www.techmeme.com/feed.xml",
            &rss(
                "All about ropes and of knots (Ada/Harbour)",
                techmeme,
                "",
                &html,
            ),
            THING,
            Some(techmeme),
        );
    }

    #[test]
    fn weblogs_of_links_lead_away_and_posts_stay() {
        let own = "https://ada.example/2026/ropes";
        let html = format!(
            "<p><strong><a href='{THING}'>Of ropes</a></strong></p><p>I agree with <a href='https://ben.example/'>Ben</a>.</p>"
        );
        check(
            "https://ada.example/feed",
            &atom("Of ropes", own, &html),
            THING,
            Some(own),
        );
        let html = format!("<p>I read <a href='{THING}'>this on ropes</a>, and have thoughts.</p>");
        check(
            "https://ada.example/feed",
            &atom("Thoughts", own, &html),
            own,
            None,
        );
        // A planet's entries lead to their posts already.
        check(
            "https://planet.example/atom.xml",
            &atom("Of ropes", own, &format!("<a href='{THING}'>Of ropes</a>")),
            own,
            None,
        );
        check(
            "https://ada.example/feed",
            &atom("Of ropes", own, "<a href='javascript:x'>Of ropes</a>"),
            own,
            None,
        );
    }
}
