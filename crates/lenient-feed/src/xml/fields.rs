//! What the elements of a feed and of its entries mean.

use super::item::{Item, LinkRank};
use super::scope::Meaning;
use super::values::{LinkDraft, PersonDraft};
use super::{Reader, Role};
use crate::names::{Element, Namespace};
use crate::{Enclosure, Format, dates, limits};

impl Reader<'_, '_> {
    /// Opens an element that is not within a text.
    pub(super) fn open(&mut self, meaning: Meaning) -> Role {
        let element = meaning.element;
        match element {
            Element::Rss | Element::Rdf | Element::Feed | Element::Channel => {
                return self.open_feed(element);
            }
            Element::Item => return self.open_item(),
            Element::Live => return self.open_live(),
            _ => {}
        }
        match element {
            Element::Apart => Role::Apart,
            Element::Author if self.person.is_none() => {
                self.person = Some(PersonDraft::default());
                Role::Person
            }
            Element::Name | Element::Email | Element::PersonUri if self.person.is_none() => {
                Role::Transparent
            }
            Element::Enclosure
            | Element::MediaContent
            | Element::Transcript
            | Element::Chapters
            | Element::Chapter
            | Element::Alternate
            | Element::Place => {
                self.take_recording(element);
                Role::Transparent
            }
            Element::Thumbnail => self.open_thumbnail(meaning.namespace),
            Element::Contributor => self.open_contributor(),
            Element::Link => self.open_link(meaning.prefixed),
            Element::Author | Element::Unknown | Element::List(_) | Element::Container => {
                Role::Transparent
            }
            // Atom 0.3: the same content in several types, of which the first counts.
            Element::Content | Element::Summary | Element::Description
                if self.is_multipart() && self.item.is_some() =>
            {
                self.multipart.clear();
                Role::Multipart
            }
            _ if self.item.is_none() && element.is_entry_only() => Role::Transparent,
            _ => self.open_field(element),
        }
    }

    fn is_multipart(&self) -> bool {
        let written = self.attribute(&["type"]).and_then(|it| it.get(..10));
        written.is_some_and(|it| it.eq_ignore_ascii_case("multipart/"))
    }

    fn open_feed(&mut self, element: Element) -> Role {
        self.is_feed |= element != Element::Rdf || self.rdf_version() != Format::Rss;
        self.note_root(true);
        self.take_language();
        match element {
            Element::Rss => {
                // Where it says that its names are those of RSS in RDF, it is read as that.
                let format = match self.rdf_version() {
                    Format::Rss => rss_version(self.attribute(&["version"]).unwrap_or_default()),
                    format => format,
                };
                self.set_format(format);
            }
            Element::Feed => self.set_format(self.atom_version()),
            Element::Rdf => self.set_format(self.rdf_version()),
            // CDF has the channel as its root, with its address; RSS that lost its root has none.
            _ if self.frames.is_empty()
                && self
                    .attribute(&["href", "base", "lastmod", "self"])
                    .is_some() =>
            {
                self.set_format(Format::Cdf);
            }
            _ => {}
        }
        if element == Element::Channel {
            self.take_cdf();
        }
        match element {
            Element::Channel | Element::Feed => Role::Feed,
            _ => Role::Transparent,
        }
    }

    fn atom_version(&self) -> Format {
        let is_2005 = |value: &str| {
            value
                .trim_end_matches('/')
                .to_ascii_lowercase()
                .ends_with("www.w3.org/2005/atom")
        };
        // The namespace says more than a version that Atom 1.0 does not have.
        if self.attributes.iter().any(|(_, value)| is_2005(value)) {
            return Format::Atom10;
        }
        match self.attribute(&["version"]) {
            Some("0.1") => Format::Atom01,
            Some("0.2") => Format::Atom02,
            Some("0.3") => Format::Atom03,
            _ => Format::Atom,
        }
    }

    fn rdf_version(&self) -> Format {
        let mut format = Format::Rss;
        for (_, value) in &self.attributes {
            match value.to_ascii_lowercase().trim_end_matches('/') {
                "http://purl.org/rss/1.0" => return Format::Rss10,
                "http://my.netscape.com/rdf/simple/0.9"
                | "http://channel.netscape.com/rdf/simple/0.9" => format = Format::Rss090,
                _ => {}
            }
        }
        format
    }

    fn open_item(&mut self) -> Role {
        if self.frames.is_empty() && !self.versioned {
            self.set_format(self.atom_version());
        }
        let about = self.about().filter(|about| !about.is_empty());
        self.item = Some(Item {
            about: about.map(str::to_owned),
            ..Item::default()
        });
        self.take_language();
        self.take_cdf();
        Role::Item
    }

    /// `rdf:about`, whatever the prefix for RDF is.
    fn about(&self) -> Option<&str> {
        let about = self
            .attributes
            .iter()
            .find(|(name, _)| name.to_ascii_lowercase().ends_with(":about"));
        about.map(|(_, value)| value.trim())
    }

