//! A month of sources, simulated: how often the program's own rule asks them, what it finds, how
//! late, and how the visits lie on hosts: `cargo bench --bench simulate`; `-- --sources 100000
//! --days 30 --pushed 0` are its numbers. docs/SCALE.md draws its conclusions from it.
//!
//! When a source is visited is decided by `poll::due::next` itself. What sources do is made up, of
//! a number, so that two runs are alike: how often they have something new is spread wide around
//! one entry a week (log-normal), a fifth never have anything, and the busy ones post in bursts.
//! Hosts are spread as on the web: a few have thousands of sources, most have one (Zipf).

#![expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a table is what it is for, and counts are far below 2^52"
)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use newsdesk::model::{History, Origin, Outcome, Source};
use newsdesk::poll::Bounds;
use newsdesk::poll::due::{self, Done};

/// The middle of how often sources have something new: once a week.
const MEDIAN_GAP_DAYS: f64 = 7.0;

/// How wide it is spread: the standard deviation of its logarithm.
const SPREAD: f64 = 1.7;

/// Sources that never have anything new.
const SILENT: f64 = 0.2;

/// Days before the month, in which rhythms are learned.
const LEARNING: i64 = 14;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` runs this too; only a bench is meant.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let number = |name: &str, default: f64| -> f64 {
        let place = arguments.iter().position(|it| it == name);
        let value = place.and_then(|place| arguments.get(place + 1)?.parse().ok());
        value.unwrap_or(default)
    };
    let sources = number("--sources", 100_000.0) as usize;
    let days = number("--days", 30.0) as i64;
    println!("{sources} sources, {days} days");
    let asked: Vec<f64> = if arguments.iter().any(|it| it == "--pushed") {
        vec![number("--pushed", 0.0)]
    } else {
        vec![0.0, 0.5]
    };
    for pushed in asked {
        let world = World::simulate(sources, days, pushed);
        world.print(sources, days, pushed);
        world.print_hosts(sources, days);
    }
}

/// A source that is made up.
struct Feed {
    source: Source,
    history: History,
    /// Seconds between two entries, on average; none: nothing ever comes.
    gap: Option<f64>,
    /// The instant of its next entry.
    next_entry: Option<DateTime<Utc>>,
    /// Whether a hub tells of its entries, so that it is asked once a day.
    is_pushed: bool,
    random: fastrand::Rng,
}

/// What a month came to.
#[derive(Default)]
struct World {
    visits: u64,
    found: u64,
    entries: u64,
    pings: u64,
    /// Minutes from an entry to the visit that found it.
    delays: Vec<u32>,
    /// Visits of each hour of the day.
    hours: [u64; 24],
    /// Visits of each source.
    each: Vec<u32>,
}

impl World {
    fn simulate(sources: usize, days: i64, pushed: f64) -> Self {
        let start = "2026-11-01T00:00:00Z".parse().expect("an instant");
        let from: DateTime<Utc> = start + TimeDelta::days(LEARNING);
        let end = from + TimeDelta::days(days);
        let mut random = fastrand::Rng::with_seed(1);
        let mut feeds: Vec<Feed> = (0..sources)
            .map(|_| Feed::new(&mut random, start, pushed))
            .collect();
        let mut world = Self {
            each: vec![0; sources],
            ..Self::default()
        };
        let mut queue: BinaryHeap<Reverse<(DateTime<Utc>, usize)>> = (0..sources)
            .map(|number| {
                let at = start + TimeDelta::seconds(random.i64(0..3600));
                Reverse((at, number))
            })
            .collect();
        while let Some(Reverse((now, number))) = queue.pop() {
            if now >= end {
                break;
            }
            let next = feeds[number].visit(now, (now >= from).then_some(&mut world));
            if now >= from {
                world.visits += 1;
                world.each[number] += 1;
                world.hours[(now.timestamp() / 3600 % 24) as usize] += 1;
            }
            queue.push(Reverse((next, number)));
        }
        world.delays.sort_unstable();
        world
    }

    fn print(&self, sources: usize, days: i64, pushed: f64) {
        let (sources, days) = (sources as f64, days as f64);
        let delay = |share: f64| {
            let at = (self.delays.len() as f64 * share) as usize;
            self.delays.get(at).copied().unwrap_or(0)
        };
        let busiest = self.hours.iter().max().copied().unwrap_or(0) as f64;
        println!(
            "\n{:.0} % of the sources that post have a hub",
            pushed * 100.0
        );
        println!(
            "visits a source and day      {:8.2}",
            self.visits as f64 / sources / days
        );
        println!(
            "  of them with something new {:8.2} %",
            100.0 * self.found as f64 / self.visits as f64
        );
        println!(
            "pings a source and day       {:8.2}",
            self.pings as f64 / sources / days
        );
        println!(
            "entries a source and day     {:8.2}",
            self.entries as f64 / sources / days
        );
        println!(
            "visits a second, all sources {:8.2}",
            self.visits as f64 / days / 86_400.0
        );
        println!(
            "  in the busiest hour        {:8.2}",
            busiest / days / 3_600.0
        );
        println!(
            "minutes until an entry is seen, half of them {}, nine of ten {}",
            delay(0.5),
            delay(0.9)
        );
    }

    /// How the visits lie on hosts, where a host of rank r has a share of 1/r.
    fn print_hosts(&self, sources: usize, days: i64) {
        let hosts = sources / 3;
        let mut bounds: Vec<f64> = (1..=hosts).map(|rank| 1.0 / rank as f64).collect();
        let total: f64 = bounds.iter().sum();
        let mut sum = 0.0;
        for bound in &mut bounds {
            sum += *bound / total;
            *bound = sum;
        }
        let mut random = fastrand::Rng::with_seed(2);
        let mut visits = vec![0_u64; hosts];
        let mut owned = vec![0_u64; hosts];
        for each in &self.each {
            let place = random.f64();
            let host = bounds
                .partition_point(|bound| *bound < place)
                .min(hosts - 1);
            visits[host] += u64::from(*each);
            owned[host] += 1;
        }
        println!(
            "hosts by rank: sources, and seconds a visit may take there if one follows the other"
        );
        for rank in [1, 10, 100, 1_000] {
            if rank <= hosts && visits[rank - 1] > 0 {
                let seconds = days as f64 * 86_400.0 / visits[rank - 1] as f64;
                println!("{rank:>8} {:>9} {seconds:>9.2}", owned[rank - 1]);
            }
        }
    }
}

impl Feed {
    fn new(random: &mut fastrand::Rng, start: DateTime<Utc>, pushed: f64) -> Self {
        let mut random = random.fork();
        let gap = (random.f64() >= SILENT).then(|| {
            let days = MEDIAN_GAP_DAYS * (SPREAD * normal(&mut random)).exp();
            days.clamp(0.01, 2_000.0) * 86_400.0
        });
        let is_pushed = gap.is_some() && random.f64() < pushed;
        let mut feed = Self {
            source: Source {
                every: is_pushed.then_some(Duration::from_hours(24)),
                ..Source::new(String::new(), Origin::Added)
            },
            history: History::default(),
            gap,
            next_entry: None,
            is_pushed,
            random,
        };
        feed.next_entry = feed.after(start - TimeDelta::days(60));
        feed
    }

    /// When the entry after this instant appears. One of five comes soon after the one before.
    fn after(&mut self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let gap = self.gap?;
        let long = if self.random.f64() < 0.2 {
            gap * 0.05
        } else {
            gap * 1.2375
        };
        let wait = -long * (1.0 - self.random.f64()).ln();
        Some(at + TimeDelta::seconds(wait.max(60.0) as i64))
    }

    /// A visit: takes in what appeared, and says when the next one is due.
    fn visit(&mut self, now: DateTime<Utc>, mut world: Option<&mut World>) -> DateTime<Utc> {
        let mut new = 0;
        while let Some(at) = self.next_entry.filter(|at| *at <= now) {
            self.history.instants.insert(0, at);
            self.history.instants.truncate(History::INSTANTS);
            new += 1;
            if let Some(world) = world.as_deref_mut() {
                world.entries += 1;
                if self.is_pushed {
                    world.pings += 1;
                    world.delays.push(0);
                } else {
                    world
                        .delays
                        .push(((now - at).num_minutes()).clamp(0, 1 << 20) as u32);
                }
            }
            self.next_entry = self.after(at);
        }
        if let Some(world) = world {
            world.found += u64::from(new > 0 && !self.is_pushed);
        }
        self.history.visits += 1;
        self.history.last_visit = Some(now);
        self.history.last_success = Some(now);
        let done = Done {
            lease: None,
            source: &self.source,
            history: &self.history,
            outcome: if new > 0 {
                Outcome::Changed
            } else {
                Outcome::NotModified
            },
            retry_at: None,
            now,
            seed: self.random.u64(..),
        };
        let bounds = Bounds {
            min: Duration::from_mins(30),
            max: Duration::from_hours(24),
        };
        let next = due::next(&done, bounds);
        self.history.next_visit = Some(next);
        next
    }
}

/// A normally distributed number (Box and Muller, 1958).
fn normal(random: &mut fastrand::Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.f64()).cos()
}
