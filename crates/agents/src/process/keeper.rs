//! The keeper of an agent's process: starts it, passes requests on, stops and restarts it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{
    agent::{CallError, CallResult, HANDSHAKE_MAX, ProcessCommand, ProcessState, ProcessStatus},
    child::{AgentChild, ProcessEnd},
    crash_counter::CrashCounter,
    lines::ProcessLine,
    secrets::Secrets,
    stopping::{Stopping, next_step},
};
use crate::mcp::{McpServer, messages::PING_IDS};
use crate::protocol::{
    AgentDescription, AgentMessage, notification_line, read_description, read_line, request_line,
};
use engine::port::AttemptNotes;

/// Time between pings of an idle process.
const PING_EVERY: Duration = Duration::from_secs(15);
/// Pings without an answer after which a process is stopped.
const PINGS_MISSED_MAX: u32 = 2;
/// Stray lines on the standard output after which a process is stopped.
pub(super) const STRAYS_MAX: u32 = 100;
/// Time a process has to end by itself once its standard input is closed.
const FAREWELL: Duration = Duration::from_secs(2);
/// Request id of the handshake; callers begin at 1.
pub(super) const HANDSHAKE_ID: u64 = 0;
/// Request id of pings.
pub(super) const PING_ID: u64 = u64::MAX;

/// An order to the keeper.
#[derive(Debug)]
pub(super) enum KeeperOrder {
    Call {
        id: u64,
        method: &'static str,
        params: Value,
        notes: AttemptNotes,
        reply: oneshot::Sender<CallResult>,
    },
    Cancel(u64),
    /// Ends the process and the keeper, which drops the sender when that is done.
    Stop(oneshot::Sender<()>),
}

/// A request that has been sent.
#[derive(Debug)]
pub(super) struct SentRequest {
    /// `None` once its caller no longer waits.
    pub(super) reply: Option<oneshot::Sender<CallResult>>,
    pub(super) notes: AttemptNotes,
}

/// Why a process is no longer served.
enum ServeEnd {
    /// Its output ended.
    Ended,
    /// It was stopped for a reason of ours.
    Stopped(String),
    /// All handles were dropped.
    Unwanted,
}

#[derive(Debug)]
pub(super) struct Keeper {
    /// The declaration of the server, if the process is one of the Model Context Protocol.
    pub(super) mcp: Option<Arc<McpServer>>,
    /// The hash of its list of tools at its first start.
    pub(super) tools_hash: Option<String>,
    pings: u64,
    pub(super) command: ProcessCommand,
    pub(super) status: watch::Sender<ProcessStatus>,
    waiting: VecDeque<KeeperOrder>,
    pub(super) sent: BTreeMap<u64, SentRequest>,
    crashes: CrashCounter,
    starts: u32,
    concurrency: usize,
    pub(super) strays: u32,
    pub(super) pings_missed: u32,
    /// The time of the ping that waits for its answer.
    pub(super) pinged: Option<Instant>,
    pub(super) secrets: Secrets,
    pub(super) stopping: Option<Stopping>,
    /// Dropped with the keeper, which tells the caller that waits for its end.
    farewell: Option<oneshot::Sender<()>>,
}

impl Keeper {
    pub(super) fn new(
        command: ProcessCommand,
        mcp: Option<Arc<McpServer>>,
        status: watch::Sender<ProcessStatus>,
    ) -> Self {
        Self {
            mcp,
            tools_hash: None,
            pings: 0,
            secrets: command.secrets(),
            pinged: None,
            command,
            status,
            waiting: VecDeque::new(),
            sent: BTreeMap::new(),
            crashes: CrashCounter::default(),
            starts: 0,
            concurrency: 1,
            strays: 0,
            pings_missed: 0,
            stopping: None,
            farewell: None,
        }
    }

    /// Serves requests until all handles are dropped.
    pub(super) async fn run(mut self, mut orders: mpsc::UnboundedReceiver<KeeperOrder>) {
        while let Some(order) = orders.recv().await {
            if matches!(order, KeeperOrder::Stop(_)) {
                return;
            }
            self.take_order(order, None);
            while !self.waiting.is_empty() {
                let needed = match self.start().await {
                    Ok(child) => self.serve(child, &mut orders).await,
                    Err(error) => self.fail_waiting(&error),
                };
                if !needed {
                    return;
                }
            }
        }
    }

