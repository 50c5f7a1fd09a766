//! From what a request names to a file below the folder of documents, or to nothing.

use std::borrow::Cow;
use std::path::{Component, Path};

use percent_encoding::percent_decode_str;

/// The path below the folder that a request's path means, and whether it ends with a slash; none
/// where no document can be: names that begin with a dot (but for `.well-known`, RFC 8615), steps
/// upward, slashes and backslashes in disguise, control characters.
pub(super) fn of(whole: &str) -> Option<(Cow<'_, str>, bool)> {
    let path = whole.strip_prefix('/')?;
    let (path, is_folder) = match path.strip_suffix('/') {
        Some(path) => (path, true),
        None => (path, path.is_empty()),
    };
    if path.is_empty() {
        return (whole == "/").then_some((Cow::Borrowed(""), true));
    }
    let decoded = if path.contains('%') {
        let mut decoded = String::with_capacity(path.len());
        for (at, part) in path.split('/').enumerate() {
            let part = percent_decode_str(part).decode_utf8().ok()?;
            if part.contains('/') {
                return None;
            }
            if at > 0 {
                decoded.push('/');
            }
            decoded.push_str(&part);
        }
        Cow::Owned(decoded)
    } else {
        Cow::Borrowed(path)
    };
    decoded
        .split('/')
        .all(is_name)
        .then_some((decoded, is_folder))
}

/// Whether it can be the name of a file that is published.
fn is_name(part: &str) -> bool {
    if part.is_empty() || part.contains('\\') || part.chars().any(char::is_control) {
        return false;
    }
    if part.starts_with('.') && part != ".well-known" {
        return false;
    }
    // Names of drives and devices, where the system has such.
    let mut components = Path::new(part).components();
    matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, bool)>) {
        let found = of(path);
        let found = found
            .as_ref()
            .map(|(path, is_folder)| (&**path, *is_folder));
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn names_documents() {
        check("/", Some(("", true)));
        check("/atom.xml", Some(("atom.xml", false)));
        check("/issues/one/", Some(("issues/one", true)));
        check(
            "/issues/caf%C3%A9/a%20b.mp3",
            Some(("issues/café/a b.mp3", false)),
        );
        check(
            "/.well-known/security.txt",
            Some((".well-known/security.txt", false)),
        );
        check("/a..b/...c", None);
        check("/a..b/c", Some(("a..b/c", false)));
    }

    #[test]
    fn never_leads_out_of_the_folder() {
        for path in [
            "",
            "*",
            "atom.xml",
            "//",
            "//etc/passwd",
            "/../etc/passwd",
            "/a/../../etc/passwd",
            "/./atom.xml",
            "/%2e%2e/etc/passwd",
            "/%2E%2e/x",
            "/..%2f..%2fetc/passwd",
            "/a%2fb",
            "/a%2Fb",
            "/..%5c..%5cx",
            "/a\\b",
            "/%5c%5chost/x",
            "/atom.xml%00.txt",
            "/%00",
            "/a%0d%0ab",
            "/a%7f",
            "/.git/config",
            "/.newsdesk-staging-x/atom.xml",
            "/%2egit/config",
            "/a/.hidden",
            "/a//b",
            "/%ff%fe",
            "/%c0%ae%c0%ae/x",
            "/%e0%80%ae/x",
        ] {
            check(path, None);
        }
        // Decoded once and not twice.
        check("/%252e%252e/x", Some(("%2e%2e/x", false)));
    }
}
