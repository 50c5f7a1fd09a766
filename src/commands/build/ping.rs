//! `newsdesk build --ping`: tells the WebSub hubs which feeds changed, and no other.

use newsdesk::config::Config;
use newsdesk::feeds::plan;
use newsdesk::poll::fetch;
use newsdesk::publish::announce::Unannounced;

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
    let client = fetch::client()?;
    let mut announced = Announced::default();
    let mut left = Vec::new();
    for path in std::mem::take(&mut unannounced.paths) {
        let topic = plan::resolve(newsletter, &path);
        let mut accepted = true;
        for hub in &newsletter.hubs {
            if let Err(error) = runtime.block_on(fetch::announce(&client, hub, &topic)) {
                accepted = false;
                announced
                    .failures
                    .push(format!("`{path}` not announced: {error}"));
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
