//! Server side of one client connection: requests are answered one at a time, events are sent as
//! fast as the client reads.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{
        broadcast::{
            self,
            error::{RecvError, TryRecvError},
        },
        mpsc, watch,
    },
    time::timeout,
};

use super::{
    super::{handle::RunHandle, log_filter::change_log_filter},
    client_sessions::ClientSessions,
    framed::{ConnectionError, MessageReader, MessageWriter},
    rate_limit::RequestRateLimit,
    seats::{EntryPass, Seats},
    server::ServeOptions,
};
use crate::protocol::{
    ClientMessage, ClientRequest, ClientRole, CloseReason, FROM_ENGINE_MAX, FROM_GUEST_MAX,
    HELLO_MAX, Heartbeat, Hello, PROTOCOL, PlanBounds, Response, ServerMessage, Welcome,
};
use engine::{
    Actor, Command, CommandRefusal, OrderReport, RecordedEvent,
    control::{CommitDenied, CommitError, SessionOpening},
};
use planning::plan::RunMode;

/// Capacity of the reply queue. While it is full, no further request is read.
const ANSWERS_MAX: usize = 16;
/// Largest number of bytes of events written at once.
const BATCH_MAX: usize = 64 << 10;

/// The run being served.
#[derive(Debug)]
pub(super) struct ServedRun {
    pub(super) handle: RunHandle,
    pub(super) run: String,
    pub(super) mode: RunMode,
    pub(super) bounds: PlanBounds,
    pub(super) terms: ServeOptions,
    pub(super) seats: Seats,
}

/// Serves a client until it leaves, is cut, or the run is over. It takes a seat once it has greeted.
pub(super) async fn serve_connection<S>(stream: S, host: Arc<ServedRun>, pass: EntryPass)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (read, write) = tokio::io::split(stream);
    let mut inbox = MessageReader::new(read, HELLO_MAX);
    let mut outbox = MessageWriter::new(write, FROM_ENGINE_MAX, host.terms.stall);
    let greeted = tokio::select! {
        greeted = greeting(&mut inbox, &host, pass.token()) => greeted,
        () = pass.wait_until_cut() => Err(Some(CloseReason::Greeting("none came before others did".into()))),
    };
    let way = pass.greeted();
    let seated = greeted.and_then(|hello| {
        host.seats.take(way).map(|seat| (hello, seat)).ok_or(Some(CloseReason::Full))
    });
    let told = match seated {
        Ok((hello, _seat)) => serve(hello, inbox, &mut outbox, &host).await,
        Err(Some(parting)) => {
            let bye = ServerMessage::Bye(parting);
            // It is not let in, whether it reads so or not.
            timeout(REFUSED_WITHIN, outbox.send(&bye)).await.unwrap_or(Ok(()))
        }
        Err(None) => Ok(()),
    };
    if let Err(broken) = told {
        tracing::info!("a console was let go: {broken}");
    }
}

/// Reads the greeting; otherwise returns the reason for closing, if the client is still there to
/// receive it.
async fn greeting<R: AsyncRead + Unpin>(
    inbox: &mut MessageReader<R>,
    host: &ServedRun,
    token: Option<&str>,
) -> Result<Hello, Option<CloseReason>> {
    let wrong = |why: &str| Some(CloseReason::Greeting(why.to_owned()));
    let first = timeout(host.terms.greeting, inbox.next::<ClientMessage>()).await;
    let hello = match first.map_err(|_late| wrong("none came"))? {
        Ok(Some(ClientMessage::Hello(hello))) => hello,
        Ok(Some(ClientMessage::Ask { .. } | ClientMessage::Close { .. })) => {
            return Err(wrong("say hello before you ask"));
        }
        Ok(None)
        | Err(
            ConnectionError::Stream(_)
            | ConnectionError::ClosedMidMessage
            | ConnectionError::Stalled(_),
        ) => return Err(None),
        Err(ConnectionError::Wire(error)) => return Err(wrong(&error.to_string())),
    };
    if hello.protocol != PROTOCOL {
        return Err(Some(CloseReason::Version { speaks: PROTOCOL }));
    }
    if token.is_some_and(|token| !is_same_token(token, hello.token.as_deref().unwrap_or_default()))
    {
        return Err(Some(CloseReason::Token));
    }
    let name = &hello.operator;
    let plain = !name.trim().is_empty() && !name.contains(diag::is_unsafe_char);
    if !plain || name.chars().count() > Hello::NAME_MAX {
        return Err(wrong("the operator's name must be one plain line of at most 64 characters"));
    }
    if Actor::is_reserved_name(name) {
        return Err(wrong(
            "the operator's name must not begin with engine, policy, agent or signal, which name parts of the program",
        ));
    }
    Ok(hello)
}

/// Compares two secrets in constant time.
#[must_use]
pub fn is_same_token(wanted: &str, given: &str) -> bool {
    let pairs = wanted.bytes().zip(given.bytes());
    let differ = pairs.fold(0, |differ, (wanted, given)| differ | (wanted ^ given));
    differ == 0 && wanted.len() == given.len()
}

