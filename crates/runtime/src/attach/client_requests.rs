//! Relay between a client's handles and the engine: requests become protocol messages, replies and
//! events go to their receivers.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{
    io::AsyncRead,
    sync::{broadcast, mpsc, oneshot, watch},
};

use super::{
    super::{
        handle::DriverRequest,
        operator_session::{DirectRequest, ProposalRequest, ReplySender as Reply, SessionRequest},
    },
    client::Disconnect,
    framed::MessageReader,
};
use crate::protocol::{
    ClientMessage, ClientRequest, FROM_GUEST_MAX, Heartbeat, Response, ServerMessage, encode_frame,
};
use engine::{
    CommandRefusal, OrderReport, RecordedEvent, RunState,
    control::{CommitError, CommitResult, Preview, SessionStatus},
};

/// The receiver of a reply.
enum PendingReply {
    Opened(Reply<(u64, watch::Receiver<SessionStatus>)>),
    Plan(Reply<Box<Preview>>),
    Committed(Reply<CommitResult>),
    Done(Reply<()>),
    Snapshot(oneshot::Sender<Box<RunState>>),
    Nobody,
}

/// The channels for messages that no request asked for.
pub(super) struct ClientSubscriptions {
    pub(super) events: broadcast::Sender<Arc<RecordedEvent>>,
    pub(super) beats: watch::Sender<Heartbeat>,
    pub(super) freezes: watch::Sender<Option<Arc<str>>>,
    pub(super) reports: watch::Sender<Arc<OrderReport>>,
}

/// The relay of one connection. Dropping it closes the channels of all receivers.
pub(super) struct RequestRelay {
    asked: mpsc::Receiver<DriverRequest>,
    told: ClientSubscriptions,
    out: mpsc::Sender<ClientMessage>,
    questions: u64,
    waiting: BTreeMap<u64, PendingReply>,
    sessions: BTreeMap<u64, watch::Sender<SessionStatus>>,
}

impl RequestRelay {
    pub(super) fn new(
        asked: mpsc::Receiver<DriverRequest>,
        told: ClientSubscriptions,
        out: mpsc::Sender<ClientMessage>,
    ) -> Self {
        let (waiting, sessions) = (BTreeMap::new(), BTreeMap::new());
        Self { asked, told, out, questions: 0, waiting, sessions }
    }

    /// Relays messages until either side ends.
    pub(super) async fn run<R: AsyncRead + Unpin>(
        mut self,
        mut inbox: MessageReader<R>,
    ) -> Disconnect {
        loop {
            tokio::select! {
                control = self.asked.recv() => match control {
                    Some(control) => if self.control(control).await.is_none() {
                        return Disconnect::ClientLeft;
                    },
                    None => return Disconnect::ClientLeft,
                },
                said = inbox.next() => match said {
                    Ok(Some(ServerMessage::Bye(parting))) => return Disconnect::RunEnded(parting),
                    Ok(Some(said)) => self.on_message(said).await,
                    Ok(None) => return Disconnect::Lost("the engine is gone".into()),
                    Err(broken) => return Disconnect::Lost(broken.to_string()),
                },
            }
        }
    }

    /// Sends a request to the engine; `None` when no further request can follow.
    async fn control(&mut self, control: DriverRequest) -> Option<()> {
        let (question, waiting) = match control {
            DriverRequest::Session(ask) => to_request(ask),
            DriverRequest::Snapshot(answer) => {
                (ClientRequest::Snapshot, PendingReply::Snapshot(answer))
            }
            // The engine watches its own flag files.
            DriverRequest::ReadOnlySession => return Some(()),
            DriverRequest::Pace(pace) => (ClientRequest::Pace(pace), PendingReply::Nobody),
            DriverRequest::LogFilter(filter, answer) => {
                (ClientRequest::LogFilter(filter), PendingReply::Done(answer))
            }
            // A client cannot stop a served run; stopping ends only its own connection.
            DriverRequest::Stop => return None,
        };
        self.questions += 1;
        let message = ClientMessage::Ask { id: self.questions, question };
        if encode_frame(&message, FROM_GUEST_MAX).is_err() {
            waiting.refuse();
            return Some(());
        }
        self.waiting.insert(self.questions, waiting);
        self.out.send(message).await.ok()
    }

