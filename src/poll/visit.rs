//! One visit to one source, up to what is to be remembered of it.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lenient_feed::Hints;
use url::Url;

use super::announced::{Learned, announced};
use super::answer::{self, Answer, Cut, Facts};
use super::fetch::file;
use super::fetch::visit::{Failure, Fetcher, Journey, Leg, Request};
use super::options::Options;
use super::read::{self, Document};
use super::readers::{Failed, Readers};
use super::{Clock, Secrets, host, wall};
use crate::model::{History, Outcome, Source, SourceId, Visit, address};
use crate::sources::page;
use crate::store::Known;

/// Feed links of a page that are named in a message.
const SHOWN_LINKS: usize = 3;

/// What every visit of a run needs.
pub(super) struct Visitor<'a> {
    pub(super) options: &'a Options,
    pub(super) root: PathBuf,
    pub(super) fetcher: Fetcher,
    pub(super) clock: &'a dyn Clock,
    pub(super) secrets: &'a Secrets<'a>,
    pub(super) readers: Readers,
}

/// A visit that is over.
#[derive(Debug)]
pub(super) struct Visited {
    pub(super) id: SourceId,
    pub(super) source: Source,
    pub(super) history: History,
    pub(super) moved_to: Option<String>,
    /// When it was visited before.
    pub(super) before: Option<DateTime<Utc>>,
    /// Which hub its feed names.
    pub(super) announced: Learned,
    pub(super) visit: Visit,
    pub(super) document: Option<Document>,
    /// What was known before, where there is a document: it may be too much work to clean.
    pub(super) earlier: Option<Box<History>>,
    /// Until when the server wants the source to be left alone.
    pub(super) retry_at: Option<DateTime<Utc>>,
    /// The host that wants to be left alone, and until when.
    pub(super) host_pause: Option<(String, DateTime<Utc>)>,
    /// Whether anybody answered, or why that says nothing about the source.
    pub(super) network: Network,
}

/// Where a visit is when its host has answered.
#[derive(Debug)]
pub(super) enum Landed {
    /// It is over.
    Over(Visited),
    /// A redirect leads to another host.
    Onward(Onward),
}

/// A visit that is to go on at another host.
#[derive(Debug)]
pub(super) struct Onward {
    known: Known,
    journey: Journey,
    /// When it began.
    at: DateTime<Utc>,
    /// How long it has taken, without waiting.
    took: Duration,
}

impl Onward {
    /// Whose turn it is.
    pub(super) fn host(&self) -> String {
        address::host_of(self.journey.url().as_str())
    }

    /// The address of the source.
    pub(super) fn source(&self) -> &str {
        &self.known.source.url
    }

    /// The visit as it ends where that host wants to be left alone.
    pub(super) fn turned_away(self, until: DateTime<Utc>) -> Visited {
        let message = format!(
            "redirected to `{}`, which has had enough for now",
            super::fetch::visit::shown(self.journey.url())
        );
        let before = self.known.history.last_visit;
        let failure = Failure::new(Outcome::Busy, message);
        let mut visited = failed(self.known, failure, self.at);
        visited.before = before;
        visited.retry_at = Some(until);
        visited.visit.took = milliseconds(self.took);
        visited
    }
}

/// What a visit tells of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// Nothing: it did not need the network.
    Unused,
    /// Somebody answered, or a host refused.
    There,
    /// There may be none.
    Doubtful,
}

/// What came of reading an answer.
struct Found {
    outcome: Outcome,
    message: Option<String>,
    document: Option<Document>,
}

impl Found {
    fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            message: None,
            document: None,
        }
    }

    fn failed(outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::new(outcome)
        }
    }
}

