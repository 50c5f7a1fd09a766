//! Servers that stand in for hosts: for tests and rehearsals only.
//!
//! With `resolve = { "arxiv.org" = "127.0.0.1:8080" }` a request for `https://arxiv.org/` goes to
//! that server in plain HTTP and names the host it is meant for; `"*"` stands for every host that
//! is a name. The address itself is checked as ever, so that a private one is refused whoever
//! names it; what stands in was named by whoever runs the program.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use url::{Host, Url};

/// Which server stands in for which host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIns(pub BTreeMap<String, SocketAddr>);

impl StandIns {
    /// Where a request for this address goes.
    pub fn target(&self, url: &Url) -> Url {
        let Some(Host::Domain(host)) = url.host() else {
            return url.clone();
        };
        let Some(server) = self.0.get(host).or_else(|| self.0.get("*")) else {
            return url.clone();
        };
        let mut target = url.clone();
        // None of these fails for an address that has a host.
        let _ = target.set_scheme("http");
        let _ = target.set_ip_host(server.ip());
        let _ = target.set_port(Some(server.port()));
        target
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let servers = [("*", "127.0.0.1:81"), ("arxiv.org", "127.0.0.1:82")];
        let servers = servers.map(|(host, server)| (host.to_owned(), server.parse().unwrap()));
        let target = StandIns(BTreeMap::from(servers)).target(&Url::parse(url).unwrap());
        assert_eq!(target.as_str(), expected);
    }

    #[test]
    fn names_have_stand_ins_and_addresses_have_none() {
        check(
            "https://arxiv.org/abs/1?a=b",
            "http://127.0.0.1:82/abs/1?a=b",
        );
        check("https://www.arxiv.org:8443/", "http://127.0.0.1:81/");
        check("http://10.0.0.1/feed", "http://10.0.0.1/feed");
        let url = Url::parse("https://arxiv.org/").unwrap();
        assert_eq!(StandIns::default().target(&url), url);
    }
}
