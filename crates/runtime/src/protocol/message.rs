//! The messages: what a guest asks of an engine, and what an engine tells its guests.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::heartbeat::{ClockPace, Heartbeat};
use engine::{
    Command, RecordedEvent, RunState,
    control::{Authority, Commit, CommitError, CommitResult, Preview, SessionStatus},
};
use planning::plan::RunMode;

/// The version of the protocol that is spoken here. Another is refused.
pub const PROTOCOL: u32 = 2;

/// What a guest may be: no more than this, whatever its sessions ask for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientRole {
    /// Only look: every session of it is locked.
    #[serde(rename = "look")]
    View,
    /// Act, with what each act asks for.
    #[serde(rename = "act")]
    Control,
}

/// The first message of a guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version it speaks.
    pub protocol: u32,
    /// Whose it is: a name for the record, of at most [`Hello::NAME_MAX`] characters.
    pub operator: String,
    /// What it would be.
    pub role: ClientRole,
    /// What proves that it may come; asked for over TCP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Hello {
    /// Longest name of an operator, in characters.
    pub const NAME_MAX: usize = 64;
}

/// What a guest says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// Who it is; once, before all else.
    Hello(Hello),
    /// A question; answered once, under the same number.
    Ask {
        /// The guest's number for it.
        id: u64,
        /// What is asked.
        question: ClientRequest,
    },
    /// A session is not needed any more.
    Close {
        /// Which.
        session: u64,
    },
}

/// What can be asked. Sessions are named by the numbers under which they were opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientRequest {
    /// A session. Answered by [`Answer::Opened`].
    Open {
        /// What it would like to be allowed.
        authority: Authority,
    },
    /// What doing all of this would mean. Answered by [`Answer::Plan`].
    Propose {
        /// Whose wish it is.
        session: u64,
        /// What would be done, in order.
        commands: Vec<Command>,
        /// Number of the last event seen.
        seen: u64,
    },
    /// Do what was agreed to. Answered by [`Answer::Committed`].
    Commit {
        /// Who agreed.
        session: u64,
        /// To what.
        commit: Commit,
    },
    /// Make things safer at once. Answered by [`Answer::Done`].
    Brake {
        /// Who does.
        session: u64,
        /// How.
        command: Command,
        /// Why, if they say.
        reason: Option<String>,
    },
    /// Make a session the armed one. Answered by [`Answer::Done`].
    Arm {
        /// Which.
        session: u64,
        /// Why.
        reason: String,
    },
    /// Let nobody be armed. Answered by [`Answer::Done`].
    Disarm {
        /// Who asks.
        session: u64,
    },
    /// The whole run. Answered by [`Answer::Snapshot`].
    Snapshot,
    /// Let a virtual clock go otherwise. Answered by [`Answer::Done`].
    Pace(ClockPace),
}

/// What a question is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The session is open.
    Opened {
        /// Its number.
        session: u64,
        /// What it may do.
        standing: SessionStatus,
    },
    /// What it would mean.
    #[serde(rename = "plan")]
    Preview(Box<Preview>),
    /// What came of it.
    Committed(CommitResult),
    /// It is done.
    Done,
    /// The run, after every event up to its last.
    Snapshot(Box<RunState>),
    /// It was not done, and why.
    #[serde(rename = "not")]
    Rejected(CommitError),
}

/// What a guest is told first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// The version spoken.
    pub protocol: u32,
    /// The program's version.
    pub program: String,
    /// The run's name.
    pub run: String,
    /// Its mode.
    pub mode: RunMode,
    /// What the guest may be: what it asked for, or less.
    pub role: ClientRole,
    /// What time it is.
    pub beat: Heartbeat,
}

/// What an engine says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// The guest is let in.
    Welcome(Welcome),
    /// The answer to a question.
    Answer {
        /// The guest's number for it.
        id: u64,
        /// What.
        answer: Response,
    },
    /// Something happened. Numbers follow one another but after [`FromEngine::Lagged`].
    Event(Arc<RecordedEvent>),
    /// The guest was too slow: so many events were passed over. A snapshot makes up for them.
    Lagged {
        /// How many.
        missed: u64,
    },
    /// What a session may do from now on.
    #[serde(rename = "standing")]
    SessionStatus {
        /// Which.
        session: u64,
        /// What.
        standing: SessionStatus,
    },
    /// The run lives.
    #[serde(rename = "beat")]
    Heartbeat(Heartbeat),
    /// Why nothing can be recorded, and so nothing is started or told; or that it can be again.
    #[serde(rename = "frozen")]
    JournalFault(Option<Arc<str>>),
    /// The last message, and why nothing follows.
    Bye(CloseReason),
}

/// Why a connection ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// The run has ended, or its engine stops.
    #[error("the run has ended or its engine has stopped")]
    #[serde(rename = "over")]
    RunEnded,
    /// As many guests are there as may be.
    #[error("as many consoles are attached as may be; close one")]
    Full,
    /// Another version of the protocol is spoken here.
    #[error("the engine speaks version {speaks} of the protocol; attach with the same program")]
    Version {
        /// Which.
        speaks: u32,
    },
    /// The token is missing or wrong.
    #[error("the token is missing or wrong")]
    Token,
    /// What came first was no proper greeting, or not soon enough.
    #[error("no greeting: {0}")]
    Greeting(String),
    /// What came is not understood.
    #[error("{0}")]
    #[serde(rename = "garbage")]
    Malformed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of a side in the conversation of the protocol's page: a guest's begin the line.
    fn told(text: &str) -> impl Iterator<Item = &str> {
        text.lines().filter(|line| line.starts_with("{\""))
    }

    #[test]
    fn what_a_guest_says_on_the_protocols_page_is_understood_and_said_so() {
        let page = include_str!("../../../../docs/attach-protocol.md");
        let mut count = 0;
        for line in told(page) {
            let message: ClientMessage = serde_json::from_str(line).expect(line);
            assert_eq!(serde_json::to_string(&message).expect("it can be written"), line);
            count += 1;
        }
        assert_eq!(count, 3);
    }

    #[test]
    fn what_a_later_version_adds_is_passed_over() {
        let line = r#"{"hello":{"protocol":2,"operator":"ana","role":"act","mood":"good"}}"#;
        let message: ClientMessage = serde_json::from_str(line).expect("a greeting");
        let operator = "ana".to_owned();
        let hello = Hello { protocol: 2, operator, role: ClientRole::Control, token: None };
        assert_eq!(message, ClientMessage::Hello(hello));
    }
}
