//! Who recommends a reading: the name at the end of what is said about it.
//!
//! The usual shape is a dash and a name, with or without a profile behind it. A dash and a name on
//! the title's own line are as likely the author of a book, so there only a profile on a site of
//! people, or a name that signs other readings too, counts.

use std::ops::Range;

use super::block::Block;
use super::name::{self, Signature};
use super::run::{Link, Run};
use super::title::Mark;
use crate::model::Curator;

/// How far from the end of a line its signature may begin, in bytes.
const REACH: usize = 160;

/// How many lines of a paragraph are looked at, from its last on.
const LINES: usize = 8;

/// An attribution in a run.
#[derive(Clone, Debug)]
pub(super) struct Attribution {
    /// The person.
    pub(super) curator: Curator,
    /// The bytes of the run's text that it takes up, with its dash.
    pub(super) text: Range<usize>,
    /// The places of its links among all events.
    pub(super) links: Vec<usize>,
    /// Whether it stands whatever stands around it: the profile is on a site of people, or the
    /// name is known.
    pub(super) certain: bool,
    /// Whether it is all that the run says.
    pub(super) alone: bool,
}

/// Finds the attribution of a run: the last line's, or a profile's at the end of another line.
/// `names` are known from elsewhere.
pub(super) fn find(run: &Run<'_>, names: &[String]) -> Option<Attribution> {
    let text = run.text.as_str();
    let mut end = text.trim_end().len();
    for line in 0..LINES {
        if let Some(found) = signed(run, 0..end, names)
            && (line == 0 || ends_a_line_early(run, &found))
        {
            return Some(found);
        }
        end = text[..text[..end].rfind('\n')?].trim_end().len();
    }
    None
}

/// How words and links around an attribution speak for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the paragraph or line that holds the title.
    Head,
    /// In another paragraph of the item.
    Body,
}

/// The attribution at the end of the block, where it is one there: on the title's line a name
/// after a dash may be an author's, after a bare link anybody's.
pub(super) fn accept<'b>(
    block: &'b Block<'_>,
    found: &'b Attribution,
    place: Place,
) -> Option<&'b Attribution> {
    if place == Place::Body {
        let fits = found.alone || found.certain || speaks(&block.run, 0..found.text.start);
        return fits.then_some(found);
    }
    let opening = block.opening.as_ref()?;
    let on_line = found.text.start <= opening.line_end;
    let fits = match opening.mark {
        Mark::None if on_line => {
            let before = block.run.text[..found.text.start].trim_end();
            found.certain || opening.line_end == block.run.text.len() && name::ends_sentence(before)
        }
        Mark::None => true,
        _ if found.text.start < opening.text.end => false,
        _ if on_line => found.certain || speaks(&block.run, opening.text.end..found.text.start),
        _ => true,
    };
    fits.then_some(found)
}

/// Whether the range says something of its own, outside links: three words, or one sentence.
fn speaks(run: &Run<'_>, range: Range<usize>) -> bool {
    let mut words = 0;
    let mut count = |text: &str| {
        let said = |word: &&str| word.contains(char::is_alphanumeric);
        words += text.split_whitespace().filter(said).count();
    };
    let mut from = range.start;
    for link in &run.links {
        if link.text.start >= from && link.text.end <= range.end {
            count(&run.text[from..link.text.start]);
            from = link.text.end;
        }
    }
    count(run.text.get(from..range.end).unwrap_or(""));
    let sentence = run.text[..range.end]
        .trim_end()
        .ends_with(['.', '!', '?', '…', '。']);
    words >= 3 || words >= 1 && sentence
}

/// In the middle of a run only what cannot be a name in a wrapped sentence counts: a certain name
/// after a sentence, or after the title.
fn ends_a_line_early(run: &Run<'_>, found: &Attribution) -> bool {
    let before = run.text[..found.text.start].trim_end();
    found.certain && (name::ends_sentence(before) || ends_with_link(run, before.len()))
}

/// The attribution that ends where `within` does.
fn signed(run: &Run<'_>, within: Range<usize>, names: &[String]) -> Option<Attribution> {
    after_dash(run, &within, names)
        .or_else(|| after_words(run, &within, names))
        .or_else(|| bare(run, &within, names))
}

/// `… - Name`, with the dash before, inside or around the link.
fn after_dash(run: &Run<'_>, within: &Range<usize>, names: &[String]) -> Option<Attribution> {
    let window = window(&run.text, within);
    let mut search = window.end;
    for _ in 0..4 {
        let dash = name::last_dash(&run.text, window.start..search)?;
        if let Some(found) = after_this_dash(run, within, &dash, names) {
            return Some(found);
        }
        search = dash.start;
    }
    None
}

