//! Which hub announces a feed, and under which address (`WebSub`, section 4): by the answer's
//! `Link` headers, else by the feed itself.

use url::Url;

use super::answer::{Answer, Facts};
use crate::model::Source;
use crate::store::Announced;

/// The longest address of a hub or a topic, in bytes.
const LONGEST: usize = 2048;

/// `Link` headers of one answer that are read.
const HEADERS: usize = 20;

/// Links of one answer that are read.
const LINKS: usize = 100;

/// What a visit learned of hubs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Learned {
    /// Nothing: the feed was not read again.
    #[default]
    Nothing,
    /// Its feed names a hub, or none any more.
    Hub(Option<Announced>),
}

/// What an answer and its feed name; none where no hub is named. Of several hubs one is enough:
/// the first that is spoken to in secret, else the first.
pub(super) fn announced(source: &Source, answer: &Answer, facts: &Facts) -> Option<Announced> {
    let known = Url::parse(&source.url).ok()?;
    if !known.username().is_empty() || known.password().is_some() || !source.headers.is_empty() {
        // Hubs read what everybody may read.
        return None;
    }
    let links = links(&answer.fields.links, &answer.url);
    let named = |rel: &'static str| {
        let links = links.iter().filter(move |(known, _)| known == rel);
        links.map(|(_, url)| url.clone())
    };
    let mut hubs: Vec<Url> = named("hub").collect();
    if hubs.is_empty() {
        let said = facts.hubs.iter();
        hubs.extend(said.filter_map(|hub| address(hub, &answer.url)));
    }
    let secure = hubs.iter().find(|hub| hub.scheme() == "https");
    let hub = secure.or(hubs.first())?;
    let said = facts.self_link.as_deref();
    let topic = named("self")
        .next()
        .or_else(|| address(said?, &answer.url))
        .unwrap_or_else(|| answer.url.clone());
    Some(Announced {
        hub: hub.to_string(),
        topic: topic.to_string(),
    })
}

/// An address of the web, absolute and without a fragment.
fn address(written: &str, base: &Url) -> Option<Url> {
    let mut url = base.join(written.trim()).ok()?;
    url.set_fragment(None);
    let right = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.as_str().len() <= LONGEST;
    right.then_some(url)
}

/// The links of headers (RFC 8288, section 3), each with one of its relations in small letters.
fn links(headers: &[String], base: &Url) -> Vec<(String, Url)> {
    let mut links = Vec::new();
    for header in headers.iter().take(HEADERS) {
        let mut rest = header.as_str();
        while let Some((_, after)) = rest.split_once('<')
            && let Some((target, after)) = after.split_once('>')
            && links.len() < LINKS
        {
            let (parameters, next) = parameters(after);
            rest = next;
            // A link that is about something else says nothing of this feed.
            let about = parameters.iter().any(|(name, _)| name == "anchor");
            let mut rels = parameters.iter().filter(|(name, _)| name == "rel");
            if let (false, Some((_, rel)), Some(url)) = (about, rels.next(), address(target, base))
            {
                let rels = rel.split_ascii_whitespace();
                links.extend(rels.map(|rel| (rel.to_ascii_lowercase(), url.clone())));
            }
        }
    }
    links
}

/// The parameters that follow a link, and what comes after the comma that ends them.
fn parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    let mut escaped = false;
    let mut end = text.len();
    let mut keep = |current: &mut String| {
        if let Some((name, value)) = current.split_once('=') {
            parameters.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        current.clear();
    };
    for (at, sign) in text.char_indices() {
        match sign {
            _ if escaped => {
                current.push(sign);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => keep(&mut current),
            ',' if !quoted => {
                end = at + 1;
                break;
            }
            _ => current.push(sign),
        }
    }
    keep(&mut current);
    (parameters, &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;
    use crate::poll::answer::Fields;

    const FEED: &str = "https://feed.example/log/feed";

    fn found(url: &str, headers: &[&str], hubs: &[&str], own: Option<&str>) -> Option<String> {
        let source = Source::new(url, Origin::Added);
        let answer = Answer {
            hops: Vec::new(),
            url: Url::parse(url).unwrap(),
            status: 200,
            fields: Fields {
                links: headers.iter().map(|&header| header.to_owned()).collect(),
                ..Fields::default()
            },
            body: Vec::new(),
            cut: None,
        };
        let facts = Facts {
            hubs: hubs.iter().map(|&hub| hub.to_owned()).collect(),
            self_link: own.map(str::to_owned),
            ..Facts::default()
        };
        announced(&source, &answer, &facts).map(|it| format!("{} {}", it.hub, it.topic))
    }

    #[track_caller]
    fn check(headers: &[&str], hubs: &[&str], own: Option<&str>, expected: &str) {
        let found = found(FEED, headers, hubs, own);
        assert_eq!(found.as_deref().unwrap_or_default(), expected);
    }

    #[test]
    fn headers_count_before_the_feed_and_the_feed_before_its_address() {
        let hub = "https://hub.example/";
        check(&[], &[], None, "");
        check(&[], &[], Some("https://feed.example/own"), "");
        check(
            &[],
            &[hub],
            None,
            "https://hub.example/ https://feed.example/log/feed",
        );
        check(
            &[],
            &[hub],
            Some("../own#top"),
            "https://hub.example/ https://feed.example/own",
        );
        check(
            &["<https://other.example/>; rel=hub, </head>; rel=\"self\""],
            &[hub],
            Some("own"),
            "https://other.example/ https://feed.example/head",
        );
        check(
            &["</a>; title=\"x, <https://no.example/>; rel=hub\"; rel=\"Self hub\""],
            &[],
            None,
            "https://feed.example/a https://feed.example/a",
        );
        check(
            &["<https://other.example/>; rel=hub; anchor=\"/b\""],
            &[],
            None,
            "",
        );
    }

    #[test]
    fn prefers_a_hub_that_is_spoken_to_in_secret_and_knows_only_the_web() {
        let both = ["http://plain.example/", "https://hub.example/"];
        check(
            &[],
            &both,
            None,
            "https://hub.example/ https://feed.example/log/feed",
        );
        for wrong in [
            "ftp://hub.example/",
            "https://ada:secret@hub.example/",
            "mailto:x@y",
        ] {
            check(&[], &[wrong], None, "");
        }
        check(
            &["<<<>; rel", ">; rel=hub", "<x", "<x>; rel=\"hub"],
            &[],
            None,
            "https://feed.example/log/x https://feed.example/log/feed",
        );
    }

    #[test]
    fn hubs_hear_of_no_password() {
        let hub = ["https://hub.example/"];
        assert_eq!(
            found("https://ada:secret@feed.example/", &[], &hub, None),
            None
        );
    }
}
