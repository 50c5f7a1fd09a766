use super::*;

/// What a lead says, as [`Shape::leads_to`] writes it.
fn said(lead: &Lead) -> String {
    match lead {
        Lead::Feeds { feeds, .. } => feeds[0].url.to_string(),
        Lead::Ask(question) => format!("? {}", question.url),
        Lead::Elsewhere(url) => format!("> {url}"),
        Lead::Nothing(_) => "-".to_owned(),
    }
}

#[test]
fn every_shape_leads_where_its_site_says() {
    let mut wrong = Vec::new();
    for site in SITES {
        for shape in site.shapes {
            let url = Url::parse(shape.link).unwrap();
            let found = said(&look(&url));
            if found != shape.leads_to {
                wrong.push(format!(
                    "{}\n  expected {}\n  found    {found}",
                    shape.link, shape.leads_to
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_of_sites_are_unique() {
    let mut names: Vec<&str> = SITES.iter().map(|site| site.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// What comes of a link, given the answer to its question.
fn answered(link: &str, from: &str, content_type: &str, body: &str) -> Lead {
    let Lead::Ask(question) = look(&url(link)) else {
        panic!("`{link}` asks nothing");
    };
    let from = url(from);
    read(
        &question,
        &Answer {
            url: &from,
            status: 200,
            content_type: Some(content_type),
            links: &[],
            body: body.as_bytes(),
        },
    )
}

/// A page at its own address.
fn page(link: &str, body: &str) -> Lead {
    answered(link, link, "text/html", body)
}

fn all(lead: &Lead) -> Vec<String> {
    match lead {
        Lead::Feeds { feeds, .. } => feeds.iter().map(|feed| feed.url.to_string()).collect(),
        other => vec![said(other)],
    }
}

#[test]
fn arxiv_puts_the_primary_category_first() {
    let lead = answered(
        "https://arxiv.org/pdf/2005.12872v2.pdf",
        "https://export.arxiv.org/api/query?id_list=2005.12872",
        "application/atom+xml",
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>q</title><updated>2020-05-28T00:00:00Z</updated>
        <entry><id>http://arxiv.org/abs/2001.00001v1</id><title>Another</title><updated>2020-05-28T00:00:00Z</updated>
          <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="math.CO"/><category term="math.CO"/></entry>
        <entry><id>http://arxiv.org/abs/2005.12872v3</id><title>One</title><updated>2020-05-28T00:00:00Z</updated>
          <author><name>N. Carion</name></author><category term="cs.AI"/><category term="cs.CV"/><category term="68T45"/>
          <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CV" scheme="x"/></entry></feed>"#,
    );
    assert_eq!(
        all(&lead),
        [
            "https://rss.arxiv.org/atom/cs.CV",
            "https://rss.arxiv.org/atom/cs.AI",
            "https://export.arxiv.org/api/query?search_query=au%3A%22N.+Carion%22&sortBy=submittedDate&sortOrder=descending&max_results=50",
        ]
    );
    let Lead::Feeds { feeds, .. } = lead else {
        panic!()
    };
    assert_eq!(
        feeds.iter().map(|feed| feed.on_request).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn several_papers_are_one_question() {
    let questions: Vec<Question> = ["2005.12872", "1911.01429v2"]
        .iter()
        .filter_map(
            |number| match look(&url(&format!("https://arxiv.org/abs/{number}"))) {
                Lead::Ask(question) => Some(question),
                _ => None,
            },
        )
        .collect();
    let joined = join(&questions.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(
        joined.as_str(),
        "https://export.arxiv.org/api/query?id_list=2005.12872,1911.01429&max_results=2"
    );
}

#[test]
fn apple_tells_the_feed_of_a_show() {
    let body = r#"{"resultCount":1,"results":[{"collectionId":1544503192,"collectionName":"A show","feedUrl":"https://feeds.example.org/show"}]}"#;
    let link = "https://podcasts.apple.com/us/podcast/a-show/id1544503192";
    let lead = answered(
        link,
        "https://itunes.apple.com/lookup",
        "text/javascript",
        body,
    );
    assert_eq!(all(&lead), ["https://feeds.example.org/show"]);
    let hostile = body.replace("https://feeds", "file:///etc/passwd?");
    let lead = answered(
        link,
        "https://itunes.apple.com/lookup",
        "text/javascript",
        &hostile,
    );
    assert_eq!(said(&lead), "-");
}

#[test]
fn a_video_leads_to_its_channel() {
    let video = "https://www.youtube.com/watch?v=c_AUuTuPA5k";
    let lead = answered(
        video,
        "https://www.youtube.com/oembed",
        "application/json",
        r#"{"author_name":"A channel","author_url":"https://www.youtube.com/@achannel"}"#,
    );
    assert_eq!(said(&lead), "> https://www.youtube.com/@achannel");
    let lead = page(
        "https://www.youtube.com/@achannel",
        r#"<link rel="canonical" href="https://www.youtube.com/channel/UCaYhcUwRBNscFNUKTjgPFiA">"#,
    );
    assert_eq!(
        all(&lead),
        [
            "https://www.youtube.com/feeds/videos.xml?playlist_id=UULFaYhcUwRBNscFNUKTjgPFiA",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCaYhcUwRBNscFNUKTjgPFiA",
        ]
    );
    let hostile = r#"{"author_url":"https://evil.example/@achannel"}"#;
    let lead = answered(
        video,
        "https://www.youtube.com/oembed",
        "application/json",
        hostile,
    );
    assert_eq!(said(&lead), "-");
}

#[test]
fn pages_of_publishers_name_their_journal() {
    let lead = page(
        "https://dl.acm.org/doi/10.1145/3448250",
        r#"<a href="/journal/cacm" title="CACM">Communications</a>"#,
    );
    assert_eq!(
        all(&lead),
        ["https://dl.acm.org/action/showFeed?type=etoc&feed=rss&jc=cacm"]
    );
    let lead = page(
        "https://dl.acm.org/doi/10.1145/1",
        "<a href='/doi/proceedings/1'>Proceedings</a>",
    );
    assert_eq!(said(&lead), "-");
    let lead = page(
        "https://ieeexplore.ieee.org/document/9134370",
        r#"{"publicationNumber":"34","isConference":false}"#,
    );
    assert_eq!(all(&lead), ["https://ieeexplore.ieee.org/rss/TOC34.XML"]);
}

#[test]
fn the_sites_own_feed_wins() {
    let lead = page(
        "https://blog.example.org/2021/01/a-post/",
        r#"<link rel="alternate" type="application/rss+xml" title="A post Comments Feed" href="/2021/01/a-post/feed/">
           <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
           <link rel="alternate" type="application/rss+xml" title="This post" href="/2021/01/a-post/rss">
           <link rel="alternate" type="application/rss+xml" title="Blog" href="/feed/">
           <a href="https://other.example/rss.xml">RSS</a>"#,
    );
    assert_eq!(
        all(&lead),
        [
            "https://blog.example.org/feed/",
            "https://blog.example.org/2021/01/a-post/rss",
        ]
    );
}

#[test]
fn a_category_means_its_own_feed() {
    let lead = page(
        "https://blog.example.org/category/rust/",
        r#"<link rel="alternate" type="application/rss+xml" href="/feed/">
           <link rel="alternate" type="application/rss+xml" href="/category/rust/feed/">"#,
    );
    assert_eq!(
        all(&lead)[0],
        "https://blog.example.org/category/rust/feed/"
    );
}

#[test]
fn a_page_without_feeds_leads_to_the_front_page_and_then_to_guesses() {
    let link = "https://example.org/blog/2021/post";
    let lead = page(link, "<p>nothing");
    assert_eq!(said(&lead), "? https://example.org/blog/");
    let Lead::Ask(section) = lead else { panic!() };
    let empty = |question: &Question, status: u16, body: &str| {
        read(
            question,
            &Answer {
                url: &question.url,
                status,
                content_type: Some("text/html"),
                links: &[],
                body: body.as_bytes(),
            },
        )
    };
    let lead = empty(&section, 404, "");
    assert_eq!(said(&lead), "? https://example.org/");
    let Lead::Ask(front) = lead else { panic!() };
    let lead = empty(
        &front,
        200,
        "<meta name=\"generator\" content=\"Hugo 0.80\">",
    );
    assert_eq!(
        all(&lead)[..2],
        [
            "https://example.org/index.xml",
            "https://example.org/blog/index.xml"
        ]
    );
    let lead = empty(&front, 200, "<meta name=generator content=\"mdBook\">");
    assert_eq!(said(&lead), "https://example.org/blog/feed/");
    assert_eq!(said(&empty(&front, 0, "")), "-");
    assert_eq!(said(&empty(&front, 429, "")), "-");
}

#[test]
fn link_headers_count() {
    let question = front(&url("https://example.org/"));
    let links = [
        "<https://example.org/style.css>; rel=preload; as=style, </feed.json>; rel=\"alternate\"; type=\"application/feed+json\""
            .to_owned(),
    ];
    let answer = Answer {
        url: &question.url,
        status: 200,
        content_type: Some("text/html"),
        links: &links,
        body: b"<p>",
    };
    assert_eq!(
        all(&read(&question, &answer)),
        ["https://example.org/feed.json"]
    );
}

#[test]
fn hostile_links_lead_nowhere() {
    let lead = page(
        "https://example.org/",
        r#"<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
           <link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">
           <link rel="alternate" type="application/rss+xml" href="/real.xml">"#,
    );
    assert_eq!(all(&lead), ["https://example.org/real.xml"]);
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "file:///etc/passwd",
    ] {
        assert!(
            matches!(look(&url(link)), Lead::Nothing(Reason::NotWeb(_))),
            "{link}"
        );
    }
}

#[test]
fn a_redirect_to_a_known_site_goes_by_its_rules() {
    let lead = answered(
        "https://short.example/abc",
        "https://github.com/rust-lang/rust",
        "text/html",
        "<p>",
    );
    assert_eq!(said(&lead), "> https://github.com/rust-lang/rust");
    let lead = answered(
        "https://doi.org/10.9999/x",
        "https://journal.example/article/x",
        "text/html",
        "<link rel=alternate type=application/atom+xml href=/journal.atom>",
    );
    assert_eq!(all(&lead), ["https://journal.example/journal.atom"]);
}

#[test]
fn a_package_without_a_feed_leads_to_its_repository() {
    let npm = |body: &str| {
        answered(
            "https://www.npmjs.com/package/@ada/engine",
            "https://registry.npmjs.org/@ada%2Fengine/latest",
            "application/json",
            body,
        )
    };
    let lead =
        npm(r#"{"repository":{"type":"git","url":"git+https://github.com/ada/engine.git"}}"#);
    assert_eq!(said(&lead), "> https://github.com/ada/engine");
    assert_eq!(
        said(&npm(r#"{"repository":"github:ada/engine"}"#)),
        "> https://github.com/ada/engine"
    );
    for nowhere in [
        r#"{"repository":"https://here.example/ada/engine"}"#,
        "{}",
        "<p>busy",
    ] {
        assert_eq!(said(&npm(nowhere)), "-", "{nowhere}");
    }
    let cabal = |body: &str| {
        answered(
            "https://hackage.haskell.org/package/lens",
            "https://hackage.haskell.org/package/lens/lens.cabal",
            "text/plain",
            body,
        )
    };
    let lead = cabal(
        "name: lens\nhomepage: https://lens.example/\nsource-repository head\n  type: git\n  location: git://github.com/ekmett/lens.git\n",
    );
    assert_eq!(said(&lead), "> https://github.com/ekmett/lens");
    let lead = cabal("name: lens\n");
    assert_eq!(
        said(&lead),
        "https://hackage.haskell.org/packages/recent.rss"
    );
}
