//! The dialog of an act: what the engine says it would do, what may be chosen about it, and what it
//! takes to agree. Opens on its way back.

use chrono::{DateTime, Utc};

use super::{Field, Target};
use crate::{
    acting::{ActPlan, Tier},
    engine::{Command, Finding, Waiver},
    plan::TaskIx,
    present::part::Part,
    time::Span,
};

/// What a line of the dialog chooses.
#[derive(Debug, Clone, PartialEq)]
pub enum Tick {
    /// To waive a condition, or not.
    Waive(Waiver),
    /// Nothing: nobody may waive it.
    Never,
    /// One of several acts.
    OneOf(Vec<Command>),
    /// That an effect in doubt happened; the reason typed is the evidence.
    Happened(TaskIx),
    /// That an order of the plan is sent, of so many shares.
    Order {
        /// Which.
        part: Box<Part>,
        /// Shares approved: at most those planned.
        shares: i64,
    },
}

/// A line that may be ticked.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it chooses.
    pub pick: Tick,
    /// Whether it is chosen.
    pub on: bool,
    /// What it is.
    pub text: String,
    /// What choosing it means, or why nobody may.
    pub consequence: String,
}

/// Where in the dialog the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActSpot {
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
    Go,
}

/// How an act stands between the key and the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The engine has been asked what it would do.
    Asked,
    /// It has answered, and nothing was agreed to.
    Open,
    /// Agreed to once the engine has answered again: the evidence was typed after it was asked.
    Agreed,
}

/// The dialog.
#[derive(Debug, Clone)]
pub struct ActDialog {
    /// Names it among all that was asked of the engine.
    pub ticket: u64,
    /// Verb and target, until the engine says it better.
    pub title: String,
    /// What it is aimed at.
    pub target: Target,
    /// What may be chosen.
    pub items: Vec<Item>,
    /// What the engine says it would do.
    pub plan: Option<ActPlan>,
    /// How it stands.
    pub stage: Stage,
    /// What is asked about: the orders to approve, line by line.
    pub card: Vec<String>,
    /// What became otherwise since the dialog was opened.
    pub changed: Vec<String>,
    /// Why the engine would refuse it as it stands.
    pub refusal: Option<String>,
    /// Why.
    pub reason: Field,
    /// What must be typed.
    pub phrase: Field,
    /// The shares of an order, while they are typed.
    pub shares: Field,
    /// Where the keys go.
    pub spot: ActSpot,
    /// When what is in sight was first in sight, on the wall.
    pub since: DateTime<Utc>,
}

impl ActDialog {
    /// A dialog the engine has not answered yet.
    #[must_use]
    pub fn new(ticket: u64, title: String, target: Target, since: DateTime<Utc>) -> Self {
        Self {
            ticket,
            title,
            target,
            items: Vec::new(),
            plan: None,
            stage: Stage::Asked,
            card: Vec::new(),
            changed: Vec::new(),
            refusal: None,
            reason: Field::new("Reason", 0),
            phrase: Field::new("Type", 0),
            shares: Field::new("Shares", 1),
            spot: ActSpot::Cancel,
            since,
        }
    }

