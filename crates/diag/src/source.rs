//! Text of a file, with conversion between byte offsets, lines and columns.

use std::{fmt, ops::Range, sync::Arc};

/// The text of a file and its name in messages. Cheap to clone.
#[derive(Clone)]
pub struct SourceText {
    name: Arc<str>,
    text: Arc<str>,
    /// Byte offset of the start of each line.
    lines: Arc<[usize]>,
}

impl SourceText {
    /// Stores `text` under `name` without its byte order mark, if it has one.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        // Some editors on Windows write the mark, which would become part of the first key.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self { name: name.into(), text: text.into(), lines }
    }

    /// Returns the name used in messages, usually a path.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns line and column of a byte offset, both counted from 1, columns in characters.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.line_start(line);
        let before = self.text.get(start..byte).unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// Returns the byte offset of a line and column, both counted from 1, or the nearest one inside
    /// the text.
    #[must_use]
    pub(super) fn byte_offset(&self, line: usize, column: usize) -> usize {
        let start = self.line_start(line.max(1));
        let rest = self.text.get(start..).unwrap_or("");
        let inside = rest.char_indices().nth(column.saturating_sub(1));
        start + inside.map_or(rest.len(), |(at, _)| at)
    }

    /// Returns the byte offset of the start of `line`, counted from 1, or the end of the text if
    /// there are fewer lines.
    pub(super) fn line_start(&self, line: usize) -> usize {
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// Cuts `span` to the text and to its first line, so that a message about a long mapping
    /// underlines only its first line.
    pub(super) fn first_line_of(&self, span: &Range<usize>) -> Range<usize> {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let mut end = span.end.clamp(start, start + line.trim_end().len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        start..end.max(start)
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({:?}, {} bytes)", &*self.name, self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let source = SourceText::new("f", "\u{feff}a: 1\né£: x\r\nb");
        assert_eq!(source.line_column(0), (1, 1));
        let x = source.text().find('x').unwrap();
        assert_eq!(source.line_column(x), (2, 5));
        assert_eq!(source.byte_offset(2, 5), x);
        assert_eq!(source.line_column(source.text().len()), (3, 2));
        assert_eq!(source.byte_offset(99, 1), source.text().len());
    }

    #[test]
    fn a_long_span_is_cut_to_its_first_line() {
        let source = SourceText::new("f", "ab: é\n  cd: 1\n");
        assert_eq!(source.first_line_of(&(0..12)), 0..6);
        assert_eq!(source.first_line_of(&(5..12)), 4..6);
        assert_eq!(source.first_line_of(&(90..91)), source.text().len()..source.text().len());
    }
}
