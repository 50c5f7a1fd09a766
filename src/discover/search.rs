//! What has to be found out next, for all links at once.
//!
//! A [`Search`] holds one inquiry for each site that links lead to. [`Search::wanted`] says what
//! to fetch, [`Search::answered`] and [`Search::checked`] take what came; at the end every inquiry
//! has a [`Verdict`]. Each asks a few things at most.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lenient_feed::Feed;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Link;
use crate::model::address::canonical;
use crate::sources::sites::{self, Candidate, Choice, Lead, Question, Reason};

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
            requests: 9,
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

/// What was found where a feed should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A feed.
    Feed(Summary),
    /// Something else, or nothing.
    Not(String),
}

/// What a feed says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its address, after permanent redirects.
    pub url: String,
    /// Its name.
    pub title: Option<String>,
    /// Its dialect, as `inspect` names it.
    pub format: String,
    /// The page that it belongs to.
    pub site: Option<String>,
    /// Its own address, by its own word.
    pub self_link: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    /// When the last one appeared.
    pub latest: Option<DateTime<Utc>>,
    /// Whether its entries come with recordings.
    pub audio: bool,
}

/// What is worth knowing of a feed that was fetched from an address.
pub fn summary(feed: &Feed, url: &Url) -> Summary {
    let audio = |entry: &lenient_feed::Entry| {
        let mut enclosures = entry.enclosures.iter();
        enclosures.any(|it| {
            it.media_type
                .as_deref()
                .is_some_and(|it| it.starts_with("audio/"))
        })
    };
    Summary {
        url: url.to_string(),
        title: feed.title.as_ref().map(|title| title.plain().to_string()),
        format: feed.format.name().to_owned(),
        site: feed.link.clone(),
        self_link: feed.self_link.clone(),
        entries: feed.entries.len(),
        latest: feed
            .entries
            .iter()
            .filter_map(|it| it.published.or(it.updated))
            .max(),
        audio: feed.entries.iter().any(audio),
    }
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

/// One site that links lead to.
#[derive(Debug)]
struct Inquiry {
    /// The numbers of the links.
    links: Vec<usize>,
    /// How many things were asked.
    asked: usize,
    /// How often the address stood for another.
    turns: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    Ask(Question),
    Check(Checking),
    Done(Verdict),
}

/// Candidates that are fetched one after another.
#[derive(Debug)]
struct Checking {
    feeds: Vec<Candidate>,
    choice: Choice,
    otherwise: Option<Question>,
    /// The number of the candidate that is fetched now.
    at: usize,
    /// Those that are feeds.
    found: Vec<Found>,
    /// Why the last one was none.
    because: String,
}

/// What is found out about links.
#[derive(Debug)]
pub struct Search {
    options: Options,
    inquiries: Vec<Inquiry>,
}

impl Search {
    /// A search for the feeds behind links. Links to one site are one inquiry, which begins at
    /// the page that was linked last.
    pub fn new(links: &[Link], polled: &[Polled], options: Options) -> Self {
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, link) in links.iter().enumerate() {
            by_key.entry(key(&link.url)).or_default().push(at);
        }
        let mut inquiries: Vec<Inquiry> = by_key
            .into_values()
            .filter_map(|numbers| {
                let newest = numbers.iter().max_by_key(|at| links[**at].at)?;
                let url = &links[*newest].url;
                Some(Inquiry {
                    links: numbers,
                    asked: 0,
                    turns: 0,
                    state: State::begin(url, polled),
                })
            })
            .collect();
        for inquiry in &mut inquiries {
            inquiry.settle(options);
        }
        // What was linked most, and last, is asked first.
        inquiries.sort_by_key(|inquiry| {
            let last = inquiry.links.iter().map(|at| links[*at].at).max();
            std::cmp::Reverse((inquiry.links.len(), last))
        });
        Self { options, inquiries }
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
                    let want = Want::Check(checking.feeds[checking.at].url.clone());
                    if !wanted.contains(&want) {
                        wanted.push(want);
                    }
                }
                State::Done(_) => {}
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
                inquiry.asked += 1;
                inquiry.follow(lead.clone(), self.options);
            }
        }
    }

    /// Takes what was found at the address of a candidate.
    pub fn checked(&mut self, url: &Url, check: &Check) {
        for inquiry in &mut self.inquiries {
            if let State::Check(checking) = &mut inquiry.state
                && checking.feeds[checking.at].url == *url
            {
                inquiry.asked += 1;
                checking.take(check);
                inquiry.settle(self.options);
            }
        }
    }

    /// The verdicts, with the numbers of the links that each is about. What is not known yet
    /// stays so; feeds by rule that nobody looked at count as found.
    pub fn finish(self) -> Vec<(Vec<usize>, Verdict)> {
        let options = self.options;
        self.inquiries
            .into_iter()
            .map(|inquiry| (inquiry.links, inquiry.state.finish(options)))
            .collect()
    }
}

/// So many questions of one site are asked at once.
const JOINED: usize = 50;

