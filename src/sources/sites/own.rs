//! Which of the feeds that a page names is the site's own: not that of a tag, an author, of what
//! others commented, of another language, or of a stranger.
//!
//! Words are known in some languages; what does not depend on them counts more: how much of a
//! feed's address and name is neither the page's, nor the site's, nor a word of feeds.

use url::Url;

use super::page::{home, is_list};
use super::parts::{host, segments};
use crate::sources::page::{FeedLink, Origin, Page};

/// What is known of a feed that a page names.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one step of the order"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Of what others said about one post, or the site's posts.
    pub(super) comments: bool,
    /// Of the page alone, which is a post.
    of_post: bool,
    /// Whether its host or folder is somebody else's.
    pub(super) stranger: bool,
    /// How its language fits: the page's, none that is said, another.
    language: Fit,
    /// Known to be a part of another feed: of a tag, an author, of releases.
    part: bool,
    origin: Origin,
    /// Whether it lies outside of the page's own section.
    apart: bool,
    /// Words of its address and name that say what it is about.
    specific: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Unsaid,
    Other,
}

impl Rank {
    /// Whether it is a part of the feed with the other rank.
    pub(super) fn is_part_of(self, own: Self) -> bool {
        self.part
            || self.language == Fit::Other
            || self.apart == own.apart && self.specific > own.specific
    }
}

/// The feeds that a page names with their ranks, the site's own first.
pub(super) fn ranked(links: Vec<FeedLink>, page: &Page, at: &Url) -> Vec<(Rank, FeedLink)> {
    let site = Site::new(&links, page, at);
    let mut ranked: Vec<(Rank, FeedLink)> = links
        .into_iter()
        .map(|link| (site.rank(&link), link))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked
}

/// What is known of the page and its site.
struct Site<'a> {
    at: &'a Url,
    language: Option<String>,
    /// Words that are the site's name, or say nothing.
    name: Vec<String>,
}

impl<'a> Site<'a> {
    fn new(links: &[FeedLink], page: &Page, at: &'a Url) -> Self {
        let mut name = words(&page.title);
        name.extend(host(at).split(['.', '-']).map(str::to_owned));
        name.extend(shared_words(links));
        let said = page.language.as_deref().and_then(language_code);
        let language = said.or_else(|| language_in(at)).map(str::to_owned);
        Self { at, language, name }
    }

    fn rank(&self, link: &FeedLink) -> Rank {
        let title = link.title.as_deref().unwrap_or_default();
        let said: Vec<String> = words(title)
            .into_iter()
            .filter(|word| !self.name.contains(word))
            .collect();
        let address = address_words(&link.url);
        let folder = folder(&link.url);
        let path = segments(self.at);
        let inside = !folder.is_empty() && path.len() > 1 && folder[0] == path[0];
        // What lies in the page's own section is as near as the page itself.
        let foreign = |word: &&String| !path.iter().any(|part| part.eq_ignore_ascii_case(word));
        let is_list = is_list(self.at);
        let known_part = |word: &String| is_among(PARTS, word);
        let specific = |word: &&String| !is_plain(word);
        let here = host(&link.url) == host(self.at);
        // The address of a feed at a service says nothing about the site's order.
        let in_address = if here {
            address.iter().filter(specific).filter(foreign).count() + queries(&link.url)
        } else {
            0
        };
        let in_title = said.iter().filter(specific).filter(foreign).count();
        let whole = said
            .iter()
            .chain(&address)
            .any(|word| is_among(WHOLE, word));
        Rank {
            comments: said.iter().any(|word| is_of_comments(word))
                || address
                    .iter()
                    .filter(foreign)
                    .any(|word| is_of_comments(word)),
            of_post: is_of_post(link, self.at),
            stranger: link.origin == Origin::Anchor && is_stranger(&link.url, self.at),
            language: self.fit(link),
            part: !is_list && (said.iter().any(known_part) || address.iter().any(known_part)),
            origin: link.origin,
            apart: !inside,
            specific: if whole {
                0
            } else {
                in_address.min(3) + in_title.min(2)
            },
        }
    }

