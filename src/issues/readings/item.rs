//! An item's blocks to what it recommends: title, address, curator, other links, commentary.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Found;
use super::attribution::{self, Attribution, Place};
use super::block::{Block, Shape};
use super::commentary;
use super::gathering::Item;
use super::link::{self, Candidate};
use super::person;
use super::run::{Cut, Link};
use super::signing::Position;
use super::signs::{is_signature_item, is_signature_list};
use super::title::{self, Mark};
use crate::issues::markdown::Spanned;
use crate::model::kind_of;

/// How many characters beside a link are looked at.
const MARGIN: usize = 64;

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
        .filter(|(block, found)| ends(item.head, block, found))
        .map_or(item.head.run.text.len(), |(_, found)| found.text.start);
    let title = entitle(item.head, signed_from)?;
    let signature_links = signature
        .as_ref()
        .map_or(&[][..], |(_, found)| &found.links);
    let links = links(item, signature_links);
    let url = match title.link {
        Some(at) => Some(item.head.run.links[at].url),
        // Nobody speaks in an item without curator: its first link is what it is about.
        None => link::choose(&title.text, &candidates(item, &title, &links)).or_else(|| {
            let thing = links
                .iter()
                .find(|(block, link, _)| !person::is_person_by_address(&block.run, link));
            let first = thing.or(links.first()).filter(|_| signature.is_none());
            first.map(|(_, link, _)| link.url)
        }),
    };
    let mut seen: BTreeSet<&str> = url.into_iter().collect();
    let extra_links = links
        .iter()
        .filter(|(_, link, _)| leads_somewhere(link.url) && seen.insert(link.url))
        .map(|(_, link, _)| link.url.to_owned())
        .collect();
    let kind = kind_of(url, item.head.run.text.trim_start());
    Some(Found {
        url: url.filter(|url| leads_somewhere(url)).map(str::to_owned),
        kind,
        signed: signature.as_ref().map(|(_, found)| found.position),
        extra_links,
        commentary: commentary::build(events, item, &cuts(item, &title, signature.as_ref())),
        category: item.category.clone(),
        span: item.head.run.place(events, &title.place)?,
        curator: signature.map(|(_, found)| found.curator),
        title: title.text,
    })
}

/// Whether the attribution ends the title's own block.
fn ends(head: &Block<'_>, block: &Block<'_>, found: &Attribution) -> bool {
    std::ptr::eq(head, block) && found.position == Position::Last
}

/// Whether an address is known to lead to something: a template's is filled by a program that
/// nobody runs here.
fn leads_somewhere(url: &str) -> bool {
    !["{{", "}}", "{%", "{<", "${"]
        .iter()
        .any(|mark| url.contains(mark))
}

/// The item's attribution and the block it stands in.
fn sign<'b, 'e>(item: &Item<'b, 'e>, names: &[String]) -> Option<(&'b Block<'e>, Attribution)> {
    sign_first(item).or_else(|| sign_last(item, names))
}

/// The attribution before what is said: in the title's own block, or at the start of the next.
fn sign_first<'b, 'e>(item: &Item<'b, 'e>) -> Option<(&'b Block<'e>, Attribution)> {
    let title = item.head.opening.as_ref()?.text.start;
    if let Some(found) = &item.head.signed_first
        && found.text.end <= title
    {
        return Some((item.head, found.clone()));
    }
    let others = item.parts.iter().copied();
    let next = others
        .filter(|block| !std::ptr::eq(*block, item.head))
        .find(|block| !block.is_picture())?;
    Some((next, next.signed_first.clone()?))
}

