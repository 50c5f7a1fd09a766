//! The next issue: composed as `draft` composes it, shown as `build` will show it, written once.

use std::path::Path;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::Desk;
use super::answers::{Composed, Drafted, Wanted};
use super::archive::Archive;
use super::draft::{self, Put};
use super::error::Error;
use super::published::path_name;
use super::stock::{Stock, take_stock};
use crate::draft::{Accepted, File, Options};
use crate::feeds::page::{self, Place};
use crate::feeds::site::Site;
use crate::issues::{self, header};
use crate::publish::files::{self, stand_in};
use crate::publish::standing_feeds;

/// Under what name the store keeps what the drafts were when they were written, by path.
const WRITTEN: &str = "drafts as written";

/// The next issue, and what it is made of.
struct Next {
    stock: Stock,
    file: File,
}

impl Desk {
    pub(super) async fn compose_next(
        &self,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<Composed, Error> {
        let Next { stock, file } = self.next(wanted, now).await?;
        let path = draft::path_of(self.config(), &file)?;
        let (page, folder) = self.page(&path, &file.text);
        let mut notes = stock.notes;
        notes.extend(draft::notes(&file, &stock.accepted));
        Ok(Composed {
            page,
            folder,
            path: path_name(&path),
            text: file.text,
            notes: notes.iter().map(|note| spoken(note)).collect(),
        })
    }

    pub(super) async fn write_next(
        &self,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<Drafted, Error> {
        let Next { stock, file } = self.next(wanted, now).await?;
        let next = draft::path_of(self.config(), &file)?;
        let asked = wanted.date.is_some() || wanted.title.is_some() || wanted.name.is_some();
        let archive = Archive::read(self.config())?;
        let used = self.store().used(self.newsletter()).await?;
        let open = draft::open_draft(&archive, &used, &next);
        let open = open.filter(|open| !asked || *open == next);
        let put = match &open {
            Some(open) => {
                draft::add(self.config(), &archive, &stock.accepted, open)?;
                Put::Written(open.clone())
            }
            None => draft::put(self.config(), &file)?,
        };
        let path = match put {
            Put::Written(path) => path,
            Put::Taken(path) => {
                let bytes = files::read(&self.config().root.join(&path))?;
                return Ok(Drafted::Conflict {
                    theirs: String::from_utf8_lossy(&bytes).into_owned(),
                    ours: file.text,
                    path: path_name(&path),
                });
            }
        };
        let name = path_name(&path);
        self.store()
            .mark_used(self.newsletter(), &stock.taken, &name, now)
            .await?;
        let mut written = self.written().await?;
        written.retain(|(path, _)| *path != name);
        let text = files::read(&self.config().root.join(&path))?;
        written.push((name.clone(), xxh3_64(&text)));
        let bytes = serde_json::to_vec(&written)?;
        self.store()
            .keep(self.newsletter(), WRITTEN, &bytes, now)
            .await?;
        let notes = draft::notes(&file, &stock.accepted);
        Ok(Drafted::Written {
            gaps: draft::gaps(self.config(), &path)?,
            is_added: open.is_some(),
            path: name,
            notes: notes.iter().map(|note| spoken(note)).collect(),
        })
    }

    /// What each draft was when it was written here.
    pub(super) async fn written(&self) -> Result<Vec<(String, u64)>, Error> {
        let kept = self.store().kept(self.newsletter(), WRITTEN).await?;
        Ok(kept
            .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default())
    }

    async fn next(&self, wanted: &Wanted, now: DateTime<Utc>) -> Result<Next, Error> {
        let archive = Archive::read(self.config())?;
        let stock = take_stock(self.config(), &archive, self.store(), now).await?;
        if stock.accepted.is_empty() {
            return Err(Error::refused(
                "nothing is accepted that is not in an issue already",
            ));
        }
        let name = wanted.name.as_deref().map(draft::parse_name);
        let options = Options {
            date: wanted
                .date
                .unwrap_or_else(|| draft::next_date(self.config(), &archive, now)),
            title: wanted.title.clone(),
            name: name.transpose().map_err(Error::Refused)?,
        };
        let accepted: &[Accepted] = &stock.accepted;
        let file = draft::compose(self.config(), &archive, accepted, &options)?;
        Ok(Next { stock, file })
    }

    /// The page of an issue as `build` will make it, and its folder.
    fn page(&self, path: &Path, text: &str) -> (String, String) {
        let options = &self.config().issues;
        let outcome = header::read(path, text, options);
        let mut header = outcome
            .header
            .unwrap_or_else(|| stand_in(self.config(), path));
        header.draft = false;
        let here = header.url.clone();
        let issue = issues::parse(header, text, outcome.body, options, issues::Wanted::ALL).issue;
        let feeds = standing_feeds(self.config());
        let site = Site {
            newsletter: &options.newsletter,
            feeds: &feeds,
            opml: None,
        };
        let place = Place {
            here: &here,
            newer: None,
            older: None,
        };
        let base = options.newsletter.base_url.as_str();
        let folder = here.as_str().strip_prefix(base).unwrap_or_default();
        (page::render(&site, &place, &issue), folder.to_owned())
    }
}

/// A message of the command line, for who has none: without its mark and its hints.
fn spoken(note: &str) -> String {
    let line = note.lines().next().unwrap_or_default();
    let line = line
        .strip_prefix("note: ")
        .or_else(|| line.strip_prefix("warning: "))
        .unwrap_or(line);
    line.replace('`', "")
}
