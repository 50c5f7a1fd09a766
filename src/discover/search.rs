//! What has to be found out next, for all links at once.
//!
//! A [`Search`] holds one inquiry for each site that links lead to, and for each part of a site
//! that may be a site of its own. [`Search::wanted`] says what to fetch, [`Search::answered`] and
//! [`Search::checked`] take what came; at the end every inquiry has a [`Verdict`]. Each asks a few
//! things at most, and the parts of a site wait for its greatest: its feed may be theirs.

use std::collections::BTreeMap;

use url::Url;

use super::Link;
use super::inquiry::{Inquiry, State, Verdict};
use super::summary::Check;
use crate::model::address::canonical;
use crate::sources::sites::{self, Lead, Question};

/// How a search is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether feeds that are proposed on request only are looked at: authors of papers, searches.
    pub on_request: bool,
    /// How many things one inquiry asks at most.
    pub requests: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            on_request: false,
            requests: 18,
        }
    }
}

/// A source that is polled already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polled {
    /// Its address.
    pub url: String,
    /// The page that it belongs to.
    pub site: Option<String>,
}

/// Something to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Questions that one address answers.
    Ask {
        /// What to fetch.
        url: Url,
        /// What is asked; the answer is read once for each.
        questions: Vec<Question>,
    },
    /// A feed that may be there.
    Check(Url),
}

impl Want {
    /// What to fetch.
    pub fn url(&self) -> &Url {
        match self {
            Self::Ask { url, .. } | Self::Check(url) => url,
        }
    }
}

/// What is found out about links.
#[derive(Debug)]
pub struct Search {
    options: Options,
    links: Vec<Url>,
    inquiries: Vec<Inquiry>,
    /// The number of the inquiry about the greatest part of each site.
    first: BTreeMap<String, usize>,
    /// How many parts of each site were asked besides.
    parts: BTreeMap<String, usize>,
}

impl Search {
    /// A search for the feeds behind links. Links to one part of a site are one inquiry, which
    /// begins at the page that was linked last.
    pub fn new(links: &[Link], polled: &[Polled], options: Options) -> Self {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, link) in links.iter().enumerate() {
            by_key.entry(key(&link.url)).or_default().push(at);
        }
        let inquiry = |mut numbers: Vec<usize>| {
            numbers.sort_by_key(|at| (std::cmp::Reverse(links[*at].at), std::cmp::Reverse(*at)));
            let pages = numbers.iter().take(PAGES);
            let pages = pages.map(|at| links[*at].url.clone()).collect();
            let mut inquiry = Inquiry::new(numbers, pages, polled);
            inquiry.settle(options);
            inquiry
        };
        let mut inquiries: Vec<Inquiry> = by_key.into_values().map(inquiry).collect();
        // What was linked most, and last, is asked first.
        inquiries.sort_by_key(|inquiry| {
            let last = inquiry.links.first().map(|at| links[*at].at);
            std::cmp::Reverse((inquiry.links.len(), last))
        });
        let mut first: BTreeMap<String, usize> = BTreeMap::new();
        for (at, inquiry) in inquiries.iter_mut().enumerate() {
            let Some(home) = &inquiry.home else { continue };
            if first.contains_key(home) {
                inquiry.wait();
            } else {
                first.insert(home.clone(), at);
            }
        }
        Self {
            options,
            links: links.iter().map(|link| link.url.clone()).collect(),
            inquiries,
            first,
            parts: BTreeMap::new(),
        }
    }

    /// What to fetch now, the most valuable first, each address once.
    pub fn wanted(&self) -> Vec<Want> {
        let mut wanted: Vec<Want> = Vec::new();
        let mut joined: BTreeMap<&str, Vec<&Question>> = BTreeMap::new();
        for inquiry in &self.inquiries {
            match &inquiry.state {
                State::Ask(question) => {
                    if sites::join(&[question]).is_some() {
                        let questions = joined.entry(&question.site).or_default();
                        if !questions.contains(&question) {
                            questions.push(question);
                        }
                    } else {
                        let want = Want::Ask {
                            url: question.url.clone(),
                            questions: vec![question.clone()],
                        };
                        if !wanted.contains(&want) {
                            wanted.push(want);
                        }
                    }
                }
                State::Check(checking) => {
                    let want = Want::Check(checking.url().clone());
                    if !wanted.contains(&want) {
                        wanted.push(want);
                    }
                }
                State::Wait(_) | State::Done(_) => {}
            }
        }
        let mut first = Vec::new();
        for questions in joined.values() {
            for some in questions.chunks(JOINED) {
                if let Some(url) = sites::join(some) {
                    let questions = some.iter().map(|it| (*it).clone()).collect();
                    first.push(Want::Ask { url, questions });
                }
            }
        }
        first.extend(wanted);
        first
    }

    /// Takes what an answer said to a question.
    pub fn answered(&mut self, question: &Question, lead: &Lead) {
        for inquiry in &mut self.inquiries {
            if matches!(&inquiry.state, State::Ask(asked) if asked == question) {
                inquiry.answered(lead.clone(), self.options);
            }
        }
        self.release();
    }

    /// Takes what was found at the address of a candidate.
    pub fn checked(&mut self, url: &Url, check: &Check) {
        for inquiry in &mut self.inquiries {
            if matches!(&inquiry.state, State::Check(checking) if checking.url() == url) {
                inquiry.checked(check, self.options);
            }
        }
        self.release();
    }

    /// Lets parts of sites go on whose greatest part is known.
    fn release(&mut self) {
        for at in 0..self.inquiries.len() {
            let inquiry = &self.inquiries[at];
            let (State::Wait(_), Some(home)) = (&inquiry.state, &inquiry.home) else {
                continue;
            };
            let home = home.clone();
            let State::Done(verdict) = &self.inquiries[self.first[&home]].state else {
                continue;
            };
            let verdict = verdict.clone();
            let parts = self.parts.entry(home).or_default();
            let inquiry = &mut self.inquiries[at];
            inquiry.go_on(&verdict, *parts < PARTS);
            *parts += usize::from(matches!(inquiry.state, State::Ask(_)));
        }
    }

    /// The verdicts, with the numbers of the links that each is about. What is not known yet
    /// stays so; feeds by rule that nobody looked at count as found. A page that another feed of
    /// its site carries is that feed's.
    pub fn finish(self) -> Vec<(Vec<usize>, Verdict)> {
        let options = self.options;
        let (homes, mut verdicts): (Vec<_>, Vec<_>) = self
            .inquiries
            .into_iter()
            .map(|mut inquiry| {
                let numbers = std::mem::take(&mut inquiry.links);
                (inquiry.home.take(), (numbers, inquiry.finish(options)))
            })
            .unzip();
        let mut by_home: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, home) in homes.iter().enumerate() {
            if let Some(home) = home {
                by_home.entry(home).or_default().push(at);
            }
        }
        for parts in by_home.into_values().filter(|parts| parts.len() > 1) {
            exchange(&parts, &mut verdicts, &self.links);
        }
        verdicts.retain(|(numbers, _)| !numbers.is_empty());
        verdicts
    }
}

