//! Rules that select the events to audit and derive the content of their entries.

use serde::Serialize;
use serde_json::{Value, json};

use super::entry::{ActorType, EntryDraft, sha256};
use engine::{Actor, Command, Event, Provenance, RecordedEvent, ResetCause, TaskState};
use planning::{
    plan::{AgentIx, DayPlan, StageIx, TaskIx},
    workflow::EffectClass,
};

/// The actor of events for which no command is known as the cause.
pub(super) const ENGINE: &str = "engine";

/// Version of the rules. A trail can only be compared with events by a program with the same
/// version.
pub const RULES: u32 = 2;
/// The first version whose entries say which kind of actor acted.
pub(super) const TYPED_ACTORS: u32 = 2;

/// Returns the entry of an event, if it is an operator's command or an automatic decision.
///
/// A single event does not name the command that caused it, and often not the state before;
/// [`super::EntryObserver`], which sees all events, adds both.
#[must_use]
pub fn entry_of(recorded: &RecordedEvent, plan: &DayPlan) -> Option<EntryDraft> {
    let told = entry_content(recorded, plan)?;
    Some(EntryDraft {
        ts_utc: recorded.at,
        run: plan.run.clone(),
        event_seq: Some(recorded.seq),
        actor: told.actor.as_ref().map_or_else(|| ENGINE.into(), ToString::to_string),
        actor_type: Some(told.actor.as_ref().map_or(ActorType::Engine, ActorType::from)),
        kind: recorded.event.kind_name().into(),
        subject: told.subject,
        before: told.before,
        after: told.after,
        reason: told.reason,
        cause_seq: told.cause,
    })
}

/// The content that an event yields by itself.
#[derive(Default)]
struct EntryContent {
    actor: Option<Actor>,
    subject: String,
    before: Option<Value>,
    after: Option<Value>,
    reason: Option<String>,
    cause: Option<u64>,
}

impl EntryContent {
    fn new(subject: impl Into<String>, after: Value) -> Self {
        Self { subject: subject.into(), after: Some(after), ..Self::default() }
    }

    fn with_actor(self, actor: &Actor) -> Self {
        Self { actor: Some(actor.clone()), ..self }
    }

