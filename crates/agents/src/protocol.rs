//! The line protocol `bellwether-agent/1`: JSON-RPC 2.0, one object per line, UTF-8.

use serde_json::{Value, json};

use crate::schema::check_schema;
use engine::{
    AttemptOutcome, Failure, FailureKind, ResultQuality, TaskResult,
    port::{AttemptNote, AttemptRequest},
};
use planning::workflow::EffectClass;

/// Name of the protocol and its version.
pub const PROTOCOL: &str = "bellwether-agent/1";

/// Longest line of the protocol, in bytes.
pub const LINE_MAX: usize = 4 << 20;

/// Most characters of a line of an attempt's log, and of its level.
const LOG_MAX: usize = 8_192;
const LEVEL_MAX: usize = 16;

/// Most characters of an agent's text that a message repeats.
const TEXT_MAX: usize = 400;

/// A message of an agent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AgentMessage {
    /// The answer to the request `id`.
    Answer { id: u64, result: Result<Value, RpcError> },
    /// The progress of a request, in percent.
    Progress { id: u64, percent: u8, message: String },
    /// A line of a request's log.
    Log { id: u64, level: String, message: String },
    /// Use of a model by a request.
    Usage { id: u64, usage: Value },
}

/// An error answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RpcError {
    pub(crate) code: i64,
    pub(crate) message: String,
    pub(crate) data: Value,
}

/// A line that is no message of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// The request it seems to answer.
    pub(crate) id: Option<u64>,
    /// Whether it looks like a message rather than a stray line of text.
    pub(crate) looks_like_message: bool,
    pub(crate) problem: String,
}

/// Reads one line.
pub(crate) fn read_line(line: &[u8]) -> Result<AgentMessage, BadLine> {
    let text = String::from_utf8_lossy(line);
    let message: Value = serde_json::from_str(&text).map_err(|error| BadLine {
        id: guess_id(&text),
        looks_like_message: text.trim_start().starts_with('{'),
        problem: format!("it is no JSON: {error}"),
    })?;
    let bad = |problem: &str| BadLine {
        id: message.get("id").and_then(Value::as_u64),
        looks_like_message: message.is_object(),
        problem: problem.to_owned(),
    };
    let Some(fields) = message.as_object() else { return Err(bad("it is no object")) };
    if let Some(method) = fields.get("method").and_then(Value::as_str) {
        return read_notification(method, fields.get("params").unwrap_or(&Value::Null))
            .ok_or_else(|| bad(&format!("{} is no notification", diag::quote(method))));
    }
    let Some(id) = fields.get("id").and_then(Value::as_u64) else {
        return Err(bad("it has neither a method nor the id of a request"));
    };
    let result = match (fields.get("result"), fields.get("error")) {
        (Some(result), None) => Ok(result.clone()),
        (None, Some(error)) => Err(RpcError {
            code: error.get("code").and_then(Value::as_i64).unwrap_or(-32000),
            message: error.get("message").and_then(Value::as_str).unwrap_or("no reason").into(),
            data: error.get("data").cloned().unwrap_or_default(),
        }),
        (Some(_), Some(_)) => return Err(bad("it has a result and an error")),
        (None, None) => return Err(bad("it has neither a result nor an error")),
    };
    Ok(AgentMessage::Answer { id, result })
}

fn read_notification(method: &str, params: &Value) -> Option<AgentMessage> {
    let id = params.get("id")?.as_u64()?;
    let text = |name| params.get(name).and_then(Value::as_str).unwrap_or_default();
    match method {
        "task/progress" => {
            let percent = params.get("percent").or_else(|| params.get("pct"));
            let percent = percent.and_then(Value::as_f64).unwrap_or_default().clamp(0.0, 100.0);
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 100"
            )]
            let percent = percent as u8;
            Some(AgentMessage::Progress { id, percent, message: shorten(text("message")) })
        }
        "task/log" => {
            let message = if text("message").is_empty() { text("msg") } else { text("message") };
            let level = text("level").chars().take(LEVEL_MAX).collect();
            let fields = params.get("fields").and_then(Value::as_object).into_iter().flatten();
            let fields = fields.map(|(name, value)| format!(" {name}={value}"));
            let message = format!("{message}{}", fields.collect::<String>());
            Some(AgentMessage::Log { id, level, message: message.chars().take(LOG_MAX).collect() })
        }
        "task/usage" => Some(AgentMessage::Usage { id, usage: params.clone() }),
        _ => None,
    }
}

