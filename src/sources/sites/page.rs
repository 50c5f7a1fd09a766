//! Any web page: the feeds that it names, else those of its site's front page, else the places
//! where feeds often are.

use lenient_feed::{Hints, parse};
use url::Url;

use super::parts::{self, between, host, is_word, nothing, segments};
use super::{Answer, Candidate, Certainty, Choice, Lead, Question, Shape, Site};
use crate::sources::page::{FeedLink, Origin, feed_links};

pub(super) const SITE: Site = Site {
    name: "web page",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://openai.com/blog/clip/",
            leads_to: "? https://openai.com/blog/clip/",
        },
        Shape {
            link: "https://www.shreya-shankar.com/8d5c6ec0/retrospective.pdf",
            leads_to: "? https://www.shreya-shankar.com/",
        },
        Shape {
            link: "https://people.example.org/~ada/notes/talk.pdf",
            leads_to: "? https://people.example.org/~ada/",
        },
        Shape {
            link: "https://blog.example.org/feed.xml",
            leads_to: "? https://blog.example.org/feed.xml",
        },
    ],
};

/// Parts of a site that are a site of their own: their front page comes before the whole's.
const SECTIONS: [&str; 14] = [
    "blog",
    "blogs",
    "news",
    "posts",
    "articles",
    "writing",
    "journal",
    "podcast",
    "podcasts",
    "notes",
    "essays",
    "weblog",
    "research",
    "newsletter",
];

/// Pages that list what belongs together; a feed below them is the one that is meant.
const LISTS: [&str; 6] = ["category", "categories", "tag", "tags", "author", "topics"];

/// Files that name no feed.
const FILES: [&str; 26] = [
    "pdf", "ps", "gz", "zip", "tar", "tgz", "epub", "mobi", "ipynb", "png", "jpg", "jpeg", "gif",
    "svg", "webp", "mp3", "mp4", "webm", "mov", "ppt", "pptx", "doc", "docx", "csv", "txt", "bib",
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "a site's rules may know nothing; these know all"
)]
fn look(url: &Url) -> Option<Lead> {
    Some(Lead::Ask(question(url)))
}

/// The question to a page; a file names no feed, so that its site's front page is asked.
pub(super) fn question(url: &Url) -> Question {
    let last = segments(url)
        .last()
        .copied()
        .unwrap_or_default()
        .to_lowercase();
    let is_file = last
        .rsplit_once('.')
        .is_some_and(|(_, ending)| FILES.contains(&ending));
    if is_file {
        return front(url);
    }
    let mut page = url.clone();
    page.set_fragment(None);
    let is_front = page.path().len() <= 1 && page.query().is_none();
    let note = if is_front { "front" } else { "linked" };
    asked(page, note)
}

/// The question to the front page of the site that an address belongs to.
pub(super) fn front(url: &Url) -> Question {
    let mut page = url.clone();
    page.set_query(None);
    page.set_fragment(None);
    let path = match person(url) {
        Some(name) => format!("/{name}/"),
        None => "/".to_owned(),
    };
    page.set_path(&path);
    let section = section(url).map(|section| format!("front {section}"));
    asked(page, section.as_deref().unwrap_or("front"))
}

fn asked(page: Url, note: &str) -> Question {
    parts::question(SITE.name, format!("page:{}", home(&page)), page, note)
}

/// The host, or a person's folder on it.
pub(super) fn home(url: &Url) -> String {
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let name = person(url)
        .map(|name| format!("/{name}"))
        .unwrap_or_default();
    format!("{}{port}{name}", host(url))
}

fn person(url: &Url) -> Option<&str> {
    segments(url)
        .first()
        .copied()
        .filter(|first| first.starts_with('~'))
}

fn section(url: &Url) -> Option<&str> {
    let first = segments(url).first().copied();
    first.filter(|first| SECTIONS.contains(first))
}

