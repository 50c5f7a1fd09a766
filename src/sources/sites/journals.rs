//! Journals whose addresses say which one it is: PLOS, Science, PNAS, Cell, eLife, Frontiers,
//! MDPI, Springer, JMLR.

use url::Url;

use super::parts::{feed, feeds, host, is_number, nothing, parameter, segments};
use super::{Candidate, Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "journals",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0239934",
            leads_to: "https://journals.plos.org/plosone/feed/atom",
        },
        Shape {
            link: "https://www.science.org/doi/10.1126/sciadv.aau5811",
            leads_to: "https://www.science.org/action/showFeed?type=etoc&feed=rss&jc=sciadv",
        },
        Shape {
            link: "https://science.sciencemag.org/content/366/6464/447",
            leads_to: "https://www.science.org/action/showFeed?type=etoc&feed=rss&jc=science",
        },
        Shape {
            link: "https://www.pnas.org/doi/10.1073/pnas.1912789117",
            leads_to: "https://www.pnas.org/action/showFeed?type=etoc&feed=rss&jc=pnas",
        },
        Shape {
            link: "https://www.cell.com/patterns/fulltext/S2666-3899(20)30143-1",
            leads_to: "https://www.cell.com/patterns/current.rss",
        },
        Shape {
            link: "https://www.cell.com/trends/cognitive-sciences/fulltext/S1364-6613(19)30061-0",
            leads_to: "https://www.cell.com/trends/cognitive-sciences/current.rss",
        },
        Shape {
            link: "https://elifesciences.org/articles/56159",
            leads_to: "https://elifesciences.org/rss/recent.xml",
        },
        Shape {
            link: "https://www.frontiersin.org/articles/10.3389/frai.2020.00004/full",
            leads_to: "-",
        },
        Shape {
            link: "https://www.frontiersin.org/journals/artificial-intelligence/articles/10.3389/frai.2020.00004",
            leads_to: "https://www.frontiersin.org/journals/artificial-intelligence/rss",
        },
        Shape {
            link: "https://www.mdpi.com/journal/entropy",
            leads_to: "https://www.mdpi.com/rss/journal/entropy",
        },
        Shape {
            link: "https://link.springer.com/article/10.1007/s10994-021-05946-3",
            leads_to: "https://link.springer.com/search.rss?facet-content-type=Article&facet-journal-id=10994",
        },
        Shape {
            link: "https://link.springer.com/journal/10994",
            leads_to: "https://link.springer.com/search.rss?facet-content-type=Article&facet-journal-id=10994",
        },
        Shape {
            link: "https://link.springer.com/chapter/10.1007/978-3-030-58452-8_13",
            leads_to: "-",
        },
        Shape {
            link: "https://www.jmlr.org/papers/v21/20-074.html",
            leads_to: "https://www.jmlr.org/jmlr.xml",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    match host(url) {
        "journals.plos.org" | "plos.org" => Some(plos(url, &parts)),
        "science.org"
        | "sciencemag.org"
        | "science.sciencemag.org"
        | "advances.sciencemag.org"
        | "robotics.sciencemag.org" => science(url, &parts),
        "pnas.org" => feeds([atypon("www.pnas.org", "pnas")]),
        "cell.com" => Some(cell(&parts)),
        "elifesciences.org" => feeds([paper(
            "https://elifesciences.org/rss/recent.xml",
            "eLife",
            Certainty::Documented,
        )]),
        "frontiersin.org" => Some(named(&parts, "journals", |name| {
            (
                format!("https://www.frontiersin.org/journals/{name}/rss"),
                format!("Frontiers: {name}"),
            )
        })),
        "mdpi.com" => Some(named(&parts, "journal", |name| {
            (
                format!("https://www.mdpi.com/rss/journal/{name}"),
                format!("MDPI: {name}"),
            )
        })),
        "link.springer.com" => Some(springer(&parts)),
        "jmlr.org" | "jmlr.csail.mit.edu" => feeds([paper(
            "https://www.jmlr.org/jmlr.xml",
            "Journal of Machine Learning Research",
            Certainty::Documented,
        )]),
        _ => None,
    }
}

fn paper(url: &str, about: impl Into<String>, certainty: Certainty) -> Option<Candidate> {
    feed(url, about, certainty).map(|it| it.of(Kind::Paper))
}

