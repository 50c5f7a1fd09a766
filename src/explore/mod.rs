//! Discovery's flow: asks the network for what [`crate::discover`] wants to know, each host
//! politely, and brings the past of sources into the store.
//!
//! [`Network`] answers a search as far as it can within its time; [`look`] does that for one
//! address; [`bring`] fetches the older entries of sources.

mod error;
mod look;
mod network;
mod past;
mod rules;

pub use self::error::Error;
pub use self::look::{Behind, look};
pub use self::network::{Believe, End, Event, Network, Setting};
pub use self::past::{Brought, Depth, bring};
