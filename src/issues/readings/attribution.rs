//! Who recommends a reading: the name at the end of what is said about it.
//!
//! The usual shape is a dash and a name, with or without a profile behind it. A dash and a name on
//! the title's own line are as likely the author of a book, so there only a profile on a site of
//! people, or a name that signs other readings too, counts.

use std::ops::Range;

use super::name::{self, Signature};
use super::run::{Link, Run};
use super::signing::Position;
use super::title::{Mark, Opening};
use crate::model::Curator;

/// How far from the end of a line its signature may begin, in bytes.
const REACH: usize = 100;

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
    /// Where it stands.
    pub(super) position: Position,
}

/// Finds the attribution of a run: the last line's, or a profile's at the end of another line.
/// `names` are known from elsewhere.
pub(super) fn find(run: &Run<'_>, names: &[String]) -> Option<Attribution> {
    let text = run.text.as_str();
    let mut end = text.trim_end().len();
    for line in 0..LINES {
        // An early line has to be certain: a profile at its end, or a known name.
        let hopeless = line > 0 && names.is_empty() && !ends_with_profile(run, end);
        if !hopeless
            && let Some(found) = signed(run, 0..end, names)
            && (line == 0 || ends_a_line_early(run, &found))
        {
            return Some(found);
        }
        let Some(above) = text[..end].rfind('\n') else {
            break;
        };
        end = text[..above].trim_end().len();
    }
    in_a_line(run, names)
}

/// The attribution before more text on its line: `… turn. - Ada. Related: …`. Only a dash after
/// a sentence and before a profile is one.
fn in_a_line(run: &Run<'_>, names: &[String]) -> Option<Attribution> {
    let profiles = run.links.iter().rev().take(LINES);
    profiles
        .filter(|link| name::is_profile(link.url))
        .find_map(|link| {
            let rest = &run.text[link.text.end..];
            let marks = rest.len() - rest.trim_start_matches(['.', ')', '!']).len();
            let found = after_dash(run, &(0..link.text.end + marks), names)?;
            let before = run.text[..found.text.start].trim_end();
            (found.certain && name::ends_sentence(before)).then_some(found)
        })
}

/// How words and links around an attribution speak for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the paragraph or line that holds the title.
    Head,
    /// In another paragraph of the item.
    Body,
}

/// Whether the attribution is one in this place: on the title's line a name after a dash may be an
/// author's, after a bare link anybody's.
pub(super) fn fits(
    run: &Run<'_>,
    opening: Option<&Opening>,
    found: &Attribution,
    place: Place,
) -> bool {
    if place == Place::Body {
        return found.alone || found.certain || speaks(run, 0..found.text.start);
    }
    let Some(opening) = opening else {
        return false;
    };
    let on_line = found.text.start <= opening.line_end;
    match opening.mark {
        Mark::None if on_line => {
            let before = run.text[..found.text.start].trim_end();
            found.certain || opening.line_end == run.text.len() && name::ends_sentence(before)
        }
        Mark::None => true,
        _ if found.text.start < opening.text.end => false,
        _ if on_line => found.certain || speaks(run, opening.text.end..found.text.start),
        _ => true,
    }
}

/// Whether the range says something of its own, outside links: three words, or one sentence.
fn speaks(run: &Run<'_>, range: Range<usize>) -> bool {
    let before = run.text[..range.end].trim_end();
    let sentence = before.ends_with(['.', '!', '?', '…', '。', '*', '†', '”', '"']);
    let mut missing = if sentence { 1 } else { 3 };
    let mut says = |text: &str| {
        let said = |word: &&str| word.contains(char::is_alphanumeric);
        missing -= text.split_whitespace().filter(said).take(missing).count();
        missing == 0
    };
    let mut from = range.start;
    let first = run.links.partition_point(|link| link.text.start < from);
    for link in &run.links[first..] {
        if link.text.end > range.end {
            break;
        }
        if from <= link.text.start && says(&run.text[from..link.text.start]) {
            return true;
        }
        from = link.text.end.max(from);
    }
    run.text.get(from..range.end).is_some_and(says)
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
    // `the new **Quick – Next**`: a dash inside one name is no separator.
    let mut marked = run.strong.iter().chain(&run.emphasis);
    let in_mark = marked.any(|mark| {
        mark.start < dash.start
            && mark.end > dash.end
            && text[mark.start..dash.start].contains(char::is_alphanumeric)
    });
    if in_code || in_mark || run.link_before(dash.start).is_some_and(title_before) {
        return None;
    }
    let tail = text[dash.end..within.end].trim();
    let signature = name::read(tail).filter(|_| !tail.contains('\n'))?;
    let links = links_within(run, dash.start..within.end);
    let found = build(run, dash.start..within.end, &links, &signature, names);
    let before = text[within.start..dash.start].trim_end();
    let spaced = text[..dash.start].ends_with(char::is_whitespace) || before.is_empty();
    let ends = before.is_empty()
        || name::ends_sentence(before)
        || ends_with_link(run, within.start + before.len());
    let fits = if links.is_empty() {
        // `-Wname` in a sentence is a flag.
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
    if names.is_empty() && !ends_with_profile(run, within.end) {
        return None;
    }
    let text = run.text.as_str();
    let tail = text[within.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let end = within.start + tail.len();
    let link = run
        .link_before(within.end)
        .filter(|link| (end..=within.end).contains(&link.text.end));
    let start = if let Some(link) = link {
        link.text.start
    } else {
        within.start + tail.rfind(['\n', '(']).map_or(0, |at| at + 1)
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
    let known = names.contains(&signature.name);
    let person = url.as_deref().is_some_and(name::is_profile);
    let alone = run.text[..text.start].trim().is_empty();
    Attribution {
        certain: known || person && signature.could_be_person(),
        curator: Curator {
            name: signature.name.clone(),
            url,
        },
        // A link in what is said of the person, their employer's, is no part of the name.
        links: links
            .iter()
            .filter(|link| {
                let words =
                    run.text[link.text.clone()].trim_matches(|c: char| !c.is_alphanumeric());
                signature.name.contains(words)
                    || words.contains(&signature.name)
                    || name::is_profile(link.url)
            })
            .map(|link| link.event)
            .collect(),
        text,
        alone,
        position: Position::Last,
    }
}

/// The attribution before what is said.
pub(super) fn first(
    run: &Run<'_>,
    text: Range<usize>,
    link: Option<&Link<'_>>,
    name: String,
) -> Attribution {
    Attribution {
        curator: Curator {
            name,
            url: link.map(|link| link.url.to_owned()),
        },
        links: link.iter().map(|link| link.event).collect(),
        alone: run.text[text.end..].trim().is_empty(),
        certain: true,
        text,
        position: Position::First,
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
    run.link_before(at).is_some_and(|link| link.text.end == at)
}

/// Whether the last link before `end` is a profile and stands at that end, give or take its marks
/// and what is said of the person.
fn ends_with_profile(run: &Run<'_>, end: usize) -> bool {
    run.link_before(end)
        .is_some_and(|link| link.text.end + REACH / 2 >= end && name::is_profile(link.url))
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
