//! Which blocks of a section make one item.
//!
//! An item begins with a list's item, with a heading, or with a paragraph whose first line is a
//! title; which of them, the part of the section shows as a whole. An attribution ends an item:
//! after it, only what clearly belongs to it (pictures, related links) is taken.

use super::attribution::{self, Place};
use super::block::{Block, Shape};
use super::heading::{self, Part};
use super::link;
use super::name;
use super::title::Mark;

/// How many blocks after a title its attribution is looked for.
const AHEAD: usize = 40;

/// More people than these do not sign one section.
const MOST_NAMES: usize = 100;

/// The blocks of one item.
#[derive(Clone, Debug)]
pub(super) struct Item<'b, 'e> {
    /// The heading or the paragraph with its title.
    pub(super) head: &'b Block<'e>,
    /// All its blocks; the head is the first with text, unless it is a heading outside a list.
    pub(super) parts: Vec<&'b Block<'e>>,
    /// The category that it stands under.
    pub(super) category: Option<String>,
}

/// How the items of a part begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    List,
    Heading,
    Paragraph,
}

/// The items of a section. `bold` says that the section began with a bold line, and so ends with
/// the next one.
pub(super) fn items<'b, 'e>(blocks: &'b [Block<'e>], bold: bool) -> Vec<Item<'b, 'e>> {
    let parts = heading::parts(before_end(blocks));
    let titles = heading::titles(&parts);
    let signed = parts.iter().flat_map(|part| part.body).any(holds_signature);
    let mut categories: Vec<(pulldown_cmark::HeadingLevel, String)> = Vec::new();
    let mut items = Vec::new();
    let last = parts.len() - 1;
    for (at, (part, is_title)) in parts.iter().zip(titles).enumerate() {
        if let Some(level) = part.level() {
            while categories.last().is_some_and(|(above, _)| *above >= level) {
                categories.pop();
            }
            if let Some(heading) = part.heading.filter(|_| !is_title) {
                categories.push((level, category_name(heading)));
            }
        }
        let mut gathering = Gathering {
            manner: if is_title {
                Manner::Heading
            } else {
                manner(part.body)
            },
            category: categories
                .last()
                .map(|(_, name)| name.clone())
                .filter(|name| !name.is_empty()),
            signed,
            bold,
            last: at == last,
            leading: lead_most(part.body),
            open: None,
            closed: false,
            tail: Vec::new(),
            items: Vec::new(),
        };
        if !gathering.gather(part, is_title) {
            items.append(&mut gathering.items);
            break;
        }
        items.append(&mut gathering.items);
    }
    items
}

/// What a category is called: its heading without the colon after it.
fn category_name(heading: &Block<'_>) -> String {
    let words: Vec<&str> = heading.run.text.split_whitespace().collect();
    words.join(" ").trim_end_matches([':', ' ']).to_owned()
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

/// Whether a block could begin an item: a heading, a list of links, a title alone on its line.
fn begins_item(block: &Block<'_>) -> bool {
    match block.shape {
        Shape::Heading(_) => true,
        Shape::List => is_item_list(block),
        _ => block
            .opening
            .as_ref()
            .is_some_and(|opening| opening.mark != Mark::None),
    }
}

/// Whether somebody signs in this block, outside quotes.
fn holds_signature(block: &Block<'_>) -> bool {
    match block.shape {
        Shape::Paragraph => is_signed(block, Place::Body) && is_signed(block, Place::Head),
        Shape::List => block.children.iter().any(is_signed_item),
        _ => false,
    }
}

fn is_signed(block: &Block<'_>, place: Place) -> bool {
    block
        .signed
        .as_ref()
        .is_some_and(|found| attribution::accept(block, found, place).is_some())
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
        block.shape == Shape::Paragraph && is_signed(block, place)
    })
}

