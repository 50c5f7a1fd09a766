use chrono::DateTime;
use url::Url;

use super::*;
use crate::model::Kind;
use crate::sources::sites::{self, Answer, Lead, Reason};

fn link(url: &str, day: &str, curator: &str) -> Link {
    Link {
        url: Url::parse(url).unwrap(),
        main: true,
        title: format!("On {url}"),
        kind: Kind::Other,
        issue: day.to_owned(),
        at: DateTime::parse_from_rfc3339(&format!("{day}T00:00:00Z")).unwrap(),
        curator: Some(curator.to_owned()),
        category: None,
    }
}

fn feed(url: &str, entries: usize) -> Check {
    Check::Feed(Summary {
        url: url.to_owned(),
        title: Some("A feed".to_owned()),
        format: "rss20".to_owned(),
        site: None,
        self_link: None,
        entries,
        latest: None,
        audio: false,
        comments: false,
        pages: Vec::new(),
    })
}

/// Goes on with a search until nothing is wanted: pages by address, feeds by address.
fn run(search: &mut Search, pages: &[(&str, &str)], feeds: &[(&str, usize)]) -> Vec<String> {
    let mut asked = Vec::new();
    for _ in 0..100 {
        let wanted = search.wanted();
        let Some(want) = wanted.first() else {
            return asked;
        };
        asked.push(want.url().to_string());
        match want {
            Want::Check(url) => {
                let found = feeds.iter().find(|(known, _)| *known == url.as_str());
                let check = found.map_or(Check::Not("404".to_owned()), |(url, entries)| {
                    feed(url, *entries)
                });
                search.checked(url, &check);
            }
            Want::Ask { url, questions } => {
                let page = pages.iter().find(|(known, _)| *known == url.as_str());
                for question in questions {
                    let answer = Answer {
                        url,
                        status: if page.is_some() { 200 } else { 404 },
                        content_type: Some("text/html"),
                        links: &[],
                        body: page.map_or(b"", |(_, body)| body.as_bytes()),
                    };
                    search.answered(question, &sites::read(question, &answer));
                }
            }
        }
    }
    panic!("it does not end: {asked:?}");
}

#[test]
fn links_to_one_site_are_one_inquiry() {
    let links = [
        link("https://blog.example.org/2020/a", "2020-01-01", "Ada"),
        link("https://blog.example.org/2022/b", "2022-01-01", "Ben"),
        link("https://www.blog.example.org/2021/c", "2021-01-01", "Ada"),
    ];
    let mut search = Search::new(&links, &[], Options::default());
    let asked = run(
        &mut search,
        &[(
            "https://blog.example.org/2022/b",
            "<link rel=alternate type=application/rss+xml href=/feed>",
        )],
        &[("https://blog.example.org/feed", 10)],
    );
    assert_eq!(
        asked,
        [
            "https://blog.example.org/2022/b",
            "https://blog.example.org/feed"
        ]
    );
    let report = propose(&links, search.finish(), &[]);
    let [proposal] = report.proposals.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(proposal.url, "https://blog.example.org/feed");
    assert_eq!(proposal.evidence.readings, 3);
    assert_eq!(
        proposal.evidence.curators,
        [("Ada".to_owned(), 2), ("Ben".to_owned(), 1)]
    );
    assert_eq!(
        proposal.evidence.last.to_rfc3339(),
        "2022-01-01T00:00:00+00:00"
    );
}

#[test]
fn an_empty_feed_loses_against_a_full_one() {
    let links = [link("https://github.com/ada/engine", "2022-01-01", "Ada")];
    let mut search = Search::new(&links, &[], Options::default());
    let asked = run(
        &mut search,
        &[],
        &[
            ("https://github.com/ada/engine/releases.atom", 0),
            ("https://github.com/ada/engine/tags.atom", 4),
        ],
    );
    assert_eq!(asked.len(), 2);
    let report = propose(&links, search.finish(), &[]);
    assert_eq!(
        report.proposals[0].url,
        "https://github.com/ada/engine/tags.atom"
    );

    let mut search = Search::new(&links, &[], Options::default());
    run(
        &mut search,
        &[],
        &[("https://github.com/ada/engine/releases.atom", 0)],
    );
    let report = propose(&links, search.finish(), &[]);
    assert_eq!(
        report.proposals[0].url,
        "https://github.com/ada/engine/releases.atom"
    );
}

