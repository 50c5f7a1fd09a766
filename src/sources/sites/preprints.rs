//! bioRxiv and medRxiv: a preprint's subject is known to their interface, and each has a feed.

use serde_json::Value;
use url::Url;

use super::parts::{ask_interface, at, feed, feeds, host, nothing, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "bioRxiv and medRxiv",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://www.biorxiv.org/content/10.1101/2020.05.01.072975v2.full.pdf",
            leads_to: "? https://api.biorxiv.org/details/biorxiv/10.1101/2020.05.01.072975",
        },
        Shape {
            link: "https://www.medrxiv.org/content/10.1101/2021.02.03.21250974v1",
            leads_to: "? https://api.biorxiv.org/details/medrxiv/10.1101/2021.02.03.21250974",
        },
        Shape {
            link: "https://www.biorxiv.org/collection/neuroscience",
            leads_to: "https://connect.biorxiv.org/biorxiv_xml.php?subject=neuroscience",
        },
        Shape {
            link: "https://www.biorxiv.org/",
            leads_to: "https://connect.biorxiv.org/biorxiv_xml.php?subject=all",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let server = match host(url) {
        "biorxiv.org" => "biorxiv",
        "medrxiv.org" => "medrxiv",
        _ => return None,
    };
    match segments(url).as_slice() {
        ["content", prefix, rest, ..] if prefix.starts_with("10.") => {
            let doi = format!("{prefix}/{}", without_version(rest));
            let address = at(&format!("https://api.biorxiv.org/details/{server}/{doi}"))?;
            Some(ask_interface(
                SITE.name,
                format!("doi:{doi}"),
                address,
                server,
            ))
        }
        ["collection", subject, ..] => subject_lead(server, subject),
        [] => subject_lead(server, "all"),
        _ => Some(nothing("a page that is no preprint and no subject")),
    }
}

/// `2020.05.01.072975v2.full.pdf` -> `2020.05.01.072975`.
fn without_version(rest: &str) -> &str {
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    rest[..end].trim_end_matches('.')
}

fn subject_lead(server: &str, subject: &str) -> Option<Lead> {
    let subject = subject.to_ascii_lowercase().replace([' ', '-'], "_");
    let url = format!("https://connect.{server}.org/{server}_xml.php?subject={subject}");
    let about = format!("{server}: {}", subject.replace('_', " "));
    feeds([feed(&url, about, Certainty::Observed).map(|it| it.of(Kind::Paper))])
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let category = serde_json::from_slice(answer.body)
        .ok()
        .filter(|_| answer.is_good())
        .and_then(|json: Value| {
            Some(
                json["collection"].as_array()?.last()?["category"]
                    .as_str()?
                    .to_owned(),
            )
        });
    category
        .and_then(|category| subject_lead(&question.note, &category))
        .unwrap_or_else(|| nothing("the preprint's subject is not known"))
}
