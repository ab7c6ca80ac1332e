//! What a guest's handles ask, put into the engine's words; what the engine says, given to whoever
//! asked or watches.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{
    io::AsyncRead,
    sync::{broadcast, mpsc, oneshot, watch},
};

use super::{
    super::{
        handle::Control,
        session::{Answer as Reply, Ask, Given, Wish},
    },
    client::Ended,
    line::Inbox,
};
use crate::{
    acting::{ActPlan, Committed, NotCommitted, Standing},
    engine::{Recorded, Refusal, RunState},
    wire::{Answer, Beat, FROM_GUEST_MAX, FromEngine, FromGuest, Question, encode},
};

/// Who waits for an answer.
enum Waiting {
    Opened(Reply<(u64, watch::Receiver<Standing>)>),
    Plan(Reply<Box<ActPlan>>),
    Committed(Reply<Committed>),
    Done(Reply<()>),
    Snapshot(oneshot::Sender<Box<RunState>>),
    Nobody,
}

/// What is heard, on its way to whoever watches.
pub(super) struct Told {
    pub(super) events: broadcast::Sender<Arc<Recorded>>,
    pub(super) beats: watch::Sender<Beat>,
    pub(super) freezes: watch::Sender<Option<Arc<str>>>,
}

/// See the module. When it is dropped, whoever asked or watched is told that there is nobody.
pub(super) struct Asking {
    asked: mpsc::Receiver<Control>,
    told: Told,
    out: mpsc::Sender<FromGuest>,
    questions: u64,
    waiting: BTreeMap<u64, Waiting>,
    sessions: BTreeMap<u64, watch::Sender<Standing>>,
}

impl Asking {
    pub(super) fn new(
        asked: mpsc::Receiver<Control>,
        told: Told,
        out: mpsc::Sender<FromGuest>,
    ) -> Self {
        let (waiting, sessions) = (BTreeMap::new(), BTreeMap::new());
        Self { asked, told, out, questions: 0, waiting, sessions }
    }

    /// Goes between until either side ends.
    pub(super) async fn run<R: AsyncRead + Unpin>(mut self, mut inbox: Inbox<R>) -> Ended {
        loop {
            tokio::select! {
                control = self.asked.recv() => match control {
                    Some(control) => if self.control(control).await.is_none() {
                        return Ended::Left;
                    },
                    None => return Ended::Left,
                },
                said = inbox.next() => match said {
                    Ok(Some(FromEngine::Bye(parting))) => return Ended::Told(parting),
                    Ok(Some(said)) => self.said(said).await,
                    Ok(None) => return Ended::Lost("the engine is gone".into()),
                    Err(broken) => return Ended::Lost(broken.to_string()),
                },
            }
        }
    }

    /// Puts what is asked here to the engine; `None` when there is nothing more to ask.
    async fn control(&mut self, control: Control) -> Option<()> {
        let (question, waiting) = match control {
            Control::Ask(ask) => put(ask),
            Control::Snapshot(answer) => (Question::Snapshot, Waiting::Snapshot(answer)),
            // The engine looks at its own flag files.
            Control::Look => return Some(()),
            Control::Pace(pace) => (Question::Pace(pace), Waiting::Nobody),
            // A day that is served is not stopped from here: whoever stops watches it no more.
            Control::Stop => return None,
        };
        self.questions += 1;
        let message = FromGuest::Ask { id: self.questions, question };
        if encode(&message, FROM_GUEST_MAX).is_err() {
            waiting.refuse();
            return Some(());
        }
        self.waiting.insert(self.questions, waiting);
        self.out.send(message).await.ok()
    }

    async fn said(&mut self, said: FromEngine) {
        match said {
            FromEngine::Answer { id, answer } => self.answered(id, answer),
            FromEngine::Event(event) => {
                // Nobody may be watching.
                let _ = self.told.events.send(event);
            }
            FromEngine::Standing { session, standing } => {
                if let Some(told) = self.sessions.get(&session) {
                    told.send_replace(standing);
                }
            }
            FromEngine::Beat(beat) => {
                self.told.beats.send_replace(beat);
                self.close().await;
            }
            FromEngine::Frozen(why) => {
                self.told.freezes.send_replace(why);
            }
            // Watchers see the gap in the numbers, and ask for the whole run.
            FromEngine::Lagged { missed } => tracing::warn!("{missed} events were passed over"),
            FromEngine::Welcome(_) | FromEngine::Bye(_) => {}
        }
    }

    fn answered(&mut self, id: u64, answer: Answer) {
        // Whoever asked may have left meanwhile.
        match (self.waiting.remove(&id), answer) {
            (Some(waiting), Answer::Not(why)) => waiting.not(why),
            (Some(Waiting::Opened(reply)), Answer::Opened { session, standing }) => {
                let (told, standing) = watch::channel(standing);
                self.sessions.insert(session, told);
                let _ = reply.send(Ok((session, standing)));
            }
            (Some(Waiting::Plan(reply)), Answer::Plan(plan)) => drop(reply.send(Ok(plan))),
            (Some(Waiting::Committed(reply)), Answer::Committed(done)) => {
                drop(reply.send(Ok(done)));
            }
            (Some(Waiting::Done(reply)), Answer::Done) => drop(reply.send(Ok(()))),
            (Some(Waiting::Snapshot(reply)), Answer::Snapshot(run)) => drop(reply.send(run)),
            // An answer to another question: whoever asked is told that nobody answers.
            (Some(_) | None, _) => {}
        }
    }

    /// Closes the sessions that nobody here has any more.
    async fn close(&mut self) {
        let gone: Vec<_> =
            self.sessions.iter().filter(|(_, told)| told.is_closed()).map(|(id, _)| *id).collect();
        for session in gone {
            self.sessions.remove(&session);
            // Nobody to tell is nobody to close it for.
            let _ = self.out.send(FromGuest::Close { session }).await;
        }
    }
}

impl Waiting {
    /// Says that it was not done, and why.
    fn not(self, why: NotCommitted) {
        match self {
            Self::Opened(reply) => drop(reply.send(Err(why))),
            Self::Plan(reply) => drop(reply.send(Err(why))),
            Self::Committed(reply) => drop(reply.send(Err(why))),
            Self::Done(reply) => drop(reply.send(Err(why))),
            Self::Snapshot(_) | Self::Nobody => {}
        }
    }

    /// Says that too much was asked at once.
    fn refuse(self) {
        self.not(NotCommitted::Refused(Refusal {
            what: "the act".into(),
            state: None,
            why: "it names more than one message to the engine can hold".into(),
            remedy: Some("act on fewer at a time".into()),
        }));
    }
}

/// A question of a session in the engine's words, and who waits for its answer.
fn put(ask: Ask) -> (Question, Waiting) {
    match ask {
        // Whose it is was said in the greeting.
        Ask::Open(opening, answer) => {
            (Question::Open { authority: opening.authority }, Waiting::Opened(answer))
        }
        Ask::Propose(session, Wish { commands, seen }, answer) => {
            (Question::Propose { session, commands, seen }, Waiting::Plan(answer))
        }
        Ask::Commit(session, commit, answer) => {
            (Question::Commit { session, commit: *commit }, Waiting::Committed(answer))
        }
        Ask::Give(session, given, answer) => {
            let question = match given {
                Given::Brake(command, reason) => Question::Brake { session, command, reason },
                Given::Arm(reason) => Question::Arm { session, reason },
                Given::Disarm => Question::Disarm { session },
            };
            (question, Waiting::Done(answer))
        }
    }
}
