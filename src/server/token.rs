//! Random tokens, and what is derived from them.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// A random number of 256 bits, as 64 hexadecimal digits: what a browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token(String);

impl Token {
    /// A new one; none where the system has no random numbers, which nothing can be done about.
    pub(super) fn random() -> Option<Self> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Some(Self(hex(&bytes)))
    }

    /// One that a browser sent back, if it could be one.
    pub(super) fn of(text: &str) -> Option<Self> {
        let right = text.len() == 64
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        right.then(|| Self(text.to_owned()))
    }

    /// As it is sent.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }

    /// What forms carry of it: whoever can make a browser send the token, but not read a page,
    /// does not know this.
    pub(super) fn csrf(&self) -> String {
        hex(&sha256(format!("newsdesk form {}", self.0).as_bytes()))
    }

    /// Whether a form carries it. Hashes are compared, so that the time that takes says nothing.
    pub(super) fn is_csrf(&self, sent: &[u8]) -> bool {
        sha256(sent) == sha256(self.csrf().as_bytes())
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_come_back() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one, other);
        assert_eq!(Token::of(one.text()), Some(one.clone()));
        assert!(one.is_csrf(one.csrf().as_bytes()));
        assert!(!one.is_csrf(other.csrf().as_bytes()));
        assert!(!one.is_csrf(b""));
        assert!(!one.is_csrf(one.text().as_bytes()));
    }

    #[test]
    fn refuses_what_is_no_token() {
        for text in ["", "abc", &"A".repeat(64), &"0".repeat(65), &"é".repeat(32)] {
            assert_eq!(Token::of(text), None);
        }
    }
}
