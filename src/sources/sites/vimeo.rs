//! Vimeo: people and channels have feeds; a video's interface names its owner.

use serde_json::Value;
use url::Url;

use super::parts::{ask_interface, at, encoded, feed, feeds, host, is_number, nothing, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "Vimeo",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://vimeo.com/336343886",
            leads_to: "? https://vimeo.com/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F336343886",
        },
        Shape {
            link: "https://player.vimeo.com/video/336343886",
            leads_to: "? https://vimeo.com/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F336343886",
        },
        Shape {
            link: "https://vimeo.com/channels/staffpicks",
            leads_to: "https://vimeo.com/channels/staffpicks/videos/rss",
        },
        Shape {
            link: "https://vimeo.com/strangeloop",
            leads_to: "https://vimeo.com/strangeloop/videos/rss",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    if !matches!(host(url), "vimeo.com" | "player.vimeo.com") {
        return None;
    }
    match segments(url).as_slice() {
        [number, ..]
        | ["video", number, ..]
        | ["channels" | "groups", _, number]
        | ["groups", _, "videos", number]
            if is_number(number) =>
        {
            let address = format!("https://vimeo.com/{number}");
            let oembed = format!(
                "https://vimeo.com/api/oembed.json?url={}",
                encoded(&address)
            );
            Some(ask_interface(
                SITE.name,
                format!("vimeo:{number}"),
                at(&oembed)?,
                "",
            ))
        }
        [
            kind @ ("channels" | "groups" | "album" | "showcase"),
            name,
            ..,
        ] => videos(&format!("{kind}/{name}")),
        []
        | [
            "search" | "watch" | "blog" | "upgrade" | "about" | "ondemand" | "event",
            ..,
        ] => Some(nothing("a page of Vimeo that belongs to nobody")),
        [name, ..] => videos(name),
    }
}

fn videos(path: &str) -> Option<Lead> {
    let address = format!("https://vimeo.com/{path}/videos/rss");
    feeds([
        feed(&address, format!("videos of {path}"), Certainty::Observed)
            .map(|it| it.of(Kind::Video)),
    ])
}

fn read(_: &Question, answer: &Answer<'_>) -> Lead {
    serde_json::from_slice(answer.body)
        .ok()
        .filter(|_| answer.is_good())
        .and_then(|json: Value| at(json["author_url"].as_str()?))
        .filter(|author| host(author) == "vimeo.com")
        .and_then(|author| videos(author.path().trim_matches('/')))
        .unwrap_or_else(|| nothing("the video is gone or private"))
}
