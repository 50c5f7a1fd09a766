//! What sort of thing an address leads to.

use super::{Kind, address};

/// Hosts, with all below them, whose pages are of one kind; sorted.
#[rustfmt::skip]
const HOSTS: &[(&str, Kind)] = &[
    ("acast.com", Kind::Podcast), ("aclanthology.org", Kind::Paper), ("aclweb.org", Kind::Paper),
    ("anchor.fm", Kind::Podcast), ("apress.com", Kind::Book), ("arxiv.org", Kind::Paper),
    ("bilibili.com", Kind::Video), ("biorxiv.org", Kind::Paper), ("bitbucket.org", Kind::Code),
    ("books.google.com", Kind::Book), ("bookshop.org", Kind::Book),
    ("buzzsprout.com", Kind::Podcast), ("castbox.fm", Kind::Podcast), ("castos.com", Kind::Podcast),
    ("changelog.com", Kind::Podcast), ("codeberg.org", Kind::Code),
    ("colab.research.google.com", Kind::Code), ("crates.io", Kind::Code),
    ("dailymotion.com", Kind::Video), ("distill.pub", Kind::Paper), ("dl.acm.org", Kind::Paper),
    ("docs.rs", Kind::Code), ("doi.org", Kind::Paper), ("eprint.iacr.org", Kind::Paper),
    ("fireside.fm", Kind::Podcast), ("frontiersin.org", Kind::Paper),
    ("gist.github.com", Kind::Code), ("github.com", Kind::Code), ("gitlab.com", Kind::Code),
    ("goodreads.com", Kind::Book), ("hackage.haskell.org", Kind::Code),
    ("hal.science", Kind::Paper), ("hex.pm", Kind::Code), ("huggingface.co", Kind::Code),
    ("ieeexplore.ieee.org", Kind::Paper), ("jmlr.org", Kind::Paper),
    ("journals.plos.org", Kind::Paper), ("jstor.org", Kind::Paper), ("kaggle.com", Kind::Code),
    ("leanpub.com", Kind::Book), ("lib.rs", Kind::Code), ("libsyn.com", Kind::Podcast),
    ("link.springer.com", Kind::Paper), ("manning.com", Kind::Book), ("mdpi.com", Kind::Paper),
    ("media.ccc.de", Kind::Video), ("medrxiv.org", Kind::Paper), ("megaphone.fm", Kind::Podcast),
    ("mitpress.mit.edu", Kind::Book), ("nbviewer.org", Kind::Code), ("nostarch.com", Kind::Book),
    ("npmjs.com", Kind::Code), ("odysee.com", Kind::Video), ("openaccess.thecvf.com", Kind::Paper),
    ("openlibrary.org", Kind::Book), ("openreview.net", Kind::Paper), ("oreilly.com", Kind::Book),
    ("overcast.fm", Kind::Podcast), ("packagist.org", Kind::Code), ("packtpub.com", Kind::Book),
    ("papers.neurips.cc", Kind::Paper), ("papers.nips.cc", Kind::Paper), ("pca.st", Kind::Podcast),
    ("penguin.co.uk", Kind::Book), ("penguinrandomhouse.com", Kind::Book),
    ("pkg.go.dev", Kind::Code), ("pnas.org", Kind::Paper), ("pocketcasts.com", Kind::Podcast),
    ("podbean.com", Kind::Podcast), ("podcasts.apple.com", Kind::Podcast),
    ("podcasts.google.com", Kind::Podcast), ("pragprog.com", Kind::Book),
    ("press.princeton.edu", Kind::Book), ("press.stripe.com", Kind::Book),
    ("proceedings.mlr.press", Kind::Paper), ("proceedings.neurips.cc", Kind::Paper),
    ("pubmed.ncbi.nlm.nih.gov", Kind::Paper), ("pypi.org", Kind::Code),
    ("queue.acm.org", Kind::Paper), ("replicate.com", Kind::Code), ("routledge.com", Kind::Book),
    ("rubygems.org", Kind::Code), ("rumble.com", Kind::Video), ("sciencedirect.com", Kind::Paper),
    ("semanticscholar.org", Kind::Paper), ("simplecast.com", Kind::Podcast),
    ("slides.com", Kind::Talk), ("slideshare.net", Kind::Talk), ("slideslive.com", Kind::Talk),
    ("soundcloud.com", Kind::Podcast), ("sourceforge.net", Kind::Code),
    ("speakerdeck.com", Kind::Talk), ("spreaker.com", Kind::Podcast), ("sr.ht", Kind::Code),
    ("ssrn.com", Kind::Paper), ("stitcher.com", Kind::Podcast), ("ted.com", Kind::Video),
    ("transistor.fm", Kind::Podcast), ("twitch.tv", Kind::Video), ("videolectures.ai", Kind::Talk),
    ("videolectures.net", Kind::Talk), ("vimeo.com", Kind::Video), ("wistia.com", Kind::Video),
    ("worldcat.org", Kind::Book), ("youtu.be", Kind::Video), ("youtube-nocookie.com", Kind::Video),
    ("youtube.com", Kind::Video), ("zenodo.org", Kind::Paper),
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
    kind_of_host(&host).unwrap_or_else(|| kind_of_words(&host, &path))
}

/// The kind of all pages of a host, or of one that it stands below.
fn kind_of_host(host: &str) -> Option<Kind> {
    let mut name = host;
    loop {
        if let Ok(at) = HOSTS.binary_search_by_key(&name, |(known, _)| known) {
            return Some(HOSTS[at].1);
        }
        (_, name) = name.split_once('.')?;
    }
}

/// The kind that the title names in brackets before its first word.
fn kind_said(title: &str) -> Option<Kind> {
    let mut rest = title.trim_start();
    if let Some(kind) = rest.chars().next().and_then(kind_of_sign) {
        return Some(kind);
    }
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

/// The kind that a picture before the title shows.
fn kind_of_sign(sign: char) -> Option<Kind> {
    Some(match sign {
        '📺' | '🎥' | '🎬' | '📹' | '📽' | '🎞' | '▶' => Kind::Video,
        '🎧' | '🎙' | '📻' | '🔊' => Kind::Podcast,
        '📄' | '📃' | '📑' | '📜' => Kind::Paper,
        '📦' | '💻' | '🛠' | '🧰' | '⚙' | '🔧' => Kind::Code,
        '📚' | '📖' | '📕' | '📗' | '📘' | '📙' => Kind::Book,
        '🎤' | '🗣' => Kind::Talk,
        '📝' | '📰' | '✍' => Kind::Post,
        _ => return None,
    })
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
    let parts: Vec<&str> = host
        .split(['.', '-'])
        .chain(path.split(['/', '-', '_', '.']))
        .collect();
    let word = |wanted: &[&str]| parts.iter().any(|part| wanted.contains(part));
    let file = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    if file(&[".pdf", ".ps"]) {
        return if word(&["book", "books", "ebook"]) {
            Kind::Book
        } else if word(&["slides", "talks", "talk"]) {
            Kind::Talk
        } else {
            Kind::Paper
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

#[cfg(test)]
mod tests {
    use super::HOSTS;

    #[test]
    fn hosts_are_sorted_for_the_search() {
        assert!(HOSTS.is_sorted_by_key(|(host, _)| host));
    }
}