fn after_this_dash(
    run: &Run<'_>,
    within: &Range<usize>,
    dash: &Range<usize>,
    names: &[String],
) -> Option<Attribution> {
    let text = run.text.as_str();
    let title_before = |link: &Link<'_>| {
        (link.text.start..link.text.end).contains(&dash.start)
            && text[link.text.start..dash.start].contains(char::is_alphanumeric)
    };
    let in_code = run
        .code
        .iter()
        .any(|code| code.end > dash.start && code.start < within.end);
    if in_code || run.links.iter().any(title_before) {
        return None;
    }
    let links = links_within(run, dash.start..within.end);
    let tail = text[dash.end..within.end].trim();
    let signature = name::read(tail).filter(|_| !tail.contains('\n'))?;
    let found = build(run, dash.start..within.end, &links, &signature, names);
    let before = text[within.start..dash.start].trim_end();
    let spaced = text[..dash.start].ends_with(char::is_whitespace) || before.is_empty();
    let ends = before.is_empty()
        || name::ends_sentence(before)
        || ends_with_link(run, within.start + before.len());
    let fits = if links.is_empty() {
        // `-Zname` in a sentence is a flag.
        let after = text[dash.end..].starts_with(char::is_whitespace);
        name::is_plain_name(&signature) && spaced && (ends || after && signature.words <= 2)
    } else {
        signature.is_name
    };
    (found.certain || fits).then_some(found)
}

/// `Recommended by Name`, `(picked by Name)`.
fn after_words(run: &Run<'_>, within: &Range<usize>, names: &[String]) -> Option<Attribution> {
    let window = window(&run.text, within);
    let start = name::last_recommender(&run.text, window)?;
    let before = run.text[within.start..start.start].trim_end();
    let before = before.trim_end_matches(['(', '[', ' ', ',']);
    if !(before.is_empty()
        || name::ends_sentence(before)
        || run.text[..start.start].trim_end().ends_with(['(', '[']))
    {
        return None;
    }
    let signature = name::read(&run.text[start.end..within.end])?;
    let range = within.start + before.trim_end().len()..within.end;
    let links = links_within(run, range.clone());
    let found = build(run, range, &links, &signature, names);
    (found.certain || signature.is_name).then_some(found)
}

/// A name without a dash, after the end of a sentence, in parentheses, or alone: only with a
/// profile on a site of people, or known from elsewhere.
fn bare(run: &Run<'_>, within: &Range<usize>, names: &[String]) -> Option<Attribution> {
    let text = run.text.as_str();
    let tail = text[within.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = within.start + tail.len();
    let link = run
        .links
        .iter()
        .rfind(|link| (end..=within.end).contains(&link.text.end));
    let start = if let Some(link) = link {
        link.text.start
    } else {
        let line = tail.rfind(['\n', '(']).map_or(0, |at| at + 1);
        within.start + line
    };
    let before = text[within.start..start].trim_end();
    let opened = before.trim_end_matches(['(', '[']).trim_end();
    let apart = opened.is_empty() || name::ends_sentence(opened) || text[..start].ends_with('\n');
    if !apart {
        return None;
    }
    let signature = name::read(&text[start..within.end])?;
    let range = within.start + opened.len()..within.end;
    let links = links_within(run, range.clone());
    let found = build(run, range, &links, &signature, names);
    (found.certain && signature.words <= 4).then_some(found)
}

fn build(
    run: &Run<'_>,
    text: Range<usize>,
    links: &[&Link<'_>],
    signature: &Signature,
    names: &[String],
) -> Attribution {
    let url = links.first().map(|link| link.url.to_owned());
    let known = names
        .iter()
        .any(|known| known.to_lowercase() == signature.name.to_lowercase());
    let person = url.as_deref().is_some_and(name::is_profile);
    let alone = run.text[..text.start].trim().is_empty();
    Attribution {
        certain: known || person && signature.could_be_person(),
        curator: Curator {
            name: signature.name.clone(),
            url,
        },
        links: links.iter().map(|link| link.event).collect(),
        text,
        alone,
    }
}

fn links_within<'r, 'e>(run: &'r Run<'e>, range: Range<usize>) -> Vec<&'r Link<'e>> {
    let first = run
        .links
        .partition_point(|link| link.text.start < range.start);
    run.links[first..]
        .iter()
        .take_while(|link| link.text.start < range.end)
        .filter(|link| link.text.end <= range.end)
        .collect()
}

fn ends_with_link(run: &Run<'_>, at: usize) -> bool {
    run.links.iter().any(|link| link.text.end == at)
}

/// The last bytes of `within`, from a character's start.
fn window(text: &str, within: &Range<usize>) -> Range<usize> {
    let mut start = within.end.saturating_sub(REACH).max(within.start);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    start..within.end
}

/// The attribution that is all of a run: a list's only item.
pub(super) fn whole(run: &Run<'_>) -> Option<Attribution> {
    let signature = name::read(&run.text)?;
    let links: Vec<&Link<'_>> = run.links.iter().collect();
    Some(build(run, 0..run.text.len(), &links, &signature, &[]))
}
