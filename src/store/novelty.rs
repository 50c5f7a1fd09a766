//! Which items of documents were seen: asked before anything is cleaned.

use std::collections::HashMap;

use super::identity::item_mark;
use super::numbers::array;
use super::rows::to_signed;
use super::{Error, Mark, Novelty, Store};
use crate::model::SourceId;

impl Store {
    /// What is known of the items of documents, in their order.
    pub async fn novelty(
        &self,
        documents: &[(SourceId, Vec<Mark>)],
    ) -> Result<Vec<Vec<Novelty>>, Error> {
        let keyed: Vec<Vec<(u64, u64)>> = documents
            .iter()
            .map(|(source, marks)| {
                let keyed = |mark: &Mark| (item_mark(*source, mark.item), mark.content);
                marks.iter().map(keyed).collect()
            })
            .collect();
        let mut wanted: Vec<i64> = keyed
            .iter()
            .flatten()
            .map(|(mark, _)| to_signed(*mark))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        // Two columns of one row: a row for each item would cost more than looking it up.
        let found: (Option<String>, Option<String>) = sqlx::query_as(
            "SELECT group_concat(mark), group_concat(content) \
             FROM json_each(?) CROSS JOIN item ON mark = value",
        )
        .bind(array(wanted))
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.error("look up items", error))?;
        let seen: HashMap<u64, u64> = numbers(found.0.as_deref())
            .zip(numbers(found.1.as_deref()))
            .collect();
        let novelty = |(mark, content): &(u64, u64)| match seen.get(mark) {
            None => Novelty::New,
            Some(known) if known == content => Novelty::Same,
            Some(_) => Novelty::Changed,
        };
        Ok(keyed
            .iter()
            .map(|marks| marks.iter().map(novelty).collect())
            .collect())
    }
}

fn numbers(text: Option<&str>) -> impl Iterator<Item = u64> {
    text.unwrap_or_default()
        .split(',')
        .filter_map(|number| number.parse::<i64>().ok())
        .map(i64::cast_unsigned)
}
