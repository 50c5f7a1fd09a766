//! What sort of thing an address leads to.

use crate::model::Kind;
use crate::model::address;

const PAPER_HOSTS: [&str; 30] = [
    "arxiv.org",
    "openreview.net",
    "aclanthology.org",
    "aclweb.org",
    "proceedings.mlr.press",
    "jmlr.org",
    "papers.nips.cc",
    "papers.neurips.cc",
    "proceedings.neurips.cc",
    "openaccess.thecvf.com",
    "doi.org",
    "dl.acm.org",
    "queue.acm.org",
    "biorxiv.org",
    "medrxiv.org",
    "ssrn.com",
    "semanticscholar.org",
    "ieeexplore.ieee.org",
    "link.springer.com",
    "sciencedirect.com",
    "pubmed.ncbi.nlm.nih.gov",
    "pnas.org",
    "journals.plos.org",
    "eprint.iacr.org",
    "hal.science",
    "distill.pub",
    "jstor.org",
    "mdpi.com",
    "frontiersin.org",
    "zenodo.org",
];

const VIDEO_HOSTS: [&str; 12] = [
    "youtube.com",
    "youtu.be",
    "youtube-nocookie.com",
    "vimeo.com",
    "twitch.tv",
    "dailymotion.com",
    "bilibili.com",
    "media.ccc.de",
    "odysee.com",
    "rumble.com",
    "wistia.com",
    "ted.com",
];

const PODCAST_HOSTS: [&str; 20] = [
    "podcasts.apple.com",
    "podcasts.google.com",
    "overcast.fm",
    "pocketcasts.com",
    "pca.st",
    "castbox.fm",
    "anchor.fm",
    "transistor.fm",
    "simplecast.com",
    "buzzsprout.com",
    "libsyn.com",
    "podbean.com",
    "castos.com",
    "acast.com",
    "stitcher.com",
    "spreaker.com",
    "soundcloud.com",
    "fireside.fm",
    "megaphone.fm",
    "changelog.com",
];

const BOOK_HOSTS: [&str; 18] = [
    "goodreads.com",
    "nostarch.com",
    "manning.com",
    "oreilly.com",
    "pragprog.com",
    "apress.com",
    "packtpub.com",
    "leanpub.com",
    "mitpress.mit.edu",
    "press.princeton.edu",
    "penguinrandomhouse.com",
    "penguin.co.uk",
    "bookshop.org",
    "books.google.com",
    "worldcat.org",
    "openlibrary.org",
    "routledge.com",
    "press.stripe.com",
];

const CODE_HOSTS: [&str; 22] = [
    "github.com",
    "gist.github.com",
    "gitlab.com",
    "codeberg.org",
    "bitbucket.org",
    "sr.ht",
    "sourceforge.net",
    "colab.research.google.com",
    "crates.io",
    "lib.rs",
    "docs.rs",
    "pypi.org",
    "npmjs.com",
    "rubygems.org",
    "packagist.org",
    "pkg.go.dev",
    "hex.pm",
    "hackage.haskell.org",
    "huggingface.co",
    "kaggle.com",
    "nbviewer.org",
    "replicate.com",
];

const TALK_HOSTS: [&str; 6] = [
    "slideslive.com",
    "speakerdeck.com",
    "slideshare.net",
    "slides.com",
    "videolectures.net",
    "videolectures.ai",
];

/// The sort of thing at this address. What the title says in brackets before it (`[video]`,
/// `[audio]`, `[book]`) counts for more. Without an address that leads to the web it is
/// [`Kind::Other`], unless the title says.
pub fn kind_of(url: Option<&str>, title: &str) -> Kind {
    if let Some(kind) = kind_said(title) {
        return kind;
    }
    let Some((host, path)) = url.and_then(host_and_path) else {
        return Kind::Other;
    };
    if let Some(kind) = kind_of_place(&host, &path) {
        return kind;
    }
    let of_host = [
        (Kind::Paper, &PAPER_HOSTS[..]),
        (Kind::Video, &VIDEO_HOSTS[..]),
        (Kind::Podcast, &PODCAST_HOSTS[..]),
        (Kind::Book, &BOOK_HOSTS[..]),
        (Kind::Code, &CODE_HOSTS[..]),
        (Kind::Talk, &TALK_HOSTS[..]),
    ];
    of_host
        .into_iter()
        .find(|(_, hosts)| hosts.iter().any(|known| is_host(&host, known)))
        .map_or_else(|| kind_of_words(&host, &path), |(kind, _)| kind)
}

/// The kind that the title names in brackets before its first word.
fn kind_said(title: &str) -> Option<Kind> {
    let mut rest = title.trim_start();
    while let Some(inside) = rest.strip_prefix('[') {
        let (tag, after) = inside.split_once(']')?;
        match tag.trim().to_lowercase().as_str() {
            "video" | "videos" | "screencast" => return Some(Kind::Video),
            "audio" | "podcast" | "podcasts" => return Some(Kind::Podcast),
            "book" | "books" | "ebook" | "e-book" => return Some(Kind::Book),
            "paper" | "papers" => return Some(Kind::Paper),
            "talk" | "talks" | "slides" => return Some(Kind::Talk),
            "code" | "repo" => return Some(Kind::Code),
            _ => rest = after.trim_start(),
        }
    }
    None
}

