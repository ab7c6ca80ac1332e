//! The attempts that somebody works on: begun, stopped, asked after, and what was said of them.

use chrono::{DateTime, Utc};

use super::{
    agenda::Due,
    approver::Approver,
    driver::{DriveError, Driver},
    workers::{Finished, Job, Said, request},
};
use crate::{
    engine::{Answer, Input, TaskState},
    journal::Request,
    plan::TaskIx,
};

/// An attempt somebody works on.
#[derive(Debug)]
pub(super) struct Alive {
    pub(super) attempt: u32,
    request: Option<Request>,
}

impl Driver {
    pub(super) fn probe(&mut self, task: TaskIx, probe: u32) {
        let state = self.engine.state();
        let request = request(state, task, state.task(task).attempt);
        let job = Job::Look { request, probe, at: state.at() };
        self.workers.begin(&self.roster, job, self.simulated());
    }

    pub(super) fn begin(&mut self, task: TaskIx, attempt: u32) {
        let state = self.engine.state();
        if state.human(task) {
            if let Approver::Simulated(after) = self.approver
                && self.simulated()
            {
                // A question asked again was asked before.
                let asked = state.task(task).started_at.unwrap_or(state.at());
                let at = (asked + after.delta()).max(state.at());
                let order = Approver::yes(task, after, self.own_order());
                self.agenda.insert((at, 1, task.0, attempt), Due::Order(order));
            }
            return;
        }
        let request = request(state, task, attempt);
        self.alive.insert(task, Alive { attempt, request: Some(request.clone()) });
        self.workers.begin(&self.roster, Job::Perform(request), self.simulated());
    }

    /// Ends an attempt that the engine no longer waits for, or asks an agent to stop.
    pub(super) fn stop(&mut self, task: TaskIx, attempt: u32) {
        // A question that is no longer asked needs no policy's answer, nor does the same one asked anew.
        self.agenda.retain(|&(_, kind, of, number), _| (kind, of, number) != (1, task.0, attempt));
        let Some(alive) = self.alive.remove(&task).filter(|alive| alive.attempt == attempt) else {
            return;
        };
        self.agenda
            .retain(|_, due| !matches!(due, Due::Answer(t, a, _) if *t == task && *a == attempt));
        self.workers.abandon(task, attempt);
        let Some(request) = alive.request else { return };
        let now = self.engine.state().at();
        let answer = match self.roster.get(&request.agent) {
            Ok(agent) => agent.stop(&request, now),
            Err(_nobody) => Answer::Stopped,
        };
        if self.engine.state().task(task).state == TaskState::Cancelling {
            self.alive.insert(task, Alive { attempt, request: None });
            self.agenda.insert((now, 0, task.0, attempt), Due::Answer(task, attempt, answer));
        }
    }

    /// Somebody has answered: an agent, or the outside.
    pub(super) fn said(&mut self, said: Said) -> Result<(), DriveError> {
        match said {
            Said::Finished(finished) => self.finished(finished),
            Said::Looked { task, probe, lookup } => {
                let now = if self.simulated() { self.engine.state().at() } else { self.now() };
                self.input(now, Input::Probed { task, probe, lookup })
            }
        }
    }

    /// An agent has computed its answer. It gives it only once the work has taken its time: in a
    /// simulated day always, on a real clock where the agent says how long (orders being filled).
    fn finished(&mut self, finished: Finished) -> Result<(), DriveError> {
        let Finished { task, attempt, started_at, reply, took } = finished;
        if self.simulated() || reply.took.is_some() {
            let at = (started_at + took.delta()).max(self.engine.state().at());
            self.agenda.insert((at, 0, task.0, attempt), Due::Answer(task, attempt, reply.answer));
            return Ok(());
        }
        if self.alive.get(&task).is_some_and(|alive| alive.attempt == attempt) {
            self.alive.remove(&task);
        }
        let now = self.now();
        self.alerts(now, &reply.answer)?;
        self.input(now, Input::Answer { task, attempt, answer: reply.answer })
    }

    /// Hears whoever else has answered meanwhile, so that it can be recorded in one go.
    pub(super) fn others(&mut self) -> Result<(), DriveError> {
        while self.outbox.frozen().is_none()
            && !self.engine.state().ended()
            && let Some(said) = self.workers.ready()
        {
            self.said(said)?;
        }
        Ok(())
    }

    /// Passes on what an agent wants people to know and has not said lately.
    pub(super) fn alerts(&mut self, at: DateTime<Utc>, answer: &Answer) -> Result<(), DriveError> {
        self.told.news(at, answer).into_iter().try_for_each(|alert| self.input(at, alert))
    }
}
