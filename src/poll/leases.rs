//! The hosts that a run has leased, where many workers share a store.
//!
//! A visit begins only while it would end before the lease does, so that no two workers ask one
//! host at once, even if this one cannot reach the store any more.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::options::Options;
use crate::model::SourceId;
use crate::store::{self, Due, Share, Store, Worker};

/// Hosts that are leased at a time: few, so that many workers that begin together share the work.
const HOSTS: usize = 16;

/// Sources of one host that are leased at a time: few, so that a large host is shared over time.
const SOURCES: usize = 16;

/// How much longer a lease lasts than the longest visit.
const MARGIN: Duration = Duration::from_secs(15);

/// How often leases are renewed.
const RENEWAL: Duration = Duration::from_secs(5);

/// How long to wait before the store is asked for work, or for a host, again, where it had none.
pub(super) const SOON: Duration = Duration::from_millis(500);

/// How long a store that does not answer is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a run may ask, and since when.
#[derive(Debug)]
pub(super) struct Leases {
    worker: Worker,
    longest: Duration,
    rest: Duration,
    most: usize,
    /// Sources of each host that are not over yet.
    open: HashMap<String, usize>,
    /// Hosts that can be given back.
    over: Vec<String>,
    /// Until when the leases hold, counted from the start of the run.
    valid_until: Duration,
    renew_at: Duration,
    /// When the store is asked for more, if it can have more.
    more_at: Option<Duration>,
    /// Since when the store has not answered.
    failing_since: Option<Duration>,
    /// Whether the store chooses: what is due, and not what somebody named.
    is_open_ended: bool,
}

impl Leases {
    pub(super) fn new(options: &Options, is_open_ended: bool) -> Self {
        Self {
            worker: Worker::new(),
            longest: options.fetch.whole,
            rest: options.pause,
            most: options.concurrency,
            open: HashMap::new(),
            over: Vec::new(),
            valid_until: Duration::ZERO,
            renew_at: RENEWAL,
            more_at: is_open_ended.then_some(Duration::ZERO),
            failing_since: None,
            is_open_ended,
        }
    }

    /// Who this is.
    pub(super) fn worker(&self) -> Worker {
        self.worker
    }

    fn time(&self) -> Duration {
        self.longest + MARGIN
    }

    /// Leases what somebody named.
    pub(super) async fn these(
        &mut self,
        store: &Store,
        ids: &[SourceId],
        at: Duration,
    ) -> Result<Vec<(String, Due)>, store::Error> {
        let sources = store.lease_these(self.worker, ids, self.time()).await?;
        self.valid_until = at + self.time();
        self.note(&sources);
        Ok(sources)
    }

    /// Leases more of what is due, if it is time to, and there is room.
    pub(super) async fn more(
        &mut self,
        store: &Store,
        now: DateTime<Utc>,
        at: Duration,
    ) -> Result<Vec<(String, Due)>, store::Error> {
        let is_time = self.more_at.is_some_and(|time| at >= time);
        if !is_time || self.open.len() >= self.most {
            return Ok(Vec::new());
        }
        let share = Share {
            hosts: HOSTS.min(self.most),
            sources: SOURCES,
            time: self.time(),
        };
        let leased = match store.lease(self.worker, share, now).await {
            Ok(leased) => leased,
            Err(_) if at < *self.failing_since.get_or_insert(at) + PATIENCE => {
                self.more_at = Some(at + SOON);
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        self.failing_since = None;
        if self.open.is_empty() {
            // Those that were leased before were renewed at another time.
            self.valid_until = at + self.time();
            self.renew_at = at + RENEWAL;
        }
        if leased.sources.is_empty() {
            self.more_at = match leased.free_in {
                Some(time) => Some(at + time),
                // What this run has itself may leave something.
                None if !self.open.is_empty() => Some(at + SOON),
                None => None,
            };
        }
        self.note(&leased.sources);
        Ok(leased.sources)
    }

    /// Leases hosts that redirects led to; those that this run may ask now.
    pub(super) async fn guests(&mut self, store: &Store, mut hosts: Vec<String>) -> Vec<String> {
        let (open, over) = (&self.open, &mut self.over);
        let is_ours = |host: &mut String| open.contains_key(host) || over.contains(host);
        let mut ours: Vec<String> = hosts.extract_if(.., is_ours).collect();
        over.retain(|host| !ours.contains(host));
        if !hosts.is_empty() {
            // A store that does not answer now is asked again.
            let leased = store.lease_hosts(self.worker, hosts, self.time()).await;
            ours.extend(leased.unwrap_or_default());
        }
        for host in &ours {
            *self.open.entry(host.clone()).or_default() += 1;
        }
        ours
    }

    fn note(&mut self, sources: &[(String, Due)]) {
        for (host, _) in sources {
            *self.open.entry(host.clone()).or_default() += 1;
        }
    }

    /// A source of a host is over: what came of it is written, or it is not visited in this run.
    pub(super) fn done(&mut self, host: &str, sources: usize) {
        let Some(open) = self.open.get_mut(host) else {
            return;
        };
        *open = open.saturating_sub(sources);
        if *open == 0 {
            self.open.remove(host);
            self.over.push(host.to_owned());
            if self.is_open_ended {
                self.more_at.get_or_insert(Duration::ZERO);
            }
        }
    }

    /// Gives hosts back, and renews the leases of the others, if it is time to. A store that cannot
    /// be reached now is asked again; until then, what is leased runs out.
    pub(super) async fn keep(&mut self, store: &Store, at: Duration) {
        if !self.over.is_empty() {
            let over = std::mem::take(&mut self.over);
            if store
                .give_back(self.worker, over.clone(), self.rest)
                .await
                .is_err()
            {
                self.over = over;
            }
        }
        if at >= self.renew_at && !self.open.is_empty() {
            if store.renew(self.worker, self.time()).await.is_ok() {
                self.valid_until = at + self.time();
                self.renew_at = at + RENEWAL;
            } else {
                self.renew_at = at + SOON;
            }
        }
    }

    /// Whether a visit may begin.
    pub(super) fn is_valid(&self, at: Duration) -> bool {
        at + self.longest <= self.valid_until
    }

    /// Whether nothing is leased.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// The next time at which something is to be done.
    pub(super) fn wake(&self) -> Option<Duration> {
        let renewal = (!self.open.is_empty()).then_some(self.renew_at);
        let more = self.more_at.filter(|_| self.open.len() < self.most);
        [renewal, more].into_iter().flatten().min()
    }

    /// Whether the store may have more to do for this run.
    pub(super) fn may_have_more(&self) -> bool {
        self.more_at.is_some()
    }

    /// Gives everything back. What cannot be given back now runs out.
    pub(super) async fn end(&self, store: &Store) {
        let _ = store.give_all_back(self.worker, self.rest).await;
    }
}
