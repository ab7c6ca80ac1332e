//! Who serves a day: opens its doors, lets guests in while there is room, and waits at the end until
//! they have heard all of it.

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

/// Between two tries to let somebody in when the system will not.
const AGAIN: Duration = Duration::from_millis(200);

/// What guests are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// The most a guest may be.
    pub role: ClientRole,
    /// Guests at once.
    pub guests: usize,
    /// How long a guest may read nothing before it is shown out. Until then it loses events only.
    pub stall: Duration,
    /// How long a guest may take to say who it is.
    pub greeting: Duration,
}

impl ServeOptions {
    /// The usual terms for guests that may be `role`.
    #[must_use]
    pub const fn new(role: ClientRole) -> Self {
        let (stall, greeting) = (Duration::from_secs(20), Duration::from_secs(5));
        Self { role, guests: 16, stall, greeting }
    }
}

/// A day that is being served, until this is dropped or the day is over.
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
    /// Serves the day behind `handle`, which goes by `plan`. Must be called inside a runtime.
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

    /// How many guests there are, to be watched.
    #[must_use]
    pub fn client_count(&self) -> watch::Receiver<usize> {
        self.guests.clone()
    }

    /// The socket.
    #[must_use]
    pub fn socket_path(&self) -> &Path {
        &self.socket
    }

    /// Where it listens besides.
    #[must_use]
    pub const fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp
    }

    /// Waits until every guest has heard all there was, but no longer than this. To be called when
    /// the day's driver is gone; before, it waits for that.
    pub async fn finish(mut self, within: Duration) {
        let guests = &mut self.serving;
        // Who has not heard the end by then never will.
        let _ = timeout(within, guests).await;
    }
}

/// Lets guests in until the day is over, and then waits for those that are there.
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
    tracing::warn!("nobody could be let in: {error}");
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
    // It is not let in, whether it hears so or not.
    let _ = outbox.send(&ServerMessage::Bye(CloseReason::Full)).await;
}
