//! What the configuration says of issue files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;

use super::readings::{Sections, Signing};
use crate::model::Newsletter;

/// Where the ids of entries come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// A `tag:` URI of the newsletter's authority and the slug: survives a move to another
    /// address and a new title.
    #[default]
    Tag,
    /// The permalink: for an archive that was published so, as by Hugo, Zola, Eleventy, Astro.
    Permalink,
    /// As jekyll-feed makes them: the permalink without its last slash and ending.
    Jekyll,
    /// As Pelican makes them: `tag:host,day:path/`.
    Pelican,
    /// A pattern of its own, with the placeholders of [`Options::url`].
    Pattern(String),
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
    /// the placeholders of [`URL_PLACEHOLDERS`].
    pub url: String,
    /// The slug of an issue that names none, with the same placeholders but for `{slug}`; none
    /// for the file's name.
    pub slug: Option<String>,
    /// Days of files that have none of their own, by path as the user would name it.
    pub dates: BTreeMap<PathBuf, String>,
    /// Where the ids come from.
    pub ids: Ids,
    /// Whether scripts, handlers, styles and frames are cut out of raw HTML.
    pub clean_html: bool,
}

/// What may stand in [`Options::title`].
pub const TITLE_PLACEHOLDERS: [&str; 8] = [
    "{newsletter}",
    "{number}",
    "{name}",
    "{month}",
    "{year}",
    "{day}",
    "{date}",
    "{slug}",
];

/// What may stand in [`Options::url`]: `{name}` is the file's name without its date,
/// `{title-slug}` made of the title, `{section}` the folder's name, `{number}` the issue's.
pub const URL_PLACEHOLDERS: [&str; 8] = [
    "{slug}",
    "{name}",
    "{title-slug}",
    "{number}",
    "{section}",
    "{year}",
    "{month}",
    "{day}",
];

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
            slug: None,
            dates: BTreeMap::new(),
            ids: Ids::Tag,
            clean_html: true,
        }
    }
}
