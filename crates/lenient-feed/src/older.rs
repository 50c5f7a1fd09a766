//! Where the older entries of a feed are: the next page, the archive before, another window.

use url::Url;

use super::decode::decode;
use super::repair::Log;
use super::tokens::{Attributes, Tag, Token, Tokens};
use super::{json, limits};

/// What a document of a feed says about those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Older {
    /// Where the older entries are, by its own word: `prev-archive` or `next` of RFC 5005,
    /// `next_url` of JSON Feed.
    pub next: Option<Url>,
    /// Where it says nothing and `WordPress` wrote it: its next page, which that program has.
    pub guessed: Option<Url>,
    /// Whether the feed says that it holds everything (RFC 5005, section 2).
    pub complete: bool,
}

/// Looks for the documents before this one. `url` is where it came from.
pub fn older(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Older {
    let mut log = Log::default();
    let bytes = limits::body(bytes, limits::BODY, &mut log);
    let source = decode(bytes, content_type, &mut log);
    let mut scan = Scan::default();
    if source.trim_start().starts_with('{') {
        scan.next = json::next_url(&source);
    } else {
        scan.read(&source);
    }
    let join = |written: &String| url.join(written.trim()).ok();
    let named = scan.archive.as_ref().or(scan.next.as_ref()).and_then(join);
    Older {
        guessed: (named.is_none() && scan.wordpress).then(|| next_paged(url)),
        next: named.filter(|next| matches!(next.scheme(), "http" | "https") && next != url),
        complete: scan.complete,
    }
}

/// `WordPress` answers with older entries to `?paged=2`, and with 404 behind the last.
fn next_paged(url: &Url) -> Url {
    let page = url.query_pairs().find(|(name, _)| name == "paged");
    let page: u32 = page.and_then(|(_, value)| value.parse().ok()).unwrap_or(1);
    let rest: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "paged")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut next = url.clone();
    next.query_pairs_mut()
        .clear()
        .extend_pairs(rest)
        .append_pair("paged", &page.saturating_add(1).to_string());
    next
}

#[derive(Default)]
struct Scan {
    next: Option<String>,
    archive: Option<String>,
    complete: bool,
    wordpress: bool,
}

impl Scan {
    /// Looks at what the feed says of itself; entries have links of their own.
    fn read(&mut self, source: &str) {
        let mut log = Log::default();
        let mut tokens = Tokens::new(source);
        let mut in_entry = false;
        let mut in_generator = false;
        while let Some(token) = tokens.next(&mut log) {
            match token {
                Token::Start(tag) => match local(tag.name) {
                    "item" | "entry" if !tag.empty => in_entry = true,
                    "generator" => in_generator = !tag.empty,
                    "complete" if !in_entry => self.complete = true,
                    "link" if !in_entry => self.link(tag),
                    _ => {}
                },
                Token::End(name) => match local(name) {
                    "item" | "entry" => in_entry = false,
                    "generator" => in_generator = false,
                    _ => {}
                },
                Token::Text(text) if in_generator && !in_entry => {
                    self.wordpress |= text.contains("wordpress.");
                }
                _ => {}
            }
        }
    }

    fn link(&mut self, tag: Tag<'_>) {
        let (mut rel, mut href) = ("", "");
        for (name, value) in Attributes::new(tag.attributes).take(limits::ATTRIBUTES) {
            match name {
                "rel" => rel = value,
                "href" => href = value,
                _ => {}
            }
        }
        let href = (!href.is_empty()).then(|| href.replace("&amp;", "&"));
        match rel {
            "next" => self.next = self.next.take().or(href),
            "prev-archive" => self.archive = self.archive.take().or(href),
            _ => {}
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, body: &str, expected: Option<&str>) {
        let found = older(body.as_bytes(), None, &Url::parse(url).unwrap());
        let next = found.next.or(found.guessed);
        assert_eq!(next.as_ref().map(Url::as_str), expected);
    }

    #[test]
    fn finds_the_document_before() {
        let url = "https://example.org/feed";
        check(
            url,
            r#"<feed><link rel="next" href="/feed?page=2&amp;x=1"/><entry><link rel="next" href="/no"/></entry></feed>"#,
            Some("https://example.org/feed?page=2&x=1"),
        );
        check(
            url,
            r#"<rss><channel><item><title>x</title></item><atom:link rel="next" href="a"/><atom:link rel="prev-archive" href="b"/></channel></rss>"#,
            Some("https://example.org/b"),
        );
        check(
            url,
            r#"{"version":"https://jsonfeed.org/version/1.1","next_url":"/2.json"}"#,
            Some("https://example.org/2.json"),
        );
        check(
            url,
            r#"<feed><link rel="next" href="javascript:alert(1)"/></feed>"#,
            None,
        );
        check(
            url,
            r#"<feed><link rel="next" href="https://example.org/feed"/></feed>"#,
            None,
        );
        check(url, "<rss><channel><item/></channel></rss>", None);
    }

    #[test]
    fn goes_through_the_pages_of_wordpress() {
        let body =
            "<rss><channel><generator>https://wordpress.org/?v=6.4</generator></channel></rss>";
        check(
            "https://example.org/feed/",
            body,
            Some("https://example.org/feed/?paged=2"),
        );
        check(
            "https://example.org/feed/?cat=7&paged=2",
            body,
            Some("https://example.org/feed/?cat=7&paged=3"),
        );
        check(
            "https://example.org/feed/",
            "<rss><channel><item><generator>https://wordpress.org/</generator></item></channel></rss>",
            None,
        );
    }

    #[test]
    fn knows_a_feed_that_holds_everything() {
        let body = "<feed><fh:complete/><entry/></feed>";
        let url = Url::parse("https://example.org/feed").unwrap();
        assert!(older(body.as_bytes(), None, &url).complete);
    }
}
