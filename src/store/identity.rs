//! What identifies an entry: hashes of its id within its source, of its address (with arXiv's and
//! DOI's many forms folded), of its title and instant, and of its title and its first words, where
//! the title is long enough to mean one thing.
//!
//! A title alone identifies nothing: `What we are reading this week` is what many write.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_64_with_seed};

use super::rows::{dated_word, to_millis};
use crate::model::{Dated, Entry, SourceId, address};

/// A title that two sources have in common means one story from this length on; `Weekly links`
/// and `Release 1.2` do not.
const TITLE_LETTERS: usize = 24;
/// And from this number of words on, where its script has spaces.
const TITLE_WORDS: usize = 4;

/// So that an address, a title and a guid with the same text are three things.
const LINK: u64 = 0x6c69_6e6b;
const TITLE: u64 = 0x7469_746c;
const GUID: u64 = 0x6775_6964;
const ITEM: u64 = 0x6974_656d;
const ALONE: u64 = 0x616c_6f6e;
const MOMENT: u64 = 0x6d6f_6d65;

/// Words at the beginning of a text that tell it from others with the same title ...
const OPENING: usize = 20;
/// ... of which there are at least so many.
const OPENING_LEAST: usize = 8;

/// Milliseconds of a day, and of the quarter of an hour by which zones differ from one another.
const DAY: i64 = 86_400_000;
const QUARTER: i64 = 900_000;

/// What identifies one entry of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    /// Its guid within its source.
    pub(super) guid: Option<u64>,
    /// Its address.
    pub(super) link: Option<u64>,
    /// A paper's number, where something else than the address says it.
    pub(super) paper: Option<u64>,
    /// Its title and the first words of its text, where they may be compared with other sources'.
    pub(super) told: Option<u64>,
    /// Its title alone, where it is long enough to be one story's; it identifies nothing.
    pub(super) title: Option<u64>,
    /// Its title and the instant that its source gives it.
    pub(super) moment: Option<u64>,
    /// Address and title within its source, where it has no guid: the address may be that of a
    /// page with many stories, or there is none; its text where there is no title.
    pub(super) alone: Option<u64>,
    /// Its title, however short.
    pub(super) words: u64,
}

impl Keys {
    /// The keys of an entry.
    pub(super) fn of(source: SourceId, entry: &Entry) -> Self {
        let folded = folded_title(&entry.title);
        let words = xxh3_64(folded.as_bytes());
        let guid = entry
            .guid
            .as_deref()
            .map(str::trim)
            .filter(|guid| !guid.is_empty());
        let address = entry
            .url
            .as_deref()
            .or(guid.filter(|guid| guid.starts_with("https://") || guid.starts_with("http://")));
        let link_text = address.map(link_form);
        let paper_text = guid.and_then(paper_of_guid);
        let paper = paper_text
            .filter(|paper| Some(paper.as_str()) != link_text.as_deref())
            .map(|paper| xxh3_64_with_seed(paper.as_bytes(), LINK));
        let link = link_text.map(|text| xxh3_64_with_seed(text.as_bytes(), LINK));
        Self {
            guid: guid
                .map(|guid| within(source, xxh3_64_with_seed(guid_form(guid).as_bytes(), GUID))),
            link,
            paper,
            told: told(&folded, &entry.text),
            title: speaks(&folded).then(|| xxh3_64_with_seed(folded.as_bytes(), TITLE)),
            moment: moment(&folded, entry),
            alone: guid.is_none().then(|| {
                let told = if folded.is_empty() {
                    entry.text.as_str()
                } else {
                    &folded
                };
                let told = xxh3_64_with_seed(told.as_bytes(), ALONE);
                within(source, told ^ link.unwrap_or(0))
            }),
            words,
        }
    }

    /// All of them, the surest first.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> {
        [
            self.guid,
            self.link,
            self.paper,
            self.alone,
            self.moment,
            self.told,
        ]
        .into_iter()
        .flatten()
    }
}

/// The form in which the address of an entry is compared: of a page with many stories, each with a
/// fragment of its own, each is one.
fn link_form(address: &str) -> String {
    let form = address::canonical(address);
    if let Some(doi) = doi(&form) {
        return doi_form(&doi);
    }
    match address::named_part(address) {
        Some(part) if !form.contains('#') && !form.starts_with("arxiv:") => form + "#" + part,
        _ => form,
    }
}

