//! Client side of the attach protocol: a [`RunHandle`] whose requests and replies go over a
//! connection.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

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

/// Longest wait for the engine's reply to the greeting, or for it to read a request.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Capacity of the queue of messages to the engine.
const OUT_MAX: usize = 64;

/// The address of a served run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineAddress {
    /// A socket in a state folder.
    Socket(PathBuf),
    /// A port of this machine; the greeting must carry its token.
    Port(SocketAddr),
}

/// The reason for which attaching failed.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// No server listens at the address.
    #[error("no run is served at {place}; start one with `bellwether serve`")]
    NoListener { place: String, source: io::Error },
    /// The address belongs to another machine, to which the token must not be sent.
    #[error(transparent)]
    Address(#[from] ListenError),
    /// The engine refused the client.
    #[error("refused by the engine: {0}")]
    Rejected(#[from] CloseReason),
    /// The reply does not come from an engine.
    #[error("the reply is not from an engine: {0}")]
    NoEngine(String),
}

/// The reason for which a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disconnect {
    /// The engine closed it, with a reason.
    RunEnded(CloseReason),
    /// The connection was lost.
    Lost(String),
    /// The client dropped its handles.
    ClientLeft,
}

/// A connection to a served run.
#[derive(Debug)]
pub struct ClientConnection {
    /// The handle for requests and subscriptions.
    pub handle: RunHandle,
    /// The first message of the engine.
    pub welcome: Welcome,
    /// Completes when the connection ends.
    pub ended: JoinHandle<Disconnect>,
}

/// Attaches to a run. Must be called within a tokio runtime.
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
            // Each request is written as a whole; Nagle's algorithm would only delay keys.
            stream.set_nodelay(true).map_err(|error| AttachError::NoEngine(error.to_string()))?;
            greet(stream, hello).await
        }
    }
}

/// Sends the greeting over a stream and reads the reply.
async fn greet<S>(stream: S, hello: Hello) -> Result<ClientConnection, AttachError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let no_engine = |broken: ConnectionError| AttachError::NoEngine(broken.to_string());
    let (read, write) = tokio::io::split(stream);
    let mut inbox = MessageReader::new(read, FROM_ENGINE_MAX);
    let mut outbox = MessageWriter::new(write, FROM_GUEST_MAX, ANSWER_MAX);
    // A server that refuses clients sends its reason first and may close before it reads the
    // greeting.
    let greeted = outbox.send(&ClientMessage::Hello(hello)).await;
    let answer = timeout(ANSWER_MAX, inbox.next()).await;
    let answer = answer.map_err(|_late| AttachError::NoEngine("it did not reply".into()))?;
    let welcome = match (answer, greeted) {
        (Ok(Some(ServerMessage::Welcome(welcome))), _) => welcome,
        (Ok(Some(ServerMessage::Bye(parting))), _) => return Err(parting.into()),
        (_, Err(broken)) | (Err(broken), _) => return Err(no_engine(broken)),
        (Ok(other), _) => {
            let what = if other.is_some() {
                "it sent another message"
            } else {
                "it closed the connection"
            };
            return Err(AttachError::NoEngine(what.into()));
        }
    };
    let (control, asked) = mpsc::channel(ASKED_MAX);
    let (events, _) = broadcast::channel(BEHIND_MAX);
    let (beats, heard) = watch::channel(welcome.beat);
    let (freezes, frozen) = watch::channel(None);
    let (reports, orders) = watch::channel(Arc::default());
    let told = events.downgrade();
    // Set, so that a subscription always starts with a snapshot.
    let handle = RunHandle { control, events: told, beats: heard, frozen, orders, taken_up: true };
    let (out, going) = mpsc::channel(OUT_MAX);
    let asking =
        RequestRelay::new(asked, ClientSubscriptions { events, beats, freezes, reports }, out);
    let ended = tokio::spawn(async move {
        tokio::select! {
            ended = asking.run(inbox) => ended,
            broken = send(outbox, going) => Disconnect::Lost(broken.to_string()),
        }
    });
    Ok(ClientConnection { handle, welcome, ended })
}

/// Sends queued messages in order.
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
