//! The question of a late start: which of four choices, one of them looked at closely.

use crate::{
    console::{
        acts, ask,
        model::{Model, Station},
        msg::Effect,
    },
    engine::LateChoice,
    forecast::{
        Away,
        late::{Late, late, settle},
    },
};

use super::Overlay;

/// The four choices, side by side.
#[derive(Debug, Clone)]
pub struct LateStart {
    /// What was missed, and what each choice makes of it.
    pub late: Late,
    /// The choice looked at, by its place.
    pub spot: usize,
    /// Lines of what is told of it that are scrolled past.
    pub above: usize,
}

impl LateStart {
    /// Moves to the next choice, or the one before, round and round.
    pub(super) fn step(&mut self, back: bool) {
        let all = self.late.options.len().max(1);
        self.at((self.spot + if back { all - 1 } else { 1 }) % all);
    }

    /// Moves to a choice by its place.
    pub(super) fn at(&mut self, spot: usize) {
        if spot < self.late.options.len() {
            (self.spot, self.above) = (spot, 0);
        }
    }

    /// Scrolls what is told of the choice.
    pub(super) fn scroll(&mut self, by: isize) {
        self.above = self.above.saturating_add_signed(by).min(Self::LINES_MAX);
    }

    /// More lines than any choice needs.
    const LINES_MAX: usize = 200;

    /// The choice looked at.
    #[must_use]
    pub fn choice(&self) -> Option<LateChoice> {
        self.late.options.get(self.spot).map(|option| option.choice)
    }
}

impl Model {
    /// How many times faster than the wall's the run's clock goes.
    #[must_use]
    pub const fn speed(&self) -> f64 {
        self.settings.speed
    }

    /// Asks what becomes of work that was missed, before the run begins.
    pub fn ask_late(&mut self, late: Late) {
        self.overlays.push(Overlay::Late(Box::new(LateStart { late, spot: 0, above: 0 })));
        self.dirty = true;
    }
}

/// Asks what becomes of work that was missed while nobody drove the run, once it goes on; below whatever
/// is open, which comes first. Whoever may do nothing is not asked.
pub(in crate::console) fn went_on(model: &mut Model) {
    let Some(run) = model.run.as_ref().filter(|run| !run.recovering()) else { return };
    let missed = |left_at| Away::between(run, left_at, model.now);
    let away = run.recovery().left_at.and_then(missed);
    let may = model.settings.station != Station::Wall && acts::denied(model).is_none();
    if !may || away.is_none_or(|away| away.missed.is_empty()) {
        return;
    }
    if let Some(late) = late(run, model.now) {
        let question = Overlay::Late(Box::new(LateStart { late, spot: 0, above: 0 }));
        model.overlays.insert(0, question);
        model.dirty = true;
    }
}

/// Takes the choice looked at. One for a run under way is an act like any other.
pub(super) fn taken(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Late(start)) = model.overlays.pop() else { return Vec::new() };
    let Some(choice) = start.choice() else { return Vec::new() };
    match &model.run {
        None => vec![Effect::Late(choice)],
        Some(run) => {
            let command = settle(run, model.now, choice).command();
            acts::fixed(model, choice.title().into(), vec![command])
        }
    }
}

/// The day cannot begin without an answer: who does not want to give one may leave. One that goes on
/// does so without.
pub(super) fn left_open(model: &mut Model, start: Box<LateStart>) {
    if model.run.is_some() {
        return;
    }
    model.overlays.push(Overlay::Late(start));
    model.overlays.push(Overlay::Dialog(ask::leave(None, model.settings.station)));
}
