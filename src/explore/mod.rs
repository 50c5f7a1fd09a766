//! Discovery's flow: asks the network for what [`crate::discover`] wants to know, each host
//! politely, and brings the past of sources into the store.
//!
//! [`Network`] answers a search as far as it can within its time; [`look()`] does that for one
//! address; [`bring`] fetches the older entries of sources.

mod error;
mod held;
mod journal;
mod look;
mod network;
mod past;
mod rules;
mod setting;
mod visit;

pub use self::error::Error;
pub use self::look::{Behind, look};
pub use self::network::Network;
pub use self::past::{Brought, Depth, Way, bring, fill};
pub use self::setting::{Believe, End, Event, Setting};
