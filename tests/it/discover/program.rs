//! The program: what it prints, what it writes, what it asks, and what it does not.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::web::{Pages, feed_with, issue};
use crate::project::{self, Project};

fn blog() -> Pages {
    Pages::default()
        .page(
            "https://blog.example/2021/post",
            "<link rel=alternate type=application/rss+xml href=/feed>",
        )
        .feed("https://blog.example/feed")
        .feed("https://dev.to/feed/ada")
}

#[test]
fn shows_the_evidence_and_writes_nothing_by_itself() {
    let web = blog().serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://blog.example/2021/post", "https://x.com/ada"],
    );
    issue(
        &project,
        "two",
        "2022-08-03",
        &["https://blog.example/2022/other", "https://dev.to/ada/x"],
    );
    let web_of_two = "https://blog.example/2022/other";
    let run = project.run(&["sources", "discover"]).expect(0);
    // The page linked last is gone, so the site's front page and the usual places were asked.
    assert!(
        run.stdout.contains("linked twice by Ada, last in 2022-08"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("https://blog.example/feed"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("rss20, 3 entries"), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("x.com: X (Twitter) has no feeds (1 link)"),
        "{}",
        run.stdout
    );
    assert!(
        !project.path("newsdesk.db").exists(),
        "looking makes no database"
    );
    let report = project
        .run(&["sources", "discover", "--json", "--at-least", "2"])
        .expect(0)
        .json();
    let proposals = report["proposals"].as_array().unwrap();
    assert_eq!(proposals.len(), 1);
    assert_eq!(proposals[0]["evidence"]["readings"], 2);
    assert_eq!(
        proposals[0]["evidence"]["curators"],
        json!([{ "name": "Ada", "readings": 2 }])
    );
    let links = proposals[0]["evidence"]["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link == web_of_two));
}

#[test]
fn adds_what_enough_readings_link_to() {
    let web = blog().serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://blog.example/2021/post"],
    );
    issue(
        &project,
        "two",
        "2020-08-03",
        &["https://blog.example/2020/other", "https://dev.to/ada/x"],
    );
    let run = project
        .run(&["sources", "discover", "--add", "--at-least", "2"])
        .expect(0);
    assert!(run.stderr.contains("added 1 source"), "{}", run.stderr);
    let list = project.run(&["sources", "list", "--json"]).expect(0).stdout;
    assert!(
        list.contains("https://blog.example/feed") && !list.contains("dev.to"),
        "{list}"
    );
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    let known = |url: &str| {
        let proposals = report["proposals"].as_array().unwrap();
        let found = proposals.iter().find(|it| it["url"] == url).unwrap();
        found["polled"]["how"].clone()
    };
    assert_eq!(known("https://blog.example/feed"), "same-address");
    assert_eq!(known("https://dev.to/feed/ada"), Value::Null);
}

#[test]
fn asks_nobody_offline() {
    let web = blog().serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://blog.example/2021/post", "https://dev.to/ada/x"],
    );
    let report = project
        .run(&["sources", "discover", "--offline", "--json"])
        .expect(0)
        .json();
    assert_eq!(report["proposals"][0]["url"], "https://dev.to/feed/ada");
    assert_eq!(report["proposals"][0]["feed"], Value::Null);
    assert_eq!(
        report["not_looked_at"][0]["asks"],
        "https://blog.example/2021/post"
    );
    assert_eq!(web.asked(), Vec::<String>::new());
    assert!(!project.path(".newsdesk/discover.json").exists());
}

