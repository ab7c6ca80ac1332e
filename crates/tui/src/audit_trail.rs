//! The run's audit trail as its events make it here, and whether the file on disk says the same.

use std::collections::{VecDeque, vec_deque};

use super::msg::Effect;
use audit::{AuditEntry, TrailBuilder, TrailHead, TrailOpening, entry_of};
use engine::{RecordedEvent, RunState};
use planning::plan::DayPlan;
use view::audit::{AuditRow, audit_row};

/// The entries of a run, oldest first, chained as the file on disk is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "two independent facts about the trail")]
pub(super) struct AuditTrail {
    rows: VecDeque<AuditRow>,
    ledger: TrailBuilder,
    /// True if every event since the first was seen: else numbers and hashes are not the file's.
    whole: bool,
    /// The last entry of the previous run's trail.
    previous: Option<TrailHead>,
    /// The last entry known to be in the file.
    file: Option<TrailHead>,
    /// True if the file was reported: without it, the hashes before the first entry are not known.
    reported: bool,
}

impl Default for AuditTrail {
    fn default() -> Self {
        Self {
            rows: VecDeque::new(),
            ledger: TrailBuilder::new(TrailOpening::after(None)),
            whole: true,
            previous: None,
            file: None,
            reported: false,
        }
    }
}

/// The verification state of the audit chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ChainStatus {
    /// Events were missed, as in a run that was taken up: the file's hashes are not known here.
    Missed,
    /// The last derived entry, while no file has been reported.
    NoFile(TrailHead),
    /// The file ends as it does here.
    Matches(TrailHead),
    /// The file is the same as far as it goes, which is not to the end; or it is ahead.
    MatchesUpTo(u64),
    /// The file has another entry of this number.
    Differs(u64),
}

impl AuditTrail {
    /// Entries kept; older ones stand in the file.
    const MAX: usize = 5_000;

    /// Begins anew, with another run. `whole`: its first event is about to come.
    pub(super) fn reset(&mut self, whole: bool) {
        let previous = self.previous.clone();
        let ledger = TrailBuilder::new(TrailOpening::after(previous.clone()));
        *self = Self { ledger, whole, previous, reported: self.reported, ..Self::default() };
    }

    /// Events were missed.
    pub(super) fn mark_gap(&mut self) {
        self.whole = false;
    }

    /// Takes in what the loop heard of the file.
    pub(super) fn on_trail_heads(
        &mut self,
        previous: Option<TrailHead>,
        file: Option<TrailHead>,
    ) -> Vec<Effect> {
        if self.rows.is_empty() {
            self.ledger = TrailBuilder::new(TrailOpening::after(previous.clone()));
        }
        (self.previous, self.file, self.reported) = (previous, file, true);
        Vec::new()
    }

    /// Returns the last entry known to be in the file.
    pub(super) fn heads(&self) -> Option<TrailHead> {
        self.file.clone()
    }

    /// The run was told again from its first event; the file is what it was.
    pub(super) fn restore_heads(&mut self, file: Option<TrailHead>) {
        self.file = file;
        self.whole &= self.reported;
    }

    /// The entries of an event that is about to be folded into `run`, or came before a snapshot.
    pub(super) fn add_event(
        &mut self,
        run: Option<&RunState>,
        recorded: &RecordedEvent,
    ) -> Vec<AuditEntry> {
        let Some(run) = run.filter(|_| recorded.seq > 1) else {
            self.reset(true);
            return self.ledger.event(None, recorded);
        };
        if recorded.seq == run.last_seq() + 1 {
            return self.ledger.event(Some(run), recorded);
        }
        self.mark_gap();
        let next = self.ledger.head().clone();
        let mut apart = audit::EntryChain::from_head(next);
        let entries = entry_of(recorded, run.plan()).map(|draft| apart.append(draft));
        self.ledger = self.ledger.clone().chained_to(apart.head().clone());
        entries.into_iter().collect()
    }

    /// Keeps the entries of an event.
    pub(super) fn push(
        &mut self,
        entries: Vec<AuditEntry>,
        recorded: &RecordedEvent,
        plan: &DayPlan,
    ) {
        self.rows.extend(entries.into_iter().map(|entry| audit_row(entry, recorded, plan)));
        let surplus = self.rows.len().saturating_sub(Self::MAX);
        self.rows.drain(..surplus);
    }

    /// Those kept, oldest first.
    pub(super) fn rows(&self) -> vec_deque::Iter<'_, AuditRow> {
        self.rows.iter()
    }

    /// The last thing a person or a policy asked for.
    pub(super) fn last_act(&self) -> Option<&AuditRow> {
        self.rows.iter().rev().find(|row| row.act)
    }

    /// The entry of a number, while it is kept.
    pub(super) fn find(&self, seq: u64) -> Option<&AuditRow> {
        let at = self.rows.binary_search_by_key(&seq, |row| row.seq).ok()?;
        self.rows.get(at)
    }

    /// Returns what is known of the chain.
    pub(super) fn chain_status(&self) -> ChainStatus {
        let own = self.ledger.head();
        if !self.whole {
            return ChainStatus::Missed;
        }
        let Some(file) = &self.file else { return ChainStatus::NoFile(own.clone()) };
        if file == own {
            return ChainStatus::Matches(own.clone());
        }
        let differs = file.seq <= own.seq
            && self.find(file.seq).is_some_and(|row| row.entry.hash != file.hash);
        if differs {
            ChainStatus::Differs(file.seq)
        } else {
            ChainStatus::MatchesUpTo(file.seq.min(own.seq))
        }
    }
}

impl ChainStatus {
    /// A glyph, a word and a number; `ticks` are the signs of yes and of no.
    pub(super) fn describe(&self, (yes, no): (&str, &str)) -> String {
        let brief =
            |head: &TrailHead| format!("{}:{}", head.seq, head.hash.get(..8).unwrap_or_default());
        match self {
            Self::Missed => "chain ? not known here: `bellwether audit verify` checks it".into(),
            Self::NoFile(head) => format!("chain {}", brief(head)),
            Self::Matches(head) => format!("chain {yes} on disk {}", brief(head)),
            Self::MatchesUpTo(seq) => format!("chain {yes} on disk to A-{seq}"),
            Self::Differs(seq) => format!("chain {no} FILE DIFFERS at A-{seq}"),
        }
    }
}
