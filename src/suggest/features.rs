//! What a learner sees of an item: numbers for its words, places, people and labels.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::site;
use super::words::{Stems, Words};
use super::{Item, Pick};

/// A sort of feature; every sort has a scale of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Group {
    /// A word of the title.
    TitleWord,
    /// Two words of the title, one after the other.
    TitlePair,
    /// Four characters of a word of the title.
    TitlePiece,
    /// A word of the summary.
    SummaryWord,
    /// Two words of the summary, one after the other.
    SummaryPair,
    /// A word of either.
    AnyWord,
    /// The source that carries it.
    Source,
    /// Host, site, corner of a shared host.
    Site,
    /// Somebody who wrote it.
    Author,
    /// One of its labels.
    Tag,
    /// Two of its labels, or all of them.
    TagPair,
    /// The form of the title: length, punctuation, names.
    Form,
    /// What sort of thing it is.
    Kind,
    /// A word of the address.
    Address,
    /// How long the summary is, and how many wrote it.
    Extent,
    /// Its language.
    Language,
}

impl Group {
    /// All of them; a group's number is its place here.
    pub(super) const ALL: [Self; 16] = [
        Self::TitleWord,
        Self::TitlePair,
        Self::TitlePiece,
        Self::SummaryWord,
        Self::SummaryPair,
        Self::AnyWord,
        Self::Source,
        Self::Site,
        Self::Author,
        Self::Tag,
        Self::TagPair,
        Self::Form,
        Self::Kind,
        Self::Address,
        Self::Extent,
        Self::Language,
    ];

    /// Whether features of the group count by their rarity, and a text of many weighs no more
    /// than a text of few.
    pub(super) fn is_text(self) -> bool {
        matches!(
            self,
            Self::TitleWord
                | Self::TitlePair
                | Self::TitlePiece
                | Self::SummaryWord
                | Self::SummaryPair
                | Self::AnyWord
                | Self::Address
        )
    }

    /// Whether a past reading that no source carried has such features as well. Of one, only title,
    /// address and kind are known: that it lacks the others says nothing about what is wanted.
    pub(super) fn is_of_readings(self) -> bool {
        match self {
            Self::TitleWord
            | Self::TitlePair
            | Self::TitlePiece
            | Self::AnyWord
            | Self::Site
            | Self::Form
            | Self::Kind
            | Self::Address => true,
            Self::SummaryWord
            | Self::SummaryPair
            | Self::Source
            | Self::Author
            | Self::Tag
            | Self::TagPair
            | Self::Extent
            | Self::Language => false,
        }
    }

    /// Its name in tables of parts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TitleWord => "title-words",
            Self::TitlePair => "title-pairs",
            Self::TitlePiece => "title-pieces",
            Self::SummaryWord => "summary-words",
            Self::SummaryPair => "summary-pairs",
            Self::AnyWord => "any-words",
            Self::Source => "source",
            Self::Site => "site",
            Self::Author => "authors",
            Self::Tag => "tags",
            Self::TagPair => "tag-pairs",
            Self::Form => "form",
            Self::Kind => "kind",
            Self::Address => "address",
            Self::Extent => "extent",
            Self::Language => "language",
        }
    }
}

/// What is known of something that features are made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts<'a> {
    pub(super) title: &'a str,
    pub(super) summary: &'a str,
    pub(super) url: &'a str,
    pub(super) source: &'a str,
    pub(super) authors: &'a [String],
    pub(super) tags: &'a [String],
    pub(super) kind: &'a str,
    pub(super) language: &'a str,
}

impl<'a> From<&'a Item> for Facts<'a> {
    fn from(item: &'a Item) -> Self {
        Self {
            title: &item.title,
            summary: &item.summary,
            url: &item.url,
            source: &item.source,
            authors: &item.authors,
            tags: &item.tags,
            kind: item.kind.map_or("", crate::model::Kind::name),
            language: item.language.as_deref().unwrap_or(""),
        }
    }
}

impl<'a> From<&'a Pick> for Facts<'a> {
    fn from(pick: &'a Pick) -> Self {
        Self {
            title: &pick.title,
            url: &pick.url,
            kind: pick.kind.map_or("", crate::model::Kind::name),
            ..Self::default()
        }
    }
}

/// The words behind a feature, for reasons.
#[derive(Clone, Copy, Debug)]
pub(super) enum Label<'a> {
    One(&'a str),
    Two(&'a str, &'a str),
}

