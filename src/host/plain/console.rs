//! The loop of a console without a screen: events are told as they come, commands are answered.

use std::{io, io::Write};

use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    parse::{PlainInput, help_lines, parse_input},
    preview_text,
    source::PlainEventSource,
};
use engine::{
    Command, Event, IllegalEvent, RecordedEvent, RunState,
    control::{Commit, CommitError, Preview, SessionOpening},
};
use runtime::{DriveError, OperatorSession, RunHandle, SubscriptionItem, wall_now};
use view::{
    command_text, format::count_noun, recovery, report::Narrator, speech::spell_out,
    why::state_reasons,
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
pub struct PlainConsoleSetup {
    /// Reaches the day.
    pub handle: RunHandle,
    /// The run as it was left, when it goes on.
    pub run: Option<RunState>,
    /// What happens, from the first event or from where it goes on.
    pub events: PlainEventSource,
    /// Lines that are typed; `None` where nobody types.
    pub lines: Option<mpsc::Receiver<String>>,
    /// Whose console it is, and what they may do.
    pub opening: SessionOpening,
}

/// Somebody listening.
struct PlainConsole<'a> {
    out: &'a mut dyn Write,
    run: Option<RunState>,
    narrator: Narrator,
    session: Option<OperatorSession>,
    /// What was shown and not answered, with the reason that was given.
    shown: Option<(Box<Preview>, Option<String>)>,
}

