//! What was found, kept for the next run: not what was fetched, but what it said.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Check, Want};
use crate::sources::sites::{Lead, Question, Reason};

/// Rules change; what they made of answers is forgotten then.
const VERSION: u32 = 2;

/// What was found, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    leads: BTreeMap<String, Kept<Lead>>,
    checks: BTreeMap<String, Kept<Check>>,
    robots: BTreeMap<String, Kept<String>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            version: VERSION,
            leads: BTreeMap::new(),
            checks: BTreeMap::new(),
            robots: BTreeMap::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept<T> {
    at: DateTime<Utc>,
    value: T,
}

impl Memory {
    /// Reads what [`Memory::print`] wrote; what another version wrote, or nobody, is nothing.
    pub fn parse(text: &[u8]) -> Self {
        serde_json::from_slice(text)
            .ok()
            .filter(|memory: &Self| memory.version == VERSION)
            .unwrap_or_default()
    }

    /// The text to keep.
    ///
    /// # Panics
    ///
    /// Never: its keys are texts.
    pub fn print(&self) -> String {
        serde_json::to_string(self).expect("keys are texts")
    }

    /// Forgets what is too old to be used.
    pub fn forget(&mut self, now: DateTime<Utc>) {
        self.leads
            .retain(|_, kept| is_fresh(kept.at, now, age(&kept.value)));
        self.checks
            .retain(|_, kept| is_fresh(kept.at, now, age_of_check(&kept.value)));
        self.robots.retain(|_, kept| is_fresh(kept.at, now, ROBOTS));
    }

    /// What the answer to a question said.
    pub fn lead(&self, question: &Question, now: DateTime<Utc>) -> Option<&Lead> {
        let kept = self.leads.get(&key(question))?;
        is_fresh(kept.at, now, age(&kept.value)).then_some(&kept.value)
    }

    /// What was found at the address of a candidate.
    pub fn check(&self, url: &Url, now: DateTime<Utc>) -> Option<&Check> {
        let kept = self.checks.get(url.as_str())?;
        is_fresh(kept.at, now, age_of_check(&kept.value)).then_some(&kept.value)
    }

    /// Origins with their `robots.txt`. What is too old is there until [`Memory::forget`].
    pub fn robots(&self) -> impl Iterator<Item = (&str, &str)> {
        self.robots
            .iter()
            .map(|(origin, kept)| (origin.as_str(), kept.value.as_str()))
    }

    /// Keeps what an answer said.
    pub fn keep_lead(&mut self, question: &Question, lead: Lead, now: DateTime<Utc>) {
        self.leads.insert(
            key(question),
            Kept {
                at: now,
                value: lead,
            },
        );
    }

    /// Keeps what was found at an address.
    pub fn keep_check(&mut self, url: &Url, check: Check, now: DateTime<Utc>) {
        self.checks.insert(
            url.to_string(),
            Kept {
                at: now,
                value: check,
            },
        );
    }

    /// Keeps the `robots.txt` of an origin.
    pub fn keep_robots(&mut self, origin: &str, text: String, now: DateTime<Utc>) {
        self.robots.insert(
            origin.to_owned(),
            Kept {
                at: now,
                value: text,
            },
        );
    }

    /// Whether nothing has to be fetched for it.
    pub fn knows(&self, want: &Want, now: DateTime<Utc>) -> bool {
        match want {
            Want::Ask { questions, .. } => questions
                .iter()
                .all(|question| self.lead(question, now).is_some()),
            Want::Check(url) => self.check(url, now).is_some(),
        }
    }
}

/// RFC 9309, section 2.4: not longer than a day.
const ROBOTS: TimeDelta = TimeDelta::hours(24);

fn key(question: &Question) -> String {
    format!("{} {} {}", question.site, question.note, question.url)
}

fn is_fresh(at: DateTime<Utc>, now: DateTime<Utc>, age: TimeDelta) -> bool {
    now - at < age && at <= now + TimeDelta::hours(1)
}

/// What was found stays for two months; a host that does not answer may have a bad day, and names
/// that are gone seldom come back.
fn age(lead: &Lead) -> TimeDelta {
    match lead {
        Lead::Nothing(Reason::NoAnswer(_)) => TimeDelta::days(1),
        Lead::Nothing(Reason::NoSuchHost(_)) => TimeDelta::days(60),
        Lead::Nothing(_) => TimeDelta::days(30),
        _ => TimeDelta::days(60),
    }
}

fn age_of_check(check: &Check) -> TimeDelta {
    match check {
        Check::Feed(_) | Check::Not(_) => TimeDelta::days(30),
        Check::NoAnswer(_) => TimeDelta::days(1),
    }
}
