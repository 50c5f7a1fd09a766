//! The sources: those that config.toml names, and those that were added.

mod uses;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::bell::ring;
use super::rows::{
    KNOWN, NEVER, USED, due, history_columns, json_text, known, origin_word, to_instant, to_millis,
};
use super::sql::{Query, Row, numbers, query, query_as, query_scalar};
use super::{Added, Due, Error, Known, Store, Writing};
use crate::model::{History, Manner, Origin, Source, SourceId, address};

impl Store {
    /// Makes the sources of config.toml those of the store: new ones are added, changed ones
    /// changed, and those that went are dropped; their entries stay. Costs nothing where nothing
    /// changed.
    pub async fn declare(&self, sources: &[Source], now: DateTime<Utc>) -> Result<(), Error> {
        let attempt = "note the sources of config.toml";
        let declared = fingerprint(sources);
        let known: Option<i64> = query_scalar("SELECT value FROM counter WHERE name = ?")
            .bind(counter(self.newsletter()))
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        if known.unwrap_or(0) == declared {
            return Ok(());
        }
        let mut writing = self.writing().await?;
        declare(&mut writing, self.newsletter(), sources, declared, now)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))
    }

    /// Adds a source, unless it is there.
    pub async fn add(&self, source: &Source, now: DateTime<Utc>) -> Result<Added, Error> {
        let added = self.add_all(std::slice::from_ref(source), now).await?;
        Ok(added[0])
    }

    /// Adds sources that are not there yet, all or none.
    pub async fn add_all(
        &self,
        sources: &[Source],
        now: DateTime<Utc>,
    ) -> Result<Vec<Added>, Error> {
        let attempt = "add sources";
        let mut writing = self.writing().await?;
        let added = add_all(&mut writing, self.newsletter(), sources, now)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))?;
        Ok(added)
    }

    /// Removes a source from those that the newsletter uses; it is polled no more unless another
    /// newsletter uses it. Its entries stay, and so does what was learned, should it come back.
    pub async fn remove(&self, id: SourceId, now: DateTime<Utc>) -> Result<(), Error> {
        let attempt = "remove a source";
        let mut writing = self.writing().await?;
        uses::drop_all(&mut writing, self.newsletter(), &[id.0], now)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))
    }

    /// Has a source polled.
    pub async fn enable(&self, id: SourceId) -> Result<(), Error> {
        self.switch(id, true).await
    }

    /// Has a source not polled until it is enabled.
    pub async fn disable(&self, id: SourceId) -> Result<(), Error> {
        self.switch(id, false).await
    }

    async fn switch(&self, id: SourceId, enabled: bool) -> Result<(), Error> {
        let attempt = "enable or disable a source";
        let mut writing = self.writing().await?;
        uses::switch(&mut writing, self.newsletter(), id, enabled)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))
    }

    /// Forgets that a source is gone, that it failed, or that it is another's twin, and what its
    /// server said of its last document; it is visited as soon as possible, and read whole.
    pub async fn revive(&self, id: SourceId) -> Result<(), Error> {
        self.alter("revive a source", id, |known| {
            known.twin = None;
            let history = &mut known.history;
            history.retired = None;
            history.failures = 0;
            history.next_visit = None;
            history.fresh_until = None;
            // A server that answers 304 for ever is asked without them.
            history.etag = None;
            history.last_modified = None;
            history.validated_at = None;
            history.body_hash = None;
            history.is_unreliable = false;
        })
        .await
    }

    async fn alter(
        &self,
        attempt: &'static str,
        id: SourceId,
        change: impl FnOnce(&mut Known),
    ) -> Result<(), Error> {
        let mut writing = self.writing().await?;
        let used = uses::find(&mut writing, self.newsletter(), id).await;
        if used.map_err(|error| self.error(attempt, error))?.is_none() {
            return Ok(());
        }
        alter(&mut writing, id, change)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let committed = writing.commit().await;
        committed.map_err(|error| self.error(attempt, error))
    }

    /// All sources that the newsletter uses, in the order in which they came.
    pub async fn sources(&self) -> Result<Vec<Known>, Error> {
        let text = format!(
            "{USED} WHERE removed IS NULL AND newsletter = ? AND source.url NOT LIKE 'collected:%' \
             ORDER BY source.id"
        );
        self.read_known(query(text).bind(self.newsletter())).await
    }

    /// Sources by their numbers, in the order of the numbers.
    pub async fn load(&self, ids: &[SourceId]) -> Result<Vec<Known>, Error> {
        let text = format!(
            "{KNOWN} WHERE source.id IN (SELECT value FROM json_each(?)) ORDER BY source.id"
        );
        self.read_known(query(text).bind(numbers(ids.iter().map(|id| id.0))))
            .await
    }

    /// The source of the newsletter with an address, in any of its forms: as somebody gave it, or where it is
    /// visited now.
    pub async fn find(&self, url: &str) -> Result<Option<Known>, Error> {
        let text = format!(
            "{USED} WHERE removed IS NULL AND (named = ?1 OR address = ?1) AND newsletter = ?2 \
             ORDER BY named <> ?1, source.id LIMIT 1"
        );
        let asked = query(text)
            .bind(address::canonical_source(url))
            .bind(self.newsletter());
        Ok(self.read_known(asked).await?.into_iter().next())
    }

    async fn read_known(&self, asked: Query<'_>) -> Result<Vec<Known>, Error> {
        let rows = asked.fetch_all(&self.pool).await;
        rows.and_then(|rows| rows.iter().map(known).collect())
            .map_err(|error| self.error("read the sources", error))
    }

    /// The sources whose time has come, the longest overdue first.
    pub async fn due(&self, now: DateTime<Utc>) -> Result<Vec<Due>, Error> {
        let rows: Vec<(i64, String, i64)> = query_as(
            "SELECT id, url, due FROM history JOIN source ON id = source \
             WHERE due <= ? ORDER BY due, source",
        )
        .bind(to_millis(now))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.error("list what is due", error))?;
        Ok(rows
            .into_iter()
            .map(|(id, url, due)| Due {
                id: SourceId(id),
                url,
                next_visit: (due != 0).then(|| to_instant(due)),
            })
            .collect())
    }

    /// Whether something is due, and when the next thing will be.
    pub async fn soonest(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(bool, Option<DateTime<Utc>>), Error> {
        let (is_due, next): (bool, Option<i64>) = query_as(
            "SELECT coalesce((SELECT min(due) FROM history) <= ?1, false), \
             (SELECT min(due) FROM history WHERE due > ?1 AND due < ?2)",
        )
        .bind(to_millis(now))
        .bind(NEVER)
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.error("look for what is due", error))?;
        Ok((is_due, next.map(to_instant)))
    }

    /// The hosts that want to be left alone, and until when.
    pub async fn host_pauses(
        &self,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<String, DateTime<Utc>>, Error> {
        let rows: Vec<(String, i64)> =
            query_as("SELECT host, until FROM pause WHERE until > ?1 AND until <= ?1 + 172800000")
                // None is longer than 48 hours from now: one that is was noted under a wrong clock.
                .bind(to_millis(now))
                .fetch_all(&self.pool)
                .await
                .map_err(|error| self.error("read the pauses of hosts", error))?;
        Ok(rows
            .into_iter()
            .map(|(host, until)| (host, to_instant(until)))
            .collect())
    }
}

