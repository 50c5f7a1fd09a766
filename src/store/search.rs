//! Full text over all entries ever seen, and over the newsletter's own readings.

use std::fmt::Write as _;

use sqlx::Row as _;
use xxhash_rust::xxh3::xxh3_64;

use super::entries::{ENTRY, Remembered, remembered};
use super::{Error, Store};
use crate::model::EntryId;

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
        let (indexed, stale): (i64, bool) = sqlx::query_as(
            "SELECT value, EXISTS (SELECT 1 FROM unindexed) FROM counter WHERE name = 'indexed'",
        )
        .fetch_one(&self.pool)
        .await?;
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(id) FROM entry")
            .fetch_one(&self.pool)
            .await?;
        if !stale && newest.is_none_or(|newest| newest <= indexed) {
            return Ok(0);
        }
        let mut writing = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let stale: String = sqlx::query_scalar(
            "SELECT json_group_array(entry) FROM (SELECT entry FROM unindexed ORDER BY entry LIMIT ?)",
        )
        .bind(limit)
        .fetch_one(&mut *writing)
        .await?;
        for statement in [
            "DELETE FROM entry_words WHERE rowid IN (SELECT value FROM json_each(?))",
            "INSERT INTO entry_words (rowid, title, text, authors) \
             SELECT id, title, text, authors FROM entry \
             WHERE id IN (SELECT value FROM json_each(?)) \
             AND id <= (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id",
            "DELETE FROM unindexed WHERE entry IN (SELECT value FROM json_each(?))",
        ] {
            sqlx::query(statement)
                .bind(&stale)
                .execute(&mut *writing)
                .await?;
        }
        let renewed = stale.matches(',').count() + usize::from(stale != "[]");
        let (count, last): (i64, Option<i64>) = sqlx::query_as(
            "SELECT count(*), max(id) FROM (SELECT id FROM entry WHERE id > \
             (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id LIMIT ?)",
        )
        .bind(limit - i64::try_from(renewed).unwrap_or(0))
        .fetch_one(&mut *writing)
        .await?;
        if let Some(last) = last {
            sqlx::query(
                "INSERT INTO entry_words (rowid, title, text, authors) \
                 SELECT id, title, text, authors FROM entry WHERE id > \
                 (SELECT value FROM counter WHERE name = 'indexed') AND id <= ? ORDER BY id",
            )
            .bind(last)
            .execute(&mut *writing)
            .await?;
            sqlx::query("UPDATE counter SET value = ? WHERE name = 'indexed'")
                .bind(last)
                .execute(&mut *writing)
                .await?;
        }
        writing.commit().await?;
        Ok(renewed + usize::try_from(count).unwrap_or(0))
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
        let known: Option<i64> = sqlx::query_scalar("SELECT value FROM counter WHERE name = ?")
            .bind(&name)
            .fetch_optional(&self.pool)
            .await?;
        if known == Some(told) {
            return Ok(());
        }
        let mut writing = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        for statement in [
            "DELETE FROM reading_words WHERE rowid IN (SELECT id FROM reading WHERE newsletter = ?)",
            "DELETE FROM reading WHERE newsletter = ?",
        ] {
            sqlx::query(statement)
                .bind(newsletter)
                .execute(&mut *writing)
                .await?;
        }
        for reading in readings {
            sqlx::query(
                "INSERT INTO reading (newsletter, issue, title, url, curator, text) \
                 VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(newsletter)
            .bind(&reading.issue)
            .bind(&reading.title)
            .bind(&reading.url)
            .bind(&reading.curator)
            .bind(&reading.text)
            .execute(&mut *writing)
            .await?;
        }
        sqlx::query(
            "INSERT INTO reading_words (rowid, title, text, authors) \
             SELECT id, title, text, coalesce(curator, '') FROM reading WHERE newsletter = ?",
        )
        .bind(newsletter)
        .execute(&mut *writing)
        .await?;
        sqlx::query(
            "INSERT INTO counter (name, value) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(&name)
        .bind(told)
        .execute(&mut *writing)
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
        self.search_words(newsletter, &asked, i64::try_from(limit).unwrap_or(i64::MAX))
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
        // In one row: each costs more than the number in it.
        let ids: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(rowid) FROM entry_words WHERE entry_words MATCH ?",
        )
        .bind(&asked.expression)
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.error("search", error))?;
        let ids = ids.unwrap_or_default();
        let ids = ids.split(',').filter_map(|id| id.parse().ok());
        Ok(Some(ids.map(EntryId).collect()))
    }

    async fn search_words(
        &self,
        newsletter: &str,
        asked: &Asked,
        limit: i64,
    ) -> Result<Vec<Hit>, sqlx::Error> {
        // A word in the title weighs eight times one in the text.
        let text = format!(
            "{ENTRY}, score FROM (SELECT rowid AS number, bm25(entry_words, 8.0, 1.0, 4.0) AS score \
             FROM entry_words WHERE entry_words MATCH ?1 ORDER BY score LIMIT ?2) \
             JOIN entry ON entry.id = number ORDER BY score, entry.id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(&asked.expression)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        let mut hits = Vec::new();
        for row in &rows {
            let entry = remembered(row)?;
            hits.push(Hit {
                score: -row.try_get::<f64, _>(16)?,
                snippet: snippet(&entry.entry.text, &asked.words),
                found: Found::Entry(Box::new(entry)),
            });
        }
        let rows = sqlx::query(
            "SELECT issue, title, url, curator, text, score FROM (SELECT rowid AS number, \
             bm25(reading_words, 8.0, 1.0, 4.0) AS score FROM reading_words \
             WHERE reading_words MATCH ?1) \
             JOIN reading ON reading.id = number WHERE newsletter = ?3 \
             ORDER BY score, reading.id LIMIT ?2",
        )
        .bind(&asked.expression)
        .bind(limit)
        .bind(newsletter)
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            let text: String = row.try_get(4)?;
            hits.push(Hit {
                score: -row.try_get::<f64, _>(5)?,
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

/// What somebody asked, as the index wants it (sqlite.org/fts5.html, section 3).
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    expression: String,
    /// The words to look for in a text, in lower case.
    words: Vec<String>,
}

impl Asked {
    /// None where nothing is left to look for.
    fn parse(typed: &str) -> Option<Self> {
        let mut wanted = Vec::new();
        let mut unwanted = Vec::new();
        let mut words = Vec::new();
        for (part, quoted) in split(typed) {
            let (part, excluded) = match part.strip_prefix('-') {
                Some(rest) if !quoted => (rest, true),
                _ => (part, false),
            };
            let (part, prefix) = match part.strip_suffix('*') {
                Some(rest) if !quoted => (rest, true),
                _ => (part, false),
            };
            // What the tokenizer would see nothing in would match nothing.
            if !part.chars().any(char::is_alphanumeric) {
                continue;
            }
            let term = format!("\"{part}\"{}", if prefix { "*" } else { "" });
            if excluded {
                unwanted.push(term);
            } else {
                let each = part.split(|c: char| !c.is_alphanumeric());
                words.extend(each.filter(|word| !word.is_empty()).map(str::to_lowercase));
                wanted.push(term);
            }
        }
        if wanted.is_empty() {
            return None;
        }
        let mut expression = wanted.join(" AND ");
        for term in unwanted {
            expression = format!("({expression}) NOT {term}");
        }
        Some(Self { expression, words })
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
        let asked = Asked::parse(typed).map(|asked| asked.expression);
        assert_eq!(asked.unwrap_or_default(), expected, "{typed}");
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
    fn shows_the_words_around_a_hit() {
        let text = "Größe zählt. ".repeat(30) + "Then comes diffusion, and more of it.";
        let shown = snippet(&text, &["diffusion".to_owned()]);
        assert!(shown.starts_with('…'), "{shown}");
        assert!(shown.contains("comes diffusion, and more"), "{shown}");
        assert_eq!(snippet("", &["x".to_owned()]), "");
        assert_eq!(snippet("nothing here", &["x".to_owned()]), "nothing here");
    }
}
