//! What the configuration says of issue files.

use chrono_tz::Tz;

use super::readings::{Sections, Signing};
use crate::model::Newsletter;

/// Where the ids of entries come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// A `tag:` URI of the newsletter's authority and the slug: survives a move to another
    /// address and a new title.
    #[default]
    Tag,
    /// The permalink: for an archive that was published so.
    Permalink,
}

/// How issue files are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The publication they belong to.
    pub newsletter: Newsletter,
    /// The headings whose sections hold readings.
    pub sections: Sections,
    /// Where curators sign.
    pub signing: Signing,
    /// The zone of days and of times without one.
    pub time_zone: Tz,
    /// The title of an issue that has none, with `{newsletter}`, `{month}`, `{year}`, `{day}`,
    /// `{date}`, `{slug}`.
    pub title: String,
    /// The permalink of an issue that names none, relative to the base address or absolute, with
    /// `{slug}`, `{year}`, `{month}`, `{day}`.
    pub url: String,
    /// Where the ids come from.
    pub ids: Ids,
    /// Whether scripts, handlers, styles and frames are cut out of raw HTML.
    pub clean_html: bool,
}

/// What may stand in [`Options::title`].
pub const TITLE_PLACEHOLDERS: [&str; 6] = [
    "{newsletter}",
    "{month}",
    "{year}",
    "{day}",
    "{date}",
    "{slug}",
];

/// What may stand in [`Options::url`].
pub const URL_PLACEHOLDERS: [&str; 4] = ["{slug}", "{year}", "{month}", "{day}"];

impl Options {
    /// The defaults.
    pub fn new(newsletter: Newsletter) -> Self {
        Self {
            newsletter,
            sections: Sections::default(),
            signing: Signing::ANYWHERE,
            time_zone: Tz::UTC,
            title: "{newsletter}: {month} {year}".to_owned(),
            url: "issues/{slug}/".to_owned(),
            ids: Ids::Tag,
            clean_html: true,
        }
    }
}
