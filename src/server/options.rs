//! What the configuration says of the server.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

/// Where the server listens and what it answers: `[server]` of `config.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where it listens; port 0 is any that is free.
    pub address: SocketAddr,
    /// The folder of documents, absolute.
    pub folder: PathBuf,
    /// Where they are served, as the newsletter's base address has it: `/`, or `/news/`.
    pub under: String,
    /// How long others may keep documents.
    pub cache: Cache,
    /// Old addresses, each a path and perhaps a query, with where it leads now.
    pub redirects: BTreeMap<String, Redirect>,
    /// Whether everybody comes by way of TLS that something before this server speaks.
    pub tls: bool,
    /// The names it is reached by, in small letters.
    pub hosts: Vec<String>,
    /// Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<Network>,
    /// The path of the review pages, `/review`; none: there are none.
    pub review: Option<String>,
    /// How long a client may take to send a request, to be silent between two, and to take nothing
    /// of an answer.
    pub timeout: Duration,
    /// Whether `/healthz` and `/metrics` answer others than this machine.
    pub public_metrics: bool,
    /// Whom to tell when something is wrong: a web or mail address.
    pub contact: Option<String>,
    /// Where hubs reach this server; none: no hub is asked to announce anything.
    pub callback: Option<Callback>,
    /// The largest announcement of a hub that is read, in bytes.
    pub largest_announcement: usize,
}

impl Options {
    /// The address where nobody chose one: this machine alone.
    pub const ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
    /// The path of the review pages where nobody chose one.
    pub const REVIEW: &'static str = "/review";

    /// The defaults.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            address: Self::ADDRESS,
            folder,
            under: "/".to_owned(),
            cache: Cache::default(),
            redirects: BTreeMap::new(),
            tls: false,
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            review: Some(Self::REVIEW.to_owned()),
            timeout: Duration::from_secs(15),
            public_metrics: false,
            contact: None,
            callback: None,
            largest_announcement: 10 << 20,
        }
    }
}

/// Where hubs reach this server (`WebSub`, section 5.1): an address of ours, then a token for each
/// subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    address: String,
    path: String,
}

impl Callback {
    /// That of a server which is reached at `base`; none where it cannot be an address for hubs.
    pub fn new(base: &Url) -> Option<Self> {
        let plain = matches!(base.scheme(), "http" | "https")
            && base.has_host()
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        plain.then(|| Self {
            address: format!("{}/hub", base.as_str().trim_end_matches('/')),
            path: format!("{}/hub/", base.path().trim_end_matches('/')),
        })
    }

    /// The address before the token, without a slash at its end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What stands at the place of the token, if a path is one of these.
    pub(super) fn token<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.path)
    }
}

/// How long others may keep documents before they ask again, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Feeds that new entries appear in, lists, the sitemap.
    pub feeds: Duration,
    /// Archive documents of feeds: closed, they change only with an issue.
    pub archive: Duration,
    /// Pages.
    pub pages: Duration,
    /// Recordings and videos.
    pub media: Duration,
    /// Everything else: style sheets, pictures.
    pub files: Duration,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            feeds: Duration::from_mins(5),
            archive: Duration::from_hours(24),
            pages: Duration::from_mins(5),
            media: Duration::from_hours(24),
            files: Duration::from_hours(1),
        }
    }
}

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// A path on this server, or an address in full.
    pub to: String,
    /// 301, or 308 which every method follows; 302 and 307 for a time.
    pub status: u16,
}

/// A machine, or those whose addresses begin alike: `10.0.0.7`, `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address lies in it. IPv4 in IPv6 is IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (network, address) = (self.address.to_canonical(), address.to_canonical());
        match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differ = u32::from(network) ^ u32::from(address);
                differ.checked_shr(32 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differ = u128::from(network) ^ u128::from(address);
                differ.checked_shr(128 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(());
        }
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(network: &str, address: &str, expected: bool) {
        let network: Network = network.parse().unwrap();
        assert_eq!(network.contains(address.parse().unwrap()), expected);
    }

    #[test]
    fn tells_who_is_in_a_network() {
        check("10.0.0.7", "10.0.0.7", true);
        check("10.0.0.7", "10.0.0.8", false);
        check("10.0.0.0/8", "10.200.3.4", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.0/8", "::ffff:10.1.1.1", true);
        check("0.0.0.0/0", "192.0.2.1", true);
        check("fd00::/8", "fd12::1", true);
        check("fd00::/8", "fe80::1", false);
        check("::/0", "192.0.2.1", false);
        for wrong in ["", "a", "10.0.0.0/33", "10.0.0.0/", "10.0.0", "::/129"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
