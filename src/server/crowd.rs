//! How many connections one address has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::options::Options;

/// Connections of one address: readers behind one wall share one.
const MOST: usize = 200;

/// Who is connected.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    present: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection; its place is free when this is dropped.
#[derive(Debug)]
pub(super) struct Visitor {
    present: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: Option<IpAddr>,
}

impl Crowd {
    /// Lets a connection in, unless its address has too many. What is on this machine is not
    /// counted, nor are trusted proxies: they speak for others.
    pub(super) fn enter(&self, address: IpAddr, options: &Options) -> Option<Visitor> {
        let address = address.to_canonical();
        let mut proxies = options.trusted_proxies.iter();
        let counted = !address.is_loopback() && !proxies.any(|proxy| proxy.contains(address));
        if counted {
            let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
            let count = present.entry(address).or_default();
            if *count >= MOST {
                return None;
            }
            *count += 1;
        }
        Some(Visitor {
            present: Arc::clone(&self.present),
            address: counted.then_some(address),
        })
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        let Some(address) = self.address else {
            return;
        };
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = present.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                present.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_all_places() {
        let mut options = Options::new("/nowhere".into());
        options.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let crowd = Crowd::default();
        let enter = |address: &str| crowd.enter(address.parse().unwrap(), &options);
        let mut inside: Vec<Visitor> = (0..MOST).map(|_| enter("192.0.2.1").unwrap()).collect();
        assert!(enter("192.0.2.1").is_none());
        assert!(enter("::ffff:192.0.2.1").is_none());
        assert!(enter("192.0.2.2").is_some());
        inside.pop();
        assert!(enter("192.0.2.1").is_some());
        drop(inside);
        assert!(crowd.present.lock().unwrap().is_empty());
        let local: Vec<_> = (0..=MOST).map(|_| enter("127.0.0.1")).collect();
        let proxy: Vec<_> = (0..=MOST).map(|_| enter("10.1.1.1")).collect();
        assert!(local.iter().chain(&proxy).all(Option::is_some));
    }
}