async fn serve<R, W>(
    hello: Hello,
    mut inbox: MessageReader<R>,
    outbox: &mut MessageWriter<W>,
    host: &ServedRun,
) -> Result<(), ConnectionError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    // Subscribed before the welcome, so that no event is missed.
    let Some(events) = host.handle.events.upgrade().map(|events| events.subscribe()) else {
        return outbox.send(&ServerMessage::Bye(CloseReason::RunEnded)).await;
    };
    let mut beats = host.handle.heartbeats();
    let role = hello.role.min(host.terms.role);
    let welcome = Welcome {
        protocol: PROTOCOL,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        run: host.run.clone(),
        mode: host.mode,
        role,
        beat: *beats.borrow_and_update(),
    };
    outbox.send(&ServerMessage::Welcome(welcome)).await?;
    inbox.set_max_length(FROM_GUEST_MAX);
    let (out, told) = mpsc::channel(ANSWERS_MAX);
    let (answering, answers) = watch::channel(false);
    let asking = ConnectionRequests {
        host,
        role,
        operator: hello.operator,
        seats: ClientSessions::default(),
        pacing: RequestRateLimit::new(),
        out,
        answering,
    };
    tokio::select! {
        () = asking.listen(inbox) => Ok(()),
        ended = write_messages(outbox, (told, answers), events, (beats, host.handle.journal_fault(), host.handle.orders())) => ended,
    }
}

/// What is told of a run beside its events: heartbeat, journal fault, orders.
type StatusReceivers = (
    watch::Receiver<Heartbeat>,
    watch::Receiver<Option<Arc<str>>>,
    watch::Receiver<Arc<OrderReport>>,
);

/// Sends replies and events to a client as fast as it reads. Events for which it is too slow are
/// skipped and counted.
async fn write_messages<W: AsyncWrite + Unpin>(
    outbox: &mut MessageWriter<W>,
    (mut told, answers): (mpsc::Receiver<ServerMessage>, watch::Receiver<bool>),
    mut events: broadcast::Receiver<Arc<RecordedEvent>>,
    (mut beats, mut frozen, mut orders): StatusReceivers,
) -> Result<(), ConnectionError> {
    if frozen.borrow().is_some() {
        frozen.mark_changed();
    }
    if *orders.borrow().as_ref() != OrderReport::default() {
        orders.mark_changed();
    }
    loop {
        tokio::select! {
            biased;
            Some(message) = told.recv() => {
                outbox.queue(&message)?;
                if let ServerMessage::Bye(_) = message {
                    return outbox.flush().await;
                }
            }
            Ok(()) = beats.changed() => {
                let beat = *beats.borrow_and_update();
                outbox.queue(&ServerMessage::Heartbeat(beat))?;
            }
            Ok(()) = frozen.changed() => {
                let why = frozen.borrow_and_update().clone();
                outbox.queue(&ServerMessage::JournalFault(why))?;
            }
            Ok(()) = orders.changed() => {
                let report = Arc::clone(&orders.borrow_and_update());
                outbox.queue(&ServerMessage::Orders(report))?;
            }
            event = events.recv() => {
                let mut next = event.map_err(|error| match error {
                    RecvError::Closed => TryRecvError::Closed,
                    RecvError::Lagged(missed) => TryRecvError::Lagged(missed),
                });
                while let Ok(event) = next {
                    outbox.queue(&ServerMessage::Event(event))?;
                    next = if outbox.queued_bytes() < BATCH_MAX {
                        events.try_recv()
                    } else {
                        Err(TryRecvError::Empty)
                    };
                }
                match next {
                    Ok(_) | Err(TryRecvError::Empty) => {}
                    Err(TryRecvError::Lagged(missed)) => {
                        outbox.queue(&ServerMessage::Lagged { missed })?;
                    }
                    Err(TryRecvError::Closed) => {
                        return part(outbox, told, answers).await;
                    }
                }
            }
        }
        outbox.flush().await?;
    }
}

/// Closes the connection of a client after the run has ended, once the last request is answered.
async fn part<W: AsyncWrite + Unpin>(
    outbox: &mut MessageWriter<W>,
    mut told: mpsc::Receiver<ServerMessage>,
    mut answers: watch::Receiver<bool>,
) -> Result<(), ConnectionError> {
    loop {
        tokio::select! {
            biased;
            Some(message) = told.recv() => outbox.queue(&message)?,
            // A dropped sender means that no reply is pending.
            _ = answers.wait_for(|answering| !answering) => break,
        }
    }
    outbox.queue(&ServerMessage::Bye(CloseReason::RunEnded))?;
    outbox.flush().await
}

/// Handler of a client's requests, one at a time.
struct ConnectionRequests<'a> {
    host: &'a ServedRun,
    role: ClientRole,
    operator: String,
    seats: ClientSessions,
    pacing: RequestRateLimit,
    out: mpsc::Sender<ServerMessage>,
    /// True while a request is being answered.
    answering: watch::Sender<bool>,
}

