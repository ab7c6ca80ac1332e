//! The HTTP server. Connections, headers and time are bounded; a slow or hostile client delays nothing but
//! itself.

use std::{convert::Infallible, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
    time::timeout,
};

use super::{observer::RunObserver, routes};
use runtime::attach::{ListenError, keep_token, require_loopback};

/// Connections at a time; more are closed at once.
const CONNECTIONS_MAX: usize = 64;
/// Bytes of a request's head.
const HEAD_MAX: usize = 16 << 10;
/// How long a client may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection may last.
const CONNECTION_MAX: Duration = Duration::from_mins(1);
/// The pause after a connection could not be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// The file of the token in the state folder. It outlives the process, so that scrapers keep it.
const TOKEN: &str = "http.token";

/// A server that is open until it is dropped.
#[derive(Debug)]
pub(crate) struct HttpServer {
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl HttpServer {
    /// Opens the server at a local address. Must be called inside a runtime.
    ///
    /// # Errors
    ///
    /// [`ListenError`] if the address is not local or in use, or the token cannot be kept.
    pub(crate) fn open(
        address: SocketAddr,
        folder: &Path,
        observer: &Arc<RunObserver>,
        interval: Duration,
    ) -> Result<Self, ListenError> {
        let address = require_loopback(address)?;
        let wrong = |source| ListenError::Port { address, source };
        let listener = std::net::TcpListener::bind(address).map_err(wrong)?;
        listener.set_nonblocking(true).map_err(wrong)?;
        let listener = TcpListener::from_std(listener).map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        let path = folder.join(TOKEN);
        let token = keep_token(&path).map_err(|source| ListenError::Token { path, source })?;
        let serving = tokio::spawn(serve(listener, Arc::clone(observer), token.into()));
        let tasks = vec![serving, observer.follow(), observer.check_every(interval)];
        Ok(Self { address, tasks })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(listener: TcpListener, observer: Arc<RunObserver>, token: Arc<str>) {
    let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _from)) => stream,
            Err(error) => {
                tracing::warn!("a connection to the HTTP interface cannot be accepted: {error}");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        // A connection without a seat is closed by dropping it.
        let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else { continue };
        let (observer, token) = (Arc::clone(&observer), Arc::clone(&token));
        tokio::spawn(async move {
            // A client that is slow, breaks the protocol or goes away concerns nobody else.
            let _ = timeout(CONNECTION_MAX, talk(stream, observer, token)).await;
            drop(seat);
        });
    }
}

async fn talk(
    stream: TcpStream,
    observer: Arc<RunObserver>,
    token: Arc<str>,
) -> Result<(), hyper::Error> {
    let service = service_fn(|request| {
        let (observer, token) = (Arc::clone(&observer), Arc::clone(&token));
        async move { Ok::<_, Infallible>(routes::answer(&observer, &token, &request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
