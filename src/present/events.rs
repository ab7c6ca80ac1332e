//! One event as a line: its kind, mark, loudness and what it is about.

use chrono::{DateTime, Utc};

pub use super::json::json;
use super::{
    told,
    words::{self, GlyphSet},
};
use crate::{
    engine::{Corr, Event, PauseMode, Recorded, Severity, TaskState},
    plan::{AgentIx, Plan, StageIx, TaskIx},
};

/// The mark before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// None.
    None,
    /// A task's new state.
    State(TaskState),
    /// Something somebody should look at.
    Alert,
    /// A person's act.
    Operator,
    /// The market.
    Market,
}

impl Mark {
    /// One column.
    #[must_use]
    pub const fn glyph(self, set: GlyphSet) -> &'static str {
        match self {
            Self::None => " ",
            Self::State(state) => words::glyph(state, set),
            Self::Alert => "!",
            Self::Operator => "@",
            Self::Market => "^",
        }
    }
}

/// One event as a line. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    /// Its number.
    pub seq: u64,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// When, exchange time with milliseconds.
    pub time: String,
    /// What kind: the specification's name, or one made like it.
    pub kind: &'static str,
    /// The mark before it.
    pub mark: Mark,
    /// What happened, in words.
    pub what: String,
    /// What it belongs to.
    pub corr: Corr,
    /// How loud.
    pub severity: Severity,
    /// The task it is about.
    pub task: Option<TaskIx>,
    /// The stage it is about, a task's own included.
    pub stage: Option<StageIx>,
    /// The agent it is about, a task's own included.
    pub agent: Option<AgentIx>,
}

/// An event as a line.
#[must_use]
pub fn line(recorded: &Recorded, plan: &Plan) -> EventLine {
    let (time, what) = (words::time_ms(recorded.at), told::what(recorded, plan));
    EventLine { time, what, ..bare(recorded, plan) }
}

/// An event as a line without its texts, which cost more than all the rest.
pub(super) fn bare(recorded: &Recorded, plan: &Plan) -> EventLine {
    let event = &recorded.event;
    let task = task(event);
    EventLine {
        seq: recorded.seq,
        at: recorded.at,
        time: String::new(),
        kind: event.kind().label(),
        mark: mark(event),
        what: String::new(),
        corr: recorded.corr,
        severity: severity(event, plan),
        task,
        stage: event.stage().or_else(|| task.map(|ix| plan.task(ix).stage)),
        agent: event.agent().or_else(|| task.map(|ix| plan.task(ix).agent)),
    }
}

