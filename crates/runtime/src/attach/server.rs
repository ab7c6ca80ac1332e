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
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use super::{
    super::handle::RunHandle,
    connection::{ServedRun, serve_connection},
    listener::{Incoming, Listeners},
    seats::{EntryWay, Greeters, Seats},
};
use crate::protocol::{ClientRole, PlanBounds};
use planning::plan::DayPlan;

/// Pause after the system refused to accept a connection.
const AGAIN: Duration = Duration::from_millis(200);

/// The limits for clients of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// The highest role granted.
    pub role: ClientRole,
    /// Clients at once on the socket, and as many on the port. A client counts once it has greeted with
    /// the right token, so that others cannot keep it out.
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
        let (stall, greeting) = (Duration::from_secs(20), Duration::from_secs(2));
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
            seats: Seats::new(terms.guests, told),
            terms,
        };
        let serving = tokio::spawn(serve(doors, Arc::new(host)));
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

/// Accepts clients until the run is over, and then waits for those that are there.
async fn serve(mut doors: Listeners, host: Arc<ServedRun>) {
    let mut connections = JoinSet::new();
    let mut greeters = [Greeters::default(), Greeters::default()];
    let mut beats = host.handle.heartbeats();
    loop {
        tokio::select! {
            came = doors.accept() => match came {
                Ok(Incoming::Unix(stream)) => {
                    let pass = Seats::pass(EntryWay::Socket, &mut greeters, None);
                    connections.spawn(serve_connection(stream, Arc::clone(&host), pass));
                }
                Ok(Incoming::Tcp(stream, token)) => {
                    let pass = Seats::pass(EntryWay::Port, &mut greeters, Some(token));
                    connections.spawn(serve_connection(stream, Arc::clone(&host), pass));
                }
                Err(error) => wait_after_refusal(&error).await,
            },
            Some(_left) = connections.join_next() => {}
            beat = beats.changed() => if beat.is_err() { break },
        }
    }
    drop(doors);
    greeters.iter_mut().for_each(Greeters::cut_all);
    while connections.join_next().await.is_some() {}
}

async fn wait_after_refusal(error: &io::Error) {
    tracing::warn!("no client could be accepted: {error}");
    tokio::time::sleep(AGAIN).await;
}
