//! What the engine has yet to look at: timers, tasks to settle, tasks ready for a slot.
//!
//! All of it follows from the state and can be made anew from it (`Agenda::of`); it exists so
//! that a step costs what changed, not what there is.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, btree_map::Entry},
};

use chrono::{DateTime, Utc};

use super::{
    agent_run::Breaker, event::Event, event_types::Gate, in_doubt::InDoubtEffect,
    run_state::RunState, task_brief::TaskBrief, task_state::TaskState,
};
use planning::{
    plan::{AgentIx, StageIx, TaskIx},
    time::Span,
    workflow::{DependencyKind, EffectClass, TaskPriority},
};

/// A moment at which something may have to be decided. May be out of date when it comes:
/// whoever handles it looks at the state first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    StageOpens(StageIx),
    StageCloses(StageIx),
    /// A retry or the next round of a loop may start.
    Due(TaskIx),
    /// The living attempt has had its time.
    TaskTimeout(TaskIx),
    QueueTimeout(TaskIx),
    /// The agent has had its time to confirm that it stopped.
    CancelTimeout(TaskIx),
    GateOpens(Gate),
    PauseReminder(Gate),
    BreakerProbe(AgentIx),
    /// The outside may be asked about an effect in doubt.
    Probe(TaskIx),
    WorkflowTimeout,
}

/// How long a pause lasts before a reminder, counted from its start.
pub(super) const REMINDERS: [Span; 3] = [Span::mins(5), Span::mins(15), Span::mins(30)];

/// A task ready for a slot; sorts in the order of starting. What a person forced goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReadyTask {
    pub(super) unforced: bool,
    pub(super) priority: TaskPriority,
    since: DateTime<Utc>,
    pub(super) task: TaskIx,
}

/// What the tasks of a lane have in common: all that decides whether a slot is open to them, but
/// for their priority and what a person waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ReadyQueue {
    stage: StageIx,
    pub(super) agent: AgentIx,
    pub(super) effect: EffectClass,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Agenda {
    timers: BinaryHeap<Reverse<(DateTime<Utc>, Timer)>>,
    /// What bounds the living attempts. Kept apart from the other timers since nearly every one is
    /// taken back: among the others they would pile up, one for each task of the day.
    alive: BTreeSet<(DateTime<Utc>, Timer)>,
    /// Tasks by the moment their window opens, and how far that has been worked off.
    opens: (Vec<(DateTime<Utc>, TaskIx)>, usize),
    /// The same for the moment it closes.
    closes: (Vec<(DateTime<Utc>, TaskIx)>, usize),
    /// Ready tasks, in lanes that are stopped or let through as one. None is empty.
    pub(super) lanes: BTreeMap<ReadyQueue, BTreeSet<ReadyTask>>,
    /// Tasks whose dependencies or windows changed.
    pub(super) settle: Vec<TaskIx>,
    /// Stages of which a task ended or came back, each once.
    stages: Vec<StageIx>,
}

impl Agenda {
    /// What follows from a state: everything is looked at once.
    pub(super) fn from_state(state: &RunState) -> Self {
        let plan = state.plan();
        let sorted = |moment: fn(&TaskBrief) -> DateTime<Utc>| {
            let briefs = state.briefs.iter().enumerate();
            let mut list: Vec<_> = briefs.map(|(i, t)| (moment(t), TaskIx::new(i))).collect();
            list.sort_unstable();
            list
        };
        let mut agenda = Self {
            timers: BinaryHeap::new(),
            alive: BTreeSet::new(),
            opens: (sorted(|t| t.opens_at), 0),
            closes: (sorted(|t| t.closes_at), 0),
            lanes: BTreeMap::new(),
            settle: Vec::new(),
            stages: state.stages().map(|(ix, _)| ix).collect(),
        };
        for (i, stage) in plan.stages.iter().enumerate() {
            agenda.add_timer(stage.opens_at, Timer::StageOpens(StageIx::new(i)));
            // A close that was seen calls nothing off that a person began after it.
            if stage.closes_at >= state.last_event_at() {
                agenda.add_timer(stage.closes_at, Timer::StageCloses(StageIx::new(i)));
            }
        }
        for (ix, task) in state.tasks() {
            if task.state == TaskState::Queued {
                agenda.enter(state, ix);
                agenda.limit_queue(state, ix);
            } else if task.state.is_active() {
                agenda.alive.extend(stage_bound(state, ix));
            } else if let Some(next_at) = task.next_at {
                agenda.add_timer(next_at, Timer::Due(ix));
            }
        }
        for (&gate, closed) in state.closed_gates() {
            agenda.gate_closed(gate, (closed.since, closed.until), state.last_event_at());
        }
        for (ix, agent) in state.agents() {
            if let Breaker::Open { until } = agent.breaker {
                agenda.add_timer(until, Timer::BreakerProbe(ix));
            }
        }
        for (&ix, doubt) in state.in_doubt() {
            agenda.probe(ix, doubt);
        }
        let since = state.work_clock.working_since().unwrap_or(state.last_event_at());
        agenda.add_timer(since + plan.limits.workflow_timeout.to_delta(), Timer::WorkflowTimeout);
        agenda
    }

