//! The line to an engine in another process: lost, tried again, found again.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::console::{ConsoleError, ConsoleLoop};
use engine::{
    CommandRefusal, OrderReport,
    control::{Authority, CommitError, SessionOpening},
};
use runtime::{
    Heartbeat, RunClock,
    attach::{Disconnect, ReconnectOutcome, Reconnector},
    wall_now,
};
use tui::{Model, Msg, terminal::TerminalGuard};
use view::format;

/// A line to an engine.
#[derive(Debug)]
pub struct EngineConnection {
    again: Reconnector,
    /// Ends with the line.
    ended: Option<JoinHandle<Disconnect>>,
    tries: Option<mpsc::Receiver<ReconnectOutcome>>,
    /// Since when it is lost, on the exchange's clock, and why.
    lost: Option<(String, String)>,
}

impl EngineConnection {
    /// One that is up.
    #[must_use]
    pub const fn new(again: Reconnector, ended: JoinHandle<Disconnect>) -> Self {
        Self { again, ended: Some(ended), tries: None, lost: None }
    }

    /// Why it is lost, if it is.
    #[must_use]
    pub(super) fn lost_reason(self) -> Option<String> {
        self.lost.map(|(_, why)| why)
    }

    /// It is silent: it is tried again from now on.
    pub(super) fn fell_silent(&mut self) {
        self.lost = Some((format::format_time(wall_now()), "the engine is gone".into()));
        self.tries = self.ended.take().map(|ended| self.again.start(ended));
    }

    /// Why nothing can be asked now, if that is so.
    pub(super) fn refusal(&self) -> Option<CommitError> {
        let (since, _) = self.lost.as_ref()?;
        Some(CommitError::Refused(CommandRefusal {
            what: "the act".into(),
            state: None,
            why: format!("the connection to the engine is lost since {since}"),
            remedy: Some("wait until it is back; `bellwether kill` works without it".into()),
        }))
    }
}

/// What trying again comes to next; without end where nothing is tried.
pub(super) async fn next_reconnect(
    line: Option<&mut EngineConnection>,
) -> Option<ReconnectOutcome> {
    match line.and_then(|line| line.tries.as_mut()) {
        Some(tries) => tries.recv().await,
        None => std::future::pending().await,
    }
}

/// How a session is opened on a line that is back. Whoever was armed before is so no more: what that was
/// said for was another moment.
pub(super) fn reopen_request(opening: &SessionOpening) -> SessionOpening {
    let authority = match opening.authority {
        Authority::ReadOnly => Authority::ReadOnly,
        Authority::Observe | Authority::Armed => Authority::Observe,
    };
    SessionOpening { operator: opening.operator.clone(), authority }
}

/// What became of an act whose answer was lost with the line is not known, and doing it again may do it
/// twice.
pub(super) fn as_unknown_outcome(msg: Msg) -> Msg {
    let Msg::Committed { ticket, answer: Err(CommitError::EngineGone) } = msg else { return msg };
    let answer = Err(CommitError::Refused(CommandRefusal {
        what: "nobody knows whether it was done".into(),
        state: None,
        why: "the connection was lost before the answer came".into(),
        remedy: Some("look at what happened before doing it again".into()),
    }));
    Msg::Committed { ticket, answer }
}

/// What is told of a run beside its events: heartbeat, journal fault, orders.
type StatusReceivers = (
    watch::Receiver<Heartbeat>,
    watch::Receiver<Option<Arc<str>>>,
    watch::Receiver<Arc<OrderReport>>,
);

impl ConsoleLoop {
    /// Takes in what trying again has come to; gives whether it is back.
    pub(super) fn on_reconnect(
        &mut self,
        tried: Option<ReconnectOutcome>,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<bool, ConsoleError> {
        let Some(line) = &mut self.line else { return Ok(false) };
        let Some(tried) = tried else {
            line.tries = None;
            return Ok(false);
        };
        let since = line.lost.as_ref().map(|(since, _)| since.clone()).unwrap_or_default();
        match tried {
            ReconnectOutcome::Waiting { why, pause } => {
                let text = format!("{since} ({why}), trying again in {} s", pause.as_secs());
                line.lost = Some((since, why));
                self.update_model(Msg::ConnectionLost(Some(text)), model, guard)?;
                Ok(false)
            }
            ReconnectOutcome::GaveUp(why) => {
                let text = format!("{since}: {why}; leave, and attach again");
                (line.lost, line.tries) = (Some((since, why)), None);
                self.update_model(Msg::ConnectionLost(Some(text)), model, guard)?;
                Ok(false)
            }
            ReconnectOutcome::Reconnected(attached) => {
                (line.lost, line.tries) = (None, None);
                line.ended = Some(attached.ended);
                self.clock = RunClock::from_heartbeat(attached.welcome.beat);
                self.watcher = attached.handle.subscribe();
                self.handle = attached.handle;
                self.live = true;
                tracing::info!("attached again to {}", attached.welcome.run);
                self.update_model(Msg::ConnectionLost(None), model, guard)?;
                self.update_model(Msg::Heartbeat, model, guard)?;
                Ok(true)
            }
        }
    }

    /// What somebody who watches is told anew once the line is back.
    pub(super) fn resubscribe(&self) -> StatusReceivers {
        let mut frozen = self.handle.journal_fault();
        frozen.mark_changed();
        let mut orders = self.handle.orders();
        orders.mark_changed();
        (self.handle.heartbeats(), frozen, orders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_whose_answer_was_lost_is_told_as_not_known_and_no_other_answer_is_changed() {
        let gone = Msg::Committed { ticket: 7, answer: Err(CommitError::EngineGone) };
        let Msg::Committed { ticket: 7, answer: Err(why) } = as_unknown_outcome(gone) else {
            unreachable!("it is an answer to the same question")
        };
        let told = why.to_string();
        assert!(told.contains("nobody knows whether it was done"), "{told}");
        assert!(told.contains("look at what happened"), "{told}");
        let frozen = || CommitError::JournalUnavailable("the disk is full".into());
        let kept = as_unknown_outcome(Msg::Committed { ticket: 7, answer: Err(frozen()) });
        assert!(
            matches!(kept, Msg::Committed { answer: Err(CommitError::JournalUnavailable(_)), .. }),
            "{kept:?}"
        );
    }
}
