//! What wants a person: questions that lapse first, then the alerts; the cursor among them.

use crate::{
    console::{
        action::{Act, Action, Go, Motion, OnTask},
        model::{Model, Pane},
        movement::moved,
        nav::Screen,
        sights::AlertKey,
    },
    engine::Severity,
    present::alerts::{AlertRow, ApprovalRow, alerts, approvals},
};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) enum AlertLine {
    /// A question to a person.
    Approval(ApprovalRow),
    /// Something to look at.
    Alert(AlertRow),
}

impl AlertLine {
    /// What the cursor holds on to.
    pub(crate) const fn key(&self) -> AlertKey {
        match self {
            Self::Approval(row) => AlertKey::Approval(row.ix),
            Self::Alert(row) => AlertKey::Alert(row.seq),
        }
    }
}

/// The lines that pass the filter.
pub(crate) fn lines(model: &Model) -> Vec<AlertLine> {
    let Some(run) = model.shown() else { return Vec::new() };
    let filter = &model.sights.alert_filter;
    let asks = approvals(run, model.moment())
        .into_iter()
        .filter(|row| filter.is_empty() || filter.task(run, row.ix, model.moment()));
    let alerts = alerts(run).into_iter().filter(|row| {
        let state = row.state();
        filter.record(&row.record(&[&row.name, &row.text, &state]), model.moment())
    });
    asks.map(AlertLine::Approval).chain(alerts.map(AlertLine::Alert)).collect()
}

/// How many alerts nobody has seen and questions nobody has answered there are.
pub(crate) fn open_count(model: &Model) -> usize {
    let Some(run) = model.shown() else { return 0 };
    let unseen = run.alerts().values().filter(|alert| alert.acked.is_none()).count();
    unseen + approvals(run, model.moment()).len()
}

/// The row of the cursor.
pub(crate) fn row(model: &Model, lines: &[AlertLine]) -> Option<usize> {
    let at = model.sights.alert?;
    lines.iter().position(|line| line.key() == at)
}

/// Moves the cursor; the first movement selects the first line.
pub(crate) fn go(model: &mut Model, motion: Motion, page: usize) {
    let lines = lines(model);
    let to = match row(model, &lines) {
        Some(row) => moved(motion, row, lines.len(), page),
        None if motion == Motion::Bottom => lines.len().saturating_sub(1),
        None => 0,
    };
    model.sights.alert = lines.get(to).map(AlertLine::key);
}

/// Whether opening means answering: an approval's screen is its dialog.
pub(crate) fn answers(model: &Model, action: Action) -> Option<Act> {
    let here = model.focus() == Pane::Alerts && model.overlays.is_empty();
    let asks = matches!(model.sights.alert, Some(AlertKey::Approval(_)));
    let opens = action == Action::Go(Go::Open);
    (here && asks && opens).then_some(Act::Task(OnTask::Approve))
}

/// Opens the task an alert is about, or else the event that raised it.
pub(crate) fn open(model: &mut Model) {
    let Some(AlertKey::Alert(seq)) = model.sights.alert else {
        let text = if lines(model).is_empty() {
            "nothing wants you: there is nothing to open"
        } else {
            "no alert is selected: j selects the first"
        };
        model.say(Severity::Info, text);
        return;
    };
    let task = model.shown().and_then(|run| run.alerts().get(&seq)?.task);
    model.nav.show(task.map_or(Screen::Event(seq), Screen::Task));
    model.scroll = 0;
}
