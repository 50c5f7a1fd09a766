//! One site, or a part of one, that links lead to: what is asked of it next, and what came of it.

use std::collections::BTreeSet;

use url::Url;

use super::checking::{Checking, Found};
use super::search::{Options, Polled};
use super::summary::{Check, Summary};
use crate::sources::sites::{self, Lead, Question, Reason};

/// What came of an inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Feeds, the likeliest first.
    Found(Vec<Found>),
    /// The site is polled already: the number of the source.
    Polled(usize),
    /// There is none.
    Nothing(Reason),
    /// It is not known: nothing was fetched, or no longer.
    Unknown(Question),
}

#[derive(Debug)]
pub(super) struct Inquiry {
    /// The numbers of the links.
    pub(super) links: Vec<usize>,
    /// The pages that were linked, the last one first.
    pub(super) pages: Vec<Url>,
    /// The site, where pages are asked: parts of one site wait for its greatest.
    pub(super) home: Option<String>,
    /// How many things were asked.
    asked: usize,
    /// How often the address stood for another.
    turns: usize,
    /// Candidates that were fetched: none is twice.
    tried: BTreeSet<Url>,
    /// What holds where its own page names no feed: the verdict on its site.
    fallback: Option<Verdict>,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    /// The greatest part of its site is asked first.
    Wait(Question),
    Ask(Question),
    Check(Checking),
    Done(Verdict),
}

/// An address that stands for another that stands for another is followed so often.
const TURNS: usize = 5;

impl Inquiry {
    /// The inquiry about pages, of which the first is asked.
    pub(super) fn new(links: Vec<usize>, pages: Vec<Url>, polled: &[Polled]) -> Self {
        let mut inquiry = Self {
            links,
            home: None,
            asked: 0,
            turns: 0,
            tried: BTreeSet::new(),
            fallback: None,
            state: State::Done(Verdict::Nothing(lost())),
            pages,
        };
        inquiry.begin(polled);
        inquiry
    }

    fn begin(&mut self, polled: &[Polled]) {
        let url = &self.pages[0];
        match follow_turns(sites::look(url), &mut 0) {
            Lead::Ask(question) if question.interface => self.state = State::Ask(question),
            // Only a page is a page of a site; an interface is everybody's.
            Lead::Ask(question) => {
                let home = sites::home(url);
                let known = polled_for(url, &home, polled);
                self.state = match known {
                    Some(at) if sites::is_apart(url) => {
                        self.fallback = Some(Verdict::Polled(at));
                        State::Ask(sites::branch(&question))
                    }
                    Some(at) => State::Done(Verdict::Polled(at)),
                    None => {
                        self.home = Some(format!("{} {home}", question.site));
                        State::Ask(question)
                    }
                };
            }
            lead => self.take(lead),
        }
    }

    /// Waits for the greatest part of the site.
    pub(super) fn wait(&mut self) {
        if let State::Ask(question) = &self.state {
            self.state = State::Wait(question.clone());
        }
    }

    /// Goes on once the verdict on the greatest part of its site is known. `may_ask` is whether
    /// its own page may be read, which is another site's where it names another feed.
    pub(super) fn go_on(&mut self, verdict: &Verdict, may_ask: bool) {
        let State::Wait(question) = &self.state else {
            return;
        };
        let settled = match verdict {
            Verdict::Found(found) => found.iter().any(|found| {
                let covers = |it: &Summary| {
                    let mut pages = self.pages.iter();
                    pages.any(|page| it.carries(page) || it.covers(page))
                };
                found.summary.as_ref().is_some_and(covers)
            }),
            Verdict::Nothing(reason) => reason.is_of_host(),
            Verdict::Polled(_) | Verdict::Unknown(_) => false,
        };
        if settled || !may_ask {
            self.state = State::Done(verdict.clone());
        } else {
            self.state = State::Ask(sites::branch(question));
            self.fallback = Some(verdict.clone());
        }
    }

    /// Takes what an answer said.
    pub(super) fn answered(&mut self, lead: Lead, options: Options) {
        self.asked += 1;
        self.follow(lead, options);
    }

