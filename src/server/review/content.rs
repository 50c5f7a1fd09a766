//! What an entry says, as a review page shows it: cleaned once more, in a plain block.
//!
//! It was cleaned before it was stored, by rules that may have been others then; so it is cleaned
//! again here, by narrower ones: no attribute that the page's own style or script could take for
//! its own, no address but of the web and of mail. A frame with `sandbox` would keep it apart as
//! well, but a frame has a height of its own, and neither the keyboard nor a screen reader walks
//! through it as through the rest of the page; and what would come through here would come against
//! the page's policy, which lets nothing run and nothing load.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use lenient_feed::html::bounded;
use tokio::sync::Semaphore;

use crate::server::failure::Failure;

/// The policy of a page that shows pictures of others: they load, and tell nobody from where.
pub(super) const PICTURES_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; img-src 'self' data: http: https:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Elements that are kept; of others only what is in them.
const TAGS: [&str; 42] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// Whether pictures are loaded from where the content says they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pictures {
    /// Nobody is asked for them; what they show stands in their place.
    Hidden,
    /// They are.
    Loaded,
}

/// Contents that are cleaned at the same time: a core is left to who answers readers.
static CLEANING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// The content, fit to stand in a page, and how many of its pictures are not shown. It is cleaned
/// away from the threads that answer: a stranger wrote it, and readers do not wait for that.
pub(super) async fn shown(html: String, pictures: Pictures) -> Result<(String, usize), Failure> {
    let _turn = CLEANING.acquire().await;
    let cleaned = tokio::task::spawn_blocking(move || match pictures {
        Pictures::Loaded => (clean(&html, Pictures::Loaded), 0),
        Pictures::Hidden => (clean(&html, Pictures::Hidden), count(&html)),
    });
    let broken = |_| Failure::Broken("what an entry says");
    cleaned.await.map_err(broken)
}

/// The content, fit to stand in a page.
fn clean(html: &str, pictures: Pictures) -> String {
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["alt"])),
        ("ol", HashSet::from(["start"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
    ]);
    if pictures == Pictures::Loaded {
        attributes.insert("img", HashSet::from(["alt", "src", "width", "height"]));
    }
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template",
        ]))
        .generic_attributes(HashSet::from(["dir", "lang"]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true);
    builder.clean(&bounded(html)).to_string()
}

/// How many pictures the content has.
fn count(html: &str) -> usize {
    clean(html, Pictures::Loaded).matches("<img ").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(clean(html, Pictures::Hidden), expected);
    }

    #[test]
    fn nothing_runs_and_nothing_loads() {
        check(
            "<p onclick=x() class=bar id=main style='a:b'>one</p>",
            "<p>one</p>",
        );
        check("<script>x()</script><style>a{}</style>two", "two");
        check(
            "<a href='javascript:x()'>three</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">three</a>",
        );
        check("<svg onload=x()><a href=//evil.example/>4</a></svg>", "");
        check(
            "<img src='https://evil.example/p.gif' srcset='x 2x' alt='a map'>",
            "<img alt=\"a map\">",
        );
        check("<iframe src='https://evil.example/'></iframe>five", "five");
        check(
            "<form action=/review/decide><button>six</button></form>",
            "six",
        );
        check("<video poster=https://evil.example/ src=x></video>", "");
        check("<h1>seven</h1>", "seven");
        check(
            "<a href='/review/undo'>eight</a>",
            "<a target=\"_blank\" rel=\"noopener noreferrer nofollow\">eight</a>",
        );
    }

    #[test]
    fn pictures_load_where_somebody_asked_for_them() {
        let html = "<img src=\"https://pictures.example/a.png\" alt=\"a\"><img src=\"data:image/svg+xml,x\">";
        let shown = clean(html, Pictures::Loaded);
        assert_eq!(
            shown,
            "<img src=\"https://pictures.example/a.png\" alt=\"a\"><img>"
        );
        assert_eq!(count(html), 1);
    }
}