/// The form in which a guid is compared: an address in all its forms is one.
fn guid_form(guid: &str) -> String {
    if guid.starts_with("https://") || guid.starts_with("http://") {
        link_form(guid)
    } else {
        guid.to_owned()
    }
}

/// The key of a long title with the first words of the text below it. The same words under the same
/// title are one story, whoever carries it.
fn told(folded: &str, text: &str) -> Option<u64> {
    if !speaks(folded) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().take(OPENING).collect();
    // Scripts without spaces have few words, and long ones.
    let is_enough =
        words.len() >= OPENING_LEAST || words.iter().map(|it| it.len()).sum::<usize>() > 120;
    is_enough.then(|| {
        let opening = folded_title(&words.join(" "));
        let hash = xxh3_64_with_seed(opening.as_bytes(), TITLE);
        xxh3_64_with_seed(folded.as_bytes(), hash)
    })
}

/// The key of a title with its instant; of the text, where there is no title. A day is no instant,
/// unless the title says what a title can.
fn moment(folded: &str, entry: &Entry) -> Option<u64> {
    let at = to_millis(entry.at);
    if entry.dated == Dated::FirstSeen || (at % DAY == 0 && !speaks(folded)) {
        return None;
    }
    let words = if folded.is_empty() {
        entry.text.as_str()
    } else {
        folded
    };
    let seed = MOMENT ^ at.cast_unsigned();
    (!words.is_empty()).then(|| xxh3_64_with_seed(words.as_bytes(), seed))
}

/// Whether an instant, in milliseconds, tells one thing from another: midnight and the full hour of
/// some zone are what people and programs choose.
pub(super) fn is_precise(at: i64) -> bool {
    at % QUARTER != 0
}

/// Whether it is a day, in UTC, and no instant.
pub(super) fn is_day(at: i64) -> bool {
    at % DAY == 0
}

/// The hash of an item's mark within its source, as the table `item` has it.
pub(super) fn item_mark(source: SourceId, item: u64) -> u64 {
    within(source, item ^ ITEM)
}

/// A hash that is another one in each source.
fn within(source: SourceId, hash: u64) -> u64 {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&source.0.to_le_bytes());
    bytes[8..].copy_from_slice(&hash.to_le_bytes());
    xxh3_64(&bytes)
}