/// Reads features; keeps its buffers from item to item.
#[derive(Debug, Default)]
pub(super) struct Reader {
    words: Words,
    stems: Stems,
    numbers: Vec<u64>,
    marked: Marked,
}

/// A number for a feature of a group.
fn number(group: Group, of: u64) -> u64 {
    xxh3_64_with_seed(&of.to_le_bytes(), group as u64)
}

impl Reader {
    /// Calls `take` for every feature, repeated ones too.
    pub(super) fn read(&mut self, facts: &Facts<'_>, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
        self.title(facts.title, take);
        self.summary(facts.summary, take);
        let mut plain = |group: Group, text: &str| {
            if !text.is_empty() {
                take(
                    group,
                    number(group, xxh3_64(text.as_bytes())),
                    Label::One(text),
                );
            }
        };
        plain(Group::Source, facts.source);
        plain(Group::Kind, facts.kind);
        plain(Group::Language, facts.language);
        let place = site::place(facts.url);
        plain(Group::Site, &place.host);
        if place.site != place.host {
            plain(Group::Site, &place.site);
        }
        if let Some(corner) = &place.corner {
            plain(Group::Site, corner);
        }
        for author in facts.people() {
            plain(Group::Author, author);
        }
        tags(facts.labels(), take);
        self.form(facts.title, take);
        extent(facts, take);
    }

    fn title(&mut self, title: &str, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
        self.words.read(title);
        self.numbers.clear();
        let mut before = "";
        for word in self.words.iter() {
            let stem = self.stems.of(word);
            take(
                Group::TitleWord,
                number(Group::TitleWord, stem),
                Label::One(word),
            );
            take(
                Group::AnyWord,
                number(Group::AnyWord, stem),
                Label::One(word),
            );
            if let Some(last) = self.numbers.last() {
                let pair = last.rotate_left(17) ^ stem;
                take(
                    Group::TitlePair,
                    number(Group::TitlePair, pair),
                    Label::Two(before, word),
                );
            }
            self.numbers.push(stem);
            before = word;
            self.marked.pieces(word, take);
        }
    }

    fn summary(&mut self, summary: &str, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
        self.words.read(summary);
        let mut before: Option<(u64, &str)> = None;
        for word in self.words.iter().take(MOST_WORDS) {
            let stem = self.stems.of(word);
            take(
                Group::SummaryWord,
                number(Group::SummaryWord, stem),
                Label::One(word),
            );
            take(
                Group::AnyWord,
                number(Group::AnyWord, stem),
                Label::One(word),
            );
            if let Some((last, text)) = before {
                let pair = last.rotate_left(17) ^ stem;
                take(
                    Group::SummaryPair,
                    number(Group::SummaryPair, pair),
                    Label::Two(text, word),
                );
            }
            before = Some((stem, word));
        }
    }

    fn form(&mut self, title: &str, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
        let mut say = |text: &str| {
            let own = number(Group::Form, xxh3_64(text.as_bytes()));
            take(Group::Form, own, Label::One(text));
        };
        self.words.read(title);
        let first = title.split_whitespace().next().unwrap_or("");
        if first.ends_with(':') {
            say("a title that starts with a name and a colon");
        } else if title.contains(':') {
            say("a colon in the title");
        }
        if title.contains('?') {
            say("a question in the title");
        }
        if title.contains('(') {
            say("brackets in the title");
        }
        if title.contains(|c: char| c.is_ascii_digit()) {
            say("a number in the title");
        }
        if title.split_whitespace().any(is_coined) {
            say("a coined name in the title");
        }
        match self.words.len().min(16) / 2 * 2 {
            0 => say("a title of a single word"),
            16 => say("a title of 16 words or more"),
            words => say(&format!("a title of {words} or {} words", words + 1)),
        }
    }
}

fn extent(facts: &Facts<'_>, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
    let mut say = |text: &str| {
        let own = number(Group::Extent, xxh3_64(text.as_bytes()));
        take(Group::Extent, own, Label::One(text));
    };
    match facts.summary.len().min(2500) / 250 * 250 {
        _ if facts.summary.is_empty() => {}
        0 => say("a summary of less than 250 characters"),
        2500 => say("a summary of 2500 characters or more"),
        length => say(&format!("a summary of {length} characters or more")),
    }
    if !facts.authors.is_empty() {
        match facts.authors.len() {
            1 => say("one author"),
            8.. => say("eight authors or more"),
            count => say(&format!("{count} authors")),
        }
    }
}

