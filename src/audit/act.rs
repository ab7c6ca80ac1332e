//! Which events are acts of a person or decisions of the machine, and what is entered of each.

use serde::Serialize;
use serde_json::{Value, json};

use super::entry::{Draft, sha256};
use crate::{
    engine::{
        Actor, Command, Event, NoRetry, Provenance, Recorded, ResetCause, RunState, SkipWhy,
        TaskState,
    },
    plan::{AgentIx, Plan, StageIx, TaskIx},
};

/// Who is entered for what no command is known to have brought about.
const ENGINE: &str = "engine";

/// The entry of an event, if it is an act of a person or a decision of the machine. `after` is the
/// run after the event, or after the whole step it belongs to.
///
/// An event alone does not tell which command brought it about, nor how things stood before unless
/// it says so itself; [`super::Observer`], which sees all events, adds both.
#[must_use]
pub fn entry_of(recorded: &Recorded, after: &RunState) -> Option<Draft> {
    let plan = after.plan();
    let told = told(&recorded.event, plan)?;
    Some(Draft {
        ts_utc: recorded.at,
        run: plan.run.clone(),
        event_seq: Some(recorded.seq),
        actor: told.actor.unwrap_or_else(|| ENGINE.into()),
        kind: recorded.event.name().into(),
        subject: told.subject,
        before: told.before,
        after: told.after,
        reason: told.reason,
        cause_seq: told.cause,
    })
}

/// What an event tells of itself.
#[derive(Default)]
struct Told {
    actor: Option<String>,
    subject: String,
    before: Option<Value>,
    after: Option<Value>,
    reason: Option<String>,
    cause: Option<u64>,
}

impl Told {
    fn of(subject: impl Into<String>, after: Value) -> Self {
        Self { subject: subject.into(), after: Some(after), ..Self::default() }
    }

    fn by(self, actor: &Actor) -> Self {
        Self { actor: Some(actor.to_string()), ..self }
    }

