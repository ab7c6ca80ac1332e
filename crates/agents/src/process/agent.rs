//! The handle of an agent in a child process of its own.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    keeper::{Keeper, KeeperOrder},
    secrets::Secrets,
};
use crate::mcp::{McpServer, answer_of};
use crate::protocol::{
    AgentDescription, DescribedTaskType, RpcError, checked_outcome, outcome_of, read_description,
    run_params,
};
use engine::{
    AttemptOutcome,
    port::{AttemptNotes, AttemptRequest},
};
use planning::workflow::EffectClass;

/// Longest wait for the answer to `agent/describe`.
pub(crate) const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// The command line of an agent's process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessCommand {
    /// Name of the agent, for messages.
    pub agent: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Its working directory.
    pub folder: PathBuf,
    /// Its whole environment.
    pub environment: Vec<(String, String)>,
}

impl ProcessCommand {
    /// Returns what must not show in logs.
    pub(crate) fn secrets(&self) -> Secrets {
        Secrets::of(&self.environment)
    }
}

/// The state of an agent's process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProcessState {
    /// Not started, or ended; the next request starts it.
    #[default]
    Stopped,
    /// Started and described.
    Running {
        /// Its process id.
        pid: u32,
    },
    /// It ended too often; requests fail until the pause is over.
    CrashLoop,
}

/// The status of an agent's process.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProcessStatus {
    /// Its state.
    pub state: ProcessState,
    /// Starts after the first one.
    pub restarts: u32,
    /// Version the agent names.
    pub version: Option<String>,
    /// Time that the last ping took.
    pub latency: Option<Duration>,
    /// Pings in a row that were not answered.
    pub pings_missed: u32,
    /// The last line of its error output.
    pub last_error: Option<String>,
    /// The JSON Schemas of results, by task type, as the agent describes them.
    pub(crate) schemas: Arc<BTreeMap<String, Value>>,
    /// The same of an MCP server, by tool.
    pub(crate) tool_schemas: Arc<BTreeMap<String, Value>>,
    /// The hash of the list of tools of an MCP server.
    pub tools_hash: Option<String>,
}

/// The failure of a request.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// The process could not be started.
    #[error("cannot start {command}: {cause}; check the agent's `command`")]
    Start {
        /// The command line.
        command: String,
        /// The system's error.
        cause: String,
    },
    /// The process started but did not describe itself.
    #[error("{command} did not introduce itself as an agent: {cause}")]
    Handshake {
        /// The command line.
        command: String,
        /// The difference from what was expected, and the last lines of its error output.
        cause: String,
    },
    /// The process ended while it worked on the request.
    #[error("the agent's process ended: {0}")]
    Ended(String),
    /// The process ended too often.
    #[error(
        "the agent is not started: its process ended {0} times within 60 s; it is tried again within 60 s"
    )]
    CrashLoop(u32),
    /// The answer was no valid message.
    #[error("the agent's answer cannot be used: {0}")]
    BadAnswer(String),
    /// No answer came in time.
    #[error("no answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The program is ending.
    #[error("the agents are being stopped")]
    Stopping,
}

/// An answer, with an error that the agent itself reported.
pub(crate) type CallResult = Result<Result<Value, RpcError>, CallError>;

/// A handle to the process of an agent. The process is started by the first request and ends when
/// the last handle is dropped.
#[derive(Debug, Clone)]
pub struct ProcessAgent {
    orders: mpsc::UnboundedSender<KeeperOrder>,
    pub(super) status: watch::Receiver<ProcessStatus>,
    ids: Arc<std::sync::atomic::AtomicU64>,
    mcp: Option<Arc<McpServer>>,
}

/// Cancels its request when the caller no longer waits for it.
struct CancelOnDrop<'a> {
    orders: &'a mpsc::UnboundedSender<KeeperOrder>,
    id: u64,
    armed: bool,
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        if self.armed {
            // A keeper that has ended has no request left to cancel.
            let _ = self.orders.send(KeeperOrder::Cancel(self.id));
        }
    }
}

impl ProcessAgent {
    /// Prepares the process of `command`. Must be called inside a runtime.
    #[must_use]
    pub fn new(command: ProcessCommand) -> Self {
        Self::start_keeper(command, None)
    }

    /// Prepares the process of an MCP server. Must be called inside a runtime.
    #[must_use]
    pub fn for_mcp(command: ProcessCommand, server: McpServer) -> Self {
        Self::start_keeper(command, Some(Arc::new(server)))
    }

    fn start_keeper(command: ProcessCommand, mcp: Option<Arc<McpServer>>) -> Self {
        let (orders, received) = mpsc::unbounded_channel();
        let (tell, status) = watch::channel(ProcessStatus::default());
        tokio::spawn(Keeper::new(command, mcp.clone(), tell).run(received));
        Self { orders, status, ids: Arc::default(), mcp }
    }

    /// Returns the status of the process.
    #[must_use]
    pub fn status(&self) -> ProcessStatus {
        self.status.borrow().clone()
    }

