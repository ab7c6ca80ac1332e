//! The loop of a console without a screen: events are told as they come, commands are answered.

use std::{io, io::Write};

use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    ask,
    heard::{Heard, heard, help},
    told::Told,
};
use crate::{
    acting::{ActPlan, Commit, NotCommitted, Opening},
    engine::{Command, Event, IllegalEvent, Recorded, RunState},
    present::{acts, plain::spoken, recovery, why::why, words::plural},
    report::Narrator,
    runtime::{DriveError, Handle, Seen, Session, wall},
};

/// Events told at most before a line that was typed is answered.
const BATCH_MAX: usize = 512;

/// Why it could not go on.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// Nobody takes the lines.
    #[error("cannot write")]
    Write(#[from] io::Error),
    /// The run.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// The events do not follow from one another.
    #[error(transparent)]
    Events(#[from] IllegalEvent),
    /// The driver's own code failed.
    #[error("the engine stopped unexpectedly: {0}")]
    Crashed(String),
}

/// What a console without a screen is given.
#[derive(Debug)]
pub struct Listener {
    /// Reaches the day.
    pub handle: Handle,
    /// The run as it was left, when it goes on.
    pub run: Option<RunState>,
    /// What happens, from the first event or from where it goes on.
    pub events: Told,
    /// Lines that are typed; `None` where nobody types.
    pub lines: Option<mpsc::Receiver<String>>,
    /// Whose console it is, and what they may do.
    pub opening: Opening,
}

/// Somebody listening.
struct Talk<'a> {
    out: &'a mut dyn Write,
    run: Option<RunState>,
    narrator: Narrator,
    session: Option<Session>,
    /// What was shown and not answered, with the reason that was given.
    shown: Option<(Box<ActPlan>, Option<String>)>,
}

/// Tells a day until it ends or the listener leaves; gives the run as far as it was told. `driving`
/// drives it, where this process does.
///
/// # Errors
///
/// [`PlainError`].
pub async fn talk(
    listener: Listener,
    driving: Option<JoinHandle<Result<RunState, DriveError>>>,
    out: &mut dyn Write,
) -> Result<Option<RunState>, PlainError> {
    let Listener { handle, run, mut events, mut lines, opening } = listener;
    let session = handle.open(opening).await.ok();
    let narrator = Narrator::default();
    let mut talk = Talk { out, run: None, narrator, session, shown: None };
    if let Some(run) = run {
        talk.say(recovery::lines(&run, wall()))?;
        talk.run = Some(run);
    }
    let mut frozen = handle.frozen();
    frozen.mark_changed();
    let mut was = false;
    loop {
        tokio::select! {
            biased;
            line = typed(&mut lines), if talk.run.is_some() => {
                // Whoever asks is answered about what is, and is not kept waiting by a flood.
                for _ in 0..BATCH_MAX {
                    let Some(event) = events.ready() else { break };
                    talk.event(&event)?;
                }
                if !talk.answer(&line).await? {
                    return Ok(talk.run);
                }
            }
            Ok(()) = frozen.changed() => {
                let why = frozen.borrow_and_update().clone();
                if was || why.is_some() {
                    was = why.is_some();
                    talk.say([recovery::recorded(why.as_deref())])?;
                }
            }
            seen = events.next() => match seen {
                Some(Seen::Event(event)) => talk.event(&event)?,
                Some(Seen::Whole(run)) => talk.whole(*run)?,
                None => break,
            },
        }
    }
    if let Some(run) = &talk.run {
        let stands = Narrator::stands(run, run.at());
        talk.say([stands])?;
    }
    if let Some(driving) = driving {
        match driving.await {
            Ok(ended) => drop(ended?),
            Err(crash) => return Err(PlainError::Crashed(crash.to_string())),
        }
    }
    Ok(talk.run)
}

/// The next line; without end where nobody types any more.
async fn typed(lines: &mut Option<mpsc::Receiver<String>>) -> String {
    if let Some(receiver) = lines
        && let Some(line) = receiver.recv().await
    {
        return line;
    }
    *lines = None;
    std::future::pending().await
}