impl Visitor<'_> {
    /// Visits a source, as far as its host leads. Whatever happens is an outcome.
    pub(super) async fn visit(&self, known: Known) -> Landed {
        let at = self.clock.now();
        if known.source.url.starts_with("file:") {
            let began = self.clock.elapsed();
            let before = known.history.last_visit;
            let mut visited = self.visit_file(known, at).await;
            visited.before = before;
            visited.visit.took = milliseconds(self.clock.elapsed().saturating_sub(began));
            return Landed::Over(visited);
        }
        match self.request(&known).and_then(Journey::new) {
            Ok(journey) => {
                let took = Duration::ZERO;
                let onward = Onward {
                    known,
                    journey,
                    at,
                    took,
                };
                self.go_on(onward).await
            }
            Err(failure) => Landed::Over(failed(known, failure, at)),
        }
    }

    /// Goes on with a visit at the host that a redirect led to.
    pub(super) async fn go_on(&self, onward: Onward) -> Landed {
        let Onward {
            known,
            journey,
            at,
            took,
        } = onward;
        let began = self.clock.elapsed();
        let spent = || took + self.clock.elapsed().saturating_sub(began);
        let before = known.history.last_visit;
        let left = self.options.fetch.whole.saturating_sub(took);
        let mut visited = match self.fetcher.leg(journey, left).await {
            Ok(Leg::Onward(journey)) => {
                let took = spent();
                return Landed::Onward(Onward {
                    known,
                    journey,
                    at,
                    took,
                });
            }
            Ok(Leg::Arrived(answer)) => self.visit_web(known, answer, at).await,
            Err(failure) => failed(known, failure, at),
        };
        visited.before = before;
        visited.visit.took = milliseconds(spent());
        Landed::Over(visited)
    }

    async fn visit_web(&self, known: Known, mut answer: Answer, at: DateTime<Utc>) -> Visited {
        let body = std::mem::take(&mut answer.body);
        let bytes = body.len() as u64;
        let mut found = self.find(&known, &answer, body).await;
        let now = self.clock.now();
        let mut visited = if found.outcome.is_success() {
            let facts = found
                .document
                .as_mut()
                .map(|it| std::mem::take(&mut it.facts));
            let announced = facts.as_ref().map_or(Learned::Nothing, |facts| {
                Learned::Hub(announced(&known.source, &answer, facts))
            });
            let learned = answer::success(&known.source, &known.history, &answer, facts, now);
            Visited {
                moved_to: learned.moved_to,
                announced,
                earlier: found.document.is_some().then(|| Box::new(known.history)),
                ..visited(known.id, known.source, learned.history, found, at)
            }
        } else {
            let history = answer::failure(&known.history, Some(&answer), found.outcome, now);
            visited(known.id, known.source, history, found, at)
        };
        visited.visit.status = Some(answer.status);
        visited.visit.bytes = bytes;
        visited.retry_at = answer::source_pause(answer.status, &answer.fields, now);
        // Redirects may have led to the host that has had enough.
        visited.host_pause = answer::host_pause(answer.status, &answer.fields, now)
            .and_then(|until| Some((host::key(&answer.url)?, until)));
        visited.network = Network::There;
        if let Some(to) = &visited.moved_to {
            visited.visit.message = Some(format!("moved for good to {}", safe(to)));
        }
        visited
    }

    fn request(&self, known: &Known) -> Result<Request, Failure> {
        let mut secrets = Vec::new();
        for header in &known.source.headers {
            let value = (self.secrets)(&header.variable).ok_or_else(|| {
                let message = format!(
                    "the environment variable `{}` for the header `{}` is not set",
                    header.variable, header.name
                );
                Failure::new(Outcome::Refused, message)
            })?;
            secrets.push((header.name.clone(), value));
        }
        let history = &known.history;
        let asks_whether = !answer::asks_whole(&known.source, history, self.clock.now());
        Ok(Request {
            url: known.source.url.clone(),
            etag: history.etag.clone().filter(|_| asks_whether),
            last_modified: history.last_modified.clone().filter(|_| asks_whether),
            validated_at: history.validated_at.clone(),
            secrets,
            manner: known.source.manner.clone(),
        })
    }

    async fn find(&self, known: &Known, answer: &Answer, body: Vec<u8>) -> Found {
        match answer.status {
            200..=299 => {}
            304 if known.history.etag.is_some() || known.history.last_modified.is_some() => {
                return Found::new(Outcome::NotModified);
            }
            status => {
                let outcome = answer::outcome_of(status, &answer.fields);
                return match answer.fields.wall.or_else(|| wall::by_page(&body)) {
                    Some(whose) => Found::failed(Outcome::Walled, wall::message(whose)),
                    None => Found::failed(outcome, status_message(answer)),
                };
            }
        }
        if answer.cut != Some(Cut::BrokenOff)
            && known.history.body_hash == Some(read::hash(std::slice::from_ref(&body)))
        {
            return Found::new(Outcome::Same);
        }
        let wall = answer.fields.wall.or_else(|| wall::by_page(&body));
        let content_type = answer.fields.content_type.clone();
        let found = self
            .read(known, vec![body], content_type, Some(answer.url.clone()))
            .await;
        match wall {
            Some(whose) if !found.outcome.is_success() => {
                Found::failed(Outcome::Walled, wall::message(whose))
            }
            _ => weigh_cut(answer.cut, weigh_end(found), self.limit(&known.source)),
        }
    }

    /// How large the body of a source may be.
    fn limit(&self, source: &Source) -> usize {
        let limit = source.manner.max_bytes;
        limit.unwrap_or(self.options.fetch.max_bytes)
    }

    /// Reads documents on a thread of their own, so that requests go on meanwhile.
    async fn read(
        &self,
        known: &Known,
        bodies: Vec<Vec<u8>>,
        content_type: Option<String>,
        url: Option<Url>,
    ) -> Found {
        let source = known.source.clone();
        let work = move || {
            let hints = Hints {
                content_type: content_type.as_deref(),
                url: url.as_ref(),
                ..Hints::default()
            };
            match read::read(&bodies, &hints, &source) {
                Ok(document) => Found {
                    document: Some(document),
                    ..Found::new(Outcome::Changed)
                },
                Err(error) => no_feed(&error, &bodies, &hints),
            }
        };
        let time = self.options.fetch.work;
        match self.readers.run_for(time, work).await {
            Ok(found) => found,
            Err(failed) => {
                let (outcome, message) = not_read(failed, time);
                Found::failed(outcome, message)
            }
        }
    }

    async fn visit_file(&self, known: Known, at: DateTime<Utc>) -> Visited {
        let max_bytes = self.limit(&known.source);
        let Some(place) = file::path(&known.source.url, &self.root) else {
            let failure = Failure::new(Outcome::Refused, "not the address of a file");
            return failed(known, failure, at);
        };
        let read = move || file::read(&place, max_bytes);
        let time = self.options.fetch.whole;
        let bodies = match self.readers.run_for(time, read).await {
            Ok(Ok(bodies)) => bodies,
            Ok(Err(failure)) => return failed(known, failure, at),
            Err(_) => {
                let message = format!("not read after {} s", time.as_secs_f32());
                return failed(known, Failure::new(Outcome::TimedOut, message), at);
            }
        };
        let bytes = bodies.iter().map(|body| body.len() as u64).sum();
        let mut found = if known.history.body_hash == Some(read::hash(&bodies)) {
            Found::new(Outcome::Same)
        } else {
            let site = known
                .source
                .site
                .as_deref()
                .and_then(|site| Url::parse(site).ok());
            self.read(&known, bodies, None, site).await
        };
        let now = self.clock.now();
        let facts = found
            .document
            .as_mut()
            .map(|it| std::mem::take(&mut it.facts));
        let history = if found.outcome.is_success() {
            found_file(&known.history, facts, now)
        } else {
            answer::failure(&known.history, None, found.outcome, now)
        };
        let earlier = found.document.is_some().then(|| Box::new(known.history));
        let mut visited = visited(known.id, known.source, history, found, at);
        visited.visit.bytes = bytes;
        visited.earlier = earlier;
        visited
    }
}

