//! What counts by where it stands.
//!
//! An element is its parent's alone: within something that no dialect knows, within a picture or an
//! author, it says nothing of the entry. A tag that lacks its end has no such claim: it is noted, and
//! the document is read again without it.

use super::scope::Meaning;
use super::{Frame, Hid, Reader, Role};
use crate::names::{Element, Holds, Namespace};

/// What counts of what stands in an element of this meaning and role; `inherited` is what counts
/// around it, `inside` whether that is a feed or an entry.
pub(super) fn holds(meaning: Meaning, role: Role, inherited: Holds, inside: bool) -> Holds {
    match (meaning.element, role) {
        (_, Role::Feed | Role::Item | Role::Field | Role::Inline) => Holds::Anything,
        (_, Role::Person) => Holds::Persons,
        (_, Role::Multipart) => Holds::Texts,
        (_, Role::Apart | Role::Link) => Holds::Nothing,
        (Element::List(holds), _) => holds,
        (Element::MediaContent, _) => Holds::Media,
        (Element::Alternate, _) => Holds::Places,
        (Element::Container | Element::Rss | Element::Rdf, _) => inherited,
        // What is in an author's name or its page is the author's.
        (Element::Unknown | Element::Author, _) if inherited == Holds::Persons => inherited,
        // Entries in a list that somebody named himself; one with a prefix is of something else.
        (Element::Unknown, _) if inside && meaning.namespace == Namespace::Core => Holds::Items,
        (_, Role::Transparent) if inside => Holds::Nothing,
        _ => inherited,
    }
}

impl Reader<'_, '_> {
    /// Whether the feed or one of its entries is open.
    pub(super) fn is_inside(&self) -> bool {
        self.item.is_some() || self.is_feed && !self.frames.is_empty()
    }

    /// Whether an element counts where it stands.
    pub(super) fn counts(&self, meaning: Meaning) -> bool {
        let Some(parent) = self.frames.last() else {
            return true;
        };
        match meaning.element {
            Element::Unknown | Element::Container => parent.holds != Holds::Nothing,
            // An entry within an entry is something that this one is about.
            Element::Item | Element::Live
                if self.item.is_some() && !self.loose.items && !self.loose.all =>
            {
                false
            }
            Element::Item => match parent.role {
                Role::Apart | Role::Person => true,
                _ => parent.holds.admits(meaning.element, meaning.namespace),
            },
            _ => parent.holds.admits(meaning.element, meaning.namespace),
        }
    }

    /// Notes with the element that hides it that something in it did not count.
    pub(super) fn hide(&mut self, element: Element) {
        let hid = match element {
            Element::Unknown | Element::Container => return,
            Element::Item => Hid::Items,
            _ => Hid::Fields,
        };
        self.hid_items |= hid == Hid::Items;
        let hides = |frame: &Frame<'_>| frame.holds != Holds::Nothing;
        let last = self.frames.len().saturating_sub(1);
        let index = self.frames.iter().rposition(hides).map_or(0, |it| it + 1);
        let mut index = index.min(last);
        if hid == Hid::Items && self.frames[index].holds == Holds::Anything {
            let item = self.frames.iter().rposition(|it| it.role == Role::Item);
            index = item.unwrap_or(index);
        }
        let frame = &mut self.frames[index];
        frame.hid = frame.hid.max(hid);
        let at = frame.at;
        if hid == Hid::Fields
            && let Some(item) = &mut self.item
            && item.wrappers.len() < 8
        {
            item.wrappers.push(at);
        }
    }

    /// The innermost element lacks its end tag: what it hid may be its neighbors.
    pub(super) fn note_unclosed(&mut self) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        match (frame.role, frame.hid) {
            (Role::Item, Hid::Items) => {
                self.found.items = true;
                self.again = true;
            }
            (Role::Apart | Role::Field | Role::Inline, _) => {}
            // At the end of a document that is cut everything lacks its end tag.
            (Role::Link, Hid::Fields) | (_, Hid::Items) => self.again = true,
            (_, Hid::Fields) => self.again |= !self.ended,
            _ => {}
        }
        if frame.holds != Holds::Anything && frame.role != Role::Apart {
            self.found.tags.insert(frame.at);
        }
    }

    /// Whether the document says more when it is read again: tags lack their ends, or there is no
    /// entry but among what was hidden.
    pub(super) fn must_read_again(&mut self) -> bool {
        if self.newest.is_empty() && self.hid_items {
            self.found.all = true;
            self.again = true;
        }
        self.again
    }
}
