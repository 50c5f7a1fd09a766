//! The sources of a team as a list that it can take elsewhere, and read back whole.
//!
//! Readers show folders, so a source stands in the folder of its first tag; `category` names all
//! of its tags. What OPML has no word for stands in attributes of our own, which OPML 2.0 allows
//! in a namespace ("Extending OPML"). The same sources give the same bytes.

use std::fmt::Write as _;
use std::time::Duration;

use super::{escape, head};
use crate::model::Source;

/// The namespace of our attributes: a name, not an address.
pub const NAMESPACE: &str = "urn:newsdesk:opml";

/// A source in the list.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// What people say of it.
    pub source: &'a Source,
    /// The title that its feed gives itself.
    pub feed_title: Option<&'a str>,
    /// Its page: as people say, else as the feed says.
    pub site: Option<&'a str>,
}

/// The folders on the way to some sources, and those.
type Group<'a> = (Vec<&'a str>, Vec<&'a Listed<'a>>);

/// The list as a document: folders in the order in which their first sources came.
pub fn export(title: &str, sources: &[Listed<'_>]) -> String {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for listed in sources {
        let folders = folders(&listed.source.tags);
        let place = *places.entry(folders.clone()).or_insert_with(|| {
            groups.push((folders, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(listed);
    }
    let mut opml = head(title, Some(NAMESPACE));
    opml.push_str("</head>\n<body>\n");
    for (folders, sources) in groups {
        for folder in &folders {
            let name = escape(folder);
            let _ = writeln!(opml, "<outline text=\"{name}\" title=\"{name}\">");
        }
        for listed in sources {
            push(listed, &mut opml);
        }
        opml.push_str(&"</outline>\n".repeat(folders.len()));
    }
    opml.push_str("</body>\n</opml>\n");
    opml
}

/// The folders of a source: its first tag, and all up to the last that `category` cannot hold, so
/// that the tags come back in their order.
fn folders(tags: &[String]) -> Vec<&str> {
    let last = tags.iter().rposition(|tag| !is_category(tag));
    let count = last.map_or(1, |last| last + 1);
    tags.iter().take(count).map(String::as_str).collect()
}

/// `category` is a list with commas, in which a `/` at the beginning means a path.
fn is_category(tag: &str) -> bool {
    !tag.contains(',') && !tag.starts_with('/')
}

fn push(listed: &Listed<'_>, opml: &mut String) {
    let source = listed.source;
    let known = source.title.as_deref().or(listed.feed_title);
    let title = escape(known.unwrap_or(&source.url));
    let _ = write!(
        opml,
        "<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{}\"",
        escape(&source.url)
    );
    let mut attribute = |name: &str, value: &str| {
        let _ = write!(opml, " {name}=\"{}\"", escape(value));
    };
    if let Some(site) = listed.site {
        attribute("htmlUrl", site);
    }
    let tags = source.tags.iter().map(String::as_str);
    let categories: Vec<&str> = tags.filter(|tag| is_category(tag)).collect();
    if !categories.is_empty() {
        attribute("category", &categories.join(","));
    }
    if source.title.is_none() {
        attribute("newsdesk:titled", "by-feed");
    }
    if let Some(kind) = source.kind {
        attribute("newsdesk:kind", kind.name());
    }
    if let Some(every) = source.every {
        attribute("newsdesk:every", &time(every));
    }
    if !source.enabled {
        attribute("newsdesk:enabled", "false");
    }
    opml.push_str("/>\n");
}

/// A length of time as config.toml writes it.
fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [("d", 86_400), ("h", 3600), ("m", 60)];
    units
        .iter()
        .find(|(_, length)| seconds >= *length && seconds.is_multiple_of(*length))
        .map_or_else(
            || format!("{seconds}s"),
            |(unit, length)| format!("{}{unit}", seconds / length),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::sample::HOSTILE;
    use crate::model::{Kind, Origin};

    fn source(url: &str, tags: &[&str]) -> Source {
        Source {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Source::new(url, Origin::Added)
        }
    }

    fn list(sources: &[Source]) -> String {
        let listed: Vec<Listed<'_>> = sources
            .iter()
            .map(|source| Listed {
                source,
                feed_title: Some("By itself"),
                site: source.site.as_deref(),
            })
            .collect();
        export("Ours", &listed)
    }

    #[test]
    fn puts_sources_in_the_folders_of_their_tags() {
        let mut sources = [
            source("https://a.example/?x=1&y=2", &["papers", "daily"]),
            source("https://b.example/", &[]),
            source("https://c.example/", &["papers", "a, b"]),
            source("https://d.example/", &["papers"]),
        ];
        sources[0].title = Some("A & B".to_owned());
        sources[0].site = Some("https://a.example/".to_owned());
        sources[1].kind = Some(Kind::Podcast);
        sources[1].every = Some(Duration::from_hours(6));
        sources[1].enabled = false;
        insta::assert_snapshot!(list(&sources), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <opml version="2.0" xmlns:newsdesk="urn:newsdesk:opml">
        <head>
        <title>Ours</title>
        </head>
        <body>
        <outline text="papers" title="papers">
        <outline type="rss" text="A &amp; B" title="A &amp; B" xmlUrl="https://a.example/?x=1&amp;y=2" htmlUrl="https://a.example/" category="papers,daily"/>
        <outline type="rss" text="By itself" title="By itself" xmlUrl="https://d.example/" category="papers" newsdesk:titled="by-feed"/>
        </outline>
        <outline type="rss" text="By itself" title="By itself" xmlUrl="https://b.example/" newsdesk:titled="by-feed" newsdesk:kind="podcast" newsdesk:every="6h" newsdesk:enabled="false"/>
        <outline text="papers" title="papers">
        <outline text="a, b" title="a, b">
        <outline type="rss" text="By itself" title="By itself" xmlUrl="https://c.example/" category="papers" newsdesk:titled="by-feed"/>
        </outline>
        </outline>
        </body>
        </opml>
        "#);
    }

    #[test]
    fn writes_times_as_people_do() {
        assert_eq!(time(Duration::from_hours(48)), "2d");
        assert_eq!(time(Duration::from_mins(90)), "90m");
        assert_eq!(time(Duration::from_secs(61)), "61s");
    }

    #[test]
    fn words_of_others_stay_words() {
        let mut hostile = source("https://a.example/", &[HOSTILE]);
        hostile.title = Some(HOSTILE.to_owned());
        let xml = list(&[hostile]);
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut outlines = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    outlines += usize::from(tag.name().as_ref() == b"outline");
                }
                _ => {}
            }
        }
        assert_eq!(outlines, 2);
    }
}
