//! Lists of sources in and out: OPML.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::place;
use crate::config::{Config, duration};
use crate::feeds::opml::export::{Listed, export};
use crate::feeds::shown;
use crate::model::{Kind, Origin, Source};
use crate::store::{self, Added, Known, Store};
use lenient_feed::opml::{self, List, Outline, Skipped, Why};

/// Outlines that are named where many are left out.
const NAMED: usize = 20;

/// No source more often than once a minute, as in config.toml.
pub const LEAST_INTERVAL: Duration = Duration::from_mins(1);

/// What an import came to.
pub struct Imported {
    /// The list, without its outlines.
    pub list: List,
    /// The sources that were added.
    pub new: Vec<Source>,
    /// The addresses of those that were there already.
    pub known: Vec<String>,
}

impl Imported {
    /// What is to be added of a list, filed under these words besides its own.
    pub fn of(mut list: List, tags: &[String], root: &Path) -> (Self, Vec<Source>) {
        let outlines = std::mem::take(&mut list.outlines).into_iter();
        let sources = outlines
            .map(|outline| source(outline, tags, root))
            .collect();
        let imported = Self {
            list,
            new: Vec::new(),
            known: Vec::new(),
        };
        (imported, sources)
    }

    /// Adds the sources, all or none.
    ///
    /// # Errors
    ///
    /// Where the store cannot be written.
    pub async fn add(
        &mut self,
        store: &Store,
        sources: Vec<Source>,
        now: DateTime<Utc>,
    ) -> Result<(), store::Error> {
        let added = store.add_all(&sources, now).await?;
        let mut seen = HashSet::new();
        for (source, added) in sources.into_iter().zip(added) {
            match added {
                Added::New(id) if seen.insert(id) => self.new.push(source),
                Added::New(_) | Added::Known(_) => self.known.push(source.url),
            }
        }
        Ok(())
    }

    /// What came of it, in words.
    pub fn text(&self, dry_run: bool) -> String {
        let mut text = String::new();
        let list = &self.list;
        for repair in &list.repairs {
            let _ = writeln!(text, "mended: {}", shown::line(&repair.to_string()));
        }
        for skipped in list.skipped.iter().take(NAMED) {
            let _ = writeln!(
                text,
                "line {}: `{}` left out: {}",
                skipped.line,
                shown::line(&skipped.name),
                why(skipped)
            );
        }
        if list.skipped.len() > NAMED {
            let more = list.skipped.len() - NAMED;
            let _ = writeln!(text, "… and {more} more left out: `--json` names all");
        }
        let verb = if dry_run { "would add" } else { "added" };
        let new = self.new.len();
        if new == 0 {
            text.push_str("nothing is new");
        } else {
            let _ = write!(text, "{verb} {}", count(new, "source"));
        }
        let files = self.new.iter().filter(|it| it.url.starts_with("file:"));
        let parts = [
            (files.count(), "of them files on this machine"),
            (self.known.len(), "known already"),
            (list.repeated, "more than once in the list"),
            (list.skipped.len(), "left out"),
        ];
        for (number, words) in parts.iter().filter(|(number, _)| *number > 0) {
            let _ = write!(text, ", {number} {words}");
        }
        text
    }
}

/// Adds the sources of a list that somebody sent, but for files: those on this machine are none
/// of the sender's business. Says what came of it; none where it is no list.
///
/// # Errors
///
/// Where the store cannot be written.
pub async fn take(
    store: &Store,
    bytes: &[u8],
    root: &Path,
    now: DateTime<Utc>,
) -> Result<Option<String>, store::Error> {
    let Some(list) = opml::read(bytes) else {
        return Ok(None);
    };
    let (mut imported, sources) = Imported::of(list, &[], root);
    let (files, sources): (Vec<Source>, Vec<Source>) = sources
        .into_iter()
        .partition(|source| source.url.starts_with("file:"));
    imported.add(store, sources, now).await?;
    let mut words = imported.text(false);
    if !files.is_empty() {
        let _ = write!(words, ", {} left out", count(files.len(), "file"));
    }
    Ok(Some(words))
}

fn source(outline: Outline, more_tags: &[String], root: &Path) -> Source {
    let mut tags = outline.tags;
    for tag in more_tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let every = outline.every.and_then(|every| duration::parse(&every).ok());
    Source {
        title: outline.title,
        site: outline.site,
        kind: outline
            .kind
            .and_then(|name| Kind::ALL.into_iter().find(|kind| kind.name() == name)),
        tags,
        every: every.filter(|every| *every >= LEAST_INTERVAL),
        enabled: !outline.disabled,
        ..Source::new(
            place::of(&outline.url, root).unwrap_or(outline.url),
            Origin::Added,
        )
    }
}

fn why(skipped: &Skipped) -> String {
    match &skipped.why {
        Why::NoAddress => "it has no `xmlUrl`".to_owned(),
        Why::NotPolled(url) => format!(
            "`{}` is no address with `http:`, `https:` or `file:`",
            shown::line(url)
        ),
    }
}

/// The list of all sources that are no secret.
pub fn list(config: &Config, sources: &[Known]) -> String {
    let title = format!("{}: sources", config.issues.newsletter.title);
    let open = sources.iter().filter(|known| known.twin.is_none());
    let open = open.filter(|known| !is_secret(&known.source.url));
    let listed: Vec<Listed<'_>> = open.map(listed).collect();
    export(&title, &listed)
}

fn listed(known: &Known) -> Listed<'_> {
    Listed {
        source: &known.source,
        feed_title: known.history.feed_title.as_deref(),
        // What a feed says of itself is learned again where the list is read.
        site: known.source.site.as_deref(),
    }
}

/// Whether an address holds a user or a password.
pub fn is_secret(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
