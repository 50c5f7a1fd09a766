//! The feed behind one address that a person names.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::bail;
use lenient_feed::Entry;
use newsdesk::config::Config;
use newsdesk::explore::{Behind, Believe, look};
use newsdesk::model::Kind;
use newsdesk::poll::fetch::visit;
use newsdesk::sources::sites::Certainty;
use url::Url;

use super::super::{Context, Time, say};
use crate::commands::shown::line;

/// A feed that was found behind an address.
pub(in crate::commands) struct Feed {
    /// Its address.
    pub(in crate::commands) url: String,
    /// The page that it belongs to.
    pub(in crate::commands) site: Option<String>,
    /// What its entries are, where that is known.
    pub(in crate::commands) kind: Option<Kind>,
    /// Its name.
    pub(in crate::commands) title: String,
    /// What it held when it was read just now.
    pub(in crate::commands) entries: Vec<Entry>,
}

/// Finds the feed behind any address.
pub(in crate::commands) async fn behind(
    context: &Context,
    config: &Config,
    url: &Url,
    time: Duration,
) -> anyhow::Result<Feed> {
    let pauses = match super::existing(config).await? {
        Some(store) => store.host_pauses(context.now).await?,
        None => BTreeMap::new(),
    };
    let clock = Time::of(context);
    let setting = super::asking(config, &clock, time, Believe::Findings, pauses);
    let bar = super::bar();
    let found = look(setting, url, &[], &mut |event| super::draw(&bar, event)).await?;
    bar.finish_and_clear();
    let Behind {
        proposals,
        because,
        mut entries,
    } = found;
    let mut proposals = proposals.into_iter();
    let Some(found) = proposals.next().filter(|it| it.summary.is_some()) else {
        bail!(
            "no feed is known behind `{}`: {because}\nhint: name the address of the feed itself, if \
             you know it",
            visit::shown(url)
        );
    };
    for other in proposals.take(3) {
        say(&format!(
            "also there: {} ({})",
            other.url,
            line(&other.title)
        ))?;
    }
    if found.certainty == Certainty::Guess {
        say(&format!(
            "no page names this feed; it was found where feeds often are: {}",
            found.url
        ))?;
    }
    Ok(Feed {
        entries: entries.remove(&found.url).unwrap_or_default(),
        url: found.url,
        site: found.site,
        kind: found.kind,
        title: line(&found.title),
    })
}
