//! What a file is: how long others may keep it, and its media type, by its name and its first
//! bytes.

use std::time::Duration;

use crate::server::Cache;

/// The sorts of files that the configuration tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Feeds that new entries appear in; lists, the sitemap.
    Feed,
    /// Archive documents of feeds, which are closed (RFC 5005, section 4).
    Archive,
    /// Pages.
    Page,
    /// Recordings and videos.
    Media,
    /// Everything else.
    File,
}

impl Kind {
    /// How long others may keep it.
    pub(super) fn age(self, cache: &Cache) -> Duration {
        match self {
            Self::Feed => cache.feeds,
            Self::Archive => cache.archive,
            Self::Page => cache.pages,
            Self::Media => cache.media,
            Self::File => cache.files,
        }
    }
}

/// The bytes that tell which language of XML or JSON a file is in.
const HEAD: usize = 4096;

/// What a file is, as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nature {
    /// How long others may keep it.
    pub(super) kind: Kind,
    /// Its media type, with the character encoding where that belongs to it.
    pub(super) media_type: String,
    /// Whether it grows smaller when it is compressed.
    pub(super) compressible: bool,
}

impl Nature {
    /// Reads the name and the beginning of a file.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let head = &bytes[..bytes.len().min(HEAD)];
        let (kind, media_type, text) = match ending.to_ascii_lowercase().as_str() {
            "xml" | "rss" | "atom" => xml(head),
            "json" => json(head),
            other => by_ending(other),
        };
        let (charset, compressible) = match text {
            Text::None => ("", false),
            Text::Utf8 if is_utf8(bytes) => ("; charset=utf-8", true),
            // A file that is something else is left to those who read it.
            Text::Compressible | Text::Utf8 => ("", true),
        };
        Self {
            kind,
            media_type: format!("{media_type}{charset}"),
            compressible,
        }
    }
}

/// Whether a file has characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    /// It is compressed already.
    None,
    /// Its format says how they are encoded, or it has none, but it has much that repeats.
    Compressible,
    /// In UTF-8, as all that newsdesk writes.
    Utf8,
}