    fn fit(&self, link: &FeedLink) -> Fit {
        let said = link.language.as_deref().and_then(language_code);
        let Some(feed) = said.or_else(|| language_in(&link.url)) else {
            return Fit::Unsaid;
        };
        match &self.language {
            Some(page) if page == feed => Fit::Same,
            _ => Fit::Other,
        }
    }
}

/// Whether a word is one of a list, which has spaces between its words.
fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// What feeds are called.
const FEED_WORDS: &str = "rss rss2 rss20 rss1 atom atom1 atom10 rdf xml json jsonfeed feed feeds rssfeed atomfeed \
    feedburner index";

/// Words of feeds' names and addresses that do not say what is in them.
const PLAIN: &str = "main default posts post blog blogs weblog news articles article entries writing writings \
    journal notes essays home site website subscribe syndication backend latest recent new \
    updates the of a our my via to in with for and php aspx html htm api public export v1 v2 \
    beiträge artikel entradas noticias flux nachrichten";

/// Words of feeds that hold everything.
const WHOLE: &str = "all full everything combined firehose alles alle tout todo tutto";

/// Words of feeds that hold a part of a site, or something beside its posts.
const PARTS: &str = "tag tags tagged category categories cat author authors topic topics label labels search \
    archive series release releases commit commits changelog changes versions downloads events \
    calendar jobs forum forums status incidents photos bookmarks likes members activity links \
    users contributors kategorie kategorien schlagwort schlagwörter autor autoren thema themen \
    rubrik auteur auteurs catégorie categorie rubrique étiquette etiqueta etiquetas categoría \
    categoria autores autore kategoria autorzy kategori etikett etiket рубрика категория метка \
    автор カテゴリ タグ 标签";

/// What words about what others said begin with, in the languages of this world's weblogs.
const COMMENTS: &str = "comment kommentar commentaire comentari comentári commenti commento reacties reactie \
    opmerking komentar komentář комментар коментар komentarz コメント 评论 評論 留言 댓글 yorum σχόλι σχολι \
    تعليق تعليقات נתגובות תגובות kommentti kommentit hozzászólás replies responses antworten \
    respuestas";

/// Addresses that Drupal and others have for it.
const OF_COMMENTS: &str = "crss reply réponses talkback trackback comentarios";

pub(super) fn is_of_comments(word: &str) -> bool {
    COMMENTS
        .split_whitespace()
        .any(|known| word.starts_with(known))
        || is_among(OF_COMMENTS, word)
}

fn is_plain(word: &str) -> bool {
    is_among(FEED_WORDS, word)
        || is_among(PLAIN, word)
        || is_among(WHOLE, word)
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || language_code(word).is_some()
}

/// The words of a text in small letters.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(40)
        .map(str::to_lowercase)
        .collect()
}

/// The words that all names of feeds have in common: the site's own, where there are several.
fn shared_words(links: &[FeedLink]) -> Vec<String> {
    let mut titles = links
        .iter()
        .filter_map(|link| link.title.as_deref())
        .map(words);
    let Some(first) = titles.next() else {
        return Vec::new();
    };
    let mut others = 0;
    let shared = titles.fold(first, |shared, title| {
        others += 1;
        shared
            .into_iter()
            .filter(|word| title.contains(word))
            .collect()
    });
    if others == 0 { Vec::new() } else { shared }
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part)
        .decode_utf8_lossy()
        .into_owned()
}

/// The words of a feed's path; of a query the values that are not the name of a format.
fn address_words(url: &Url) -> Vec<String> {
    let mut all: Vec<String> = segments(url)
        .into_iter()
        .flat_map(|part| words(&decoded(part)))
        .collect();
    for (_, value) in url.query_pairs() {
        all.extend(words(&value));
    }
    all
}

/// Parameters that choose a part: `?cat=3`, `?author=ada`.
fn queries(url: &Url) -> usize {
    let formats = [
        "feed", "format", "type", "output", "alt", "v", "lang", "q", "page", "id",
    ];
    let chooses = |(name, _): &(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        !formats.contains(&name.as_ref())
    };
    url.query_pairs().filter(chooses).count()
}

