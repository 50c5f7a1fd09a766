//! What looks like a person's name, what like a dash before it, what like their profile.

use std::ops::Range;

use super::link::is_one_of;

/// Words that stand alone after a dash and are nobody's name.
const NO_NAMES: &[&str] = &[
    "a",
    "an",
    "and",
    "announcement",
    "api",
    "appendix",
    "article",
    "audio",
    "blog",
    "book",
    "but",
    "chapter",
    "code",
    "conclusion",
    "dataset",
    "demo",
    "details",
    "discussion",
    "docs",
    "edition",
    "end",
    "enjoy",
    "episode",
    "excerpt",
    "faq",
    "github",
    "gitlab",
    "guide",
    "here",
    "highly",
    "hn",
    "how",
    "introduction",
    "interview",
    "in",
    "it",
    "link",
    "linkedin",
    "listen",
    "live",
    "love",
    "medium",
    "more",
    "news",
    "note",
    "notebook",
    "now",
    "of",
    "or",
    "overview",
    "paper",
    "part",
    "pdf",
    "podcast",
    "post",
    "read",
    "recommended",
    "reddit",
    "repo",
    "rfc",
    "see",
    "series",
    "slides",
    "source",
    "summary",
    "survey",
    "talk",
    "team",
    "thanks",
    "that",
    "the",
    "this",
    "today",
    "transcript",
    "tutorial",
    "twitter",
    "update",
    "video",
    "volume",
    "watch",
    "website",
    "what",
    "wikipedia",
    "youtube",
];

/// Small words inside names.
const PARTICLES: &[&str] = &[
    "al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le",
    "van", "von",
];

/// Words between two people.
const ANDS: &[&str] = &["&", "and", "+", "und", "et", "y", "e", "/"];

/// Verbs of recommending, before `by`.
const VERBS: &[&str] = &[
    "recommended",
    "picked",
    "chosen",
    "selected",
    "suggested",
    "shared",
    "curated",
    "recommendation",
];

/// What stands after the dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    /// The name, without dots and brackets around it.
    pub(super) name: String,
    /// How many words it has, both people counted, small words not: `Ludwig von der Tann` has two.
    pub(super) words: usize,
    /// Whether each of them could be one of a name.
    pub(super) is_name: bool,
}

impl Signature {
    /// Whether somebody with a profile could be called so: a name or a handle.
    pub(super) fn could_be_person(&self) -> bool {
        self.is_name || self.words == 1 && !is_one_of(&self.name, NO_NAMES)
    }
}

/// Reads the words of a signature; none where they are too many or none at all.
pub(super) fn read(text: &str) -> Option<Signature> {
    if text.len() > 160 || text.split_whitespace().nth(14).is_some() {
        return None;
    }
    let text =
        text.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@' || c == '(' || c == ')'));
    let text = without_preposition(text.trim_start_matches(['(', ')']).trim_start());
    let (name, rest) = split_role(text);
    let name = name.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@'));
    if name.is_empty() || name.len() > 60 || !is_short_role(rest) {
        return None;
    }
    let words: Vec<&str> = name.split_whitespace().take(9).collect();
    if words.len() > 8 {
        return None;
    }
    Some(Signature {
        is_name: is_name(&words),
        words: words
            .iter()
            .filter(|word| !ANDS.contains(word) && !is_one_of(word, PARTICLES))
            .count(),
        name: words.join(" "),
    })
}

/// Without `by`, `via`, `from` before the name.
fn without_preposition(text: &str) -> &str {
    let Some((first, rest)) = text.split_once(char::is_whitespace) else {
        return text;
    };
    if is_one_of(first, &["by", "via", "from"]) {
        return rest.trim_start();
    }
    if is_one_of(first, VERBS)
        && let Some((by, name)) = rest.trim_start().split_once(char::is_whitespace)
        && by.eq_ignore_ascii_case("by")
    {
        return name.trim_start();
    }
    text
}

/// The name, and what is said of the person: `Ada, research engineer`, `Ada (@ada)`.
fn split_role(text: &str) -> (&str, &str) {
    let at = text
        .char_indices()
        .find(|&(at, c)| {
            matches!(c, '(' | '[' | '|' | ':') || c == ',' && !continues_list(&text[at + 1..])
        })
        .map_or(text.len(), |(at, _)| at);
    text.split_at(at)
}

/// Whether more people come after the comma: `Ada, Ben & Cy`.
fn continues_list(rest: &str) -> bool {
    rest.split_whitespace().any(|word| ANDS.contains(&word)) && rest.split_whitespace().count() <= 4
}

