//! One delivery to one notifier: bounded in time, without redirects, without a secret in its errors.

use std::{process::Stdio, time::Duration};

use chrono::TimeDelta;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::{io::AsyncWriteExt as _, time::timeout};
use ureq::Agent;

use super::{
    lane::{Batch, DeliveryError},
    message::hex,
    payload,
};
use config::{Notifier, NotifierTarget};
use runtime::wall_now;

/// Longest wait that a receiver can ask for.
const RETRY_AFTER_MAX: i64 = 300;
/// Answers that another try cannot change.
const REFUSED: [u16; 5] = [400, 405, 410, 413, 422];

/// Delivers a batch. Blocks its thread, at most for the notifier's `timeout`.
pub(crate) fn deliver(notifier: &Notifier, batch: &Batch) -> Result<(), DeliveryError> {
    let limit = Duration::from_millis(notifier.timeout.as_millis());
    match &notifier.target {
        NotifierTarget::Webhook { url, secret } => {
            let secret = secret.as_ref().map(config::Secret::expose);
            post(url.expose(), &payload::generic(batch), (&batch.id, secret, limit))
        }
        NotifierTarget::Slack { url } => {
            post(url.expose(), &payload::slack(batch), (&batch.id, None, limit))
        }
        NotifierTarget::PagerDuty { url, key } => {
            let body = payload::pagerduty(batch, key.expose());
            post(url.expose(), &body, (&batch.id, None, limit))
        }
        NotifierTarget::Command(words) => run_command(words, &payload::generic(batch), limit),
    }
}

fn failed(text: impl Into<String>) -> DeliveryError {
    DeliveryError { text: text.into(), refused: false, retry_after: None }
}

/// Returns the signature of a body: HMAC-SHA256 over the time stamp, a dot and the body.
pub(crate) fn signature(secret: &str, stamp: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(format!("{stamp}.{body}").as_bytes());
    Some(format!("t={stamp},v1={}", hex(&mac.finalize().into_bytes())))
}

fn post(
    url: &str,
    body: &Value,
    (id, secret, limit): (&str, Option<&str>, Duration),
) -> Result<(), DeliveryError> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(limit))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("bellwether/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let body = body.to_string();
    let mut request =
        agent.post(url).header("Content-Type", "application/json").header("Idempotency-Key", id);
    if let Some(signed) = secret.and_then(|key| signature(key, wall_now().timestamp(), &body)) {
        request = request.header("X-Bellwether-Signature", signed);
    }
    let answer = request.send(&body).map_err(|error| failed(error_text(&error)))?;
    let status = answer.status().as_u16();
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(failed(format!("the receiver redirects ({status}); it is not followed"))),
        _error => {
            let after = answer.headers().get("Retry-After").and_then(|value| value.to_str().ok());
            let after = after.and_then(|text| text.trim().parse::<i64>().ok());
            let after = after.map(|secs| TimeDelta::seconds(secs.clamp(1, RETRY_AFTER_MAX)));
            let text = format!("the receiver answered {status}");
            let refused = REFUSED.contains(&status);
            Err(DeliveryError { text, refused, retry_after: after })
        }
    }
}

/// What went wrong, without the address, which may be a secret.
fn error_text(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".into(),
        ureq::Error::HostNotFound => "the host is not known".into(),
        ureq::Error::Io(error) => format!("no connection: {}", error.kind()),
        ureq::Error::ConnectionFailed => "no connection".into(),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "the address is not usable".into(),
        ureq::Error::Protocol(_) => "the answer is not HTTP".into(),
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => "TLS failed: certificate or version".into(),
        _other => "the request failed".into(),
    }
}

fn run_command(words: &[String], body: &Value, limit: Duration) -> Result<(), DeliveryError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("no command is given"));
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed(format!("no runtime: {error}")))?;
    runtime.block_on(async {
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("cannot start {}: {error}", diag::quote(program))))?;
        let stdin = child.stdin.take();
        let body = format!("{body}\n");
        let done = timeout(limit, async {
            if let Some(mut stdin) = stdin {
                // A command that does not read its input may still do its work.
                let _ = stdin.write_all(body.as_bytes()).await;
            }
            child.wait().await
        });
        match done.await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(failed(format!("the command ended with {status}"))),
            Ok(Err(error)) => Err(failed(format!("the command was lost: {error}"))),
            Err(_late) => Err(failed("the command did not end in time")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_hmac_sha256_over_time_and_body() {
        // Computed by Python's `hmac`.
        let expected = "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03";
        let signed = signature("key", 1_700_000_000, r#"{"a":1}"#).unwrap();
        assert_eq!(signed, format!("t=1700000000,v1={expected}"));
    }
}
