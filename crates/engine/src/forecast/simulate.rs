//! The real engine on a virtual clock: the next end of an attempt or the next wake, until nothing is left.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use super::{attempt_model::AttemptModel, report::SimulatedAttempt};
use crate::{
    AttemptOutcome, CommandRequest, Engine, EngineInput, EngineStep, RecordedEvent, RunState,
    TaskState, WorkItem,
};
use planning::{
    plan::{DayPlan, TaskIx},
    workflow::TaskPriority,
};

/// How long after the last moment of the plan a run that has nothing in hand is given up: long
/// enough for every timer that follows from the plan.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Whose slots a ready task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotShortage {
    Agent,
    Global,
}

/// What was seen of the run.
#[derive(Debug)]
pub(super) struct Simulation {
    pub(super) engine: Engine,
    /// What the engine said, in order.
    pub(super) events: Vec<Arc<RecordedEvent>>,
    /// When the run began.
    pub(super) starts_at: DateTime<Utc>,
    /// Attempts of each task, in order.
    pub(super) runs: Vec<Vec<SimulatedAttempt>>,
    /// When the fate of each task was decided, once it was.
    pub(super) decided: Vec<Option<DateTime<Utc>>>,
    /// What each task that was ready for its first attempt last lacked, if it had to wait.
    pub(super) lacked: Vec<Option<SlotShortage>>,
    /// Tasks in the order of their first starts; each stands after those it waited for.
    pub(super) order: Vec<TaskIx>,
    /// Tasks that had ended before the first moment.
    pub(super) before: BTreeSet<TaskIx>,
    /// How long attempts take and what they give.
    world: AttemptModel,
    /// Ends of living attempts.
    flying: BTreeSet<(DateTime<Utc>, TaskIx, u32)>,
    /// The run is over once nothing is in hand and this has passed.
    horizon: DateTime<Utc>,
}

/// Plays a day from `starts_at` to its end.
pub(super) fn simulate(plan: &Arc<DayPlan>, starts_at: DateTime<Utc>) -> Simulation {
    let mut played = Simulation::new(
        Engine::start(Arc::clone(plan), starts_at),
        starts_at,
        AttemptModel::Nominal,
    );
    while played.advance() {}
    played
}

/// A run that goes on at a moment with an order; one that has only begun begins with it.
pub(super) fn simulate_from(
    state: &RunState,
    at: DateTime<Utc>,
    order: CommandRequest,
    world: AttemptModel,
) -> Simulation {
    let begun = if state.last_seq() <= 1 {
        Engine::start_with(Arc::clone(state.plan()), at, (None, order))
    } else {
        let mut engine = Engine::from_state(state.clone());
        let step = engine.step(at, EngineInput::Command(order));
        (engine, step)
    };
    let mut played = Simulation::new(begun, at, world);
    played.take_living(state, at);
    played
}

/// Plays a run from its state at a moment to its end. Attempts that have ended are known.
pub(super) fn continue_from(state: &RunState, at: DateTime<Utc>) -> Simulation {
    let at = at.max(state.last_event_at());
    let engine = Engine::from_state(state.clone());
    let mut played = Simulation::empty(state.plan(), engine, at, AttemptModel::Nominal);
    let mut ended: Vec<_> = state.tasks().filter(|(_, run)| !run.history.is_empty()).collect();
    ended.sort_by_key(|(ix, run)| (run.history.front().map(|first| first.started_at), *ix));
    for (ix, run) in ended {
        let past = run.history.iter();
        let past = past.map(|one| SimulatedAttempt { from: one.started_at, to: one.ended_at });
        played.runs[ix.at()].extend(past);
        played.order.push(ix);
    }
    for (ix, run) in state.tasks().filter(|(_, run)| run.state.is_terminal()) {
        played.decided[ix.at()] = Some(run.since);
        played.before.insert(ix);
    }
    played.take_living(state, at);
    let step = played.engine.step(at, EngineInput::Tick);
    played.apply_step(at, step);
    while played.advance() {}
    played
}

impl Simulation {
    /// Takes over the attempts that are under way.
    fn take_living(&mut self, state: &RunState, at: DateTime<Utc>) {
        for (ix, run) in state.tasks().filter(|(_, run)| run.state.is_active()) {
            let from = run.started_at.unwrap_or(at);
            let to = at
                .max(from + self.world.attempt_duration(state.plan(), ix, run.attempt).to_delta());
            self.flying.insert((to, ix, run.attempt));
            if self.runs[ix.at()].is_empty() {
                self.order.push(ix);
            }
            self.runs[ix.at()].push(SimulatedAttempt { from, to });
        }
    }

    /// A run whose first step is taken.
    fn new(
        (engine, step): (Engine, EngineStep),
        starts_at: DateTime<Utc>,
        world: AttemptModel,
    ) -> Self {
        let plan = Arc::clone(engine.state().plan());
        let mut played = Self::empty(&plan, engine, starts_at, world);
        played.apply_step(starts_at, step);
        played
    }

