//! The dialog of an act: what the engine says it would do, what may be chosen about it, and what it
//! takes to agree. Opens on its way back.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{DialogTarget, TextField};
use engine::{
    Command, Resolution, Waiver,
    control::{Preview, RiskTier},
};
use planning::{plan::TaskIx, time::Span};
use view::partial_approval::ApprovalOrder;

/// What a line of the dialog chooses.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemChoice {
    /// To waive a condition, or not.
    Waive(Waiver),
    /// Nothing: nobody may waive it.
    Never,
    /// One of several acts.
    OneOf(Vec<Command>),
    /// That an effect in doubt happened; the reason typed is the evidence.
    Evidence(TaskIx),
    /// That an order of the plan is sent, of so many shares.
    Order {
        /// Which.
        part: Box<ApprovalOrder>,
        /// Shares approved: at most those planned.
        shares: i64,
    },
}

/// A line that may be ticked.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogItem {
    /// What it chooses.
    pub pick: ItemChoice,
    /// Whether it is chosen.
    pub on: bool,
    /// What it is.
    pub text: String,
    /// What choosing it means, or why nobody may.
    pub consequence: String,
}

/// Where in the dialog the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogFocus {
    /// A line that may be ticked, by its place.
    Item(usize),
    /// The shares of the order at that place, being typed.
    Shares(usize),
    /// The reason.
    Reason,
    /// The phrase.
    Phrase,
    /// The button that does nothing.
    Cancel,
    /// The button that rejects, where a question is answered.
    Reject,
    /// The button that agrees.
    Commit,
}

/// How an act stands between the key and the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialogPhase {
    /// The engine has been asked what it would do.
    Requested,
    /// It has answered, and nothing was agreed to.
    Open,
    /// Agreed to once the engine has answered again: the evidence was typed after it was asked.
    Committed,
}

/// The dialog.
#[derive(Debug, Clone)]
pub struct CommandDialog {
    /// Names it among all that was asked of the engine.
    pub ticket: u64,
    /// Verb and target, until the engine says it better.
    pub title: String,
    /// What it is aimed at.
    pub target: DialogTarget,
    /// What may be chosen.
    pub items: Vec<DialogItem>,
    /// What the engine says it would do.
    pub plan: Option<Preview>,
    /// How it stands.
    pub stage: DialogPhase,
    /// What is asked about: the orders to approve, line by line.
    pub card: Vec<String>,
    /// What became otherwise since the dialog was opened.
    pub changed: Vec<String>,
    /// Why the engine would refuse it as it stands.
    pub refusal: Option<String>,
    /// Why.
    pub reason: TextField,
    /// What must be typed.
    pub phrase: TextField,
    /// The shares of an order, while they are typed.
    pub shares: TextField,
    /// Where the keys go.
    pub spot: DialogFocus,
    /// When what is in sight was first in sight, on the wall.
    pub since: DateTime<Utc>,
    /// The first row of the body in sight.
    pub scroll: usize,
    /// The rows that have been in sight, by their text: a row that changes is to be read again.
    pub seen: BTreeSet<String>,
}

impl CommandDialog {
    /// A dialog the engine has not answered yet.
    #[must_use]
    pub fn new(ticket: u64, title: String, target: DialogTarget, since: DateTime<Utc>) -> Self {
        Self {
            ticket,
            title,
            target,
            items: Vec::new(),
            plan: None,
            stage: DialogPhase::Requested,
            card: Vec::new(),
            changed: Vec::new(),
            refusal: None,
            reason: TextField::new("Reason", 0),
            phrase: TextField::new("Type", 0),
            shares: TextField::new("Shares", 1),
            spot: DialogFocus::Cancel,
            since,
            scroll: 0,
            seen: BTreeSet::new(),
        }
    }

