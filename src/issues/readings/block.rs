//! A section as a tree of blocks: what a person sees as paragraphs, lists, headings.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::attribution::{self, Attribution, Place};
use super::person;
use super::run::Run;
use super::signing::Signing;
use super::title::{self, Mark, Opening};
use crate::issues::markdown::Spanned;

/// Deeper nesting than this is carried along but not looked into.
const DEPTH: usize = 8;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A paragraph, also that of a tight list, which has no tags of its own.
    Paragraph,
    /// A heading and its level.
    Heading(HeadingLevel),
    /// A list; its children are [`Shape::Item`].
    List,
    /// One item of a list.
    Item,
    /// A quote.
    Quote,
    /// A thematic break.
    Rule,
    /// Code, a table, raw HTML, a footnote.
    Other,
}

/// One block.
#[derive(Clone, Debug)]
pub(super) struct Block<'e> {
    /// What it is.
    pub(super) shape: Shape,
    /// The places of its events among all, with the tags around them.
    pub(super) events: Range<usize>,
    /// Its text, where it is a paragraph or a heading; empty otherwise.
    pub(super) run: Run<'e>,
    /// How its first line shows a title, where it has text.
    pub(super) opening: Option<Opening>,
    /// The name that stands at its end, whatever it may mean there.
    pub(super) signed: Option<Attribution>,
    /// The name before what it says, where curators sign there and the title is elsewhere.
    pub(super) signed_first: Option<Attribution>,
    /// Where names count.
    pub(super) signing: Signing,
    /// Whether its first line is a title beyond doubt: a link, alone on it, whose words say more
    /// than `PDF`.
    pub(super) starts_strongly: bool,
    /// Whether that name is its curator's where the block holds the title.
    signs_head: bool,
    /// Whether that name is its curator's where the title is elsewhere.
    signs_body: bool,
    /// The blocks in it.
    pub(super) children: Vec<Block<'e>>,
}

impl<'e> Block<'e> {
    fn of_text(shape: Shape, events: Range<usize>, run: Run<'e>, signing: Signing) -> Self {
        let first = |title| Some(person::recommender(&run, title)).filter(|_| signing.first);
        let before_title = first(true).flatten();
        let opening = title::open(
            &run,
            before_title.as_ref().map_or(0, |found| found.text.end),
        );
        let signed = signing.last.then(|| attribution::find(&run, &[])).flatten();
        let signs = |place| {
            let found = signed.as_ref();
            found.is_some_and(|found| attribution::fits(&run, opening.as_ref(), found, place))
        };
        Self {
            shape,
            events,
            starts_strongly: shape == Shape::Paragraph
                && signed.as_ref().is_none_or(|found| !found.alone)
                && opening
                    .as_ref()
                    .is_some_and(|opening| title::is_strong(&run, opening)),
            signs_head: signs(Place::Head),
            signs_body: signs(Place::Body),
            signed_first: before_title.or_else(|| first(false).flatten()),
            signing,
            opening,
            signed,
            run,
            children: Vec::new(),
        }
    }

    /// Whether it has text of its own.
    pub(super) fn has_text(&self) -> bool {
        !self.run.text.trim().is_empty()
    }

    /// Whether it is a paragraph with nothing to read: pictures, as a rule.
    pub(super) fn is_picture(&self) -> bool {
        self.shape == Shape::Paragraph && !self.has_text() && self.run.links.is_empty()
    }

    /// Whether the name at its end is its curator's, where it stands in this place of an item.
    pub(super) fn is_signed(&self, place: Place) -> bool {
        match place {
            Place::Head => self.signs_head,
            Place::Body => self.signs_body,
        }
    }

    /// Whether its first line sets a title off in this way.
    pub(super) fn opens_with(&self, mark: Mark) -> bool {
        self.opening
            .as_ref()
            .is_some_and(|opening| opening.mark == mark)
    }

    /// Calls `see` with this block and all in it, in order.
    pub(super) fn walk<'b>(&'b self, see: &mut impl FnMut(&'b Self)) {
        see(self);
        for child in &self.children {
            child.walk(see);
        }
    }
}

/// Reads the events at `places` as blocks.
pub(super) fn read<'e>(
    events: &'e [Spanned<'_>],
    places: Range<usize>,
    signing: Signing,
) -> Vec<Block<'e>> {
    read_at(events, places, signing, 0)
}

fn read_at<'e>(
    events: &'e [Spanned<'_>],
    places: Range<usize>,
    signing: Signing,
    depth: usize,
) -> Vec<Block<'e>> {
    let mut blocks = Vec::new();
    let mut at = places.start;
    while at < places.end {
        let start = at;
        let shape = match &events[at].0 {
            Event::Start(tag) => shape_of(tag),
            Event::Rule => Some(Shape::Rule),
            _ => None,
        };
        let Some(shape) = shape else {
            at = inline_end(events, start..places.end);
            if is_loose_text(events, start..at) {
                let run = Run::read(events, start..at);
                blocks.push(Block::of_text(Shape::Paragraph, start..at, run, signing));
            }
            continue;
        };
        at = block_end(events, start..places.end);
        let inside = (start + 1).min(at)..at.saturating_sub(1).max(start);
        blocks.push(match shape {
            Shape::Paragraph | Shape::Heading(_) => {
                Block::of_text(shape, start..at, Run::read(events, inside), signing)
            }
            _ => Block {
                shape,
                events: start..at,
                run: Run::default(),
                opening: None,
                signed: None,
                signed_first: None,
                signing,
                starts_strongly: false,
                signs_head: false,
                signs_body: false,
                children: match shape {
                    Shape::List | Shape::Item | Shape::Quote if depth < DEPTH => {
                        read_at(events, inside, signing, depth + 1)
                    }
                    _ => Vec::new(),
                },
            },
        });
    }
    blocks
}

/// The shape of a block that opens with this tag; none for inline marks.
fn shape_of(tag: &Tag<'_>) -> Option<Shape> {
    match tag {
        Tag::Paragraph => Some(Shape::Paragraph),
        Tag::Heading { level, .. } => Some(Shape::Heading(*level)),
        Tag::List(_) => Some(Shape::List),
        Tag::Item => Some(Shape::Item),
        Tag::BlockQuote(_) => Some(Shape::Quote),
        Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Superscript
        | Tag::Subscript
        | Tag::Link { .. }
        | Tag::Image { .. } => None,
        _ => Some(Shape::Other),
    }
}

/// Just after the end of the block that starts where `places` do.
fn block_end(events: &[Spanned<'_>], places: Range<usize>) -> usize {
    let mut open = 0_usize;
    for at in places.clone() {
        match events[at].0 {
            Event::Start(_) => open += 1,
            Event::End(_) => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            return at + 1;
        }
    }
    places.end
}

/// Just after the inline events that start where `places` do.
fn inline_end(events: &[Spanned<'_>], places: Range<usize>) -> usize {
    let after = events[places.clone()]
        .iter()
        .skip(1)
        .position(|(event, _)| match event {
            Event::Start(tag) => shape_of(tag).is_some(),
            Event::Rule => true,
            _ => false,
        });
    after.map_or(places.end, |after| places.start + 1 + after)
}

/// Whether the events of a tight list's item are more than its check box.
fn is_loose_text(events: &[Spanned<'_>], places: Range<usize>) -> bool {
    events[places].iter().any(|(event, _)| {
        !matches!(
            event,
            Event::TaskListMarker(_) | Event::End(TagEnd::Item | TagEnd::List(_))
        )
    })
}
