//! What the keeper does otherwise for a server of the Model Context Protocol.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    child::AgentChild,
    keeper::{HANDSHAKE_ID, Keeper},
    lines::ProcessLine,
};
use crate::{
    mcp::{
        McpServer,
        messages::{
            LIST_IDS, ServerMessage, UNDERSTOOD, initialize_params, read_server_message,
            refusal_line,
        },
    },
    protocol::{AgentDescription, AgentMessage, notification_line, read_line, request_line},
};
use engine::port::AttemptNote;

/// Pages of the list of tools that are read.
const PAGES_MAX: u64 = 50;

impl Keeper {
    /// Introduces the program to a server and checks its tools.
    pub(super) async fn introduce_mcp(
        &mut self,
        server: &McpServer,
        child: &mut AgentChild,
    ) -> Result<AgentDescription, String> {
        child.write(request_line(HANDSHAKE_ID, "initialize", &initialize_params()));
        let hello = self.answer_to(HANDSHAKE_ID, child).await?;
        let revision = hello.get("protocolVersion").and_then(Value::as_str).unwrap_or_default();
        if !UNDERSTOOD.contains(&revision) {
            let (quoted, known) = (diag::quote(revision), UNDERSTOOD.join(", "));
            return Err(format!("it speaks MCP {quoted}; understood are {known}"));
        }
        child.write(notification_line("notifications/initialized", &json!({})));
        let tools = self.list_tools(child).await?;
        let hash = server.check_tools(&tools, self.tools_hash.as_deref())?;
        if server.tools_hash.is_none() && self.tools_hash.is_none() {
            let agent = &self.command.agent;
            tracing::warn!(agent, "the list of tools is not pinned; set tools_hash: {hash}");
        }
        self.tools_hash = Some(hash.clone());
        let schema = |tool: &Value| {
            let name = tool.get("name")?.as_str()?.to_owned();
            Some((name, tool.get("outputSchema").filter(|it| it.is_object())?.clone()))
        };
        let schemas: BTreeMap<_, _> = tools.iter().filter_map(schema).collect();
        self.status.send_modify(|status| {
            status.tool_schemas = Arc::new(schemas);
            status.tools_hash = Some(hash);
        });
        let version = hello.pointer("/serverInfo/version").and_then(Value::as_str);
        let version = version.map(ToOwned::to_owned);
        let task_types = Vec::new();
        Ok(AgentDescription { task_types, any_task_type: true, version, concurrency: 1 })
    }

    async fn list_tools(&mut self, child: &mut AgentChild) -> Result<Vec<Value>, String> {
        let (mut tools, mut params) = (Vec::new(), json!({}));
        for page in 0..PAGES_MAX {
            child.write(request_line(LIST_IDS + page, "tools/list", &params));
            let answer = self.answer_to(LIST_IDS + page, child).await?;
            let listed = answer.get("tools").and_then(Value::as_array);
            tools.extend(listed.ok_or("its answer to `tools/list` has no list `tools`")?.clone());
            match answer.get("nextCursor").and_then(Value::as_str) {
                Some(cursor) => params = json!({"cursor": cursor}),
                None => return Ok(tools),
            }
        }
        Err(format!("its list of tools has more than {PAGES_MAX} pages"))
    }

    /// Waits for the answer to a request of the introduction.
    async fn answer_to(&mut self, wanted: u64, child: &mut AgentChild) -> Result<Value, String> {
        loop {
            let line = match child.next_line().await {
                Some(ProcessLine::Text(line)) => line,
                Some(ProcessLine::TooLong) => return Err("a line of it is too long".into()),
                None => return Err("its output ended".into()),
            };
            if let Some(message) = read_server_message(&line) {
                self.take_server_message(message, child);
                continue;
            }
            match read_line(&line) {
                Ok(AgentMessage::Answer { id, result }) if id == wanted => {
                    return result.map_err(|error| error.message);
                }
                Ok(_early) => {}
                Err(stray) => {
                    if self.count_stray(&stray, &line) {
                        return Err("100 lines of it are no messages".into());
                    }
                }
            }
        }
    }

    /// Handles a message of a server that is no answer; returns the reason if it has to be stopped.
    pub(super) fn take_server_message(
        &mut self,
        message: ServerMessage,
        child: &AgentChild,
    ) -> Option<String> {
        match message {
            ServerMessage::Request(id, method) if method == "ping" => {
                child.write(format!("{}\n", json!({"jsonrpc": "2.0", "id": id, "result": {}})));
            }
            ServerMessage::Request(id, method) => {
                let agent = &self.command.agent;
                tracing::warn!(agent, "the server asks for {}", diag::quote(&method));
                let text = format!("the server asked for {method}, which is not offered");
                self.note_all(&AttemptNote::Log { level: "warning".into(), text });
                child.write(refusal_line(&id, &method));
            }
            ServerMessage::Progress { id, percent, message } => {
                let text = self.secrets.hide(&message);
                self.add_note(id, AttemptNote::Progress { percent, text });
            }
            ServerMessage::Log { level, message } => {
                let text = self.secrets.hide(&message);
                let level = level.chars().take(16).collect();
                self.note_all(&AttemptNote::Log { level, text });
            }
            ServerMessage::ToolsChanged => {
                return Some("the server says that its list of tools has changed".into());
            }
            ServerMessage::Other => {}
        }
        None
    }

    /// Passes a note that names no request to all attempts under way.
    fn note_all(&self, note: &AttemptNote) {
        for request in self.sent.values() {
            request.notes.add(note.clone());
        }
    }
}
