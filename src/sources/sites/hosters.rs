//! Those who host podcasts: the name or number of a show in an address makes its feed's.

use url::Url;

use super::page::feeds_or_page;
use super::parts::{ask, between, feed, feeds, host, is_number, label, nothing, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "podcast hosters",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://www.buzzsprout.com/1463338/8054032-episode",
            leads_to: "https://feeds.buzzsprout.com/1463338.rss",
        },
        Shape {
            link: "https://myshow.transistor.fm/episodes/12",
            leads_to: "https://feeds.transistor.fm/myshow",
        },
        Shape {
            link: "https://twimlai.libsyn.com/episode-5",
            leads_to: "https://twimlai.libsyn.com/rss",
        },
        Shape {
            link: "https://sites.libsyn.com/424312/site/episode",
            leads_to: "https://feeds.libsyn.com/424312/rss",
        },
        Shape {
            link: "https://feeds.megaphone.fm/MLN2155636147",
            leads_to: "https://feeds.megaphone.fm/MLN2155636147",
        },
        Shape {
            link: "https://feeds.simplecast.com/54nAGcIl",
            leads_to: "https://feeds.simplecast.com/54nAGcIl",
        },
        Shape {
            link: "https://myshow.simplecast.com/episodes/one",
            leads_to: "? https://myshow.simplecast.com/episodes/one",
        },
        Shape {
            link: "https://anchor.fm/s/1e4a0eac/podcast/rss",
            leads_to: "https://anchor.fm/s/1e4a0eac/podcast/rss",
        },
        Shape {
            link: "https://anchor.fm/machinelearningstreettalk",
            leads_to: "? https://anchor.fm/machinelearningstreettalk",
        },
        Shape {
            link: "https://shows.acast.com/myshow/episodes/one",
            leads_to: "https://feeds.acast.com/public/shows/myshow",
        },
        Shape {
            link: "https://myshow.podbean.com/e/one/",
            leads_to: "https://feed.podbean.com/myshow/feed.xml",
        },
        Shape {
            link: "https://rusty-spike.blubrry.net/2017/11/08/episode-7/",
            leads_to: "https://rusty-spike.blubrry.net/feed/podcast/",
        },
        Shape {
            link: "https://myshow.fireside.fm/12",
            leads_to: "https://feeds.fireside.fm/myshow/rss",
        },
        Shape {
            link: "https://myshow.captivate.fm/episode/one",
            leads_to: "https://feeds.captivate.fm/myshow/",
        },
        Shape {
            link: "https://redcircle.com/shows/3b0c1c3e-5b0a-4a5c-9d3a-0a1b2c3d4e5f",
            leads_to: "https://feeds.redcircle.com/3b0c1c3e-5b0a-4a5c-9d3a-0a1b2c3d4e5f",
        },
        Shape {
            link: "https://www.spreaker.com/show/4488937",
            leads_to: "https://www.spreaker.com/show/4488937/episodes/feed",
        },
        Shape {
            link: "https://audioboom.com/channels/4956890",
            leads_to: "https://audioboom.com/channels/4956890.rss",
        },
        Shape {
            link: "https://myshow.podigee.io/12-new-episode",
            leads_to: "https://myshow.podigee.io/feed/mp3",
        },
        Shape {
            link: "https://soundcloud.com/myshow/episode-one",
            leads_to: "? https://soundcloud.com/myshow",
        },
    ],
};

use Certainty::{Documented, Observed};

fn look(url: &Url) -> Option<Lead> {
    if host(url).starts_with("feeds.") || host(url).starts_with("feed.") {
        return itself(url);
    }
    by_name(url).or_else(|| by_path(url))
}

/// Addresses that are feeds by their host.
fn itself(url: &Url) -> Option<Lead> {
    let known = [
        "feeds.megaphone.fm",
        "feeds.simplecast.com",
        "feeds.transistor.fm",
        "feeds.buzzsprout.com",
        "feeds.libsyn.com",
        "feeds.acast.com",
        "feeds.fireside.fm",
        "feeds.captivate.fm",
        "feeds.redcircle.com",
        "feeds.soundcloud.com",
        "feeds.feedburner.com",
        "feeds.npr.org",
        "feed.podbean.com",
    ];
    let known = known.contains(&host(url)) && url.path().len() > 1;
    known.then(|| show(url.as_str(), "the podcast", Documented, url))?
}

/// A show's feed by rule; the page is asked where it is not there.
fn show(address: &str, name: &str, certainty: Certainty, page: &Url) -> Option<Lead> {
    let found = feed(address, name, certainty).map(|it| it.of(Kind::Podcast));
    feeds_or_page([found], page)
}

