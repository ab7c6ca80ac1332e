//! Plays the cases against an agent.

use super::{cases, session::Session};
use crate::ProcessCommand;

/// The result of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The requirement, as a sentence.
    pub requirement: &'static str,
    /// The difference from it; `None` if it is met.
    pub problem: Option<String>,
}

/// Plays every case against the agent that `command` starts. Cases that run a task use `task_type`,
/// or else the first task type the agent describes, with `task_data`.
pub async fn check_agent(
    command: &ProcessCommand,
    task_type: Option<&str>,
    task_data: &serde_json::Value,
) -> Vec<CaseResult> {
    let mut results = Vec::new();
    let mut task_type = task_type.map(ToOwned::to_owned);
    for case in cases::CASES {
        // Every case begins with the description that the first one asks for.
        if results.first().is_some_and(|first: &CaseResult| first.problem.is_some()) {
            let problem = Some("not tried: the agent does not describe itself".into());
            results.push(CaseResult { requirement: case.requirement, problem });
            continue;
        }
        let problem = match Session::start(command, task_type.clone(), task_data) {
            Ok(mut session) => {
                let outcome = (case.play)(&mut session).await;
                task_type = task_type.or_else(|| session.task_type.clone());
                let stray = session.stray_problem();
                session.end().await;
                outcome.err().or(stray)
            }
            Err(error) => Some(format!("the process does not start: {error}")),
        };
        results.push(CaseResult { requirement: case.requirement, problem });
    }
    results
}
