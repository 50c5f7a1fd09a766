//! The list itself: what was learned is taken from the store, and learned anew where it is old.
//!
//! In a store that is large, the best candidates are remembered together with the model that
//! ranked them: as long as it is the same, only they and what appeared since are ranked again.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::config::Config;
use crate::model::{EntryId, Kind};
use crate::store::Store;
use crate::suggest::{self, Answer, Decision, Item, LeftOut, List, Model, Options, Why};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::error::Error;
use super::known::{Known, entry, key};

/// In a store with no more entries than this, all are ranked each time.
pub const FEW: u64 = 20_000;

/// Near-duplicates of past readings that are remembered, so that they can be named again.
const DUPLICATES: usize = 50;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Whose taste counts.
    pub curator: Option<String>,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only what appeared since.
    pub since: Option<DateTime<Utc>>,
    /// How many at most; none: as many as the archive's issues ask for.
    pub count: Option<usize>,
    /// Only this entry.
    pub only: Option<EntryId>,
}

/// A list, with the items that it names.
pub struct Ranked {
    /// The list.
    pub list: List,
    items: HashMap<String, Item>,
}

impl Ranked {
    /// An item that was ranked.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.items.get(key)
    }
}

/// How old what was learned may be.
pub const LEARNED_FOR_LISTS: TimeDelta = TimeDelta::days(7);
/// How old it may be for the cron job, which has the time.
pub const LEARNED_FOR_RUNS: TimeDelta = TimeDelta::days(1);

/// Ranks the candidates.
pub struct Ranker<'a> {
    /// The newsletter.
    pub config: &'a Config,
    /// What has been seen.
    pub store: &'a Store,
    /// What is known of past readings and decisions.
    pub known: Known,
    /// The instant of the list.
    pub now: DateTime<Utc>,
    /// How old what was learned may be.
    pub learned_for: TimeDelta,
    /// So many entries are ranked each time; of more, the best are remembered.
    pub few: u64,
}

/// What was learned, as it is kept.
#[derive(Serialize, Deserialize)]
pub struct Learned {
    program: u64,
    window_days: i32,
    at: i64,
    /// How many entries the store had.
    entries: u64,
    /// What ranks.
    pub model: Model,
}

/// The best candidates, as they are kept.
#[derive(Serialize, Deserialize)]
struct Shortlist {
    /// Of what was learned.
    learned: (u64, i64),
    /// The highest number that was ranked.
    newest: i64,
    ids: Vec<i64>,
}

