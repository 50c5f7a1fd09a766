//! What a build promises: whole documents, the same bytes, nothing lost, nothing written in vain.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use crate::project::{self, CONFIG, Project};

const PUBLIC: &str = "feeds/public";

fn build(project: &Project) -> serde_json::Value {
    project.run(&["build", "--json"]).expect(0).json()
}

fn written(report: &serde_json::Value) -> Vec<String> {
    report["written"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|path| path.as_str().expect("a path").to_owned())
        .collect()
}

fn three_issues() -> Project {
    let project = Project::new(CONFIG);
    project.issue("one", "2025-01-31");
    project.issue("two", "2025-02-28");
    project.issue("three", "2026-03-31");
    project
}

#[test]
fn the_checked_in_documents_are_what_the_sample_builds() {
    let project = Project::sample();
    build(&project);
    let here = project::tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join(PUBLIC));
    let built = project.tree(PUBLIC);
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&here), names(&built));
    for (path, bytes) in &built {
        assert!(
            here[path] == *bytes,
            "`{path}` differs: run `cargo run --release -- run`"
        );
    }
}

#[test]
fn the_sample_has_nothing_to_mend() {
    let run = Project::sample().run(&["check", "--strict"]).expect(0);
    assert_eq!(run.stderr, "checked 5 issues: nothing to mend\n");
}

