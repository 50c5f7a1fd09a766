//! Which items of documents were seen: asked before anything is cleaned.

use std::collections::HashMap;

use super::identity::item_mark;
use super::rows::to_signed;
use super::sql::{numbers, query_numbers};
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
        let found = query_numbers(
            ["mark", "content"],
            "FROM json_each(?) CROSS JOIN item ON mark = value",
        )
        .bind(numbers(wanted))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("look up items", error))?;
        let seen: HashMap<u64, u64> = found
            .into_iter()
            .map(|[mark, content]| (mark.cast_unsigned(), content.cast_unsigned()))
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
