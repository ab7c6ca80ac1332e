//! One event as a line: its kind, mark, loudness and what it is about.

use chrono::{DateTime, Utc};

use super::{
    event_text,
    format::{self, GlyphSet},
};
use engine::{AlertSeverity, CorrelationId, Event, PauseMode, RecordedEvent, TaskState};
use planning::plan::{AgentIx, DayPlan, StageIx, TaskIx};

/// The mark before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventGlyph {
    /// None.
    None,
    /// A task's new state.
    State(TaskState),
    /// An alert.
    Alert,
    /// A person's act.
    Operator,
    /// The market.
    Market,
}

impl EventGlyph {
    /// One column.
    #[must_use]
    pub const fn glyph(self, set: GlyphSet) -> &'static str {
        match self {
            Self::None => " ",
            Self::State(state) => format::state_glyph(state, set),
            Self::Alert => "!",
            Self::Operator => "@",
            Self::Market => "^",
        }
    }
}

/// One event as a line. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// The time in exchange time with milliseconds.
    pub time: String,
    /// The kind of event: the specification's name, or one made like it.
    pub kind: &'static str,
    /// The mark before it.
    pub mark: EventGlyph,
    /// The event as a sentence.
    pub what: String,
    /// The correlation id.
    pub corr: CorrelationId,
    pub severity: AlertSeverity,
    /// The task it is about.
    pub task: Option<TaskIx>,
    /// The stage it is about, a task's own included.
    pub stage: Option<StageIx>,
    /// The agent it is about, a task's own included.
    pub agent: Option<AgentIx>,
}

/// An event as a line.
#[must_use]
pub fn event_line(recorded: &RecordedEvent, plan: &DayPlan) -> EventLine {
    let (time, what) = (format::time_ms(recorded.at), event_text::event_text(recorded, plan));
    EventLine { time, what, ..event_line_without_text(recorded, plan) }
}