impl Ranker<'_> {
    /// Makes the list.
    pub async fn rank(&self, wanted: &Wanted) -> Result<Ranked, Error> {
        let whole = self.store.count_entries().await? > self.few;
        let learned = self.learned(wanted).await?;
        if let Some(id) = wanted.only {
            let learned = match learned {
                Some(learned) => learned,
                None => {
                    self.learn(wanted, &self.known.items(self.store).await?)
                        .await?
                }
            };
            let items = self.known.items_of(self.store, &[id]).await?;
            return Ok(self.list(&learned.model, items, wanted));
        }
        let is_plain = wanted.kind.is_none() && wanted.since.is_none();
        if let Some(learned) = &learned
            && whole
            && is_plain
            && let Some(items) = self.short(learned, wanted).await?
        {
            return Ok(self.list(&learned.model, items, wanted));
        }
        let items = self.known.items(self.store).await?;
        let learned = match learned {
            Some(learned) => learned,
            None => self.learn(wanted, &items).await?,
        };
        let newest = items.last().map_or(EntryId(0), |item| entry(&item.key));
        let ranked = self.list(&learned.model, items, wanted);
        if whole && is_plain {
            self.keep_short(&learned, wanted, &ranked, newest).await?;
        }
        Ok(ranked)
    }

    /// What was learned before, if it is still good: of this archive, not long ago, and not from
    /// much less than there is now, as after the first polls.
    pub async fn learned(&self, wanted: &Wanted) -> Result<Option<Learned>, Error> {
        let newsletter = &self.config.issues.newsletter.authority;
        let Some((_, bytes)) = self
            .store
            .kept(newsletter, &name("model", self.curator(wanted)))
            .await?
        else {
            return Ok(None);
        };
        let Some((program, rest)) = bytes.split_first_chunk::<8>() else {
            return Ok(None);
        };
        // Another program may have kept something else: it is not even looked at.
        if u64::from_le_bytes(*program) != this_program() {
            return Ok(None);
        }
        let Ok(mut learned) = postcard::from_bytes::<Learned>(rest) else {
            return Ok(None);
        };
        let now = self.now;
        let age = now - DateTime::from_timestamp(learned.at, 0).unwrap_or_default();
        let entries = self.store.count_entries().await?;
        let is_good = learned.window_days == self.known.window_days
            && entries <= learned.entries + learned.entries / 2
            && (TimeDelta::zero()..=self.learned_for).contains(&age)
            && learned.model.is_of(&self.known.picks, &self.lessons());
        learned.model = learned.model.restored();
        Ok(is_good.then_some(learned))
    }

    /// Learns from everything, and keeps it.
    pub async fn learn(&self, wanted: &Wanted, items: &[Item]) -> Result<Learned, Error> {
        let decisions = self.lessons();
        let archive = suggest::Archive {
            items,
            picks: &self.known.picks,
            decisions: &decisions,
        };
        let curators: Vec<&str> = self.curator(wanted).into_iter().collect();
        let now = self.now;
        let learned = Learned {
            program: this_program(),
            window_days: self.known.window_days,
            at: now.timestamp(),
            entries: self.store.count_entries().await?,
            model: Model::learn(&archive, &curators, &self.options(wanted), now),
        };
        let mut bytes = learned.program.to_le_bytes().to_vec();
        bytes.extend(postcard::to_stdvec(&learned)?);
        let newsletter = &self.config.issues.newsletter.authority;
        self.store
            .keep(
                newsletter,
                &name("model", self.curator(wanted)),
                &bytes,
                now,
            )
            .await?;
        Ok(learned)
    }

    /// Whose picks count, by the archive's name. Nothing is learned or kept for a name that nobody
    /// has: anybody can ask for one.
    fn curator(&self, wanted: &Wanted) -> Option<&str> {
        let asked = wanted.curator.as_ref()?.to_lowercase();
        let mut curators = self.known.curators.iter();
        let known = curators.find(|name| name.to_lowercase() == asked);
        known.map(String::as_str)
    }

    /// The decisions that teach something; what was put off may be good or not.
    pub fn lessons(&self) -> Vec<Decision> {
        let decisions = self.known.decisions.iter();
        decisions
            .filter(|decision| !matches!(decision.answer, Answer::Later { .. }))
            .cloned()
            .collect()
    }

    /// How a list is made for these wishes.
    pub fn options(&self, wanted: &Wanted) -> Options {
        Options {
            window_days: self.known.window_days,
            length: wanted.count,
            variety: self.config.suggest.variety,
            curator: self.curator(wanted).map(str::to_owned),
            shown: self.known.shown.clone(),
        }
    }

    /// The list of these items.
    fn list(&self, model: &Model, items: Vec<Item>, wanted: &Wanted) -> Ranked {
        let items: Vec<Item> = items
            .into_iter()
            .filter(|item| wanted.only.is_some() || !self.known.away.contains(&entry(&item.key)))
            .filter(|item| wanted.kind.is_none_or(|kind| item.kind == Some(kind)))
            .filter(|item| wanted.since.is_none_or(|since| item.published >= since))
            .collect();
        let list = model.rank(
            &items,
            &self.known.decisions,
            &self.options(wanted),
            self.now,
        );
        let mut named: HashSet<&str> = HashSet::new();
        for suggestion in &list.suggestions {
            named.insert(&suggestion.key);
            named.extend(suggestion.also.iter().map(String::as_str));
        }
        named.extend(list.left_out.iter().map(|left| left.key.as_str()));
        let items = items
            .into_iter()
            .filter(|item| named.contains(item.key.as_str()))
            .map(|item| (item.key.clone(), item))
            .collect();
        Ranked { list, items }
    }

    /// The best candidates of the last time and what appeared since; none where nothing was kept
    /// of this model.
    async fn short(&self, learned: &Learned, wanted: &Wanted) -> Result<Option<Vec<Item>>, Error> {
        let newsletter = &self.config.issues.newsletter.authority;
        let kept = self
            .store
            .kept(newsletter, &name("best", self.curator(wanted)))
            .await?;
        let Some(short) =
            kept.and_then(|(_, bytes)| postcard::from_bytes::<Shortlist>(&bytes).ok())
        else {
            return Ok(None);
        };
        if short.learned != (learned.program, learned.at) {
            return Ok(None);
        }
        let newest = EntryId(short.newest);
        let old: BTreeSet<EntryId> = short
            .ids
            .into_iter()
            .map(EntryId)
            .chain(self.known.back.iter().copied().filter(|id| *id <= newest))
            .collect();
        let old: Vec<EntryId> = old.into_iter().collect();
        let mut items = self.known.items_of(self.store, &old).await?;
        items.extend(self.known.items_after(self.store, newest).await?);
        Ok(Some(items))
    }

    async fn keep_short(
        &self,
        learned: &Learned,
        wanted: &Wanted,
        ranked: &Ranked,
        newest: EntryId,
    ) -> Result<(), Error> {
        let duplicates = self.duplicates(ranked).into_iter().take(DUPLICATES);
        let duplicates = duplicates.map(|(_, left)| entry(&left.key));
        let best = ranked.list.best.iter().map(|key| entry(key));
        let short = Shortlist {
            learned: (learned.program, learned.at),
            newest: newest.0,
            ids: best.chain(duplicates).map(|id| id.0).collect(),
        };
        let newsletter = &self.config.issues.newsletter.authority;
        let bytes = postcard::to_stdvec(&short)?;
        self.store
            .keep(
                newsletter,
                &name("best", self.curator(wanted)),
                &bytes,
                self.now,
            )
            .await?;
        Ok(())
    }

    /// What was left out because it is nearly a past reading, without being that reading; the
    /// newest first.
    pub fn duplicates<'r>(&self, ranked: &'r Ranked) -> Vec<(&'r Item, &'r LeftOut)> {
        let own: HashSet<&str> = self
            .known
            .picks
            .iter()
            .filter_map(|pick| pick.item.as_deref())
            .collect();
        let mut duplicates: Vec<(&Item, &LeftOut)> = ranked
            .list
            .left_out
            .iter()
            .filter(|left| matches!(left.why, Why::Read { .. }) && !own.contains(left.key.as_str()))
            .filter_map(|left| Some((ranked.item(&left.key)?, left)))
            .collect();
        duplicates.sort_by(|(one, _), (other, _)| {
            (other.published, &one.key).cmp(&(one.published, &other.key))
        });
        duplicates
    }

    /// Whether a draft, or an issue whose day is to come, has an entry.
    pub fn is_away(&self, id: EntryId) -> bool {
        self.known.away.contains(&id)
    }

    /// How often an entry was shown on days before this one.
    pub fn times_shown(&self, id: EntryId) -> u32 {
        self.known.shown.get(&key(id)).copied().unwrap_or(0)
    }
}

/// Under what name something is kept: for all, or for one curator.
fn name(of: &str, curator: Option<&str>) -> String {
    match curator {
        None => format!("suggest {of}"),
        Some(curator) => format!("suggest {of} for {curator}"),
    }
}

/// A number that changes with the program: another one may read what is kept otherwise.
fn this_program() -> u64 {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let stamp = file.map(|file| (file.len(), file.modified().ok()));
    let text = format!("{} {:?}", env!("CARGO_PKG_VERSION"), stamp.ok());
    xxh3_64(text.as_bytes())
}

#[cfg(test)]
mod tests;