/// What became of a document that was not read or not cleaned.
pub(super) fn not_read(failed: Failed, time: Duration) -> (Outcome, String) {
    match failed {
        Failed::Panicked => (
            Outcome::NotAFeed,
            "reading it failed in a way that should not be possible".to_owned(),
        ),
        Failed::TooLong => (
            Outcome::TooMuchWork,
            format!(
                "reading it was not done after {} s of work: its markup is broken, or meant to do harm; \
                 nothing of it was stored",
                time.as_secs_f32()
            ),
        ),
        Failed::Ended => (
            Outcome::TimedOut,
            "there was no time left to read it".to_owned(),
        ),
    }
}

/// A document may come whole and have no end.
fn weigh_end(found: Found) -> Found {
    let Some(document) = found.document.as_ref().filter(|it| !it.facts.is_whole) else {
        return found;
    };
    let count = document.items.len();
    Found {
        outcome: Outcome::Cut,
        message: Some(format!(
            "the document ends too early: {count} entries were read"
        )),
        ..found
    }
}

/// Half a feed is better than none, but it is not the feed.
fn weigh_cut(cut: Option<Cut>, found: Found, limit: usize) -> Found {
    let count = found.document.as_ref().map_or(0, |it| it.items.len());
    let (outcome, message) = match cut {
        None => return found,
        Some(Cut::TooLarge) => (
            Outcome::TooLarge,
            format!(
                "longer than {limit} bytes: {count} entries were read; `max_bytes` under `[poll]` or \
                 its `[[source]]` sets the limit"
            ),
        ),
        Some(Cut::BrokenOff) if count == 0 => {
            return Found::failed(Outcome::Unreachable, "the answer broke off");
        }
        Some(Cut::BrokenOff) => (
            Outcome::Unreachable,
            format!("the answer broke off: {count} entries were read"),
        ),
    };
    Found {
        outcome: if count > 0 { Outcome::Cut } else { outcome },
        message: Some(message),
        document: found.document,
    }
}

