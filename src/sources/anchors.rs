//! The links of a page that lists others: an archive, a front page of a weblog.

use chrono::{DateTime, Utc};
use lenient_feed::decode::decode_page;
use lenient_feed::entities::{Entities, unescape};
use lenient_feed::repair::Log;
use lenient_feed::text::shorten;
use lenient_feed::tokens::{Attributes, Tag, Token, Tokens};
use lenient_feed::{limits, parse_date};
use url::Url;

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Where it leads.
    pub url: Url,
    /// Its words.
    pub words: String,
    /// Whether it leads to the next of several pages.
    pub is_next: bool,
    /// The date that the page shows beside it.
    pub date: Option<DateTime<Utc>>,
}

/// More links of a page are not read.
pub const ANCHORS: usize = 5_000;

/// The links of a page, each address once, with the words that it has the first time that it has
/// any.
pub fn anchors(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Vec<Anchor> {
    let bytes = &bytes[..bytes.len().min(limits::PAGE)];
    let source = decode_page(bytes, content_type);
    let mut log = Log::default();
    let mut scan = Scan::default();
    let mut tokens = Tokens::new(&source);
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Start(tag) => match tag.name.to_ascii_lowercase().as_str() {
                name @ ("script" | "style" | "textarea") => {
                    let name = name.to_owned();
                    tokens.skip_raw_text(&name);
                }
                "base" => scan.base = scan.base.take().or_else(|| attribute(tag, "href")),
                "a" => scan.start(tag),
                "link" if is_next(tag) => {
                    scan.start(tag);
                    scan.end();
                }
                "time" => scan.time(attribute(tag, "datetime")),
                _ => {}
            },
            Token::End(name) if name.eq_ignore_ascii_case("a") => scan.end(),
            Token::Text(text) => scan.text(text, &mut log),
            _ => {}
        }
        if scan.found.len() >= ANCHORS {
            break;
        }
    }
    scan.end();
    scan.links(url)
}

#[derive(Default)]
struct Found {
    href: String,
    words: String,
    is_next: bool,
    /// The dates that stand before it and after it.
    before: Option<DateTime<Utc>>,
    after: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct Scan {
    base: Option<String>,
    found: Vec<Found>,
    open: Option<Found>,
    /// The date that stood since the last link.
    date: Option<DateTime<Utc>>,
}

impl Scan {
    fn start(&mut self, tag: Tag<'_>) {
        self.end();
        let Some(mut href) = attribute(tag, "href") else {
            return;
        };
        // Without quotes a slash before the `>` is the value's own (HTML, 13.2.5.38).
        if tag.empty && tag.attributes.ends_with(&href) {
            href.push('/');
        }
        if href.is_empty() || href.starts_with('#') || href.len() > limits::ADDRESS {
            return;
        }
        self.open = Some(Found {
            href,
            is_next: is_next(tag),
            before: self.date.take(),
            ..Found::default()
        });
    }

    fn time(&mut self, date: Option<String>) {
        let Some(date) = date.and_then(|date| parse_date(&date)) else {
            return;
        };
        let last = self.open.as_mut().or(self.found.last_mut());
        if let Some(last) = last {
            last.after = last.after.or(Some(date));
        }
        self.date = Some(date);
    }

    fn text(&mut self, raw: &str, log: &mut Log) {
        if let Some(open) = &mut self.open
            && open.words.len() < LONGEST
        {
            open.words.push(' ');
            unescape(raw, 0, &mut Entities::default(), log, &mut open.words);
        }
    }

    fn end(&mut self) {
        self.found.extend(self.open.take());
    }

    /// Lists have their dates before their links or after them, and not both.
    fn links(self, url: &Url) -> Vec<Anchor> {
        let base = self.base.as_deref().and_then(|base| url.join(base).ok());
        let base = base.as_ref().unwrap_or(url);
        let before = self.found.first().is_some_and(|it| it.before.is_some());
        let mut links: Vec<Anchor> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for found in self.found {
            let Ok(mut to) = base.join(&found.href) else {
                continue;
            };
            to.set_fragment(None);
            if !matches!(to.scheme(), "http" | "https") {
                continue;
            }
            let words = found.words.split_whitespace().collect::<Vec<_>>().join(" ");
            let link = Anchor {
                words: shorten(&words, 300).into_owned(),
                is_next: found.is_next,
                date: if before { found.before } else { found.after },
                url: to,
            };
            let place = *places.entry(link.url.clone()).or_insert(links.len());
            match links.get_mut(place) {
                Some(known) => {
                    if known.words.is_empty() {
                        known.words = link.words;
                    }
                    known.date = known.date.or(link.date);
                    known.is_next |= link.is_next;
                }
                None => links.push(link),
            }
        }
        links
    }
}

const LONGEST: usize = 600;

fn is_next(tag: Tag<'_>) -> bool {
    let rel = attribute(tag, "rel").unwrap_or_default();
    rel.split_ascii_whitespace()
        .any(|word| word.eq_ignore_ascii_case("next"))
}

fn attribute(tag: Tag<'_>, wanted: &str) -> Option<String> {
    let mut attributes = Attributes::new(tag.attributes).take(limits::ATTRIBUTES);
    let (_, raw) = attributes.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    let mut value = String::new();
    unescape(
        raw,
        0,
        &mut Entities::default(),
        &mut Log::default(),
        &mut value,
    );
    Some(value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Vec<(String, String, Option<String>)> {
        let url = Url::parse("https://harbour.example/log/").unwrap();
        let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
        anchors(page.as_bytes(), Some("text/html"), &url)
            .into_iter()
            .map(|it| (it.url.path().to_owned(), it.words, it.date.map(day)))
            .collect()
    }

    #[test]
    fn reads_links_with_the_dates_beside_them() {
        let expected = |path: &str, words: &str, day: &str| {
            (path.to_owned(), words.to_owned(), Some(day.to_owned()))
        };
        let list = [
            expected("/log/a", "Of ropes", "2026-01-02"),
            expected("/log/b", "Of knots", "2026-02-03"),
        ];
        assert_eq!(
            read(
                "<time datetime=2026-01-02>2 Jan</time> <a href=a>Of <b>ropes</b></a><time datetime=2026-02-03></time><a href=b>Of knots</a>"
            ),
            list
        );
        assert_eq!(
            read(
                "<a href=a>Of ropes</a> <time datetime=2026-01-02>2 Jan</time><a href=b><img></a><a href=b#x>Of knots</a><time datetime=2026-02-03></time>"
            ),
            list
        );
    }

    #[test]
    fn a_slash_at_the_end_is_the_address_s_own_where_nothing_quotes_it() {
        let paths = |page: &str| read(page).into_iter().map(|it| it.0).collect::<Vec<_>>();
        let page =
            "<a href=old/>a</a><a href='b'/>b</a><a href=c />c</a><a class=d href=/d/e/>d</a>";
        assert_eq!(paths(page), ["/log/old/", "/log/b", "/log/c", "/d/e/"]);
    }

    #[test]
    fn a_page_of_links_alone_is_cut() {
        let few = "<a href=a>b</a>".repeat(10);
        assert_eq!(read(&few).len(), 1);
        let many: Vec<String> = (0..2 * ANCHORS)
            .map(|at| format!("<a href=/{at}>x</a>"))
            .collect();
        let many = many.concat();
        assert_eq!(read(&many).len(), ANCHORS);
    }
}
