//! Many workers on one PostgreSQL database: what the first poll of a farm and one that finds
//! nothing new cost with one worker on a file, and with 1, 2, 4 and 8 on a server:
//! `tests/with-postgres cargo bench --bench scale`; another size with `-- --feeds 5000`.
//!
//! Once with answers at once, where the machine is the limit, and once with answers that take 50
//! ms, where waiting is. Farm, workers and database share the machine, so only ratios of one run
//! mean something. Needs GNU `time` and the server that `NEWSDESK_TEST_POSTGRES` names. All traffic
//! stays on 127.0.0.0/8, and every run ends by itself.

#![expect(clippy::print_stdout, reason = "a table is what it is for")]

#[expect(dead_code, reason = "tests look at single requests")]
mod farm;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use farm::{Farm, Size};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

const HOSTS: usize = 200;

/// What a poll cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Seconds that somebody waits.
    wall: f64,
    /// Seconds of all cores, in the workers.
    workers: f64,
    /// Seconds of all cores, in the database.
    server: f64,
}

/// Where the store of a run is.
enum Store {
    File,
    Server { address: String },
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` runs this too; only a bench is meant.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let Ok(server) = std::env::var("NEWSDESK_TEST_POSTGRES") else {
        println!("skipped: NEWSDESK_TEST_POSTGRES names no server");
        return;
    };
    if !Path::new("/usr/bin/time").exists() {
        println!("skipped: needs `/usr/bin/time`");
        return;
    }
    let place = arguments.iter().position(|it| it == "--feeds");
    let feeds = place
        .and_then(|place| arguments.get(place + 1)?.parse().ok())
        .unwrap_or(2_000);
    for delay in [Duration::ZERO, Duration::from_millis(50)] {
        compare(&server, feeds, delay);
    }
}

fn compare(server: &str, feeds: usize, delay: Duration) {
    let size = Size {
        hosts: HOSTS,
        feeds,
        entries: 30,
    };
    let farm = Farm::start_slow(size, delay).expect("loopback");
    println!("\n{feeds} feeds of 30 entries on {HOSTS} hosts, answers after {delay:?}");
    println!(
        "{:24} {:>8} {:>8} {:>10} {:>10} {:>9}",
        "", "wall s", "to 1", "workers s", "server s", "sources/s"
    );
    let mut alone: Vec<f64> = Vec::new();
    for workers in [0, 1, 2, 4, 8] {
        let folder = newsletter(&farm);
        let store = if workers == 0 {
            Store::File
        } else {
            schema(server, workers, delay)
        };
        run(&folder, &store, &["sources", "import", "farm.opml"], 1);
        for (number, name) in ["first poll", "nothing new"].into_iter().enumerate() {
            if number > 0 {
                make_due(&folder, &store);
            }
            let cost = run(&folder, &store, &["poll", "--quiet"], workers.max(1));
            if workers == 1 {
                alone.push(cost.wall);
            }
            let ratio = alone
                .get(number)
                .map_or(f64::NAN, |alone| alone / cost.wall);
            let who = match workers {
                0 => "a file".to_owned(),
                _ => format!("{workers} on a server"),
            };
            println!(
                "{:24} {:>8.2} {:>8.2} {:>10.2} {:>10.2} {:>9.0}",
                format!("{who}, {name}"),
                cost.wall,
                ratio,
                cost.workers,
                cost.server,
                f64::from(u32::try_from(feeds).unwrap_or(u32::MAX)) / cost.wall
            );
        }
    }
}

fn newsletter(farm: &Farm) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let config = "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example/\"\n\
                  authority = \"news.example,2026\"\n[poll]\nallow_private = [\"127.0.0.0/8\"]\n\
                  pause = \"0s\"\nconcurrency = 32\n";
    fs::write(folder.path().join("config.toml"), config).expect("a file");
    fs::create_dir_all(folder.path().join("issues")).expect("a folder");
    let mut opml = "<opml version=\"2.0\"><body>\n".to_owned();
    for url in farm.urls() {
        opml.push_str("<outline type=\"rss\" text=\"A blog\" xmlUrl=\"");
        opml.push_str(&url);
        opml.push_str("\"/>\n");
    }
    fs::write(folder.path().join("farm.opml"), opml + "</body></opml>\n").expect("a file");
    folder
}

/// A schema of its own for each run.
fn schema(server: &str, workers: usize, delay: Duration) -> Store {
    let name = format!(
        "bench_{}_{workers}_{}",
        std::process::id(),
        delay.as_millis()
    );
    execute_on_server(server, format!("CREATE SCHEMA {name}"));
    let sign = if server.contains('?') { '&' } else { '?' };
    Store::Server {
        address: format!("{server}{sign}options=-c%20search_path%3D{name}"),
    }
}

fn execute_on_server(address: &str, statement: String) {
    runtime().block_on(async {
        let mut connection = PgConnection::connect(address).await.expect("the server");
        let done = connection.execute(AssertSqlSafe(statement)).await;
        done.expect("a statement");
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Has all sources due again.
fn make_due(folder: &TempDir, store: &Store) {
    let statement = "UPDATE history SET due = 0";
    match store {
        Store::Server { address } => execute_on_server(address, statement.to_owned()),
        Store::File => runtime().block_on(async {
            let file = folder.path().join("newsdesk.db");
            let address = format!("sqlite://{}", file.display());
            let mut connection = SqliteConnection::connect(&address).await.expect("a file");
            connection.execute(statement).await.expect("a statement");
        }),
    }
}

/// Runs so many of the program at once, each under GNU time.
fn run(folder: &TempDir, store: &Store, arguments: &[&str], workers: usize) -> Cost {
    let before = server_seconds();
    let began = Instant::now();
    let running: Vec<_> = (0..workers)
        .map(|worker| {
            let mut command = Command::new("/usr/bin/time");
            command
                .arg("-o")
                .arg(folder.path().join(format!("cost-{worker}")))
                .args(["-f", "%U %S", env!("CARGO_BIN_EXE_newsdesk")])
                .args(arguments)
                .current_dir(folder.path())
                .stdout(Stdio::null());
            if let Store::Server { address } = store {
                command.env("NEWSDESK_STORE_URL", address);
            }
            command.spawn().expect("GNU time")
        })
        .collect();
    for mut child in running {
        child.wait().expect("it ends");
    }
    let wall = began.elapsed().as_secs_f64();
    let seconds = |worker| {
        let text = fs::read_to_string(folder.path().join(format!("cost-{worker}")));
        let text = text.expect("what GNU time wrote");
        let line = text.lines().last().unwrap_or_default().to_owned();
        line.split(' ')
            .map(|part| part.parse::<f64>().expect("a number"))
            .sum::<f64>()
    };
    Cost {
        wall,
        workers: (0..workers).map(seconds).sum(),
        server: server_seconds() - before,
    }
}

/// Seconds of all cores in all PostgreSQL processes of this machine so far, and in those that ended.
fn server_seconds() -> f64 {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc")
        .expect("a system with /proc")
        .flatten()
    {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let Some((name, rest)) = stat.rsplit_once(") ") else {
            continue;
        };
        if !name.ends_with("(postgres") {
            continue;
        }
        // proc(5): utime, stime, cutime and cstime are the fields 14 to 17.
        let fields = rest.split(' ').skip(11).take(4);
        ticks += fields
            .filter_map(|field| field.parse::<u32>().ok())
            .sum::<u32>();
    }
    // A tick is a hundredth of a second wherever Linux runs.
    f64::from(ticks) / 100.0
}
