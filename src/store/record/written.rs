//! Which batches were written: a server may write one and not be able to say so.

use chrono::{DateTime, Utc};

use super::super::rows::{json_text, to_millis};
use super::super::sql::{query, query_scalar};
use super::super::{Stored, Writing};

/// What came of a batch that was written before, where a server can write it and not say so.
pub(super) async fn read(
    writing: &mut Writing,
    number: i64,
) -> Result<Option<Vec<Option<Stored>>>, sqlx::Error> {
    if !writing.is_shared() {
        return Ok(None);
    }
    let text: Option<String> = query_scalar("SELECT stored FROM written WHERE batch = ?")
        .bind(number)
        .fetch_optional(&mut *writing)
        .await?;
    let counts: Option<Vec<Option<(u32, u32)>>> =
        text.and_then(|text| serde_json::from_str(&text).ok());
    let stored = |(new, changed)| Stored { new, changed };
    Ok(counts.map(|counts| counts.into_iter().map(|it| it.map(stored)).collect()))
}

/// Notes what came of a batch, in its own transaction.
pub(super) async fn note(
    writing: &mut Writing,
    number: i64,
    stored: &[Option<Stored>],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    if !writing.is_shared() {
        return Ok(());
    }
    let counts: Vec<Option<(u32, u32)>> = stored
        .iter()
        .map(|it| it.map(|stored| (stored.new, stored.changed)))
        .collect();
    query("INSERT INTO written (batch, at, stored) VALUES (?, ?, ?)")
        .bind(number)
        .bind(to_millis(now))
        .bind(json_text(&counts))
        .execute(writing)
        .await?;
    Ok(())
}
