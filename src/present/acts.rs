//! What a person can do, in words: commands, waivers and gates with the names of their targets.

use super::words;
use crate::{
    engine::{Command, Finding, Gate, PauseMode, RetryScope, Waiver},
    plan::Plan,
};

/// A gate: `the engine`, `stage intraday`, `agent economist`.
#[must_use]
pub fn gate(gate: Gate, plan: &Plan) -> String {
    gate.words(plan)
}

/// A condition set aside: `window`, `dependency risk_check`, `pause of agent economist`.
#[must_use]
pub fn waiver(waiver: Waiver, plan: &Plan) -> String {
    match waiver {
        Waiver::Window => "window".into(),
        Waiver::Dependency(on) => format!("dependency {}", plan.task(on).id),
        Waiver::Freshness(on) => format!("freshness of {}", plan.task(on).id),
        Waiver::Gate(closed) => format!("pause of {}", gate(closed, plan)),
        Waiver::Breaker => "breaker".into(),
        Waiver::Condition => "condition".into(),
        Waiver::Hold => "hold".into(),
        Waiver::Attempts => "attempts".into(),
    }
}

/// Several, with commas; `nothing` for none.
#[must_use]
pub fn waivers(list: &[Waiver], plan: &Plan) -> String {
    if list.is_empty() {
        return "nothing".into();
    }
    list.iter().map(|&w| waiver(w, plan)).collect::<Vec<_>>().join(", ")
}

/// A command's verb, as in the audit and in `Why::verb`: `retry`, `run now`, `set ok`.
#[must_use]
pub const fn verb(command: &Command) -> &'static str {
    command.verb()
}

/// A command in words, with the name of its target: `pause agent economist`, `skip x (satisfies)`.
#[must_use]
pub fn command(command: &Command, plan: &Plan) -> String {
    let target =
        if let Command::Pause { gate: closed, .. } | Command::Resume { gate: closed } = command {
            gate(*closed, plan)
        } else if let Command::RetryFailed { stage } | Command::ForceStage { stage, .. } = command {
            format!("stage {}", plan.stage(*stage).id)
        } else {
            command.task().map(|ix| plan.task(ix).id.to_string()).unwrap_or_default()
        };
    let verb = verb(command);
    let rest = particulars(command, plan).map(|r| format!(" ({r})")).unwrap_or_default();
    format!("{verb} {target}").trim_end().to_owned() + &rest
}

/// What a command says beside verb and target.
fn particulars(command: &Command, plan: &Plan) -> Option<String> {
    match command {
        Command::Pause { mode, until, .. } => {
            let until = until.map(|at| format!("until {}", words::minute(at)));
            match (mode, until) {
                (PauseMode::Drain | PauseMode::Halt, until) => until,
                (PauseMode::SoftStop, None) => Some("soft-stop".into()),
                (PauseMode::SoftStop, Some(until)) => Some(format!("soft-stop, {until}")),
            }
        }
        Command::Retry { scope: RetryScope::WithBlocked, .. } => Some("with what it blocks".into()),
        Command::Force { waivers: list, .. } | Command::ForceStage { waivers: list, .. } => {
            Some(format!("waiving {}", waivers(list, plan)))
        }
        Command::Skip { satisfies: true, .. } => Some("satisfies dependants".into()),
        Command::Resolve { finding, .. } => Some(match finding {
            Finding::Happened { evidence } => format!("happened: {}", words::safe(evidence)),
            Finding::DidNotHappen => "did not happen".into(),
            Finding::Abandoned => "abandoned".into(),
        }),
        Command::SetPriority { priority, .. } => Some(priority.word().into()),
        Command::CatchUp { choice, tasks, left } => {
            let (made_up, let_go) = (tasks.len(), left.len());
            Some(format!("{choice}: {made_up} made up for, {let_go} let go"))
        }
        Command::Approve { terms, .. } => terms.words(),
        Command::Acknowledge { alert } => Some(format!("alert {alert}")),
        Command::Recover { paused: true } => Some("paused".into()),
        Command::Recover { paused: false }
        | Command::Probe { .. }
        | Command::Resume { .. }
        | Command::Hold { .. }
        | Command::Release { .. }
        | Command::Retry { scope: RetryScope::Task, .. }
        | Command::RetryFailed { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Skip { satisfies: false, .. }
        | Command::Unskip { .. }
        | Command::Cancel { .. }
        | Command::SetOk { .. }
        | Command::SetFailed { .. }
        | Command::Reject { .. }
        | Command::CancelRun
        | Command::Arm
        | Command::Disarm => None,
        Command::Tighten { to } | Command::Rearm { to } => Some(format!("to {to}")),
    }
}