/// The words of a summary that are read; what follows rarely says more.
const MOST_WORDS: usize = 400;

/// Whether a word has capitals where a plain word has none: `GPT`, `LoRA`.
fn is_coined(word: &str) -> bool {
    let mut capitals = word.chars().skip(1).filter(|c| c.is_uppercase());
    capitals.next().is_some()
}

/// The characters of a piece. Pieces of three and five as well are three times the work and
/// change nothing.
const PIECE: usize = 4;

/// A word with its ends marked, and where its characters start.
#[derive(Debug, Default)]
struct Marked {
    text: String,
    starts: Vec<usize>,
}

impl Marked {
    /// The pieces of a word.
    fn pieces(&mut self, word: &str, take: &mut dyn FnMut(Group, u64, Label<'_>)) {
        let Self { text, starts } = self;
        text.clear();
        text.extend([" ", word, " "]);
        starts.clear();
        starts.extend(text.char_indices().map(|(at, _)| at));
        starts.push(text.len());
        for window in starts.windows(PIECE + 1) {
            let piece = &text.as_bytes()[window[0]..window[PIECE]];
            let own = xxh3_64_with_seed(piece, Group::TitlePiece as u64);
            take(Group::TitlePiece, own, Label::One(word));
        }
    }
}

/// So many labels of an entry are learned from, and so many people: who has more lists them for
/// machines.
const MOST_NAMES: usize = 64;

/// So many labels are read in pairs.
const MOST_PAIRED: usize = 12;

/// Who site generators and feeds name where nobody is named.
const NOBODY: [&str; 11] = [
    "admin",
    "administrator",
    "anonymous",
    "author",
    "editor",
    "guest",
    "nobody",
    "root",
    "unknown",
    "user",
    "webmaster",
];

impl<'a> Facts<'a> {
    /// Who wrote it, without the defaults of site generators.
    pub(super) fn people(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        let is_named = |name: &&String| !NOBODY.contains(&name.trim().to_lowercase().as_str());
        self.authors.iter().take(MOST_NAMES).filter(is_named)
    }

    /// Its labels.
    pub(super) fn labels(&self) -> &'a [String] {
        &self.tags[..self.tags.len().min(MOST_NAMES)]
    }
}

fn tags(tags: &[String], take: &mut dyn FnMut(Group, u64, Label<'_>)) {
    let mut sorted: Vec<&str> = tags.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let numbers: Vec<u64> = sorted.iter().map(|tag| xxh3_64(tag.as_bytes())).collect();
    for (at, (tag, own)) in sorted.iter().zip(&numbers).enumerate() {
        take(Group::Tag, number(Group::Tag, *own), Label::One(tag));
        if at >= MOST_PAIRED {
            continue;
        }
        for (other, second) in sorted.iter().zip(&numbers).take(at) {
            let pair = second.rotate_left(17) ^ own;
            take(
                Group::TagPair,
                number(Group::TagPair, pair),
                Label::Two(other, tag),
            );
        }
    }
    if !sorted.is_empty() {
        let all = sorted.join(", ");
        let own = number(Group::TagPair, xxh3_64(format!("={all}").as_bytes()));
        take(Group::TagPair, own, Label::One(&all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many features an item has that names so many labels and people.
    fn count(names: usize) -> usize {
        let names: Vec<String> = (0..names).map(|at| format!("name {at}")).collect();
        let facts = Facts {
            tags: &names,
            authors: &names,
            ..Facts::default()
        };
        let mut count = 0;
        Reader::default().read(&facts, &mut |_, _, _| count += 1);
        count
    }

    #[test]
    fn twice_as_many_names_are_no_more_than_twice_the_work() {
        let counts = [16, 32, 64, 128, 256].map(count);
        for pair in counts.windows(2) {
            assert!(pair[1] * 10 <= pair[0] * 26, "{counts:?}");
        }
        assert_eq!(counts[3], counts[4], "and bounded");
    }

    #[test]
    fn a_default_of_site_generators_is_nobody() {
        let authors = ["Unknown", " admin ", "Ada Moor"].map(str::to_owned);
        let facts = Facts {
            authors: &authors,
            ..Facts::default()
        };
        assert_eq!(facts.people().collect::<Vec<_>>(), ["Ada Moor"]);
    }
}
