//! Which missed tasks each choice catches up, and why it lets the others go.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{CatchUpChoice, Command, ExcuseReason, ExcusedTask, RunState, TaskState, missed_tasks};
use planning::{
    plan::{PlannedTask, TaskIx},
    time::Span,
    workflow::{DependencyKind, EffectClass, TaskPriority},
};

/// What a choice comes to: together, every missed task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatchUpPlan {
    /// Which choice.
    pub choice: CatchUpChoice,
    /// What is caught up, in the order of the plan.
    pub tasks: Vec<TaskIx>,
    /// What is excused and why, in the order of the plan: missed work, and what cannot run without it.
    pub left: Vec<ExcusedTask>,
}

impl CatchUpPlan {
    /// The command that does it.
    #[must_use]
    pub fn command(&self) -> Command {
        let Self { choice, tasks, left } = self.clone();
        Command::CatchUp { choice, tasks, left }
    }
}

/// What a choice makes of the work that was missed up to `at`.
#[must_use]
pub fn catch_up_plan(state: &RunState, at: DateTime<Utc>, choice: CatchUpChoice) -> CatchUpPlan {
    let missed = missed_tasks(state, at).into_iter().collect();
    let scene = CatchUpContext { state, at, missed };
    let caught_up = scene.caught_up(choice);
    let mut left: Vec<_> = scene
        .missed
        .iter()
        .filter(|task| !caught_up.contains(task))
        .map(|&task| ExcusedTask { task, why: scene.reason_for(choice, &caught_up, task) })
        .collect();
    scene.add_blocked(&mut left);
    if choice == CatchUpChoice::Observe {
        let known: BTreeSet<_> = left.iter().map(|left| left.task).collect();
        let orders = scene.waiting_tasks().filter(|ix| scene.orders(*ix) && !known.contains(ix));
        left.extend(orders.map(|task| ExcusedTask { task, why: ExcuseReason::Observing }));
    }
    left.sort_unstable_by_key(|left| left.task);
    CatchUpPlan { choice, tasks: caught_up.into_iter().collect(), left }
}

/// A run at the moment of the choice.
struct CatchUpContext<'a> {
    state: &'a RunState,
    at: DateTime<Utc>,
    missed: BTreeSet<TaskIx>,
}

