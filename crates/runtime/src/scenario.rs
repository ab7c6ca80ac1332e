//! Scenarios: named lists of faults injected into the agents of a simulated run.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::broker_faults;
use desk::trading::broker::BrokerFaults;
use diag::{Diagnostic, DiagnosticCollector, MappingReader, YamlNode};
use engine::{
    AttemptOutcome, Failure, FailureKind, ProbeResult,
    port::{Agent, AgentRegistry, AttemptFuture, AttemptReply, AttemptRequest, ProbeFuture},
};
use planning::time::Span;

/// A scenario that was read without errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name, shown in the console's header.
    pub name: String,
    /// A description in one line.
    pub title: String,
    faults: Vec<TaskFault>,
    broker: BrokerFaults,
}

/// A fault of one task's attempts.
#[derive(Debug, Clone, PartialEq)]
struct TaskFault {
    task: String,
    /// Number of affected attempts, from the first.
    attempts: u32,
    kind: TaskFaultKind,
    /// Time of the fault, from the start of the attempt.
    after: Span,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TaskFaultKind {
    /// The attempt fails as if the agent had reported it.
    Fail(FailureKind),
    /// The outcome of the attempt is unknown.
    InDoubt,
    /// The agent never replies.
    Hang,
    /// The agent takes longer by this factor, in percent.
    Slow(u32),
}

/// All problems of a scenario file, with file, line and column.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", diag::render(problems, diag::RenderStyle::Plain).trim_end())]
pub struct ScenarioError {
    pub problems: Vec<Diagnostic>,
}

/// The built-in scenarios, by name.
const BUILTIN: [(&str, &str); 1] = [("demo", include_str!("../../../assets/scenarios/demo.yaml"))];

const KINDS: &[(&str, FailureKind)] = &[
    ("transient", FailureKind::Transient),
    ("bad_data", FailureKind::BadData),
    ("bad_input", FailureKind::BadInput),
    ("permission", FailureKind::Permission),
    ("rejected", FailureKind::Rejected),
    ("crash", FailureKind::Crash),
];

impl Scenario {
    /// Returns the built-in scenario with this name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
        Self::parse(&format!("assets/scenarios/{name}.yaml"), text).ok()
    }

    /// Parses a scenario file.
    ///
    /// # Errors
    ///
    /// [`ScenarioError`] with every problem of the file.
    pub fn parse(source: &str, text: &str) -> Result<Self, ScenarioError> {
        let (root, mut sink) =
            diag::parse(source, text).map_err(|problems| ScenarioError { problems })?.into_parts();
        let scenario = read(&root, &mut sink);
        match (scenario, sink.into_result()) {
            (Some(scenario), Ok(_warnings)) => Ok(scenario),
            (_, Err(problems)) | (None, Ok(problems)) => Err(ScenarioError { problems }),
        }
    }

    /// Wraps every agent of the registry so that this scenario's faults apply to it.
    #[must_use]
    pub fn apply_to(self: &Arc<Self>, roster: &AgentRegistry) -> AgentRegistry {
        let mut faulty = AgentRegistry::new();
        for (id, agent) in roster.iter() {
            let agent = FaultyAgent { agent: Arc::clone(agent), scenario: Arc::clone(self) };
            faulty.insert(id.clone(), Arc::new(agent));
        }
        faulty
    }

    /// Returns the faults of the simulated broker.
    #[must_use]
    pub const fn broker_faults(&self) -> &BrokerFaults {
        &self.broker
    }

    /// Returns task names that are not among `known`; their faults would never occur.
    pub fn unknown_tasks<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.faults.iter().map(|fault| fault.task.as_str()).filter(|task| !known.contains(task))
    }
}

fn read(root: &YamlNode, sink: &mut DiagnosticCollector) -> Option<Scenario> {
    let mut fields = MappingReader::open(root, &root.span, "a scenario", sink)?;
    let name = fields.required("scenario").and_then(|e| e.value.read_scalar_text("a name", sink));
    let title =
        fields.required("title").and_then(|e| e.value.read_scalar_text("a line of text", sink));
    let (mut faults, mut broker) = (Vec::new(), BrokerFaults::default());
    if let Some(entry) = fields.required("faults") {
        for node in entry.value.read_list("a list of faults", sink).unwrap_or_default() {
            if broker_faults::is_at_broker(node) {
                broker_faults::read_broker_fault(node, &mut broker, sink);
            } else {
                faults.extend(fault(node, sink));
            }
        }
    }
    fields.finish(sink);
    Some(Scenario { name: name?, title: title?, faults, broker })
}

