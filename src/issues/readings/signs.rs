//! What a block shows by itself: whether somebody signs in it, whether it could begin an item,
//! whether it only introduces related links.

use super::attribution::Place;
use super::block::{Block, Shape};
use super::link;
use super::name;
use super::title::{self, Mark};

/// How many blocks after a title its attribution is looked for.
pub(super) const AHEAD: usize = 40;

/// Whether somebody signs in this block, outside quotes.
pub(super) fn holds_signature(block: &Block<'_>) -> bool {
    match block.shape {
        Shape::Paragraph => block.is_signed(Place::Body) && block.is_signed(Place::Head),
        Shape::List => block.children.iter().any(is_signed_item),
        _ => false,
    }
}

/// Whether the list's item is signed in one of its own paragraphs.
pub(super) fn is_signed_item(item: &Block<'_>) -> bool {
    let head = head_of(item);
    item.children.iter().any(|block| {
        let place = if head.is_some_and(|head| std::ptr::eq(head, block)) {
            Place::Head
        } else {
            Place::Body
        };
        block.shape == Shape::Paragraph && block.is_signed(place)
    })
}

/// The block of a list's item that has its title.
pub(super) fn head_of<'b, 'e>(item: &'b Block<'e>) -> Option<&'b Block<'e>> {
    item.children.iter().find(|block| {
        matches!(block.shape, Shape::Paragraph | Shape::Heading(_)) && block.has_text()
    })
}

/// Whether most of the list's items begin with a link or something bold, or one is signed.
pub(super) fn is_item_list(list: &Block<'_>) -> bool {
    let titled = list
        .children
        .iter()
        .filter_map(head_of)
        .filter(|head| head.opens_with(Mark::Link) || head.opens_with(Mark::Bold))
        .count();
    titled * 2 > list.children.len() || list.children.iter().any(is_signed_item)
}

/// Whether most of the list's items begin with a link that names a thing.
pub(super) fn is_link_list(list: &Block<'_>) -> bool {
    let names_thing = |head: &&Block<'_>| {
        let opening = head.opening.as_ref();
        opening
            .filter(|opening| opening.mark == Mark::Link)
            .and_then(|opening| Some((&head.run.text[opening.text.clone()], opening.link?)))
            .is_some_and(|(text, link)| !link::is_pointer(text, head.run.links[link].url))
    };
    let titled = list.children.iter().filter_map(head_of).filter(names_thing);
    list.shape == Shape::List && titled.count() * 2 > list.children.len()
}

/// Whether the list's last item is signed and no other has a title: points of a commentary.
pub(super) fn is_closing_list(list: &Block<'_>) -> bool {
    list.children.len() > 1
        && !list
            .children
            .iter()
            .filter_map(head_of)
            .any(|head| head.opens_with(Mark::Link) || head.opens_with(Mark::Bold))
}

pub(super) fn holds_link(block: &Block<'_>) -> bool {
    let mut found = false;
    block.walk(&mut |inner| found |= !inner.run.links.is_empty());
    found
}

