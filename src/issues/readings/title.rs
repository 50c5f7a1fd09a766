//! What an item is called, read from its first line.

use std::ops::Range;

use super::link::is_pointer;
use super::name;
use super::person;
use super::run::Run;

/// A title that is text and no link is cut at the end of a sentence beyond this many bytes.
const LONG: usize = 120;

/// A title that is text and no link is never longer than this many bytes, unless it is one word.
const LONGEST: usize = 300;

/// How the first line sets the title off from what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is a link.
    Link,
    /// It is bold.
    Bold,
    /// It is in italics.
    Italics,
    /// It is text like all else.
    None,
}

/// The title as the first line shows it.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// How it is set off.
    pub(super) mark: Mark,
    /// Its bytes in the run's text.
    pub(super) text: Range<usize>,
    /// The link in it, by its place in the run's links.
    pub(super) link: Option<usize>,
    /// Where its line ends.
    pub(super) line_end: usize,
    /// Whether the line holds nothing else but an aside: `(PDF)`, `by Ada`.
    pub(super) alone: bool,
    /// Whether it is the thing that somebody, named before it, did something with.
    pub(super) done: bool,
}

/// Reads the first line of a paragraph or of a list's item, from a byte on: a curator may stand
/// before it.
pub(super) fn open(run: &Run<'_>, from: usize) -> Option<Opening> {
    let text = run.text.as_str();
    let start = text.len() - text[from..].trim_start().len();
    if start == text.len() {
        return None;
    }
    if let Some(link) = person::thing(run).filter(|_| from == 0) {
        let text = link_text(run, link);
        return Some(Opening {
            line_end: wrapped_line_end(run, text.end),
            done: true,
            ..opening(Mark::Link, text, Some(link))
        });
    }
    let marked = marked_start(run, start);
    let mut opening = marked.unwrap_or(Opening {
        mark: Mark::None,
        text: start..text.len(),
        link: None,
        line_end: 0,
        alone: false,
        done: false,
    });
    let from = if opening.mark == Mark::None {
        start
    } else {
        opening.text.end
    };
    opening.line_end = if opening.mark == Mark::None {
        wrapped_line_end(run, from)
    } else {
        line_end(run, from)
    };
    if opening.mark == Mark::None {
        opening.text.end = start + text[start..opening.line_end].trim_end().len();
    }
    opening.alone = is_aside(&text[opening.text.end..opening.line_end]);
    Some(opening)
}

/// The first part of the run that is set off, where only labels, numbers and tags come before it.
fn marked_start(run: &Run<'_>, start: usize) -> Option<Opening> {
    let line_end = line_end(run, start);
    let before = |at: usize| run.text.get(start..at).unwrap_or("");
    let link = run
        .links
        .iter()
        .position(|link| !link.text.is_empty() && link.text.start >= start);
    let link_start = link.map(|at| run.links[at].text.start);
    let bold = run.strong.iter().find(|bold| bold.start >= start);
    let bold = bold.filter(|bold| {
        // `**Paper:** [Title](…)`: a bold label is no title.
        !is_label(&run.text, bold, link_start)
    });
    let starts = [
        link_start,
        bold.map(|bold| bold.start),
        run.emphasis
            .iter()
            .map(|range| range.start)
            .find(|&at| at >= start),
    ];
    let first = starts.into_iter().flatten().min()?;
    if first > line_end || !is_prefix(before(first)) {
        let labelled = link_start.filter(|&at| at <= line_end && is_prefix(before(at)));
        labelled?;
        return link.map(|at| opening(Mark::Link, link_text(run, at), link));
    }
    let covering = |range: &Range<usize>| {
        run.links
            .iter()
            .position(|link| range.start <= link.text.start && link.text.end <= range.end)
    };
    if let Some(bold) = bold.filter(|bold| bold.start == first) {
        let linked = link
            .filter(|_| link_start == Some(first))
            .map(|at| link_text(run, at));
        return Some(match linked {
            Some(text) if text.end >= bold.end => opening(Mark::Link, text, link),
            _ => opening(Mark::Bold, bold.clone(), covering(bold)),
        });
    }
    if link_start == Some(first) {
        // `On Engines: https://…`: what looks like a label is the title.
        let pointer = link
            .is_some_and(|at| is_pointer(&run.text[run.links[at].text.clone()], run.links[at].url));
        if pointer && before(first).trim_end().ends_with(':') {
            return None;
        }
        return Some(opening(Mark::Link, link_text(run, link?), link));
    }
    let italics = run.emphasis.iter().find(|range| range.start == first)?;
    let inner = covering(italics);
    let mark = if inner.is_some() {
        Mark::Link
    } else {
        Mark::Italics
    };
    Some(opening(mark, italics.clone(), inner))
}

