//! The keys of front matter, as Hugo, Zola, Jekyll, Pelican and Eleventy spell them.

use std::collections::BTreeMap;

use super::{FrontKind, Problems};
use crate::issues::front::{Field, Value};

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Title,
    Date,
    /// Jekyll's truth value, or a date for others.
    Published,
    Updated,
    Slug,
    Url,
    Id,
    /// Which issue it is, where that is a number.
    Number,
    Draft,
    Status,
    Tags,
    Categories,
    Authors,
    Summary,
    Language,
    Audio,
}

impl Key {
    /// The key of a name, compared without case, `_` and `-`; of two names of one key, that with
    /// the lower rank counts.
    fn of(name: &str) -> Option<(Self, u8)> {
        let mut buffer = [0_u8; 24];
        let mut length = 0;
        for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
            *buffer.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
        Some(match &buffer[..length] {
            b"title" => (Self::Title, 0),
            b"date" => (Self::Date, 0),
            b"pubdate" => (Self::Date, 1),
            b"publishdate" => (Self::Date, 2),
            b"datepublished" => (Self::Date, 3),
            b"publishedat" => (Self::Date, 4),
            b"publicationdate" => (Self::Date, 5),
            b"publishedon" => (Self::Date, 6),
            b"publishedtime" => (Self::Date, 7),
            b"datetime" => (Self::Date, 8),
            b"issuedate" => (Self::Date, 9),
            b"created" => (Self::Date, 10),
            b"createdat" => (Self::Date, 11),
            b"datecreated" => (Self::Date, 12),
            b"published" => (Self::Published, 0),
            b"updated" => (Self::Updated, 0),
            b"lastmod" => (Self::Updated, 1),
            b"modified" => (Self::Updated, 2),
            b"lastmodifiedat" => (Self::Updated, 3),
            b"lastmodified" => (Self::Updated, 4),
            b"lastupdated" => (Self::Updated, 5),
            b"updatedat" => (Self::Updated, 6),
            b"datemodified" => (Self::Updated, 7),
            b"slug" => (Self::Slug, 0),
            b"url" => (Self::Url, 0),
            b"permalink" => (Self::Url, 1),
            b"path" => (Self::Url, 2),
            b"id" => (Self::Id, 0),
            b"guid" => (Self::Id, 1),
            b"number" => (Self::Number, 0),
            b"issue" => (Self::Number, 1),
            b"issuenumber" => (Self::Number, 2),
            b"edition" => (Self::Number, 3),
            b"draft" => (Self::Draft, 0),
            b"status" => (Self::Status, 0),
            b"tags" => (Self::Tags, 0),
            b"tag" => (Self::Tags, 1),
            b"categories" => (Self::Categories, 0),
            b"category" => (Self::Categories, 1),
            b"authors" => (Self::Authors, 0),
            b"author" => (Self::Authors, 1),
            b"summary" => (Self::Summary, 0),
            b"excerpt" => (Self::Summary, 1),
            b"description" => (Self::Summary, 2),
            b"lang" => (Self::Language, 0),
            b"language" => (Self::Language, 1),
            b"locale" => (Self::Language, 2),
            b"audio" => (Self::Audio, 0),
            b"enclosure" => (Self::Audio, 1),
            _ => return None,
        })
    }

    /// Whether all fields of the key count, and not the first alone.
    fn is_list(self) -> bool {
        matches!(self, Self::Tags | Self::Categories | Self::Authors)
    }

    /// Whether the key means the same in a table that themes read, as Zola's `[extra]` and
    /// Hugo's `[params]`; `title` or `url` there may be anything's.
    fn counts_for_themes(self) -> bool {
        self.is_list() || matches!(self, Self::Summary | Self::Language | Self::Audio)
    }
}

/// A field whose key is known.
pub(super) struct Known<'a> {
    pub(super) key: Key,
    rank: u8,
    pub(super) field: Field<'a>,
}

impl Known<'_> {
    /// Whether the key is spelled as the name of one thing (`tag`) and not of several (`tags`).
    pub(super) fn is_singular(&self) -> bool {
        self.rank % THEME == 1
    }
}

/// Added to the rank of what stands in a theme's table.
const THEME: u8 = 100;

/// Front matter by what its keys stand for.
pub(super) struct Sheet<'a> {
    /// How it is written.
    pub(super) kind: FrontKind,
    known: Vec<Known<'a>>,
    /// The fields that newsdesk does not know.
    pub(super) extra: BTreeMap<String, serde_json::Value>,
}

impl<'a> Sheet<'a> {
    /// Sorts the fields; says where two are the same key.
    pub(super) fn new(
        fields: Vec<Field<'a>>,
        kind: FrontKind,
        problems: &mut Problems<'_>,
    ) -> Self {
        let mut sheet = Self {
            kind,
            known: Vec::with_capacity(fields.len()),
            extra: BTreeMap::new(),
        };
        for field in fields {
            match field.value.value {
                Value::Table(inner) if is_theme_table(&field.key) => sheet.add_themes(inner),
                _ => sheet.add(field, problems),
            }
        }
        sheet.known.sort_by_key(|known| (known.key, known.rank));
        sheet.keep_first_of_each();
        sheet
    }

    fn add(&mut self, field: Field<'a>, problems: &mut Problems<'_>) {
        let Some((key, rank)) = Key::of(&field.key) else {
            self.keep(field);
            return;
        };
        if field.value.value == Value::Null {
            return;
        }
        let same = |known: &&Known<'_>| known.key == key && known.rank == rank;
        if let Some(first) = self.known.iter().find(same) {
            problems.warning(
                "duplicate-key",
                field.key_span,
                format!(
                    "`{}` repeats `{}` and is ignored",
                    field.key, first.field.key
                ),
                Some("keep one of the two".to_owned()),
            );
            return;
        }
        self.known.push(Known { key, rank, field });
    }

    fn add_themes(&mut self, fields: Vec<Field<'a>>) {
        for field in fields {
            match Key::of(&field.key) {
                Some((key, rank)) if key.counts_for_themes() => {
                    if field.value.value != Value::Null {
                        let rank = rank + THEME;
                        self.known.push(Known { key, rank, field });
                    }
                }
                _ => self.keep(field),
            }
        }
    }

    fn keep(&mut self, field: Field<'_>) {
        self.extra
            .entry(field.key.into_owned())
            .or_insert_with(|| field.value.value.into_json());
    }

    /// Leaves one field for each key that takes one; the others are kept as unknown.
    fn keep_first_of_each(&mut self) {
        let mut before = None;
        for known in std::mem::take(&mut self.known) {
            if before == Some(known.key) && !known.key.is_list() {
                self.keep(known.field);
            } else {
                before = Some(known.key);
                self.known.push(known);
            }
        }
    }

    /// The field that counts for the key.
    pub(super) fn first(&self, key: Key) -> Option<&Field<'a>> {
        self.all(key).next().map(|known| &known.field)
    }

    /// All fields of the key.
    pub(super) fn all(&self, key: Key) -> impl Iterator<Item = &Known<'a>> {
        self.known.iter().filter(move |known| known.key == key)
    }
}

fn is_theme_table(key: &str) -> bool {
    ["extra", "params", "taxonomies"]
        .iter()
        .any(|table| key.eq_ignore_ascii_case(table))
}
