//! What does not keep a task from running: named beside its reasons, so that nobody looks there.

use chrono::{DateTime, Utc};

use super::format;
use engine::{AgentHealth, Gate, RunState, TaskState};
use planning::plan::TaskIx;

/// Returns what a waiting task would pass now: `slots 4/5`, `window 10:30–15:00`, `engine not paused`,
/// `agent trade_execution ok`. Nothing of a task that is at work or over.
#[must_use]
pub fn clear(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<String> {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let waits = matches!(
        task.state,
        TaskState::Pending
            | TaskState::Queued
            | TaskState::Retrying
            | TaskState::Held
            | TaskState::UpstreamFailed
    );
    if !waits {
        return Vec::new();
    }
    let most = run.plan().limits.max_concurrent_tasks;
    let agent = &run.plan().agent(planned.agent).id;
    let fit =
        matches!(run.agent_health(planned.agent), AgentHealth::Healthy | AgentHealth::Degraded);
    let window = (planned.opens_at..planned.closes_at).contains(&at);
    let (opens, closes) =
        (format::format_minute(planned.opens_at), format::format_minute(planned.closes_at));
    [
        (run.slots_used() < most).then(|| format!("slots {}/{most}", run.slots_used())),
        window.then(|| format!("window {opens}–{closes}")),
        (!run.closed_gates().contains_key(&Gate::Engine)).then(|| "engine not paused".to_owned()),
        fit.then(|| format!("agent {agent} ok")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Command, PauseMode};
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn only_what_is_open_to_a_waiting_task_is_named() {
        let mut later = task("later", 2);
        later.opens_at = exchange_time("14:45");
        let mut day = SampleRun::start(sample::sample_plan(vec![later, task("runs", 2)]), "10:30");
        let named =
            |day: &SampleRun, ix, time| clear(day.run(), TaskIx(ix), exchange_time(time)).join(" ");
        assert_eq!(named(&day, 0, "10:40"), "slots 1/5 engine not paused agent economist ok");
        assert_eq!(named(&day, 1, "10:40"), "", "what runs is kept by nothing");
        let (gate, mode) = (Gate::Engine, PauseMode::Drain);
        day.order("10:31", Command::Pause { gate, mode, until: None }, "stop");
        assert_eq!(named(&day, 0, "14:50"), "slots 1/5 window 14:45–15:00 agent economist ok");
    }
}