/// Hosters that give every show a name before their own.
fn by_name(url: &Url) -> Option<Lead> {
    const NAMED: [(&str, &str, Certainty); 8] = [
        (
            "transistor.fm",
            "https://feeds.transistor.fm/{}",
            Documented,
        ),
        ("libsyn.com", "https://{}.libsyn.com/rss", Documented),
        (
            "podbean.com",
            "https://feed.podbean.com/{}/feed.xml",
            Documented,
        ),
        (
            "blubrry.net",
            "https://{}.blubrry.net/feed/podcast/",
            Observed,
        ),
        ("fireside.fm", "https://feeds.fireside.fm/{}/rss", Observed),
        ("captivate.fm", "https://feeds.captivate.fm/{}/", Documented),
        ("podigee.io", "https://{}.podigee.io/feed/mp3", Documented),
        ("pinecast.co", "https://pinecast.com/feed/{}", Observed),
    ];
    // Names that are the hoster's own.
    const OWN: [&str; 9] = [
        "share",
        "sites",
        "player",
        "app",
        "feeds",
        "support",
        "help",
        "play",
        "html5-player",
    ];
    NAMED.iter().find_map(|(domain, shape, certainty)| {
        let name = label(url, domain).filter(|name| !OWN.contains(name))?;
        show(&shape.replace("{}", name), name, *certainty, url)
    })
}

/// Hosters whose paths say which show it is.
fn by_path(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    let by = |shape: &str, id: &str, certainty| {
        show(
            &shape.replace("{}", id),
            &format!("podcast {id}"),
            certainty,
            url,
        )
    };
    let page = || {
        Some(ask(
            SITE.name,
            format!("page:{}{}", host(url), url.path()),
            url.clone(),
            "",
        ))
    };
    match (host(url), parts.as_slice()) {
        ("buzzsprout.com", [number, ..]) if is_number(number) => {
            by("https://feeds.buzzsprout.com/{}.rss", number, Documented)
        }
        ("sites.libsyn.com", [number, ..]) if is_number(number) => {
            by("https://feeds.libsyn.com/{}/rss", number, Observed)
        }
        ("anchor.fm", ["s", id, ..]) => by("https://anchor.fm/s/{}/podcast/rss", id, Documented),
        ("anchor.fm", [_, ..])
        | (
            "podcasters.spotify.com" | "creators.spotify.com",
            [.., "show", _] | [.., "show", _, _, _],
        ) => page(),
        ("shows.acast.com", [name, ..]) | ("play.acast.com", ["s", name, ..]) => {
            by("https://feeds.acast.com/public/shows/{}", name, Observed)
        }
        ("redcircle.com", ["shows", id, ..]) => by("https://feeds.redcircle.com/{}", id, Observed),
        ("spreaker.com", ["show" | "podcast", name, ..]) => {
            let number = name.rsplit("--").next().filter(|it| is_number(it))?;
            by(
                "https://www.spreaker.com/show/{}/episodes/feed",
                number,
                Documented,
            )
        }
        ("audioboom.com", ["channels" | "channel", id, ..]) => {
            by("https://audioboom.com/channels/{}.rss", id, Observed)
        }
        ("soundcloud.com", [name, ..]) => {
            let mut home = url.clone();
            home.set_path(name);
            home.set_query(None);
            Some(ask(SITE.name, format!("soundcloud:{name}"), home, ""))
        }
        ("playlist.megaphone.fm" | "player.megaphone.fm" | "megaphone.link", _) => Some(nothing(
            "a player of Megaphone's, which does not name the show",
        )),
        _ => None,
    }
}

fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let page = String::from_utf8_lossy(answer.body);
    let found = match host(&question.url) {
        "soundcloud.com" => {
            between(&page, "soundcloud://users:", |c| c.is_ascii_digit()).and_then(|number| {
                let address = format!(
                    "https://feeds.soundcloud.com/users/soundcloud:users:{number}/sounds.rss"
                );
                feeds([feed(&address, "sounds of the account", Documented)
                    .map(|it| it.of(Kind::Podcast))])
            })
        }
        // The show's page names its feed in its data.
        _ => between(&page, "anchor.fm/s/", |c| c.is_ascii_alphanumeric()).and_then(|id| {
            let address = format!("https://anchor.fm/s/{id}/podcast/rss");
            feeds([feed(&address, "the podcast", Documented).map(|it| it.of(Kind::Podcast))])
        }),
    };
    found.unwrap_or_else(|| super::page::read(question, answer))
}
