//! Whether a heading inside a section is a reading's title or a category.

use pulldown_cmark::HeadingLevel;

use super::attribution::Place;
use super::block::{Block, Shape};
use super::link;
use super::signs::{is_item_list, is_label, is_link_list, is_signed_item, lead_most, leads_alone};
use super::title::Mark;

/// A heading and the blocks up to the next one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'b, 'e> {
    /// The heading; none before the first.
    pub(super) heading: Option<&'b Block<'e>>,
    /// What stands below it.
    pub(super) body: &'b [Block<'e>],
}

impl Part<'_, '_> {
    /// The level of its heading.
    pub(super) fn level(&self) -> Option<HeadingLevel> {
        self.heading.and_then(|heading| match heading.shape {
            Shape::Heading(level) => Some(level),
            _ => None,
        })
    }
}

/// The section cut at its headings. A heading below a title that is still to be signed is a part
/// of what is said.
pub(super) fn parts<'b, 'e>(blocks: &'b [Block<'e>]) -> Vec<Part<'b, 'e>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut heading = None;
    for (at, block) in blocks.iter().enumerate() {
        if !matches!(block.shape, Shape::Heading(_)) {
            continue;
        }
        let part = Part {
            heading,
            body: &blocks[start..at],
        };
        if !goes_on(&part, block) {
            parts.push(part);
            heading = Some(block);
            start = at + 1;
        }
    }
    parts.push(Part {
        heading,
        body: &blocks[start..],
    });
    parts
}

/// Whether the part has a linked title, text, and nobody's name yet, and the heading is a lower
/// one without link.
fn goes_on(part: &Part<'_, '_>, next: &Block<'_>) -> bool {
    let lower = Part {
        heading: Some(next),
        body: &[],
    };
    part.heading
        .is_some_and(|heading| !heading.run.links.is_empty())
        && lower.level() > part.level()
        && next.run.links.is_empty()
        && part.body.iter().any(Block::has_text)
        && !part
            .body
            .iter()
            .any(|block| is_signed(block) || block.shape == Shape::List)
}

/// For each part, whether its heading is a title. A heading that says too little by itself goes
/// with most others of its level.
pub(super) fn titles(parts: &[Part<'_, '_>]) -> Vec<bool> {
    let sure: Vec<Option<bool>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let deeper = parts
                .get(at + 1)
                .is_some_and(|next| next.level() > part.level());
            is_title(part, deeper)
        })
        .collect();
    let mut votes = [0_i32; 7];
    for (part, sure) in parts.iter().zip(&sure) {
        if let (Some(level), Some(sure)) = (part.level(), sure) {
            votes[level as usize % 7] += if *sure { 1 } else { -1 };
        }
    }
    let told: Vec<bool> = parts.iter().map(is_told).collect();
    parts
        .iter()
        .zip(sure)
        .zip(&told)
        .map(|((part, sure), is_told)| {
            sure.unwrap_or_else(|| {
                let vote = part.level().map_or(0, |level| votes[level as usize % 7]);
                vote > 0 && part.body.iter().any(Block::has_text)
                    || *is_told && tells_of_most(parts, &told, part.level())
            })
        })
        .collect()
}

/// Whether headings of this level are titles of what is told below them, more often than not.
fn tells_of_most(parts: &[Part<'_, '_>], told: &[bool], level: Option<HeadingLevel>) -> bool {
    let same = || {
        parts
            .iter()
            .zip(told)
            .filter(|(part, _)| part.level() == level)
    };
    let filled = same().filter(|(part, _)| !part.body.is_empty()).count();
    let tell = same().filter(|(_, told)| **told).count();
    tell >= 2 && tell * 2 >= filled
}

/// More links than these are not about one thing.
const MOST_LINKS: usize = 8;

