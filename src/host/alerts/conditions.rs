//! What of a run somebody outside of the terminal should hear, as its state says it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::message::{AlertMessage, AlertStatus};
use engine::{
    AgentHealth, Alert, AlertSeverity, OrchestrationEvent, RunState, RunStatus, StageStatus,
    TaskState, TradingState, control::CommandVerb,
};
use planning::plan::TaskIx;
use view::{
    alerts::{alert_label, alert_rows, approval_rows},
    why::state_reasons,
};

/// The runbook of each kind that has one.
const RUNBOOKS: [(&str, &str); 11] = [
    ("approval", "BellwetherOperatorNeeded"),
    ("breaker_opened", "BellwetherAgentUnhealthy"),
    ("component_health", "BellwetherComponentFailed"),
    ("gate_closed", "BellwetherTradingStopped"),
    ("journal_unavailable", "BellwetherComponentFailed"),
    ("run_failed", "BellwetherTaskFailed"),
    ("stage_failed", "BellwetherTaskFailed"),
    ("task_failed", "BellwetherTaskFailed"),
    ("task_in_doubt", "BellwetherOrderUnknown"),
    ("task_timed_out", "BellwetherTaskFailed"),
    ("trading_changed", "BellwetherTradingStopped"),
];

/// The runbook of a kind of alert, as a path of the documentation.
pub(crate) fn runbook_of(kind: &str) -> Option<String> {
    let (_, page) = RUNBOOKS.iter().find(|(known, _)| *known == kind)?;
    Some(format!("docs/runbooks/{page}.md"))
}

/// Returns every alert of a run with what it is now, oldest first.
pub(crate) fn run_conditions(run: &RunState, at: DateTime<Utc>) -> Vec<AlertMessage> {
    let mut rows = alert_rows(run);
    rows.sort_by_key(|row| row.seq);
    let alerts = rows.into_iter().filter_map(|row| {
        let alert = run.alerts().get(&row.seq)?;
        let status = status_of(run, alert);
        let (command, console_key) = fix_of(run, alert, row.seq, at);
        let plan = run.plan();
        Some(AlertMessage {
            status,
            severity: alert.severity,
            since: alert.at,
            task: alert.task.map(|ix| plan.task(ix).id.to_string()),
            agent: agent_of(run, alert),
            stage: alert.stage.map(|ix| plan.stage(ix).id.to_string()),
            alert: Some(row.name.clone()),
            count: alert.repeated.map_or(1, |(again, _)| again.saturating_add(1)),
            command: Some(command),
            console_key: Some(console_key),
            ..message(run, (alert.kind.name(), &row.name), alert_text(&row.text))
        })
    });
    let approvals = approval_rows(run, at).into_iter().map(|row| {
        let generation = run.task(row.ix).since.timestamp_millis();
        AlertMessage {
            severity: AlertSeverity::Warning,
            since: row.since,
            task: Some(row.id.to_string()),
            command: Some(format!("bellwether approve {} \"reason\"", row.id)),
            console_key: Some("a".into()),
            ..message(run, ("approval", &format!("{}-{generation}", row.id)), row.text.clone())
        }
    });
    let failed = match run.status() {
        RunStatus::Failed(why) => Some(AlertMessage {
            severity: AlertSeverity::Critical,
            since: run.last_event_at(),
            command: Some(format!("bellwether events {}", run.plan().run)),
            ..message(run, ("run_failed", "end"), format!("the run failed: {why}"))
        }),
        RunStatus::Running | RunStatus::Completed(_) | RunStatus::Cancelled => None,
    };
    alerts.chain(approvals).chain(failed).collect()
}

/// Returns the alert of a journal that takes no events.
pub(crate) fn journal_condition(run: &RunState, why: &str) -> AlertMessage {
    AlertMessage {
        severity: AlertSeverity::Critical,
        command: Some("bellwether health --component journal".into()),
        ..message(run, ("journal_unavailable", "journal"), format!("journal unavailable: {why}"))
    }
}

/// Returns the alert of a component whose health changed, from the data of its bus message.
pub(crate) fn component_condition(run: &RunState, data: &Value) -> Option<AlertMessage> {
    let now = data.get("now")?;
    let word = |name: &str| now.get(name).and_then(Value::as_str);
    let (component, state) = (word("component")?, word("state")?);
    let detail = view::format::sanitize(word("detail")?).into_owned();
    let (status, severity) = match state {
        "ok" => (AlertStatus::Resolved, AlertSeverity::Warning),
        "degraded" => (AlertStatus::Firing, AlertSeverity::Warning),
        _failed => (AlertStatus::Firing, AlertSeverity::Critical),
    };
    Some(AlertMessage {
        status,
        severity,
        command: Some(format!("bellwether health --component {component}")),
        ..message(run, ("component_health", component), format!("{component} is {state}: {detail}"))
    })
}