#[test]
fn respects_robots_for_pages_and_not_for_feeds() {
    let web = blog()
        .body(
            "https://blog.example/robots.txt",
            "text/plain",
            "User-agent: *\nDisallow: /\n",
        )
        .body(
            "https://dev.to/robots.txt",
            "text/plain",
            "User-agent: newsdesk\nDisallow: /\n",
        )
        .page(
            "https://broken.example/",
            "<link rel=alternate type=application/rss+xml href=/feed>",
        )
        .status("https://broken.example/robots.txt", 500)
        .serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &[
            "https://blog.example/2021/post",
            "https://dev.to/ada/x",
            "https://broken.example/",
        ],
    );
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    let urls: Vec<_> = report["proposals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["url"])
        .collect();
    assert_eq!(urls, ["https://dev.to/feed/ada"]);
    let because = report["without_feed"][0]["because"].as_str().unwrap();
    assert!(because.contains("robots.txt"), "{because}");
    let mut asked = web.asked();
    asked.sort();
    assert_eq!(
        asked,
        [
            "blog.example/robots.txt",
            "broken.example/robots.txt",
            "dev.to/feed/ada"
        ]
    );
}

#[test]
fn on_a_terminal_a_person_chooses() {
    if crate::database::is_no_file() {
        return;
    }
    let web = blog().serve();
    let project = web.newsletter();
    let links = ["https://blog.example/2021/post", "https://dev.to/ada/x"];
    issue(&project, "one", "2021-02-03", &links);
    // `script` of util-linux runs a program on a terminal of its own.
    let terminal = Command::new("script")
        .args(["--quiet", "--return", "--command"])
        .arg(format!(
            "{} sources discover",
            env!("CARGO_BIN_EXE_newsdesk")
        ))
        .arg("/dev/null")
        .current_dir(project.path(""))
        .env("NEWSDESK_NOW", project::NOW)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut terminal) = terminal else {
        println!("skipped: no `script`");
        return;
    };
    let mut typed = terminal.stdin.take().unwrap();
    typed.write_all(b"7\n2\n").unwrap();
    let output = terminal.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}");
    assert!(
        shown.contains("`7` is none of the numbers from 1 to 2"),
        "{shown}"
    );
    let added = project.run(&["sources", "list", "--json"]).expect(0).json();
    let added = added.as_array().unwrap();
    assert_eq!(added.len(), 1, "{shown}");
    let url = added[0]["url"].as_str().unwrap();
    let place = shown.find(url).unwrap();
    assert!(
        shown[..place].contains("   2  "),
        "the second was added: {shown}"
    );
    drop(typed);
}

#[test]
fn a_redirect_leads_no_further_than_robots_allow() {
    let web = blog()
        .redirect(301, "https://old.example/", "https://shut.example/")
        .page(
            "https://shut.example/",
            "<link rel=alternate type=application/rss+xml href=/feed>",
        )
        .body(
            "https://shut.example/robots.txt",
            "text/plain",
            "User-agent: *\nDisallow: /\n",
        )
        .serve();
    let project = web.newsletter();
    issue(&project, "one", "2021-02-03", &["https://old.example/"]);
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    let because = report["without_feed"][0]["because"].as_str().unwrap();
    assert!(because.contains("robots.txt"), "{because}");
    assert_eq!(
        web.asked(),
        [
            "old.example/robots.txt",
            "old.example/",
            "shut.example/robots.txt"
        ]
    );
}

#[test]
fn finds_the_feed_behind_an_address_that_is_added() {
    let web = blog().serve();
    let project = web.newsletter();
    let run = project
        .run(&["sources", "add", "https://blog.example/2021/post"])
        .expect(0);
    let list = project.run(&["sources", "list", "--json"]).expect(0).stdout;
    assert!(
        list.contains("https://blog.example/feed"),
        "{list}\n{}",
        run.stderr
    );
    let run = project
        .run(&["sources", "add", "https://twitter.com/ada"])
        .expect(2);
    assert!(
        run.stderr.contains("X (Twitter) has no feeds"),
        "{}",
        run.stderr
    );
}

