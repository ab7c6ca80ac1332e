//! `bellwether agents`: the agents of one's own, listed, described and tried outside of a run.

use std::{io::Write, path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CliContext, CliError, Exit, recorded_attempt::RecordedAttempt};
use crate::host::{
    ControllerError, EmbeddedAgents, day::tokio_runtime, days::read_own_agents,
    input_file::read_input_text, own_agents::start_own_agents,
};
use agents::{
    AgentConnection, AgentDeclaration, AgentDescription, CallError, Fallback, OwnAgents,
    ProcessAgent, ProcessCommand, StartedAgents,
    conformance::{CaseResult, check_agent},
};
use engine::{AttemptOutcome, ResultQuality};

/// Arguments of `bellwether agents`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether agents                                    the declared agents, and whether they start
  bellwether agents describe news_desk                 the agent's description of itself
  bellwether agents check -- python3 my_agent.py       the protocol's cases against a command
  bellwether agents call news_desk score_news --data '{\"symbols\": [\"AAPL\"]}'
  bellwether agents call news_desk score_news --from last score_news

Agents are declared in the file that `--agents` or the setting `agents_file` names; docs/agents.md shows
how. Ends with 0 if every agent asked about works, and with 1 if one does not.")]
pub struct AgentsArgs {
    #[command(subcommand)]
    command: Option<AgentsCommand>,
    /// JSON instead of words
    // An id of its own: a global flag would else set the flag of this name of the console.
    #[arg(id = "agents_json", long = "json", global = true)]
    json: bool,
}

