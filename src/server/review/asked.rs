//! What the list of candidates is asked for: the query of its address, read and written.

use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::desk::ranking::Filter;
use crate::model::{EntryId, Kind};

/// Candidates on a page.
pub(super) const ON_PAGE: usize = 25;

/// A query. Whatever somebody typed into it is taken for nothing where it makes no sense.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Words that candidates have.
    pub(super) q: String,
    /// Only this kind.
    pub(super) kind: String,
    /// Whose taste counts.
    #[serde(rename = "for")]
    pub(super) curator: String,
    /// Only sources with these words in their names.
    pub(super) source: String,
    /// Only what has this label.
    pub(super) tag: String,
    /// Which page, from 1.
    pub(super) page: String,
    /// What was just done.
    pub(super) done: String,
    /// On which entry.
    pub(super) id: String,
}

impl Asked {
    /// What a query says.
    pub(super) fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let field = match name.as_ref() {
                "q" => &mut asked.q,
                "kind" => &mut asked.kind,
                "for" => &mut asked.curator,
                "source" => &mut asked.source,
                "tag" => &mut asked.tag,
                "page" => &mut asked.page,
                _ => continue,
            };
            *field = value.chars().take(200).collect();
        }
        asked
    }

    /// The same as a query, without what was just done; empty where nothing is asked.
    pub(super) fn query(&self) -> String {
        self.with_page(self.number())
    }

    /// The same for another page.
    pub(super) fn with_page(&self, number: usize) -> String {
        let mut query = Serializer::new(String::new());
        let page = if number > 1 {
            number.to_string()
        } else {
            String::new()
        };
        for (name, value) in [
            ("q", &self.q),
            ("kind", &self.kind),
            ("for", &self.curator),
            ("source", &self.source),
            ("tag", &self.tag),
            ("page", &page),
        ] {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        query.finish()
    }

    /// The page that is asked for.
    pub(super) fn number(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, 1 << 20)
    }

    /// The curator whose taste counts; none for the team's.
    pub(super) fn taste(&self) -> Option<String> {
        let curator = self.curator.trim();
        (!curator.is_empty()).then(|| curator.to_owned())
    }

    /// The filter.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            kind: Kind::ALL.into_iter().find(|kind| kind.name() == self.kind),
            source: self.source.clone(),
            tag: self.tag.clone(),
        }
    }

    /// The entry of what was just done.
    pub(super) fn entry(&self) -> Option<EntryId> {
        self.id.parse().ok().map(EntryId)
    }

    /// Whether only some candidates are asked for.
    pub(super) fn is_filtered(&self) -> bool {
        let narrow = [&self.q, &self.kind, &self.source, &self.tag];
        narrow.iter().any(|it| !it.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_as_it_is_read() {
        let asked = Asked::parse("q=%22a+b%22&kind=post&for=Ada&page=3&evil=1&done=accept&id=7");
        assert_eq!(asked.query(), "q=%22a+b%22&kind=post&for=Ada&page=3");
        assert_eq!(asked.with_page(1), "q=%22a+b%22&kind=post&for=Ada");
        assert_eq!(asked.taste().as_deref(), Some("Ada"));
        assert_eq!(asked.filter().kind, Some(Kind::Post));
        assert_eq!((asked.done.as_str(), asked.entry()), ("", None));
    }

    #[test]
    fn nonsense_asks_for_nothing() {
        let asked = Asked::parse("page=-7&kind=gold");
        assert_eq!((asked.number(), asked.filter()), (1, Filter::default()));
        assert_eq!(Asked::parse("page=99999999999999").number(), 1 << 20);
        assert_eq!(Asked::parse("&&=&q").query(), "");
    }
}
