//! One request to an agent over HTTP.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Request, StatusCode,
    body::Bytes,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpStream, task::JoinSet};

use super::HttpServer;
use crate::{
    process::{CallError, CallResult, HANDSHAKE_MAX},
    protocol::{AgentMessage, LINE_MAX, RpcError, read_line, request_line},
};

/// Sends requests to one server, each over a connection of its own.
#[derive(Debug)]
pub(crate) struct HttpClient {
    server: HttpServer,
    /// The header of the bearer token, or the reason why there is none.
    token: Option<Result<HeaderValue, String>>,
    ids: AtomicU64,
}

impl HttpClient {
    /// Creates a client that takes its token from `environment`.
    pub(crate) fn new(server: HttpServer, environment: &[(String, String)]) -> Self {
        let token = server.token_env.as_ref().map(|wanted| {
            let found = environment.iter().find(|(name, _)| name == wanted);
            let (_, token) = found.ok_or(format!("the environment has no {wanted}; set it"))?;
            let header = HeaderValue::from_str(&format!("Bearer {token}"));
            let mut header = header
                .map_err(|_hides_the_token| format!("{wanted} holds no token of one line"))?;
            header.set_sensitive(true);
            Ok(header)
        });
        Self { server, token, ids: AtomicU64::default() }
    }

    /// Posts a request and waits for its answer, at most `bound`. A caller that stops waiting closes
    /// the connection, which cancels the request.
    pub(crate) async fn call(&self, method: &str, params: &Value, bound: Duration) -> CallResult {
        let exchange = tokio::time::timeout(bound, self.exchange(method, params));
        exchange.await.unwrap_or(Err(CallError::TimedOut(bound)))
    }

    fn unreachable(&self, cause: String) -> CallError {
        CallError::Unreachable { url: self.server.url.clone(), cause }
    }

    async fn exchange(&self, method: &str, params: &Value) -> CallResult {
        let id = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        let request = self.request(id, method, params)?;
        let connecting = TcpStream::connect(&self.server.authority);
        let stream = tokio::time::timeout(HANDSHAKE_MAX, connecting)
            .await
            .map_err(|_late| self.unreachable("no connection within 10 s".into()))?
            .map_err(|error| self.unreachable(error.to_string()))?;
        let cut = |error: hyper::Error| CallError::Cut(error.to_string());
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(cut)?;
        // Dropped with this call, which closes the connection.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender.send_request(request).await.map_err(cut)?;
        if response.status() != StatusCode::OK {
            return Ok(Err(error_of_status(response.status(), response.headers())));
        }
        let body = Limited::new(response.into_body(), LINE_MAX).collect().await;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => CallError::BadAnswer(format!("it is longer than {LINE_MAX} bytes")),
            None => CallError::Cut(error.to_string()),
        })?;
        match read_line(&body.to_bytes()) {
            Ok(AgentMessage::Answer { id: answered, result }) if answered == id => Ok(result),
            Ok(_) => Err(CallError::BadAnswer(format!("it is no answer to request {id}"))),
            Err(bad) => Err(CallError::BadAnswer(bad.problem)),
        }
    }

    fn request(
        &self,
        id: u64,
        method: &str,
        params: &Value,
    ) -> Result<Request<Full<Bytes>>, CallError> {
        let mut request = Request::post(&self.server.path)
            .header(HOST, &self.server.authority)
            .header(CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            let token = token.clone().map_err(|cause| self.unreachable(cause))?;
            request = request.header(AUTHORIZATION, token);
        }
        if let Some(key) = params.get("idempotency_key").and_then(Value::as_str) {
            request = request.header("Idempotency-Key", key);
        }
        let body = request_line(id, method, params);
        let request = request.body(Full::new(Bytes::from(body)));
        request.map_err(|error| self.unreachable(error.to_string()))
    }
}

/// Returns the error of an answer that is not 200. A redirect is one of them: it is not followed, so
/// the token goes nowhere else.
fn error_of_status(status: StatusCode, headers: &HeaderMap) -> RpcError {
    let wait = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let wait = wait.and_then(|text| text.trim().parse::<u32>().ok());
    let refused = matches!(status.as_u16(), 401 | 403 | 404 | 405 | 413 | 415 | 429);
    let is_wait = status == StatusCode::TOO_MANY_REQUESTS;
    let retryable = status.is_server_error() || is_wait;
    let hint = match status.as_u16() {
        300..=399 => "; redirects are not followed, write the final address",
        401 | 403 => "; check the token that `token_env` names",
        404 | 405 => "; check the agent's `url`",
        _ => "",
    };
    let mut data = json!({"retryable": retryable, "without_effect": refused});
    if let (Some(wait), Some(fields)) = (wait, data.as_object_mut()) {
        fields.insert("retry_after_s".into(), wait.into());
    }
    let code = if is_wait { -32001 } else { -32000 };
    RpcError { code, message: format!("the server answered {status}{hint}"), data }
}
