//! `newsdesk inspect`: what newsdesk sees in a feed, and what it had to mend to see it.

mod shown;

use std::path::Path;

use anyhow::Context as _;
use lenient_feed::Hints;
use newsdesk::poll::answer::{Answer, Cut};
use newsdesk::poll::fetch::visit::{self, Fetcher, Request};
use newsdesk::poll::user_agent;
use newsdesk::sources::page;
use url::Url;

use super::{Context, Found, print, say};

/// Shows what newsdesk understands of a feed: its format, its entries and their dates, and what
/// had to be mended
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Feeds: addresses, or saved as files
    #[arg(value_name = "URL|FILE", required = true)]
    places: Vec<String>,
    /// A header of the answer that brought a saved feed, such as `Content-Type: text/xml`; as
    /// often as there are headers
    #[arg(long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Print one JSON object for each feed
    #[arg(long)]
    json: bool,
}

/// A document, and what is known of it beside its bytes.
struct Document {
    bytes: Vec<u8>,
    content_type: Option<String>,
    url: Option<Url>,
    /// What the server said, for people.
    facts: Vec<String>,
}

/// Reads every feed and prints what it holds.
pub(super) fn run(context: &Context, args: &Args) -> anyhow::Result<Found> {
    let mut found = Found::Nothing;
    let mut web = None;
    for place in &args.places {
        let document = if is_web(place) {
            let web = match &web {
                Some(web) => web,
                None => web.insert(Web::new(context)?),
            };
            web.fetch(place)
        } else {
            Ok(file(place, &args.headers)?)
        };
        if !show(place, document, args)? {
            found = Found::Problems;
        }
    }
    Ok(found)
}

fn is_web(place: &str) -> bool {
    let scheme = place.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|it| it.eq_ignore_ascii_case("http") || it.eq_ignore_ascii_case("https"))
}

fn file(place: &str, headers: &[String]) -> anyhow::Result<Document> {
    let path = place.strip_prefix("file:").unwrap_or(place);
    Ok(Document {
        bytes: std::fs::read(Path::new(path)).with_context(|| format!("cannot read `{path}`"))?,
        content_type: header(headers, "content-type").map(str::to_owned),
        url: header(headers, "content-location").and_then(|it| Url::parse(it).ok()),
        facts: Vec::new(),
    })
}

/// The value of a header, by its name in small letters.
fn header<'a>(headers: &'a [String], name: &str) -> Option<&'a str> {
    headers.iter().find_map(|header| {
        let (known, value) = header.split_once(':')?;
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim())
    })
}

/// Prints a document; whether it is a feed.
fn show(place: &str, document: Result<Document, String>, args: &Args) -> anyhow::Result<bool> {
    let several = args.places.len() > 1;
    let name = Url::parse(place)
        .ok()
        .filter(|_| is_web(place))
        .map_or_else(|| place.to_owned(), |url| visit::shown(&url));
    let parsed = document.and_then(|document| {
        let hints = Hints {
            content_type: document.content_type.as_deref(),
            url: document.url.as_ref(),
            ..Hints::default()
        };
        let mut feed = lenient_feed::parse(&document.bytes, &hints)
            .map_err(|error| no_feed(&error, &document, &hints))?;
        for entry in &mut feed.entries {
            lenient_feed::clean(entry, hints.url);
        }
        Ok((feed, document.facts))
    });
    match parsed {
        Ok((feed, _)) if args.json => {
            print(&shown::json(&feed, several.then_some(name.as_str()))?)?;
        }
        Ok((feed, facts)) => print(&shown::report(&feed, &name, &facts))?,
        Err(error) if args.json => {
            let failure = shown::Failure {
                file: several.then_some(&name),
                error,
            };
            print(&format!("{}\n", serde_json::to_string(&failure)?))?;
            return Ok(false);
        }
        Err(error) => {
            say(&format!("{name}: {error}"))?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Why a document is no feed, what the server said, and the feeds that a page names.
fn no_feed(error: &lenient_feed::Error, document: &Document, hints: &Hints<'_>) -> String {
    let mut text = error.to_string();
    for fact in &document.facts {
        text.push_str("\n  ");
        text.push_str(fact);
    }
    let (lenient_feed::Error::WebPage, Some(url)) = (error, hints.url) else {
        return text;
    };
    for link in page::feed_links(&document.bytes, hints.content_type, url) {
        text.push_str("\n  feed: ");
        text.push_str(link.url.as_str());
        if let Some(title) = &link.title {
            text.push_str(" (");
            text.push_str(title);
            text.push(')');
        }
    }
    text
}

/// Fetches as `poll` does.
struct Web {
    fetcher: Fetcher,
    runtime: tokio::runtime::Runtime,
}

impl Web {
    /// With the newsletter's `[poll]`, or where there is none, as anybody.
    fn new(context: &Context) -> anyhow::Result<Self> {
        let options = if context.config_is_default && !context.config.exists() {
            let mut options = newsdesk::poll::Options::new("").fetch;
            options.user_agent = user_agent("https://crates.io/crates/newsdesk");
            options.proxies = super::proxies_of_environment()?;
            options
        } else {
            context.config()?.poll.fetch
        };
        Ok(Self {
            fetcher: Fetcher::new(options),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
        })
    }

    fn fetch(&self, url: &str) -> Result<Document, String> {
        let request = Request {
            url: url.to_owned(),
            ..Request::default()
        };
        let answer = self
            .runtime
            .block_on(self.fetcher.fetch(&request))
            .map_err(|failure| failure.message)?;
        let facts = facts(&answer);
        if !(200..300).contains(&answer.status) {
            return Err(facts.join("\n  "));
        }
        Ok(Document {
            bytes: answer.body,
            content_type: answer.fields.content_type,
            url: Some(answer.url),
            facts,
        })
    }
}

/// What the server said, a line each.
fn facts(answer: &Answer) -> Vec<String> {
    let mut facts: Vec<String> = answer
        .hops
        .iter()
        .map(|hop| format!("{} to {}", hop.status, hop.to))
        .collect();
    facts.push(format!("status {}", answer.status));
    let fields = &answer.fields;
    let named = [
        ("Content-Type", &fields.content_type),
        ("ETag", &fields.etag),
        ("Last-Modified", &fields.last_modified),
        ("Cache-Control", &fields.cache_control),
        ("Expires", &fields.expires),
        ("Age", &fields.age),
        ("Retry-After", &fields.retry_after),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            facts.push(format!("{name}: {value}"));
        }
    }
    match answer.cut {
        Some(Cut::BrokenOff) => facts.push("the answer broke off".to_owned()),
        Some(Cut::TooLarge) => facts.push("larger than allowed: the rest was left out".to_owned()),
        None => {}
    }
    facts
}
