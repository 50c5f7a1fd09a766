//! arXiv: a paper's categories are known to its interface, and each category has a feed.

use lenient_feed::tokens::{Attributes, Token, Tokens};
use lenient_feed::{Hints, decode, parse, repair};
use url::Url;

use super::parts::{ask_interface, each, encoded, feed, feeds, host, nothing, parameter, segments};
use super::{Answer, Candidate, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "arXiv",
    look,
    read: Some(read),
    join: Some(join),
    shapes: &[
        Shape {
            link: "https://arxiv.org/abs/2005.12872",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
        },
        Shape {
            link: "https://arxiv.org/pdf/2005.12872v2.pdf",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
        },
        Shape {
            link: "https://arxiv.org/html/2403.01234v1",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2403.01234&max_results=1",
        },
        Shape {
            link: "https://arxiv.org/abs/hep-th/9901001v3",
            leads_to: "https://rss.arxiv.org/atom/hep-th",
        },
        Shape {
            link: "https://arxiv.org/abs/math.GT/0309136",
            leads_to: "https://rss.arxiv.org/atom/math.GT",
        },
        Shape {
            link: "https://arxiv.org/list/cs.CL/recent",
            leads_to: "https://rss.arxiv.org/atom/cs.CL",
        },
        Shape {
            link: "https://www.alphaxiv.org/abs/2005.12872",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
        },
        Shape {
            link: "https://huggingface.co/papers/2005.12872",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
        },
        Shape {
            link: "https://browse.arxiv.org/pdf/2301.00001v2",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2301.00001&max_results=1",
        },
        Shape {
            link: "https://arxiv.org/ftp/arxiv/papers/2301/2301.00001.pdf",
            leads_to: "? https://export.arxiv.org/api/query?id_list=2301.00001&max_results=1",
        },
        Shape {
            link: "https://arxiv.org/search/?query=detection",
            leads_to: "-",
        },
        Shape {
            link: "https://blog.arxiv.org/2021/01/",
            leads_to: "? https://blog.arxiv.org/2021/01/",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let mut host = host(url);
    let parts = segments(url);
    match host {
        "arxiv.org"
        | "export.arxiv.org"
        | "browse.arxiv.org"
        | "cn.arxiv.org"
        | "de.arxiv.org"
        | "in.arxiv.org"
        | "lanl.arxiv.org"
        | "static.arxiv.org"
        | "xxx.lanl.gov"
        | "ar5iv.org"
        | "ar5iv.labs.arxiv.org"
        | "rss.arxiv.org" => host = "arxiv.org",
        "alphaxiv.org" | "huggingface.co" | "hf.co" | "scirate.com" | "arxiv-vanity.com"
        | "emergentmind.com" => {}
        _ => return None,
    }
    let mirror = host != "arxiv.org";
    match parts.as_slice() {
        [
            "abs" | "pdf" | "html" | "ps" | "format" | "arxiv" | "papers" | "src" | "e-print"
            | "overview",
            rest @ ..,
        ] if is_paper(rest) => Some(paper(rest)),
        // `ftp/arxiv/papers/2301/2301.00001.pdf`
        ["ftp", "arxiv", "papers", _, number] if is_paper(&[*number]) => Some(paper(&[*number])),
        ["ftp", archive, "papers", _, number] if is_paper(&[*archive, *number]) => {
            Some(paper(&[*archive, *number]))
        }
        ["list", category, ..] if !mirror => category_lead(category),
        ["rss" | "atom", _, ..] if !mirror && url.host_str() == Some("rss.arxiv.org") => {
            feeds([feed(
                url.as_str(),
                "the category itself",
                Certainty::Documented,
            )])
        }
        _ if mirror => None,
        ["a", ..] => Some(nothing(
            "an arXiv author's page; use `--authors` for feeds of authors",
        )),
        _ => Some(nothing("a page of arXiv that is no paper and no category")),
    }
}

/// Whether the path's rest is a paper's number: `2005.12872v2.pdf`, `hep-th/9901001`.
fn is_paper(rest: &[&str]) -> bool {
    let starts_with_digits = |text: &str, count: usize| {
        text.len() >= count && text.bytes().take(count).all(|b| b.is_ascii_digit())
    };
    match rest {
        [new] => starts_with_digits(new, 4) && new.as_bytes().get(4) == Some(&b'.'),
        [archive, old] => is_category(archive) && starts_with_digits(old, 7),
        _ => false,
    }
}

fn is_category(text: &str) -> bool {
    let mut parts = text.splitn(2, '.');
    let archive = parts.next().unwrap_or_default();
    let fits =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    fits(archive) && parts.next().is_none_or(fits)
}

/// The older numbers name their archive, which has a feed; the newer ones say nothing.
fn paper(rest: &[&str]) -> Lead {
    if let [archive, _] = rest {
        return category_lead(archive).unwrap_or_else(|| nothing("no category of arXiv's"));
    }
    let number = rest[0].strip_suffix(".pdf").unwrap_or(rest[0]);
    let number: String = number
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let number = number.trim_end_matches('.');
    ask_interface(
        SITE.name,
        format!("arxiv:{number}"),
        join(&[number]),
        number,
    )
}

/// Several papers are one question.
fn join(numbers: &[&str]) -> Url {
    let mut url = Url::parse("https://export.arxiv.org/api/query").expect("a fixed address");
    let list = numbers.join(",");
    // Written as the manual does, with commas.
    url.set_query(Some(&format!(
        "id_list={list}&max_results={}",
        numbers.len()
    )));
    url
}

fn category_lead(category: &str) -> Option<Lead> {
    feeds([category_feed(category)])
}

fn category_feed(category: &str) -> Option<Candidate> {
    if !is_category(category) {
        return None;
    }
    let url = format!("https://rss.arxiv.org/atom/{category}");
    feed(&url, format!("arXiv: {category}"), Certainty::Documented).map(|it| it.of(Kind::Paper))
}

/// The entry of the asked paper: its first category is the primary one.
fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    if !answer.is_good() {
        return nothing("arXiv's interface did not answer");
    }
    let hints = Hints {
        content_type: answer.content_type,
        url: Some(answer.url),
        ..Hints::default()
    };
    let Ok(feed) = parse(answer.body, &hints) else {
        return nothing("arXiv's interface answered something else");
    };
    let named = |text: &str| {
        text.rsplit("/abs/").next().is_some_and(|rest| {
            let rest = rest.strip_prefix(question.note.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('v'))
        })
    };
    let Some(entry) = feed.entries.iter().find(|entry| named(&entry.id)) else {
        return nothing("arXiv knows no such paper");
    };
    let primary = primary_category(answer, &question.note);
    let mut categories: Vec<&str> = Vec::new();
    let known = entry.categories.iter().map(String::as_str);
    for category in primary.as_deref().into_iter().chain(known) {
        if is_category(category) && !categories.contains(&category) {
            categories.push(category);
        }
    }
    let authors = entry.authors.iter().map(|author| author_feed(&author.name));
    let own = categories.iter().map(|category| category_feed(category));
    each(own.chain(authors)).unwrap_or_else(|| nothing("the paper has no category"))
}

/// `arxiv:primary_category` of the paper, which stands after its id.
fn primary_category(answer: &Answer<'_>, number: &str) -> Option<String> {
    let mut log = repair::Log::default();
    let text = decode::decode(answer.body, answer.content_type, &mut log);
    let after = &text[text.find(&format!("/abs/{number}"))?..];
    let mut tokens = Tokens::new(after);
    while let Some(token) = tokens.next(&mut log) {
        match token {
            Token::Start(tag) if tag.name.ends_with("primary_category") => {
                return Attributes::new(tag.attributes)
                    .find(|(name, _)| *name == "term")
                    .map(|(_, value)| value.to_owned());
            }
            Token::End("entry") => return None,
            _ => {}
        }
    }
    None
}

/// An author's papers, newest first, as the interface gives them.
fn author_feed(name: &str) -> Option<Candidate> {
    let query = encoded(&format!("au:\"{name}\""));
    let url = format!(
        "https://export.arxiv.org/api/query?search_query={query}&sortBy=submittedDate&sortOrder=descending&max_results=50"
    );
    feed(
        &url,
        format!("arXiv: papers of {name}"),
        Certainty::Documented,
    )
    .map(|it| it.of(Kind::Paper).asked_for())
}

/// The interface gives its entries in windows, by `start`.
pub(super) fn next_window(url: &Url) -> Option<Url> {
    let is_query = matches!(host(url), "export.arxiv.org" | "arxiv.org")
        && url.path() == "/api/query"
        && parameter(url, "search_query").is_some();
    if !is_query {
        return None;
    }
    let number = |name: &str| parameter(url, name).and_then(|value| value.parse::<u32>().ok());
    let next =
        number("start").unwrap_or(0) + number("max_results").filter(|it| *it > 0).unwrap_or(10);
    // The interface gives 30,000 entries at most.
    if next >= 30_000 {
        return None;
    }
    let rest: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "start")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut window = url.clone();
    window
        .query_pairs_mut()
        .clear()
        .extend_pairs(rest)
        .append_pair("start", &next.to_string());
    Some(window)
}
