//! Sites that are known to have no feed, so that nobody is asked for one.

use url::Url;

use super::parts::{host, nothing, segments};
use super::{Lead, Reason, Shape, Site};

/// Sites that want no visits by programs, or answer none: never fetched.
pub(super) const NEVER: Site = Site {
    name: "closed networks",
    look: never,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://twitter.com/fchollet/status/1450524400227287040",
            leads_to: "-",
        },
        Shape {
            link: "https://x.com/fchollet",
            leads_to: "-",
        },
        Shape {
            link: "https://www.linkedin.com/in/somebody/",
            leads_to: "-",
        },
        Shape {
            link: "https://m.facebook.com/somebody",
            leads_to: "-",
        },
        Shape {
            link: "https://developers.facebook.com/blog/post/1/",
            leads_to: "? https://developers.facebook.com/blog/post/1/",
        },
        Shape {
            link: "https://discord.com/blog/how-we-did-it",
            leads_to: "? https://discord.com/blog/how-we-did-it",
        },
    ],
};

/// Sites whose pages belong to no feed.
pub(super) const SITE: Site = Site {
    name: "sites without feeds",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://en.wikipedia.org/wiki/Neural_architecture_search",
            leads_to: "-",
        },
        Shape {
            link: "https://colab.research.google.com/drive/1abc",
            leads_to: "-",
        },
        Shape {
            link: "https://www.notion.so/Meerkat-DataPanels-64891aca2c584f18",
            leads_to: "-",
        },
        Shape {
            link: "https://slideslive.com/38931758/monitoring",
            leads_to: "-",
        },
        Shape {
            link: "https://www.amazon.com/dp/0262035618",
            leads_to: "-",
        },
        Shape {
            link: "https://www.meetup.com/Rust-Bay-Area/events/1",
            leads_to: "-",
        },
        Shape {
            link: "https://play.rust-lang.org/?gist=1",
            leads_to: "-",
        },
        Shape {
            link: "https://web.archive.org/web/20210101000000/https://example.org/post",
            leads_to: "> https://example.org/post",
        },
    ],
};

/// Whether the host is the domain or lies below it.
fn is_at(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn find(host: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    known
        .iter()
        .find(|(domain, _)| is_at(host, domain))
        .map(|(_, because)| *because)
}

fn never(url: &Url) -> Option<Lead> {
    const CLOSED: [(&str, &str); 13] = [
        ("twitter.com", "X (Twitter) has no feeds"),
        ("x.com", "X (Twitter) has no feeds"),
        ("t.co", "X (Twitter) hides where its links lead"),
        ("linkedin.com", "LinkedIn has no feeds"),
        ("lnkd.in", "LinkedIn hides where its links lead"),
        ("facebook.com", "Facebook has no feeds"),
        ("fb.com", "Facebook has no feeds"),
        ("instagram.com", "Instagram has no feeds"),
        ("threads.net", "Threads has no feeds"),
        ("tiktok.com", "TikTok has no feeds"),
        ("discord.gg", "Discord has no feeds"),
        ("discord.com", "Discord has no feeds"),
        ("quora.com", "Quora has no feeds"),
    ];
    let host = host(url);
    let because = find(host, &CLOSED)?;
    let blog = matches!(host, "discord.com" | "linkedin.com") && is_of_company(url);
    if blog || !is_of_profiles(host) {
        return None;
    }
    Some(Lead::Nothing(Reason::Never(because.to_owned())))
}

/// Whether a host below a closed network's domain shows profiles as well: `m.`, `uk.`, `de-de.`.
/// Any other is the company's own: `developers.`, `engineering.`, `ai.`.
fn is_of_profiles(host: &str) -> bool {
    const FACES: [&str; 9] = [
        "m", "mobile", "web", "old", "touch", "mbasic", "l", "lm", "vm",
    ];
    let mut labels = host.split('.').rev().skip(2);
    match (labels.next(), labels.next()) {
        (None, _) => true,
        (Some(label), None) => {
            FACES.contains(&label)
                || label.len() == 2 && label != "ai"
                || label.len() == 5 && label.as_bytes()[2] == b'-'
        }
        _ => false,
    }
}

/// Whether an address is of what a company writes about its work, and not of its service.
fn is_of_company(url: &Url) -> bool {
    const WORK: [&str; 18] = [
        "blog",
        "blogs",
        "dev",
        "developer",
        "developers",
        "engineering",
        "eng",
        "tech",
        "techblog",
        "research",
        "ai",
        "about",
        "news",
        "newsroom",
        "press",
        "diff",
        "labs",
        "design",
    ];
    let label = host(url).split('.').next().unwrap_or_default();
    let first = segments(url).first().copied().unwrap_or_default();
    WORK.contains(&label) || WORK.contains(&first)
}

fn look(url: &Url) -> Option<Lead> {
    const SILENT: [(&str, &str); 34] = [
        (
            "wikipedia.org",
            "an article of an encyclopedia has no successors",
        ),
        ("wikimedia.org", "a file has no successors"),
        ("colab.research.google.com", "a notebook has no feed"),
        ("docs.google.com", "a document has no feed"),
        ("drive.google.com", "a file has no feed"),
        ("sites.google.com", "Google's pages have no feeds"),
        ("groups.google.com", "Google Groups has no feeds any more"),
        (
            "scholar.google.com",
            "Google Scholar has alerts by mail and no feeds",
        ),
        ("forms.gle", "a form has no feed"),
        ("goo.gl", "the short address is dead"),
        ("notion.so", "Notion has no feeds"),
        ("notion.site", "Notion has no feeds"),
        ("slideslive.com", "SlidesLive has no feeds"),
        ("amazon.com", "a shop has no feed"),
        ("amazon.co.uk", "a shop has no feed"),
        ("goodreads.com", "a page on a book has no feed"),
        ("meetup.com", "Meetup has no feeds"),
        ("eventbrite.com", "Eventbrite has no feeds"),
        ("play.rust-lang.org", "a playground has no feed"),
        ("godbolt.org", "a playground has no feed"),
        ("twitch.tv", "Twitch has no feeds"),
        ("t.me", "Telegram has no feeds"),
        ("telegram.me", "Telegram has no feeds"),
        ("slack.com", "Slack has no feeds"),
        ("zoom.us", "a meeting has no feed"),
        ("figma.com", "Figma has no feeds"),
        ("kaggle.com", "Kaggle has no feeds"),
        ("typeform.com", "a form has no feed"),
        ("surveymonkey.com", "a form has no feed"),
        ("doodle.com", "a poll has no feed"),
        ("imgur.com", "a picture has no feed"),
        ("pastebin.com", "a paste has no feed"),
        ("overleaf.com", "a document has no feed"),
        ("airtable.com", "a table has no feed"),
    ];
    // Its machines have blogs with feeds, and so have many others beside their service.
    if host(url).contains("aws.amazon") || is_of_company(url) {
        return None;
    }
    if host(url) == "web.archive.org" {
        return Some(archived(url));
    }
    find(host(url), &SILENT).map(nothing)
}

/// The address that the archive kept.
fn archived(url: &Url) -> Lead {
    let kept = match segments(url).as_slice() {
        ["web", _, ..] => url.path().splitn(4, '/').nth(3).and_then(|rest| {
            let rest = url
                .query()
                .map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"));
            Url::parse(&rest).ok()
        }),
        _ => None,
    };
    match kept {
        Some(kept) if host(&kept) != "web.archive.org" => Lead::Elsewhere(kept),
        _ => nothing("a page of the archive itself"),
    }
}
