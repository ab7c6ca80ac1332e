//! Things that go wrong on purpose: a named list of faults laid over the agents of a simulated day.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::outside;
use crate::{
    engine::{Answer, Failure, FailureKind, Lookup},
    journal::{Agent, Looking, Performing, Reply, Request, Roster},
    time::Span,
    trading::broker::Faults,
    yaml::{self, Fields, Node, Problem, Sink},
};

/// A scenario, found sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name, shown in the console's header.
    pub name: String,
    /// What goes wrong, in a line.
    pub title: String,
    faults: Vec<Fault>,
    broker: Faults,
}

/// What goes wrong with the attempts of one task.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    task: String,
    /// So many attempts, from the first.
    attempts: u32,
    kind: Kind,
    /// When, counted from the start of the attempt.
    after: Span,
    message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The attempt fails as if the agent's source had.
    Fails(FailureKind),
    /// What became of the attempt is not known.
    Unknown,
    /// The agent never answers.
    Hangs,
    /// The agent does its work and takes so many times as long, in per cent.
    Slow(u32),
}

/// A scenario file with its problems, all of them, with file, line and column.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", yaml::render(problems, yaml::Look::Plain).trim_end())]
pub struct ScenarioError {
    /// The problems.
    pub problems: Vec<Problem>,
}

/// The scenarios inside the program, by name.
const BUILTIN: [(&str, &str); 1] = [("demo", include_str!("../../assets/scenarios/demo.yaml"))];

const KINDS: &[(&str, FailureKind)] = &[
    ("transient", FailureKind::Transient),
    ("bad_data", FailureKind::BadData),
    ("bad_input", FailureKind::BadInput),
    ("permission", FailureKind::Permission),
    ("rejected", FailureKind::Rejected),
    ("crash", FailureKind::Crash),
];

impl Scenario {
    /// The scenario of that name inside the program.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
        Self::parse(&format!("assets/scenarios/{name}.yaml"), text).ok()
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// [`ScenarioError`] with every problem of the file.
    pub fn parse(source: &str, text: &str) -> Result<Self, ScenarioError> {
        let (root, mut sink) =
            yaml::parse(source, text).map_err(|problems| ScenarioError { problems })?.into_parts();
        let scenario = read(&root, &mut sink);
        match (scenario, sink.finish()) {
            (Some(scenario), Ok(_warnings)) => Ok(scenario),
            (_, Err(problems)) | (None, Ok(problems)) => Err(ScenarioError { problems }),
        }
    }

    /// The roster with this scenario's faults laid over it.
    #[must_use]
    pub fn over(self: &Arc<Self>, roster: &Roster) -> Roster {
        let mut faulty = Roster::new();
        for (id, agent) in roster.iter() {
            let agent = Faulty { agent: Arc::clone(agent), scenario: Arc::clone(self) };
            faulty.insert(id.clone(), Arc::new(agent));
        }
        faulty
    }

    /// What goes wrong at the simulated broker.
    #[must_use]
    pub const fn broker(&self) -> &Faults {
        &self.broker
    }

    /// Tasks it speaks of that are not among `known`; they would be faults that never happen.
    pub fn strangers<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.faults.iter().map(|fault| fault.task.as_str()).filter(|task| !known.contains(task))
    }
}

fn read(root: &Node, sink: &mut Sink) -> Option<Scenario> {
    let mut fields = Fields::of(root, &root.span, "a scenario", sink)?;
    let name = fields.need("scenario").and_then(|e| e.value.plain("a name", sink));
    let title = fields.need("title").and_then(|e| e.value.plain("a line of text", sink));
    let (mut faults, mut broker) = (Vec::new(), Faults::default());
    if let Some(entry) = fields.need("faults") {
        for node in entry.value.list("a list of faults", sink).unwrap_or_default() {
            if outside::is_at_broker(node) {
                outside::read(node, &mut broker, sink);
            } else {
                faults.extend(fault(node, sink));
            }
        }
    }
    fields.finish(sink);
    Some(Scenario { name: name?, title: title?, faults, broker })
}