    /// What would be done with the lines as they are ticked.
    #[must_use]
    pub fn selected_commands(&self) -> Vec<Command> {
        match &self.target {
            DialogTarget::Fixed(commands) => commands.clone(),
            DialogTarget::ForceTask(task) => {
                vec![Command::Force { task: *task, waivers: self.waivers() }]
            }
            DialogTarget::ForceStage(stage) => {
                vec![Command::ForceStage { stage: *stage, waivers: self.waivers() }]
            }
            DialogTarget::OneOf => self.chosen_commands(),
            DialogTarget::Approval { task, .. } => vec![self.approve_command(*task)],
        }
    }

    fn waivers(&self) -> Vec<Waiver> {
        let waived = self.items.iter().filter(|item| item.on).filter_map(|item| match item.pick {
            ItemChoice::Waive(waiver) => Some(waiver),
            ItemChoice::Never
            | ItemChoice::OneOf(_)
            | ItemChoice::Evidence(_)
            | ItemChoice::Order { .. } => None,
        });
        waived.collect()
    }

    fn chosen_commands(&self) -> Vec<Command> {
        let on = self.items.iter().find(|item| item.on);
        on.map_or_else(Vec::new, |item| match &item.pick {
            ItemChoice::OneOf(commands) => commands.clone(),
            ItemChoice::Evidence(task) => {
                // Asked about before it is typed; asked again with what was typed.
                let evidence = self.reason.trimmed_text().unwrap_or_else(|| "(reference)".into());
                vec![Command::Resolve { task: *task, finding: Resolution::Happened { evidence } }]
            }
            ItemChoice::Waive(_) | ItemChoice::Never | ItemChoice::Order { .. } => Vec::new(),
        })
    }

    /// Whether what would be done hangs on the text of the reason.
    #[must_use]
    pub fn wants_evidence(&self) -> bool {
        self.items.iter().any(|item| item.on && matches!(item.pick, ItemChoice::Evidence(_)))
    }

    /// Ticks the focused line, or clears it; of several acts exactly one is chosen. Whether
    /// anything changed.
    pub(crate) fn toggle(&mut self) -> bool {
        let DialogFocus::Item(at) = self.spot else { return false };
        match self.items.get(at).map(|item| &item.pick) {
            Some(ItemChoice::Waive(_) | ItemChoice::Order { .. }) => {
                if let Some(item) = self.items.get_mut(at) {
                    item.on = !item.on;
                }
                true
            }
            Some(ItemChoice::OneOf(_) | ItemChoice::Evidence(_)) => {
                for (i, item) in self.items.iter_mut().enumerate() {
                    item.on = i == at;
                }
                true
            }
            Some(ItemChoice::Never) | None => false,
        }
    }

    /// The places the keys go to, in order.
    fn spots(&self) -> Vec<DialogFocus> {
        let pickable =
            self.items.iter().enumerate().filter(|(_, item)| item.pick != ItemChoice::Never);
        // While its shares are typed, an order's place is there.
        let spot =
            |i| if self.spot == DialogFocus::Shares(i) { self.spot } else { DialogFocus::Item(i) };
        let mut spots: Vec<_> = pickable.map(|(i, _)| spot(i)).collect();
        spots.extend(self.takes_reason().then_some(DialogFocus::Reason));
        if let Some(plan) = &self.plan {
            spots.extend(plan.phrase.is_some().then_some(DialogFocus::Phrase));
        }
        spots.push(DialogFocus::Cancel);
        spots.extend(self.approval_task().is_some().then_some(DialogFocus::Reject));
        spots.push(DialogFocus::Commit);
        spots
    }

    /// Moves the focus one on, or one back, round and round.
    pub(crate) fn move_focus(&mut self, back: bool) {
        let spots = self.spots();
        let at = spots.iter().position(|spot| *spot == self.spot).unwrap_or(0);
        let by = if back { spots.len() - 1 } else { 1 };
        self.spot = spots[(at + by) % spots.len()];
    }

