//! The growing end of the audit trail.

use super::entry::{AuditEntry, EntryDraft, TrailHead, sha256};

/// Chains entries one to the next. Nothing of a trail but its head is needed to go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChain {
    head: TrailHead,
}

impl EntryChain {
    /// A trail without entries; the first will be chained to the SHA-256 of `genesis`, a text that
    /// says whose trail it is.
    #[must_use]
    pub fn new(genesis: &str) -> Self {
        Self::from_head(TrailHead { seq: 0, hash: sha256(genesis) })
    }

    /// Goes on where a trail ended.
    #[must_use]
    pub const fn from_head(head: TrailHead) -> Self {
        Self { head }
    }

    /// Enters an act. The entry is part of the trail from now on: write its line, or lose the chain.
    pub fn append(&mut self, draft: EntryDraft) -> AuditEntry {
        let entry = AuditEntry::chained_to(&self.head, draft);
        self.head = entry.head();
        entry
    }

    /// Where the trail ends now.
    #[must_use]
    pub const fn head(&self) -> &TrailHead {
        &self.head
    }
}