impl Talk<'_> {
    fn say(&mut self, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }

    fn event(&mut self, event: &Recorded) -> Result<(), PlainError> {
        match &mut self.run {
            None => self.run = Some(RunState::begin(event)?),
            Some(run) => run.apply(event)?,
        }
        let lines = self.run.as_ref().map(|run| self.narrator.told(run, event));
        self.say(lines.unwrap_or_default())?;
        if matches!(event.event, Event::RecoveryBegan { .. }) {
            self.say(["nothing is started until it goes on; to let it, type: recover".into()])?;
        }
        Ok(())
    }

    /// Takes in the whole run: how it stands, and how much was passed over.
    fn whole(&mut self, run: RunState) -> io::Result<()> {
        let before = self.run.as_ref().map_or(run.last_seq(), RunState::last_seq);
        let passed = run.last_seq().saturating_sub(before);
        let passed =
            (passed > 0).then(|| format!("{} came too fast to be told", plural(passed, "event")));
        let stands = Narrator::stands(&run, run.at());
        self.run = Some(run);
        self.say(passed.into_iter().chain([stands]))
    }

    /// Answers a line; whether to go on.
    async fn answer(&mut self, line: &str) -> Result<bool, PlainError> {
        let Some(run) = &self.run else { return Ok(true) };
        let heard = match heard(run, line) {
            Ok(heard) => heard,
            Err(problem) => {
                self.say([problem])?;
                return Ok(true);
            }
        };
        if heard == Heard::Nothing {
            return Ok(true);
        }
        let shown = self.shown.take();
        if shown.is_some() && !matches!(heard, Heard::Yes(_)) {
            self.say(["what was shown before is left undone".to_owned()])?;
        }
        let lines = match heard {
            Heard::Quit => return Ok(false),
            Heard::Brake(command, reason) => self.brake(command, reason).await,
            Heard::Act(command, reason) => self.propose(command, reason).await,
            Heard::Yes(phrase) => self.commit(shown, phrase).await,
            Heard::Arm(reason) => match &self.session {
                Some(session) => vec![done(session.arm(reason).await, "armed")],
                None => vec![over()],
            },
            Heard::Disarm => match &self.session {
                Some(session) => vec![done(session.disarm().await, "disarmed")],
                None => vec![over()],
            },
            Heard::Nothing | Heard::Help | Heard::Status | Heard::Why(_) => {
                self.run.as_ref().map(|run| look(run, &heard)).unwrap_or_default()
            }
        };
        self.say(lines)?;
        Ok(true)
    }

    async fn brake(&self, command: Command, reason: Option<String>) -> Vec<String> {
        let Some(session) = &self.session else { return vec![over()] };
        let what = self.run.as_ref().map(|run| acts::command(&command, run.plan()));
        let word = what.map_or_else(|| "done".into(), |what| spoken(&format!("done: {what}")));
        vec![done(session.brake(command, reason).await, &word)]
    }

    async fn propose(&mut self, command: Command, reason: Option<String>) -> Vec<String> {
        let seen = self.run.as_ref().map_or(0, RunState::last_seq);
        let Some(session) = &self.session else { return vec![over()] };
        match session.propose(vec![command], seen).await {
            Ok(plan) if plan.needs_reason && reason.is_none() => {
                vec!["it needs a reason: write it at the end of the line".into()]
            }
            Ok(plan) => {
                let lines = ask::lines(self.run.as_ref(), &plan);
                self.shown = Some((plan, reason));
                lines
            }
            Err(why) => vec![spoken(&format!("refused: {why}"))],
        }
    }

    async fn commit(
        &mut self,
        shown: Option<(Box<ActPlan>, Option<String>)>,
        phrase: Option<String>,
    ) -> Vec<String> {
        let Some((plan, reason)) = shown else {
            return vec!["nothing was shown that could be agreed to".into()];
        };
        let Some(session) = &self.session else { return vec![over()] };
        let commit = Commit {
            proposal: plan.proposal.clone(),
            hash: plan.hash,
            reason: reason.clone(),
            phrase,
        };
        match session.commit(commit).await {
            Ok(answer) => ask::outcome(&plan, &answer),
            Err(NotCommitted::Changed(newer)) => {
                let changed = plan.difference(&newer);
                let mut lines: Vec<_> =
                    changed.iter().map(|line| spoken(&format!("changed: {line}"))).collect();
                lines.extend(ask::lines(self.run.as_ref(), &newer));
                self.shown = Some((newer, reason));
                lines
            }
            Err(why @ NotCommitted::Denied(_)) => {
                // A phrase that was mistyped, or an answer that came too soon, may be given again.
                self.shown = Some((plan, reason));
                vec![spoken(&format!("not done: {why}"))]
            }
            Err(
                why @ (NotCommitted::Refused(_) | NotCommitted::Frozen(_) | NotCommitted::Gone),
            ) => {
                vec![spoken(&format!("not done: {why}"))]
            }
        }
    }
}

/// What a question that changes nothing is answered.
pub(super) fn look(run: &RunState, heard: &Heard) -> Vec<String> {
    match heard {
        Heard::Status => vec![Narrator::stands(run, run.at())],
        Heard::Why(ix) => {
            let id = &run.plan().task(*ix).id;
            let reasons = why(run, *ix, run.at());
            let told = reasons.iter().map(|it| {
                let line = it.line(run).replace(" · ", ", ");
                spoken(&format!("{id}: {line}"))
            });
            let told: Vec<_> = told.collect();
            if told.is_empty() { vec![format!("{id} runs")] } else { told }
        }
        Heard::Help => help().map(|(usage, does)| format!("{usage}: {does}")).collect(),
        Heard::Nothing
        | Heard::Brake(..)
        | Heard::Act(..)
        | Heard::Yes(_)
        | Heard::Arm(_)
        | Heard::Disarm
        | Heard::Quit => Vec::new(),
    }
}

fn done(answer: Result<(), NotCommitted>, word: &str) -> String {
    answer.map_or_else(|why| spoken(&format!("not done: {why}")), |()| word.to_owned())
}

fn over() -> String {
    "the day is over and takes no orders".into()
}
