//! One part of a section, block by block, on its way to items.

use super::attribution::Place;
use super::block::{Block, Shape};
use super::heading::Part;
use super::link;
use super::section::category_name;
use super::signs::{
    AHEAD, has_label, head_of, holds_link, introduces, is_closing_list, is_item_list, is_label,
    is_link_list, is_parts_list, is_plain_title, is_segment_signed, is_signature_item,
    is_signature_list, is_signed_item, is_whole, lead_most, leads_alone, leads_and_signs,
};
use super::title::Mark;

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

/// What a part has to know of its section.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// Whether anything in the section is signed.
    pub(super) signed: bool,
    /// Whether a bold line ends the section.
    pub(super) bold: bool,
    /// Whether this is the section's last part.
    pub(super) last: bool,
}

/// One part of a section on its way to items.
pub(super) struct Gathering<'b, 'e> {
    setting: Setting,
    manner: Manner,
    category: Option<String>,
    /// Whether most paragraphs begin with something set off, as items without list do.
    leading: bool,
    open: Option<Item<'b, 'e>>,
    /// Whether the open item is signed.
    closed: bool,
    /// What came after the open item, outside its list.
    tail: Vec<&'b Block<'e>>,
    /// The items so far.
    pub(super) items: Vec<Item<'b, 'e>>,
}