/// A row of `source`, as far as declaring needs it.
struct Named {
    id: i64,
    first: String,
    address: String,
    /// Whether the newsletter uses it, and whether its config.toml names it.
    declared: Option<i64>,
    removed: Option<i64>,
}

/// The counter with the fingerprint of what a newsletter declared last.
fn counter(newsletter: &str) -> String {
    format!("declared {newsletter}")
}

/// A number that is another one for other declared sources.
fn fingerprint(sources: &[Source]) -> i64 {
    if sources.is_empty() {
        return 0;
    }
    let mut state = Xxh3::new();
    for source in sources {
        (&source.url, &source.title, &source.site, source.kind).hash(&mut state);
        (&source.tags, source.every, source.enabled).hash(&mut state);
        for header in &source.headers {
            (&header.name, &header.variable).hash(&mut state);
        }
        if source.manner != Manner::default() {
            source.manner.hash(&mut state);
        }
    }
    state.finish().cast_signed()
}

/// The columns of [`named`].
const NAMED: &str = "SELECT id, named, address, declared, removed FROM source";

fn named(row: &Row) -> Result<Named, sqlx::Error> {
    Ok(Named {
        id: row.try_get(0)?,
        first: row.try_get(1)?,
        address: row.try_get(2)?,
        declared: row.try_get(3)?,
        removed: row.try_get(4)?,
    })
}

/// The sources that have the addresses of these already, in either form, by their numbers.
async fn read_named(
    writing: &mut Writing,
    newsletter: &str,
    sources: &[Source],
) -> Result<BTreeMap<i64, Named>, sqlx::Error> {
    let mut found = BTreeMap::new();
    for source in sources {
        let rows = query(format!(
            "{NAMED} LEFT JOIN uses ON uses.source = id AND newsletter = ?1 \
             WHERE named = ?2 OR address = ?2"
        ))
        .bind(newsletter)
        .bind(address::canonical_source(&source.url))
        .fetch_all(&mut *writing)
        .await?;
        for row in &rows {
            let row = named(row)?;
            found.insert(row.id, row);
        }
    }
    Ok(found)
}

