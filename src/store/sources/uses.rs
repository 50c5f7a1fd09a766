//! Which newsletters use a source. It is polled once, while any of them has it polled.

use chrono::{DateTime, Utc};

use super::super::Writing;
use super::super::sql::{query, query_scalar};
use super::{alter, remove};
use crate::model::SourceId;

/// Notes that a newsletter uses a source.
pub(super) async fn note(
    writing: &mut Writing,
    newsletter: &str,
    id: SourceId,
    enabled: bool,
    declared: bool,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO uses (newsletter, source, declared, enabled) VALUES (?, ?, ?, ?) \
         ON CONFLICT (newsletter, source) DO UPDATE \
         SET declared = excluded.declared, enabled = excluded.enabled",
    )
    .bind(newsletter)
    .bind(id.0)
    .bind(declared)
    .bind(enabled)
    .execute(writing)
    .await?;
    Ok(())
}

/// Whether a newsletter has a source polled; none where it does not use it.
pub(super) async fn find(
    writing: &mut Writing,
    newsletter: &str,
    id: SourceId,
) -> Result<Option<bool>, sqlx::Error> {
    query_scalar("SELECT enabled FROM uses WHERE newsletter = ? AND source = ?")
        .bind(newsletter)
        .bind(id.0)
        .fetch_optional(writing)
        .await
}

/// Whether any newsletter has a source polled.
pub(super) async fn is_enabled(writing: &mut Writing, id: SourceId) -> Result<bool, sqlx::Error> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM uses WHERE source = ? AND enabled = 1)")
        .bind(id.0)
        .fetch_one(writing)
        .await
}

/// Has a source polled for a newsletter, or not; it is, while anybody has it so.
pub(super) async fn switch(
    writing: &mut Writing,
    newsletter: &str,
    id: SourceId,
    enabled: bool,
) -> Result<(), sqlx::Error> {
    query("UPDATE uses SET enabled = ? WHERE newsletter = ? AND source = ?")
        .bind(enabled)
        .bind(newsletter)
        .bind(id.0)
        .execute(&mut *writing)
        .await?;
    let enabled = is_enabled(writing, id).await?;
    alter(writing, id, |known| known.source.enabled = enabled).await
}

/// A newsletter uses these sources no more; those that nobody uses are removed.
pub(super) async fn drop_all(
    writing: &mut Writing,
    newsletter: &str,
    ids: &[i64],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut gone = Vec::new();
    for &id in ids {
        let done = query("DELETE FROM uses WHERE newsletter = ? AND source = ?")
            .bind(newsletter)
            .bind(id)
            .execute(&mut *writing)
            .await?;
        let others: i64 = query_scalar("SELECT count(*) FROM uses WHERE source = ?")
            .bind(id)
            .fetch_one(&mut *writing)
            .await?;
        if done > 0 && others == 0 {
            gone.push(id);
        } else if done > 0 {
            let enabled = is_enabled(writing, SourceId(id)).await?;
            alter(writing, SourceId(id), |known| {
                known.source.enabled = enabled;
            })
            .await?;
        }
    }
    remove(writing, &gone, now).await
}
