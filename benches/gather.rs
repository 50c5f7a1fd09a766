//! Polling a farm of feeds on loopback: newsdesk, a bare floor and newsboat by turns, each as a
//! process of its own: `cargo bench --bench gather`; one size and fewer turns with
//! `-- --feeds 5000 --rounds 1`.
//!
//! The floor is what no poller can go below by much: reqwest, feed-rs and one `SQLite` insert for
//! each entry; no repair, no cleaning, no full-text index, no politeness, nothing that is the same
//! thing twice. newsboat takes part where it is installed. Needs GNU `time`. All traffic stays on
//! 127.0.0.0/8, and every run ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table is what it is for"
)]

#[expect(dead_code, reason = "tests look at single requests")]
mod farm;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr as _;
use std::time::Duration;

use farm::{Farm, Size};
use futures_util::{StreamExt as _, stream};
use reqwest::header::{ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use tempfile::TempDir;

/// What a run cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Seconds of all cores, in the program and in the kernel.
    cpu: f64,
    /// The largest resident set, in MiB.
    memory: f64,
    /// Seconds that somebody waits.
    wall: f64,
    /// Requests that the farm saw.
    requests: usize,
    /// Connections that the farm saw.
    connections: usize,
}

/// Who polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    Floor,
    Newsdesk,
    Newsboat,
}

impl Client {
    fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Newsdesk => "newsdesk",
            Self::Newsboat => "newsboat",
        }
    }
}

/// The three polls: the clock of each, and how many feeds in a thousand have changed by then.
const POLLS: [(&str, &str, usize); 3] = [
    ("first", "2026-11-03T08:00:00Z", 0),
    ("304", "2026-11-06T08:00:00Z", 0),
    ("a tenth changed", "2026-11-09T08:00:00Z", 100),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|it| it == "--floor") {
        floor(Path::new(&arguments[place + 1]));
        return;
    }
    // `cargo test --benches` runs this too; only a bench is meant.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    if !Path::new("/usr/bin/time").exists() {
        println!("skipped: needs `/usr/bin/time`");
        return;
    }
    let number = |name: &str| -> Option<usize> {
        let place = arguments.iter().position(|it| it == name)?;
        Some(arguments.get(place + 1)?.parse().expect("a number"))
    };
    let rounds = number("--rounds").unwrap_or(3);
    if let Some(feeds) = number("--feeds") {
        compare(feeds, rounds);
        return;
    }
    compare(1_000, rounds);
    compare(5_000, rounds);
    nothing_due(10_000);
}

/// Runs all clients by turns on one farm and prints the best of each.
fn compare(feeds: usize, rounds: usize) {
    let farm = Farm::start(Size {
        hosts: 100,
        feeds,
        entries: 30,
    })
    .expect("loopback");
    let mut clients = vec![Client::Floor, Client::Newsdesk];
    if Command::new("newsboat").arg("-v").output().is_ok() {
        clients.push(Client::Newsboat);
    } else {
        eprintln!("without newsboat: it is not installed");
    }
    let mut costs: Vec<Vec<Vec<Cost>>> = vec![vec![Vec::new(); POLLS.len()]; clients.len()];
    for round in 0..rounds {
        for (client, costs) in clients.iter().zip(&mut costs) {
            // The slow peer runs once: it is far away.
            if *client == Client::Newsboat && (round > 0 || feeds > 1_000) {
                continue;
            }
            let folder = folder(*client, &farm);
            for ((_, now, changed), costs) in POLLS.iter().zip(costs) {
                farm.change(*changed);
                costs.push(poll(*client, &folder, now, &farm));
            }
        }
    }
    println!("\n{feeds} feeds of 30 entries on 100 hosts, best of {rounds} by turns");
    println!(
        "{:28} {:>8} {:>10} {:>8} {:>9} {:>12}  {:>9}",
        "", "CPU s", "peak MiB", "wall s", "requests", "connections", "to floor"
    );
    for (number, (name, _, _)) in POLLS.iter().enumerate() {
        let floor = best(&costs[0][number]).map_or(f64::NAN, |cost| cost.cpu);
        for (client, costs) in clients.iter().zip(&costs) {
            let Some(cost) = best(&costs[number]) else {
                continue;
            };
            println!(
                "{:28} {:>8.2} {:>10.0} {:>8.2} {:>9} {:>12}  {:>9.2}",
                format!("{}, {name}", client.name()),
                cost.cpu,
                cost.memory,
                cost.wall,
                cost.requests,
                cost.connections,
                cost.cpu / floor
            );
        }
    }
}