/// Returns the note of a `task/usage`.
pub(crate) fn usage_note(usage: &Value) -> AttemptNote {
    let count = |name| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
    let usd = usage.get("usd").and_then(Value::as_f64).unwrap_or_default();
    AttemptNote::Usage { tokens_in: count("tokens_in"), tokens_out: count("tokens_out"), usd }
}

/// Returns the number behind the first `"id":` of a line that cannot be parsed.
fn guess_id(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("\"id\"")?;
    let digits = rest.trim_start().strip_prefix(':')?.trim_start();
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn shorten(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}

/// Returns the line of a request.
pub(crate) fn request_line(id: u64, method: &str, params: &Value) -> String {
    format!("{}\n", json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
}

/// Returns the line of a notification.
pub(crate) fn notification_line(method: &str, params: &Value) -> String {
    format!("{}\n", json!({"jsonrpc": "2.0", "method": method, "params": params}))
}

/// Returns the parameters of `task/run`.
pub(crate) fn run_params(request: &AttemptRequest) -> Value {
    let upstream: serde_json::Map<_, _> = request
        .upstream
        .iter()
        .map(|(task, output)| (task.to_string(), Value::clone(output)))
        .collect();
    json!({
        "run_id": &*request.run,
        "task_id": request.task_id.as_str(),
        "task_type": request.task_type.as_str(),
        "agent": request.agent.as_str(),
        "attempt": request.attempt,
        "idempotency_key": request.key,
        "deadline_utc": request.deadline.to_rfc3339(),
        "as_of": request.as_of.to_rfc3339(),
        "session_date": request.session_date.to_string(),
        "mode": request.mode.to_string(),
        "params": &*request.params,
        "upstream": upstream,
        "seed": request.seed,
    })
}

/// A task type as an agent describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct DescribedTaskType {
    /// Its name.
    pub name: String,
    /// Its effect class, where the agent names one.
    pub effect: Option<String>,
    /// The JSON Schema of its results, where the agent gives one.
    pub output_schema: Option<Value>,
}

/// An agent's description of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentDescription {
    /// Its task types.
    pub task_types: Vec<DescribedTaskType>,
    /// Whether it takes any task type that is declared for it.
    pub any_task_type: bool,
    /// Its version, where it names one.
    pub version: Option<String>,
    /// Requests it works on at once.
    pub concurrency: usize,
}

/// Reads the answer to `agent/describe`.
pub(crate) fn read_description(answer: &Value) -> Result<AgentDescription, String> {
    match answer.get("protocol").and_then(Value::as_str) {
        Some(PROTOCOL) => {}
        Some(other) => {
            return Err(format!("it speaks {}, not {PROTOCOL}", diag::quote(other)));
        }
        None => return Err(format!("its description names no protocol; expected {PROTOCOL}")),
    }
    let Some(listed) = answer.get("task_types").and_then(Value::as_array) else {
        return Err("its description has no list `task_types`".into());
    };
    let task_types = listed.iter().map(|entry| {
        let effect = entry.get("effect").and_then(Value::as_str).map(ToOwned::to_owned);
        let name = entry.as_str().or_else(|| entry.get("name")?.as_str())?.to_owned();
        let output_schema = entry.get("output_schema").filter(|schema| schema.is_object());
        Some(DescribedTaskType { name, effect, output_schema: output_schema.cloned() })
    });
    let task_types: Option<Vec<_>> = task_types.collect();
    let Some(task_types) = task_types else {
        return Err("a task type of its description has no name".into());
    };
    let concurrency = answer.pointer("/capabilities/concurrency").and_then(Value::as_u64);
    let concurrency = concurrency.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
    Ok(AgentDescription {
        task_types,
        any_task_type: answer.get("any_task_type") == Some(&Value::Bool(true)),
        version: answer.get("version").and_then(Value::as_str).map(ToOwned::to_owned),
        concurrency,
    })
}

/// Returns the outcome of an attempt from the agent's answer.
pub(crate) fn outcome_of(answer: Result<Value, RpcError>, effect: EffectClass) -> AttemptOutcome {
    match answer {
        Ok(result) => outcome_of_result(result, effect),
        Err(error) => outcome_of_error(&error, effect),
    }
}

/// Returns the outcome after its data was checked against the schema of its task type.
pub(crate) fn checked_outcome(
    outcome: AttemptOutcome,
    schema: Option<&Value>,
    effect: EffectClass,
) -> AttemptOutcome {
    let (AttemptOutcome::Completed(result), Some(schema)) = (&outcome, schema) else {
        return outcome;
    };
    if result.quality == ResultQuality::Abstained {
        return outcome;
    }
    let data = result.output.get("data").unwrap_or(&Value::Null);
    match check_schema(schema, data) {
        Ok(()) => outcome,
        Err(told) => {
            let message = format!("the result does not match the agent's own schema: {told}");
            unfinished(Failure::new(FailureKind::BadOutput, message), effect, false)
        }
    }
}

