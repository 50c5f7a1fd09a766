//! Whether an address or the words of a link have the look of a feed.

use super::Hint;

/// `feed:https://…` and `feed://…` were for readers that are installed.
pub(super) fn without_feed_scheme(href: &str) -> String {
    let scheme = href.get(..5).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("feed:") {
        return href.to_owned();
    }
    let rest = &href[5..];
    if rest.starts_with("//") {
        format!("http:{rest}")
    } else {
        rest.to_owned()
    }
}

/// Whether the words of a link speak of a feed and of nothing else.
pub(in crate::sources) fn says_feed(text: &str) -> bool {
    let filler = [
        "subscribe",
        "via",
        "to",
        "our",
        "the",
        "by",
        "in",
        "a",
        "reader",
        "xml",
        "2.0",
    ];
    let mut sure = false;
    for word in text.split(|c: char| c.is_whitespace() || "()[]/|:,".contains(c)) {
        let word = word.to_lowercase();
        match word.as_str() {
            "rss" | "atom" | "feed" | "feeds" | "rdf" => sure = true,
            "" => {}
            other if filler.contains(&other) => {}
            _ => return false,
        }
    }
    sure
}

/// Whether an address has the look of a feed.
pub(super) fn looks_like_feed(href: &str) -> bool {
    if is_button(href) {
        return false;
    }
    let lower = href.to_ascii_lowercase();
    let lower = lower.split('#').next().unwrap_or_default();
    let (path, query) = lower.split_once('?').unwrap_or((lower, ""));
    let last = path.trim_end_matches('/').rsplit('/').next();
    let last = last.unwrap_or_default();
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    let named = matches!(
        stem,
        "feed" | "feeds" | "rss" | "rss2" | "atom" | "rdf" | "index" | "all"
    );
    match extension {
        "rss" | "atom" | "rdf" => true,
        "xml" => named || stem.contains("rss") || stem.contains("feed") || stem.contains("atom"),
        "json" => matches!(stem, "feed" | "feeds"),
        // `feed.example` is a host, and `feed.html` a page about it.
        "" if path.contains('/') => {
            matches!(stem, "feed" | "rss" | "rss2" | "atom") || query_says_feed(query)
        }
        _ => query_says_feed(query),
    }
}

fn query_says_feed(query: &str) -> bool {
    query.split('&').any(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.trim_end_matches('2');
        match key {
            "feed" | "format" | "type" | "output" | "alt" => {
                matches!(value, "rss" | "atom" | "feed")
            }
            _ => false,
        }
    })
}

/// Links that hand a feed to somebody's reader, or share the page.
pub(super) fn is_button(href: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    let readers = [
        "feedly.com",
        "newsblur.com",
        "inoreader.com",
        "theoldreader.com",
        "netvibes.com",
        "my.yahoo.com",
        "bloglines.com",
        "google.com/reader",
        "feedburner.google.com",
        "validator.w3.org",
        "feedvalidator.org",
        "subtome.com",
        "follow.it",
    ];
    readers.iter().any(|it| lower.contains(it))
}

pub(super) fn hint_of_address(href: &str) -> Option<Hint> {
    let lower = href.to_ascii_lowercase();
    if lower.contains("atom") {
        Some(Hint::Atom)
    } else if lower.contains("rss") || lower.contains("rdf") {
        Some(Hint::Rss)
    } else if lower
        .split(['?', '#'])
        .next()
        .is_some_and(|it| it.ends_with("json"))
    {
        Some(Hint::Json)
    } else {
        None
    }
}
