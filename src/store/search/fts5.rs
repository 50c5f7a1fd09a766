//! The full-text index of `SQLite` (sqlite.org/fts5.html).

use super::super::entries::ENTRY;
use super::super::sql::{Pool, Row, Writing, numbers, query, query_as, query_numbers};
use super::{Asked, FORGET, Term};

/// Brings at most `limit` entries into the index; how many it was.
pub(super) async fn index(pool: &Pool, limit: i64) -> Result<usize, sqlx::Error> {
    let mut writing = pool.begin().await?;
    let stale = query_numbers(
        ["entry"],
        "FROM (SELECT entry FROM unindexed ORDER BY entry LIMIT ?)",
    )
    .bind(limit)
    .fetch_all(&mut writing)
    .await?;
    let renewed = stale.len();
    let stale = numbers(stale.into_iter().flatten());
    for statement in [
        FORGET.sqlite,
        "INSERT INTO entry_words (rowid, title, text, authors) \
         SELECT id, title, text, authors FROM entry \
         WHERE id IN (SELECT value FROM json_each(?)) \
         AND id <= (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id",
        "DELETE FROM unindexed WHERE entry IN (SELECT value FROM json_each(?))",
    ] {
        query(statement)
            .bind(stale.clone())
            .execute(&mut writing)
            .await?;
    }
    let (count, last): (i64, Option<i64>) = query_as(
        "SELECT count(*), max(id) FROM (SELECT id FROM entry WHERE id > \
         (SELECT value FROM counter WHERE name = 'indexed') ORDER BY id LIMIT ?)",
    )
    .bind(limit - i64::try_from(renewed).unwrap_or(0))
    .fetch_one(&mut writing)
    .await?;
    if let Some(last) = last {
        query(
            "INSERT INTO entry_words (rowid, title, text, authors) \
             SELECT id, title, text, authors FROM entry WHERE id > \
             (SELECT value FROM counter WHERE name = 'indexed') AND id <= ? ORDER BY id",
        )
        .bind(last)
        .execute(&mut writing)
        .await?;
        query("UPDATE counter SET value = ? WHERE name = 'indexed'")
            .bind(last)
            .execute(&mut writing)
            .await?;
    }
    writing.commit().await?;
    Ok(renewed + usize::try_from(count).unwrap_or(0))
}

/// Brings the readings of a newsletter into the index.
pub(super) async fn index_readings(
    writing: &mut Writing,
    newsletter: &str,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO reading_words (rowid, title, text, authors) \
         SELECT id, title, text, coalesce(curator, '') FROM reading WHERE newsletter = ?",
    )
    .bind(newsletter)
    .execute(writing)
    .await?;
    Ok(())
}

/// The numbers of the entries that fit.
pub(super) async fn matching(pool: &Pool, asked: &Asked) -> Result<Vec<i64>, sqlx::Error> {
    let ids = query_numbers(["rowid"], "FROM entry_words WHERE entry_words MATCH ?")
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
        "{ENTRY}, -score FROM (SELECT rowid AS number, bm25(entry_words, 8.0, 1.0, 4.0) AS score \
         FROM entry_words WHERE entry_words MATCH ?1 AND {own} ORDER BY score LIMIT ?2) \
         JOIN entry ON entry.id = number ORDER BY score, entry.id"
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
        "SELECT issue, title, url, curator, text, -score FROM (SELECT rowid AS number, \
         bm25(reading_words, 8.0, 1.0, 4.0) AS score FROM reading_words \
         WHERE reading_words MATCH ?) \
         JOIN reading ON reading.id = number WHERE newsletter = ? \
         ORDER BY score, reading.id LIMIT ?",
    )
    .bind(expression(asked))
    .bind(newsletter)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// What was asked, as the index wants it (section 3).
pub(super) fn expression(asked: &Asked) -> String {
    let written = |term: &Term| {
        let star = if term.is_prefix { "*" } else { "" };
        format!("\"{}\"{star}", term.text)
    };
    let wanted: Vec<String> = asked.wanted.iter().map(written).collect();
    let all = wanted.join(" AND ");
    asked
        .unwanted
        .iter()
        .fold(all, |all, term| format!("({all}) NOT {}", written(term)))
}