/// Whether running text with a link stands below the heading, and nothing that begins items.
fn is_told(part: &Part<'_, '_>) -> bool {
    let mut links = 0;
    for block in part.body {
        block.walk(&mut |inner| links += inner.run.links.len());
    }
    let begins = |block: &Block<'_>| {
        let opening = block.opening.as_ref();
        let titled = opening.is_some_and(|opening| {
            opening.alone && matches!(opening.mark, Mark::Bold | Mark::Link) || opening.done
        });
        titled && block.shape == Shape::Paragraph || is_link_list(block)
    };
    part.heading.is_some()
        && (1..=MOST_LINKS).contains(&links)
        && !part.body.iter().any(begins)
        && !lead_most(part.body)
        && !leads_alone(part.body)
        && part
            .body
            .iter()
            .any(|block| block.shape == Shape::Paragraph && block.has_text())
}

/// Whether text stands below the heading, and at its end one link that says where to go on.
fn ends_with_call(body: &[Block<'_>]) -> bool {
    let mut strong = body
        .iter()
        .enumerate()
        .filter(|(_, block)| block.starts_strongly);
    let Some((at, _)) = strong.next().filter(|(at, _)| *at > 0) else {
        return false;
    };
    strong.next().is_none()
        && body[at + 1..]
            .iter()
            .all(|block| block.is_picture() || block.shape == Shape::Rule)
        && body[..at]
            .iter()
            .all(|block| block.shape == Shape::Paragraph)
        && !lead_most(&body[..at])
        && !body[..at].iter().any(|block| block.opens_with(Mark::Bold))
}

/// Whether a list below a linked heading holds the readings, rather than what goes with it.
fn lists_readings(body: &[Block<'_>]) -> bool {
    let list = body.iter().position(|block| block.shape == Shape::List);
    list.is_some_and(|at| {
        let before = at.checked_sub(1).map(|at| &body[at]);
        let related = before.is_some_and(|before| {
            is_label(before) || before.run.text.trim_end().ends_with([':', '：'])
        });
        is_link_list(&body[at]) && !related
    })
}

fn is_title(part: &Part<'_, '_>, deeper: bool) -> Option<bool> {
    let heading = part.heading?;
    let linked = heading.run.links.iter().any(|link| !link.text.is_empty());
    let first = part
        .body
        .iter()
        .find(|block| block.has_text() || matches!(block.shape, Shape::List | Shape::Quote));
    let signed = part.body.iter().filter(|block| is_signed(block)).count();
    let list_first = first.is_some_and(|block| block.shape == Shape::List && is_item_list(block));
    if linked {
        let headed = part
            .body
            .iter()
            .filter(|block| block.starts_strongly)
            .count();
        let listed = signed == 0 && (list_first || lists_readings(part.body));
        return Some(!(listed || headed > 1 && signed > 1));
    }
    if deeper && signed == 0 || list_first {
        return Some(false);
    }
    if let Some(block) = first.filter(|block| block.starts_strongly) {
        let opening = block.opening.as_ref()?;
        return Some(link::same_title(
            &heading.run.text,
            &block.run.text[opening.text.clone()],
        ));
    }
    if signed > 0 {
        let several = signed > 1 && part.body.iter().filter(|block| leads(block)).count() > 1;
        let bold_first = first.is_some_and(|block| {
            block.opens_with(Mark::Bold)
                && block.opening.as_ref().is_some_and(|opening| opening.alone)
        });
        // A bold line may be the title below a category, or a line of what is said of a title.
        return if bold_first && signed == 1 {
            None
        } else {
            Some(!several && !bold_first)
        };
    }
    if part.body.iter().any(has_signed_item) {
        return Some(false);
    }
    if ends_with_call(part.body) {
        return Some(true);
    }
    let pointer = part.body.iter().any(|block| {
        block.opening.as_ref().is_some_and(|opening| {
            opening.mark == Mark::Link && opening.alone && !block.starts_strongly
        })
    });
    pointer.then_some(true)
}

fn is_signed(block: &Block<'_>) -> bool {
    block.shape == Shape::Paragraph && block.is_signed(Place::Body)
}

/// Whether the paragraph sets off its first words, as an item does.
fn leads(block: &Block<'_>) -> bool {
    block.opens_with(Mark::Link) || block.opens_with(Mark::Bold)
}

fn has_signed_item(block: &Block<'_>) -> bool {
    block.shape == Shape::List && block.children.iter().any(is_signed_item)
}
