//! DOIs: the prefix names the publisher, whose rules go on from there; else the link is followed.

use url::Url;

use super::parts::{ask, at, host, segments};
use super::{Answer, Lead, Question, Shape, Site, page, parts};

pub(super) const SITE: Site = Site {
    name: "DOI",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://doi.org/10.1038/s42256-019-0138-9",
            leads_to: "> https://www.nature.com/articles/s42256-019-0138-9",
        },
        Shape {
            link: "http://dx.doi.org/10.48550/arXiv.2005.12872",
            leads_to: "> https://arxiv.org/abs/2005.12872",
        },
        Shape {
            link: "https://doi.org/10.1371/journal.pcbi.1005595",
            leads_to: "> https://journals.plos.org/ploscompbiol/article?id=10.1371/journal.pcbi.1005595",
        },
        Shape {
            link: "https://doi.org/10.1101/2020.05.01.072975",
            leads_to: "> https://www.biorxiv.org/content/10.1101/2020.05.01.072975",
        },
        Shape {
            link: "https://doi.org/10.1145/3448250",
            leads_to: "> https://dl.acm.org/doi/10.1145/3448250",
        },
        Shape {
            link: "https://doi.org/10.1126/science.aau5811",
            leads_to: "> https://www.science.org/doi/10.1126/science.aau5811",
        },
        Shape {
            link: "https://doi.org/10.1007/s10994-021-05946-3",
            leads_to: "> https://link.springer.com/article/10.1007/s10994-021-05946-3",
        },
        Shape {
            link: "https://doi.org/10.9999/unknown",
            leads_to: "? https://doi.org/10.9999/unknown",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    if !matches!(host(url), "doi.org" | "dx.doi.org") {
        return None;
    }
    let parts = segments(url);
    let [prefix, rest @ ..] = parts.as_slice() else {
        return Some(parts::nothing("no DOI"));
    };
    let suffix = rest.join("/");
    let known = publisher(prefix, &suffix).and_then(|address| at(&address));
    Some(match known {
        Some(address) => Lead::Elsewhere(address),
        None => ask(SITE.name, format!("doi:{prefix}/{suffix}"), url.clone(), ""),
    })
}

fn publisher(prefix: &str, suffix: &str) -> Option<String> {
    let lower = suffix.to_ascii_lowercase();
    Some(match prefix {
        "10.1038" => format!("https://www.nature.com/articles/{suffix}"),
        "10.48550" => format!("https://arxiv.org/abs/{}", lower.strip_prefix("arxiv.")?),
        "10.1371" => {
            let journal = super::journals::plos_journal(lower.strip_prefix("journal.")?)?;
            format!("https://journals.plos.org/{journal}/article?id=10.1371/{suffix}")
        }
        "10.1101" | "10.64898" => format!("https://www.biorxiv.org/content/{prefix}/{suffix}"),
        "10.1145" => format!("https://dl.acm.org/doi/10.1145/{suffix}"),
        "10.1126" => format!("https://www.science.org/doi/10.1126/{suffix}"),
        "10.1073" => format!("https://www.pnas.org/doi/10.1073/{suffix}"),
        "10.1007" => format!("https://link.springer.com/article/10.1007/{suffix}"),
        "10.1186" => format!("https://link.springer.com/article/10.1186/{suffix}"),
        "10.18653" => format!("https://aclanthology.org/{}", suffix.strip_prefix("v1/")?),
        _ => return None,
    })
}

/// Where the DOI led to. A page of a publisher without rules is a page like any other.
fn read(_: &Question, answer: &Answer<'_>) -> Lead {
    if host(answer.url) == "doi.org" {
        return parts::nothing("the DOI leads nowhere");
    }
    let question = page::question(answer.url);
    page::read(&question, answer)
}
