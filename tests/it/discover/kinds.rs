//! One case for each kind of site, and its hostile twin.

use serde_json::Value;

use super::web::{Pages, issue};

/// A link, and the feed that it leads to.
const CASES: [(&str, &str); 46] = [
    (
        "https://pages.example/2021/a-post/",
        "https://pages.example/feed.xml",
    ),
    (
        "https://anchors.example/",
        "https://anchors.example/blog.rss",
    ),
    ("https://headers.example/", "https://headers.example/atom"),
    (
        "https://front.example/essay.pdf",
        "https://front.example/index.xml",
    ),
    (
        "https://common.example/post",
        "https://common.example/atom.xml",
    ),
    (
        "https://itself.example/rss.xml",
        "https://itself.example/rss.xml",
    ),
    (
        "https://arxiv.org/pdf/2005.12872v2.pdf",
        "https://rss.arxiv.org/atom/cs.CV",
    ),
    (
        "https://arxiv.org/abs/hep-th/9901001",
        "https://rss.arxiv.org/atom/hep-th",
    ),
    (
        "https://doi.org/10.1038/s41586-021-03819-2",
        "https://www.nature.com/nature.rss",
    ),
    (
        "https://doi.org/10.5555/12345",
        "https://journal.example/feed",
    ),
    (
        "https://www.biorxiv.org/content/10.1101/2020.05.01.072975v1",
        "https://connect.biorxiv.org/biorxiv_xml.php?subject=systems_biology",
    ),
    (
        "http://proceedings.mlr.press/v139/radford21a.html",
        "https://proceedings.mlr.press/assets/rss/feed.xml",
    ),
    (
        "https://podcasts.apple.com/us/podcast/a-show/id1544503192",
        "https://feeds.show.example/rss",
    ),
    (
        "https://www.buzzsprout.com/1463338/8054032-episode",
        "https://feeds.buzzsprout.com/1463338.rss",
    ),
    (
        "https://myshow.simplecast.com/episodes/one",
        "https://feeds.simplecast.com/54nAGcIl",
    ),
    (
        "https://myshow.transistor.fm/12",
        "https://feeds.transistor.fm/myshow",
    ),
    (
        "https://myshow.libsyn.com/12",
        "https://myshow.libsyn.com/rss",
    ),
    (
        "https://anchor.fm/myshow",
        "https://anchor.fm/s/1e4a0eac/podcast/rss",
    ),
    (
        "https://www.youtube.com/watch?v=c_AUuTuPA5k",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=UULFaYhcUwRBNscFNUKTjgPFiA",
    ),
    (
        "https://www.youtube.com/playlist?list=PLabcdef",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdef",
    ),
    (
        "https://vimeo.com/336343886",
        "https://vimeo.com/strangeloop/videos/rss",
    ),
    (
        "https://github.com/ada/engine",
        "https://github.com/ada/engine/tags.atom",
    ),
    ("https://github.com/ada", "https://github.com/ada.atom"),
    (
        "https://gist.github.com/ada/1234",
        "https://gist.github.com/ada.atom",
    ),
    (
        "https://gitlab.com/ada/engine",
        "https://gitlab.com/ada/engine/-/releases.atom",
    ),
    (
        "https://codeberg.org/ada/engine",
        "https://codeberg.org/ada/engine/releases.rss",
    ),
    (
        "https://crates.io/crates/engine",
        "https://static.crates.io/rss/crates/engine.xml",
    ),
    (
        "https://medium.com/@ada/a-post-5902ad6873bf",
        "https://medium.com/feed/@ada",
    ),
    (
        "https://own.example/a-post-of-mine-5902ad6873bf",
        "https://own.example/feed",
    ),
    (
        "https://ada.substack.com/p/one",
        "https://ada.substack.com/feed",
    ),
    (
        "https://ada.wordpress.com/author/ben/",
        "https://ada.wordpress.com/author/ben/feed/",
    ),
    (
        "https://wordpress.example/2021/01/02/post/",
        "https://wordpress.example/feed/",
    ),
    (
        "https://ada.blogspot.com/2015/01/post.html",
        "https://ada.blogspot.com/feeds/posts/default",
    ),
    (
        "https://ada.tumblr.com/post/1",
        "https://ada.tumblr.com/rss",
    ),
    ("https://ghost.example/post/", "https://ghost.example/rss/"),
    (
        "https://hugo.example/posts/one/",
        "https://hugo.example/index.xml",
    ),
    (
        "https://ada.hashnode.dev/post",
        "https://ada.hashnode.dev/rss.xml",
    ),
    ("https://dev.to/ada/post-6hk", "https://dev.to/feed/ada"),
    (
        "https://www.reddit.com/r/rust/comments/2mqwdm/title/",
        "https://www.reddit.com/r/rust/.rss",
    ),
    ("https://lobste.rs/t/rust", "https://lobste.rs/t/rust.rss"),
    (
        "https://news.ycombinator.com/item?id=8863",
        "https://news.ycombinator.com/rss",
    ),
    (
        "https://fosstodon.org/@ada/109876543210123456",
        "https://fosstodon.org/@ada.rss",
    ),
    (
        "https://bsky.app/profile/ada.example/post/1",
        "https://bsky.app/profile/ada.example/rss",
    ),
    (
        "https://stackoverflow.com/questions/24145823/how",
        "https://stackoverflow.com/feeds/tag/rust",
    ),
    (
        "https://dl.acm.org/doi/10.1145/3448250",
        "https://dl.acm.org/action/showFeed?type=etoc&feed=rss&jc=cacm",
    ),
    (
        "https://forum.example/t/a-topic/3273",
        "https://forum.example/latest.rss",
    ),
];

