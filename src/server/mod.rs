//! Documents and review pages over HTTP.
//!
//! The published side (`documents`) answers feed readers with what the last build made; the
//! review side (`review`) is a newsroom in a browser, for those who are signed in (`session`) and
//! from pages of its own alone (`guard`). Nothing here prints, reads a clock, or knows how an
//! issue is written: who runs a [`Server`] brings a clock, a [`Desk`](crate::desk::Desk) and somebody to
//! [`Event`]s to.

// What is sliced here is text of strangers, and an index inside a letter ends the handler.
#![warn(clippy::string_slice)]

pub mod accounts;
mod attempts;
mod connection_limit;
mod documents;
mod event;
mod failure;
mod guard;
mod health;
mod hub;
mod login;
mod metrics;
mod one_time_link;
mod options;
mod page;
mod readers;
pub mod review;
mod routes;
mod run;
mod session;
mod signed;
mod state;
mod stream;
mod token;

pub use event::{Answered, Event};
pub use options::{Cache, Callback, Network, Options, Redirect};
pub use run::{Error, Server};
pub use state::Setting;
