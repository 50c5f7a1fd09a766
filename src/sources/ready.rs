//! An entry as it was read, made ready for the store: clean, absolute, dated, of a kind.

use chrono::{DateTime, Utc};
use lenient_feed::{Entry, Feed, Markup, Text};
use url::Url;

use crate::model::{self, Dated, Kind, Person};

/// What is known of an entry besides itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Where its feed came from; relative addresses start here where the feed names no base.
    pub url: Option<&'a Url>,
    /// When it was fetched: nothing appeared later.
    pub now: DateTime<Utc>,
    /// What its source's entries are, where their own addresses do not tell.
    pub kind: Option<Kind>,
    /// Who writes the feed: an entry that names nobody is theirs (RFC 4287, section 4.2.1).
    pub authors: &'a [Person],
    /// The feed's language.
    pub language: Option<&'a str>,
}

impl<'a> Context<'a> {
    /// What a feed says for all its entries.
    pub fn new(feed: &'a Feed, url: Option<&'a Url>, now: DateTime<Utc>) -> Self {
        Self {
            url,
            now,
            kind: None,
            authors: &feed.authors,
            language: feed.language.as_deref(),
        }
    }
}

/// Makes an entry ready for the store. Cleaning its HTML costs more than all else, reading
/// included: only entries that are new or say something new need it, as
/// [`Entry::fingerprint`] tells.
pub fn ready(mut entry: Entry, context: &Context<'_>) -> model::Entry {
    lenient_feed::clean(&mut entry, context.url);
    let (at, dated) = match instant(entry.published, entry.updated, context.now) {
        // As old as can be, so that nothing takes it for news.
        (_, Dated::FirstSeen) if entry.is_old => (DateTime::UNIX_EPOCH, Dated::Zero),
        dated => dated,
    };
    let title = entry
        .title
        .as_ref()
        .map_or(String::new(), |it| it.plain().into_owned());
    let authors = if entry.authors.is_empty() {
        context.authors
    } else {
        &entry.authors
    };
    let authors = authors.iter().map(|person| person.name.clone()).collect();
    let text = entry.content.as_ref().or(entry.summary.as_ref());
    let kind = kind(&entry, context.kind);
    model::Entry {
        text: text.map_or(String::new(), |it| own_words(&it.plain()).to_owned()),
        authors,
        kind,
        at,
        dated,
        stated: entry.published.filter(|at| *at > context.now),
        title,
        guid: entry.own_id.then_some(entry.id),
        url: entry.link,
        updated: entry.updated.filter(|updated| *updated <= context.now),
        summary_html: entry.summary.map_or(String::new(), into_html),
        content_html: entry.content.map_or(String::new(), into_html),
        tags: entry.categories,
        enclosures: entry.enclosures,
        duration: entry.duration,
        transcript: entry.transcript,
        thumbnail: entry.thumbnail,
        comments: entry.comments,
        language: entry
            .language
            .or_else(|| context.language.map(str::to_owned)),
    }
}

fn into_html(text: Text) -> String {
    match text.markup {
        Markup::Html => text.value,
        Markup::Plain => text.html().into_owned(),
    }
}

/// A text without what stands before each abstract in the feeds of preprint servers: the number
/// of the paper and the type of the announcement (`arXiv:2401.00001v1 Announce Type: new
/// Abstract: …`).
fn own_words(text: &str) -> &str {
    let mut words = text.split_whitespace();
    let is_number = words.next().is_some_and(|word| word.contains(':'));
    let is_type = is_number && words.next() == Some("Announce") && words.next() == Some("Type:");
    if !is_type || words.nth(1) != Some("Abstract:") {
        return text;
    }
    let rest = text.split_once("Abstract:");
    rest.map_or(text, |(_, rest)| rest.trim_start())
}

/// When an entry appeared and how that is known: as published, else as updated, else when it was
/// first seen; what lies in the future cannot be believed.
pub fn instant(
    published: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, Dated) {
    let past = |instant: &DateTime<Utc>| *instant <= now;
    if let Some(published) = published.filter(past) {
        (published, Dated::Published)
    } else if let Some(updated) = updated.filter(past) {
        (updated, Dated::Updated)
    } else {
        (now, Dated::FirstSeen)
    }
}

