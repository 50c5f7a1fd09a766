//! The feeds behind one address that a person names.

use std::collections::BTreeMap;

use chrono::DateTime;
use lenient_feed::Entry;
use url::Url;

use super::error::Error;
use super::network::Network;
use super::setting::{End, Event, Setting};
use crate::discover::{self, Link, Options, Polled, Proposal, Search};
use crate::model::Kind;

/// What is behind an address.
#[derive(Debug)]
pub struct Behind {
    /// Feeds, the best first.
    pub proposals: Vec<Proposal>,
    /// Why there are none.
    pub because: String,
    /// What the feeds held when they were read just now, by address; nothing of those that an
    /// earlier run read.
    pub entries: BTreeMap<String, Vec<Entry>>,
}

/// Looks for the feeds behind any address: a feed's own, a post, a repository, a paper, a video.
///
/// # Errors
///
/// Where what was found cannot be remembered.
pub async fn look(
    setting: Setting<'_>,
    url: &Url,
    polled: &[Polled],
    report: &mut (dyn FnMut(Event) + Send),
) -> Result<Behind, Error> {
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
    let mut network = Network::new(setting);
    let end = network.explore(&mut search, report).await?;
    let found = discover::propose(&links, search.finish(), polled);
    let because = found.silent.first().map(|it| it.reason.text().to_owned());
    let addresses = found.proposals.iter().map(|it| it.url.clone());
    let held = addresses
        .map(|url| (url.clone(), network.entries(&url)))
        .collect();
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
        entries: held,
        proposals: found.proposals,
    })
}
