//! A source that moved.

use super::Writing;
use super::rows::NEVER;
use super::sql::{query, query_scalar};
use crate::model::{SourceId, address};

/// Gives a source the address that it moved to; one that is another source's already makes it a
/// twin of that one.
pub(super) async fn move_source(
    writing: &mut Writing,
    source: SourceId,
    url: &str,
) -> Result<(), sqlx::Error> {
    let form = address::canonical_source(url);
    let other: Option<i64> = query_scalar(
        "SELECT id FROM source WHERE (address = ?1 OR named = ?1) AND id <> ?2 \
         AND removed IS NULL AND twin IS NULL ORDER BY id LIMIT 1",
    )
    .bind(&form)
    .bind(source.0)
    .fetch_optional(&mut *writing)
    .await?;
    query("UPDATE source SET url = ?, address = ?, twin = ?, host = ? WHERE id = ?")
        .bind(url)
        .bind(form)
        .bind(other)
        .bind(address::host_of(url))
        .bind(source.0)
        .execute(&mut *writing)
        .await?;
    if other.is_some() {
        query("UPDATE history SET due = ? WHERE source = ?")
            .bind(NEVER)
            .bind(source.0)
            .execute(&mut *writing)
            .await?;
    }
    Ok(())
}
