//! Server of a run: accepts clients up to a limit, and at the end waits until they have received
//! all events.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use super::{
    super::handle::RunHandle,
    connection::{REFUSED_WITHIN, ServedRun, serve_connection},
    framed::MessageWriter,
    listener::{Incoming, Listeners},
};
use crate::protocol::{ClientRole, CloseReason, FROM_ENGINE_MAX, PlanBounds, ServerMessage};
use planning::plan::DayPlan;

/// Pause after the system refused to accept a connection.
const AGAIN: Duration = Duration::from_millis(200);

/// The limits for clients of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// The highest role granted.
    pub role: ClientRole,
    /// Most clients at once.
    pub guests: usize,
    /// Time without reading after which a client is disconnected. Until then it only loses events.
    pub stall: Duration,
    /// Longest wait for a client's greeting.
    pub greeting: Duration,
}

impl ServeOptions {
    /// Returns the default limits for clients with `role`.
    #[must_use]
    pub const fn new(role: ClientRole) -> Self {
        let (stall, greeting) = (Duration::from_secs(20), Duration::from_secs(5));
        Self { role, guests: 16, stall, greeting }
    }
}

/// A run being served, until this is dropped or the run ends.
#[derive(Debug)]
pub struct RunServer {
    serving: JoinHandle<()>,
    guests: watch::Receiver<usize>,
    socket: PathBuf,
    tcp: Option<SocketAddr>,
}

impl Drop for RunServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl RunServer {
    /// Serves the run behind `handle` with this `plan`. Must be called within a tokio runtime.
    #[must_use]
    pub fn open(doors: Listeners, handle: RunHandle, plan: &DayPlan, terms: ServeOptions) -> Self {
        let (told, guests) = watch::channel(0);
        let (socket, tcp) = (doors.socket_path().to_owned(), doors.tcp_address());
        let host = ServedRun {
            handle,
            run: plan.run.clone(),
            mode: plan.mode,
            bounds: PlanBounds::from_plan(plan),
            terms,
        };
        let serving = tokio::spawn(serve(doors, Arc::new(host), told));
        Self { serving, guests, socket, tcp }
    }

    /// Returns the number of connected clients, as a watch channel.
    #[must_use]
    pub fn client_count(&self) -> watch::Receiver<usize> {
        self.guests.clone()
    }

    /// Returns the path of the socket.
    #[must_use]
    pub fn socket_path(&self) -> &Path {
        &self.socket
    }

    /// Returns the TCP address, if there is one.
    #[must_use]
    pub const fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp
    }

    /// Waits until every client has received all events, at most `within`. Call it after the driver
    /// is gone; before that, it waits for the driver.
    pub async fn finish(mut self, within: Duration) {
        let guests = &mut self.serving;
        // A client that has not received the end by then never will.
        let _ = timeout(within, guests).await;
    }
}

/// Accepts clients until the run ends, then waits for those connected.
async fn serve(mut doors: Listeners, host: Arc<ServedRun>, told: watch::Sender<usize>) {
    let mut guests = JoinSet::new();
    let mut beats = host.handle.heartbeats();
    loop {
        tokio::select! {
            came = doors.accept() => match came {
                Ok(Incoming::Unix(stream)) => enter(stream, None, (&host, &mut guests)).await,
                Ok(Incoming::Tcp(stream, token)) => {
                    enter(stream, Some(token), (&host, &mut guests)).await;
                }
                Err(error) => refused(&error).await,
            },
            Some(_left) = guests.join_next() => {}
            beat = beats.changed() => if beat.is_err() { break },
        }
        told.send_if_modified(|count| std::mem::replace(count, guests.len()) != guests.len());
    }
    drop(doors);
    while guests.join_next().await.is_some() {}
}

async fn refused(error: &io::Error) {
    tracing::warn!("cannot accept connections: {error}");
    tokio::time::sleep(AGAIN).await;
}

async fn enter<S>(
    stream: S,
    token: Option<Arc<str>>,
    (host, guests): (&Arc<ServedRun>, &mut JoinSet<()>),
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    while guests.try_join_next().is_some() {}
    if guests.len() < host.terms.guests {
        guests.spawn(serve_connection(stream, Arc::clone(host), token));
        return;
    }
    let mut outbox = MessageWriter::new(stream, FROM_ENGINE_MAX, REFUSED_WITHIN);
    // The client is refused even if it does not receive the reason.
    let _ = outbox.send(&ServerMessage::Bye(CloseReason::Full)).await;
}