/// An event as a line without its texts, which cost more than all the rest.
pub(super) fn event_line_without_text(recorded: &RecordedEvent, plan: &DayPlan) -> EventLine {
    let event = &recorded.event;
    let task = event.target_task();
    EventLine {
        seq: recorded.seq,
        at: recorded.at,
        time: String::new(),
        kind: event.kind().label(),
        mark: event_glyph(event),
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
pub const fn event_glyph(event: &Event) -> EventGlyph {
    let state = match event {
        Event::TaskQueued { .. } => TaskState::Queued,
        Event::TaskDequeued { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskCaughtUp { .. } => TaskState::Pending,
        Event::WorkflowStarted { .. }
        | Event::StageStarted { .. }
        | Event::TaskStarted { .. }
        | Event::TaskRecovered { again_at: None, .. }
        | Event::TaskProgress { .. } => TaskState::Running,
        Event::WorkflowCompleted { .. }
        | Event::StageCompleted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskRoundCompleted { .. } => TaskState::Completed,
        Event::WorkflowFailed { .. }
        | Event::StageFailed { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskFailed { .. }
        | Event::AgentError { .. } => TaskState::Failed,
        Event::TaskRetrying { .. } | Event::TaskRecovered { .. } => TaskState::Retrying,
        Event::TaskTimedOut { .. } => TaskState::Timeout,
        Event::TaskInDoubt { .. }
        | Event::TaskProbeStarted { .. }
        | Event::TaskProbeCompleted { .. } => TaskState::InDoubt,
        Event::TaskCancelling { .. } => TaskState::Cancelling,
        Event::TaskCancelled { .. } | Event::WorkflowCancelled => TaskState::Cancelled,
        Event::TaskSkipped { .. } | Event::TaskRejected { .. } => TaskState::Skipped,
        Event::TaskUpstreamFailed { .. } => TaskState::UpstreamFailed,
        Event::TaskMissed { .. } | Event::StageMissed { .. } => TaskState::Missed,
        Event::TaskHeld { .. } => TaskState::Held,
        Event::StageStuck { .. }
        | Event::SystemAlert { .. }
        | Event::LateResult { .. }
        | Event::RecoveryStarted { .. }
        | Event::WorkflowTimedOut { .. }
        | Event::BreakerOpened { .. } => return EventGlyph::Alert,
        Event::MarketEvent { .. } => return EventGlyph::Market,
        Event::CommandAccepted { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::TradingChanged { .. }
        | Event::ExitRequested { .. }
        | Event::OrdersCancelled { .. }
        | Event::CommandRefused { .. }
        | Event::StageForced { .. }
        | Event::TaskExcused { .. }
        | Event::TaskForced { .. }
        | Event::TaskPriorityChanged { .. }
        | Event::GateClosed { .. }
        | Event::GateOpened { .. } => return EventGlyph::Operator,
        Event::StageMoving { .. }
        | Event::RecoveryCompleted
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. } => return EventGlyph::None,
    };
    EventGlyph::State(state)
}

/// Returns how loud an event is: critical when required work will not be done without a person.
#[must_use]
pub fn severity(event: &Event, plan: &DayPlan) -> AlertSeverity {
    let by_need = |task: TaskIx| {
        if plan.task(task).required { AlertSeverity::Critical } else { AlertSeverity::Warning }
    };
    match event {
        Event::TaskFailed { task, .. }
        | Event::TaskTimedOut { task, .. }
        | Event::TaskMissed { task } => by_need(*task),
        Event::TaskInDoubt { .. }
        | Event::StageFailed { .. }
        | Event::StageStuck { .. }
        | Event::WorkflowFailed { .. }
        | Event::WorkflowTimedOut { .. }
        | Event::GateClosed { mode: PauseMode::RecordedHalt, .. } => AlertSeverity::Critical,
        Event::TradingChanged { from, to, .. } if to > from => AlertSeverity::Critical,
        Event::OrdersCancelled { working, .. } if *working > 0 => AlertSeverity::Critical,
        Event::TaskRejected { rejection, .. } if rejection.by.is_none() => AlertSeverity::Warning,
        Event::TradingChanged { .. }
        | Event::ExitRequested { .. }
        | Event::TaskRoundFailed { .. }
        | Event::TaskRetrying { .. }
        | Event::TaskUpstreamFailed { .. }
        | Event::TaskCancelled { confirmed: false, .. }
        | Event::StageMissed { .. }
        | Event::GateClosed { .. }
        | Event::AgentError { .. }
        | Event::BreakerOpened { .. }
        | Event::LateResult { .. }
        | Event::RecoveryStarted { .. }
        | Event::TaskRecovered { .. }
        | Event::CommandRefused { .. } => AlertSeverity::Warning,
        Event::SystemAlert { severity, .. } => *severity,
        Event::WorkflowStarted { .. }
        | Event::WorkflowCompleted { .. }
        | Event::WorkflowCancelled
        | Event::StageStarted { .. }
        | Event::StageCompleted { .. }
        | Event::StageMoving { .. }
        | Event::StageForced { .. }
        | Event::TaskQueued { .. }
        | Event::TaskDequeued { .. }
        | Event::TaskStarted { .. }
        | Event::TaskCompleted { .. }
        | Event::TaskRoundCompleted { .. }
        | Event::TaskCancelling { .. }
        | Event::TaskCancelled { confirmed: true, .. }
        | Event::TaskSkipped { .. }
        | Event::TaskRejected { .. }
        | Event::TaskCaughtUp { .. }
        | Event::TaskExcused { .. }
        | Event::TaskHeld { .. }
        | Event::TaskReleased { .. }
        | Event::TaskReset { .. }
        | Event::TaskForced { .. }
        | Event::TaskPriorityChanged { .. }
        | Event::TaskProgress { .. }
        | Event::TaskProbeStarted { .. }
        | Event::TaskProbeCompleted { .. }
        | Event::RecoveryCompleted
        | Event::GateOpened { .. }
        | Event::BreakerHalfOpened { .. }
        | Event::BreakerClosed { .. }
        | Event::MarketEvent { .. }
        | Event::CommandAccepted { .. }
        | Event::OperatorArmed { .. }
        | Event::OperatorDisarmed { .. }
        | Event::AlertAcknowledged { .. }
        | Event::OrdersCancelled { .. } => AlertSeverity::Info,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use engine::Command;
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn a_day_reads_as_lines() {
        let day = sample::every_state();
        let plan = day.run().plan();
        let lines: Vec<_> = day
            .events
            .iter()
            .map(|recorded| event_line(recorded, plan))
            .filter(|line| line.kind != "TASK_QUEUED")
            .map(|l| {
                let (mark, severity) =
                    (l.mark.glyph(GlyphSet::Ascii), format::severity_label(l.severity));
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
        10:32:00.000 CRIT x TASK_FAILED t_failed (bad input; a retry would fail again): no such symbol
        10:32:00.000 WARN b TASK_UPSTREAM_FAILED t_upstream_failed cannot run: t_failed did not complete
        10:32:00.000 WARN x AGENT_ERROR trade_execution at t_in_doubt: no word from the broker
        10:32:00.000 CRIT ? TASK_IN_DOUBT t_in_doubt is in doubt: no word from the broker
        10:33:00.000 INFO ? TASK_PROBING t_in_doubt: asking, probe 1
        10:33:00.000 WARN x AGENT_ERROR portfolio_manager at t_timeout: no answer within 3m
        10:33:00.000 CRIT T TASK_TIMED_OUT t_timeout took longer than 3m
        10:34:00.000 INFO @ OPERATOR_ACTED ana: hold t_held "wait for the desk"
        10:34:00.000 INFO = TASK_HELD t_held is held by ana (wait for the desk)
        10:34:00.000 INFO @ OPERATOR_ACTED ana: cancel t_cancelled "not today"
        10:34:00.000 INFO c TASK_CANCELLED t_cancelled cancelled
        10:34:00.000 INFO @ OPERATOR_ACTED ana: skip-satisfied t_skipped "not today"
        10:34:00.000 INFO - TASK_SKIPPED t_skipped: skipped by an operator; dependent tasks can start
        10:42:00.000 WARN x AGENT_ERROR portfolio_manager at t_retrying: LLM 429 (x2)
        10:42:00.000 WARN ~ TASK_RETRYING t_retrying 1/4 again in 1m00s: LLM 429
        10:42:03.000 INFO @ OPERATOR_ACTED ana: cancel t_cancelling "stuck"
        10:42:03.000 INFO / TASK_CANCELLING t_cancelling is being cancelled
        "#);
    }

    #[test]
    fn a_kind_is_called_the_same_everywhere_as_in_json() {
        let mut day = sample::every_state();
        let wrong = Command::Retry { task: TaskIx(0), scope: engine::RetryScope::Task };
        day.order("10:43", wrong, "");
        let pause = PauseMode::Drain;
        let gate = engine::Gate::Stage(StageIx(2));
        day.order("10:43", Command::Pause { gate, mode: pause, until: None }, "lunch");
        day.order("10:44", Command::Resume { gate }, "");
        day.order("10:45", Command::CancelRun, "enough");
        let kinds: BTreeSet<_> = day.events.iter().map(|e| e.event.kind()).collect();
        assert!(kinds.len() > 15, "{kinds:?}");
        for recorded in &day.events {
            let value = engine::event_json(recorded, day.run().plan());
            let name = value["event"].as_str().unwrap();
            assert_eq!(name, recorded.event.kind_name());
        }
    }

    #[test]
    fn json_has_names_where_events_have_places() {
        let mut day = SampleRun::start(sample::sample_plan(vec![task("risk_check", 2)]), "10:30");
        let gate = engine::Gate::Agent(AgentIx(1));
        let mode = PauseMode::Drain;
        day.order("10:31", Command::Pause { gate, mode, until: None }, "lunch");
        let value = |kind: &str| {
            let wanted = day.events.iter().find(|e| e.event.kind_name() == kind).unwrap();
            engine::event_json(wanted, day.run().plan()).to_string()
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
        let mut day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "10:30");
        let output = std::sync::Arc::new(serde_json::json!({ "task": 0, "agent": 0 }));
        let quality = engine::ResultQuality::Ok;
        let outcome = engine::TaskResult { quality, summary: "x".into(), output };
        day.end_attempt("10:31", 0, engine::AttemptOutcome::Completed(outcome));
        let done = day.events.iter().find(|e| e.event.kind_name() == "task_completed").unwrap();
        let value = engine::event_json(done, day.run().plan());
        assert_eq!(value["outcome"]["output"], serde_json::json!({ "task": 0, "agent": 0 }));
        assert_eq!(value["task"], "a");
        assert_eq!(
            value["at"],
            exchange_time("10:31").to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
        );
    }
}
