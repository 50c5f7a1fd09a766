//! Many workers on one PostgreSQL database, killed at random while they poll a farm: needs the
//! server that `NEWSDESK_TEST_POSTGRES` names. `NEWSDESK_TEST_POSTGRES_RESTART` is a command that
//! restarts it; without one, it is not restarted.
//!
//! `NEWSDESK_TEST_WORKERS=full` has 5,000 sources on 200 hosts and lasts three minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::database;
use crate::farm::{Farm, Size};
use crate::poll::server::{Answer, Server};
use crate::project::Project;

const WORKERS: usize = 8;
const ENTRIES: usize = 3;

/// How long a source rests between two visits: the shortest that a configuration may ask for, less
/// the tenth that is allowed for cron.
const INTERVAL: Duration = Duration::from_secs(54);

/// How long an answer takes: hosts are asked for half of the interval.
const DELAY: Duration = Duration::from_millis(700);

/// What a lease lasts here: the longest visit and a margin.
const LEASE: Duration = Duration::from_secs(5 + 15);

/// How much is done.
struct Scale {
    hosts: usize,
    feeds: usize,
    /// How long workers are killed.
    time: Duration,
}

fn scale() -> Scale {
    if std::env::var("NEWSDESK_TEST_WORKERS").is_ok_and(|scale| scale == "full") {
        return Scale {
            hosts: 200,
            feeds: 5_000,
            time: Duration::from_mins(2),
        };
    }
    Scale {
        hosts: 40,
        feeds: 1_000,
        time: Duration::from_secs(75),
    }
}

fn config(farm: &Farm) -> String {
    let port = farm.urls()[0]
        .rsplit_once(':')
        .and_then(|(_, rest)| rest.split_once('/'))
        .map(|(port, _)| port.to_owned())
        .expect("a port");
    format!(
        "[newsletter]\ntitle = \"News\"\nbase_url = \"https://news.example/\"\n\
         authority = \"news.example,2026\"\nauthors = [\"Ada\"]\n[poll]\n\
         allow_private = [\"127.0.0.0/8\"]\nports = [{port}]\npause = \"20ms\"\n\
         min_interval = \"1m\"\nmax_interval = \"1m\"\ntimeout = \"5s\"\nconcurrency = 32\n"
    )
}

fn opml(farm: &Farm) -> String {
    let mut text = "<opml version=\"2.0\"><body>\n".to_owned();
    for url in farm.urls() {
        text.push_str("<outline type=\"rss\" text=\"A blog\" xmlUrl=\"");
        text.push_str(&url);
        text.push_str("\"/>\n");
    }
    text + "</body></opml>\n"
}

/// Workers, as many at once as there are to be.
struct Workers<'a> {
    project: &'a Project,
    running: Vec<Child>,
    random: fastrand::Rng,
    kills: usize,
    runs: usize,
}

impl<'a> Workers<'a> {
    fn new(project: &'a Project) -> Self {
        Self {
            project,
            running: Vec::new(),
            random: fastrand::Rng::with_seed(11),
            kills: 0,
            runs: 0,
        }
    }

    /// Has as many run as there are to be.
    fn fill(&mut self) {
        self.running
            .retain_mut(|child| child.try_wait().expect("a child").is_none());
        while self.running.len() < WORKERS {
            let child = self
                .project
                .command(&["poll", "--forever", "--quiet"])
                .env_remove("NEWSDESK_NOW")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            self.running.push(child.expect("the program starts"));
            self.runs += 1;
        }
    }

    fn kill_one(&mut self) {
        if self.running.is_empty() {
            return;
        }
        let at = self.random.usize(..self.running.len());
        let mut child = self.running.swap_remove(at);
        if child.try_wait().expect("a child").is_none() {
            child.kill().expect("it can be killed");
            self.kills += 1;
        }
        child.wait().expect("it ended");
    }
}

impl Drop for Workers<'_> {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn restart() {
    let Ok(command) = std::env::var("NEWSDESK_TEST_POSTGRES_RESTART") else {
        eprintln!("the database is not restarted: NEWSDESK_TEST_POSTGRES_RESTART says not how");
        return;
    };
    let done = Command::new("sh").args(["-c", &command]).status();
    assert!(done.expect("a shell").success(), "the database restarts");
}

fn count(project: &Project, query: &'static str) -> usize {
    project.rows(query)[0].parse().expect("a number")
}

