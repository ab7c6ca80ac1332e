//! A server of the Model Context Protocol, well behaved and not.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::json;
use tokio::sync::mpsc;

use super::{agent::CallResult, *};
use crate::mcp::{McpServer, McpTool};
use engine::port::{AttemptNote, AttemptNotes};

const MINUTE: Duration = Duration::from_mins(1);

fn server(tools_hash: Option<&str>) -> McpServer {
    let arguments = Some(json!({"symbol": "{params.symbol}"}));
    let tool = McpTool { tool: "bars".into(), arguments, result: "/bars".into() };
    McpServer {
        command: Vec::new(),
        tools: ["bars".to_owned()].into(),
        tools_hash: tools_hash.map(Into::into),
        map: BTreeMap::from([("read_bars".to_owned(), tool)]),
    }
}

fn agent_of(fault: &str, server: McpServer) -> ProcessAgent {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/it/data");
    let words = ["python3", "mcp_server.py", fault].map(Into::into).into();
    let environment = vec![("PATH".into(), "/usr/bin:/bin:/usr/local/bin".into())];
    ProcessAgent::for_mcp(
        ProcessCommand { agent: "data".into(), words, folder, environment },
        server,
    )
}

async fn read_bars(agent: &ProcessAgent, notes: AttemptNotes) -> CallResult {
    let params = json!({"task_type": "read_bars", "params": {"symbol": "AAPL"}});
    agent.call_noted(("task/run", params), MINUTE, notes).await
}

#[tokio::test]
async fn a_task_is_done_by_its_tool_with_progress_and_untrusted_data() {
    let agent = agent_of("asks", server(None));
    let (into, mut noted) = mpsc::unbounded_channel();
    let notes = AttemptNotes::new(move |note| into.send(note).unwrap());
    let answer = read_bars(&agent, notes).await.unwrap().unwrap();
    let data = json!({"of": {"symbol": "AAPL"}, "tool": "bars", "untrusted": true});
    assert_eq!(answer, json!({"status": "ok", "data": data}));
    let mut found = Vec::new();
    while found.len() < 3 {
        found.push(noted.recv().await.unwrap());
    }
    let text = "the server asked for sampling/createMessage, which is not offered".to_owned();
    let asked = AttemptNote::Log { level: "warning".into(), text };
    assert!(found.contains(&asked), "{found:?}");
    let progress = AttemptNote::Progress { percent: 25, text: "reading".into() };
    assert!(found.contains(&progress), "{found:?}");
    let described = agent.describe().await.unwrap();
    assert_eq!(described.version.as_deref(), Some("1.2"));
    assert_eq!(described.task_types[0].name, "read_bars");
}

#[tokio::test]
async fn what_a_server_does_wrong_is_told_on_its_task() {
    for (fault, told) in [
        ("garbage", "the agent's answer cannot be used: it is no JSON"),
        ("dies", "the agent's process ended: exit status: 1; it said: no licence"),
        ("schema", "it does not match the schema of its tool: /: \"bars\" is a required property"),
        ("changes", "the server says that its list of tools has changed"),
        ("old", "it speaks MCP `1999-01-01`; understood are 2024-11-05"),
    ] {
        let answer = read_bars(&agent_of(fault, server(None)), AttemptNotes::default()).await;
        let problem = answer.unwrap_err().to_string();
        assert!(problem.contains(told), "{fault}: {problem}");
    }
    let failed = read_bars(&agent_of("fails", server(None)), AttemptNotes::default()).await;
    assert_eq!(failed.unwrap().unwrap_err().message, "no such symbol");
    let none = McpServer { tools: ["bar".to_owned()].into(), ..server(None) };
    let answer = read_bars(&agent_of("", none), AttemptNotes::default()).await;
    let refused = answer.unwrap().unwrap_err();
    assert_eq!(refused.message, "the tool bars is not allowed; add it to `tools`");
}

#[tokio::test]
async fn a_server_that_hangs_is_a_time_out_of_its_task() {
    let agent = agent_of("hangs", server(None));
    agent.describe().await.unwrap();
    let params = json!({"task_type": "read_bars", "params": {"symbol": "AAPL"}});
    let bound = Duration::from_millis(1);
    let answer = agent.call_noted(("task/run", params), bound, AttemptNotes::default()).await;
    assert_eq!(answer, Err(CallError::TimedOut(bound)));
}

#[tokio::test]
async fn tools_are_pinned_and_a_server_with_others_is_not_called() {
    let agent = agent_of("", server(None));
    agent.describe().await.unwrap();
    let hash = agent.status().tools_hash.unwrap();
    let pinned = agent_of("", server(Some(&hash)));
    assert!(read_bars(&pinned, AttemptNotes::default()).await.is_ok());
    let answer = read_bars(&agent_of("", server(Some("sha256:0"))), AttemptNotes::default()).await;
    let problem = answer.unwrap_err().to_string();
    let told = format!("has changed: pinned is sha256:0, now it is {hash}");
    assert!(problem.contains(&told), "{problem}");
    let missing = McpServer { tools: ["baars".to_owned()].into(), ..server(None) };
    let problem = agent_of("", missing).describe().await.unwrap_err().to_string();
    assert!(problem.contains("the server has no tool `baars`; do you mean bars?"), "{problem}");
}