    fn from(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    fn with_reason(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

fn entry_content(recorded: &RecordedEvent, plan: &DayPlan) -> Option<EntryContent> {
    let event = &recorded.event;
    match event {
        Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowFailed { .. }
        | Event::WorkflowCancelled
        | Event::WorkflowTimedOut { .. } => run(event),
        Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageMoving { .. }
        | Event::StageForced { .. } => stage(event, plan),
        Event::RecoveryStarted { .. } | Event::RecoveryCompleted => Some(recovery(event)),
        Event::GateClosed { .. }
        | Event::GateOpened { .. }
        | Event::BreakerOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => gate(event, plan),
        Event::CommandAccepted { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::TradingChanged { .. }
        | Event::ExitRequested { .. }
        | Event::CommandRefused { .. } => person(event, plan),
        Event::SystemAlert { severity, code, text } => {
            let after = json!({ "severity": severity, "code": code });
            let told = EntryContent::new(format!("alert {}", recorded.seq), after);
            Some(told.with_reason(Some(text.clone())))
        }
        Event::TaskStarted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskFailed { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskInDoubt { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskMissed { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskExcused { .. }
        | Event::TaskRecovered { .. }
        | Event::TaskProbeCompleted { .. }
        | Event::TaskForced { .. }
        | Event::TaskPriorityChanged { .. }
        | Event::LateResult { .. } => task(event, event.task()?, plan),
        // Events that only follow from audited ones, and that nobody decided, are not audited.
        Event::StageStarted { .. }
        | Event::TaskQueued { .. }
        | Event::TaskDequeued { .. }
        | Event::TaskRoundCompleted { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskProgress { .. }
        | Event::TaskProbeStarted { .. }
        | Event::AgentError { .. }
        | Event::MarketEvent { .. } => None,
        Event::OrdersCancelled { withdrawn, working } => Some(EntryContent::new(
            "own orders",
            json!({ "withdrawn": withdrawn, "working": working }),
        )),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn run(event: &Event) -> Option<EntryContent> {
    Some(match event {
        Event::WorkflowStarted { plan } => {
            EntryContent::new("run", json!({ "plan_sha256": plan_hash(plan), "day": plan.day }))
        }
        Event::WorkflowCompleted { end } => EntryContent::new("run", as_event_word(end)),
        Event::WorkflowFailed { why } => {
            EntryContent::new("run", "failed".into()).with_reason(Some(why.clone()))
        }
        Event::WorkflowCancelled => EntryContent::new("run", "cancelled".into()),
        Event::WorkflowTimedOut { since } => {
            EntryContent::new("run", json!({ "given_up": "workflow_timeout", "since": since }))
        }
        _of_no_run => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn stage(event: &Event, plan: &DayPlan) -> Option<EntryContent> {
    let told = |ix: &StageIx, after: Value| Some(EntryContent::new(stage_of(plan, *ix), after));
    match event {
        Event::StageCompleted { stage, issues } => {
            told(stage, json!({ "status": "completed", "issues": issues }))
        }
        Event::StageFailed { stage, issues } => {
            told(stage, json!({ "status": "failed", "issues": issues }))
        }
        Event::StageMissed { stage } => told(stage, json!({ "status": "missed" })),
        Event::StageStuck { stage } => told(stage, json!({ "stuck": true })),
        Event::StageMoving { stage } => told(stage, json!({ "stuck": false })),
        Event::StageForced { stage, waivers } => told(stage, json!({ "waived": waivers })),
        _of_no_stage => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn gate(event: &Event, plan: &DayPlan) -> Option<EntryContent> {
    Some(match event {
        Event::GateClosed { gate, mode, until, by } => {
            let after = json!({ "closed": mode, "until": until });
            let told = EntryContent::new(gate.describe(plan), after).from("open".into());
            told.with_reason(Some(by.clone()))
        }
        Event::GateOpened { gate } => {
            EntryContent::new(gate.describe(plan), "open".into()).from("closed".into())
        }
        Event::BreakerOpened { agent, until } => {
            EntryContent::new(agent_of(plan, *agent), json!({ "breaker": "open", "until": until }))
        }
        Event::BreakerHalfOpened { agent } => breaker(plan, *agent, "half open"),
        Event::BreakerClosed { agent } => breaker(plan, *agent, "closed"),
        _of_no_gate => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn person(event: &Event, plan: &DayPlan) -> Option<EntryContent> {
    Some(match event {
        // The id is written as text: it may exceed the numbers that some JSON parsers read exactly.
        Event::CommandAccepted { id, by, command, reason } => {
            let after = json!({ "command": command, "id": id.to_string() });
            EntryContent::new(target(command, plan), after)
                .with_actor(by)
                .with_reason(reason.clone())
        }
        Event::CommandRefused { by, command, refusal } => {
            let after = json!({ "command": command, "refused": refusal });
            let told = EntryContent::new(target(command, plan), after).with_actor(by);
            let told = EntryContent { before: refusal.state.map(as_event_word), ..told };
            told.with_reason(Some(refusal.to_string()))
        }
        Event::OperatorArmed { by, reason, from } => {
            let before = from.as_ref().map_or(Value::Null, |from| from.to_string().into());
            let told = EntryContent::new("armed operator", by.to_string().into()).with_actor(by);
            told.from(json!({ "armed": before })).with_reason(Some(reason.clone()))
        }
        Event::OperatorDisarmed { by, was } => EntryContent::new("armed operator", "nobody".into())
            .with_actor(by)
            .from(json!({ "armed": was.to_string() })),
        Event::AlertAcknowledged { alert, by, reason } => {
            let told =
                EntryContent::new(format!("alert {alert}"), "acknowledged".into()).with_actor(by);
            EntryContent { cause: Some(*alert), ..told.with_reason(reason.clone()) }
        }
        Event::TradingChanged { from, to, by, why } => {
            EntryContent::new("trading", as_event_word(to))
                .with_actor(by)
                .from(as_event_word(from))
                .with_reason(Some(why.clone()))
        }
        Event::ExitRequested { symbol, by, .. } => {
            let closes = symbol.as_deref().unwrap_or("every position");
            EntryContent::new("positions", json!({ "close": closes })).with_actor(by)
        }
        _machine => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn task(event: &Event, ix: TaskIx, plan: &DayPlan) -> Option<EntryContent> {
    let stands = |after: Value| EntryContent::new(task_of(plan, ix), after);
    let is = |state: TaskState| stands(as_event_word(state));
    Some(match event {
        Event::TaskSkipped { why, satisfies, .. } => {
            stands(json!({ "state": TaskState::Skipped, "satisfies": satisfies, "why": why }))
        }
        Event::TaskRejected { rejection, .. } => {
            let told = is(TaskState::Skipped).with_reason(rejection.reason.clone());
            EntryContent { actor: rejection.by.clone(), ..told }
        }
        Event::TaskHeld { by, .. } => is(TaskState::Held).with_reason(Some(by.clone())),
        Event::TaskReleased { .. } => is(TaskState::Pending).from(as_event_word(TaskState::Held)),
        Event::TaskReset { cause, .. } => match cause {
            ResetCause::Retry
            | ResetCause::Rerun
            | ResetCause::Unskip
            | ResetCause::OperatorResolved
            | ResetCause::ProbeFoundNothing
            | ResetCause::FoundUnfinished => {
                stands(json!({ "state": TaskState::Pending, "cause": cause }))
            }
            ResetCause::UpstreamChanged | ResetCause::Requeued => return None,
        },
        Event::TaskRecovered { attempt, recovery, again_at, .. } => {
            stands(json!({ "attempt": attempt, "recovery": recovery, "again_at": again_at }))
                .with_reason(Some("the program had ended".into()))
        }
        Event::TaskProbeCompleted { probe, probed, evidence, .. } => {
            let told = stands(json!({ "probe": probe, "answer": probed }));
            told.with_reason(Some(evidence.clone()))
        }
        Event::TaskCaughtUp { .. } => {
            stands(json!({ "state": TaskState::Pending, "caught_up": true }))
        }
        Event::TaskExcused { why, .. } => stands(json!({ "let_go": why.describe(plan) })),
        Event::TaskForced { waivers, .. } => stands(json!({ "waived": waivers })),
        Event::TaskPriorityChanged { priority, .. } => stands(json!({ "priority": priority })),
        Event::TaskCancelling { .. } => is(TaskState::Cancelling),
        Event::TaskCancelled { confirmed, .. } => {
            stands(json!({ "state": TaskState::Cancelled, "confirmed": confirmed }))
        }
        Event::TaskMissed { .. } => is(TaskState::Missed),
        _of_an_attempt => return attempt(event, ix, plan),
    })
}

/// Returns the content for the result of an attempt and the decision about the next one.
#[expect(clippy::wildcard_enum_match_arm, reason = "`entry_content` names every event")]
fn attempt(event: &Event, ix: TaskIx, plan: &DayPlan) -> Option<EntryContent> {
    let stands = |after: Value| EntryContent::new(task_of(plan, ix), after);
    let effect = plan.task(ix).effect;
    Some(match event {
        // Attempts of pure tasks can be repeated without harm and are not audited.
        Event::TaskStarted { .. } | Event::TaskCompleted { provenance: Provenance::Ran, .. }
            if effect == EffectClass::Pure =>
        {
            return None;
        }
        Event::TaskStarted { attempt, .. } => stands(json!({
            "state": TaskState::Running, "attempt": attempt, "effect": effect,
        })),
        Event::TaskCompleted { provenance, outcome, .. } => stands(json!({
            "state": TaskState::Completed, "provenance": provenance, "quality": outcome.quality,
            "plan_hash": outcome.plan_hash(),
            "output_sha256": sha256(&outcome.output.to_string()),
        }))
        .with_reason(Some(outcome.summary.clone())),
        Event::TaskRetrying { attempt, failure, retry_at, .. } => stands(json!({
            "state": TaskState::Retrying, "failed_attempt": attempt, "failure": failure.kind,
            "retry_at": retry_at,
        }))
        .with_reason(Some(failure.message.clone())),
        Event::TaskFailed { failure, why, .. } => stands(json!({
            "state": TaskState::Failed, "failure": failure.kind, "why": why,
        }))
        .with_reason(Some(failure.message.clone())),
        Event::TaskTimedOut { clock, .. } => {
            stands(json!({ "state": TaskState::Timeout, "clock": clock }))
        }
        Event::TaskInDoubt { failure, .. } => {
            stands(as_event_word(TaskState::InDoubt)).with_reason(Some(failure.message.clone()))
        }
        Event::LateResult { attempt, said, .. } => {
            stands(json!({ "late_answer_of_attempt": attempt })).with_reason(Some(said.clone()))
        }
        _decided_by_nobody => return None,
    })
}

fn recovery(event: &Event) -> EntryContent {
    if let Event::RecoveryStarted { number, wall } = event {
        let after = json!({ "recovering": true, "recovery": number, "wall": wall });
        return EntryContent::new("run", after);
    }
    EntryContent::new("run", json!({ "recovering": false })).from(json!({ "recovering": true }))
}

fn breaker(plan: &DayPlan, agent: AgentIx, after: &str) -> EntryContent {
    EntryContent::new(agent_of(plan, agent), json!({ "breaker": after }))
}

/// Returns the subject of a command, by name: indices of a plan mean nothing in a trail.
fn target(command: &Command, plan: &DayPlan) -> String {
    if let Command::Pause { gate, .. } | Command::Resume { gate } = command {
        gate.describe(plan)
    } else if let Command::RetryStage { stage } | Command::ForceStage { stage, .. } = command {
        stage_of(plan, *stage)
    } else if let Command::Acknowledge { alert } = command {
        format!("alert {alert}")
    } else {
        command.task().map_or_else(|| "run".into(), |ix| task_of(plan, ix))
    }
}

// A refused command may have an index that the plan does not have.

fn task_of(plan: &DayPlan, ix: TaskIx) -> String {
    let id = plan.tasks.get(ix.at()).map(|task| task.id.as_str());
    format!("task {}", id.unwrap_or("unknown"))
}

fn stage_of(plan: &DayPlan, ix: StageIx) -> String {
    let id = plan.stages.get(ix.at()).map(|stage| stage.id.as_str());
    format!("stage {}", id.unwrap_or("unknown"))
}

fn agent_of(plan: &DayPlan, ix: AgentIx) -> String {
    let id = plan.agents.get(ix.at()).map(|agent| agent.id.as_str());
    format!("agent {}", id.unwrap_or("unknown"))
}

/// Returns the SHA-256 of the plan as JSON, or an error text.
fn plan_hash(plan: &DayPlan) -> String {
    serde_json::to_string(plan).map_or_else(|error| error.to_string(), |text| sha256(&text))
}

/// Returns a value of the engine in the form in which events serialize it.
pub(super) fn as_event_word(word: impl Serialize) -> Value {
    serde_json::to_value(word).unwrap_or_else(|error| error.to_string().into())
}
