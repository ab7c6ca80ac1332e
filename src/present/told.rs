//! What happened, in one sentence for each kind of event.

use super::{acts, words};
use crate::{
    engine::{Actor, Clock, DayEnd, Event, NoRetry, Provenance, Recorded, ResetCause, SkipWhy},
    plan::{Plan, TaskIx},
};

/// The sentence of an event, texts from outside made safe.
#[expect(clippy::too_many_lines, reason = "an arm for each kind of event")]
pub(super) fn what(recorded: &Recorded, plan: &Plan) -> String {
    match &recorded.event {
        Event::WorkflowStarted { plan } => started(plan),
        Event::WorkflowCompleted { end } => match end {
            DayEnd::Completed => "every task done or skipped as planned".into(),
            DayEnd::CompletedWithIssues => "required work done, other not".into(),
        },
        Event::WorkflowFailed { why } => words::safe(why).into_owned(),
        Event::WorkflowCancelled => "ended by a person".into(),
        Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageFailed { .. }
        | Event::StageMissed { .. }
        | Event::StageStuck { .. }
        | Event::StageUnstuck { .. }
        | Event::StageForced { .. } => stage(&recorded.event, plan),
        Event::GateClosed { gate, mode, until, by } => {
            let by = words::safe(by);
            let until = until.map(|at| format!(" until {}", words::minute(at))).unwrap_or_default();
            format!("{} {} by {by}{until}", acts::gate(*gate, plan), words::pause(*mode))
        }
        Event::GateOpened { gate } => format!("{} resumed", acts::gate(*gate, plan)),
        Event::RecoveryBegan { number, .. } => {
            format!("the program had ended; the run is taken up ({number}), nothing starts yet")
        }
        Event::RecoveryEnded => "what became of each task is decided; the run goes on".into(),
        Event::AgentError { .. }
        | Event::BreakerOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => agent(&recorded.event, plan),
        Event::SystemAlert { code, text, .. } | Event::MarketEvent { code, text } => {
            format!("{}: {}", words::safe_to(code, 40), words::safe(text))
        }
        Event::OperatorActed { by, command, reason, .. } => {
            let why = reason.as_ref().map(|r| format!(" \"{}\"", words::safe(r)));
            let (by, why) = (by.to_string(), why.unwrap_or_default());
            format!("{}: {}{why}", words::safe(&by), acts::command(command, plan))
        }
        Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. } => person(&recorded.event),
        Event::TradingChanged { from, to, by, why } => {
            let by = by.to_string();
            format!("{from} to {to} by {}: {}", words::safe(&by), words::safe(why))
        }
        Event::OrdersWithdrawn { withdrawn, working } => {
            let orders = words::plural((*withdrawn).into(), "order");
            format!("{orders} withdrawn, {working} may still fill")
        }
        Event::CommandRefused { by, command, refusal } => {
            let (by, refusal) = (by.to_string(), refusal.to_string());
            let command = acts::command(command, plan);
            format!("{}: {command} refused: {}", words::safe(&by), words::safe(&refusal))
        }
        Event::TaskQueued { .. }
        | Event::TaskUnqueued { .. }
        | Event::TaskStarted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskTicked { .. }
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
        | Event::TaskLeft { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPrioritySet { .. }
        | Event::TaskProgress { .. }
        | Event::TaskTakenUp { .. }
        | Event::TaskProbing { .. }
        | Event::TaskProbed { .. }
        | Event::LateResult { .. } => task(recorded, plan),
    }
}

