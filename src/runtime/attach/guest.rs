//! One guest, from its greeting to its end: what it asks is answered one at a time, what happens is
//! told as fast as it reads.

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
    super::handle::Handle,
    line::{Broken, Inbox, Outbox},
    pacing::Pacing,
    seats::Seats,
    server::Terms,
};
use crate::{
    acting::{Denied, NotCommitted, Opening},
    engine::{Command, Recorded, Refusal},
    plan::Mode,
    wire::{
        Answer, Beat, Bounds, FROM_ENGINE_MAX, FROM_GUEST_MAX, FromEngine, FromGuest, HELLO_MAX,
        Hello, PROTOCOL, Parting, Question, Role, Welcome,
    },
};

/// Answers on their way to the guest. When they are as many, it is not read from any more.
const ANSWERS_MAX: usize = 16;
/// Bytes of events sent at once; more wait for the next turn.
const BATCH_MAX: usize = 64 << 10;

/// What is served.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) handle: Handle,
    pub(super) run: String,
    pub(super) mode: Mode,
    pub(super) bounds: Bounds,
    pub(super) terms: Terms,
}

/// Lets a guest in, and serves it until it leaves, is shown out, or the day is over. `token` is what
/// it must know, where it must know one.
pub(super) async fn guest<S>(stream: S, host: Arc<Host>, token: Option<Arc<str>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (read, write) = tokio::io::split(stream);
    let mut inbox = Inbox::new(read, HELLO_MAX);
    let mut outbox = Outbox::new(write, FROM_ENGINE_MAX, host.terms.stall);
    let greeted = greeting(&mut inbox, &host, token.as_deref()).await;
    let told = match greeted {
        Ok(hello) => serve(hello, inbox, &mut outbox, &host).await,
        Err(Some(parting)) => outbox.send(&FromEngine::Bye(parting)).await,
        Err(None) => Ok(()),
    };
    if let Err(broken) = told {
        tracing::info!("a console was let go: {broken}");
    }
}

/// The greeting, if it is a proper one; else why not, if there is anybody to tell.
async fn greeting<R: AsyncRead + Unpin>(
    inbox: &mut Inbox<R>,
    host: &Host,
    token: Option<&str>,
) -> Result<Hello, Option<Parting>> {
    let wrong = |why: &str| Some(Parting::Greeting(why.to_owned()));
    let first = timeout(host.terms.greeting, inbox.next::<FromGuest>()).await;
    let hello = match first.map_err(|_late| wrong("none came"))? {
        Ok(Some(FromGuest::Hello(hello))) => hello,
        Ok(Some(FromGuest::Ask { .. } | FromGuest::Close { .. })) => {
            return Err(wrong("say hello before you ask"));
        }
        Ok(None) | Err(Broken::Stream(_) | Broken::Amid | Broken::Stalled(_)) => return Err(None),
        Err(Broken::Wire(error)) => return Err(wrong(&error.to_string())),
    };
    if hello.protocol != PROTOCOL {
        return Err(Some(Parting::Version { speaks: PROTOCOL }));
    }
    if token.is_some_and(|token| !same(token, hello.token.as_deref().unwrap_or_default())) {
        return Err(Some(Parting::Token));
    }
    let name = &hello.operator;
    let plain = !name.trim().is_empty() && !name.chars().any(char::is_control);
    if !plain || name.chars().count() > Hello::NAME_MAX {
        return Err(wrong("the operator's name must be one plain line of at most 64 characters"));
    }
    Ok(hello)
}

/// Whether two secrets are the same; takes as long for a near miss as for any other.
fn same(wanted: &str, given: &str) -> bool {
    let pairs = wanted.bytes().zip(given.bytes());
    let differ = pairs.fold(0, |differ, (wanted, given)| differ | (wanted ^ given));
    differ == 0 && wanted.len() == given.len()
}