/// What may follow a name: nothing, a handle, a few words on what the person does.
fn is_short_role(rest: &str) -> bool {
    rest.len() <= 60
        && rest.split_whitespace().count() <= 6
        // `Three, nowhere linked - Bob` is a thing and who recommends it.
        && last_dash(rest, 0..rest.len()).is_none()
        && !rest
            .trim_end_matches(['.', '!', ')'])
            .contains(['!', '?', ';'])
}

/// Whether all the words could make one or two names.
fn is_name(words: &[&str]) -> bool {
    // `J. R.` and `Dr.` are parts of a name; `Ada. Related` is a name and another sentence.
    let ended = words
        .iter()
        .rev()
        .skip(1)
        .any(|word| word.ends_with('.') && word.len() > 3);
    if ended {
        return false;
    }
    let names = words.iter().filter(|word| is_name_word(word)).count();
    let fits = words.iter().enumerate().all(|(at, word)| {
        is_name_word(word)
            || at > 0 && at + 1 < words.len() && (ANDS.contains(word) || is_one_of(word, PARTICLES))
            || word.starts_with('@') && word.len() > 1
    });
    fits && names <= 6 && (names > 0 || words.len() == 1) && words.len() <= 8
}

/// Whether a word begins as a name does: a capital, or a letter of a script without them.
fn is_name_word(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.']);
    let Some(first) = word.chars().next() else {
        return false;
    };
    first.is_alphabetic()
        && !first.is_lowercase()
        && word
            .chars()
            .all(|c| c.is_alphabetic() || "'’-.·".contains(c))
        && word.chars().count() <= 20
        && word
            .split(['-', '.'])
            .all(|part| !part.starts_with(char::is_lowercase))
        && !is_one_of(word, NO_NAMES)
}

/// Whether a signature without a profile is nevertheless a name: at most three words.
pub(super) fn is_plain_name(signature: &Signature) -> bool {
    let shouted = signature.name.chars().filter(|c| c.is_uppercase()).count() > 3
        && !signature.name.contains(char::is_lowercase);
    signature.is_name && !shouted && (signature.words <= 3 || signature.name.contains([',', '&']))
}

/// Whether text ends as a sentence does: with its mark, a closing quote, a picture.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.chars()
        .next_back()
        .is_some_and(|c| !c.is_alphanumeric() && !",;:(-–—[".contains(c))
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '⸺' | '−' | '~' | '﹘' | '－'
    )
}

/// The last dash in `within` that separates words; several in a row are one.
pub(super) fn last_dash(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let part = &text[within.clone()];
    let mut found: Option<Range<usize>> = None;
    for (at, c) in part.char_indices().rev() {
        let here = within.start + at;
        if is_dash(c) {
            match &mut found {
                Some(dash) if dash.start == here + c.len_utf8() => dash.start = here,
                Some(_) => break,
                None => found = Some(here..here + c.len_utf8()),
            }
        } else if let Some(dash) = &found {
            if separates(text, dash) {
                break;
            }
            found = None;
        }
    }
    found.filter(|dash| separates(text, dash))
}

/// Whether the dash stands between words rather than inside one, as in `Jean-Luc`.
fn separates(text: &str, dash: &Range<usize>) -> bool {
    let before = text[..dash.start].chars().next_back();
    let after = text[dash.end..].chars().next();
    let inside =
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    !inside || text[dash.clone()].starts_with(['–', '—', '―']) || dash.len() > 1
}

/// The last `recommended by` or the like in `within`.
pub(super) fn last_recommender(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let part = &text[within.clone()];
    let by = part.rfind(" by ").or_else(|| part.rfind(" by: "))?;
    let verb = part[..by]
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| {
            at + part[at..].chars().next().map_or(1, char::len_utf8)
        });
    let end = by + part[by + 1..].find(' ')? + 2;
    is_one_of(&part[verb..by], VERBS).then_some(within.start + verb..within.start + end)
}

/// Whether the address is a person's on a site of people.
pub(super) fn is_profile(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or("");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = host.strip_prefix("mobile.").unwrap_or(host);
    let path = path.trim_end_matches('/');
    let one = !path.is_empty() && !path.contains('/');
    match host {
        "twitter.com" | "x.com" | "github.com" | "gitlab.com" | "codeberg.org"
        | "instagram.com" | "threads.net" | "facebook.com" | "t.me" => one,
        "medium.com" | "youtube.com" | "hachyderm.io" => one && path.starts_with('@'),
        "scholar.google.com" => path == "citations",
        "bsky.app" => path.starts_with("profile/") && path.matches('/').count() == 1,
        _ if host == "linkedin.com" || host.ends_with(".linkedin.com") => {
            path.starts_with("in/") || path.starts_with("pub/")
        }
        _ => one && path.starts_with('@') && path.len() > 1,
    }
}
