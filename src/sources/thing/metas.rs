//! What stands in a page's elements: `meta`, `link`, `title`, `h1`, `time`.

use chrono::{DateTime, Utc};
use lenient_feed::entities::{Entities, unescape};
use lenient_feed::limits;
use lenient_feed::repair::Log;
use lenient_feed::tokens::{Attributes, Tag, Token, Tokens};
use url::Url;

use super::{date, one_line};

/// So many `meta` elements are looked at.
const MOST: usize = 400;
/// So much of one value is kept, in bytes.
const VALUE: usize = 4_000;

/// What the elements say.
#[derive(Default)]
pub(super) struct Metas {
    /// Names in small letters, with their values, in order.
    named: Vec<(String, String)>,
    canonical: Option<String>,
    title: String,
    heading: String,
    times: Vec<String>,
}

impl Metas {
    /// Reads the elements of a page.
    pub(super) fn of(source: &str) -> Self {
        let mut log = Log::default();
        let mut entities = Entities::default();
        let mut tokens = Tokens::new(source);
        let mut metas = Self::default();
        let mut open = "";
        while let Some(token) = tokens.next(&mut log) {
            match token {
                Token::Start(tag) => match tag.name.to_ascii_lowercase().as_str() {
                    "meta" => metas.meta(tag),
                    "link" => metas.link(tag),
                    "time" => metas.time(tag),
                    "title" if metas.title.is_empty() => open = "title",
                    "h1" if metas.heading.is_empty() => open = "h1",
                    name @ ("script" | "style" | "textarea" | "svg") => {
                        let name = name.to_owned();
                        tokens.skip_raw_text(&name);
                    }
                    _ => {}
                },
                Token::End(name) if name.eq_ignore_ascii_case(open) => open = "",
                Token::Text(text) => {
                    let into = match open {
                        "title" => &mut metas.title,
                        "h1" => &mut metas.heading,
                        _ => continue,
                    };
                    if into.len() < VALUE {
                        unescape(text, 0, &mut entities, &mut log, into);
                    }
                }
                _ => {}
            }
        }
        metas
    }

    fn meta(&mut self, tag: Tag<'_>) {
        let name = ["property", "name", "itemprop"]
            .into_iter()
            .find_map(|key| attribute(tag, key));
        if let (Some(name), Some(content)) = (name, attribute(tag, "content"))
            && self.named.len() < MOST
            && !content.is_empty()
            && content.len() <= VALUE
        {
            self.named.push((name.to_ascii_lowercase(), content));
        }
    }

    fn link(&mut self, tag: Tag<'_>) {
        let rel = attribute(tag, "rel").unwrap_or_default();
        if rel
            .split(' ')
            .any(|word| word.eq_ignore_ascii_case("canonical"))
        {
            self.canonical = self.canonical.take().or_else(|| attribute(tag, "href"));
        }
        // As YouTube names the channel.
        if attribute(tag, "itemprop").is_some_and(|it| it == "name")
            && let Some(content) = attribute(tag, "content")
            && self.named.len() < MOST
        {
            self.named.push(("author".to_owned(), content));
        }
    }

    fn time(&mut self, tag: Tag<'_>) {
        if self.times.len() < 20
            && let Some(time) = attribute(tag, "datetime")
        {
            self.times.push(time);
        }
    }

    /// Whether a name is there.
    pub(super) fn has(&self, wanted: &str) -> bool {
        self.first(&[wanted]).is_some()
    }

    /// The value of the first of these names that has one.
    pub(super) fn first(&self, wanted: &[&str]) -> Option<&str> {
        wanted.iter().find_map(|wanted| {
            let mut named = self.named.iter();
            let found = named.find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        })
    }

    /// The title as the page itself shows it: its heading where the title begins with it.
    pub(super) fn own_title(&self) -> String {
        let (title, heading) = (one_line(&self.title), one_line(&self.heading));
        if title.is_empty() || (!heading.is_empty() && title.starts_with(&heading)) {
            heading
        } else {
            title
        }
    }

    /// Who is named as author, as it stands there.
    pub(super) fn authors(&self) -> Vec<String> {
        const NAMES: [&str; 9] = [
            "citation_author",
            "citation_authors",
            "dc.creator",
            "dcterms.creator",
            "author",
            "parsely-author",
            "sailthru.author",
            "article:author",
            "twitter:data1",
        ];
        for wanted in NAMES {
            let says_author = self.first(&["twitter:label1"]).is_some_and(|label| {
                let label = label.to_lowercase();
                label.contains("written") || label.contains("author")
            });
            if wanted == "twitter:data1" && !says_author {
                continue;
            }
            let values: Vec<&String> = self
                .named
                .iter()
                .filter(|(name, value)| name == wanted && !value.contains("://"))
                .map(|(_, value)| value)
                .collect();
            if let [one] = values.as_slice() {
                return several(one);
            }
            if !values.is_empty() {
                return values.into_iter().cloned().collect();
            }
        }
        Vec::new()
    }

    /// The date that a citation gives.
    pub(super) fn cited(&self) -> Option<DateTime<Utc>> {
        [
            "citation_publication_date",
            "citation_online_date",
            "citation_date",
        ]
        .into_iter()
        .find_map(|name| self.first(&[name]).and_then(date))
    }

    /// The date that the page gives.
    pub(super) fn published(&self) -> Option<DateTime<Utc>> {
        const NAMES: [&str; 14] = [
            "article:published_time",
            "og:published_time",
            "og:article:published_time",
            "datepublished",
            "uploaddate",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date",
            "parsely-pub-date",
            "sailthru.date",
            "pubdate",
            "publish_date",
            "date",
        ];
        let named = NAMES
            .into_iter()
            .find_map(|name| self.first(&[name]).and_then(date));
        named.or_else(|| self.times.iter().find_map(|time| date(time)))
    }

    /// The address that the page wants to be known by; not one that is another page's: some name
    /// their front page everywhere.
    pub(super) fn canonical(&self, url: &Url) -> Option<String> {
        let written = self.canonical.as_deref();
        let written = written.or_else(|| self.first(&["og:url"]))?;
        let found = url.join(written.trim()).ok()?;
        let fits = matches!(found.scheme(), "http" | "https")
            && found.as_str().len() <= limits::ADDRESS
            && (found.path() != "/" || url.path() == "/" || found.query().is_some());
        fits.then(|| super::without_tracking(&found).into())
    }
}

/// Several names in one value.
fn several(value: &str) -> Vec<String> {
    let split = |sign: &str| -> Vec<String> { value.split(sign).map(str::to_owned).collect() };
    if value.contains(';') {
        return split(";");
    }
    let by_and: Vec<&str> = value.split(" and ").collect();
    let parts: Vec<&str> = by_and.iter().flat_map(|part| part.split(", ")).collect();
    // `Moreau, Ada` is one person, `Ada Moreau, Ben Okri` are two.
    let whole = parts.iter().all(|part| part.trim().contains(' '));
    if parts.len() > 1 && whole {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![value.to_owned()]
}

fn attribute(tag: Tag<'_>, wanted: &str) -> Option<String> {
    let mut attributes = Attributes::new(tag.attributes).take(limits::ATTRIBUTES);
    let (_, raw) = attributes.find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    let mut value = String::new();
    let mut entities = Entities::default();
    unescape(raw, 0, &mut entities, &mut Log::default(), &mut value);
    Some(value.trim().to_owned())
}