/// Only the beginning of a large file may be here, cut where it fell.
fn is_utf8(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Languages of XML are told apart by their root element: names say little.
fn xml(head: &[u8]) -> (Kind, &'static str, Text) {
    let text = String::from_utf8_lossy(head);
    let mut root = text.as_ref();
    let name = loop {
        let Some((_, markup)) = root.split_once('<') else {
            break "";
        };
        root = markup;
        if let Some(rest) = root.strip_prefix("!--") {
            root = rest.split_once("-->").map_or("", |(_, rest)| rest);
        } else if !root.starts_with(['?', '!']) {
            break root
                .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
                .next()
                .unwrap_or_default();
        }
    };
    let feed = if text.contains("<fh:archive") {
        Kind::Archive
    } else {
        Kind::Feed
    };
    match name {
        "feed" => (feed, "application/atom+xml", Text::Utf8),
        "rss" | "rdf:RDF" => (feed, "application/rss+xml", Text::Utf8),
        "opml" => (Kind::Feed, "text/x-opml", Text::Utf8),
        "urlset" | "sitemapindex" => (Kind::Feed, "application/xml", Text::Utf8),
        "html" => (Kind::Page, "application/xhtml+xml", Text::Utf8),
        _ => (Kind::File, "application/xml", Text::Utf8),
    }
}

/// JSON is in UTF-8 and its media types have no parameter for it (RFC 8259, section 11).
fn json(head: &[u8]) -> (Kind, &'static str, Text) {
    let text = String::from_utf8_lossy(head);
    if text.contains("\"https://jsonfeed.org/version/1") {
        (Kind::Feed, "application/feed+json", Text::Compressible)
    } else {
        (Kind::File, "application/json", Text::Compressible)
    }
}

fn by_ending(ending: &str) -> (Kind, &'static str, Text) {
    match ending {
        "html" | "htm" => (Kind::Page, "text/html", Text::Utf8),
        "xhtml" => (Kind::Page, "application/xhtml+xml", Text::Utf8),
        "txt" => (Kind::Page, "text/plain", Text::Utf8),
        "md" => (Kind::Page, "text/markdown", Text::Utf8),
        "opml" => (Kind::Feed, "text/x-opml", Text::Utf8),
        "css" => (Kind::File, "text/css", Text::Utf8),
        "js" | "mjs" => (Kind::File, "text/javascript", Text::Utf8),
        "csv" => (Kind::File, "text/csv", Text::Utf8),
        "ics" => (Kind::File, "text/calendar", Text::Utf8),
        "vtt" => (Kind::File, "text/vtt", Text::Utf8),
        "srt" => (Kind::File, "application/x-subrip", Text::Utf8),
        "xsl" | "xslt" => (Kind::File, "text/xsl", Text::Utf8),
        "svg" => (Kind::File, "image/svg+xml", Text::Utf8),
        "webmanifest" => (Kind::File, "application/manifest+json", Text::Compressible),
        "ico" => (Kind::File, "image/vnd.microsoft.icon", Text::Compressible),
        "bmp" => (Kind::File, "image/bmp", Text::Compressible),
        "ttf" => (Kind::File, "font/ttf", Text::Compressible),
        "otf" => (Kind::File, "font/otf", Text::Compressible),
        "wasm" => (Kind::File, "application/wasm", Text::Compressible),
        "woff" => (Kind::File, "font/woff", Text::None),
        "woff2" => (Kind::File, "font/woff2", Text::None),
        "png" => (Kind::File, "image/png", Text::None),
        "jpg" | "jpeg" => (Kind::File, "image/jpeg", Text::None),
        "gif" => (Kind::File, "image/gif", Text::None),
        "webp" => (Kind::File, "image/webp", Text::None),
        "avif" => (Kind::File, "image/avif", Text::None),
        "pdf" => (Kind::File, "application/pdf", Text::None),
        "epub" => (Kind::File, "application/epub+zip", Text::None),
        "zip" => (Kind::File, "application/zip", Text::None),
        "gz" => (Kind::File, "application/gzip", Text::None),
        "mp3" => (Kind::Media, "audio/mpeg", Text::None),
        "m4a" | "m4b" => (Kind::Media, "audio/mp4", Text::None),
        "aac" => (Kind::Media, "audio/aac", Text::None),
        "ogg" | "oga" | "opus" => (Kind::Media, "audio/ogg", Text::None),
        "flac" => (Kind::Media, "audio/flac", Text::None),
        "wav" => (Kind::Media, "audio/wav", Text::None),
        "mp4" | "m4v" => (Kind::Media, "video/mp4", Text::None),
        "webm" => (Kind::Media, "video/webm", Text::None),
        "ogv" => (Kind::Media, "video/ogg", Text::None),
        "mov" => (Kind::Media, "video/quicktime", Text::None),
        _ => (Kind::File, "application/octet-stream", Text::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], kind: Kind, media_type: &str) {
        let nature = Nature::of(name, bytes);
        assert_eq!(
            (nature.kind, &*nature.media_type),
            (kind, media_type),
            "{name}"
        );
    }

    #[test]
    fn tells_languages_of_xml_and_json_by_what_they_say() {
        let atom = b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"a\"?>\n<!-- <rss> -->\n<feed xmlns=\"http://www.w3.org/2005/Atom\">";
        check(
            "new.xml",
            atom,
            Kind::Feed,
            "application/atom+xml; charset=utf-8",
        );
        check(
            "a.atom",
            b"<feed><fh:archive xmlns:fh=\"x\"/>",
            Kind::Archive,
            "application/atom+xml; charset=utf-8",
        );
        check(
            "x.xml",
            b"<rss version=\"2.0\">",
            Kind::Feed,
            "application/rss+xml; charset=utf-8",
        );
        check(
            "x.xml",
            b"<rss version=\"2.0\"><title>\xe9",
            Kind::Feed,
            "application/rss+xml; charset=utf-8",
        );
        check(
            "x.xml",
            b"<rss version=\"2.0\"><title>\xe9</title>",
            Kind::Feed,
            "application/rss+xml",
        );
        check(
            "opml.xml",
            b"<?xml version=\"1.0\"?><opml>",
            Kind::Feed,
            "text/x-opml; charset=utf-8",
        );
        check(
            "sitemap.xml",
            b"<urlset/>",
            Kind::Feed,
            "application/xml; charset=utf-8",
        );
        check(
            "x.xml",
            b"nothing",
            Kind::File,
            "application/xml; charset=utf-8",
        );
        check(
            "feed.json",
            b"{\"version\": \"https://jsonfeed.org/version/1.1\"",
            Kind::Feed,
            "application/feed+json",
        );
        check(
            "manifest.json",
            b"{\"version\": 1}",
            Kind::File,
            "application/json",
        );
    }

    #[test]
    fn tells_others_by_their_ending() {
        check("a/index.HTML", b"", Kind::Page, "text/html; charset=utf-8");
        check("style.css", b"", Kind::File, "text/css; charset=utf-8");
        check("1.mp3", b"\xff\xfb", Kind::Media, "audio/mpeg");
        check("LICENSE", b"x", Kind::File, "application/octet-stream");
        check("a.b/c", b"x", Kind::File, "application/octet-stream");
    }
}