#[test]
fn several_papers_are_asked_at_once_and_share_their_category() {
    let links = [
        link("https://arxiv.org/abs/2001.00001", "2020-01-01", "Ada"),
        link("https://arxiv.org/pdf/2001.00002v3", "2020-02-01", "Ben"),
    ];
    let body = r#"<feed xmlns="http://www.w3.org/2005/Atom">
        <entry><id>http://arxiv.org/abs/2001.00001v1</id><title>a</title><category term="cs.CL"/></entry>
        <entry><id>http://arxiv.org/abs/2001.00002v3</id><title>b</title><category term="cs.CV"/><category term="cs.CL"/></entry></feed>"#;
    let mut search = Search::new(&links, &[], Options::default());
    let asked = run(
        &mut search,
        &[(
            "https://export.arxiv.org/api/query?id_list=2001.00002,2001.00001&max_results=2",
            body,
        )],
        &[
            ("https://rss.arxiv.org/atom/cs.CL", 0),
            ("https://rss.arxiv.org/atom/cs.CV", 9),
        ],
    );
    assert_eq!(asked.len(), 3);
    let report = propose(&links, search.finish(), &[]);
    let found: Vec<_> = report
        .proposals
        .iter()
        .map(|it| (it.url.as_str(), it.evidence.readings, it.second))
        .collect();
    assert_eq!(
        found,
        [
            ("https://rss.arxiv.org/atom/cs.CL", 2, false),
            ("https://rss.arxiv.org/atom/cs.CV", 1, false)
        ]
    );
}

#[test]
fn what_is_polled_is_known_under_other_addresses() {
    let links = [
        link("https://github.com/ada/engine", "2022-01-01", "Ada"),
        link("https://blog.example.org/post", "2022-01-01", "Ada"),
        link("https://known.example/post", "2022-01-01", "Ada"),
    ];
    let polled = [
        Polled {
            url: "http://feeds.example.net/blog".to_owned(),
            site: None,
        },
        Polled {
            url: "http://www.github.com/ada/engine/releases.atom".to_owned(),
            site: None,
        },
        Polled {
            url: "feeds/known.xml".to_owned(),
            site: Some("https://known.example/".to_owned()),
        },
    ];
    let mut search = Search::new(&links, &polled, Options::default());
    for _ in 0..9 {
        for want in search.wanted() {
            match want {
                Want::Check(url) => {
                    let Check::Feed(mut summary) = feed(url.as_str(), 3) else {
                        panic!()
                    };
                    if url.host_str() == Some("blog.example.org") {
                        summary.self_link = Some("https://feeds.example.net/blog".to_owned());
                    }
                    search.checked(&url, &Check::Feed(summary));
                }
                Want::Ask { url, questions } => {
                    assert_ne!(
                        url.host_str(),
                        Some("known.example"),
                        "a polled site is not asked"
                    );
                    let answer = Answer {
                        url: &url,
                        status: 200,
                        content_type: None,
                        links: &[],
                        body: b"<link rel=alternate type=application/rss+xml href=/feed>",
                    };
                    search.answered(&questions[0], &sites::read(&questions[0], &answer));
                }
            }
        }
    }
    let report = propose(&links, search.finish(), &polled);
    let known: Vec<_> = report
        .proposals
        .iter()
        .map(|it| it.known.clone().unwrap())
        .collect();
    assert_eq!(
        known,
        [
            Known::Same("http://www.github.com/ada/engine/releases.atom".to_owned()),
            Known::OtherAddress("http://feeds.example.net/blog".to_owned()),
            Known::Same("feeds/known.xml".to_owned()),
        ]
    );
}

#[test]
fn endless_turns_and_requests_are_cut() {
    let links = [link("https://turns.example/", "2022-01-01", "Ada")];
    let mut search = Search::new(&links, &[], Options::default());
    for number in 0..50 {
        let Some(Want::Ask { questions, .. }) = search.wanted().into_iter().next() else {
            break;
        };
        let next = Url::parse(&format!("https://turns.example/{number}")).unwrap();
        search.answered(&questions[0], &Lead::Elsewhere(next));
        assert!(number < 10, "it goes on and on");
    }
    let report = propose(&links, search.finish(), &[]);
    assert!(matches!(&report.silent[0].reason, Reason::NoFeed(text) if text.contains("circles")));
}

#[test]
fn without_a_network_rules_alone_propose() {
    let links = [
        link("https://dev.to/ada/post", "2022-01-01", "Ada"),
        link("https://blog.example.org/post", "2022-01-01", "Ada"),
        link("https://twitter.com/ada", "2022-01-01", "Ada"),
    ];
    let report = propose(
        &links,
        Search::new(&links, &[], Options::default()).finish(),
        &[],
    );
    assert_eq!(report.proposals[0].url, "https://dev.to/feed/ada");
    assert_eq!(report.proposals[0].summary, None);
    assert_eq!(
        report.unknown[0].question.url.as_str(),
        "https://blog.example.org/post"
    );
    assert_eq!(report.silent[0].reason.name(), "never-fetched");
}