    /// Whether a reason may be typed: always where it is wanted, and from `Careful` on.
    #[must_use]
    pub fn takes_reason(&self) -> bool {
        let asks = |plan: &Preview| plan.needs_reason || plan.tier >= RiskTier::Review;
        let forces =
            matches!(self.target, DialogTarget::ForceTask(_) | DialogTarget::ForceStage(_));
        self.plan.as_ref().is_some_and(asks)
            || forces
            || self.approval_task().is_some()
            || self.wants_evidence()
    }

    /// Puts the focus where text is typed: into the reason, or else into the phrase. Returns
    /// whether there is such a field.
    pub(crate) fn focus_text(&mut self) -> bool {
        let phrase = self.plan.as_ref().is_some_and(|plan| plan.phrase.is_some());
        match (self.takes_reason(), phrase) {
            (true, _) => self.spot = DialogFocus::Reason,
            (false, true) => self.spot = DialogFocus::Phrase,
            (false, false) => return false,
        }
        true
    }

    /// What is still missing before it may be agreed to, at a moment on the wall.
    #[must_use]
    pub fn missing_input(&self, wall: DateTime<Utc>) -> Option<String> {
        if self.sends_nothing() {
            return Some("no order is ticked: reject instead".into());
        }
        if let Some(refusal) = &self.refusal {
            return Some(format!("the engine would refuse it: {refusal}"));
        }
        let Some(plan) = self.plan.as_ref().filter(|_| self.stage == DialogPhase::Open) else {
            return Some("the engine has not said yet what it would do".into());
        };
        if (plan.needs_reason || self.wants_evidence()) && !self.reason.is_full() {
            return Some(if self.wants_evidence() {
                "type the evidence first: a reference of the broker".into()
            } else {
                "type a reason first, three letters at least".into()
            });
        }
        if let Some(phrase) = &plan.phrase
            && self.phrase.text() != phrase
        {
            return Some(format!("type `{phrase}` first, exactly"));
        }
        let left = self.opens_in(wall);
        (left > Span::ZERO).then(|| "the button opens in a moment: read first".into())
    }

    /// How long the button stays closed, from a moment on the wall.
    #[must_use]
    pub fn opens_in(&self, wall: DateTime<Utc>) -> Span {
        let Some(plan) = &self.plan else { return Span::ZERO };
        let passed = (wall - self.since).num_milliseconds().max(0);
        let wait = plan.wait.to_delta().num_milliseconds();
        Span::millis(u64::try_from(wait - passed).unwrap_or(0))
    }

    /// The engine would refuse it as it stands.
    pub(crate) fn set_refusal(&mut self, why: String) {
        (self.plan, self.refusal, self.stage) = (None, Some(why), DialogPhase::Open);
        if !self.spots().contains(&self.spot) {
            self.spot = DialogFocus::Cancel;
        }
    }

    /// Takes the engine's answer. What became otherwise is said, the phrase must be typed again,
    /// and the button closes again.
    pub(crate) fn set_preview(&mut self, plan: Preview, wall: DateTime<Utc>) {
        let fresh = match &self.plan {
            Some(old) if old.hash == plan.hash => Vec::new(),
            Some(old) if old.proposal.commands == plan.proposal.commands => old.diff_lines(&plan),
            // Other lines were ticked: that is no surprise.
            Some(_) | None => plan.moved_since_seen.clone(),
        };
        let same = self.plan.as_ref().is_some_and(|old| old.hash == plan.hash);
        if !same {
            self.since = wall;
            self.phrase = TextField::new("Type", 0);
        }
        if !fresh.is_empty() {
            self.changed = fresh;
            self.spot = DialogFocus::Cancel;
        }
        self.reason.least = if plan.needs_reason || self.wants_evidence() { 3 } else { 0 };
        self.title.clone_from(&plan.title);
        self.refusal = None;
        self.plan = Some(plan);
        self.stage = DialogPhase::Open;
        if !self.spots().contains(&self.spot) {
            self.spot = DialogFocus::Cancel;
        }
    }
}
