//! Why a feed is proposed: the readings that lead to it; and how far all proposals reach.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::{Link, Proposal};

/// Why something is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The numbers of the links.
    pub links: Vec<usize>,
    /// How many readings they are of.
    pub readings: usize,
    /// How many of these are of the year before the last issue.
    pub recent: usize,
    /// Who recommended those, with how often, most often first.
    pub curators: Vec<(String, usize)>,
    /// The subheadings they stand under, with how often, most often first.
    pub categories: Vec<(String, usize)>,
    /// The first time.
    pub first: DateTime<FixedOffset>,
    /// The last time.
    pub last: DateTime<FixedOffset>,
}

/// How much of the last year of issues comes from places that are known now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The readings of the year before the last issue.
    pub readings: usize,
    /// The feeds, polled already or proposed, that these readings lead to.
    pub sources: usize,
    /// Of the readings, those that lead to one of them.
    pub carried: usize,
    /// Of those, the ones whose place an earlier issue had linked to.
    pub foreseen: usize,
}

/// The days of a year before the last issue count as recent.
const RECENT: TimeDelta = TimeDelta::days(365);

fn since(links: &[Link]) -> Option<DateTime<FixedOffset>> {
    links
        .iter()
        .map(|link| link.at)
        .max()?
        .checked_sub_signed(RECENT)
}

/// What of the last year comes from what is proposed or polled.
pub(super) fn reach(links: &[Link], proposals: &[Proposal]) -> Reach {
    let Some(since) = since(links) else {
        return Reach::default();
    };
    let mut reach = Reach {
        readings: links.iter().filter(|it| it.main && it.at > since).count(),
        ..Reach::default()
    };
    let mut carried = vec![false; links.len()];
    let mut foreseen = vec![false; links.len()];
    let there = |it: &&Proposal| it.known.is_some() || it.summary.is_some() && !it.second;
    for proposal in proposals.iter().filter(there) {
        let evidence = &proposal.evidence;
        reach.sources += usize::from(evidence.recent > 0);
        for at in &evidence.links {
            carried[*at] = true;
            foreseen[*at] |= evidence.first < links[*at].at;
        }
    }
    let counts = |flags: &[bool]| {
        let links = links.iter().zip(flags);
        links
            .filter(|(it, flag)| **flag && it.main && it.at > since)
            .count()
    };
    reach.carried = counts(&carried);
    reach.foreseen = counts(&foreseen);
    reach
}

impl Evidence {
    /// The evidence that these links are.
    pub(super) fn of(links: &[Link], mut numbers: Vec<usize>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let since = since(links);
        let mut recent = 0;
        let mut readings: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut curators: BTreeMap<&str, usize> = BTreeMap::new();
        let mut categories: BTreeMap<&str, usize> = BTreeMap::new();
        for link in numbers.iter().map(|at| &links[*at]) {
            let reading = (link.issue.as_str(), link.title.as_str());
            if !readings.insert(reading) {
                continue;
            }
            recent += usize::from(since.is_some_and(|since| link.at > since));
            if let Some(name) = &link.curator {
                *curators.entry(name).or_default() += 1;
            }
            if let Some(name) = &link.category {
                *categories.entry(name).or_default() += 1;
            }
        }
        let dates = || numbers.iter().map(|at| links[*at].at);
        Self {
            recent,
            readings: readings.len(),
            curators: most(&curators),
            categories: most(&categories),
            first: dates().min().unwrap_or_default(),
            last: dates().max().unwrap_or_default(),
            links: numbers,
        }
    }
}

fn most(counted: &BTreeMap<&str, usize>) -> Vec<(String, usize)> {
    let mut list: Vec<(String, usize)> = counted
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    list
}