/// What a person said about themselves or an alert; the actor's name is outside text.
fn person(event: &Event) -> String {
    let name = |by: &Actor| words::safe(&by.to_string()).into_owned();
    let why = |reason: &str| format!(" \"{}\"", words::safe(reason));
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

fn started(plan: &Plan) -> String {
    format!(
        "{}: {}, {}, {} in {}",
        plan.run,
        words::safe(&plan.workflow),
        words::safe(&plan.day),
        words::plural(count(plan.tasks.len()), "task"),
        words::plural(count(plan.stages.len()), "stage"),
    )
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`what` sends what is of an agent, and only that"
)]
fn agent(event: &Event, plan: &Plan) -> String {
    match event {
        Event::AgentError { agent, task, error, recent } => {
            let times = if *recent > 1 { format!(" (x{recent})") } else { String::new() };
            let (agent, task) = (&plan.agent(*agent).id, &plan.task(*task).id);
            format!("{agent} at {task}: {}{times}", words::safe(error))
        }
        Event::BreakerOpened { agent, until } => {
            format!("{} gets no work until {}", plan.agent(*agent).id, words::time(*until))
        }
        Event::BreakerHalfOpened { agent } => {
            format!("{} is tried with one task", plan.agent(*agent).id)
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
fn stage(event: &Event, plan: &Plan) -> String {
    let issues = |n: u32| match n {
        0 => String::new(),
        n => format!(", {} ended badly", words::plural(u64::from(n), "task")),
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
            format!("{}: nothing can move without a person", plan.stage(*stage).id)
        }
        Event::StageUnstuck { stage } => format!("{} moves again", plan.stage(*stage).id),
        Event::StageForced { stage, waivers } => {
            format!("{} forced, waiving {}", plan.stage(*stage).id, acts::waivers(waivers, plan))
        }
        _of_no_stage => String::new(),
    }
}

/// `2/3` while the machine's own attempts are counted, else `attempt 7`, as for a loop.
fn attempt(plan: &Plan, task: TaskIx, number: u32) -> String {
    let planned = plan.task(task);
    let most = planned.max_retries.saturating_add(1);
    if planned.every.is_none() && number <= most {
        return format!(" {number}/{most}");
    }
    format!(" attempt {number}")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`what` sends what is of a task, and only that")]
#[expect(clippy::too_many_lines, reason = "an arm for each kind of event of a task")]
fn task(recorded: &Recorded, plan: &Plan) -> String {
    let id = |task: &TaskIx| &plan.task(*task).id;
    let event = &recorded.event;
    match event {
        Event::TaskQueued { task } => format!("{} is ready for a slot", id(task)),
        Event::TaskUnqueued { task } => format!("{} waits again", id(task)),
        Event::TaskStarted { task, attempt: n } => {
            let agent = &plan.agent(plan.task(*task).agent).id;
            format!("{}{} by {agent}", id(task), attempt(plan, *task, *n))
        }
        Event::TaskCompleted { task, provenance, outcome } => {
            let how = match provenance {
                Provenance::Ran => String::new(),
                other @ (Provenance::Approved | Provenance::SetOk | Provenance::Reconciled) => {
                    format!(" {}", words::provenance(*other))
                }
            };
            said(&format!("{}{how}", id(task)), &outcome.summary)
        }
        Event::TaskTicked { task, outcome, next_at } => {
            let next = words::time(*next_at);
            said(&format!("{}, again at {next}", id(task)), &outcome.summary)
        }
        Event::TaskRoundFailed { task, failure, in_a_row, next_at } => {
            let row = if *in_a_row > 1 { format!(" (x{in_a_row})") } else { String::new() };
            let next = words::time(*next_at);
            said(&format!("{} round failed{row}, again at {next}", id(task)), &failure.message)
        }
        Event::TaskRetrying { task, attempt: n, failure, retry_at } => {
            let within = words::age(recorded.at, *retry_at);
            let head = format!("{}{} again in {within}", id(task), attempt(plan, *task, *n));
            said(&head, &failure.message)
        }
        Event::TaskTakenUp { task, attempt: n, recovery, again_at } => {
            let head = format!("{}{}", id(task), attempt(plan, *task, *n));
            match (recovery, again_at) {
                (0, _) => format!("{head} asks again"),
                (_, None) => format!("{head} is begun again (recovery {recovery})"),
                (_, Some(_)) => format!("{head} was lost; another follows (recovery {recovery})"),
            }
        }
        Event::TaskProbing { task, probe } => format!("{}: asking, probe {probe}", id(task)),
        Event::TaskProbed { task, probed, evidence, .. } => {
            said(&format!("{}: {}", id(task), words::probed(*probed)), evidence)
        }
        Event::TaskInDoubt { task, failure } => {
            said(&format!("{} may or may not have happened", id(task)), &failure.message)
        }
        Event::TaskFailed { .. }
        | Event::TaskTimedOut { .. }
        | Event::TaskCancelled { .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskMissed { .. } => ended(event, plan),
        Event::TaskCancelling { task } => format!("{} is asked to stop", id(task)),
        Event::TaskCaughtUp { task } => {
            let over = words::minute(plan.task(*task).closes_at);
            format!("{} is made up for: its window closed at {over}", id(task))
        }
        Event::TaskLeft { task, why } => format!("{} is let go: {}", id(task), why.words(plan)),
        Event::TaskHeld { task, by } => format!("{} is held by {}", id(task), words::safe(by)),
        Event::TaskReleased { task } => format!("{} is released", id(task)),
        Event::TaskReset { task, cause } => format!("{} waits anew: {}", id(task), reset(*cause)),
        Event::TaskForced { task, waivers } => {
            format!("{} forced, waiving {}", id(task), acts::waivers(waivers, plan))
        }
        Event::TaskPrioritySet { task, priority } => format!("{} is now {priority}", id(task)),
        Event::TaskProgress { task, percent, note, .. } => {
            said(&format!("{} {percent} %", id(task)), note)
        }
        Event::LateResult { task, attempt: n, said: text } => {
            said(&format!("{} attempt {n} answered too late; ignored", id(task)), text)
        }
        _of_no_task => String::new(),
    }
}

fn said(head: &str, text: &str) -> String {
    if text.is_empty() { head.to_owned() } else { format!("{head}: {}", words::safe(text)) }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "`task` sends what ends a task badly or early, and only that"
)]
fn ended(event: &Event, plan: &Plan) -> String {
    let id = |task: &TaskIx| &plan.task(*task).id;
    match event {
        Event::TaskFailed { task, failure, why } => {
            let why = no_retry(*why);
            said(
                &format!("{} ({}; {why})", id(task), words::failure(failure.kind)),
                &failure.message,
            )
        }
        Event::TaskTimedOut { task, clock } => match clock {
            Clock::Queue => format!("{} waited too long for a slot", id(task)),
            Clock::Run => format!("{} took longer than {}", id(task), plan.task(*task).timeout),
            Clock::StageClose => format!("{}: its window closed before it was done", id(task)),
            Clock::Workflow => format!("{}: the run stood still for too long", id(task)),
        },
        Event::TaskCancelled { task, confirmed } => {
            let doubt = if *confirmed { "" } else { "; its agent did not confirm" };
            format!("{} called off{doubt}", id(task))
        }
        Event::TaskSkipped { task, why, satisfies } => {
            let why = match why {
                SkipWhy::Operator => "a person said so",
                SkipWhy::Condition => "its condition does not hold",
                SkipWhy::Upstream => "a task it needs was skipped",
                SkipWhy::Superseded => "its stage closed without it",
            };
            let go_on = if *satisfies { "; dependants go on" } else { "" };
            format!("{}: {why}{go_on}", id(task))
        }
        Event::TaskRejected { task, rejection } => {
            format!("{}: {}", id(task), words::rejection(rejection))
        }
        Event::TaskUpstreamFailed { task, culprit } => {
            format!("{} cannot run: {} ended badly", id(task), id(culprit))
        }
        Event::TaskMissed { task } => {
            format!("{}: its window closed before it started", id(task))
        }
        _moving => String::new(),
    }
}

/// Why a failed task is not tried again, in a few words.
const fn no_retry(why: NoRetry) -> &'static str {
    match why {
        NoRetry::NonRetryable => "repeats itself",
        NoRetry::AttemptsExhausted => "no attempts left",
        NoRetry::Deadline => "no time for another attempt",
        NoRetry::BadOutput => "no valid result",
        NoRetry::NotIdempotent => "must not happen twice",
        NoRetry::BudgetExhausted => "too many retries in the run",
        NoRetry::RecoveryExhausted => "lost with the program too often",
        NoRetry::Operator => "a person said so",
    }
}

const fn reset(cause: ResetCause) -> &'static str {
    match cause {
        ResetCause::Retry => "a person retried it",
        ResetCause::Rerun => "a person wants it done again",
        ResetCause::UpstreamChanged => "what it needs came back",
        ResetCause::Unskip => "a person took the skip back",
        ResetCause::Requeued => "it lost its place",
        ResetCause::ProvenAbsent => "it provably did not happen",
        ResetCause::FoundAbsent => "the outside knows nothing of it",
        ResetCause::FoundUnfinished => "a part of it is still to be done",
    }
}
