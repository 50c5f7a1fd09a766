//! One entry while it is rewritten, and what is known of it that Atom has no place for.

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_128;

use super::atom::Writer;
use crate::sources::Enclosure;

/// What the rewritten entry cannot say.
#[derive(Default)]
pub(in crate::sources) struct Extra {
    pub(in crate::sources) own_id: bool,
    pub(in crate::sources) media: Vec<Enclosure>,
    pub(in crate::sources) duration: Option<u64>,
    pub(in crate::sources) transcript: Option<String>,
    pub(in crate::sources) thumbnail: Option<String>,
    pub(in crate::sources) comments: Option<String>,
    pub(in crate::sources) language: Option<String>,
    pub(in crate::sources) base: Option<String>,
}

/// An entry, or the head of the feed, while its elements come in.
#[derive(Default)]
pub(super) struct Item {
    /// Where its Atom begins.
    pub(super) start: usize,
    pub(super) id: Option<String>,
    /// The id of its RDF node, which a `guid` overrides.
    pub(super) about: Option<String>,
    pub(super) title: Option<String>,
    /// How deep the title, the summary and the id stood: what stands higher up counts.
    pub(super) title_depth: Option<usize>,
    pub(super) summary_depth: Option<usize>,
    pub(super) summary_length: usize,
    pub(super) id_depth: Option<usize>,
    pub(super) has_content: bool,
    pub(super) link: Option<String>,
    /// A `guid` that is a permalink.
    pub(super) permalink: Option<String>,
    /// Where the content is, when it is elsewhere.
    pub(super) elsewhere: Option<String>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) categories: Vec<String>,
    pub(super) authors: Vec<String>,
    pub(super) enclosures: usize,
    pub(super) extra: Extra,
}

impl Item {
    /// The link: the last one, else the permalink, else where the content is.
    pub(super) fn chosen_link(&mut self) -> Option<String> {
        let link = self.link.take().filter(|link| !link.is_empty());
        link.or_else(|| self.permalink.take())
            .or_else(|| self.elsewhere.take())
    }

    /// Writes what had to wait for the end of the entry.
    pub(super) fn finish(mut self, out: &mut Writer) -> Extra {
        let link = self.chosen_link();
        let published = self.published.or(match self.updated {
            None => self.created,
            Some(_) => None,
        });
        let id = self.id.take().or(self.about.take());
        self.extra.own_id = id.is_some();
        let id = id.or_else(|| link.clone()).unwrap_or_else(|| {
            // An entry that says nothing of itself is known by its title and its day, so that a
            // correction in its text does not make it another.
            let said = match &self.title {
                Some(title) => format!("{title}\n{published:?}"),
                None => out.since(self.start).to_owned(),
            };
            format!("hash:{:032x}", xxh3_128(said.as_bytes()))
        });
        out.text("id", &id);
        if let Some(link) = &link {
            out.link("alternate", link, [("type", None), ("length", None)]);
        }
        for (name, instant) in [("published", published), ("updated", self.updated)] {
            if let Some(instant) = instant {
                out.text(name, &instant.to_rfc3339());
            }
        }
        out.raw("</entry>");
        self.extra
    }
}
