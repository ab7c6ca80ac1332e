//! Messages of the Model Context Protocol on the standard input and output of a server.

use serde_json::{Value, json};

/// The revision of the protocol that is asked for; servers may answer with an older one.
pub(crate) const REVISION: &str = "2025-11-25";
/// Revisions that are understood.
pub(crate) const UNDERSTOOD: &[&str] = &["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
/// Request ids of pings and of pages of the list of tools: beyond those of calls, and exact in JavaScript.
pub(crate) const PING_IDS: u64 = 1 << 40;
pub(crate) const LIST_IDS: u64 = 1 << 41;

/// Returns the parameters of `initialize`.
pub(crate) fn initialize_params() -> Value {
    json!({
        "protocolVersion": REVISION,
        // No sampling, no roots, no elicitation: a server gets no work done here.
        "capabilities": {},
        "clientInfo": {"name": "bellwether", "version": env!("CARGO_PKG_VERSION")},
    })
}

/// A message of a server that is no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ServerMessage {
    /// A request of the server: its id and method.
    Request(Value, String),
    /// The progress of a call.
    Progress { id: u64, percent: u8, message: String },
    /// A line of its log.
    Log { level: String, message: String },
    /// Its list of tools has changed.
    ToolsChanged,
    /// Any other notification.
    Other,
}

/// Reads a message that has a method.
pub(crate) fn read_server_message(line: &[u8]) -> Option<ServerMessage> {
    let message: Value = serde_json::from_slice(line).ok()?;
    let method = message.get("method")?.as_str()?;
    if let Some(id) = message.get("id") {
        return Some(ServerMessage::Request(id.clone(), method.to_owned()));
    }
    let params = message.get("params").unwrap_or(&Value::Null);
    Some(match method {
        "notifications/tools/list_changed" => ServerMessage::ToolsChanged,
        "notifications/message" => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
            ServerMessage::Log {
                level: params.get("level").map(text).unwrap_or_default(),
                message: params.get("data").map(text).unwrap_or_default(),
            }
        }
        "notifications/progress" => {
            let number = |name| params.get(name).and_then(Value::as_f64);
            let share = number("progress").unwrap_or_default() / number("total").unwrap_or(100.0);
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 100; no number becomes 0"
            )]
            let percent = (share * 100.0).clamp(0.0, 100.0) as u8;
            let message = params.get("message").and_then(Value::as_str).unwrap_or_default();
            let id = params.get("progressToken").and_then(Value::as_u64).unwrap_or_default();
            ServerMessage::Progress { id, percent, message: message.chars().take(400).collect() }
        }
        _ => ServerMessage::Other,
    })
}

/// Returns the line that refuses a request of the server.
pub(crate) fn refusal_line(id: &Value, method: &str) -> String {
    let message = format!("{} is not offered", diag::quote(method));
    format!(
        "{}\n",
        json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": message}})
    )
}
