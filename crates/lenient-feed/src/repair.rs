//! What was wrong with a document and was mended: one [`Repair`] for each sort of [`Defect`], with
//! where it first showed and how often.

use std::fmt;

/// A sort of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// The declared encoding is not the one that was used.
    WrongEncoding,
    /// No encoding fits what is declared, so it was guessed.
    GuessedEncoding,
    /// Some bytes mean nothing in the encoding.
    BadBytes,
    /// Text that was encoded twice.
    DoubleEncoding,
    /// Something stands before the document.
    LeadingJunk,
    /// Characters that XML forbids.
    ControlCharacter,
    /// References to characters that XML forbids.
    ForbiddenReference,
    /// HTML's named entities, which XML does not know.
    HtmlEntity,
    /// Entities that nobody defines.
    UnknownEntity,
    /// Entities that would grow beyond all bounds.
    EntityExpansion,
    /// `&` that begins no reference.
    BareAmpersand,
    /// `<` that begins no tag.
    BareLess,
    /// Attributes without quotes, or whose quotes do not close.
    BadAttribute,
    /// A namespace prefix that is not declared.
    UndeclaredPrefix,
    /// Tags that do not close.
    UnclosedTag,
    /// End tags that close nothing.
    StrayEndTag,
    /// Items that stand outside the channel.
    StrayItem,
    /// A root element that is no feed's.
    WrongRoot,
    /// Elements nested deeper than the bound.
    TooDeep,
    /// More entries than the bound.
    TooManyEntries,
    /// More bytes than the bound.
    TooLong,
    /// Addresses longer than the bound, or of a dangerous scheme.
    BadAddress,
    /// Dates that cannot be read.
    BadDate,
    /// Dates that programs write that have none, such as one of the year 1.
    ZeroDate,
    /// The document ends before its end.
    Truncated,
    /// JSON that breaks its grammar: commas too many, names without quotes, missing brackets.
    BadJson,
    /// Comments, which JSON has none of.
    JsonComment,
    /// Strings of JSON with line breaks, tabs or escapes that it does not know.
    BadString,
    /// Half of a letter, as JSON can write it.
    LoneSurrogate,
    /// A name that an object has twice.
    DuplicateName,
    /// Several documents one after another.
    SeveralDocuments,
    /// Entries with the same id.
    DuplicateId,
}

impl Defect {
    /// The short name that `inspect --json` prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongEncoding => "wrong-encoding",
            Self::GuessedEncoding => "guessed-encoding",
            Self::BadBytes => "bad-bytes",
            Self::DoubleEncoding => "double-encoding",
            Self::LeadingJunk => "leading-junk",
            Self::ControlCharacter => "control-character",
            Self::ForbiddenReference => "forbidden-reference",
            Self::HtmlEntity => "html-entity",
            Self::UnknownEntity => "unknown-entity",
            Self::EntityExpansion => "entity-expansion",
            Self::BareAmpersand => "bare-ampersand",
            Self::BareLess => "bare-less-than",
            Self::BadAttribute => "bad-attribute",
            Self::UndeclaredPrefix => "undeclared-prefix",
            Self::UnclosedTag => "unclosed-tag",
            Self::StrayEndTag => "stray-end-tag",
            Self::StrayItem => "stray-item",
            Self::WrongRoot => "wrong-root",
            Self::TooDeep => "too-deep",
            Self::TooManyEntries => "too-many-entries",
            Self::TooLong => "too-long",
            Self::BadAddress => "bad-address",
            Self::BadDate => "bad-date",
            Self::ZeroDate => "zero-date",
            Self::Truncated => "truncated",
            Self::BadJson => "bad-json",
            Self::JsonComment => "json-comment",
            Self::BadString => "bad-string",
            Self::LoneSurrogate => "lone-surrogate",
            Self::DuplicateName => "duplicate-name",
            Self::SeveralDocuments => "several-documents",
            Self::DuplicateId => "duplicate-id",
        }
    }

    /// What was done about it, for people.
    fn message(self) -> &'static str {
        match self {
            Self::WrongEncoding => "the declared encoding is wrong, so another was used",
            Self::GuessedEncoding => "the encoding was guessed",
            Self::BadBytes => "bytes that mean nothing in the encoding were replaced",
            Self::DoubleEncoding => "text that was encoded twice was decoded twice",
            Self::LeadingJunk => "what stands before the document was skipped",
            Self::ControlCharacter => "characters that XML forbids were left out",
            Self::ForbiddenReference => "references to characters that XML forbids were left out",
            Self::HtmlEntity => "entities of HTML were read as HTML reads them",
            Self::UnknownEntity => "entities that nobody defines were kept as text",
            Self::EntityExpansion => "entities that grow without bound were left out",
            Self::BareAmpersand => "`&` that begins no reference was read as text",
            Self::BareLess => "`<` that begins no tag was read as text",
            Self::BadAttribute => "attributes with bad quotes were read as far as possible",
            Self::UndeclaredPrefix => "undeclared prefixes were read as what they usually mean",
            Self::UnclosedTag => "tags that do not close were closed",
            Self::StrayEndTag => "end tags that close nothing were skipped",
            Self::StrayItem => "items outside the channel were read as the channel's",
            Self::WrongRoot => "the root element is no feed's and was overlooked",
            Self::TooDeep => "elements nested too deep were flattened",
            Self::TooManyEntries => "entries beyond the bound were left out, the oldest of them",
            Self::TooLong => "what goes beyond the bound was cut off",
            Self::BadAddress => "addresses that nothing can open were left out",
            Self::BadDate => "dates that cannot be read were left out",
            Self::ZeroDate => "dates of the year 1 or of 1970's first second are no dates",
            Self::Truncated => "the document ends in the middle; what is complete was kept",
            Self::BadJson => "what breaks the grammar of JSON was read as far as possible",
            Self::JsonComment => "comments were skipped",
            Self::BadString => "strings with line breaks or unknown escapes were kept",
            Self::LoneSurrogate => "halves of letters were replaced",
            Self::DuplicateName => "of two values of one name the last was taken",
            Self::SeveralDocuments => "the entries of all documents were taken",
            Self::DuplicateId => "entries share an id",
        }
    }
}