    pub(super) fn add_timer(&mut self, at: DateTime<Utc>, timer: Timer) {
        self.timers.push(Reverse((at, timer)));
    }

    fn probe(&mut self, ix: TaskIx, doubt: &InDoubtEffect) {
        if let Some(next_at) = doubt.next_at {
            self.add_timer(next_at, Timer::Probe(ix));
        }
    }

    /// Notes what follows from a gate closed since then and until then; what followed up to `now`
    /// stands in the events.
    fn gate_closed(
        &mut self,
        gate: Gate,
        (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
        now: DateTime<Utc>,
    ) {
        if let Some(until) = until {
            self.add_timer(until, Timer::GateOpens(gate));
        }
        let reminders = REMINDERS.map(|after| since + after.to_delta());
        for moment in reminders.into_iter().filter(|moment| *moment > now) {
            self.add_timer(moment, Timer::PauseReminder(gate));
        }
    }

    /// Sets the timer of a queued task whose wait for a slot has a limit.
    fn limit_queue(&mut self, state: &RunState, ix: TaskIx) {
        let limit =
            if state.task_brief(ix).plain { None } else { state.plan().task(ix).queue_timeout };
        if let Some(limit) = limit {
            self.add_timer(state.task(ix).since + limit.to_delta(), Timer::QueueTimeout(ix));
        }
    }

    /// The next moment at which there may be something to decide.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        let alive = self.alive.first().map(|(at, _)| *at);
        let static_next =
            |(list, cursor): &(Vec<(DateTime<Utc>, TaskIx)>, usize)| list.get(*cursor).map(|e| e.0);
        [timer, alive, static_next(&self.opens), static_next(&self.closes)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Takes a timer that is due at `at`, earliest first, and the moment it was set for.
    pub(super) fn pop_due(&mut self, at: DateTime<Utc>) -> Option<(DateTime<Utc>, Timer)> {
        let timer = self.timers.peek().map(|Reverse(entry)| *entry);
        let alive = self.alive.first().copied();
        let (moment, timer) = timer.into_iter().chain(alive).min()?;
        if moment > at {
            return None;
        }
        if alive == Some((moment, timer)) {
            self.alive.pop_first();
        } else {
            self.timers.pop();
        }
        Some((moment, timer))
    }

    /// Whether there is anything left to look at, at `at`.
    pub(super) fn has_work_at(&self, at: DateTime<Utc>) -> bool {
        !self.settle.is_empty()
            || !self.stages.is_empty()
            || self.next().is_some_and(|moment| moment <= at)
    }

    /// Notes that a stage must be looked at.
    pub(super) fn look_at(&mut self, stage: StageIx) {
        if !self.stages.contains(&stage) {
            self.stages.push(stage);
        }
    }

    /// Takes the first stage that must be looked at.
    pub(super) fn next_stage(&mut self) -> Option<StageIx> {
        let (place, _) = self.stages.iter().enumerate().min_by_key(|(_, stage)| **stage)?;
        Some(self.stages.swap_remove(place))
    }

    /// Puts tasks whose window opened up to `at` on the list to settle, unless they wait for others.
    pub(super) fn wake_opened_windows(&mut self, state: &RunState, at: DateTime<Utc>) {
        let (list, cursor) = &mut self.opens;
        while let Some(&(_, task)) = list.get(*cursor).filter(|(moment, _)| *moment <= at) {
            *cursor += 1;
            let run = state.task(task);
            if run.waiting == 0 || run.broken > 0 {
                self.settle.push(task);
            }
        }
    }

    /// Takes a task whose window closed up to `at`.
    pub(super) fn pop_closed_window(&mut self, at: DateTime<Utc>) -> Option<TaskIx> {
        let (list, cursor) = &mut self.closes;
        let &(_, task) = list.get(*cursor).filter(|(moment, _)| *moment <= at)?;
        *cursor += 1;
        Some(task)
    }

    fn enter(&mut self, state: &RunState, ix: TaskIx) {
        self.lanes.entry(lane(state, ix)).or_default().insert(ready(state, ix));
    }

    fn leave(&mut self, state: &RunState, ix: TaskIx) {
        if let Entry::Occupied(mut lane) = self.lanes.entry(lane(state, ix)) {
            lane.get_mut().remove(&ready(state, ix));
            if lane.get().is_empty() {
                lane.remove();
            }
        }
    }

    /// Called before an event is folded in: takes a queued task out of its lane, and a living
    /// attempt off the clock, since the event may move them.
    pub(super) fn before_event(&mut self, state: &RunState, event: &Event) {
        let Some(ix) = event.task() else { return };
        let task = state.task(ix);
        if task.state == TaskState::Queued {
            self.leave(state, ix);
        } else if task.state.is_active()
            && let Some(bound) = stage_bound(state, ix)
        {
            self.alive.remove(&bound);
        }
    }

    /// Called after an event is folded in: notes what must be looked at because of it.
    pub(super) fn after_event(&mut self, state: &RunState, event: &Event) {
        if let Some(ix) = event.task() {
            let (run, brief) = (state.task(ix), *state.task_brief(ix));
            match run.state {
                TaskState::Queued => {
                    self.enter(state, ix);
                    if matches!(event, Event::TaskQueued { .. }) {
                        self.limit_queue(state, ix);
                    }
                }
                TaskState::Pending | TaskState::Retrying => {
                    if let Some(next_at) = run.next_at {
                        self.add_timer(next_at, Timer::Due(ix));
                    }
                    self.settle.push(ix);
                }
                TaskState::Running | TaskState::Cancelling => {
                    self.alive.extend(stage_bound(state, ix));
                    return;
                }
                TaskState::Held
                | TaskState::InDoubt
                | TaskState::Completed
                | TaskState::Failed
                | TaskState::Timeout
                | TaskState::Cancelled
                | TaskState::Skipped
                | TaskState::UpstreamFailed
                | TaskState::Missed => self.settle.push(ix),
            }
            if !matches!(event, Event::TaskQueued { .. } | Event::AgentError { .. }) {
                self.look_at(brief.stage);
                let concerned = |waits: &&(TaskIx, DependencyKind)| {
                    let run = state.task(waits.0);
                    let back = matches!(run.state, TaskState::Queued | TaskState::UpstreamFailed)
                        || run.skipped_with_upstream();
                    run.waiting == 0 || run.broken > 0 || back
                };
                let dependents = state.dependents(ix).iter().filter(concerned);
                self.settle.extend(dependents.map(|&(dependent, _)| dependent));
            }
        }
        self.after_event_of_any_kind(state, event);
    }

    /// Notes the timers of an event, and the stage that may move because of it.
    fn after_event_of_any_kind(&mut self, state: &RunState, event: &Event) {
        let at = state.last_event_at();
        match event {
            Event::GateClosed { gate, until, .. } => self.gate_closed(*gate, (at, *until), at),
            Event::TaskInDoubt { task, .. } | Event::TaskProbeCompleted { task, .. } => {
                if let Some(doubt) = state.in_doubt().get(task) {
                    self.probe(*task, doubt);
                }
            }
            Event::BreakerOpened { agent, until } => {
                self.add_timer(*until, Timer::BreakerProbe(*agent));
            }
            Event::StageStarted { stage } | Event::StageForced { stage, .. } => {
                self.look_at(*stage);
            }
            Event::GateOpened { .. }
            | Event::AgentError { .. }
            | Event::BreakerHalfOpened { .. }
            | Event::BreakerClosed { .. }
            | Event::StageStuck { .. }
            | Event::StageMoving { .. }
            | Event::TaskProbeStarted { .. }
            | Event::TaskCompleted { .. }
            | Event::TaskRoundCompleted { .. }
            | Event::TaskRoundFailed { .. }
            | Event::TaskRetrying { .. }
            | Event::TaskFailed { .. }
            | Event::TaskTimedOut { .. }
            | Event::TaskCancelled { .. }
            | Event::TaskSkipped { .. }
            | Event::TaskRejected { .. }
            | Event::TaskUpstreamFailed { .. }
            | Event::TaskMissed { .. }
            | events!(run, stage_end, notice, recovery, operator)
            | events!(task_move, task_note, task_priority) => {}
        }
    }
}

fn lane(state: &RunState, ix: TaskIx) -> ReadyQueue {
    let task = state.task_brief(ix);
    ReadyQueue { stage: task.stage, agent: task.agent, effect: task.effect }
}

/// What bounds the living attempt of a task, if one lives.
fn stage_bound(state: &RunState, ix: TaskIx) -> Option<(DateTime<Utc>, Timer)> {
    let run = state.task(ix);
    match run.state {
        TaskState::Running => {
            let started_at = run.started_at.unwrap_or(run.since);
            Some((started_at + state.task_brief(ix).timeout.to_delta(), Timer::TaskTimeout(ix)))
        }
        TaskState::Cancelling => Some((
            run.since + state.plan().limits.cancel_timeout.to_delta(),
            Timer::CancelTimeout(ix),
        )),
        TaskState::Pending
        | TaskState::Queued
        | TaskState::Retrying
        | TaskState::Held
        | TaskState::InDoubt
        | TaskState::Completed
        | TaskState::Failed
        | TaskState::Timeout
        | TaskState::Cancelled
        | TaskState::Skipped
        | TaskState::UpstreamFailed
        | TaskState::Missed => None,
    }
}

fn ready(state: &RunState, ix: TaskIx) -> ReadyTask {
    let task = state.task(ix);
    ReadyTask {
        unforced: !state.has_waiver(ix),
        priority: task.priority,
        since: task.ready_at.unwrap_or(task.since),
        task: ix,
    }
}
