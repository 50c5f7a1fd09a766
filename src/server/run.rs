//! Connections: taken, bounded in number, time and size, and ended when the program is to end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};

use super::connection_limit::ConnectionLimit;
use super::routes::Routes;
use super::state::{AppState, Setting};
use super::stream::Patient;
use super::{Event, Options};
use crate::store;

/// The largest head of a request.
const LARGEST_HEAD: usize = 32 << 10;

/// Until requests in flight are given up when the program is to end.
const LAST: Duration = Duration::from_secs(10);

/// Why a server does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else listens there.
    #[error(
        "`{0}` is in use\nhint: another server listens there; stop it, or choose another address \
         with `--address` or `address` in `[server]`"
    )]
    InUse(SocketAddr),
    /// The system does not let it listen there.
    #[error(
        "cannot listen on `{address}`\nhint: the address must be one of this machine; ports below \
         1024 are often kept for the system"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Others would reach the review pages, and nobody would have to sign in.
    #[error(
        "others reach `{0}`, and the review pages have no accounts\nhint: make one with \
         `newsdesk user add NAME`, or serve the documents alone with `--no-review`"
    )]
    NoAccounts(SocketAddr),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: AppState,
}

impl Server {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// Where it cannot, and where it must not: others would reach the review pages without an
    /// account.
    pub async fn bind(setting: Setting) -> Result<Self, Error> {
        let Options {
            address, review, ..
        } = &setting.options;
        let address = *address;
        let guarded = address.ip().to_canonical().is_loopback() || review.is_none();
        if !guarded && !setting.store.has_accounts().await? {
            return Err(Error::NoAccounts(address));
        }
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => Error::InUse(address),
            _ => Error::Listen { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let state = AppState::new(setting, address.port());
        Ok(Self {
            listener,
            address,
            state,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The link that signs in once, as long as there are no accounts; none where none is needed.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn one_time_link(&self) -> Result<Option<String>, Error> {
        let wanted =
            self.state.options.review.is_some() && !self.state.store.has_accounts().await?;
        Ok(self.state.one_time_link().filter(|_| wanted))
    }

    /// Answers until `stop` is done; requests in flight have ten seconds from then on.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let routes = Arc::new(Routes::new(self.state.clone()));
        let graceful = GracefulShutdown::new();
        let places = Arc::clone(&self.state.shared().places);
        let limit = ConnectionLimit::default();
        let patience = self.state.options.timeout;
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, self.listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    self.pause_after(&error).await;
                    continue;
                }
            };
            // One client must not take all places; what is on this machine, or speaks for others,
            // may.
            let Some(counted) = limit.enter(peer.ip(), &self.state.options) else {
                continue;
            };
            let connection = converse(stream, peer, Arc::clone(&routes), patience);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // What ends a connection early is its client's affair.
                let _ = connection.await;
                drop((place, counted));
            });
        }
        drop(self.listener);
        let _ = tokio::time::timeout(LAST, graceful.shutdown()).await;
    }

    /// A connection that went away before it was taken is nobody's concern; where the system has
    /// no more files, some end soon.
    async fn pause_after(&self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if !matches!(
            error.kind(),
            ConnectionAborted | ConnectionRefused | ConnectionReset
        ) {
            let story = format!("cannot take a connection\ncaused by: {error}");
            (self.state.report)(&Event::Failed(&story));
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// One connection: what comes over it is answered by `routes`.
fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Arc<Routes>,
    patience: Duration,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let routes = Arc::clone(&routes);
        async move { Ok::<_, Infallible>(routes.answer(peer, request.map(Body::new)).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Patient::new(stream, patience)), service)
}
