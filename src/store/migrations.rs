//! The numbered steps from an empty file to the tables of today.

/// Each step's statements; its number is its place, from 1. A step that was released never
/// changes: what is wrong with it is mended by the next.
pub(super) const STEPS: [&str; 4] = [
    include_str!("../../migrations/0001_store.sql"),
    include_str!("../../migrations/0002_accounts.sql"),
    include_str!("../../migrations/0003_review.sql"),
    include_str!("../../migrations/0004_subscriptions.sql"),
];

/// The version that the steps lead to.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const VERSION: u32 = STEPS.len() as u32;

/// Says in the file's header whose it is (sqlite.org/fileformat.html, offset 68): `news`.
pub(super) const APPLICATION: u32 = u32::from_be_bytes(*b"news");
