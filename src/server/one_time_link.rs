//! The way in as long as there are no accounts: a link that is printed on the terminal, and works
//! once.
//!
//! That a connection comes from this machine says little: a proxy, a tunnel or another user's
//! program is this machine too. Who reads the terminal, or its log, runs the server.

use std::sync::{Mutex, PoisonError};

use super::token::Token;

/// The key of the link that works now.
#[derive(Debug)]
pub(super) struct OneTimeLink(Mutex<Option<Token>>);

impl OneTimeLink {
    /// One with a key of its own. Where the system has no random numbers, none works.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Token::random()))
    }

    /// The path and query of the link, below the review pages; none where none works.
    pub(super) fn path(&self, base: &str) -> Option<String> {
        let key = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key.as_ref()?;
        Some(format!("{base}/login?key={}", key.text()))
    }

    /// Whether this is the key. Hashes are compared, so that the time that takes says nothing.
    pub(super) fn has(&self, key: &str) -> bool {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        is(held.as_ref(), key)
    }

    /// Uses the link up, if this is its key: another takes its place.
    pub(super) fn take(&self, key: &str) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let right = is(held.as_ref(), key);
        if right {
            *held = Token::random();
        }
        right
    }
}

fn is(held: Option<&Token>, key: &str) -> bool {
    let sent = Token::of(key);
    held.zip(sent)
        .is_some_and(|(held, sent)| held.hash() == sent.hash())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_once() {
        let link = OneTimeLink::new();
        let key = || {
            let path = link.path("/review").unwrap();
            path.strip_prefix("/review/login?key=").unwrap().to_owned()
        };
        let first = key();
        assert!(!link.has("") && !link.take("") && !link.take(&"0".repeat(64)));
        assert!(link.has(&first) && link.take(&first));
        assert!(!link.has(&first) && !link.take(&first));
        assert!(link.take(&key()));
    }
}
