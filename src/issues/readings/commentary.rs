//! What a curator says, as events that can be rendered.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::block::{Block, Shape};
use super::gathering::Item;
use super::run::{Cut, anchor, closes_anchor};
use crate::issues::markdown::Spanned;

/// The item's blocks without what is cut (in the order of events), every start with its end, nothing left empty.
pub(super) fn build<'a>(
    events: &[Spanned<'a>],
    item: &Item<'_, '_>,
    cuts: &[Cut],
) -> Vec<Spanned<'a>> {
    debug_assert!(cuts.is_sorted_by_key(|cut| cut.event));
    let length = item.parts.iter().map(|block| block.events.len()).sum();
    let mut said: Vec<Spanned<'a>> = Vec::with_capacity(length);
    for block in &item.parts {
        if std::ptr::eq(*block, item.head) && matches!(block.shape, Shape::Heading(_)) {
            continue;
        }
        push_block(events, block, cuts, &mut said);
    }
    said
}

fn push_block<'a>(
    events: &[Spanned<'a>],
    block: &Block<'_>,
    cuts: &[Cut],
    said: &mut Vec<Spanned<'a>>,
) {
    let first = &events[block.events.start];
    let place = first.1.start..events[block.events.end - 1].1.end.max(first.1.start);
    // The items of a tight list hold text without paragraph.
    let untagged =
        block.shape == Shape::Paragraph && !matches!(first.0, Event::Start(Tag::Paragraph));
    if untagged {
        said.push((Event::Start(Tag::Paragraph), place.clone()));
    }
    for at in block.events.clone() {
        let (event, place) = &events[at];
        if let Some(rest) = remaining(event, at, cuts) {
            push(rest, place.clone(), said);
        }
    }
    if untagged {
        push(Event::End(TagEnd::Paragraph), place, said);
    }
}

/// The event without the text that is cut; none where nothing remains.
fn remaining<'a>(event: &Event<'a>, at: usize, cuts: &[Cut]) -> Option<Event<'a>> {
    let first = cuts.partition_point(|cut| cut.event < at);
    let own = cuts[first..].iter().take_while(|cut| cut.event == at);
    let cut = own.clone().next().is_some();
    let text = match event {
        Event::TaskListMarker(_) => return None,
        Event::SoftBreak | Event::HardBreak if cut => return None,
        Event::Text(text) | Event::Code(text) if cut => text,
        _ => return Some(event.clone()),
    };
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for cut in own {
        kept.push_str(text.get(from..cut.text.start).unwrap_or(""));
        from = cut.text.end.max(from);
    }
    kept.push_str(text.get(from..).unwrap_or(""));
    match event {
        _ if kept.is_empty() => None,
        Event::Code(_) => Some(Event::Code(CowStr::from(kept))),
        _ => Some(Event::Text(CowStr::from(kept))),
    }
}

/// Pushes an event, unless it only closes what has nothing in it.
fn push<'a>(event: Event<'a>, place: std::ops::Range<usize>, said: &mut Vec<Spanned<'a>>) {
    if let Event::End(end) = &event {
        if let Some((Event::Start(start), _)) = said.last()
            && start.to_end() == *end
            && is_nothing_when_empty(*end)
        {
            said.pop();
            return;
        }
        if *end == TagEnd::Paragraph {
            trim_paragraph(said);
        }
    }
    if let (Event::InlineHtml(end), Some((Event::InlineHtml(start), _))) = (&event, said.last())
        && closes_anchor(end)
        && anchor(start).is_some()
    {
        said.pop();
        return;
    }
    let after_start = matches!(said.last(), Some((Event::Start(Tag::Paragraph), _)));
    if after_start && matches!(event, Event::SoftBreak | Event::HardBreak) {
        return;
    }
    said.push((event, place));
}

/// Takes line breaks from the end of the open paragraph.
fn trim_paragraph(said: &mut Vec<Spanned<'_>>) {
    while matches!(said.last(), Some((Event::SoftBreak | Event::HardBreak, _))) {
        said.pop();
    }
}

fn is_nothing_when_empty(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::Item
            | TagEnd::List(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
    )
}
