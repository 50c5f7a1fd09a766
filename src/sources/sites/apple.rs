//! Directories of podcasts: Apple's tells the feed of a show by its number, and others use that
//! number too; Spotify's shows have no feed.

use lenient_feed::base64;
use serde_json::Value;
use url::Url;

use super::parts::{ask_interface, at, feed, feeds, host, is_number, nothing, parameter, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site, parts};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "podcast directories",
    look,
    read: Some(read),
    join: Some(join),
    shapes: &[
        Shape {
            link: "https://podcasts.apple.com/us/podcast/generally-intelligent/id1544503192?i=1000507",
            leads_to: "? https://itunes.apple.com/lookup?id=1544503192&entity=podcast",
        },
        Shape {
            link: "https://itunes.apple.com/us/podcast/id1544503192",
            leads_to: "? https://itunes.apple.com/lookup?id=1544503192&entity=podcast",
        },
        Shape {
            link: "https://overcast.fm/itunes1544503192/generally-intelligent",
            leads_to: "? https://itunes.apple.com/lookup?id=1544503192&entity=podcast",
        },
        Shape {
            link: "https://podcasts.google.com/feed/aHR0cHM6Ly9mZWVkcy5leGFtcGxlLm9yZy9zaG93",
            leads_to: "https://feeds.example.org/show",
        },
        Shape {
            link: "https://open.spotify.com/show/3uNTjvP2FSV0Bn0Cqr37Nu",
            leads_to: "-",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let number = match host(url) {
        "podcasts.apple.com" | "itunes.apple.com" => {
            if !parts.contains(&"podcast") {
                return Some(nothing("a page of Apple's that is no podcast"));
            }
            parts.last()?.strip_prefix("id")
        }
        "overcast.fm" => parts.first()?.strip_prefix("itunes"),
        "pca.st" | "podcastaddict.com" => match parts.as_slice() {
            ["itunes", number, ..] => Some(*number),
            _ => return None,
        },
        "pod.link" => parts.first().copied(),
        "podcasts.google.com" => return Some(google(url, &parts)),
        "open.spotify.com" | "spotify.com" => {
            return Some(nothing(
                "Spotify gives out no feeds; look for the show's own site, or for it at Apple",
            ));
        }
        "music.amazon.com" | "stitcher.com" | "castbox.fm" | "pocketcasts.com" | "audible.com" => {
            return Some(nothing(
                "the directory gives out no feeds; look for the show's own site, or for it at Apple",
            ));
        }
        _ => return None,
    };
    let number = number.filter(|number| is_number(number))?;
    Some(ask_interface(
        SITE.name,
        format!("apple:{number}"),
        join(&[number]),
        number,
    ))
}

fn join(numbers: &[&str]) -> Url {
    let list = numbers.join(",");
    let text = format!("https://itunes.apple.com/lookup?id={list}&entity=podcast");
    at(&text).expect("made of numbers")
}

/// Google's directory had the feed's address in its own.
fn google(url: &Url, parts: &[&str]) -> Lead {
    let coded = match parts {
        ["feed", coded, ..] => Some((*coded).to_owned()),
        _ => parameter(url, "feed"),
    };
    coded
        .map(|coded| coded.replace('-', "+").replace('_', "/"))
        .and_then(|coded| base64::decode(&coded))
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|address| podcast(&address, "the podcast"))
        .unwrap_or_else(|| nothing("the address holds no feed"))
}

fn podcast(address: &str, name: &str) -> Option<Lead> {
    let found = feed(address, name, Certainty::Documented)?;
    let web = matches!(found.url.scheme(), "http" | "https");
    feeds([Some(found).filter(|_| web).map(|it| it.of(Kind::Podcast))])
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let json: Option<Value> = serde_json::from_slice(answer.body)
        .ok()
        .filter(|_| answer.is_good());
    let Some(json) = json else {
        return nothing("Apple's directory did not answer");
    };
    let results = json["results"].as_array().map_or(&[][..], Vec::as_slice);
    let number = |result: &Value| {
        ["collectionId", "trackId"].iter().any(|key| {
            result[*key].as_u64().map(|it| it.to_string()).as_deref() == Some(&question.note)
        })
    };
    let show = results.iter().find(|result| number(result));
    let address = show.and_then(|show| show["feedUrl"].as_str());
    let name = show.and_then(|show| show["collectionName"].as_str());
    address
        .and_then(|address| podcast(address, name.unwrap_or("the podcast")))
        .unwrap_or_else(|| parts::nothing("the show is open to subscribers only, or gone"))
}
