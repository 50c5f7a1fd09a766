//! What the desk answers: past issues, the next one, how sources do, what
//! was measured.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{EntryId, Kind};
use crate::poll::health::State;
use crate::store::{Known, Pulse};

/// What the issue files say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// Who recommends, whoever recommended most first.
    pub curators: Vec<String>,
    /// The readings of the issues that are out.
    pub picks: Vec<PastPick>,
    /// The issues that are out, by slug.
    pub issues: BTreeMap<String, PastIssue>,
    /// The drafts, the newest first.
    pub drafts: Vec<DraftFile>,
}

/// A reading of an issue that is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastPick {
    /// The day of its issue.
    pub day: NaiveDate,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Who recommended it.
    pub curator: Option<String>,
    /// Which entry it is, where a source brought it.
    pub entry: Option<EntryId>,
    /// The host of its address.
    pub site: String,
}

/// An issue that is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastIssue {
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Its day.
    pub day: NaiveDate,
}

/// A draft on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftFile {
    /// Its path below the newsletter's folder.
    pub path: String,
    /// Its title.
    pub title: String,
    /// How many readings it has.
    pub readings: usize,
    /// Whether it is still as these pages wrote it.
    pub is_ours: bool,
}

/// What a draft is to be; as the last issues are where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The day of the issue.
    pub date: Option<NaiveDate>,
    /// Its title.
    pub title: Option<String>,
    /// The name of its file.
    pub name: Option<String>,
}

/// The next issue, before it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composed {
    /// The path that it would have.
    pub path: String,
    /// The text of the file.
    pub text: String,
    /// The page as it will be published.
    pub page: String,
    /// The path of its folder, below the newsletter's address.
    pub folder: String,
    /// What a curator should know of it.
    pub notes: Vec<String>,
}

/// What came of writing a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drafted {
    /// It is written.
    Written {
        /// Where.
        path: String,
        /// Whether it was there, and readings were added to it.
        is_added: bool,
        /// How much is still to be said in it.
        gaps: usize,
        /// What a curator should know of it.
        notes: Vec<String>,
    },
    /// Another file is in its place, and stays.
    Conflict {
        /// Where.
        path: String,
        /// What is there.
        theirs: String,
        /// What was to be written.
        ours: String,
    },
}

/// How a source does.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// The source.
    pub known: Known,
    /// What it is called.
    pub name: String,
    /// Its address, fit to be shown.
    pub address: String,
    /// Its entries by the week, and what came of the last visits.
    pub pulse: Pulse,
    /// Its state.
    pub state: State,
    /// Whether somebody should do something about it.
    pub is_wrong: bool,
    /// Why it is in its state.
    pub why: Option<String>,
    /// What mends it.
    pub hint: Option<String>,
}

/// A feed behind an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Its address.
    pub url: String,
    /// Its name.
    pub title: String,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// What its entries are.
    pub kind: Option<Kind>,
    /// What is known of it, in words: how many entries, the newest.
    pub about: String,
    /// Whether it is a source already.
    pub is_known: bool,
}

/// A feed that is to become a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSource {
    /// Its address.
    pub url: String,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// What its entries are.
    pub kind: Option<Kind>,
    /// The words it is filed under.
    pub tags: Vec<String>,
}

/// Whether a backtest is to be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Only what is known already is asked for.
    No,
    /// It is to be measured anew.
    Yes,
}

/// How well suggestions would have predicted the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backtest {
    /// What was measured last.
    pub outcome: Option<Measured>,
    /// Whether it is being measured.
    pub is_running: bool,
}

/// What a backtest measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// When.
    pub at: DateTime<Utc>,
    /// The figures as text.
    pub text: String,
    /// What to make of them.
    pub verdict: String,
    /// The picture, SVG; none where too little could be measured.
    pub plot: Option<String>,
}
