//! Attempts in progress: start, stop, probe, and the handling of their results.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    attempt_notes::AttemptLog,
    auto_approver::AutoApprover,
    driver::{DriveError, Driver},
    schedule::ScheduledItem,
    workers::{FinishedAttempt, WorkerJob, WorkerReport, attempt_request},
};
use engine::{AttemptOutcome, EngineInput, TaskState, port::AttemptRequest};
use planning::plan::TaskIx;

/// An attempt in progress.
#[derive(Debug)]
pub(super) struct LiveAttempt {
    pub(super) attempt: u32,
    request: Option<AttemptRequest>,
    log: Option<Arc<AttemptLog>>,
}

impl Driver {
    pub(super) fn start_probe(&mut self, task: TaskIx, probe: u32) {
        let state = self.engine.state();
        let request = attempt_request(state, task, state.task(task).attempt);
        let job = WorkerJob::Probe { request, probe, at: state.last_event_at() };
        self.workers.start_job(&self.roster, job, self.is_simulated());
    }

    pub(super) fn start_attempt(&mut self, task: TaskIx, attempt: u32) {
        let state = self.engine.state();
        if state.is_human_task(task) {
            if let AutoApprover::Simulated(after) = self.approver
                && self.is_simulated()
            {
                // After a recovery, the approval was requested at the original moment.
                let asked = state.task(task).started_at.unwrap_or(state.last_event_at());
                let at = (asked + after.to_delta()).max(state.last_event_at());
                let order = AutoApprover::approval(task, after, self.own_order());
                self.agenda.insert((at, 1, task.0, attempt), ScheduledItem::Command(order));
            }
            return;
        }
        let mut request = attempt_request(state, task, attempt);
        let (log, notes) = self.notes.begin(&request);
        request.notes = notes;
        let alive = LiveAttempt { attempt, request: Some(request.clone()), log: Some(log) };
        self.alive.insert(task, alive);
        self.workers.start_job(&self.roster, WorkerJob::Attempt(request), self.is_simulated());
    }

    /// Ends an attempt for which the engine no longer waits, or asks an agent to stop.
    pub(super) fn stop_attempt(&mut self, task: TaskIx, attempt: u32) {
        // An approval that has ended needs no automatic answer; one requested again gets a new one.
        self.agenda.retain(|&(_, kind, of, number), _| (kind, of, number) != (1, task.0, attempt));
        let Some(alive) = self.alive.remove(&task).filter(|alive| alive.attempt == attempt) else {
            return;
        };
        self.agenda
            .retain(|_, due| !matches!(due, ScheduledItem::PlannedApproval(t, a, _) if *t == task && *a == attempt));
        self.workers.abandon(task, attempt);
        let Some(request) = alive.request else { return };
        let now = self.engine.state().last_event_at();
        let answer = match self.roster.get(&request.agent) {
            Ok(agent) => agent.stop(&request, now),
            Err(_nobody) => AttemptOutcome::Stopped,
        };
        if let Some(log) = &alive.log {
            log.end(&answer);
        }
        if self.engine.state().task(task).state == TaskState::Cancelling {
            self.alive.insert(task, LiveAttempt { attempt, request: None, log: None });
            self.agenda.insert(
                (now, 0, task.0, attempt),
                ScheduledItem::PlannedApproval(task, attempt, answer),
            );
        }
    }

    /// Records a progress report.
    pub(super) fn on_progress(&mut self, progress: EngineInput) -> Result<(), DriveError> {
        let now =
            if self.is_simulated() { self.engine.state().last_event_at() } else { self.now() };
        self.step_with(now, progress)
    }

    /// Handles the report of a worker: the end of an attempt or of a probe.
    pub(super) fn on_worker_report(&mut self, said: WorkerReport) -> Result<(), DriveError> {
        match said {
            WorkerReport::AttemptEnded(finished) => self.finish_attempt(finished),
            WorkerReport::ProbeEnded { task, probe, lookup } => {
                let now = if self.is_simulated() {
                    self.engine.state().last_event_at()
                } else {
                    self.now()
                };
                self.step_with(now, EngineInput::Probed { task, probe, lookup })
            }
        }
    }

    /// Handles an agent's reply. It takes effect after the duration of the work: always in a
    /// simulated run, on a real clock only if the agent gives a duration (orders being filled).
    fn finish_attempt(&mut self, finished: FinishedAttempt) -> Result<(), DriveError> {
        let FinishedAttempt { task, attempt, started_at, reply, took } = finished;
        let alive = self.alive.get(&task).filter(|alive| alive.attempt == attempt);
        if let Some(log) = alive.and_then(|alive| alive.log.as_ref()) {
            log.end(&reply.answer);
        }
        if self.is_simulated() || reply.took.is_some() {
            let at = (started_at + took.to_delta()).max(self.engine.state().last_event_at());
            self.agenda.insert(
                (at, 0, task.0, attempt),
                ScheduledItem::PlannedApproval(task, attempt, reply.answer),
            );
            return Ok(());
        }
        if self.alive.get(&task).is_some_and(|alive| alive.attempt == attempt) {
            self.alive.remove(&task);
        }
        let now = self.now();
        self.forward_agent_alerts(now, &reply.answer)?;
        self.step_with(now, EngineInput::AttemptEnded { task, attempt, answer: reply.answer })
    }

    /// Ends an attempt at `moment`, and returns its answer as its agent confirms it then.
    pub(super) fn settle_attempt(
        &mut self,
        (task, attempt): (TaskIx, u32),
        moment: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        let ends = self.alive.get(&task).is_some_and(|alive| alive.attempt == attempt);
        let alive = if ends { self.alive.remove(&task) } else { None };
        let Some(request) = alive.and_then(|alive| alive.request) else { return answer };
        match self.roster.get(&request.agent) {
            Ok(agent) => agent.settle(&request, moment, answer),
            // An agent that is not registered has failed the attempt already.
            Err(_unregistered) => answer,
        }
    }

    /// Hears whoever else has answered meanwhile, so that it can be recorded in one go.
    pub(super) fn drain_worker_reports(&mut self) -> Result<(), DriveError> {
        while self.outbox.fault().is_none()
            && !self.engine.state().has_ended()
            && let Some(said) = self.workers.try_next_report()
        {
            self.on_worker_report(said)?;
        }
        Ok(())
    }

    /// Forwards the alerts of an agent that were not forwarded recently.
    pub(super) fn forward_agent_alerts(
        &mut self,
        at: DateTime<Utc>,
        answer: &AttemptOutcome,
    ) -> Result<(), DriveError> {
        self.told.new_alerts(at, answer).into_iter().try_for_each(|alert| self.step_with(at, alert))
    }
}
