//! One attempt to deliver one message, bounded in time and size.

use std::{
    io::Write as _,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{
    declaration::{NotifierDeclaration, NotifierKind},
    message,
    notification::{Notification, hex},
};

/// Longest time of an attempt, the connection included.
const ATTEMPT_MAX: Duration = Duration::from_secs(10);

/// Waits between attempts: twice the one before, up to the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryDelays {
    pub first: Duration,
    pub longest: Duration,
}

impl Default for RetryDelays {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_mins(5) }
    }
}

impl RetryDelays {
    /// Returns the wait after so many failed attempts in a row.
    #[must_use]
    pub fn after(self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1).min(16));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

/// Why a message was not delivered. No text holds an address or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It may be delivered later.
    #[error("{0}; it is tried again")]
    Later(String),
    /// The receiver will never take it.
    #[error("{0}; it is given up")]
    Never(String),
}

impl DeliveryError {
    /// Returns what went wrong, without what becomes of the message.
    #[must_use]
    pub fn cause(&self) -> &str {
        match self {
            Self::Later(cause) | Self::Never(cause) => cause,
        }
    }
}

/// The connections of one notifier.
#[derive(Debug)]
pub(crate) struct Sender(ureq::Agent);

impl Default for Sender {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ATTEMPT_MAX))
            // A redirect could carry the message, and what signs it, to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("bellwether/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }
}

impl Sender {
    /// Delivers some notifications in one message.
    pub(crate) fn deliver(
        &self,
        to: &NotifierDeclaration,
        told: &[Notification],
    ) -> Result<(), DeliveryError> {
        let key = to.routing_key.as_ref().map_or("", |key| key.expose());
        let body = message::body(to.kind, key, told).to_string();
        if to.kind == NotifierKind::Command {
            return run_command(&to.command, body.as_bytes());
        }
        let mut request = self.0.post(to.url.expose()).header("Content-Type", "application/json");
        if let [one] = told {
            request = request.header("Idempotency-Key", one.key());
        }
        if let Some(key) = &to.signing_key {
            let signature = format!("sha256={}", signature(key.expose(), body.as_bytes()));
            request = request.header("X-Bellwether-Signature", signature);
        }
        // The text of an error may hold the address, which is a secret.
        let reply = request.send(body.as_str());
        let reply = reply.map_err(|error| DeliveryError::Later(describe_error(&error)))?;
        outcome_of_status(reply.status().as_u16())
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what else a client reports helps nobody")]
fn describe_error(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => format!("no reply within {} s", ATTEMPT_MAX.as_secs()),
        ureq::Error::Io(error) => format!("no connection: {}", error.kind()),
        ureq::Error::HostNotFound => "its host is unknown".into(),
        ureq::Error::ConnectionFailed => "no connection".into(),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no TLS connection".into(),
        _ => "the request failed".into(),
    }
}

/// Decides by the status of a reply.
fn outcome_of_status(status: u16) -> Result<(), DeliveryError> {
    let told = format!("the reply was {status}");
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(DeliveryError::Later(told)),
        300..=399 => {
            Err(DeliveryError::Never(format!("{told}, a redirect, which is not followed")))
        }
        _ => Err(DeliveryError::Never(told)),
    }
}

/// Returns the HMAC-SHA256 of a body in hexadecimal digits.
fn signature(key: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(body);
    hex(&mac.finalize().into_bytes())
}

/// Runs a command with a body on its standard input, and waits for its end.
fn run_command(words: &[String], body: &[u8]) -> Result<(), DeliveryError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(DeliveryError::Never("there is no command".into()));
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| DeliveryError::Later(format!("{program} does not start: {error}")))?;
    feed(&mut child, body);
    let id = child.id();
    let (ended, end) = mpsc::sync_channel(1);
    thread::spawn(move || {
        // Nobody waits for a command that was given up.
        let _ = ended.send(child.wait());
    });
    match end.recv_timeout(ATTEMPT_MAX) {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(DeliveryError::Later(format!("{program} ended with {status}"))),
        Ok(Err(error)) => Err(DeliveryError::Later(format!("{program} has no end: {error}"))),
        Err(_late) => {
            // It has not been waited for, so its number is still its own.
            kill(id);
            let seconds = ATTEMPT_MAX.as_secs();
            Err(DeliveryError::Later(format!("{program} took more than {seconds} s")))
        }
    }
}

#[cfg(unix)]
fn kill(id: u32) {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    if let Ok(id) = i32::try_from(id) {
        // It may have ended this moment.
        let _ = kill(Pid::from_raw(id), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
fn kill(_id: u32) {}

/// Writes a body from a thread of its own: a command that does not read must not block its notifier.
fn feed(child: &mut Child, body: &[u8]) {
    let Some(mut input) = child.stdin.take() else { return };
    let body = body.to_vec();
    thread::spawn(move || {
        // A command may end without reading everything; its exit code decides.
        let _ = input.write_all(&body);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let delays = RetryDelays::default();
        let waits = [1, 2, 3, 9, 10, 99].map(|n| delays.after(n).as_secs());
        assert_eq!(waits, [1, 2, 4, 256, 300, 300]);
    }

    #[test]
    fn only_what_may_pass_later_is_tried_again() {
        assert_eq!(outcome_of_status(204), Ok(()));
        for later in [408, 429, 500, 503] {
            assert!(matches!(outcome_of_status(later), Err(DeliveryError::Later(_))), "{later}");
        }
        for never in [301, 307, 400, 401, 404, 410] {
            assert!(matches!(outcome_of_status(never), Err(DeliveryError::Never(_))), "{never}");
        }
    }

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        let told = signature("Jefe", b"what do ya want for nothing?");
        assert_eq!(told, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn a_command_gets_the_body_and_its_exit_code_decides() {
        let words = |line: &str| ["sh", "-c", line].map(str::to_owned);
        assert_eq!(run_command(&words("grep -q wanted"), b"wanted"), Ok(()));
        assert!(matches!(
            run_command(&words("grep -q wanted"), b"other"),
            Err(DeliveryError::Later(_))
        ));
        let missing = run_command(&["/no/such/program".to_owned()], b"");
        assert!(matches!(missing, Err(DeliveryError::Later(_))));
        assert_eq!(run_command(&words("exit 0"), &vec![b'x'; 1 << 20]), Ok(()), "it need not read");
    }
}
