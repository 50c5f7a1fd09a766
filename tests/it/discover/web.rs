//! A web in miniature: every host of the world is one server on loopback, which answers by the
//! name it is asked under, as the real ones answer. Pages and feeds are made by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::poll::server::{Answer, Request, Server};
use crate::project::{CONFIG, Project};

/// What an address answers.
#[derive(Clone, Debug)]
enum Page {
    Body(&'static str, Vec<u8>),
    Redirect(u16, String),
    Status(u16),
}

/// The pages of a web, by address without scheme.
#[derive(Clone, Debug, Default)]
pub(super) struct Pages {
    plain: BTreeMap<String, Page>,
    feeds: BTreeMap<String, Vec<u8>>,
    links: BTreeMap<String, String>,
}

fn place(url: &str) -> String {
    url.split_once("://")
        .expect("an address has a scheme")
        .1
        .to_owned()
}

impl Pages {
    /// A web page.
    pub(super) fn page(self, url: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body(url, "text/html", body)
    }

    /// An answer of an interface.
    pub(super) fn json(self, url: &str, body: &str) -> Self {
        self.body(url, "application/json", body)
    }

    /// Anything.
    pub(super) fn body(
        mut self,
        url: &str,
        media_type: &'static str,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        self.plain
            .insert(place(url), Page::Body(media_type, body.into()));
        self
    }

    /// A redirect.
    pub(super) fn redirect(mut self, status: u16, url: &str, to: &str) -> Self {
        self.plain
            .insert(place(url), Page::Redirect(status, to.to_owned()));
        self
    }

    /// An answer without a body.
    pub(super) fn status(mut self, url: &str, status: u16) -> Self {
        self.plain.insert(place(url), Page::Status(status));
        self
    }

    /// A `Link` header of a page.
    pub(super) fn links(mut self, url: &str, links: &str) -> Self {
        self.links.insert(place(url), links.to_owned());
        self
    }

    /// A feed with three entries.
    pub(super) fn feed(mut self, url: &str) -> Self {
        self.feeds
            .insert(place(url), feed(url, &[1, 2, 3]).into_bytes());
        self
    }

    /// The web, up and running.
    pub(super) fn serve(self) -> Web {
        let pages = Arc::new(self);
        Web {
            server: Server::new(move |request| pages.answer(request)),
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        let host = request.header("host").unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let place = format!("{host}{}", request.path);
        if let Some(feed) = self.feeds.get(&place) {
            return Answer::ok(feed.clone()).header("Content-Type", "application/rss+xml");
        }
        match self.plain.get(&place) {
            Some(Page::Body(media_type, body)) => {
                let answer = Answer::ok(body.clone()).header("Content-Type", media_type);
                match self.links.get(&place) {
                    Some(links) => answer.header("Link", links),
                    None => answer,
                }
            }
            Some(Page::Redirect(status, to)) => Answer::redirect(*status, to),
            Some(Page::Status(status)) => Answer::status(*status),
            None => Answer::status(404),
        }
    }
}

/// An RSS feed whose entries have these numbers: the higher, the newer.
pub(super) fn feed(url: &str, numbers: &[u32]) -> String {
    feed_with(url, "", numbers)
}

/// The same with more in its channel.
pub(super) fn feed_with(url: &str, channel: &str, numbers: &[u32]) -> String {
    let host = place(url);
    let host = host.split('/').next().expect("a host");
    let mut text = format!(
        "<rss version=\"2.0\"><channel><title>Feed of {host}</title><link>https://{host}/</link>{channel}"
    );
    for number in numbers {
        let (year, month) = (2010 + number / 12, 1 + number % 12);
        let _ = write!(
            text,
            "<item><title>Number {number}</title><link>https://{host}/post/{number}</link><pubDate>{year}-{month:02}-05T10:00:00Z</pubDate></item>"
        );
    }
    text.push_str("</channel></rss>");
    text
}

/// An RSS feed of a site with entries at these addresses.
pub(super) fn feed_of(site: &str, pages: &[String]) -> String {
    let pages: &[String] = if pages.is_empty() {
        &[site.to_owned()]
    } else {
        pages
    };
    let mut text = format!("<rss version=\"2.0\"><channel><title>Log</title><link>{site}</link>");
    for (number, page) in (1..).zip(pages) {
        let _ = write!(
            text,
            "<item><title>Page {number}</title><link>{page}</link><pubDate>2026-01-{number:02}T10:00:00Z</pubDate></item>"
        );
    }
    text.push_str("</channel></rss>");
    text
}

/// A running web.
pub(super) struct Web {
    server: Server,
}

impl Web {
    /// A newsletter whose program sees this web and no other.
    pub(super) fn newsletter(&self) -> Project {
        self.newsletter_with("")
    }

    /// The same with more in its configuration.
    pub(super) fn newsletter_with(&self, more: &str) -> Project {
        let place = self.server.url("");
        let place = place.strip_prefix("http://").expect("a server speaks HTTP");
        Project::new(&format!(
            "{CONFIG}[poll]\npause = \"0s\"\nresolve = {{ \"*\" = \"{place}\" }}\n{more}"
        ))
    }

    /// The addresses that were asked since the last time, without scheme.
    pub(super) fn asked(&self) -> Vec<String> {
        let log = self.server.take_log();
        let host = |request: &Request| request.header("host").unwrap_or_default().to_owned();
        log.iter()
            .map(|request| format!("{}{}", host(request), request.path))
            .collect()
    }
}

/// Writes an issue whose readings are these links.
pub(super) fn issue(project: &Project, stem: &str, date: &str, links: &[&str]) {
    let mut text =
        format!("---\ntitle: {stem}\ndate: {date}\n---\nHello.\n\n## Recommended reading\n\n");
    for link in links {
        let _ = write!(
            text,
            "- [On {stem} and {link}]({link})\n  Worth it. - [Ada](https://ada.example/)\n"
        );
    }
    project.write(&format!("issues/{stem}.md"), text);
}
