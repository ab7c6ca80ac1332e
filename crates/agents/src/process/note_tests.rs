//! What a process says beside its answer reaches the attempt it works on.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

use super::tests::agent_in;
use engine::port::{AttemptNote, AttemptNotes};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn all_that_a_process_says_is_noted_on_its_attempt_without_secrets() {
    let script = r#"
printf '{"method":"task/progress","params":{"id":1,"percent":40,"message":"reading"}}\n'
printf '{"method":"task/log","params":{"id":1,"level":"info","message":"key %s","fields":{"n":3}}}\n' "$TOKEN"
printf '{"method":"task/log","params":{"id":9,"message":"of nobody"}}\n'
printf '{"method":"task/usage","params":{"id":1,"tokens_in":12,"tokens_out":3,"usd":0.5}}\n'
echo "stray $TOKEN"
echo "model $TOKEN is slow" >&2
printf '{"jsonrpc":"2.0","id":1,"result":{}}\n'; read line"#;
    let agent = agent_in(script, &[("TOKEN", "sk-12345678")]);
    let (into, mut noted) = mpsc::unbounded_channel();
    let notes = AttemptNotes::new(move |note| into.send(note).unwrap());
    let params = ("task/run", json!({"params": {}}));
    agent.call_noted(params, MINUTE, notes).await.unwrap().unwrap();
    // The error output has a pipe of its own and may arrive after the answer.
    let mut found = Vec::new();
    while found.len() < 5 {
        found.push(noted.recv().await.unwrap());
    }
    let has = |note: &AttemptNote| found.contains(note);
    assert!(has(&AttemptNote::Progress { percent: 40, text: "reading".into() }), "{found:?}");
    let (level, text) = ("info".into(), "key [TOKEN] n=3".into());
    assert!(has(&AttemptNote::Log { level, text }), "{found:?}");
    assert!(has(&AttemptNote::Usage { tokens_in: 12, tokens_out: 3, usd: 0.5 }), "{found:?}");
    assert!(has(&AttemptNote::Stray("stray [TOKEN]".into())), "{found:?}");
    assert!(has(&AttemptNote::ErrorOutput("model [TOKEN] is slow".into())), "{found:?}");
    assert!(noted.try_recv().is_err(), "what names another request is not noted");
}

#[tokio::test]
async fn a_process_that_closes_its_output_is_told_so() {
    let agent = agent_in("exec >&-; while :; do sleep 1; done", &[]);
    let answer = agent.call("task/run", json!({"params": {}}), MINUTE).await;
    let why = answer.unwrap_err().to_string();
    let told = "the agent's process ended: it closed its standard output, on which it has to \
                answer, and was stopped";
    assert_eq!(why, told);
}

#[tokio::test]
async fn a_ping_tells_latency_and_the_last_line_of_error_output() {
    let pong = "printf '{\"id\":18446744073709551615,\"result\":{}}\\n'";
    let script =
        format!("echo warm >&2\nprintf '{{\"id\":1,\"result\":{{}}}}\\n'; read l; {pong}; read l");
    let agent = agent_in(&script, &[]);
    agent.call("task/run", json!({"params": {}}), MINUTE).await.unwrap().unwrap();
    assert_eq!(agent.status().latency, None);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(16)).await;
    tokio::time::resume();
    let mut status = agent.status.clone();
    let status = status.wait_for(|status| status.latency.is_some()).await.unwrap().clone();
    assert_eq!((status.last_error.as_deref(), status.pings_missed), (Some("warm"), 0));
}