    /// The attributes that CDF has instead of elements.
    fn take_cdf(&mut self) {
        if let Some(written) = self.attribute(&["href"]).map(str::to_owned) {
            let address = self.address(&written);
            self.current().take_link(LinkRank::Alternate, address);
        }
        if let Some(written) = self.attribute(&["lastmod"]) {
            let date = dates::parse(written);
            self.current().entry.updated = date;
        }
    }

    fn take_language(&mut self) {
        let language = self
            .attribute(&["xml:lang", "lang"])
            .filter(|it| !it.is_empty());
        if let Some(language) = language.map(|it| it.replace('_', "-")) {
            match &mut self.item {
                Some(item) => item.entry.language = Some(language),
                None => self.done.language = Some(language),
            }
        }
    }

    /// The entry that is open, or the head of the feed.
    pub(super) fn current(&mut self) -> &mut Item {
        self.item.as_mut().unwrap_or(&mut self.head)
    }

    pub(super) fn take_download(
        &mut self,
        url: String,
        media_type: Option<String>,
        length: Option<u64>,
    ) {
        let enclosures = &mut self.current().entry.enclosures;
        if enclosures.len() < limits::CHILDREN {
            enclosures.push(Enclosure {
                url,
                media_type,
                length,
            });
        }
    }

    fn open_thumbnail(&mut self, namespace: Namespace) -> Role {
        let Some(url) = self.attribute(&["url", "href"]).map(str::to_owned) else {
            return self.open_field(Element::Thumbnail);
        };
        let address = self.address(&url);
        if namespace == Namespace::Itunes {
            match &mut self.item {
                Some(item) => item.entry.episode.image.clone_from(&address),
                None => self.done.image.clone_from(&address),
            }
        }
        let thumbnail = &mut self.current().entry.thumbnail;
        if thumbnail.is_none() {
            *thumbnail = address;
        }
        Role::Transparent
    }

    /// Links with `href`, as Atom has them; others have their address as text, and some have both.
    fn open_link(&mut self, prefixed: bool) -> Role {
        // One that lacks its end tag ends where the next begins.
        self.finish_link();
        let href = self
            .attribute(&["href", "url", "uri", "rdf:resource"])
            .map(str::to_owned);
        let Some(href) = href else {
            return self.open_field(Element::Link);
        };
        let lower = |names: &[&str]| self.attribute(names).map(str::to_ascii_lowercase);
        self.link = Some(LinkDraft {
            href,
            text: String::new(),
            is_atom: prefixed || self.done.format.is_atom(),
            rel: lower(&["rel"]).unwrap_or_else(|| "alternate".to_owned()),
            media_type: lower(&["type"]),
            length: self.attribute(&["length"]).and_then(|it| it.parse().ok()),
        });
        Role::Link
    }

    /// A link is complete.
    pub(super) fn finish_link(&mut self) {
        let Some(link) = self.link.take() else {
            return;
        };
        let LinkDraft {
            rel, media_type, ..
        } = &link;
        let is_page = media_type.as_deref().is_none_or(|it| {
            matches!(
                it.split(';').next().unwrap_or_default().trim_end(),
                "" | "text/html" | "html" | "xhtml" | "application/xhtml+xml"
            )
        });
        let relation = rel.rsplit('/').next().unwrap_or_default().to_owned();
        let is_alternate = matches!(&*relation, "alternate" | "") && is_page;
        if is_alternate && let Some(written) = link.own_text() {
            let address = self.address(written);
            self.current().take_link(LinkRank::Text, address);
            return;
        }
        let Some(address) = self.address(&link.href) else {
            return;
        };
        match &*relation {
            _ if is_alternate => {
                let rank = if link.is_plain() {
                    LinkRank::Alternate
                } else {
                    LinkRank::Page
                };
                self.current().take_link(rank, Some(address));
            }
            "enclosure" if self.item.is_some() => {
                let media_type = link.media_type.filter(|it| !it.is_empty());
                self.take_download(address, media_type, link.length);
            }
            "self" if self.item.is_none() => self.done.self_link = Some(address),
            "hub" if self.item.is_none() && self.done.hubs.len() < limits::CHILDREN => {
                self.done.hubs.push(address);
            }
            "replies" if self.item.is_some() => self.current().entry.comments = Some(address),
            _ => {}
        }
    }

    /// The text of an element that has some beside what its attributes or its children say.
    pub(super) fn take_beside(&mut self) -> Option<String> {
        match self.frames.last()?.role {
            Role::Link => Some(std::mem::take(&mut self.link.as_mut()?.text)),
            Role::Multipart => Some(std::mem::take(&mut self.multipart)),
            _ => None,
        }
    }

    pub(super) fn put_beside(&mut self, text: String) {
        match (self.frames.last().map(|it| it.role), &mut self.link) {
            (Some(Role::Link), Some(link)) => link.text = text,
            _ => self.multipart = text,
        }
    }
}

fn rss_version(version: &str) -> Format {
    match version.trim() {
        "0.91" => Format::Rss091,
        "0.92" => Format::Rss092,
        "0.93" => Format::Rss093,
        "0.94" => Format::Rss094,
        version if version.starts_with("2.") => Format::Rss20,
        _ => Format::Rss,
    }
}
