//! Which sources are visited when, how politely, and with what outcome.
//!
//! [`due`] says when, [`host`] who may be asked now, [`guard`] who never is, [`fetch`] asks, and
//! [`answer`] says what the answer means. `run` puts them together: it visits what is due and
//! hands the store batches of visits. Only [`fetch`] speaks to the network; all but `run` and
//! [`fetch`] are functions of what they are given, the clock among it.

mod announced;
pub mod answer;
mod batch;
mod beside;
mod choose;
pub mod due;
pub mod fetch;
pub mod guard;
pub mod health;
pub mod host;
mod leases;
mod onward;
mod options;
mod past;
pub mod proxy;
pub mod push;
mod rate;
mod read;
mod readers;
mod run;
mod setting;
pub mod stand_in;
pub mod subscribe;
mod visit;
mod wall;

pub use choose::choose;
pub use options::{Bounds, Fetch, Options, user_agent};
pub use past::remember;
pub use run::run;
pub use setting::{Clock, Error, Event, Secrets, Seen, Setting, Summary, Which};
