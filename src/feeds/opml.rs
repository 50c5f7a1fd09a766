//! OPML 2.0: a list of sources that every feed reader imports.
//!
//! [`render`] is what is published, the sources of config.toml; [`export`] is what a team takes
//! elsewhere, with all that newsdesk knows of its sources.

pub mod export;

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset};
use url::Url;

use super::xml::escape;

/// One source in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What readers call it.
    pub title: String,
    /// Its feed.
    pub xml_url: String,
    /// Its page for people.
    pub html_url: Option<String>,
    /// What it is about.
    pub tags: Vec<String>,
}

/// The list as a document. `owner` is the address of the newsletter whose list it is.
pub fn render(
    title: &str,
    owner: &Url,
    updated: Option<DateTime<FixedOffset>>,
    sources: &[Outline],
) -> String {
    let mut opml = head(title, None);
    opml.reserve(512 + sources.len() * 256);
    if let Some(updated) = updated {
        // OPML writes dates as RFC 822 does.
        let _ = writeln!(
            opml,
            "<dateModified>{}</dateModified>",
            updated.to_rfc2822()
        );
    }
    let _ = writeln!(opml, "<ownerId>{}</ownerId>", escape(owner.as_str()));
    opml.push_str("<docs>http://opml.org/spec2.opml</docs>\n</head>\n<body>\n");
    for source in sources {
        push_outline(source, &mut opml);
    }
    opml.push_str("</body>\n</opml>\n");
    opml
}

/// The beginning of a document, up to its title.
fn head(title: &str, namespace: Option<&str>) -> String {
    let namespace =
        namespace.map_or_else(String::new, |name| format!(" xmlns:newsdesk=\"{name}\""));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\"{namespace}>\n<head>\n\
         <title>{}</title>\n",
        escape(title)
    )
}

/// `type` is `rss` for Atom too: the specification has no other word for a feed.
fn push_outline(source: &Outline, opml: &mut String) {
    let title = escape(&source.title);
    let _ = write!(
        opml,
        "<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{}\"",
        escape(&source.xml_url)
    );
    if let Some(url) = &source.html_url {
        let _ = write!(opml, " htmlUrl=\"{}\"", escape(url));
    }
    // Categories are joined by commas, so a tag cannot hold one.
    let tags: Vec<String> = source
        .tags
        .iter()
        .map(|tag| {
            let words = tag.split([',', ' ']).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(" ")
        })
        .filter(|tag| !tag.is_empty())
        .collect();
    if !tags.is_empty() {
        let _ = write!(opml, " category=\"{}\"", escape(&tags.join(",")));
    }
    opml.push_str("/>\n");
}

#[cfg(test)]
mod tests;
