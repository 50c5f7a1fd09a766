//! Links grouped by the feeds behind them: what could be polled, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use url::Url;

use super::{Found, Link, Polled, Summary, Verdict};
use crate::model::Kind;
use crate::model::address::canonical;
use crate::sources::sites::{Certainty, Question, Reason};

/// All that came of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Feeds, those with the most evidence first.
    pub proposals: Vec<Proposal>,
    /// Sites without a feed.
    pub silent: Vec<Silent>,
    /// Sites of which nothing is known, because nothing was fetched.
    pub unknown: Vec<Unknown>,
    /// How many links there are.
    pub links: usize,
}

/// A feed that could be polled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its address.
    pub url: String,
    /// Its name: its own, or what the rule calls it.
    pub title: String,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// What its entries are.
    pub kind: Option<Kind>,
    /// How sure it is that there is a feed.
    pub certainty: Certainty,
    /// What was found there; `None` where it was not fetched.
    pub summary: Option<Summary>,
    /// Who linked there, and when.
    pub evidence: Evidence,
    /// Whether all links lead to a better proposal as well.
    pub second: bool,
    /// The source that is polled already, and how it is known to be the same.
    pub known: Option<Known>,
}

/// Why something is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The numbers of the links.
    pub links: Vec<usize>,
    /// How many readings they are of.
    pub readings: usize,
    /// Who recommended those, with how often, most often first.
    pub curators: Vec<(String, usize)>,
    /// The subheadings they stand under, with how often, most often first.
    pub categories: Vec<(String, usize)>,
    /// The first time.
    pub first: DateTime<FixedOffset>,
    /// The last time.
    pub last: DateTime<FixedOffset>,
}

/// How a proposal is known to be polled already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The source has its address.
    Same(String),
    /// The source's address leads there, or it says so itself.
    OtherAddress(String),
    /// The source is another feed of the same site.
    SameSite(String),
}

impl Known {
    /// The address that is polled.
    pub fn url(&self) -> &str {
        match self {
            Self::Same(url) | Self::OtherAddress(url) | Self::SameSite(url) => url,
        }
    }
}

/// A site without a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Its host.
    pub host: String,
    /// Why.
    pub reason: Reason,
    /// Who linked there.
    pub evidence: Evidence,
}

/// A site of which nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What would have to be fetched.
    pub question: Question,
    /// Who linked there.
    pub evidence: Evidence,
}

/// Groups what was found by feed, with the evidence, and marks what is polled already.
pub fn propose(links: &[Link], verdicts: Vec<(Vec<usize>, Verdict)>, polled: &[Polled]) -> Report {
    let mut feeds: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut known: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut silent: BTreeMap<(String, String), (Reason, Vec<usize>)> = BTreeMap::new();
    let mut report = Report {
        links: links.len(),
        ..Report::default()
    };
    for (numbers, verdict) in verdicts {
        match verdict {
            Verdict::Found(found) => {
                for found in found {
                    feeds
                        .entry(identity(&found))
                        .or_default()
                        .add(found, &numbers);
                }
            }
            Verdict::Polled(at) => known.entry(at).or_default().extend(numbers),
            Verdict::Nothing(reason) => {
                let host = numbers.first().and_then(|at| links[*at].url.host_str());
                let host = host
                    .unwrap_or_default()
                    .trim_start_matches("www.")
                    .to_owned();
                let key = (host, reason.text().to_owned());
                silent
                    .entry(key)
                    .or_insert((reason, Vec::new()))
                    .1
                    .extend(numbers);
            }
            Verdict::Unknown(question) => report.unknown.push(Unknown {
                question,
                evidence: Evidence::of(links, numbers),
            }),
        }
    }
    report.silent = silent
        .into_iter()
        .map(|((host, _), (reason, numbers))| Silent {
            host,
            reason,
            evidence: Evidence::of(links, numbers),
        })
        .collect();
    report.proposals = feeds
        .into_values()
        .filter_map(|gathered| gathered.proposal(links, polled))
        .chain(
            known
                .into_iter()
                .map(|(at, numbers)| polled_site(&polled[at], links, numbers)),
        )
        .collect();
    report
        .proposals
        .sort_by(|one, other| order(one).cmp(&order(other)));
    report.silent.sort_by_key(|it| by_evidence(&it.evidence));
    report.unknown.sort_by_key(|it| by_evidence(&it.evidence));
    report
}

/// Feeds with the same form of this are one.
fn identity(found: &Found) -> String {
    let url = found
        .summary
        .as_ref()
        .map_or(found.candidate.url.as_str(), |it| it.url.as_str());
    canonical(url)
}