/// Tells a day until it ends or the listener leaves; gives the run as far as it was told. `driving`
/// drives it, where this process does.
///
/// # Errors
///
/// [`PlainError`].
pub async fn run_plain_console(
    listener: PlainConsoleSetup,
    driving: Option<JoinHandle<Result<RunState, DriveError>>>,
    out: &mut dyn Write,
) -> Result<Option<RunState>, PlainError> {
    let PlainConsoleSetup { handle, run, mut events, mut lines, opening } = listener;
    let session = handle.open(opening).await.ok();
    let narrator = Narrator::default();
    let mut talk = PlainConsole { out, run: None, narrator, session, shown: None };
    if let Some(run) = run {
        talk.print_lines(recovery::recovery_lines(&run, wall_now()))?;
        talk.run = Some(run);
    }
    let mut frozen = handle.journal_fault();
    frozen.mark_changed();
    let mut was = false;
    loop {
        tokio::select! {
            biased;
            line = next_line(&mut lines), if talk.run.is_some() => {
                // Whoever asks is answered about what is, and is not kept waiting by a flood.
                for _ in 0..BATCH_MAX {
                    let Some(event) = events.try_next() else { break };
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
                    talk.print_lines([recovery::journal_status(why.as_deref())])?;
                }
            }
            seen = events.next() => match seen {
                Some(SubscriptionItem::Event(event)) => talk.event(&event)?,
                Some(SubscriptionItem::Snapshot(run)) => talk.on_snapshot(*run)?,
                None => break,
            },
        }
    }
    if let Some(run) = &talk.run {
        let stands = Narrator::status_line(run, run.last_event_at());
        talk.print_lines([stands])?;
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
async fn next_line(lines: &mut Option<mpsc::Receiver<String>>) -> String {
    if let Some(receiver) = lines
        && let Some(line) = receiver.recv().await
    {
        return line;
    }
    *lines = None;
    std::future::pending().await
}

impl PlainConsole<'_> {
    fn print_lines(&mut self, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
        for line in lines {
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }

    fn event(&mut self, event: &RecordedEvent) -> Result<(), PlainError> {
        match &mut self.run {
            None => self.run = Some(RunState::from_first_event(event)?),
            Some(run) => run.apply(event)?,
        }
        let lines = self.run.as_ref().map(|run| self.narrator.event_lines(run, event));
        self.print_lines(lines.unwrap_or_default())?;
        if matches!(event.event, Event::RecoveryStarted { .. }) {
            self.print_lines([
                "nothing is started until it goes on; to let it, type: recover".into()
            ])?;
        }
        Ok(())
    }

    /// Takes in the whole run: how it stands, and how much was passed over.
    fn on_snapshot(&mut self, run: RunState) -> io::Result<()> {
        let before = self.run.as_ref().map_or(run.last_seq(), RunState::last_seq);
        let passed = run.last_seq().saturating_sub(before);
        let passed = (passed > 0)
            .then(|| format!("{} came too fast to be told", count_noun(passed, "event")));
        let stands = Narrator::status_line(&run, run.last_event_at());
        self.run = Some(run);
        self.print_lines(passed.into_iter().chain([stands]))
    }

    /// Answers a line; whether to go on.
    async fn answer(&mut self, line: &str) -> Result<bool, PlainError> {
        let Some(run) = &self.run else { return Ok(true) };
        let heard = match parse_input(run, line) {
            Ok(heard) => heard,
            Err(problem) => {
                self.print_lines([problem])?;
                return Ok(true);
            }
        };
        if heard == PlainInput::Nothing {
            return Ok(true);
        }
        let shown = self.shown.take();
        if shown.is_some() && !matches!(heard, PlainInput::Yes(_)) {
            self.print_lines(["what was shown before is left undone".to_owned()])?;
        }
        let lines = match heard {
            PlainInput::Quit => return Ok(false),
            PlainInput::Brake(command, reason) => self.brake(command, reason).await,
            PlainInput::Command(command, reason) => self.propose(command, reason).await,
            PlainInput::Yes(phrase) => self.commit(shown, phrase).await,
            PlainInput::Arm(reason) => match &self.session {
                Some(session) => vec![outcome_text(session.arm(reason).await, "armed")],
                None => vec![day_over_text()],
            },
            PlainInput::Disarm => match &self.session {
                Some(session) => vec![outcome_text(session.disarm().await, "disarmed")],
                None => vec![day_over_text()],
            },
            PlainInput::Nothing | PlainInput::Help | PlainInput::Status | PlainInput::Why(_) => {
                self.run.as_ref().map(|run| answer_query(run, &heard)).unwrap_or_default()
            }
        };
        self.print_lines(lines)?;
        Ok(true)
    }

    async fn brake(&self, command: Command, reason: Option<String>) -> Vec<String> {
        let Some(session) = &self.session else { return vec![day_over_text()] };
        let what = self.run.as_ref().map(|run| command_text::command_text(&command, run.plan()));
        let word = what.map_or_else(|| "done".into(), |what| spell_out(&format!("done: {what}")));
        vec![outcome_text(session.brake(command, reason).await, &word)]
    }

    async fn propose(&mut self, command: Command, reason: Option<String>) -> Vec<String> {
        let seen = self.run.as_ref().map_or(0, RunState::last_seq);
        let Some(session) = &self.session else { return vec![day_over_text()] };
        match session.propose(vec![command], seen).await {
            Ok(plan) if plan.needs_reason && reason.is_none() => {
                vec!["it needs a reason: write it at the end of the line".into()]
            }
            Ok(plan) => {
                let lines = preview_text::preview_lines(self.run.as_ref(), &plan);
                self.shown = Some((plan, reason));
                lines
            }
            Err(why) => vec![spell_out(&format!("refused: {why}"))],
        }
    }

    async fn commit(
        &mut self,
        shown: Option<(Box<Preview>, Option<String>)>,
        phrase: Option<String>,
    ) -> Vec<String> {
        let Some((plan, reason)) = shown else {
            return vec!["nothing was shown that could be agreed to".into()];
        };
        let Some(session) = &self.session else { return vec![day_over_text()] };
        let commit = Commit {
            proposal: plan.proposal.clone(),
            hash: plan.hash,
            reason: reason.clone(),
            phrase,
        };
        match session.commit(commit).await {
            Ok(answer) => preview_text::outcome_lines(&plan, &answer),
            Err(CommitError::PreviewStale(newer)) => {
                let changed = plan.diff_lines(&newer);
                let mut lines: Vec<_> =
                    changed.iter().map(|line| spell_out(&format!("changed: {line}"))).collect();
                lines.extend(preview_text::preview_lines(self.run.as_ref(), &newer));
                self.shown = Some((newer, reason));
                lines
            }
            Err(why @ CommitError::Denied(_)) => {
                // A phrase that was mistyped, or an answer that came too soon, may be given again.
                self.shown = Some((plan, reason));
                vec![spell_out(&format!("not done: {why}"))]
            }
            Err(
                why @ (CommitError::Refused(_)
                | CommitError::JournalUnavailable(_)
                | CommitError::EngineGone),
            ) => {
                vec![spell_out(&format!("not done: {why}"))]
            }
        }
    }
}

/// What a question that changes nothing is answered.
pub(super) fn answer_query(run: &RunState, heard: &PlainInput) -> Vec<String> {
    match heard {
        PlainInput::Status => vec![Narrator::status_line(run, run.last_event_at())],
        PlainInput::Why(ix) => {
            let id = &run.plan().task(*ix).id;
            let reasons = state_reasons(run, *ix, run.last_event_at());
            let told = reasons.iter().map(|it| {
                let line = it.to_line(run).replace(" · ", ", ");
                spell_out(&format!("{id}: {line}"))
            });
            let told: Vec<_> = told.collect();
            if told.is_empty() { vec![format!("{id} runs")] } else { told }
        }
        PlainInput::Help => help_lines().map(|(usage, does)| format!("{usage}: {does}")).collect(),
        PlainInput::Nothing
        | PlainInput::Brake(..)
        | PlainInput::Command(..)
        | PlainInput::Yes(_)
        | PlainInput::Arm(_)
        | PlainInput::Disarm
        | PlainInput::Quit => Vec::new(),
    }
}

fn outcome_text(answer: Result<(), CommitError>, word: &str) -> String {
    answer.map_or_else(|why| spell_out(&format!("not done: {why}")), |()| word.to_owned())
}

fn day_over_text() -> String {
    "the day is over and takes no orders".into()
}