    async fn on_message(&mut self, said: ServerMessage) {
        match said {
            ServerMessage::Answer { id, answer } => self.deliver_answer(id, answer),
            ServerMessage::Event(event) => {
                // There may be no subscriber.
                let _ = self.told.events.send(event);
            }
            ServerMessage::SessionStatus { session, standing } => {
                if let Some(told) = self.sessions.get(&session) {
                    told.send_replace(standing);
                }
            }
            ServerMessage::Heartbeat(beat) => {
                self.told.beats.send_replace(beat);
                self.close().await;
            }
            ServerMessage::JournalFault(why) => {
                self.told.freezes.send_replace(why);
            }
            ServerMessage::Orders(report) => {
                self.told.reports.send_replace(report);
            }
            // Subscribers notice the gap in the numbers and request a snapshot.
            ServerMessage::Lagged { missed } => tracing::warn!("{missed} events were passed over"),
            ServerMessage::Welcome(_) | ServerMessage::Bye(_) => {}
        }
    }

    fn deliver_answer(&mut self, id: u64, answer: Response) {
        // The receiver may be gone.
        match (self.waiting.remove(&id), answer) {
            (Some(waiting), Response::Rejected(why)) => waiting.not(why),
            (Some(PendingReply::Opened(reply)), Response::Opened { session, standing }) => {
                let (told, standing) = watch::channel(standing);
                self.sessions.insert(session, told);
                let _ = reply.send(Ok((session, standing)));
            }
            (Some(PendingReply::Plan(reply)), Response::Preview(plan)) => {
                drop(reply.send(Ok(plan)));
            }
            (Some(PendingReply::Committed(reply)), Response::Committed(done)) => {
                drop(reply.send(Ok(done)));
            }
            (Some(PendingReply::Done(reply)), Response::Done) => drop(reply.send(Ok(()))),
            (Some(PendingReply::Snapshot(reply)), Response::Snapshot(run)) => drop(reply.send(run)),
            // The reply belongs to another kind of request; dropping the sender reports the
            // failure.
            (Some(_) | None, _) => {}
        }
    }

    /// Closes the sessions whose handles have been dropped.
    async fn close(&mut self) {
        let gone: Vec<_> =
            self.sessions.iter().filter(|(_, told)| told.is_closed()).map(|(id, _)| *id).collect();
        for session in gone {
            self.sessions.remove(&session);
            // If the connection has ended, the engine has closed the session itself.
            let _ = self.out.send(ClientMessage::Close { session }).await;
        }
    }
}

impl PendingReply {
    /// Replies with an error.
    fn not(self, why: CommitError) {
        match self {
            Self::Opened(reply) => drop(reply.send(Err(why))),
            Self::Plan(reply) => drop(reply.send(Err(why))),
            Self::Committed(reply) => drop(reply.send(Err(why))),
            Self::Done(reply) => drop(reply.send(Err(why))),
            Self::Snapshot(_) | Self::Nobody => {}
        }
    }

    /// Replies that too many requests are open.
    fn refuse(self) {
        self.not(CommitError::Refused(CommandRefusal {
            what: "the act".into(),
            state: None,
            why: "it names more than one message to the engine can hold".into(),
            remedy: Some("act on fewer at a time".into()),
        }));
    }
}

/// Converts a session request to a protocol request, with the receiver of its reply.
fn to_request(ask: SessionRequest) -> (ClientRequest, PendingReply) {
    match ask {
        // The greeting has already named the operator.
        SessionRequest::Open(opening, answer) => {
            (ClientRequest::Open { authority: opening.authority }, PendingReply::Opened(answer))
        }
        SessionRequest::Propose(session, ProposalRequest { commands, seen }, answer) => {
            (ClientRequest::Propose { session, commands, seen }, PendingReply::Plan(answer))
        }
        SessionRequest::Commit(session, commit, answer) => {
            (ClientRequest::Commit { session, commit: *commit }, PendingReply::Committed(answer))
        }
        SessionRequest::Direct(session, given, answer) => {
            let question = match given {
                DirectRequest::Brake(command, reason) => {
                    ClientRequest::Brake { session, command, reason }
                }
                DirectRequest::Arm(reason) => ClientRequest::Arm { session, reason },
                DirectRequest::Disarm => ClientRequest::Disarm { session },
            };
            (question, PendingReply::Done(answer))
        }
    }
}