impl<'b, 'e> Gathering<'b, 'e> {
    /// Begins a part with nothing gathered; `is_title` says what its heading is.
    pub(super) fn new(
        part: &Part<'b, 'e>,
        is_title: bool,
        category: Option<String>,
        setting: Setting,
    ) -> Self {
        Self {
            setting,
            manner: if is_title {
                Manner::Heading
            } else {
                manner(part.body)
            },
            category,
            leading: lead_most(part.body) || part.heading.is_some() && leads_alone(part.body),
            open: None,
            closed: false,
            tail: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Reads the part; false where the section ends in it.
    pub(super) fn gather(&mut self, part: &Part<'b, 'e>, is_title: bool) -> bool {
        if let Some(heading) = part.heading.filter(|_| is_title) {
            self.begin(heading, Vec::new());
            self.closed = false;
        }
        for (at, block) in part.body.iter().enumerate() {
            let rest = &part.body[at..];
            if self.is_subheading(rest) {
                self.settle(true);
                if self.setting.bold {
                    return false;
                }
                self.category = Some(category_name(&block.run.text));
                continue;
            }
            if self.is_lead(rest) {
                self.settle(false);
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
                    self.closed = block.is_signed(Place::Head);
                }
                Shape::Rule => {}
                _ => {
                    self.closed |= block.shape == Shape::Paragraph && block.is_signed(Place::Body)
                        || is_signature_list(block);
                    self.tail.push(block);
                }
            }
        }
        self.settle(self.setting.last);
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
            && block.run.text.split_whitespace().count() <= 4
            && block
                .run
                .strong
                .first()
                .is_some_and(|bold| block.run.text[bold.end..].trim().len() < 2)
            && next.shape == Shape::List
            && is_item_list(next)
            && !is_label(block)
    }

    /// Whether a linked line only stands over a list of readings.
    fn is_lead(&self, rest: &[Block<'_>]) -> bool {
        rest[0].starts_strongly && !self.setting.signed && rest.get(1).is_some_and(is_link_list)
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
        if self.open.is_some() && !self.closed && is_signature_item(item) {
            self.tail.push(item);
            self.closed = true;
            return;
        }
        let own_link = item
            .children
            .iter()
            .any(|block| block.shape != Shape::List && holds_link(block));
        let signed = is_signed_item(item);
        // `Two came through [the review](…):` only leads to the list below it.
        let leads = own_link && head.opens_with(Mark::None);
        if (!own_link || leads) && !signed {
            let nested = item
                .children
                .iter()
                .find(|block| block.shape == Shape::List && holds_link(block))
                .filter(|list| !leads || is_link_list(list));
            if let Some(list) = nested.filter(|list| is_item_list(list) && !is_parts_list(list)) {
                for inner in &list.children {
                    self.begin_in_list(inner);
                }
                return;
            }
            if !leads && nested.is_none() && !(head.opens_with(Mark::Bold) && self.setting.signed) {
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
            _ if signed => self.closed && !is_closing_list(list),
            _ => !self.setting.signed && !labelled && is_link_list(list),
        }
    }

    /// Whether a list without attribution goes on with readings: not so where the open item is
    /// still to be signed.
    fn continues(&self, list: &Block<'_>) -> bool {
        !self.setting.signed || self.closed || is_item_list(list)
    }

    /// Whether the paragraph at the head of `rest` is the title of a new item.
    fn starts(&self, rest: &[Block<'_>]) -> bool {
        let block = &rest[0];
        let Some(opening) = &block.opening else {
            return false;
        };
        let free = self.open.is_none() || self.closed;
        let strong = block.starts_strongly;
        if block.signed.as_ref().is_some_and(|found| found.alone) {
            return false;
        }
        if self.manner != Manner::Paragraph {
            let bold = opening.mark == Mark::Bold && opening.alone && !is_label(block);
            return self.open.is_some() && free && (strong || bold) && is_segment_signed(rest);
        }
        if strong {
            return free
                || !self.is_announced() && !self.is_about_open(block) && !self.is_call(rest);
        }
        match opening.mark {
            Mark::Link | Mark::Bold if !opening.alone => {
                let own = rest.iter().take(AHEAD).skip(1).position(leads_and_signs);
                let rest = own.map_or(rest, |next| &rest[..=next]);
                free && is_segment_signed(rest)
                    || !self.setting.signed && (self.leading || opening.done) && !is_label(block)
            }
            Mark::Link => false,
            Mark::Bold if !self.setting.signed => {
                let next = rest[1..].iter().find(|next| !next.is_picture());
                let said = next.is_some_and(|next| {
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
            Mark::None => {
                free && (is_plain_title(rest) && is_segment_signed(rest) || is_whole(block))
            }
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

    /// Whether the link says where to go on from the open item, in whatever words: its title is
    /// no link, its text stands between, and nothing is said after the link.
    fn is_call(&self, rest: &[Block<'_>]) -> bool {
        let unlinked = self.open.as_ref().is_some_and(|open| {
            let opening = open.head.opening.as_ref();
            opening.is_some_and(|opening| {
                opening.link.is_none() && opening.alone && opening.mark != Mark::None
            })
        });
        let text = self.tail.iter().any(|block| block.has_text());
        let called = self.tail.iter().any(|block| block.starts_strongly);
        !self.setting.signed && unlinked && text && !called && ends_said(&rest[1..])
    }

    /// Which block of the tail has the open item's attribution: the last that is beyond doubt,
    /// else the last. Under a list's item that is signed already it is another's.
    fn signature(&self, item: &Item<'b, 'e>, tail: &[&'b Block<'e>]) -> Option<usize> {
        let own = item
            .parts
            .iter()
            .any(|block| std::ptr::eq(*block, item.head) && block.is_signed(Place::Head));
        let listed = self.manner == Manner::List
            && item
                .parts
                .iter()
                .any(|block| block.is_signed(Place::Body) && !std::ptr::eq(*block, item.head));
        if self.manner == Manner::List && own || listed {
            return None;
        }
        let signs = |block: &&&Block<'_>| {
            block.shape == Shape::Paragraph && block.is_signed(Place::Body)
                || is_signature_list(block)
                || is_signature_item(block)
        };
        let certain = |block: &&Block<'_>| {
            signs(&block) && block.signed.as_ref().is_some_and(|found| found.certain)
        };
        tail.iter()
            .rposition(certain)
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
                !self.closed && (self.manner != Manner::List || bare_title && self.setting.signed);
            let between = self.closed && !last && self.manner != Manner::List;
            let goes_with = block.is_picture()
                || is_label(block)
                || has_label(block)
                || labelled
                || block.shape == Shape::Other;
            let pointer = block.opening.as_ref().is_some_and(|opening| {
                opening.mark == Mark::Link && opening.alone && !block.starts_strongly
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

/// Whether nothing is said before the next title: the end, a heading, a bold line.
fn ends_said(rest: &[Block<'_>]) -> bool {
    let next = rest.iter().find(|block| !block.is_picture());
    next.is_none_or(|next| match next.shape {
        Shape::Rule | Shape::Heading(_) => true,
        _ => next.opening.as_ref().is_some_and(|opening| {
            opening.mark == Mark::Bold && opening.alone && opening.link.is_none()
        }),
    })
}

/// How the items of a part without title of its own begin.
fn manner(blocks: &[Block<'_>]) -> Manner {
    let strong = blocks.iter().position(|block| block.starts_strongly);
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