/// Sources that have waited longer than it takes to ask their hosts.
const LATE: &str = "SELECT count(*)::text FROM history \
                    WHERE due <= extract(epoch FROM now()) * 1000 - 30000";

#[test]
fn killed_workers_lose_nothing_and_visit_nothing_twice() {
    if database::server().is_none() {
        eprintln!("skipped: NEWSDESK_TEST_POSTGRES names no server");
        return;
    }
    let scale = scale();
    let size = Size {
        hosts: scale.hosts,
        feeds: scale.feeds,
        entries: ENTRIES,
    };
    let farm = Farm::start_slow(size, DELAY).expect("loopback");
    let project = Project::new(&config(&farm));
    project.write("farm.opml", opml(&farm));
    project.run(&["sources", "import", "farm.opml"]).expect(0);

    let mut workers = Workers::new(&project);
    let began = Instant::now();
    let mut changed = None;
    while began.elapsed() < scale.time {
        let pause = Duration::from_millis(workers.random.u64(500..4_000));
        let until = Instant::now() + pause;
        while Instant::now() < until {
            workers.fill();
            sleep(Duration::from_millis(100));
        }
        workers.kill_one();
        if changed.is_none() && began.elapsed() > scale.time / 2 {
            farm.change(500);
            changed = Some(SystemTime::now());
            restart();
        }
    }
    let kills = workers.kills;
    // Whoever was killed holds hosts until the lease ends; then all that is due is visited.
    let calm = Instant::now();
    let mut behind = usize::MAX;
    while calm.elapsed() < 2 * LEASE + INTERVAL && behind > 0 {
        workers.fill();
        sleep(Duration::from_millis(500));
        behind = count(&project, LATE);
    }
    let settled = calm.elapsed();
    let runs = workers.runs;
    drop(workers);
    let (log, overlaps) = farm.take_log();

    // What the farm saw: never two requests at once to a host, and nothing early but what somebody
    // was killed over.
    assert_eq!(overlaps, 0, "requests at once to one host");
    let mut last: BTreeMap<usize, Instant> = BTreeMap::new();
    let mut early = 0;
    for (feed, at) in &log {
        if let Some(before) = last.insert(*feed, *at)
            && *at - before + Duration::from_secs(1) < INTERVAL
        {
            early += 1;
        }
    }
    eprintln!(
        "{} sources on {} hosts: {} requests by {WORKERS} workers, {kills} killed and {runs} begun; {early} asked again \
         because nobody could write what was answered; all in time {settled:.0?} after the last kill",
        scale.feeds,
        scale.hosts,
        log.len()
    );
    assert_eq!(last.len(), scale.feeds, "every source was asked");
    assert_eq!(behind, 0, "are still due");
    // A worker that is killed has at most a batch of answers and what is on its way.
    assert!(
        early <= kills * 232,
        "{early} asked again after {kills} kills"
    );
    let changed = changed.expect("the middle was passed");
    check_store(&project, &scale, changed);
}

/// What the store has: visits an interval apart, every entry, each once.
fn check_store(project: &Project, scale: &Scale, changed: SystemTime) {
    let early = count(
        project,
        "SELECT count(*)::text FROM (SELECT at - lag(at) OVER (PARTITION BY source ORDER BY id) AS gap \
         FROM visit) AS gaps WHERE gap < 53000",
    );
    assert_eq!(early, 0, "visits within an interval");
    let urls = project.rows("SELECT url FROM entry");
    let distinct: BTreeSet<&String> = urls.iter().collect();
    assert_eq!(distinct.len(), urls.len(), "an entry is there twice");
    let (must, may) = expected(project, scale, changed);
    let missing: Vec<&String> = must.iter().filter(|url| !distinct.contains(url)).collect();
    assert!(missing.is_empty(), "lost: {missing:?}");
    let odd: Vec<&String> = urls.iter().filter(|url| !may.contains(*url)).collect();
    assert!(odd.is_empty(), "nobody published: {odd:?}");
    let items = count(project, "SELECT count(*)::text FROM carrier");
    assert_eq!(items, urls.len(), "one source for each entry");
}