/// The mark before an event: of a task's event the state it brings.
#[must_use]
pub const fn mark(event: &Event) -> Mark {
    let state = match event {
        Event::TaskQueued { .. } => TaskState::Queued,
        Event::TaskUnqueued { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskCaughtUp { .. } => TaskState::Pending,
        Event::WorkflowStarted { .. }
        | Event::StageStarted { .. }
        | Event::TaskStarted { .. }
        | Event::TaskTakenUp { again_at: None, .. }
        | Event::TaskProgress { .. } => TaskState::Running,
        Event::WorkflowCompleted { .. }
        | Event::StageCompleted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskTicked { .. } => TaskState::Completed,
        Event::WorkflowFailed { .. }
        | Event::StageFailed { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskFailed { .. }
        | Event::AgentError { .. } => TaskState::Failed,
        Event::TaskRetrying { .. } | Event::TaskTakenUp { .. } => TaskState::Retrying,
        Event::TaskTimedOut { .. } => TaskState::Timeout,
        Event::TaskInDoubt { .. } | Event::TaskProbing { .. } | Event::TaskProbed { .. } => {
            TaskState::InDoubt
        }
        Event::TaskCancelling { .. } => TaskState::Cancelling,
        Event::TaskCancelled { .. } | Event::WorkflowCancelled => TaskState::Cancelled,
        Event::TaskSkipped { .. } | Event::TaskRejected { .. } => TaskState::Skipped,
        Event::TaskUpstreamFailed { .. } => TaskState::UpstreamFailed,
        Event::TaskMissed { .. } | Event::StageMissed { .. } => TaskState::Missed,
        Event::TaskHeld { .. } => TaskState::Held,
        Event::StageStuck { .. }
        | Event::SystemAlert { .. }
        | Event::LateResult { .. }
        | Event::RecoveryBegan { .. }
        | Event::BreakerOpened { .. } => return Mark::Alert,
        Event::MarketEvent { .. } => return Mark::Market,
        Event::OperatorActed { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::TradingChanged { .. }
        | Event::OrdersWithdrawn { .. }
        | Event::CommandRefused { .. }
        | Event::StageForced { .. }
        | Event::TaskLeft { .. }
        | Event::TaskForced { .. }
        | Event::TaskPrioritySet { .. }
        | Event::GateClosed { .. }
        | Event::GateOpened { .. } => return Mark::Operator,
        Event::StageUnstuck { .. }
        | Event::RecoveryEnded
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => return Mark::None,
    };
    Mark::State(state)
}

/// How loud an event is: critical when required work will not be done without a person.
#[must_use]
pub fn severity(event: &Event, plan: &Plan) -> Severity {
    let by_need = |task: TaskIx| {
        if plan.task(task).required { Severity::Critical } else { Severity::Warning }
    };
    match event {
        Event::TaskFailed { task, .. }
        | Event::TaskTimedOut { task, .. }
        | Event::TaskMissed { task } => by_need(*task),
        Event::TaskInDoubt { .. }
        | Event::StageFailed { .. }
        | Event::StageStuck { .. }
        | Event::WorkflowFailed { .. }
        | Event::GateClosed { mode: PauseMode::Halt, .. } => Severity::Critical,
        Event::TradingChanged { from, to, .. } if to > from => Severity::Critical,
        Event::OrdersWithdrawn { working, .. } if *working > 0 => Severity::Critical,
        Event::TaskRejected { rejection, .. } if rejection.by.is_none() => Severity::Warning,
        Event::TradingChanged { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskCancelled { confirmed: false, .. }
        | Event::StageMissed { .. }
        | Event::GateClosed { .. }
        | Event::AgentError { .. }
        | Event::BreakerOpened { .. }
        | Event::LateResult { .. }
        | Event::RecoveryBegan { .. }
        | Event::TaskTakenUp { .. }
        | Event::CommandRefused { .. } => Severity::Warning,
        Event::SystemAlert { severity, .. } => *severity,
        Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowCancelled
        | Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageUnstuck { .. }
        | Event::StageForced { .. }
        | Event::TaskQueued { .. }
        | Event::TaskUnqueued { .. }
        | Event::TaskStarted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskTicked { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { confirmed: true, .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskLeft { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPrioritySet { .. }
        | Event::TaskProgress { .. }
        | Event::TaskProbing { .. }
        | Event::TaskProbed { .. }
        | Event::RecoveryEnded
        | Event::GateOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. }
        | Event::MarketEvent { .. }
        | Event::OperatorActed { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::OrdersWithdrawn { .. } => Severity::Info,
    }
}

/// The task an event is about, a command's target included.
pub(super) const fn task(event: &Event) -> Option<TaskIx> {
    if let Event::OperatorActed { command, .. } | Event::CommandRefused { command, .. } = event {
        return command.task();
    }
    event.task()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        engine::Command,
        present::sample::{self, Day, et, task},
    };

    #[test]
    fn a_day_reads_as_lines() {
        let day = sample::every_state();
        let plan = day.run().plan();
        let lines: Vec<_> = day
            .events
            .iter()
            .map(|recorded| line(recorded, plan))
            .filter(|line| line.kind != "TASK_QUEUED")
            .map(|l| {
                let (mark, severity) = (l.mark.glyph(GlyphSet::Ascii), words::severity(l.severity));
                format!("{} {severity} {mark} {} {}", l.time, l.kind, l.what)
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        10:30:00.000 INFO > WORKFLOW_STARTED 2024-01-16-standard-1: Standard Trading Day, regular session, 14 tasks in 4 stages
        10:30:00.000 INFO > STAGE_STARTED pre_market opened
        10:30:00.000 INFO > STAGE_STARTED market_open opened
        10:30:00.000 INFO > STAGE_STARTED intraday opened
        10:30:00.000 CRIT m TASK_MISSED t_missed: its window closed before it started
        10:30:00.000 INFO > TASK_STARTED t_running 1/1 by economist
        10:30:00.000 INFO > TASK_STARTED t_cancelling 1/1 by economist
        10:30:00.000 INFO > TASK_STARTED t_retrying 1/4 by portfolio_manager
        10:30:00.000 INFO > TASK_STARTED t_in_doubt 1/1 by trade_execution
        10:30:00.000 INFO > TASK_STARTED t_completed 1/1 by portfolio_manager
        10:30:00.000 INFO > TASK_STARTED t_failed 1/1 by portfolio_manager
        10:30:00.000 INFO > TASK_STARTED t_timeout 1/1 by portfolio_manager
        10:30:00.000 INFO + STAGE_COMPLETED pre_market completed
        10:30:00.000 INFO + STAGE_COMPLETED market_open completed
        10:31:00.000 INFO + TASK_COMPLETED t_completed: regime calm
        10:32:00.000 CRIT x TASK_FAILED t_failed (bad input; repeats itself): no such symbol
        10:32:00.000 WARN b TASK_UPSTREAM_FAILED t_upstream_failed cannot run: t_failed ended badly
        10:32:00.000 WARN x AGENT_ERROR trade_execution at t_in_doubt: no word from the broker
        10:32:00.000 CRIT ? TASK_IN_DOUBT t_in_doubt may or may not have happened: no word from the broker
        10:33:00.000 INFO ? TASK_PROBING t_in_doubt: asking, probe 1
        10:33:00.000 WARN x AGENT_ERROR portfolio_manager at t_timeout: no answer within 3m
        10:33:00.000 CRIT T TASK_TIMED_OUT t_timeout took longer than 3m
        10:34:00.000 INFO @ OPERATOR_ACTED ana: hold t_held "wait for the desk"
        10:34:00.000 INFO = TASK_HELD t_held is held by ana (wait for the desk)
        10:34:00.000 INFO @ OPERATOR_ACTED ana: cancel t_cancelled "not today"
        10:34:00.000 INFO c TASK_CANCELLED t_cancelled called off
        10:34:00.000 INFO @ OPERATOR_ACTED ana: skip t_skipped (satisfies dependants) "not today"
        10:34:00.000 INFO - TASK_SKIPPED t_skipped: a person said so; dependants go on
        10:42:00.000 WARN x AGENT_ERROR portfolio_manager at t_retrying: LLM 429 (x2)
        10:42:00.000 WARN ~ TASK_RETRYING t_retrying 1/4 again in 01:00: LLM 429
        10:42:03.000 INFO @ OPERATOR_ACTED ana: cancel t_cancelling "stuck"
        10:42:03.000 INFO / TASK_CANCELLING t_cancelling is asked to stop
        "#);
    }

    #[test]
    fn a_kind_is_called_the_same_everywhere_as_in_json() {
        let mut day = sample::every_state();
        let wrong = Command::Retry { task: TaskIx(0), scope: crate::engine::RetryScope::Task };
        day.order("10:43", wrong, "");
        let pause = PauseMode::Drain;
        let gate = crate::engine::Gate::Stage(StageIx(2));
        day.order("10:43", Command::Pause { gate, mode: pause, until: None }, "lunch");
        day.order("10:44", Command::Resume { gate }, "");
        day.order("10:45", Command::CancelRun, "enough");
        let kinds: BTreeSet<_> = day.events.iter().map(|e| e.event.kind()).collect();
        assert!(kinds.len() > 15, "{kinds:?}");
        for recorded in &day.events {
            let value = json(recorded, day.run().plan());
            let name = value["event"].as_str().unwrap();
            assert_eq!(name, recorded.event.name());
        }
    }

    #[test]
    fn json_has_names_where_events_have_places() {
        let mut day = Day::start(sample::plan(vec![task("risk_check", 2)]), "10:30");
        let gate = crate::engine::Gate::Agent(AgentIx(1));
        let mode = PauseMode::Drain;
        day.order("10:31", Command::Pause { gate, mode, until: None }, "lunch");
        let value = |kind: &str| {
            let wanted = day.events.iter().find(|e| e.event.name() == kind).unwrap();
            json(wanted, day.run().plan()).to_string()
        };
        insta::assert_snapshot!(value("task_started"), @r#"
        {"agent":"economist","at":"2024-01-16T15:30:00.000Z","attempt":1,"corr":"t00.1","event":"task_started","run":"2024-01-16-standard-1","seq":6,"stage":"intraday","task":"risk_check"}
        "#);
        insta::assert_snapshot!(value("operator_acted"), @r#"
        {"at":"2024-01-16T15:31:00.000Z","by":{"operator":"ana"},"command":{"gate":{"agent":"portfolio_manager"},"mode":"drain","until":null,"verb":"pause"},"corr":"c9","event":"operator_acted","id":1,"reason":"lunch","run":"2024-01-16-standard-1","seq":9}
        "#);
        insta::assert_snapshot!(value("gate_closed"), @r#"
        {"at":"2024-01-16T15:31:00.000Z","by":"ana (lunch)","corr":"run","event":"gate_closed","gate":{"agent":"portfolio_manager"},"mode":"drain","run":"2024-01-16-standard-1","seq":10,"until":null}
        "#);
        insta::assert_snapshot!(value("workflow_started"), @r#"
        {"at":"2024-01-16T15:30:00.000Z","corr":"run","event":"workflow_started","plan":{"agents":["economist","portfolio_manager","trade_execution"],"close":"2024-01-16T21:00:00.000Z","date":"2024-01-16","day":"regular session","mode":"SIM","open":"2024-01-16T14:30:00.000Z","overlays":[],"stages":[{"closes_at":"2024-01-16T14:30:00.000Z","opens_at":"2024-01-16T11:00:00.000Z","stage":"pre_market","tasks":0},{"closes_at":"2024-01-16T15:30:00.000Z","opens_at":"2024-01-16T14:30:00.000Z","stage":"market_open","tasks":0},{"closes_at":"2024-01-16T20:00:00.000Z","opens_at":"2024-01-16T15:30:00.000Z","stage":"intraday","tasks":1},{"closes_at":"2024-01-16T23:00:00.000Z","opens_at":"2024-01-16T21:00:00.000Z","stage":"post_market","tasks":0}],"tasks":1,"workflow":"Standard Trading Day"},"run":"2024-01-16-standard-1","seq":1}
        "#);
    }

    #[test]
    fn what_an_agent_gave_keeps_its_own_numbers() {
        let mut day = Day::start(sample::plan(vec![task("a", 2)]), "10:30");
        let output = std::sync::Arc::new(serde_json::json!({ "task": 0, "agent": 0 }));
        let quality = crate::engine::Quality::Ok;
        let outcome = crate::engine::Outcome { quality, summary: "x".into(), output };
        day.answer("10:31", 0, crate::engine::Answer::Done(outcome));
        let done = day.events.iter().find(|e| e.event.name() == "task_completed").unwrap();
        let value = json(done, day.run().plan());
        assert_eq!(value["outcome"]["output"], serde_json::json!({ "task": 0, "agent": 0 }));
        assert_eq!(value["task"], "a");
        assert_eq!(value["at"], et("10:31").to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }
}