/// Subcommands of `bellwether agents`.
#[derive(Debug, Clone, Subcommand)]
enum AgentsCommand {
    /// List the declared agents, and start each to see whether it works; the default
    List,
    /// Print the description an agent gives of itself
    Describe {
        /// Name of the agent
        name: String,
    },
    /// Run one task of an agent outside of a run, and check its answer
    Call {
        /// Name of the agent
        name: String,
        /// Task type
        task_type: String,
        /// The task's `task_data`, as a JSON object
        #[arg(long, value_name = "JSON", conflicts_with = "data_file")]
        data: Option<String>,
        /// File with the task's `task_data`
        #[arg(long, value_name = "FILE")]
        data_file: Option<PathBuf>,
        /// Take the input of an attempt of a recorded run: its number, date or name, and the task
        #[arg(long, num_args = 2, value_names = ["RUN", "TASK"], conflicts_with_all = ["data", "data_file"])]
        from: Option<Vec<String>>,
        /// Number of that attempt; without it, the last one
        #[arg(long, value_name = "N", requires = "from")]
        attempt: Option<u32>,
        /// Longest wait for the answer, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 60)]
        timeout: u64,
    },
    /// Play the cases of the protocol against an agent's command, and say which it fails
    Check {
        /// Task type that is run; default: the first one the agent describes
        #[arg(long, value_name = "TASK_TYPE")]
        task_type: Option<String>,
        /// The task's `task_data`, as a JSON object
        #[arg(long, value_name = "JSON")]
        data: Option<String>,
        /// The command, after `--`
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// Lists, describes or tries own agents.
///
/// # Errors
///
/// [`CliError`] for a configuration or a file of agents that cannot be used, an unknown agent, or data
/// that is no JSON object.
pub fn run(
    args: &AgentsArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let own = match &config.places.agents {
        Some(file) => read_own_agents(file).map_err(ControllerError::from)?,
        None => OwnAgents::default(),
    };
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let started = start_own_agents(&own, &config.places.state)?;
    let exit = match args.command.as_ref().unwrap_or(&AgentsCommand::List) {
        AgentsCommand::List => runtime.block_on(list((&started, context.embedded), args.json, out)),
        AgentsCommand::Describe { name } => {
            let (_, process) = find(&started, name)?;
            runtime.block_on(describe(process, args.json, out))
        }
        AgentsCommand::Call { name, task_type, data, data_file, from, attempt, timeout } => {
            let (_, process) = find(&started, name)?;
            let bound = Duration::from_secs(*timeout);
            let recorded = match from.as_deref() {
                Some([run, task]) => {
                    let of = RecordedAttempt { run, task, attempt: *attempt };
                    Some(of.request(&config.places.state, task_type)?)
                }
                Some(_) | None => None,
            };
            let data = read_data(data.as_deref(), data_file.as_ref())?;
            let call = async {
                let outcome = match &recorded {
                    Some(request) => process.try_again(request, bound).await,
                    None => process.try_task(task_type, &data, bound).await,
                };
                print_outcome(outcome, args.json, out)
            };
            runtime.block_on(call)
        }
        AgentsCommand::Check { task_type, data, command } => {
            let data = read_data(data.as_deref(), None)?;
            let command = ProcessCommand {
                agent: "the agent under test".into(),
                words: command.clone(),
                folder: ".".into(),
                environment: context.vars.to_vec(),
            };
            let results = runtime.block_on(check_agent(&command, task_type.as_deref(), &data));
            print_cases(&results, args.json, out)
        }
    };
    runtime.block_on(started.stop());
    exit
}

fn print_cases(results: &[CaseResult], json: bool, out: &mut dyn Write) -> Result<Exit, CliError> {
    let failed = results.iter().filter(|case| case.problem.is_some()).count();
    if json {
        let rows: Vec<_> = results
            .iter()
            .map(|case| json!({"requirement": case.requirement, "problem": case.problem}))
            .collect();
        writeln!(out, "{:#}", Value::Array(rows))?;
    } else {
        for case in results {
            match &case.problem {
                None => writeln!(out, "passed  {}", case.requirement)?,
                Some(problem) => writeln!(out, "FAILED  {}: {problem}", case.requirement)?,
            }
        }
        writeln!(out, "{} of {} cases passed", results.len() - failed, results.len())?;
    }
    Ok(if failed == 0 { Exit::Success } else { Exit::Failed })
}

fn find<'a>(
    started: &'a StartedAgents,
    name: &str,
) -> Result<(&'a AgentDeclaration, &'a ProcessAgent), CliError> {
    let known = || started.iter().map(|(declared, _)| declared.id.as_str());
    let found = started.iter().find(|(declared, _)| declared.id.as_str() == name);
    found.ok_or_else(|| {
        let quoted = diag::quote(name);
        let advice = match (diag::nearest(name, known()), known().next()) {
            (Some(near), _) => format!("do you mean {near}?"),
            (None, Some(_)) => format!("declared are {}", known().collect::<Vec<_>>().join(", ")),
            (None, None) => "no file declares agents; name one with --agents FILE".into(),
        };
        CliError::new(Exit::Usage, format!("there is no own agent {quoted}; {advice}"))
    })
}

fn read_data(text: Option<&str>, file: Option<&PathBuf>) -> Result<Value, CliError> {
    let text = match (text, file) {
        (Some(text), _) => text.to_owned(),
        (None, Some(file)) => read_input_text(file).map_err(|error| {
            CliError::new(Exit::Usage, format!("cannot read {}: {error}", file.display()))
        })?,
        (None, None) => "{}".into(),
    };
    match serde_json::from_str(&text) {
        Ok(data @ Value::Object(_)) => Ok(data),
        Ok(_) => {
            Err(CliError::new(Exit::Usage, "--data is no JSON object; write {\"key\": value}"))
        }
        Err(error) => Err(CliError::new(Exit::Usage, format!("--data is no JSON: {error}"))),
    }
}

async fn list(
    (started, embedded): (&StartedAgents, &EmbeddedAgents),
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let (mut all_work, mut rows) = (true, Vec::new());
    for (name, task_types) in embedded.described() {
        if json {
            rows.push(json!({"agent": name, "works": true, "task_types": task_types}));
        } else {
            writeln!(out, "{name}  part of this program\n  {}", task_types.join(", "))?;
        }
    }
    for (declared, process) in started.iter() {
        let described = process.describe().await;
        all_work &= described.is_ok();
        if json {
            rows.push(row_as_json(declared, &described));
        } else {
            let state = match &described {
                Ok(description) => format!("works{}", version_of(description)),
                Err(error) => format!("does not work: {error}"),
            };
            writeln!(out, "{}  {state}", declared.id)?;
            writeln!(out, "  {}", connection_text(&declared.connection))?;
            for line in task_lines(declared) {
                writeln!(out, "  {line}")?;
            }
        }
    }
    if json {
        writeln!(out, "{:#}", Value::Array(rows))?;
    } else if started.iter().next().is_none() && embedded.is_empty() {
        writeln!(out, "no own agents are declared; name their file with --agents FILE")?;
    }
    Ok(if all_work { Exit::Success } else { Exit::Failed })
}

fn version_of(description: &AgentDescription) -> String {
    description.version.as_ref().map_or_else(String::new, |version| format!(", version {version}"))
}

fn connection_text(connection: &AgentConnection) -> String {
    match connection {
        AgentConnection::Command(words) => format!("command {}", words.join(" ")),
        AgentConnection::Python(class) => format!("python {class}"),
        AgentConnection::Mcp(server) => format!("mcp {}", server.command.join(" ")),
    }
}

fn task_lines(declared: &AgentDeclaration) -> Vec<String> {
    let own = declared.task_types.iter().map(|(task_type, properties)| {
        let estimate =
            properties.estimate.map_or_else(String::new, |span| format!(", about {span}"));
        format!("{task_type}: {}{estimate}", properties.effect.as_str())
    });
    let served = declared.serves.iter().map(|route| {
        let fallback = match route.fallback {
            Fallback::Builtin => "else the built-in agent",
            Fallback::Fail => "else the task fails",
        };
        format!("{}.{}: instead of the built-in agent, {fallback}", route.agent, route.task_type)
    });
    own.chain(served).collect()
}

fn row_as_json(
    declared: &AgentDeclaration,
    described: &Result<AgentDescription, CallError>,
) -> Value {
    json!({
        "agent": declared.id.as_str(),
        "works": described.is_ok(),
        "error": described.as_ref().err().map(ToString::to_string),
        "version": described.as_ref().ok().and_then(|description| description.version.clone()),
        "task_types": declared.task_types.keys().map(ToString::to_string).collect::<Vec<_>>(),
        "serves": declared.serves.iter().map(|route| {
            format!("{}.{}", route.agent, route.task_type)
        }).collect::<Vec<_>>(),
    })
}

async fn describe(
    process: &ProcessAgent,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let description = match process.describe().await {
        Ok(description) => description,
        Err(error) => return Err(CliError::new(Exit::Failed, error.to_string())),
    };
    let names: Vec<_> = description.task_types.iter().map(|described| &described.name).collect();
    if json {
        let any = description.any_task_type;
        let row = json!({
            "version": description.version, "task_types": names, "any_task_type": any,
            "concurrency": description.concurrency, "tools_hash": process.status().tools_hash,
        });
        writeln!(out, "{row:#}")?;
        return Ok(Exit::Success);
    }
    for described in &description.task_types {
        let effect = described.effect.as_deref().map_or_else(String::new, |e| format!(": {e}"));
        writeln!(out, "{}{effect}", described.name)?;
    }
    if description.any_task_type {
        writeln!(out, "any task type that is declared for it")?;
    }
    if let Some(hash) = process.status().tools_hash {
        writeln!(out, "tools_hash: {hash}")?;
    }
    Ok(Exit::Success)
}

fn print_outcome(
    outcome: Result<AttemptOutcome, CallError>,
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let failed = |text: String| Err(CliError::new(Exit::Failed, text));
    match outcome {
        Ok(AttemptOutcome::Completed(result)) => {
            let quality = match result.quality {
                ResultQuality::Ok => "completed",
                ResultQuality::Degraded => "completed, degraded",
                ResultQuality::Abstained => "abstained",
            };
            if !json {
                writeln!(out, "{quality}: {}", result.summary)?;
            }
            writeln!(out, "{:#}", result.output)?;
            Ok(Exit::Success)
        }
        Ok(AttemptOutcome::Failed(failure) | AttemptOutcome::InDoubt(failure)) => {
            failed(format!("the task failed ({:?}): {}", failure.kind, failure.message))
        }
        Ok(AttemptOutcome::Stopped) => failed("the agent says the task was cancelled".into()),
        Err(error) => failed(error.to_string()),
    }
}