/// The table of contents of a journal on the platform that Science, PNAS and ACM share.
pub(super) fn atypon(host: &str, code: &str) -> Option<Candidate> {
    let url = format!("https://{host}/action/showFeed?type=etoc&feed=rss&jc={code}");
    paper(&url, format!("the journal `{code}`"), Certainty::Observed)
}

/// The journal in a DOI's `journal.pcbi.1005595`, as addresses write it.
pub(super) fn plos_journal(name: &str) -> Option<&'static str> {
    let code = name.split('.').next()?;
    Some(match code {
        "pone" => "plosone",
        "pbio" => "plosbiology",
        "pcbi" => "ploscompbiol",
        "pmed" => "plosmedicine",
        "pgen" => "plosgenetics",
        "ppat" => "plospathogens",
        "pntd" => "plosntds",
        "pdig" => "digitalhealth",
        "pclm" => "climate",
        "pgph" => "globalpublichealth",
        _ => return None,
    })
}

fn plos(url: &Url, parts: &[&str]) -> Lead {
    let by_id = || {
        let id = parameter(url, "id")?;
        plos_journal(id.strip_prefix("10.1371/journal.")?).map(str::to_owned)
    };
    let journal = match parts {
        [name, ..] => Some((*name).to_owned()),
        [] => by_id(),
    };
    journal
        .and_then(|name| {
            let address = format!("https://journals.plos.org/{name}/feed/atom");
            feeds([paper(
                &address,
                format!("PLOS: {name}"),
                Certainty::Documented,
            )])
        })
        .unwrap_or_else(|| nothing("no journal of PLOS"))
}

fn science(url: &Url, parts: &[&str]) -> Option<Lead> {
    let code = match parts {
        ["doi", rest @ ..] => {
            let article = rest.last()?;
            article.split('.').next()?.to_ascii_lowercase()
        }
        ["toc" | "journal", code, ..] => (*code).to_owned(),
        ["content", "article" | "blog-post" | "podcast", ..] => "news".to_owned(),
        _ => match host(url) {
            "advances.sciencemag.org" => "sciadv".to_owned(),
            "robotics.sciencemag.org" => "scirobotics".to_owned(),
            _ => "science".to_owned(),
        },
    };
    let code = match code.as_str() {
        "sciadv" | "scirobotics" | "signaling" | "sciimmunol" => code.as_str(),
        "scitranslmed" | "stm" => "stm",
        "scisignal" => "signaling",
        "news" => {
            let address = "https://www.science.org/rss/news_current.xml";
            return feeds([feed(address, "news of Science", Certainty::Observed)]);
        }
        _ => "science",
    };
    feeds([atypon("www.science.org", code)])
}

fn cell(parts: &[&str]) -> Lead {
    let journal = match parts {
        ["trends", name, ..] => format!("trends/{name}"),
        ["action" | "pb" | "authors", ..] | [] => return nothing("no journal of Cell Press"),
        [name, ..] => (*name).to_owned(),
    };
    let address = format!("https://www.cell.com/{journal}/current.rss");
    feeds([paper(
        &address,
        format!("Cell Press: {journal}"),
        Certainty::Observed,
    )])
    .unwrap_or_else(|| nothing("no journal of Cell Press"))
}

fn named(parts: &[&str], word: &str, shape: fn(&str) -> (String, String)) -> Lead {
    let name = match parts {
        [first, name, ..] if *first == word => *name,
        _ => return nothing("the address does not name the journal"),
    };
    let (address, about) = shape(name);
    feeds([paper(&address, about, Certainty::Observed)])
        .unwrap_or_else(|| nothing("the address does not name the journal"))
}

/// The journal's number stands in the DOI: `s10994-021-05946-3`.
fn springer(parts: &[&str]) -> Lead {
    let number = match parts {
        ["journal", number, ..] => Some(*number),
        ["article" | "content", .., article] => article
            .strip_prefix('s')
            .and_then(|rest| rest.split('-').next()),
        _ => None,
    };
    let Some(number) = number.filter(|number| is_number(number)) else {
        return nothing("a book or a page of Springer's, which has no feed");
    };
    let number = number.trim_start_matches('0');
    let address = format!(
        "https://link.springer.com/search.rss?facet-content-type=Article&facet-journal-id={number}"
    );
    feeds([paper(
        &address,
        format!("Springer: journal {number}"),
        Certainty::Observed,
    )])
    .unwrap_or_else(|| nothing("no journal of Springer's"))
}