fn opening(mark: Mark, text: Range<usize>, link: Option<usize>) -> Opening {
    Opening {
        mark,
        text,
        link,
        line_end: 0,
        alone: false,
        done: false,
    }
}

/// The words of the link, with those of a link to the same place that follows at once: programs
/// that write Markdown cut links in two.
fn link_text(run: &Run<'_>, at: usize) -> Range<usize> {
    let mut text = run.links[at].text.clone();
    for next in &run.links[at + 1..] {
        let between = run.text.get(text.end..next.text.start);
        if next.url != run.links[at].url || between.is_none_or(|between| !between.trim().is_empty())
        {
            break;
        }
        text.end = next.text.end;
    }
    text
}

/// Where the line ends that `from` is in; a break inside a link does not count.
fn line_end(run: &Run<'_>, from: usize) -> usize {
    let mut search = from;
    while let Some(at) = run.text[search..].find('\n').map(|at| at + search) {
        if run.link_before(at).is_none_or(|link| link.text.end <= at) {
            return at;
        }
        search = at + 1;
    }
    run.text.len()
}

/// Where the line ends that begins at `from`, past the breaks of a sentence that is wrapped: what
/// follows them begins with a small letter, or with a link that is more than a pointer.
fn wrapped_line_end(run: &Run<'_>, from: usize) -> usize {
    let mut end = line_end(run, from);
    while end < run.text.len() {
        let next = run.text[end + 1..].chars().next();
        let linked = run.link_from(end + 1);
        let goes_on = next.is_some_and(char::is_lowercase)
            || linked.is_some_and(|link| !is_pointer(&run.text[link.text.clone()], link.url));
        if !goes_on {
            break;
        }
        end = line_end(run, end + 1);
    }
    end
}

/// Whether text before a title says nothing of its own: tags in brackets, a number, a label with
/// a colon, a picture, an opening quote.
pub(super) fn is_prefix(text: &str) -> bool {
    let mut rest = text.trim();
    while let Some(inside) = rest.strip_prefix('[') {
        let Some((tag, after)) = inside.split_once(']') else {
            break;
        };
        if tag.len() > 24 {
            return false;
        }
        rest = after.trim_start();
    }
    let label = rest
        .strip_suffix([':', '：'])
        .is_some_and(|label| label.split_whitespace().count() <= 3 && label.len() <= 40);
    label || is_number(rest) || !rest.contains(char::is_alphanumeric)
}

/// Whether the text only counts: `3.`, `(3)`, `#3`, `３、`, `（三）`, `③`.
fn is_number(text: &str) -> bool {
    let number =
        text.trim_matches(|c: char| c.is_whitespace() || "#().:（）【】．、：".contains(c));
    let figures = number.chars().count();
    let counts = |c: char| c.is_numeric() || "一二三四五六七八九十百".contains(c);
    // A lone numeral of a script without figures is as likely a word.
    let marked = number.len() < text.trim().len() || !number.contains(char::is_alphabetic);
    (1..=3).contains(&figures) && marked && number.chars().all(counts)
}

/// Whether the bold part is a label before a link: `**Paper:** [Title](…)`, `**Paper** [Title](…)`
/// is not.
fn is_label(text: &str, bold: &Range<usize>, link: Option<usize>) -> bool {
    let Some(link) = link.filter(|&link| link >= bold.end) else {
        return false;
    };
    let between = text[bold.end..link].trim();
    let words = text[bold.clone()].trim();
    (words.ends_with(':') && between.is_empty() || between == ":")
        && words.split_whitespace().count() <= 3
}

