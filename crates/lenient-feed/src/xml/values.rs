//! Everything but texts: links, ids, dates, people, categories, hints for polling.

use super::Reader;
use super::constructs::Capture;
use super::item::LinkRank;
use super::scope::scheme;
use crate::Person;
use crate::dates::{Date, Order};
use crate::names::Element;
use crate::repair::Defect;
use crate::text::{Markup, Text, decode_again, looks_like_html, shorten, shows_bad_letters};
use crate::{Funding, Live, dates, limits, people};

/// An author while the element is open.
#[derive(Default)]
pub(super) struct PersonDraft {
    /// The words of the author's own element.
    pub(super) text: String,
    /// The words of elements in it that nobody knows, which count where there are no others.
    pub(super) inner: String,
    name: Option<String>,
    email: Option<String>,
    url: Option<String>,
}

/// A link with attributes while the element is open.
pub(super) struct LinkDraft {
    pub(super) href: String,
    /// What stands in it.
    pub(super) text: String,
    /// It is Atom's, whose address is in its attribute; RSS has it as text (RSS 2.0, `link`).
    pub(super) is_atom: bool,
    pub(super) rel: String,
    pub(super) media_type: Option<String>,
    pub(super) length: Option<u64>,
}

impl LinkDraft {
    /// The address that is its text.
    pub(super) fn own_text(&self) -> Option<&str> {
        let text = self.text.trim();
        let is_address = text.contains("://") || text.starts_with('/');
        let is_one = !text.contains(char::is_whitespace);
        (!self.is_atom && is_address && is_one).then_some(text)
    }

    /// Said in other words than Atom's own, it counts where nothing better is said.
    pub(super) fn is_plain(&self) -> bool {
        self.rel == "alternate"
            && matches!(
                self.media_type.as_deref(),
                None | Some("text/html" | "html" | "xhtml" | "application/xhtml+xml")
            )
    }
}

impl Reader<'_, '_> {
    /// A text is complete; `depth` is how deep it stood.
    pub(super) fn finish_field(&mut self, depth: usize) {
        let Some(mut capture) = self.capture.take() else {
            return;
        };
        self.decode_again(&mut capture);
        match capture.element {
            Element::Title
            | Element::SecondTitle
            | Element::Description
            | Element::Summary
            | Element::SecondSummary
            | Element::Caption
            | Element::Content
            | Element::Encoded
            | Element::Body => self.finish_construct(&mut capture, depth),
            _ => self.finish_value(&capture, depth),
        }
        if self.spare.capacity() < capture.value.capacity() {
            self.spare = capture.value;
        }
    }

    /// Decodes a text twice that was encoded twice, unless it shows on purpose what becomes of that.
    fn decode_again(&mut self, capture: &mut Capture) {
        let is_title = matches!(capture.element, Element::Title | Element::SecondTitle);
        match decode_again(&capture.value) {
            Some(_) if is_title && shows_bad_letters(&capture.value) => {}
            Some(fixed) => {
                self.log.note(Defect::DoubleEncoding, None);
                let written = std::mem::replace(&mut capture.value, fixed);
                if is_title && let Some(item) = &mut self.item {
                    item.as_written = Some(written);
                }
            }
            None => {
                if let Some(item) = &mut self.item {
                    item.is_sound |= !capture.value.is_ascii();
                }
            }
        }
    }

    /// What an episode says of itself, and where to pay for it.
    fn finish_episode(&mut self, capture: &Capture, value: &str) {
        let written = Some(value.to_owned()).filter(|it| !it.is_empty());
        match capture.element {
            Element::Contributor if written.is_some() => self.finish_contributor(value),
            Element::Season => {
                let episode = &mut self.current().entry.episode;
                episode.season = written;
                episode.season_name = capture.attribute.clone().or(episode.season_name.take());
            }
            Element::Episode => self.current().entry.episode.number = written,
            Element::EpisodeKind => {
                self.current().entry.episode.kind = written.map(|it| it.to_lowercase());
            }
            Element::Funding => {
                let url = capture.attribute.as_deref().and_then(|it| self.address(it));
                let funding = &mut self.done.funding;
                if let Some(url) = url.filter(|_| funding.len() < limits::CHILDREN) {
                    let label = value.to_owned();
                    funding.push(Funding { url, label });
                }
            }
            _ => {}
        }
    }

