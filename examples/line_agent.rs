//! An agent as a program of its own: it speaks `bellwether-agent/1` on its standard input and output.
//!
//! `bellwether agents check -- target/debug/examples/line_agent` plays the protocol's cases against it.

use std::io::{self, BufRead as _, Write as _};

use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let Ok(request) = serde_json::from_str::<Value>(&line?) else { continue };
        // Without an id it is a notification: every task here is done at once, so none is cancelled.
        let Some(id) = request.get("id") else { continue };
        let params = request.get("params").cloned().unwrap_or_default();
        let mut answer = json!({"jsonrpc": "2.0", "id": id});
        match answer_of(request.get("method").and_then(Value::as_str), &params) {
            Ok(result) => answer["result"] = result,
            Err((code, message)) => answer["error"] = json!({"code": code, "message": message}),
        }
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer_of(method: Option<&str>, params: &Value) -> Result<Value, (i64, &'static str)> {
    match method {
        Some("agent/describe") => Ok(json!({
            "protocol": "bellwether-agent/1",
            "version": "1.0",
            "task_types": [{"name": "word_count", "effect": "pure"}],
        })),
        Some("agent/ping") => Ok(json!({})),
        Some("task/run") if params["task_type"] == "word_count" => {
            let text = params["params"]["text"].as_str().unwrap_or_default();
            Ok(json!({"words": text.split_whitespace().count()}))
        }
        Some("task/run") => Err((-32601, "this agent only does word_count")),
        _ => Err((-32601, "no such method")),
    }
}
