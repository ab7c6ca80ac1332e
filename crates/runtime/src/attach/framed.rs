//! Reader and writer of protocol messages over a byte stream, with a limit on stalled writes.

use std::{io, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

use crate::protocol::{FrameDecoder, WireError, encode_frame};

/// Most bytes read at once.
const READ_MAX: usize = 16 << 10;

/// The reason for which a connection cannot continue.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionError {
    /// An I/O error of the stream.
    #[error(transparent)]
    Stream(#[from] io::Error),
    /// A message that is invalid.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The stream ended within a message.
    #[error("the connection ended in the middle of a message")]
    ClosedMidMessage,
    /// The peer read nothing for this long.
    #[error("the peer has read nothing for {} s", _0.as_secs())]
    Stalled(Duration),
}

/// A reader of incoming messages.
pub(super) struct MessageReader<R> {
    stream: R,
    decoder: FrameDecoder,
    /// Bytes read but not decoded yet, from `at` on.
    read: Vec<u8>,
    at: usize,
}

impl<R: AsyncRead + Unpin> MessageReader<R> {
    pub(super) const fn new(stream: R, most: usize) -> Self {
        Self { stream, decoder: FrameDecoder::new(most), read: Vec::new(), at: 0 }
    }

    /// Changes the length limit, from the next message on.
    pub(super) const fn set_max_length(&mut self, most: usize) {
        self.decoder.set_max_length(most);
    }

    /// Returns the next message; `None` at the end of the stream. Cancel-safe: no bytes are lost.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ConnectionError> {
        loop {
            let mut rest = self.read.get(self.at..).unwrap_or_default();
            let whole = self.decoder.decode(&mut rest);
            self.at = self.read.len() - rest.len();
            if let Some(message) = whole? {
                return Ok(Some(message));
            }
            self.read.clear();
            self.at = 0;
            self.read.reserve_exact(READ_MAX);
            let mut room = (&mut self.stream).take(u64::try_from(READ_MAX).unwrap_or(u64::MAX));
            if room.read_buf(&mut self.read).await? == 0 {
                return if self.decoder.is_amid() {
                    Err(ConnectionError::ClosedMidMessage)
                } else {
                    Ok(None)
                };
            }
        }
    }
}

/// A writer of outgoing messages.
pub(super) struct MessageWriter<W> {
    stream: W,
    most: usize,
    stall: Duration,
    /// Bytes not written yet.
    bytes: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> MessageWriter<W> {
    /// Creates a writer for messages of at most `most` bytes that waits at most `stall` for the
    /// peer to read.
    pub(super) const fn new(stream: W, most: usize, stall: Duration) -> Self {
        Self { stream, most, stall, bytes: Vec::new() }
    }

    /// Appends a message to the buffer.
    pub(super) fn queue<T: Serialize>(&mut self, message: &T) -> Result<(), WireError> {
        self.bytes.append(&mut encode_frame(message, self.most)?);
        Ok(())
    }

    /// Returns the number of buffered bytes.
    pub(super) const fn queued_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Writes the buffered bytes.
    pub(super) async fn flush(&mut self) -> Result<(), ConnectionError> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let written = timeout(self.stall, self.stream.write(rest)).await;
            let written = written.map_err(|_late| ConnectionError::Stalled(self.stall))??;
            if written == 0 {
                return Err(io::Error::from(io::ErrorKind::WriteZero).into());
            }
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(self.stream.flush().await?)
    }

    /// Writes one message to the stream.
    pub(super) async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), ConnectionError> {
        self.queue(message)?;
        self.flush().await
    }
}
