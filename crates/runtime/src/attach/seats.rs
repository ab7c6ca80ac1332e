//! Places of a server: for clients that have greeted, and apart from them for connections that have not.

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

/// Connections that may be silent at once on each way in. One more cuts the oldest, so that silence keeps
/// nobody out.
const SILENT_MAX: usize = 32;

/// How a client reaches the server. Each way has seats of its own: clients of the port never keep the owner
/// out of the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryWay {
    /// The socket in the state folder.
    Socket,
    /// The local TCP port.
    Port,
}

/// The seats of a server.
#[derive(Debug)]
pub(super) struct Seats {
    free: [Arc<Semaphore>; 2],
    count: watch::Sender<usize>,
}

impl Seats {
    /// As many seats on each way in; publishes in `count` how many are taken.
    pub(super) fn new(each: usize, count: watch::Sender<usize>) -> Self {
        Self { free: [each, each].map(|n| Arc::new(Semaphore::new(n))), count }
    }

    /// Returns the pass of a new connection, which must know `token` where there is one. Cuts the oldest
    /// silent connection where there are too many.
    pub(super) fn pass(
        way: EntryWay,
        [socket, port]: &mut [Greeters; 2],
        token: Option<Arc<str>>,
    ) -> EntryPass {
        let greeters = match way {
            EntryWay::Socket => socket,
            EntryWay::Port => port,
        };
        EntryPass { way, token, silent: greeters.enter() }
    }

    /// Takes a seat for a client that has greeted; `None` where all are taken.
    pub(super) fn take(&self, way: EntryWay) -> Option<Seat> {
        let [socket, port] = &self.free;
        let free = match way {
            EntryWay::Socket => socket,
            EntryWay::Port => port,
        };
        let permit = Arc::clone(free).try_acquire_owned().ok()?;
        self.count.send_modify(|count| *count += 1);
        Some(Seat { permit: Some(permit), count: self.count.clone() })
    }
}

/// A taken seat; free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    permit: Option<OwnedSemaphorePermit>,
    count: watch::Sender<usize>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Before the count: who sees the new number finds the seat free.
        drop(self.permit.take());
        self.count.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// The connections of one way in that have not greeted, oldest first.
#[derive(Debug, Default)]
pub(super) struct Greeters(VecDeque<Weak<Notify>>);

impl Greeters {
    fn enter(&mut self) -> Arc<Notify> {
        self.0.retain(|silent| silent.strong_count() > 0);
        if self.0.len() >= SILENT_MAX
            && let Some(oldest) = self.0.pop_front().and_then(|silent| silent.upgrade())
        {
            oldest.notify_one();
        }
        let silent = Arc::default();
        self.0.push_back(Arc::downgrade(&silent));
        silent
    }

    /// Cuts every connection that has not greeted.
    pub(super) fn cut_all(&mut self) {
        self.0.drain(..).filter_map(|silent| silent.upgrade()).for_each(|cut| cut.notify_one());
    }
}

/// A connection that has not greeted yet.
#[derive(Debug)]
pub(super) struct EntryPass {
    way: EntryWay,
    token: Option<Arc<str>>,
    silent: Arc<Notify>,
}

impl EntryPass {
    /// Returns the token that the greeting must have.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Waits until the connection is cut.
    pub(super) async fn wait_until_cut(&self) {
        self.silent.notified().await;
    }

    /// Ends the silence: from here on the connection is not cut.
    pub(super) fn greeted(self) -> EntryWay {
        self.way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_the_port_leave_the_seats_of_the_socket_free() {
        let (count, seen) = watch::channel(0);
        let seats = Seats::new(2, count);
        let port = [seats.take(EntryWay::Port), seats.take(EntryWay::Port)];
        assert!(port.iter().all(Option::is_some) && seats.take(EntryWay::Port).is_none());
        let socket = seats.take(EntryWay::Socket);
        assert!(socket.is_some());
        assert_eq!(*seen.borrow(), 3);
        drop(port);
        assert_eq!(*seen.borrow(), 1);
        assert!(seats.take(EntryWay::Port).is_some());
    }
}