/// The block of a list's item that has its title.
fn head_of<'b, 'e>(item: &'b Block<'e>) -> Option<&'b Block<'e>> {
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

/// Whether the paragraph's first line is a title beyond doubt: a link, alone on it, whose words
/// say more than `PDF`.
pub(super) fn starts_strongly(block: &Block<'_>) -> bool {
    block.shape == Shape::Paragraph
        && block.opening.as_ref().is_some_and(|opening| {
            opening.alone
                && opening.link.is_some_and(|at| {
                    !link::is_pointer(
                        &block.run.text[opening.text.clone()],
                        block.run.links[at].url,
                    )
                })
        })
        && !block.signed.as_ref().is_some_and(|found| found.alone)
}

/// How the items of a part without title of its own begin.
fn manner(blocks: &[Block<'_>]) -> Manner {
    let strong = blocks.iter().position(starts_strongly);
    let signed_list = blocks.iter().position(|block| {
        block.shape == Shape::List
            && block.children.iter().any(is_signed_item)
            && !is_closing_list(block)
    });
    let bold = blocks.iter().enumerate().any(|(at, block)| {
        block.opens_with(Mark::Bold)
            && block.opening.as_ref().is_some_and(|opening| opening.alone)
            && !is_label(block)
            && is_segment_signed(&blocks[at..])
    });
    let listed = blocks
        .iter()
        .any(|block| block.shape == Shape::List && block.children.iter().any(holds_link));
    match (strong, signed_list) {
        (Some(strong), Some(list)) if strong < list => Manner::Paragraph,
        (_, Some(_)) => Manner::List,
        (None, None) if listed && !bold => Manner::List,
        _ => Manner::Paragraph,
    }
}

/// Whether the list's last item is signed and no other has a title: points of a commentary.
fn is_closing_list(list: &Block<'_>) -> bool {
    list.children.len() > 1
        && !list
            .children
            .iter()
            .filter_map(head_of)
            .any(|head| head.opens_with(Mark::Link) || head.opens_with(Mark::Bold))
}

fn holds_link(block: &Block<'_>) -> bool {
    let mut found = false;
    block.walk(&mut |inner| found |= !inner.run.links.is_empty());
    found
}

/// Whether what begins here is signed before the next title.
fn is_segment_signed(blocks: &[Block<'_>]) -> bool {
    blocks
        .iter()
        .enumerate()
        .take(AHEAD)
        .take_while(|(at, block)| *at == 0 || !starts_strongly(block))
        .any(|(at, block)| {
            let place = if at == 0 { Place::Head } else { Place::Body };
            block.shape == Shape::Paragraph && is_signed(block, place) || is_signature_list(block)
        })
}

/// Whether the paragraph sets off its first words and is signed.
fn leads_and_signs(block: &Block<'_>) -> bool {
    (block.opens_with(Mark::Link) || block.opens_with(Mark::Bold)) && is_signed(block, Place::Head)
}

/// Words that introduce links that go with what was said before.
const RELATING: [&str; 12] = [
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
fn has_label(block: &Block<'_>) -> bool {
    let text = block.run.text.trim_start();
    text.find(':').filter(|&at| at <= 40).is_some_and(|at| {
        let label = text[..at].to_lowercase();
        RELATING.iter().any(|word| label.contains(word))
    })
}

/// Whether the paragraph only introduces links that go with the item before it.
fn is_label(block: &Block<'_>) -> bool {
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
    let [paragraph] = item.children.as_slice() else {
        return false;
    };
    if list.shape != Shape::List || !paragraph.has_text() {
        return false;
    }
    name::read(&paragraph.run.text).is_some_and(|signature| {
        name::is_plain_name(&signature)
            && match paragraph.run.links.as_slice() {
                [] => true,
                [link, ..] => name::is_profile(link.url),
            }
    })
}

/// One part of a section on its way to items.
struct Gathering<'b, 'e> {
    manner: Manner,
    category: Option<String>,
    /// Whether anything in the section is signed.
    signed: bool,
    /// Whether a bold line ends the section.
    bold: bool,
    /// Whether this is the section's last part.
    last: bool,
    /// Whether most paragraphs begin with something set off, as items without list do.
    leading: bool,
    open: Option<Item<'b, 'e>>,
    /// Whether the open item is signed.
    closed: bool,
    /// What came after the open item, outside its list.
    tail: Vec<&'b Block<'e>>,
    items: Vec<Item<'b, 'e>>,
}

impl<'b, 'e> Gathering<'b, 'e> {
    /// Reads the part; false where the section ends in it.
    fn gather(&mut self, part: &Part<'b, 'e>, is_title: bool) -> bool {
        if let Some(heading) = part.heading.filter(|_| is_title) {
            self.begin(heading, Vec::new());
            self.closed = false;
        }
        for (at, block) in part.body.iter().enumerate() {
            let rest = &part.body[at..];
            if self.is_subheading(rest) {
                self.settle(true);
                if self.bold {
                    return false;
                }
                self.category = Some(category_name(block));
                continue;
            }
            match block.shape {
                Shape::List if self.splits(rest, at.checked_sub(1).map(|at| &part.body[at])) => {
                    for item in &block.children {
                        self.begin_in_list(item);
                    }
                }
                Shape::Paragraph if self.starts(rest) => {
                    self.begin(block, vec![block]);
                    self.closed = is_signed(block, Place::Head);
                }
                Shape::Rule | Shape::Heading(_) => {}
                _ => {
                    self.closed |= block.shape == Shape::Paragraph && is_signed(block, Place::Body)
                        || is_signature_list(block);
                    self.tail.push(block);
                }
            }
        }
        self.settle(self.last);
        true
    }

    /// Whether a bold line stands over a list as a heading would.
    fn is_subheading(&self, rest: &[Block<'_>]) -> bool {
        let [block, next, ..] = rest else {
            return false;
        };
        self.manner == Manner::List
            && block.shape == Shape::Paragraph
            && block.opens_with(Mark::Bold)
            && block.run.links.is_empty()
            && block
                .run
                .strong
                .first()
                .is_some_and(|bold| block.run.text[bold.end..].trim().len() < 2)
            && next.shape == Shape::List
            && is_item_list(next)
            && !is_label(block)
    }

    fn begin(&mut self, head: &'b Block<'e>, parts: Vec<&'b Block<'e>>) {
        self.settle(false);
        self.open = Some(Item {
            head,
            parts,
            category: self.category.clone(),
        });
    }

    /// Begins an item for one of a list, or for each of the list in it where it only groups them.
    fn begin_in_list(&mut self, item: &'b Block<'e>) {
        let Some(head) = head_of(item) else {
            return;
        };
        let own_link = item
            .children
            .iter()
            .any(|block| block.shape != Shape::List && holds_link(block));
        let signed = is_signed_item(item);
        if !own_link && !signed {
            let nested = item
                .children
                .iter()
                .find(|block| block.shape == Shape::List && holds_link(block));
            if let Some(list) = nested.filter(|list| is_item_list(list) && !is_parts_list(list)) {
                for inner in &list.children {
                    self.begin_in_list(inner);
                }
                return;
            }
            if nested.is_none() && !(head.opens_with(Mark::Bold) && self.signed) {
                return;
            }
        }
        self.begin(head, item.children.iter().collect());
        self.closed = signed || item.children.last().is_some_and(is_signature_list);
    }

    /// Whether the items of the list at the head of `rest` are readings.
    fn splits(&self, rest: &[Block<'_>], before: Option<&Block<'_>>) -> bool {
        let list = &rest[0];
        if self.open.is_none() {
            return true;
        }
        let signed = list.children.iter().any(is_signed_item);
        let labelled = before.is_some_and(is_label);
        match self.manner {
            _ if is_signature_list(list) && !self.closed => false,
            Manner::List => {
                signed || !labelled && list.children.iter().any(holds_link) && self.continues(list)
            }
            _ => signed && self.closed && !is_closing_list(list),
        }
    }

    /// Whether a list without attribution goes on with readings: not so where the open item is
    /// still to be signed.
    fn continues(&self, list: &Block<'_>) -> bool {
        !self.signed || self.closed || is_item_list(list)
    }

    /// Whether the paragraph at the head of `rest` is the title of a new item.
    fn starts(&self, rest: &[Block<'_>]) -> bool {
        let block = &rest[0];
        let Some(opening) = &block.opening else {
            return false;
        };
        let free = self.open.is_none() || self.closed;
        let strong = starts_strongly(block);
        if block.signed.as_ref().is_some_and(|found| found.alone) {
            return false;
        }
        if self.manner != Manner::Paragraph {
            let bold = opening.mark == Mark::Bold && opening.alone && !is_label(block);
            return self.open.is_some() && free && (strong || bold) && is_segment_signed(rest);
        }
        if strong {
            return free || !self.is_announced() && !self.is_about_open(block);
        }
        match opening.mark {
            Mark::Link | Mark::Bold if !opening.alone => {
                let own = rest.iter().take(AHEAD).skip(1).position(leads_and_signs);
                let rest = own.map_or(rest, |next| &rest[..=next]);
                free && is_segment_signed(rest) || !self.signed && self.leading && !is_label(block)
            }
            Mark::Link => false,
            Mark::Bold if !self.signed => {
                let said = rest.get(1).is_some_and(|next| {
                    next.shape == Shape::Paragraph
                        && next.has_text()
                        && !next.opens_with(Mark::Bold)
                });
                said && !is_label(block)
            }
            Mark::Bold => free && !is_label(block) && is_segment_signed(rest),
            Mark::Italics => {
                free && !introduces(rest) && !is_label(block) && is_segment_signed(rest)
            }
            Mark::None => free && is_plain_title(rest) && is_segment_signed(rest),
        }
    }

    /// Whether the text before says that something follows: `The demo:`.
    fn is_announced(&self) -> bool {
        let last = self.tail.last().copied().or_else(|| {
            let open = self.open.as_ref()?;
            open.parts.last().copied()
        });
        last.is_some_and(|block| block.run.text.trim_end().ends_with(':'))
    }

    /// Whether the link is the open item's own, under its title or its text.
    fn is_about_open(&self, block: &Block<'_>) -> bool {
        self.open.as_ref().is_some_and(|open| {
            let linked = open
                .head
                .opening
                .as_ref()
                .is_some_and(|opening| opening.link.is_some());
            let title = open.head.opening.as_ref().map_or("", |opening| {
                open.head.run.text.get(opening.text.clone()).unwrap_or("")
            });
            let own = block
                .opening
                .as_ref()
                .map_or("", |opening| &block.run.text[opening.text.clone()]);
            !linked && link::same_title(title, own)
        })
    }

    /// Which block of the tail has the open item's attribution: the last that is beyond doubt,
    /// else the last. Under a list's item that is signed already it is another's.
    fn signature(&self, item: &Item<'b, 'e>, tail: &[&'b Block<'e>]) -> Option<usize> {
        let own = item
            .parts
            .iter()
            .any(|block| std::ptr::eq(*block, item.head) && is_signed(block, Place::Head));
        let listed = self.manner == Manner::List
            && item
                .parts
                .iter()
                .any(|block| is_signed(block, Place::Body) && !std::ptr::eq(*block, item.head));
        if self.manner == Manner::List && own || listed {
            return None;
        }
        let signs = |block: &&&Block<'_>| {
            block.shape == Shape::Paragraph && is_signed(block, Place::Body)
                || is_signature_list(block)
        };
        let certain = |block: &&Block<'_>| {
            signs(&block) && block.signed.as_ref().is_some_and(|found| found.certain)
        };
        tail.iter()
            .rposition(|block| certain(block))
            .or_else(|| tail.iter().rposition(|block| signs(&block)))
    }

    /// Gives the open item what belongs to it of what came after, and puts it among the items.
    /// `last` says that no other item follows.
    fn settle(&mut self, last: bool) {
        let tail = std::mem::take(&mut self.tail);
        let Some(mut item) = self.open.take() else {
            return;
        };
        let signature = self.signature(&item, &tail);
        let bare_title = item.parts.len() == 1
            && item.head.opening.as_ref().is_some_and(|opening| {
                item.head.run.text[opening.line_end..].trim().is_empty() && opening.alone
            });
        let mut labelled = false;
        for (at, block) in tail.into_iter().enumerate() {
            let inside = signature.is_some_and(|signature| at <= signature);
            let unsigned =
                !self.closed && (self.manner != Manner::List || bare_title && self.signed);
            let between = self.closed && !last && self.manner != Manner::List;
            let goes_with = block.is_picture()
                || is_label(block)
                || has_label(block)
                || labelled
                || block.shape == Shape::Other;
            let pointer = block.opening.as_ref().is_some_and(|opening| {
                opening.mark == Mark::Link && opening.alone && !starts_strongly(block)
            });
            if inside || unsigned || between || goes_with || pointer || block.shape == Shape::Quote
            {
                item.parts.push(block);
            }
            labelled = is_label(block);
        }
        self.items.push(item);
    }
}

/// Whether the links of a list are parts of one thing: `Part 1`, `Part 2`.
fn is_parts_list(list: &Block<'_>) -> bool {
    list.children.iter().filter_map(head_of).all(|head| {
        head.run.links.first().is_none_or(|link| {
            let text = head.run.text[link.text.clone()].trim();
            link::is_pointer(text, link.url) || text.to_lowercase().starts_with("part ")
        })
    })
}

/// Whether most paragraphs begin with something set off, as items without list do.
fn lead_most(blocks: &[Block<'_>]) -> bool {
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

/// Whether the paragraph at the head of `rest` only comes before the first title.
fn introduces(rest: &[Block<'_>]) -> bool {
    rest[1..]
        .iter()
        .find(|block| block.has_text())
        .is_some_and(|next| {
            !next.opens_with(Mark::None)
                && next
                    .opening
                    .as_ref()
                    .is_some_and(|opening| opening.alone || is_signed(next, Place::Head))
        })
}

/// Whether the first line could be a title in plain text: short, no sentence, and not the words
/// before the first title.
fn is_plain_title(rest: &[Block<'_>]) -> bool {
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

/// The names that sign items beyond doubt, for those that sign without a dash or a profile.
pub(super) fn names(items: &[Item<'_, '_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for block in items.iter().flat_map(|item| &item.parts) {
        if let Some(found) = &block.signed
            && is_signed(block, Place::Body)
            && is_signed(block, Place::Head)
            && !names.contains(&found.curator.name)
            && names.len() < MOST_NAMES
        {
            names.push(found.curator.name.clone());
        }
    }
    names
}
