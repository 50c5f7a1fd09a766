//! What a draft is made of: what was accepted in the store and stands in no issue yet.
//!
//! What a draft takes over is noted under the draft's file, after the file was written. Before the
//! next draft the notes are held against the files that are there: what stands in an issue is that
//! issue's, whoever put it there; what stood in a draft that was thrown away is accepted again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::archive::Archive;
use super::error::Error;
use super::published::{note_published, path_name};
use crate::config::Config;
use crate::draft::Accepted;
use crate::feeds::shown;
use crate::model::{Curator, EntryId, Issue, Kind, kind_of};
use crate::store::{Picked, Store};

/// What is accepted and in no issue.
pub struct Stock {
    /// The entries.
    pub taken: Vec<EntryId>,
    /// The same, as the draft has them.
    pub accepted: Vec<Accepted>,
    /// What came to light on the way.
    pub notes: Vec<String>,
}

/// Looks what a draft would be made of, after what the store remembers of issues was held against
/// the files that are there.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn take_stock(
    config: &Config,
    archive: &Archive,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Stock, Error> {
    let newsletter = &config.issues.newsletter.authority;
    let mut stock = Stock {
        taken: Vec::new(),
        accepted: Vec::new(),
        notes: settle(config, archive, store, now).await?,
    };
    for picked in &store.accepted(newsletter).await? {
        if let Some(reading) = reading(picked, archive) {
            stock.taken.push(picked.remembered.id);
            stock.accepted.push(reading);
        } else {
            stock.notes.push(format!(
                "warning: `{}` has no address, so that it cannot be in a draft\nhint: write it \
                 into the issue by hand, and `newsdesk decline {}`",
                shown::line(&picked.remembered.entry.title),
                picked.remembered.id.0
            ));
        }
    }
    Ok(stock)
}

/// What was accepted, as the draft has it; none where it leads nowhere.
fn reading(picked: &Picked, archive: &Archive) -> Option<Accepted> {
    let entry = &picked.remembered.entry;
    let first = entry.enclosures.first().map(|enclosure| &enclosure.url);
    let url = [entry.url.as_ref(), first, entry.comments.as_ref()]
        .into_iter()
        .flatten()
        .find_map(|url| shown::web(Some(url)))?;
    let curator = picked.decision.curator.as_deref().map(|name| {
        archive.curator(name).cloned().unwrap_or_else(|| Curator {
            name: name.to_owned(),
            url: None,
        })
    });
    Some(Accepted {
        kind: match entry.kind {
            Kind::Other => kind_of(Some(&url), &entry.title),
            kind => kind,
        },
        title: shown::title(&entry.title, Some(&url)),
        url,
        curator,
        note: picked.decision.note.clone(),
        extra_links: Vec::new(),
    })
}

/// Holds what the store remembers of issues against the issues that are there; gives
/// what a person should know of it.
async fn settle(
    config: &Config,
    archive: &Archive,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    let newsletter = &config.issues.newsletter.authority;
    let published = note_published(config, archive, store, now).await?;
    let standing = standing(archive, store).await?;
    let mut gone: BTreeMap<String, Vec<EntryId>> = BTreeMap::new();
    for used in store.used(newsletter).await? {
        let is_there = config.root.join(&used.issue).exists() || published.contains(&used.issue);
        if !is_there {
            gone.entry(used.issue).or_default().push(used.entry);
        }
    }
    for issue in gone.keys() {
        store.release(newsletter, issue).await?;
    }
    let accepted = store.accepted(newsletter).await?;
    let is_back = |entry: &EntryId| {
        !standing.contains_key(entry) && accepted.iter().any(|it| it.remembered.id == *entry)
    };
    for (issue, entries) in &gone {
        let issue = shown::line(issue);
        match entries.iter().filter(|entry| is_back(entry)).count() {
            0 => {}
            1 => notes.push(format!(
                "note: `{issue}` is gone and was never published: its reading is accepted again"
            )),
            back => notes.push(format!(
                "note: `{issue}` is gone and was never published: its {back} readings are \
                 accepted again"
            )),
        }
    }
    for picked in &accepted {
        let id = picked.remembered.id;
        if let Some(issue) = standing.get(&id) {
            store.mark_used(newsletter, &[id], issue, now).await?;
            notes.push(format!(
                "note: `{}` stands in `{}` already",
                shown::line(&picked.remembered.entry.title),
                shown::line(issue)
            ));
        }
    }
    Ok(notes)
}

/// Which entries stand in which issues, drafts among them.
async fn standing(archive: &Archive, store: &Store) -> Result<BTreeMap<EntryId, String>, Error> {
    let issues = || archive.issues.iter().chain(&archive.drafts);
    let readings: Vec<(&Issue, (Option<&str>, &str))> = issues()
        .flat_map(|issue| issue.readings.iter().map(move |reading| (issue, reading)))
        .map(|(issue, reading)| (issue, (reading.url.as_deref(), reading.title.as_str())))
        .collect();
    let things: Vec<(Option<&str>, &str)> = readings.iter().map(|(_, thing)| *thing).collect();
    let entries = store.known_as(&things).await?;
    Ok(readings
        .iter()
        .zip(entries)
        .filter_map(|((issue, _), entry)| Some((entry?, path_name(&issue.header.path))))
        .collect())
}
