//! The places where feeds often are, for a site whose pages name none: those of the program that
//! made the site, where its pages tell, else the likeliest first.

use super::page::{candidate, person, section};
use super::parts::{host, nothing};
use super::{Answer, Candidate, Certainty, Choice, Lead, Question};

/// Programs that make sites, by their word in `<meta name="generator">`, with the places of their
/// feeds.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("wordpress", &["/feed/", "/?feed=rss2"]),
    ("ghost", &["/rss/"]),
    (
        "hugo",
        &["/index.xml", "/feed.xml", "/atom.xml", "/rss.xml"],
    ),
    ("quarto", &["/index.xml"]),
    ("blogdown", &["/index.xml"]),
    ("jekyll", &["/feed.xml", "/atom.xml", "/rss.xml"]),
    ("hexo", &["/atom.xml", "/rss2.xml", "/rss.xml"]),
    (
        "pelican",
        &[
            "/feeds/all.atom.xml",
            "/feeds/all.rss.xml",
            "/feeds/all-en.atom.xml",
            "/feed.xml",
        ],
    ),
    ("zola", &["/atom.xml", "/rss.xml", "/feed.xml"]),
    ("hakyll", &["/atom.xml", "/rss.xml"]),
    ("gatsby", &["/rss.xml", "/feed.xml"]),
    (
        "docusaurus",
        &["/blog/rss.xml", "/blog/atom.xml", "/rss.xml"],
    ),
    (
        "vuepress",
        &["/rss.xml", "/atom.xml", "/feed.json", "/feed.rss"],
    ),
    (
        "vitepress",
        &["/feed.rss", "/rss.xml", "/feed.xml", "/feed.atom"],
    ),
    (
        "eleventy",
        &["/feed.xml", "/feed/feed.xml", "/atom.xml", "/rss.xml"],
    ),
    ("nikola", &["/rss.xml"]),
    ("octopress", &["/atom.xml"]),
    ("middleman", &["/feed.xml"]),
    ("bridgetown", &["/feed.xml"]),
    ("metalsmith", &["/rss.xml"]),
    ("lektor", &["/feed.xml", "/blog/feed.xml"]),
    ("franklin", &["/feed.xml"]),
    ("publii", &["/feed.xml", "/feed.json"]),
    ("astro", &["/rss.xml", "/feed.xml", "/atom.xml"]),
    ("lume", &["/feed.xml", "/feed.rss", "/feed.json"]),
    (
        "next.js",
        &["/rss.xml", "/feed.xml", "/feed", "/rss", "/atom.xml"],
    ),
    ("nuxt", &["/rss.xml", "/feed.xml"]),
    ("sveltekit", &["/rss.xml", "/feed.xml", "/rss"]),
    (
        "squarespace",
        &["/blog?format=rss", "/?format=rss", "/news?format=rss"],
    ),
    ("wix.com", &["/blog-feed.xml"]),
    ("weebly", &["/1/feed"]),
    ("webflow", &["/blog/rss.xml", "/posts/rss.xml"]),
    ("hubspot", &["/blog/rss.xml", "/rss.xml"]),
    ("blogger", &["/feeds/posts/default"]),
    ("tumblr", &["/rss"]),
    ("drupal", &["/rss.xml", "/blog/feed", "/feed"]),
    (
        "joomla",
        &[
            "/?format=feed&type=rss",
            "/index.php?format=feed&type=rss",
            "/blog?format=feed&type=rss",
        ],
    ),
    ("typo3", &["/rss.xml", "/feed.xml", "/?type=9818"]),
    (
        "serendipity",
        &["/feeds/index.rss2", "/index.php?/feeds/index.rss2"],
    ),
    ("textpattern", &["/rss/", "/atom/"]),
    ("movable type", &["/atom.xml", "/index.xml"]),
    ("dotclear", &["/feed/atom", "/index.php?feed/atom"]),
    ("spip", &["/spip.php?page=backend"]),
    ("typecho", &["/feed/"]),
    ("bludit", &["/rss.xml"]),
    ("grav", &["/blog.rss", "/.rss"]),
    ("writefreely", &["/feed/"]),
    ("write.as", &["/feed/"]),
    ("micro.blog", &["/feed.xml"]),
    ("mataroa", &["/rss/"]),
    ("discourse", &["/latest.rss", "/posts.rss"]),
    ("phpbb", &["/app.php/feed", "/feed.php"]),
    ("flarum", &["/atom", "/rss"]),
    ("hashnode", &["/rss.xml"]),
    ("substack", &["/feed"]),
    (
        "mkdocs",
        &["/feed_rss_created.xml", "/blog/feed_rss_created.xml"],
    ),
    // These write documents, which have none.
    ("mdbook", &[]),
    ("sphinx", &[]),
    ("rustdoc", &[]),
    ("doxygen", &[]),
];