    /// Takes what was found at the address of the candidate that is fetched now.
    pub(super) fn checked(&mut self, check: &Check, options: Options) {
        let State::Check(checking) = &mut self.state else {
            return;
        };
        self.asked += 1;
        self.tried.insert(checking.feeds[checking.at].url.clone());
        checking.take(check, &self.pages);
        self.settle(options);
    }

    fn follow(&mut self, lead: Lead, options: Options) {
        let lead = follow_turns(lead, &mut self.turns);
        self.take(lead);
        self.settle(options);
    }

    fn take(&mut self, lead: Lead) {
        self.state = match lead {
            Lead::Ask(question) => State::Ask(question),
            Lead::Feeds {
                mut feeds,
                choice,
                otherwise,
            } => {
                feeds.retain(|it| !self.tried.contains(&it.url));
                State::Check(Checking {
                    feeds,
                    choice,
                    otherwise,
                    at: 0,
                    found: Vec::new(),
                    because: String::new(),
                })
            }
            Lead::Elsewhere(_) => State::Done(Verdict::Nothing(lost())),
            Lead::Nothing(reason) => State::Done(self.or_fallback(Verdict::Nothing(reason))),
        };
    }

    fn or_fallback(&mut self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Nothing(_) => self.fallback.take().unwrap_or(verdict),
            other => other,
        }
    }

    /// Goes on as far as nothing has to be fetched for it.
    pub(super) fn settle(&mut self, options: Options) {
        let spent = self.asked >= options.requests;
        if spent && let State::Ask(_) = &self.state {
            let because = "none of the places that were looked at has a feed".to_owned();
            let verdict = self.or_fallback(Verdict::Nothing(Reason::NoFeed(because)));
            self.state = State::Done(verdict);
        }
        let State::Check(checking) = &mut self.state else {
            return;
        };
        checking.skip(options);
        if !spent && checking.at < checking.feeds.len() && !checking.is_settled(&self.pages) {
            return;
        }
        if checking.found.is_empty()
            && !spent
            && let Some(lead) = checking.otherwise.take()
        {
            self.follow(*lead, options);
            return;
        }
        let verdict = checking.verdict(&self.pages);
        let verdict = self.or_fallback(verdict);
        self.state = State::Done(verdict);
    }

    /// The verdict as far as it is known.
    pub(super) fn finish(self, options: Options) -> Verdict {
        match self.state {
            State::Done(verdict) => verdict,
            // What is polled for its site is believed until its own page says otherwise.
            State::Ask(question) | State::Wait(question) => match self.fallback {
                Some(polled @ Verdict::Polled(_)) => polled,
                _ => Verdict::Unknown(question),
            },
            State::Check(checking) => checking.finish(options, &self.pages),
        }
    }
}

/// The source that is polled already for a page: of the same site, and not of another part of it.
fn polled_for(url: &Url, home: &str, polled: &[Polled]) -> Option<usize> {
    let path: Vec<&str> = url.path().split('/').filter(|it| !it.is_empty()).collect();
    let fits = |source: &Polled| {
        let site = Url::parse(source.site.as_deref()?).ok()?;
        if sites::home(&site) != home {
            return None;
        }
        let feed = Url::parse(&source.url).ok();
        let at_home = feed.filter(|feed| sites::home(feed) == home);
        let folder = at_home.as_ref().map(sites::feed_folder).unwrap_or_default();
        path.starts_with(&folder).then_some(folder.len())
    };
    let known = polled.iter().enumerate();
    let fitting = known.filter_map(|(at, source)| Some((fits(source)?, at)));
    // Of equally good ones the first.
    fitting
        .max_by_key(|(depth, at)| (*depth, std::cmp::Reverse(*at)))
        .map(|(_, at)| at)
}

/// Follows addresses that stand for others, a few times.
fn follow_turns(mut lead: Lead, turns: &mut usize) -> Lead {
    while let Lead::Elsewhere(url) = &lead {
        *turns += 1;
        if *turns > TURNS {
            break;
        }
        lead = sites::look(url);
    }
    lead
}

fn lost() -> Reason {
    Reason::NoFeed("its address leads in circles".to_owned())
}
