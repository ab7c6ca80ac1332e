//! Faults of an audit trail, with a remedy for each.

use std::fmt;

use super::entry::TrailHead;

/// A fault of a trail and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailProblem {
    /// The line number, from 1; for a truncated trail, that of the first missing line.
    pub line: usize,
    pub fault: TrailFault,
}

/// The kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrailFault {
    /// The last line has no line break.
    #[error("the last line is torn: it has no line break")]
    TornTail,
    /// The line is not an audit entry.
    #[error("not an entry of a trail: {why}")]
    Unreadable {
        /// The error of the parser.
        why: String,
    },
    /// The entry is unchanged in content, but not in the canonical form.
    #[error("rewritten: entry {seq} is unchanged, but its text is not in the trail's form")]
    Rewritten { seq: u64 },
    /// The hash does not match the content.
    #[error("edited: the content of entry {seq} does not match its hash")]
    Edited {
        /// Number of the entry.
        seq: u64,
    },
    /// Entries before this one are missing.
    #[error("deleted: {missing} missing before entry {found}, expected entry {wanted} here")]
    Deleted {
        /// The number expected on this line.
        wanted: u64,
        /// The number found on this line.
        found: u64,
        /// Number of entries that appear nowhere in the trail.
        missing: u64,
    },
    /// The number was already used on an earlier line.
    #[error("duplicate: entry {seq} is already on line {first}")]
    Duplicate {
        seq: u64,
        /// The line that has the number already.
        first: usize,
    },
    /// The entry belongs further up.
    #[error("reordered: entry {seq} comes after entry {after}")]
    Reordered {
        seq: u64,
        /// The highest number above it.
        after: u64,
    },
    /// The entry is not chained to the one before it.
    #[error("inserted or replaced: entry {seq} is not chained to the entry before it")]
    Unchained { seq: u64 },
    /// The trail ends before its known head.
    #[error("truncated: ends with entry {last}, entry {head} was the last", head = .expected.seq)]
    Truncated {
        /// Number of the last entry found.
        last: u64,
        expected: TrailHead,
    },
    /// The last entry has the number of the known head, but another hash.
    #[error("replaced: entry {} is not the one known as the head", .expected.seq)]
    HeadMismatch { expected: TrailHead },
    /// There are entries after the known head.
    #[error("added: ends with entry {last}, entry {head} was the last", head = .expected.seq)]
    HeadBeyondEnd {
        /// Number of the last entry found.
        last: u64,
        expected: TrailHead,
    },
    /// The whole file is missing.
    #[error("missing: the file does not exist{}", .expected.as_ref().map(|head| format!(", it had {} entries", head.seq)).unwrap_or_default())]
    Missing {
        /// Its head, if it is known.
        expected: Option<TrailHead>,
    },
    /// The file is the trail of another run.
    #[error("swapped: this is the trail of run {run}")]
    Swapped {
        /// The run to which it belongs.
        run: i64,
    },
    /// The entry is consistent with the chain, but not with the journal's event.
    #[error("forged: entry {seq} contradicts the journal's events")]
    Forged { seq: u64 },
    /// The trail continues from a head that the previous trail never had.
    #[error("unlinked: it continues from entry {previous} of run {run}, which does not exist")]
    Unlinked {
        /// The run with the previous trail.
        run: i64,
        /// Number of the entry it claims to follow.
        previous: u64,
    },
    /// No run of the journal has this file.
    #[error("orphan: no run of the journal has this file")]
    Orphan,
    /// The journal's events cannot be read, so the trail cannot be verified against them.
    #[error("cannot be compared with the journal's events: {why}")]
    Unproven {
        /// The error of reading the journal.
        why: String,
    },
}

impl TrailFault {
    /// Returns the recommended remedy.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TornTail => {
                "if the process ended while writing, compare with the journal and complete the \
                 line or cut it off; otherwise restore a copy"
            }
            Self::Unreadable { .. } | Self::Edited { .. } => {
                "restore this line from a copy; do not trust it until then"
            }
            Self::Rewritten { .. } => {
                "some tool changed the file; restore a copy and keep tools off it"
            }
            Self::Deleted { .. } | Self::Truncated { .. } => {
                "restore the missing lines from a copy, or enter them from the journal's events"
            }
            Self::Duplicate { .. } => "compare the two lines with a copy and remove the false one",
            Self::Reordered { .. } => "restore the order of the numbers, or restore a copy",
            Self::Unchained { .. } => {
                "this entry or one above it is not the one written; compare both with a copy"
            }
            Self::HeadMismatch { .. } => {
                "the end of the trail was rewritten; restore a copy with the known head"
            }
            Self::HeadBeyondEnd { .. } => {
                "if the head is outdated, verify with the latest; otherwise remove the added entries"
            }
            Self::Missing { .. } => {
                "restore a copy, or rewrite it from the journal: `bellwether audit rebuild RUN`"
            }
            Self::Swapped { .. } => "restore the names of the files",
            Self::Forged { .. } => {
                "restore a copy; `bellwether audit rebuild RUN` keeps this file and writes a new \
                 one from the journal"
            }
            Self::Unlinked { .. } => {
                "the previous trail was cut or rewritten; restore a copy of it"
            }
            Self::Orphan => "find out who put it there, and move it away",
            Self::Unproven { .. } => "restore the journal from a copy",
        }
    }
}

impl fmt::Display for TrailProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.fault, self.fault.remedy())
    }
}
