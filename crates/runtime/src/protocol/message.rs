//! Messages of the attach protocol, from client to engine and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::heartbeat::{ClockPace, Heartbeat};
use engine::{
    Command, OrderReport, RecordedEvent, RunState,
    control::{Authority, Commit, CommitError, CommitResult, Preview, SessionStatus},
};
use planning::plan::RunMode;

/// The version of the protocol. Other versions are refused.
pub const PROTOCOL: u32 = 3;

/// The highest permission of a client, for all of its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientRole {
    /// View only: all its sessions are READ-ONLY.
    #[serde(rename = "look")]
    View,
    /// Commands are allowed, under their usual guards.
    #[serde(rename = "act")]
    Control,
}

/// The first message of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The client's protocol version.
    pub protocol: u32,
    /// The operator's name for the journal, at most [`Hello::NAME_MAX`] characters.
    pub operator: String,
    /// The role the client requests.
    pub role: ClientRole,
    /// The access token; required over TCP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Hello {
    /// Longest name of an operator, in characters.
    pub const NAME_MAX: usize = 64;
}

/// A message of a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// The greeting; exactly once, before all else.
    Hello(Hello),
    /// A request; answered once, with the same id.
    Ask {
        /// The client's id of the request.
        id: u64,
        /// The content of the request.
        question: ClientRequest,
    },
    /// Closes a session that is no longer needed.
    Close {
        /// The id of the session.
        session: u64,
    },
}

/// A request. Sessions are named by the ids under which they were opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientRequest {
    /// Opens a session. Answered by [`Response::Opened`].
    Open {
        /// The authority the session requests.
        authority: Authority,
    },
    /// Requests the preview of commands. Answered by [`Response::Preview`].
    Propose {
        /// The id of the proposing session.
        session: u64,
        /// The commands, in order.
        commands: Vec<Command>,
        /// Number of the last event seen.
        seen: u64,
    },
    /// Commits a proposal. Answered by [`Response::Committed`].
    Commit {
        /// The id of the committing session.
        session: u64,
        /// The proposal with its hash.
        commit: Commit,
    },
    /// Performs a brake at once. Answered by [`Response::Done`].
    Brake {
        /// The id of the acting session.
        session: u64,
        /// The brake to perform.
        command: Command,
        /// The reason, if one is given.
        reason: Option<String>,
    },
    /// Arms a session. Answered by [`Response::Done`].
    Arm {
        /// The id of the session to arm.
        session: u64,
        /// The reason given by the operator.
        reason: String,
    },
    /// Disarms whichever session is armed. Answered by [`Response::Done`].
    Disarm {
        /// The id of the requesting session.
        session: u64,
    },
    /// Requests the run state. Answered by [`Response::Snapshot`].
    Snapshot,
    /// Changes the pace of a virtual clock. Answered by [`Response::Done`].
    Pace(ClockPace),
    /// Changes the filter of the log of the serving process. Answered by [`Response::Done`].
    LogFilter(String),
}

/// The response to a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The session was opened.
    Opened {
        /// The id of the session.
        session: u64,
        /// Its authority and arming.
        standing: SessionStatus,
    },
    /// The preview of the proposed commands.
    #[serde(rename = "plan")]
    Preview(Box<Preview>),
    /// The result of a commit.
    Committed(CommitResult),
    /// The request was carried out.
    Done,
    /// The run state, up to its last event.
    Snapshot(Box<RunState>),
    /// The request was refused.
    #[serde(rename = "not")]
    Rejected(CommitError),
}

/// The reply to a greeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// The engine's protocol version.
    pub protocol: u32,
    /// The version of the program.
    pub program: String,
    /// The id of the run.
    pub run: String,
    /// The mode of the run.
    pub mode: RunMode,
    /// The granted role, at most the requested one.
    pub role: ClientRole,
    /// The heartbeat at this moment.
    pub beat: Heartbeat,
}

/// A message of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// The client is accepted.
    Welcome(Welcome),
    /// The response to a request.
    Answer {
        /// The client's id of the request.
        id: u64,
        /// The content of the response.
        answer: Response,
    },
    /// An event. Numbers are consecutive, except after [`ServerMessage::Lagged`].
    Event(Arc<RecordedEvent>),
    /// The client was too slow and missed events. A snapshot replaces them.
    Lagged {
        /// Number of missed events.
        missed: u64,
    },
    /// The status of a session has changed.
    #[serde(rename = "standing")]
    SessionStatus {
        /// The id of the session.
        session: u64,
        /// The new status of the session.
        standing: SessionStatus,
    },
    /// The periodic sign of life.
    #[serde(rename = "beat")]
    Heartbeat(Heartbeat),
    /// The reason for which events cannot be recorded, so that no task starts; `None` when they can
    /// be again.
    #[serde(rename = "frozen")]
    JournalFault(Option<Arc<str>>),
    /// The orders of the desk, when they have changed.
    Orders(Arc<OrderReport>),
    /// The last message, with the reason for closing.
    Bye(CloseReason),
}

/// The reason for which a connection is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The run has ended, or its engine stops.
    #[error("the run has ended or its engine has stopped")]
    #[serde(rename = "over")]
    RunEnded,
    /// The limit of clients is reached.
    #[error("the limit of attached consoles is reached; close one")]
    Full,
    /// The engine has another protocol version.
    #[error(
        "the engine has protocol version {speaks}; attach with the same version of the program"
    )]
    Version {
        /// The protocol version of the engine.
        speaks: u32,
    },
    /// The token is missing or wrong.
    #[error("the token is missing or wrong")]
    Token,
    /// The greeting was invalid or late.
    #[error("invalid greeting: {0}")]
    Greeting(String),
    /// A message was not understood.
    #[error("{0}")]
    #[serde(rename = "garbage")]
    Malformed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the messages in the example conversation of the protocol's documentation; those of
    /// clients begin the line.
    fn documented_lines(text: &str) -> impl Iterator<Item = &str> {
        text.lines().filter(|line| line.starts_with("{\""))
    }

    #[test]
    fn parses_example_messages_of_protocol_documentation() {
        let page = include_str!("../../../../docs/attach-protocol.md");
        let mut count = 0;
        for line in documented_lines(page) {
            let message: ClientMessage = serde_json::from_str(line).expect(line);
            assert_eq!(serde_json::to_string(&message).expect("it can be written"), line);
            count += 1;
        }
        assert_eq!(count, 3);
    }

    #[test]
    fn what_a_later_version_adds_is_passed_over() {
        let line = r#"{"hello":{"protocol":3,"operator":"ana","role":"act","mood":"good"}}"#;
        let message: ClientMessage = serde_json::from_str(line).expect("a greeting");
        let operator = "ana".to_owned();
        let hello = Hello { protocol: 3, operator, role: ClientRole::Control, token: None };
        assert_eq!(message, ClientMessage::Hello(hello));
    }
}
