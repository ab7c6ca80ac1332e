//! The alerts screen: pending approvals by expiry, then alerts, and its cursor.

use crate::{
    action::{Action, CommandAction, CursorMotion, Navigation, TaskAction},
    cursor::moved_row,
    model::{Model, Pane},
    nav::Screen,
    selections::AlertKey,
};
use engine::AlertSeverity;
use view::alerts::{AlertRow, ApprovalRow, alert_rows, approval_rows};

/// A line of the list.
#[derive(Debug, Clone)]
pub(crate) enum AlertLine {
    /// A question to a person.
    Approval(ApprovalRow),
    /// An alert.
    Alert(AlertRow),
}

impl AlertLine {
    /// Returns what the cursor holds on to.
    pub(crate) const fn key(&self) -> AlertKey {
        match self {
            Self::Approval(row) => AlertKey::Approval(row.ix),
            Self::Alert(row) => AlertKey::Alert(row.seq),
        }
    }
}

/// The lines that pass the filter.
pub(crate) fn filtered_lines(model: &Model) -> Vec<AlertLine> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let filter = model.sights.filter(Pane::Alerts);
    let asks = approval_rows(run, model.displayed_moment())
        .into_iter()
        .filter(|row| filter.is_empty() || filter.task(run, row.ix, model.displayed_moment()));
    let alerts = alert_rows(run).into_iter().filter(|row| {
        let state = row.state_text();
        filter.matches_record(
            &row.filter_record(&[&row.name, &row.text, &state]),
            model.displayed_moment(),
        )
    });
    asks.map(AlertLine::Approval).chain(alerts.map(AlertLine::Alert)).collect()
}

/// Returns how many alerts nobody has seen and questions nobody has answered there are.
pub(crate) fn open_count(model: &Model) -> usize {
    let Some(run) = model.displayed_run() else { return 0 };
    let unseen = run.alerts().values().filter(|alert| alert.acked.is_none()).count();
    unseen + approval_rows(run, model.displayed_moment()).len()
}

/// The row of the cursor.
pub(crate) fn cursor_row(model: &Model, lines: &[AlertLine]) -> Option<usize> {
    let at = model.sights.alert?;
    lines.iter().position(|line| line.key() == at)
}

/// Selects the line that needs an operator most, unless a line is selected.
pub(crate) fn select_first(model: &mut Model) {
    let lines = filtered_lines(model);
    if cursor_row(model, &lines).is_none() {
        model.sights.alert = lines.first().map(AlertLine::key);
    }
}

/// Moves the cursor; the first movement selects the first line.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let lines = filtered_lines(model);
    let to = match cursor_row(model, &lines) {
        Some(row) => moved_row(motion, row, lines.len(), page),
        None if motion == CursorMotion::Bottom => lines.len().saturating_sub(1),
        None => 0,
    };
    model.sights.alert = lines.get(to).map(AlertLine::key);
}

/// Returns whether opening means answering: an approval's screen is its dialog.
pub(crate) fn open_action(model: &Model, action: Action) -> Option<CommandAction> {
    let here = model.focused_pane() == Pane::Alerts && model.overlays.is_empty();
    let asks = matches!(model.sights.alert, Some(AlertKey::Approval(_)));
    let opens = action == Action::Go(Navigation::Open);
    (here && asks && opens).then_some(CommandAction::Task(TaskAction::Approve))
}

/// Opens the task an alert is about, or else the event that raised it.
pub(crate) fn open(model: &mut Model) {
    let Some(AlertKey::Alert(seq)) = model.sights.alert else {
        let text = if filtered_lines(model).is_empty() {
            "no alerts and no approvals"
        } else {
            "no alert is selected: j selects the first"
        };
        model.set_status(AlertSeverity::Info, text);
        return;
    };
    let task = model.displayed_run().and_then(|run| run.alerts().get(&seq)?.task);
    model.nav.go_to(task.map_or(Screen::Event(seq), Screen::Task));
    model.scroll = 0;
}