/// Gives each link to the part of its site whose feed carries it.
fn exchange(parts: &[usize], verdicts: &mut [(Vec<usize>, Verdict)], links: &[Url]) {
    let carries = |(_, verdict): &(Vec<usize>, Verdict), link: usize| match verdict {
        Verdict::Found(found) => found.iter().any(|it| {
            let summary = it.summary.as_ref();
            summary.is_some_and(|summary| summary.carries(&links[link]))
        }),
        _ => false,
    };
    for from in parts {
        let (stay, leave): (Vec<usize>, Vec<(usize, usize)>) = {
            let mut stay = Vec::new();
            let mut leave = Vec::new();
            for link in &verdicts[*from].0 {
                let here = carries(&verdicts[*from], *link);
                let to = parts.iter().find(|to| carries(&verdicts[**to], *link));
                match to.filter(|_| !here) {
                    Some(to) => leave.push((*link, *to)),
                    None => stay.push(*link),
                }
            }
            (stay, leave)
        };
        verdicts[*from].0 = stay;
        for (link, to) in leave {
            verdicts[to].0.push(link);
        }
    }
}

/// So many pages of a site are remembered, to know them among the entries of its feeds.
const PAGES: usize = 60;

/// So many parts of one site are asked besides the greatest.
const PARTS: usize = 12;

/// So many questions of one site are asked at once.
pub(super) const JOINED: usize = 50;

/// What links have in common that are one inquiry.
fn key(url: &Url) -> String {
    match sites::look(url) {
        Lead::Feeds { feeds, .. } => format!("feed:{}", canonical(feeds[0].url.as_str())),
        Lead::Ask(question) if question.interface => format!("{}:{}", question.site, question.key),
        Lead::Ask(question) => {
            format!("{}:{}:{}", question.site, question.key, sites::part(url))
        }
        Lead::Elsewhere(url) => format!("elsewhere:{}", canonical(url.as_str())),
        Lead::Nothing(reason) => format!(
            "nothing:{}:{}",
            url.host_str().unwrap_or_default(),
            reason.text()
        ),
    }
}
