//! Folding of what happens to one task, and of what that means for the tasks that wait for it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    agent_run::Breaker,
    command::Waiver,
    dependency_status::{DependencyStatus, dependency_status},
    event::Event,
    event_types::{NoRetryReason, Provenance, RecordedEvent, ResetCause},
    in_doubt::InDoubtEffect,
    late_start::LateStartOutcome,
    run_state::RunState,
    task_run::{TaskEnding, TaskRun},
    task_state::TaskState,
    work_clock::is_work,
};
use planning::{
    plan::TaskIx,
    workflow::{DependencyKind, EffectClass},
};

impl RunState {
    pub(super) fn apply_task(&mut self, ix: TaskIx, recorded: &RecordedEvent) {
        let at = recorded.at;
        match &recorded.event {
            Event::TaskQueued { .. } => {
                let task = &mut self.tasks[ix.at()];
                task.ready_at = task.ready_at.or(Some(at));
                self.move_task(ix, TaskState::Queued, at);
            }
            Event::TaskDequeued { .. } => self.move_task(ix, TaskState::Pending, at),
            Event::TaskStarted { attempt, .. } => self.start_attempt(ix, *attempt, at),
            Event::TaskHeld { by, .. } => {
                self.tasks[ix.at()].held_by = Some(by.as_str().into());
                self.move_task(ix, TaskState::Held, at);
            }
            Event::TaskReleased { .. } => {
                self.tasks[ix.at()].held_by = None;
                self.move_task(ix, TaskState::Pending, at);
            }
            Event::TaskReset { cause, .. } => self.reset(ix, *cause, at),
            Event::TaskForced { waivers, .. } => self.waive(ix, waivers),
            Event::TaskCaughtUp { .. } => self.caught_up(ix, at),
            Event::TaskExcused { why, .. } => {
                self.late.insert(ix, LateStartOutcome::Excused(*why));
            }
            Event::TaskPriorityChanged { priority, .. } => self.tasks[ix.at()].priority = *priority,
            Event::TaskProgress { percent, note, .. } => {
                self.tasks[ix.at()].progress = Some(((*percent).min(100), note.clone()));
            }
            Event::TaskCancelling { .. } => self.move_task(ix, TaskState::Cancelling, at),
            Event::TaskRecovered { recovery, again_at, .. } => {
                self.taken_up(ix, *recovery, *again_at, at);
            }
            Event::TaskProbeStarted { .. } | Event::TaskProbeCompleted { .. } => {
                self.apply_probe(&recorded.event, at);
            }
            events!(task_end) => self.apply_ending(ix, recorded),
            // `apply` sends nothing else here.
            events!(run, stage_end, stage_change, gate, agent, notice, recovery, operator) => {}
        }
    }

