//! Sources: how they do, what is behind an address, lists in and out.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Desk;
use super::answers::{Behind, Health, NewSource};
use super::collect::web_address;
use super::error::Error;
use super::health::{examine, words};
use super::lists;
use super::shown::{address as address_shown, title};
use crate::discover::{Known as AlreadyPolled, Polled, Proposal};
use crate::explore::{Believe, Setting, look};
use crate::feeds::shown;
use crate::model::{Origin, Source};
use crate::poll::health::WEEKS;
use crate::sources::sites::Certainty;

/// Looking behind an address takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(40);

impl Desk {
    pub(super) async fn examine(&self, now: DateTime<Utc>) -> Result<Vec<Health>, Error> {
        let sources = self.store().sources().await?;
        let pulses = self.store().pulses(now, WEEKS).await?;
        let rows = examine(sources, pulses, 1, now);
        Ok(rows
            .into_iter()
            .map(|row| {
                let address = address_shown(&row.known.source.url);
                let hint = words::advice(&row);
                Health {
                    name: title(&row.known).unwrap_or_else(|| address.clone()),
                    address,
                    why: words::why(&row, now),
                    hint: hint.filter(|_| row.known.source.origin == Origin::Config),
                    state: row.state,
                    is_wrong: row.is_wrong,
                    pulse: row.pulse,
                    known: row.known,
                }
            })
            .collect())
    }

    pub(super) async fn look_behind(
        &self,
        typed: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Behind>, Error> {
        let url = web_address(typed)?;
        let polled: Vec<Polled> = self
            .store()
            .sources()
            .await?
            .into_iter()
            .map(|known| Polled {
                url: known.source.url,
                site: known.source.site,
            })
            .collect();
        let setting = Setting {
            options: &self.config().poll,
            root: &self.config().root,
            clock: self.clock(),
            time: PATIENCE,
            believe: Believe::Findings,
            pauses: self.store().host_pauses(now).await?,
        };
        let found = look(setting, &url, &polled, &mut |_| {}).await?;
        let there: Vec<Behind> = found
            .proposals
            .iter()
            .filter(|it| it.summary.is_some() || it.known.is_some())
            .map(|it| behind(it, now))
            .collect();
        if there.is_empty() {
            return Err(Error::Refused(format!(
                "no feed is known behind {url}: {}",
                found.because
            )));
        }
        Ok(there)
    }

    pub(super) async fn add_source(
        &self,
        wanted: &NewSource,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let url = web_address(&wanted.url)?;
        let source = Source {
            site: wanted.site.clone(),
            kind: wanted.kind,
            tags: wanted.tags.clone(),
            ..Source::new(url, Origin::Added)
        };
        self.store().add(&source, now).await?;
        Ok(())
    }

    pub(super) async fn import_list(
        &self,
        list: &[u8],
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let root = &self.config().root;
        let came = lists::take(self.store(), list, root, now).await?;
        came.ok_or_else(|| Error::refused("this is no OPML list"))
    }

    pub(super) async fn export_list(&self) -> Result<String, Error> {
        Ok(lists::list(self.config(), &self.store().sources().await?))
    }
}

fn behind(proposal: &Proposal, now: DateTime<Utc>) -> Behind {
    let about = proposal.summary.as_ref().map(|summary| {
        let entries = match summary.entries {
            1 => "1 entry".to_owned(),
            entries => format!("{entries} entries"),
        };
        let latest = summary.latest.filter(|latest| *latest <= now);
        let latest = latest.map_or_else(String::new, |latest| {
            format!(", the last of {}", latest.format("%-d %B %Y"))
        });
        let guess = if proposal.certainty == Certainty::Guess {
            "; no page names it"
        } else {
            ""
        };
        format!("{}, {entries}{latest}{guess}", shown::line(&summary.format))
    });
    let known = matches!(
        proposal.known,
        Some(AlreadyPolled::Same(_) | AlreadyPolled::OtherAddress(_))
    );
    Behind {
        title: shown::title(&proposal.title, Some(&proposal.url)),
        url: proposal.url.clone(),
        site: proposal.site.clone(),
        kind: proposal.kind,
        about: about.unwrap_or_default(),
        is_known: known,
    }
}
