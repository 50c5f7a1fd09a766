//! The one place that speaks to the network: bounded in time, size and redirects.

mod client;
mod coding;
mod fields;
pub mod file;
mod hub;
mod journey;
mod resolve;
pub mod visit;
mod words;

/// How this program names itself to servers.
pub const USER_AGENT: &str = concat!(
    "newsdesk/",
    env!("CARGO_PKG_VERSION"),
    " (+https://crates.io/crates/newsdesk)"
);