/// The entries that visits which are written must have seen, and those that they may have seen. A
/// feed that changed has dropped its first entry and has one more at its end.
fn expected(
    project: &Project,
    scale: &Scale,
    middle: SystemTime,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let middle = middle
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970")
        .as_millis();
    let visits = project.rows(
        "SELECT url || ' ' || min(at) || ' ' || max(at) FROM visit JOIN source ON source.id = source \
         GROUP BY url",
    );
    let (mut must, mut may) = (BTreeSet::new(), BTreeSet::new());
    for line in visits {
        let parts: Vec<&str> = line.split(' ').collect();
        let feed: usize = parts[0]
            .rsplit_once('/')
            .and_then(|(_, name)| name.strip_suffix(".xml")?.parse().ok())
            .expect("a feed of the farm");
        let changes = feed * 7 % 1000 < 500;
        let (first, last): (u128, u128) = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
        let entries = |from: bool, to: bool| {
            let range = usize::from(changes && from)..ENTRIES + usize::from(changes && to);
            range.map(move |entry| format!("http://blog-{feed}.example/{entry}"))
        };
        // A visit begins a moment before its request.
        must.extend(entries(first + 3_000 > middle, last > middle));
        may.extend(entries(first > middle, last + 3_000 > middle));
    }
    assert!(
        must.len() + scale.feeds >= scale.feeds * ENTRIES,
        "too few visits"
    );
    (must, may)
}

#[test]
fn a_source_that_is_added_wakes_whoever_sleeps() {
    if database::server().is_none() {
        eprintln!("skipped: NEWSDESK_TEST_POSTGRES names no server");
        return;
    }
    let size = Size {
        hosts: 2,
        feeds: 2,
        entries: ENTRIES,
    };
    let farm = Farm::start(size).expect("loopback");
    let project = Project::new(&config(&farm));
    let urls = farm.urls();
    // `sources add` asks a source too; only a visit is written.
    let visits = || count(&project, "SELECT count(*)::text FROM visit");
    project.run(&["sources", "add", &urls[0]]);
    let mut workers = Workers::new(&project);
    workers.fill();
    let began = Instant::now();
    while visits() == 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "nobody polls");
        sleep(Duration::from_millis(50));
    }
    // Nothing is due for a minute now, and of eight that look every ten seconds one may look soon
    // after; one alone does not.
    while workers.running.len() > 1 {
        workers.kill_one();
    }
    sleep(Duration::from_secs(1));
    project.run(&["sources", "add", &urls[1]]);
    let added = Instant::now();
    while visits() == 1 {
        assert!(added.elapsed() < Duration::from_secs(30), "nobody woke");
        sleep(Duration::from_millis(20));
    }
    let waited = added.elapsed();
    eprintln!("woken after {waited:?}");
    assert!(waited < Duration::from_secs(4), "{waited:?}");
}

/// A feed with one entry.
const FEED: &[u8] = b"<rss version=\"2.0\"><channel><title>All of them</title><item>\
    <title>One</title><link>https://feed.example/1</link></item></channel></rss>";

#[test]
fn redirects_of_many_workers_meet_at_one_host_one_by_one() {
    if database::server().is_none() {
        eprintln!("skipped: NEWSDESK_TEST_POSTGRES names no server");
        return;
    }
    let target = Server::new(|_| Answer::slow(FEED));
    let to = target.url("/feed");
    let others: Vec<Server> = (1..=40)
        .map(|at| {
            let to = to.clone();
            Server::on(&format!("127.0.1.{at}"), move |_| {
                Answer::redirect(302, &to)
            })
        })
        .collect();
    let mut config = format!(
        "{}[poll]\nallow_private = [\"127.0.0.0/8\"]\npause = \"0s\"\n",
        crate::project::CONFIG
    );
    for server in &others {
        let _ = writeln!(config, "[[source]]\nurl = \"{}\"", server.url("/feed"));
    }
    let project = Project::new(&config);
    // The first one tells the store of the sources.
    project.run(&["sources", "list"]);
    let workers: Vec<Child> = (0..4)
        .map(|_| {
            let worker = project
                .command(&["poll", "--for", "1m", "--json"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn();
            worker.expect("the program starts")
        })
        .collect();
    let mut visits = Vec::new();
    for worker in workers {
        let output = worker.wait_with_output().expect("it ends");
        visits.push(String::from_utf8_lossy(&output.stdout).lines().count());
    }
    assert_eq!(visits.iter().sum::<usize>(), 40, "{visits:?}");
    assert!(
        visits.iter().filter(|count| **count > 0).count() > 1,
        "{visits:?}"
    );
    let log = target.take_log();
    assert_eq!(log.len(), 40);
    assert!(log.iter().all(|request| request.at_once == 1));
}
