//! Proceedings of conferences: PMLR has feeds; `OpenReview`, the ACL Anthology, `NeurIPS` and CVF
//! have none.

use url::Url;

use super::parts::{feed, feeds, host, is_number, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "proceedings",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "http://proceedings.mlr.press/v139/radford21a.html",
            leads_to: "https://proceedings.mlr.press/assets/rss/feed.xml",
        },
        Shape {
            link: "https://openreview.net/forum?id=YicbFdNTTy",
            leads_to: "-",
        },
        Shape {
            link: "https://www.aclweb.org/anthology/2020.emnlp-demos.3.pdf",
            leads_to: "-",
        },
        Shape {
            link: "https://papers.nips.cc/paper/2015/hash/86df7dcfd896fcaf2674f757a2463eba-Abstract.html",
            leads_to: "-",
        },
        Shape {
            link: "https://openaccess.thecvf.com/content_cvpr_2018/html/Kanazawa_End-to-End.html",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let none = match host(url) {
        "proceedings.mlr.press" | "jmlr.org:proceedings" => return Some(pmlr(&parts)),
        "openreview.net" => "OpenReview has an interface for programs and no feeds",
        "aclanthology.org" | "aclanthology.info" => "the ACL Anthology has no feed of papers",
        "aclweb.org" if parts.first() == Some(&"anthology") => {
            "the ACL Anthology has no feed of papers"
        }
        "papers.nips.cc" | "proceedings.neurips.cc" | "papers.neurips.cc" => {
            "the proceedings of NeurIPS have no feed"
        }
        "openaccess.thecvf.com" => "the open access papers of CVF have no feed",
        "ijcai.org" => "the proceedings of IJCAI have no feed",
        "usenix.org" if parts.first() == Some(&"conference") => {
            "the proceedings of USENIX have no feed"
        }
        "semanticscholar.org" => "Semantic Scholar has alerts by mail and no feeds",
        "paperswithcode.com" => "Papers with Code is closed",
        "ssrn.com" | "papers.ssrn.com" => "SSRN has no feed of papers",
        "researchgate.net" | "academia.edu" => "the site has no feeds",
        _ => return None,
    };
    Some(nothing(none))
}

/// All volumes, and the papers of one; a volume is closed once it is out.
fn pmlr(parts: &[&str]) -> Lead {
    let all = feed(
        "https://proceedings.mlr.press/assets/rss/feed.xml",
        "PMLR: new volumes",
        Certainty::Observed,
    );
    let volume = parts
        .first()
        .filter(|part| part.strip_prefix('v').is_some_and(is_number))
        .and_then(|volume| {
            let url = format!("https://proceedings.mlr.press/{volume}/assets/rss/feed.xml");
            feed(
                &url,
                format!("PMLR: papers of {volume}"),
                Certainty::Observed,
            )
        });
    let volume = volume.map(|it| it.of(Kind::Paper).asked_for());
    feeds([all.map(|it| it.of(Kind::Paper)), volume]).unwrap_or_else(|| nothing("no volume"))
}
