//! The issues of the newsletter that can be read, who recommends in them, and how the last ones
//! are written.

use chrono::{DateTime, NaiveDate, Utc};

use crate::config::Config;
use crate::draft;
use crate::issues::readings::Signing;
use crate::issues::style::{self, Sample};
use crate::model::{Curator, HouseStyle, Issue, Reading};
use crate::publish::Error;
use crate::publish::files::{read, read_issues};

/// How many of the last issues show the house style.
const SAMPLES: usize = 6;

/// All issues whose headers are right, newest first.
pub struct Archive {
    /// Those that are no drafts, also with a day that is still to come.
    pub issues: Vec<Issue>,
    /// The drafts.
    pub drafts: Vec<Issue>,
}

impl Archive {
    /// Reads all issue files.
    ///
    /// # Errors
    ///
    /// Where files are missing or cannot be read.
    pub fn read(config: &Config) -> Result<Self, Error> {
        let mut issues: Vec<Issue> = read_issues(config, &[])?
            .into_iter()
            .filter(|read| read.right)
            .filter_map(|read| read.issue)
            .collect();
        issues.sort_by(|one, other| {
            let key = |issue: &Issue| (issue.header.published, issue.header.path.clone());
            key(other).cmp(&key(one))
        });
        let (drafts, issues) = issues.into_iter().partition(|issue| issue.header.draft);
        Ok(Self { issues, drafts })
    }

    /// The issues that are out.
    pub fn published<'a>(
        &'a self,
        config: &'a Config,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'a Issue> {
        self.issues
            .iter()
            .filter(move |issue| config.publish_future || issue.header.published <= now)
    }

    /// The issues that are not out, drafts among them.
    pub fn waiting<'a>(
        &'a self,
        config: &'a Config,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'a Issue> {
        let later = self
            .issues
            .iter()
            .filter(move |issue| !config.publish_future && issue.header.published > now);
        later.chain(&self.drafts)
    }

    /// The days of the issues.
    pub fn dates(&self) -> Vec<NaiveDate> {
        let days = self.issues.iter();
        days.map(|issue| issue.header.published.date_naive())
            .collect()
    }

    /// How the last issues are written.
    pub fn style(&self, config: &Config) -> Result<HouseStyle, Error> {
        let newest = &self.issues[..self.issues.len().min(SAMPLES)];
        let files: Vec<String> = newest
            .iter()
            .map(|issue| {
                let bytes = read(&config.root.join(&issue.header.path))?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            })
            .collect::<Result<_, Error>>()?;
        let samples: Vec<Sample<'_>> = newest
            .iter()
            .zip(&files)
            .map(|(issue, file)| Sample {
                header: &issue.header,
                file,
            })
            .collect();
        // Where nobody is believed to sign, no draft leaves a gap for a name.
        let signs = self.readings().any(|reading| reading.curator.is_some());
        let signing = Signing {
            first: signs,
            last: signs,
        };
        Ok(style::house(&samples, &config.issues.sections, signing))
    }

    /// The curator of this name, as the newest reading has them.
    pub fn curator(&self, name: &str) -> Option<&Curator> {
        draft::known_curator(self.readings(), name)
    }

    /// The names of all curators, whoever recommended most first.
    pub fn curators(&self) -> Vec<String> {
        let mut names: Vec<(usize, String)> = Vec::new();
        let curators = self
            .readings()
            .filter_map(|reading| reading.curator.as_ref());
        for curator in curators {
            let lower = curator.name.to_lowercase();
            match names
                .iter_mut()
                .find(|(_, name)| name.to_lowercase() == lower)
            {
                Some((count, _)) => *count += 1,
                None => names.push((1, curator.name.clone())),
            }
        }
        names.sort_by(|one, other| (other.0, &one.1).cmp(&(one.0, &other.1)));
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The name as the archive writes it, where it knows it: whole, or by a first name that only
    /// one curator has.
    pub fn known_name(&self, given: &str) -> Option<String> {
        if let Some(curator) = self.curator(given) {
            return Some(curator.name.clone());
        }
        let first = given.to_lowercase();
        let mut same = self
            .curators()
            .into_iter()
            .filter(|name| name.to_lowercase().split(' ').next() == Some(first.as_str()));
        same.next().filter(|_| same.next().is_none())
    }

    fn readings(&self) -> impl Iterator<Item = &Reading> + Clone {
        self.issues.iter().flat_map(|issue| &issue.readings)
    }
}
