//! Which of an item's links is the thing recommended, where the title is no link.

/// More words of a title or a link than these are not compared.
const WORDS: usize = 60;

/// Words that name a thing without saying which: a link on them leads to what is talked about.
const THINGS: [&str; 38] = [
    "announcement",
    "article",
    "blog",
    "blogpost",
    "book",
    "chapter",
    "course",
    "episode",
    "essay",
    "guide",
    "here",
    "interview",
    "keynote",
    "lecture",
    "link",
    "notebook",
    "page",
    "paper",
    "pdf",
    "piece",
    "playlist",
    "podcast",
    "post",
    "preprint",
    "presentation",
    "report",
    "series",
    "slides",
    "source",
    "story",
    "survey",
    "talk",
    "thread",
    "tutorial",
    "video",
    "website",
    "write-up",
    "writeup",
];

/// Words that go with them.
const SMALL: [&str; 30] = [
    "a",
    "an",
    "and",
    "at",
    "available",
    "check",
    "find",
    "for",
    "full",
    "in",
    "it",
    "its",
    "listen",
    "new",
    "now",
    "of",
    "on",
    "out",
    "read",
    "recent",
    "see",
    "the",
    "their",
    "them",
    "this",
    "to",
    "via",
    "watch",
    "whole",
    "you",
];

/// Words that say that the thing is another one.
const OTHERS: [&str; 24] = [
    "accompanying",
    "additional",
    "also",
    "another",
    "companion",
    "corresponding",
    "earlier",
    "excellent",
    "first",
    "follow-up",
    "followup",
    "last",
    "my",
    "next",
    "older",
    "original",
    "other",
    "our",
    "previous",
    "prior",
    "related",
    "second",
    "similar",
    "wikipedia",
];

/// A link of an item that is no part of its title or attribution.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'b> {
    /// Its words.
    pub(super) text: &'b str,
    /// Its address, as written.
    pub(super) url: &'b str,
    /// Whether it stands on the title's line.
    pub(super) beside_title: bool,
    /// Whether it is all of its paragraph, outside lists.
    pub(super) alone: bool,
}

/// The address of the thing with this title among the item's links, most telling first.
pub(super) fn choose<'b>(title: &str, candidates: &[Candidate<'b>]) -> Option<&'b str> {
    let title = words(title);
    let first = |wanted: &dyn Fn(&Candidate<'_>) -> bool| {
        candidates
            .iter()
            .find(|link| wanted(link))
            .map(|link| link.url)
    };
    first(&|link| link.beside_title && is_pointer(link.text, link.url))
        .or_else(|| first(&|link| names(&words(link.text), &title)))
        .or_else(|| first(&|link| link.beside_title))
        .or_else(|| first(&|link| link.alone && is_pointer(link.text, link.url)))
        .or_else(|| {
            first(&|link| {
                shares(&words(link.text), &title) || shares(&slug_words(link.url), &title)
            })
        })
        .or_else(|| first(&|link| points_at_thing(link.text)))
        .or_else(|| {
            let mut alone = candidates.iter().filter(|link| link.alone);
            alone
                .next()
                .filter(|_| alone.next().is_none())
                .map(|link| link.url)
        })
}

/// Whether a link's words say nothing but that there is a link: its address, `here`, `PDF`,
/// `read more`, `part 2`.
pub(super) fn is_pointer(text: &str, url: &str) -> bool {
    let shown = text.trim();
    let bare = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.strip_prefix("www.")
            .unwrap_or(rest)
            .trim_end_matches('/')
            .to_owned()
    };
    if shown.is_empty() || shown.contains("://") || bare(shown) == bare(url) {
        return true;
    }
    let words = words(shown);
    words.len() <= 5
        && words.iter().all(|word| {
            THINGS.contains(&word.as_str())
                || SMALL.contains(&word.as_str())
                || [
                    "more",
                    "arxiv",
                    "code",
                    "github",
                    "repo",
                    "repository",
                    "doi",
                    "part",
                    "html",
                    "amazon",
                    "youtube",
                    "spotify",
                    "demo",
                    "site",
                    "open",
                    "access",
                    "publication",
                    "details",
                    "learn",
                    "continue",
                    "reading",
                ]
                .contains(&word.as_str())
                || word.chars().next().is_some_and(|c| c.is_ascii_digit()) && word.len() <= 3
        })
}

/// Whether a link's words name the thing talked about by what it is: `this paper`.
fn points_at_thing(text: &str) -> bool {
    let words = words(text);
    words.len() <= 5
        && words.iter().any(|word| THINGS.contains(&word.as_str()))
        && !words.iter().any(|word| OTHERS.contains(&word.as_str()))
}

/// Lower-case words of letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .filter(|word| !word.is_empty())
        .take(WORDS)
        .map(str::to_lowercase)
        .collect()
}

/// The words of the longest part of an address's path.
fn slug_words(url: &str) -> Vec<String> {
    let path = url.split(['?', '#']).next().unwrap_or("");
    let part = path.rsplit('/').max_by_key(|part| part.len()).unwrap_or("");
    words(part)
}

/// Whether two texts are the same title, or one has the other in it.
pub(super) fn same_title(title: &str, text: &str) -> bool {
    names(&words(text), &words(title))
}

/// Whether one contains the other as a whole: `CLIP: Title` names `Title`, and so does its
/// beginning up to a colon.
fn names(link: &[String], title: &[String]) -> bool {
    let within = |short: &[String], long: &[String]| {
        !short.is_empty() && long.windows(short.len()).any(|part| part == short)
    };
    let letters: usize = title.iter().map(String::len).sum();
    letters >= 4 && within(title, link)
        || (link.len() >= 2 && link.len() * 2 >= title.len()
            || link.len() == 1 && title.first() == link.first() && link[0].len() >= 3)
            && within(link, title)
}

/// Whether most of the title's telling words are in the other.
fn shares(other: &[String], title: &[String]) -> bool {
    let telling: Vec<&String> = title.iter().filter(|word| word.len() > 3).collect();
    let common = telling.iter().filter(|word| other.contains(word)).count();
    common >= 2 && common * 5 >= telling.len() * 3
}
