//! The draft of what was accepted in the store, and what the store remembers of it.
//!
//! What a draft takes over is noted under the draft's file, after the file was written. Before the
//! next draft the notes are held against the files that are there: what stands in an issue is that
//! issue's, whoever put it there; what stood in a draft that was thrown away is accepted again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use newsdesk::config::Config;
use newsdesk::draft::Accepted;
use newsdesk::model::{Curator, EntryId, Issue, Kind, kind_of};
use newsdesk::store::{Picked, Store};

use super::super::archive::Archive;
use super::super::store::{in_runtime, open};
use super::super::{Context, Found, print, say, shown};
use super::{Args, compose, options, report, tell, write};

/// Under what name the store keeps which issues were ever out.
const PUBLISHED: &str = "published issues";

/// Writes the draft of what was accepted.
pub(super) fn run(
    context: &Context,
    args: &Args,
    config: &Config,
    archive: &Archive,
) -> anyhow::Result<Found> {
    in_runtime(async {
        let store = open(context, config).await?;
        let done = draft(context, args, config, archive, &store).await;
        store.close().await;
        done
    })
}

async fn draft(
    context: &Context,
    args: &Args,
    config: &Config,
    archive: &Archive,
    store: &Store,
) -> anyhow::Result<Found> {
    let newsletter = &config.issues.newsletter.authority;
    let stock = take_stock(context, config, archive, store).await?;
    for note in &stock.notes {
        say(note)?;
    }
    let Stock {
        taken, accepted, ..
    } = stock;
    anyhow::ensure!(
        !accepted.is_empty(),
        "nothing is accepted that is not in an issue already\nhint: `newsdesk suggest` shows \
         candidates, `newsdesk accept ID --by NAME --note TEXT` takes one"
    );
    let file = compose(
        config,
        archive,
        &accepted,
        &options(context, args, config, archive),
    )?;
    if args.print {
        print(&file.text)?;
        return tell(&file, &accepted);
    }
    let path = write(config, &file)?;
    store
        .mark_used(newsletter, &taken, &named(&path), context.now)
        .await?;
    print(&format!("{}\n", path.display()))?;
    report(config, &path, accepted.len())?;
    tell(&file, &accepted)
}

/// What is accepted and in no issue.
pub(in crate::commands) struct Stock {
    /// The entries.
    pub(in crate::commands) taken: Vec<EntryId>,
    /// The same, as the draft has them.
    pub(in crate::commands) accepted: Vec<Accepted>,
    /// What came to light on the way.
    pub(in crate::commands) notes: Vec<String>,
}

/// Looks what a draft would be made of, after what the store remembers of issues was held against
/// the files that are there.
pub(in crate::commands) async fn take_stock(
    context: &Context,
    config: &Config,
    archive: &Archive,
    store: &Store,
) -> anyhow::Result<Stock> {
    let newsletter = &config.issues.newsletter.authority;
    let mut stock = Stock {
        taken: Vec::new(),
        accepted: Vec::new(),
        notes: settle(context, config, archive, store).await?,
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
    context: &Context,
    config: &Config,
    archive: &Archive,
    store: &Store,
) -> anyhow::Result<Vec<String>> {
    let mut notes = Vec::new();
    let newsletter = &config.issues.newsletter.authority;
    let published = note_published(context, config, archive, store).await?;
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
            store
                .mark_used(newsletter, &[id], issue, context.now)
                .await?;
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
async fn standing(archive: &Archive, store: &Store) -> anyhow::Result<BTreeMap<EntryId, String>> {
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
        .filter_map(|((issue, _), entry)| Some((entry?, named(&issue.header.path))))
        .collect())
}

/// Remembers which issues are out, and gives all that ever were.
pub(in crate::commands) async fn note_published(
    context: &Context,
    config: &Config,
    archive: &Archive,
    store: &Store,
) -> anyhow::Result<BTreeSet<String>> {
    let newsletter = &config.issues.newsletter.authority;
    let known: BTreeSet<String> = store
        .kept(newsletter, PUBLISHED)
        .await?
        .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut all = known.clone();
    all.extend(
        archive
            .published(config, context.now)
            .map(|issue| named(&issue.header.path)),
    );
    if all != known {
        let bytes = serde_json::to_vec(&all)?;
        store
            .keep(newsletter, PUBLISHED, &bytes, context.now)
            .await?;
    }
    Ok(all)
}

/// The path of an issue as the store has it, the same on every system.
pub(in crate::commands) fn named(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
