//! What feeds say of recordings and pictures: Media RSS, Apple's podcasts, Podcasting 2.0, Podlove's
//! simple chapters.

use chrono::{DateTime, Utc};

use super::{Enclosure, Entry};

/// One `media:content` (Media RSS 1.5.1, section "media:content"), or an alternate enclosure of a
/// podcast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// Where it is.
    pub url: String,
    /// Its media type, as the feed gives it.
    pub media_type: Option<String>,
    /// What sort of thing it is, as the feed says: `image`, `audio`, `video`, `document` or
    /// `executable`.
    pub medium: Option<String>,
    /// Its size in bytes.
    pub length: Option<u64>,
    /// How long it plays, in seconds.
    pub duration: Option<u64>,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
}

/// What a podcast says of an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Episode {
    /// The number of its season (`itunes:season`, `podcast:season`), as written.
    pub season: Option<String>,
    /// The name of its season (`podcast:season`, `name`).
    pub season_name: Option<String>,
    /// Its own number (`itunes:episode`, `podcast:episode`), as written: `3.5` is one.
    pub number: Option<String>,
    /// Whether it is `full`, a `trailer` or a `bonus` (`itunes:episodeType`).
    pub kind: Option<String>,
    /// Where its chapters are (`podcast:chapters`).
    pub chapters_at: Option<Enclosure>,
    /// Its chapters, where the feed has them itself (`psc:chapter`).
    pub chapters: Vec<Chapter>,
    /// Who takes part (`podcast:person`, `media:credit`).
    pub people: Vec<Contributor>,
    /// Its transcripts of every type (`podcast:transcript`).
    pub transcripts: Vec<Transcript>,
    /// Its picture (`itunes:image`).
    pub image: Option<String>,
}

/// A chapter of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// When it begins, in milliseconds.
    pub start: u64,
    /// Its title.
    pub title: String,
    /// A page about it.
    pub url: Option<String>,
}

/// Somebody who takes part in an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributor {
    /// The name.
    pub name: String,
    /// What for, such as `host`, `guest` or `author`.
    pub role: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Their picture.
    pub image: Option<String>,
}

/// A transcript of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Where it is.
    pub url: String,
    /// Its media type: `text/vtt`, `application/x-subrip`, `application/json`, `text/html`.
    pub media_type: Option<String>,
    /// Its language.
    pub language: Option<String>,
}

/// A way to pay for a podcast (`podcast:funding`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funding {
    /// The page where to do it.
    pub url: String,
    /// What it is called.
    pub label: String,
}

/// A stream that is or will be live (`podcast:liveItem`): none of the feed's entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    /// Whether it is `pending`, `live` or `ended`.
    pub status: Option<String>,
    /// When it begins.
    pub start: Option<DateTime<Utc>>,
    /// When it ends.
    pub end: Option<DateTime<Utc>>,
    /// What it says as an entry does.
    pub entry: Entry,
}

/// `1:02:03.5`, `62:03` or seconds, in milliseconds.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let seconds = whole.split(':').take(4).try_fold(0_u64, |seconds, part| {
        seconds
            .checked_mul(60)?
            .checked_add(part.trim().parse().ok()?)
    })?;
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    seconds
        .checked_mul(1_000)?
        .checked_add(digits.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_milliseconds() {
        assert_eq!(milliseconds("1:02:03.5"), Some(3_723_500));
        assert_eq!(milliseconds("00:00:07.250"), Some(7_250));
        assert_eq!(milliseconds("90"), Some(90_000));
        assert_eq!(milliseconds("soon"), None);
    }
}
