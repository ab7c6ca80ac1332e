//! A served day for tests, and a guest that speaks in bytes of its own choice.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so at once"
)]

use std::path::Path;

use bellwether::{
    engine::control::{Authority, GuardLevel, SessionOpening},
    planning::plan::RunMode,
    runtime::{
        OperatorSession,
        attach::{
            ClientConnection, EngineAddress, Listeners, RunServer, SOCKET, ServeOptions, attach_to,
        },
        protocol::{
            ClientMessage, ClientRequest, ClientRole, FROM_ENGINE_MAX, FROM_GUEST_MAX,
            FrameDecoder, Hello, PROTOCOL, Response, ServerMessage, encode_frame,
        },
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    sync::watch,
};

use crate::support::live_day::{Under, under_way};

/// A day under way, and its doors.
pub(super) struct Served {
    pub(super) day: Under,
    pub(super) server: RunServer,
    pub(super) folder: tempfile::TempDir,
}

pub(super) async fn served(mode: RunMode) -> Served {
    served_on(mode, ServeOptions::new(ClientRole::Control)).await
}

pub(super) async fn served_on(mode: RunMode, terms: ServeOptions) -> Served {
    let day = under_way(mode, GuardLevel::Mode).await;
    let folder = tempfile::tempdir().unwrap();
    let doors = Listeners::open(folder.path()).unwrap();
    let server = RunServer::open(doors, day.handle.clone(), day.run.plan(), terms);
    Served { day, server, folder }
}

pub(super) fn hello(operator: &str, role: ClientRole) -> Hello {
    Hello { protocol: PROTOCOL, operator: operator.into(), role, token: None }
}

pub(super) fn socket(folder: &Path) -> EngineAddress {
    EngineAddress::Socket(folder.join(SOCKET))
}

impl Served {
    pub(super) async fn guest(&self, operator: &str) -> ClientConnection {
        attach_to(&socket(self.folder.path()), hello(operator, ClientRole::Control)).await.unwrap()
    }

    pub(super) async fn raw(&self) -> Raw {
        Raw::connect(self.folder.path()).await
    }

    /// One that was let in.
    pub(super) async fn known(&self, role: ClientRole) -> Raw {
        let mut raw = self.raw().await;
        raw.say(&ClientMessage::Hello(hello("raw", role))).await;
        assert!(matches!(raw.hear().await, Some(ServerMessage::Welcome(_))));
        raw
    }

    /// Waits until so many guests are there.
    pub(super) async fn guests(&self, count: usize) {
        let mut guests: watch::Receiver<usize> = self.server.client_count();
        guests.wait_for(|there| *there == count).await.unwrap();
    }
}

pub(super) async fn session(attached: &ClientConnection, authority: Authority) -> OperatorSession {
    // Whose it is was said in the greeting; this name counts for nothing.
    attached.handle.open(SessionOpening { operator: "nobody".into(), authority }).await.unwrap()
}

/// A guest of bytes.
pub(super) struct Raw {
    pub(super) stream: UnixStream,
    decoder: FrameDecoder,
    read: Vec<u8>,
    asked: u64,
}

impl Raw {
    pub(super) async fn connect(folder: &Path) -> Self {
        let stream = UnixStream::connect(folder.join(SOCKET)).await.unwrap();
        Self { stream, decoder: FrameDecoder::new(FROM_ENGINE_MAX), read: Vec::new(), asked: 0 }
    }

    pub(super) async fn say(&mut self, message: &ClientMessage) {
        self.stream.write_all(&encode_frame(message, FROM_GUEST_MAX).unwrap()).await.unwrap();
    }

    /// The next message; `None` when there is none to come.
    pub(super) async fn hear(&mut self) -> Option<ServerMessage> {
        loop {
            let mut rest = self.read.as_slice();
            let whole = self.decoder.decode(&mut rest).unwrap();
            self.read = rest.to_vec();
            if whole.is_some() {
                return whole;
            }
            // One that was hung up on with words unread may hear of that before the end.
            match self.stream.read_buf(&mut self.read).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Asks, and waits for the answer; what is told meanwhile is passed over.
    pub(super) async fn ask(&mut self, question: ClientRequest) -> Response {
        self.asked += 1;
        self.say(&ClientMessage::Ask { id: self.asked, question }).await;
        loop {
            match self.hear().await {
                Some(ServerMessage::Answer { id, answer }) if id == self.asked => return answer,
                Some(ServerMessage::Bye(parting)) => panic!("shown out: {parting}"),
                Some(_) => {}
                None => panic!("hung up"),
            }
        }
    }

    /// What is said last, and that nothing follows.
    pub(super) async fn last(&mut self) -> Option<ServerMessage> {
        let mut last = None;
        while let Some(message) = self.hear().await {
            last = Some(message);
        }
        last
    }
}
