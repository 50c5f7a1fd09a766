//! What whoever runs the server may want to hear of.

use std::net::IpAddr;
use std::time::Duration;

/// What happened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request was answered.
    Answered(&'a Answered<'a>),
    /// Somebody used the link up that signs in as long as there are no accounts; this is the next
    /// one, for whoever runs the server alone.
    OneTimeLink(&'a str),
    /// Something is wrong with the server or its machine; the text has a line for each cause.
    Failed(&'a str),
}

/// A request and its answer. What the request says is text of strangers.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// Who asked.
    pub client: IpAddr,
    /// With which method.
    pub method: &'a str,
    /// For what: the path. What follows a `?` is left out, since it may be somebody's words.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// The length of the body, where it is known.
    pub bytes: Option<u64>,
    /// Until the answer began.
    pub took: Duration,
    /// The name that the client gives itself.
    pub user_agent: &'a str,
}
