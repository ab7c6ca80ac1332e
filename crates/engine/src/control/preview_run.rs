//! Trying an act on a copy of the engine. Nothing leaves the copy.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    Actor, Command, CommandRefusal, CommandRequest, Engine, EngineInput, Event, Gate, RunState,
};
use planning::plan::TaskIx;

/// Tasks up to which a copy of the run is made: 12 ms for these, unoptimised, and 60 ms for a hundred
/// thousand, in which the driver does nothing else. Of a larger day only what the order itself does
/// is told, not what follows.
pub(super) const TASKS_MAX: usize = 20_000;

/// What came of trying several commands, one after the other.
#[derive(Debug)]
pub(super) struct PreviewRun {
    /// The copy after all of them; `None` when the day is too large to copy.
    engine: Option<Engine>,
    /// What each accepted command itself does, with the command.
    pub(super) direct: Vec<(Command, Vec<Event>)>,
    /// All that happens at once: the same, and what follows from it.
    pub(super) events: Vec<Event>,
    /// What the engine refused, and why.
    pub(super) refused: Vec<(Command, CommandRefusal)>,
    /// Whether the engine takes some of it only with a reason.
    pub(super) wants_reason: bool,
}

impl PreviewRun {
    /// Tries `commands` at `now`, with a reason: what one is typed for is tried before it is typed.
    pub(super) fn run(
        run: &RunState,
        now: DateTime<Utc>,
        by: &Actor,
        commands: &[Command],
    ) -> Self {
        let mut engine = (run.plan().tasks.len() <= TASKS_MAX).then(|| {
            let mut copy = Engine::from_state(run.clone());
            // What time alone brings is no work of the order.
            copy.step(now, EngineInput::Tick);
            copy
        });
        let (mut direct, mut events, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut wants_reason = false;
        let mut id = u64::MAX;
        for command in commands {
            let state = engine.as_ref().map_or(run, Engine::state);
            let mut order =
                CommandRequest { id, by: by.clone(), reason: None, command: command.clone() };
            let bare = Engine::preview(state, now, &order);
            order.reason = Some("proposed".into());
            id -= 1;
            match Engine::preview(state, now, &order) {
                Err(refusal) => refused.push((command.clone(), refusal)),
                Ok(own) => {
                    wants_reason |= bare.is_err();
                    match &mut engine {
                        Some(copy) => {
                            let step = copy.step(now, EngineInput::Command(order));
                            events.extend(step.events.into_iter().map(|recorded| recorded.event));
                        }
                        None => events.extend(own.iter().cloned()),
                    }
                    direct.push((command.clone(), own));
                }
            }
        }
        Self { engine, direct, events, refused, wants_reason }
    }

    /// The run after the act; as it is when the day is too large to copy.
    pub(super) fn state_after<'a>(&'a self, run: &'a RunState) -> &'a RunState {
        self.engine.as_ref().map_or(run, Engine::state)
    }

    /// Whether what follows is known, and not only what the order itself does.
    pub(super) const fn is_complete(&self) -> bool {
        self.engine.is_some()
    }
}

/// The tasks a command reaches: its target, what it moves, and what it lets go on.
pub(super) fn affected_tasks(
    run: &RunState,
    now: DateTime<Utc>,
    command: &Command,
) -> BTreeSet<TaskIx> {
    let order = CommandRequest {
        id: u64::MAX,
        by: Actor::Policy("acting".into()),
        reason: Some("tried".into()),
        command: command.clone(),
    };
    reached_by(run, command, &Engine::preview(run, now, &order).unwrap_or_default())
}

/// The same, given what the command itself does.
pub(super) fn reached_by(run: &RunState, command: &Command, own: &[Event]) -> BTreeSet<TaskIx> {
    let there = |ix: &TaskIx| ix.at() < run.plan().tasks.len();
    let mut reached: BTreeSet<_> = own.iter().filter_map(Event::task).collect();
    reached.extend(command.task().filter(there));
    if let Command::Resume { gate } = command {
        let waits = run.tasks().filter(|(_, task)| !task.state.is_terminal()).map(|(ix, _)| ix);
        reached.extend(waits.filter(|&ix| behind(run, *gate, ix)));
    }
    if let Command::Skip { task, satisfies: true } = command
        && there(task)
    {
        reached.extend(run.dependents(*task).iter().map(|&(ix, _)| ix));
    }
    reached
}

fn behind(run: &RunState, gate: Gate, ix: TaskIx) -> bool {
    let task = run.plan().task(ix);
    match gate {
        Gate::Engine => true,
        Gate::Stage(stage) => task.stage == stage,
        Gate::Agent(agent) => task.agent == agent,
    }
}
