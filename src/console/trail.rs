//! The run's audit trail as its events make it here, and whether the file on disk says the same.

use std::collections::{VecDeque, vec_deque};

use super::msg::Effect;
use crate::{
    audit::{Entry, Head, Ledger, Opening, entry_of},
    engine::{Recorded, RunState},
    plan::Plan,
    present::audit::{AuditRow, audit},
};

/// The entries of a run, oldest first, chained as the file on disk is.
#[derive(Debug)]
pub(super) struct Trail {
    rows: VecDeque<AuditRow>,
    ledger: Ledger,
    /// Whether every event since the first was seen: else numbers and hashes are not the file's.
    whole: bool,
    /// Where the trail of the run before it ended.
    previous: Option<Head>,
    /// Where the file ends, as far as was heard.
    file: Option<Head>,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            rows: VecDeque::new(),
            ledger: Ledger::new(Opening::after(None)),
            whole: true,
            previous: None,
            file: None,
        }
    }
}

/// What is known of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chained {
    /// Events were missed, as in a run that was taken up: the file's hashes are not known here.
    Missed,
    /// It ends here, and nobody told of a file.
    Alone(Head),
    /// The file ends as it does here.
    Same(Head),
    /// The file is the same as far as it goes, which is not to the end; or it is ahead.
    UpTo(u64),
    /// The file has another entry of this number.
    Differs(u64),
}

impl Trail {
    /// Entries kept; older ones stand in the file.
    const MAX: usize = 5_000;

    /// Begins anew, with another run. `whole`: its first event is about to come.
    pub(super) fn begin(&mut self, whole: bool) {
        let previous = self.previous.clone();
        let ledger = Ledger::new(Opening::after(previous.clone()));
        *self = Self { ledger, whole, previous, ..Self::default() };
    }

    /// Events were missed.
    pub(super) fn missed(&mut self) {
        self.whole = false;
    }

    /// Takes in what the loop heard of the file.
    pub(super) fn heard(&mut self, previous: Option<Head>, file: Option<Head>) -> Vec<Effect> {
        if self.rows.is_empty() {
            self.ledger = Ledger::new(Opening::after(previous.clone()));
        }
        (self.previous, self.file) = (previous, file);
        Vec::new()
    }

    /// The entries of an event that is about to be folded into `run`, or came before a snapshot.
    pub(super) fn entries(&mut self, run: Option<&RunState>, recorded: &Recorded) -> Vec<Entry> {
        let Some(run) = run.filter(|_| recorded.seq > 1) else {
            self.begin(true);
            return self.ledger.event(None, recorded);
        };
        if recorded.seq == run.last_seq() + 1 {
            return self.ledger.event(Some(run), recorded);
        }
        self.missed();
        let next = self.ledger.head().clone();
        let mut apart = crate::audit::Chain::resume(next);
        let entries = entry_of(recorded, run.plan()).map(|draft| apart.append(draft));
        self.ledger = self.ledger.clone().chained_to(apart.head().clone());
        entries.into_iter().collect()
    }

    /// Keeps the entries of an event.
    pub(super) fn push(&mut self, entries: Vec<Entry>, recorded: &Recorded, plan: &Plan) {
        self.rows.extend(entries.into_iter().map(|entry| audit(entry, recorded, plan)));
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

    /// What is known of the chain.
    pub(super) fn chained(&self) -> Chained {
        let own = self.ledger.head();
        if !self.whole {
            return Chained::Missed;
        }
        let Some(file) = &self.file else { return Chained::Alone(own.clone()) };
        if file == own {
            return Chained::Same(own.clone());
        }
        let differs = file.seq <= own.seq
            && self.find(file.seq).is_some_and(|row| row.entry.hash != file.hash);
        if differs { Chained::Differs(file.seq) } else { Chained::UpTo(file.seq.min(own.seq)) }
    }
}

impl Chained {
    /// A glyph, a word and a number; `ticks` are the signs of yes and of no.
    pub(super) fn words(&self, (yes, no): (&str, &str)) -> String {
        let brief =
            |head: &Head| format!("{}:{}", head.seq, head.hash.get(..8).unwrap_or_default());
        match self {
            Self::Missed => "chain ? begun before this console".into(),
            Self::Alone(head) => format!("chain {}", brief(head)),
            Self::Same(head) => format!("chain {yes} on disk {}", brief(head)),
            Self::UpTo(seq) => format!("chain {yes} on disk to A-{seq}"),
            Self::Differs(seq) => format!("chain {no} FILE DIFFERS at A-{seq}"),
        }
    }
}