#[test]
fn what_was_found_is_remembered_for_a_while() {
    let now = DateTime::parse_from_rfc3339("2026-11-15T12:00:00Z")
        .unwrap()
        .to_utc();
    let Lead::Ask(question) = sites::look(&Url::parse("https://blog.example.org/").unwrap()) else {
        panic!()
    };
    let url = Url::parse("https://blog.example.org/feed").unwrap();
    let mut memory = Memory::default();
    memory.keep_lead(
        &question,
        sites::unanswered(&question, &Reason::NoFeed("refused".to_owned())),
        now,
    );
    memory.keep_check(&url, feed(url.as_str(), 3), now);
    let mut read = Memory::parse(memory.print().as_bytes());
    assert_eq!(read, memory);
    assert!(read.lead(&question, now).is_some());
    let later = now + chrono::TimeDelta::days(29);
    assert!(read.lead(&question, later).is_some());
    let busy = Reason::NoAnswer("it hangs".to_owned());
    read.keep_lead(&question, Lead::Nothing(busy), now);
    assert!(read.lead(&question, later).is_none());
    assert!(read.check(&url, later).is_some());
    read.forget(now + chrono::TimeDelta::days(100));
    assert_eq!(read, Memory::default());
    assert_eq!(Memory::parse(b"{\"version\":0}"), Memory::default());
}

mod back {
    use super::super::back::{Back, Fetched, Limits, Step};
    use super::*;

    fn limits() -> Limits {
        Limits::since(
            DateTime::parse_from_rfc3339("2024-01-01T00:00:00Z")
                .unwrap()
                .to_utc(),
        )
    }

    /// The titles that a way back gives, and what it asked.
    fn walk(feed: &str, answer: impl Fn(&str) -> Option<String>) -> (Vec<String>, Vec<String>) {
        let mut back = Back::new(&Url::parse(feed).unwrap(), limits());
        let (mut titles, mut asked) = (Vec::new(), Vec::new());
        while let Some(step) = back.step() {
            asked.push(step.url().to_string());
            assert!(asked.len() < 200, "it does not end");
            match answer(step.url().as_str()) {
                Some(body) => {
                    let url = step.url().clone();
                    let fetched = Fetched {
                        url: &url,
                        content_type: None,
                        body: body.as_bytes(),
                    };
                    let entries = back.take(&step, &fetched);
                    titles.extend(
                        entries
                            .iter()
                            .filter_map(|it| Some(it.title.as_ref()?.plain().into_owned())),
                    );
                }
                None => back.fail(&step),
            }
        }
        (titles, asked)
    }

    fn item(number: u32, year: u32) -> String {
        format!(
            "<item><title>{number}</title><link>https://example.org/blog/{number}</link><pubDate>Mon, 01 Jan {year} 10:00:00 GMT</pubDate></item>"
        )
    }

    fn rss(inside: &str) -> String {
        format!("<rss><channel><link>https://example.org/</link>{inside}</channel></rss>")
    }

    #[test]
    fn follows_pages_as_deep_as_wanted() {
        let (titles, asked) = walk("https://example.org/feed", |url| {
            let page: u32 = url.rsplit('=').next().unwrap().parse().unwrap_or(1);
            let next = format!("<atom:link rel='next' href='?page={}'/>", page + 1);
            Some(rss(&format!(
                "{next}{}{}",
                item(page, 2027 - page),
                item(page + 100, 2027 - page)
            )))
        });
        assert_eq!(titles, ["1", "101", "2", "102", "3", "103"]);
        assert_eq!(asked.len(), 4);
    }

    #[test]
    fn cuts_endless_pages() {
        let (titles, asked) = walk("https://example.org/feed", |url| {
            let page: u32 = url.rsplit('=').next().unwrap().parse().unwrap_or(1);
            Some(rss(&format!(
                "<atom:link rel='next' href='?page={}'/>{}",
                page + 1,
                item(1, 2026)
            )))
        });
        assert_eq!((titles.len(), asked.len()), (1, 2));
        let (titles, asked) = walk("https://example.org/feed", |url| {
            let page: u32 = url.rsplit('=').next().unwrap().parse().unwrap_or(1);
            Some(rss(&format!(
                "<atom:link rel='next' href='?page={}'/>{}",
                page + 1,
                item(page, 2026)
            )))
        });
        assert_eq!((titles.len(), asked.len()), (60, 60));
        let (_, asked) = walk("https://example.org/feed", |url| {
            let to = if url.ends_with('a') { "feed" } else { "a" };
            Some(rss(&format!(
                "<atom:link rel='next' href='{to}'/>{}",
                item(u32::from(to == "a"), 2026)
            )))
        });
        assert_eq!(asked, ["https://example.org/feed", "https://example.org/a"]);
    }