async fn serve<R, W>(
    hello: Hello,
    mut inbox: Inbox<R>,
    outbox: &mut Outbox<W>,
    host: &Host,
) -> Result<(), Broken>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    // From here on nothing that happens is missed.
    let Some(events) = host.handle.events.upgrade().map(|events| events.subscribe()) else {
        return outbox.send(&FromEngine::Bye(Parting::Over)).await;
    };
    let mut beats = host.handle.beats();
    let role = hello.role.min(host.terms.role);
    let welcome = Welcome {
        protocol: PROTOCOL,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        run: host.run.clone(),
        mode: host.mode,
        role,
        beat: *beats.borrow_and_update(),
    };
    outbox.send(&FromEngine::Welcome(welcome)).await?;
    inbox.take_at_most(FROM_GUEST_MAX);
    let (out, told) = mpsc::channel(ANSWERS_MAX);
    let (answering, answers) = watch::channel(false);
    let asking = Asking {
        host,
        role,
        operator: hello.operator,
        seats: Seats::default(),
        pacing: Pacing::new(),
        out,
        answering,
    };
    tokio::select! {
        () = asking.listen(inbox) => Ok(()),
        ended = tell(outbox, (told, answers), events, (beats, host.handle.frozen())) => ended,
    }
}

/// Tells a guest what it asked and what happens, as fast as it reads. What it is too slow for is
/// passed over, and counted.
async fn tell<W: AsyncWrite + Unpin>(
    outbox: &mut Outbox<W>,
    (mut told, answers): (mpsc::Receiver<FromEngine>, watch::Receiver<bool>),
    mut events: broadcast::Receiver<Arc<Recorded>>,
    (mut beats, mut frozen): (watch::Receiver<Beat>, watch::Receiver<Option<Arc<str>>>),
) -> Result<(), Broken> {
    if frozen.borrow().is_some() {
        frozen.mark_changed();
    }
    loop {
        tokio::select! {
            biased;
            Some(message) = told.recv() => {
                outbox.put(&message)?;
                if let FromEngine::Bye(_) = message {
                    return outbox.flush().await;
                }
            }
            Ok(()) = beats.changed() => {
                let beat = *beats.borrow_and_update();
                outbox.put(&FromEngine::Beat(beat))?;
            }
            Ok(()) = frozen.changed() => {
                let why = frozen.borrow_and_update().clone();
                outbox.put(&FromEngine::Frozen(why))?;
            }
            event = events.recv() => {
                let mut next = event.map_err(|error| match error {
                    RecvError::Closed => TryRecvError::Closed,
                    RecvError::Lagged(missed) => TryRecvError::Lagged(missed),
                });
                while let Ok(event) = next {
                    outbox.put(&FromEngine::Event(event))?;
                    next = if outbox.waiting() < BATCH_MAX {
                        events.try_recv()
                    } else {
                        Err(TryRecvError::Empty)
                    };
                }
                match next {
                    Ok(_) | Err(TryRecvError::Empty) => {}
                    Err(TryRecvError::Lagged(missed)) => {
                        outbox.put(&FromEngine::Lagged { missed })?;
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

/// Takes leave of a guest whose run is over. The act that ended it is answered before.
async fn part<W: AsyncWrite + Unpin>(
    outbox: &mut Outbox<W>,
    mut told: mpsc::Receiver<FromEngine>,
    mut answers: watch::Receiver<bool>,
) -> Result<(), Broken> {
    loop {
        tokio::select! {
            biased;
            Some(message) = told.recv() => outbox.put(&message)?,
            // Who answers no more has no answer under way either.
            _ = answers.wait_for(|answering| !answering) => break,
        }
    }
    outbox.put(&FromEngine::Bye(Parting::Over))?;
    outbox.flush().await
}

/// What a guest asks, one question at a time.
struct Asking<'a> {
    host: &'a Host,
    role: Role,
    operator: String,
    seats: Seats,
    pacing: Pacing,
    out: mpsc::Sender<FromEngine>,
    /// Whether a question is being answered.
    answering: watch::Sender<bool>,
}

impl Asking<'_> {
    /// Answers a guest until it leaves. One that is not understood is told so, and heard no more.
    async fn listen<R: AsyncRead + Unpin>(mut self, mut inbox: Inbox<R>) {
        let garbage = loop {
            match inbox.next().await {
                Ok(Some(FromGuest::Ask { id, question })) => {
                    self.pacing.wait(&question).await;
                    if self.ask(id, question).await.is_err() {
                        return;
                    }
                }
                Ok(Some(FromGuest::Close { session })) => self.seats.close(session),
                Ok(Some(FromGuest::Hello(_))) => break "a second greeting".to_owned(),
                Ok(None) | Err(Broken::Stream(_) | Broken::Amid | Broken::Stalled(_)) => return,
                Err(Broken::Wire(error)) => break error.to_string(),
            }
        };
        // The teller hangs up once it has told.
        if self.out.send(FromEngine::Bye(Parting::Garbage(garbage))).await.is_ok() {
            std::future::pending::<()>().await;
        }
    }

    /// Answers a question. Fails when nobody takes the answer.
    async fn ask(&mut self, id: u64, question: Question) -> Result<(), ()> {
        self.answering.send_replace(true);
        let answer = self.answer(question).await.unwrap_or_else(Answer::Not);
        let opened = match &answer {
            Answer::Opened { session, standing } => Some((*session, *standing)),
            Answer::Plan(_)
            | Answer::Committed(_)
            | Answer::Done
            | Answer::Snapshot(_)
            | Answer::Not(_) => None,
        };
        let sent = self.out.send(FromEngine::Answer { id, answer }).await;
        self.answering.send_replace(false);
        if let Some((session, standing)) = opened {
            // After the answer, without which the guest would not know whose standing it is.
            self.seats.tell(session, standing, self.out.clone());
        }
        sent.map_err(|_gone| ())
    }

    async fn answer(&mut self, question: Question) -> Result<Answer, NotCommitted> {
        let done = |()| Answer::Done;
        Ok(match question {
            Question::Open { authority } => {
                let opening = Opening { operator: self.operator.clone(), authority };
                let opened = self.seats.open(&self.host.handle, self.role, opening).await?;
                Answer::Opened { session: opened.0, standing: opened.1 }
            }
            Question::Propose { session, commands, seen } => {
                self.known(&commands)?;
                Answer::Plan(self.seats.get(session)?.propose(commands, seen).await?)
            }
            Question::Commit { session, commit } => {
                self.known(&commit.proposal.commands)?;
                Answer::Committed(self.seats.get(session)?.commit(commit).await?)
            }
            Question::Brake { session, command, reason } => {
                self.known(std::slice::from_ref(&command))?;
                self.seats.get(session)?.brake(command, reason).await.map(done)?
            }
            Question::Arm { session, reason } => {
                self.seats.get(session)?.arm(reason).await.map(done)?
            }
            Question::Disarm { session } => self.seats.get(session)?.disarm().await.map(done)?,
            Question::Snapshot => match self.host.handle.snapshot().await {
                Ok(run) => Answer::Snapshot(run),
                Err(_gone) => return Err(NotCommitted::Gone),
            },
            Question::Pace(_) if self.role == Role::Look => return Err(Denied::Locked.into()),
            Question::Pace(pace) if !pace.is_sound() => {
                return Err(refusal(&format!("{pace:?}"), "no clock can go so"));
            }
            Question::Pace(pace) => match self.host.handle.set_pace(pace).await {
                Ok(()) => Answer::Done,
                Err(_gone) => return Err(NotCommitted::Gone),
            },
        })
    }

    /// Refuses what names tasks, stages or agents that the run does not have: the engine is never
    /// asked about them.
    fn known(&self, commands: &[Command]) -> Result<(), NotCommitted> {
        if commands.is_empty() {
            return Err(refusal("the proposal", "nothing is proposed"));
        }
        match commands.iter().find(|command| !self.host.bounds.hold(command)) {
            Some(stranger) => Err(refusal(&format!("{stranger:?}"), "the run has no such thing")),
            None => Ok(()),
        }
    }
}

fn refusal(what: &str, why: &str) -> NotCommitted {
    let what = what.chars().take(200).collect();
    NotCommitted::Refused(Refusal { what, state: None, why: why.into(), remedy: None })
}

/// How long a guest that is not let in may take to hear so.
pub(super) const REFUSED_WITHIN: Duration = Duration::from_millis(200);
