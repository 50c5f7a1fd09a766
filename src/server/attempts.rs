//! How often somebody may try to sign in: each account and each address has a handful of attempts,
//! and gets one back after a while.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// What may be tried in a row, and when one more.
#[derive(Clone, Copy, Debug)]
struct Pace {
    burst: i32,
    each: TimeDelta,
}

/// On one account, by whomever.
const ACCOUNT: Pace = Pace {
    burst: 6,
    each: TimeDelta::seconds(60),
};

/// From one address, on whatever account: a team may share one.
const ADDRESS: Pace = Pace {
    burst: 20,
    each: TimeDelta::seconds(15),
};

/// The accounts and addresses that are remembered; those of the longest ago are forgotten.
const REMEMBERED: usize = 10_000;

/// Attempts of late.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    accounts: Mutex<HashMap<String, DateTime<Utc>>>,
    addresses: Mutex<HashMap<IpAddr, DateTime<Utc>>>,
    misses: Mutex<HashMap<IpAddr, DateTime<Utc>>>,
}

impl Attempts {
    /// Notes an attempt before its password is looked at.
    ///
    /// # Errors
    ///
    /// How long to wait, where there were too many.
    pub(super) fn note(
        &self,
        account: &str,
        address: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<(), TimeDelta> {
        take(&self.addresses, network(address), ADDRESS, now)?;
        take(&self.accounts, account.to_owned(), ACCOUNT, now)
    }

    /// Notes that an address asked for a subscription that there is none of.
    ///
    /// # Errors
    ///
    /// How long to wait, where there were too many.
    pub(super) fn miss(&self, address: IpAddr, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        take(&self.misses, network(address), ADDRESS, now)
    }

    /// Gives attempts back to who has signed in.
    pub(super) fn forgive(&self, account: &str, address: IpAddr) {
        lock(&self.accounts).remove(account);
        let mut addresses = lock(&self.addresses);
        if let Some(full) = addresses.get_mut(&network(address)) {
            *full -= ADDRESS.each;
        }
    }
}

/// Whoever has one IPv6 address has all of a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Takes one attempt of `key`. What is kept is the instant at which all of them are back.
fn take<K: Eq + Hash + Clone>(
    kept: &Mutex<HashMap<K, DateTime<Utc>>>,
    key: K,
    pace: Pace,
    now: DateTime<Utc>,
) -> Result<(), TimeDelta> {
    let mut kept = lock(kept);
    if kept.len() >= REMEMBERED && !kept.contains_key(&key) {
        kept.retain(|_, full| *full > now);
        let oldest = kept.iter().min_by_key(|(_, full)| **full);
        if kept.len() >= REMEMBERED
            && let Some(oldest) = oldest.map(|(key, _)| key.clone())
        {
            kept.remove(&oldest);
        }
    }
    let full = kept.get(&key).copied().unwrap_or(now).max(now);
    let wait = full + pace.each - now - pace.each * pace.burst;
    if wait > TimeDelta::zero() {
        return Err(wait);
    }
    kept.insert(key, full + pace.each);
    Ok(())
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_account_has_six_attempts_and_one_more_each_minute() {
        let attempts = Attempts::default();
        for last in 1..=6 {
            let from = ip(&format!("192.0.2.{last}"));
            assert_eq!(attempts.note("ada", from, at(0)), Ok(()));
        }
        let other = ip("192.0.2.7");
        assert_eq!(
            attempts.note("ada", other, at(0)),
            Err(TimeDelta::seconds(60))
        );
        assert_eq!(
            attempts.note("ada", other, at(59)),
            Err(TimeDelta::seconds(1))
        );
        assert_eq!(attempts.note("ada", other, at(60)), Ok(()));
        assert!(attempts.note("ada", other, at(60)).is_err());
        assert_eq!(attempts.note("ben", other, at(60)), Ok(()));
        attempts.forgive("ada", other);
        assert_eq!(attempts.note("ada", other, at(60)), Ok(()));
    }

    #[test]
    fn an_address_has_twenty_over_all_accounts() {
        let attempts = Attempts::default();
        for number in 0..20 {
            let from = ip(&format!("2001:db8::{number}"));
            assert_eq!(attempts.note(&format!("a{number}"), from, at(0)), Ok(()));
        }
        assert!(attempts.note("b", ip("2001:db8::ffff"), at(0)).is_err());
        assert_eq!(attempts.note("b", ip("2001:db8:0:1::1"), at(0)), Ok(()));
    }

    #[test]
    fn remembers_a_bounded_number() {
        let attempts = Attempts::default();
        for number in 0..u32::try_from(REMEMBERED).unwrap() + 500 {
            let from = IpAddr::from(number.to_be_bytes());
            let _ = attempts.note(&number.to_string(), from, at(0));
        }
        assert_eq!(lock(&attempts.accounts).len(), REMEMBERED);
        assert_eq!(lock(&attempts.addresses).len(), REMEMBERED);
    }
}
