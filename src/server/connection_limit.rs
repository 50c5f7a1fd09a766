//! How many connections one client has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use super::options::Options;

/// Connections of one client: readers behind one NAT share an address.
const MOST: usize = 200;

/// The connections that are open, by client.
#[derive(Debug, Default)]
pub(super) struct ConnectionLimit {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection; its place is free when this is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    client: Option<IpAddr>,
}

/// What counts as one client. Of an IPv6 address that is its /64, the least that is assigned to a
/// customer (RFC 6177, section 2): one host has as many addresses of it as it likes.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

impl ConnectionLimit {
    /// Lets a connection in, unless its client has too many. What is on this machine is not
    /// counted, nor are trusted proxies: they speak for others.
    pub(super) fn enter(&self, address: IpAddr, options: &Options) -> Option<Connection> {
        let address = address.to_canonical();
        let mut proxies = options.trusted_proxies.iter();
        let counted = !address.is_loopback() && !proxies.any(|proxy| proxy.contains(address));
        let client = counted.then(|| client(address));
        if let Some(client) = client {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let count = open.entry(client).or_default();
            if *count >= MOST {
                return None;
            }
            *count += 1;
        }
        Some(Connection {
            open: Arc::clone(&self.open),
            client,
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(client) = self.client else {
            return;
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                open.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_does_not_take_all_places() {
        let mut options = Options::new("/nowhere".into());
        options.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let limit = ConnectionLimit::default();
        let enter = |address: &str| limit.enter(address.parse().unwrap(), &options);
        let mut inside: Vec<Connection> = (0..MOST).map(|_| enter("192.0.2.1").unwrap()).collect();
        assert!(enter("192.0.2.1").is_none());
        assert!(enter("::ffff:192.0.2.1").is_none());
        assert!(enter("192.0.2.2").is_some());
        inside.pop();
        assert!(enter("192.0.2.1").is_some());
        drop(inside);
        let inside: Vec<_> = (0..MOST)
            .map(|host| enter(&format!("2001:db8:1:2::{host:x}")).unwrap())
            .collect();
        assert!(enter("2001:db8:1:2:ffff::1").is_none());
        assert!(enter("2001:db8:1:3::1").is_some());
        drop(inside);
        assert!(limit.open.lock().unwrap().is_empty());
        let local: Vec<_> = (0..=MOST).map(|_| enter("127.0.0.1")).collect();
        let proxy: Vec<_> = (0..=MOST).map(|_| enter("10.1.1.1")).collect();
        assert!(local.iter().chain(&proxy).all(Option::is_some));
    }
}
