//! What an act does, line by line: which tasks run, what is set aside and what never is, and what
//! order tasks are known to have sent.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    consequence_text::{
        NEVER, describe_running, describe_sent_orders, describe_waiver, satisfies_dependency,
        state_verb,
    },
    preview_run::PreviewRun,
    proposal::{LineWarning, PreviewLine, PreviewSectionKind},
};
use crate::{
    Command, Event, FailureKind, Gate, RunState, RunStatus, TaskEnding, TaskState, Waiver,
    command::canonical_text, unmet_conditions,
};
use planning::{plan::TaskIx, workflow::EffectClass};

/// Everything an act does.
#[derive(Debug, Default)]
pub(super) struct Consequences {
    /// Line by line.
    pub(super) lines: Vec<(PreviewSectionKind, PreviewLine)>,
    /// What of it is agreed to by whoever agrees; the rest is for information, and may change.
    pub(super) agreed: BTreeSet<String>,
    /// The tasks whose present state is part of what is agreed to.
    pub(super) bound: BTreeSet<TaskIx>,
    /// Tasks that may send orders because of it.
    pub(super) orders: Vec<TaskIx>,
    /// Order tasks of which nobody can say what they sent.
    pub(super) unknown: Vec<TaskIx>,
    /// Tasks whose results it taints.
    pub(super) tainted: usize,
}

/// Finds out what a trial did.
pub(super) fn consequences(run: &RunState, now: DateTime<Utc>, trial: &PreviewRun) -> Consequences {
    let mut found = Consequences::default();
    for (command, own) in &trial.direct {
        found.bound.extend(command.task());
        // What reaches a whole day is not made void by each task that moves in it.
        let broad =
            matches!(command, Command::CancelRun | Command::Resume { .. } | Command::Pause { .. });
        let narrow = |ix: &TaskIx| !broad || orders(run, *ix);
        found.bound.extend(own.iter().filter_map(Event::task).filter(narrow));
    }
    let moved = task_changes(run, &trial.events);
    found.moves(run, trial.state_after(run), now, &moved);
    found.follows(trial.state_after(run), &moved);
    found.note_waivers(run, now, trial);
    found.note_sent_orders(run);
    found.add_non_task_changes(run, trial);
    for (command, refusal) in &trial.refused {
        let (text, key) = (refusal.to_string(), command.canonical_text());
        let line =
            PreviewLine { task: command.task(), text, at: None, mark: LineWarning::None, key };
        found.add(PreviewSectionKind::WillBeRefused, line, true);
    }
    found
}

/// Where a task stands after a number of events.
#[derive(Debug, Clone, Copy)]
struct TaskChange {
    state: TaskState,
    /// Whether it goes towards running.
    runs: bool,
}

/// The tasks that events move, or let run.
fn task_changes(run: &RunState, events: &[Event]) -> BTreeMap<TaskIx, TaskChange> {
    let mut moved = BTreeMap::new();
    for event in events {
        let Some(task) = event.task() else { continue };
        let (state, runs) = match event {
            Event::TaskStarted { .. } => (Some(TaskState::Running), true),
            Event::TaskQueued { .. } => (Some(TaskState::Queued), true),
            Event::TaskReset { .. } | Event::TaskReleased { .. } => {
                (Some(TaskState::Pending), true)
            }
            Event::TaskForced { .. } => (None, true),
            Event::TaskDequeued { .. }
            | Event::TaskRoundCompleted { .. }
            | Event::TaskRoundFailed { .. } => (Some(TaskState::Pending), false),
            Event::TaskHeld { .. } => (Some(TaskState::Held), false),
            Event::TaskCancelling { .. } => (Some(TaskState::Cancelling), false),
            Event::TaskCancelled { .. } => (Some(TaskState::Cancelled), false),
            Event::TaskSkipped { .. } | Event::TaskRejected { .. } => {
                (Some(TaskState::Skipped), false)
            }
            Event::TaskCompleted { .. } => (Some(TaskState::Completed), false),
            Event::TaskFailed { .. } => (Some(TaskState::Failed), false),
            Event::TaskTimedOut { .. } => (Some(TaskState::Timeout), false),
            Event::TaskInDoubt { .. } => (Some(TaskState::InDoubt), false),
            Event::TaskUpstreamFailed { .. } => (Some(TaskState::UpstreamFailed), false),
            Event::TaskMissed { .. } => (Some(TaskState::Missed), false),
            Event::TaskRetrying { .. } => (Some(TaskState::Retrying), false),
            events!(task_note, task_probe, task_priority)
            | events!(run, stage_end, stage_change, gate, agent, notice, recovery, operator) => {
                continue;
            }
        };
        let before = moved.get(&task).map_or(run.task(task).state, |m: &TaskChange| m.state);
        moved.insert(task, TaskChange { state: state.unwrap_or(before), runs });
    }
    moved
}

/// Whether a task may send orders.
pub(super) fn orders(run: &RunState, ix: TaskIx) -> bool {
    run.plan().task(ix).effect == EffectClass::Effectful
}

