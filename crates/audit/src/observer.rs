//! Observer of a run's events that adds the previous state and the causing command to entries.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    entry::EntryDraft,
    entry_rules::{as_event_word, entry_of},
    order_entries,
};
use engine::{
    Actor, Command, Event, NoRetryReason, Provenance, RecordedEvent, ResetCause, RunState,
    SkipReason,
};
use planning::plan::DayPlan;

/// An observer that drafts the entries of one run, from its first event in order. Equal events give
/// equal drafts, however they are batched.
#[derive(Debug, Clone, Default)]
pub struct EntryObserver {
    /// The last accepted command.
    acting: Option<AcceptedCommand>,
    /// The command that ends the run, whose effects may follow later.
    ending: Option<AcceptedCommand>,
}

#[derive(Debug, Clone)]
struct AcceptedCommand {
    seq: u64,
    at: DateTime<Utc>,
    by: Actor,
    command: Command,
}

impl EntryObserver {
    /// Creates an observer for a run without events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the entries of an event, in order. `before` is the run state before the event;
    /// `None` for the first.
    ///
    /// The effects of a command at the same moment are entered under the name of its actor, with
    /// the command's event as cause. A task's `before` is its state before the event.
    pub fn event(
        &mut self,
        before: Option<&RunState>,
        recorded: &RecordedEvent,
    ) -> Vec<EntryDraft> {
        let plan: &DayPlan = match (&recorded.event, before) {
            (Event::WorkflowStarted { plan }, _) => plan,
            (_, Some(run)) => run.plan(),
            (_, None) => return Vec::new(),
        };
        let draft = entry_of(recorded, plan).map(|draft| self.completed(draft, before, recorded));
        if let Event::CommandAccepted { by, command, .. } = &recorded.event {
            let (seq, at, by) = (recorded.seq, recorded.at, by.clone());
            let acting = AcceptedCommand { seq, at, by, command: Command::clone(command) };
            if acting.command == Command::CancelRun {
                self.ending = Some(acting.clone());
            }
            self.acting = Some(acting);
        }
        let mut drafts: Vec<EntryDraft> = draft.into_iter().collect();
        drafts.extend(order_entries::order_entries(recorded, plan));
        drafts
    }

    fn completed(
        &self,
        draft: EntryDraft,
        run: Option<&RunState>,
        recorded: &RecordedEvent,
    ) -> EntryDraft {
        let before =
            draft.before.or_else(|| run.and_then(|run| state_before(run, &recorded.event)));
        let draft = EntryDraft { before, ..draft };
        let event = &recorded.event;
        let direct =
            self.acting.as_ref().filter(|it| it.at == recorded.at && brings(&it.command, event));
        let ended = matches!(event, Event::WorkflowCancelled);
        match direct.or_else(|| self.ending.as_ref().filter(|_| ended)) {
            Some(by) => EntryDraft {
                cause_seq: Some(by.seq),
                actor: by.by.to_string(),
                actor_type: Some((&by.by).into()),
                ..draft
            },
            None => draft,
        }
    }
}

fn state_before(run: &RunState, event: &Event) -> Option<Value> {
    let task = if let Event::CommandAccepted { command, .. } = event {
        command.task()
    } else {
        event.task()
    }?;
    (task.at() < run.tasks().len()).then(|| json!({ "state": as_event_word(run.task(task).state) }))
}

/// Returns whether an event that follows a command at the same moment is its effect.
fn brings(command: &Command, event: &Event) -> bool {
    let aimed = command.task().is_some_and(|asked| Some(asked) == event.task());
    if aimed {
        return by_word(event);
    }
    match (command, event) {
        (Command::Pause { gate: asked, .. }, Event::GateClosed { gate: told, .. })
        | (Command::Resume { gate: asked }, Event::GateOpened { gate: told }) => asked == told,
        pair => matches!(
            pair,
            (
                Command::Retry { .. } | Command::RetryStage { .. },
                Event::TaskReset { cause: ResetCause::Retry, .. }
            ) | (
                Command::ForceStage { .. },
                Event::StageForced { .. } | Event::TaskForced { .. } | Event::TaskReset { .. }
            ) | (
                Command::TightenTrading { .. } | Command::ReEnableTrading { .. },
                Event::TradingChanged { .. }
            ) | (Command::Arm, Event::OperatorArmed { .. })
                | (Command::Disarm, Event::OperatorDisarmed { .. })
        ),
    }
}

/// Returns whether an event about the target task of a command is of a kind that only a command
/// causes.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the engine decides every other kind of event by itself"
)]
const fn by_word(event: &Event) -> bool {
    match event {
        Event::TaskCompleted { provenance, .. } => !matches!(provenance, Provenance::Ran),
        Event::TaskFailed { why, .. } => matches!(why, NoRetryReason::Operator),
        Event::TaskSkipped { why, .. } => matches!(why, SkipReason::Operator),
        Event::TaskRejected { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPriorityChanged { .. } => true,
        _by_the_machine => false,
    }
}
