//! Encoding of messages: four bytes of length (big-endian), then that many bytes of JSON. Decoding
//! is incremental and never buffers more than one frame.

use serde::{Serialize, de::DeserializeOwned};

/// Longest first message of a client, which is not authenticated yet, in bytes.
pub const HELLO_MAX: usize = 4 << 10;
/// Longest message of a client, in bytes: a command on about twenty thousand tasks.
pub const FROM_GUEST_MAX: usize = 1 << 20;
/// Longest message of an engine, in bytes: the state of a run of a hundred thousand tasks.
pub const FROM_ENGINE_MAX: usize = 64 << 20;

const HEAD: usize = 4;

/// An error of encoding or decoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The length, as announced or actual, exceeds the limit.
    #[error("a message of {0} bytes is too long: the limit is {1}")]
    TooLong(usize, usize),
    /// Not a message of the protocol.
    #[error("not understood: {0}")]
    Unknown(String),
}

/// Encodes a message as a frame.
///
/// # Errors
///
/// [`WireError::TooLong`] for more than `most` bytes.
pub fn encode_frame<T: Serialize>(message: &T, most: usize) -> Result<Vec<u8>, WireError> {
    let mut bytes = vec![0; HEAD];
    serde_json::to_writer(&mut bytes, message)
        .map_err(|error| WireError::Unknown(error.to_string()))?;
    let length = bytes.len() - HEAD;
    let told = u32::try_from(length).ok().filter(|_| length <= most);
    let head = told.ok_or(WireError::TooLong(length, most))?.to_be_bytes();
    for (place, byte) in bytes.iter_mut().zip(head) {
        *place = byte;
    }
    Ok(bytes)
}

/// A decoder that assembles messages from pieces of any size.
#[derive(Debug)]
pub struct FrameDecoder {
    most: usize,
    head: Vec<u8>,
    body: Vec<u8>,
}

impl FrameDecoder {
    /// Creates a decoder for messages of at most `most` bytes.
    #[must_use]
    pub const fn new(most: usize) -> Self {
        Self { most, head: Vec::new(), body: Vec::new() }
    }

    /// Changes the length limit, from the next message on.
    pub const fn set_max_length(&mut self, most: usize) {
        self.most = most;
    }

    /// Returns whether a message is incomplete.
    #[must_use]
    pub const fn is_amid(&self) -> bool {
        !self.head.is_empty()
    }

    /// Consumes bytes from the front of `bytes` until a message is complete; returns `None` if more
    /// bytes are needed. The buffer grows with the bytes received, not with the length announced.
    ///
    /// # Errors
    ///
    /// [`WireError`]; the start of the next message is then unknown, and decoding cannot continue.
    pub fn decode<T: DeserializeOwned>(
        &mut self,
        bytes: &mut &[u8],
    ) -> Result<Option<T>, WireError> {
        let wanted = HEAD - self.head.len();
        self.head.extend_from_slice(take_at_most(bytes, wanted));
        let Ok(head) = <[u8; HEAD]>::try_from(self.head.as_slice()) else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
        if length > self.most {
            return Err(WireError::TooLong(length, self.most));
        }
        let piece = take_at_most(bytes, length - self.body.len());
        if self.body.capacity() - self.body.len() < piece.len() {
            let left = length - self.body.len();
            self.body.reserve_exact(left.min(self.body.len().max(piece.len())));
        }
        self.body.extend_from_slice(piece);
        if self.body.len() < length {
            return Ok(None);
        }
        self.head.clear();
        // The buffer of a long message is not kept for the short ones that follow.
        let body = std::mem::take(&mut self.body);
        let message = serde_json::from_slice(&body);
        message.map(Some).map_err(|error| WireError::Unknown(error.to_string()))
    }
}

/// Takes up to `most` bytes off the front.
fn take_at_most<'a>(bytes: &mut &'a [u8], most: usize) -> &'a [u8] {
    let (taken, left) = bytes.split_at(most.min(bytes.len()));
    *bytes = left;
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buffers_only_bytes_received() {
        let mut decoder = FrameDecoder::new(FROM_ENGINE_MAX);
        let claim = u32::try_from(FROM_ENGINE_MAX).unwrap().to_be_bytes();
        let mut bytes = [claim.as_slice(), b"\"abc"].concat();
        bytes.resize(1_000, b'x');
        assert_eq!(decoder.decode::<String>(&mut bytes.as_slice()), Ok(None));
        assert!(decoder.is_amid());
        assert!(decoder.body.capacity() < 4_000, "{}", decoder.body.capacity());
    }

    #[test]
    fn refuses_long_frame_before_reading_its_body() {
        let mut decoder = FrameDecoder::new(10);
        let mut bytes: &[u8] = &[0, 0, 0, 11, b'1'];
        assert_eq!(decoder.decode::<u64>(&mut bytes), Err(WireError::TooLong(11, 10)));
        assert_eq!(bytes, b"1");
        assert_eq!(encode_frame(&"0123456789", 10), Err(WireError::TooLong(12, 10)));
    }

    proptest! {
        #[test]
        fn decodes_messages_from_pieces_of_any_size(
            texts in proptest::collection::vec(".{0,40}", 0..8),
            cuts in proptest::collection::vec(1_usize..9, 1..64),
        ) {
            let mut bytes = Vec::new();
            for text in &texts {
                bytes.extend(encode_frame(text, 1_000).unwrap());
            }
            let (mut decoder, mut out, mut rest) = (FrameDecoder::new(1_000), Vec::new(), bytes.as_slice());
            for cut in cuts.iter().cycle() {
                let (mut piece, left) = rest.split_at((*cut).min(rest.len()));
                rest = left;
                while let Some(text) = decoder.decode::<String>(&mut piece).unwrap() {
                    out.push(text);
                }
                prop_assert!(piece.is_empty());
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(out, texts);
            prop_assert!(!decoder.is_amid());
        }

        #[test]
        fn never_panics_or_buffers_more_than_limit(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..20),
            most in 0_usize..200,
        ) {
            let mut decoder = FrameDecoder::new(most);
            'all: for piece in &pieces {
                let mut piece = piece.as_slice();
                while !piece.is_empty() {
                    let taken = decoder.decode::<super::super::ClientMessage>(&mut piece);
                    prop_assert!(decoder.body.capacity() <= most.max(8));
                    if taken.is_err() {
                        break 'all;
                    }
                }
            }
        }
    }
}
