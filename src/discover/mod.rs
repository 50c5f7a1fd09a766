//! From the links of past issues to the sources worth polling.
//!
//! [`links()`] collects what the issues link to; [`Search`] knows for each link what has to be found
//! out next, and takes what was found; [`propose`] groups the links by the feeds behind them, with
//! the evidence for each. [`robots`] reads `robots.txt`, [`Memory`] keeps what was found for the
//! next run, [`back`] finds the older entries of a feed. Who fetches decides how politely: nothing
//! here reads a clock, a file or the network.

pub mod back;
mod checking;
mod evidence;
mod inquiry;
mod links;
mod memory;
mod proposals;
pub mod robots;
mod search;
mod summary;

pub use checking::Found;
pub use evidence::{Evidence, Reach};
pub use inquiry::Verdict;
pub use links::{Link, links};
pub use memory::Memory;
pub use proposals::{Known, Proposal, Report, Silent, Unknown, propose};
pub use search::{Options, Polled, Search, Want};
pub use summary::{Check, Summary, page_form, summary};

#[cfg(test)]
mod tests;
