//! An item's blocks to what it recommends: title, address, curator, other links, commentary.

use std::collections::HashSet;
use std::ops::Range;

use super::Found;
use super::attribution::{self, Attribution, Place};
use super::block::{Block, Shape};
use super::commentary;
use super::kind::kind_of;
use super::layout::{Item, is_signature_list};
use super::link::{self, Candidate};
use super::run::Cut;
use super::title::{self, Mark};
use crate::issues::markdown::Spanned;

/// The title of an item and where it stands.
struct Title {
    text: String,
    /// Its bytes in the head's text.
    place: Range<usize>,
    /// The link in it, by its place in the head's links.
    link: Option<usize>,
    /// Whether it goes from the commentary: a title inside a sentence stays.
    apart: bool,
}

/// The reading in an item; none where it has no title.
pub(super) fn read<'a>(
    events: &[Spanned<'a>],
    item: &Item<'_, '_>,
    names: &[String],
) -> Option<Found<'a>> {
    let signature = sign(item, names);
    let signed_from = signature
        .as_ref()
        .filter(|(block, _)| std::ptr::eq(*block, item.head))
        .map_or(item.head.run.text.len(), |(_, found)| found.text.start);
    let title = entitle(item.head, signed_from)?;
    let signature_links = signature
        .as_ref()
        .map_or(&[][..], |(_, found)| &found.links);
    let links = links(item, &title, signature_links);
    let url = match title.link {
        Some(at) => Some(item.head.run.links[at].url),
        // Nobody speaks in an item without curator: its first link is what it is about.
        None => link::choose(&title.text, &links).or_else(|| {
            let first = links.first().filter(|_| signature.is_none());
            first.map(|link| link.url)
        }),
    };
    let mut seen: HashSet<&str> = url.into_iter().collect();
    let extra_links = links
        .iter()
        .filter(|link| seen.insert(link.url))
        .map(|link| link.url.to_owned())
        .collect();
    let kind = kind_of(url, item.head.run.text.trim_start());
    Some(Found {
        url: url.map(str::to_owned),
        kind,
        extra_links,
        commentary: commentary::build(events, item, &cuts(item, &title, signature.as_ref())),
        category: item.category.clone(),
        span: item.head.run.place(events, &title.place)?,
        curator: signature.map(|(_, found)| found.curator),
        title: title.text,
    })
}

/// The item's attribution and the block it stands in: the last that is beyond doubt, else the
/// last.
fn sign<'b, 'e>(item: &Item<'b, 'e>, names: &[String]) -> Option<(&'b Block<'e>, Attribution)> {
    let mut best: Option<(&'b Block<'e>, Attribution)> = None;
    for block in paragraphs(item) {
        let place = if std::ptr::eq(block, item.head) {
            Place::Head
        } else {
            Place::Body
        };
        let Some(found) = &block.signed else { continue };
        let worse = best
            .as_ref()
            .is_some_and(|(_, best)| best.certain && !found.certain);
        if attribution::accept(block, found, place).is_some() && !worse {
            best = Some((block, found.clone()));
        }
    }
    best.or_else(|| sign_in_list(item)).or_else(|| {
        paragraphs(item).rev().find_map(|block| {
            let found = attribution::find(&block.run, names).filter(|found| found.certain)?;
            let head = std::ptr::eq(block, item.head);
            let fits = !head
                || block.opening.as_ref().is_some_and(|opening| {
                    opening.mark == Mark::None || found.text.start >= opening.text.end
                });
            fits.then_some((block, found))
        })
    })
}

/// The paragraphs in which an attribution may stand, and the heading.
fn paragraphs<'i, 'b, 'e>(
    item: &'i Item<'b, 'e>,
) -> impl DoubleEndedIterator<Item = &'b Block<'e>> + 'i {
    let heading = Some(item.head).filter(|head| matches!(head.shape, Shape::Heading(_)));
    let paragraphs = item
        .parts
        .iter()
        .copied()
        .filter(|block| block.shape == Shape::Paragraph);
    heading.into_iter().chain(paragraphs)
}

/// An attribution that Markdown took for a list, or that ends the last point of one.
fn sign_in_list<'b, 'e>(item: &Item<'b, 'e>) -> Option<(&'b Block<'e>, Attribution)> {
    let list = item
        .parts
        .iter()
        .copied()
        .rfind(|block| block.shape == Shape::List)?;
    let block = list
        .children
        .last()?
        .children
        .iter()
        .rfind(|block| block.shape == Shape::Paragraph)?;
    if is_signature_list(list) {
        return attribution::whole(&block.run).map(|found| (block, found));
    }
    let found = block.signed.clone()?;
    let place = if block.opens_with(Mark::None) {
        Place::Body
    } else {
        Place::Head
    };
    let fits = !found.links.is_empty() && attribution::accept(block, &found, place).is_some();
    fits.then_some((block, found))
}

