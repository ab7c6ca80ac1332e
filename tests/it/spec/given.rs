//! What the specification's tests begin with: a system, a simulated day, an engine with puppets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use bellwether::{
    config::{self, Config},
    engine::{
        AttemptOutcome, RecordedEvent, RunState,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, EventSink},
    },
    host::{OrchestrationController, RunRequest},
    planning::{
        id::AgentId,
        plan::{PlanSettings, RunMode},
        time::Span,
        workflow::{self, AgentCatalog},
    },
    runtime::{
        Attendance, ClockPace, ExecutionId, RunClock, Scenario, WorkflowEngine, WorkflowReport,
    },
};
use chrono::NaiveDate;

pub(super) fn config() -> Config {
    config::resolve(&[]).unwrap()
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn system() -> OrchestrationController {
    let mut controller = OrchestrationController::new(config());
    controller.startup_system().unwrap();
    controller
}

/// Keeps every event of a run.
#[derive(Clone, Default)]
pub(super) struct Kept(pub(super) Arc<Mutex<Vec<Arc<RecordedEvent>>>>);

impl EventSink for Kept {
    fn record(&mut self, events: &[Arc<RecordedEvent>], _run: &RunState) -> io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
}

pub(super) fn simulated(
    day: &str,
    sinks: Vec<Box<dyn EventSink>>,
    scenario: Option<Scenario>,
) -> RunRequest {
    let open = planning::calendar::exchange_day(date(day)).unwrap().open;
    RunRequest {
        date: date(day),
        mode: RunMode::Sim,
        clock: RunClock::starting(open - chrono::TimeDelta::minutes(211), ClockPace::Max),
        scenario: scenario.map(Arc::new),
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: bellwether::host::StartKind::default(),
    }
}

/// An agent that answers with what it is told to, and counts how many work at once.
pub(super) struct Puppet {
    act: fn(&AttemptRequest) -> AttemptOutcome,
    takes: Span,
}

impl Agent for Puppet {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        let reply = AttemptReply { answer: (self.act)(&request), took: Some(self.takes) };
        Box::pin(async move { reply })
    }

    fn describe(&self) -> Vec<&str> {
        vec![
            "market_analysis",
            "news_digest",
            "screen_universe",
            "collect_market_data",
            "gap_scan",
            "intraday_scan",
        ]
    }
}

pub(super) fn puppets(act: fn(&AttemptRequest) -> AttemptOutcome, takes: Span) -> AgentRegistry {
    let mut roster = AgentRegistry::new();
    roster.insert(AgentId::parse("junior_analyst").unwrap(), Arc::new(Puppet { act, takes }));
    roster
}

pub(super) fn workflow(yaml: &str) -> workflow::WorkflowDefinition {
    workflow::load_workflow("test.yaml", yaml, &AgentCatalog::builtin()).unwrap().0
}

pub(super) fn engine(roster: AgentRegistry, mut settings: PlanSettings) -> WorkflowEngine {
    settings.default_slots = 8;
    WorkflowEngine::new(roster, settings)
}

/// Executes on a virtual clock, which makes times exact.
pub(super) async fn virtually(engine: &WorkflowEngine, id: &ExecutionId) -> WorkflowReport {
    let clock = engine.virtual_clock(id).unwrap();
    engine.execute_workflow_on(id, clock).await.unwrap()
}