impl ConnectionRequests<'_> {
    /// Answers requests until the client leaves. A malformed message is reported and ends the
    /// reading.
    async fn listen<R: AsyncRead + Unpin>(mut self, mut inbox: MessageReader<R>) {
        let garbage = loop {
            match inbox.next().await {
                Ok(Some(ClientMessage::Ask { id, question })) => {
                    self.pacing.wait_for_capacity(&question).await;
                    if self.handle_request(id, question).await.is_err() {
                        return;
                    }
                }
                Ok(Some(ClientMessage::Close { session })) => self.seats.close(session),
                Ok(Some(ClientMessage::Hello(_))) => break "a second greeting".to_owned(),
                Ok(None)
                | Err(
                    ConnectionError::Stream(_)
                    | ConnectionError::ClosedMidMessage
                    | ConnectionError::Stalled(_),
                ) => return,
                Err(ConnectionError::Wire(error)) => break error.to_string(),
            }
        };
        // The writer closes the connection after sending the reason.
        if self.out.send(ServerMessage::Bye(CloseReason::Malformed(garbage))).await.is_ok() {
            std::future::pending::<()>().await;
        }
    }

    /// Answers a request. Fails if the client cannot receive the reply.
    async fn handle_request(&mut self, id: u64, question: ClientRequest) -> Result<(), ()> {
        self.answering.send_replace(true);
        let answer = self.answer(question).await.unwrap_or_else(Response::Rejected);
        let opened = match &answer {
            Response::Opened { session, standing } => Some((*session, *standing)),
            Response::Preview(_)
            | Response::Committed(_)
            | Response::Done
            | Response::Snapshot(_)
            | Response::Rejected(_) => None,
        };
        let sent = self.out.send(ServerMessage::Answer { id, answer }).await;
        self.answering.send_replace(false);
        if let Some((session, standing)) = opened {
            // Sent after the reply, which tells the client the id of the session.
            self.seats.forward_status(session, standing, self.out.clone());
        }
        sent.map_err(|_gone| ())
    }

    async fn answer(&mut self, question: ClientRequest) -> Result<Response, CommitError> {
        let done = |()| Response::Done;
        Ok(match question {
            ClientRequest::Open { authority } => {
                let opening = SessionOpening { operator: self.operator.clone(), authority };
                let opened = self.seats.open(&self.host.handle, self.role, opening).await?;
                Response::Opened { session: opened.0, standing: opened.1 }
            }
            ClientRequest::Propose { session, commands, seen } => {
                self.check_names(&commands)?;
                Response::Preview(self.seats.get(session)?.propose(commands, seen).await?)
            }
            ClientRequest::Commit { session, commit } => {
                self.check_names(&commit.proposal.commands)?;
                Response::Committed(self.seats.get(session)?.commit(commit).await?)
            }
            ClientRequest::Brake { session, command, reason } => {
                self.check_names(std::slice::from_ref(&command))?;
                self.seats.get(session)?.brake(command, reason).await.map(done)?
            }
            ClientRequest::Arm { session, reason } => {
                self.seats.get(session)?.arm(reason).await.map(done)?
            }
            ClientRequest::Disarm { session } => {
                self.seats.get(session)?.disarm().await.map(done)?
            }
            ClientRequest::Snapshot => match self.host.handle.snapshot().await {
                Ok(run) => Response::Snapshot(run),
                Err(_gone) => return Err(CommitError::EngineGone),
            },
            ClientRequest::Pace(_) | ClientRequest::LogFilter(_)
                if self.role == ClientRole::View =>
            {
                return Err(CommitDenied::ReadOnly.into());
            }
            ClientRequest::LogFilter(filter) => change_log_filter(&filter).map(done)?,
            ClientRequest::Pace(pace) if !pace.is_sound() => {
                return Err(refusal(&format!("{pace:?}"), "no clock can go so"));
            }
            ClientRequest::Pace(pace) => match self.host.handle.set_pace(pace).await {
                Ok(()) => Response::Done,
                Err(_gone) => return Err(CommitError::EngineGone),
            },
        })
    }

    /// Refuses commands with tasks, stages or agents outside the plan, before they reach the
    /// engine.
    fn check_names(&self, commands: &[Command]) -> Result<(), CommitError> {
        if commands.is_empty() {
            return Err(refusal("the proposal", "nothing is proposed"));
        }
        match commands.iter().find(|command| !self.host.bounds.contains(command)) {
            Some(stranger) => Err(refusal(&format!("{stranger:?}"), "the run has no such thing")),
            None => Ok(()),
        }
    }
}

fn refusal(what: &str, why: &str) -> CommitError {
    let what = what.chars().take(200).collect();
    CommitError::Refused(CommandRefusal { what, state: None, why: why.into(), remedy: None })
}

/// The longest a client that is not let in may take to read why.
const REFUSED_WITHIN: Duration = Duration::from_millis(200);
