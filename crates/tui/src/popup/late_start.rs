//! The question of a late start: which of four choices, one of them looked at closely.

use crate::{
    commands,
    model::{ConsoleKind, Model},
    msg::Effect,
    pause_dialogs,
};
use engine::{
    CatchUpChoice,
    forecast::{
        Downtime,
        catch_up::{LateStart, catch_up_plan, late_start},
    },
};

use super::Popup;

/// The four choices, side by side.
#[derive(Debug, Clone)]
pub struct LateStartDialog {
    /// What was missed, and what each choice makes of it.
    pub late: LateStart,
    /// The choice looked at, by its place.
    pub spot: usize,
    /// Lines of what is told of it that are scrolled past.
    pub above: usize,
}

impl LateStartDialog {
    /// Moves to the next choice, or the one before, round and round.
    pub(super) fn move_selection(&mut self, back: bool) {
        let all = self.late.options.len().max(1);
        self.select((self.spot + if back { all - 1 } else { 1 }) % all);
    }

    /// Moves to a choice by its place.
    pub(super) fn select(&mut self, spot: usize) {
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
    pub fn selected(&self) -> Option<CatchUpChoice> {
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
    pub fn open_late_start(&mut self, late: LateStart) {
        self.overlays.push(Popup::LateStart(Box::new(LateStartDialog { late, spot: 0, above: 0 })));
        self.dirty = true;
    }
}

/// Asks what becomes of work that was missed while nobody drove the run, once it goes on; below whatever
/// is open, which comes first. Whoever may do nothing is not asked.
pub(crate) fn open_after_recovery(model: &mut Model) {
    let Some(run) = model.run.as_ref().filter(|run| !run.is_recovering()) else { return };
    let missed = |left_at| Downtime::between(run, left_at, model.now);
    let away = run.recovery().left_at.and_then(missed);
    let may =
        model.settings.station != ConsoleKind::Kiosk && commands::not_armed_reason(model).is_none();
    if !may || away.is_none_or(|away| away.missed.is_empty()) {
        return;
    }
    if let Some(late) = late_start(run, model.now) {
        let question = Popup::LateStart(Box::new(LateStartDialog { late, spot: 0, above: 0 }));
        model.overlays.insert(0, question);
        model.dirty = true;
    }
}

/// Takes the choice looked at. One for a run under way is an act like any other.
pub(super) fn accept_choice(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::LateStart(start)) = model.overlays.pop() else { return Vec::new() };
    let Some(choice) = start.selected() else { return Vec::new() };
    match &model.run {
        None => vec![Effect::ChooseCatchUp(choice)],
        Some(run) => {
            let command = catch_up_plan(run, model.now, choice).command();
            commands::propose_fixed(model, choice.title().into(), vec![command])
        }
    }
}

/// The day cannot begin without an answer: who does not want to give one may leave. One that goes on
/// does so without.
pub(super) fn cancel_choice(model: &mut Model, start: Box<LateStartDialog>) {
    if model.run.is_some() {
        return;
    }
    model.overlays.push(Popup::LateStart(start));
    model.overlays.push(Popup::Dialog(pause_dialogs::leave_dialog(None, model.settings.station)));
}
