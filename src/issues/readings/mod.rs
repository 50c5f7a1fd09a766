//! The readings in an issue: what each section that the configuration names recommends.
//!
//! [`find`] takes the events of a whole issue and gives what a person would read in its sections:
//! title, link, curator, commentary, the other links. `section` finds the sections; each becomes a
//! tree of `block`s, whose paragraphs are `run`s of text. `heading`, `layout` and `gathering` decide
//! by what blocks show (`signs`) which of them make one item; `item` says what an item recommends,
//! with `title`, `link`, `attribution` and `name` for its parts and `commentary` for the rest.
//! Nothing here changes an address or renders anything.

mod attribution;
mod block;
mod commentary;
mod gathering;
mod heading;
mod item;
mod layout;
mod link;
mod name;
mod person;
mod run;
mod section;
pub mod signing;
mod signs;
mod title;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::issues::markdown::Spanned;
use crate::model::{Curator, Kind};

pub use signing::{Position, Signing};

/// The headings whose sections hold readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sections {
    /// Every heading: the whole issue is a list of readings.
    All,
    /// Those with one of these names; compared without case, marks and outer space.
    Named(Vec<String>),
}

impl Sections {
    /// Those with these names.
    pub fn named<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Self {
        Self::Named(names.into_iter().map(Into::into).collect())
    }

    /// The names; none where all are meant.
    pub fn names(&self) -> &[String] {
        match self {
            Self::All => &[],
            Self::Named(names) => names,
        }
    }
}

impl Default for Sections {
    fn default() -> Self {
        Self::named(["Recommended reading"])
    }
}

/// A reading as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// Its title, plain text.
    pub title: String,
    /// The address of the thing recommended, as written; none where no link is that thing.
    pub url: Option<String>,
    /// Who recommends it, the profile as written.
    pub curator: Option<Curator>,
    /// The other links of the item, as written, in order, each once.
    pub extra_links: Vec<String>,
    /// What the curator says: whole blocks, every start with its end, without title and
    /// attribution; for [`markdown::render`](crate::issues::markdown::render).
    pub commentary: Vec<Spanned<'a>>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The heading it stands under, where the newsletter has several for its readings.
    pub category: Option<String>,
    /// Where its curator signs.
    pub signed: Option<Position>,
    /// The bytes of its title in the file.
    pub span: Range<usize>,
}

/// The bytes of the headings with these names, and of what stands below each.
pub(super) fn sections(
    events: &[Spanned<'_>],
    sections: &Sections,
) -> Vec<(Range<usize>, Range<usize>)> {
    let places = section::find(events, sections).into_iter();
    places
        .map(|section| {
            let before = section.events.start.checked_sub(1);
            let heading = before.map_or(0..0, |at| events[at].1.clone());
            let inside = &events[section.events];
            let end = inside
                .iter()
                .map(|(_, range)| range.end)
                .max()
                .unwrap_or(heading.end);
            (heading.clone(), heading.end..end.max(heading.end))
        })
        .collect()
}

/// The readings in these sections, in order, with the curators where the newsletter's curators
/// sign.
pub fn find<'a>(events: &[Spanned<'a>], sections: &Sections, signing: Signing) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for section in section::find(events, sections) {
        let blocks = block::read(events, section.events.clone(), signing);
        let items = layout::items(&blocks, &section);
        let names = layout::names(&items);
        found.extend(
            items
                .iter()
                .filter_map(|item| item::read(events, item, &names)),
        );
    }
    found
}
