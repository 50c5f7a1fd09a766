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
mod run;
mod section;
mod signs;
mod title;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::issues::markdown::Spanned;
use crate::model::{Curator, Kind};

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
    /// The subheading it stands under.
    pub category: Option<String>,
    /// The bytes of its title in the file.
    pub span: Range<usize>,
}

/// The bytes of the headings with these names, and of what stands below each.
pub(super) fn sections(
    events: &[Spanned<'_>],
    sections: &[String],
) -> Vec<(Range<usize>, Range<usize>)> {
    let places = section::find(events, sections).into_iter();
    places
        .filter_map(|section| {
            let heading = events[section.events.start.checked_sub(1)?].1.clone();
            let inside = &events[section.events];
            let end = inside
                .iter()
                .map(|(_, range)| range.end)
                .max()
                .unwrap_or(heading.end);
            Some((heading.clone(), heading.end..end.max(heading.end)))
        })
        .collect()
}

/// The readings in the sections with these headings, in order. Headings are compared without
/// case, marks and outer space.
pub fn find<'a>(events: &[Spanned<'a>], sections: &[String]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for section in section::find(events, sections) {
        let blocks = block::read(events, section.events);
        let items = layout::items(&blocks, section.bold);
        let names = layout::names(&items);
        found.extend(
            items
                .iter()
                .filter_map(|item| item::read(events, item, &names)),
        );
    }
    found
}
