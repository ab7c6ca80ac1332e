//! What can be wrong with a line of the audit trail, and what to do about it.

use std::fmt;

use super::entry::TrailHead;

/// Something wrong with a trail, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailProblem {
    /// The line, from 1; of a trail that ends too soon, the line that is missing.
    pub line: usize,
    /// What is wrong.
    pub fault: TrailFault,
}

/// What is wrong with a line, or with what should stand there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrailFault {
    /// The last line has no end.
    #[error("the last line is torn: it has no end")]
    TornTail,
    /// It is no entry.
    #[error("no entry of a trail: {why}")]
    Unreadable {
        /// Why not, in the words of the reader.
        why: String,
    },
    /// It says what it always said, in another way than the trail writes it.
    #[error("entry {seq} was written anew: its content holds, its text is not the trail's")]
    Rewritten {
        /// Its number.
        seq: u64,
    },
    /// Its hash is not that of its content.
    #[error("edited: what is said to be entry {seq} does not have the hash it bears")]
    Edited {
        /// The number it bears.
        seq: u64,
    },
    /// Entries before it are gone.
    #[error("deleted: {missing} before entry {found} missing, entry {wanted} should stand here")]
    Deleted {
        /// The number that should be here.
        wanted: u64,
        /// The number that is.
        found: u64,
        /// How many are nowhere in the trail.
        missing: u64,
    },
    /// Its number stood on an earlier line.
    #[error("duplicate: entry {seq} stood on line {first} already")]
    Duplicate {
        /// Its number.
        seq: u64,
        /// The earlier line.
        first: usize,
    },
    /// It belongs further up.
    #[error("reordered: entry {seq} stands after entry {after}")]
    Reordered {
        /// Its number.
        seq: u64,
        /// The highest number above it.
        after: u64,
    },
    /// It is chained to something else than the entry before it.
    #[error("inserted or replaced: entry {seq} is not chained to the entry before it")]
    Unchained {
        /// Its number.
        seq: u64,
    },
    /// The trail ends before its known head.
    #[error("truncated: ends with entry {last}, entry {head} was the last", head = .expected.seq)]
    Truncated {
        /// Number of the last entry there is.
        last: u64,
        /// The known head.
        expected: TrailHead,
    },
    /// The last entry has the number of the known head and is another.
    #[error("replaced: entry {} is not the one known as the head", .expected.seq)]
    HeadMismatch {
        /// The known head.
        expected: TrailHead,
    },
    /// There are entries after the known head.
    #[error("added: goes on to entry {last}, entry {head} was the last", head = .expected.seq)]
    HeadBeyondEnd {
        /// Number of the last entry there is.
        last: u64,
        /// The known head.
        expected: TrailHead,
    },
    /// The whole file is gone.
    #[error("missing: the file is not there{}", .expected.as_ref().map(|head| format!(", it had {} entries", head.seq)).unwrap_or_default())]
    Missing {
        /// How it ended, if that is known.
        expected: Option<TrailHead>,
    },
    /// It is the trail of another run.
    #[error("swapped: this is the trail of run {run}")]
    Swapped {
        /// Whose it is.
        run: i64,
    },
    /// It is sound in itself, and not what the journal's event says.
    #[error("forged: entry {seq} is not what the journal's events say")]
    Forged {
        /// Its number.
        seq: u64,
    },
    /// Its trail goes on from an end that the trail before it never had.
    #[error("unlinked: it goes on from entry {previous} of run {run}, which is not there")]
    Unlinked {
        /// The run before.
        run: i64,
        /// The entry it claims to follow.
        previous: u64,
    },
    /// No run of the journal has this file.
    #[error("a stranger: no run of the journal has this file")]
    Orphan,
    /// The journal's events cannot be read, and so cannot bear it out.
    #[error("not to be compared with the journal's events: {why}")]
    Unproven {
        /// Why not.
        why: String,
    },
}

impl TrailFault {
    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TornTail => {
                "if the program died while it wrote, compare with the journal and end the line or \
                 cut it off; else restore a copy"
            }
            Self::Unreadable { .. } | Self::Edited { .. } => {
                "restore this line from a copy; until then trust nothing it says"
            }
            Self::Rewritten { .. } => {
                "some tool changed the file; restore a copy and keep tools off it"
            }
            Self::Deleted { .. } | Self::Truncated { .. } => {
                "restore the missing lines from a copy, or enter them from the journal's events"
            }
            Self::Duplicate { .. } => "compare the two lines with a copy and remove the false one",
            Self::Reordered { .. } => "restore the order from a copy; the numbers tell it",
            Self::Unchained { .. } => {
                "this entry or one above it is not the one written; compare both with a copy"
            }
            Self::HeadMismatch { .. } => {
                "the end of the trail was written anew; restore a copy whose head is the known one"
            }
            Self::HeadBeyondEnd { .. } => {
                "if the head is an older one, verify with the latest; else remove what was added"
            }
            Self::Missing { .. } => {
                "restore a copy, or write it anew from the journal: `bellwether audit rebuild RUN`"
            }
            Self::Swapped { .. } => "give the files their names back",
            Self::Forged { .. } => {
                "restore a copy; `bellwether audit rebuild RUN` keeps this one aside and writes what \
                 the journal says"
            }
            Self::Unlinked { .. } => {
                "the trail before it was cut or written anew; restore its copy"
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