/// What a page says.
pub(super) fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    match answer.status {
        0 => return nothing("the site does not answer"),
        429 | 503 => return nothing("the site asks to be left alone for now"),
        // Walls against programs often stand before pages only.
        401 | 403 => return guesses(question, answer),
        _ => {}
    }
    if !answer.is_good() {
        return next(question, answer);
    }
    let hints = Hints {
        content_type: answer.content_type,
        url: Some(answer.url),
        ..Hints::default()
    };
    if parse(answer.body, &hints).is_ok() {
        let found = candidate(answer.url.clone(), host(answer.url), Certainty::Declared);
        return Lead::Feeds {
            feeds: vec![found],
            choice: Choice::First,
            otherwise: None,
        };
    }
    let feeds = named(answer);
    if feeds.is_empty() {
        return next(question, answer);
    }
    let otherwise = match next(question, answer) {
        Lead::Ask(question) => Some(question),
        _ => None,
    };
    Lead::Feeds {
        feeds,
        choice: Choice::First,
        otherwise,
    }
}

fn candidate(url: Url, about: impl Into<String>, certainty: Certainty) -> Candidate {
    Candidate {
        url,
        about: about.into(),
        kind: None,
        certainty,
        on_request: false,
    }
}

/// Where to look after a page that names no feed.
fn next(question: &Question, answer: &Answer<'_>) -> Lead {
    if question.note == "alone" {
        return nothing("the page names no feed");
    }
    let from = if answer.is_good() {
        answer.url
    } else {
        &question.url
    };
    if question.note == "linked" {
        if let Some(section) = section(from)
            && segments(from).len() > 1
        {
            let mut page = from.clone();
            page.set_query(None);
            page.set_fragment(None);
            page.set_path(&format!("/{section}/"));
            return Lead::Ask(asked(page, "section"));
        }
        return Lead::Ask(front(from));
    }
    if question.note == "section" {
        return Lead::Ask(front(from));
    }
    guesses(question, answer)
}

/// The feeds that a page and its headers name, the site's own first. Feeds of comments are none
/// of those that anybody wants.
fn named(answer: &Answer<'_>) -> Vec<Candidate> {
    let mut links: Vec<FeedLink> = answer
        .links
        .iter()
        .flat_map(|header| header_links(header, answer.url))
        .collect();
    for link in feed_links(answer.body, answer.content_type, answer.url) {
        if !links.iter().any(|known| known.url == link.url) {
            links.push(link);
        }
    }
    links.retain(|link| matches!(link.url.scheme(), "http" | "https") && !is_of_comments(link));
    let page = answer.url;
    links.sort_by_key(|link| {
        let elsewhere = link.origin == Origin::Anchor && host(&link.url) != host(page);
        (is_of_post(link, page), elsewhere, link.origin)
    });
    links
        .into_iter()
        .map(|link| {
            let certainty = match link.origin {
                Origin::Alternate | Origin::Feed => Certainty::Declared,
                Origin::Anchor => Certainty::Observed,
            };
            let about = link.title.unwrap_or_else(|| host(page).to_owned());
            candidate(link.url, about, certainty)
        })
        .collect()
}

fn is_of_comments(link: &FeedLink) -> bool {
    let title = link.title.as_deref().unwrap_or_default().to_lowercase();
    let address = link.url.as_str().to_lowercase();
    title.contains("comment") || address.contains("/comments/") || address.contains("feed=comments")
}

/// Whether the feed lies below the page, which is then a post, unless the page is a list.
fn is_of_post(link: &FeedLink, page: &Url) -> bool {
    let parts = segments(page);
    let path = format!("{}/", page.path().trim_end_matches('/'));
    let below =
        path.len() > 1 && link.url.path().starts_with(&path) && host(&link.url) == host(page);
    let is_list = parts.iter().any(|part| LISTS.contains(part))
        || parts.last().is_some_and(|last| SECTIONS.contains(last))
        || parts.len() == 1 && person(page).is_some();
    if is_list { !below } else { below }
}

/// The feeds of a `Link` header (RFC 8288): `<…>; rel="alternate"; type="application/rss+xml"`.
fn header_links(header: &str, page: &Url) -> Vec<FeedLink> {
    let mut links = Vec::new();
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let address = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        // The parameters end where the next link begins.
        let end = rest
            .find(",<")
            .or_else(|| rest.find(", <"))
            .unwrap_or(rest.len());
        let said = rest[..end].to_ascii_lowercase();
        let rel =
            between(&said, "rel=\"", |c| c != '"').or_else(|| between(&said, "rel=", is_word));
        let is_rel = |name| rel.is_some_and(|rel| rel.split_whitespace().any(|it| it == name));
        let typed = ["rss+xml", "atom+xml", "feed+json", "rdf+xml"]
            .iter()
            .any(|it| said.contains(it));
        let origin = if is_rel("feed") {
            Origin::Feed
        } else if is_rel("alternate") && typed {
            Origin::Alternate
        } else {
            continue;
        };
        if let Ok(url) = page.join(address) {
            links.push(FeedLink {
                url,
                title: None,
                hint: None,
                origin,
            });
        }
    }
    links
}

