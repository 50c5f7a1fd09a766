//! What a server's answer means: for the outcome of the visit, for what is sent the next time, and
//! for where the source is.
//!
//! All of it is a function of the answer, of what was known before, and of the clock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::due::LONGEST_RETRY_AFTER;
use super::rate::Rate;
use crate::model::{History, Moved, Outcome, Rhythm, Source};

/// How long a host rests that says `429 Too Many Requests` and not for how long.
const PAUSE: Duration = Duration::from_hours(1);

/// A permanent redirect is believed when it was seen so many times in a row ...
const MOVED_TIMES: u32 = 3;

/// ... or at least twice, and so long after the first time: maintenance is over by then.
const MOVED_FOR: TimeDelta = TimeDelta::hours(20);

/// The header fields of an answer that matter, as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Cache-Control`, all of them joined by commas.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Age`.
    pub age: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// How much more may be asked.
    pub rate: Rate,
    /// Whose wall it is that keeps programs out; empty where only that is known.
    pub wall: Option<&'static str>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Link`, each as it came.
    pub links: Vec<String>,
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its status: 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Where it led.
    pub to: Url,
}

impl Hop {
    fn is_permanent(&self) -> bool {
        matches!(self.status, 301 | 308)
    }
}

/// Why a body is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The connection broke off, or the compression did.
    BrokenOff,
    /// It is larger than allowed.
    TooLarge,
}

/// The last answer of a chain of redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The redirects that led to it.
    pub hops: Vec<Hop>,
    /// Where it came from.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// Its header.
    pub fields: Fields,
    /// Its body, decompressed, as far as it came; of other statuses than a success it is empty, or
    /// the beginning of a page that may say why nobody is let in.
    pub body: Vec<u8>,
    /// Why the body is not whole.
    pub cut: Option<Cut>,
}

/// What a body turned out to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// A hash of the body.
    pub hash: u64,
    /// Whether all of the feed was there; if not, the server is asked for it again.
    pub is_whole: bool,
    /// What the feed says about how often to ask.
    pub rhythm: Rhythm,
    /// The instants of its entries.
    pub instants: Vec<DateTime<Utc>>,
    /// Its title.
    pub title: Option<String>,
    /// Its page.
    pub site: Option<String>,
    /// Its hubs.
    pub hubs: Vec<String>,
    /// Its own address, by its own word.
    pub self_link: Option<String>,
}

/// What is known of a source after a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Its history; [`History::next_visit`] is still that of before.
    pub history: History,
    /// The address that it is believed to have now.
    pub moved_to: Option<String>,
}

/// What a status means where it alone decides: everything but a success and 304.
pub fn outcome_of(status: u16, fields: &Fields) -> Outcome {
    let says_when = fields.retry_after.is_some() || fields.rate.is_spent;
    match status {
        _ if fields.wall.is_some() => Outcome::Walled,
        410 => Outcome::Gone,
        404 => Outcome::NotFound,
        429 => Outcome::Busy,
        // Some say 403 to who asks too often.
        403 | 503 if says_when => Outcome::Busy,
        401..=403 | 407 | 451 => Outcome::Denied,
        _ => Outcome::ServerError,
    }
}

/// A server that says `304 Not Modified` for so long is asked once for the whole document.
const WHOLE: TimeDelta = TimeDelta::days(21);

/// Whether a server is to be asked for the whole document, and not whether something changed: it
/// was found to be wrong about that, or has said nothing else for long.
pub fn asks_whole(source: &Source, history: &History, now: DateTime<Utc>) -> bool {
    let is_long_ago = |whole: DateTime<Utc>| now.signed_duration_since(whole) >= WHOLE;
    source.manner.unconditional || history.is_unreliable || history.whole.is_some_and(is_long_ago)
}

