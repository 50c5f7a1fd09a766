//! Addresses: making them absolute, and telling whether two name the same thing.

use std::borrow::Cow;

pub use lenient_feed::address::{
    SCHEMES, canonical, canonical_source, is_tracking_parameter, lacks_scheme, named_part, source,
};
use url::{Host, Url};

/// The absolute form of an address found in content whose base is `base`.
///
/// A host without a scheme (`www.example.org/x`) gets `https:`. `None` where the address cannot
/// be one, or where its scheme has no place in published content.
pub fn absolute<'a>(base: &Url, written: &'a str) -> Option<Cow<'a, str>> {
    let trimmed = written.trim();
    if is_plain_web(trimmed) {
        return Some(Cow::Borrowed(trimmed));
    }
    if lacks_scheme(trimmed) {
        return Url::parse(&format!("https://{trimmed}"))
            .ok()
            .map(|url| Cow::Owned(url.into()));
    }
    let url = base.join(trimmed).ok()?;
    SCHEMES
        .contains(&url.scheme())
        .then(|| Cow::Owned(url.into()))
}

/// Whether the address is already absolute and made of nothing but the characters that RFC 3986
/// allows, so that it can be published as it was written.
fn is_plain_web(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        is_plain_host(&rest[..host_end])
            && rest[host_end..].bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
            })
    })
}

/// Whether the host is one by its looks: no port, no user, no number and no encoded name, which
/// all take a closer look.
fn is_plain_host(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let last = host.rsplit('.').next().unwrap_or(host);
    host.starts_with(|first: char| first.is_ascii_alphanumeric())
        && host.bytes().all(plain)
        && !host.contains("--")
        && last.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The ports that belong to a host's usual web server.
const USUAL_PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// The name under which a host's limits are kept: the registrable domain, because its owner
/// counts requests for all names below it; an address where there is no name. A server at an odd
/// port is somebody else's.
pub fn host_key(url: &Url) -> Option<String> {
    let host = match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        address => address.to_string(),
    };
    Some(match url.port() {
        Some(port) if !USUAL_PORTS.contains(&port) => format!("{host}:{port}"),
        _ => host,
    })
}

/// The host behind an address, as [`host_key`] names it; the address itself where it has none.
pub fn host_of(address: &str) -> String {
    Url::parse(address)
        .ok()
        .and_then(|url| host_key(&url))
        .unwrap_or_else(|| address.to_owned())
}

/// A name as one safe path segment: lower-case letters and digits joined by `-`, accents off.
/// Letters of other scripts stay. Empty where nothing is left.
pub fn slug(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let mut slug = String::with_capacity(name.len());
    for character in name
        .nfkd()
        .filter(|&c| !is_combining_mark(c) && c != '\'' && c != '’')
    {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_absolute(written: &str, expected: Option<&str>) {
        let base = Url::parse("https://news.example.org/issues/7/").unwrap();
        assert_eq!(absolute(&base, written).as_deref(), expected, "{written}");
    }

    #[test]
    fn makes_addresses_absolute() {
        check_absolute(
            "/images/a b.png",
            Some("https://news.example.org/images/a%20b.png"),
        );
        check_absolute("pic.png", Some("https://news.example.org/issues/7/pic.png"));
        check_absolute("//cdn.example.org/x", Some("https://cdn.example.org/x"));
        check_absolute("?page=2", Some("https://news.example.org/issues/7/?page=2"));
        check_absolute("#notes", Some("https://news.example.org/issues/7/#notes"));
        check_absolute(
            "www.example.org/in/me",
            Some("https://www.example.org/in/me"),
        );
        check_absolute("https://example.org", Some("https://example.org"));
        check_absolute("mailto:me@example.org", Some("mailto:me@example.org"));
    }

    #[test]
    fn refuses_hosts_that_are_none() {
        check_absolute("https://www.example.org](/x", None);
        check_absolute("https://1.2.3.999/", None);
        check_absolute("https://example.org:99999/", None);
        check_absolute("https://xn--/", None);
        check_absolute("https://", None);
        check_absolute("https://1.2.3.4:80/", Some("https://1.2.3.4:80/"));
    }

    #[test]
    fn refuses_schemes_that_run() {
        check_absolute("javascript:alert(1)", None);
        check_absolute(" JaVa\tScript:alert(1)", None);
        check_absolute("data:text/html,hello", None);
        check_absolute("vbscript:x", None);
        check_absolute("file:///etc/passwd", None);
    }

    #[test]
    fn makes_slugs() {
        assert_eq!(slug("Élodie O’Neil & Søn"), "elodie-oneil-søn");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("…"), "");
        assert_eq!(slug("日本 語"), "日本-語");
    }
}
