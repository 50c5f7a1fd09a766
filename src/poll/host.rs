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
    hosts: Vec<VecDeque<T>>,
    numbers: BTreeMap<String, usize>,
    /// The first host that nothing was asked of yet; they are asked in the order of their numbers.
    untouched: usize,
    /// The hosts that may be asked from a time on, soonest first, then in the order of arrival.
    ready: BinaryHeap<Reverse<(Duration, usize)>>,
    running: usize,
}

impl<T> Queue<T> {
    /// A queue of what is to be visited, most urgent first, each with its host's key.
    pub fn new(limits: Limits, items: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut hosts: Vec<VecDeque<T>> = Vec::new();
        for (key, item) in items {
            let number = *numbers.entry(key).or_insert_with(|| {
                hosts.push(VecDeque::new());
                hosts.len() - 1
            });
            hosts[number].push_back(item);
        }
        let mut queue = Self {
            limits,
            hosts,
            numbers,
            untouched: 0,
            ready: BinaryHeap::new(),
            running: 0,
        };
        for host in 0..queue.hosts.len() {
            queue.open(host, Duration::ZERO);
        }
        queue
    }

    /// Adds what may be visited from a time on; of a host that was asked before, only once nothing
    /// is left or on its way there.
    pub fn add(&mut self, items: impl IntoIterator<Item = (String, T)>, from: Duration) {
        let mut added = Vec::new();
        for (key, item) in items {
            let number = *self.numbers.entry(key).or_insert_with(|| {
                self.hosts.push(VecDeque::new());
                self.hosts.len() - 1
            });
            if self.hosts[number].is_empty() {
                added.push(number);
            }
            self.hosts[number].push_back(item);
        }
        for host in added {
            self.open(host, from);
        }
    }

    /// Has a host asked as often at once as it may be.
    fn open(&mut self, host: usize, from: Duration) {
        let slots = self.limits.per_host.max(1).min(self.hosts[host].len());
        for _ in 0..slots {
            self.ready.push(Reverse((from, host)));
        }
    }

    /// What can be done `at` this time. A visit that is given out is on its way until [`done`].
    ///
    /// [`done`]: Self::done
    pub fn next(&mut self, at: Duration) -> Next<T> {
        if self.running >= self.limits.all.max(1) {
            return Next::Busy;
        }
        while let Some(&Reverse((time, host))) = self.ready.peek() {
            if self.hosts[host].is_empty() {
                self.ready.pop();
                continue;
            }
            if time > at {
                return Next::Wait(time);
            }
            self.ready.pop();
            let Some(item) = self.hosts[host].pop_front() else {
                continue;
            };
            self.running += 1;
            self.untouched = self.untouched.max(host + 1);
            return Next::Visit(host, item);
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
        if !self.hosts[host].is_empty() {
            self.ready.push(Reverse((at + self.limits.pause, host)));
        }
    }

    /// A host has had enough: nothing more is asked of it in this run. Gives what was left.
    pub fn stop(&mut self, key: &str) -> impl Iterator<Item = T> + use<T> {
        let host = self.numbers.get(key);
        let left = host.map(|host| std::mem::take(&mut self.hosts[*host]));
        left.into_iter().flatten()
    }

    /// What is left for a host, next first.
    pub fn left(&self, host: usize) -> impl Iterator<Item = &T> {
        self.hosts[host].iter()
    }

    /// The first of what is left for each host that was not asked yet; each host is named once.
    pub fn untouched(&mut self, count: usize) -> impl Iterator<Item = &T> {
        let from = self.untouched.min(self.hosts.len());
        let to = (from + count).min(self.hosts.len());
        self.untouched = to;
        self.hosts[from..to].iter().filter_map(VecDeque::front)
    }

    /// Ends the run: gives all that was left.
    pub fn stop_all(&mut self) -> impl Iterator<Item = T> + use<'_, T> {
        self.ready.clear();
        self.hosts.iter_mut().flat_map(|host| host.drain(..))
    }

    /// How many visits are on their way.
    pub fn running(&self) -> usize {
        self.running
    }
}

#[cfg(test)]
mod tests;
