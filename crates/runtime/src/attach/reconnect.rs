//! Automatic reconnection of a client that lost its engine, with growing pauses, until it is
//! attached to the same run or this has become impossible.

use std::{fmt, iter::repeat, sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::client::{AttachError, ClientConnection, Disconnect, EngineAddress, attach_to};
use crate::protocol::{CloseReason, Hello};

/// Pauses before each attempt, in seconds; the last one repeats.
const PAUSES: [u64; 4] = [1, 2, 5, 10];
/// Longest duration of one attempt, so that a hanging engine is reported as such.
const TRY_MAX: Duration = Duration::from_secs(10);
/// Capacity of the queue of progress reports.
const NEWS_MAX: usize = 4;

/// A function that returns address and greeting; called for each attempt, because the token changes
/// with the engine.
type GreetingFn = dyn Fn() -> Result<(EngineAddress, Hello), String> + Send + Sync;

/// A recipe for attaching to one run again.
#[derive(Clone)]
pub struct Reconnector {
    run: String,
    greeting: Arc<GreetingFn>,
}

impl fmt::Debug for Reconnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Again").field("run", &self.run).finish_non_exhaustive()
    }
}

/// The progress of a reconnection.
#[derive(Debug)]
pub enum ReconnectOutcome {
    /// Another attempt follows after a pause.
    Waiting {
        /// The reason for which the last attempt failed.
        why: String,
        /// Time until the next attempt.
        pause: Duration,
    },
    /// Attached to the same run again.
    Reconnected(Box<ClientConnection>),
    /// No further attempt is made, for this reason.
    GaveUp(String),
}

impl Reconnector {
    /// Creates a reconnector for a run, with a function for the greeting.
    pub fn new(
        run: String,
        greeting: impl Fn() -> Result<(EngineAddress, Hello), String> + Send + Sync + 'static,
    ) -> Self {
        Self { run, greeting: Arc::new(greeting) }
    }

    /// Once the connection has `ended`, tries again until it succeeds, cannot succeed any more, or
    /// the receiver is dropped. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(&self, ended: JoinHandle<Disconnect>) -> mpsc::Receiver<ReconnectOutcome> {
        let (told, heard) = mpsc::channel(NEWS_MAX);
        let again = self.clone();
        tokio::spawn(async move {
            let news = match ended.await {
                Ok(Disconnect::Lost(why)) => again.until_back(why, &told).await,
                // The engine may be restarted and recover its run.
                Ok(Disconnect::RunEnded(CloseReason::RunEnded)) => {
                    again.until_back("its engine has stopped".into(), &told).await
                }
                Ok(Disconnect::RunEnded(parting)) => {
                    Some(ReconnectOutcome::GaveUp(parting.to_string()))
                }
                Ok(Disconnect::ClientLeft) | Err(_) => None,
            };
            if let Some(news) = news {
                // The receiver may be gone.
                let _ = told.send(news).await;
            }
        });
        heard
    }

    /// Repeats attempts; returns `None` once the receiver is dropped.
    async fn until_back(
        &self,
        mut why: String,
        told: &mpsc::Sender<ReconnectOutcome>,
    ) -> Option<ReconnectOutcome> {
        let [.., last] = PAUSES;
        for pause in PAUSES.into_iter().chain(repeat(last)).map(Duration::from_secs) {
            told.send(ReconnectOutcome::Waiting { why, pause }).await.ok()?;
            tokio::select! {
                () = sleep(pause) => {}
                () = told.closed() => return None,
            }
            why = match self.attempt().await {
                Ok(news) => return Some(news),
                Err(why) => why,
            };
        }
        None
    }

    /// Makes one attempt; returns `Err` with the reason if a later one may succeed.
    async fn attempt(&self) -> Result<ReconnectOutcome, String> {
        let (place, hello) = (self.greeting)()?;
        let tried = timeout(TRY_MAX, attach_to(&place, hello)).await;
        match tried.map_err(|_late| "it does not answer".to_owned())? {
            Ok(attached) if attached.welcome.run == self.run => {
                Ok(ReconnectOutcome::Reconnected(Box::new(attached)))
            }
            Ok(other) => {
                let run = &other.welcome.run;
                Ok(ReconnectOutcome::GaveUp(format!("another run is served there now: {run}")))
            }
            Err(AttachError::NoListener { .. }) => Err("no server listens".into()),
            Err(
                error @ (AttachError::NoEngine(_)
                | AttachError::Rejected(
                    CloseReason::RunEnded | CloseReason::Full | CloseReason::Token,
                )),
            ) => Err(error.to_string()),
            Err(error @ (AttachError::Address(_) | AttachError::Rejected(_))) => {
                Ok(ReconnectOutcome::GaveUp(error.to_string()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ClientRole, PROTOCOL};

    fn lost_connection(why: &str) -> JoinHandle<Disconnect> {
        let why = why.to_owned();
        tokio::spawn(async move { Disconnect::Lost(why) })
    }

    fn hello() -> Hello {
        Hello { protocol: PROTOCOL, operator: "ana".into(), role: ClientRole::View, token: None }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_ten_seconds_then_repeat() {
        let folder = tempfile::tempdir().unwrap();
        let place = EngineAddress::Socket(folder.path().join("nobody"));
        let again = Reconnector::new("run".into(), move || Ok((place.clone(), hello())));
        let mut news = again.start(lost_connection("the engine is gone"));
        let mut told = Vec::new();
        while let (true, Some(ReconnectOutcome::Waiting { why, pause })) =
            (told.len() < 6, news.recv().await)
        {
            told.push((why, pause.as_secs()));
        }
        assert_eq!(told[0], ("the engine is gone".to_owned(), 1));
        assert_eq!(told[1], ("no server listens".to_owned(), 2));
        assert_eq!(told.iter().map(|(_, s)| *s).collect::<Vec<_>>(), [1, 2, 5, 10, 10, 10]);
    }

    #[tokio::test(start_paused = true)]
    async fn stops_reconnecting_after_permanent_refusal() {
        let again = Reconnector::new("run".into(), || Err("never asked".into()));
        let shown_out =
            tokio::spawn(async { Disconnect::RunEnded(CloseReason::Malformed("what?".into())) });
        let mut news = again.start(shown_out);
        assert!(matches!(news.recv().await, Some(ReconnectOutcome::GaveUp(why)) if why == "what?"));
        assert!(news.recv().await.is_none());
    }
}
