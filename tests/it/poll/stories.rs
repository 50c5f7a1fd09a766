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
