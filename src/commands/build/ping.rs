//! `newsdesk build --ping`: tells the WebSub hubs which feeds changed, and no other.

use newsdesk::config::Config;
use newsdesk::feeds::plan;
use newsdesk::poll::fetch::visit::{self, Fetcher};
use newsdesk::publish::announce::Unannounced;
use url::Url;

/// What came of telling the hubs.
#[derive(Debug, Default)]
pub(super) struct Announced {
    /// The feeds that every hub accepted, by path.
    pub(super) told: Vec<String>,
    /// What went wrong, a line each.
    pub(super) failures: Vec<String>,
}

/// Tells every hub of each feed that changed since it was last told. A feed that some hub did not
/// accept stays to be told the next time.
pub(super) fn announce(config: &Config) -> anyhow::Result<Announced> {
    let mut unannounced = Unannounced::read(config)?;
    let newsletter = &config.issues.newsletter;
    anyhow::ensure!(
        !newsletter.hubs.is_empty(),
        "there is no hub to tell\nhint: name one with `hubs` under `[newsletter]` in config.toml"
    );
    if unannounced.paths.is_empty() {
        return Ok(Announced::default());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let fetcher = Fetcher::new(config.poll.fetch.clone());
    let mut announced = Announced::default();
    let mut left = Vec::new();
    for path in std::mem::take(&mut unannounced.paths) {
        let topic = plan::resolve(newsletter, &path);
        let mut accepted = true;
        for hub in &newsletter.hubs {
            if let Err(story) = runtime.block_on(tell(&fetcher, hub, &topic)) {
                accepted = false;
                let hub = visit::shown(hub);
                let failure = format!("`{path}` not announced to `{hub}`: {story}");
                announced.failures.push(failure);
            }
        }
        if accepted {
            announced.told.push(path);
        } else {
            left.push(path);
        }
    }
    unannounced.leave(left)?;
    Ok(announced)
}

/// Tells a hub that a feed changed, with the request that hubs have understood since PubSubHubbub
/// 0.3, section 7.1 (WebSub leaves it open).
async fn tell(fetcher: &Fetcher, hub: &Url, topic: &Url) -> Result<(), String> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "publish")
        .append_pair("hub.url", topic.as_str())
        .finish();
    match fetcher.ask_hub(hub, &form, false).await {
        Ok(200..300) => Ok(()),
        Ok(status) => Err(format!("it answered with status {status}")),
        Err(failure) => Err(failure.message),
    }
}
