//! The numbered steps from an empty file to the tables of today.

/// Each step's statements; its number is its place, from 1. A step that was released never
/// changes: what is wrong with it is mended by the next.
pub(super) const STEPS: [&str; 6] = [
    include_str!("../../migrations/sqlite/0001_store.sql"),
    include_str!("../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../migrations/sqlite/0003_review.sql"),
    include_str!("../../migrations/sqlite/0004_shared.sql"),
    include_str!("../../migrations/sqlite/0005_subscriptions.sql"),
    include_str!("../../migrations/sqlite/0006_polling.sql"),
];

/// The step after which what there is belongs to a newsletter.
pub(super) const OWNED: u32 = 4;

/// Gives what belongs to no newsletter yet to the one that opens the file.
pub(super) const ADOPT: [&str; 3] = [
    "UPDATE uses SET newsletter = ? WHERE newsletter = ''",
    "UPDATE account SET newsletter = ? WHERE newsletter = ''",
    "UPDATE session SET newsletter = ? WHERE newsletter = ''",
];

/// The version that the steps lead to.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const VERSION: u32 = STEPS.len() as u32;

/// The steps for PostgreSQL, in a series of their own.
pub(super) const POSTGRES_STEPS: [&str; 2] = [
    include_str!("../../migrations/postgres/0001_store.sql"),
    include_str!("../../migrations/postgres/0002_polling.sql"),
];

/// The version that they lead to.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const POSTGRES_VERSION: u32 = POSTGRES_STEPS.len() as u32;

/// Says in the file's header whose it is (sqlite.org/fileformat.html, offset 68): `news`.
pub(super) const APPLICATION: u32 = u32::from_be_bytes(*b"news");