/// The letters and digits of a title in lower case, words joined by a space: equal for two
/// titles that differ in case, punctuation, spaces or accents alone.
fn folded_title(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    if title.is_ascii() {
        for byte in title.bytes() {
            if byte.is_ascii_alphanumeric() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else if byte == b'&' {
                push_and(&mut folded);
            } else {
                push_space(&mut folded, byte == b'\'');
            }
        }
    } else {
        use unicode_normalization::UnicodeNormalization;
        use unicode_normalization::char::is_combining_mark;
        for character in title.nfkd().filter(|&c| !is_combining_mark(c)) {
            if character.is_alphanumeric() {
                folded.extend(character.to_lowercase());
            } else if character == '&' {
                push_and(&mut folded);
            } else {
                push_space(&mut folded, matches!(character, '\'' | '’' | '\u{ad}'));
            }
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Some write `&`, some `and`.
fn push_and(folded: &mut String) {
    push_space(folded, false);
    folded.push_str("and ");
}

/// A space, unless there is one; an apostrophe inside a word is none.
fn push_space(folded: &mut String, apostrophe: bool) {
    if !apostrophe && !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Whether a folded title is long enough to be one story's.
fn speaks(folded: &str) -> bool {
    if folded.is_ascii() {
        return folded.len() >= TITLE_LETTERS
            && folded.bytes().filter(|&byte| byte == b' ').count() + 1 >= TITLE_WORDS;
    }
    let letters = folded.chars().filter(|c| *c != ' ').count();
    let spaces = folded.chars().filter(|c| *c == ' ').count();
    // Chinese and Japanese say in twelve signs what takes others thirty, and write no spaces.
    let dense = folded
        .chars()
        .filter(|c| ('\u{2e80}'..='\u{ffdc}').contains(c))
        .count()
        * 2
        > letters;
    if dense {
        letters >= TITLE_LETTERS / 2
    } else {
        letters >= TITLE_LETTERS && spaces + 1 >= TITLE_WORDS
    }
}

/// The DOI in the canonical form of an address: `doi.org/10.…`, or a publisher's page about it
/// (`/doi/10.…`, `/doi/abs/10.…`).
fn doi(form: &str) -> Option<String> {
    let (host, path) = form.split_once('/')?;
    let doi = if matches!(host, "doi.org" | "dx.doi.org") {
        path
    } else {
        let rest = path.strip_prefix("doi/")?;
        ["abs/", "full/", "pdf/", "epdf/", "pdfdirect/", "epub/"]
            .iter()
            .find_map(|part| rest.strip_prefix(part))
            .unwrap_or(rest)
    };
    let doi = doi.split(['?', '#']).next().unwrap_or(doi);
    is_doi(doi).then(|| doi.to_ascii_lowercase().replace("%2f", "/"))
}

fn is_doi(text: &str) -> bool {
    text.strip_prefix("10.").is_some_and(|rest| {
        rest.split_once('/')
            .or_else(|| rest.split_once("%2F"))
            .is_some_and(|(registrant, name)| {
                registrant.len() >= 4
                    && registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                    && !name.is_empty()
            })
    })
}

/// The form that a DOI is compared in; arXiv's are papers of arXiv.
fn doi_form(doi: &str) -> String {
    match doi.strip_prefix("10.48550/arxiv.") {
        Some(paper) => format!("arxiv:{}", without_version(paper)),
        None => format!("doi:{doi}"),
    }
}

/// The paper that a guid names: `oai:arXiv.org:2005.12872v1`, `doi:10.…`, `10.…/…`.
fn paper_of_guid(guid: &str) -> Option<String> {
    if let Some(paper) = guid.strip_prefix("oai:arXiv.org:") {
        return Some(format!("arxiv:{}", without_version(paper)));
    }
    let bare = guid
        .strip_prefix("doi:")
        .or_else(|| guid.strip_prefix("DOI:"))
        .unwrap_or(guid)
        .trim();
    if is_doi(bare) {
        return Some(doi_form(&bare.to_ascii_lowercase()));
    }
    let form =
        (guid.starts_with("http") && guid.contains("doi")).then(|| address::canonical(guid))?;
    doi(&form).map(|doi| doi_form(&doi))
}

fn without_version(paper: &str) -> &str {
    match paper.rsplit_once('v') {
        Some((number, version))
            if !number.is_empty()
                && !version.is_empty()
                && version.bytes().all(|b| b.is_ascii_digit()) =>
        {
            number
        }
        _ => paper,
    }
}

/// A hash of all that an entry says; not of its guid, which some sources change at each visit,
/// and not of an instant that is only ours.
pub(super) fn digest(entry: &Entry) -> u64 {
    let mut state = Xxh3::new();
    let mut text = |text: &str| {
        state.update(&text.len().to_le_bytes());
        state.update(text.as_bytes());
    };
    text(&entry.title);
    text(entry.url.as_deref().unwrap_or_default());
    text(&entry.summary_html);
    text(&entry.content_html);
    text(&entry.text);
    text(entry.kind.name());
    for name in &entry.authors {
        text(name);
    }
    text("");
    for tag in &entry.tags {
        text(tag);
    }
    let rare = [
        &entry.transcript,
        &entry.thumbnail,
        &entry.comments,
        &entry.language,
    ];
    for value in rare {
        text(value.as_deref().unwrap_or_default());
    }
    for enclosure in &entry.enclosures {
        text(&enclosure.url);
        text(enclosure.media_type.as_deref().unwrap_or_default());
        state_number(&mut text, enclosure.length);
    }
    state_number(&mut text, entry.duration);
    if entry.dated != Dated::FirstSeen {
        text(dated_word(entry.dated));
        text(&to_millis(entry.at).to_string());
    }
    state_number(
        &mut text,
        entry.updated.map(|at| to_millis(at).cast_unsigned()),
    );
    state.digest()
}

fn state_number(text: &mut impl FnMut(&str), number: Option<u64>) {
    match number {
        Some(number) => text(&number.to_string()),
        None => text(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(url: &str, guid: Option<&str>, title: &str) -> Keys {
        Keys::of(
            SourceId(1),
            &Entry {
                url: (!url.is_empty()).then(|| url.to_owned()),
                guid: guid.map(str::to_owned),
                title: title.to_owned(),
                ..Entry::default()
            },
        )
    }

    #[track_caller]
    fn check_same_link(one: &str, other: &str) {
        assert_eq!(keys(one, None, "").link, keys(other, None, "").link);
    }

    #[test]
    fn sees_one_paper_behind_its_addresses() {
        check_same_link(
            "https://doi.org/10.1145/3442188.3445922",
            "https://dl.acm.org/doi/abs/10.1145/3442188.3445922",
        );
        check_same_link(
            "https://dx.doi.org/10.1000/ABC",
            "http://doi.org/10.1000/abc?utm_source=x",
        );
        check_same_link(
            "https://doi.org/10.48550/arXiv.2005.12872",
            "https://arxiv.org/pdf/2005.12872v3",
        );
        let by_guid = keys("", Some("oai:arXiv.org:2005.12872v1"), "");
        assert_eq!(
            by_guid.paper,
            keys("https://arxiv.org/abs/2005.12872", None, "").link
        );
        let same = keys(
            "https://arxiv.org/abs/2005.12872",
            Some("oai:arXiv.org:2005.12872v1"),
            "",
        );
        assert_eq!(same.paper, None, "the address says it already");
        assert_ne!(
            keys("https://example.org/doi/about", None, "").link,
            keys("https://example.org/doi/contact", None, "").link
        );
    }

    /// The words of a title, told with a text of some length.
    fn told_keys(title: &str) -> Keys {
        let entry = Entry {
            title: title.to_owned(),
            text: "The tide came in at nine and left again before noon.".to_owned(),
            ..Entry::default()
        };
        Keys::of(SourceId(1), &entry)
    }

    #[track_caller]
    fn check_same_title(one: &str, other: &str) {
        let (one, other) = (told_keys(one), told_keys(other));
        assert!(one.told.is_some());
        assert_eq!(one.told, other.told);
    }

    #[test]
    fn compares_long_titles_by_their_words() {
        check_same_title(
            "What we learned from a year of on-call",
            "What We Learned From a Year of On-Call!",
        );
        check_same_title(
            "Résumé of the café’s résumés, part one",
            "Resume of the cafe's resumes – part one",
        );
        check_same_title(
            "Lighthouses & their keepers of old",
            "Lighthouses and their keepers of old",
        );
        check_same_title(
            "大規模言語モデルの推論を速くする",
            "大規模言語モデルの推論を速くする！",
        );
        assert_eq!(told_keys("Weekly links").told, None);
        assert_eq!(told_keys("Internationalizationalization").told, None);
        let alone = keys("", None, "What we learned from a year of on-call");
        assert_eq!(alone.told, None, "a title alone says nothing");
    }

    #[test]
    fn a_guid_that_is_an_address_has_many_forms() {
        let guid = |guid: &str| keys("", Some(guid), "").guid;
        for other in [
            "https://a.example/x/",
            "http://a.example//x",
            "http://a.example/x.html",
        ] {
            assert_eq!(guid("http://a.example/x"), guid(other), "{other}");
        }
        assert_ne!(guid("http://a.example/x#1"), guid("http://a.example/x#2"));
        assert_ne!(guid("tag:a.example,2020:x"), guid("tag:a.example,2020:X"));
    }

    #[test]
    fn parts_of_a_page_are_things_of_their_own() {
        let link = |url: &str| keys(url, None, "").link;
        assert_ne!(
            link("https://a.example/log#v1"),
            link("https://a.example/log#v2")
        );
        assert_eq!(
            link("https://a.example/log#top"),
            link("https://a.example/log")
        );
    }

    #[test]
    fn a_guid_means_something_in_its_source_alone() {
        let entry = Entry {
            guid: Some("1".to_owned()),
            ..Entry::default()
        };
        assert_ne!(
            Keys::of(SourceId(1), &entry).guid,
            Keys::of(SourceId(2), &entry).guid
        );
    }
}