/// What sort of thing an entry is: as its address or its title says, else as what can be
/// downloaded with it, else as its source's entries are.
pub fn kind(entry: &Entry, source: Option<Kind>) -> Kind {
    let title = entry.title.as_ref().map(Text::plain).unwrap_or_default();
    let named = model::kind_of(entry.link.as_deref(), &title);
    if !matches!(named, Kind::Post | Kind::Other) {
        return named;
    }
    let enclosures = entry.enclosures.iter();
    let enclosures = enclosures.map(|it| (it.url.as_str(), it.media_type.as_deref(), None));
    let media = entry.media.iter();
    let media = media.map(|it| {
        (
            it.url.as_str(),
            it.media_type.as_deref(),
            it.medium.as_deref(),
        )
    });
    let downloads = enclosures.chain(media);
    let of = |start: &str| {
        downloads.clone().any(|(url, media_type, medium)| {
            let media_type = media_type.or(medium).unwrap_or_default();
            let is_medium = media_type == start.trim_end_matches('/');
            let said = media_type
                .get(..start.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(start));
            said || is_medium || !media_type.contains('/') && told_by_name(url) == start
        })
    };
    if of("audio/") {
        Kind::Podcast
    } else if of("video/") {
        Kind::Video
    } else {
        source.unwrap_or(named)
    }
}

/// The sort of a download whose type is not said, by the end of its address.
fn told_by_name(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let end = path.rsplit('.').next().unwrap_or_default();
    match end.to_ascii_lowercase().as_str() {
        "mp3" | "m4a" | "ogg" | "oga" | "opus" | "aac" | "flac" | "wav" => "audio/",
        "mp4" | "m4v" | "mov" | "webm" | "mkv" | "ogv" => "video/",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lenient_feed::{Hints, parse, parse_date};

    fn day(text: &str) -> DateTime<Utc> {
        parse_date(text).unwrap()
    }

    fn ready(item: &str) -> model::Entry {
        let source =
            format!("<rss><channel><author>Lena</author><language>de</language><item>{item}");
        let mut feed = parse(source.as_bytes(), &Hints::default()).unwrap();
        let entry = feed.entries.remove(0);
        super::ready(entry, &Context::new(&feed, None, day("2026-11-25")))
    }

    #[test]
    fn an_abstract_begins_with_its_own_words() {
        let text =
            |description: &str| ready(&format!("<description>{description}</description>")).text;
        assert_eq!(
            text("arXiv:2611.00001v2 Announce Type: replace-cross \nAbstract: Abstract: we look."),
            "Abstract: we look."
        );
        for other in [
            "Announce Type: new Abstract: we look.",
            "arXiv:2611.00001v2 says more. Abstract: we look.",
            "Abstract: we look.",
        ] {
            assert_eq!(text(other), other);
        }
    }

    #[test]
    fn an_instant_is_never_in_the_future() {
        let check = |published: Option<&str>, updated: Option<&str>, expected: (&str, Dated)| {
            let found = instant(published.map(day), updated.map(day), day("2026-11-25"));
            assert_eq!(found, (day(expected.0), expected.1));
        };
        check(
            Some("2026-01-02"),
            Some("2026-01-03"),
            ("2026-01-02", Dated::Published),
        );
        check(None, Some("2026-01-03"), ("2026-01-03", Dated::Updated));
        check(
            Some("2026-11-26"),
            Some("2026-01-03"),
            ("2026-01-03", Dated::Updated),
        );
        check(Some("2026-11-26"), None, ("2026-11-25", Dated::FirstSeen));
        check(None, None, ("2026-11-25", Dated::FirstSeen));
    }

    #[test]
    fn the_kind_is_told_by_address_then_download_then_source() {
        let check = |item: &str, expected: Kind| assert_eq!(ready(item).kind, expected, "{item}");
        check("<link>https://arxiv.org/abs/2601.00001</link>", Kind::Paper);
        check("<link>https://e.example/a</link>", Kind::Post);
        check(
            "<link>https://e.example/a</link><enclosure url='https://e.example/a.mp3' type='audio/mpeg'/>",
            Kind::Podcast,
        );
        check(
            "<media:content url='https://e.example/v' type='video/mp4'/>",
            Kind::Video,
        );
        check(
            "<enclosure url='https://e.example/a.MP3?x=1'/>",
            Kind::Podcast,
        );
        check("<title>[paper] Tides</title>", Kind::Paper);
        let entry = Entry::default();
        assert_eq!(kind(&entry, Some(Kind::Talk)), Kind::Talk);
    }

    #[test]
    fn what_the_feed_says_for_all_counts_where_the_entry_is_silent() {
        let silent = ready(
            "<title>a &lt;b&gt;x&lt;/b&gt;</title><description>&lt;p onclick='y'&gt;d&lt;/p&gt;",
        );
        assert_eq!(silent.authors, ["Lena"]);
        assert_eq!(silent.language.as_deref(), Some("de"));
        assert_eq!((silent.title.as_str(), silent.text.as_str()), ("a x", "d"));
        assert_eq!(silent.summary_html, "<p>d</p>");
        assert_eq!(silent.guid, None);
        let own = ready("<author>Ada</author><dc:language>en</dc:language><guid>1</guid>");
        assert_eq!(own.authors, ["Ada"]);
        assert_eq!(own.language.as_deref(), Some("en"));
        assert_eq!(own.guid.as_deref(), Some("1"));
    }
}
