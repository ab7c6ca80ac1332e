//! One sentence for each kind of event.

use super::{command_text, ended_reasons::missing_field_text, format};
use engine::{
    Actor, Event, NoRetryReason, Provenance, RecordedEvent, ResetCause, RunEnd, SkipReason,
    TimeoutCause,
};
use planning::plan::{DayPlan, TaskIx};

/// The sentence of an event, texts from outside made safe.
#[expect(clippy::too_many_lines, reason = "an arm for each kind of event")]
pub(super) fn event_text(recorded: &RecordedEvent, plan: &DayPlan) -> String {
    match &recorded.event {
        Event::WorkflowStarted { plan } => run_started_text(plan),
        Event::WorkflowCompleted { end } => match end {
            RunEnd::Completed => "all tasks completed or skipped as planned".into(),
            RunEnd::CompletedWithIssues => {
                "required tasks completed; some optional ones did not".into()
            }
        },
        Event::WorkflowFailed { why } => format::sanitize(why).into_owned(),
        Event::WorkflowCancelled => "cancelled by an operator".into(),
        Event::WorkflowTimedOut { since } => {
            format!(
                "given up: work went on since {} without a break",
                format::format_minute(*since)
            )
        }
        Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageMoving { .. }
        | Event::StageForced { .. } => stage(&recorded.event, plan),
        Event::GateClosed { gate, until, by, .. } => {
            let by = format::sanitize(by);
            let until =
                until.map(|at| format!(" until {}", format::format_minute(at))).unwrap_or_default();
            format!("{} PAUSED by {by}{until}", command_text::gate_text(*gate, plan))
        }
        Event::GateOpened { gate } => format!("{} resumed", command_text::gate_text(*gate, plan)),
        Event::RecoveryStarted { number, .. } => {
            format!("recovery {number} started after a restart; no task starts until it completes")
        }
        Event::RecoveryCompleted => "recovery completed; the run continues".into(),
        Event::AgentError { .. }
        | Event::BreakerOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => agent(&recorded.event, plan),
        Event::SystemAlert { code, text, .. } | Event::MarketEvent { code, text } => {
            format!("{}: {}", format::safe_to(code, 40), format::sanitize(text))
        }
        Event::CommandAccepted { by, command, reason, .. } => {
            let why = reason.as_ref().map(|r| format!(" \"{}\"", format::sanitize(r)));
            let (by, why) = (by.to_string(), why.unwrap_or_default());
            format!("{}: {}{why}", format::sanitize(&by), command_text::command_text(command, plan))
        }
        Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. } => person(&recorded.event),
        Event::TradingChanged { from, to, by, why } => {
            let by = by.to_string();
            format!("{from} to {to} by {}: {}", format::sanitize(&by), format::sanitize(why))
        }
        Event::ExitRequested { symbol, by, .. } => {
            let what = symbol.as_deref().map_or("every position".into(), format::sanitize);
            format!("close {what}, asked by {}", format::sanitize(&by.to_string()))
        }
        Event::OrdersCancelled { withdrawn, working } => {
            let orders = format::count_noun((*withdrawn).into(), "order");
            format!("{orders} cancelled, {working} still working")
        }
        Event::CommandRefused { by, command, refusal } => {
            let (by, refusal) = (by.to_string(), refusal.to_string());
            let command = command_text::command_text(command, plan);
            format!("{}: {command} refused: {}", format::sanitize(&by), format::sanitize(&refusal))
        }
        Event::TaskQueued { .. }
        | Event::TaskDequeued { .. }
        | Event::TaskStarted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskRoundCompleted { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskFailed { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskInDoubt { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskMissed { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskExcused { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPriorityChanged { .. }
        | Event::TaskProgress { .. }
        | Event::TaskRecovered { .. }
        | Event::TaskProbeStarted { .. }
        | Event::TaskProbeCompleted { .. }
        | Event::LateResult { .. } => task(recorded, plan),
    }
}

/// Returns what a person said about themselves or an alert; the actor's name is outside text.
fn person(event: &Event) -> String {
    let name = |by: &Actor| format::sanitize(&by.to_string()).into_owned();
    let why = |reason: &str| format!(" \"{}\"", format::sanitize(reason));
    if let Event::OperatorArmed { by, reason, from } = event {
        let over = from.as_ref().map(|from| format!(", taking over from {}", name(from)));
        return format!("{} is armed{}{}", name(by), over.unwrap_or_default(), why(reason));
    }
    if let Event::AlertAcknowledged { alert, by, reason } = event {
        let why = reason.as_deref().map(why).unwrap_or_default();
        return format!("{} saw alert {alert}{why}", name(by));
    }
    let Event::OperatorDisarmed { by, was } = event else { return String::new() };
    format!("{} is no longer armed: {}", name(was), name(by))
}

fn run_started_text(plan: &DayPlan) -> String {
    format!(
        "{}: {}, {}, {} in {}",
        plan.run,
        format::sanitize(&plan.workflow),
        format::sanitize(&plan.day),
        format::count_noun(count(plan.tasks.len()), "task"),
        format::count_noun(count(plan.stages.len()), "stage"),
    )
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`what` sends what is of an agent, and only that"
)]
fn agent(event: &Event, plan: &DayPlan) -> String {
    match event {
        Event::AgentError { agent, task, error, recent } => {
            let times = if *recent > 1 { format!(" (x{recent})") } else { String::new() };
            let (agent, task) = (&plan.agent(*agent).id, &plan.task(*task).id);
            format!("{agent} at {task}: {}{times}", format::sanitize(error))
        }
        Event::BreakerOpened { agent, until } => {
            format!(
                "breaker of {} open until {}",
                plan.agent(*agent).id,
                format::format_time(*until)
            )
        }
        Event::BreakerHalfOpened { agent } => {
            format!("breaker of {} half-open: one trial task", plan.agent(*agent).id)
        }
        Event::BreakerClosed { agent } => format!("{} works again", plan.agent(*agent).id),
        _of_no_agent => String::new(),
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`what` sends what is of a stage, and only that"
)]
fn stage(event: &Event, plan: &DayPlan) -> String {
    let issues = |n: u32| match n {
        0 => String::new(),
        n => format!(", {} ended badly", format::count_noun(u64::from(n), "task")),
    };
    match event {
        Event::StageStarted { stage } => format!("{} opened", plan.stage(*stage).id),
        Event::StageCompleted { stage, issues: n } => {
            format!("{} completed{}", plan.stage(*stage).id, issues(*n))
        }
        Event::StageFailed { stage, issues: n } => {
            format!("{} failed{}", plan.stage(*stage).id, issues(*n))
        }
        Event::StageMissed { stage } => {
            format!("{} closed before any of its tasks started", plan.stage(*stage).id)
        }
        Event::StageStuck { stage } => {
            format!("{} is blocked: an operator must act", plan.stage(*stage).id)
        }
        Event::StageMoving { stage } => format!("{} is no longer blocked", plan.stage(*stage).id),
        Event::StageForced { stage, waivers } => {
            format!(
                "{} forced, waiving {}",
                plan.stage(*stage).id,
                command_text::waivers_text(waivers, plan)
            )
        }
        _of_no_stage => String::new(),
    }
}

/// `2/3` while the machine's own attempts are counted, else `attempt 7`, as for a loop.
fn attempt(plan: &DayPlan, task: TaskIx, number: u32) -> String {
    let planned = plan.task(task);
    let most = planned.max_retries.saturating_add(1);
    if planned.every.is_none() && number <= most {
        return format!(" {number}/{most}");
    }
    format!(" attempt {number}")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`what` sends what is of a task, and only that")]
#[expect(clippy::too_many_lines, reason = "an arm for each kind of event of a task")]
fn task(recorded: &RecordedEvent, plan: &DayPlan) -> String {
    let id = |task: &TaskIx| &plan.task(*task).id;
    let event = &recorded.event;
    match event {
        Event::TaskQueued { task } => format!("{} queued", id(task)),
        Event::TaskDequeued { task } => format!("{} waits again", id(task)),
        Event::TaskStarted { task, attempt: n } => {
            let agent = &plan.agent(plan.task(*task).agent).id;
            format!("{}{} by {agent}", id(task), attempt(plan, *task, *n))
        }
        Event::TaskCompleted { task, provenance, outcome } => {
            let how = match provenance {
                Provenance::Ran => String::new(),
                other @ (Provenance::Approved
                | Provenance::SetByOperator
                | Provenance::Reconciled) => {
                    format!(" {}", format::provenance_text(*other))
                }
            };
            join_text(&format!("{}{how}", id(task)), &outcome.summary)
        }
        Event::TaskRoundCompleted { task, outcome, next_at } => {
            let next = format::format_time(*next_at);
            join_text(&format!("{}, again at {next}", id(task)), &outcome.summary)
        }
        Event::TaskRoundFailed { task, failure, in_a_row, next_at } => {
            let row = if *in_a_row > 1 { format!(" (x{in_a_row})") } else { String::new() };
            let next = format::format_time(*next_at);
            join_text(&format!("{} round failed{row}, again at {next}", id(task)), &failure.message)
        }
        Event::TaskRetrying { task, attempt: n, failure, retry_at } => {
            let within = format::format_age(recorded.at, *retry_at);
            let head = format!("{}{} again in {within}", id(task), attempt(plan, *task, *n));
            join_text(&head, &failure.message)
        }
        Event::TaskRecovered { task, attempt: n, recovery, again_at } => {
            let head = format!("{}{}", id(task), attempt(plan, *task, *n));
            match (recovery, again_at) {
                (0, _) => format!("{head} requests approval again"),
                (_, None) => format!("{head} restarts (recovery {recovery})"),
                (_, Some(_)) => {
                    format!("{head} was lost; another attempt follows (recovery {recovery})")
                }
            }
        }
        Event::TaskProbeStarted { task, probe } => format!("{}: asking, probe {probe}", id(task)),
        Event::TaskProbeCompleted { task, probed, evidence, .. } => {
            join_text(&format!("{}: {}", id(task), format::probe_finding_text(*probed)), evidence)
        }
        Event::TaskInDoubt { task, failure } => {
            join_text(&format!("{} is in doubt", id(task)), &failure.message)
        }
        Event::TaskFailed { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskMissed { .. } => ended(event, plan),
        Event::TaskCancelling { task } => format!("{} is being cancelled", id(task)),
        Event::TaskCaughtUp { task } => {
            let over = format::format_minute(plan.task(*task).closes_at);
            format!("catching up {}: its window closed at {over}", id(task))
        }
        Event::TaskExcused { task, why } => {
            format!("{} excused: {}", id(task), why.describe(plan))
        }
        Event::TaskHeld { task, by } => format!("{} is held by {}", id(task), format::sanitize(by)),
        Event::TaskReleased { task } => format!("{} is released", id(task)),
        Event::TaskReset { task, cause } => {
            format!("{} is PENDING again: {}", id(task), reset(*cause))
        }
        Event::TaskForced { task, waivers } => {
            format!("{} forced, waiving {}", id(task), command_text::waivers_text(waivers, plan))
        }
        Event::TaskPriorityChanged { task, priority } => format!("{} is now {priority}", id(task)),
        Event::TaskProgress { task, percent, note, .. } => {
            join_text(&format!("{} {percent}%", id(task)), note)
        }
        Event::LateResult { task, attempt: n, said: text } => {
            join_text(&format!("{} attempt {n}: late result ignored", id(task)), text)
        }
        _of_no_task => String::new(),
    }
}

fn join_text(head: &str, text: &str) -> String {
    if text.is_empty() { head.to_owned() } else { format!("{head}: {}", format::sanitize(text)) }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`task` sends what ends a task badly or early, and only that"
)]
fn ended(event: &Event, plan: &DayPlan) -> String {
    let id = |task: &TaskIx| &plan.task(*task).id;
    match event {
        Event::TaskFailed { task, failure, why } => {
            let why = no_retry(*why);
            join_text(
                &format!("{} ({}; {why})", id(task), format::failure_kind_text(failure.kind)),
                &failure.message,
            )
        }
        Event::TaskTimedOut { task, clock } => match clock {
            TimeoutCause::Queue => format!("{} queued too long", id(task)),
            TimeoutCause::Run => {
                format!("{} took longer than {}", id(task), plan.task(*task).timeout)
            }
            TimeoutCause::StageClose => {
                format!("{}: its window closed before it completed", id(task))
            }
            TimeoutCause::Workflow => format!("{}: the run was given up", id(task)),
        },
        Event::TaskCancelled { task, confirmed } => {
            let doubt = if *confirmed { "" } else { "; its agent did not confirm" };
            format!("{} cancelled{doubt}", id(task))
        }
        Event::TaskSkipped { task, why, satisfies } => {
            let why = match why {
                SkipReason::Operator => "skipped by an operator".into(),
                SkipReason::Condition => "its condition does not hold".into(),
                SkipReason::MissingField => missing_field_text(plan, *task),
                SkipReason::Upstream => "a dependency was skipped".into(),
                SkipReason::Superseded => "its stage closed without it".into(),
                SkipReason::NotNeeded => "not needed: no operator asked for it".into(),
            };
            let go_on = if *satisfies { "; dependent tasks can start" } else { "" };
            format!("{}: {why}{go_on}", id(task))
        }
        Event::TaskRejected { task, rejection } => {
            format!("{}: {}", id(task), format::rejection_text(rejection))
        }
        Event::TaskUpstreamFailed { task, culprit } => {
            format!("{} cannot run: {} did not complete", id(task), id(culprit))
        }
        Event::TaskMissed { task } => {
            format!("{}: its window closed before it started", id(task))
        }
        _moving => String::new(),
    }
}

/// Returns why a failed task is not tried again, in a few words.
const fn no_retry(why: NoRetryReason) -> &'static str {
    match why {
        NoRetryReason::NonRetryable => "a retry would fail again",
        NoRetryReason::AttemptsExhausted => "no attempts left",
        NoRetryReason::PastDeadline => "no time for another attempt",
        NoRetryReason::BadOutput => "no valid result",
        NoRetryReason::NotIdempotent => "not safe to repeat",
        NoRetryReason::BudgetExhausted => "too many retries in the run",
        NoRetryReason::RecoveryExhausted => "lost in too many crashes",
        NoRetryReason::Operator => "set failed by an operator",
    }
}

const fn reset(cause: ResetCause) -> &'static str {
    match cause {
        ResetCause::Retry => "retried by an operator",
        ResetCause::Rerun => "rerun by an operator",
        ResetCause::UpstreamChanged => "its dependencies changed",
        ResetCause::Unskip => "unskipped by an operator",
        ResetCause::Requeued => "put back in the queue after a restart",
        ResetCause::OperatorResolved => "resolved: it did not happen",
        ResetCause::ProbeFoundNothing => "the broker has no record of it",
        ResetCause::FoundUnfinished => "partly done",
    }
}