/// Returns the outcome of a result: `result.v1`, or any object as its data.
fn outcome_of_result(result: Value, effect: EffectClass) -> AttemptOutcome {
    if !result.is_object() {
        let message = format!("the result is {}, not an object", json_kind(&result));
        return unfinished(Failure::new(FailureKind::BadOutput, message), effect, false);
    }
    let status = result.get("status").and_then(Value::as_str).unwrap_or_default();
    let is_v1 = result.get("data").is_some_and(Value::is_object)
        && ["ok", "degraded", "abstained", "blocked"].contains(&status);
    let reason = || {
        let reason = result.get("reason").or_else(|| result.pointer("/warnings/0/msg"));
        reason.and_then(Value::as_str).map(shorten)
    };
    let quality = match (is_v1, status) {
        (true, "blocked") => {
            let message = reason().unwrap_or_else(|| "the agent says the work is blocked".into());
            return AttemptOutcome::Failed(Failure::new(FailureKind::Rejected, message));
        }
        (true, "degraded") => ResultQuality::Degraded,
        (true, "abstained") => ResultQuality::Abstained,
        _ => ResultQuality::Ok,
    };
    let data = if is_v1 { result.get("data") } else { Some(&result) };
    let summary = result.get("summary").and_then(Value::as_str).map(shorten);
    let summary =
        summary.or_else(reason).unwrap_or_else(|| summary_of(data.unwrap_or(&Value::Null)));
    let output = if is_v1 { result } else { json!({ "data": result }) };
    AttemptOutcome::Completed(TaskResult { quality, summary, output: output.into() })
}

fn outcome_of_error(error: &RpcError, effect: EffectClass) -> AttemptOutcome {
    let message = shorten(&error.message);
    let kind = match error.code {
        -32800 if effect == EffectClass::Effectful => FailureKind::Cancelled,
        -32800 => return AttemptOutcome::Stopped,
        -32010 => {
            let output = json!({"status": "abstained", "data": {}, "reason": message});
            return AttemptOutcome::Completed(TaskResult {
                quality: ResultQuality::Abstained,
                summary: message,
                output: output.into(),
            });
        }
        -32601 => FailureKind::NotFound,
        -32602 => FailureKind::BadInput,
        -32603 | -32600 | -32700 => FailureKind::BadOutput,
        -32011 => FailureKind::Budget,
        _ if error.data.get("retryable") == Some(&Value::Bool(false)) => FailureKind::Rejected,
        _ => FailureKind::Transient,
    };
    let message = match error.data.get("retry_after_s").and_then(Value::as_f64) {
        Some(seconds) => format!("{message} (asks to wait {seconds} s)"),
        None => message,
    };
    // Nothing was begun where the request itself was refused, or where the agent says so.
    let without_effect = matches!(error.code, -32601 | -32602 | -32011)
        || error.data.get("without_effect") == Some(&Value::Bool(true));
    unfinished(Failure::new(kind, message), effect, without_effect)
}

/// Returns the outcome of an attempt that was not finished: in doubt where it may have had an effect.
pub(crate) fn unfinished(
    failure: Failure,
    effect: EffectClass,
    without_effect: bool,
) -> AttemptOutcome {
    match effect {
        EffectClass::Effectful if !without_effect => AttemptOutcome::InDoubt(failure),
        EffectClass::Pure
        | EffectClass::Idempotent
        | EffectClass::Effectful
        | EffectClass::Human => AttemptOutcome::Failed(failure),
    }
}

/// Returns the first plain values of a result, in a line.
fn summary_of(data: &Value) -> String {
    let fields = data.as_object().into_iter().flatten();
    let plain = fields.filter_map(|(name, value)| match value {
        Value::String(text) => Some(format!("{name} {text}")),
        Value::Number(number) => Some(format!("{name} {number}")),
        Value::Bool(flag) => Some(format!("{name} {flag}")),
        Value::Array(list) => Some(format!("{name} {}", list.len())),
        Value::Null | Value::Object(_) => None,
    });
    let line = plain.take(4).collect::<Vec<_>>().join(", ");
    if line.is_empty() { "done".into() } else { line.chars().take(120).collect() }
}

const fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