type ByEvidence = (
    std::cmp::Reverse<(usize, DateTime<FixedOffset>)>,
    Vec<usize>,
);

fn by_evidence(evidence: &Evidence) -> ByEvidence {
    (
        std::cmp::Reverse((evidence.readings, evidence.last)),
        evidence.links.clone(),
    )
}

fn order(proposal: &Proposal) -> (bool, ByEvidence, &str) {
    (
        proposal.second,
        by_evidence(&proposal.evidence),
        &proposal.url,
    )
}

/// What was found of one feed.
#[derive(Default)]
struct Gathered {
    found: Option<Found>,
    addresses: Vec<Url>,
    links: Vec<usize>,
    first_hand: bool,
}

impl Gathered {
    fn add(&mut self, found: Found, numbers: &[usize]) {
        self.first_hand |= !found.second;
        self.addresses.push(found.candidate.url.clone());
        self.links.extend(numbers);
        let better = self
            .found
            .as_ref()
            .is_none_or(|known| known.summary.is_none());
        if better {
            self.found = Some(found);
        }
    }

    fn proposal(self, links: &[Link], polled: &[Polled]) -> Option<Proposal> {
        let Found {
            candidate, summary, ..
        } = self.found?;
        let own = summary
            .as_ref()
            .and_then(|it| it.title.clone())
            .filter(|it| !it.trim().is_empty());
        let evidence = Evidence::of(links, self.links);
        let audio = summary.as_ref().is_some_and(|it| it.audio);
        let kind = candidate.kind.or(audio.then_some(Kind::Podcast));
        let site = summary.as_ref().and_then(|it| it.site.clone());
        let mut addresses: Vec<String> = self
            .addresses
            .iter()
            .map(|url| canonical(url.as_str()))
            .collect();
        let url = summary
            .as_ref()
            .map_or_else(|| candidate.url.to_string(), |it| it.url.clone());
        addresses.insert(0, canonical(&url));
        let own_word = summary
            .as_ref()
            .and_then(|it| it.self_link.as_deref())
            .map(canonical);
        let known = known(&addresses, own_word.as_deref(), site.as_deref(), polled);
        Some(Proposal {
            title: own.unwrap_or_else(|| candidate.about.clone()),
            url,
            site,
            kind,
            certainty: candidate.certainty,
            summary,
            evidence,
            second: !self.first_hand,
            known,
        })
    }
}

fn known(
    addresses: &[String],
    own: Option<&str>,
    site: Option<&str>,
    polled: &[Polled],
) -> Option<Known> {
    let form = |source: &Polled| canonical(&source.url);
    if let Some(source) = polled.iter().find(|source| form(source) == addresses[0]) {
        return Some(Known::Same(source.url.clone()));
    }
    let others =
        |source: &&Polled| addresses.contains(&form(source)) || own == Some(form(source).as_str());
    if let Some(source) = polled.iter().find(others) {
        return Some(Known::OtherAddress(source.url.clone()));
    }
    let site = canonical(site?);
    let same = |source: &&Polled| source.site.as_deref().map(canonical).as_ref() == Some(&site);
    polled
        .iter()
        .find(same)
        .map(|source| Known::SameSite(source.url.clone()))
}

/// A source that is polled already, known by its site alone.
fn polled_site(source: &Polled, links: &[Link], numbers: Vec<usize>) -> Proposal {
    Proposal {
        url: source.url.clone(),
        title: source.site.clone().unwrap_or_else(|| source.url.clone()),
        site: source.site.clone(),
        kind: None,
        certainty: Certainty::Declared,
        summary: None,
        evidence: Evidence::of(links, numbers),
        second: false,
        known: Some(Known::Same(source.url.clone())),
    }
}

impl Evidence {
    fn of(links: &[Link], mut numbers: Vec<usize>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let mut readings: Vec<(&str, &str)> = Vec::new();
        let mut curators: BTreeMap<&str, usize> = BTreeMap::new();
        let mut categories: BTreeMap<&str, usize> = BTreeMap::new();
        for link in numbers.iter().map(|at| &links[*at]) {
            let reading = (link.issue.as_str(), link.title.as_str());
            if readings.contains(&reading) {
                continue;
            }
            readings.push(reading);
            if let Some(name) = &link.curator {
                *curators.entry(name).or_default() += 1;
            }
            if let Some(name) = &link.category {
                *categories.entry(name).or_default() += 1;
            }
        }
        let dates = || numbers.iter().map(|at| links[*at].at);
        Self {
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