/// The sources that a newsletter uses.
async fn read_used(writing: &mut Writing, newsletter: &str) -> Result<Vec<Named>, sqlx::Error> {
    let rows = query(format!(
        "{NAMED} JOIN uses ON uses.source = id WHERE newsletter = ?"
    ))
    .bind(newsletter)
    .fetch_all(writing)
    .await?;
    rows.iter().map(named).collect()
}

async fn declare(
    writing: &mut Writing,
    newsletter: &str,
    sources: &[Source],
    declared: i64,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut rows = read_named(writing, newsletter, sources).await?;
    let used = read_used(writing, newsletter).await?;
    rows.extend(used.into_iter().map(|row| (row.id, row)));
    let mut by_form: HashMap<&str, &Named> = HashMap::new();
    for row in rows.values() {
        by_form.entry(&row.address).or_insert(row);
    }
    // The address that somebody gave goes before one that a redirect led to.
    for row in rows.values() {
        by_form.insert(&row.first, row);
    }
    let mut kept: HashSet<i64> = HashSet::new();
    let mut new: Vec<&Source> = Vec::new();
    let mut new_forms: HashSet<String> = HashSet::new();
    for source in sources {
        let form = address::canonical_source(&source.url);
        match by_form.get(form.as_str()) {
            // Named twice: the first counts.
            Some(row) if !kept.insert(row.id) => {}
            Some(row) => redeclare(writing, newsletter, row, source, &form).await?,
            None if new_forms.insert(form) => new.push(source),
            None => {}
        }
    }
    let gone: Vec<i64> = rows
        .values()
        .filter(|row| row.declared == Some(1) && !kept.contains(&row.id))
        .map(|row| row.id)
        .collect();
    uses::drop_all(writing, newsletter, &gone, now).await?;
    for source in new {
        let id = insert(writing, source, Origin::Config, now).await?;
        uses::note(writing, newsletter, id, source.enabled, true).await?;
    }
    query(
        "INSERT INTO counter (name, value) VALUES (?, ?) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(counter(newsletter))
    .bind(declared)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

/// A source that is in the store already is one of config.toml, perhaps with other words.
async fn redeclare(
    writing: &mut Writing,
    newsletter: &str,
    row: &Named,
    source: &Source,
    form: &str,
) -> Result<(), sqlx::Error> {
    let id = SourceId(row.id);
    query("UPDATE source SET removed = NULL, origin = 'config' WHERE id = ?")
        .bind(row.id)
        .execute(&mut *writing)
        .await?;
    uses::note(writing, newsletter, id, source.enabled, true).await?;
    let enabled = uses::is_enabled(writing, id).await?;
    // Moved, and config.toml still has the old address: it is visited where it is now.
    let moved = row.address != row.first && form == row.first;
    alter(writing, id, |known| {
        let url = std::mem::take(&mut known.source.url);
        // What was said to another way of asking says nothing to this one.
        let is_asked_anew = known.source.manner != source.manner;
        known.source = Source {
            origin: Origin::Config,
            enabled,
            ..source.clone()
        };
        let has_moved = !moved && known.source.url != url;
        if moved {
            known.source.url = url;
        }
        if has_moved || is_asked_anew {
            // Validators are those of an address.
            known.history.etag = None;
            known.history.last_modified = None;
            known.history.body_hash = None;
        }
    })
    .await
}

/// Writes what `change` makes of a source.
async fn alter(
    writing: &mut Writing,
    id: SourceId,
    change: impl FnOnce(&mut Known),
) -> Result<(), sqlx::Error> {
    let text = format!("{KNOWN} WHERE source.id = ?");
    let row = query(text).bind(id.0).fetch_optional(&mut *writing).await?;
    let Some(row) = row else { return Ok(()) };
    let mut changed = known(&row)?;
    change(&mut changed);
    let source = &changed.source;
    query(
        "UPDATE source SET url = ?, address = ?, title = ?, site = ?, kind = ?, tags = ?, \
         every = ?, headers = ?, manner = ?, enabled = ?, twin = ?, host = ? WHERE id = ?",
    )
    .bind(&source.url)
    .bind(address::canonical_source(&source.url))
    .bind(&source.title)
    .bind(&source.site)
    .bind(source.kind.map(crate::model::Kind::name))
    .bind(json_text(&source.tags))
    .bind(seconds(source))
    .bind(json_text(&source.headers))
    .bind(json_text(&source.manner))
    .bind(source.enabled)
    .bind(changed.twin.map(|twin| twin.0))
    .bind(address::host_of(&source.url))
    .bind(id.0)
    .execute(&mut *writing)
    .await?;
    let (facts, instants) = history_columns(&changed.history);
    query("UPDATE history SET due = ?, facts = ?, instants = ? WHERE source = ?")
        .bind(due(source.enabled, changed.twin, &changed.history))
        .bind(facts)
        .bind(instants)
        .bind(id.0)
        .execute(&mut *writing)
        .await?;
    ring(writing).await
}

fn seconds(source: &Source) -> Option<i64> {
    let every = source.every?;
    Some(i64::try_from(every.as_secs()).unwrap_or(i64::MAX))
}

async fn add_all(
    writing: &mut Writing,
    newsletter: &str,
    sources: &[Source],
    now: DateTime<Utc>,
) -> Result<Vec<Added>, sqlx::Error> {
    let rows = read_named(writing, newsletter, sources).await?;
    let mut by_form: HashMap<String, (i64, Standing)> = HashMap::new();
    for row in rows.into_values() {
        let standing = match (row.removed, row.declared) {
            (None, Some(_)) => Standing::Used,
            (None, None) => Standing::Others,
            (Some(_), _) => Standing::Removed,
        };
        if standing != Standing::Removed {
            by_form.entry(row.address).or_insert((row.id, standing));
        }
        by_form.insert(row.first, (row.id, standing));
    }
    let mut added = Vec::with_capacity(sources.len());
    for source in sources {
        let form = address::canonical_source(&source.url);
        let known = by_form.get(&form).copied();
        let answer = match known {
            Some((id, Standing::Used)) => Added::Known(SourceId(id)),
            Some((id, _)) => Added::New(SourceId(id)),
            None => Added::New(insert(writing, source, source.origin, now).await?),
        };
        let (Added::New(id) | Added::Known(id)) = answer;
        if answer == Added::New(id) {
            uses::note(writing, newsletter, id, source.enabled, false).await?;
        }
        match known {
            Some((_, Standing::Removed)) => restore(writing, id, source).await?,
            Some((_, Standing::Others)) if source.enabled => {
                uses::switch(writing, newsletter, id, true).await?;
            }
            _ => {}
        }
        by_form.insert(form, (id.0, Standing::Used));
        added.push(answer);
    }
    Ok(added)
}

/// Whose a source is that is in the store already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The newsletter's.
    Used,
    /// Other newsletters' alone.
    Others,
    /// Nobody's any more.
    Removed,
}

/// A source that was removed comes back, with its number and history.
async fn restore(writing: &mut Writing, id: SourceId, source: &Source) -> Result<(), sqlx::Error> {
    query("UPDATE source SET removed = NULL, origin = ? WHERE id = ?")
        .bind(origin_word(source.origin))
        .bind(id.0)
        .execute(&mut *writing)
        .await?;
    alter(writing, id, |known| {
        known.source = source.clone();
        known.twin = None;
        // Whoever adds it wants it visited.
        known.history = History {
            next_visit: None,
            retired: None,
            failures: 0,
            ..std::mem::take(&mut known.history)
        };
    })
    .await
}

async fn insert(
    writing: &mut Writing,
    source: &Source,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<SourceId, sqlx::Error> {
    let form = address::canonical_source(&source.url);
    let id: i64 = query_scalar(
        "INSERT INTO source (named, address, url, title, site, kind, tags, every, headers, \
         enabled, origin, added, host, manner) \
         VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
         RETURNING id",
    )
    .bind(form)
    .bind(&source.url)
    .bind(&source.title)
    .bind(&source.site)
    .bind(source.kind.map(crate::model::Kind::name))
    .bind(json_text(&source.tags))
    .bind(seconds(source))
    .bind(json_text(&source.headers))
    .bind(source.enabled)
    .bind(origin_word(origin))
    .bind(to_millis(now))
    .bind(address::host_of(&source.url))
    .bind(json_text(&source.manner))
    .fetch_one(&mut *writing)
    .await?;
    query("INSERT INTO history (source, due, recent, instants, facts) VALUES (?, ?, '', ?, '{}')")
        .bind(id)
        .bind(due(source.enabled, None, &History::default()))
        .bind(Vec::<u8>::new())
        .execute(&mut *writing)
        .await?;
    ring(writing).await?;
    Ok(SourceId(id))
}

async fn remove(writing: &mut Writing, ids: &[i64], now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = numbers(ids.iter().copied());
    query("UPDATE source SET removed = ? WHERE id IN (SELECT value FROM json_each(?))")
        .bind(to_millis(now))
        .bind(ids.clone())
        .execute(&mut *writing)
        .await?;
    query("UPDATE history SET due = ? WHERE source IN (SELECT value FROM json_each(?))")
        .bind(NEVER)
        .bind(ids)
        .execute(&mut *writing)
        .await?;
    Ok(())
}
