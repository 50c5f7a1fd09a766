//! The suggestions as an Atom feed in a private place, for curators' own feed readers.
//!
//! An entry has the instant at which it was first suggested, so that readers show it as new,
//! however old it is; and keeps it, so that nobody sees it twice.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use newsdesk::config::Config;
use newsdesk::disk::{self, Durability};
use newsdesk::feeds::{self, Entry, Format, Head, Paging};
use newsdesk::model::{Id, Newsletter, Person};
use newsdesk::publish::workspace;
use newsdesk::store::Store;

use super::super::Context;
use super::sheet::{Row, Sheet};
use super::show;

/// Under what name the store keeps when each entry came into the feed.
const FIRST: &str = "suggest feed";
/// So many of them are remembered.
const MOST: usize = 5_000;

/// When each entry was first in the feed, in seconds.
pub(super) type First = BTreeMap<i64, i64>;

/// What is remembered of the feed.
pub(super) async fn first(config: &Config, store: &Store) -> anyhow::Result<First> {
    let newsletter = &config.issues.newsletter.authority;
    let kept = store.kept(newsletter, FIRST).await?;
    Ok(kept
        .and_then(|(_, bytes)| postcard::from_bytes(&bytes).ok())
        .unwrap_or_default())
}

/// Adds the entries of a list that were never in the feed, and remembers them; says which.
pub(super) async fn remember(
    context: &Context,
    config: &Config,
    store: &Store,
    first: &mut First,
    sheet: &Sheet,
) -> anyhow::Result<Vec<i64>> {
    let now = context.now.timestamp();
    let new: Vec<i64> = sheet
        .rows
        .iter()
        .map(|row| row.id)
        .filter(|id| !first.contains_key(id))
        .collect();
    if new.is_empty() {
        return Ok(new);
    }
    // Readers sort by time: the best of those that come together is the newest.
    first.extend((0..).zip(&new).map(|(place, id)| (*id, now - place)));
    while first.len() > MOST {
        first.pop_first();
    }
    let newsletter = &config.issues.newsletter.authority;
    let bytes = postcard::to_stdvec(first)?;
    store.keep(newsletter, FIRST, &bytes, context.now).await?;
    Ok(new)
}

/// The document.
pub(super) fn document(
    config: &Config,
    sheet: &Sheet,
    first: &First,
    now: DateTime<Utc>,
) -> Vec<u8> {
    let newsletter = Newsletter {
        // Nobody but curators is to hear of it.
        hubs: Vec::new(),
        subtitle: Some(format!("Rests on {}", sheet.basis)),
        ..config.issues.newsletter.clone()
    };
    let since = |id: i64| {
        let seconds = first.get(&id).copied().unwrap_or(now.timestamp());
        DateTime::from_timestamp(seconds, 0).unwrap_or(now)
    };
    let entries: Vec<Entry> = sheet
        .rows
        .iter()
        .map(|row| entry(&newsletter.authority, row, since(row.id)))
        .collect();
    // Where nothing is left to suggest, the feed stays as old as it was.
    let last = sheet.rows.iter().map(|row| since(row.id)).max();
    let ever = first.values().max();
    let ever = ever.and_then(|seconds| DateTime::from_timestamp(*seconds, 0));
    let base = &newsletter.base_url;
    let head = Head {
        newsletter: &newsletter,
        id: Id(format!("tag:{}:suggestions", newsletter.authority)),
        title: format!("{}: suggestions", sheet.newsletter),
        subtitle: newsletter.subtitle.clone(),
        home: base.clone(),
        updated: last.or(ever).unwrap_or(now).fixed_offset(),
        podcast: false,
        paging: Paging {
            // Where it is served is nobody's concern; a feed has to name itself all the same.
            this: base
                .join("suggestions.atom.xml")
                .unwrap_or_else(|_| base.clone()),
            current: None,
            previous: None,
            next: None,
            archive: false,
        },
    };
    feeds::document(Format::Atom, &head, &entries)
}

fn entry(authority: &str, row: &Row, since: DateTime<Utc>) -> Entry {
    // Without an author, Atom would make the newsletter's authors those of a stranger's text.
    let names = if row.authors.is_empty() {
        std::slice::from_ref(&row.source)
    } else {
        &row.authors
    };
    Entry {
        id: Id(format!("tag:{authority}:suggestion-{}", row.id)),
        title: row.title.clone(),
        link: row.url.clone(),
        published: since.fixed_offset(),
        updated: since.fixed_offset(),
        authors: names
            .iter()
            .map(|name| Person {
                name: name.clone(),
                ..Person::default()
            })
            .collect(),
        categories: vec![row.kind.name().to_owned()],
        summary: Some(row.reasons.join("; ")).filter(|reasons| !reasons.is_empty()),
        html: format!(
            "<p>{}</p>\n{}",
            feeds::text::escape(&row.place()),
            show::body(row)
        ),
        via: None,
        audio: None,
        language: None,
    }
}

/// Puts the document into its place, if it says something else than what is there; whole, by
/// renaming. Says whether it did.
pub(super) fn write(config: &Config, place: &Path, document: &[u8]) -> anyhow::Result<bool> {
    if fs::read(place).is_ok_and(|there| there == document) {
        return Ok(false);
    }
    let cannot = || format!("cannot write `{}`", place.display());
    if place.starts_with(config.root.join(workspace::FOLDER)) {
        workspace::folder(&config.root).with_context(cannot)?;
    }
    if let Some(folder) = place.parent() {
        disk::make_folder(folder).with_context(cannot)?;
    }
    disk::replace(place, document, Durability::Remade).with_context(cannot)?;
    Ok(true)
}
