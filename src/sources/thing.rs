//! What a thing says of itself: title, authors, date, kind and summary of a page or a PDF that a
//! person found and no source brought.
//!
//! Pages say it in many ways at once, and disagree. Each field has its own order of trust: what was
//! written for citation (Highwire's `citation_…`), then JSON-LD, then Open Graph, then the page's
//! own elements. Everything is bounded as a page is; nothing is fetched.

mod document;
mod linked;
mod metas;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use lenient_feed::decode::decode_page;
use lenient_feed::text::shorten;
use lenient_feed::{limits, parse_date};
use url::Url;

use self::metas::Metas;
use crate::model::{Kind, kind_of};

/// The longest title that is kept, in bytes.
const TITLE: usize = 300;
/// The longest summary that is kept, in bytes.
const SUMMARY: usize = 1_000;
/// The most authors that are kept.
const AUTHORS: usize = 50;
/// Names of nobody, which site generators put where an author belongs.
const NOBODY: [&str; 7] = [
    "admin",
    "administrator",
    "anonymous",
    "author",
    "editor",
    "guest",
    "unknown",
];

/// What is known of a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// The address that it wants to be known by.
    pub url: String,
    /// Its title; empty where it says none.
    pub title: String,
    /// Who made it.
    pub authors: Vec<String>,
    /// When it appeared.
    pub published: Option<DateTime<Utc>>,
    /// What sort of thing it is.
    pub kind: Kind,
    /// What it is about; empty where it does not say.
    pub summary: String,
}

/// Reads what is at an address; `url` is where it came from after redirects.
pub fn read(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Thing {
    let mut thing = if bytes.starts_with(b"%PDF-") {
        document::read(bytes)
    } else {
        page(bytes, content_type, url)
    };
    if thing.url.is_empty() {
        thing.url = without_tracking(url).into();
    }
    thing.title = shorten(&one_line(&thing.title), TITLE).into_owned();
    thing.summary = shorten(&one_line(&thing.summary), SUMMARY).into_owned();
    if thing.kind == Kind::Other {
        thing.kind = kind_of(Some(&thing.url), &thing.title);
    }
    thing
}

/// The page about a thing whose address leads to the bare document: it says more.
pub fn page_about(url: &Url) -> Url {
    let mut about = url.clone();
    let is_arxiv = url
        .host_str()
        .is_some_and(|host| host == "arxiv.org" || host.ends_with(".arxiv.org"));
    if is_arxiv && let Some(paper) = url.path().strip_prefix("/pdf/") {
        let paper = paper.trim_end_matches(".pdf");
        about.set_path(&format!("/abs/{paper}"));
    }
    about
}

fn page(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Thing {
    let bytes = &bytes[..bytes.len().min(limits::PAGE)];
    let source = decode_page(bytes, content_type);
    let metas = Metas::of(&source);
    let linked = linked::read(&source);
    let title = [
        metas.first(&["citation_title"]),
        linked.title.as_deref(),
        metas.first(&["og:title", "twitter:title", "dc.title", "dcterms.title"]),
    ];
    let title = title.into_iter().flatten().find(|title| !title.is_empty());
    let title = title.map_or_else(|| metas.own_title(), str::to_owned);
    let own = metas.authors();
    let cited = metas.has("citation_title");
    Thing {
        url: metas.canonical(url).unwrap_or_default(),
        title: without_site(&title, metas.first(&["og:site_name"]), url),
        authors: people(
            if metas.has("citation_author") || linked.authors.is_empty() {
                own
            } else {
                linked.authors
            },
        ),
        published: metas
            .cited()
            .or(linked.published)
            .or_else(|| metas.published()),
        kind: kind(cited, linked.kind, &metas, url),
        summary: metas
            .first(&[
                "citation_abstract",
                "og:description",
                "description",
                "dc.description",
            ])
            .map_or(linked.summary.unwrap_or_default(), str::to_owned),
    }
}

fn kind(cited: bool, linked: Option<Kind>, metas: &Metas, url: &Url) -> Kind {
    // The place knows best: a video on a video site is one, whatever its page is marked up as.
    let place = kind_of(Some(url.as_str()), "");
    let said = metas.first(&["og:type"]).unwrap_or_default();
    match (place, linked) {
        (Kind::Other | Kind::Post, _) if cited => Kind::Paper,
        (Kind::Other | Kind::Post, Some(kind)) if kind != Kind::Post => kind,
        (Kind::Other, _) if said.starts_with("video") => Kind::Video,
        (Kind::Other, _) if said.starts_with("book") => Kind::Book,
        (Kind::Other, Some(Kind::Post)) => Kind::Post,
        (Kind::Other, _) if said == "article" => Kind::Post,
        (place, _) => place,
    }
}

/// The title without the name of its site, which pages append.
fn without_site(title: &str, site: Option<&str>, url: &Url) -> String {
    let title = one_line(title);
    let host = url.host_str().unwrap_or_default();
    if host == "github.com" {
        let rest = title.strip_prefix("GitHub - ").unwrap_or(&title);
        return rest.to_owned();
    }
    let host = host.trim_start_matches("www.");
    for name in [site, Some(host)].into_iter().flatten() {
        let name = name.trim();
        for sign in ['|', '-', '–', '—', '·', '•', '»', ':'] {
            let rest = title
                .strip_suffix(name)
                .and_then(|rest| rest.trim_end().strip_suffix(sign));
            if let Some(rest) = rest.filter(|rest| !name.is_empty() && !rest.trim().is_empty()) {
                return rest.trim_end().to_owned();
            }
        }
    }
    title
}

/// Names as people write them, each once.
fn people(named: Vec<String>) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for name in named {
        let name = one_line(&name);
        let name = name.trim_start_matches("By ").trim_start_matches("by ");
        let name = name.trim_start_matches('@').trim();
        // Citations put the family first.
        let name = match name.split_once(", ") {
            Some((family, given)) if !given.contains(',') => format!("{given} {family}"),
            _ => name.to_owned(),
        };
        let is_nobody = NOBODY.contains(&name.to_lowercase().as_str());
        let is_name = !name.is_empty() && name.len() <= 120 && !name.contains("://");
        if is_name && !is_nobody && !people.contains(&name) && people.len() < AUTHORS {
            people.push(name);
        }
    }
    people
}

/// The address without what only counts where readers come from.
fn without_tracking(url: &Url) -> Url {
    let mut clean = url.clone();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !crate::model::address::is_tracking_parameter(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.len() < url.query_pairs().count() {
        clean.set_query(None);
        if !kept.is_empty() {
            clean.query_pairs_mut().extend_pairs(kept);
        }
    }
    clean
}

/// A date in any of the forms that metadata has: also `2021/03/04`, `2021/03` and `2021`.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let dashed = text.replace('/', "-");
    let parts: Vec<&str> = dashed.split('-').collect();
    let numbers = parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match parts.as_slice() {
        [year] if numbers && year.len() == 4 => parse_date(&format!("{year}-01-01")),
        [year, month] if numbers && year.len() == 4 => {
            parse_date(&format!("{year}-{month:0>2}-01"))
        }
        [year, month, day] if numbers && year.len() == 4 => {
            parse_date(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => parse_date(text),
    }
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
