//! What the configuration says of polling.

use std::time::Duration;

use super::guard::Allowed;
use super::proxy::Proxies;
use super::stand_in::StandIns;

/// How sources are visited: `[poll]` of `config.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How often a source is visited.
    pub bounds: Bounds,
    /// How one request is made.
    pub fetch: Fetch,
    /// Hosts that are asked at the same time.
    pub concurrency: usize,
    /// Requests to one host at the same time.
    pub per_host: usize,
    /// The least time between the end of one request to a host and the start of the next.
    pub pause: Duration,
    /// How long a run lasts; what is left is due the next time. None: until all are visited.
    pub budget: Option<Duration>,
}

/// Between what intervals a source is visited, whatever it or its rhythm says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// No source more often than this.
    pub min: Duration,
    /// No source less often than this, unless it asks for it by `Retry-After` or `skipDays`.
    pub max: Duration,
}

/// How one request is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The name under which servers know the program, with an address for complaints.
    pub user_agent: String,
    /// Until a connection stands, the name's look-up and TLS among it.
    pub connect: Duration,
    /// From then on until the answer begins.
    pub first_byte: Duration,
    /// The whole of one request and its body.
    pub whole: Duration,
    /// How long one may be at reading what came, and at cleaning it.
    pub work: Duration,
    /// The size of a body, decompressed.
    pub max_bytes: usize,
    /// Private hosts and odd ports that may be visited.
    pub allowed: Allowed,
    /// Who asks on our behalf.
    pub proxies: Proxies,
    /// Servers that stand in for hosts, in tests and rehearsals.
    pub stand_ins: StandIns,
}

impl Options {
    /// The defaults; `contact` is where somebody who sees our requests can ask or complain.
    pub fn new(contact: &str) -> Self {
        Self {
            bounds: Bounds {
                min: Duration::from_mins(30),
                max: Duration::from_hours(24),
            },
            fetch: Fetch {
                user_agent: user_agent(contact),
                connect: Duration::from_secs(10),
                first_byte: Duration::from_secs(20),
                whole: Duration::from_mins(1),
                work: Duration::from_secs(10),
                max_bytes: 10 << 20,
                allowed: Allowed::default(),
                proxies: Proxies::default(),
                stand_ins: StandIns::default(),
            },
            concurrency: 16,
            per_host: 1,
            pause: Duration::from_millis(250),
            budget: None,
        }
    }
}

/// The program's name, version and a way to reach whoever runs it.
pub fn user_agent(contact: &str) -> String {
    format!("newsdesk/{} (+{contact})", env!("CARGO_PKG_VERSION"))
}
