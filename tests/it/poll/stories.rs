//! F, second half: which items are one entry.

use super::*;

/// The titles after two polls, of which the second finds the second body.
#[track_caller]
fn check(first: &str, second: &str, expected: &[&str]) {
    let bodies = [first.to_owned(), second.to_owned()];
    let server = Server::new(move |request| Answer::ok(bodies[request.before.min(1)].as_str()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    poll(&project, AFTER_70_MINUTES);
    assert_eq!(titles(&project), expected);
}

fn items(items: &[&str]) -> String {
    let items = items.join("</item><item>");
    format!(
        "<rss version=\"2.0\"><channel><title>The feed</title><item>{items}</item></channel></rss>"
    )
}

const LONG: &str = "The harbour in winter and its seven lamps";

// F25
#[test]
fn two_links_without_guid_are_two_entries() {
    let feed = items(&[
        "<title>One</title><link>https://feed.example/1</link>",
        "<title>Two</title><link>https://feed.example/2</link>",
    ]);
    check(&feed, &feed, &["One", "Two"]);
}

// F26
#[test]
fn two_titles_without_guid_and_link_are_two_entries() {
    let feed = items(&["<title>One</title>", "<title>Two</title>"]);
    check(&feed, &feed, &["One", "Two"]);
}

// F27
#[test]
fn one_guid_on_two_links_is_two_entries() {
    let feed = items(&[
        "<title>The first of them</title><link>https://feed.example/1</link><guid isPermaLink=\"false\">7</guid>",
        "<title>Another matter</title><link>https://feed.example/2</link><guid isPermaLink=\"false\">7</guid>",
    ]);
    check(&feed, &feed, &["Another matter", "The first of them"]);
}

// F28
#[test]
fn a_guid_that_changes_makes_no_new_entry() {
    let feed = |guid: &str| {
        items(&[&format!(
            "<title>{LONG}</title><link>https://feed.example/1</link><guid isPermaLink=\"false\">{guid}</guid>"
        )])
    };
    check(&feed("1"), &feed("2"), &[LONG]);
}

// F29
#[test]
fn a_word_on_where_the_reader_came_from_makes_no_new_entry() {
    let feed = |tail: &str| {
        items(&[&format!(
            "<title>{LONG}</title><link>https://feed.example/1?{tail}</link>"
        )])
    };
    check(
        &feed("utm_source=rss"),
        &feed("utm_source=atom&amp;utm_medium=feed"),
        &[LONG],
    );
}

// F30
#[test]
fn https_instead_of_http_makes_no_new_entry() {
    let feed = |scheme: &str| {
        items(&[&format!(
            "<title>{LONG}</title><link>{scheme}://feed.example/1</link><guid>{scheme}://feed.example/1</guid>"
        )])
    };
    check(&feed("http"), &feed("https"), &[LONG]);
}

// F31
#[test]
fn an_emptied_feed_keeps_its_entries() {
    check(&feed(), &rss(&[]), &["One"]);
}

// F32
#[test]
fn an_edited_title_is_updated() {
    check(
        &rss(&[("Teh title", "https://feed.example/1")]),
        &rss(&[("The title", "https://feed.example/1")]),
        &["The title"],
    );
}

// F33
#[test]
fn one_story_in_two_feeds_is_one_entry() {
    let story = rss(&[(LONG, "https://feed.example/1")]);
    let server = Server::new(move |_| Answer::ok(story.as_str()));
    let project = newsletter(&[server.url("/blog"), server.url("/planet")]);
    poll(&project, FIRST);
    assert_eq!(titles(&project), [LONG]);
    let carriers = rows(&project, "SELECT CAST(count(*) AS TEXT) FROM carrier");
    assert_eq!(carriers, ["2"]);
}

/// An item of a site that moves: its title, guid and link, and its date.
fn moving(title: &str, link: &str, date: &str) -> String {
    format!("<title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate>")
}

const MOMENT: &str = "Mon, 23 Nov 2026 08:12:31 GMT";
const MIDNIGHT: &str = "Mon, 23 Nov 2026 00:00:00 GMT";

// F36
#[test]
fn a_site_that_moves_brings_nothing_anew() {
    for date in [MOMENT, MIDNIGHT] {
        let feed = |link: &str| items(&[&moving(LONG, link, date)]);
        let server = Server::new({
            let feeds = [
                feed("https://old.example/2026/11/1"),
                feed("https://new.example/one/"),
            ];
            move |request| Answer::ok(feeds[request.before.min(1)].as_str())
        });
        let project = newsletter(&[server.url("/feed")]);
        poll(&project, FIRST);
        poll(&project, NEXT_DAY);
        assert_eq!(
            rows(&project, "SELECT url FROM entry"),
            ["https://new.example/one/"]
        );
    }
}

// F36
#[test]
fn another_way_to_write_an_address_makes_no_new_entry() {
    let pairs = [
        (
            "https://feed.example/caf%c3%a9",
            "https://feed.example/caf%C3%A9",
        ),
        ("https://feed.example/a.html", "http://feed.example//a"),
    ];
    for (before, after) in pairs {
        let feed = |link: &str, title: &str| {
            items(&[&format!("<title>{title}</title><link>{link}</link>")])
        };
        check(
            &feed(before, "Ebb & flow"),
            &feed(after, "Ebb and flow"),
            &["Ebb and flow"],
        );
    }
}

// F37
#[test]
fn two_blogs_with_one_title_have_two_entries() {
    let feed = |host: &str, text: &str| {
        let link = format!("https://{host}.example/w31");
        items(&[&format!(
            "{}<description>{text}</description>",
            moving(
                "What we are reading this week",
                &link,
                "Mon, 23 Nov 2026 09:00:00 GMT"
            )
        )])
    };
    let one = feed(
        "one",
        "A book about the sea, and another one about the land behind it.",
    );
    let two = feed(
        "two",
        "Three papers on compilers, which have nothing to do with the sea.",
    );
    let server = Server::new(move |request| {
        Answer::ok(if request.path == "/one" {
            one.as_str()
        } else {
            two.as_str()
        })
    });
    let project = newsletter(&[server.url("/one"), server.url("/two")]);
    poll(&project, FIRST);
    assert_eq!(titles(&project).len(), 2);
}

// F37
#[test]
fn the_same_words_under_one_title_are_one_story() {
    let feed = |host: &str| {
        let link = format!("https://{host}.example/w31");
        items(&[&format!(
            "{}<description>A book about the sea, and another one about the land behind it.\
             </description>",
            moving(LONG, &link, "Mon, 23 Nov 2026 09:00:00 GMT")
        )])
    };
    let (one, two) = (feed("one"), feed("two"));
    let server = Server::new(move |request| {
        Answer::ok(if request.path == "/one" {
            one.as_str()
        } else {
            two.as_str()
        })
    });
    let project = newsletter(&[server.url("/one"), server.url("/two")]);
    poll(&project, FIRST);
    assert_eq!(titles(&project), [LONG]);
}

// F38
#[test]
fn parts_of_one_page_are_entries_of_their_own() {
    let feed = |version: &str| {
        items(&[&format!(
            "<title>Release notes {version}</title><link>https://feed.example/log#{version}</link>"
        )])
    };
    check(
        &feed("v1"),
        &feed("v2"),
        &["Release notes v1", "Release notes v2"],
    );
}

// F39
#[test]
fn a_day_proves_nothing() {
    let feed = |title: &str, guid: &str| {
        items(&[&format!(
            "<title>{title}</title><link>https://radio.example/</link>\
             <guid isPermaLink=\"false\">{guid}</guid><pubDate>{MIDNIGHT}</pubDate>"
        )])
    };
    check(
        &feed("Song of the day is one", "1"),
        &feed("Song of the day is two", "2"),
        &["Song of the day is one", "Song of the day is two"],
    );
}