    fn finish_value(&mut self, capture: &Capture, depth: usize) {
        let plain = capture.inline.then(|| {
            let markup = Markup::Html;
            let value = capture.value.clone();
            Text { value, markup }.plain().into_owned()
        });
        let value = plain.as_deref().unwrap_or(&capture.value).trim();
        match capture.element {
            Element::Name | Element::Email | Element::PersonUri => {
                self.finish_person_part(capture.element, value);
            }
            Element::Category => {
                let term = capture.attribute.as_deref().unwrap_or(value);
                self.take_category(term);
            }
            Element::Keywords => {
                for term in value.split(',') {
                    self.take_category(term);
                }
            }
            Element::Contributor
            | Element::Season
            | Element::Episode
            | Element::EpisodeKind
            | Element::Funding => self.finish_episode(capture, value),
            _ if value.is_empty() => {}
            Element::Link => {
                // A reference that was escaped twice: no address has `&amp;` in it.
                let address = self.address(&value.replace("&amp;", "&"));
                self.current().take_link(LinkRank::Text, address);
            }
            Element::Id => self.finish_id(value, capture.permalink, depth),
            Element::Published | Element::Updated | Element::Created => {
                self.finish_date(capture.element, value);
            }
            Element::Comments => {
                let address = self.address(value);
                self.current().entry.comments = address;
            }
            Element::Thumbnail => {
                let address = self.address(value);
                self.current().entry.thumbnail = address;
            }
            Element::Language => match &mut self.item {
                Some(item) => item.entry.language = Some(value.replace('_', "-")),
                None => self.done.language = Some(value.replace('_', "-")),
            },
            Element::Duration => self.current().entry.duration = duration(value),
            _ => self.finish_rhythm(capture.element, value),
        }
    }

    fn finish_id(&mut self, value: &str, permalink: bool, depth: usize) {
        let item = self.current();
        if item.id_depth.is_some_and(|before| depth > before) {
            return;
        }
        item.id_depth = Some(depth);
        // Against the address of the feed only what is surely one; against a base that the document
        // itself names, everything: ids must not change when a feed moves.
        let is_address = match scheme(value) {
            // `at://` and `tag://` are names: no browser opens them.
            Some(scheme) => ["http", "https"]
                .iter()
                .any(|it| scheme.eq_ignore_ascii_case(it)),
            None => value.starts_with('/') || self.bases.len() > self.outer_bases,
        };
        let address = if permalink && is_address {
            self.address(value)
        } else {
            None
        };
        let item = self.current();
        item.id = Some(address.clone().unwrap_or_else(|| value.to_owned()));
        if item.permalink.is_none() {
            item.permalink = address;
        }
    }

    fn finish_date(&mut self, element: Element, value: &str) {
        let date = dates::read(value, self.done.language.as_deref());
        let Some(date) = date else {
            self.log.note_with(Defect::BadDate, None, || {
                Some(format!("`{}`", shorten(value, 40)))
            });
            return;
        };
        self.newest.habit.note(date);
        let Date::At(instant, order) = date else {
            self.log.note_with(Defect::ZeroDate, None, || {
                Some(format!("`{}`", shorten(value, 40)))
            });
            self.current().zero_date = true;
            return;
        };
        let other = match order {
            Order::Open(other) => Some(other),
            _ => None,
        };
        let item = self.current();
        match element {
            Element::Published => {
                item.entry.published = Some(instant);
                item.other_published = other;
            }
            Element::Updated => {
                item.entry.updated = Some(instant);
                item.other_updated = other;
            }
            _ => item.created = Some(instant),
        }
    }

    fn take_category(&mut self, term: &str) {
        let term = term.trim();
        let Some(item) = &mut self.item else {
            return;
        };
        let categories = &mut item.entry.categories;
        let known = categories.iter().any(|known| known == term);
        if !term.is_empty() && !known && categories.len() < limits::CHILDREN {
            categories.push(term.to_owned());
        }
    }

