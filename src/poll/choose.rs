//! Which sources a run begins with.

use chrono::{DateTime, Utc};

use super::leases::Leases;
use super::setting::{Error, Setting, Summary, Which};
use crate::model::{SourceId, address};
use crate::store::{Due, Known, Store};

/// The sources that would be visited, the one that has waited longest first.
///
/// # Errors
///
/// Where the store cannot be read.
pub async fn choose(store: &Store, which: &Which, now: DateTime<Utc>) -> Result<Vec<Due>, Error> {
    let mut chosen = match which {
        Which::Due => store.due(now).await?,
        Which::All => store
            .sources()
            .await?
            .into_iter()
            .filter(|known| known.source.enabled && known.history.retired.is_none())
            .map(as_due)
            .collect(),
        Which::These(ids) => store.load(ids).await?.into_iter().map(as_due).collect(),
    };
    chosen.sort_by_key(|due| (due.next_visit, due.id));
    Ok(chosen)
}

fn as_due(known: Known) -> Due {
    Due {
        id: known.id,
        url: known.source.url,
        next_visit: known.history.next_visit,
    }
}

/// What a run begins with, each with its host; of a store that is shared, what it could lease.
pub(super) async fn begin(
    setting: &Setting<'_>,
    store: &Store,
    which: &Which,
    leases: Option<&mut Leases>,
    summary: &mut Summary,
) -> Result<Vec<(String, Due)>, Error> {
    let (now, at) = (setting.clock.now(), setting.clock.elapsed());
    match leases {
        Some(leases) if *which == Which::Due => Ok(leases.more(store, now, at).await?),
        Some(leases) => {
            let chosen = choose(store, which, now).await?;
            let ids: Vec<SourceId> = chosen.iter().map(|due| due.id).collect();
            let ours = leases.these(store, &ids, at).await?;
            summary.left += chosen.len() - ours.len();
            Ok(ours)
        }
        None => {
            let chosen = choose(store, which, now).await?.into_iter();
            let keyed = chosen.map(|due| (address::host_of(&due.url), due));
            Ok(keyed.collect())
        }
    }
}
