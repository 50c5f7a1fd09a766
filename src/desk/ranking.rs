//! All candidates in the order of the ranking, kept in memory, and what a filter leaves of them.
//!
//! A row is a few numbers; what is shown of a page of them is read from the store. So a page of a
//! hundred thousand candidates costs as much as a page of a hundred.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::model::{EntryId, Kind, SourceId};
use crate::store::Stamp;

/// Names that a field proposes.
const PROPOSED: usize = 300;

/// One candidate, in as few bytes as a filter needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: EntryId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The source that brought it first.
    pub source: SourceId,
    /// Its labels and its source's, by their places in [`Ranking::tags`], in order.
    pub tags: Vec<u32>,
    /// The same thing at other addresses.
    pub also: Vec<EntryId>,
}

/// All candidates, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// The candidates; those decided on since are among them.
    pub rows: Vec<Row>,
    /// Every label that a row has.
    pub tags: Vec<String>,
    /// What each source is called.
    pub sources: BTreeMap<SourceId, String>,
    /// What it rests on, in words.
    pub basis: String,
    /// Whose taste it is: none for the team's, also where too little is known of somebody's.
    pub curator: Option<String>,
    /// The store as it was when this was made.
    pub stamp: Stamp,
    /// When it was made.
    pub made: DateTime<Utc>,
    /// The names of the sources that have most candidates, by name.
    pub busiest_sources: Vec<String>,
    /// The labels that most candidates have, by name.
    pub busiest_tags: Vec<String>,
}

/// What somebody wants to see of the candidates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only sources with these words in their names.
    pub source: String,
    /// Only what has this label.
    pub tag: String,
}

/// A page of candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Those of the page, in order.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: usize,
}

impl Ranking {
    /// The rows that pass a filter and are not hidden: those from place `start` on, at most
    /// `most`, and how many there are in all. `among` are the numbers of a search.
    pub fn select(
        &self,
        filter: &Filter,
        hidden: &HashSet<EntryId>,
        among: Option<&HashSet<EntryId>>,
        (start, most): (usize, usize),
    ) -> Selected {
        let sources = self.sources_named(&filter.source);
        let tag = filter.tag.trim().to_lowercase();
        let tags: Option<HashSet<u32>> = (!tag.is_empty()).then(|| {
            (0_u32..)
                .zip(&self.tags)
                .filter(|(_, known)| known.to_lowercase() == tag)
                .map(|(place, _)| place)
                .collect()
        });
        let passing = self.rows.iter().filter(|row| {
            filter.kind.is_none_or(|kind| row.kind == kind)
                && sources.as_ref().is_none_or(|it| it.contains(&row.source))
                && tags
                    .as_ref()
                    .is_none_or(|tags| row.tags.iter().any(|tag| tags.contains(tag)))
                && among.is_none_or(|among| among.contains(&row.id))
                && !hidden.contains(&row.id)
        });
        let mut total = 0;
        let mut rows = Vec::new();
        for row in passing {
            if total >= start && rows.len() < most {
                rows.push(row.clone());
            }
            total += 1;
        }
        Selected { rows, total }
    }

    /// The sources with all these words in their names; none where there are no words.
    fn sources_named(&self, words: &str) -> Option<HashSet<SourceId>> {
        let words = words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        if words.is_empty() {
            return None;
        }
        let named = self.sources.iter().filter(|(_, name)| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        });
        Some(named.map(|(id, _)| *id).collect())
    }

    /// Looks up what fields propose, once.
    #[must_use]
    pub fn with_names(mut self) -> Self {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        self.busiest_sources = owned(self.busiest_sources(PROPOSED));
        self.busiest_tags = owned(self.busiest_tags(PROPOSED));
        self
    }

    fn busiest_sources(&self, most: usize) -> Vec<&str> {
        let mut counts: HashMap<SourceId, usize> = HashMap::new();
        for row in &self.rows {
            *counts.entry(row.source).or_default() += 1;
        }
        let named = counts
            .into_iter()
            .filter_map(|(id, count)| Some((count, self.sources.get(&id)?.as_str())));
        most_of(named.collect(), most)
    }

    fn busiest_tags(&self, most: usize) -> Vec<&str> {
        let mut counts = vec![0_usize; self.tags.len()];
        for tag in self.rows.iter().flat_map(|row| &row.tags) {
            if let Some(count) = counts.get_mut(*tag as usize) {
                *count += 1;
            }
        }
        let named = counts.into_iter().zip(self.tags.iter().map(String::as_str));
        most_of(named.collect(), most)
    }
}

/// The names with the highest counts, in the order of the names.
fn most_of(mut counted: Vec<(usize, &str)>, most: usize) -> Vec<&str> {
    counted.sort_by(|one, other| (other.0, one.1).cmp(&(one.0, other.1)));
    let mut names: Vec<&str> = counted
        .into_iter()
        .take(most)
        .map(|(_, name)| name)
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking() -> Ranking {
        let row = |id: i64, kind: Kind, source: i64, tags: &[u32]| Row {
            id: EntryId(id),
            kind,
            source: SourceId(source),
            tags: tags.to_vec(),
            also: Vec::new(),
        };
        Ranking {
            rows: vec![
                row(1, Kind::Post, 1, &[0]),
                row(2, Kind::Paper, 2, &[1]),
                row(3, Kind::Post, 2, &[0, 1]),
                row(4, Kind::Post, 1, &[]),
            ],
            tags: vec!["Rust".to_owned(), "maps".to_owned()],
            sources: [(SourceId(1), "Harbour Log"), (SourceId(2), "The Preprints")]
                .map(|(id, name)| (id, name.to_owned()))
                .into(),
            ..Ranking::default()
        }
    }

    #[track_caller]
    fn check(filter: &Filter, page: (usize, usize), expected: &[i64], total: usize) {
        let hidden = HashSet::from([EntryId(4)]);
        let selected = ranking().select(filter, &hidden, None, page);
        let ids: Vec<i64> = selected.rows.iter().map(|row| row.id.0).collect();
        assert_eq!((ids.as_slice(), selected.total), (expected, total));
    }

    #[test]
    fn a_filter_keeps_the_order_and_leaves_out_what_was_decided() {
        let all = Filter::default();
        check(&all, (0, 10), &[1, 2, 3], 3);
        check(&all, (1, 1), &[2], 3);
        check(&all, (9, 10), &[], 3);
        let kind = Filter {
            kind: Some(Kind::Post),
            ..Filter::default()
        };
        check(&kind, (0, 10), &[1, 3], 2);
        let source = Filter {
            source: "PRE the".to_owned(),
            ..Filter::default()
        };
        check(&source, (0, 10), &[2, 3], 2);
        let tag = Filter {
            tag: " rust".to_owned(),
            ..Filter::default()
        };
        check(&tag, (0, 10), &[1, 3], 2);
        let nothing = Filter {
            tag: "no such".to_owned(),
            ..Filter::default()
        };
        check(&nothing, (0, 10), &[], 0);
    }

    #[test]
    fn names_what_there_is_most_of() {
        let ranking = ranking();
        assert_eq!(ranking.busiest_sources(9), ["Harbour Log", "The Preprints"]);
        assert_eq!(ranking.busiest_tags(1), ["Rust"]);
        assert_eq!(ranking.busiest_tags(9), ["maps", "Rust"]);
    }
}