/// What links have in common that are one inquiry.
fn key(url: &Url) -> String {
    match sites::look(url) {
        Lead::Feeds { feeds, .. } => format!("feed:{}", canonical(feeds[0].url.as_str())),
        Lead::Ask(question) => format!("{}:{}", question.site, question.key),
        Lead::Elsewhere(url) => format!("elsewhere:{}", canonical(url.as_str())),
        Lead::Nothing(reason) => format!(
            "nothing:{}:{}",
            url.host_str().unwrap_or_default(),
            reason.text()
        ),
    }
}

impl State {
    fn begin(url: &Url, polled: &[Polled]) -> Self {
        match follow_turns(sites::look(url), &mut 0) {
            Lead::Ask(question) => {
                let home = sites::home(url);
                let known = polled.iter().position(|source| {
                    let site = source
                        .site
                        .as_deref()
                        .and_then(|site| Url::parse(site).ok());
                    // Only a page is a page of a site; an interface is everybody's.
                    !question.interface && site.is_some_and(|site| sites::home(&site) == home)
                });
                match known {
                    Some(at) => Self::Done(Verdict::Polled(at)),
                    None => Self::Ask(question),
                }
            }
            Lead::Feeds {
                feeds,
                choice,
                otherwise,
            } => Self::check(feeds, choice, otherwise),
            Lead::Elsewhere(_) => Self::Done(Verdict::Nothing(lost())),
            Lead::Nothing(reason) => Self::Done(Verdict::Nothing(reason)),
        }
    }

    fn check(feeds: Vec<Candidate>, choice: Choice, otherwise: Option<Question>) -> Self {
        Self::Check(Checking {
            feeds,
            choice,
            otherwise,
            at: 0,
            found: Vec::new(),
            because: String::new(),
        })
    }

    fn finish(self, options: Options) -> Verdict {
        match self {
            Self::Done(verdict) => verdict,
            Self::Ask(question) => Verdict::Unknown(question),
            Self::Check(mut checking) => {
                let wanted = |it: &&Candidate| options.on_request || !it.on_request;
                let rest = checking.feeds[checking.at..].iter().filter(wanted);
                let take = if checking.choice == Choice::First {
                    1
                } else {
                    usize::MAX
                };
                let unseen = rest.take(take).map(|candidate| Found {
                    candidate: candidate.clone(),
                    summary: None,
                    second: false,
                });
                if checking.choice == Choice::Each || checking.found.is_empty() {
                    checking.found.extend(unseen);
                }
                checking.verdict()
            }
        }
    }
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

/// An address that stands for another that stands for another is followed so often.
const TURNS: usize = 5;

fn lost() -> Reason {
    Reason::NoFeed("its address leads in circles".to_owned())
}

impl Inquiry {
    fn follow(&mut self, lead: Lead, options: Options) {
        self.state = match follow_turns(lead, &mut self.turns) {
            Lead::Ask(question) => {
                self.turns += 1;
                if self.turns > TURNS {
                    State::Done(Verdict::Nothing(lost()))
                } else {
                    State::Ask(question)
                }
            }
            Lead::Feeds {
                feeds,
                choice,
                otherwise,
            } => State::check(feeds, choice, otherwise),
            Lead::Elsewhere(_) => State::Done(Verdict::Nothing(lost())),
            Lead::Nothing(reason) => State::Done(Verdict::Nothing(reason)),
        };
        self.settle(options);
    }

    /// Goes on as far as nothing has to be fetched for it.
    fn settle(&mut self, options: Options) {
        let spent = self.asked >= options.requests;
        if spent && let State::Ask(_) = &self.state {
            let because = "none of the places that were looked at has a feed".to_owned();
            self.state = State::Done(Verdict::Nothing(Reason::NoFeed(because)));
        }
        let State::Check(checking) = &mut self.state else {
            return;
        };
        while let Some(candidate) = checking.feeds.get(checking.at)
            && candidate.on_request
            && !options.on_request
        {
            checking.at += 1;
        }
        let good = checking.choice == Choice::First
            && checking
                .found
                .iter()
                .any(|it| it.summary.as_ref().is_some_and(|it| it.entries > 0));
        if !good && !spent && checking.at < checking.feeds.len() {
            return;
        }
        if checking.found.is_empty()
            && !spent
            && let Some(question) = checking.otherwise.take()
        {
            self.follow(Lead::Ask(question), options);
            return;
        }
        let verdict = checking.verdict();
        self.state = State::Done(verdict);
    }
}

impl Checking {
    fn take(&mut self, check: &Check) {
        match check {
            Check::Feed(summary) => self.found.push(Found {
                candidate: self.feeds[self.at].clone(),
                summary: Some(summary.clone()),
                second: false,
            }),
            Check::Not(because) => self.because.clone_from(because),
        }
        self.at += 1;
    }

    /// Of several that say the same, one with entries wins over those without.
    fn verdict(&mut self) -> Verdict {
        let mut found = std::mem::take(&mut self.found);
        if self.choice == Choice::First {
            let full = found
                .iter()
                .position(|it| it.summary.as_ref().is_some_and(|it| it.entries > 0));
            found = found.into_iter().skip(full.unwrap_or(0)).take(1).collect();
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
}