fn fault(node: &Node, sink: &mut Sink) -> Option<Fault> {
    let mut fields = Fields::of(node, &node.span, "a fault", sink)?;
    let task = fields.need("task").and_then(|e| e.value.plain("the name of a task", sink));
    let mut count =
        |key, sink: &mut Sink| fields.get(key).and_then(|entry| entry.value.whole(1..=1_000, sink));
    let fail = count("fail", sink);
    let unknown = count("unknown", sink);
    let hang = count("hang", sink);
    let slow = count("slow", sink);
    let kind =
        fields.get("kind").map_or(Some(FailureKind::Transient), |e| e.value.word(KINDS, sink));
    let after = fields.get("after").map_or(Some(Span::secs(1)), |it| outside::span(it, sink));
    let message = fields.get("message").and_then(|e| e.value.plain("a line of text", sink));
    let span = fields.span().clone();
    fields.finish(sink);
    let given = [
        fail.zip(kind).map(|(n, kind)| (n, Kind::Fails(kind))),
        unknown.map(|n| (n, Kind::Unknown)),
        hang.map(|n| (n, Kind::Hangs)),
        slow.map(|n| (u32::MAX, Kind::Slow(n.saturating_mul(100)))),
    ];
    let mut given = given.into_iter().flatten();
    let (Some((attempts, kind)), None) = (given.next(), given.next()) else {
        let text = "a fault says one of `fail`, `unknown`, `hang` (how many attempts) or `slow` (how many times as long)";
        sink.report(yaml::MISSING_KEY, &span, text.into());
        return None;
    };
    let message = message.unwrap_or_else(|| "made to go wrong by the scenario".into());
    Some(Fault { task: task?, attempts, kind, after: after?, message })
}

/// An agent that a scenario may make go wrong.
struct Faulty {
    agent: Arc<dyn Agent>,
    scenario: Arc<Scenario>,
}

impl Agent for Faulty {
    fn perform(&self, request: Request) -> Performing<'_> {
        let applies = |fault: &&Fault| {
            fault.task == request.task_id.as_str() && request.attempt <= fault.attempts
        };
        let Some(fault) = self.scenario.faults.iter().find(applies) else {
            return self.agent.perform(request);
        };
        let reply = |answer| Reply { answer, took: Some(fault.after) };
        let failure = |kind| Failure::new(kind, fault.message.clone());
        match fault.kind {
            Kind::Fails(kind) => Box::pin(async move { reply(Answer::Failed(failure(kind))) }),
            Kind::Unknown => {
                Box::pin(async move { reply(Answer::Unknown(failure(FailureKind::Transient))) })
            }
            Kind::Hangs => {
                // Longer than any day: the task's timeout comes first.
                Box::pin(async move { Reply { answer: Answer::Stopped, took: Some(Span::MAX) } })
            }
            Kind::Slow(percent) => Box::pin(async move {
                let estimate = request.estimate;
                let reply = self.agent.perform(request).await;
                let took = reply.took.unwrap_or(estimate).times(f64::from(percent) / 100.0);
                Reply { took: Some(took), ..reply }
            }),
        }
    }

    fn stop(&self, request: &Request, at: DateTime<Utc>) -> Answer {
        self.agent.stop(request, at)
    }

    /// What became of an attempt the scenario made unknown stays unknown.
    fn lookup(&self, request: &Request, at: DateTime<Utc>) -> Looking<'_> {
        let unknown = |fault: &&Fault| {
            fault.kind == Kind::Unknown
                && fault.task == request.task_id.as_str()
                && request.attempt <= fault.attempts
        };
        if let Some(fault) = self.scenario.faults.iter().find(unknown) {
            let why = fault.message.clone();
            return Box::pin(async { Lookup::Unknown { why } });
        }
        self.agent.lookup(request, at)
    }

    fn describe(&self) -> &[&str] {
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
        assert_eq!(demo.strangers(&["collect_data"]).count(), 0);
        assert_eq!(demo.strangers(&["news"]).collect::<Vec<_>>(), ["collect_data"]);
    }

    #[test]
    fn every_problem_of_a_scenario_file_is_told_at_its_place() {
        let text = "scenario: x\ntitle: y\nfaults:\n  - {task: a}\n  - {task: b, fail: 1, hang: 1}\n  - {task: c, fail: nought, aftr: 1s}\n";
        let error = Scenario::parse("s.yaml", text).unwrap_err();
        let lines: Vec<usize> = error.problems.iter().map(|problem| problem.place.line).collect();
        assert!(lines.contains(&4) && lines.contains(&5) && lines.contains(&6), "{error}");
        assert!(error.to_string().contains("aftr"), "{error}");
    }
}
