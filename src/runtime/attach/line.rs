//! One end of a connection: messages in from a stream of bytes, messages out that must not take for ever.

use std::{io, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

use crate::wire::{Decoder, WireError, encode};

/// Bytes read at once.
const READ_MAX: usize = 16 << 10;

/// Why nothing more comes or goes.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// The stream.
    #[error(transparent)]
    Stream(#[from] io::Error),
    /// What came over it.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// It ended in the middle of a message.
    #[error("the connection ended in the middle of a message")]
    Amid,
    /// Nobody read for so long.
    #[error("the other side has read nothing for {} s", _0.as_secs())]
    Stalled(Duration),
}

/// Messages as they come in.
pub(super) struct Inbox<R> {
    stream: R,
    decoder: Decoder,
    /// What was read and not used yet, from `at` on.
    read: Vec<u8>,
    at: usize,
}

impl<R: AsyncRead + Unpin> Inbox<R> {
    pub(super) const fn new(stream: R, most: usize) -> Self {
        Self { stream, decoder: Decoder::new(most), read: Vec::new(), at: 0 }
    }

    /// Takes messages of another length from the next on.
    pub(super) const fn take_at_most(&mut self, most: usize) {
        self.decoder.take_at_most(most);
    }

    /// The next message; `None` when the other side has ended. Nothing is lost when the wait is
    /// given up.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Broken> {
        loop {
            let mut rest = self.read.get(self.at..).unwrap_or_default();
            let whole = self.decoder.take(&mut rest);
            self.at = self.read.len() - rest.len();
            if let Some(message) = whole? {
                return Ok(Some(message));
            }
            self.read.clear();
            self.at = 0;
            self.read.reserve_exact(READ_MAX);
            let mut room = (&mut self.stream).take(u64::try_from(READ_MAX).unwrap_or(u64::MAX));
            if room.read_buf(&mut self.read).await? == 0 {
                return if self.decoder.is_amid() { Err(Broken::Amid) } else { Ok(None) };
            }
        }
    }
}

/// Messages on their way out.
pub(super) struct Outbox<W> {
    stream: W,
    most: usize,
    stall: Duration,
    /// What goes out next.
    bytes: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> Outbox<W> {
    /// Sends messages of at most `most` bytes; waits at most `stall` for the other side to read on.
    pub(super) const fn new(stream: W, most: usize, stall: Duration) -> Self {
        Self { stream, most, stall, bytes: Vec::new() }
    }

    /// Puts a message behind those that wait.
    pub(super) fn put<T: Serialize>(&mut self, message: &T) -> Result<(), WireError> {
        self.bytes.append(&mut encode(message, self.most)?);
        Ok(())
    }

    /// Bytes that wait.
    pub(super) const fn waiting(&self) -> usize {
        self.bytes.len()
    }

    /// Sends what waits.
    pub(super) async fn flush(&mut self) -> Result<(), Broken> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let written = timeout(self.stall, self.stream.write(rest)).await;
            let written = written.map_err(|_late| Broken::Stalled(self.stall))??;
            if written == 0 {
                return Err(io::Error::from(io::ErrorKind::WriteZero).into());
            }
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(self.stream.flush().await?)
    }

    /// Sends one message.
    pub(super) async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), Broken> {
        self.put(message)?;
        self.flush().await
    }
}
