//! newsdesk beside Hugo on the same archive, run by turns: `cargo bench --bench peers`.
//!
//! Needs `hugo` and GNU `time`; says so and stops where one is missing. Hugo has templates that
//! put the whole content of all issues into Atom, RSS and JSON Feed, and makes no pages.

#![expect(
    clippy::print_stdout,
    unreachable_pub,
    reason = "a table is what it is for; the archive is shared with the other bench"
)]

mod archive;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Seconds of all cores, in the program and in the kernel.
    cpu: f64,
    /// The largest resident set, in MiB.
    memory: f64,
    /// Seconds that somebody waits.
    wall: f64,
}

fn main() {
    // `cargo test --benches` runs this too; only a bench is meant.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runs = 3;
    for count in [1_000, 10_000] {
        println!("\n{count} issues, best of {runs} by turns");
        println!(
            "{:44} {:>9} {:>10} {:>8}",
            "", "CPU s", "peak MiB", "wall s"
        );
        let hugo = hugo_site(count);
        let feeds = newsletter(count, archive::THREE_FEEDS);
        let everything = newsletter(count, archive::EVERYTHING);
        let mut costs: Vec<(&str, Vec<Cost>)> = vec![
            ("hugo, three feeds", vec![]),
            ("newsdesk, three feeds", vec![]),
            ("newsdesk, all documents", vec![]),
            ("newsdesk, nothing changed", vec![]),
            ("newsdesk, one issue changed", vec![]),
        ];
        for round in 0..runs {
            clean(&hugo, &["public", "resources"]);
            clean(&feeds, &["feeds", ".newsdesk"]);
            clean(&everything, &["feeds", ".newsdesk"]);
            let Some(cost) = run(&hugo, "hugo", &["--quiet"]) else {
                println!("skipped: needs `hugo` and `/usr/bin/time`");
                return;
            };
            costs[0].1.push(cost);
            costs[1].1.extend(newsdesk(&feeds));
            costs[2].1.extend(newsdesk(&everything));
            // A cache written within two seconds of the issues takes none of their stamps.
            std::thread::sleep(std::time::Duration::from_secs(2));
            fs::remove_dir_all(everything.path().join(".newsdesk")).expect("the cache");
            newsdesk(&everything);
            costs[3].1.extend(newsdesk(&everything));
            let changing = everything
                .path()
                .join(format!("issues/issue-{:05}.md", count - 3));
            let text = fs::read_to_string(&changing).expect("an issue");
            fs::write(&changing, format!("{text}\nRound {round}.\n")).expect("a file");
            costs[4].1.extend(newsdesk(&everything));
        }
        let hugo = best(&costs[0].1);
        for (name, runs) in &costs {
            let cost = best(runs);
            println!(
                "{name:44} {:>9.2} {:>10.0} {:>8.2}   1/{:.1} CPU, 1/{:.1} memory",
                cost.cpu,
                cost.memory,
                cost.wall,
                hugo.cpu / cost.cpu,
                hugo.memory / cost.memory
            );
        }
    }
}

fn best(runs: &[Cost]) -> Cost {
    let least = |value: fn(&Cost) -> f64| runs.iter().map(value).fold(f64::INFINITY, f64::min);
    Cost {
        cpu: least(|c| c.cpu),
        memory: least(|c| c.memory),
        wall: least(|c| c.wall),
    }
}

fn clean(folder: &TempDir, names: &[&str]) {
    for name in names {
        let _ = fs::remove_dir_all(folder.path().join(name));
    }
}

fn newsdesk(folder: &TempDir) -> Option<Cost> {
    run(
        folder,
        env!("CARGO_BIN_EXE_newsdesk"),
        &["build", "--quiet"],
    )
}

/// Runs a program under GNU time.
fn run(folder: &TempDir, program: &str, arguments: &[&str]) -> Option<Cost> {
    let file = folder.path().join("cost.txt");
    let status = Command::new("/usr/bin/time")
        .args(["-o", file.to_str()?, "-f", "%U %S %M %e", program])
        .args(arguments)
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .ok()?;
    if !status.success() {
        return None;
    }
    let text = fs::read_to_string(&file).ok()?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|part| part.parse().ok())
        .collect();
    let [user, system, memory, wall] = numbers[..] else {
        return None;
    };
    Some(Cost {
        cpu: user + system,
        memory: memory / 1024.0,
        wall,
    })
}

fn newsletter(count: usize, config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("config.toml"), config).expect("a file");
    archive::write_issues(&folder.path().join("issues"), count);
    folder
}

/// A Hugo site with the same issues.
fn hugo_site(count: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(place, text).expect("a file");
    };
    write("config.toml", HUGO_CONFIG);
    write("layouts/index.rss.xml", HUGO_RSS);
    write("layouts/index.atom", HUGO_ATOM);
    write("layouts/index.json", HUGO_JSON);
    archive::write_issues(&folder.path().join("content/issues"), count);
    folder
}

const HUGO_CONFIG: &str = r#"baseURL = "https://news.example.org/"
title = "News"
disableKinds = ["section", "taxonomy", "term", "404", "sitemap", "robotsTXT"]
[outputs]
home = ["rss", "atom", "json"]
page = []
[mediaTypes."application/atom+xml"]
suffixes = ["atom"]
[outputFormats.atom]
mediaType = "application/atom+xml"
baseName = "atom"
[markup.goldmark.renderer]
unsafe = true
"#;

const HUGO_RSS: &str = r#"{{ printf "<?xml version=\"1.0\" encoding=\"utf-8\"?>" | safeHTML }}
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{{ .Site.Title }}</title><link>{{ .Permalink }}</link><description>News</description>
{{ range .Site.RegularPages }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>
<guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>
<description>{{ .Summary | html }}</description><content:encoded>{{ .Content | html }}</content:encoded></item>
{{ end }}</channel></rss>"#;

const HUGO_ATOM: &str = r#"{{ printf "<?xml version=\"1.0\" encoding=\"utf-8\"?>" | safeHTML }}
<feed xmlns="http://www.w3.org/2005/Atom"><title>{{ .Site.Title }}</title><id>{{ .Permalink }}</id>
<updated>2026-01-01T00:00:00Z</updated><author><name>News</name></author>
{{ range .Site.RegularPages }}<entry><title>{{ .Title }}</title><link href="{{ .Permalink }}"/>
<id>{{ .Permalink }}</id><published>{{ .Date.Format "2006-01-02T15:04:05Z07:00" | safeHTML }}</published>
<updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" | safeHTML }}</updated>
<summary type="html">{{ .Summary | html }}</summary><content type="html">{{ .Content | html }}</content></entry>
{{ end }}</feed>"#;

const HUGO_JSON: &str = r#"{{ $items := slice }}{{ range .Site.RegularPages }}{{ $items = $items | append (dict "id" .Permalink "url" .Permalink "title" .Title "content_html" (string .Content) "summary" (string .Summary) "date_published" (.Date.Format "2006-01-02T15:04:05Z07:00")) }}{{ end }}{{ dict "version" "https://jsonfeed.org/version/1.1" "title" .Site.Title "items" $items | jsonify }}"#;