impl Consequences {
    fn add(&mut self, kind: PreviewSectionKind, line: PreviewLine, agreed: bool) {
        if agreed {
            self.agreed.insert(line.key.clone());
        }
        self.lines.push((kind, line));
    }

    fn moves(
        &mut self,
        run: &RunState,
        after: &RunState,
        now: DateTime<Utc>,
        moved: &BTreeMap<TaskIx, TaskChange>,
    ) {
        for (&ix, to) in moved {
            let orders = orders(run, ix);
            let agreed = orders || self.bound.contains(&ix);
            if orders {
                self.bound.insert(ix);
            }
            let (what, at) = if to.runs {
                self.orders.extend(orders.then_some(ix));
                describe_running(after, now, ix, to.state)
            } else {
                (state_verb(to.state).to_owned(), None)
            };
            let kind = if to.runs {
                PreviewSectionKind::WillRun
            } else {
                PreviewSectionKind::OtherChanges
            };
            let way = if to.runs { "runs".to_owned() } else { to.state.to_string() };
            let mark =
                if to.runs && orders { LineWarning::MaySendOrders } else { LineWarning::None };
            let text = format!("{}: {what}", run.plan().task(ix).id);
            let line =
                PreviewLine { task: Some(ix), text, at, mark, key: format!("{} {way}", ix.0) };
            self.add(kind, line, agreed);
        }
        for (ix, _) in after.tasks().filter(|(ix, t)| t.tainted && !run.task(*ix).tainted) {
            self.tainted += 1;
            let text = format!("{}: its result is tainted", run.plan().task(ix).id);
            let key = format!("{} tainted", ix.0);
            let line = PreviewLine { task: Some(ix), text, at: None, mark: LineWarning::None, key };
            let agreed = self.bound.contains(&ix);
            self.add(PreviewSectionKind::OtherChanges, line, agreed);
        }
    }

    /// What can run once that has ended well which the act lets run, and nothing else is missing.
    fn follows(&mut self, after: &RunState, moved: &BTreeMap<TaskIx, TaskChange>) {
        let mut set: BTreeSet<_> =
            moved.iter().filter(|(_, m)| m.runs).map(|(ix, _)| *ix).collect();
        let mut next: Vec<_> = set.iter().copied().collect();
        let mut found = BTreeSet::new();
        while let Some(above) = next.pop() {
            for &(below, _) in after.dependents(above) {
                let waits = matches!(
                    after.task(below).state,
                    TaskState::Pending | TaskState::UpstreamFailed
                );
                let only = after.plan().task(below).dependencies.iter().all(|d| {
                    set.contains(&d.on) || satisfies_dependency(after.task(d.on), d.hardness)
                });
                if waits && only && set.insert(below) {
                    found.insert(below);
                    next.push(below);
                }
            }
        }
        for ix in found {
            let task = after.plan().task(ix);
            let orders = orders(after, ix);
            self.orders.extend(orders.then_some(ix));
            let mark = if orders { LineWarning::MaySendOrders } else { LineWarning::None };
            let text = format!("{}: follows", task.id);
            let line = PreviewLine {
                task: Some(ix),
                text,
                at: None,
                mark,
                key: format!("{} follows", ix.0),
            };
            self.add(PreviewSectionKind::WillRun, line, orders);
        }
    }

    /// What is set aside, and what never is.
    fn note_waivers(&mut self, run: &RunState, now: DateTime<Utc>, trial: &PreviewRun) {
        let mut forced = BTreeSet::new();
        for (ix, waivers) in trial.direct.iter().flat_map(|(_, own)| own).filter_map(waivers) {
            forced.insert(ix);
            let name = &run.plan().task(ix).id;
            let conditions = unmet_conditions(run, now, ix);
            for waiver in waivers {
                let known = conditions.iter().find(|unmet| unmet.waiver == Some(*waiver));
                let text =
                    known.map_or_else(|| describe_waiver(*waiver).to_owned(), |u| u.text.clone());
                let text = format!("{name}: {text}");
                let key = format!("{} waives {}", ix.0, canonical_text(waiver));
                let line =
                    PreviewLine { task: Some(ix), text, at: None, mark: LineWarning::None, key };
                self.add(PreviewSectionKind::WillWaive, line, true);
            }
        }
        if forced.is_empty() {
            return;
        }
        for text in NEVER {
            let (text, key) = (text.to_owned(), text.to_owned());
            let line = PreviewLine { task: None, text, at: None, mark: LineWarning::None, key };
            self.add(PreviewSectionKind::NotWaivable, line, false);
        }
        let stages = trial.direct.iter().filter_map(|(command, _)| {
            let Command::ForceStage { stage, .. } = command else { return None };
            Some(*stage)
        });
        for ix in stages.flat_map(|stage| run.plan().tasks_of(stage)) {
            if forced.contains(&ix) || run.task(ix).state.is_terminal() {
                continue;
            }
            for never in
                unmet_conditions(run, now, ix).into_iter().filter(|unmet| unmet.waiver.is_none())
            {
                let text = format!("{}: {}", run.plan().task(ix).id, never.text);
                let key = format!("{} {}", ix.0, never.text);
                let line =
                    PreviewLine { task: Some(ix), text, at: None, mark: LineWarning::None, key };
                self.add(PreviewSectionKind::NotWaivable, line, true);
            }
        }
    }

