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
    super::handle::Handle,
    door::{Came, Doors},
    guest::{Host, REFUSED_WITHIN, guest},
    line::Outbox,
};
use crate::{
    plan::Plan,
    wire::{Bounds, FROM_ENGINE_MAX, FromEngine, Parting, Role},
};

/// Between two tries to let somebody in when the system will not.
const AGAIN: Duration = Duration::from_millis(200);

/// What guests are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The most a guest may be.
    pub role: Role,
    /// Guests at once.
    pub guests: usize,
    /// How long a guest may read nothing before it is shown out. Until then it loses events only.
    pub stall: Duration,
    /// How long a guest may take to say who it is.
    pub greeting: Duration,
}

impl Terms {
    /// The usual terms for guests that may be `role`.
    #[must_use]
    pub const fn new(role: Role) -> Self {
        let (stall, greeting) = (Duration::from_secs(20), Duration::from_secs(5));
        Self { role, guests: 16, stall, greeting }
    }
}

/// A day that is being served, until this is dropped or the day is over.
#[derive(Debug)]
pub struct Server {
    serving: JoinHandle<()>,
    guests: watch::Receiver<usize>,
    socket: PathBuf,
    tcp: Option<SocketAddr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Server {
    /// Serves the day behind `handle`, which goes by `plan`. Must be called inside a runtime.
    #[must_use]
    pub fn open(doors: Doors, handle: Handle, plan: &Plan, terms: Terms) -> Self {
        let (told, guests) = watch::channel(0);
        let (socket, tcp) = (doors.socket().to_owned(), doors.tcp());
        let host = Host {
            handle,
            run: plan.run.clone(),
            mode: plan.mode,
            bounds: Bounds::of(plan),
            terms,
        };
        let serving = tokio::spawn(serve(doors, Arc::new(host), told));
        Self { serving, guests, socket, tcp }
    }

    /// How many guests there are, to be watched.
    #[must_use]
    pub fn guests(&self) -> watch::Receiver<usize> {
        self.guests.clone()
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Where it listens besides.
    #[must_use]
    pub const fn tcp(&self) -> Option<SocketAddr> {
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
async fn serve(mut doors: Doors, host: Arc<Host>, told: watch::Sender<usize>) {
    let mut guests = JoinSet::new();
    let mut beats = host.handle.beats();
    loop {
        tokio::select! {
            came = doors.came() => match came {
                Ok(Came::Unix(stream)) => enter(stream, None, (&host, &mut guests)).await,
                Ok(Came::Tcp(stream, token)) => {
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
    (host, guests): (&Arc<Host>, &mut JoinSet<()>),
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    while guests.try_join_next().is_some() {}
    if guests.len() < host.terms.guests {
        guests.spawn(guest(stream, Arc::clone(host), token));
        return;
    }
    let mut outbox = Outbox::new(stream, FROM_ENGINE_MAX, REFUSED_WITHIN);
    // It is not let in, whether it hears so or not.
    let _ = outbox.send(&FromEngine::Bye(Parting::Full)).await;
}