#[test]
fn asks_again_when_somebody_says_so() {
    let web = blog().serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://dev.to/ada/x", "https://dead.example/"],
    );
    project.run(&["sources", "discover", "--json"]).expect(0);
    let asked = web.asked();
    assert!(asked.iter().any(|place| place.starts_with("dead.example/")));
    project
        .run(&["sources", "discover", "--json", "--fresh"])
        .expect(0);
    assert_eq!(web.asked().len(), asked.len());
    // Who adds an address may have just put a feed there; what was found is still believed.
    project
        .run(&["sources", "add", "https://dead.example/"])
        .expect(2);
    assert!(
        web.asked()
            .iter()
            .any(|place| place.starts_with("dead.example/"))
    );
    project
        .run(&["sources", "add", "https://dev.to/ada/x"])
        .expect(0);
    assert_eq!(web.asked(), Vec::<String>::new());
}

#[test]
fn brings_the_past_with_a_new_source() {
    let url = "https://blog.example/feed";
    let next = |page: &str| {
        format!("<atom:link rel=\"next\" href=\"https://blog.example/feed?page={page}\"/>")
    };
    let web = Pages::default()
        .body(
            url,
            "application/rss+xml",
            feed_with(url, &next("2"), &[201, 200]),
        )
        .body(
            "https://blog.example/feed?page=2",
            "application/rss+xml",
            feed_with(url, &next("3"), &[190, 180]),
        )
        .body(
            "https://blog.example/feed?page=3",
            "application/rss+xml",
            feed_with(url, &next("4"), &[170, 60]),
        )
        .body(
            "https://blog.example/feed?page=4",
            "application/rss+xml",
            feed_with(url, "", &[50]),
        )
        .serve();
    let project = web.newsletter();
    let run = project
        .run(&["sources", "add", "--back", "3y", url])
        .expect(0);
    assert!(
        run.stderr.contains("3 entries from its past"),
        "{}",
        run.stderr
    );
    assert_eq!(
        web.asked()
            .iter()
            .filter(|place| place.contains("page=4"))
            .count(),
        0
    );
    // What the feed itself holds is there as soon as it is added, and not of its past.
    let found = project.run(&["search", "Number"]).expect(0).stdout;
    assert!(
        found.contains("Number 180") && found.contains("Number 201"),
        "{found}"
    );
}

#[test]
fn brings_the_past_of_what_it_adds() {
    let url = "https://dev.to/feed/ada";
    let older = "<generator>https://wordpress.org/?v=6.4</generator>";
    let web = Pages::default()
        .body(
            url,
            "application/rss+xml",
            feed_with(url, older, &[201, 200]),
        )
        .body(
            "https://dev.to/feed/ada?paged=2",
            "application/rss+xml",
            feed_with(url, older, &[199]),
        )
        .serve();
    let project = web.newsletter();
    issue(&project, "one", "2021-02-03", &["https://dev.to/ada/x"]);
    let run = project
        .run(&["sources", "discover", "--add", "--back", "9y"])
        .expect(0);
    assert!(
        run.stderr.contains("1 entry from its past"),
        "{}",
        run.stderr
    );
    assert!(web.asked().contains(&"dev.to/feed/ada?paged=3".to_owned()));
}

#[test]
fn cuts_a_past_without_end() {
    let url = "https://blog.example/feed";
    let next =
        |page: &str| format!("<atom:link rel=\"next\" href=\"https://blog.example/feed{page}\"/>");
    let web = Pages::default()
        .body(
            url,
            "application/rss+xml",
            feed_with(url, &next("?page=2"), &[201, 200]),
        )
        .body(
            "https://blog.example/feed?page=2",
            "application/rss+xml",
            feed_with(url, &next("?page=3"), &[201, 200]),
        )
        .body(
            "https://blog.example/feed?page=3",
            "application/rss+xml",
            feed_with(url, &next(""), &[201]),
        )
        .serve();
    let project = web.newsletter();
    let run = project
        .run(&["sources", "add", "--back", "3y", url])
        .expect(0);
    assert!(
        run.stderr
            .contains("0 entries from its past; a further page held nothing new"),
        "{}",
        run.stderr
    );
    assert!(!web.asked().iter().any(|place| place.contains("page=3")));
}

