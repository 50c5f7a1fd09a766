//! The one place that speaks to the network: bounded in time, size and redirects.

pub mod file;
mod hub;
mod resolve;
pub mod visit;

/// How this program names itself to servers.
pub const USER_AGENT: &str = concat!(
    "newsdesk/",
    env!("CARGO_PKG_VERSION"),
    " (+https://crates.io/crates/newsdesk)"
);
