//! Sitemaps, and what a page says of itself: the last way to older entries of a site.

use std::borrow::Cow;
use std::io::Read as _;

use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;
use lenient_feed::decode::{decode, decode_page};
use lenient_feed::entities::{Entities, unescape};
use lenient_feed::limits;
use lenient_feed::parse_date;
use lenient_feed::repair::Log;
use lenient_feed::text::shorten;
use lenient_feed::tokens::{Attributes, Tag, Token, Tokens};
use url::Url;

/// A page that a sitemap names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address.
    pub url: Url,
    /// When it last changed.
    pub changed: Option<DateTime<Utc>>,
}

/// What a sitemap names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages.
    pub pages: Vec<Place>,
    /// More sitemaps.
    pub maps: Vec<Place>,
}

/// What the protocol allows in one file; more is not read.
const PLACES: usize = 50_000;

/// Reads a sitemap (sitemaps.org) or an index of them, also a gzipped file.
pub fn sitemap(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Sitemap {
    let mut log = Log::default();
    let bytes = unpacked(bytes);
    let bytes = limits::body(&bytes, limits::BODY, &mut log);
    let source = decode(bytes, content_type, &mut log);
    let mut sitemap = Sitemap::default();
    let mut tokens = Tokens::new(&source);
    let (mut place, mut changed) = (String::new(), String::new());
    let mut field = "";
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Start(tag) => match tag.name {
                "url" | "sitemap" => {
                    place.clear();
                    changed.clear();
                }
                name @ ("loc" | "lastmod") => field = if name == "loc" { "loc" } else { "lastmod" },
                _ => field = "",
            },
            Token::Text(text) if field == "loc" && place.len() < limits::ADDRESS => {
                place.push_str(text);
            }
            Token::Text(text) if field == "lastmod" && changed.len() < 64 => changed.push_str(text),
            Token::End(name @ ("url" | "sitemap")) => {
                let list = if name == "url" {
                    &mut sitemap.pages
                } else {
                    &mut sitemap.maps
                };
                let found = url.join(place.trim().replace("&amp;", "&").as_str()).ok();
                if let Some(found) =
                    found.filter(|found| matches!(found.scheme(), "http" | "https"))
                    && !place.trim().is_empty()
                {
                    list.push(Place {
                        url: found,
                        changed: parse_date(changed.trim()),
                    });
                }
                if sitemap.pages.len() + sitemap.maps.len() >= PLACES {
                    break;
                }
            }
            Token::End(_) => field = "",
            _ => {}
        }
    }
    sitemap
}

/// The bytes, decompressed where they are gzip (RFC 1952), as far as is read at all. A file cut
/// in the middle gives what came.
fn unpacked(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(limits::BODY as u64);
    // What was read before an error stands in `plain`.
    let _ = reader.read_to_end(&mut plain);
    Cow::Owned(plain)
}

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageWords {
    /// Its title.
    pub title: String,
    /// When it appeared.
    pub published: Option<DateTime<Utc>>,
    /// What it is about.
    pub summary: String,
}

/// Reads title, date and summary of a page.
pub fn page_words(bytes: &[u8], content_type: Option<&str>) -> PageWords {
    let bytes = &bytes[..bytes.len().min(limits::PAGE)];
    let source = decode_page(bytes, content_type);
    let mut log = Log::default();
    let mut tokens = Tokens::new(&source);
    let mut words = PageWords::default();
    let (mut heading, mut in_heading) = (String::new(), false);
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Start(tag) => match tag.name.to_ascii_lowercase().as_str() {
                "meta" => words.meta(tag),
                "time" => {
                    let date = attribute(tag, "datetime").and_then(|text| parse_date(&text));
                    words.published = words.published.or(date);
                }
                "h1" => in_heading = heading.is_empty(),
                name @ ("script" | "style" | "textarea") => {
                    let name = name.to_owned();
                    tokens.skip_raw_text(&name);
                }
                _ => {}
            },
            Token::End(name) if name.eq_ignore_ascii_case("h1") => in_heading = false,
            Token::Text(text) if in_heading && heading.len() < 500 => {
                unescape(text, 0, &mut Entities::default(), &mut log, &mut heading);
            }
            _ => {}
        }
    }
    if words.title.is_empty() {
        words.title = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    words.title = shorten(words.title.trim(), 300).into_owned();
    words
}

impl PageWords {
    fn meta(&mut self, tag: Tag<'_>) {
        let name = attribute(tag, "property").or_else(|| attribute(tag, "name"));
        let Some(content) = attribute(tag, "content") else {
            return;
        };
        match name.unwrap_or_default().to_ascii_lowercase().as_str() {
            "og:title" | "citation_title" if self.title.is_empty() => self.title = content,
            "article:published_time" | "citation_publication_date" | "date" | "dc.date" => {
                self.published = self.published.or_else(|| parse_date(&content));
            }
            "og:description" | "description" if self.summary.is_empty() => {
                self.summary = shorten(&content, 1000).into_owned();
            }
            _ => {}
        }
    }
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

    #[test]
    fn reads_pages_and_further_maps() {
        let url = Url::parse("https://example.org/sitemap.xml").unwrap();
        let found = sitemap(
            b"<urlset><url><loc> https://example.org/a?x=1&amp;y=2 </loc><lastmod>2021-02-03</lastmod></url>\
              <url><loc>javascript:alert(1)</loc></url><url><loc>/b</loc></url></urlset>",
            None,
            &url,
        );
        let pages: Vec<_> = found
            .pages
            .iter()
            .map(|it| (it.url.as_str(), it.changed.is_some()))
            .collect();
        assert_eq!(
            pages,
            [
                ("https://example.org/a?x=1&y=2", true),
                ("https://example.org/b", false)
            ]
        );
        let index = sitemap(
            b"<sitemapindex><sitemap><loc>/posts.xml</loc></sitemap></sitemapindex>",
            None,
            &url,
        );
        assert_eq!(index.maps[0].url.as_str(), "https://example.org/posts.xml");
    }

    #[test]
    fn unpacks_what_is_gzipped_and_no_more_than_is_read() {
        let gzip = |text: &[u8]| {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut writer, text).unwrap();
            writer.finish().unwrap()
        };
        let url = Url::parse("https://example.org/sitemap.xml.gz").unwrap();
        let map = b"<urlset><url><loc>/b</loc></url><url><loc>/c</loc></url></urlset>";
        let packed = gzip(map);
        let kind = Some("application/x-gzip");
        assert_eq!(sitemap(&packed, kind, &url).pages.len(), 2);
        assert_eq!(
            sitemap(&packed[..packed.len() - 9], kind, &url).pages.len(),
            2
        );
        let bomb = gzip(&vec![b' '; 3 * limits::BODY]);
        assert_eq!(unpacked(&bomb).len(), limits::BODY);
    }

    #[test]
    fn reads_what_a_page_says_of_itself() {
        let words = page_words(
            b"<title>A &amp; B | Site</title><meta property='og:title' content='A &amp; B'>\
              <meta name=description content='On both.'><script>var h1 = '<h1>no</h1>';</script>\
              <h1>Other</h1><time datetime='2021-02-03T04:05:06Z'>",
            None,
        );
        assert_eq!(
            (words.title.as_str(), words.summary.as_str()),
            ("A & B", "On both.")
        );
        assert_eq!(
            words.published.unwrap().to_rfc3339(),
            "2021-02-03T04:05:06+00:00"
        );
        assert_eq!(
            page_words(b"<h1>The <b>only</b> one</h1>", None).title,
            "The only one"
        );
    }
}