    /// What would be done with the lines as they are ticked.
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        match &self.target {
            Target::Fixed(commands) => commands.clone(),
            Target::ForceTask(task) => {
                vec![Command::Force { task: *task, waivers: self.waivers() }]
            }
            Target::ForceStage(stage) => {
                vec![Command::ForceStage { stage: *stage, waivers: self.waivers() }]
            }
            Target::OneOf => self.chosen(),
            Target::Answer { task, .. } => vec![self.yes(*task)],
        }
    }

    fn waivers(&self) -> Vec<Waiver> {
        let waived = self.items.iter().filter(|item| item.on).filter_map(|item| match item.pick {
            Tick::Waive(waiver) => Some(waiver),
            Tick::Never | Tick::OneOf(_) | Tick::Happened(_) | Tick::Order { .. } => None,
        });
        waived.collect()
    }

    fn chosen(&self) -> Vec<Command> {
        let on = self.items.iter().find(|item| item.on);
        on.map_or_else(Vec::new, |item| match &item.pick {
            Tick::OneOf(commands) => commands.clone(),
            Tick::Happened(task) => {
                // Asked about before it is typed; asked again with what was typed.
                let evidence = self.reason.value().unwrap_or_else(|| "(reference)".into());
                vec![Command::Resolve { task: *task, finding: Finding::Happened { evidence } }]
            }
            Tick::Waive(_) | Tick::Never | Tick::Order { .. } => Vec::new(),
        })
    }

    /// Whether what would be done hangs on the text of the reason.
    #[must_use]
    pub fn wants_evidence(&self) -> bool {
        self.items.iter().any(|item| item.on && matches!(item.pick, Tick::Happened(_)))
    }

    /// Ticks the focused line, or clears it; of several acts exactly one is chosen. Whether
    /// anything changed.
    pub(crate) fn toggle(&mut self) -> bool {
        let ActSpot::Item(at) = self.spot else { return false };
        match self.items.get(at).map(|item| &item.pick) {
            Some(Tick::Waive(_) | Tick::Order { .. }) => {
                if let Some(item) = self.items.get_mut(at) {
                    item.on = !item.on;
                }
                true
            }
            Some(Tick::OneOf(_) | Tick::Happened(_)) => {
                for (i, item) in self.items.iter_mut().enumerate() {
                    item.on = i == at;
                }
                true
            }
            Some(Tick::Never) | None => false,
        }
    }

    /// The places the keys go to, in order.
    fn spots(&self) -> Vec<ActSpot> {
        let pickable = self.items.iter().enumerate().filter(|(_, item)| item.pick != Tick::Never);
        // While its shares are typed, an order's place is there.
        let spot = |i| if self.spot == ActSpot::Shares(i) { self.spot } else { ActSpot::Item(i) };
        let mut spots: Vec<_> = pickable.map(|(i, _)| spot(i)).collect();
        if let Some(plan) = &self.plan {
            spots.extend(self.takes_reason().then_some(ActSpot::Reason));
            spots.extend(plan.phrase.is_some().then_some(ActSpot::Phrase));
        }
        spots.push(ActSpot::Cancel);
        spots.extend(self.rejects().is_some().then_some(ActSpot::Reject));
        spots.push(ActSpot::Go);
        spots
    }

    /// Moves the focus one on, or one back, round and round.
    pub(crate) fn step(&mut self, back: bool) {
        let spots = self.spots();
        let at = spots.iter().position(|spot| *spot == self.spot).unwrap_or(0);
        let by = if back { spots.len() - 1 } else { 1 };
        self.spot = spots[(at + by) % spots.len()];
    }

    /// Whether a reason may be typed: always where it is wanted, and from `Careful` on.
    #[must_use]
    pub fn takes_reason(&self) -> bool {
        let asks = |plan: &ActPlan| plan.needs_reason || plan.tier >= Tier::Careful;
        self.plan.as_ref().is_some_and(asks) || self.rejects().is_some() || self.wants_evidence()
    }

    /// What is still missing before it may be agreed to, at a moment on the wall.
    #[must_use]
    pub fn lacks(&self, wall: DateTime<Utc>) -> Option<String> {
        if self.sends_nothing() {
            return Some("no order is ticked: reject instead".into());
        }
        if let Some(refusal) = &self.refusal {
            return Some(format!("the engine would refuse it: {refusal}"));
        }
        let Some(plan) = self.plan.as_ref().filter(|_| self.stage == Stage::Open) else {
            return Some("the engine has not said yet what it would do".into());
        };
        if (plan.needs_reason || self.wants_evidence()) && !self.reason.full() {
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
        let wait = plan.wait.delta().num_milliseconds();
        Span::millis(u64::try_from(wait - passed).unwrap_or(0))
    }

    /// The engine would refuse it as it stands.
    pub(crate) fn refused(&mut self, why: String) {
        (self.plan, self.refusal, self.stage) = (None, Some(why), Stage::Open);
        if !self.spots().contains(&self.spot) {
            self.spot = ActSpot::Cancel;
        }
    }

    /// Takes the engine's answer. What became otherwise is said, the phrase must be typed again,
    /// and the button closes again.
    pub(crate) fn answered(&mut self, plan: ActPlan, wall: DateTime<Utc>) {
        let fresh = match &self.plan {
            Some(old) if old.hash == plan.hash => Vec::new(),
            Some(old) if old.proposal.commands == plan.proposal.commands => old.difference(&plan),
            // Other lines were ticked: that is no surprise.
            Some(_) | None => plan.moved_since_seen.clone(),
        };
        let same = self.plan.as_ref().is_some_and(|old| old.hash == plan.hash);
        if !same {
            self.since = wall;
            self.phrase = Field::new("Type", 0);
        }
        if !fresh.is_empty() {
            self.changed = fresh;
            self.spot = ActSpot::Cancel;
        }
        self.reason.least = if plan.needs_reason || self.wants_evidence() { 3 } else { 0 };
        self.title.clone_from(&plan.title);
        self.refusal = None;
        self.plan = Some(plan);
        self.stage = Stage::Open;
        if !self.spots().contains(&self.spot) {
            self.spot = ActSpot::Cancel;
        }
    }
}