    fn empty(
        plan: &DayPlan,
        engine: Engine,
        starts_at: DateTime<Utc>,
        world: AttemptModel,
    ) -> Self {
        let moments =
            plan.tasks.iter().flat_map(|task| [task.opens_at, task.closes_at, task.deadline]);
        let moments = moments.chain(plan.stages.iter().flat_map(|s| [s.opens_at, s.closes_at]));
        let count = plan.tasks.len();
        Self {
            engine,
            events: Vec::new(),
            starts_at,
            runs: vec![Vec::new(); count],
            decided: vec![None; count],
            lacked: vec![None; count],
            order: Vec::new(),
            before: BTreeSet::new(),
            world,
            flying: BTreeSet::new(),
            horizon: moments.fold(starts_at, DateTime::max) + GRACE,
        }
    }

    pub(super) const fn state(&self) -> &RunState {
        self.engine.state()
    }

    /// The next moment at which something happens; nothing once the run is over.
    fn next(&self) -> Option<DateTime<Utc>> {
        if self.state().has_ended() {
            return None;
        }
        let end = self.flying.first().map(|(end, ..)| *end);
        let wake = self.engine.next_wake();
        match (end, wake) {
            (Some(end), wake) => Some(wake.map_or(end, |wake| wake.min(end))),
            // A run that waits for a person has timers for ever.
            (None, wake) => wake.filter(|wake| *wake <= self.horizon),
        }
    }

    /// Goes on to the next moment; whether there was one. What ends at a moment ends first, and each
    /// end makes the engine look at its clocks too.
    pub(super) fn advance(&mut self) -> bool {
        let Some(at) = self.next() else { return false };
        let mut told = false;
        while let Some(&(end, task, attempt)) = self.flying.first()
            && end <= at
        {
            self.flying.pop_first();
            let answer =
                AttemptOutcome::Completed(AttemptModel::attempt_result(self.state().plan(), task));
            let step = self.engine.step(at, EngineInput::AttemptEnded { task, attempt, answer });
            self.apply_step(at, step);
            told = true;
        }
        if !told {
            let step = self.engine.step(at, EngineInput::Tick);
            self.apply_step(at, step);
        }
        true
    }

    /// Notes what a step says, and begins and ends attempts as it asks.
    fn apply_step(&mut self, at: DateTime<Utc>, step: EngineStep) {
        let mut stopped = Vec::new();
        for work in &step.work {
            match *work {
                WorkItem::Start { task, attempt } => self.start_attempt(at, task, attempt),
                // A dry run's answers leave nothing in doubt.
                WorkItem::Probe { .. } => {}
                WorkItem::Stop { task, attempt } => stopped.extend(self.stop(at, task, attempt)),
            }
        }
        for task in step.events.iter().filter_map(|recorded| recorded.event.task()) {
            let ended = self.state().task(task).state.is_terminal();
            self.decided[task.at()] = ended.then_some(at);
        }
        self.events.extend(step.events.into_iter().map(Arc::new));
        self.note_shortages();
        for (task, attempt) in stopped {
            let step = self.engine.step(
                at,
                EngineInput::AttemptEnded { task, attempt, answer: AttemptOutcome::Stopped },
            );
            self.apply_step(at, step);
        }
    }

    fn start_attempt(&mut self, at: DateTime<Utc>, task: TaskIx, attempt: u32) {
        let to = at + self.world.attempt_duration(self.state().plan(), task, attempt).to_delta();
        self.flying.insert((to, task, attempt));
        if self.runs[task.at()].is_empty() {
            self.order.push(task);
        }
        self.runs[task.at()].push(SimulatedAttempt { from: at, to });
    }

    /// Ends an attempt that still lives; it is returned if the engine waits to hear so.
    fn stop(&mut self, at: DateTime<Utc>, task: TaskIx, attempt: u32) -> Option<(TaskIx, u32)> {
        let alive = self.flying.iter().find(|(_, t, a)| (*t, *a) == (task, attempt)).copied()?;
        self.flying.remove(&alive);
        if let Some(run) = self.runs[task.at()].last_mut() {
            run.to = at;
        }
        let waits = self.state().task(task).state == TaskState::Cancelling;
        waits.then_some((task, attempt))
    }

    fn note_shortages(&mut self) {
        let state = self.engine.state();
        if state.count_in_state(TaskState::Queued) == 0 {
            return;
        }
        for (ix, run) in state.tasks().filter(|(_, run)| run.state == TaskState::Queued) {
            if self.runs[ix.at()].is_empty() {
                let critical = run.priority == TaskPriority::Critical;
                self.lacked[ix.at()] = Some(shortage(state, ix, critical));
            }
        }
    }
}

fn shortage(state: &RunState, ix: TaskIx, critical: bool) -> SlotShortage {
    let (plan, agent) = (state.plan(), state.plan().task(ix).agent);
    let extra = if critical { plan.limits.critical_reserve } else { 0 };
    if state.agent(agent).running >= plan.agent(agent).slots.saturating_add(extra) {
        SlotShortage::Agent
    } else {
        SlotShortage::Global
    }
}