    #[test]
    fn goes_on_with_the_sites_map_where_the_feed_ends() {
        let (titles, asked) = walk("https://example.org/feed", |url| {
            match url {
            "https://example.org/feed" => Some(rss(&format!("{}{}", item(9, 2026), item(8, 2026)))),
            "https://example.org/sitemap.xml" => Some(
                "<urlset><url><loc>https://example.org/blog/9</loc></url><url><loc>https://example.org/blog/7</loc><lastmod>2025-01-01</lastmod></url>\
                 <url><loc>https://example.org/about</loc></url><url><loc>https://example.org/blog/1</loc><lastmod>2011-01-01</lastmod></url>\
                 <url><loc>https://example.org/blog/6</loc></url></urlset>"
                    .to_owned(),
            ),
            // The list of posts is not needed where there is a map.
            "https://example.org/blog/7" => {
                Some("<h1>Seven</h1><meta property=article:published_time content=2025-01-01>".to_owned())
            }
            "https://example.org/blog/6" => Some("<h1>Without a date</h1>".to_owned()),
            _ => None,
        }
        });
        assert_eq!(titles, ["9", "8", "Seven"]);
        assert_eq!(
            asked[1..],
            [
                "https://example.org/sitemap.xml",
                "https://example.org/blog/7",
                "https://example.org/blog/6"
            ]
        );
    }

    #[test]
    fn reads_the_lists_of_a_site_without_a_map() {
        let (titles, asked) = walk("https://example.org/feed", |url| {
            match url {
            "https://example.org/feed" => Some(rss(&format!("{}{}", item(9, 2026), item(8, 2026)))),
            "https://example.org/blog/" => Some(
                "<nav><a href=/>Home</a> <a href=/tags/>Tags</a> <a href=/about/>About us</a> <a href=/blog/archive/>Archive</a></nav>\
                 <a href=/blog/9>Nine</a><a href=/blog/7>Seven is here</a><time datetime=2025-02-03></time>"
                    .to_owned(),
            ),
            "https://example.org/blog/archive/" => Some(
                "<a href=/blog/6>Six is here</a> <a href=/blog/tags/>x</a><a href=/blog/archive/?page=2 rel=next>Older</a>".to_owned(),
            ),
            "https://example.org/blog/archive/?page=2" => Some(
                "<a href=/blog/7>Seven is here</a><a href=/blog/archive/?page=3 rel=next>Older</a>".to_owned(),
            ),
            "https://example.org/blog/6" => {
                Some("<h1>Six</h1><meta property=article:published_time content=2025-01-01>".to_owned())
            }
            _ => None,
        }
        });
        assert_eq!(titles, ["9", "8", "Seven is here", "Six"], "{asked:?}");
        assert_eq!(
            asked[1..],
            [
                "https://example.org/sitemap.xml",
                "https://example.org/blog/",
                "https://example.org/",
                "https://example.org/blog/archive/",
                "https://example.org/blog/archive/?page=2",
                "https://example.org/blog/6"
            ],
            "nothing is asked that cannot be a post, and no list behind one without news"
        );
    }

    #[test]
    fn a_day_in_the_address_spares_requests() {
        let post = |day: &str| format!("https://example.org/{day}/a-post.html");
        let feed = rss(&format!(
            "<item><title>a</title><link>{}</link><pubDate>Mon, 01 Jun 2026 10:00:00 GMT</pubDate></item>",
            post("2026/06/01")
        ));
        let (titles, asked) = walk("https://example.org/feed", |url| match url {
            "https://example.org/feed" => Some(feed.clone()),
            "https://example.org/" => Some(format!(
                "<a href={}>Of ropes</a><a href={}>Of old knots</a><a href={}>Read more</a>",
                post("2025/03/04"),
                post("2019/03/04"),
                post("2025/04/05")
            )),
            "https://example.org/2025/04/05/a-post.html" => Some("<h1>Of sails</h1>".to_owned()),
            _ => None,
        });
        assert_eq!(titles, ["a", "Of ropes", "Of sails"]);
        assert_eq!(asked.len(), 4, "{asked:?}");
    }

    #[test]
    fn a_feed_that_holds_everything_has_no_past() {
        let (titles, asked) = walk("https://example.org/feed", |_| {
            Some(rss(&format!("<fh:complete/>{}", item(1, 2026))))
        });
        assert_eq!((titles.len(), asked.len()), (1, 1));
        assert_eq!(
            Step::Map(Url::parse("https://a.example/").unwrap())
                .url()
                .as_str(),
            "https://a.example/"
        );
    }
}
