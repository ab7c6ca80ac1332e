//! The line to an engine in another process: lost, tried again, found again.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::attached::{Attached, ConsoleError};
use crate::{
    acting::{Authority, NotCommitted, Opening},
    console::{Model, Msg, terminal::Guard},
    engine::Refusal,
    present::words,
    runtime::{
        Beat, Clock,
        attach::{Again, Ended, Tried},
        wall,
    },
};

/// A line to an engine.
#[derive(Debug)]
pub struct Line {
    again: Again,
    /// Ends with the line.
    ended: Option<JoinHandle<Ended>>,
    tries: Option<mpsc::Receiver<Tried>>,
    /// Since when it is lost, on the exchange's clock, and why.
    lost: Option<(String, String)>,
}

impl Line {
    /// One that is up.
    #[must_use]
    pub const fn new(again: Again, ended: JoinHandle<Ended>) -> Self {
        Self { again, ended: Some(ended), tries: None, lost: None }
    }

    /// Why it is lost, if it is.
    #[must_use]
    pub(super) fn lost(self) -> Option<String> {
        self.lost.map(|(_, why)| why)
    }

    /// It is silent: it is tried again from now on.
    pub(super) fn fell_silent(&mut self) {
        self.lost = Some((words::time(wall()), "the engine is gone".into()));
        self.tries = self.ended.take().map(|ended| self.again.begin(ended));
    }

    /// Why nothing can be asked now, if that is so.
    pub(super) fn refuses(&self) -> Option<NotCommitted> {
        let (since, _) = self.lost.as_ref()?;
        Some(NotCommitted::Refused(Refusal {
            what: "the act".into(),
            state: None,
            why: format!("the connection to the engine is lost since {since}"),
            remedy: Some("wait until it is back; `bellwether kill` works without it".into()),
        }))
    }
}

/// What trying again comes to next; without end where nothing is tried.
pub(super) async fn tried(line: Option<&mut Line>) -> Option<Tried> {
    match line.and_then(|line| line.tries.as_mut()) {
        Some(tries) => tries.recv().await,
        None => std::future::pending().await,
    }
}

/// How a session is opened on a line that is back. Whoever was armed before is so no more: what that was
/// said for was another moment.
pub(super) fn anew(opening: &Opening) -> Opening {
    let authority = match opening.authority {
        Authority::Locked => Authority::Locked,
        Authority::Observe | Authority::Armed => Authority::Observe,
    };
    Opening { operator: opening.operator.clone(), authority }
}

/// What became of an act whose answer was lost with the line is not known, and doing it again may do it
/// twice.
pub(super) fn unsure(msg: Msg) -> Msg {
    let Msg::Committed { ticket, answer: Err(NotCommitted::Gone) } = msg else { return msg };
    let answer = Err(NotCommitted::Refused(Refusal {
        what: "nobody knows whether it was done".into(),
        state: None,
        why: "the connection was lost before the answer came".into(),
        remedy: Some("look at what happened before doing it again".into()),
    }));
    Msg::Committed { ticket, answer }
}

impl Attached {
    /// Takes in what trying again has come to; gives whether it is back.
    pub(super) fn back(
        &mut self,
        tried: Option<Tried>,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<bool, ConsoleError> {
        let Some(line) = &mut self.line else { return Ok(false) };
        let Some(tried) = tried else {
            line.tries = None;
            return Ok(false);
        };
        let since = line.lost.as_ref().map(|(since, _)| since.clone()).unwrap_or_default();
        match tried {
            Tried::Waits { why, pause } => {
                let text = format!("{since} ({why}), trying again in {} s", pause.as_secs());
                line.lost = Some((since, why));
                self.tell(Msg::Lost(Some(text)), model, guard)?;
                Ok(false)
            }
            Tried::Never(why) => {
                let text = format!("{since}: {why}; leave, and attach again");
                (line.lost, line.tries) = (Some((since, why)), None);
                self.tell(Msg::Lost(Some(text)), model, guard)?;
                Ok(false)
            }
            Tried::Back(attached) => {
                (line.lost, line.tries) = (None, None);
                line.ended = Some(attached.ended);
                self.clock = Clock::of(attached.welcome.beat);
                self.watcher = attached.handle.watch();
                self.handle = attached.handle;
                self.live = true;
                tracing::info!("attached again to {}", attached.welcome.run);
                self.tell(Msg::Lost(None), model, guard)?;
                self.tell(Msg::Beat, model, guard)?;
                Ok(true)
            }
        }
    }

    /// What somebody who watches is told anew once the line is back.
    pub(super) fn heard_anew(&self) -> (watch::Receiver<Beat>, watch::Receiver<Option<Arc<str>>>) {
        let mut frozen = self.handle.frozen();
        frozen.mark_changed();
        (self.handle.beats(), frozen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_whose_answer_was_lost_is_told_as_not_known_and_no_other_answer_is_changed() {
        let gone = Msg::Committed { ticket: 7, answer: Err(NotCommitted::Gone) };
        let Msg::Committed { ticket: 7, answer: Err(why) } = unsure(gone) else {
            unreachable!("it is an answer to the same question")
        };
        let told = why.to_string();
        assert!(told.contains("nobody knows whether it was done"), "{told}");
        assert!(told.contains("look at what happened"), "{told}");
        let frozen = || NotCommitted::Frozen("the disk is full".into());
        let kept = unsure(Msg::Committed { ticket: 7, answer: Err(frozen()) });
        assert!(
            matches!(kept, Msg::Committed { answer: Err(NotCommitted::Frozen(_)), .. }),
            "{kept:?}"
        );
    }
}