    /// Starts the process and waits for its description.
    async fn start(&mut self) -> Result<AgentChild, CallError> {
        if let Some(crashes) = self.crashes.crash_loop() {
            self.set_state(ProcessState::CrashLoop);
            return Err(CallError::CrashLoop(crashes));
        }
        let command = self.command.words.join(" ");
        let mut child = AgentChild::spawn(&self.command).map_err(|error| {
            self.crashes.count();
            CallError::Start { command: command.clone(), cause: error.to_string() }
        })?;
        self.starts += 1;
        (self.strays, self.pings_missed, self.stopping) = (0, 0, None);
        let described = tokio::time::timeout(HANDSHAKE_MAX, self.introduce(&mut child)).await;
        let described = described.unwrap_or_else(|_late| {
            let method = if self.mcp.is_some() { "initialize" } else { "agent/describe" };
            Err(format!("no answer to `{method}` within {} s", HANDSHAKE_MAX.as_secs()))
        });
        match described {
            Ok(description) => {
                self.concurrency = description.concurrency;
                let pid = child.pid;
                let schemas = description.task_types.into_iter();
                let schemas = schemas.filter_map(|of| Some((of.name, of.output_schema?)));
                self.status.send_modify(|status| {
                    status.version = description.version;
                    status.schemas = Arc::new(schemas.collect());
                    status.state = ProcessState::Running { pid };
                });
                let restarts = self.starts.saturating_sub(1);
                self.status.send_modify(|status| status.restarts = restarts);
                Ok(child)
            }
            Err(cause) => {
                self.crashes.count();
                let errors = child.errors.clone();
                child.kill();
                child.reap().await;
                let said = errors.tail();
                let said =
                    if said.is_empty() { String::new() } else { format!("; it said: {said}") };
                Err(CallError::Handshake { command, cause: format!("{cause}{said}") })
            }
        }
    }

    /// Asks the process to introduce itself.
    async fn introduce(&mut self, child: &mut AgentChild) -> Result<AgentDescription, String> {
        if let Some(server) = self.mcp.clone() {
            return self.introduce_mcp(&server, child).await;
        }
        child.write(request_line(HANDSHAKE_ID, "agent/describe", &json!({})));
        self.described(child).await
    }

    async fn described(&mut self, child: &mut AgentChild) -> Result<AgentDescription, String> {
        loop {
            let line = match child.next_line().await {
                Some(ProcessLine::Text(line)) => line,
                Some(ProcessLine::TooLong) => return Err("its first line is too long".into()),
                None => return Err("its output ended".into()),
            };
            match read_line(&line) {
                Ok(AgentMessage::Answer { id: HANDSHAKE_ID, result }) => {
                    let answer = result.map_err(|error| error.message)?;
                    return read_description(&answer);
                }
                Ok(_early) => {}
                Err(stray) => {
                    if self.count_stray(&stray, &line) {
                        return Err(format!("{STRAYS_MAX} lines of it are no messages"));
                    }
                }
            }
        }
    }

    /// Passes requests to a running process; false when the keeper is no longer needed.
    async fn serve(
        &mut self,
        mut child: AgentChild,
        orders: &mut mpsc::UnboundedReceiver<KeeperOrder>,
    ) -> bool {
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.reset();
        let end = loop {
            self.send_waiting(&child);
            tokio::select! {
                order = orders.recv() => match order {
                    Some(KeeperOrder::Stop(done)) => {
                        self.farewell = Some(done);
                        break ServeEnd::Unwanted;
                    }
                    Some(order) => self.take_order(order, Some(&child)),
                    None => break ServeEnd::Unwanted,
                },
                line = child.next_line() => match line {
                    Some(line) => if let Some(why) = self.take_line(line, &child) {
                        break ServeEnd::Stopped(why);
                    },
                    None => break ServeEnd::Ended,
                },
                () = next_step(self.stopping.as_mut()) => {
                    if let Some(stopping) = &mut self.stopping {
                        stopping.advance(&mut child);
                    }
                }
                at = ping.tick() => if let Some(why) = self.ping(&child, at) {
                    break ServeEnd::Stopped(why);
                },
            }
        };
        self.end(child, end).await
    }

