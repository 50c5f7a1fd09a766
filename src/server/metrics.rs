//! What is counted, for who watches the server.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use axum::http::StatusCode;

/// Which part of the server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Documents,
    Review,
    Health,
}

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Answers by side and by the first digit of their status; 304 apart.
    answers: [[AtomicU64; 6]; 3],
    sign_ins_failed: AtomicU64,
    sign_ins_refused: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(&self, side: Side, status: StatusCode) {
        let column = match status.as_u16() {
            304 => 0,
            status => usize::from(status / 100).min(5),
        };
        self.answers[side as usize][column].fetch_add(1, Relaxed);
    }

    /// Counts a sign-in with a wrong name or password.
    pub(super) fn sign_in_failed(&self) {
        self.sign_ins_failed.fetch_add(1, Relaxed);
    }

    /// Counts a sign-in that came too soon after others.
    pub(super) fn sign_in_refused(&self) {
        self.sign_ins_refused.fetch_add(1, Relaxed);
    }
}
