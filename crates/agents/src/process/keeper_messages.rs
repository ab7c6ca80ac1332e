//! What the keeper does with the lines of its process.

use serde_json::Value;

use super::{
    agent::CallError,
    child::AgentChild,
    keeper::{Keeper, PING_ID, STRAYS_MAX, answer},
    lines::ProcessLine,
};
use crate::mcp::messages::{PING_IDS, read_server_message};
use crate::protocol::{AgentMessage, BadLine, LINE_MAX, RpcError, read_line, usage_note};
use engine::port::AttemptNote;

impl Keeper {
    /// Handles a line; returns the reason if the process has to be stopped for it.
    pub(super) fn take_line(&mut self, line: ProcessLine, child: &AgentChild) -> Option<String> {
        let line = match line {
            ProcessLine::Text(line) => line,
            ProcessLine::TooLong => {
                let problem = format!("a line has more than {LINE_MAX} bytes");
                self.fail(None, &problem);
                return None;
            }
        };
        if self.mcp.is_some()
            && let Some(message) = read_server_message(&line)
        {
            return self.take_server_message(message, child);
        }
        match read_line(&line) {
            Ok(AgentMessage::Answer { id: PING_ID, .. }) => self.take_pong(child),
            Ok(AgentMessage::Answer { id, .. }) if self.mcp.is_some() && id >= PING_IDS => {
                self.take_pong(child);
            }
            Ok(AgentMessage::Answer { id, result }) => self.take_answer(id, result),
            Ok(AgentMessage::Progress { id, percent, message }) => {
                let text = self.secrets.hide(&message);
                tracing::info!(agent = self.command.agent, id, percent, "{text}");
                self.add_note(id, AttemptNote::Progress { percent, text });
            }
            Ok(AgentMessage::Log { id, level, message }) => {
                let text = self.secrets.hide(&message);
                tracing::info!(agent = self.command.agent, id, level, "{text}");
                self.add_note(id, AttemptNote::Log { level, text });
            }
            Ok(AgentMessage::Usage { id, usage }) => {
                tracing::debug!(agent = self.command.agent, id, %usage, "usage");
                self.add_note(id, usage_note(&usage));
            }
            Err(bad) if bad.looks_like_message => self.fail(bad.id, &bad.problem),
            Err(stray) => {
                child.errors.add_stray(&self.secrets.hide(&String::from_utf8_lossy(&line)));
                if self.count_stray(&stray, &line) {
                    return Some(format!("{STRAYS_MAX} lines of its output are no messages"));
                }
            }
        }
        None
    }

    /// Passes a note to the attempt of an open request.
    pub(super) fn add_note(&self, id: u64, note: AttemptNote) {
        if let Some(request) = self.sent.get(&id) {
            request.notes.add(note);
        }
    }

    fn take_pong(&mut self, child: &AgentChild) {
        self.pings_missed = 0;
        let latency = self.pinged.take().map(|at| at.elapsed());
        let last_error = child.errors.last_line();
        self.status.send_modify(|status| {
            status.latency = latency;
            status.pings_missed = 0;
            status.last_error = last_error;
        });
    }

    fn take_answer(&mut self, id: u64, result: Result<Value, RpcError>) {
        let Some(request) = self.sent.remove(&id) else {
            let agent = &self.command.agent;
            tracing::warn!(agent, id, "an answer to no open request: late, or given twice");
            return;
        };
        answer(request.reply, Ok(result));
        if self.sent.values().all(|request| request.reply.is_some()) {
            self.stopping = None;
        }
    }

    /// Fails the request a bad answer belongs to: the one it names, else every one that waits.
    fn fail(&mut self, id: Option<u64>, problem: &str) {
        let ids: Vec<u64> = match id.filter(|id| self.sent.contains_key(id)) {
            Some(id) => vec![id],
            None => self.sent.keys().copied().collect(),
        };
        if ids.is_empty() {
            tracing::warn!(agent = self.command.agent, "a message that cannot be used: {problem}");
        }
        for id in ids {
            let request = self.sent.remove(&id);
            let reply = request.and_then(|request| request.reply);
            answer(reply, Err(CallError::BadAnswer(problem.to_owned())));
        }
    }

    /// Counts a line that is no message; true if there were too many.
    pub(super) fn count_stray(&mut self, stray: &BadLine, line: &[u8]) -> bool {
        self.strays += 1;
        let text: String = String::from_utf8_lossy(line).chars().take(200).collect();
        let agent = &self.command.agent;
        tracing::warn!(agent, "a stray line on the standard output ({}): {text}", stray.problem);
        self.strays >= STRAYS_MAX
    }
}
