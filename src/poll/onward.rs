//! Visits that redirects led to a host which somebody else may be asking, where many workers share
//! a store: they wait until the host is leased.

use std::collections::VecDeque;
use std::time::Duration;

use super::leases::SOON;
use super::visit::Onward;

/// How long a visit waits for its host. The source is still due then, and the next run asks.
const PATIENCE: Duration = Duration::from_mins(1);

/// Visits that wait for a host.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// Each with its host, and since when.
    waiting: VecDeque<(String, Onward, Duration)>,
    /// When the hosts are asked for.
    next: Duration,
}

impl Elsewhere {
    /// One more has to wait, from a time on.
    pub(super) fn add(&mut self, onward: Onward, at: Duration) {
        self.waiting.push_back((onward.host(), onward, at));
        self.next = at;
    }

    /// The hosts that are asked for now, each once.
    pub(super) fn hosts(&mut self, at: Duration) -> Vec<String> {
        if at < self.next {
            return Vec::new();
        }
        self.next = at + SOON;
        let mut hosts: Vec<String> = self.waiting.iter().map(|it| it.0.clone()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    /// The first visit of each of these hosts.
    pub(super) fn first(&mut self, hosts: Vec<String>) -> Vec<(String, Onward)> {
        let of_host = |host: String| {
            let place = self.waiting.iter().position(|it| it.0 == host)?;
            let (host, onward, _) = self.waiting.remove(place)?;
            Some((host, onward))
        };
        hosts.into_iter().filter_map(of_host).collect()
    }

    /// All visits that wait for one host.
    pub(super) fn all_of(&mut self, host: &str) -> Vec<Onward> {
        self.take(|it| it.0 == host)
    }

    /// Those that have waited too long.
    pub(super) fn given_up(&mut self, at: Duration) -> Vec<Onward> {
        self.take(|it| at >= it.2 + PATIENCE)
    }

    /// All of them: the run ends.
    pub(super) fn end(&mut self) -> usize {
        std::mem::take(&mut self.waiting).len()
    }

    /// The next time at which something is to be done.
    pub(super) fn wake(&self) -> Option<Duration> {
        (!self.waiting.is_empty()).then_some(self.next)
    }

    fn take(&mut self, which: impl Fn(&(String, Onward, Duration)) -> bool) -> Vec<Onward> {
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let (taken, left) = waiting.partition::<VecDeque<_>, _>(which);
        self.waiting = left;
        taken.into_iter().map(|it| it.1).collect()
    }
}
