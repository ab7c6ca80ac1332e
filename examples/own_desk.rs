//! The whole program with agents in Rust: every command and the console know them.
//!
//! `cargo run --example own_desk -- run` runs the day below, `cargo run --example own_desk` opens the
//! console on it, and `--help` lists everything else. The first agent does one task type of a built-in
//! agent and leaves it all others; the second has a name of its own.

use std::{io, process::ExitCode, sync::Arc};

use bellwether::{
    cli,
    config::env,
    engine::{
        AttemptOutcome, ResultQuality, TaskResult,
        port::{Agent, AttemptFuture, AttemptRequest},
    },
    host::EmbeddedAgents,
    planning::workflow::EffectClass,
};
use serde_json::{Value, json};

/// A day without hours: it begins at once and ends with its last task.
const WORKFLOW: &str = "
name: Own desk
stages:
  morning:
    tasks:
      - {agent: junior_analyst, task_type: market_analysis, task_data: {symbols: [AAPL, MSFT]}}
      - {agent: senior_analyst, task_type: deep_dive, dependencies: [market_analysis]}
      - {agent: scribe, task_type: write_note, dependencies: [deep_dive]}
";

/// An agent that is one function from a request to its result.
struct Does(&'static str, fn(&AttemptRequest) -> (String, Value));

impl Agent for Does {
    fn perform(&self, request: AttemptRequest) -> AttemptFuture<'_> {
        let (summary, output) = (self.1)(&request);
        let output = Arc::new(output);
        let result = TaskResult { quality: ResultQuality::Ok, summary, output };
        Box::pin(async { AttemptOutcome::Completed(result).into() })
    }

    fn effect(&self, _task_type: &str) -> EffectClass {
        EffectClass::Pure
    }

    fn describe(&self) -> Vec<&str> {
        vec![self.0]
    }
}

fn deep_dive(request: &AttemptRequest) -> (String, Value) {
    let read = request.upstream.len();
    (format!("a view of our own, from {read} result"), json!({ "stance": "neutral" }))
}

fn write_note(request: &AttemptRequest) -> (String, Value) {
    let stance = request.upstream.values().find_map(|output| output["stance"].as_str());
    (format!("noted: {}", stance.unwrap_or("nothing")), json!({}))
}

fn main() -> ExitCode {
    let agents = EmbeddedAgents::new()
        .agent("senior_analyst", Does("deep_dive", deep_dive))
        .agent("scribe", Does("write_note", write_note))
        .workflow(WORKFLOW);
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    let output = (&mut out as _, &mut err as _);
    cli::main_with(&agents, std::env::args_os(), &env::of_process(), output).into()
}
