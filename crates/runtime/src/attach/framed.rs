//! One end of a connection: messages in from a stream of bytes, messages out that must not take for ever.

use std::{io, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

use crate::protocol::{FrameDecoder, WireError, encode_frame};

/// Bytes read at once.
const READ_MAX: usize = 16 << 10;

/// Why nothing more comes or goes.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionError {
    /// The stream.
    #[error(transparent)]
    Stream(#[from] io::Error),
    /// What came over it.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// It ended in the middle of a message.
    #[error("the connection ended in the middle of a message")]
    ClosedMidMessage,
    /// Nobody read for so long.
    #[error("the other side has read nothing for {} s", _0.as_secs())]
    Stalled(Duration),
}

/// Messages as they come in.
pub(super) struct MessageReader<R> {
    stream: R,
    decoder: FrameDecoder,
    /// What was read and not used yet, from `at` on.
    read: Vec<u8>,
    at: usize,
}

impl<R: AsyncRead + Unpin> MessageReader<R> {
    pub(super) const fn new(stream: R, most: usize) -> Self {
        Self { stream, decoder: FrameDecoder::new(most), read: Vec::new(), at: 0 }
    }

    /// Takes messages of another length from the next on.
    pub(super) const fn set_max_length(&mut self, most: usize) {
        self.decoder.set_max_length(most);
    }

    /// The next message; `None` when the other side has ended. Nothing is lost when the wait is
    /// given up.
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

/// Messages on their way out.
pub(super) struct MessageWriter<W> {
    stream: W,
    most: usize,
    stall: Duration,
    /// What goes out next.
    bytes: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> MessageWriter<W> {
    /// Sends messages of at most `most` bytes; waits at most `stall` for the other side to read on.
    pub(super) const fn new(stream: W, most: usize, stall: Duration) -> Self {
        Self { stream, most, stall, bytes: Vec::new() }
    }

    /// Puts a message behind those that wait.
    pub(super) fn queue<T: Serialize>(&mut self, message: &T) -> Result<(), WireError> {
        self.bytes.append(&mut encode_frame(message, self.most)?);
        Ok(())
    }

    /// Bytes that wait.
    pub(super) const fn queued_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Sends what waits.
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

    /// Sends one message.
    pub(super) async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), ConnectionError> {
        self.queue(message)?;
        self.flush().await
    }
}
