//! What the specification's tests begin with: a system, a simulated day, an engine with puppets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use bellwether::{
    config::{self, Config},
    controller::{DayRequest, OrchestrationController},
    definition::{self, Registry},
    engine::{Answer, Recorded, RunState},
    id::AgentId,
    journal::Sink,
    journal::{Agent, Performing, Reply, Request, Roster},
    plan::{Mode, Settings},
    runtime::{
        Approver, Attendance, Clock, EventBus, ExecutionId, Pace, Scenario, WorkflowEngine,
        WorkflowReport,
    },
    time::Span,
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
pub(super) struct Kept(pub(super) Arc<Mutex<Vec<Arc<Recorded>>>>);

impl Sink for Kept {
    fn record(&mut self, events: &[Arc<Recorded>], _run: &RunState) -> io::Result<()> {
        self.0.lock().unwrap().extend_from_slice(events);
        Ok(())
    }
}

pub(super) fn simulated(
    day: &str,
    sinks: Vec<Box<dyn Sink>>,
    scenario: Option<Scenario>,
) -> DayRequest {
    let open = bellwether::calendar::day(date(day)).unwrap().open;
    DayRequest {
        date: date(day),
        mode: Mode::Sim,
        clock: Clock::starting(open - chrono::TimeDelta::minutes(211), Pace::Max),
        scenario: scenario.map(Arc::new),
        overlays: Vec::new(),
        attendance: Attendance::Unattended,
        sinks,
        begins: bellwether::controller::Begins::default(),
    }
}

/// An agent that answers with what it is told to, and counts how many work at once.
pub(super) struct Puppet {
    act: fn(&Request) -> Answer,
    takes: Span,
}

impl Agent for Puppet {
    fn perform(&self, request: Request) -> Performing<'_> {
        let reply = Reply { answer: (self.act)(&request), took: Some(self.takes) };
        Box::pin(async move { reply })
    }

    fn describe(&self) -> &[&str] {
        &[
            "market_analysis",
            "news_digest",
            "screen_universe",
            "collect_market_data",
            "gap_scan",
            "intraday_scan",
        ]
    }
}

pub(super) fn puppets(act: fn(&Request) -> Answer, takes: Span) -> Roster {
    let mut roster = Roster::new();
    roster.insert(AgentId::parse("junior_analyst").unwrap(), Arc::new(Puppet { act, takes }));
    roster
}

pub(super) fn workflow(yaml: &str) -> definition::Definition {
    definition::load("test.yaml", yaml, &Registry::builtin()).unwrap().0
}

pub(super) fn engine(roster: Roster, mut settings: Settings) -> WorkflowEngine {
    settings.default_slots = 8;
    let (bus, dispatch) = EventBus::new();
    tokio::spawn(dispatch);
    WorkflowEngine::new(roster, settings, Approver::Person, bus)
}

/// Executes on a virtual clock, which makes times exact.
pub(super) async fn virtually(engine: &WorkflowEngine, id: &ExecutionId) -> WorkflowReport {
    let clock = engine.virtual_clock(id).unwrap();
    engine.execute_workflow_on(id, clock).await.unwrap()
}
