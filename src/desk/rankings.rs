//! The ranking, kept in memory: one for the team and one for each curator who was asked for.
//!
//! Whoever asks gets what is there; if it is out of date, it is made again beside that. Decisions
//! alone change nothing of the order until it is learned from them, every few minutes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::model::{EntryId, SourceId};
use crate::store::Stamp;
use crate::suggest::{Item, List, Model, Options, Suggestion};
use chrono::{DateTime, NaiveDate, Utc};

use super::error::Error;
use super::known::{Known, entry};
use super::rank::{LEARNED_FOR_LISTS, Ranker, Wanted};
use super::ranking::{Ranking, Row};
use super::{Desk, open, wait};

/// So many stand in an order in which neighbors differ; the rest in that of their scores.
const VARIED: usize = 200;

/// Decisions are learned from no sooner than this after the last time.
const LEARN_AFTER: Duration = Duration::from_mins(5);

/// A ranking is made anew no sooner than this after the last one.
const RANK_AFTER: Duration = Duration::from_secs(5);

/// All rankings.
#[derive(Default)]
pub(super) struct Rankings {
    /// By curator; the team's under none.
    slots: Mutex<HashMap<Option<String>, Arc<Slot>>>,
}

/// One ranking, and whether somebody is making it.
#[derive(Default)]
struct Slot {
    kept: Mutex<Option<Arc<Kept>>>,
    /// Held by who makes it.
    making: Mutex<()>,
}

/// A ranking, with what made it.
struct Kept {
    ranking: Arc<Ranking>,
    model: Model,
    options: Options,
    known: Known,
    /// What it was made of.
    stamp: Stamp,
    day: NaiveDate,
    /// When it was ranked and learned, by the clock's count.
    ranked: Duration,
    learned: Duration,
}

impl Kept {
    /// Whether it has to be made again.
    fn is_old(&self, stamp: Stamp, day: NaiveDate, elapsed: Duration) -> bool {
        if elapsed.saturating_sub(self.ranked) < RANK_AFTER {
            return false;
        }
        let is_new = stamp.entries != self.stamp.entries || day != self.day;
        is_new || (stamp != self.stamp && elapsed.saturating_sub(self.learned) >= LEARN_AFTER)
    }
}

impl Desk {
    pub(super) fn ranking_for(
        &self,
        curator: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Arc<Ranking>, Error> {
        Ok(Arc::clone(&self.kept(curator, now)?.ranking))
    }

    /// The entries with all that their scores are made of.
    pub(super) fn weigh_for(
        &self,
        curator: Option<&str>,
        entries: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Suggestion>, Error> {
        let kept = self.kept(curator, now)?;
        let items = wait(kept.known.items_of(self.store(), entries))?;
        let mut by_id: HashMap<EntryId, Item> = items
            .into_iter()
            .map(|item| (entry(&item.key), item))
            .collect();
        let items: Vec<Item> = entries.iter().filter_map(|id| by_id.remove(id)).collect();
        Ok(kept.model.weigh(&items, &kept.options, now))
    }

    /// The ranking that is there; the first time, whoever asks waits for it.
    fn kept(&self, curator: Option<&str>, now: DateTime<Utc>) -> Result<Arc<Kept>, Error> {
        let curator = match curator {
            Some(name) => self.curator(name, now)?,
            None => None,
        };
        let curator = curator.as_deref();
        let slot = {
            let mut slots = open(&self.0.rankings.slots);
            Arc::clone(slots.entry(curator.map(str::to_owned)).or_default())
        };
        let there = open(&slot.kept).clone();
        if let Some(kept) = there {
            let stamp = wait(async { Ok(self.store().stamp(self.newsletter()).await?) })?;
            if kept.is_old(stamp, self.day(now), self.clock().elapsed()) {
                self.make_again(&slot, curator, now);
            }
            return Ok(kept);
        }
        let making = open(&slot.making);
        // Somebody else may have made it while this one waited.
        let there = open(&slot.kept).clone();
        if let Some(kept) = there {
            return Ok(kept);
        }
        let kept = Arc::new(wait(self.make(curator, None, now))?);
        *open(&slot.kept) = Some(Arc::clone(&kept));
        drop(making);
        Ok(kept)
    }

    /// A curator as the newsletter knows them. Who is asked for and not known has the team's
    /// ranking: a ranking takes memory, and anybody can make names up.
    fn curator(&self, asked: &str, now: DateTime<Utc>) -> Result<Option<String>, Error> {
        let asked = asked.to_lowercase();
        let past = self.past(now)?;
        let mut curators = past.curators.iter();
        Ok(curators.find(|name| name.to_lowercase() == asked).cloned())
    }

    /// Makes a ranking on a thread of its own, unless somebody does.
    fn make_again(&self, slot: &Arc<Slot>, curator: Option<&str>, now: DateTime<Utc>) {
        let (desk, slot) = (self.clone(), Arc::clone(slot));
        let curator = curator.map(str::to_owned);
        let make = move || {
            let Ok(making) = slot.making.try_lock() else {
                return;
            };
            let before = open(&slot.kept).clone();
            // What could not be made is tried again by who asks next; until then the last one is
            // as good as it was.
            let made = wait(desk.make(curator.as_deref(), before.as_deref(), now));
            if let Ok(made) = made {
                *open(&slot.kept) = Some(Arc::new(made));
            }
            drop(making);
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(make)),
            Err(_) => drop(std::thread::spawn(make)),
        }
    }

    async fn make(
        &self,
        curator: Option<&str>,
        before: Option<&Kept>,
        now: DateTime<Utc>,
    ) -> Result<Kept, Error> {
        let elapsed = self.clock().elapsed();
        let stamp = self.store().stamp(self.newsletter()).await?;
        let ranker = Ranker {
            now,
            config: self.config(),
            store: self.store(),
            known: Known::gather(self.config(), self.store(), now).await?,
            learned_for: LEARNED_FOR_LISTS,
            few: u64::MAX,
        };
        let wanted = Wanted {
            curator: curator.map(str::to_owned),
            count: Some(VARIED),
            ..Wanted::default()
        };
        let items = ranker.known.items(self.store()).await?;
        let young = before.filter(|before| elapsed.saturating_sub(before.learned) < LEARN_AFTER);
        let (model, learned) = if let Some(before) = young {
            (before.model.clone().restored(), before.learned)
        } else {
            let known = match ranker.learned(&wanted).await? {
                Some(known) => known,
                None => ranker.learn(&wanted, &items).await?,
            };
            (known.model, elapsed)
        };
        let options = ranker.options(&wanted);
        let taken = self.store().used(self.newsletter()).await?;
        let taken: HashSet<EntryId> = taken.iter().map(|used| used.entry).collect();
        // What a draft took over is hidden as long as the store says so; it may come back.
        let items: Vec<Item> = items
            .into_iter()
            .filter(|item| {
                let id = entry(&item.key);
                taken.contains(&id) || !ranker.known.away.contains(&id)
            })
            .collect();
        // Decisions do not count here: what is decided is hidden when a page is made, so that
        // one that is taken back is there at once.
        let (list, order) = model.rank_all(&items, &[], &options, now);
        let tags = self.source_tags().await?;
        let firsts: HashMap<EntryId, SourceId> =
            self.store().first_sources().await?.into_iter().collect();
        let basis = model.basis(&options);
        let ranking = Ranking {
            basis: basis.to_string(),
            curator: basis.curator,
            sources: source_names(&ranker.known),
            stamp,
            made: now,
            ..rows(&list, &order, &firsts, &tags)
        };
        Ok(Kept {
            ranking: Arc::new(ranking.with_names()),
            model,
            options,
            known: ranker.known,
            stamp,
            day: self.day(now),
            ranked: elapsed,
            learned,
        })
    }

    /// The newsletter's own day: what was shown counts by it.
    fn day(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone()).date_naive()
    }

