//! Full text over all entries ever seen, and over the newsletter's own readings.

use std::fmt::Write as _;

use xxhash_rust::xxh3::xxh3_64;

use super::entries::{Remembered, remembered};
use super::sql::{Words, query, query_as, query_scalar};
use super::{Error, Store};
use crate::model::EntryId;

mod fts5;
mod tsvector;

/// Takes entries out of the index.
pub(super) const FORGET: Words = Words {
    sqlite: "DELETE FROM entry_words WHERE rowid IN (SELECT value FROM json_each(?))",
    postgres: "DELETE FROM entry_words WHERE entry IN (SELECT value FROM json_each(?))",
};

/// Takes a newsletter's readings out of the index.
const FORGET_READINGS: Words = Words {
    sqlite: "DELETE FROM reading_words WHERE rowid IN (SELECT id FROM reading WHERE newsletter = ?)",
    postgres: "DELETE FROM reading_words WHERE reading IN (SELECT id FROM reading WHERE newsletter = ?)",
};

/// Entries that are indexed in one transaction.
const AT_ONCE: i64 = 2_000;

/// How many characters of text a snippet has.
const SNIPPET: usize = 160;

/// Something that has the words.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it is.
    pub found: Found,
    /// How well it fits; higher is better, and comparable within one search.
    pub score: f64,
    /// The words of its text around the first hit.
    pub snippet: String,
}

/// What has the words.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// An entry of a source.
    Entry(Box<Remembered>),
    /// A reading that the newsletter recommended.
    Reading(OwnReading),
}

/// A reading of the newsletter's own, as far as search needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OwnReading {
    /// The issue that recommends it: its slug.
    pub issue: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// Who recommends it.
    pub curator: Option<String>,
    /// What the curator says, plain text.
    pub text: String,
}

impl Store {
    /// Brings the full-text index up to date, with at most `limit` entries; says how many it was.
    /// Polling leaves that to whoever searches, because it costs as much as storing does.
    pub async fn index(&self, limit: usize) -> Result<usize, Error> {
        let mut done = 0;
        while done < limit {
            let here = self
                .index_some(AT_ONCE.min(i64::try_from(limit - done).unwrap_or(AT_ONCE)))
                .await
                .map_err(|error| self.error("index entries", error))?;
            if here == 0 {
                break;
            }
            done += here;
        }
        Ok(done)
    }

    async fn index_some(&self, limit: i64) -> Result<usize, sqlx::Error> {
        let (indexed, stale): (i64, bool) = query_as(
            "SELECT value, EXISTS (SELECT 1 FROM unindexed) FROM counter WHERE name = 'indexed'",
        )
        .fetch_one(&self.pool)
        .await?;
        let newest: Option<i64> = query_scalar("SELECT max(id) FROM entry")
            .fetch_one(&self.pool)
            .await?;
        if !stale && newest.is_none_or(|newest| newest <= indexed) {
            return Ok(0);
        }
        if self.pool.is_shared() {
            tsvector::index(&self.pool, limit).await
        } else {
            fts5::index(&self.pool, limit).await
        }
    }

    /// Makes a newsletter's own readings searchable; costs next to nothing where they are those
    /// of the last time.
    pub async fn supply(&self, newsletter: &str, readings: &[OwnReading]) -> Result<(), Error> {
        self.supply_readings(newsletter, readings)
            .await
            .map_err(|error| self.error("index the readings", error))
    }