#[test]
fn a_second_build_writes_nothing_and_says_so() {
    let project = three_issues();
    build(&project);
    let before = stamps(&project);
    let run = project.run(&["build"]).expect(0);
    assert!(run.stderr.contains("nothing to write"), "{}", run.stderr);
    assert_eq!(stamps(&project), before);
    assert_eq!(run.stdout, "");
    let quiet = project.run(&["build", "--quiet"]).expect(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn a_build_without_its_cache_writes_nothing_new() {
    let project = three_issues();
    build(&project);
    let before = stamps(&project);
    fs::remove_dir_all(project.path(".newsdesk")).unwrap();
    assert_eq!(written(&build(&project)), Vec::<String>::new());
    assert_eq!(stamps(&project), before);
}

/// When each document was last written.
fn stamps(project: &Project) -> BTreeMap<String, std::time::SystemTime> {
    project
        .tree(PUBLIC)
        .into_keys()
        .map(|path| {
            let metadata = fs::metadata(project.path(PUBLIC).join(&path)).unwrap();
            (path, metadata.modified().unwrap())
        })
        .collect()
}

#[test]
fn the_same_input_gives_the_same_bytes_anywhere_and_any_time() {
    let one = three_issues();
    let other = three_issues();
    build(&one);
    other.run_at("2031-01-01T00:00:00Z", &["build"]).expect(0);
    assert_eq!(one.tree(PUBLIC), other.tree(PUBLIC));
    let mut elsewhere = other.command(&["build", "--quiet"]);
    elsewhere.env("TZ", "Asia/Tokyo").env("LC_ALL", "C");
    fs::remove_dir_all(other.path(".newsdesk")).unwrap();
    assert!(elsewhere.status().unwrap().success());
    assert_eq!(one.tree(PUBLIC), other.tree(PUBLIC));
}

#[test]
fn building_in_steps_gives_what_building_at_once_gives() {
    let stepwise = Project::new(CONFIG);
    for (stem, date) in [
        ("one", "2025-01-31"),
        ("two", "2025-02-28"),
        ("three", "2026-03-31"),
    ] {
        stepwise.issue(stem, date);
        build(&stepwise);
    }
    let at_once = three_issues();
    build(&at_once);
    assert_eq!(stepwise.tree(PUBLIC), at_once.tree(PUBLIC));
}

#[test]
fn one_changed_issue_touches_only_what_shows_it() {
    let project = three_issues();
    build(&project);
    let text = project.read("issues/one.md").replace("Hello", "Good day");
    project.write("issues/one.md", text);
    let written: BTreeSet<String> = written(&build(&project)).into_iter().collect();
    assert!(written.contains("atom.xml") && written.contains("issues/one/index.html"));
    assert!(written.contains("email/one.txt") && written.contains("email/one.html"));
    assert!(!written.contains("issues/three/index.html"), "{written:?}");
    assert!(!written.contains("email/two.html") && !written.contains("readings/atom.xml"));
}

#[test]
fn an_error_leaves_the_last_good_documents() {
    let project = three_issues();
    build(&project);
    let before = project.tree(PUBLIC);
    project.write(
        "issues/four.md",
        "---\ntitle: Four\ndate: 2026-13-01\n---\nText.\n",
    );
    project.write("issues/five.md", "---\ntitle: [Five\n---\nText.\n");
    let run = project.run(&["build"]).expect(1);
    assert!(run.stderr.contains("issues/four.md:3:7"), "{}", run.stderr);
    assert!(
        run.stderr.contains("issues/five.md:"),
        "all errors are shown: {}",
        run.stderr
    );
    assert!(run.stderr.contains("nothing was written"), "{}", run.stderr);
    assert_eq!(project.tree(PUBLIC), before);
}

#[test]
fn a_document_goes_with_its_issue_but_only_if_newsdesk_made_it() {
    let project = three_issues();
    build(&project);
    project.write(&format!("{PUBLIC}/issues/one/notes.html"), "mine");
    project.write(&format!("{PUBLIC}/robots.txt"), "mine");
    fs::remove_file(project.path("issues/one.md")).unwrap();
    let report = build(&project);
    let removed = report["removed"].to_string();
    assert!(removed.contains("issues/one/index.html") && removed.contains("email/one.txt"));
    assert!(!project.path(PUBLIC).join("issues/one/index.html").exists());
    assert_eq!(
        project.read(&format!("{PUBLIC}/issues/one/notes.html")),
        "mine"
    );
    assert_eq!(project.read(&format!("{PUBLIC}/robots.txt")), "mine");
}

#[test]
fn a_manifest_cannot_make_it_remove_files_elsewhere() {
    let project = three_issues();
    build(&project);
    project.write("precious.txt", "mine");
    let manifest = project.read(&format!("{PUBLIC}/manifest.json"));
    let evil = manifest.replacen(
        "\"atom.xml\"",
        "\"../../precious.txt\": \"00\",\n\"atom.xml\"",
        1,
    );
    project.write(&format!("{PUBLIC}/manifest.json"), evil);
    project.issue("four", "2026-04-30");
    build(&project);
    assert_eq!(project.read("precious.txt"), "mine");
}

#[test]
fn a_file_of_somebody_else_is_not_replaced() {
    let project = three_issues();
    project.write(&format!("{PUBLIC}/index.html"), "mine");
    let run = project.run(&["build"]).expect(2);
    assert!(
        run.stderr
            .contains("index.html` is in the way: newsdesk did not make it")
    );
    assert_eq!(project.tree(PUBLIC).len(), 1, "nothing else was written");
    project.run(&["build", "--overwrite"]).expect(0);
    assert_ne!(project.read(&format!("{PUBLIC}/index.html")), "mine");
}

#[test]
fn drafts_and_future_issues_are_held_back_until_they_are_due() {
    let project = three_issues();
    project.issue("later", "2026-12-01");
    project.write(
        "issues/draft.md",
        "---\ntitle: D\ndate: 2026-01-01\ndraft: true\n---\nX\n",
    );
    let run = project.run(&["build"]).expect(0);
    assert!(run.stderr.contains("dated in the future"), "{}", run.stderr);
    assert!(run.stderr.contains("2 held back"), "{}", run.stderr);
    assert!(
        !project
            .read("feeds/public/atom.xml")
            .contains("Issue later")
    );
    // The file did not change, the clock did.
    project.run_at("2026-12-01T00:00:01Z", &["build"]).expect(0);
    let atom = project.read("feeds/public/atom.xml");
    assert!(atom.contains("Issue later") && !atom.contains("<title>D</title>"));
    assert!(
        project
            .read("feeds/public/readings/atom.xml")
            .contains("On later")
    );
}

#[test]
fn ids_survive_a_new_title_and_a_new_address() {
    let ids = |project: &Project| {
        let feed: serde_json::Value =
            serde_json::from_str(&project.read("feeds/public/feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["id"].to_string())
            .collect::<Vec<_>>()
    };
    let project = three_issues();
    build(&project);
    let before = ids(&project);
    let text = project
        .read("issues/two.md")
        .replace("Issue two", "A better title");
    project.write("issues/two.md", text);
    project.write(
        "config.toml",
        CONFIG.replace("https://test.example/", "https://new.example/x/"),
    );
    build(&project);
    assert_eq!(ids(&project), before);
    assert!(
        project
            .read("feeds/public/feed.json")
            .contains("https://new.example/x/issues/two/")
    );
}

/// A newsletter with small documents: two entries each.
fn long_archive() -> Project {
    let project = Project::new(&format!("{CONFIG}[feeds]\nentries = 2\nreadings = 2\n"));
    for (year, months) in [(2023, 5), (2024, 3), (2025, 1)] {
        for month in 1..=months {
            project.issue(
                &format!("{year}-{month:02}"),
                &format!("{year}-{month:02}-15"),
            );
        }
    }
    project
}

#[test]
fn every_entry_can_be_reached_from_the_feed() {
    let project = long_archive();
    build(&project);
    for (first, entries) in [
        ("atom.xml", 9),
        ("readings/atom.xml", 9),
        ("readings/curator/ada/atom.xml", 9),
    ] {
        let mut seen = BTreeSet::new();
        let mut next = Some(first.to_owned());
        let mut documents = 0;
        while let Some(path) = next {
            let feed = feed_rs::parser::parse(project.read(&format!("{PUBLIC}/{path}")).as_bytes())
                .unwrap();
            seen.extend(feed.entries.into_iter().map(|entry| entry.id));
            next = feed
                .links
                .iter()
                .find(|link| link.rel.as_deref() == Some("prev-archive"))
                .map(|link| link.href.replace("https://test.example/", ""));
            documents += 1;
        }
        assert_eq!(seen.len(), entries, "{first}");
        assert_eq!(documents, 6, "{first}");
    }
}

#[test]
fn json_feed_leads_through_the_archive_too() {
    let project = long_archive();
    build(&project);
    let mut seen = BTreeSet::new();
    let mut next = Some("feed.json".to_owned());
    while let Some(path) = next {
        let feed: serde_json::Value =
            serde_json::from_str(&project.read(&format!("{PUBLIC}/{path}"))).unwrap();
        seen.extend(
            feed["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].to_string()),
        );
        next = feed["next_url"]
            .as_str()
            .map(|url| url.replace("https://test.example/", ""));
    }
    assert_eq!(seen.len(), 9);
}

#[test]
fn a_full_archive_document_never_changes_again() {
    let project = long_archive();
    let is_full = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("<fh:archive");
    let mut full: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for month in 2..=9 {
        build(&project);
        let tree = project.tree(PUBLIC);
        for (path, bytes) in &full {
            assert!(tree[path] == *bytes, "`{path}` changed");
        }
        full.extend(
            tree.into_iter()
                .filter(|(path, bytes)| !path.ends_with("feed.json") && is_full(bytes)),
        );
        project.issue(&format!("2025-{month:02}"), &format!("2025-{month:02}-15"));
    }
    assert!(full.len() > 20, "{} full documents", full.len());
}

#[test]
fn next_archive_leads_to_a_document_that_exists() {
    let project = long_archive();
    build(&project);
    let tree = project.tree(PUBLIC);
    let mut led = 0;
    for bytes in tree.values() {
        let text = String::from_utf8_lossy(bytes);
        for part in text.split("<link ").chain(text.split("<atom:link ")) {
            let tag = part.split('>').next().unwrap_or("");
            if tag.contains("rel=\"next-archive\"") || tag.contains("rel=\"prev-archive\"") {
                let url = tag
                    .split("href=\"")
                    .nth(1)
                    .and_then(|rest| rest.split('"').next())
                    .unwrap();
                assert!(
                    tree.contains_key(&url.replace("https://test.example/", "")),
                    "{url}"
                );
                led += 1;
            }
        }
    }
    assert!(led > 20, "{led} links");
}

#[test]
fn no_document_is_larger_than_the_configuration_allows() {
    let project = Project::new(&format!("{CONFIG}[feeds]\nmax_bytes = 60_000\n"));
    for day in 1..=28 {
        let text = "A sentence with <b>marks</b> & \"quotes\". ".repeat(200);
        project.write(
            &format!("issues/{day:02}.md"),
            format!("---\ntitle: Day {day}\ndate: 2026-02-{day:02}\n---\n{text}\n"),
        );
    }
    build(&project);
    for (path, bytes) in project.tree(PUBLIC) {
        let feed =
            path.ends_with("atom.xml") || path.ends_with("rss.xml") || path.ends_with("feed.json");
        assert!(!feed || bytes.len() <= 60_000, "`{path}`: {}", bytes.len());
    }
    assert!(
        project
            .path(PUBLIC)
            .join("archive/2026-2/atom.xml")
            .exists()
    );
}

#[test]
fn no_reader_ever_sees_half_a_document() {
    let project = Project::new(&format!("{CONFIG}[feeds]\nmax_bytes = 10_000_000\n"));
    project.issue("one", "2025-01-31");
    // Large enough that writing it in place would take a while.
    let text = "Many words, and then some more. ".repeat(4_000);
    project.write(
        "issues/long.md",
        format!("---\ntitle: Long\ndate: 2026-05-01\n---\n{text}\n"),
    );
    project.run(&["build"]).expect(0);
    let done = Arc::new(AtomicBool::new(false));
    let path = project.path(PUBLIC).join("atom.xml");
    let reader = std::thread::spawn({
        let done = Arc::clone(&done);
        move || {
            let mut reads = 0_usize;
            while !done.load(Ordering::Relaxed) {
                let bytes = fs::read(&path).expect("the document is always there");
                assert!(
                    bytes.starts_with(b"<?xml") && bytes.trim_ascii_end().ends_with(b"</feed>"),
                    "half a document of {} bytes",
                    bytes.len()
                );
                reads += 1;
            }
            reads
        }
    });
    for round in 0..100 {
        project.write(
            "issues/one.md",
            format!("---\ntitle: Round {round}\ndate: 2025-01-31\n---\nText {round}.\n"),
        );
        project.run(&["build", "--quiet"]).expect(0);
    }
    done.store(true, Ordering::Relaxed);
    let reads = reader.join().expect("every read was whole");
    assert!(reads > 100, "{reads} reads");
    assert!(project.read("feeds/public/atom.xml").contains("Round 99"));
}

#[test]
fn a_killed_build_leaves_whole_documents_and_the_next_one_finishes() {
    let project = three_issues();
    build(&project);
    let names: Vec<String> = project.tree(PUBLIC).into_keys().collect();
    for round in 0..20_u64 {
        project.write(
            "issues/one.md",
            format!("---\ntitle: Round {round}\ndate: 2025-01-31\n---\nText {round}.\n"),
        );
        let mut child = project.command(&["build", "--quiet"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round));
        let _ = child.kill();
        let _ = child.wait();
        let atom = project.read("feeds/public/atom.xml");
        assert!(atom.trim_end().ends_with("</feed>"));
    }
    project.run(&["build"]).expect(0);
    assert!(project.read("feeds/public/atom.xml").contains("Round 19"));
    let after: Vec<String> = project.tree(PUBLIC).into_keys().collect();
    assert_eq!(after, names, "nothing is left over");
}

#[test]
fn check_sees_what_readers_would_notice() {
    let project = three_issues();
    build(&project);
    project.run(&["check", "--strict"]).expect(0);
    fs::rename(
        project.path("issues/one.md"),
        project.path("issues/renamed.md"),
    )
    .unwrap();
    let text = project
        .read("issues/two.md")
        .replace("2025-02-28", "2025-02-27");
    project.write("issues/two.md", text);
    fs::remove_file(project.path("issues/three.md")).unwrap();
    let run = project.run(&["check", "--json"]).expect(0);
    let problems = run.json();
    let codes: BTreeSet<String> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap().to_owned())
        .collect();
    let expected = ["date-moved", "id-changed", "id-lost"].map(str::to_owned);
    assert_eq!(codes, BTreeSet::from(expected), "{}", run.stdout);
    project.run(&["check", "--strict"]).expect(1);
}

#[test]
fn check_compares_with_a_feed_from_elsewhere() {
    let project = three_issues();
    build(&project);
    for format in ["atom.xml", "rss.xml", "feed.json"] {
        let from = project.path(PUBLIC).join(format);
        fs::copy(&from, project.path(format)).unwrap();
        let run = project
            .run(&["check", "--against", format, "--strict"])
            .expect(0);
        assert_eq!(
            run.stderr, "checked 3 issues: nothing to mend\n",
            "{format}"
        );
    }
    fs::rename(
        project.path("issues/two.md"),
        project.path("issues/renamed.md"),
    )
    .unwrap();
    for format in ["atom.xml", "rss.xml", "feed.json"] {
        let run = project.run(&["check", "--against", format]).expect(0);
        assert!(
            run.stderr.contains("would come back as unread"),
            "{format}: {}",
            run.stderr
        );
    }
    let run = project
        .run(&["check", "--against", "config.toml"])
        .expect(2);
    assert!(
        run.stderr.contains("neither a manifest nor a feed"),
        "{}",
        run.stderr
    );
}

/// A hub on loopback that answers with `status` and passes on what it is told.
fn hub(status: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let (sender, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or(0);
                }
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let _ = sender.send(String::from_utf8_lossy(&body).into_owned());
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = reader.get_mut().write_all(answer.as_bytes());
        }
    });
    (address, told)
}

fn topics(told: &mpsc::Receiver<String>) -> BTreeSet<String> {
    told.try_iter()
        .map(|body| {
            let pairs: BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .collect();
            assert_eq!(pairs["hub.mode"], "publish");
            pairs["hub.url"].clone()
        })
        .collect()
}

/// The configuration of a newsletter with a hub on this machine, which it may ask.
fn with_hub(address: &str) -> String {
    let port = url::Url::parse(address).unwrap().port().unwrap();
    let config = CONFIG.replace("authors", &format!("hubs = [\"{address}\"]\nauthors"));
    format!("{config}[poll]\nallow_private = [\"127.0.0.1\"]\nports = [{port}]\n")
}

#[test]
fn a_hub_of_this_machine_is_not_told_unless_it_is_allowed() {
    let (address, told) = hub("204 No Content");
    let hubs = format!("hubs = [\"{address}\"]\nauthors");
    let project = Project::new(&CONFIG.replace("authors", &hubs));
    project.issue("one", "2025-01-31");
    let run = project.run(&["build", "--ping"]).expect(1);
    assert!(run.stderr.contains("`allow_private"), "{}", run.stderr);
    assert_eq!(topics(&told), BTreeSet::new());
}

#[test]
fn what_is_live_is_fetched_through_the_guard_of_visits() {
    // Nobody listens at the other address; whoever asks there fails in other words.
    let (address, _) = hub("302 Found\r\nLocation: http://127.0.0.2:9/");
    let project = Project::new(&with_hub(&address));
    project.issue("one", "2025-01-31");
    let secret = address.replace("http://", "http://ada:s3cret@");
    let run = project.run(&["check", "--against", &secret]).expect(2);
    assert!(
        run.stderr.contains("`127.0.0.2` is a private address"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    let (address, _) = hub("404 Not Found");
    let secret = address.replace("http://", "http://ada:s3cret@");
    project.write("config.toml", with_hub(&address));
    let run = project.run(&["check", "--against", &secret]).expect(2);
    assert!(run.stderr.contains("status 404"), "{}", run.stderr);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn ping_tells_the_hub_of_the_feeds_that_changed_and_of_no_other() {
    let (address, told) = hub("204 No Content");
    let project = Project::new(&with_hub(&address));
    project.issue("one", "2025-01-31");
    project.run(&["build", "--ping"]).expect(0);
    assert!(
        project
            .read("feeds/public/atom.xml")
            .contains(&format!("<link href=\"{address}\" rel=\"hub\""))
    );
    let first = topics(&told);
    assert!(first.contains("https://test.example/atom.xml"), "{first:?}");
    assert!(
        first.iter().all(|topic| !topic.contains("archive")),
        "{first:?}"
    );
    project.run(&["build", "--ping"]).expect(0);
    assert_eq!(topics(&told), BTreeSet::new(), "nothing changed");
    let text = project.read("issues/one.md").replace("Hello", "Good day");
    project.write("issues/one.md", text);
    project.run(&["build", "--ping"]).expect(0);
    let expected =
        ["atom.xml", "feed.json", "rss.xml"].map(|file| format!("https://test.example/{file}"));
    assert_eq!(topics(&told), BTreeSet::from(expected));
}

#[test]
fn a_feed_that_the_hub_refused_is_told_again() {
    let (address, told) = hub("503 Service Unavailable");
    let project = Project::new(&with_hub(&address));
    project.issue("one", "2025-01-31");
    let run = project.run(&["build", "--ping"]).expect(1);
    assert!(run.stderr.contains("503"), "{}", run.stderr);
    let refused = topics(&told);
    let again = project.run(&["build", "--ping"]).expect(1);
    assert!(
        again.stderr.contains("`atom.xml` not announced"),
        "{}",
        again.stderr
    );
    assert_eq!(topics(&told), refused);
}

#[test]
fn init_makes_a_newsletter_that_builds_without_a_warning() {
    let project = Project::new("");
    fs::remove_file(project.path("config.toml")).unwrap();
    let run = project
        .run(&["init", "my letter", "--title", "Q&A \"quoted\""])
        .expect(0);
    assert!(
        run.stderr.contains("newsdesk run --quiet"),
        "{}",
        run.stderr
    );
    let run = project
        .run(&["--config", "my letter/config.toml", "check", "--strict"])
        .expect(0);
    assert_eq!(run.stderr, "checked 1 issue: nothing to mend\n");
    project
        .run(&["--config", "my letter/config.toml", "run"])
        .expect(0);
    assert!(
        project
            .read("my letter/feeds/public/feed.json")
            .contains("Q&A \\\"quoted\\\"")
    );
    let readings = project
        .run(&["--config", "my letter/config.toml", "readings", "--json"])
        .expect(0)
        .json();
    assert_eq!(readings[0]["readings"][0]["curator"], "Your Name");
    assert!(
        project
            .read("my letter/.gitignore")
            .lines()
            .any(|line| line == "newsdesk.db*")
    );
    let again = project.run(&["init", "my letter"]).expect(2);
    assert!(
        again.stderr.contains("is there already"),
        "{}",
        again.stderr
    );
}

#[test]
fn begins_beside_the_configuration_of_another_program() {
    let project = Project::new("baseURL = \"https://h.example/\"\ntitle = \"A site\"\n");
    project.write(".gitignore", "public/");
    let run = project.run(&["build"]).expect(2);
    assert!(run.stderr.contains("Hugo"), "{}", run.stderr);
    assert!(run.stderr.contains("--config"), "{}", run.stderr);
    let run = project
        .run(&["init", "--config", "newsdesk.toml"])
        .expect(0);
    assert!(
        run.stderr.contains("newsdesk --config newsdesk.toml build"),
        "{}",
        run.stderr
    );
    assert!(project.read("config.toml").starts_with("baseURL"));
    assert!(project.read(".gitignore").starts_with("public/\n"));
    project
        .run(&["--config", "newsdesk.toml", "build"])
        .expect(0);
}

#[test]
fn messages_say_how_to_go_on() {
    let project = Project::new(CONFIG);
    let run = project
        .run(&["--config", "nowhere.toml", "build"])
        .expect(2);
    assert!(run.stderr.contains("newsdesk init"), "{}", run.stderr);
    fs::remove_dir(project.path("issues")).unwrap();
    let run = project.run(&["build"]).expect(2);
    assert!(
        run.stderr.contains("there is no folder of issues"),
        "{}",
        run.stderr
    );
    project.write("config.toml", format!("{CONFIG}titel = 1\n"));
    let run = project.run(&["build"]).expect(2);
    assert!(run.stderr.contains("config.toml:6:1"), "{}", run.stderr);
}

#[test]
fn completions_and_manual_are_made() {
    let project = Project::new(CONFIG);
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            project
                .run(&["completions", shell])
                .expect(0)
                .stdout
                .contains("newsdesk")
        );
    }
    assert!(
        project
            .run(&["man"])
            .expect(0)
            .stdout
            .contains(".TH newsdesk 1")
    );
    project.run(&["man", "--folder", "man"]).expect(0);
    assert!(project.tree("man").contains_key("newsdesk-build.1"));
}
