//! Addresses as people and lists write them, and whether two name the same thing.

use std::borrow::Cow;

use url::Url;

/// The schemes of addresses that people may be led to; every other is left out, `javascript:` and
/// `file:` above all.
pub const SCHEMES: [&str; 14] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "sftp", "xmpp", "matrix", "magnet", "gemini",
    "irc", "ircs", "feed",
];

/// Whether people may be led to an address: its scheme, as browsers see it, is one of
/// [`SCHEMES`], or it has none. Browsers overlook tabs and line breaks in an address, and white
/// space and control characters before it (WHATWG URL, basic URL parser).
///
/// ```
/// use lenient_feed::address::is_allowed;
///
/// assert!(is_allowed("https://a.example/") && is_allowed("a/b:c"));
/// assert!(!is_allowed(" java\tscript:alert(1)") && !is_allowed("FILE:///etc/passwd"));
/// ```
pub fn is_allowed(address: &str) -> bool {
    let mut scheme = String::new();
    let start = address.trim_start_matches(|c: char| c <= ' ');
    for character in start.chars() {
        match character {
            '\t' | '\n' | '\r' => {}
            ':' => return SCHEMES.contains(&&*scheme.to_ascii_lowercase()),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '+' | '-' | '.' => scheme.push(character),
            _ => return true,
        }
    }
    true
}

/// Query parameters that say where a reader came from and not what the page is.
const TRACKING: [&str; 22] = [
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_hsenc",
    "_hsmi",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "wickedid",
    "twclid",
    "ttclid",
    "s_cid",
    "cmpid",
    "ref_src",
];

/// Whether the address is a host and a path without `https://` before it, which a browser would
/// take for a path.
pub fn lacks_scheme(written: &str) -> bool {
    let Some(prefix) = written.get(..4) else {
        return false;
    };
    prefix.eq_ignore_ascii_case("www.")
        && written[4..]
            .split(['/', '?', '#'])
            .next()
            .is_some_and(|host| host.contains('.'))
}

/// The address of a source as people write it: one of the web as it is (`feed:` is what some
/// browsers make of it), anything else as a file's, relative to the folder of config.toml. `None`
/// where it can be neither.
///
/// ```
/// use lenient_feed::address::source;
///
/// assert_eq!(source("https://a.example/feed").as_deref(), Some("https://a.example/feed"));
/// assert_eq!(source("./feeds/a.xml").as_deref(), Some("file:feeds/a.xml"));
/// assert_eq!(source("gopher://a.example/"), None);
/// ```
pub fn source(written: &str) -> Option<String> {
    let text = written.trim();
    if let Some(rest) = text.strip_prefix("feed:") {
        let web = rest.strip_prefix("//").map(|host| format!("http://{host}"));
        let url = Url::parse(web.as_deref().unwrap_or(rest)).ok()?;
        return (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.into());
    }
    let Ok(url) = Url::parse(text) else {
        return (!text.is_empty() && !text.contains("://")).then(|| file(text));
    };
    match url.scheme() {
        "http" | "https" if url.has_host() => Some(url.into()),
        // `file:feeds/a.xml` starts at the folder of config.toml, unlike in browsers.
        "file" => match &text["file:".len()..] {
            rest if rest.starts_with('/') => Some(url.into()),
            rest => Some(file(rest)),
        },
        // A Windows path's drive letter parses as a scheme of one letter.
        scheme if scheme.len() == 1 => Some(file(text)),
        _ => None,
    }
}

fn file(path: &str) -> String {
    format!("file:{}", path.trim_start_matches("./")).replace('\\', "/")
}

/// Whether the query parameter only says where the reader came from (`utm_source`, `fbclid`, …).
pub fn is_tracking_parameter(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("utm_") || TRACKING.contains(&lower.as_str())
}

/// A form of the address that is equal for two ways of naming the same thing: without scheme,
/// `www.`, default file, `.html`, slashes that say nothing, fragment and tracking parameters, with
/// one way to write what is percent-encoded (RFC 3986, section 6.2.2), the version of an arXiv
/// paper, the many shapes of a video's address. For comparing, never for following.
pub fn canonical(address: &str) -> String {
    form(address, path_form)
}