    async fn supply_readings(
        &self,
        newsletter: &str,
        readings: &[OwnReading],
    ) -> Result<(), sqlx::Error> {
        let name = format!("readings {newsletter}");
        let told = fingerprint(readings);
        let known: Option<i64> = query_scalar("SELECT value FROM counter WHERE name = ?")
            .bind(&name)
            .fetch_optional(&self.pool)
            .await?;
        if known == Some(told) {
            return Ok(());
        }
        let mut writing = self.pool.begin().await?;
        for statement in [
            writing.words(FORGET_READINGS),
            "DELETE FROM reading WHERE newsletter = ?",
        ] {
            query(statement)
                .bind(newsletter)
                .execute(&mut writing)
                .await?;
        }
        for reading in readings {
            query(
                "INSERT INTO reading (newsletter, issue, title, url, curator, text) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(newsletter)
            .bind(&reading.issue)
            .bind(&reading.title)
            .bind(&reading.url)
            .bind(&reading.curator)
            .bind(&reading.text)
            .execute(&mut writing)
            .await?;
        }
        if writing.is_shared() {
            tsvector::index_readings(&mut writing, newsletter).await?;
        } else {
            fts5::index_readings(&mut writing, newsletter).await?;
        }
        query(
            "INSERT INTO counter (name, value) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(&name)
        .bind(told)
        .execute(&mut writing)
        .await?;
        writing.commit().await
    }

    /// What has all the words, the best first: entries, and the readings that `newsletter`
    /// supplied. Words in quotation marks stand together, `word*` is the beginning of one,
    /// `-word` excludes; nothing else means anything.
    pub async fn search(
        &self,
        newsletter: &str,
        words: &str,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        self.index(usize::MAX).await?;
        let Some(asked) = Asked::parse(words) else {
            return Ok(Vec::new());
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let number = if self.is_shared() {
            "entry_words.entry"
        } else {
            "entry_words.rowid"
        };
        let own = self.own(number, "?3").await?;
        self.search_words(newsletter, &asked, limit, (&own, self.newsletter()))
            .await
            .map_err(|error| self.error("search", error))
    }

    /// The numbers of the entries that have all the words, as [`Store::search`] takes them, in no
    /// order; none where there is no word to look for.
    pub async fn matching(&self, words: &str) -> Result<Option<Vec<EntryId>>, Error> {
        let Some(asked) = Asked::parse(words) else {
            return Ok(None);
        };
        self.index(usize::MAX).await?;
        let ids = if self.pool.is_shared() {
            tsvector::matching(&self.pool, &asked).await
        } else {
            fts5::matching(&self.pool, &asked).await
        };
        let ids = ids.map_err(|error| self.error("search", error))?;
        Ok(Some(ids.into_iter().map(EntryId).collect()))
    }

    async fn search_words(
        &self,
        newsletter: &str,
        asked: &Asked,
        limit: i64,
        own: (&str, &str),
    ) -> Result<Vec<Hit>, sqlx::Error> {
        let rows = if self.pool.is_shared() {
            tsvector::entries(&self.pool, asked, limit, own).await?
        } else {
            fts5::entries(&self.pool, asked, limit, own).await?
        };
        let mut hits = Vec::new();
        for row in &rows {
            let entry = remembered(row)?;
            hits.push(Hit {
                score: row.try_get(16)?,
                snippet: snippet(&entry.entry.text, &asked.words),
                found: Found::Entry(Box::new(entry)),
            });
        }
        let rows = if self.pool.is_shared() {
            tsvector::readings(&self.pool, asked, newsletter, limit).await?
        } else {
            fts5::readings(&self.pool, asked, newsletter, limit).await?
        };
        for row in &rows {
            let text: String = row.try_get(4)?;
            hits.push(Hit {
                score: row.try_get(5)?,
                snippet: snippet(&text, &asked.words),
                found: Found::Reading(OwnReading {
                    issue: row.try_get(0)?,
                    title: row.try_get(1)?,
                    url: row.try_get(2)?,
                    curator: row.try_get(3)?,
                    text,
                }),
            });
        }
        Ok(hits)
    }
}

fn fingerprint(readings: &[OwnReading]) -> i64 {
    let mut text = String::new();
    for reading in readings {
        let _ = write!(text, "{reading:?}");
    }
    xxh3_64(text.as_bytes()).cast_signed()
}

/// What somebody asked.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    wanted: Vec<Term>,
    unwanted: Vec<Term>,
    /// The words to look for in a text, in lower case.
    words: Vec<String>,
}

/// Words that stand together, as typed.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    text: String,
    /// Whether the last one is the beginning of a word.
    is_prefix: bool,
}

impl Asked {
    /// None where nothing is left to look for.
    fn parse(typed: &str) -> Option<Self> {
        let mut asked = Self {
            wanted: Vec::new(),
            unwanted: Vec::new(),
            words: Vec::new(),
        };
        for (part, quoted) in split(typed) {
            let (part, excluded) = match part.strip_prefix('-') {
                Some(rest) if !quoted => (rest, true),
                _ => (part, false),
            };
            let (part, is_prefix) = match part.strip_suffix('*') {
                Some(rest) if !quoted => (rest, true),
                _ => (part, false),
            };
            // What the tokenizer would see nothing in would match nothing.
            if !part.chars().any(char::is_alphanumeric) {
                continue;
            }
            let term = Term {
                text: part.to_owned(),
                is_prefix,
            };
            if excluded {
                asked.unwanted.push(term);
            } else {
                let each = part.split(|c: char| !c.is_alphanumeric());
                let each = each.filter(|word| !word.is_empty());
                asked.words.extend(each.map(str::to_lowercase));
                asked.wanted.push(term);
            }
        }
        (!asked.wanted.is_empty()).then_some(asked)
    }
}

/// The words and the quoted phrases; a mark that is never closed is none.
fn split(typed: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = typed;
    while let Some(open) = rest.find('"') {
        parts.extend(rest[..open].split_whitespace().map(|word| (word, false)));
        rest = &rest[open + 1..];
        if let Some(close) = rest.find('"') {
            parts.push((&rest[..close], true));
            rest = &rest[close + 1..];
        }
    }
    parts.extend(rest.split_whitespace().map(|word| (word, false)));
    parts
}

/// The part of a text around the first of the words.
fn snippet(text: &str, words: &[String]) -> String {
    let mut offset = 0;
    let mut hit = None;
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        if !word.is_empty() && words.iter().any(|wanted| word.starts_with(wanted)) {
            hit = Some(offset);
            break;
        }
        offset += piece.len();
    }
    let hit = hit.unwrap_or(0);
    let before = text[..hit].char_indices().rev().take(SNIPPET / 4).last();
    let mut from = before.map_or(hit, |(at, _)| at);
    if from > 0 {
        // Not in the middle of a word.
        from += text[from..hit].find(' ').map_or(0, |space| space + 1);
    }
    let rest = &text[from..];
    let end = rest
        .char_indices()
        .nth(SNIPPET)
        .map_or(rest.len(), |(at, _)| at);
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    let words: Vec<&str> = rest[..end].split_whitespace().collect();
    shown.push_str(&words.join(" "));
    if end < rest.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        let asked = Asked::parse(typed);
        let written = asked.as_ref().map(fts5::expression).unwrap_or_default();
        assert_eq!(written, expected, "{typed}");
    }

    #[test]
    fn takes_what_people_type_for_words() {
        check("attention heads", "\"attention\" AND \"heads\"");
        check(
            "\"attention heads\" diff*",
            "\"attention heads\" AND \"diff\"*",
        );
        check("rust -crypto", "(\"rust\") NOT \"crypto\"");
        check(
            "AND OR NOT NEAR(a)",
            "\"AND\" AND \"OR\" AND \"NOT\" AND \"NEAR(a)\"",
        );
        check("title: ^x", "\"title:\" AND \"^x\"");
        check("unclosed \"quote", "\"unclosed\" AND \"quote\"");
        check("* - \"\" ()", "");
        check("-only", "");
    }

    #[test]
    fn takes_the_same_for_words_on_postgresql() {
        let check = |typed: &str, expected: &str| {
            let asked = Asked::parse(typed).unwrap();
            assert_eq!(tsvector::expression(&asked), expected, "{typed}");
        };
        check("attention Größe", "(attention) & (große)");
        check(
            "\"attention heads\" diff*",
            "(attention <-> heads) & (diff:*)",
        );
        check("rust -crypto", "(rust) & !(crypto)");
        check("NEAR(a) | '; x\\", "(near <-> a) & (x)");
    }

    #[test]
    fn shows_the_words_around_a_hit() {
        let text = "Größe zählt. ".repeat(30) + "Then comes diffusion, and more of it.";
        let shown = snippet(&text, &["diffusion".to_owned()]);
        assert!(shown.starts_with('…'), "{shown}");
        assert!(shown.contains("comes diffusion, and more"), "{shown}");
        assert_eq!(snippet("", &["x".to_owned()]), "");
        assert_eq!(snippet("nothing here", &["x".to_owned()]), "nothing here");
    }
}