    fn from(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    fn since(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

fn told(event: &Event, plan: &Plan) -> Option<Told> {
    match event {
        Event::WorkflowStarted { plan } => {
            Some(Told::of("run", json!({ "plan_sha256": plan_hash(plan), "day": plan.day })))
        }
        Event::WorkflowCompleted { end } => Some(Told::of("run", written(end))),
        Event::WorkflowFailed { why } => {
            Some(Told::of("run", "failed".into()).since(Some(why.clone())))
        }
        Event::WorkflowCancelled => Some(Told::of("run", "cancelled".into())),
        Event::StageForced { stage, waivers } => {
            Some(Told::of(stage_of(plan, *stage), json!({ "waived": waivers })))
        }
        Event::GateClosed { gate, mode, until, by } => {
            let after = json!({ "closed": mode, "until": until });
            let told = Told::of(gate.words(plan), after).from("open".into());
            Some(told.since(Some(by.clone())))
        }
        Event::GateOpened { gate } => {
            Some(Told::of(gate.words(plan), "open".into()).from("closed".into()))
        }
        Event::BreakerOpened { agent, until } => {
            Some(Told::of(agent_of(plan, *agent), json!({ "breaker": "open", "until": until })))
        }
        Event::BreakerHalfOpened { agent } => Some(breaker(plan, *agent, "half open")),
        Event::BreakerClosed { agent } => Some(breaker(plan, *agent, "closed")),
        Event::OperatorActed { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::CommandRefused { .. } => person(event, plan),
        Event::TaskCompleted { .. }
        | Event::TaskFailed { .. }
        | Event::TaskInDoubt { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskLeft { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPrioritySet { .. } => task(event, event.task()?, plan),
        Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageUnstuck { .. }
        | Event::TaskQueued { .. }
        | Event::TaskUnqueued { .. }
        | Event::TaskStarted { .. }
        | Event::TaskTicked { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskMissed { .. }
        | Event::TaskProgress { .. }
        | Event::LateResult { .. }
        | Event::AgentError { .. }
        | Event::SystemAlert { .. }
        | Event::MarketEvent { .. } => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`told` names every event")]
fn person(event: &Event, plan: &Plan) -> Option<Told> {
    Some(match event {
        // The id is text: it may be larger than what some readers of JSON read whole.
        Event::OperatorActed { id, by, command, reason } => {
            let after = json!({ "command": command, "id": id.to_string() });
            Told::of(target(command, plan), after).by(by).since(reason.clone())
        }
        Event::CommandRefused { by, command, refusal } => {
            let after = json!({ "command": command, "refused": refusal });
            let told = Told::of(target(command, plan), after).by(by);
            let told = Told { before: refusal.state.map(written), ..told };
            told.since(Some(refusal.to_string()))
        }
        Event::OperatorArmed { by, reason, from } => {
            let before = from.as_ref().map_or(Value::Null, |from| from.to_string().into());
            let told = Told::of("armed operator", by.to_string().into()).by(by);
            told.from(json!({ "armed": before })).since(Some(reason.clone()))
        }
        Event::OperatorDisarmed { by, was } => Told::of("armed operator", "nobody".into())
            .by(by)
            .from(json!({ "armed": was.to_string() })),
        Event::AlertAcknowledged { alert, by, reason } => {
            let told = Told::of(format!("alert {alert}"), "acknowledged".into()).by(by);
            Told { cause: Some(*alert), ..told.since(reason.clone()) }
        }
        _machine => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`told` names every event")]
fn task(event: &Event, ix: TaskIx, plan: &Plan) -> Option<Told> {
    let stands = |after: Value| Told::of(task_of(plan, ix), after);
    let is = |state: TaskState| stands(written(state));
    Some(match event {
        Event::TaskCompleted { provenance: Provenance::Ran, .. } => return None,
        Event::TaskCompleted { provenance, outcome, .. } => {
            let after = json!({ "state": TaskState::Completed, "provenance": provenance });
            stands(after).since(Some(outcome.summary.clone()))
        }
        Event::TaskFailed { failure, why: NoRetry::Operator, .. } => {
            is(TaskState::Failed).since(Some(failure.message.clone()))
        }
        Event::TaskInDoubt { failure, .. } => {
            is(TaskState::InDoubt).since(Some(failure.message.clone()))
        }
        Event::TaskSkipped { why: SkipWhy::Operator, satisfies, .. } => {
            stands(json!({ "state": TaskState::Skipped, "satisfies": satisfies }))
        }
        Event::TaskRejected { rejection, .. } => {
            let told = is(TaskState::Skipped).since(rejection.reason.clone());
            Told { actor: rejection.by.as_ref().map(ToString::to_string), ..told }
        }
        Event::TaskHeld { by, .. } => is(TaskState::Held).since(Some(by.clone())),
        Event::TaskReleased { .. } => is(TaskState::Pending).from(written(TaskState::Held)),
        Event::TaskReset { cause, .. } => match cause {
            ResetCause::Retry
            | ResetCause::Rerun
            | ResetCause::Unskip
            | ResetCause::ProvenAbsent => {
                stands(json!({ "state": TaskState::Pending, "cause": cause }))
            }
            ResetCause::UpstreamChanged | ResetCause::Requeued => return None,
        },
        Event::TaskCaughtUp { .. } => {
            stands(json!({ "state": TaskState::Pending, "caught_up": true }))
        }
        Event::TaskLeft { why, .. } => stands(json!({ "let_go": why.words(plan) })),
        Event::TaskForced { waivers, .. } => stands(json!({ "waived": waivers })),
        Event::TaskPrioritySet { priority, .. } => stands(json!({ "priority": priority })),
        _decided_by_nobody => return None,
    })
}

fn breaker(plan: &Plan, agent: AgentIx, after: &str) -> Told {
    Told::of(agent_of(plan, agent), json!({ "breaker": after }))
}

/// What a command is about, by name: places of a plan mean nothing in a trail.
fn target(command: &Command, plan: &Plan) -> String {
    if let Command::Pause { gate, .. } | Command::Resume { gate } = command {
        gate.words(plan)
    } else if let Command::RetryFailed { stage } | Command::ForceStage { stage, .. } = command {
        stage_of(plan, *stage)
    } else if let Command::Acknowledge { alert } = command {
        format!("alert {alert}")
    } else {
        command.task().map_or_else(|| "run".into(), |ix| task_of(plan, ix))
    }
}

// A refused command may name a place that the plan does not have.

fn task_of(plan: &Plan, ix: TaskIx) -> String {
    let id = plan.tasks.get(ix.at()).map(|task| task.id.as_str());
    format!("task {}", id.unwrap_or("unknown"))
}

fn stage_of(plan: &Plan, ix: StageIx) -> String {
    let id = plan.stages.get(ix.at()).map(|stage| stage.id.as_str());
    format!("stage {}", id.unwrap_or("unknown"))
}

fn agent_of(plan: &Plan, ix: AgentIx) -> String {
    let id = plan.agents.get(ix.at()).map(|agent| agent.id.as_str());
    format!("agent {}", id.unwrap_or("unknown"))
}

/// SHA-256 of the plan as JSON, or why it has none.
fn plan_hash(plan: &Plan) -> String {
    serde_json::to_string(plan).map_or_else(|error| error.to_string(), |text| sha256(&text))
}

/// A word of the engine as its events write it.
pub(super) fn written(word: impl Serialize) -> Value {
    serde_json::to_value(word).unwrap_or_else(|error| error.to_string().into())
}
