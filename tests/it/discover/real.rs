//! Sites as they are: what goes wrong between a page and its site's own feed, one small site for
//! each kind of fault, all in one web.

use std::collections::BTreeMap;

use serde_json::Value;

use super::web::{Pages, feed_of, issue};

/// One site: what is linked, where its own feed is, and how often its host is asked at most
/// (`robots.txt` among it).
struct Case {
    link: String,
    feed: String,
    most: usize,
}

/// The web, and what is wanted of it.
#[derive(Default)]
struct Sites {
    pages: Pages,
    cases: Vec<Case>,
}

impl Sites {
    /// A site with its pages, the paths of its feeds with the pages that they carry, the path
    /// that is linked and the path of the feed that is wanted.
    fn site(
        mut self,
        name: &str,
        pages: &[(&str, &str)],
        feeds: &[(&str, &[&str])],
        (link, feed, most): (&str, &str, usize),
    ) -> Self {
        let at = |path: &str| {
            if path.starts_with("http") {
                path.to_owned()
            } else {
                format!("https://{name}.example{path}")
            }
        };
        for (path, body) in pages {
            self.pages = self.pages.page(&at(path), *body);
        }
        for (path, carried) in feeds {
            let url = at(path);
            let carried: Vec<String> = carried.iter().map(|path| at(path)).collect();
            let front = |page: &String| {
                page.split('/')
                    .take(3)
                    .fold(String::new(), |to, part| to + part + "/")
            };
            let body = feed_of(&carried.first().map_or_else(|| at("/"), front), &carried);
            self.pages = self.pages.body(&url, "application/rss+xml", body);
        }
        self.cases.push(Case {
            link: at(link),
            feed: at(feed),
            most,
        });
        self
    }

    /// The folder of the site that came last answers without a page.
    fn forbidden(mut self, url: &str) -> Self {
        self.pages = self.pages.status(url, 403);
        self
    }

