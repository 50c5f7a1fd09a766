//! The elements of podcasts, as Apple asks for them and the W3C's service checks them.

use super::Report;
use super::tree::Element;
use super::value;

pub(crate) const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";

/// The endings of recordings that Apple plays.
pub(crate) const FORMATS: [&str; 7] = ["m4a", "mp3", "mov", "mp4", "m4v", "pdf", "epub"];
/// The categories of podcasts, without those below them.
const PODCASTS: [&str; 19] = [
    "Arts",
    "Business",
    "Comedy",
    "Education",
    "Fiction",
    "Government",
    "History",
    "Health & Fitness",
    "Kids & Family",
    "Leisure",
    "Music",
    "News",
    "Religion & Spirituality",
    "Science",
    "Society & Culture",
    "Sports",
    "Technology",
    "True Crime",
    "TV & Film",
];

/// What programs miss in a channel with any of these elements.
pub(crate) fn check_channel(channel: &Element, report: &mut Report) {
    for name in ["category", "explicit"] {
        if channel.first(ITUNES, name).is_none() {
            report.say("MissingItunesElement", format!("itunes:{name}"));
        }
    }
    if channel.first("", "language").is_none() {
        report.say("MissingItunesElement", "language");
    }
    if channel.first(ITUNES, "owner").is_none() {
        report.say("MissingItunesEmail", "itunes:owner");
    }
}

/// One element.
pub(crate) fn check(child: &Element, report: &mut Report) {
    let written = child.text.trim();
    let is_long = |most| written.chars().count() > most;
    let is_none_of = |known: &[&str]| !known.contains(&written);
    let rule = match child.name.as_str() {
        "author" | "subtitle" | "keywords" => is_long(255).then_some("TooLong"),
        "summary" => is_long(4000).then_some("TooLong"),
        "title" | "order" | "new-feed-url" => None,
        "explicit" => is_none_of(&["true", "false"]).then_some("InvalidTrueFalse"),
        "block" => is_none_of(&["yes", "no", "clean"]).then_some("InvalidYesNoClean"),
        "type" => is_none_of(&["episodic", "serial"]).then_some("InvalidItunesChannelType"),
        "episodeType" => {
            is_none_of(&["full", "trailer", "bonus"]).then_some("InvalidItunesEpisodeType")
        }
        "episode" | "season" => (!written.parse::<u32>().is_ok_and(|number| number > 0))
            .then_some("InvalidPositiveInteger"),
        "duration" => (!is_duration(written)).then_some("InvalidDuration"),
        "image" | "category" | "owner" => return check_parts(child, report),
        _ => Some("UndefinedElement"),
    };
    if let Some(rule) = rule {
        report.say(rule, format!("{} `{written}`", child.title()));
    }
}

/// The elements whose value is in an attribute or a child.
fn check_parts(child: &Element, report: &mut Report) {
    match child.name.as_str() {
        "image" => match child.attribute("href") {
            Some(href) => value::web(href, "itunes:image", report),
            None => report.say("MissingAttribute", "href of itunes:image"),
        },
        "category" => match child.attribute("text") {
            Some(name) if PODCASTS.contains(&name) => {}
            Some(name) => report.say("InvalidItunesCategory", name),
            None => report.say("MissingAttribute", "text of itunes:category"),
        },
        _ => match child.first(ITUNES, "email") {
            Some(email) if value::is_mail_address(email.text.trim()) => {}
            Some(email) => report.say("InvalidContact", &email.text),
            None => report.say("MissingElement", "itunes:email"),
        },
    }
}

/// Seconds, or `[h:]mm:ss`.
fn is_duration(written: &str) -> bool {
    let parts: Vec<&str> = written.split(':').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() <= 3
        && parts.iter().all(|part| is_number(part))
        && parts[1..]
            .iter()
            .all(|part| part.len() == 2 && *part < "60")
}
