//! Any web page: the feeds that it names, else those of its site's front page, else the places
//! where feeds often are.
//!
//! A question to a page has one of these notes: `linked`, a page that issues link to; `branch`,
//! the same where the site's feed is known and may not be this page's; `section` and `front`, the
//! front pages of a part and of the whole; `alone`, a page after which nothing else is asked.

use lenient_feed::{Hints, parse};
use url::Url;

use super::guesses::guesses;
use super::own::{self, language_code};
use super::parts::{self, between, feeds, host, is_word, nothing, segments};
use super::{Answer, Candidate, Certainty, Choice, Lead, Question, Shape, Site};
use crate::sources::page::{self, FeedLink, Origin, Page, says_feed};

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
const SECTIONS: &[&str] = &[
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
const LISTS: &[&str] = &[
    "category",
    "categories",
    "tag",
    "tags",
    "author",
    "authors",
    "topic",
    "topics",
    "label",
    "labels",
    "series",
    "kategorie",
    "schlagwort",
    "autor",
    "thema",
    "rubrik",
    "auteur",
    "categorie",
    "rubrique",
    "etiqueta",
    "categoria",
    "autore",
    "kategoria",
    "etikett",
];

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

/// Feeds by rule; where none is one, the page is asked.
pub(super) fn feeds_or_page(
    candidates: impl IntoIterator<Item = Option<Candidate>>,
    page: &Url,
) -> Option<Lead> {
    match feeds(candidates)? {
        Lead::Feeds { feeds, .. } => Some(Lead::Feeds {
            feeds,
            choice: Choice::First,
            otherwise: Some(Box::new(Lead::Ask(question(page)))),
        }),
        other => Some(other),
    }
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

/// Whether a page lists what belongs together and is no post.
pub(super) fn is_list(page: &Url) -> bool {
    let parts = segments(page);
    let is_word = |part: &&str| part.chars().all(char::is_alphabetic);
    parts.iter().any(|part| LISTS.contains(part))
        || parts
            .last()
            .is_some_and(|last| SECTIONS.contains(last) || language_code(last).is_some())
        // `/engineering/` is a part of a site, `/why-we-moved` and `/2020/` are not.
        || parts.len() == 1 && (person(page).is_some() || parts.iter().all(is_word))
}

pub(super) fn person(url: &Url) -> Option<&str> {
    segments(url)
        .first()
        .copied()
        .filter(|first| first.starts_with('~'))
}

pub(super) fn section(url: &Url) -> Option<&str> {
    let first = segments(url).first().copied();
    first.filter(|first| SECTIONS.contains(first))
}

/// What a page says.
pub(super) fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    match answer.status {
        0 => return nothing("the site does not answer"),
        429 | 503 => return nothing("the site asks to be left alone for now"),
        // Walls against programs often stand before pages only. A folder without an index is
        // forbidden as well, and the site's front page is not.
        401 | 403 | 406 | 451 => return next(question, answer),
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
    let page = page::read(answer.body, answer.content_type, answer.url);
    let feeds = named(question, answer, &page);
    if feeds.is_empty() {
        return match page.onward {
            Some(onward) => moved(question, onward),
            None => next(question, answer),
        };
    }
    let otherwise = match next(question, answer) {
        Lead::Nothing(_) => None,
        other => Some(Box::new(other)),
    };
    Lead::Feeds {
        feeds,
        choice: Choice::Fitting,
        otherwise,
    }
}

/// Where a page sends its visitors: the same question there, or another site's rules.
fn moved(question: &Question, onward: Url) -> Lead {
    if host(&onward) == host(&question.url) {
        return Lead::Ask(Question {
            url: onward,
            ..question.clone()
        });
    }
    Lead::Elsewhere(onward)
}

pub(super) fn candidate(url: Url, about: impl Into<String>, certainty: Certainty) -> Candidate {
    Candidate {
        url,
        about: about.into(),
        kind: None,
        certainty,
        on_request: false,
        of: None,
        is_part: false,
    }
}

/// Where to look after a page that names no feed.
fn next(question: &Question, answer: &Answer<'_>) -> Lead {
    if question.note == "alone" {
        return nothing("the page names no feed");
    }
    if question.note == "branch" {
        return branch(question);
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
            return Lead::Ask(asked(folder(from, section), "section"));
        }
        return Lead::Ask(front(from));
    }
    if question.note == "section" {
        return Lead::Ask(front(from));
    }
    guesses(question, answer)
}

/// The front page of the part that a page belongs to, where it has one by its name.
fn branch(question: &Question) -> Lead {
    match section(&question.url) {
        Some(section) if segments(&question.url).len() > 1 => {
            Lead::Ask(asked(folder(&question.url, section), "alone"))
        }
        _ => nothing("the page names no feed"),
    }
}

fn folder(page: &Url, name: &str) -> Url {
    let mut folder = page.clone();
    folder.set_query(None);
    folder.set_fragment(None);
    folder.set_path(&format!("/{name}/"));
    folder
}

/// The feeds that a page and its headers name, the site's own first. Feeds of comments are none
/// of those that anybody wants, and a stranger's is one only where it says that it is the site's.
fn named(question: &Question, answer: &Answer<'_>, page: &Page) -> Vec<Candidate> {
    let mut links: Vec<FeedLink> = answer
        .links
        .iter()
        .flat_map(|header| header_links(header, answer.url))
        .collect();
    for link in &page.feeds {
        if !links.iter().any(|known| known.url == link.url) {
            links.push(link.clone());
        }
    }
    links.retain(|link| matches!(link.url.scheme(), "http" | "https"));
    let at = answer.url;
    let ranked = own::ranked(links, page, at);
    let first = ranked.first().map(|(rank, _)| *rank);
    // In a post anybody's feed may be linked; a front page links its own at some service.
    let is_front = question.note != "linked" && question.note != "branch";
    let fits = |rank: &own::Rank, link: &FeedLink| {
        !rank.comments
            && (!rank.stranger
                || own::is_feed_service(&link.url)
                || is_front && link.title.as_deref().is_some_and(says_feed))
    };
    let mut strangers = 0;
    ranked
        .into_iter()
        .filter(|(rank, link)| fits(rank, link))
        .filter(|(rank, _)| {
            strangers += usize::from(rank.stranger);
            !rank.stranger || strangers <= STRANGERS
        })
        .map(|(rank, link)| {
            let certainty = match link.origin {
                Origin::Alternate | Origin::Feed => Certainty::Declared,
                Origin::Anchor => Certainty::Observed,
            };
            let about = link.title.unwrap_or_else(|| host(at).to_owned());
            Candidate {
                of: rank.stranger.then(|| home(at)),
                is_part: first.is_some_and(|first| rank.is_part_of(first)),
                ..candidate(link.url, about, certainty)
            }
        })
        .collect()
}

/// So many feeds on other hosts are looked at whether they are the site's.
const STRANGERS: usize = 2;

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
                language: None,
            });
        }
    }
    links
}

/// Folders whose folders are sites of their own: people, and languages.
const CONTAINERS: &[&str] = &[
    "blogs", "people", "users", "user", "u", "staff", "members", "authors", "author", "b", "p",
    "pub", "c", "s",
];

/// The folder of its site that a page lies in, as far as it may be a site of its own.
pub(super) fn part(url: &Url) -> String {
    let mut parts = segments(url);
    // The last is the page itself.
    parts.pop();
    let is_date = |part: &&str| part.bytes().any(|byte| byte.is_ascii_digit());
    let end = parts.iter().position(is_date).unwrap_or(parts.len());
    let inside = |part: &&str| CONTAINERS.contains(part) || language_code(part).is_some();
    let depth = 1 + usize::from(parts.first().is_some_and(inside));
    parts[..end.min(depth)].join("/").to_lowercase()
}