/// Links that lead to no feed, and whether they are fetched at all.
const WITHOUT: [(&str, &str); 7] = [
    ("https://twitter.com/ada/status/1", "never-fetched"),
    ("https://www.linkedin.com/in/ada/", "never-fetched"),
    (
        "https://open.spotify.com/show/3uNTjvP2FSV0Bn0Cqr37Nu",
        "no-feed",
    ),
    ("https://openreview.net/forum?id=YicbFdNTTy", "no-feed"),
    (
        "https://www.aclweb.org/anthology/2020.emnlp-demos.3.pdf",
        "no-feed",
    ),
    (
        "https://papers.nips.cc/paper/2015/hash/1-Abstract.html",
        "no-feed",
    ),
    ("https://github.com/search?q=engine", "no-feed"),
];

fn declared(feed: &str) -> String {
    format!("<title>x</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"{feed}\">")
}

/// What the hosts of all cases answer.
fn web() -> Pages {
    let mut pages = Pages::default();
    for (_, feed) in CASES {
        pages = pages.feed(feed);
    }
    let pages = pages
        .page(
            "https://pages.example/2021/a-post/",
            format!("{}{}", declared("/2021/a-post/feed"), declared("/feed.xml")),
        )
        .feed("https://pages.example/2021/a-post/feed")
        .page(
            "https://anchors.example/",
            "<p>Read by <a href=\"/blog.rss\">RSS</a></p>",
        )
        .page("https://front.example/", declared("/index.xml"))
        .page("https://common.example/post", "<p>Nothing here.")
        .page("https://common.example/", "<p>Nor here.")
        .page("https://journal.example/article/12345", declared("/feed"))
        .redirect(
            302,
            "https://doi.org/10.5555/12345",
            "https://journal.example/article/12345",
        )
        .page(
            "https://myshow.simplecast.com/episodes/one",
            declared("https://feeds.simplecast.com/54nAGcIl"),
        )
        .page(
            "https://anchor.fm/myshow",
            "<script>{\"feedUrl\":\"https://anchor.fm/s/1e4a0eac/podcast/rss\"}</script>",
        )
        .page(
            "https://dl.acm.org/doi/10.1145/3448250",
            "<a href=\"/journal/cacm\">CACM</a>",
        )
        .page(
            "https://wordpress.example/2021/01/02/post/",
            "<img src=\"/wp-content/a.png\">",
        )
        .page(
            "https://wordpress.example/",
            "<meta name=\"generator\" content=\"WordPress 6.4\">",
        )
        .page("https://ghost.example/post/", "<p>A post.")
        .page(
            "https://ghost.example/",
            "<meta name=\"generator\" content=\"Ghost 5.1\">",
        )
        .page("https://hugo.example/posts/one/", "<p>A post.")
        .page(
            "https://hugo.example/",
            "<meta name=\"generator\" content=\"Hugo 0.120\">",
        );
    interfaces(pages).body(
        "https://headers.example/",
        "text/html",
        "<p>Only the header knows.",
    )
}

fn interfaces(pages: Pages) -> Pages {
    pages
        .body(
            "https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
            "application/atom+xml",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/abs/2005.12872v3</id><title>t</title>\
             <category term='cs.CV'/></entry></feed>",
        )
        .json(
            "https://api.biorxiv.org/details/biorxiv/10.1101/2020.05.01.072975",
            r#"{"collection":[{"category":"systems biology"}]}"#,
        )
        .json(
            "https://itunes.apple.com/lookup?id=1544503192&entity=podcast",
            r#"{"results":[{"collectionId":1544503192,"collectionName":"A show","feedUrl":"https://feeds.show.example/rss"}]}"#,
        )
        .json(
            "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dc_AUuTuPA5k",
            r#"{"author_url":"https://www.youtube.com/@channel"}"#,
        )
        .page(
            "https://www.youtube.com/@channel",
            "<link rel=\"canonical\" href=\"https://www.youtube.com/channel/UCaYhcUwRBNscFNUKTjgPFiA\">",
        )
        .json(
            "https://vimeo.com/api/oembed.json?url=https%3A%2F%2Fvimeo.com%2F336343886",
            r#"{"author_url":"https://vimeo.com/strangeloop"}"#,
        )
        .json(
            "https://api.stackexchange.com/2.3/questions/24145823?site=stackoverflow.com",
            r#"{"items":[{"tags":["rust","string"]}]}"#,
        )
}

