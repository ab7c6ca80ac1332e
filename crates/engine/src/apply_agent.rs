//! Folding of what happens to an agent: its errors and its breaker.

use super::{
    agent_run::{AgentRun, Breaker},
    event::Event,
    event_types::RecordedEvent,
    run_state::RunState,
};

impl RunState {
    pub(super) fn apply_agent(&mut self, recorded: &RecordedEvent) {
        let Some(ix) = recorded.event.agent() else { return };
        let horizon = recorded.at - self.plan.limits.breaker_window.to_delta();
        let agent = &mut self.agents[ix.at()];
        match &recorded.event {
            Event::AgentError { error, .. } => {
                agent.failures.retain(|&at| at > horizon);
                agent.failures.truncate(AgentRun::FAILURES_MAX - 1);
                agent.failures.push_back(recorded.at);
                agent.last_error = Some((recorded.at, error.clone()));
            }
            Event::BreakerOpened { until, .. } => {
                agent.failed_trials += u32::from(matches!(agent.breaker, Breaker::HalfOpen { .. }));
                agent.breaker = Breaker::Open { until: *until };
            }
            Event::BreakerHalfOpened { .. } => agent.breaker = Breaker::HalfOpen { probe: None },
            Event::BreakerClosed { .. } => {
                agent.breaker = Breaker::Closed;
                agent.failed_trials = 0;
                agent.failures.clear();
            }
            // `apply` sends nothing else here.
            events!(run, stage_end, stage_change, gate, notice, recovery, operator)
            | events!(task_end, task_move, task_note, task_probe, task_priority) => {}
        }
    }
}