/// What pages of a program have in them where they do not name it.
const TRACES: &[(&str, &str)] = &[
    ("/wp-content/", "wordpress"),
    ("/wp-includes/", "wordpress"),
    ("__docusaurus", "docusaurus"),
    ("Begin Jekyll SEO tag", "jekyll"),
    ("id=\"___gatsby\"", "gatsby"),
    ("/_astro/", "astro"),
    ("<astro-island", "astro"),
    ("data-astro-", "astro"),
    ("/_next/static", "next.js"),
    ("/_nuxt/", "nuxt"),
    ("/_app/immutable/", "sveltekit"),
    ("static1.squarespace.com", "squarespace"),
    ("static.wixstatic.com", "wix.com"),
    ("data-wf-site", "webflow"),
    ("assets.tumblr.com", "tumblr"),
    ("/sites/default/files/", "drupal"),
    ("quarto-", "quarto"),
    ("VPContent", "vitepress"),
    ("Powered by Hexo", "hexo"),
    ("ghost-portal", "ghost"),
    ("Built with Sphinx", "sphinx"),
];

/// Where feeds are if nothing else is known. The first four are three of four of all.
const COMMON: &[&str] = &[
    "/feed.xml",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed/",
    "/rss/",
    "/feed.json",
    "/feeds/all.atom.xml",
    "/feed",
    "/rss",
];

/// The same below the front page of a section.
const IN_SECTION: &[&str] = &[
    "/feed/",
    "/feed.xml",
    "/index.xml",
    "/rss.xml",
    "/atom.xml",
    "/rss/",
    "/feed",
];

/// So many places are looked at, where it is known which program made the site, and where not.
const KNOWN: usize = 8;
const UNKNOWN: usize = 14;

/// A short list of places.
pub(super) fn guesses(question: &Question, answer: &Answer<'_>) -> Lead {
    let text = String::from_utf8_lossy(answer.body);
    let program = program(&text);
    let base = if answer.is_good() {
        answer.url
    } else {
        &question.url
    };
    let folder = person(base)
        .map(|name| format!("/{name}"))
        .unwrap_or_default();
    let section = question
        .note
        .strip_prefix("front ")
        .or_else(|| section(base));
    let feeds: Vec<Candidate> = places(program, section)
        .into_iter()
        .filter_map(|place| {
            let url = base.join(&format!("{folder}{place}")).ok()?;
            Some(candidate(url, host(base), Certainty::Guess))
        })
        .collect();
    if feeds.is_empty() {
        return nothing("the site is made by a program that makes no feed");
    }
    Lead::Feeds {
        feeds,
        choice: Choice::First,
        otherwise: None,
    }
}

/// The places of the site and of one of its sections in turn, the likeliest first.
fn places(program: Option<&'static [&'static str]>, section: Option<&str>) -> Vec<String> {
    let (of_site, of_section, most) = match program {
        // Beside a book there may be a blog.
        Some([]) => (&[][..], &IN_SECTION[..3], KNOWN),
        Some(known) => (known, known, KNOWN),
        None => (COMMON, IN_SECTION, UNKNOWN),
    };
    let mut places: Vec<String> = Vec::new();
    for number in 0..of_site.len().max(of_section.len()) {
        places.extend(of_site.get(number).map(|place| (*place).to_owned()));
        let below = of_section.get(number).zip(section);
        places.extend(below.map(|(place, section)| format!("/{section}{place}")));
    }
    if program.is_some_and(|known| !known.is_empty()) {
        // Who makes a site may put its feed elsewhere.
        let usual = COMMON[..4].iter().map(|place| (*place).to_owned());
        let new: Vec<String> = usual.filter(|place| !places.contains(place)).collect();
        places.extend(new);
    }
    places.truncate(most);
    places
}

fn program(page: &str) -> Option<&'static [&'static str]> {
    let start = page
        .find("name=\"generator\"")
        .or_else(|| page.find("name=generator"))
        .or_else(|| page.find("name='generator'"));
    let said = start.map(|at| {
        let begin = page[..at].rfind('<').unwrap_or(at);
        let end = page[at..]
            .find('>')
            .map_or(page.len(), |length| at + length);
        page[begin..end].to_lowercase()
    });
    let known = |name: &str| {
        PROGRAMS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, places)| *places)
    };
    if let Some(said) = said {
        let found = PROGRAMS.iter().find(|(name, _)| said.contains(name));
        if let Some((_, places)) = found {
            return Some(places);
        }
    }
    TRACES
        .iter()
        .find(|(trace, _)| page.contains(trace))
        .and_then(|(_, name)| known(name))
}