    /// Sends a request and waits for its answer, at most `bound`. A caller that stops waiting cancels
    /// the request: the process gets 5 s to confirm, then SIGTERM, and 5 s later SIGKILL.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        params: Value,
        bound: Duration,
    ) -> CallResult {
        self.call_noted((method, params), bound, AttemptNotes::default()).await
    }

    /// The same with what the process says meanwhile.
    pub(crate) async fn call_noted(
        &self,
        (method, params): (&'static str, Value),
        bound: Duration,
        notes: AttemptNotes,
    ) -> CallResult {
        match &self.mcp {
            Some(server) if method == "task/run" => {
                self.call_tool(server, params, bound, notes).await
            }
            _ => self.send((method, params), bound, notes).await,
        }
    }

    /// Does a task with a tool of the server.
    async fn call_tool(
        &self,
        server: &McpServer,
        params: Value,
        bound: Duration,
        notes: AttemptNotes,
    ) -> CallResult {
        let call = match server.call_of(&params) {
            Ok(call) => call,
            Err(message) => return Ok(Err(RpcError { code: -32602, message, data: Value::Null })),
        };
        let tool = call.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let returned = match self.send(("tools/call", call), bound, notes).await? {
            Ok(returned) => returned,
            Err(error) => return Ok(Err(error)),
        };
        let schemas = Arc::clone(&self.status.borrow().tool_schemas);
        let task_type = params.get("task_type").and_then(Value::as_str).unwrap_or_default();
        answer_of(server, task_type, &returned, schemas.get(&tool))
    }

    /// Sends a request and waits for its answer.
    async fn send(
        &self,
        (method, mut params): (&'static str, Value),
        bound: Duration,
        notes: AttemptNotes,
    ) -> CallResult {
        let id = self.ids.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        if method == "tools/call"
            && let Some(fields) = params.as_object_mut()
        {
            fields.insert("_meta".into(), json!({"progressToken": id}));
        }
        let (reply, answer) = oneshot::channel();
        let order = KeeperOrder::Call { id, method, params, notes, reply };
        if self.orders.send(order).is_err() {
            return Err(CallError::Stopping);
        }
        let mut guard = CancelOnDrop { orders: &self.orders, id, armed: true };
        let answer = tokio::time::timeout(bound, answer).await;
        guard.armed = answer.is_err();
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(_dropped)) => Err(CallError::Stopping),
            Err(_late) => Err(CallError::TimedOut(bound)),
        }
    }

    /// Returns the outcome of a task type, checked against the schema that the agent gives for it.
    pub(crate) fn checked(
        &self,
        outcome: AttemptOutcome,
        task_type: &str,
        effect: EffectClass,
    ) -> AttemptOutcome {
        let schemas = Arc::clone(&self.status.borrow().schemas);
        checked_outcome(outcome, schemas.get(task_type), effect)
    }

    /// Ends the process: its standard input is closed, 2 s later it gets SIGTERM and then SIGKILL.
    pub async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.orders.send(KeeperOrder::Stop(done)).is_ok() {
            // The sender is dropped when the process has ended.
            let _ = ended.await;
        }
    }

    /// Runs a task outside of any run, with `data` as its `task_data`.
    ///
    /// # Errors
    ///
    /// [`CallError`] if no usable answer came.
    pub async fn try_task(
        &self,
        task_type: &str,
        data: &Value,
        bound: Duration,
    ) -> Result<AttemptOutcome, CallError> {
        let params = json!({
            "run_id": "try", "task_id": task_type, "task_type": task_type, "attempt": 1,
            "idempotency_key": "try", "mode": "sim", "params": data, "upstream": {}, "seed": 1,
        });
        let answer = self.call("task/run", params, bound).await?;
        Ok(self.checked(outcome_of(answer, EffectClass::Pure), task_type, EffectClass::Pure))
    }

    /// Runs an attempt of a run again outside of it, with the input it had.
    ///
    /// # Errors
    ///
    /// [`CallError`] if no usable answer came.
    pub async fn try_again(
        &self,
        request: &AttemptRequest,
        bound: Duration,
    ) -> Result<AttemptOutcome, CallError> {
        let notes = request.notes.clone();
        let answer = self.call_noted(("task/run", run_params(request)), bound, notes).await?;
        let task_type = request.task_type.as_str();
        Ok(self.checked(outcome_of(answer, EffectClass::Pure), task_type, EffectClass::Pure))
    }

    /// Starts the process if need be and asks it to describe itself.
    ///
    /// # Errors
    ///
    /// [`CallError`] if it cannot be started or its description cannot be used.
    pub async fn describe(&self) -> Result<AgentDescription, CallError> {
        if let Some(server) = &self.mcp {
            let ping = self.call("ping", json!({}), HANDSHAKE_MAX * 2).await?;
            ping.map_err(|error| CallError::BadAnswer(error.message))?;
            let of = |name: &String| DescribedTaskType {
                name: name.clone(),
                effect: None,
                output_schema: None,
            };
            return Ok(AgentDescription {
                task_types: server.map.keys().map(of).collect(),
                any_task_type: false,
                version: self.status().version,
                concurrency: 1,
            });
        }
        let answer = self.call("agent/describe", Value::Null, HANDSHAKE_MAX * 2).await?;
        let answer = answer.map_err(|error| CallError::BadAnswer(error.message))?;
        read_description(&answer).map_err(CallError::BadAnswer)
    }
}
