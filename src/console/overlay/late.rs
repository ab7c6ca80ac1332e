//! The question of a late start: which of four choices, one of them looked at closely.

use crate::{
    console::{ask, model::Model, msg::Effect},
    engine::LateChoice,
    forecast::late::Late,
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

/// Takes the choice looked at.
pub(super) fn taken(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Late(start)) = model.overlays.pop() else { return Vec::new() };
    start.choice().map(Effect::Late).into_iter().collect()
}

/// The day cannot begin without an answer: who does not want to give one may leave.
pub(super) fn left_open(model: &mut Model, start: Box<LateStart>) {
    model.overlays.push(Overlay::Late(start));
    model.overlays.push(Overlay::Dialog(ask::leave(None, model.settings.station)));
}
