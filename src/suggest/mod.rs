//! Ranks what appeared by what this team would recommend, and says why.
//!
//! Entries, past readings and decisions in, suggestions with reasons out. Everything is learned
//! from the team's own archive; nothing here reads a clock, a file or the network.

mod catalog;
mod chance;
mod decided;
mod descent;
pub mod evaluate;
mod explain;
mod features;
mod habits;
mod learner;
mod list;
mod listwise;
mod model;
mod records;
mod same;
mod sections;
mod signals;
mod site;
mod taste;
#[cfg(test)]
mod tests;
mod tuning;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Kind;

pub use explain::{Contribution, Reason};
pub use model::{Model, fingerprint};
pub use sections::{Section, Sections};

/// Something that could be recommended: an entry, as the ranking sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its name, unique among all items.
    pub key: String,
    /// Its title, as plain text.
    pub title: String,
    /// What its source says of it, as plain text.
    pub summary: String,
    /// Where it is read.
    pub url: String,
    /// The source that carries it.
    pub source: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its labels, as its source gives them.
    pub tags: Vec<String>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// When it appeared.
    pub published: DateTime<Utc>,
    /// When the store first had it; none where it was there from the day on which it appeared.
    pub seen: Option<DateTime<Utc>>,
    /// Its language, as BCP 47 writes it.
    pub language: Option<String>,
    /// How many further sources carry it or link to it.
    pub carriers: u32,
}

impl Item {
    /// The day on which it appeared, counted from 1970.
    fn day(&self) -> i32 {
        day(self.published)
    }

    /// The first day on which somebody who reads the store could have picked it.
    fn seen_day(&self) -> i32 {
        self.seen
            .map_or(self.day(), |seen| day(seen).max(self.day()))
    }
}

/// A past reading: something that was recommended in an issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// The item that it is, where there is one.
    pub item: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it is read.
    pub url: String,
    /// What the curator said of it, as plain text.
    pub commentary: String,
    /// Who recommended it.
    pub curator: Option<String>,
    /// What sort of thing it is.
    pub kind: Option<Kind>,
    /// The heading under which it stood.
    pub section: Option<String>,
    /// When the issue appeared.
    pub issued: DateTime<Utc>,
}

impl Pick {
    fn day(&self) -> i32 {
        day(self.issued)
    }
}

/// A curator's answer to a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Into the next issue.
    Accept,
    /// Not for this newsletter.
    Decline,
    /// Not now.
    Later {
        /// When it comes back.
        until: DateTime<Utc>,
    },
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The item that was decided on.
    pub item: String,
    /// The answer.
    pub answer: Answer,
    /// Who decided.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everything that is learned from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Archive<'a> {
    /// What appeared, as far back as is known, also what nobody picked.
    pub items: &'a [Item],
    /// All past readings.
    pub picks: &'a [Pick],
    /// All decisions that hold.
    pub decisions: &'a [Decision],
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// For how many days an entry that nobody picked is taken to have been available.
    pub window_days: i32,
    /// How many suggestions there are at most; none: as many as an issue takes and some more, as
    /// long as anything speaks for them.
    pub length: Option<usize>,
    /// How much neighbours are kept apart: 0 not at all, 1 a lot.
    pub variety: f64,
    /// Whose taste counts; the team's where there is none, or too little is known of it.
    pub curator: Option<String>,
    /// How often a candidate was shown and nobody decided.
    pub shown: BTreeMap<String, u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window_days: 14,
            length: Some(20),
            variety: 0.5,
            curator: None,
            shown: BTreeMap::new(),
        }
    }
}

/// A ranked candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Which item it is.
    pub key: String,
    /// How much speaks for it: the sum of its contributions.
    pub score: f64,
    /// How often something with such a score was picked, where enough is known to say.
    pub chance: Option<f64>,
    /// Everything that makes up the score.
    pub contributions: Vec<Contribution>,
    /// What speaks most for it, in words.
    pub reasons: Vec<String>,
    /// The headings of an issue under which it may stand, the likeliest first, at most three; none
    /// where issues have no headings to choose from.
    pub sections: Vec<Section>,
    /// Other items that are the same thing.
    pub also: Vec<String>,
}

/// What is shown to curators.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The suggestions, in the order in which they are shown.
    pub suggestions: Vec<Suggestion>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
    /// The keys of the best candidates by score alone, many more than are suggested: enough to
    /// rank again as long as the model is the same.
    pub best: Vec<String>,
    /// What all of it rests on.
    pub basis: Basis,
}

/// A candidate that is not suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Which item it is.
    pub key: String,
    /// Why.
    pub why: Why,
}

/// Why a candidate is not suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is, or is nearly, a past reading.
    Read {
        /// The title of that reading.
        title: String,
        /// The day of its issue, counted from 1970.
        day: i32,
    },
    /// It was accepted already.
    Accepted,
    /// It was declined.
    Declined,
    /// It was put off.
    Later {
        /// Until then.
        until: DateTime<Utc>,
    },
}

/// What suggestions rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// How many issues were learned from.
    pub issues: usize,
    /// How many past readings.
    pub readings: usize,
    /// For how many issues it is known what else was available.
    pub windows: usize,
    /// How many decisions.
    pub decisions: usize,
    /// Whose taste it is, where it is not the team's.
    pub curator: Option<String>,
}

impl std::fmt::Display for Basis {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.readings + self.decisions == 0 {
            return formatter
                .write_str("nothing was picked yet: the newest, one of each source first");
        }
        let counted = |number: usize, noun: &str| {
            let ending = if number == 1 { "" } else { "s" };
            format!("{number} {noun}{ending}")
        };
        let (readings, issues) = (self.readings, self.issues);
        let decisions = counted(self.decisions, "decision");
        if readings == 0 {
            write!(formatter, "{decisions}, and no past reading yet")?;
        } else {
            let readings = counted(readings, "past reading");
            write!(formatter, "{readings} of {}", counted(issues, "issue"))?;
            if self.decisions > 0 {
                write!(formatter, ", and {decisions}")?;
            }
        }
        match (&self.curator, self.windows) {
            (_, 0) => formatter.write_str("; what else was available then is not known"),
            (Some(curator), _) => write!(formatter, "; those of {curator} count first"),
            (None, _) => Ok(()),
        }
    }
}

/// The day of an instant, counted from 1970.
fn day(instant: DateTime<Utc>) -> i32 {
    i32::try_from(instant.timestamp().div_euclid(86_400)).unwrap_or(i32::MAX / 2)
}
