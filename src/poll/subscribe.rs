//! Asking hubs to announce sources, and to end it (`WebSub`, section 5.1): one round at a time, of
//! what is to be asked now. What a hub answers in its turn comes to the server.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use futures_util::stream;
use ring::rand::{SecureRandom as _, SystemRandom};
use std::fmt::Write as _;
use url::Url;

use super::fetch::visit::{Failure, Fetcher};
use super::guard::is_localhost;
use crate::model::Outcome;
use crate::store::{Error, Phase, Store, Subscription};

/// The lease that is asked for; the hub may give another.
const LEASE: TimeDelta = TimeDelta::days(10);

/// When a hub is asked again that did not answer, or answered and then never verified.
const FIRST: TimeDelta = TimeDelta::minutes(10);

/// The longest that it is left alone.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// The least time that a hub has to verify.
const PENDING: TimeDelta = TimeDelta::hours(1);

/// Hubs that are asked in one round.
const ROUND: u32 = 64;

/// Hubs that are asked at the same time.
const AT_ONCE: usize = 4;

/// How often a hub is asked to end something, before its lease is left to end it.
const GOODBYES: u32 = 4;

/// The longest message that is kept, in characters.
const MESSAGE: usize = 300;

/// Asks hubs, in the name of one server.
pub struct Subscriber<'a> {
    /// What is known.
    pub store: &'a Store,
    /// Who asks; it keeps from places that are not visited.
    pub fetcher: &'a Fetcher,
    /// Where hubs reach the server, before the token.
    pub callback: &'a str,
}

impl Subscriber<'_> {
    /// One round: what is to be ended and begun is noted, then the hubs whose time has come are
    /// asked.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read or written; what a hub answers is none.
    pub async fn round(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.store.end_superseded(self.callback, now).await?;
        for (source, announced) in self.store.unsubscribed().await? {
            let (Some(token), Some(secret)) = (random(), random()) else {
                return Ok(());
            };
            let new = Subscription {
                token,
                source,
                secret: is_private(&announced.hub).then_some(secret),
                hub: announced.hub,
                topic: announced.topic,
                callback: self.callback.to_owned(),
                phase: Phase::Wanted,
                next: now,
                pending: None,
                since: None,
                ends: None,
                failures: 0,
                pinged: None,
                is_trusted: false,
                message: None,
            };
            self.store.add_subscription(&new).await?;
        }
        let due = self.store.subscriptions_due(self.callback, now, ROUND);
        let asked = due.await?.into_iter().map(|it| self.ask(it, now));
        let mut asked = stream::iter(asked).buffer_unordered(AT_ONCE);
        while let Some(asked) = asked.next().await {
            asked?;
        }
        Ok(())
    }

    /// Asks one hub. It may verify before it has answered, so that everything is noted before.
    async fn ask(&self, subscription: Subscription, now: DateTime<Utc>) -> Result<(), Error> {
        let token = &subscription.token;
        let is_leaving = subscription.phase == Phase::Leaving;
        let holds = subscription.ends.is_some_and(|ends| ends > now);
        if is_leaving && (!holds || subscription.failures >= GOODBYES) {
            return self.store.forget_subscription(token).await;
        }
        let failures = subscription.failures.saturating_add(1);
        let next = now + back_off(failures);
        let message = subscription.message.as_deref();
        let store = self.store;
        store.asking_failed(token, failures, next, message).await?;
        let pending = next.max(now + PENDING);
        store.begin_asking(token, pending, next).await?;
        let answer = match Url::parse(&subscription.hub) {
            Ok(hub) => {
                self.fetcher
                    .ask_hub(&hub, &form(&subscription), subscription.secret.is_some())
                    .await
            }
            Err(_) => Err(Failure::new(Outcome::Refused, "not an address")),
        };
        let said = match answer {
            Ok(202 | 200 | 201 | 204) => return Ok(()),
            Ok(status) => format!("the hub answered {status}"),
            Err(failure) => failure.message,
        };
        let said: String = said.chars().take(MESSAGE).collect();
        // One that verified and then failed to answer has done what it was asked.
        let is_done = store
            .subscription(token)
            .await?
            .is_none_or(|known| known.failures == 0);
        if is_done {
            return Ok(());
        }
        store
            .asking_failed(token, failures, next, Some(&said))
            .await
    }
}

/// What a hub is sent.
fn form(subscription: &Subscription) -> String {
    let is_leaving = subscription.phase == Phase::Leaving;
    let callback = format!("{}/{}", subscription.callback, subscription.token);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.callback", &callback)
        .append_pair("hub.topic", &subscription.topic);
    if is_leaving {
        form.append_pair("hub.mode", "unsubscribe");
    } else {
        form.append_pair("hub.mode", "subscribe")
            .append_pair("hub.lease_seconds", &LEASE.num_seconds().to_string());
        if let Some(secret) = &subscription.secret {
            form.append_pair("hub.secret", secret);
        }
    }
    form.finish()
}

/// Whether nobody can listen on the way to an address: a secret is told there alone. What is on
/// this machine is asked only where that is allowed.
pub(super) fn is_private(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => is_localhost(name),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_here
}

/// The wait after so many failures in a row: doubled each time, up to a fifth longer, so that what
/// failed together does not come back together.
fn back_off(failures: u32) -> TimeDelta {
    let doubled = failures.saturating_sub(1).min(10);
    let wait = (FIRST * 2_i32.pow(doubled)).min(LONGEST);
    wait + wait / 1000 * fastrand::i32(0..=200)
}

/// 256 random bits as hexadecimal digits; none where the system has none.
fn random() -> Option<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    let text = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_after_each_failure() {
        for (failures, least) in [(1, 10), (2, 20), (4, 80), (8, 1280), (9, 1440), (99, 1440)] {
            let wait = back_off(failures);
            let least = TimeDelta::minutes(least);
            assert!(wait >= least && wait <= least * 6 / 5, "{failures}: {wait}");
        }
    }

    #[test]
    fn tells_secrets_where_nobody_listens() {
        for private in [
            "https://hub.example/",
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://[::1]/",
        ] {
            assert!(is_private(private), "{private}");
        }
        for open in [
            "http://hub.example/",
            "http://10.0.0.1/",
            "http://127.0.0.1.example/",
            "x",
        ] {
            assert!(!is_private(open), "{open}");
        }
    }
}
