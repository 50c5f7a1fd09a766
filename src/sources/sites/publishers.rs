//! Publishers whose article pages have to be read to know the journal: ACM, IEEE, Elsevier.

use url::Url;

use super::parts::{ask, between, feed, feeds, host, is_word, nothing, parameter, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site, journals};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "publishers",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://dl.acm.org/doi/10.1145/3448250",
            leads_to: "? https://dl.acm.org/doi/10.1145/3448250",
        },
        Shape {
            link: "https://dl.acm.org/journal/cacm",
            leads_to: "https://dl.acm.org/action/showFeed?type=etoc&feed=rss&jc=cacm",
        },
        Shape {
            link: "https://ieeexplore.ieee.org/document/9134370",
            leads_to: "? https://ieeexplore.ieee.org/document/9134370",
        },
        Shape {
            link: "https://ieeexplore.ieee.org/xpl/RecentIssue.jsp?punumber=34",
            leads_to: "https://ieeexplore.ieee.org/rss/TOC34.XML",
        },
        Shape {
            link: "https://www.sciencedirect.com/science/article/pii/S0893608019303181",
            leads_to: "https://rss.sciencedirect.com/publication/science/08936080",
        },
        Shape {
            link: "https://www.sciencedirect.com/journal/neural-networks",
            leads_to: "? https://www.sciencedirect.com/journal/neural-networks",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let page = || {
        ask(
            SITE.name,
            format!("page:{}{}", host(url), url.path()),
            url.clone(),
            "",
        )
    };
    match host(url) {
        "dl.acm.org" => match parts.as_slice() {
            ["journal" | "toc" | "loi", code, ..] => feeds([journals::atypon("dl.acm.org", code)]),
            ["doi", ..] => Some(page()),
            _ => Some(nothing(
                "a page of the ACM's library that is no article and no journal",
            )),
        },
        "ieeexplore.ieee.org" => match (parameter(url, "punumber"), parts.as_slice()) {
            (Some(number), _) => ieee(&number),
            (None, ["document" | "abstract", ..]) => Some(page()),
            _ => Some(nothing(
                "a page of IEEE Xplore that is no article and no journal",
            )),
        },
        "sciencedirect.com" => match parts.as_slice() {
            ["science", "article", .., article] => elsevier(article).or_else(|| Some(page())),
            ["journal", ..] => Some(page()),
            _ => Some(nothing(
                "a page of ScienceDirect that is no article and no journal",
            )),
        },
        _ => None,
    }
}

fn ieee(number: &str) -> Option<Lead> {
    let address = format!("https://ieeexplore.ieee.org/rss/TOC{number}.XML");
    let about = format!("IEEE: publication {number}");
    feeds([feed(&address, about, Certainty::Observed).map(|it| it.of(Kind::Paper))])
}

/// The journal's ISSN stands in the article's number: `S` and eight characters of it.
fn elsevier(article: &str) -> Option<Lead> {
    let issn = article.strip_prefix('S')?.get(..8)?;
    let sound = issn.bytes().take(7).all(|b| b.is_ascii_digit());
    let address = format!("https://rss.sciencedirect.com/publication/science/{issn}");
    let about = format!("Elsevier: ISSN {issn}");
    feeds([feed(&address, about, Certainty::Observed)
        .filter(|_| sound)
        .map(|it| it.of(Kind::Paper))])
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let page = String::from_utf8_lossy(answer.body);
    let found = match host(&question.url) {
        "dl.acm.org" => between(&page, "href=\"/journal/", is_word)
            .or_else(|| between(&page, "href=\"/toc/", is_word))
            .and_then(|code| feeds([journals::atypon("dl.acm.org", code)])),
        "ieeexplore.ieee.org" => between(&page, "\"publicationNumber\":\"", |c| c.is_ascii_digit())
            .filter(|_| !page.contains("\"isConference\":true"))
            .and_then(ieee),
        _ => between(&page, "\"issn\":\"", |c| c.is_ascii_alphanumeric())
            .and_then(|issn| elsevier(&format!("S{issn}"))),
    };
    found.unwrap_or_else(|| nothing("the page names no journal: proceedings have no feed"))
}