/// The folder that a feed speaks for: its path without what is the feed's own name.
pub(super) fn folder(url: &Url) -> Vec<&str> {
    let mut parts = segments(url);
    let is_name = |part: &&str| {
        part.split(|c: char| !c.is_alphanumeric())
            .all(|word| word.is_empty() || is_feed_word(&word.to_lowercase()))
    };
    if parts.last().is_some_and(|last| last.contains('.')) {
        parts.pop();
    }
    while parts.last().is_some_and(is_name) {
        parts.pop();
    }
    parts
}

fn is_feed_word(word: &str) -> bool {
    is_among(FEED_WORDS, word) || is_among(WHOLE, word)
}

/// Whether the feed lies below the page, which is then a post, unless the page is a list.
fn is_of_post(link: &FeedLink, page: &Url) -> bool {
    let path = page.path();
    let path = path.strip_suffix(".html").unwrap_or(path);
    let path = format!("{}/", path.trim_end_matches('/'));
    let below =
        path.len() > 1 && link.url.path().starts_with(&path) && host(&link.url) == host(page);
    if is_list(page) { !below } else { below }
}

/// Whether an address in the text of a page leads to somebody else's site.
pub(super) fn is_stranger(feed: &Url, page: &Url) -> bool {
    if host(feed) == host(page) {
        return home(page).contains("/~") && home(feed) != home(page);
    }
    let below = |one: &str, other: &str| {
        one.strip_suffix(other)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    let (one, other) = (host(feed), host(page));
    if below(one, other) || below(other, one) {
        return false;
    }
    // `feeds.harbour.example` and `log.harbour.example`; hosts of many people are none of that.
    let domain = |host: &str| host.split_once('.').map(|(_, rest)| rest.to_owned());
    match (domain(one), domain(other)) {
        (Some(a), Some(b)) if a == b && a.contains('.') => is_among(SHARED, &a) || a.len() < 7,
        _ => true,
    }
}

/// Domains below which everybody has a site.
const SHARED: &str = "github.io gitlab.io netlify.app vercel.app pages.dev web.app blogspot.com wordpress.com \
    substack.com tumblr.com neocities.org herokuapp.com medium.com bearblog.dev micro.blog \
    hashnode.dev codeberg.page srht.site";

/// Whether a host carries feeds for others.
pub(super) fn is_feed_service(url: &Url) -> bool {
    let host = host(url);
    [
        "feedburner.com",
        "feedproxy.google.com",
        "feedpress.me",
        "feedblitz.com",
        "follow.it",
        "feedpress.it",
    ]
    .iter()
    .any(|known| host.ends_with(known))
}

/// Languages that sites are written in (ISO 639-1).
const LANGUAGES: &str = "en de fr es it pt nl sv da nb no fi pl cs sk hu ro bg el ru uk tr ar he fa hi ja ko zh vi id \
    th ca eu gl sr hr sl lt lv et cn jp br";

/// The language of a tag such as `de-AT` (RFC 5646).
pub(super) fn language_code(tag: &str) -> Option<&str> {
    let code = tag.split(['-', '_']).next()?;
    let rest_fits = tag.len() <= code.len() || tag.len() <= 7 && tag.len() >= 5;
    is_among(LANGUAGES, code)
        .then_some(code)
        .filter(|_| rest_fits)
}

/// The language that an address names: `/de/feed.xml`, `/feed.de.xml`, `?lang=de`.
fn language_in(url: &Url) -> Option<&str> {
    let mut parts = segments(url);
    let file = parts.pop();
    let in_file = file.into_iter().flat_map(|file| file.split(['.', '_']));
    let alone = file.filter(|file| is_among(LANGUAGES, file));
    let named = alone.or_else(|| in_file.skip(1).find(|part| is_among(LANGUAGES, part)));
    let folder = parts.iter().copied().find_map(language_code);
    folder.or(named).or_else(|| {
        let query = url.query()?;
        query
            .split('&')
            .find_map(|pair| {
                pair.strip_prefix("lang=")
                    .or_else(|| pair.strip_prefix("language="))
            })
            .and_then(language_code)
    })
}

/// What a feed speaks for: its host and the words of its address that are no words of feeds.
pub(super) fn speaks_for(url: &Url) -> String {
    let mut said = host(url).to_owned();
    for word in address_words(url).iter().filter(|word| !is_feed_word(word)) {
        said.push('/');
        said.push_str(word);
    }
    said
}