/// A sort of defect as one document has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub defect: Defect,
    /// The line where it first showed, where it has one; the first line is 1.
    pub line: Option<usize>,
    /// How often.
    pub times: usize,
    /// More, such as the name of an encoding or a prefix.
    pub detail: Option<String>,
}

impl fmt::Display for Repair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.defect.message())?;
        if let Some(detail) = &self.detail {
            write!(formatter, ": {detail}")?;
        }
        match (self.line, self.times) {
            (None, 0 | 1) => Ok(()),
            (None, times) => write!(formatter, " ({times} times)"),
            (Some(line), 0 | 1) => write!(formatter, " (line {line})"),
            (Some(line), times) => write!(formatter, " ({times} times, first in line {line})"),
        }
    }
}

#[derive(Clone)]
struct Note {
    defect: Defect,
    at: Option<usize>,
    times: usize,
    detail: Option<String>,
}

/// The repairs of one document while it is read.
#[derive(Clone, Default)]
pub struct Log(Vec<Note>);

impl Log {
    /// Notes a defect at a byte of the decoded document.
    pub fn note(&mut self, defect: Defect, at: Option<usize>) {
        self.note_with(defect, at, || None);
    }

    /// Notes a defect that shows so many times.
    pub(super) fn note_times(&mut self, defect: Defect, times: usize) {
        self.note(defect, None);
        if let Some(note) = self.0.iter_mut().find(|note| note.defect == defect) {
            note.times += times.saturating_sub(1);
        }
    }

    /// Notes a defect, with more to say where it is the first of its sort.
    pub fn note_with(
        &mut self,
        defect: Defect,
        at: Option<usize>,
        detail: impl FnOnce() -> Option<String>,
    ) {
        if let Some(note) = self.0.iter_mut().find(|note| note.defect == defect) {
            note.times += 1;
        } else {
            self.0.push(Note {
                defect,
                at,
                times: 1,
                detail: detail(),
            });
        }
    }

    /// The repairs in the order in which they showed, bytes counted as lines of `source`.
    pub fn into_repairs(self, source: &str) -> Vec<Repair> {
        let line = |at: usize| {
            let before = &source.as_bytes()[..at.min(source.len())];
            before.split(|byte| *byte == b'\n').count()
        };
        self.0
            .into_iter()
            .map(|note| Repair {
                defect: note.defect,
                line: note.at.map(line),
                times: note.times,
                detail: note.detail,
            })
            .collect()
    }
}
