//! Visits as lines, as JSON, and as a table.

use std::collections::BTreeMap;
use std::time::Duration;

use comfy_table::{Table, presets};
use newsdesk::model::Outcome;
use newsdesk::poll::fetch::visit;
use newsdesk::poll::{Seen, Summary};
use serde_json::{Value, json};
use url::Url;

use super::count;
use crate::commands::instant;

/// The address of a source as it may be shown: without a password, and a file as it was named.
pub(super) fn address(url: &str) -> String {
    if url.starts_with("file:") {
        return url.to_owned();
    }
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| visit::shown(&url))
}

/// The line of a visit that found no feed.
pub(super) fn failure(seen: &Seen) -> String {
    let message = seen.visit.message.as_deref().unwrap_or("no feed");
    let failures = seen.history.failures;
    let times = if failures > 1 {
        format!(" ({failures} times in a row)")
    } else {
        String::new()
    };
    format!("{}: {message}{times}", address(&seen.source.url))
}

/// The line of a source that moved.
pub(super) fn moved(seen: &Seen) -> String {
    let message = seen.visit.message.as_deref().unwrap_or("moved");
    format!("{}: {message}", address(&seen.source.url))
}

/// The documented shape of `poll --json`.
pub(super) fn json(seen: &Seen) -> Value {
    let visit = &seen.visit;
    json!({
        "url": address(&seen.source.url),
        "title": seen.source.title.as_ref().or(seen.history.feed_title.as_ref()),
        "at": instant(visit.at),
        "outcome": visit.outcome,
        "status": visit.status,
        "took_ms": visit.took,
        "bytes": visit.bytes,
        "new": visit.new,
        "changed": visit.changed,
        "repairs": visit.repairs,
        "message": visit.message,
        "failures": seen.history.failures,
        "moved_to": seen.moved_to.as_deref().map(address),
        "next_visit": seen.history.next_visit.map(instant),
    })
}

/// What all visits of a run came to.
#[derive(Debug, Default)]
pub(super) struct Totals {
    outcomes: BTreeMap<&'static str, (usize, u64, u64)>,
    new: u64,
    changed: u64,
}

impl Totals {
    pub(super) fn add(&mut self, seen: &Seen) {
        let (new, changed) = (u64::from(seen.visit.new), u64::from(seen.visit.changed));
        let row = self.outcomes.entry(words(seen.visit.outcome)).or_default();
        row.0 += 1;
        row.1 += new;
        row.2 += changed;
        self.new += new;
        self.changed += changed;
    }

    pub(super) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(["outcome", "sources", "new entries", "changed entries"]);
        for (words, (sources, new, changed)) in &self.outcomes {
            table.add_row([
                (*words).to_owned(),
                sources.to_string(),
                new.to_string(),
                changed.to_string(),
            ]);
        }
        table.to_string()
    }

    pub(super) fn line(&self, summary: &Summary, took: Duration) -> String {
        if summary.visits + summary.paused + summary.left == 0 {
            return "nothing is due".to_owned();
        }
        let failed = match summary.failures {
            0 => String::new(),
            failures => format!(", {failures} without a feed"),
        };
        let paused = match summary.paused {
            0 => String::new(),
            paused => format!(", {paused} left alone because the host asked for it"),
        };
        let left = match summary.left {
            0 => String::new(),
            left => format!(", {left} left for the next time"),
        };
        format!(
            "visited {}{failed}: {} new, {} changed{paused}{left}, in {:.1} s",
            count(summary.visits, "source"),
            self.new,
            self.changed,
            took.as_secs_f64()
        )
    }
}

fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Changed => "read",
        Outcome::Cut => "read in part",
        Outcome::Same => "as it was",
        Outcome::NotModified => "not modified",
        Outcome::Gone => "gone for good",
        Outcome::NotFound => "not found",
        Outcome::Denied => "denied",
        Outcome::Walled => "kept out",
        Outcome::Busy => "busy",
        Outcome::ServerError => "server error",
        Outcome::Unreachable => "unreachable",
        Outcome::TimedOut => "timed out",
        Outcome::TooMuchWork => "too much work",
        Outcome::TooLarge => "too large",
        Outcome::Refused => "refused",
        Outcome::WebPage => "a web page",
        Outcome::NotAFeed => "no feed",
        Outcome::Paused => "paused",
    }
}