fn message(run: &RunState, (kind, name): (&str, &str), text: String) -> AlertMessage {
    let id = &run.plan().run;
    AlertMessage {
        key: format!("{id}/{kind}/{name}"),
        status: AlertStatus::Firing,
        severity: AlertSeverity::Info,
        kind: kind.into(),
        text,
        since: run.last_event_at(),
        run: id.to_string(),
        mode: run.plan().mode.to_string(),
        task: None,
        agent: None,
        stage: None,
        alert: None,
        count: 1,
        command: None,
        console_key: None,
        runbook: runbook_of(kind),
    }
}

/// The text of a row without the count of repetitions, which has a field of its own.
fn alert_text(text: &str) -> String {
    let cut = text.rfind(" (").filter(|at| text[*at..].contains(" times, last "));
    cut.map_or(text, |at| &text[..at]).to_owned()
}

fn agent_of(run: &RunState, alert: &Alert) -> Option<String> {
    let of_task = || alert.task.map(|ix| run.plan().task(ix).agent);
    alert.agent.or_else(of_task).map(|ix| run.plan().agent(ix).id.to_string())
}

/// What an alert is now: resolved once its subject is well again. One without a subject is resolved by
/// its acknowledgement alone.
fn status_of(run: &RunState, alert: &Alert) -> AlertStatus {
    let well = if let Some(ix) = alert.task {
        let done = [TaskState::Completed, TaskState::Skipped, TaskState::Cancelled];
        Some(done.contains(&run.task(ix).state))
    } else if let Some(ix) = alert.stage {
        let status = run.stage(ix).status;
        Some(matches!(status, StageStatus::Completed | StageStatus::CompletedWithIssues))
    } else if let Some(ix) = alert.agent {
        let health = run.agent_health(ix);
        Some(!matches!(health, AgentHealth::BreakerOpen | AgentHealth::BreakerHalfOpen))
    } else if alert.kind == OrchestrationEvent::TradingChanged {
        Some(run.trading_status().state == TradingState::Active)
    } else {
        None
    };
    match (well, alert.acked.is_some()) {
        (Some(true), _) | (None, true) => AlertStatus::Resolved,
        (Some(false), true) => AlertStatus::Acknowledged,
        (Some(false) | None, false) => AlertStatus::Firing,
    }
}

/// The command and the key that help: with the task, with trading, or else the acknowledgement.
fn fix_of(run: &RunState, alert: &Alert, seq: u64, at: DateTime<Utc>) -> (String, String) {
    if let Some((verb, on)) = alert.task.and_then(|ix| task_fix(run, ix, at)) {
        let id = &run.plan().task(on).id;
        return (format!("bellwether {} {id} \"reason\"", verb.as_str()), console_key(verb).into());
    }
    if let Some(ix) = alert.stage {
        let verb = CommandVerb::RetryStage;
        let id = &run.plan().stage(ix).id;
        return (format!("bellwether {} {id} \"reason\"", verb.as_str()), console_key(verb).into());
    }
    if alert.agent.is_some() {
        return ("bellwether status".into(), "4".into());
    }
    if alert.kind == OrchestrationEvent::TradingChanged {
        return ("bellwether re-enable".into(), console_key(CommandVerb::ReEnable).into());
    }
    (
        format!("bellwether acknowledge {} \"reason\"", alert_label(seq)),
        console_key(CommandVerb::Acknowledge).into(),
    )
}

fn task_fix(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Option<(CommandVerb, TaskIx)> {
    let reasons = state_reasons(run, ix, at);
    reasons.into_iter().find_map(|why| Some((why.verb?, why.on.unwrap_or(ix))))
}

/// The key of a verb in the default keymap; `:` opens the command line for those without one.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other verbs are on the command line")]
pub(crate) const fn console_key(verb: CommandVerb) -> &'static str {
    match verb {
        CommandVerb::Retry | CommandVerb::Rerun => "r",
        CommandVerb::RetryDownstream => "R",
        CommandVerb::Approve | CommandVerb::Reject | CommandVerb::Acknowledge => "a",
        CommandVerb::ReEnable | CommandVerb::ReduceOnly | CommandVerb::Kill => "K",
        CommandVerb::Resolve | CommandVerb::SetCompleted | CommandVerb::SetFailed => "M",
        CommandVerb::Probe => "o",
        CommandVerb::Hold | CommandVerb::Release => "H",
        CommandVerb::Skip | CommandVerb::SkipSatisfied | CommandVerb::Unskip => "x",
        CommandVerb::Cancel => "c",
        CommandVerb::Force => "F",
        CommandVerb::ForceStage => "X",
        CommandVerb::RunNow => "b",
        CommandVerb::Pause | CommandVerb::Resume => "P",
        _on_the_command_line => ":",
    }
}