/// The run that cost least.
fn best(runs: &[Cost]) -> Option<Cost> {
    runs.iter()
        .copied()
        .min_by(|left, right| left.cpu.total_cmp(&right.cpu))
}

/// What a poll costs when there is nothing to do.
fn nothing_due(sources: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let urls: Vec<String> = (0..sources)
        .map(|number| format!("http://127.0.0.{}:1/{number}.xml", number % 100 + 1))
        .collect();
    newsdesk_folder(&folder, &urls);
    // Nobody listens there: the first poll fails everywhere and backs off.
    let program = env!("CARGO_BIN_EXE_newsdesk");
    let now = POLLS[0].1;
    let farm = None;
    run(program, &["poll", "--quiet"], &folder, now, farm);
    println!("\nnothing due, {sources} sources");
    for _ in 0..3 {
        let cost = run(program, &["poll", "--quiet"], &folder, now, farm);
        println!(
            "{:28} {:>8.3} CPU s {:>8.3} wall s {:>6.0} MiB",
            "newsdesk", cost.cpu, cost.wall, cost.memory
        );
    }
}

fn folder(client: Client, farm: &Farm) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    match client {
        Client::Newsdesk => newsdesk_folder(&folder, &farm.urls()),
        Client::Floor | Client::Newsboat => {
            fs::write(folder.path().join("urls"), farm.urls().join("\n") + "\n").expect("a file");
        }
    }
    if client == Client::Newsboat {
        fs::write(
            folder.path().join("config"),
            "reload-threads 8\nmax-items 0\n",
        )
        .expect("a file");
    }
    folder
}

fn newsdesk_folder(folder: &TempDir, urls: &[String]) {
    let mut config = "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example.org/\"\n\
                      authority = \"news.example.org,2026\"\n[poll]\nallow_private = [\"127.0.0.0/8\"]\n\
                      pause = \"0s\"\n"
        .to_owned();
    for url in urls {
        config.push_str("[[source]]\nurl = \"");
        config.push_str(url);
        config.push_str("\"\n");
    }
    fs::write(folder.path().join("config.toml"), config).expect("a file");
    fs::create_dir_all(folder.path().join("issues")).expect("a folder");
}

fn poll(client: Client, folder: &TempDir, now: &str, farm: &Farm) -> Cost {
    let own = std::env::current_exe().expect("this program");
    let own = own.to_string_lossy();
    let path = folder.path().to_string_lossy().into_owned();
    match client {
        Client::Floor => run(&own, &["--floor", &path], folder, now, Some(farm)),
        Client::Newsdesk => run(
            env!("CARGO_BIN_EXE_newsdesk"),
            &["poll", "--quiet"],
            folder,
            now,
            Some(farm),
        ),
        Client::Newsboat => run(
            "newsboat",
            &[
                "-q", "-C", "config", "-u", "urls", "-c", "cache.db", "-x", "reload",
            ],
            folder,
            now,
            Some(farm),
        ),
    }
}

