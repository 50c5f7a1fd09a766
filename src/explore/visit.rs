//! One thing that a search wants, fetched, and what it says.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use lenient_feed::Hints;
use url::Url;

use super::rules::{Learned, Rules};
use crate::discover::{Check, Want, summary};
use crate::disk::{self, Durability};
use crate::poll::answer::{self, Answer, Cut};
use crate::poll::fetch::visit::{Failure, Fetcher, Request};
use crate::poll::host;
use crate::sources::sites::Reason;

/// What came of one want.
pub(super) struct Came {
    pub(super) want: Want,
    /// What hosts ask of programs, as far as it had to be fetched on the way.
    pub(super) learned: Vec<Learned>,
    pub(super) what: What,
}

pub(super) enum What {
    Answer(Box<Answer>),
    Failure(Failure),
    /// The host asks that its page is not read by programs.
    Forbidden,
}

impl Came {
    /// The host that wants to be left alone, and until when.
    pub(super) fn pause(&self, now: DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
        let What::Answer(answer) = &self.what else {
            return None;
        };
        let until = answer::host_pause(answer.status, &answer.fields, now)?;
        Some((host::key(&answer.url)?, until))
    }
}

/// Why nothing came of a page: its host is none, or does not answer.
pub(super) fn reason(failure: &Failure) -> Reason {
    if failure.is_no_host {
        Reason::NoSuchHost("there is no such host".to_owned())
    } else {
        Reason::NoAnswer(format!("the site does not answer: {}", failure.message))
    }
}

/// Whether what is wanted is a page, for which `robots.txt` speaks; not so feeds and interfaces.
fn is_page(want: &Want) -> bool {
    match want {
        Want::Ask { questions, .. } => questions.iter().any(|question| !question.interface),
        Want::Check(_) => false,
    }
}

/// Fetches what is wanted; where it is a page, after a look at what its host asks of programs,
/// and so does each host that a redirect leads to.
pub(super) async fn visit(fetcher: &Fetcher, want: Want, rules: &Rules, pause: Duration) -> Came {
    let learned = Mutex::new(Vec::new());
    let request = Request {
        url: want.url().to_string(),
        ..Request::default()
    };
    let asks = is_page(&want);
    let may = async |url: &Url| {
        if !asks {
            return Ok(true);
        }
        let mut new = Vec::new();
        let may = rules.allow(fetcher, url, pause, &mut new).await;
        learned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut new);
        may
    };
    let what = match fetcher.fetch_where(&request, may).await {
        Ok(Some(answer)) => What::Answer(Box::new(answer)),
        Ok(None) => What::Forbidden,
        Err(failure) => What::Failure(failure),
    };
    Came {
        want,
        learned: learned.into_inner().unwrap_or_else(PoisonError::into_inner),
        what,
    }
}

/// What is at the address of a candidate.
pub(super) fn check(url: &Url, answer: &Answer) -> Check {
    if answer.status >= 500 || answer.status == 429 {
        return Check::NoAnswer(format!("`{url}` answered {}", answer.status));
    }
    if !(200..300).contains(&answer.status) {
        return Check::Not(format!("`{url}` answered {}", answer.status));
    }
    let hints = Hints {
        content_type: answer.fields.content_type.as_deref(),
        url: Some(&answer.url),
        ..Hints::default()
    };
    match lenient_feed::parse(&answer.body, &hints) {
        Ok(feed) => Check::Feed(summary(&feed, &settled(url, answer))),
        Err(_) if answer.cut == Some(Cut::TooLarge) => Check::Not(format!("`{url}` is too large")),
        Err(error) => Check::Not(format!("`{url}`: {error}")),
    }
}

/// The address as permanent redirects have it; a temporary one is nobody's address.
fn settled(url: &Url, answer: &Answer) -> Url {
    let mut settled = url.clone();
    for hop in answer
        .hops
        .iter()
        .take_while(|hop| matches!(hop.status, 301 | 308))
    {
        settled = hop.to.clone();
    }
    settled
}

/// Writes a file so that it is there whole or as it was.
pub(super) fn write_whole(place: &Path, text: &str) -> io::Result<()> {
    disk::make_folder(place.parent().unwrap_or(Path::new(".")))?;
    disk::replace(place, text.as_bytes(), Durability::Lasting)
}