/// Whether what follows a title on its line is no more than an aside.
fn is_aside(rest: &str) -> bool {
    let rest = rest.trim();
    if rest.len() > 100 {
        return false;
    }
    let plain = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let begins = |word: &str| {
        let start = plain.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    plain.is_empty()
        || rest.starts_with(['(', '[', '（', '【'])
            && rest
                .trim_end_matches(['.', ':', '。', '：'])
                .ends_with([')', ']', '）', '】'])
        || (begins("by ") || begins("from "))
            && plain.split_whitespace().count() <= 12
            && !plain.contains(". ")
        // `Title - Ada Lovelace`: who wrote it.
        || rest.starts_with(['-', '–', '—'])
            && name::read(rest).is_some_and(|signature| name::is_plain_name(&signature))
}

/// The title as text, where the first line does not set it off: the line, less what a link or a
/// separator cuts off.
pub(super) fn of_plain_line(run: &Run<'_>, opening: &Opening, signed_from: usize) -> Range<usize> {
    let start = opening.text.start;
    let mut end = opening.text.end.min(signed_from).max(start);
    // `Title ([paper](…), [code](…)): what is said`.
    let pointer = run.links.iter().find(|link| {
        link.text.start > start
            && link.text.start < end
            && is_pointer(&run.text[link.text.clone()], link.url)
            && run.text[link.text.clone()].trim().len() > 3
    });
    if let Some(link) = pointer {
        let before = run.text[start..link.text.start].trim_end();
        let before = before.trim_end_matches(['(', '[', ':', '-', '–', '—', ',', '.', ' ', '\n']);
        if before.chars().filter(|c| c.is_alphanumeric()).count() >= 3
            && before.ends_with(char::is_alphanumeric)
            && is_name_like_line(before)
        {
            end = start + before.len();
        }
    }
    let text = &run.text[start..end];
    let length = first_sentence(text);
    start..start + length
}

/// Whether text before a pointer could be a title: no finished sentence in it.
fn is_name_like_line(text: &str) -> bool {
    !text.contains(". ") && text.len() <= LONG + 40
}

/// How many bytes the first sentence of the text takes; all of a short text without one.
fn first_sentence(text: &str) -> usize {
    let sentence = ["! ", "? ", ". ", ".\n"]
        .iter()
        .filter_map(|mark| text.find(mark).map(|at| at + 1))
        .filter(|&at| text[..at].split_whitespace().count() > 1)
        .min()
        .unwrap_or(text.len());
    if sentence <= LONG {
        return sentence;
    }
    let text = &text[..sentence];
    let separator = [" — ", " – ", " - ", ": ", " -- "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .filter(|&at| at > 3)
        .min();
    separator.unwrap_or_else(|| {
        let mut words = text.char_indices();
        words
            .rfind(|(at, c)| *at <= LONGEST && c.is_whitespace())
            .filter(|_| sentence > LONGEST)
            .map_or(sentence, |(at, _)| at)
    })
}

/// The first sentence of the line, where somebody did something with the thing.
pub(super) fn of_deed(run: &Run<'_>, opening: &Opening) -> Range<usize> {
    let start = run.text.len() - run.text.trim_start().len();
    start..start + first_sentence(&run.text[start..opening.line_end])
}

/// The title as it is shown: on one line, without the marks around it that belong to the sentence.
pub(super) fn clean(text: &str, mark: Mark) -> String {
    let mut title = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    // Marks that Markdown did not take for marks, and pictures before the words.
    let mut shown = title
        .trim_start_matches(|c: char| {
            !c.is_alphanumeric() && !"\"'“”‘’«»„([{#@$&<¿¡.+-=/\\".contains(c)
        })
        .trim_end_matches(['*', '_', ':', ' ']);
    if mark != Mark::Link {
        // `[Title](address with spaces)` is no link in Markdown.
        if let Some((before, _)) = shown.split_once("](") {
            shown = before.trim_start_matches('[');
        }
        shown = shown.trim_end_matches([':', ',', ';', '-', '–', '—', ' ']);
        if !shown.ends_with("..") {
            shown = shown.strip_suffix('.').unwrap_or(shown);
        }
        shown = without_quotes(shown);
    }
    shown.trim().to_owned()
}

/// Without the quotes around all of it.
fn without_quotes(text: &str) -> &str {
    for (open, close) in [('"', '"'), ('“', '”'), ('«', '»'), ('„', '“'), ('‘', '’')]
    {
        if let Some(inner) = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
        {
            return inner;
        }
    }
    text
}

/// Whether a link inside a sentence reads as a title: at least two words, the first with a capital.
pub(super) fn is_title_like(text: &str, url: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| !c.is_lowercase())
        && text.split_whitespace().count() > 1
        && !is_pointer(text, url)
}

/// Whether the line is a title beyond doubt: a link, alone on it, whose words say more than `PDF`.
pub(super) fn is_strong(run: &Run<'_>, opening: &Opening) -> bool {
    opening.alone
        && opening
            .link
            .is_some_and(|at| !is_pointer(&run.text[opening.text.clone()], run.links[at].url))
}
