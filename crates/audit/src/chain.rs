//! The head of a growing audit trail, to which new entries are chained.

use super::entry::{AuditEntry, EntryDraft, TrailHead, sha256};

/// A chain of audit entries. Appending needs only the head of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChain {
    head: TrailHead,
}

impl EntryChain {
    /// Creates an empty chain; its first entry is chained to the SHA-256 of `genesis`, a text that
    /// identifies the trail.
    #[must_use]
    pub fn new(genesis: &str) -> Self {
        Self::from_head(TrailHead { seq: 0, hash: sha256(genesis) })
    }

    /// Continues a trail from its head.
    #[must_use]
    pub const fn from_head(head: TrailHead) -> Self {
        Self { head }
    }

    /// Appends an entry. The caller must write its line, or the chain on disk has a gap.
    pub fn append(&mut self, draft: EntryDraft) -> AuditEntry {
        let entry = AuditEntry::chained_to(&self.head, draft);
        self.head = entry.head();
        entry
    }

    /// Returns the current head of the trail.
    #[must_use]
    pub const fn head(&self) -> &TrailHead {
        &self.head
    }
}
