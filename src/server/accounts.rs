//! Names and passwords of accounts: what they may be, how a password is kept and compared.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use ring::rand::{SecureRandom as _, SystemRandom};
use unicode_normalization::UnicodeNormalization as _;

/// The fewest characters of a password.
pub const SHORTEST: usize = 10;

/// The most bytes of a password: hashing takes longer for longer ones.
const LONGEST: usize = 1024;

/// The most characters of a name.
const LONGEST_NAME: usize = 64;

/// A hash that no password is known to have, with the cost of all others: who signs in with a name
/// that nobody has waits as long as who mistypes a password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bmV3c2Rlc2submV3c2Rlc2s\
     $NuKzU24Da0nO1nvLVsTeOrJlLSj0oFZBzpxQpRHtZ0Q";

/// Why a name or a password cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not a name to sign in with.
    #[error(
        "`{0}` is no name for an account\nhint: letters, digits and `.`, `-`, `_`, `@`, at most {LONGEST_NAME}"
    )]
    Name(String),
    /// Too easy to guess.
    #[error(
        "the password is too short\nhint: {SHORTEST} characters or more; several words are easy to keep in mind"
    )]
    Short,
    /// Too long to hash.
    #[error("the password is too long\nhint: {LONGEST} bytes or less")]
    Long,
    /// The system gives no random numbers, or the hash cannot be computed.
    #[error("the password cannot be hashed")]
    Hash,
}

/// The name of an account, as it is stored: in small letters, so that nobody is locked out by a
/// keyboard that begins with a capital.
///
/// # Errors
///
/// Where it is none.
pub fn name(written: &str) -> Result<String, Error> {
    let name: String = written.trim().nfc().collect::<String>().to_lowercase();
    let allowed = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
    let right = (1..=LONGEST_NAME).contains(&name.chars().count()) && name.chars().all(allowed);
    if right {
        Ok(name)
    } else {
        Err(Error::Name(written.escape_debug().to_string()))
    }
}

/// What is stored of a password: argon2id with a random salt (RFC 9106), 19 MiB and two rounds.
///
/// # Errors
///
/// Where it is too short or too long.
pub fn hash(password: &str) -> Result<String, Error> {
    if password.chars().count() < SHORTEST {
        return Err(Error::Short);
    }
    if password.len() > LONGEST {
        return Err(Error::Long);
    }
    let mut salt = [0; 16];
    SystemRandom::new()
        .fill(&mut salt)
        .map_err(|_| Error::Hash)?;
    Argon2::default()
        .hash_password_with_salt(composed(password).as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Error::Hash)
}

/// Whether a password is the one of this hash; without a hash it is not, which takes as long.
pub(super) fn verify(password: &str, hash: Option<&str>) -> bool {
    let known = hash.and_then(|hash| PasswordHash::new(hash).ok());
    let is_known = known.is_some();
    let nobody = PasswordHash::new(NOBODY).ok();
    let Some(hash) = known.or(nobody) else {
        return false;
    };
    let password = if password.len() > LONGEST {
        String::new()
    } else {
        composed(password)
    };
    let right = Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok();
    right && is_known
}

/// Systems type `é` in two ways.
fn composed(password: &str) -> String {
    password.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_password_by_its_hash() {
        let hashed = hash("correct horse battery").unwrap();
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
        assert_ne!(hashed, hash("correct horse battery").unwrap());
        assert!(verify("correct horse battery", Some(&hashed)));
        assert!(!verify("correct horse batterz", Some(&hashed)));
        assert!(!verify("", Some(&hashed)));
        assert!(!verify("correct horse battery", None));
        assert!(!verify("correct horse battery", Some("nonsense")));
        let accented = hash("cafe\u{301} au lait").unwrap();
        assert!(verify("caf\u{e9} au lait", Some(&accented)));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_do() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let hashed = hash("correct horse battery").unwrap();
        let other = PasswordHash::new(&hashed).unwrap();
        assert_eq!(nobody.params, other.params);
        assert_eq!(nobody.algorithm, other.algorithm);
        let length = |hash: &PasswordHash| hash.hash.map(|hash| hash.as_ref().len());
        assert_eq!(length(&nobody), length(&other));
    }

    #[test]
    fn bounds_passwords_and_names() {
        assert_eq!(hash("too short"), Err(Error::Short));
        assert_eq!(hash(&"x".repeat(LONGEST + 1)), Err(Error::Long));
        assert_eq!(name(" Ada ").unwrap(), "ada");
        assert_eq!(
            name("ines.okafor@lantern.example").unwrap(),
            "ines.okafor@lantern.example"
        );
        for wrong in ["", " ", "a b", "a\nb", "a/b", "<a>", &"a".repeat(65)] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
    }
}
