//! People who stand before what an item is about: who did something with it, or who recommends it.

use super::attribution::{self, Attribution};
use super::name;
use super::run::{Link, Run};

/// Words after a person's name that say what the person is or where, and not what they did.
const NO_DEEDS: &[&str] = &[
    "am", "are", "as", "at", "because", "but", "by", "for", "from", "if", "in", "into", "is",
    "its", "near", "now", "of", "on", "or", "than", "that", "the", "this", "to", "under", "until",
    "via", "was", "were", "when", "where", "which", "while", "with", "without",
];

/// What people did in the past that does not end in `ed`.
const IRREGULAR: &[&str] = &[
    "began", "brought", "built", "chose", "did", "drew", "found", "gave", "got", "had", "has",
    "have", "held", "kept", "led", "made", "met", "put", "ran", "ran", "sent", "set", "shot",
    "spoke", "taught", "told", "took", "went", "wrote",
];

/// Parts of paths below which a site keeps its people.
const PEOPLE: &[&str] = &[
    "author", "authors", "by", "member", "members", "people", "profile", "profiles", "team", "u",
    "user", "users",
];

/// Which link of the run is the thing where somebody's name comes first: `[Ada](…) wrote [a
/// post](…)`, `[@ada](…) and [Ben](…) released [Engines](…)`.
pub(super) fn thing(run: &Run<'_>) -> Option<usize> {
    let text = run.text.as_str();
    let mut links = run.links.iter().enumerate();
    let (_, first) = links.find(|(_, link)| !link.text.is_empty())?;
    if text[..first.text.start].contains(char::is_alphanumeric) {
        return None;
    }
    let mut person = first;
    loop {
        let sure = is_person_by_address(run, person);
        if !sure && !is_person_by_name(run, person) {
            return None;
        }
        let (at, next) = links.find(|(_, link)| !link.text.is_empty())?;
        let between = text.get(person.text.end..next.text.start)?;
        match between.trim() {
            "," | "and" | ", and" | "&" | "、" | "和" | "与" => person = next,
            _ => return does(between, run, next, sure).then_some(at),
        }
    }
}

/// Whether the words after a person say that the person did something, up to the next link.
fn does(between: &str, run: &Run<'_>, next: &Link<'_>, sure: bool) -> bool {
    let said = between.trim_start();
    if said.len() == between.len() || said.contains([':', ';', '(']) || has_sentence_end(said) {
        return false;
    }
    let linked = &run.text[next.text.clone()];
    let words = if said.is_empty() { linked } else { said };
    let Some(verb) = words.split_whitespace().next() else {
        return false;
    };
    let verb = verb.trim_matches(|c: char| !c.is_alphanumeric());
    let cased = verb.starts_with(char::is_lowercase);
    let foreign = verb
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() && !c.is_uppercase());
    if sure {
        return (cased || foreign) && !NO_DEEDS.contains(&verb);
    }
    let adverb = verb.ends_with("ly");
    cased && (verb.ends_with("ed") || adverb || IRREGULAR.contains(&verb) || is_present(verb))
}

/// `writes`, `shares`: the present of a third person.
fn is_present(verb: &str) -> bool {
    verb.len() > 3 && verb.ends_with('s') && !verb.ends_with("ss") && !NO_DEEDS.contains(&verb)
}

fn has_sentence_end(text: &str) -> bool {
    [". ", "! ", "? ", "。"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// Whether the link is a handle, or a name on a site of people.
pub(super) fn is_person_by_address(run: &Run<'_>, link: &Link<'_>) -> bool {
    let words = run.text[link.text.clone()].trim();
    let handle = words.starts_with('@') || run.text[..link.text.start].ends_with('@');
    handle && !words.contains(' ')
        || name::is_profile(link.url)
            && name::read(words).is_some_and(|signature| signature.could_be_person())
}

/// Whether the link's words are a name, and its address the start page of a site.
fn is_person_by_name(run: &Run<'_>, link: &Link<'_>) -> bool {
    let words = run.text[link.text.clone()].trim();
    let path = link
        .url
        .split_once("://")
        .map_or(link.url, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let start = path.trim_end_matches('/');
    let home = match start.split_once('/') {
        None => start.is_empty() || start.starts_with('~') || start == "about",
        Some((place, name)) => PEOPLE.contains(&place) && !name.contains('/'),
    };
    let full = words.split_whitespace().count() >= 2;
    (home || full && shares_words(words, link.url))
        && name::read(words).is_some_and(|signature| name::is_plain_name(&signature))
}

/// Whether the address has one of the name's words.
fn shares_words(name: &str, url: &str) -> bool {
    let url = url.to_lowercase();
    name.split_whitespace()
        .any(|word| word.len() > 3 && url.contains(&word.to_lowercase()))
}

/// Who recommends, where that stands before what is said: `[@ada](…): A fine thing.`, `@ada:
/// [Engines](…)`. `title` says that the run has the title as well: a name and a colon are then as
/// likely the thing and what is said of it.
pub(super) fn recommender(run: &Run<'_>, title: bool) -> Option<Attribution> {
    let text = run.text.as_str();
    let start = text.len() - text.trim_start().len();
    let first = run
        .links
        .first()
        .filter(|link| text.get(start..link.text.start).is_some_and(is_at_sign));
    let end = match first {
        Some(link) => link.text.end,
        None => handle_end(text, start)?,
    };
    let after = text[end..].trim_start_matches([' ', '*', '_']);
    let said = after.strip_prefix([':', '：'])?;
    let words = text[start..end].trim();
    let signature = name::read(words)?;
    let handle = words.starts_with('@') && !words.contains(' ');
    let sure = handle
        || first.is_some_and(|link| name::is_profile(link.url)) && signature.could_be_person();
    let plain = !title && name::is_plain_name(&signature) && first.is_some();
    if !sure && !plain || title && run.links.len() <= usize::from(first.is_some()) {
        return None;
    }
    let until = text.len() - said.trim_start().len();
    Some(attribution::first(run, start..until, first, signature.name))
}

fn is_at_sign(text: &str) -> bool {
    matches!(text.trim(), "" | "@")
}

/// Where a handle that starts here ends.
fn handle_end(text: &str, start: usize) -> Option<usize> {
    let rest = text[start..].strip_prefix('@')?;
    let length = rest
        .find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c)))
        .unwrap_or(rest.len());
    (length > 0).then_some(start + 1 + length)
}
