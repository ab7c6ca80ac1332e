//! The guest's side: a [`Handle`] like any other, whose questions and answers go over a connection.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    sync::{broadcast, mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    super::{
        handle::{ASKED_MAX, RunHandle},
        subscription::BEHIND_MAX,
    },
    client_requests::{ClientSubscriptions, RequestRelay},
    framed::{ConnectionError, MessageReader, MessageWriter},
    listener::{ListenError, require_loopback},
};
use crate::protocol::{
    ClientMessage, CloseReason, FROM_ENGINE_MAX, FROM_GUEST_MAX, Hello, ServerMessage, Welcome,
};

/// How long the engine may take to answer a greeting, or to read a question.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Messages on their way to the engine.
const OUT_MAX: usize = 64;

/// Where a day is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineAddress {
    /// A socket in a state folder.
    Socket(PathBuf),
    /// A port of this machine. The greeting needs its token.
    Port(SocketAddr),
}

/// Why nobody is attached.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// Nobody serves a day there.
    #[error("nobody serves a day at {place}; `bellwether serve` does")]
    NoListener {
        /// Where.
        place: String,
        /// What the system said.
        source: io::Error,
    },
    /// The address is not of this machine, and a token is told to no other.
    #[error(transparent)]
    Address(#[from] ListenError),
    /// The engine does not want this guest.
    #[error("not let in: {0}")]
    Rejected(#[from] CloseReason),
    /// What answered is no engine.
    #[error("what answers there is no engine: {0}")]
    NoEngine(String),
}

/// How being attached ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disconnect {
    /// The engine said why.
    RunEnded(CloseReason),
    /// The connection broke.
    Lost(String),
    /// Nobody here wanted it any more.
    ClientLeft,
}

/// Attached to a day.
#[derive(Debug)]
pub struct ClientConnection {
    /// Asks and watches it.
    pub handle: RunHandle,
    /// What the engine said first.
    pub welcome: Welcome,
    /// Ends with the connection.
    pub ended: JoinHandle<Disconnect>,
}

/// Attaches to a day. Must be called inside a runtime.
///
/// # Errors
///
/// [`AttachError`].
pub async fn attach_to(
    place: &EngineAddress,
    hello: Hello,
) -> Result<ClientConnection, AttachError> {
    match place {
        EngineAddress::Socket(path) => {
            let name = path.display().to_string();
            let nobody = |source| AttachError::NoListener { place: name, source };
            greet(UnixStream::connect(path).await.map_err(nobody)?, hello).await
        }
        EngineAddress::Port(address) => {
            let nobody = |source| AttachError::NoListener { place: address.to_string(), source };
            let stream = TcpStream::connect(require_loopback(*address)?).await.map_err(nobody)?;
            // A question is sent whole; waiting for more only makes keys slow.
            stream.set_nodelay(true).map_err(|error| AttachError::NoEngine(error.to_string()))?;
            greet(stream, hello).await
        }
    }
}

/// Says hello over a stream, and hears what comes back.
async fn greet<S>(stream: S, hello: Hello) -> Result<ClientConnection, AttachError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let no_engine = |broken: ConnectionError| AttachError::NoEngine(broken.to_string());
    let (read, write) = tokio::io::split(stream);
    let mut inbox = MessageReader::new(read, FROM_ENGINE_MAX);
    let mut outbox = MessageWriter::new(write, FROM_GUEST_MAX, ANSWER_MAX);
    // One that shows guests out says so first, and may have hung up before it is greeted.
    let greeted = outbox.send(&ClientMessage::Hello(hello)).await;
    let answer = timeout(ANSWER_MAX, inbox.next()).await;
    let answer = answer.map_err(|_late| AttachError::NoEngine("it says nothing".into()))?;
    let welcome = match (answer, greeted) {
        (Ok(Some(ServerMessage::Welcome(welcome))), _) => welcome,
        (Ok(Some(ServerMessage::Bye(parting))), _) => return Err(parting.into()),
        (_, Err(broken)) | (Err(broken), _) => return Err(no_engine(broken)),
        (Ok(other), _) => {
            let what = if other.is_some() { "it speaks otherwise" } else { "it hangs up" };
            return Err(AttachError::NoEngine(what.into()));
        }
    };
    let (control, asked) = mpsc::channel(ASKED_MAX);
    let (events, _) = broadcast::channel(BEHIND_MAX);
    let (beats, heard) = watch::channel(welcome.beat);
    let (freezes, frozen) = watch::channel(None);
    let told = events.downgrade();
    // Whatever happened before, a whole state comes first.
    let handle = RunHandle { control, events: told, beats: heard, frozen, taken_up: true };
    let (out, going) = mpsc::channel(OUT_MAX);
    let asking = RequestRelay::new(asked, ClientSubscriptions { events, beats, freezes }, out);
    let ended = tokio::spawn(async move {
        tokio::select! {
            ended = asking.run(inbox) => ended,
            broken = send(outbox, going) => Disconnect::Lost(broken.to_string()),
        }
    });
    Ok(ClientConnection { handle, welcome, ended })
}

/// Sends what is asked, in order.
async fn send<W: AsyncWrite + Unpin>(
    mut outbox: MessageWriter<W>,
    mut going: mpsc::Receiver<ClientMessage>,
) -> ConnectionError {
    while let Some(message) = going.recv().await {
        if let Err(broken) = outbox.send(&message).await {
            return broken;
        }
    }
    std::future::pending().await
}
