//! What a good poller does, checked with the real program against a real server on loopback.
//!
//! Each test has the id of its line in docs/POLLING.md. Most poll four times: first, 70 minutes
//! later, 140 minutes later, and 26 hours later.

mod answers;
mod bodies;
mod command;
mod due;
mod failures;
mod forever;
mod hostile;
mod kills;
mod manners;
mod network;
mod redirects;
mod repairs;
pub(crate) mod server;
mod stories;
mod time;

use std::fmt::Write as _;

use serde_json::Value;

use self::server::{Answer, Request, Server};
use crate::project::{CONFIG, Project};

/// The instants of the four polls.
const FIRST: &str = "2026-11-25T10:05:00Z";
const AFTER_70_MINUTES: &str = "2026-11-25T11:15:00Z";
const AFTER_140_MINUTES: &str = "2026-11-25T12:25:00Z";
const NEXT_DAY: &str = "2026-11-26T12:05:00Z";
const FOUR: [&str; 4] = [FIRST, AFTER_70_MINUTES, AFTER_140_MINUTES, NEXT_DAY];

/// A newsletter with these sources, which may visit loopback and need not pause.
fn newsletter(sources: &[String]) -> Project {
    newsletter_with("", sources)
}

/// The same with more in `[poll]`.
fn newsletter_with(more: &str, sources: &[String]) -> Project {
    let mut config =
        format!("{CONFIG}[poll]\nallow_private = [\"127.0.0.0/8\"]\npause = \"0s\"\n{more}\n");
    for url in sources {
        let _ = writeln!(config, "[[source]]\nurl = \"{url}\"");
    }
    Project::new(&config)
}

/// The visits of one poll.
#[track_caller]
fn poll(project: &Project, now: &str) -> Vec<Value> {
    let run = project.run_at(now, &["poll", "--json"]);
    assert!(run.code < 2, "{}", run.stderr);
    run.stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object"))
        .collect()
}

/// What a server with one source is asked at each of the four polls.
#[track_caller]
fn four_polls(server: &Server, project: &Project) -> [Vec<Request>; 4] {
    FOUR.map(|now| {
        poll(project, now);
        server.take_log()
    })
}

/// The requests of four polls of one source.
#[track_caller]
fn asked(rule: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> [Vec<Request>; 4] {
    let server = Server::new(rule);
    let project = newsletter(&[server.url("/feed")]);
    four_polls(&server, &project)
}

/// How many requests there were at each of four polls.
#[track_caller]
fn check_counts(requests: &[Vec<Request>; 4], expected: [usize; 4]) {
    assert_eq!(requests.each_ref().map(Vec::len), expected);
}

/// An RSS feed with these items, each a title and a link.
fn rss(items: &[(&str, &str)]) -> String {
    rss_with("", items)
}

/// The same with more in its channel.
fn rss_with(channel: &str, items: &[(&str, &str)]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \
         xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel><title>The feed\
         </title><link>https://feed.example/</link>{channel}\n"
    );
    for (title, link) in items {
        let _ = writeln!(
            text,
            "<item><title>{title}</title><link>{link}</link><guid>{link}</guid>\
             <pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>"
        );
    }
    text.push_str("</channel></rss>\n");
    text
}

/// A feed with one entry.
fn feed() -> String {
    rss(&[("One", "https://feed.example/1")])
}

/// The titles of all entries that are stored, in order.
#[track_caller]
fn titles(project: &Project) -> Vec<String> {
    let mut titles: Vec<String> = rows(project, "SELECT title FROM entry");
    titles.sort();
    titles
}

/// The addresses at which sources are visited.
fn addresses(project: &Project) -> Vec<String> {
    rows(project, "SELECT url FROM source ORDER BY id")
}

/// The texts that a query gives.
#[track_caller]
fn rows(project: &Project, query: &'static str) -> Vec<String> {
    project.rows(query)
}
