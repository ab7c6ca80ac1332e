//! Tests of agents over HTTP, against scripted servers on real sockets.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::oneshot,
};

use super::HttpServer;
use crate::process::{CallError, ProcessAgent};
use engine::{AttemptOutcome, FailureKind};

const LONG: Duration = Duration::from_mins(1);

fn agent_at(url: &str, token: Option<&str>) -> ProcessAgent {
    let token_env = token.map(|_| "DESK_TOKEN".to_owned());
    let server = HttpServer::parse(url, token_env).unwrap();
    let environment: Vec<_> =
        token.into_iter().map(|token| ("DESK_TOKEN".to_owned(), token.to_owned())).collect();
    ProcessAgent::for_http(server, &environment)
}

/// Serves one request with `response`, and returns the address and the request as it came.
async fn serve_once(response: String) -> (String, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/tasks", listener.local_addr().unwrap());
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).ends_with("}\n") {
            assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "a whole request");
        }
        // The client may close first where the answer is too long.
        let _ = stream.write_all(response.as_bytes()).await;
        let _ = tell.send(String::from_utf8(request).unwrap());
    });
    (url, told)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

async fn outcome_of(response: String) -> Result<AttemptOutcome, CallError> {
    let (url, _request) = serve_once(response).await;
    agent_at(&url, None).try_task("score", &json!({"n": 1}), LONG).await
}

#[tokio::test]
async fn an_http_agent_gets_the_task_its_key_and_its_token() {
    let body = r#"{"jsonrpc":"2.0","id":1,"result":{"status":"ok","data":{"score":2}}}"#;
    let (url, request) = serve_once(ok(body)).await;
    let outcome = agent_at(&url, Some("s3cret")).try_task("score", &json!({"n": 1}), LONG).await;
    let Ok(AttemptOutcome::Completed(result)) = outcome else { unreachable!("{outcome:?}") };
    assert_eq!(result.summary, "score 2");
    let request = request.await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.starts_with("post /tasks "), "{head}");
    assert!(head.contains("idempotency-key: try"), "{head}");
    assert!(head.contains("authorization: bearer s3cret"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["method"], "task/run");
    assert_eq!(body["params"]["params"], json!({"n": 1}));
}

#[tokio::test]
async fn each_refusal_of_a_server_has_its_own_failure() {
    for (head, kind, told) in [
        ("429 Slow\r\nRetry-After: 7", FailureKind::Transient, "asks to wait 7 s"),
        ("500 Oops", FailureKind::Transient, "500 Internal Server Error"),
        ("401 No", FailureKind::Rejected, "check the token"),
        ("404 No", FailureKind::Rejected, "check the agent's `url`"),
        ("302 Go\r\nLocation: http://evil/", FailureKind::Rejected, "redirects are not followed"),
    ] {
        let response = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");
        let outcome = outcome_of(response).await;
        let Ok(AttemptOutcome::Failed(failure)) = outcome else {
            unreachable!("{head}: {outcome:?}")
        };
        assert_eq!(failure.kind, kind, "{head}");
        assert!(failure.message.contains(told), "{head}: {}", failure.message);
    }
}

#[tokio::test]
async fn an_unusable_answer_of_a_server_is_named() {
    let huge = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(crate::LINE_MAX + 1));
    for (response, told) in [
        (ok("<html>"), "no JSON"),
        (ok(r#"{"jsonrpc":"2.0","id":1,"result":{"x":NaN}}"#), "no JSON"),
        (ok(r#"{"jsonrpc":"2.0","id":1,"result":{"x":1e400}}"#), "no JSON"),
        (ok(r#"{"jsonrpc":"2.0","id":9,"result":{}}"#), "no answer to request 1"),
        (huge, "longer than 4194304 bytes"),
    ] {
        let error = outcome_of(response).await.unwrap_err();
        assert!(matches!(error, CallError::BadAnswer(_)), "{error:?}");
        assert!(error.to_string().contains(told), "{error}");
    }
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id\":1".to_owned();
    let error = outcome_of(half).await.unwrap_err();
    assert!(matches!(error, CallError::Cut(_)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_with_its_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = agent_at(&url, None).try_task("score", &json!({}), LONG).await.unwrap_err();
    assert!(matches!(error, CallError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains(&url), "{error}");
}

#[tokio::test]
async fn a_cancelled_request_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let agent = agent_at(&format!("http://{}/", listener.local_addr().unwrap()), None);
    let data = json!({});
    let mut call = Box::pin(agent.try_task("score", &data, LONG));
    let mut stream = tokio::select! {
        _ = &mut call => unreachable!("no answer is due"),
        accepted = listener.accept() => accepted.unwrap().0,
    };
    drop(call);
    let mut rest = Vec::new();
    // A closed connection ends the read, with or without an error.
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_server_that_stalls_ends_with_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let agent = agent_at(&format!("http://{}/", listener.local_addr().unwrap()), None);
    let bound = Duration::from_millis(50);
    let answer = agent.try_task("score", &json!({}), bound).await;
    assert_eq!(answer.unwrap_err(), CallError::TimedOut(bound));
}

#[test]
fn an_address_that_would_leak_a_token_is_refused() {
    for (url, told) in [
        ("https://x/", "https is not built"),
        ("http://desk.example/", "in clear"),
        ("http://u:p@localhost/", "holds a secret"),
        ("ftp://x", "http://"),
    ] {
        let error = HttpServer::parse(url, Some("T".into())).unwrap_err();
        assert!(error.contains(told), "{url}: {error}");
    }
}
