//! Weblogs whose hosts give everybody a name: WordPress.com, Blogger, Tumblr, Ghost and others.

use url::Url;

use super::page::feeds_or_page;
use super::parts::{feed, feeds, host, label, nothing, segments};
use super::{Certainty, Lead, Shape, Site};
use crate::model::Kind;

pub(super) const SITE: Site = Site {
    name: "weblog hosts",
    look,
    read: None,
    join: None,
    shapes: &[
        Shape {
            link: "https://somebody.wordpress.com/2021/01/02/post/",
            leads_to: "https://somebody.wordpress.com/feed/",
        },
        Shape {
            link: "https://somebody.wordpress.com/category/rust/",
            leads_to: "https://somebody.wordpress.com/category/rust/feed/",
        },
        Shape {
            link: "https://somebody.wordpress.com/author/ada/page/2/",
            leads_to: "https://somebody.wordpress.com/author/ada/feed/",
        },
        Shape {
            link: "https://somebody.blogspot.co.uk/2015/01/post.html",
            leads_to: "https://somebody.blogspot.com/feeds/posts/default",
        },
        Shape {
            link: "https://somebody.blogspot.com/search/label/rust",
            leads_to: "https://somebody.blogspot.com/feeds/posts/default/-/rust",
        },
        Shape {
            link: "https://somebody.tumblr.com/post/12345/title",
            leads_to: "https://somebody.tumblr.com/rss",
        },
        Shape {
            link: "https://www.tumblr.com/somebody/12345/title",
            leads_to: "https://somebody.tumblr.com/rss",
        },
        Shape {
            link: "https://somebody.ghost.io/post/",
            leads_to: "https://somebody.ghost.io/rss/",
        },
        Shape {
            link: "https://write.as/somebody/post",
            leads_to: "https://write.as/somebody/feed/",
        },
        Shape {
            link: "https://somebody.bearblog.dev/post/",
            leads_to: "https://somebody.bearblog.dev/feed/",
        },
        Shape {
            link: "https://buttondown.email/somebody/archive/one/",
            leads_to: "https://buttondown.com/somebody/rss",
        },
        Shape {
            link: "https://somebody.livejournal.com/12345.html",
            leads_to: "https://somebody.livejournal.com/data/atom",
        },
        Shape {
            link: "https://speakerdeck.com/somebody/a-talk",
            leads_to: "https://speakerdeck.com/somebody.atom",
        },
        Shape {
            link: "https://somebody.micro.blog/2021/01/02/post.html",
            leads_to: "https://somebody.micro.blog/feed.xml",
        },
    ],
};

use Certainty::{Documented, Observed};

/// Hosts that give everybody a name before their own.
const NAMED: [(&str, &str, Certainty); 7] = [
    ("ghost.io", "https://{}.ghost.io/rss/", Documented),
    ("bearblog.dev", "https://{}.bearblog.dev/feed/", Documented),
    (
        "livejournal.com",
        "https://{}.livejournal.com/data/atom",
        Documented,
    ),
    (
        "dreamwidth.org",
        "https://{}.dreamwidth.org/data/atom",
        Documented,
    ),
    ("micro.blog", "https://{}.micro.blog/feed.xml", Documented),
    ("beehiiv.com", "https://{}.beehiiv.com/feed", Observed),
    ("mataroa.blog", "https://{}.mataroa.blog/rss/", Documented),
];

fn look(url: &Url) -> Option<Lead> {
    let parts = segments(url);
    if let Some(name) = label(url, "wordpress.com") {
        return wordpress(name, &parts);
    }
    if let Some(name) = blogger_name(host(url)) {
        return blogger(name, &parts);
    }
    if let Some(name) = label(url, "tumblr.com") {
        return tumblr(name, &parts);
    }
    let named = NAMED.iter().find_map(|(domain, shape, certainty)| {
        let name = label(url, domain)?;
        let found = feed(&shape.replace("{}", name), name, *certainty);
        feeds_or_page([found.map(|it| it.of(Kind::Post))], url)
    });
    named.or_else(|| by_path(url, &parts))
}

fn post(address: &str, about: impl Into<String>, certainty: Certainty) -> Option<Lead> {
    feeds([feed(address, about, certainty).map(|it| it.of(Kind::Post))])
}

fn by_path(url: &Url, parts: &[&str]) -> Option<Lead> {
    match (host(url), parts) {
        ("tumblr.com", [name, ..]) => tumblr(name, &[]),
        ("write.as", [name, ..]) => {
            post(&format!("https://write.as/{name}/feed/"), *name, Documented)
        }
        ("buttondown.email" | "buttondown.com", [name, ..]) => post(
            &format!("https://buttondown.com/{name}/rss"),
            *name,
            Documented,
        ),
        ("speakerdeck.com", [name, ..]) => feeds([feed(
            &format!("https://speakerdeck.com/{name}.atom"),
            format!("talks of {name}"),
            Observed,
        )
        .map(|it| it.of(Kind::Talk))]),
        ("slideshare.net", [name, ..]) => feeds([feed(
            &format!("https://www.slideshare.net/rss/user/{name}"),
            format!("slides of {name}"),
            Observed,
        )
        .map(|it| it.of(Kind::Talk))]),
        ("wordpress.com" | "blogger.com" | "ghost.org", _) => {
            Some(nothing("a page of the host itself"))
        }
        _ => None,
    }
}

fn wordpress(name: &str, parts: &[&str]) -> Option<Lead> {
    let site = format!("https://{name}.wordpress.com");
    match parts {
        [kind @ ("category" | "tag" | "author"), which, ..] => post(
            &format!("{site}/{kind}/{which}/feed/"),
            format!("{name}: {which}"),
            Documented,
        ),
        _ => post(&format!("{site}/feed/"), name, Documented),
    }
}

/// The host ends as the country of its reader does.
fn blogger_name(host: &str) -> Option<&str> {
    let (name, rest) = host.split_once(".blogspot.")?;
    (!name.contains('.') && rest.len() <= 6).then_some(name)
}

fn blogger(name: &str, parts: &[&str]) -> Option<Lead> {
    let all = format!("https://{name}.blogspot.com/feeds/posts/default");
    match parts {
        ["search", "label", label, ..] => post(
            &format!("{all}/-/{label}"),
            format!("{name}: {label}"),
            Documented,
        ),
        _ => post(&all, name, Documented),
    }
}

fn tumblr(name: &str, parts: &[&str]) -> Option<Lead> {
    let site = format!("https://{name}.tumblr.com");
    match parts {
        ["tagged", tag, ..] => post(
            &format!("{site}/tagged/{tag}/rss"),
            format!("{name}: {tag}"),
            Observed,
        ),
        _ => post(&format!("{site}/rss"), name, Documented),
    }
}
