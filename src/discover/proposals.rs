//! Links grouped by the feeds behind them: what could be polled, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use url::Url;

use super::evidence::{Evidence, Reach, reach};
use super::search::JOINED;
use super::{Found, Link, Polled, Summary, Verdict};
use crate::model::Kind;
use crate::model::address::canonical;
use crate::sources::sites::{self, Certainty, Question, Reason, join, speaks_for};

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
    /// What polling the proposals of the last year would have brought.
    pub reach: Reach,
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
    let mut unknown: BTreeMap<(String, usize), (Vec<Question>, Vec<usize>)> = BTreeMap::new();
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
                let key = (host_of(links, &numbers), reason.text().to_owned());
                silent
                    .entry(key)
                    .or_insert((reason, Vec::new()))
                    .1
                    .extend(numbers);
            }
            Verdict::Unknown(question) => {
                // What one request answers is one thing to do.
                let joined = join(&[&question]).is_some();
                let key = (
                    question.site.clone(),
                    if joined { 0 } else { 1 + unknown.len() },
                );
                let (questions, all) = unknown.entry(key).or_default();
                questions.push(question);
                all.extend(numbers);
            }
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
    report.unknown = still_unknown(unknown.into_values(), links);
    report.proposals = merge_twins(feeds)
        .into_iter()
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
    report.reach = reach(links, &report.proposals);
    report
}

/// The host that the first of these links leads to.
fn host_of(links: &[Link], numbers: &[usize]) -> String {
    let host = numbers.first().and_then(|at| links[*at].url.host_str());
    host.unwrap_or_default()
        .trim_start_matches("www.")
        .to_owned()
}

/// What is still to be asked, and who linked there.
fn still_unknown(
    questions: impl Iterator<Item = (Vec<Question>, Vec<usize>)>,
    links: &[Link],
) -> Vec<Unknown> {
    questions
        .filter_map(|(questions, numbers)| {
            Some(Unknown {
                question: in_one(&questions)?,
                evidence: Evidence::of(links, numbers),
            })
        })
        .collect()
}

/// Several questions that one address answers as one.
fn in_one(questions: &[Question]) -> Option<Question> {
    let first = questions.first()?.clone();
    let some: Vec<&Question> = questions.iter().take(JOINED).collect();
    Some(match join(&some) {
        Some(url) => Question { url, ..first },
        None => first,
    })
}

/// Feeds that say the same in other words, RSS and Atom of one site, are one.
fn merge_twins(feeds: BTreeMap<String, Gathered>) -> Vec<Gathered> {
    let mut merged: BTreeMap<String, Vec<Gathered>> = BTreeMap::new();
    for gathered in feeds.into_values() {
        let Some(summary) = gathered.found.as_ref().and_then(|it| it.summary.as_ref()) else {
            merged.entry(String::new()).or_default().push(gathered);
            continue;
        };
        let place = Url::parse(&summary.url)
            .map(|url| speaks_for(&url))
            .unwrap_or_default();
        let twins = merged.entry(place).or_default();
        match twins.iter_mut().find(|twin| twin.says_the_same(summary)) {
            Some(twin) => twin.join(gathered),
            None => twins.push(gathered),
        }
    }
    merged.into_values().flatten().collect()
}

/// Feeds with the same form of this are one.
fn identity(found: &Found) -> String {
    let url = found
        .summary
        .as_ref()
        .map_or(found.candidate.url.as_str(), |it| it.url.as_str());
    canonical(url)
}

/// What was linked often within the last year comes first, then what was linked often at all.
type ByEvidence = (
    std::cmp::Reverse<(usize, usize, DateTime<FixedOffset>)>,
    Vec<usize>,
);

fn by_evidence(evidence: &Evidence) -> ByEvidence {
    (
        std::cmp::Reverse((evidence.recent, evidence.readings, evidence.last)),
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

    /// Whether a feed has the entries of this one, for the most part.
    fn says_the_same(&self, other: &Summary) -> bool {
        let own = self.found.as_ref().and_then(|it| it.summary.as_ref());
        own.is_some_and(|own| {
            let shared = own
                .pages
                .iter()
                .filter(|page| other.pages.contains(page))
                .count();
            let fewer = own.pages.len().min(other.pages.len());
            fewer > 0 && 2 * shared > fewer
        })
    }

    /// Takes the evidence of a twin; the one that more links lead to keeps its address.
    fn join(&mut self, mut other: Self) {
        if other.links.len() > self.links.len() {
            std::mem::swap(self, &mut other);
        }
        self.first_hand |= other.first_hand;
        self.addresses.extend(other.addresses);
        self.links.extend(other.links);
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
        let known = known(
            &url,
            &addresses,
            summary.as_ref(),
            candidate.is_part,
            polled,
        );
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

/// The source that has the address, or says that it is the same, or is of the same site. The
/// first of the addresses is `url`'s.
fn known(
    url: &str,
    addresses: &[String],
    summary: Option<&Summary>,
    is_part: bool,
    polled: &[Polled],
) -> Option<Known> {
    let own = summary
        .and_then(|it| it.self_link.as_deref())
        .map(canonical);
    let site = summary.and_then(|it| it.site.as_deref());
    let form = |source: &Polled| canonical(&source.url);
    if let Some(source) = polled.iter().find(|source| form(source) == addresses[0]) {
        return Some(Known::Same(source.url.clone()));
    }
    let others = |source: &&Polled| addresses.contains(&form(source)) || own == Some(form(source));
    if let Some(source) = polled.iter().find(others) {
        return Some(Known::OtherAddress(source.url.clone()));
    }
    let site = canonical(site?);
    // Two parts of a site may both say that they belong to its front page.
    let speaks = |url: &str| Url::parse(url).map(|url| speaks_for(&url)).ok();
    let apart = |source: &Polled| {
        let (one, other) = (Url::parse(&source.url).ok(), Url::parse(url).ok());
        let home = |url: &Option<Url>| url.as_ref().map(sites::home);
        !is_part && home(&one) == home(&other) && speaks(&source.url) != speaks(url)
    };
    let same = |source: &&Polled| {
        source.site.as_deref().map(canonical).as_ref() == Some(&site) && !apart(source)
    };
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
