//! Recordings and pictures: downloads, Media RSS, and what podcasts say of their episodes.

use super::item::Item;
use super::{Reader, Role};
use crate::media::milliseconds;
use crate::names::Element;
use crate::{Chapter, Contributor, Enclosure, Live, Media, Transcript, dates, limits};

impl Reader<'_, '_> {
    /// A stream that is or will be live: it is read as an entry is, and is none.
    pub(super) fn open_live(&mut self) -> Role {
        let date = |written: Option<&str>| written.and_then(dates::parse);
        let live = Live {
            status: self.attribute(&["status"]).map(str::to_ascii_lowercase),
            start: date(self.attribute(&["start"])),
            end: date(self.attribute(&["end"])),
            ..Live::default()
        };
        self.item = Some(Item {
            live: Some(live),
            ..Item::default()
        });
        Role::Item
    }

    /// An element that says by its attributes where something is.
    pub(super) fn take_recording(&mut self, element: Element) {
        if element == Element::Alternate {
            self.alternate = self.media(String::new());
            return;
        }
        if self.item.is_none() {
            return;
        }
        if element == Element::Chapter {
            self.take_chapter();
            return;
        }
        let url = self.attribute(&["url", "uri", "href"]).map(str::to_owned);
        let Some(url) = url.and_then(|it| self.address(&it)) else {
            return;
        };
        let media = self.media(url);
        match element {
            Element::Transcript => self.take_transcript(media),
            Element::MediaContent => self.take_media(media),
            Element::Place => {
                let url = media.url;
                let alternate = self.alternate.clone();
                self.take_media(Media { url, ..alternate });
            }
            Element::Chapters => {
                self.current().entry.episode.chapters_at = Some(Enclosure {
                    url: media.url,
                    media_type: media.media_type,
                    length: None,
                });
            }
            _ => self.take_download(media.url, media.media_type, media.length),
        }
    }

    /// What the attributes of the current element say of a recording or a picture.
    fn media(&self, url: String) -> Media {
        let lower = |names: &[&str]| {
            let value = self.attribute(names).filter(|it| !it.is_empty());
            value.map(str::to_ascii_lowercase)
        };
        let number = |names: &[&str]| self.attribute(names)?.parse().ok();
        let pixels = |names: &[&str]| self.attribute(names)?.trim_end_matches("px").parse().ok();
        Media {
            url,
            media_type: lower(&["type"]),
            medium: lower(&["medium"]),
            length: number(&["length", "fileSize"]),
            duration: self
                .attribute(&["duration"])
                .and_then(milliseconds)
                .map(|it| it / 1_000),
            width: pixels(&["width"]),
            height: pixels(&["height"]),
        }
    }

    fn take_media(&mut self, media: Media) {
        let known = &mut self.current().entry.media;
        if known.len() < limits::CHILDREN {
            known.push(media);
        }
    }

    fn take_transcript(&mut self, media: Media) {
        let language = self.attribute(&["language", "lang"]).map(str::to_owned);
        let entry = &mut self.current().entry;
        // Subtitles before pages that hold them.
        if entry.transcript.is_none() || media.media_type.as_deref() == Some("text/vtt") {
            entry.transcript = Some(media.url.clone());
        }
        let transcripts = &mut entry.episode.transcripts;
        if transcripts.len() < limits::CHILDREN {
            transcripts.push(Transcript {
                url: media.url,
                media_type: media.media_type,
                language,
            });
        }
    }

    fn take_chapter(&mut self) {
        let Some(start) = self.attribute(&["start"]).and_then(milliseconds) else {
            return;
        };
        let title = self.attribute(&["title"]).unwrap_or_default().to_owned();
        let href = self.attribute(&["href"]).map(str::to_owned);
        let url = href.and_then(|it| self.address(&it));
        let chapters = &mut self.current().entry.episode.chapters;
        if chapters.len() < limits::CHILDREN {
            chapters.push(Chapter { start, title, url });
        }
    }

    /// The name of somebody begins, whose attributes say the rest.
    pub(super) fn open_contributor(&mut self) -> Role {
        let owned = |names: &[&str]| self.attribute(names).map(str::to_owned);
        let (role, url, image) = (owned(&["role"]), owned(&["href"]), owned(&["img"]));
        self.contributor = Contributor {
            name: String::new(),
            role: role.map(|it| it.to_lowercase()),
            url: url.and_then(|it| self.address(&it)),
            image: image.and_then(|it| self.address(&it)),
        };
        self.open_field(Element::Contributor)
    }

    pub(super) fn finish_contributor(&mut self, name: &str) {
        let mut contributor = std::mem::take(&mut self.contributor);
        name.clone_into(&mut contributor.name);
        let people = &mut self.current().entry.episode.people;
        if people.len() < limits::CHILDREN {
            people.push(contributor);
        }
    }
}
