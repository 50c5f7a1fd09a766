//! What every request is given.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

use super::attempts::Attempts;
use super::documents::Shelf;
use super::failure::Failure;
use super::metrics::Metrics;
use super::one_time_link::OneTimeLink;
use super::options::Options;
use super::readers::Readers;
use crate::desk::{self, Desk};
use crate::model::Newsletter;
use crate::poll::Clock;
use crate::poll::push::Intake;
use crate::store::Store;

/// Connections at the same time; systems give a program 1,024 files where nobody says otherwise.
pub(super) const CONNECTIONS: usize = 900;

/// What a server is made of.
pub struct Setting {
    /// Where it listens and what it answers.
    pub options: Options,
    /// The publication.
    pub newsletter: Newsletter,
    /// What has been seen, decided, and who may sign in.
    pub store: Store,
    /// What curators ask and decide.
    pub desk: Desk,
    /// The time.
    pub clock: Arc<dyn Clock + Send>,
    /// Whether the clock of a rehearsal stands. Then whoever is on this machine signs in without
    /// the link that is printed otherwise, as long as there are no accounts.
    pub is_rehearsal: bool,
    /// Is told what happens.
    pub report: Arc<dyn Fn(&super::Event<'_>) + Send + Sync>,
}

/// What every request is given; cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

/// What all requests share.
pub(crate) struct Shared {
    /// What the server is made of.
    pub(super) setting: Setting,
    /// The documents that are in memory.
    pub(super) shelf: Shelf,
    /// The way in as long as there are no accounts; none is needed in a rehearsal.
    pub(super) link: Option<OneTimeLink>,
    /// Attempts to sign in.
    pub(super) attempts: Attempts,
    /// Takes in what hubs send, where they may come.
    pub(super) intake: Option<Intake>,
    /// What services say of their subscribers.
    pub(super) readers: Readers,
    /// What is counted.
    pub(super) metrics: Metrics,
    /// The connections that there may still be.
    pub(super) places: Arc<Semaphore>,
    /// The port that is listened on: cookies of servers on one machine are told apart by it.
    pub(super) port: u16,
}

impl Deref for AppState {
    type Target = Setting;

    fn deref(&self) -> &Setting {
        &self.0.setting
    }
}

impl AppState {
    /// For a server that listens on this port.
    pub(super) fn new(setting: Setting, port: u16) -> Self {
        let shelf = Shelf::new(&setting.options.folder, setting.options.cache);
        Self(Arc::new(Shared {
            shelf,
            link: (!setting.is_rehearsal).then(OneTimeLink::new),
            attempts: Attempts::default(),
            intake: setting.options.callback.is_some().then(Intake::default),
            readers: Readers::default(),
            metrics: Metrics::default(),
            places: Arc::new(Semaphore::new(CONNECTIONS)),
            setting,
            port,
        }))
    }

    /// What all requests share.
    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }

    /// The link that signs in once; none where none is needed.
    pub(super) fn one_time_link(&self) -> Option<String> {
        let path = self.0.link.as_ref()?.path(self.base())?;
        let address = SocketAddr::new(self.options.address.ip(), self.0.port);
        Some(format!("http://{address}{path}"))
    }

    /// The instant of now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The path that the review pages are below, such as `/review`; links begin with it.
    pub(crate) fn base(&self) -> &str {
        self.options.review.as_deref().unwrap_or_default()
    }

    /// Asks the desk, on a thread where waiting holds up nobody.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Desk) -> Result<T, desk::Error> + Send + 'static,
    ) -> Result<T, Failure> {
        let desk = self.desk.clone();
        match tokio::task::spawn_blocking(move || question(&desk)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure::Broken("a question to the desk")),
        }
    }
}