    fn finish_person_part(&mut self, element: Element, value: &str) {
        let url = match element {
            Element::PersonUri => self.address(value),
            _ => None,
        };
        let Some(person) = self.person.as_mut().filter(|_| !value.is_empty()) else {
            return;
        };
        match element {
            Element::Name => person.name = Some(value.to_owned()),
            Element::Email => person.email = Some(value.to_owned()),
            _ => person.url = url,
        }
    }

    pub(super) fn finish_person(&mut self) {
        let Some(mut draft) = self.person.take() else {
            return;
        };
        let said = draft.email.is_some() || draft.url.is_some() || !draft.text.trim().is_empty();
        if !said {
            draft.text = std::mem::take(&mut draft.inner);
        }
        if let Some(fixed) = decode_again(&draft.text) {
            draft.text = fixed;
        }
        let mut name = draft.name.unwrap_or(draft.text);
        if looks_like_html(&name) {
            let markup = Markup::Html;
            name = Text {
                value: name,
                markup,
            }
            .plain()
            .into_owned();
        }
        if name.matches('@').nth(1).is_some() && name.contains(',') {
            // `ada@example.org, bo@example.org`.
            for person in name.split(',').filter_map(people::person) {
                self.push_author(person);
            }
            return;
        }
        let (name, email) = match people::person(&name) {
            Some(person) => (Some(person.name), draft.email.or(person.email)),
            None => (draft.email.clone(), draft.email),
        };
        if let Some(name) = name.or_else(|| draft.url.clone()) {
            let url = draft.url;
            self.push_author(Person { name, url, email });
        }
    }

    fn push_author(&mut self, author: Person) {
        let authors = &mut self.current().entry.authors;
        if authors.len() < limits::CHILDREN && authors.iter().all(|it| it.name != author.name) {
            authors.push(author);
        }
    }

    pub(super) fn finish_item(&mut self) {
        let Some(mut item) = self.item.take() else {
            return;
        };
        if item.is_empty() && !item.wrappers.is_empty() {
            // All that it has is in an element of somebody's own.
            self.found.tags.extend(&item.wrappers);
            self.again = true;
        }
        match item.live.take() {
            Some(live) if self.done.live.len() < limits::CHILDREN => {
                let entry = item.finish().entry;
                self.done.live.push(Live { entry, ..live });
            }
            Some(_) => {}
            None => self.newest.push(item.finish()),
        }
    }

    pub(super) fn finish_head(&mut self) {
        self.done.link = self.head.chosen_link();
        let head = std::mem::take(&mut self.head.entry);
        self.done.title = head.title;
        self.done.authors = head.authors;
        self.done.updated = head.updated.or(head.published);
    }

    fn finish_rhythm(&mut self, element: Element, value: &str) {
        let rhythm = &mut self.done.rhythm;
        match element {
            Element::Ttl => rhythm.ttl = value.parse().ok(),
            Element::Hour => {
                // RSS 0.91 counts to 24, RSS 2.0 from 0 to 23.
                if let Some(hour) = value.parse::<u32>().ok().filter(|hour| *hour <= 24) {
                    rhythm.skip_hours |= 1 << (hour % 24);
                }
            }
            Element::Day => rhythm.skip_days |= weekday(value),
            Element::Period => rhythm.period = period(value),
            Element::Frequency => rhythm.frequency = value.parse().ok(),
            _ => {}
        }
    }
}

/// `1:02:03`, `62:03` or seconds; fractions are left out.
fn duration(value: &str) -> Option<u64> {
    value.split(':').take(4).try_fold(0_u64, |seconds, part| {
        let whole = part.trim().split('.').next()?;
        seconds.checked_mul(60)?.checked_add(whole.parse().ok()?)
    })
}

/// Bit 0 is Monday.
fn weekday(value: &str) -> u8 {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let value = value.to_ascii_lowercase();
    DAYS.iter()
        .position(|day| value.starts_with(day))
        .map_or(0, |day| 1 << day)
}

fn period(value: &str) -> Option<u64> {
    const DAY: u64 = 24 * 60 * 60;
    match value.to_ascii_lowercase().as_str() {
        "hourly" => Some(60 * 60),
        "daily" => Some(DAY),
        "weekly" => Some(7 * DAY),
        "monthly" => Some(30 * DAY),
        "yearly" => Some(365 * DAY),
        _ => None,
    }
}