/// The same for the address of a source: a feed at `/feed.html` is another one than at `/feed`.
pub fn canonical_source(address: &str) -> String {
    form(address, |path| Cow::Borrowed(whole_path(path)))
}

fn form(address: &str, path_form: impl Fn(&str) -> Cow<'_, str>) -> String {
    let trimmed = address.trim();
    let parsed = if lacks_scheme(trimmed) {
        Url::parse(&format!("https://{trimmed}"))
    } else {
        Url::parse(trimmed)
    };
    let Ok(url) = parsed else {
        return trimmed.to_owned();
    };
    let Some(host) = url.host_str() else {
        return trimmed.to_owned();
    };
    let host = host
        .strip_prefix("www.")
        .unwrap_or(host)
        .to_ascii_lowercase();
    if let Some(paper) = arxiv_paper(&host, url.path()) {
        return format!("arxiv:{paper}");
    }
    if let Some(video) = video(&host, &url) {
        return format!("youtube:{video}");
    }
    let mut form = host;
    if let Some(port) = url.port() {
        form.push(':');
        form.push_str(&port.to_string());
    }
    form.push_str(&path_form(url.path()));
    let mut parameters: Vec<(Cow<'_, str>, Cow<'_, str>)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking_parameter(name))
        .collect();
    parameters.sort();
    for (at, (name, value)) in parameters.iter().enumerate() {
        form.push(if at == 0 { '?' } else { '&' });
        form.push_str(name);
        form.push('=');
        form.push_str(value);
    }
    // A page that keeps its state in the fragment (`#!/page`) is another page for each of them.
    if let Some(fragment) = url
        .fragment()
        .filter(|fragment| fragment.starts_with(['!', '/']))
    {
        form.push('#');
        form.push_str(fragment);
    }
    form
}

/// The path without its default file and trailing slash.
fn whole_path(path: &str) -> &str {
    let path = path
        .strip_suffix("index.html")
        .or_else(|| path.strip_suffix("index.htm"))
        .unwrap_or(path);
    path.trim_end_matches('/')
}

/// The path without what generators and servers write in more than one way.
fn path_form(path: &str) -> Cow<'_, str> {
    let path = whole_path(path);
    let path = path
        .strip_suffix(".html")
        .or_else(|| path.strip_suffix(".htm"))
        .unwrap_or(path);
    if !path.contains('%') && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut form = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let (part, left) = match encoded(rest) {
            Some(byte) => (byte_form(byte), &rest[3..]),
            None => (first.to_string(), &rest[first.len_utf8()..]),
        };
        if part != "/" || !form.ends_with('/') {
            form.push_str(&part);
        }
        rest = left;
    }
    Cow::Owned(form)
}

/// The byte that a percent-encoding at the start stands for.
fn encoded(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u8::from_str_radix(digits, 16).ok())?
}

/// An encoded byte: itself where it need not be encoded (RFC 3986, section 2.3), else in capitals.
fn byte_form(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// The fragment of an address, where it may name one of many things on a page: not a place that
/// every page has, nor a word on where the reader came from.
pub fn named_part(address: &str) -> Option<&str> {
    const PLACES: [&str; 12] = [
        "top", "content", "main", "comments", "respond", "more", "article", "body", "header",
        "start", "page", "rss",
    ];
    let (_, fragment) = address.split_once('#')?;
    let says_nothing = fragment.is_empty()
        || fragment.contains('=')
        || fragment.starts_with("more-")
        || PLACES.contains(&fragment.to_ascii_lowercase().as_str());
    (!says_nothing).then_some(fragment)
}

/// The paper's number where the address is arXiv's, in any of its forms and without version.
fn arxiv_paper<'a>(host: &str, path: &'a str) -> Option<&'a str> {
    if host != "arxiv.org" && !host.ends_with(".arxiv.org") {
        return None;
    }
    let rest = ["/abs/", "/pdf/", "/html/", "/ps/", "/format/"]
        .iter()
        .find_map(|form| path.strip_prefix(form))?;
    let rest = rest.trim_end_matches('/');
    let rest = rest.strip_suffix(".pdf").unwrap_or(rest);
    let number = match rest.rfind('v') {
        Some(at)
            if at > 0
                && at + 1 < rest.len()
                && rest[at + 1..].bytes().all(|b| b.is_ascii_digit()) =>
        {
            &rest[..at]
        }
        _ => rest,
    };
    (!number.is_empty()).then_some(number)
}