/// A file has neither validators nor an address that moves.
fn found_file(before: &History, facts: Option<Facts>, now: DateTime<Utc>) -> History {
    let mut history = before.clone();
    history.last_visit = Some(now);
    history.last_success = Some(now);
    history.failures = 0;
    history.visits = history.visits.saturating_add(1);
    if let Some(facts) = facts {
        history.body_hash = Some(facts.hash);
        answer::learn_feed(&mut history, facts);
    }
    history
}

fn visited(
    id: SourceId,
    source: Source,
    history: History,
    found: Found,
    at: DateTime<Utc>,
) -> Visited {
    let repairs = found
        .document
        .as_ref()
        .map_or_else(Vec::new, |it| it.repairs.clone());
    Visited {
        id,
        source,
        history,
        moved_to: None,
        before: None,
        announced: Learned::Nothing,
        visit: Visit {
            at,
            outcome: found.outcome,
            status: None,
            took: 0,
            bytes: 0,
            new: 0,
            changed: 0,
            repairs,
            message: found.message,
        },
        document: found.document,
        earlier: None,
        retry_at: None,
        host_pause: None,
        network: Network::Unused,
    }
}

fn failed(known: Known, failure: Failure, at: DateTime<Utc>) -> Visited {
    let history = answer::failure(&known.history, None, failure.outcome, at);
    let found = Found::failed(failure.outcome, failure.message);
    Visited {
        network: match failure.outcome {
            _ if failure.is_offline => Network::Doubtful,
            Outcome::Refused | Outcome::NotFound | Outcome::Denied => Network::Unused,
            _ => Network::There,
        },
        ..visited(known.id, known.source, history, found, at)
    }
}

/// Why a document is no feed; of a web page, the feeds that it names.
fn no_feed(error: &lenient_feed::Error, bodies: &[Vec<u8>], hints: &Hints<'_>) -> Found {
    if !matches!(error, lenient_feed::Error::WebPage) {
        return Found::failed(Outcome::NotAFeed, error.to_string());
    }
    let links = match (bodies, hints.url) {
        ([body], Some(url)) => page::feed_links(body, hints.content_type, url),
        _ => Vec::new(),
    };
    let shown: Vec<String> = links
        .iter()
        .take(SHOWN_LINKS)
        .map(|link| format!("`{}`", super::fetch::visit::shown(&link.url)))
        .collect();
    let message = if shown.is_empty() {
        "a web page is where the feed was, and it names no feed".to_owned()
    } else {
        format!(
            "a web page is where the feed was; it names {}",
            shown.join(", ")
        )
    };
    Found::failed(Outcome::WebPage, message)
}

fn status_message(answer: &Answer) -> String {
    let reason = match answer.status {
        304 => "said that nothing changed, without having been asked",
        401 => "asks for a name and a password",
        403 => "forbidden",
        404 => "not found",
        410 => "gone for good: it is visited no more",
        429 => "too many requests",
        300..=399 => "a redirect that leads nowhere",
        500..=599 => "the server has a problem",
        _ => "refused",
    };
    let through = answer.hops.last().map_or_else(String::new, |hop| {
        format!(", redirected to `{}`", super::fetch::visit::shown(&hop.to))
    });
    format!("{} {reason}{through}", answer.status)
}

/// An address without its password, for messages.
fn safe(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| super::fetch::visit::shown(&url))
}

fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}
