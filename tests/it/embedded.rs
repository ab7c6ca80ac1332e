//! Programs that embed the system: agents and workflows in Rust, under the controller and on the command line.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::sync::Arc;

use bellwether::{
    cli::{self, Exit},
    engine::{
        AttemptOutcome, Failure, FailureKind, ResultQuality, TaskResult, TaskState,
        port::{Agent, AgentRegistry, AttemptFuture, AttemptRequest},
    },
    host::{DailyTradingWorkflow, EmbeddedAgents, OrchestrationController},
    planning::{id::AgentId, workflow::EffectClass},
    runtime::WorkflowEngine,
};
use config::Config;
use serde_json::json;

/// An agent with one task type, whose first attempts fail.
struct Scribe {
    task_type: &'static str,
    effect: EffectClass,
    failures: u32,
}

impl Scribe {
    const fn of(task_type: &'static str) -> Self {
        Self { task_type, effect: EffectClass::Pure, failures: 0 }
    }
}

impl Agent for Scribe {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        let answer = if request.attempt <= self.failures {
            AttemptOutcome::Failed(Failure::new(FailureKind::Transient, "out of ink"))
        } else {
            AttemptOutcome::Completed(TaskResult {
                quality: ResultQuality::Ok,
                summary: format!("written after {} results", request.upstream.len()),
                output: Arc::new(json!({})),
            })
        };
        Box::pin(async { answer.into() })
    }

    fn effect(&self, _task_type: &str) -> EffectClass {
        self.effect
    }

    fn describe(&self) -> Vec<&str> {
        vec![self.task_type]
    }
}

const WORKFLOW: &str = "
name: embedded
stages:
  morning:
    tasks:
      - {agent: junior_analyst, task_type: market_analysis, task_data: {symbols: [AAPL, MSFT]}}
      - {agent: scribe, task_type: write, dependencies: [market_analysis]}
";

#[tokio::test]
async fn a_controller_runs_a_day_of_agents_given_in_rust() {
    let scribe = Scribe { failures: 1, ..Scribe::of("write") };
    let builder = OrchestrationController::builder().agent("scribe", scribe).workflow(WORKFLOW);
    let mut controller = builder.config(Config::default()).build().unwrap();
    controller.startup_system().unwrap();
    assert!(controller.day_factory().unwrap().agent_names().contains(&"scribe".to_owned()));
    let date = "2018-12-19".parse().unwrap();
    let day = DailyTradingWorkflow::new(&mut controller).run_daily_workflow(date).await.unwrap();
    let written = &day.results()["write"];
    assert_eq!((written.state, written.attempts), (TaskState::Completed, 2), "{written:?}");
    assert_eq!(written.summary.as_deref(), Some("written after 1 results"));
    controller.shutdown_system("the test is over").await;
}

#[tokio::test]
async fn an_embedded_agent_takes_one_task_type_of_a_built_in_one() {
    let builder = OrchestrationController::builder().agent("junior", Scribe::of("market_analysis"));
    let error = builder.build().unwrap_err().to_string();
    assert!(error.contains("it is another name of junior_analyst"), "{error}");
    let junior = Scribe::of("market_analysis");
    let mut controller =
        OrchestrationController::builder().agent("junior_analyst", junior).build().unwrap();
    controller.startup_system().unwrap();
    let workflow = "
name: one of two
stages:
  morning:
    tasks:
      - {agent: junior_analyst, task_type: market_analysis}
      - {agent: junior_analyst, task_type: collect_market_data}
";
    let date = "2018-12-19".parse().unwrap();
    let engine = controller.workflow_engine(date).unwrap();
    let id = engine.create_workflow(workflow, date).unwrap();
    let day = engine.execute_workflow_on(&id, engine.virtual_clock(&id).unwrap()).await.unwrap();
    let summary = |task: &str| day.results()[task].summary.clone().unwrap();
    assert_eq!(summary("market_analysis"), "written after 0 results");
    assert!(day.succeeded() && summary("collect_market_data").contains("symbols"), "{day:?}");
}

#[tokio::test]
async fn orders_and_approvals_are_not_given_to_embedded_agents() {
    for (name, task_type, told) in [
        ("trade_execution", "execute_orders", "execute_orders cannot be done by an own agent"),
        ("trade_execution", "emergency_exit", "emergency_exit cannot be done by an own agent"),
        ("operator", "approval", "approval cannot be done by an own agent"),
        ("a scribe", "write", "cannot embed the agent `a scribe`"),
        ("scribe", "write it", "its task type `write it`"),
    ] {
        let builder = OrchestrationController::builder().agent(name, Scribe::of(task_type));
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(told), "{name}.{task_type}: {error}");
    }
    let own = OrchestrationController::builder().agent("mine", Scribe::of("execute_orders"));
    assert!(own.build().is_ok(), "it is not the task type that sends orders");
}

#[tokio::test]
async fn an_engine_knows_the_effects_of_agents_given_in_rust() {
    for (effect, state) in
        [(EffectClass::Pure, TaskState::Completed), (EffectClass::Effectful, TaskState::Failed)]
    {
        let mut agents = AgentRegistry::new();
        let scribe = Scribe { effect, failures: 1, ..Scribe::of("write") };
        agents.insert(AgentId::parse("scribe").unwrap(), Arc::new(scribe));
        let engine = WorkflowEngine::new(agents, &Config::default());
        let workflow = "
name: effects
stages: {only: {tasks: [{agent: scribe, task_type: write}]}}
";
        let id = engine.create_workflow(workflow, "2018-12-19".parse().unwrap()).unwrap();
        let clock = engine.virtual_clock(&id).unwrap();
        let report = engine.execute_workflow_on(&id, clock).await.unwrap();
        assert_eq!(report.tasks()["write"], state, "{effect:?}");
    }
}

/// Runs a command line of a program with embedded agents; returns its exit and what it printed.
fn told(agents: &EmbeddedAgents, words: &[&str]) -> (Exit, String) {
    let folder = tempfile::tempdir().unwrap();
    let vars = [
        ("BELLWETHER_STATE_DIR", folder.path().to_str().unwrap()),
        ("BELLWETHER_CONFIG", "/dev/null"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["own_desk"].iter().chain(words).map(Into::into);
    let exit = cli::main_with(agents, words, &vars, (&mut out, &mut err));
    (exit, String::from_utf8([out, err].concat()).unwrap())
}

#[test]
fn every_command_of_an_embedding_program_knows_its_agents() {
    let agents = EmbeddedAgents::new().agent("scribe", Scribe::of("write")).workflow(WORKFLOW);
    let (exit, text) = told(&agents, &["agents"]);
    assert_eq!((exit, text.as_str()), (Exit::Success, "scribe  part of this program\n  write\n"));
    let (exit, text) = told(&agents, &["run"]);
    assert_eq!(exit, Exit::Success, "{text}");
    assert!(text.contains("write: written after 1 results"), "{text}");
    let (exit, text) = told(&agents, &["dry-run"]);
    assert_eq!(exit, Exit::Success, "{text}");
    assert!(text.contains("write"), "{text}");
    let (_, text) = told(&EmbeddedAgents::new(), &["agents"]);
    assert!(text.contains("no own agents are declared"), "{text}");
    let (exit, text) =
        told(&EmbeddedAgents::new().agent("operator", Scribe::of("approval")), &["run"]);
    assert_eq!(exit, Exit::Usage, "{text}");
}
