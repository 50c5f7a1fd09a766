//! What hosts ask of programs that read their pages: each host is asked once in a run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::discover::robots::{LARGEST, NAME, Robots};
use crate::poll::fetch::visit::{Failure, Fetcher, Request};
use tokio::time::sleep;
use url::Url;

/// The rules that are known, by origin.
#[derive(Default)]
pub(super) struct Rules {
    known: Mutex<BTreeMap<String, Arc<Robots>>>,
}

/// A `robots.txt` that was fetched on the way.
pub(super) struct Learned {
    pub(super) origin: String,
    pub(super) text: String,
}

impl Rules {
    /// The rules that an earlier run kept.
    pub(super) fn remembered<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let known = texts
            .map(|(origin, text)| (origin.to_owned(), Arc::new(Robots::parse(text, NAME))))
            .collect();
        Self {
            known: Mutex::new(known),
        }
    }

    /// Whether a page may be read. Where its host's rules are not known they are fetched, with a
    /// rest afterwards, and added to what was learned.
    ///
    /// # Errors
    ///
    /// Where the host does not answer at all.
    pub(super) async fn allow(
        &self,
        fetcher: &Fetcher,
        page: &Url,
        pause: Duration,
        learned: &mut Vec<Learned>,
    ) -> Result<bool, Failure> {
        let origin = page.origin().ascii_serialization();
        let known = self.lock().get(&origin).cloned();
        if let Some(robots) = known {
            return Ok(robots.allow(page));
        }
        let text = robots_of(fetcher, &origin).await?;
        let robots = Arc::new(Robots::parse(&text, NAME));
        self.lock().insert(origin.clone(), Arc::clone(&robots));
        learned.push(Learned { origin, text });
        sleep(pause).await;
        Ok(robots.allow(page))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Robots>>> {
        // A map of whole values is whole also after a panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// RFC 9309, section 2.3.1: a server that fails closes its pages, a missing file opens them.
async fn robots_of(fetcher: &Fetcher, origin: &str) -> Result<String, Failure> {
    let request = Request {
        url: format!("{origin}/robots.txt"),
        ..Request::default()
    };
    let answer = fetcher.fetch(&request).await?;
    Ok(match answer.status {
        200..=299 => {
            let end = answer.body.len().min(LARGEST);
            String::from_utf8_lossy(&answer.body[..end]).into_owned()
        }
        429 | 500..=599 => "User-agent: *\nDisallow: /\n".to_owned(),
        _ => String::new(),
    })
}