/// Programs that make sites, by what their pages say, with the places of their feeds.
const PROGRAMS: [(&str, &[&str]); 21] = [
    ("wordpress", &["/feed/"]),
    ("ghost", &["/rss/"]),
    ("hugo", &["/index.xml"]),
    ("jekyll", &["/feed.xml", "/atom.xml"]),
    ("hexo", &["/atom.xml", "/rss2.xml"]),
    ("pelican", &["/feeds/all.atom.xml", "/feeds/all.rss.xml"]),
    ("zola", &["/atom.xml", "/rss.xml"]),
    ("gatsby", &["/rss.xml"]),
    ("docusaurus", &["/blog/rss.xml", "/blog/atom.xml"]),
    ("eleventy", &["/feed.xml", "/feed/feed.xml"]),
    ("nikola", &["/rss.xml"]),
    ("octopress", &["/atom.xml"]),
    ("astro", &["/rss.xml"]),
    ("squarespace", &["/blog?format=rss"]),
    ("wix.com", &["/blog-feed.xml"]),
    ("drupal", &["/rss.xml"]),
    ("discourse", &["/latest.rss"]),
    ("hashnode", &["/rss.xml"]),
    ("substack", &["/feed"]),
    ("mdbook", &[]),
    ("sphinx", &[]),
];

/// Where feeds are if nothing else is known.
const COMMON: [&str; 6] = [
    "/feed",
    "/atom.xml",
    "/feed.xml",
    "/index.xml",
    "/rss.xml",
    "/rss",
];

/// A short list of places.
fn guesses(question: &Question, answer: &Answer<'_>) -> Lead {
    let text = String::from_utf8_lossy(answer.body);
    let program = program(&text);
    let base = if answer.is_good() {
        answer.url
    } else {
        &question.url
    };
    let folder = person(base)
        .map(|name| format!("/{name}"))
        .unwrap_or_default();
    let section = question
        .note
        .strip_prefix("front ")
        .or_else(|| section(base));
    let mut places: Vec<String> = Vec::new();
    for place in program.unwrap_or(&COMMON) {
        places.push(format!("{folder}{place}"));
    }
    if let Some(section) = section {
        let own: &[&str] = match program {
            Some([first, ..]) => &[*first],
            _ => &["/feed.xml", "/rss.xml", "/index.xml"],
        };
        let own = own.iter().map(|place| format!("{folder}/{section}{place}"));
        places.splice(places.len().min(1)..places.len().min(1), own);
    }
    let feeds: Vec<Candidate> = places
        .iter()
        .take(6)
        .filter_map(|place| {
            Some(candidate(
                base.join(place).ok()?,
                host(base),
                Certainty::Guess,
            ))
        })
        .collect();
    if feeds.is_empty() {
        return nothing("the site is made by a program that makes no feed");
    }
    Lead::Feeds {
        feeds,
        choice: Choice::First,
        otherwise: None,
    }
}

fn program(page: &str) -> Option<&'static [&'static str]> {
    let start = page
        .find("name=\"generator\"")
        .or_else(|| page.find("name=generator"));
    let said = start.map(|at| {
        let begin = page[..at].rfind('<').unwrap_or(at);
        let end = page[at..]
            .find('>')
            .map_or(page.len(), |length| at + length);
        page[begin..end].to_lowercase()
    });
    let known = |name: &str| {
        PROGRAMS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, places)| *places)
    };
    if let Some(said) = said {
        let found = PROGRAMS.iter().find(|(name, _)| said.contains(name));
        if let Some((_, places)) = found {
            return Some(places);
        }
    }
    if page.contains("/wp-content/") {
        return known("wordpress");
    }
    if page.contains("__docusaurus") {
        return known("docusaurus");
    }
    None
}
