//! Folding of attempts: how one ended, and those that were lost with the program.

use chrono::{DateTime, Utc};

use super::{
    agent_run::{AgentRun, Breaker},
    run_state::RunState,
    task_run::AttemptRecord,
    task_state::TaskState,
};
use planning::{plan::TaskIx, time::Span};

impl RunState {
    /// Notes the end of the living attempt, if there is one.
    pub(super) fn attempt_over(
        &mut self,
        ix: TaskIx,
        ended_as: TaskState,
        said: &str,
        at: DateTime<Utc>,
    ) {
        let task = &mut self.tasks[ix.at()];
        let Some(started_at) = task.started_at.filter(|_| task.state.is_active()) else { return };
        task.push_attempt(AttemptRecord {
            generation: task.generation,
            number: task.attempt,
            started_at,
            ended_at: at,
            ended_as,
            said: said.to_owned(),
        });
        task.recoveries = 0;
        let agent = &mut self.agents[self.briefs[ix.at()].agent.at()];
        if agent.took.len() >= AgentRun::TOOK_MAX {
            agent.took.pop_front();
        }
        agent.took.push_back(Span::between(&started_at, &at));
        match ended_as {
            TaskState::Completed => agent.done += 1,
            // A no is an answer, and no failure of whoever was asked.
            TaskState::Cancelled | TaskState::Skipped => {}
            TaskState::Failed
            | TaskState::Timeout
            | TaskState::Retrying
            | TaskState::InDoubt
            | TaskState::Pending
            | TaskState::Queued
            | TaskState::Running
            | TaskState::Held
            | TaskState::Cancelling
            | TaskState::UpstreamFailed
            | TaskState::Missed => {
                agent.failed += 1;
                task.failures += 1;
            }
        }
        if let Breaker::HalfOpen { probe } = &mut agent.breaker {
            // However the probe ended, another may follow while the breaker stays half open.
            *probe = probe.filter(|&probing| probing != ix);
        }
        if ended_as == TaskState::Retrying {
            self.retries.record_retry(at);
        }
        agent.unresponsive &= ended_as == TaskState::Cancelled;
        agent.last_answer = Some(at);
    }

    /// Takes up a task that was at work when the program ended. That is no failure of its agent.
    pub(super) fn taken_up(
        &mut self,
        ix: TaskIx,
        recovery: u32,
        again_at: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) {
        let agent = self.briefs[ix.at()].agent.at();
        let task = &mut self.tasks[ix.at()];
        task.recoveries = recovery;
        if again_at.is_none() {
            return;
        }
        task.push_attempt(AttemptRecord {
            generation: task.generation,
            number: task.attempt,
            started_at: task.started_at.unwrap_or(task.since),
            ended_at: at,
            ended_as: TaskState::Retrying,
            said: "the program ended".to_owned(),
        });
        task.next_at = again_at;
        task.budget_from += 1;
        if let Breaker::HalfOpen { probe } = &mut self.agents[agent].breaker {
            *probe = probe.filter(|&probing| probing != ix);
        }
        self.move_task(ix, TaskState::Retrying, at);
    }
}
