//! D: when a source wants to be asked again.

use super::*;

// D1
#[test]
fn waits_for_max_age() {
    let requests = asked(|_| Answer::ok(feed()).header("Cache-Control", "public, max-age=86400"));
    check_counts(&requests, [1, 0, 0, 1]);
}

// D2
#[test]
fn waits_for_expires() {
    let requests = asked(|_| Answer::ok(feed()).header("Expires", "Thu, 26 Nov 2026 10:05:00 GMT"));
    check_counts(&requests, [1, 0, 0, 1]);
}

// D3
#[test]
fn waits_for_ttl() {
    let requests = asked(|_| Answer::ok(rss_with("<ttl>1440</ttl>", &[])));
    check_counts(&requests, [1, 0, 0, 1]);
}

// D4
#[test]
fn waits_for_the_update_period() {
    let channel =
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>";
    let requests = asked(move |_| Answer::ok(rss_with(channel, &[])));
    check_counts(&requests, [1, 0, 0, 1]);
}

// D5
#[test]
fn does_not_ask_in_hours_that_the_feed_skips() {
    let channel = "<skipHours><hour>11</hour><hour>12</hour></skipHours>";
    let requests = asked(move |_| Answer::ok(rss_with(channel, &[])));
    check_counts(&requests, [1, 0, 0, 0]);
    let server = Server::new(move |_| Answer::ok(rss_with(channel, &[])));
    let project = newsletter(&[server.url("/feed")]);
    assert_eq!(poll(&project, FIRST).len(), 1);
    assert_eq!(poll(&project, AFTER_140_MINUTES).len(), 0);
    assert_eq!(poll(&project, "2026-11-25T13:05:00Z").len(), 1);
}

// D5
#[test]
fn does_not_ask_on_days_that_the_feed_skips() {
    let channel = "<skipDays><day>Wednesday</day></skipDays>";
    let requests = asked(move |_| Answer::ok(rss_with(channel, &[])));
    check_counts(&requests, [1, 0, 0, 1]);
}

// D6
#[test]
fn the_max_age_of_a_304_counts() {
    let requests = asked(|request| match request.before {
        0 => Answer::ok(feed()).header("ETag", "\"1\""),
        _ => Answer::status(304).header("Cache-Control", "max-age=86400"),
    });
    check_counts(&requests, [1, 1, 0, 1]);
}

// D7
#[test]
fn what_was_old_when_it_came_is_not_fresh_for_long() {
    let requests = asked(|_| {
        Answer::ok(feed())
            .header("Cache-Control", "max-age=86400")
            .header("Age", "86000")
    });
    check_counts(&requests, [1, 1, 1, 1]);
}

#[test]
fn nothing_is_due_a_moment_after_a_visit() {
    let server = Server::new(|_| Answer::ok(feed()));
    let project = newsletter(&[server.url("/feed")]);
    poll(&project, FIRST);
    let run = project.run_at(FIRST, &["poll"]).expect(0);
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("", "nothing is due\n")
    );
    let all = project
        .run_at(FIRST, &["poll", "--all", "--json"])
        .expect(0);
    assert_eq!(all.json()["outcome"], "same");
}
