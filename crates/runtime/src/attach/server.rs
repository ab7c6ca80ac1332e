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

/// Between two tries to let somebody in when the system will not.
const AGAIN: Duration = Duration::from_millis(200);

/// What guests are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// The most a guest may be.
    pub role: ClientRole,
    /// Clients at once on the socket, and as many on the port. A client counts once it has greeted with
    /// the right token, so that others cannot keep it out.
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
        let (stall, greeting) = (Duration::from_secs(20), Duration::from_secs(2));
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
            seats: Seats::new(terms.guests, told),
            terms,
        };
        let serving = tokio::spawn(serve(doors, Arc::new(host)));
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

/// Accepts clients until the run is over, and then waits for those that are there.
async fn serve(mut doors: Listeners, host: Arc<ServedRun>) {
    let mut connections = JoinSet::new();
    let mut greeters = [Greeters::default(), Greeters::default()];
    let mut beats = host.handle.heartbeats();
    loop {
        tokio::select! {
            came = doors.accept() => match came {
                Ok(Incoming::Unix(stream)) => {
                    let pass = host.seats.pass(EntryWay::Socket, &mut greeters, None);
                    connections.spawn(serve_connection(stream, Arc::clone(&host), pass));
                }
                Ok(Incoming::Tcp(stream, token)) => {
                    let pass = host.seats.pass(EntryWay::Port, &mut greeters, Some(token));
                    connections.spawn(serve_connection(stream, Arc::clone(&host), pass));
                }
                Err(error) => refused(&error).await,
            },
            Some(_left) = connections.join_next() => {}
            beat = beats.changed() => if beat.is_err() { break },
        }
    }
    drop(doors);
    greeters.iter_mut().for_each(Greeters::cut_all);
    while connections.join_next().await.is_some() {}
}

async fn refused(error: &io::Error) {
    tracing::warn!("no client could be accepted: {error}");
    tokio::time::sleep(AGAIN).await;
}
