//! Stack Exchange: tags and people have feeds; a question's tags are known to the interface.

use serde_json::Value;
use url::Url;

use super::parts::{ask_interface, at, feed, feeds, host, is_number, nothing, segments};
use super::{Answer, Certainty, Lead, Question, Shape, Site};

pub(super) const SITE: Site = Site {
    name: "Stack Exchange",
    look,
    read: Some(read),
    join: None,
    shapes: &[
        Shape {
            link: "https://stackoverflow.com/questions/tagged/rust",
            leads_to: "https://stackoverflow.com/feeds/tag/rust",
        },
        Shape {
            link: "https://stackoverflow.com/questions/24145823/how-do-i-convert",
            leads_to: "? https://api.stackexchange.com/2.3/questions/24145823?site=stackoverflow.com",
        },
        Shape {
            link: "https://stats.stackexchange.com/users/28666/amoeba",
            leads_to: "https://stats.stackexchange.com/feeds/user/28666",
        },
        Shape {
            link: "https://stats.stackexchange.com/",
            leads_to: "https://stats.stackexchange.com/feeds",
        },
    ],
};

fn look(url: &Url) -> Option<Lead> {
    let host = host(url);
    let known = matches!(
        host,
        "stackoverflow.com"
            | "superuser.com"
            | "serverfault.com"
            | "askubuntu.com"
            | "mathoverflow.net"
    ) || host.ends_with(".stackexchange.com");
    if !known {
        return None;
    }
    let entries = |path: &str, about: String| {
        feeds([feed(
            &format!("https://{host}/feeds{path}"),
            about,
            Certainty::Documented,
        )])
    };
    match segments(url).as_slice() {
        ["questions", "tagged", tag, ..] => {
            entries(&format!("/tag/{tag}"), format!("{host}: [{tag}]"))
        }
        ["questions" | "q", number, ..] if is_number(number) => {
            let address =
                format!("https://api.stackexchange.com/2.3/questions/{number}?site={host}");
            Some(ask_interface(
                SITE.name,
                format!("{host}:{number}"),
                at(&address)?,
                host,
            ))
        }
        ["users", number, ..] if is_number(number) => {
            entries(&format!("/user/{number}"), format!("{host}: user {number}"))
        }
        ["a", ..] => Some(nothing(
            "an answer's short address does not name its question",
        )),
        [] | ["questions"] => entries("", format!("{host}: all questions")),
        _ => Some(nothing("a page that belongs to no tag")),
    }
}

/// The first tags of the question.
fn read(question: &Question, answer: &Answer<'_>) -> Lead {
    let host = &question.note;
    let json: Value = serde_json::from_slice(answer.body).unwrap_or_default();
    let tags = json["items"][0]["tags"].as_array();
    let found = tags
        .into_iter()
        .flatten()
        .take(3)
        .filter_map(Value::as_str)
        .map(|tag| {
            let address = format!("https://{host}/feeds/tag/{tag}");
            feed(&address, format!("{host}: [{tag}]"), Certainty::Documented)
        });
    feeds(found).unwrap_or_else(|| nothing("the question's tags are not known"))
}
