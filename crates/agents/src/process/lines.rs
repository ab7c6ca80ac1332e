//! Lines of a child process, bounded in length.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// A line of a process.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ProcessLine {
    /// A whole line, without its end.
    Text(Vec<u8>),
    /// A line longer than allowed; its text was dropped.
    TooLong,
}

/// Reads the next line of at most `max` bytes; none at the end of the stream.
pub(crate) async fn next_line(
    reader: &mut (impl AsyncBufRead + Unpin),
    max: usize,
) -> io::Result<Option<ProcessLine>> {
    let (mut line, mut too_long) = (Vec::new(), false);
    loop {
        let chunk = reader.fill_buf().await?;
        if chunk.is_empty() {
            // The end of the stream ends a last line that has no end of its own.
            let nothing = line.is_empty() && !too_long;
            return Ok((!nothing).then(|| finish_line(line, too_long)));
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = end.map_or(chunk, |at| chunk.get(..at).unwrap_or_default());
        if line.len() + part.len() > max {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(part);
        }
        let used = end.map_or(chunk.len(), |at| at + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(finish_line(line, too_long)));
        }
    }
}

fn finish_line(mut line: Vec<u8>, too_long: bool) -> ProcessLine {
    if too_long {
        return ProcessLine::TooLong;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    ProcessLine::Text(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(input: &[u8], max: usize) -> Vec<ProcessLine> {
        let mut reader = tokio::io::BufReader::with_capacity(3, input);
        let mut found = Vec::new();
        while let Some(line) = next_line(&mut reader, max).await.unwrap() {
            found.push(line);
        }
        found
    }

    #[tokio::test]
    async fn lines_are_cut_at_their_ends_and_long_ones_are_dropped() {
        let text = |text: &str| ProcessLine::Text(text.into());
        let input = b"one\r\n\nmuch too long\nlast";
        let found = lines(input, 5).await;
        assert_eq!(found, [text("one"), text(""), ProcessLine::TooLong, text("last")]);
        assert_eq!(lines(b"", 5).await, []);
        assert_eq!(lines(b"exact\n", 5).await, [text("exact")]);
    }
}
