//! The full-text index of PostgreSQL (chapter 12). Words are taken apart here and not by one of its
//! parsers, so that both databases find the same: letters and digits, small, without accents.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::super::entries::ENTRY;
use super::super::sql::{Pool, Row, Writing, numbers, query, query_numbers};
use super::{Asked, FORGET, Term};

/// The number of the lock of whoever brings entries into the index.
const INDEXER: u32 = u32::from_be_bytes(*b"word") >> 1;

/// Rows of one statement.
const ROWS: usize = 100;

/// Words of one text that can be found; a vector has room for a megabyte.
const WORDS: usize = 40_000;

/// What a vector may take of its megabyte, which counts bytes: its words and their places.
const BYTES: usize = 700_000;
/// Of those, beside the letters of a word and for each of its places.
const WORD: usize = 8;
const PLACE: usize = 2;

/// The longest word, in bytes; longer ones are no words.
const LONGEST: usize = 200;

/// The highest position of a word (section 12.10); those behind stand there.
const LAST: usize = 16_383;

/// How many positions of one word are kept (section 12.10).
const POSITIONS: usize = 255;

/// Brings at most `limit` entries into the index; how many it was.
pub(super) async fn index(pool: &Pool, limit: i64) -> Result<usize, sqlx::Error> {
    let mut writing = pool.begin_beside().await?;
    writing.lock(INDEXER).await?;
    let stale = query_numbers(
        ["entry"],
        "FROM (SELECT entry FROM unindexed ORDER BY entry LIMIT ?) AS stale",
    )
    .bind(limit)
    .fetch_all(&mut writing)
    .await?;
    let renewed = stale.len();
    let stale = numbers(stale.into_iter().flatten());
    for statement in [
        FORGET.postgres,
        "DELETE FROM unindexed WHERE entry IN (SELECT value FROM json_each(?))",
    ] {
        query(statement)
            .bind(stale.clone())
            .execute(&mut writing)
            .await?;
    }
    let again = query(
        "SELECT id, title, text, authors FROM entry \
         WHERE id IN (SELECT value FROM json_each(?)) \
         AND id <= (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id",
    )
    .bind(stale)
    .fetch_all(&mut writing)
    .await?;
    let new = query(
        "SELECT id, title, text, authors FROM entry WHERE id > \
         (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id LIMIT ?",
    )
    .bind(limit - i64::try_from(renewed).unwrap_or(0))
    .fetch_all(&mut writing)
    .await?;
    insert(&mut writing, "entry_words (entry, words)", &again).await?;
    insert(&mut writing, "entry_words (entry, words)", &new).await?;
    if let Some(last) = new.last() {
        query("UPDATE counter SET value = ? WHERE name = 'indexed'")
            .bind(last.try_get::<i64>(0)?)
            .execute(&mut writing)
            .await?;
    }
    writing.commit().await?;
    Ok(renewed + new.len())
}

/// Brings the readings of a newsletter into the index.
pub(super) async fn index_readings(
    writing: &mut Writing,
    newsletter: &str,
) -> Result<(), sqlx::Error> {
    let rows =
        query("SELECT id, title, text, coalesce(curator, '') FROM reading WHERE newsletter = ?")
            .bind(newsletter)
            .fetch_all(&mut *writing)
            .await?;
    insert(writing, "reading_words (reading, words)", &rows).await
}

/// Writes the vectors of rows of number, title, text and authors.
async fn insert(writing: &mut Writing, into: &str, rows: &[Row]) -> Result<(), sqlx::Error> {
    for rows in rows.chunks(ROWS) {
        let mut text = format!("INSERT INTO {into} VALUES ");
        for at in 0..rows.len() {
            text.push_str(if at == 0 { "" } else { ", " });
            text.push_str("(?, CAST(? AS tsvector))");
        }
        text.push_str(" ON CONFLICT DO NOTHING");
        let mut statement = query(text);
        for row in rows {
            let vector = vector(row.try_get(1)?, row.try_get(3)?, row.try_get(2)?);
            statement = statement.bind(row.try_get::<i64>(0)?).bind(vector);
        }
        statement.execute(&mut *writing).await?;
    }
    Ok(())
}

/// The numbers of the entries that fit.
pub(super) async fn matching(pool: &Pool, asked: &Asked) -> Result<Vec<i64>, sqlx::Error> {
    let ids = query_numbers(
        ["entry"],
        "FROM entry_words WHERE words @@ CAST(? AS tsquery)",
    )
    .bind(expression(asked))
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().flatten().collect())
}

