//! A list of suggestions as every format shows it: words of strangers already on one line, without
//! anything that a terminal would obey.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use newsdesk::model::Kind;
use newsdesk::suggest::{Item, LeftOut, Suggestion, Why};

use super::super::shown;
use newsdesk::desk::known::entry;
use newsdesk::desk::rank::{Ranked, Ranker};

/// How much of a text is shown, in characters.
const EXCERPT: usize = 280;
/// Near-duplicates are named for so long after they appeared.
const DUPLICATES_FOR: TimeDelta = TimeDelta::days(31);

/// A list, ready to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// What the newsletter is called.
    pub(super) newsletter: String,
    /// The day of the list.
    pub(super) day: NaiveDate,
    /// For whom it is.
    pub(super) curator: Option<String>,
    /// The suggestions.
    pub(super) rows: Vec<Row>,
    /// What was left out lately because it is nearly a past reading.
    pub(super) duplicates: Vec<Duplicate>,
    /// What the list rests on.
    pub(super) basis: String,
}

/// One suggestion.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) title: String,
    /// Where it leads, if a link may lead there.
    pub(super) url: Option<String>,
    pub(super) kind: Kind,
    pub(super) source: String,
    pub(super) authors: Vec<String>,
    pub(super) at: DateTime<Utc>,
    /// How its text begins.
    pub(super) excerpt: String,
    pub(super) score: f64,
    pub(super) chance: Option<f64>,
    pub(super) reasons: Vec<String>,
    /// The headings that it may stand under, with their chances.
    pub(super) sections: Vec<(String, f64)>,
    /// The same at other addresses.
    pub(super) also: Vec<Other>,
    /// On how many days it was shown before.
    pub(super) shown: u32,
}

/// The same thing at another address.
#[derive(Clone, Debug, Default)]
pub(super) struct Other {
    pub(super) id: i64,
    pub(super) url: Option<String>,
    pub(super) source: String,
}

/// Something that is nearly a past reading.
#[derive(Clone, Debug, Default)]
pub(super) struct Duplicate {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) like: String,
    pub(super) day: NaiveDate,
}

impl Sheet {
    /// The list as it is shown.
    pub(super) fn of(desk: &Ranker<'_>, ranked: &Ranked, curator: Option<&str>) -> Self {
        let now = desk.now;
        let today = now.with_timezone(&desk.config.issues.time_zone);
        let is_late = |item: &Item| now - item.published <= DUPLICATES_FOR;
        Self {
            newsletter: shown::line(&desk.config.issues.newsletter.title),
            day: today.date_naive(),
            curator: curator.map(shown::line),
            rows: ranked
                .list
                .suggestions
                .iter()
                .filter_map(|suggestion| Row::of(desk, ranked, suggestion))
                .collect(),
            duplicates: desk
                .duplicates(ranked)
                .into_iter()
                .filter(|(item, _)| is_late(item))
                .filter_map(|(item, left)| Duplicate::of(item, left))
                .collect(),
            basis: shown::line(&ranked.list.basis.to_string()),
        }
    }
}

impl Row {
    /// The suggestion as it is shown; none where its item is not there.
    pub(super) fn of(desk: &Ranker<'_>, ranked: &Ranked, suggestion: &Suggestion) -> Option<Self> {
        let item = ranked.item(&suggestion.key)?;
        let id = entry(&suggestion.key);
        let also = suggestion.also.iter();
        Some(Self {
            score: suggestion.score,
            chance: suggestion.chance,
            reasons: suggestion
                .reasons
                .iter()
                .map(|reason| shown::line(reason))
                .collect(),
            sections: suggestion
                .sections
                .iter()
                .map(|section| (shown::line(&section.name), section.chance))
                .collect(),
            also: also
                .filter_map(|key| Some((entry(key).0, ranked.item(key)?)))
                .map(|(id, item)| Other {
                    id,
                    url: shown::web(Some(&item.url)),
                    source: item.source.clone(),
                })
                .collect(),
            shown: desk.times_shown(id),
            ..Self::bare(item)
        })
    }

    /// The item alone.
    pub(super) fn bare(item: &Item) -> Self {
        Self {
            id: entry(&item.key).0,
            title: shown::title(&item.title, Some(&item.url)),
            url: shown::web(Some(&item.url)),
            kind: item.kind.unwrap_or_default(),
            source: shown::line(&item.source),
            authors: item
                .authors
                .iter()
                .map(|author| shown::line(author))
                .filter(|author| !author.is_empty())
                .collect(),
            at: item.published,
            excerpt: excerpt(&item.summary),
            ..Self::default()
        }
    }

    /// Kind, source and day, in words.
    pub(super) fn place(&self) -> String {
        let day = self.at.format("%Y-%m-%d").to_string();
        let parts = [self.kind.name(), self.source.as_str(), day.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    /// The likeliest heading, in words.
    pub(super) fn section(&self) -> Option<String> {
        let (name, chance) = self.sections.first()?;
        Some(format!("section: {name} ({:.0} %)", chance * 100.0))
    }

    /// How often something like it was picked, in whole percent.
    pub(super) fn percent(&self) -> Option<String> {
        let percent = self.chance? * 100.0;
        Some(if percent < 1.0 {
            "<1%".to_owned()
        } else {
            format!("{percent:.0}%")
        })
    }
}

impl Duplicate {
    fn of(item: &Item, left: &LeftOut) -> Option<Self> {
        let Why::Read { title, day } = &left.why else {
            return None;
        };
        Some(Self {
            id: entry(&item.key).0,
            title: shown::title(&item.title, Some(&item.url)),
            like: shown::line(title),
            day: date(*day),
        })
    }
}

/// The day with this number, counted from 1970.
pub(super) fn date(day: i32) -> NaiveDate {
    let instant = DateTime::from_timestamp(i64::from(day) * 86_400, 0);
    instant.unwrap_or_default().date_naive()
}

/// The beginning of a text, cut between words.
fn excerpt(text: &str) -> String {
    let line = shown::line(text);
    if line.chars().count() <= EXCERPT {
        return line;
    }
    let start: String = line.chars().take(EXCERPT).collect();
    let end = start.rfind(' ').unwrap_or(start.len());
    format!("{}…", &start[..end])
}