/// Runs a program under GNU time.
fn run(
    program: &str,
    arguments: &[&str],
    folder: &TempDir,
    now: &str,
    farm: Option<&Farm>,
) -> Cost {
    let file = folder.path().join("cost.txt");
    if let Some(farm) = farm {
        farm.take_counts();
    }
    let output = Command::new("/usr/bin/time")
        .arg("-o")
        .arg(&file)
        .args(["-f", "%U %S %M %e", program])
        .args(arguments)
        .current_dir(folder.path())
        .env("NEWSDESK_NOW", now)
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .output()
        .expect("GNU time");
    let errors = String::from_utf8_lossy(&output.stderr);
    if !errors.trim().is_empty() && farm.is_some() {
        eprintln!("{program}: {}", errors.trim());
    }
    let text = fs::read_to_string(&file).expect("what GNU time wrote");
    // A line on the exit code stands first where it is not 0.
    let numbers: Vec<f64> = text
        .lines()
        .last()
        .unwrap_or_default()
        .split_whitespace()
        .map(|part| f64::from_str(part).expect("a number"))
        .collect();
    let (requests, connections) = farm.map_or((0, 0), Farm::take_counts);
    Cost {
        cpu: numbers[0] + numbers[1],
        memory: numbers[2] / 1024.0,
        wall: numbers[3],
        requests,
        connections,
    }
}

/// The floor: polls the addresses in `folder/urls` into `folder/floor.db`.
fn floor(folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let urls = fs::read_to_string(folder.join("urls")).expect("a list of addresses");
    // Fails only where a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    runtime.block_on(async {
        let store = floor_store(&folder.join("floor.db")).await;
        let client = reqwest::Client::builder()
            .timeout(Duration::from_mins(1))
            .no_proxy()
            .build()
            .expect("a client");
        stream::iter(urls.lines())
            .for_each_concurrent(64, |url| floor_visit(&client, &store, url))
            .await;
    });
}

async fn floor_store(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Normal);
    let store = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .expect("a database");
    for statement in [
        "CREATE TABLE IF NOT EXISTS source(url TEXT PRIMARY KEY, etag TEXT, modified TEXT)",
        "CREATE TABLE IF NOT EXISTS entry(source TEXT, id TEXT, title TEXT, link TEXT, \
         published INTEGER, content TEXT, PRIMARY KEY(source, id))",
    ] {
        sqlx::query(statement)
            .execute(&store)
            .await
            .expect("a table");
    }
    store
}

async fn floor_visit(client: &reqwest::Client, store: &SqlitePool, url: &str) {
    let known = sqlx::query("SELECT etag, modified FROM source WHERE url = ?")
        .bind(url)
        .fetch_optional(store)
        .await
        .expect("a row or none");
    let mut request = client.get(url);
    if let Some(row) = known {
        request = request
            .header(IF_NONE_MATCH, row.get::<String, _>(0))
            .header(IF_MODIFIED_SINCE, row.get::<String, _>(1));
    }
    let answer = request.send().await.expect("an answer");
    if answer.status() == 304 {
        return;
    }
    let header = |name| {
        let value = answer.headers().get(name);
        value
            .map_or("", |value| value.to_str().unwrap_or_default())
            .to_owned()
    };
    let (etag, modified) = (header(ETAG), header(LAST_MODIFIED));
    let body = answer.bytes().await.expect("a body");
    let feed = feed_rs::parser::parse(&*body).expect("a feed");
    let mut transaction = store.begin().await.expect("a transaction");
    for entry in feed.entries {
        let content = entry.content.and_then(|content| content.body);
        sqlx::query("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)")
            .bind(url)
            .bind(entry.id)
            .bind(entry.title.map(|title| title.content))
            .bind(entry.links.into_iter().next().map(|link| link.href))
            .bind(entry.published.map(|published| published.timestamp()))
            .bind(content.or(entry.summary.map(|summary| summary.content)))
            .execute(&mut *transaction)
            .await
            .expect("an entry");
    }
    sqlx::query("INSERT OR REPLACE INTO source VALUES (?, ?, ?)")
        .bind(url)
        .bind(etag)
        .bind(modified)
        .execute(&mut *transaction)
        .await
        .expect("a source");
    transaction.commit().await.expect("a commit");
}