/// The entries that fit best, each with its score. A word in the title weighs eight times one in
/// the text.
pub(super) async fn entries(
    pool: &Pool,
    asked: &Asked,
    limit: i64,
    (own, newsletter): (&str, &str),
) -> Result<Vec<Row>, sqlx::Error> {
    let text = format!(
        "{ENTRY}, score FROM (SELECT entry AS number, \
         ts_rank('{{0.125, 0.125, 0.5, 1}}', words, CAST(?1 AS tsquery)) AS score \
         FROM entry_words WHERE words @@ CAST(?1 AS tsquery) AND {own} \
         ORDER BY score DESC, entry LIMIT ?2) AS best \
         JOIN entry ON entry.id = number ORDER BY score DESC, entry.id"
    );
    query(text)
        .bind(expression(asked))
        .bind(limit)
        .bind(newsletter)
        .fetch_all(pool)
        .await
}

/// The readings that fit best, each with its score.
pub(super) async fn readings(
    pool: &Pool,
    asked: &Asked,
    newsletter: &str,
    limit: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    query(
        "SELECT issue, title, url, curator, text, \
         ts_rank('{0.125, 0.125, 0.5, 1}', words, CAST(?1 AS tsquery)) AS score \
         FROM reading JOIN reading_words ON reading_words.reading = reading.id \
         WHERE newsletter = ?2 AND words @@ CAST(?1 AS tsquery) \
         ORDER BY score DESC, reading.id LIMIT ?3",
    )
    .bind(expression(asked))
    .bind(newsletter)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// What was asked, as the index wants it (section 12.3.2).
pub(super) fn expression(asked: &Asked) -> String {
    let written = |term: &Term| {
        let words: Vec<String> = words_of(&term.text).collect();
        let star = if term.is_prefix { ":*" } else { "" };
        format!("({}{star})", words.join(" <-> "))
    };
    let wanted: Vec<String> = asked.wanted.iter().map(written).collect();
    let all = wanted.join(" & ");
    asked
        .unwanted
        .iter()
        .fold(all, |all, term| format!("{all} & !{}", written(term)))
}

/// The words of a text: runs of letters and digits, small, without accents.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .map(fold)
        .filter(|word| !word.is_empty() && word.len() <= LONGEST)
}

fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = word.nfkd().filter(|&c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

/// The vector of a title (weight A), authors (B) and a text (D), as PostgreSQL reads it.
fn vector(title: &str, authors: &str, text: &str) -> String {
    let mut places: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    let mut at = 0;
    let mut bytes = 0;
    for (part, weight) in [(title, "A"), (authors, "B"), (text, "")] {
        for word in words_of(part).take(WORDS) {
            at += 1;
            let is_new = !places.contains_key(&word);
            let size = PLACE + if is_new { word.len() + WORD } else { 0 };
            if bytes + size > BYTES {
                continue;
            }
            let places = places.entry(word).or_default();
            if places.len() < POSITIONS {
                places.push((at.min(LAST), weight));
                bytes += size;
            }
        }
        // No phrase reaches from one part into the next.
        at += 1;
    }
    let mut written = String::new();
    for (word, places) in places {
        let _ = write!(written, "{word}");
        for (at, (place, weight)) in places.iter().enumerate() {
            let _ = write!(
                written,
                "{}{place}{weight}",
                if at == 0 { ':' } else { ',' }
            );
        }
        written.push(' ');
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_each_word_with_its_places() {
        assert_eq!(
            vector("Big maps", "[\"Zoë\"]", "On maps: MAPS!"),
            "big:1A maps:2A,7,8 on:6 zoe:4B "
        );
        assert_eq!(vector("", "", "--- '\\ ;"), "");
    }

    #[test]
    fn stays_within_the_bytes_of_a_vector() {
        let word = |n: u32| format!("{n:030}");
        let size = |words: u32| {
            let text: Vec<String> = (0..words).map(word).collect();
            vector("A title that stays", "", &text.join(" ")).len()
        };
        assert!(size(10_000) < size(15_000));
        assert_eq!(size(40_000), size(80_000));
        assert!(size(80_000) < 1_000_000);
        let first = vector("A title that stays", "", &word(1));
        assert!(first.contains("title:2A"));
    }

    #[test]
    fn stays_within_what_a_vector_holds() {
        let text = "w ".repeat(100_000) + &"x".repeat(5_000);
        let written = vector("", "", &text);
        assert!(written.len() < 4_000, "{}", written.len());
    }
}
