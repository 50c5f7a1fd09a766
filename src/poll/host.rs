//! Politeness: all that concerns one host, in one place.
//!
//! It is the host that limits and not the feed, so a host is what is asked one request at a time,
//! rests between two requests, and is left alone, all its feeds with it, when it says that it has
//! had enough. [`Queue`] holds who is to be asked and says who may be now; it reads no clock and
//! makes no request.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::Duration;

pub use crate::model::address::host_key as key;

/// How much is asked of a host, and of all of them together.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests at the same time, over all hosts.
    pub all: usize,
    /// Requests at the same time to one host.
    pub per_host: usize,
    /// The rest between two requests to one host.
    pub pause: Duration,
}

/// What can be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// Visit this one, of the host of this number.
    Visit(usize, T),
    /// Nothing until this time, or until a visit ends.
    Wait(Duration),
    /// Nothing until a visit ends.
    Busy,
    /// Nothing is left, and nothing is on its way.
    Done,
}

/// Who is still to be visited in this run, host by host. Times count from the start of the run.
#[derive(Debug)]
pub struct Queue<T> {
    limits: Limits,
    hosts: Vec<Host<T>>,
    numbers: BTreeMap<String, usize>,
    /// The first host that was not named as one that nothing was asked of yet.
    untouched: usize,
    /// The hosts that may be asked from a time on, soonest first, then in the order of arrival.
    ready: BinaryHeap<Reverse<(Duration, usize)>>,
    running: usize,
}

/// What is left for a host, and what it has had.
#[derive(Debug)]
struct Host<T> {
    items: VecDeque<T>,
    /// Visits on their way.
    running: usize,
    /// Visits that may begin, each from a time on.
    ready: usize,
    /// When it has rested from the last visit.
    rested: Duration,
    is_touched: bool,
}

impl<T> Host<T> {
    const fn new() -> Self {
        Self {
            items: VecDeque::new(),
            running: 0,
            ready: 0,
            rested: Duration::ZERO,
            is_touched: false,
        }
    }
}

impl<T> Queue<T> {
    /// A queue of what is to be visited, most urgent first, each with its host's key.
    pub fn new(limits: Limits, items: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut queue = Self {
            limits,
            hosts: Vec::new(),
            numbers: BTreeMap::new(),
            untouched: 0,
            ready: BinaryHeap::new(),
            running: 0,
        };
        queue.add(items, Duration::ZERO);
        queue
    }

    /// Adds what may be visited from a time on, once its host has rested.
    pub fn add(&mut self, items: impl IntoIterator<Item = (String, T)>, from: Duration) {
        let mut hosts = Vec::new();
        for (key, item) in items {
            let host = self.number(key);
            if self.hosts[host].items.is_empty() {
                hosts.push(host);
            }
            self.hosts[host].items.push_back(item);
        }
        for host in hosts {
            self.open(host, from);
        }
    }

    /// Adds what comes before all else of its host, from a time on, once it has rested.
    pub fn add_first(&mut self, key: String, item: T, from: Duration) {
        let host = self.number(key);
        self.hosts[host].items.push_front(item);
        self.open(host, from);
    }

    fn number(&mut self, key: String) -> usize {
        *self.numbers.entry(key).or_insert_with(|| {
            self.hosts.push(Host::new());
            self.hosts.len() - 1
        })
    }

    /// Has a host asked as often at once as it may be.
    fn open(&mut self, number: usize, from: Duration) {
        let host = &mut self.hosts[number];
        let room = self.limits.per_host.max(1);
        let room = room.saturating_sub(host.running + host.ready);
        let slots = room.min(host.items.len().saturating_sub(host.ready));
        host.ready += slots;
        for _ in 0..slots {
            self.ready.push(Reverse((from.max(host.rested), number)));
        }
    }

    /// What can be done `at` this time. A visit that is given out is on its way until [`done`].
    ///
    /// [`done`]: Self::done
    pub fn next(&mut self, at: Duration) -> Next<T> {
        if self.running >= self.limits.all.max(1) {
            return Next::Busy;
        }
        while let Some(&Reverse((time, number))) = self.ready.peek() {
            let host = &mut self.hosts[number];
            if time > at && !host.items.is_empty() {
                return Next::Wait(time);
            }
            self.ready.pop();
            host.ready -= 1;
            let Some(item) = host.items.pop_front() else {
                continue;
            };
            host.running += 1;
            host.is_touched = true;
            self.running += 1;
            return Next::Visit(number, item);
        }
        if self.running > 0 {
            Next::Busy
        } else {
            Next::Done
        }
    }

    /// A visit to a host ended `at` this time: it rests, then it can be asked again.
    pub fn done(&mut self, host: usize, at: Duration) {
        self.running -= 1;
        self.hosts[host].running -= 1;
        self.hosts[host].rested = at + self.limits.pause;
        self.open(host, at);
    }

    /// A host has had enough: nothing more is asked of it in this run. Gives what was left.
    pub fn stop(&mut self, key: &str) -> impl Iterator<Item = T> + use<T> {
        let host = self.numbers.get(key);
        let left = host.map(|host| std::mem::take(&mut self.hosts[*host].items));
        left.into_iter().flatten()
    }

    /// What is left for a host, next first.
    pub fn left(&self, host: usize) -> impl Iterator<Item = &T> {
        self.hosts[host].items.iter()
    }

    /// The first of what is left for each host that was not asked yet; each host is named once.
    pub fn untouched(&mut self, count: usize) -> impl Iterator<Item = &T> {
        let passed = self.hosts[self.untouched..].iter();
        let from = self.untouched + passed.take_while(|host| host.is_touched).count();
        let to = (from + count).min(self.hosts.len());
        self.untouched = to;
        let named = self.hosts[from..to].iter().filter(|host| !host.is_touched);
        named.filter_map(|host| host.items.front())
    }

    /// Ends the run: gives all that was left.
    pub fn stop_all(&mut self) -> impl Iterator<Item = T> + use<'_, T> {
        self.ready.clear();
        self.hosts.iter_mut().flat_map(|host| {
            host.ready = 0;
            host.items.drain(..)
        })
    }

    /// How many visits are on their way.
    pub fn running(&self) -> usize {
        self.running
    }
}

#[cfg(test)]
mod tests;