fn fault(node: &YamlNode, sink: &mut DiagnosticCollector) -> Option<TaskFault> {
    let mut fields = MappingReader::open(node, &node.span, "a fault", sink)?;
    let task =
        fields.required("task").and_then(|e| e.value.read_scalar_text("the name of a task", sink));
    let mut count = |key, sink: &mut DiagnosticCollector| {
        fields.get(key).and_then(|entry| entry.value.read_integer(1..=1_000, sink))
    };
    let fail = count("fail", sink);
    let unknown = count("unknown", sink);
    let hang = count("hang", sink);
    let slow = count("slow", sink);
    let kind = fields
        .get("kind")
        .map_or(Some(FailureKind::Transient), |e| e.value.read_keyword(KINDS, sink));
    let after = fields
        .get("after")
        .map_or(Some(Span::secs(1)), |it| broker_faults::read_duration(it, sink));
    let message =
        fields.get("message").and_then(|e| e.value.read_scalar_text("a line of text", sink));
    let span = fields.span().clone();
    fields.finish(sink);
    let given = [
        fail.zip(kind).map(|(n, kind)| (n, TaskFaultKind::Fail(kind))),
        unknown.map(|n| (n, TaskFaultKind::InDoubt)),
        hang.map(|n| (n, TaskFaultKind::Hang)),
        slow.map(|n| (u32::MAX, TaskFaultKind::Slow(n.saturating_mul(100)))),
    ];
    let mut given = given.into_iter().flatten();
    let (Some((attempts, kind)), None) = (given.next(), given.next()) else {
        let text = "a fault says one of `fail`, `unknown`, `hang` (how many attempts) or `slow` (how many times as long)";
        sink.report(diag::MISSING_KEY, &span, text.into());
        return None;
    };
    let message = message.unwrap_or_else(|| "made to go wrong by the scenario".into());
    Some(TaskFault { task: task?, attempts, kind, after: after?, message })
}

/// An agent to which the faults of a scenario apply.
struct FaultyAgent {
    agent: Arc<dyn Agent>,
    scenario: Arc<Scenario>,
}

impl Agent for FaultyAgent {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        let applies = |fault: &&TaskFault| {
            fault.task == request.task_id.as_str() && request.attempt <= fault.attempts
        };
        let Some(fault) = self.scenario.faults.iter().find(applies) else {
            return self.agent.perform(request);
        };
        let reply = |answer| AttemptReply { answer, took: Some(fault.after) };
        let failure = |kind| Failure::new(kind, fault.message.clone());
        match fault.kind {
            TaskFaultKind::Fail(kind) => {
                Box::pin(async move { reply(AttemptOutcome::Failed(failure(kind))) })
            }
            TaskFaultKind::InDoubt => {
                Box::pin(
                    async move { reply(AttemptOutcome::InDoubt(failure(FailureKind::Transient))) },
                )
            }
            TaskFaultKind::Hang => {
                // Longer than any day, so that the task's timeout comes first.
                Box::pin(async move {
                    AttemptReply { answer: AttemptOutcome::Stopped, took: Some(Span::MAX) }
                })
            }
            TaskFaultKind::Slow(percent) => Box::pin(async move {
                let estimate = request.estimate;
                let reply = self.agent.perform(request).await;
                let took = reply.took.unwrap_or(estimate).scaled(f64::from(percent) / 100.0);
                AttemptReply { took: Some(took), ..reply }
            }),
        }
    }

    fn stop(&self, request: &AttemptRequest, at: DateTime<Utc>) -> AttemptOutcome {
        self.agent.stop(request, at)
    }

    fn settle(
        &self,
        request: &AttemptRequest,
        at: DateTime<Utc>,
        answer: AttemptOutcome,
    ) -> AttemptOutcome {
        self.agent.settle(request, at, answer)
    }

    /// Leaves an attempt that the scenario put in doubt unresolved.
    fn lookup(&self, request: &AttemptRequest, at: DateTime<Utc>) -> ProbeFuture<'_> {
        let unknown = |fault: &&TaskFault| {
            fault.kind == TaskFaultKind::InDoubt
                && fault.task == request.task_id.as_str()
                && request.attempt <= fault.attempts
        };
        if let Some(fault) = self.scenario.faults.iter().find(unknown) {
            let why = fault.message.clone();
            return Box::pin(async { ProbeResult::Unknown { why } });
        }
        self.agent.lookup(request, at)
    }

    fn describe(&self) -> Vec<&str> {
        self.agent.describe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_fails_the_data_collector_twice() {
        let demo = Scenario::builtin("demo").unwrap();
        assert_eq!(demo.faults.len(), 1);
        assert_eq!((demo.faults[0].task.as_str(), demo.faults[0].attempts), ("collect_data", 2));
        assert_eq!(demo.unknown_tasks(&["collect_data"]).count(), 0);
        assert_eq!(demo.unknown_tasks(&["news"]).collect::<Vec<_>>(), ["collect_data"]);
    }

    #[test]
    fn reports_every_scenario_problem_with_its_place() {
        let text = "scenario: x\ntitle: y\nfaults:\n  - {task: a}\n  - {task: b, fail: 1, hang: 1}\n  - {task: c, fail: nought, aftr: 1s}\n";
        let error = Scenario::parse("s.yaml", text).unwrap_err();
        let lines: Vec<usize> = error.problems.iter().map(|problem| problem.place.line).collect();
        assert!(lines.contains(&4) && lines.contains(&5) && lines.contains(&6), "{error}");
        assert!(error.to_string().contains("aftr"), "{error}");
    }
}
