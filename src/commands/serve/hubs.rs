//! Hubs are asked to announce what is polled, for as long as the server runs.

use std::time::Duration;

use chrono::Utc;
use newsdesk::config::Config;
use newsdesk::poll::fetch::visit::Fetcher;
use newsdesk::poll::subscribe::Subscriber;
use newsdesk::server::Options;
use newsdesk::store::Store;

use super::super::{Context, say, shown};

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(15);

/// The same after one that failed.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// Asks hubs again and again; never ends, and does nothing where they cannot reach the server.
pub(super) async fn ask(context: &Context, config: &Config, options: &Options, store: &Store) {
    let Some(callback) = &options.callback else {
        return std::future::pending().await;
    };
    let fetcher = Fetcher::new(config.poll.fetch.clone());
    let subscriber = Subscriber {
        store,
        fetcher: &fetcher,
        callback: callback.address(),
    };
    loop {
        let now = if context.is_rehearsal {
            context.now
        } else {
            Utc::now()
        };
        let pause = match subscriber.round(now).await {
            Ok(()) => PAUSE,
            Err(error) => {
                let said = format!("error: hubs were not asked: {error}");
                // Whoever closed standard error does not want to hear of it.
                let _ = say(&shown::line(&said));
                AFTER_FAILURE
            }
        };
        tokio::time::sleep(pause).await;
    }
}
