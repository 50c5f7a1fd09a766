//! `YouTube`: channels and playlists have feeds; a video's interface names its channel's page, and
//! that page the channel's number.

use serde_json::Value;
use url::Url;

use super::parts::{
    ask, ask_interface, at, between, encoded, feed, feeds, host, is_word, nothing, parameter,
    segments,
};
use super::{Answer, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "YouTube",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://www.youtube.com/watch?v=c_AUuTuPA5k&t=961s",
            leads_to: "? https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dc_AUuTuPA5k",
        },
        Shape {
            link: "https://youtu.be/9oNVFQ9llPc?t=2909",
            leads_to: "? https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D9oNVFQ9llPc",
        },
        Shape {
            link: "https://www.youtube.com/channel/UCaYhcUwRBNscFNUKTjgPFiA/videos",
            leads_to: "https://www.youtube.com/feeds/videos.xml?playlist_id=UULFaYhcUwRBNscFNUKTjgPFiA",
        },
        Shape {
            link: "https://www.youtube.com/playlist?list=PLgPbN3w-ia_O0jSphB6ZQZA0D4ezgaYU0",
            leads_to: "https://www.youtube.com/feeds/videos.xml?playlist_id=PLgPbN3w-ia_O0jSphB6ZQZA0D4ezgaYU0",
        },
        Shape {
            link: "https://www.youtube.com/@rustvideos/streams",
            leads_to: "? https://www.youtube.com/@rustvideos",
        },
        Shape {
            link: "https://www.youtube.com/c/YannicKilcher",
            leads_to: "? https://www.youtube.com/c/YannicKilcher",
        },
        Shape {
            link: "https://www.youtube.com/results?search_query=rust",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let video = match (host(url), parts.as_slice()) {
        ("youtu.be", [id, ..]) => Some((*id).to_owned()),
        ("youtube.com" | "m.youtube.com" | "youtube-nocookie.com" | "music.youtube.com", parts) => {
            match parts {
                ["watch", ..] => parameter(url, "v"),
                ["embed" | "shorts" | "live" | "v", id, ..] if *id != "videoseries" => {
                    Some((*id).to_owned())
                }
                ["channel", id, ..] => return channel(id, "the channel"),
                ["feeds", "videos.xml"] => {
                    return feeds([feed(url.as_str(), "the feed itself", Certainty::Documented)]);
                }
                [handle, ..] if handle.starts_with('@') => return Some(page(url, handle)),
                [kind @ ("c" | "user"), name, ..] => {
                    return Some(page(url, &format!("{kind}/{name}")));
                }
                _ => match parameter(url, "list") {
                    Some(list) => return playlist(&list),
                    None => return Some(nothing("a page of YouTube that belongs to no channel")),
                },
            }
        }
        ("youtu.be", []) => return Some(nothing("a page of YouTube that belongs to no channel")),
        _ => return None,
    };
    let Some(video) = video.filter(|id| id.chars().all(is_word)) else {
        return Some(nothing("an address of YouTube without a video"));
    };
    let address = format!("https://www.youtube.com/watch?v={video}");
    let oembed = format!(
        "https://www.youtube.com/oembed?format=json&url={}",
        encoded(&address)
    );
    Some(ask_interface(
        SITE.name,
        format!("youtube:{video}"),
        at(&oembed)?,
        video,
    ))
}

fn page(url: &Url, path: &str) -> Lead {
    let mut home = url.clone();
    home.set_path(path);
    home.set_query(None);
    home.set_fragment(None);
    ask(
        SITE.name,
        format!("youtube:{}", path.to_lowercase()),
        home,
        "",
    )
}

/// The channel's uploads: first without shorts and streams, which have lists of their own.
fn channel(id: &str, name: &str) -> Option<Lead> {
    let rest = id
        .strip_prefix("UC")
        .filter(|rest| rest.len() == 22 && rest.chars().all(is_word));
    let Some(rest) = rest else {
        return Some(nothing("no number of a channel"));
    };
    let base = "https://www.youtube.com/feeds/videos.xml";
    let long = feed(
        &format!("{base}?playlist_id=UULF{rest}"),
        format!("videos of {name}, without shorts and streams"),
        Certainty::Observed,
    );
    let all = feed(
        &format!("{base}?channel_id=UC{rest}"),
        format!("videos of {name}"),
        Certainty::Declared,
    );
    feeds([long, all].map(|it| it.map(|it| it.of(Kind::Video))))
}

fn playlist(list: &str) -> Option<Lead> {
    let sound = list.chars().all(is_word);
    let address = format!("https://www.youtube.com/feeds/videos.xml?playlist_id={list}");
    feeds([
        feed(&address, format!("playlist {list}"), Certainty::Declared)
            .filter(|_| sound)
            .map(|it| it.of(Kind::Video)),
    ])
    .or_else(|| Some(nothing("no playlist")))
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    if question.interface {
        let author = serde_json::from_slice(answer.body)
            .ok()
            .filter(|_| answer.is_good())
            .and_then(|json: Value| at(json["author_url"].as_str()?))
            .filter(|author| host(author) == "youtube.com");
        if let Some(author) = author {
            return Lead::Elsewhere(author);
        }
        // Some videos may not be embedded; their page names the channel as well.
        if matches!(answer.status, 401 | 403)
            && let Some(watch) = at(&format!(
                "https://www.youtube.com/watch?v={}",
                question.note
            ))
        {
            return ask(SITE.name, question.key.clone(), watch, "page");
        }
        return nothing("the video is gone or private");
    }
    let page = String::from_utf8_lossy(answer.body);
    let marks = [
        "<link rel=\"canonical\" href=\"https://www.youtube.com/channel/",
        "feeds/videos.xml?channel_id=",
        "\"externalId\":\"",
        "\"channelId\":\"",
        "itemprop=\"channelId\" content=\"",
        "itemprop=\"identifier\" content=\"",
    ];
    let name = between(&page, "property=\"og:title\" content=\"", |c| c != '"');
    marks
        .iter()
        .find_map(|mark| between(&page, mark, is_word).filter(|id| id.starts_with("UC")))
        .and_then(|id| channel(id, name.unwrap_or("the channel")))
        .unwrap_or_else(|| nothing("the page does not name a channel"))
}