/// Whether a server has one name for two documents. A weak `ETag` may (RFC 9110, section 8.8.1).
fn is_unreliable(before: &History, answer: &Answer, facts: &Facts) -> bool {
    let fields = &answer.fields;
    let same_name = match (&before.etag, &fields.etag) {
        (Some(before), Some(now)) => before == now && !now.starts_with("W/"),
        (None, None) => {
            before.last_modified.is_some() && before.last_modified == fields.last_modified
        }
        _ => false,
    };
    let is_other = before.body_hash.is_some_and(|hash| hash != facts.hash);
    same_name && is_other && answer.cut.is_none() && answer.hops.is_empty()
}

/// What is known after a visit that found a feed. `facts` are there where the body was read.
pub fn success(
    source: &Source,
    before: &History,
    answer: &Answer,
    facts: Option<Facts>,
    now: DateTime<Utc>,
) -> Learned {
    let mut history = before.clone();
    history.last_visit = Some(now);
    history.last_success = Some(now);
    history.failures = 0;
    history.visits = history.visits.saturating_add(1);
    history.retired = None;
    history.fresh_until = fresh_until(&answer.fields, now);
    // What is too long is cut at the same place each time: it need not come again as it is.
    let is_whole = answer.cut != Some(Cut::BrokenOff)
        && facts
            .as_ref()
            .is_none_or(|facts| facts.is_whole || answer.cut.is_some());
    learn_validators(&mut history, source, answer, is_whole);
    if answer.status == 304 {
        history.whole.get_or_insert(now);
    } else {
        history.whole = Some(now);
    }
    if let Some(facts) = facts {
        history.is_unreliable |= is_unreliable(before, answer, &facts);
        history.body_hash = (answer.cut != Some(Cut::BrokenOff)).then_some(facts.hash);
        learn_feed(&mut history, facts);
    }
    let moved_to = learn_place(&mut history, source, answer, now);
    Learned { history, moved_to }
}

/// What is known after a visit that found none. Validators stay: they belong to the last feed.
pub fn failure(
    before: &History,
    answer: Option<&Answer>,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> History {
    let mut history = before.clone();
    history.last_visit = Some(now);
    history.failures = history.failures.saturating_add(1);
    // Only the source's own address can say that the source is gone, or where it moved for good.
    let is_own = answer.is_some_and(|answer| answer.hops.iter().all(Hop::is_permanent));
    if outcome == Outcome::Gone && is_own {
        history.retired = Some(now);
    }
    history
}

/// A 304 renews what it names (RFC 9111, section 4.3.4); a 200 replaces everything.
fn learn_validators(history: &mut History, source: &Source, answer: &Answer, is_whole: bool) {
    let fields = &answer.fields;
    if answer.status == 304 {
        history.etag = fields.etag.clone().or(history.etag.take());
        history.last_modified = fields
            .last_modified
            .clone()
            .or(history.last_modified.take());
    } else if is_whole {
        history.etag.clone_from(&fields.etag);
        history.last_modified.clone_from(&fields.last_modified);
    } else {
        history.etag = None;
        history.last_modified = None;
    }
    // Validators belong to one address (RFC 9110, section 8.8).
    let has_any = history.etag.is_some() || history.last_modified.is_some();
    let elsewhere = answer.url.as_str() != source.url;
    history.validated_at = (has_any && elsewhere).then(|| answer.url.to_string());
}

pub(super) fn learn_feed(history: &mut History, facts: Facts) {
    history.rhythm = facts.rhythm;
    let mut instants = facts.instants;
    instants.extend_from_slice(&history.instants);
    instants.sort_unstable_by(|one, other| other.cmp(one));
    // Entries that appeared at one instant tell no more than one of them.
    instants.dedup();
    instants.truncate(History::INSTANTS);
    history.instants = instants;
    history.feed_title = facts.title;
    history.feed_site = facts.site;
    history.hubs = facts.hubs;
}

/// Whether the source is somewhere else now: only if every redirect says that it is for good, and
/// keeps saying so, and a feed is there.
fn learn_place(
    history: &mut History,
    source: &Source,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Option<String> {
    let before = history.moved.take();
    let last = answer.hops.last()?;
    if !answer.hops.iter().all(Hop::is_permanent) || has_secrets(source, &last.to) {
        return None;
    }
    let mut to = last.to.clone();
    to.set_fragment(None);
    let to = to.to_string();
    let moved = match before {
        Some(moved) if moved.to == to => Moved {
            times: moved.times.saturating_add(1),
            ..moved
        },
        _ => Moved {
            to: to.clone(),
            times: 1,
            since: now,
        },
    };
    let believed = moved.times >= MOVED_TIMES
        || (moved.times >= 2 && now.signed_duration_since(moved.since) >= MOVED_FOR);
    history.moved = Some(moved);
    if believed {
        history.validated_at = None;
    }
    believed.then_some(to)
}

/// Whether moving there would send what is secret to somebody else.
fn has_secrets(source: &Source, to: &Url) -> bool {
    let Ok(from) = Url::parse(&source.url) else {
        return true;
    };
    let secret =
        !source.headers.is_empty() || !from.username().is_empty() || from.password().is_some();
    secret && !same_host(&from, to)
}

/// Whether what is meant for one address may be told to the other: the same host and port, or
/// its move from `http:` to `https:`.
pub fn same_host(from: &Url, to: &Url) -> bool {
    let secured = from.scheme() == "http" && to.scheme() == "https";
    let usual = from.port().is_none() && to.port().is_none();
    from.host() == to.host() && (from.origin() == to.origin() || (secured && usual))
}

/// Until when the answer is fresh (RFC 9111, section 4.2.1), by our own clock: what a server says
/// of its own does not help if it is wrong. None where it need not be fresh for a moment.
pub fn fresh_until(fields: &Fields, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let directives = fields.cache_control.as_deref().unwrap_or_default();
    let mut max_age = None;
    for directive in directives.split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-cache" | "no-store" => return None,
            "max-age" => max_age = seconds(value.trim().trim_matches('"')),
            _ => {}
        }
    }
    let age = fields.age.as_deref().and_then(seconds).unwrap_or_default();
    let until = match max_age {
        Some(max_age) => now.checked_add_signed(max_age - age)?,
        None => lenient_feed::parse_date(fields.expires.as_deref()?)?,
    };
    (until > now).then_some(until)
}

