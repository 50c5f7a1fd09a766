//! The feed behind one address that a person names.

use std::time::Duration;

use anyhow::bail;
use chrono::DateTime;
use newsdesk::config::Config;
use newsdesk::discover::{self, Link, Options, Polled, Proposal, Search};
use newsdesk::model::Kind;
use newsdesk::poll::fetch::visit;
use newsdesk::sources::Entry;
use newsdesk::sources::sites::Certainty;
use url::Url;

use super::super::{Context, say};
use super::network::{Believe, End, Network};
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

/// What is behind an address.
pub(in crate::commands) struct Behind {
    /// Feeds, the best first.
    pub(in crate::commands) proposals: Vec<Proposal>,
    /// Why there are none.
    pub(in crate::commands) because: String,
    network: Network,
}

impl Behind {
    /// What a feed held when it was read just now.
    pub(in crate::commands) fn entries(&self, url: &str) -> Vec<Entry> {
        self.network.entries(url)
    }
}

/// Looks for the feeds behind any address: a feed's own, a post, a repository, a paper, a video.
pub(in crate::commands) async fn look(
    context: &Context,
    config: &Config,
    url: &Url,
    polled: &[Polled],
    time: Duration,
) -> anyhow::Result<Behind> {
    let link = Link {
        url: url.clone(),
        main: true,
        title: String::new(),
        kind: Kind::Other,
        issue: String::new(),
        at: DateTime::default(),
        curator: None,
        category: None,
    };
    let links = [link];
    let mut search = Search::new(&links, polled, Options::default());
    let pauses = match super::existing(config).await? {
        Some(store) => store.host_pauses(context.now).await?,
        None => std::collections::BTreeMap::new(),
    };
    let mut network = Network::new(config, context.now, time, Believe::Findings, pauses);
    let end = network.explore(&mut search).await?;
    let report = discover::propose(&links, search.finish(), polled);
    let because = report.silent.first().map(|it| it.reason.text().to_owned());
    Ok(Behind {
        because: because.unwrap_or_else(|| match end {
            End::Offline => match network.doubt() {
                Some(doubt) => format!("nobody could be reached: {doubt}"),
                None => "nobody could be reached".to_owned(),
            },
            End::Stopped => "it was stopped".to_owned(),
            End::OutOfTime => "the time was up".to_owned(),
            End::Done | End::Enough => "its host asked to be left alone for now".to_owned(),
        }),
        proposals: report.proposals,
        network,
    })
}

/// Finds the feed behind any address.
pub(in crate::commands) async fn behind(
    context: &Context,
    config: &Config,
    url: &Url,
    time: Duration,
) -> anyhow::Result<Feed> {
    let behind = look(context, config, url, &[], time).await?;
    let mut proposals = behind.proposals.iter();
    let Some(found) = proposals.next().filter(|it| it.summary.is_some()) else {
        bail!(
            "no feed is known behind `{}`: {}\nhint: name the address of the feed itself, if \
             you know it",
            visit::shown(url),
            behind.because
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
        entries: behind.entries(&found.url),
        url: found.url.clone(),
        site: found.site.clone(),
        kind: found.kind,
        title: line(&found.title),
    })
}