    #[track_caller]
    fn check(self) {
        let web = self.pages.serve();
        let project = web.newsletter();
        let links: Vec<&str> = self.cases.iter().map(|case| case.link.as_str()).collect();
        issue(&project, "one", "2026-02-03", &links);
        let report = project
            .run(&["sources", "discover", "--json"])
            .expect(0)
            .json();
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for place in web.asked() {
            let (host, path) = place.split_once('/').unwrap();
            asked
                .entry(host.to_owned())
                .or_default()
                .push(path.to_owned());
        }
        let mut wrong = Vec::new();
        for case in &self.cases {
            let host = case.link.split('/').nth(2).unwrap();
            let found = feed_of_link(&report, &case.link);
            let paths = asked.get(host).cloned().unwrap_or_default();
            if found.as_deref() != Some(case.feed.as_str()) || paths.len() > case.most {
                wrong.push(format!(
                    "{}\n  expected {} within {} requests\n  found    {found:?} after {paths:?}",
                    case.link, case.feed, case.most
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn feed_of_link(report: &Value, link: &str) -> Option<String> {
    let proposals = report["proposals"].as_array().unwrap().iter();
    let mut of_link = proposals.filter(|it| {
        let links = it["evidence"]["links"].as_array().unwrap();
        links.iter().any(|known| known == link)
    });
    of_link
        .next()
        .map(|it| it["url"].as_str().unwrap().to_owned())
}

/// A page that declares feeds of these names.
fn declared(feeds: &[(&str, &str)]) -> String {
    let links = feeds.iter().map(|(title, to)| {
        format!("<link rel=alternate type='application/rss+xml' title='{title}' href='{to}'>")
    });
    format!(
        "<title>A page</title>{}",
        links.collect::<Vec<_>>().concat()
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of sites")]
fn the_sites_own_feed_wins_in_any_language() {
    Sites::default()
        .site(
            "kommentare",
            &[(
                "/log/",
                declared(&[
                    ("Hafen » Kommentar-Feed", "/kommentare/feed/"),
                    ("Hafen » Feed", "/feed/"),
                ])
                .as_str(),
            )],
            &[("/kommentare/feed/", &[]), ("/feed/", &["/log/1"])],
            ("/log/", "/feed/", 3),
        )
        .site(
            "commentaires",
            &[(
                "/a-b",
                declared(&[
                    ("Le port - Flux des commentaires", "/c.xml"),
                    ("Le port - Flux", "/f.xml"),
                ])
                .as_str(),
            )],
            &[("/c.xml", &[]), ("/f.xml", &["/a-c"])],
            ("/a-b", "/f.xml", 3),
        )
        .site(
            "comments-by-their-links",
            &[(
                "/a-b",
                declared(&[("Odd", "/odd.xml"), ("Even", "/even.xml")]).as_str(),
            )],
            &[
                ("/odd.xml", &["/a-b#comment-1", "/a-c#comment-2"]),
                ("/even.xml", &["/a-c"]),
            ],
            ("/a-b", "/even.xml", 4),
        )
        .site(
            "japanese",
            &[(
                "/a-b",
                declared(&[
                    ("港 » コメントフィード", "/c/feed"),
                    ("港 » フィード", "/feed"),
                ])
                .as_str(),
            )],
            &[("/c/feed", &[]), ("/feed", &["/a-b"])],
            ("/a-b", "/feed", 3),
        )
        .site(
            "schlagwort",
            &[(
                "/2026/boot",
                declared(&[("Boote", "/schlagwort/boote/feed/"), ("Hafen", "/feed/")]).as_str(),
            )],
            &[
                ("/schlagwort/boote/feed/", &["/2026/boot"]),
                ("/feed/", &["/2026/neu"]),
            ],
            ("/2026/boot", "/feed/", 3),
        )
        .site(
            "unknown-word",
            &[(
                "/2026/boat",
                declared(&[
                    ("Szkutnictwo", "/dzial/szkutnictwo.xml"),
                    ("Port", "/index.xml"),
                ])
                .as_str(),
            )],
            &[
                ("/dzial/szkutnictwo.xml", &["/2026/boat"]),
                ("/index.xml", &["/2026/new"]),
            ],
            ("/2026/boat", "/index.xml", 3),
        )
        .site(
            "query",
            &[(
                "/a-b",
                declared(&[("Boats", "/feed.php?cat=3"), ("Log", "/feed.php")]).as_str(),
            )],
            &[("/feed.php?cat=3", &["/a-b"]), ("/feed.php", &["/a-c"])],
            ("/a-b", "/feed.php", 3),
        )
        .site(
            "releases",
            &[(
                "/",
                declared(&[
                    ("Releases", "/releases.atom"),
                    ("Commits", "/commits.atom"),
                    ("Blog", "/blog/feed.xml"),
                ])
                .as_str(),
            )],
            &[
                ("/releases.atom", &["/r/1"]),
                ("/commits.atom", &["/c/1"]),
                ("/blog/feed.xml", &["/blog/1"]),
            ],
            ("/", "/blog/feed.xml", 3),
        )
        .site(
            "author",
            &[(
                "/a-post",
                declared(&[("Posts by Ines", "/author/ines/rss/"), ("Blog", "/rss/")]).as_str(),
            )],
            &[("/author/ines/rss/", &["/a-post"]), ("/rss/", &["/b-post"])],
            ("/a-post", "/rss/", 3),
        )
        .check();
}

#[test]
fn languages_are_different_feeds() {
    Sites::default()
        .site(
            "hreflang",
            &[(
                "/de/",
                "<html lang=de><link rel=alternate type=application/rss+xml hreflang=en href=/rss.xml><link rel=alternate type=application/rss+xml hreflang=de href=/de/rss.xml>",
            )],
            &[("/rss.xml", &["/1"]), ("/de/rss.xml", &["/de/1"])],
            ("/de/", "/de/rss.xml", 3),
        )
        .site(
            "by-folder",
            &[("/a-b", declared(&[("Log (fr)", "/fr/rss.xml"), ("Log", "/rss.xml")]).as_str())],
            &[("/rss.xml", &["/a-c"]), ("/fr/rss.xml", &["/fr/1"])],
            ("/a-b", "/rss.xml", 3),
        )
        .site(
            "by-name",
            &[("/es/un-dia", declared(&[("Log", "/feed.en.xml"), ("Log", "/feed.es.xml")]).as_str())],
            &[("/feed.en.xml", &["/a-c"]), ("/feed.es.xml", &["/es/1"])],
            ("/es/un-dia", "/feed.es.xml", 3),
        )
        .check();
}

#[test]
fn one_dead_end_does_not_end_the_search() {
    let dead = declared(&[("Log", "/atom.xml")]);
    let dead = dead.as_str();
    Sites::default()
        .site(
            "dead-declared",
            &[("/posts/a-b/", dead), ("/posts/", dead), ("/", dead)],
            &[("/rss.xml", &["/posts/c"])],
            ("/posts/a-b/", "/rss.xml", 9),
        )
        .site(
            "dead-in-a-post",
            &[("/a-b", dead), ("/", declared(&[("Log", "/odd/own")]).as_str())],
            &[("/odd/own", &["/a-b"])],
            ("/a-b", "/odd/own", 5),
        )
        .site(
            "refresh",
            &[
                ("/", "<title>Redirecting</title><meta http-equiv='Refresh' content='0;URL=\"/site/home/\"'>"),
                ("/site/home/", declared(&[("Log", "/site/odd.xml")]).as_str()),
            ],
            &[("/site/odd.xml", &["/site/1"])],
            ("/", "/site/odd.xml", 4),
        )
        .site(
            "folder",
            &[("/posts/a-b/", "<p>A post"), ("/", declared(&[("Log", "/odd/front")]).as_str())],
            &[("/odd/front", &["/posts/c"])],
            ("/posts/a-b/", "/odd/front", 5),
        )
        .forbidden("https://folder.example/posts/")
        .check();
}

#[test]
fn a_strangers_feed_in_the_text_is_none() {
    Sites::default()
        .site(
            "blogroll",
            &[
                ("/a-b", "<p>I read <a href='https://others.example/feed.xml'>her feed</a> and <a href='https://others.example/rss'>RSS</a>"),
                ("/", "<p><a href='https://others.example/feed.xml'>RSS</a>"),
            ],
            &[("https://others.example/feed.xml", &["https://others.example/1"]), ("/index.xml", &["/a-c"])],
            ("/a-b", "/index.xml", 8),
        )
        .site(
            "burned",
            &[("/a-b", "<p>A post"), ("/", "<a href='https://feeds.feedburner.com/burned'>RSS</a>")],
            &[("https://feeds.feedburner.com/burned", &["/a-b"])],
            ("/a-b", "https://feeds.feedburner.com/burned", 3),
        )
        .check();
}

#[test]
fn guesses_reach_where_generators_put_feeds() {
    let page = "<p>A page";
    let pelican = "<meta name=generator content='Pelican'>";
    let next = "<script src='/_next/static/x.js'></script>";
    Sites::default()
        .site(
            "g1",
            &[("/", page)],
            &[("/feed.json", &["/a-b"])],
            ("/", "/feed.json", 9),
        )
        .site(
            "g2",
            &[("/blog/2026/a", page), ("/blog/", page), ("/", page)],
            &[("/blog/feed/", &["/blog/2026/a"])],
            ("/blog/2026/a", "/blog/feed/", 6),
        )
        .site(
            "g3",
            &[("/blog/a-b", page), ("/blog/", page), ("/", page)],
            &[("/rss/", &["/blog/a-b"])],
            ("/blog/a-b", "/rss/", 15),
        )
        .site(
            "g4",
            &[("/a-b", pelican), ("/", pelican)],
            &[("/feeds/all.atom.xml", &["/a-b"])],
            ("/a-b", "/feeds/all.atom.xml", 4),
        )
        .site(
            "g5",
            &[("/a-b", page), ("/", page)],
            &[("/feeds/all.atom.xml", &["/a-b"])],
            ("/a-b", "/feeds/all.atom.xml", 11),
        )
        .site(
            "g6",
            &[("/a-b", next), ("/", next)],
            &[("/rss.xml", &["/a-b"])],
            ("/a-b", "/rss.xml", 4),
        )
        .site(
            "g7",
            &[("/posts/a-b", page), ("/posts/", page), ("/", page)],
            &[("/posts/index.xml", &["/posts/a-b"])],
            ("/posts/a-b", "/posts/index.xml", 10),
        )
        .check();
}

/// The readings that lead to each feed.
fn readings(report: &Value) -> BTreeMap<String, u64> {
    let proposals = report["proposals"].as_array().unwrap().iter();
    proposals
        .map(|it| {
            let count = it["evidence"]["readings"].as_u64().unwrap();
            (it["url"].as_str().unwrap().to_owned(), count)
        })
        .collect()
}

#[test]
fn one_host_is_not_one_site() {
    let one = declared(&[("One", "/one/feed.xml")]);
    let one = one.as_str();
    let two = declared(&[("Two", "/two/feed.xml")]);
    let two = two.as_str();
    let both = declared(&[("News", "/feeds/news.xml"), ("Log", "/feeds/log.xml")]);
    let both = both.as_str();
    let rss = |host: &str, pages: &[&str]| {
        let pages: Vec<String> = pages
            .iter()
            .map(|path| format!("https://{host}{path}"))
            .collect();
        feed_of(&format!("https://{host}/"), &pages)
    };
    let web = Pages::default()
        .page("https://blogs.example/one/2026/a", one)
        .page("https://blogs.example/one/2026/b", one)
        .page("https://blogs.example/two/2026/c", two)
        .body(
            "https://blogs.example/one/feed.xml",
            "text/xml",
            rss("blogs.example", &["/one/2026/z"]),
        )
        .body(
            "https://blogs.example/two/feed.xml",
            "text/xml",
            rss("blogs.example", &["/two/2026/z"]),
        )
        // Both feeds are named by each page in one order; what they carry tells them apart.
        .page("https://both.example/news/a", both)
        .page("https://both.example/log/b", both)
        .body(
            "https://both.example/feeds/news.xml",
            "text/xml",
            rss("both.example", &["//news/a.html"]),
        )
        .body(
            "https://both.example/feeds/log.xml",
            "text/xml",
            rss("both.example", &["/log/b", "/log/y"]),
        )
        // One feed for all parts of a site needs one page.
        .page(
            "https://whole.example/posts/a",
            declared(&[("Whole", "/feed.xml")]).as_str(),
        )
        .body(
            "https://whole.example/feed.xml",
            "text/xml",
            rss("whole.example", &["/posts/z", "/notes/z"]),
        )
        .serve();
    let project = web.newsletter();
    let links = [
        "https://blogs.example/one/2026/a",
        "https://blogs.example/one/2026/b",
        "https://blogs.example/two/2026/c",
        "https://both.example/news/a",
        "https://both.example/log/b",
        "https://whole.example/posts/c",
        "https://whole.example/posts/a",
        "https://whole.example/notes/b",
    ];
    issue(&project, "one", "2026-02-03", &links);
    let run = project.run(&["sources", "discover", "--json", "--add"]);
    let expected = [
        ("https://blogs.example/one/feed.xml", 2),
        ("https://blogs.example/two/feed.xml", 1),
        ("https://both.example/feeds/log.xml", 1),
        ("https://both.example/feeds/news.xml", 1),
        ("https://whole.example/feed.xml", 3),
    ];
    let expected: BTreeMap<String, u64> = expected
        .iter()
        .map(|(url, count)| ((*url).to_owned(), *count))
        .collect();
    assert_eq!(readings(&run.expect(0).json()), expected);
    let asked = web.asked();
    assert!(
        !asked.contains(&"whole.example/notes/b".to_owned()),
        "{asked:?}"
    );
    // What was read is there without a poll, and what is polled is known for what it is.
    let found = project.run(&["search", "Page"]).expect(0);
    assert!(found.stdout.contains("Page 1"), "{}", found.stdout);
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    assert_eq!(readings(&report), expected);
    assert!(
        report["proposals"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| !it["polled"].is_null())
    );
}

#[test]
fn rss_and_atom_of_a_site_are_one_source() {
    let pages = [
        "https://twin.example/posts/a",
        "https://twin.example/2026/b",
    ];
    let web = Pages::default()
        .page(pages[0], declared(&[("Log", "/rss.xml")]).as_str())
        .page(pages[1], declared(&[("Log", "/atom.xml")]).as_str())
        .body(
            "https://twin.example/rss.xml",
            "text/xml",
            feed_of(
                "https://twin.example/",
                &["https://twin.example/log/z".to_owned()],
            ),
        )
        .body(
            "https://twin.example/atom.xml",
            "text/xml",
            feed_of(
                "https://twin.example/",
                &["https://twin.example/log/z".to_owned()],
            ),
        )
        .serve();
    let project = web.newsletter();
    issue(&project, "one", "2026-02-03", &pages);
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    assert_eq!(
        readings(&report).into_values().collect::<Vec<_>>(),
        [2],
        "{report:#}"
    );
}

#[test]
fn proposes_what_reaches_most_and_says_how_much() {
    let web = Pages::default()
        .feed("https://dev.to/feed/old")
        .feed("https://dev.to/feed/new")
        .serve();
    let project = web.newsletter();
    let old = "https://dev.to/old/x-1";
    issue(
        &project,
        "a",
        "2020-01-03",
        &[old, "https://dev.to/old/x-2", "https://dev.to/old/x-3"],
    );
    issue(&project, "b", "2026-01-03", &["https://dev.to/new/x-1"]);
    issue(
        &project,
        "c",
        "2026-02-03",
        &["https://dev.to/new/x-2", "https://x.com/ada"],
    );
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    assert_eq!(report["proposals"][0]["url"], "https://dev.to/feed/new");
    assert_eq!(
        report["reach"],
        serde_json::json!({ "readings": 3, "sources": 1, "carried": 2, "foreseen": 1 })
    );
    let shown = project.run(&["sources", "discover"]).expect(0).stdout;
    assert!(
        shown.contains("this source carries 67 % of the 3 readings of your last year; 33 % came from a place that an earlier issue had linked to"),
        "{shown}"
    );
}
