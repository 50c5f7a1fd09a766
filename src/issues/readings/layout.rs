//! Which blocks of a section make one item.
//!
//! An item begins with a list's item, with a heading, or with a paragraph whose first line is a
//! title; which of them, the part of the section shows as a whole. An attribution ends an item:
//! after it, only what clearly belongs to it (pictures, related links) is taken.

use pulldown_cmark::HeadingLevel;

use super::attribution::Place;
use super::block::{Block, Shape};
use super::gathering::{Gathering, Item, Setting};
use super::heading;
use super::section::{Section, category_name};
use super::signs::{begins_item, holds_signature};

/// More people than these do not sign one section.
const MOST_NAMES: usize = 100;

/// The items of a section.
pub(super) fn items<'b, 'e>(blocks: &'b [Block<'e>], section: &Section) -> Vec<Item<'b, 'e>> {
    let parts = heading::parts(if section.whole {
        blocks
    } else {
        before_end(blocks)
    });
    let titles = heading::titles(&parts);
    let signed = parts.iter().flat_map(|part| part.body).any(holds_signature);
    let mut categories: Vec<(HeadingLevel, String)> = Vec::new();
    let mut items = Vec::new();
    let last = parts.len() - 1;
    let mut introduced = 0;
    for (at, (part, is_title)) in parts.iter().zip(titles).enumerate() {
        // The issue's own title is over everything.
        let top = section.whole && part.level() == Some(HeadingLevel::H1);
        let is_title = is_title && !top;
        if let Some(level) = part.level() {
            while categories.last().is_some_and(|(above, _)| *above >= level) {
                categories.pop();
            }
            if let Some(heading) = part.heading.filter(|_| !is_title && !top) {
                categories.push((level, category_name(&heading.run.text)));
            }
        }
        let category = categories.last().map(|(_, name)| name);
        let category = category.or(section.name.as_ref()).cloned();
        let category = category.filter(|name| !name.is_empty());
        let setting = Setting {
            signed: if section.whole {
                part.body.iter().any(holds_signature)
            } else {
                signed
            },
            bold: section.bold,
            last: at == last,
        };
        let mut gathering = Gathering::new(part, is_title, category, setting);
        let goes_on = gathering.gather(part, is_title);
        items.append(&mut gathering.items);
        if at == 0 {
            introduced = items.len();
        }
        if !goes_on {
            break;
        }
    }
    // Links before the first of several headings are the editors' own.
    if section.whole && parts[0].heading.is_none() && items.len() >= 3 * introduced {
        items.drain(..introduced);
    }
    items
}

/// The blocks before the thematic break that ends the section. A break between readings does not:
/// what follows then is signed too, or goes on with titles as headings.
fn before_end<'b, 'e>(blocks: &'b [Block<'e>]) -> &'b [Block<'e>] {
    let mut end = 0;
    let mut seen = false;
    let mut signed = false;
    for segment in blocks.split_inclusive(|block| block.shape == Shape::Rule) {
        let signs = segment.iter().any(holds_signature);
        let continues = if signed || signs {
            signs && segment.iter().any(|block| begins_item(block))
        } else {
            segment.first().is_some_and(|block| {
                matches!(block.shape, Shape::Heading(_)) && !block.run.links.is_empty()
            })
        };
        if seen && !continues {
            break;
        }
        seen |= segment.iter().any(|block| block.shape != Shape::Rule);
        signed |= signs;
        end += segment.len();
    }
    &blocks[..end]
}

/// The names that sign items beyond doubt, for those that sign without a dash or a profile.
pub(super) fn names(items: &[Item<'_, '_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for block in items.iter().flat_map(|item| &item.parts) {
        if let Some(found) = &block.signed
            && block.is_signed(Place::Body)
            && block.is_signed(Place::Head)
            && !names.contains(&found.curator.name)
            && names.len() < MOST_NAMES
        {
            names.push(found.curator.name.clone());
        }
    }
    names
}