impl CatchUpContext<'_> {
    fn task(&self, ix: TaskIx) -> &PlannedTask {
        self.state.plan().task(ix)
    }

    fn hard(&self, ix: TaskIx) -> impl Iterator<Item = TaskIx> {
        let hard = self.task(ix).dependencies.iter().filter(|d| d.hardness == DependencyKind::Hard);
        hard.map(|d| d.on)
    }

    /// Tasks that need `ix` and cannot do without.
    fn needs(&self, ix: TaskIx) -> impl Iterator<Item = TaskIx> {
        let hard = self.state.dependents(ix).iter().filter(|(_, h)| *h == DependencyKind::Hard);
        hard.map(|(task, _)| *task)
    }

    /// Tasks that were not missed and never began.
    fn waiting_tasks(&self) -> impl Iterator<Item = TaskIx> {
        let waits = |ix: &TaskIx| {
            let run = self.state.task(*ix);
            let state = matches!(
                run.state,
                TaskState::Pending
                    | TaskState::Queued
                    | TaskState::Held
                    | TaskState::UpstreamFailed
            );
            state && run.attempt == 0 && !self.missed.contains(ix)
        };
        self.state.tasks().map(|(ix, _)| ix).filter(waits)
    }

    /// Whether it sends orders, or asks a person about them.
    fn orders(&self, ix: TaskIx) -> bool {
        matches!(self.task(ix).effect, EffectClass::Effectful | EffectClass::Human)
    }

    /// The order tasks of its own stage that a task prepares, itself included.
    fn prepares(&self, ix: TaskIx) -> Vec<TaskIx> {
        let (mut seen, mut next) = (BTreeSet::from([ix]), vec![ix]);
        while let Some(above) = next.pop() {
            let own = |below: &TaskIx| self.task(*below).stage == self.task(ix).stage;
            next.extend(self.needs(above).filter(own).filter(|below| seen.insert(*below)));
        }
        seen.into_iter().filter(|ix| self.orders(*ix)).collect()
    }

    /// Whether a choice may catch up a missed task at all. What prepares orders is prepared late
    /// only on demand, and only while each of its orders may still be sent.
    fn is_allowed(&self, choice: CatchUpChoice, ix: TaskIx) -> bool {
        let task = self.task(ix);
        let plain = !self.orders(ix) && task.every.is_none();
        let orders = self.prepares(ix);
        let prepared = match choice {
            CatchUpChoice::Minimal => orders.is_empty(),
            CatchUpChoice::Full => orders.iter().all(|ix| !self.missed.contains(ix)),
            CatchUpChoice::None | CatchUpChoice::Observe => false,
        };
        plain && prepared && self.missed.contains(&ix)
    }

    fn caught_up(&self, choice: CatchUpChoice) -> BTreeSet<TaskIx> {
        let allowed: BTreeSet<_> =
            self.missed.iter().copied().filter(|&ix| self.is_allowed(choice, ix)).collect();
        let mut caught_up = allowed.clone();
        caught_up.retain(|&ix| self.attainable(&allowed, ix));
        let usable = |ix: TaskIx, all: &BTreeSet<TaskIx>| {
            self.needs(ix).any(|by| self.attainable(all, by) && self.fresh_for(ix, by))
        };
        match choice {
            CatchUpChoice::Minimal => self.demanded(&caught_up),
            // What is good for a while only is pointless if nobody can use it meanwhile.
            CatchUpChoice::Full => {
                let all = caught_up.clone();
                caught_up.retain(|&ix| self.task(ix).valid_for.is_none() || usable(ix, &all));
                let rest = caught_up.clone();
                caught_up.retain(|&ix| self.attainable(&rest, ix));
                caught_up
            }
            CatchUpChoice::None | CatchUpChoice::Observe => BTreeSet::new(),
        }
    }

    /// Of what may be caught up, what required work that is still to come cannot do without.
    fn demanded(&self, allowed: &BTreeSet<TaskIx>) -> BTreeSet<TaskIx> {
        let needed = |ix: &TaskIx| {
            let task = self.task(*ix);
            task.required && task.priority != TaskPriority::Low && self.attainable(allowed, *ix)
        };
        let mut next: Vec<_> = self.waiting_tasks().filter(needed).collect();
        let (mut seen, mut demanded) = (BTreeSet::new(), BTreeSet::new());
        while let Some(ix) = next.pop() {
            if seen.insert(ix) {
                demanded.extend(allowed.contains(&ix).then_some(ix));
                next.extend(self.hard(ix));
            }
        }
        demanded
    }

    /// Whether a task can run, or has, if `caught_up` is caught up.
    fn attainable(&self, caught_up: &BTreeSet<TaskIx>, ix: TaskIx) -> bool {
        let waits = match self.state.task(ix).state {
            TaskState::Completed
            | TaskState::Running
            | TaskState::Retrying
            | TaskState::Cancelling => return true,
            TaskState::InDoubt
            | TaskState::Failed
            | TaskState::Timeout
            | TaskState::Cancelled
            | TaskState::Skipped => false,
            TaskState::Pending
            | TaskState::Queued
            | TaskState::Held
            | TaskState::UpstreamFailed
            | TaskState::Missed => caught_up.contains(&ix) || !self.missed.contains(&ix),
        };
        let stale = |on: TaskIx| caught_up.contains(&on) && !self.fresh_for(on, ix);
        waits && self.hard(ix).all(|on| self.attainable(caught_up, on) && !stale(on))
    }

    /// Whether the result of a task caught up now is still good when another's window opens.
    fn fresh_for(&self, ix: TaskIx, by: TaskIx) -> bool {
        let good =
            |valid_for: Span| self.task(by).opens_at <= self.done_by(ix) + valid_for.to_delta();
        self.task(ix).valid_for.is_none_or(good)
    }

    /// When a task caught up now is done, slots apart.
    fn done_by(&self, ix: TaskIx) -> DateTime<Utc> {
        let above = self.hard(ix).filter(|on| self.missed.contains(on)).map(|on| self.done_by(on));
        above.fold(self.at, DateTime::max) + self.task(ix).estimate.to_delta()
    }

    /// Why a missed task is excused.
    fn reason_for(
        &self,
        choice: CatchUpChoice,
        caught_up: &BTreeSet<TaskIx>,
        ix: TaskIx,
    ) -> ExcuseReason {
        if self.orders(ix) {
            return ExcuseReason::OrderWindowOver;
        }
        if self.task(ix).every.is_some() {
            return ExcuseReason::MonitorOver;
        }
        if matches!(choice, CatchUpChoice::None | CatchUpChoice::Observe) {
            return ExcuseReason::NotChosen;
        }
        if !self.is_allowed(choice, ix) {
            return ExcuseReason::MarketMoved;
        }
        let gone = |on: &TaskIx| self.missed.contains(on) && !self.is_allowed(choice, *on);
        if let Some(on) = self.hard(ix).find(gone) {
            return ExcuseReason::Upstream(on);
        }
        let wanted = self.needs(ix).any(|by| !self.missed.contains(&by) || caught_up.contains(&by));
        let expired =
            self.task(ix).valid_for.is_some() && (wanted || choice == CatchUpChoice::Full);
        if expired { ExcuseReason::Expired } else { ExcuseReason::NotNeeded }
    }

    /// Adds what cannot run without what is excused, and what cannot without that, and so on.
    fn add_blocked(&self, left: &mut Vec<ExcusedTask>) {
        let mut gone: BTreeSet<_> = left.iter().map(|left| left.task).collect();
        loop {
            let blocked = self.waiting_tasks().filter(|ix| !gone.contains(ix)).find_map(|task| {
                let on = self.hard(task).find(|on| gone.contains(on))?;
                Some(ExcusedTask { task, why: ExcuseReason::Upstream(on) })
            });
            let Some(blocked) = blocked else { return };
            gone.insert(blocked.task);
            left.push(blocked);
        }
    }
}
