//! What a person can do, in words: commands, waivers and gates with the names of their targets.

use super::format;
use engine::{Command, Gate, PauseMode, Resolution, Waiver};
use planning::plan::DayPlan;

/// A gate: `the engine`, `stage intraday`, `agent economist`.
#[must_use]
pub fn gate_text(gate: Gate, plan: &DayPlan) -> String {
    gate.describe(plan)
}

/// A condition set aside: `window`, `dependency risk_check`, `pause of agent economist`.
#[must_use]
pub fn waiver_text(waiver: Waiver, plan: &DayPlan) -> String {
    match waiver {
        Waiver::Window => "window".into(),
        Waiver::Dependency(on) => format!("dependency {}", plan.task(on).id),
        Waiver::Freshness(on) => format!("freshness of {}", plan.task(on).id),
        Waiver::Pause(closed) => format!("pause of {}", gate_text(closed, plan)),
        Waiver::Breaker => "breaker".into(),
        Waiver::Condition => "condition".into(),
        Waiver::Hold => "hold".into(),
        Waiver::Attempts => "attempts".into(),
        Waiver::OnDemand => "on-demand".into(),
    }
}

/// Several, with commas; `nothing` for none.
#[must_use]
pub fn waivers_text(list: &[Waiver], plan: &DayPlan) -> String {
    if list.is_empty() {
        return "nothing".into();
    }
    list.iter().map(|&w| waiver_text(w, plan)).collect::<Vec<_>>().join(", ")
}

/// Returns the word of a command's verb: `retry`, `run-now`, `set-completed`.
#[must_use]
pub const fn command_verb(command: &Command) -> &'static str {
    command.verb().as_str()
}

/// A command in words, with the name of its target: `pause agent economist`, `skip-satisfied fill_report`.
#[must_use]
pub fn command_text(command: &Command, plan: &DayPlan) -> String {
    let target =
        if let Command::Pause { gate: closed, .. } | Command::Resume { gate: closed } = command {
            gate_text(*closed, plan)
        } else if let Command::RetryStage { stage } | Command::ForceStage { stage, .. } = command {
            plan.stage(*stage).id.to_string()
        } else {
            command.task().map(|ix| plan.task(ix).id.to_string()).unwrap_or_default()
        };
    let verb = command_verb(command);
    let rest = command_details(command, plan).map(|r| format!(" ({r})")).unwrap_or_default();
    format!("{verb} {target}").trim_end().to_owned() + &rest
}

/// What a pause does beside closing its gate.
const CANCEL_PURE: &str = "cancels running pure tasks";

/// What a command says beside verb and target.
fn command_details(command: &Command, plan: &DayPlan) -> Option<String> {
    match command {
        Command::Pause { mode, until, .. } => {
            let until = until.map(|at| format!("until {}", format::format_minute(at)));
            match (mode, until) {
                (PauseMode::Drain | PauseMode::RecordedHalt, until) => until,
                (PauseMode::CancelPure, None) => Some(CANCEL_PURE.into()),
                (PauseMode::CancelPure, Some(until)) => Some(format!("{CANCEL_PURE}, {until}")),
            }
        }
        Command::Force { waivers: list, .. } | Command::ForceStage { waivers: list, .. } => {
            Some(format!("waiving {}", waivers_text(list, plan)))
        }
        Command::Resolve { finding, .. } => Some(match finding {
            Resolution::Happened { evidence } => {
                format!("happened: {}", format::sanitize(evidence))
            }
            Resolution::DidNotHappen => "did not happen".into(),
            Resolution::GaveUp => "gave up".into(),
        }),
        Command::SetPriority { priority, .. } => Some(priority.as_str().into()),
        Command::CatchUp { choice, tasks, left } => {
            let (caught_up, let_go) = (tasks.len(), left.len());
            Some(format!("{choice}: {caught_up} caught up, {let_go} excused"))
        }
        Command::Approve { terms, .. } => terms.describe(),
        Command::Flatten { symbol } => {
            Some(symbol.as_deref().map_or("all".into(), |name| format::sanitize(name).into_owned()))
        }
        Command::Acknowledge { alert } => Some(format!("alert {alert}")),
        Command::Recover { .. }
        | Command::Probe { .. }
        | Command::Resume { .. }
        | Command::Hold { .. }
        | Command::Release { .. }
        | Command::Retry { .. }
        | Command::RetryStage { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Skip { .. }
        | Command::Unskip { .. }
        | Command::Cancel { .. }
        | Command::SetCompleted { .. }
        | Command::SetFailed { .. }
        | Command::Reject { .. }
        | Command::CancelRun
        | Command::Arm
        | Command::Disarm
        | Command::TightenTrading { .. } => None,
        Command::ReEnableTrading { to } => Some(format!("to {to}")),
    }
}
