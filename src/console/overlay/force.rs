//! Forcing a task or a stage: each unmet condition with a box of its own, and none ticked for you
//! but the window.

use chrono::{DateTime, Utc};

use super::Field;
use crate::{
    console::{conditions, preview::preview},
    engine::{Command, RunState, Waiver},
    plan::{StageIx, TaskIx},
};

/// What is forced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A task.
    Task(TaskIx),
    /// A stage.
    Stage(StageIx),
}

/// One unmet condition. Opens ticked only for the window: that is what forcing usually means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What would waive it; `None`: nobody may.
    pub waiver: Option<Waiver>,
    /// What is not met.
    pub text: String,
    /// What waiving it means, or why nobody may.
    pub consequence: &'static str,
    /// Whether it is to be waived.
    pub ticked: bool,
}

/// Where in the dialog the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForceSpot {
    /// A condition that may be waived, by its place.
    Item(usize),
    /// The reason.
    Reason,
    /// The button that does nothing.
    Cancel,
    /// The button that forces.
    Go,
}

/// The dialog. Opens on Cancel.
#[derive(Debug, Clone)]
pub struct Force {
    /// What is forced.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// What is not met; those that may be waived first.
    pub conditions: Vec<Condition>,
    /// What would happen with the boxes as they are, line by line.
    pub preview: Vec<String>,
    /// Why; at least three characters.
    pub reason: Field,
    /// Where the keys go.
    pub spot: ForceSpot,
}

impl Force {
    /// The dialog about a task or a stage.
    #[must_use]
    pub fn new(run: &RunState, subject: Subject, now: DateTime<Utc>) -> Self {
        let name = match subject {
            Subject::Task(ix) => format!("task {}", run.plan().task(ix).id),
            Subject::Stage(ix) => format!("stage {}", run.plan().stage(ix).id),
        };
        let mut force = Self {
            subject,
            name,
            conditions: Vec::new(),
            preview: Vec::new(),
            reason: Field::new("reason", 3),
            spot: ForceSpot::Cancel,
        };
        force.refresh(run, now);
        force
    }

    /// Looks again at what is not met. A tick stays with its condition; a new condition comes
    /// without one, also a window that closed meanwhile: nobody has seen it yet.
    pub(crate) fn refresh(&mut self, run: &RunState, now: DateTime<Utc>) {
        let fresh = match self.subject {
            Subject::Task(ix) => conditions::of_task(run, ix, now),
            Subject::Stage(ix) => conditions::of_stage(run, ix, now),
        };
        let before = std::mem::take(&mut self.conditions);
        let first = self.preview.is_empty();
        self.conditions = fresh
            .into_iter()
            .map(|mut condition| {
                let known = before.iter().find(|old| old.waiver == condition.waiver);
                condition.ticked = known.map_or(first && condition.ticked, |old| old.ticked);
                condition
            })
            .collect();
        if let ForceSpot::Item(at) = self.spot {
            let same = before.get(at).and_then(|old| old.waiver);
            let place = self.conditions.iter().position(|c| c.waiver == same && same.is_some());
            self.spot = place.map_or(ForceSpot::Cancel, ForceSpot::Item);
        }
        self.preview = self.previewed(run, now);
    }

    /// What is waived with the boxes as they are.
    #[must_use]
    pub fn waivers(&self) -> Vec<Waiver> {
        self.conditions.iter().filter(|c| c.ticked).filter_map(|c| c.waiver).collect()
    }

    /// The order this would give.
    #[must_use]
    pub fn command(&self) -> Command {
        let waivers = self.waivers();
        match self.subject {
            Subject::Task(task) => Command::Force { task, waivers },
            Subject::Stage(stage) => Command::ForceStage { stage, waivers },
        }
    }

    /// Ticks the focused box, or clears it.
    pub(crate) fn toggle(&mut self, run: Option<&RunState>, now: DateTime<Utc>) {
        if let ForceSpot::Item(at) = self.spot
            && let Some(condition) = self.conditions.get_mut(at)
        {
            condition.ticked = !condition.ticked;
        }
        if let Some(run) = run {
            self.preview = self.previewed(run, now);
        }
    }

    /// Moves the focus: the boxes that may be ticked, the reason, Cancel, Force.
    pub(crate) fn step(&mut self, back: bool) {
        let items = self.conditions.iter().take_while(|c| c.waiver.is_some()).count();
        let all = items + 3;
        let at = match self.spot {
            ForceSpot::Item(i) => i,
            ForceSpot::Reason => items,
            ForceSpot::Cancel => items + 1,
            ForceSpot::Go => items + 2,
        };
        let next = (at + if back { all - 1 } else { 1 }) % all;
        self.spot = match next.checked_sub(items) {
            None => ForceSpot::Item(next),
            Some(0) => ForceSpot::Reason,
            Some(1) => ForceSpot::Cancel,
            Some(_) => ForceSpot::Go,
        };
    }

    /// What the engine would make of the order as the boxes are now.
    fn previewed(&self, run: &RunState, now: DateTime<Utc>) -> Vec<String> {
        preview(run, now, &self.command())
            .unwrap_or_else(|refusal| vec![format!("would be refused: {refusal}")])
    }
}