    /// Folds in the end of an attempt, a round or a task.
    #[expect(clippy::too_many_lines, reason = "one arm for each end of a task")]
    fn apply_ending(&mut self, ix: TaskIx, recorded: &RecordedEvent) {
        let at = recorded.at;
        match &recorded.event {
            Event::TaskCompleted { provenance, outcome, .. } => {
                self.attempt_over(ix, TaskState::Completed, &outcome.summary, at);
                self.tasks[ix.at()].outcome = Some(Arc::clone(outcome));
                if !self.briefs[ix.at()].plain {
                    let task = &mut self.tasks[ix.at()];
                    task.rounds += u32::from(self.plan.task(ix).every.is_some());
                    task.bad_rounds = 0;
                }
                if *provenance == Provenance::SetByOperator {
                    self.taint(ix);
                }
                self.end(ix, TaskState::Completed, TaskEnding::Completed(*provenance), at);
            }
            Event::TaskRoundCompleted { outcome, next_at, .. } => {
                self.attempt_over(ix, TaskState::Completed, &outcome.summary, at);
                self.tasks[ix.at()].outcome = Some(Arc::clone(outcome));
                self.tasks[ix.at()].bad_rounds = 0;
                self.next_round(ix, *next_at, at);
            }
            Event::TaskRoundFailed { failure, in_a_row, next_at, .. } => {
                self.attempt_over(ix, TaskState::Failed, &failure.message, at);
                self.tasks[ix.at()].bad_rounds = *in_a_row;
                self.next_round(ix, *next_at, at);
            }
            Event::TaskRetrying { failure, retry_at, .. } => {
                self.attempt_over(ix, TaskState::Retrying, &failure.message, at);
                self.tasks[ix.at()].next_at = Some(*retry_at);
                self.move_task(ix, TaskState::Retrying, at);
            }
            Event::TaskFailed { failure, why, .. } => {
                self.attempt_over(ix, TaskState::Failed, &failure.message, at);
                if *why == NoRetryReason::Operator && self.task(ix).state == TaskState::Completed {
                    self.taint_below(ix);
                }
                self.end(ix, TaskState::Failed, TaskEnding::Failed(failure.clone(), *why), at);
            }
            Event::TaskTimedOut { clock, .. } => {
                self.attempt_over(ix, TaskState::Timeout, "took too long", at);
                self.end(ix, TaskState::Timeout, TaskEnding::TimedOut(*clock), at);
            }
            Event::TaskInDoubt { failure, .. } => {
                self.attempt_over(ix, TaskState::InDoubt, &failure.message, at);
                self.tasks[ix.at()].ending = Some(TaskEnding::InDoubt(failure.clone()));
                self.move_task(ix, TaskState::InDoubt, at);
                self.doubts.insert(ix, InDoubtEffect::new(at, self.is_recovering()));
            }
            Event::TaskCancelled { confirmed, .. } => {
                let ending = TaskEnding::Cancelled { confirmed: *confirmed };
                // No agent is left to confirm the attempts of a process that has ended.
                self.agents[self.plan.task(ix).agent.at()].unresponsive |=
                    !confirmed && !self.is_recovering();
                self.attempt_over(ix, TaskState::Cancelled, "stopped", at);
                self.end(ix, TaskState::Cancelled, ending, at);
            }
            Event::TaskSkipped { why, satisfies, .. } => {
                let ending = TaskEnding::Skipped { why: *why, satisfies: *satisfies };
                self.end(ix, TaskState::Skipped, ending, at);
            }
            Event::TaskRejected { rejection, .. } => {
                let reason = rejection.reason.as_deref().unwrap_or("no");
                self.attempt_over(ix, TaskState::Skipped, reason, at);
                self.end(ix, TaskState::Skipped, TaskEnding::Rejected(rejection.clone()), at);
            }
            Event::TaskUpstreamFailed { culprit, .. } => {
                self.end(ix, TaskState::UpstreamFailed, TaskEnding::UpstreamFailed(*culprit), at);
            }
            Event::TaskMissed { .. } => self.end(ix, TaskState::Missed, TaskEnding::Missed, at),
            events!(task_move, task_note, task_probe, task_priority)
            | events!(run, stage_end, stage_change, gate, agent, notice, recovery, operator) => {}
        }
    }

    /// Moves a task to a state and settles every count that depends on it.
    pub(super) fn move_task(&mut self, ix: TaskIx, to: TaskState, at: DateTime<Utc>) {
        let plan = self.briefs[ix.at()];
        let task = &mut self.tasks[ix.at()];
        let from = task.state;
        let before =
            [DependencyKind::Hard, DependencyKind::Soft].map(|h| dependency_status(task, h));
        task.state = to;
        task.since = at;
        if from == TaskState::InDoubt {
            self.doubts.remove(&ix);
        }
        self.counts[from.index()] -= 1;
        self.counts[to.index()] += 1;
        let stage = &mut self.stages[plan.stage.at()].counts;
        stage[from.index()] -= 1;
        stage[to.index()] += 1;
        if plan.effect != EffectClass::Human && from.is_active() != to.is_active() {
            let agent = &mut self.agents[plan.agent.at()];
            if to.is_active() {
                agent.running += 1;
                self.slots_used += 1;
            } else {
                agent.running -= 1;
                self.slots_used -= 1;
            }
        }
        if plan.is_work {
            self.working_tasks += u32::from(is_work(to));
            self.working_tasks -= u32::from(is_work(from));
        }
        self.ripple(ix, before);
    }

    /// Tells the tasks that wait for `ix` how it stands now, given how it stood before.
    fn ripple(&mut self, ix: TaskIx, before: [DependencyStatus; 2]) {
        let task = &self.tasks[ix.at()];
        let after =
            [DependencyKind::Hard, DependencyKind::Soft].map(|h| dependency_status(task, h));
        if before == after {
            return;
        }
        let (from, to) = (self.start[ix.at()], self.start[ix.at() + 1]);
        for edge in from..to {
            let (dependent, hardness) = self.dependents[usize::try_from(edge).unwrap_or(0)];
            let side = usize::from(hardness == DependencyKind::Soft);
            let waits = &mut self.tasks[dependent.at()];
            if before[side] == after[side] || waits.has_waiver_for(Waiver::Dependency(ix)) {
                continue;
            }
            count(waits, before[side], u32::wrapping_sub);
            count(waits, after[side], u32::wrapping_add);
        }
    }

    fn end(&mut self, ix: TaskIx, to: TaskState, ending: TaskEnding, at: DateTime<Utc>) {
        let task = &mut self.tasks[ix.at()];
        task.ending = Some(ending);
        task.ended_at = Some(at);
        if task.state == TaskState::Held {
            task.held_by = None;
        }
        self.move_task(ix, to, at);
    }

