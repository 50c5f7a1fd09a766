//! The list of pages for search engines, as sitemaps.org has it.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use url::Url;

use super::xml::escape;

/// The most addresses that one sitemap may hold.
const MOST_PAGES: usize = 50_000;

/// The most bytes that one sitemap may have, less what stands around the addresses.
const MOST_BYTES: usize = 52_428_800 - 1_024;

/// A page and when it last changed.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Its permalink.
    pub url: &'a Url,
    /// When it last changed.
    pub updated: Option<DateTime<FixedOffset>>,
}

/// One file of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, in the folder of the front page.
    pub file_name: String,
    /// Its text.
    pub xml: String,
}

/// The list of pages: `sitemap.xml`, or, where there are more pages than one file may hold,
/// `sitemap-1.xml` and so on with `sitemap.xml` as the list of them (it comes last). `base` is
/// the address of the folder.
pub fn render(base: &Url, pages: &[Page<'_>]) -> Vec<Part> {
    split(base, pages, MOST_PAGES, MOST_BYTES)
}

/// The names of the files that [`render`] makes of that many pages, as long as addresses are of
/// common length.
pub fn file_names(pages: usize) -> Vec<String> {
    let mut names = Vec::new();
    if pages > MOST_PAGES {
        names.extend((1..=pages.div_ceil(MOST_PAGES)).map(|part| format!("sitemap-{part}.xml")));
    }
    names.push("sitemap.xml".to_owned());
    names
}

fn split(base: &Url, pages: &[Page<'_>], most_pages: usize, most_bytes: usize) -> Vec<Part> {
    let mut bodies = vec![(String::new(), None)];
    let mut count = 0;
    let mut entry = String::new();
    for page in pages {
        entry.clear();
        push_entry(&mut entry, "url", page.url.as_str(), page.updated);
        let full = bodies.last().is_some_and(|(body, _)| {
            count == most_pages || (count > 0 && body.len() + entry.len() > most_bytes)
        });
        if full {
            bodies.push((String::new(), None));
            count = 0;
        }
        if let Some((body, updated)) = bodies.last_mut() {
            body.push_str(&entry);
            *updated = page.updated.max(*updated);
            count += 1;
        }
    }
    if bodies.len() == 1 {
        let body = bodies.pop().map(|(body, _)| body).unwrap_or_default();
        return vec![part("sitemap.xml".to_owned(), "urlset", &body)];
    }
    let mut list = String::new();
    let mut parts = Vec::with_capacity(bodies.len() + 1);
    for (at, (body, updated)) in bodies.into_iter().enumerate() {
        let name = format!("sitemap-{}.xml", at + 1);
        push_entry(&mut list, "sitemap", &format!("{base}{name}"), updated);
        parts.push(part(name, "urlset", &body));
    }
    parts.push(part("sitemap.xml".to_owned(), "sitemapindex", &list));
    parts
}

fn part(file_name: String, root: &str, body: &str) -> Part {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{body}</{root}>\n"
    );
    Part { file_name, xml }
}

fn push_entry(xml: &mut String, name: &str, url: &str, updated: Option<DateTime<FixedOffset>>) {
    let _ = write!(xml, "<{name}><loc>{}</loc>", escape(url));
    if let Some(updated) = updated {
        let updated = updated.to_rfc3339_opts(SecondsFormat::Secs, true);
        let _ = write!(xml, "<lastmod>{updated}</lastmod>");
    }
    let _ = writeln!(xml, "</{name}>");
}

#[cfg(test)]
mod tests;