/// Whether what begins here is signed before the next title.
pub(super) fn is_segment_signed(blocks: &[Block<'_>]) -> bool {
    blocks
        .iter()
        .enumerate()
        .take(AHEAD)
        .take_while(|(at, block)| *at == 0 || !block.starts_strongly)
        .any(|(at, block)| {
            let place = if at == 0 { Place::Head } else { Place::Body };
            block.shape == Shape::Paragraph && block.is_signed(place) || is_signature_list(block)
        })
}

/// Whether the paragraph sets off its first words and is signed.
pub(super) fn leads_and_signs(block: &Block<'_>) -> bool {
    (block.opens_with(Mark::Link) || block.opens_with(Mark::Bold)) && block.is_signed(Place::Head)
}

/// Words that introduce links that go with what was said before.
const RELATING: &[&str] = &[
    "related",
    "further",
    "see also",
    "more",
    "links",
    "resources",
    "references",
    "additional",
    "bonus",
    "mention",
    "also",
    "learn",
];

/// Whether the text begins with words that introduce related links, up to a colon.
pub(super) fn has_label(block: &Block<'_>) -> bool {
    let text = block.run.text.trim_start();
    text.find(':').filter(|&at| at <= 40).is_some_and(|at| {
        let label = text[..at].to_lowercase();
        RELATING.iter().any(|word| label.contains(word))
    })
}

/// Whether the paragraph only introduces links that go with the item before it.
pub(super) fn is_label(block: &Block<'_>) -> bool {
    let text = block.run.text.trim();
    if block.shape != Shape::Paragraph || text.len() > 60 || !block.run.links.is_empty() {
        return false;
    }
    let lower = text.to_lowercase();
    let set_off = text.ends_with(':')
        || block
            .opening
            .as_ref()
            .is_some_and(|opening| opening.mark != Mark::None);
    set_off && RELATING.iter().any(|word| lower.contains(word))
}

/// Whether a list is an attribution after a hyphen that Markdown took for a bullet.
pub(super) fn is_signature_list(list: &Block<'_>) -> bool {
    let [item] = list.children.as_slice() else {
        return false;
    };
    list.shape == Shape::List && is_signature_item(item)
}

/// Whether a list's item is nothing but a name, with a profile on a site of people if any.
pub(super) fn is_signature_item(item: &Block<'_>) -> bool {
    let [paragraph] = item.children.as_slice() else {
        return false;
    };
    item.shape == Shape::Item
        && paragraph.signing.last
        && paragraph.has_text()
        && name::read(&paragraph.run.text).is_some_and(|signature| {
            name::is_plain_name(&signature)
                && match paragraph.run.links.as_slice() {
                    [] => true,
                    [link, ..] => name::is_profile(link.url),
                }
        })
}

/// Whether the links of a list are parts of one thing: `Part 1`, `Part 2`.
pub(super) fn is_parts_list(list: &Block<'_>) -> bool {
    list.children.iter().filter_map(head_of).all(|head| {
        head.run.links.first().is_none_or(|link| {
            let text = head.run.text[link.text.clone()].trim();
            link::is_pointer(text, link.url) || text.to_lowercase().starts_with("part ")
        })
    })
}

/// Whether most paragraphs begin with something set off, as items without list do.
pub(super) fn lead_most(blocks: &[Block<'_>]) -> bool {
    let paragraphs = blocks
        .iter()
        .filter(|block| block.shape == Shape::Paragraph && block.has_text());
    let (mut all, mut leading) = (0_usize, 0_usize);
    for block in paragraphs {
        all += 1;
        leading += usize::from(block.opens_with(Mark::Link) || block.opens_with(Mark::Bold));
    }
    leading >= 2 && leading * 3 >= all * 2
}

/// Whether the only paragraph begins with something set off.
pub(super) fn leads_alone(blocks: &[Block<'_>]) -> bool {
    let mut paragraphs = blocks
        .iter()
        .filter(|block| block.shape == Shape::Paragraph && block.has_text());
    let leads = paragraphs
        .next()
        .is_some_and(|block| block.opens_with(Mark::Link) || block.opens_with(Mark::Bold));
    leads && paragraphs.next().is_none()
}

/// Whether a paragraph of running text is an item by itself: it links a title and is signed, with
/// a profile.
pub(super) fn is_whole(block: &Block<'_>) -> bool {
    let signed = block
        .signed
        .as_ref()
        .filter(|found| !found.links.is_empty() && block.is_signed(Place::Head));
    signed.is_some_and(|found| {
        block.run.links.iter().any(|link| {
            link.text.end <= found.text.start
                && title::is_title_like(&block.run.text[link.text.clone()], link.url)
        })
    })
}

/// Whether the paragraph at the head of `rest` only comes before the first title.
pub(super) fn introduces(rest: &[Block<'_>]) -> bool {
    rest[1..]
        .iter()
        .find(|block| block.has_text())
        .is_some_and(|next| {
            !next.opens_with(Mark::None)
                && next
                    .opening
                    .as_ref()
                    .is_some_and(|opening| opening.alone || next.is_signed(Place::Head))
        })
}

/// Whether the first line could be a title in plain text: short, no sentence, and not the words
/// before the first title.
pub(super) fn is_plain_title(rest: &[Block<'_>]) -> bool {
    !introduces(rest)
        && rest[0].opening.as_ref().is_some_and(|opening| {
            let signed = rest[0]
                .signed
                .as_ref()
                .map_or(usize::MAX, |found| found.text.start);
            let end = opening.text.end.min(signed).max(opening.text.start);
            let line = rest[0].run.text[opening.text.start..end].trim();
            line.len() <= 120 && !line.ends_with(['.', ':', '!', ',']) && !line.contains(". ")
        })
}

/// Whether a block could begin an item: a heading, a list of links, a title alone on its line.
pub(super) fn begins_item(block: &Block<'_>) -> bool {
    match block.shape {
        Shape::Heading(_) => true,
        Shape::List => is_item_list(block),
        _ => block
            .opening
            .as_ref()
            .is_some_and(|opening| opening.mark != Mark::None),
    }
}
