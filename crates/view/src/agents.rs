//! The agents: how each is, what it works on, how long it takes.

use chrono::{DateTime, Utc};

use super::format;
use engine::{AgentHealth, Breaker, RunState};
use planning::{
    id::AgentId,
    plan::{AgentIx, TaskIx},
    time::Span,
    workflow::EffectClass,
};

/// One agent as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Its place in the plan.
    pub ix: AgentIx,
    pub id: AgentId,
    /// How well it is; the word comes with it.
    pub health: AgentHealth,
    /// Tasks it works on.
    pub running: u32,
    /// Tasks it may work on at once.
    pub slots: u32,
    /// Attempts that ended well.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Half of its last attempts were shorter.
    pub p50: Option<Span>,
    /// All but a twentieth of its last attempts were shorter.
    pub p95: Option<Span>,
    /// `closed`, `closed 2/5`, `open 00:42`, `half-open`.
    pub breaker: String,
    /// The tasks it works on.
    pub tasks: Vec<TaskIx>,
    /// What it works on, in words: `quote_refresh 1/3`, several with commas, or `idle`.
    pub now: String,
    /// What it said last when it failed, with the time.
    pub last_error: Option<String>,
    /// How long ago it last answered, `-` if it never did.
    pub answered: String,
}

/// The agents of the desk, in order of name. A person whose word some tasks ask for is none.
#[must_use]
pub fn agents(run: &RunState, at: DateTime<Utc>) -> Vec<AgentRow> {
    with_work(run, at, active_tasks(run))
}

/// [`agents`], for who keeps account of the tasks at work: nothing is searched for them.
#[must_use]
pub fn with_work(
    run: &RunState,
    at: DateTime<Utc>,
    work: impl IntoIterator<Item = TaskIx>,
) -> Vec<AgentRow> {
    let mut busy: Vec<Vec<TaskIx>> = vec![Vec::new(); run.plan().agents.len()];
    for ix in work {
        if let Some(list) = busy.get_mut(run.plan().task(ix).agent.at()) {
            list.push(ix);
        }
    }
    program_agents(run)
        .map(|ix| row(run, at, ix, busy.get_mut(ix.at()).map(std::mem::take).unwrap_or_default()))
        .collect()
}

/// The agents that are programs: those left out do nothing but answer approvals. Only an agent
/// without a limit of slots can be a person, so that a large plan is not searched for the others.
pub fn program_agents(run: &RunState) -> impl Iterator<Item = AgentIx> + '_ {
    let plan = run.plan();
    let person = move |ix: AgentIx| {
        let mut own = plan.tasks.iter().filter(|task| task.agent == ix).peekable();
        plan.agent(ix).slots == u32::MAX
            && own.peek().is_some()
            && own.all(|task| task.effect == EffectClass::Human)
    };
    run.agents().map(|(ix, _)| ix).filter(move |&ix| !person(ix))
}

/// Returns how well an agent is at `at`: failures older than the window of its breaker are
/// forgotten.
#[must_use]
pub fn agent_health(run: &RunState, ix: AgentIx, at: DateTime<Utc>) -> AgentHealth {
    match run.agent_health(ix) {
        AgentHealth::Degraded if recent(run, ix, at) == 0 => AgentHealth::Healthy,
        health @ (AgentHealth::Healthy
        | AgentHealth::Degraded
        | AgentHealth::Unresponsive
        | AgentHealth::Paused
        | AgentHealth::BreakerOpen
        | AgentHealth::BreakerHalfOpen) => health,
    }
}

/// Failures within the window of the breaker.
fn recent(run: &RunState, ix: AgentIx, at: DateTime<Utc>) -> usize {
    let horizon = at - run.plan().limits.breaker_window.to_delta();
    run.agent(ix).failures.iter().filter(|&&when| when > horizon).count()
}

/// The tasks at work, those that ask a person left out, in the order of the plan. Stops looking
/// once all are found.
#[must_use]
pub fn active_tasks(run: &RunState) -> Vec<TaskIx> {
    let at_work =
        run.tasks().filter(|(ix, task)| task.state.is_active() && !run.is_human_task(*ix));
    let count = usize::try_from(run.slots_used()).unwrap_or(usize::MAX);
    at_work.map(|(ix, _)| ix).take(count).collect()
}

fn row(run: &RunState, at: DateTime<Utc>, ix: AgentIx, tasks: Vec<TaskIx>) -> AgentRow {
    let (planned, agent) = (run.plan().agent(ix), run.agent(ix));
    AgentRow {
        ix,
        id: planned.id.clone(),
        health: agent_health(run, ix, at),
        running: agent.running,
        slots: planned.slots,
        done: agent.done,
        failed: agent.failed,
        p50: agent.duration_quantile(0.5),
        p95: agent.duration_quantile(0.95),
        breaker: breaker(run, ix, at),
        now: current_tasks(run, &tasks),
        tasks,
        last_error: agent.last_error.as_ref().map(|(when, said)| {
            format!("{} {}", format::format_time(*when), format::sanitize(said))
        }),
        answered: agent.last_answer.map_or_else(|| "-".into(), |when| format::format_age(when, at)),
    }
}

/// See [`AgentRow::breaker`].
fn breaker(run: &RunState, ix: AgentIx, at: DateTime<Utc>) -> String {
    let (agent, limits) = (run.agent(ix), &run.plan().limits);
    match agent.breaker {
        Breaker::Open { until } => format!("open {}", format::format_age(at, until)),
        Breaker::HalfOpen { .. } => "half-open".into(),
        Breaker::Closed => match recent(run, ix, at) {
            0 => "closed".into(),
            recent => format!("closed {recent}/{}", limits.breaker_failures),
        },
    }
}

/// See [`AgentRow::now`].
fn current_tasks(run: &RunState, tasks: &[TaskIx]) -> String {
    let one = |&ix: &TaskIx| {
        format!("{} {}", run.plan().task(ix).id, super::task_row::attempt_text(run, ix))
    };
    match tasks {
        [] => "idle".into(),
        [single] => one(single),
        several => several.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, exchange_time};

    #[test]
    fn agents_say_how_they_are_and_what_they_do() {
        let day = sample::every_state();
        let rows: Vec<_> = agents(day.run(), exchange_time("10:42:07"))
            .into_iter()
            .map(|a| {
                let p50 = a.p50.map_or("-".into(), format::format_duration);
                let error = a.last_error.unwrap_or_default();
                format!(
                    "{} {} {}/{} {} {} {p50} {} [{}] {} <{error}>",
                    a.id,
                    a.health.as_str(),
                    a.running,
                    a.slots,
                    a.done,
                    a.failed,
                    a.breaker,
                    a.now,
                    a.answered
                )
            })
            .collect();
        insta::assert_snapshot!(rows.join("\n"), @r#"
        economist HEALTHY 2/2 0 0 - closed [t_running 1/1, t_cancelling 1/1] - <>
        portfolio_manager DEGRADED 0/9 1 3 3m00s closed 2/5 [idle] 7s <10:42:00 LLM 429>
        trade_execution HEALTHY 0/9 0 1 2m00s closed [idle] 10m07s <10:32:00 no word from the broker>
        "#);
    }
}