fn entitle(head: &Block<'_>, signed_from: usize) -> Option<Title> {
    let run = &head.run;
    let opening = head.opening.as_ref()?;
    let heading = matches!(head.shape, Shape::Heading(_));
    let mut title = Title {
        text: String::new(),
        place: opening.text.clone(),
        link: opening.link,
        apart: true,
    };
    let mut mark = opening.mark;
    let pointer = opening.mark == Mark::Link
        && opening
            .link
            .is_some_and(|at| link::is_pointer(&run.text[opening.text.clone()], run.links[at].url));
    if mark == Mark::None || pointer && !opening.alone || heading && !opening.alone {
        mark = Mark::None;
        let line = title::Opening {
            text: run.text.len() - run.text.trim_start().len()..opening.line_end,
            ..opening.clone()
        };
        title.place = title::of_plain_line(run, &line, signed_from);
        title.link = run.links.iter().position(|link| {
            title.place.start <= link.text.start
                && link.text.end <= title.place.end
                && !link.text.is_empty()
        });
        if let Some(at) = title.link.filter(|_| !heading)
            && is_title_like(&run.text[run.links[at].text.clone()], run.links[at].url)
        {
            title.place = run.links[at].text.clone();
            title.apart = false;
            mark = Mark::Link;
        }
    }
    title.text = title::clean(&run.text[title.place.clone()], mark);
    if title.text.is_empty() {
        title.text = title::clean(&run.text, Mark::None);
        title.place = 0..run.text.len();
    }
    title
        .text
        .chars()
        .any(char::is_alphanumeric)
        .then_some(title)
}

/// Whether a link inside a sentence reads as a title: at least two words, the first with a capital.
fn is_title_like(text: &str, url: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| !c.is_lowercase())
        && text.split_whitespace().count() > 1
        && !link::is_pointer(text, url)
}

/// The item's links in order, without those of the attribution.
fn links<'b>(item: &Item<'b, '_>, title: &Title, signature: &[usize]) -> Vec<Candidate<'b>> {
    let mut links = Vec::new();
    let line_end = item
        .head
        .opening
        .as_ref()
        .map_or(0, |opening| opening.line_end);
    let heading = Some(item.head).filter(|head| matches!(head.shape, Shape::Heading(_)));
    let outside =
        heading.filter(|head| !item.parts.iter().any(|block| std::ptr::eq(*block, *head)));
    for part in outside.into_iter().chain(item.parts.iter().copied()) {
        let top = part.shape == Shape::Paragraph;
        part.walk(&mut |block: &'b Block<'_>| {
            let head = std::ptr::eq(block, item.head);
            for link in &block.run.links {
                if signature.contains(&link.event) {
                    continue;
                }
                let text = &block.run.text[link.text.clone()];
                let beside_title = head
                    && link.text.start <= line_end
                    && block
                        .run
                        .text
                        .get(title.place.end..link.text.start)
                        .is_some_and(|between| between.split_whitespace().count() <= 6);
                let candidate = Candidate {
                    text,
                    url: link.url,
                    beside_title,
                    alone: top
                        && !(head && link.text.start <= line_end)
                        && is_alone(block, &link.text),
                };
                links.push(candidate);
            }
        });
    }
    links
}

/// Whether the link stands alone on its line.
fn is_alone(block: &Block<'_>, link: &Range<usize>) -> bool {
    let text = &block.run.text;
    let before = text[..link.start].rsplit('\n').next().unwrap_or("");
    let after = text[link.end..].split('\n').next().unwrap_or("");
    title::is_prefix(before) && !after.contains(char::is_alphanumeric)
}

/// What goes from the commentary: the title with the marks after it, the attribution with the
/// space before it.
fn cuts(
    item: &Item<'_, '_>,
    title: &Title,
    signature: Option<&(&Block<'_>, Attribution)>,
) -> Vec<Cut> {
    let mut cuts = Vec::new();
    if let Some((block, found)) = signature {
        let text = &block.run.text;
        let start = text[..found.text.start].trim_end().len();
        cuts.extend(block.run.cuts(&(start..found.text.end)));
    }
    if title.apart {
        let text = &item.head.run.text;
        let end = signature
            .filter(|(block, _)| std::ptr::eq(*block, item.head))
            .map_or(text.len(), |(_, found)| found.text.start);
        let rest = &text[title.place.end.min(end)..end];
        let separators = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_whitespace() || ".,:;-–—|!?…".contains(c))
                .len();
        let past = if rest.contains(char::is_alphanumeric) {
            title.place.end + separators
        } else {
            end.max(title.place.end)
        };
        cuts.extend(item.head.run.cuts(&(0..past)));
    }
    cuts
}
