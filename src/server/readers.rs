//! How many people read a feed by way of a service: such services say so in their name
//! (`Feedly/1.0 (…; 16 subscribers; …)`).
//!
//! Anybody can say anything, so what is remembered is bounded, and shown by service and document
//! and not added up with anything.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Services and documents that are remembered together.
const MOST: usize = 1000;

/// The most that anybody is believed.
const CREDIBLE: u64 = 10_000_000;

/// How long a number holds that nobody repeats.
const HOLDS: TimeDelta = TimeDelta::days(14);

/// What services said of late.
#[derive(Debug, Default)]
pub(super) struct Readers {
    /// By document and service.
    said: Mutex<BTreeMap<(String, String), Said>>,
}

/// What a service said the last time.
#[derive(Clone, Copy, Debug)]
struct Said {
    count: u64,
    at: DateTime<Utc>,
}

impl Readers {
    /// Notes what a client's name says, if it says anything.
    pub(super) fn note(&self, document: &str, agent: &[u8], now: DateTime<Utc>) {
        let Some((service, count)) = parse(agent) else {
            return;
        };
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (document.to_owned(), service);
        if said.len() >= MOST && !said.contains_key(&key) {
            said.retain(|_, said| now - said.at < HOLDS);
            if said.len() >= MOST {
                return;
            }
        }
        said.insert(key, Said { count, at: now });
    }

    /// What holds now: document, service, number.
    pub(super) fn list(&self, now: DateTime<Utc>) -> Vec<(String, String, u64)> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter()
            .filter(|(_, said)| now - said.at < HOLDS)
            .map(|((document, service), said)| (document.clone(), service.clone(), said.count))
            .collect()
    }
}

/// The service and its number.
fn parse(agent: &[u8]) -> Option<(String, u64)> {
    const WORD: &[u8] = b"subscriber";
    let at = agent
        .windows(WORD.len())
        .position(|window| window.eq_ignore_ascii_case(WORD))?;
    let before = std::str::from_utf8(&agent[..at]).ok()?.trim_end();
    // The name stands before the version, or before the rest of the sentence.
    let sentence = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = before.strip_prefix(sentence)?;
    let count = digits.parse().ok().filter(|count| *count <= CREDIBLE)?;
    let name = sentence.split(['/', '(', ';', ',', ':']).next();
    let name = name.and_then(|name| name.split(" - ").next());
    let name: String = name
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || " ._-".contains(*c))
        .take(40)
        .collect();
    let name = name.trim().to_ascii_lowercase();
    (!name.is_empty()).then_some((name, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(agent: &str, expected: Option<(&str, u64)>) {
        let found = parse(agent.as_bytes());
        let found = found.as_ref().map(|(name, count)| (name.as_str(), *count));
        assert_eq!(found, expected, "{agent}");
    }

    #[test]
    fn reads_what_services_say() {
        check(
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)",
            Some(("feedly", 16)),
        );
        check(
            "NewsBlur Feed Fetcher - 54 subscribers - http://www.newsblur.com/site/1 (Mozilla/5.0)",
            Some(("newsblur feed fetcher", 54)),
        );
        check(
            "Feedbin feed-id:1 - 1 subscribers",
            Some(("feedbin feed-id", 1)),
        );
        check(
            "Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 1 subscriber; )",
            Some(("inoreader", 1)),
        );
        check(
            "theoldreader.com (12 Subscribers; feed-id=a)",
            Some(("theoldreader.com", 12)),
        );
        check("Lecteur é5 subscribers", Some(("lecteur", 5)));
        check("阅读 7 subscribers", None);
        check("Mozilla/5.0", None);
        check("subscribers", None);
        check("many subscribers", None);
        check("Liar/1 (99999999999 subscribers)", None);
        check("5 subscribers", None);
    }

    #[test]
    fn remembers_a_bounded_number_for_a_while() {
        let readers = Readers::default();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for number in 0..MOST + 100 {
            let agent = format!("Service{number}/1 (3 subscribers)");
            readers.note("atom.xml", agent.as_bytes(), at);
        }
        assert_eq!(readers.list(at).len(), MOST);
        assert!(readers.list(at + HOLDS).is_empty());
        readers.note("atom.xml", b"New/1 (7 subscribers)", at + HOLDS);
        assert_eq!(
            readers.list(at + HOLDS),
            [("atom.xml".to_owned(), "new".to_owned(), 7)]
        );
    }
}