/// The video's number where the address is one of a video's many.
fn video(host: &str, url: &Url) -> Option<String> {
    let segment = |prefix: &str| {
        let rest = url.path().strip_prefix(prefix)?;
        let id = rest.split('/').next()?;
        (!id.is_empty()).then(|| id.to_owned())
    };
    match host {
        "youtu.be" => segment("/"),
        "youtube.com" | "m.youtube.com" | "youtube-nocookie.com" => {
            if url.path() == "/watch" {
                let (_, id) = url.query_pairs().find(|(name, _)| name == "v")?;
                return Some(id.into_owned());
            }
            ["/embed/", "/shorts/", "/live/", "/v/"]
                .into_iter()
                .find_map(segment)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(one: &str, other: &str) {
        assert_eq!(canonical(one), canonical(other));
    }

    #[test]
    fn sees_the_same_thing_behind_two_addresses() {
        check_same(
            "https://arxiv.org/abs/2005.12872",
            "http://arxiv.org/pdf/2005.12872v2.pdf",
        );
        check_same(
            "https://arxiv.org/abs/hep-th/9901001v3",
            "https://www.arxiv.org/abs/hep-th/9901001",
        );
        check_same(
            "http://www.example.org/a/?utm_source=x&b=1",
            "https://example.org/a?b=1",
        );
        check_same(
            "https://example.org/a/index.html#top",
            "https://example.org/a",
        );
        check_same(
            "https://youtu.be/o4gQLVzIm5U?t=3",
            "https://www.youtube.com/watch?v=o4gQLVzIm5U",
        );
        check_same("www.example.org/x", "https://example.org/x/");
        check_same(
            "https://example.org/caf%c3%a9",
            "https://example.org/caf%C3%A9",
        );
        check_same(
            "https://example.org/%7Eada/a%2Db",
            "https://example.org/~ada/a-b",
        );
        check_same("https://example.org//a///b", "https://example.org/a/b");
        check_same("https://example.org/a.html", "https://example.org/a/");
        check_same("https://example.org/a.htm", "http://example.org/a");
        assert_ne!(
            canonical("https://example.org/a%2Fb"),
            canonical("https://example.org/a/b")
        );
        check_same("https://example.org/100%", "https://example.org/100%");
        check_same("https://example.org/%c", "https://example.org/%c");
        assert_ne!(
            canonical("https://example.org/?p=1"),
            canonical("https://example.org/?p=2")
        );
        assert_ne!(
            canonical("https://example.org/A"),
            canonical("https://example.org/a")
        );
    }

    #[test]
    fn a_source_is_at_one_address() {
        let form = canonical_source;
        assert_eq!(
            form("https://a.example/feed/"),
            form("http://www.a.example/feed")
        );
        assert_ne!(
            form("https://a.example/feed.html"),
            form("https://a.example/feed")
        );
    }

    #[test]
    fn knows_which_fragments_name_a_part() {
        assert_eq!(named_part("https://a.example/log#v1.2"), Some("v1.2"));
        for address in [
            "https://a.example/log",
            "https://a.example/log#",
            "https://a.example/log#top",
            "https://a.example/log#more-123",
            "https://a.example/log#xtor=RSS-1",
            "https://a.example/log#:~:text=a",
        ] {
            assert_eq!(named_part(address), None, "{address}");
        }
    }
}