/// The attribution after what is said: the last that is beyond doubt, else the last.
fn sign_last<'b, 'e>(
    item: &Item<'b, 'e>,
    names: &[String],
) -> Option<(&'b Block<'e>, Attribution)> {
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
        if block.is_signed(place) && !worse {
            best = Some((block, found.clone()));
        }
    }
    best.or_else(|| sign_in_list(item))
        .or_else(|| sign_in_quote(item))
        .or_else(|| {
            let mut blocks = paragraphs(item).rev().filter(|block| block.signing.last);
            blocks.find_map(|block| {
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
        .rfind(|block| matches!(block.shape, Shape::List | Shape::Item))?;
    let point = match list.shape {
        Shape::List => list.children.last()?,
        _ => list,
    };
    let block = point
        .children
        .iter()
        .rfind(|block| block.shape == Shape::Paragraph)?;
    if is_signature_list(list) || is_signature_item(list) {
        return attribution::whole(&block.run).map(|found| (block, found));
    }
    let found = block.signed.clone()?;
    let place = if block.opens_with(Mark::None) {
        Place::Body
    } else {
        Place::Head
    };
    let fits = !found.links.is_empty() && block.is_signed(place);
    fits.then_some((block, found))
}

/// The attribution of an item that ends with a quote: what the curator says stands in it.
fn sign_in_quote<'b, 'e>(item: &Item<'b, 'e>) -> Option<(&'b Block<'e>, Attribution)> {
    let quote = item
        .parts
        .last()
        .filter(|block| block.shape == Shape::Quote)?;
    let block = quote.children.last()?;
    let found = block.signed.clone().filter(|found| found.certain)?;
    Some((block, found))
}

fn entitle(head: &Block<'_>, signed_from: usize) -> Option<Title> {
    let run = &head.run;
    let opening = head.opening.as_ref()?;
    let heading = matches!(head.shape, Shape::Heading(_));
    let mut title = Title {
        text: String::new(),
        place: opening.text.clone(),
        link: opening.link,
        apart: !opening.done,
    };
    if opening.done {
        let words = &run.text[opening.text.clone()];
        if !title::is_title_like(words, run.links[opening.link?].url) && !is_called(words) {
            title.place = title::of_deed(run, opening);
        }
        title.text = title::clean(&run.text[title.place.clone()], Mark::None);
        return Some(title).filter(|title| title.text.contains(char::is_alphanumeric));
    }
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
            && title::is_title_like(&run.text[run.links[at].text.clone()], run.links[at].url)
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

/// Whether a word is what a thing is called: `Engines`, `engines.rs`; not `shared`.
fn is_called(words: &str) -> bool {
    words.contains(|c: char| c.is_uppercase() || c.is_ascii_digit() || ".-_".contains(c))
        && !link::is_pointer(words, "")
}

/// A link, the block that it stands in, and whether that block stands in no other of the item.
type Placed<'b, 'e> = (&'b Block<'e>, &'b Link<'e>, bool);

/// The item's links in order, without those of the attribution.
fn links<'b, 'e>(item: &Item<'b, 'e>, signature: &[usize]) -> Vec<Placed<'b, 'e>> {
    let mut links = Vec::new();
    let outside = matches!(item.head.shape, Shape::Heading(_))
        && !item
            .parts
            .iter()
            .any(|block| std::ptr::eq(*block, item.head));
    let heading = outside.then_some(item.head);
    for part in heading.into_iter().chain(item.parts.iter().copied()) {
        part.walk(&mut |block: &'b Block<'e>| {
            let others = block.run.links.iter();
            links.extend(
                others
                    .filter(|link| !signature.contains(&link.event))
                    .map(|link| (block, link, std::ptr::eq(part, block))),
            );
        });
    }
    links
}

/// The links with what speaks for each of them being the thing itself.
fn candidates<'b>(
    item: &Item<'b, '_>,
    title: &Title,
    links: &[Placed<'b, '_>],
) -> Vec<Candidate<'b>> {
    let opening = item.head.opening.as_ref();
    let line_end = opening.map_or(0, |opening| opening.line_end);
    let people =
        |(block, link, _): &&Placed<'_, '_>| person::is_person_by_address(&block.run, link);
    let all_people = links.iter().all(|placed| people(&placed));
    let candidate = |&(block, link, top): &Placed<'b, '_>| {
        let text = &block.run.text;
        let on_line = std::ptr::eq(block, item.head) && link.text.start <= line_end;
        let between = text.get(title.place.end..link.text.start).unwrap_or("");
        let beside_title = on_line
            && link.text.start >= title.place.end
            && between.len() <= 2 * MARGIN
            && between.split_whitespace().count() <= 6;
        Candidate {
            text: &text[link.text.clone()],
            url: link.url,
            beside_title,
            alone: top && !on_line && is_alone(block, &link.text),
        }
    };
    let things = links.iter().filter(|placed| all_people || !people(placed));
    things.map(candidate).collect()
}

/// Whether the link stands alone on its line, with a label before it at most.
fn is_alone(block: &Block<'_>, link: &Range<usize>) -> bool {
    let on_line = |c: &char| *c != '\n';
    let (before, after) = block.run.text.split_at(link.start);
    let label: Vec<char> = before
        .chars()
        .rev()
        .take_while(on_line)
        .take(MARGIN)
        .collect();
    let mut rest = after[link.len()..].chars().take_while(on_line).take(MARGIN);
    label.len() < MARGIN
        && title::is_prefix(&label.iter().rev().collect::<String>())
        && !rest.any(char::is_alphanumeric)
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
            .filter(|(block, found)| ends(item.head, block, found))
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
    cuts.sort_by_key(|cut| (cut.event, cut.text.start));
    cuts
}
