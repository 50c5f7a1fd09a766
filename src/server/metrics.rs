//! What is counted, for who watches the server.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::http::StatusCode;

/// Which part of the server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The published side.
    Documents,
    /// The review side.
    Review,
    /// What is asked by who watches.
    Health,
    /// What hubs ask and announce.
    Hubs,
}

/// What came of an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ping {
    /// Its source is due.
    Taken,
    /// It was not signed, or wrongly.
    Forged,
    /// Nobody asked for it.
    Unknown,
}

impl Ping {
    const ALL: [Self; 3] = [Self::Taken, Self::Forged, Self::Unknown];

    fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Forged => "forged",
            Self::Unknown => "unknown",
        }
    }
}

impl Side {
    const ALL: [Self; 4] = [Self::Documents, Self::Review, Self::Health, Self::Hubs];

    fn word(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Review => "review",
            Self::Health => "health",
            Self::Hubs => "hubs",
        }
    }
}

/// How statuses are told apart: those of the same first digit are one, but for 304.
const STATUSES: [&str; 6] = ["304", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    answers: [[AtomicU64; STATUSES.len()]; Side::ALL.len()],
    sign_ins_failed: AtomicU64,
    sign_ins_refused: AtomicU64,
    pings: [AtomicU64; Ping::ALL.len()],
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(&self, side: Side, status: StatusCode) {
        let column = match status.as_u16() {
            304 => 0,
            status => usize::from(status / 100).min(STATUSES.len() - 1),
        };
        self.answers[side as usize][column].fetch_add(1, Relaxed);
    }

    /// The answers by side and status.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&'static str, &'static str, u64)> {
        Side::ALL.into_iter().flat_map(|side| {
            let row = self.answers[side as usize].iter().zip(STATUSES);
            row.map(move |(count, status)| (side.word(), status, count.load(Relaxed)))
        })
    }

    /// Counts a sign-in with a wrong name or password.
    pub(super) fn sign_in_failed(&self) {
        self.sign_ins_failed.fetch_add(1, Relaxed);
    }

    /// Counts a sign-in that came too soon after others.
    pub(super) fn sign_in_refused(&self) {
        self.sign_ins_refused.fetch_add(1, Relaxed);
    }

    /// Counts what a hub announced.
    pub(super) fn ping(&self, ping: Ping) {
        self.pings[ping as usize].fetch_add(1, Relaxed);
    }

    /// The announcements by what came of them.
    pub(super) fn pings(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let count = |ping: Ping| self.pings[ping as usize].load(Relaxed);
        Ping::ALL
            .into_iter()
            .map(move |ping| (ping.word(), count(ping)))
    }

    /// The sign-ins that failed, and those that were refused.
    pub(super) fn sign_ins(&self) -> (u64, u64) {
        (
            self.sign_ins_failed.load(Relaxed),
            self.sign_ins_refused.load(Relaxed),
        )
    }
}