/// The feeds that a link is evidence for, the best first.
fn feeds_of<'a>(report: &'a Value, link: &str) -> Vec<&'a str> {
    let proposals = report["proposals"].as_array().unwrap().iter();
    let has = |it: &&Value| {
        it["evidence"]["links"]
            .as_array()
            .unwrap()
            .iter()
            .any(|known| known == link)
    };
    proposals
        .filter(has)
        .map(|it| it["url"].as_str().unwrap())
        .collect()
}

#[test]
fn every_kind_of_site_leads_to_its_feed() {
    let web = web()
        .links(
            "https://headers.example/",
            "</atom>; rel=alternate; type=\"application/atom+xml\"",
        )
        .serve();
    let project = web.newsletter();
    let links: Vec<&str> = CASES
        .iter()
        .chain(&WITHOUT)
        .map(|(link, _)| *link)
        .collect();
    issue(&project, "one", "2021-02-03", &links);
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    let mut wrong = Vec::new();
    for (link, feed) in CASES {
        let found = feeds_of(&report, link);
        if found.first() != Some(&feed) {
            wrong.push(format!("{link}\n  expected {feed}\n  found    {found:?}"));
        }
    }
    let silent = report["without_feed"].as_array().unwrap();
    for (link, why) in WITHOUT {
        let has = |it: &&Value| {
            it["evidence"]["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|known| known == link)
        };
        if silent.iter().find(has).map(|it| &it["why"]) != Some(&why.into()) {
            wrong.push(format!("{link}: not {why}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{report:#}", wrong.join("\n"));
    assert_eq!(report["not_looked_at"], Value::Array(Vec::new()));
    let asked = web.asked();
    let closed = [
        "twitter.com",
        "linkedin.com",
        "spotify.com",
        "openreview.net",
        "aclweb.org",
        "nips.cc",
    ];
    for host in closed {
        assert!(
            !asked
                .iter()
                .any(|place| place.contains(&format!("{host}/"))),
            "{host} was asked"
        );
    }
    // A few requests for each: pages, places, and robots.txt of those with pages.
    assert!(asked.len() < 3 * links.len(), "{} requests", asked.len());

    project.run(&["sources", "discover", "--json"]).expect(0);
    assert_eq!(
        web.asked(),
        Vec::<String>::new(),
        "a second run asks nothing again"
    );
}

#[test]
fn hostile_sites_lead_nowhere_and_hold_nobody_up() {
    let large = |start: &str| format!("{start}{}", "<p>words ".repeat(1_300_000)).into_bytes();
    let web = Pages::default()
        .redirect(302, "https://loop.example/", "https://loop.example/a")
        .redirect(302, "https://loop.example/a", "https://loop.example/")
        .page("https://large.example/", large(&declared("/feed")))
        .feed("https://large.example/feed")
        .page("https://endless.example/", large(""))
        .page("https://private.example/", declared("http://10.0.0.7/feed"))
        .page("https://here.example/", declared("http://127.0.0.1:22/feed"))
        .page("https://script.example/", declared("javascript:alert(1)"))
        .page("https://pretender.example/", declared("/feed"))
        .page("https://pretender.example/feed", "<html>no feed</html>")
        .redirect(301, "https://onward.example/feed", "http://192.168.1.1/feed")
        .page("https://onward.example/", declared("/feed"))
        .json("https://itunes.apple.com/lookup?id=1&entity=podcast", r#"{"results":[{"collectionId":1,"feedUrl":"http://169.254.169.254/"}]}"#)
        .body("https://export.arxiv.org/api/query?id_list=2001.00001&max_results=1", "text/html", "<p>busy")
        .json(
            "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dc_AUuTuPA5k",
            r#"{"author_url":"file:///etc/passwd"}"#,
        )
        .status("https://busy.example/", 429)
        .serve();
    let project = web.newsletter();
    let links = [
        "https://loop.example/",
        "https://large.example/",
        "https://endless.example/",
        "https://private.example/",
        "https://here.example/",
        "https://script.example/",
        "https://pretender.example/",
        "https://onward.example/",
        "https://podcasts.apple.com/us/podcast/x/id1",
        "https://arxiv.org/abs/2001.00001",
        "https://www.youtube.com/watch?v=c_AUuTuPA5k",
        "https://busy.example/",
    ];
    issue(&project, "one", "2021-02-03", &links);
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    for link in links {
        let found = feeds_of(&report, link);
        let expected: &[&str] = if link.contains("large.") {
            &["https://large.example/feed"]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{link}");
    }
    let mut by_host = std::collections::BTreeMap::new();
    for place in web.asked() {
        let host = place.split('/').next().unwrap().to_owned();
        *by_host.entry(host).or_insert(0) += 1;
    }
    assert!(by_host.values().all(|count| *count <= 20), "{by_host:?}");
    assert_eq!(by_host.get("10.0.0.7"), None);
    assert_eq!(
        by_host["busy.example"], 2,
        "nothing was asked after it had enough"
    );
}