    /// What the order tasks among those reached are known to have sent.
    fn note_sent_orders(&mut self, run: &RunState) {
        let reached: BTreeSet<_> = self.bound.iter().chain(&self.orders).copied().collect();
        for ix in reached.into_iter().filter(|&ix| orders(run, ix)) {
            let task = run.task(ix);
            let (text, mark) = describe_sent_orders(task);
            self.unknown.extend((mark == LineWarning::Unknown).then_some(ix));
            let text = format!("{}: {text}", run.plan().task(ix).id);
            let key = format!("{} sent {} {}", ix.0, task.attempt, mark.as_str());
            let line = PreviewLine { task: Some(ix), text, at: None, mark, key };
            self.add(PreviewSectionKind::AlreadySent, line, true);
        }
    }

    /// What changes beside tasks.
    fn add_non_task_changes(&mut self, run: &RunState, trial: &PreviewRun) {
        let plan = run.plan();
        let mut tell = |text: String, agreed: bool| {
            let key = text.clone();
            let line = PreviewLine { task: None, text, at: None, mark: LineWarning::None, key };
            self.add(PreviewSectionKind::OtherChanges, line, agreed);
        };
        for event in &trial.events {
            match event {
                Event::GateClosed { gate, .. } => {
                    tell(format!("{} is paused", gate.describe(plan)), true);
                }
                Event::GateOpened { gate } => {
                    tell(format!("{} is no longer paused", gate.describe(plan)), true);
                    for line in interrupted_orders(run) {
                        tell(line, false);
                    }
                }
                Event::StageStarted { stage } => {
                    tell(format!("stage {} opens", plan.stage(*stage).id), false);
                }
                Event::TaskPriorityChanged { task, priority } => {
                    tell(format!("{}: priority {priority}", plan.task(*task).id), true);
                }
                Event::TradingChanged { from, to, .. } => {
                    tell(format!("trading goes from {from} to {to}"), true);
                    for (line, harmless) in loosening_lines(run).filter(|_| to < from) {
                        tell(line, harmless);
                    }
                }
                Event::ExitRequested { symbol, .. } => {
                    let what = symbol.as_deref().unwrap_or("every position");
                    tell(format!("{what} is closed at the market, in slices"), true);
                }
                Event::OperatorDisarmed { was, .. } => {
                    tell(format!("{was} is no longer armed"), true);
                }
                Event::AlertAcknowledged { alert, .. } => {
                    tell(format!("alert {alert} is acknowledged"), true);
                }
                Event::StageStuck { .. }
                | Event::StageMoving { .. }
                | Event::StageForced { .. }
                | Event::CommandAccepted { .. }
                | Event::OperatorArmed { .. }
                | Event::OrdersCancelled { .. }
                | events!(run, stage_end, agent, notice, recovery)
                | events!(task_end, task_move, task_note, task_probe) => {}
            }
        }
        for (command, _) in &trial.direct {
            if let Command::Approve { terms, .. } = command
                && let Some(words) = terms.describe()
            {
                tell(format!("approves {words}, and nothing else of it"), true);
            }
        }
        if *trial.state_after(run).status() != RunStatus::Running {
            tell("the day ends".into(), false);
        }
        if !trial.is_complete() {
            tell("further consequences not computed: the run is too large".into(), false);
        }
    }
}

/// What is to be known before orders are let out again: why none were, what may still fill, and what
/// else keeps them in.
fn checklist(run: &RunState) -> Vec<String> {
    let trading = run.trading_status();
    let by = trading.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
    let mut lines = vec![format!("cause: {}{by}: {}", trading.state, trading.why)];
    lines.push(match trading.working {
        Some(0) => "working orders: none".into(),
        Some(n) => format!("working orders: {n}"),
        None => "working orders: unknown".into(),
    });
    if run.closed_gates().contains_key(&Gate::Engine) {
        lines.push("the engine stays paused: only CRITICAL tasks start until it is resumed".into());
    }
    lines
}

/// Lines about what a looser trading state is to be checked against, and what it lets go out.
fn loosening_lines(run: &RunState) -> impl Iterator<Item = (String, bool)> {
    let checks = checklist(run).into_iter().map(|line| (line, true));
    checks.chain(interrupted_orders(run).into_iter().map(|line| (line, false)))
}

/// Order tasks that were stopped before all of their orders had filled, with what is left, and the
/// command that sends it.
fn interrupted_orders(run: &RunState) -> Vec<String> {
    let stopped = run.tasks().filter(|(ix, _)| orders(run, *ix)).filter_map(|(ix, task)| {
        let Some(TaskEnding::Failed(failure, _)) = &task.ending else { return None };
        let id = &run.plan().task(ix).id;
        (failure.kind == FailureKind::Cancelled).then(|| format!("{id}: {}", failure.message))
    });
    stopped.collect()
}

fn waivers(event: &Event) -> Option<(TaskIx, &[Waiver])> {
    let Event::TaskForced { task, waivers } = event else { return None };
    Some((*task, waivers))
}
