//! What the issues link to in their readings.

use chrono::{DateTime, FixedOffset};
use url::Url;

use crate::model::{Issue, Kind, address};

/// One link of one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub url: Url,
    /// Whether it is the thing recommended, or another link of the item.
    pub main: bool,
    /// The title of the reading.
    pub title: String,
    /// What sort of thing the reading is.
    pub kind: Kind,
    /// The issue's name.
    pub issue: String,
    /// When the issue appeared.
    pub at: DateTime<FixedOffset>,
    /// Who recommends it.
    pub curator: Option<String>,
    /// The subheading that it stands under.
    pub category: Option<String>,
}

/// The links of the readings of these issues, each once for each reading. Links to the
/// newsletter's own site are left out, as is what is no address.
pub fn links(issues: &[Issue], own: &Url) -> Vec<Link> {
    let mut links = Vec::new();
    for issue in issues {
        for reading in &issue.readings {
            let main = reading.url.iter().map(|url| (url, true));
            let others = reading.extra_links.iter().map(|url| (url, false));
            let mut seen: Vec<Url> = Vec::new();
            for (written, main) in main.chain(others) {
                let Some(url) = resolve(&issue.header.url, written) else {
                    continue;
                };
                if url.host_str() == own.host_str() || seen.contains(&url) {
                    continue;
                }
                seen.push(url.clone());
                links.push(Link {
                    url,
                    main,
                    title: reading.title.clone(),
                    kind: reading.kind,
                    issue: issue.header.stem.clone(),
                    at: issue.header.published,
                    curator: reading.curator.as_ref().map(|curator| curator.name.clone()),
                    category: reading.category.clone(),
                });
            }
        }
    }
    links
}

/// The address without what only says where the reader came from.
fn resolve(base: &Url, written: &str) -> Option<Url> {
    let absolute = address::absolute(base, written)?;
    let mut url = Url::parse(&absolute).ok()?;
    url.set_fragment(None);
    let tracked = |name: &str| address::is_tracking_parameter(name);
    if url.query_pairs().any(|(name, _)| tracked(&name)) {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !tracked(name))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    Some(url)
}