/// Until when a server wants to be left alone: `Retry-After` as seconds or as a date, or when it
/// lets us ask more.
pub fn retry_at(fields: &Fields, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = match &fields.retry_after {
        Some(written) => match seconds(written) {
            Some(wait) => now.checked_add_signed(wait),
            None => lenient_feed::parse_date(written.trim()),
        },
        None => None,
    };
    let at = at.filter(|at| *at > now);
    let at = at.or_else(|| fields.rate.reset_at(now))?;
    Some(at.min(now + LONGEST_RETRY_AFTER))
}

/// Until when a source is not to be asked after an answer with this status.
pub fn source_pause(status: u16, fields: &Fields, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match status {
        429 => Some(retry_at(fields, now).unwrap_or(now + PAUSE)),
        401..=403 | 500..=599 if fields.retry_after.is_some() || fields.rate.is_spent => {
            retry_at(fields, now)
        }
        _ => None,
    }
}

/// Until when the whole host is to be left alone.
pub fn host_pause(status: u16, fields: &Fields, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match status {
        // One source may have a bad day that its neighbors have not.
        403 | 429 | 503 => source_pause(status, fields, now),
        // It says beforehand that this was the last for a while.
        200..=399 if fields.rate.is_spent => {
            fields.rate.reset_at(now).map(|at| at.min(now + PAUSE))
        }
        _ => None,
    }
}

/// A number of seconds; a huge one is only very long (RFC 9111, section 1.2.2).
fn seconds(written: &str) -> Option<TimeDelta> {
    let written = written.trim();
    let digits = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    let number = written.parse::<i64>().unwrap_or(i64::MAX);
    digits.then(|| TimeDelta::seconds(number.min(1 << 31)))
}

#[cfg(test)]
mod tests;
