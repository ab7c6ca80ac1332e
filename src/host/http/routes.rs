//! The paths of the HTTP interface and their answers.

use std::sync::Arc;

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE},
};
use serde_json::{Value, json};

use super::observer::RunObserver;
use crate::host::health::{HealthReport, HealthState};
use runtime::attach::is_same_token;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// One answer.
pub(super) type Answer = Response<Full<Bytes>>;

/// Answers one request. The body of a request is never read.
pub(super) async fn answer(
    observer: &Arc<RunObserver>,
    token: &str,
    request: &Request<Incoming>,
) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n".into());
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return answer;
    }
    let path = request.uri().path();
    match path {
        // Who asks gets an answer: the process lives.
        "/livez" => return text(StatusCode::OK, "ok\n".into()),
        "/readyz" => {
            let report = observer.health().await;
            return text(status_of(&report), format!("{}\n", verdict(&report)));
        }
        "/health" | "/status" | "/metrics" => {}
        _unknown => {
            let paths = "/livez, /readyz, /health, /status, /metrics";
            return text(StatusCode::NOT_FOUND, format!("no such path; paths: {paths}\n"));
        }
    }
    if !has_token(request, token) {
        let file = "the token is in `http.token` of the state folder";
        let mut answer = text(
            StatusCode::UNAUTHORIZED,
            format!("`Authorization: Bearer TOKEN` is needed; {file}\n"),
        );
        answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return answer;
    }
    match path {
        "/health" => {
            let report = observer.health().await;
            json_answer(status_of(&report), &report.json())
        }
        "/status" => json_answer(StatusCode::OK, &observer.status().await),
        _metrics if !observer.metrics_enabled() => {
            text(StatusCode::NOT_FOUND, "metrics are off: METRICS_ENABLED=false\n".into())
        }
        _metrics => match observer.metrics().await {
            Ok(metrics) => with_type(StatusCode::OK, PROMETHEUS, metrics),
            Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
        },
    }
}

fn has_token(request: &Request<Incoming>, token: &str) -> bool {
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|it| is_same_token(token, it.trim()))
}

fn status_of(report: &HealthReport) -> StatusCode {
    match report.worst() {
        HealthState::Ok | HealthState::Degraded => StatusCode::OK,
        HealthState::Failed => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The word of a probe, with the names of the components that failed and nothing else of them.
fn verdict(report: &HealthReport) -> String {
    let failed = report.components.iter().filter(|one| one.state == HealthState::Failed);
    let names: Vec<_> = failed.map(|one| one.component.as_str()).collect();
    if names.is_empty() { "ready".into() } else { format!("failed: {}", names.join(", ")) }
}

fn text(status: StatusCode, body: String) -> Answer {
    with_type(status, TEXT, body)
}

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    with_type(status, JSON, format!("{:#}\n", json!(body)))
}

fn with_type(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