    async fn end(&mut self, mut child: AgentChild, end: ServeEnd) -> bool {
        let errors = child.errors.clone();
        if matches!(end, ServeEnd::Unwanted) {
            child.close_input();
            let _ = tokio::time::timeout(FAREWELL, async {
                while child.next_line().await.is_some() {}
            })
            .await;
            child.terminate();
            child.reap().await;
            return false;
        }
        let asked = self.stopping.is_some();
        if matches!(end, ServeEnd::Stopped(_)) {
            child.kill();
        }
        let ProcessEnd { status, killed } = child.reap().await;
        let last_error = errors.last_line();
        self.status.send_modify(|status| status.last_error = last_error);
        self.set_state(ProcessState::Stopped);
        if !asked {
            self.crashes.count();
        }
        let mut why = match end {
            ServeEnd::Stopped(why) => why,
            ServeEnd::Ended | ServeEnd::Unwanted if asked => {
                "it was stopped, since it did not confirm a cancellation".into()
            }
            ServeEnd::Ended | ServeEnd::Unwanted if killed => {
                "it closed its standard output, on which it has to answer, and was stopped".into()
            }
            ServeEnd::Ended | ServeEnd::Unwanted => {
                status.map_or_else(|| "its output ended".into(), |status| status.to_string())
            }
        };
        let said = errors.tail();
        if !said.is_empty() {
            why = format!("{why}; it said: {said}");
        }
        for (_, request) in std::mem::take(&mut self.sent) {
            answer(request.reply, Err(CallError::Ended(why.clone())));
        }
        true
    }

    fn take_order(&mut self, order: KeeperOrder, child: Option<&AgentChild>) {
        let KeeperOrder::Cancel(id) = order else {
            self.waiting.push_back(order);
            return;
        };
        self.waiting.retain(
            |waiting| !matches!(waiting, KeeperOrder::Call { id: known, .. } if *known == id),
        );
        if let (true, Some(child)) = (self.mcp.is_some(), child) {
            // A server does not answer a cancelled call.
            if self.sent.remove(&id).is_some() {
                let params = json!({"requestId": id, "reason": "no longer needed"});
                child.write(notification_line("notifications/cancelled", &params));
            }
            return;
        }
        if let (Some(request), Some(child)) = (self.sent.get_mut(&id), child) {
            request.reply = None;
            child.write(notification_line("task/cancel", &json!({"id": id})));
            self.stopping.get_or_insert_with(Stopping::for_cancelled_attempt);
        }
    }

    fn send_waiting(&mut self, child: &AgentChild) {
        // A process that is being stopped takes nothing new; the next one does.
        while self.stopping.is_none() && self.sent.len() < self.concurrency {
            let Some(order) = self.waiting.pop_front() else { return };
            if let KeeperOrder::Call { id, method, params, notes, reply } = order {
                // The last words of an answered request arrive after the answer: its attempt gets
                // them until there is another.
                child.errors.retain_followers(|id| self.sent.contains_key(&id));
                child.errors.follow(id, notes.clone());
                child.write(request_line(id, method, &params));
                self.sent.insert(id, SentRequest { reply: Some(reply), notes });
            }
        }
    }

    /// Pings an idle process; returns the reason if it has to be stopped.
    fn ping(&mut self, child: &AgentChild, at: Instant) -> Option<String> {
        if !self.sent.is_empty() {
            self.pings_missed = 0;
            return None;
        }
        if self.pings_missed >= PINGS_MISSED_MAX {
            return Some(format!("it left {PINGS_MISSED_MAX} pings unanswered"));
        }
        let missed = self.pings_missed;
        self.status.send_modify(|status| status.pings_missed = missed);
        self.pings_missed += 1;
        self.pinged = Some(at);
        self.pings += 1;
        child.write(match self.mcp {
            Some(_) => request_line(PING_IDS + self.pings, "ping", &json!({})),
            None => request_line(PING_ID, "agent/ping", &json!({})),
        });
        None
    }

    /// Fails every request that has not been sent; true, since the keeper is still needed.
    fn fail_waiting(&mut self, error: &CallError) -> bool {
        tracing::warn!(agent = self.command.agent, "{error}");
        for order in self.waiting.drain(..) {
            if let KeeperOrder::Call { reply, .. } = order {
                answer(Some(reply), Err(error.clone()));
            }
        }
        true
    }

    fn set_state(&self, state: ProcessState) {
        self.status.send_modify(|status| status.state = state);
    }
}

pub(super) fn answer(reply: Option<oneshot::Sender<CallResult>>, result: CallResult) {
    if let Some(reply) = reply {
        // A caller that has stopped waiting has been answered already.
        let _ = reply.send(result);
    }
}