#[test]
fn stops_when_the_time_is_up_and_goes_on_the_next_time() {
    let web = blog().serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://blog.example/2021/post", "https://dev.to/ada/x"],
    );
    let run = project
        .run(&["sources", "discover", "--json", "--for", "1ms"])
        .expect(0);
    assert!(run.stderr.contains("the time was up"), "{}", run.stderr);
    assert_eq!(
        run.json()["not_looked_at"][0]["asks"],
        "https://blog.example/2021/post"
    );
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    assert_eq!(report["not_looked_at"], json!([]));
    assert_eq!(report["proposals"].as_array().unwrap().len(), 2);
}

#[test]
fn asks_one_host_a_hundred_times_at_most() {
    let web = Pages::default().serve();
    let project = web.newsletter();
    let links: Vec<String> = (0..40)
        .map(|number| format!("https://github.com/ada/engine{number}"))
        .collect();
    issue(
        &project,
        "one",
        "2021-02-03",
        &links.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let run = project.run(&["sources", "discover", "--json"]).expect(0);
    assert!(
        run.stderr.contains("asked enough for one run"),
        "{}",
        run.stderr
    );
    assert_eq!(web.asked().len(), 100);
    let run = project.run(&["sources", "discover", "--json"]).expect(0);
    assert_eq!((run.stderr.as_str(), web.asked().len()), ("", 20));
}

#[test]
fn leaves_a_host_alone_that_asked_for_a_pause() {
    let web = blog()
        .status("https://busy.example/", 429)
        .page(
            "https://busy.example/two",
            "<link rel=alternate type=application/rss+xml href=/feed>",
        )
        .serve();
    let project = web.newsletter();
    project
        .run(&["sources", "add", "https://dev.to/ada"])
        .expect(0);
    issue(&project, "one", "2021-02-03", &["https://busy.example/"]);
    project.run(&["sources", "discover", "--json"]).expect(0);
    issue(&project, "two", "2022-02-03", &["https://busy.example/two"]);
    web.asked();
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    assert_eq!(web.asked(), Vec::<String>::new());
    assert_eq!(
        report["not_looked_at"][0]["asks"],
        "https://busy.example/two"
    );
}

#[test]
fn proposes_authors_only_where_they_are_asked_for() {
    let author = "https://export.arxiv.org/api/query?search_query=au%3A%22A.+Lovelace%22&sortBy=submittedDate&sortOrder=descending&max_results=50";
    let web = Pages::default()
        .body(
            "https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
            "application/atom+xml",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/abs/2005.12872v3</id><title>t</title>\
             <author><name>A. Lovelace</name></author><category term='cs.CV'/></entry></feed>",
        )
        .feed("https://rss.arxiv.org/atom/cs.CV")
        .feed(author)
        .serve();
    let project = web.newsletter();
    issue(
        &project,
        "one",
        "2021-02-03",
        &["https://arxiv.org/abs/2005.12872"],
    );
    let urls = |arguments: &[&str]| -> Vec<String> {
        let report = project.run(arguments).expect(0).json();
        let proposals = report["proposals"].as_array().unwrap().iter();
        proposals
            .map(|it| it["url"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        urls(&["sources", "discover", "--json"]),
        ["https://rss.arxiv.org/atom/cs.CV"]
    );
    assert_eq!(
        urls(&["sources", "discover", "--json", "--authors"]),
        ["https://rss.arxiv.org/atom/cs.CV", author]
    );
}

#[test]
fn the_sample_knows_the_sites_of_its_own_sources_offline_without_a_warning() {
    let project = Project::sample();
    let run = project.run(&["run"]).expect(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let line = "1 source behind past links is not polled; `newsdesk sources discover` shows it";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    let run = project.run(&["run", "--quiet"]).expect(0);
    assert_eq!(run.stderr, "");
    let sites = [
        (
            "https://harbour.example/log/2026/ropes",
            "harbour-log.atom.xml",
        ),
        ("https://slowsignals.example/12", "slow-signals.rss.xml"),
        (
            "https://preprints.example/abs/2601.00001",
            "preprints.rss.xml",
        ),
        ("https://sharptools.example/plane", "sharp-tools.json"),
        ("https://planet.example/", "planet.rss.xml"),
    ];
    issue(&project, "own", "2026-11-02", &sites.map(|(link, _)| link));
    let run = project
        .run(&["sources", "discover", "--offline", "--json"])
        .expect(0);
    assert_eq!(run.stderr, "");
    let report = run.json();
    for (link, file) in sites {
        let has = |it: &&Value| {
            it["evidence"]["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|known| known == link)
        };
        let known = report["proposals"].as_array().unwrap().iter().find(has);
        let url = known.and_then(|it| it["polled"]["url"].as_str());
        assert!(
            url.is_some_and(|url| url.ends_with(file)),
            "{link}: {url:?}"
        );
    }
    let text = project.run(&["sources", "discover", "--offline"]).expect(0);
    assert!(text.stdout.contains("5 polled already"), "{}", text.stdout);
    assert_eq!(text.stderr, "");
}

#[test]
fn every_reading_of_a_real_issue_ends_in_the_right_kind_of_source() {
    let Some(archive) = project::archive("fast-forward-labs/issues") else {
        return;
    };
    let web = real_web().serve();
    let project = web.newsletter();
    let name = "2021-02-first-version.md";
    project.write(
        &format!("issues/{name}"),
        fs::read(archive.join(name)).unwrap(),
    );
    let report = project
        .run(&["sources", "discover", "--json"])
        .expect(0)
        .json();
    let kinds = [
        (
            "https://openai.com/blog/clip/",
            "https://openai.com/news/rss.xml",
        ),
        (
            "https://www.shreya-shankar.com/8d5c6ec070babe7c23d3d5b68384a8bd/retrospective.pdf",
            "https://www.shreya-shankar.com/rss.xml",
        ),
        (
            "https://arxiv.org/pdf/2005.12872v2.pdf",
            "https://rss.arxiv.org/atom/cs.CV",
        ),
        (
            "https://generallyintelligent.ai/",
            "https://feeds.example.net/generally-intelligent",
        ),
        (
            "https://www.nature.com/articles/s42256-019-0138-9",
            "https://www.nature.com/natmachintell.rss",
        ),
        (
            "https://blog.fastforwardlabs.com/2020/11/15/representation-learning-101-for-software-engineers.html",
            "https://blog.fastforwardlabs.com/feed.xml",
        ),
        (
            "https://victordibia.com/blog/ai-breakthroughs-feb21/",
            "https://victordibia.com/rss.xml",
        ),
    ];
    for (link, feed) in kinds {
        let proposals = report["proposals"].as_array().unwrap();
        let has = |it: &&Value| {
            it["evidence"]["links"]
                .as_array()
                .unwrap()
                .iter()
                .any(|known| known == link)
        };
        let found: Vec<_> = proposals
            .iter()
            .filter(has)
            .map(|it| it["url"].as_str().unwrap())
            .collect();
        assert_eq!(found.first(), Some(&feed), "{link}: {found:?}");
    }
    let podcast = report["proposals"].as_array().unwrap().iter();
    let podcast = podcast
        .into_iter()
        .find(|it| it["url"] == "https://feeds.example.net/generally-intelligent");
    assert_eq!(podcast.unwrap()["kind"], "podcast");
}

/// What the hosts of that issue might answer.
fn real_web() -> Pages {
    let declared = |feed: &str| {
        format!("<link rel=\"alternate\" type=\"application/rss+xml\" href=\"{feed}\">")
    };
    let audio = "<rss><channel><title>A podcast</title><item><title>One</title>\
         <enclosure url=\"https://feeds.example.net/1.mp3\" type=\"audio/mpeg\" length=\"1\"/></item></channel></rss>";
    Pages::default()
        .page("https://openai.com/blog/clip/", declared("/news/rss.xml"))
        .feed("https://openai.com/news/rss.xml")
        .page("https://www.shreya-shankar.com/", "<p>Essays.")
        .feed("https://www.shreya-shankar.com/rss.xml")
        .body(
            "https://export.arxiv.org/api/query?id_list=2005.12872&max_results=1",
            "application/atom+xml",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>http://arxiv.org/abs/2005.12872v3</id><title>t</title>\
             <category term='cs.CV'/></entry></feed>",
        )
        .feed("https://rss.arxiv.org/atom/cs.CV")
        .page("https://generallyintelligent.ai/", declared("https://feeds.example.net/generally-intelligent"))
        .body("https://feeds.example.net/generally-intelligent", "application/rss+xml", audio)
        .feed("https://www.nature.com/natmachintell.rss")
        .page("https://blog.fastforwardlabs.com/2020/11/15/representation-learning-101-for-software-engineers.html", "<p>")
        .page("https://blog.fastforwardlabs.com/", "<meta name=generator content=\"Jekyll v4\">")
        .feed("https://blog.fastforwardlabs.com/feed.xml")
        .page("https://victordibia.com/blog/ai-breakthroughs-feb21/", declared("/rss.xml"))
        .feed("https://victordibia.com/rss.xml")
}

#[test]
fn adds_nothing_that_nobody_has_read() {
    let links: Vec<String> = (0..110)
        .map(|number| format!("https://github.com/ada/engine{number}"))
        .collect();
    let mut pages = Pages::default();
    for link in &links {
        pages = pages.feed(&format!("{link}/releases.atom"));
    }
    let web = pages.serve();
    let project = web.newsletter();
    let all: Vec<&str> = links.iter().map(String::as_str).collect();
    issue(&project, "one", "2021-02-03", &all);
    let run = project.run(&["sources", "discover", "--add"]).expect(0);
    assert!(
        run.stderr.contains("(10 addresses of github.com are left)"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("10 feeds were not read yet and so not added"),
        "{}",
        run.stderr
    );
    let list = project.run(&["sources", "list", "--json"]).expect(0).json();
    assert_eq!(list.as_array().unwrap().len(), 100);
}

#[test]
fn brings_the_past_of_all_that_is_polled_and_goes_on_where_it_stopped() {
    let url = "https://blog.example/feed";
    let mut pages = Pages::default()
        .body(
            url,
            "application/rss+xml",
            feed_with(url, "", &[203, 202, 201, 200]),
        )
        .feed("https://dev.to/feed/ada");
    let mut map = String::from("<urlset><url><loc>https://blog.example/about</loc></url>");
    for number in 1..=130 {
        let page = format!("https://blog.example/post/{number}");
        map.push_str("<url><loc>");
        map.push_str(&page);
        map.push_str("</loc></url>");
        pages = pages.page(
            &page,
            format!("<h1>Old {number}</h1><time datetime=2025-02-03>"),
        );
    }
    map.push_str("</urlset>");
    let web = pages
        .body("https://blog.example/sitemap.xml", "text/xml", map)
        .serve();
    let project = web.newsletter();
    let add = ["sources", "add", "--as-is", url, "https://dev.to/feed/ada"];
    project.run(&add).expect(0);
    let run = project.run(&["sources", "back", "3y"]).expect(0);
    assert!(
        run.stderr
            .contains("there are more pages than are read in one run"),
        "{}",
        run.stderr
    );
    let first = web.asked().len();
    let run = project.run(&["sources", "back", "3y"]).expect(0);
    assert!(
        run.stderr.contains("30 entries from its past"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("the past of 1 source is here already"),
        "{}",
        run.stderr
    );
    assert!(web.asked().len() < first / 2);
    project.run(&["sources", "back", "2y"]).expect(0);
    assert_eq!(
        web.asked(),
        Vec::<String>::new(),
        "what is here is not asked for again"
    );
    let found = project.run(&["search", "Old 130"]).expect(0).stdout;
    assert!(found.contains("Old 130"), "{found}");
}
