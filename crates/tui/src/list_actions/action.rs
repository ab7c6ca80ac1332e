//! What a key can ask of the rows in sight: to mark, sort, search, copy, or show them otherwise.

use view::task_list::SortKey;

/// One thing that can be done with a list or a stream without touching the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListAction {
    /// Mark rows.
    Mark(MarkAction),
    /// Ask by which column to sort.
    SortBy,
    /// Sort by a column.
    Sort(SortKey),
    /// Last first.
    Reverse,
    /// All columns of a table, or whole lines of a stream; and back.
    Wide,
    /// To the next row the last filter matches.
    Next,
    /// To the one before.
    Previous,
    /// What a stream alone can do.
    Stream(StreamAction),
    /// The next way to write moments.
    Times,
    /// Copy the name of the row.
    CopyId,
    /// Copy the row as JSON.
    CopyRow,
    /// Ask as what to export.
    ExportAs,
    /// Write the rows that pass the filter to a file.
    Export(ExportFormat),
    /// Choose a saved filter.
    Load,
    /// Save the filter under a name.
    Save,
}

/// What to mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkAction {
    /// The row under the cursor, or no more.
    Row,
    /// All rows from the last one marked to the cursor.
    Range,
    /// What is not marked, and not what is.
    Others,
    /// Nothing.
    None,
}

/// One thing that can be done in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamAction {
    /// To the next line that tells of something wrong.
    NextError,
    /// To the one before.
    PreviousError,
    /// To the next line that belongs to the same thing.
    NextSame,
    /// To the one before.
    PreviousSame,
    /// Put a mark at the cursor, or take it away.
    Mark,
    /// Choose a mark to go to.
    Marks,
    /// Show how many lines come in a time, or hide it.
    Histogram,
    /// Less time in a bar.
    ZoomIn,
    /// More time in a bar.
    ZoomOut,
    /// Unfold the line under the cursor.
    Unfold,
    /// Hide what is in sight; the store keeps it.
    Clear,
    /// Show more lines around those that match.
    Context,
    /// Show only what is loud, or very loud, or everything.
    Level,
}

/// How an exported view is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportFormat {
    /// Comma-separated values, RFC 4180, a heading first.
    Csv,
    /// One JSON object on each line.
    Ndjson,
    /// Columns for the eye.
    Text,
}

impl ExportFormat {
    /// The ending of its file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Text => "txt",
        }
    }
}
