//! Candidates that are read one after another, until one is the feed that was looked for.

use url::Url;

use super::inquiry::Verdict;
use super::search::Options;
use super::summary::{Check, Summary};
use crate::sources::sites::{self, Candidate, Choice, Lead, Reason};

/// A feed that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rule's word on it.
    pub candidate: Candidate,
    /// What it is; `None` where it was not fetched.
    pub summary: Option<Summary>,
    /// Whether a better one of the same inquiry was found.
    pub second: bool,
}

/// Candidates that are fetched one after another.
#[derive(Debug)]
pub(super) struct Checking {
    pub(super) feeds: Vec<Candidate>,
    pub(super) choice: Choice,
    pub(super) otherwise: Option<Box<Lead>>,
    /// The number of the candidate that is fetched now.
    pub(super) at: usize,
    /// Those that are feeds.
    pub(super) found: Vec<Found>,
    /// Why the last one was none.
    pub(super) because: String,
}

/// So many feeds that a page names are read, to find the one that carries the page.
const LOOKED: usize = 3;

impl Checking {
    pub(super) fn url(&self) -> &Url {
        &self.feeds[self.at].url
    }

    /// Passes over what is proposed on request only.
    pub(super) fn skip(&mut self, options: Options) {
        while let Some(candidate) = self.feeds.get(self.at)
            && candidate.on_request
            && !options.on_request
        {
            self.at += 1;
        }
    }

    pub(super) fn take(&mut self, check: &Check, pages: &[Url]) {
        let candidate = &self.feeds[self.at];
        self.at += 1;
        match check {
            Check::Feed(summary) => {
                let strange = candidate
                    .of
                    .as_deref()
                    .is_some_and(|home| !summary.is_of(home));
                let aside = summary.comments
                    && self.choice != Choice::Each
                    && !pages.contains(&candidate.url);
                if strange {
                    self.because = format!("`{}` is the feed of another site", candidate.url);
                } else if aside {
                    self.because = format!("`{}` is a feed of comments", candidate.url);
                } else {
                    self.found.push(Found {
                        candidate: candidate.clone(),
                        summary: Some(summary.clone()),
                        second: false,
                    });
                }
            }
            Check::Not(because) | Check::NoAnswer(because) => self.because.clone_from(because),
        }
    }

    /// Whether what was found is the feed that was looked for. A page may name the feeds of
    /// several parts of a site: the one that carries the page is its own.
    pub(super) fn is_settled(&self, pages: &[Url]) -> bool {
        if self.choice == Choice::Each {
            return false;
        }
        let full: Vec<&Found> = self.found.iter().filter(|it| it.entries() > 0).collect();
        let Some(first) = full.first() else {
            return false;
        };
        let is_front = || pages.iter().all(|page| page.path().len() <= 1);
        if self.choice == Choice::First || self.best(pages) > Fit::Full || is_front() {
            return true;
        }
        let known = sites::speaks_for(&first.candidate.url);
        let others = self.feeds[self.at..]
            .iter()
            .any(|it| !it.is_part && !it.on_request && sites::speaks_for(&it.url) != known);
        !others || full.len() >= LOOKED
    }

    fn best(&self, pages: &[Url]) -> Fit {
        self.found
            .iter()
            .map(|it| it.fit(pages))
            .max()
            .unwrap_or(Fit::Empty)
    }

    /// Of several that say the same, the one that carries a linked page wins, then one with
    /// entries near it, then one with entries.
    pub(super) fn verdict(&mut self, pages: &[Url]) -> Verdict {
        let best = self.best(pages);
        let mut found = std::mem::take(&mut self.found);
        if self.choice != Choice::Each {
            let at = found.iter().position(|it| it.fit(pages) == best);
            found = found.into_iter().skip(at.unwrap_or(0)).take(1).collect();
        }
        for second in found.iter_mut().skip(1) {
            second.second = true;
        }
        if found.is_empty() {
            let because = if self.because.is_empty() {
                "no feed is where one should be".to_owned()
            } else {
                format!("no feed is where one should be: {}", self.because)
            };
            return Verdict::Nothing(Reason::NoFeed(because));
        }
        Verdict::Found(found)
    }

    /// The verdict where nothing more is fetched: rules are believed.
    pub(super) fn finish(mut self, options: Options, pages: &[Url]) -> Verdict {
        let wanted = |it: &&Candidate| options.on_request || !it.on_request;
        let rest = self.feeds[self.at..].iter().filter(wanted);
        let take = match self.choice {
            Choice::Each => usize::MAX,
            Choice::First | Choice::Fitting => 1,
        };
        let unseen = rest.take(take).map(|candidate| Found {
            candidate: candidate.clone(),
            summary: None,
            second: false,
        });
        if self.choice == Choice::Each || self.found.is_empty() {
            self.found.extend(unseen);
        }
        self.verdict(pages)
    }
}

/// How a feed fits the pages that were linked, the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Empty,
    Full,
    Covers,
    Carries,
}

impl Found {
    fn entries(&self) -> usize {
        self.summary.as_ref().map_or(0, |it| it.entries)
    }

    fn fit(&self, pages: &[Url]) -> Fit {
        let Some(summary) = self.summary.as_ref().filter(|it| it.entries > 0) else {
            return Fit::Empty;
        };
        if pages.iter().any(|page| summary.carries(page)) {
            Fit::Carries
        } else if pages.first().is_some_and(|page| summary.covers(page)) {
            Fit::Covers
        } else {
            Fit::Full
        }
    }
}
