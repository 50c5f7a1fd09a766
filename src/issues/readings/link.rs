//! Which of an item's links is the thing recommended, where the title is no link.

/// More words of a title or a link than these are not compared.
const WORDS: usize = 60;

/// Words that name a thing without saying which: a link on them leads to what is talked about.
const THINGS: &[&str] = &[
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

/// Things that a link on them leads to as well, and what somebody did to them.
const DEEDS: &[&str] = &[
    "announced",
    "announces",
    "app",
    "argues",
    "dataset",
    "documentary",
    "documentation",
    "explains",
    "game",
    "introduced",
    "introduces",
    "launched",
    "library",
    "newsletter",
    "posted",
    "project",
    "published",
    "release",
    "released",
    "site",
    "tool",
    "writes",
    "written",
    "wrote",
];

/// Words for where a thing lies.
const PLACES: &[&str] = &[
    "access",
    "amazon",
    "arxiv",
    "code",
    "continue",
    "demo",
    "details",
    "doi",
    "github",
    "html",
    "learn",
    "more",
    "open",
    "part",
    "publication",
    "reading",
    "repo",
    "repository",
    "site",
    "spotify",
    "youtube",
];

/// Words that go with them.
const SMALL: &[&str] = &[
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
const OTHERS: &[&str] = &[
    "accompanying",
    "additional",
    "also",
    "another",
    "companion",
    "corresponding",
    "earlier",
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
                shares(&words(link.text), &title)
                    || shares(&slug_words(link.url), &title)
                    || spells(link.url, &title)
            })
        })
        .or_else(|| first(&|link| points_at_thing(link.text)))
        .or_else(|| first(&|link| is_pointer(link.text, link.url)))
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
    let address = || shown.contains("://") || bare(shown) == bare(url);
    if shown.is_empty() || !shown.contains(' ') && address() {
        return true;
    }
    split(shown).nth(5).is_none()
        && split(shown).all(|word| {
            let number = word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 3;
            number || is_one_of(word, THINGS) || is_one_of(word, SMALL) || is_one_of(word, PLACES)
        })
}

/// An address without scheme, `www.` and last slash.
fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches('/')
}

/// Whether the word is in the list, whatever its case.
pub(super) fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a link's words name the thing talked about by what it is or what its author did:
/// `this paper`, `announced`.
fn points_at_thing(text: &str) -> bool {
    let words = words(text);
    words.len() <= 5
        && words
            .iter()
            .any(|word| THINGS.contains(&word.as_str()) || DEEDS.contains(&word.as_str()))
        && !words.iter().any(|word| OTHERS.contains(&word.as_str()))
}

/// The words of letters and digits.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
        .filter(|word| !word.is_empty())
}

/// The same in lower case.
fn words(text: &str) -> Vec<String> {
    split(text).take(WORDS).map(str::to_lowercase).collect()
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

/// Whether one contains the other as a whole: `ENGINES: Title` names `Title`, and so does its
/// beginning up to a colon.
fn names(link: &[String], title: &[String]) -> bool {
    let within = |short: &[String], long: &[String]| {
        !short.is_empty() && long.windows(short.len()).any(|part| part == short)
    };
    let letters: usize = title.iter().map(String::len).sum();
    letters >= 4 && within(title, link)
        || link.len() >= 2 && link.len() * 2 >= title.len() && within(link, title)
        || title.starts_with(link) && link.iter().any(|word| word.len() >= 3)
}

/// Whether the address has the title's words in its host or path, run together:
/// `generalengines.example` of `General Engines`.
fn spells(url: &str, title: &[String]) -> bool {
    let squeezed = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let title = squeezed(&title.concat());
    title.len() >= 6 && squeezed(url).contains(&title)
}

/// Whether most of the title's telling words are in the other, or all of the other's in it.
fn shares(other: &[String], title: &[String]) -> bool {
    let telling = |words: &[String]| -> Vec<String> {
        let long = words.iter().filter(|word| word.chars().count() > 3);
        long.cloned().collect()
    };
    let common =
        |some: &[String], all: &[String]| some.iter().filter(|word| all.contains(word)).count();
    let (title_words, other_words) = (telling(title), telling(other));
    let held = common(&title_words, other);
    held >= 2 && held * 5 >= title_words.len() * 3
        || other_words.len() >= 2 && common(&other_words, title) == other_words.len()
}
