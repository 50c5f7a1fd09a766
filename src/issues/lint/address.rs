//! What is wrong with an address.

use std::borrow::Cow;
use std::ops::Range;

use url::Url;

use crate::issues::html::is_data_image;
use crate::model::address;

/// Words that stand for what the author meant to fill in, as parts of `SHOUTED_NAMES`.
pub(super) const FILL_IN: [&str; 9] = [
    "HERE",
    "INSERT",
    "PLACEHOLDER",
    "TODO",
    "FIXME",
    "TBD",
    "XXX",
    "REPLACE",
    "YOUR",
];

/// Whole addresses that stand for one, in any case.
const STAND_INS: [&str; 9] = [
    "todo",
    "fixme",
    "tbd",
    "xxx",
    "link",
    "url",
    "here",
    "placeholder",
    "insert",
];

/// Top-level domains that are no file endings, so that `example.org` is hardly a file.
const HOSTS: [&str; 7] = ["com", "org", "net", "edu", "gov", "io", "dev"];

/// More of them, believed only before a path.
const HOSTS_BEFORE_PATHS: [&str; 28] = [
    "ai", "app", "at", "au", "be", "blog", "br", "ca", "ch", "cn", "de", "dk", "es", "eu", "fi",
    "fr", "info", "it", "jp", "me", "news", "nl", "no", "se", "tech", "tv", "uk", "us",
];

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is followed.
    Link,
    /// It is shown or played in place.
    Image,
}

/// Something wrong with an address.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// The part of the address that it is about, where it is not all of it.
    pub(super) part: Option<Range<usize>>,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: Some(hint.into()),
            part: None,
        }
    }
}

/// What is wrong with an address as it was written.
pub(super) fn faults(written: &str, page: &Url, purpose: Use) -> Vec<Fault> {
    if is_ordinary(written) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    if let Some(fault) = nature(written.trim(), page, purpose) {
        faults.push(fault);
    } else {
        faults.extend(tracking(written));
    }
    faults
}

/// Whether the address is a web address in which nothing gives cause for a second look. Nearly
/// all are.
fn is_ordinary(written: &str) -> bool {
    let Some(rest) = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"))
    else {
        return false;
    };
    let bytes = rest.as_bytes();
    let host = bytes
        .iter()
        .position(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.'))
        .unwrap_or(bytes.len());
    let host_is_plain = host > 0
        && bytes[0].is_ascii_alphanumeric()
        && bytes[host - 1].is_ascii_alphanumeric()
        && bytes[..host].contains(&b'.');
    let path_is_plain = bytes[host..].iter().all(|&byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'~' | b'#' | b'@')
    });
    host_is_plain
        && path_is_plain
        && bytes
            .get(host)
            .is_none_or(|&byte| byte == b'/' || byte == b'#')
}

/// What kind of wrong address it is, if it is one.
fn nature(written: &str, page: &Url, purpose: Use) -> Option<Fault> {
    if written.is_empty() || written == "#" {
        let message = match purpose {
            Use::Link => "the link leads nowhere",
            Use::Image => "the image has no address",
        };
        return Some(Fault::new("empty-link", message, "fill in its address"));
    }
    if let Some(part) = placeholder(written) {
        return Some(Fault {
            part: Some(part.clone()),
            ..Fault::new(
                "placeholder",
                format!("`{}` stands where an address should", &written[part]),
                "fill in the address",
            )
        });
    }
    if lacks_scheme(written) {
        return Some(Fault::new(
            "no-scheme",
            format!("`{written}` has no `https://` before it"),
            format!("write `https://{written}`"),
        ));
    }
    match scheme(written) {
        Some("http" | "https") => web(written),
        Some(scheme) => other_scheme(written, scheme, purpose),
        None => relative(written, page, purpose),
    }
}