    /// The words that each source is filed under.
    async fn source_tags(&self) -> Result<HashMap<SourceId, Vec<String>>, Error> {
        let sources = self.store().sources().await?;
        Ok(sources
            .into_iter()
            .map(|known| (known.id, known.source.tags))
            .collect())
    }
}

/// What each source is called.
fn source_names(known: &Known) -> BTreeMap<SourceId, String> {
    let names = known.sources.iter();
    names.map(|(id, name)| (*id, name.clone())).collect()
}

/// The rows in the order in which they are shown.
fn rows(
    list: &List,
    order: &[&Item],
    sources: &HashMap<EntryId, SourceId>,
    filed: &HashMap<SourceId, Vec<String>>,
) -> Ranking {
    let by_key: HashMap<&str, &Item> = order
        .iter()
        .map(|item| (item.key.as_str(), *item))
        .collect();
    let mut shelf = Shelf::default();
    let mut rows = Vec::with_capacity(order.len());
    let mut seen: HashSet<&str> = HashSet::new();
    let mut push = |item: &Item, also: &[String]| {
        let id = entry(&item.key);
        let source = sources.get(&id).copied().unwrap_or(SourceId(0));
        let own = item.tags.iter();
        let filed = filed.get(&source).into_iter().flatten();
        rows.push(Row {
            id,
            kind: item.kind.unwrap_or_default(),
            source,
            tags: shelf.numbers(own.chain(filed)),
            also: also.iter().map(|key| entry(key)).collect(),
        });
    };
    for suggestion in &list.suggestions {
        if let Some(item) = by_key.get(suggestion.key.as_str()) {
            seen.insert(&item.key);
            seen.extend(suggestion.also.iter().map(String::as_str));
            push(item, &suggestion.also);
        }
    }
    for item in order {
        if !seen.contains(item.key.as_str()) {
            push(item, &[]);
        }
    }
    Ranking {
        rows,
        tags: shelf.tags,
        ..Ranking::default()
    }
}

/// Numbers for labels; one that is written in two ways has one.
#[derive(Default)]
struct Shelf {
    tags: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Shelf {
    fn numbers<'t>(&mut self, tags: impl Iterator<Item = &'t String>) -> Vec<u32> {
        let mut numbers = BTreeSet::new();
        for tag in tags {
            let tag = crate::feeds::shown::line(tag);
            let next = u32::try_from(self.tags.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(tag.to_lowercase()).or_insert(next);
            if number == next {
                self.tags.push(tag);
            }
            numbers.insert(number);
        }
        numbers.into_iter().collect()
    }
}
