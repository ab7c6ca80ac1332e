//! One process of the agent under test, spoken to line by line.

use std::{io, time::Duration};

use serde_json::{Value, json};

use crate::{
    ProcessCommand,
    process::{child::AgentChild, lines::ProcessLine},
    protocol::{
        AgentMessage, RpcError, notification_line, read_description, read_line, request_line,
    },
};

/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Longest wait for a line that should not come.
const SILENCE: Duration = Duration::from_millis(300);

/// The id of a request and the answer to it.
type Answer = (u64, Result<Value, RpcError>);

/// A process of the agent under test.
pub(super) struct Session {
    child: AgentChild,
    next_id: u64,
    pub(super) task_type: Option<String>,
    pub(super) task_data: Value,
    strays: Vec<String>,
    /// Answers to requests that no case has waited for yet.
    early: Vec<Answer>,
}

impl Session {
    pub(super) fn start(
        command: &ProcessCommand,
        task_type: Option<String>,
        task_data: &Value,
    ) -> io::Result<Self> {
        let child = AgentChild::spawn(command)?;
        let (strays, early) = (Vec::new(), Vec::new());
        Ok(Self { child, next_id: 0, task_type, task_data: task_data.clone(), strays, early })
    }

    /// Sends a request; returns its id.
    pub(super) fn send(&mut self, method: &str, params: &Value) -> u64 {
        self.next_id += 1;
        self.child.write(request_line(self.next_id, method, params));
        self.next_id
    }

    /// Sends a notification.
    pub(super) fn notify(&self, method: &str, params: &Value) {
        self.child.write(notification_line(method, params));
    }

    /// Sends a line as it is.
    pub(super) fn send_raw(&self, line: &str) {
        self.child.write(line.to_owned());
    }

    /// Waits for the answer to the request `id`.
    pub(super) async fn answer(&mut self, id: u64) -> Result<Result<Value, RpcError>, String> {
        if let Some(at) = self.early.iter().position(|(known, _)| *known == id) {
            return Ok(self.early.remove(at).1);
        }
        loop {
            let line = tokio::time::timeout(ANSWER_MAX, self.child.next_line()).await;
            let line = line
                .map_err(|_late| format!("no answer within {} s", ANSWER_MAX.as_secs()))?
                .ok_or_else(|| {
                    format!("the process ended; it said: {}", self.child.errors.tail())
                })?;
            match self.read(line)? {
                Some((known, result)) if known == id => return Ok(result),
                Some(other) => self.early.push(other),
                None => {}
            }
        }
    }

    /// Sends a request and waits for its answer.
    pub(super) async fn ask(
        &mut self,
        method: &str,
        params: &Value,
    ) -> Result<Result<Value, RpcError>, String> {
        let id = self.send(method, params);
        self.answer(id).await
    }

    /// Introduces the agent, as every session begins.
    pub(super) async fn describe(&mut self) -> Result<Value, String> {
        let answer = self.ask("agent/describe", &json!({})).await?;
        let answer = answer.map_err(|error| format!("error {}: {}", error.code, error.message))?;
        let description = read_description(&answer)?;
        if self.task_type.is_none() {
            self.task_type = description.task_types.first().map(|first| first.name.clone());
        }
        Ok(answer)
    }

    /// Fails unless the agent still answers a ping.
    pub(super) async fn must_be_alive(&mut self) -> Result<(), String> {
        let answer = self.ask("agent/ping", &json!({})).await?;
        answer.map(drop).map_err(|error| format!("`agent/ping` gives an error: {}", error.message))
    }

    /// Fails if another message arrives, beside notifications.
    pub(super) async fn must_be_silent(&mut self) -> Result<(), String> {
        while let Ok(Some(line)) = tokio::time::timeout(SILENCE, self.child.next_line()).await {
            if let Some((id, _)) = self.read(line)? {
                return Err(format!("another answer to the request {id}"));
            }
        }
        Ok(())
    }

    /// Returns the parameters of a task.
    pub(super) fn task(task_type: &str, data: &Value) -> Value {
        json!({
            "run_id": "check", "task_id": "check", "task_type": task_type, "attempt": 1,
            "idempotency_key": "check", "mode": "sim", "params": data, "upstream": {}, "seed": 1,
        })
    }

    /// Returns the parameters of the task under test.
    pub(super) fn own_task(&self) -> Result<Value, String> {
        let task_type = self.task_type.clone();
        let task_type = task_type.ok_or("it describes no task type; name one with --task-type")?;
        Ok(Self::task(&task_type, &self.task_data))
    }

    /// Closes the standard input; fails unless the process ends within `bound`.
    pub(super) async fn must_end_within(&mut self, bound: Duration) -> Result<(), String> {
        self.child.close_input();
        let ended = async { while self.child.next_line().await.is_some() {} };
        tokio::time::timeout(bound, ended)
            .await
            .map_err(|_late| format!("it runs on {} s later", bound.as_secs()))
    }

    fn read(&mut self, line: ProcessLine) -> Result<Option<Answer>, String> {
        let line = match line {
            ProcessLine::Text(line) => line,
            ProcessLine::TooLong => return Err("a line is longer than 4 MiB".into()),
        };
        match read_line(&line) {
            Ok(AgentMessage::Answer { id, result }) => Ok(Some((id, result))),
            Ok(_notification) => Ok(None),
            Err(bad) if bad.looks_like_message => {
                Err(format!("a message is wrong: {}", bad.problem))
            }
            Err(_stray) => {
                self.strays.push(String::from_utf8_lossy(&line).chars().take(80).collect());
                Ok(None)
            }
        }
    }

    /// Returns the problem of stray lines on the standard output.
    pub(super) fn stray_problem(&self) -> Option<String> {
        let first = self.strays.first()?;
        Some(format!("a line on the standard output is no message: {}", diag::quote(first)))
    }

    pub(super) async fn end(mut self) {
        self.child.kill();
        self.child.reap().await;
    }
}