/// Whether it begins with a host, as far as that can be told.
fn lacks_scheme(written: &str) -> bool {
    if address::lacks_scheme(written) {
        return true;
    }
    let end = written.find(['/', '?', '#', ':']).unwrap_or(written.len());
    let Some((name, last)) = written[..end].rsplit_once('.') else {
        return false;
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if name.is_empty() || !name.bytes().all(plain) || name.starts_with('.') {
        return false;
    }
    let last = last.to_ascii_lowercase();
    let before_path = matches!(written.as_bytes().get(end), Some(b'/' | b':'));
    HOSTS.contains(&last.as_str()) || (before_path && HOSTS_BEFORE_PATHS.contains(&last.as_str()))
}

/// What stands before the first `:`, if that can be a scheme (RFC 3986, section 3.1).
fn scheme(written: &str) -> Option<&str> {
    let (scheme, _) = written.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    valid.then_some(scheme)
}

/// What is wrong with an address that begins with `http:` or `https:`.
fn web(written: &str) -> Option<Fault> {
    let bad = |message: &str, hint: &str| Some(Fault::new("bad-link", message, hint));
    let (_, rest) = written.split_once(':')?;
    let Some(rest) = rest.strip_prefix("//") else {
        return bad(
            &format!("`{written}` lacks the two slashes after the scheme"),
            "write `https://` before the host",
        );
    };
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let name = host.split(':').next().unwrap_or(host);
    if name.is_empty() {
        return bad(&format!("`{written}` has no host"), "fill in the host");
    }
    if name.eq_ignore_ascii_case("http") || name.eq_ignore_ascii_case("https") {
        return bad("the address begins twice", "take out the first `https://`");
    }
    if written.contains(|c: char| c.is_whitespace()) {
        return bad(
            "the address has a space in it",
            "write `%20` for a space that belongs there",
        );
    }
    if let Err(error) = Url::parse(written) {
        return bad(
            &format!("`{written}` is no address: {error}"),
            "copy it from the browser again",
        );
    }
    if !name.contains('.') && !name.starts_with('[') && name != "localhost" {
        return bad(
            &format!("the host `{name}` has no dot in it"),
            "write the whole host, such as `www.example.org`",
        );
    }
    None
}

fn other_scheme(written: &str, scheme: &str, purpose: Use) -> Option<Fault> {
    let lower = scheme.to_ascii_lowercase();
    if matches!(lower.as_str(), "http" | "https") || address::SCHEMES.contains(&lower.as_str()) {
        return None;
    }
    if purpose == Use::Image && is_data_image(written) {
        return None;
    }
    let misspelt = (3..=7).contains(&lower.len()) && lower.bytes().all(|b| b"htps".contains(&b));
    if misspelt {
        return Some(Fault::new(
            "bad-link",
            format!("`{scheme}:` is no scheme"),
            "write `https:`",
        ));
    }
    Some(Fault::new(
        "unsafe-link",
        format!("addresses with the scheme `{lower}:` are not published"),
        "link to a web page; only the link's text would be published",
    ))
}

fn relative(written: &str, page: &Url, purpose: Use) -> Option<Fault> {
    if ["http//", "https//", "http;", "https;"]
        .iter()
        .any(|start| written.starts_with(start))
    {
        return Some(Fault::new(
            "bad-link",
            format!("`{written}` lacks the `:` after the scheme"),
            "write `https://`",
        ));
    }
    if written.starts_with('{') || written.starts_with("%7B") {
        return Some(Fault::new(
            "bad-link",
            format!("`{written}` is a shorthand of another tool"),
            "write where it leads, from `/` on",
        ));
    }
    let Ok(absolute) = page.join(written) else {
        return Some(Fault::new(
            "bad-link",
            format!("`{written}` is no address"),
            "copy it from the browser again",
        ));
    };
    if purpose == Use::Image || written.starts_with(['#', '?']) {
        return None;
    }
    let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
    let ending = path.rsplit('.').next().unwrap_or("");
    if ["md", "markdown"]
        .iter()
        .any(|markdown| ending.eq_ignore_ascii_case(markdown))
    {
        return Some(Fault::new(
            "relative-link",
            "the link leads to a Markdown file, which readers do not get".to_owned(),
            "link to the page that is made of it",
        ));
    }
    let last = path.rsplit('/').next().unwrap_or(path);
    if written.starts_with(['/', '.']) || last.contains('.') || last.is_empty() {
        return None;
    }
    Some(Fault::new(
        "relative-link",
        format!("the link leads to `{absolute}`, a page below this issue"),
        "write the whole address, or begin it with `/` if it is a page of this site",
    ))
}

/// The part of an address that somebody meant to fill in.
fn placeholder(written: &str) -> Option<Range<usize>> {
    if STAND_INS
        .iter()
        .any(|word| written.eq_ignore_ascii_case(word))
    {
        return Some(0..written.len());
    }
    if !written.contains('_') {
        return None;
    }
    let bare = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"));
    let bare = bare.unwrap_or(written).trim_matches('/');
    let mut at = 0;
    for token in written.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let start = at;
        at += token.len();
        // Past the separator, whatever its length.
        at += written[at..].chars().next().map_or(0, char::len_utf8);
        if is_shouted(token) && (token == bare || asks_to_fill_in(token)) {
            return Some(start..start + token.len());
        }
    }
    None
}

/// Whether it is a name `LIKE_THIS`.
pub(super) fn is_shouted(token: &str) -> bool {
    token.contains('_')
        && token.bytes().any(|byte| byte.is_ascii_uppercase())
        && !token.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether a word of the name says that it is to be replaced.
pub(super) fn asks_to_fill_in(token: &str) -> bool {
    token.split('_').any(|word| FILL_IN.contains(&word))
}

/// The parameters that only say where a reader came from.
fn tracking(written: &str) -> Option<Fault> {
    let question = written.find('?')?;
    let end = written.find('#').unwrap_or(written.len());
    let query = written.get(question + 1..end)?;
    let mut kept: Vec<&str> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut part: Option<Range<usize>> = None;
    let mut at = question + 1;
    for parameter in query.split('&') {
        let name = parameter.split('=').next().unwrap_or(parameter);
        if address::is_tracking_parameter(name) {
            names.push(format!("`{name}`"));
            let start = part.as_ref().map_or(at, |part| part.start);
            part = Some(start..at + parameter.len());
        } else {
            kept.push(parameter);
        }
        at += parameter.len() + 1;
    }
    let part = part?;
    let mut clean = written[..question].to_owned();
    if !kept.is_empty() {
        clean.push('?');
        clean.push_str(&kept.join("&"));
    }
    clean.push_str(&written[end..]);
    let plural = if names.len() == 1 { "" } else { "s" };
    Some(Fault {
        part: Some(part),
        ..Fault::new(
            "tracking",
            format!(
                "the address carries the tracking parameter{plural} {}",
                names.join(", ")
            ),
            format!("write `{clean}`"),
        )
    })
}

/// The text with its `%41` resolved, where that gives UTF-8.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}