    fn start_attempt(&mut self, ix: TaskIx, attempt: u32, at: DateTime<Utc>) {
        let inherited = self.tainted > 0
            && self.plan.task(ix).dependencies.iter().any(|d| {
                let upstream = self.task(d.on);
                upstream.tainted && upstream.state == TaskState::Completed
            });
        if inherited {
            self.taint(ix);
        }
        let task = &mut self.tasks[ix.at()];
        task.attempt = attempt;
        task.started_at = Some(at);
        task.ready_at = None;
        task.next_at = None;
        if attempt > 1 {
            task.progress = None;
        }
        task.ending = None;
        task.ended_at = None;
        self.retries.record_attempt();
        self.move_task(ix, TaskState::Running, at);
        let breaker = &mut self.agents[self.briefs[ix.at()].agent.at()].breaker;
        if let Breaker::HalfOpen { probe: probe @ None } = breaker {
            *probe = Some(ix);
        }
    }

    fn next_round(&mut self, ix: TaskIx, next_at: DateTime<Utc>, at: DateTime<Utc>) {
        let task = &mut self.tasks[ix.at()];
        task.rounds += 1;
        task.next_at = Some(next_at);
        task.budget_from = task.attempt;
        self.move_task(ix, TaskState::Pending, at);
    }

    fn reset(&mut self, ix: TaskIx, cause: ResetCause, at: DateTime<Utc>) {
        // The ending says how a skipped task stood towards others: it goes after the move.
        self.move_task(ix, TaskState::Pending, at);
        let task = &mut self.tasks[ix.at()];
        match cause {
            ResetCause::Retry | ResetCause::OperatorResolved => task.budget_from = task.attempt,
            ResetCause::Rerun => {
                task.generation += 1;
                task.budget_from = task.attempt;
            }
            ResetCause::UpstreamChanged
            | ResetCause::Unskip
            | ResetCause::Requeued
            | ResetCause::ProbeFoundNothing
            | ResetCause::FoundUnfinished => {}
        }
        task.next_at = None;
        task.ending = None;
        task.ended_at = None;
    }

    fn caught_up(&mut self, ix: TaskIx, at: DateTime<Utc>) {
        self.late.insert(ix, LateStartOutcome::CaughtUp);
        self.waive(ix, &[Waiver::Window]);
        if self.task(ix).state == TaskState::Missed {
            self.reset(ix, ResetCause::Retry, at);
        }
    }

    fn waive(&mut self, ix: TaskIx, waivers: &[Waiver]) {
        let plan = Arc::clone(&self.plan);
        for &waiver in waivers {
            if self.task(ix).has_waiver_for(waiver) {
                continue;
            }
            if let Waiver::Dependency(on) = waiver {
                for dependency in plan.task(ix).dependencies.iter().filter(|d| d.on == on) {
                    let now = dependency_status(self.task(on), dependency.hardness);
                    count(&mut self.tasks[ix.at()], now, u32::wrapping_sub);
                }
            }
            self.tasks[ix.at()].waivers.push(waiver);
            if waiver.taints_result() {
                self.taint(ix);
            }
        }
    }

    fn taint(&mut self, ix: TaskIx) {
        let task = &mut self.tasks[ix.at()];
        self.tainted += u32::from(!task.tainted);
        task.tainted = true;
    }

    /// Taints everything that ran after `ix` and leans on it.
    fn taint_below(&mut self, ix: TaskIx) {
        let mut below: Vec<TaskIx> = self.dependents(ix).iter().map(|&(task, _)| task).collect();
        while let Some(next) = below.pop() {
            let task = self.task(next);
            if task.tainted || task.attempt == 0 {
                continue;
            }
            self.taint(next);
            below.extend(self.dependents(next).iter().map(|&(task, _)| task));
        }
    }
}

impl Waiver {
    /// Whether a result obtained under this waiver is tainted: its inputs are not what they should
    /// be. Starting early, late or past a pause does not change the inputs.
    #[must_use]
    pub const fn taints_result(self) -> bool {
        match self {
            Self::Dependency(_) | Self::Freshness(_) | Self::Condition => true,
            Self::Window
            | Self::Pause(_)
            | Self::Breaker
            | Self::Hold
            | Self::Attempts
            | Self::OnDemand => false,
        }
    }
}

fn count(task: &mut TaskRun, standing: DependencyStatus, by: fn(u32, u32) -> u32) {
    match standing {
        DependencyStatus::Unmet => task.waiting = by(task.waiting, 1),
        DependencyStatus::Impossible => task.broken = by(task.broken, 1),
        DependencyStatus::Satisfied => {}
    }
}