/// Host and path in lower case, of an address on the web.
fn host_and_path(url: &str) -> Option<(String, String)> {
    let trimmed = url.trim();
    let rest = if address::lacks_scheme(trimmed) {
        trimmed
    } else {
        let (scheme, rest) = trimmed.split_once("://")?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        rest
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or("");
    let host = host.split(':').next().unwrap_or("").to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let path = rest[end..]
        .split(['?', '#'])
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    (!host.is_empty()).then_some((host, path))
}

/// Whether `host` is `known` or stands below it.
fn is_host(host: &str, known: &str) -> bool {
    host.strip_suffix(known)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Sites where the path decides.
fn kind_of_place(host: &str, path: &str) -> Option<Kind> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    let holds = |parts: &[&str]| parts.iter().any(|part| path.contains(part));
    match host {
        "open.spotify.com" => Some(if starts(&["/episode", "/show"]) {
            Kind::Podcast
        } else {
            Kind::Other
        }),
        "infoq.com" => Some(if starts(&["/presentations"]) {
            Kind::Talk
        } else if starts(&["/podcasts"]) {
            Kind::Podcast
        } else {
            Kind::Post
        }),
        "oreilly.com" if holds(&["/radar/", "/content/", "/ideas/", "/people/"]) => {
            Some(Kind::Post)
        }
        "changelog.com" if starts(&["/posts", "/news"]) => Some(Kind::Post),
        "huggingface.co" if starts(&["/papers/"]) => Some(Kind::Paper),
        "huggingface.co" if starts(&["/blog", "/learn", "/docs"]) => Some(Kind::Post),
        "kaggle.com" if starts(&["/competitions", "/c/", "/discussions", "/learn"]) => {
            Some(Kind::Post)
        }
        "github.com" if starts(&["/blog", "/features", "/readme", "/customer-stories"]) => {
            Some(Kind::Post)
        }
        "science.org" if starts(&["/doi"]) => Some(Kind::Paper),
        "nature.com" if starts(&["/articles/s", "/articles/n"]) => Some(Kind::Paper),
        "cell.com" if holds(&["/fulltext/", "/abstract/", "/pdf/"]) => Some(Kind::Paper),
        "cambridge.org" | "academic.oup.com" if holds(&["/article/", "/article-abstract/"]) => {
            Some(Kind::Paper)
        }
        "usenix.org" if holds(&["/conference/", "/system/files/"]) => Some(Kind::Paper),
        _ if is_amazon_shop(host) => Some(if holds(&["/dp/", "/gp/product/"]) {
            Kind::Book
        } else {
            Kind::Other
        }),
        _ => None,
    }
}

/// Amazon's shops, whose products in a reading list are books; its research pages are not.
fn is_amazon_shop(host: &str) -> bool {
    let top = host.strip_prefix("amazon.").unwrap_or("");
    [
        "com", "de", "fr", "it", "es", "nl", "in", "ca", "co.uk", "co.jp", "com.au", "com.br",
    ]
    .contains(&top)
}

/// Words of the address that say what the page holds; a page that says nothing is a post.
fn kind_of_words(host: &str, path: &str) -> Kind {
    let word = |wanted: &[&str]| {
        host.split(['.', '-'])
            .chain(path.split(['/', '-', '_', '.']))
            .any(|part| wanted.contains(&part))
    };
    let file = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    let scholar = host.ends_with(".edu")
        || host.contains(".ac.")
        || host.contains(".edu.")
        || word(&[
            "papers",
            "paper",
            "proceedings",
            "publications",
            "pubs",
            "anthology",
        ]);
    if file(&[".pdf", ".ps"]) {
        let book = word(&["book", "books", "ebook"]);
        return match (book, scholar) {
            (true, _) => Kind::Book,
            (_, true) => Kind::Paper,
            _ if word(&["slides", "talks", "talk"]) => Kind::Talk,
            _ => Kind::Paper,
        };
    }
    if file(&[".mp3", ".m4a", ".ogg"])
        || word(&["podcast", "podcasts", "episode", "episodes"])
        || host.contains("podcast")
    {
        return Kind::Podcast;
    }
    if file(&[".mp4", ".webm"]) {
        return Kind::Video;
    }
    if file(&[".ipynb"]) {
        return Kind::Code;
    }
    if path
        .split('/')
        .any(|part| matches!(part, "book" | "books" | "ebook" | "isbn"))
        || host
            .split('.')
            .any(|label| label.ends_with("book") && label.len() > 4 && label != "facebook")
    {
        return Kind::Book;
    }
    if path
        .split('/')
        .any(|part| matches!(part, "slides" | "talks" | "presentations"))
    {
        return Kind::Talk;
    }
    Kind::Post
}
