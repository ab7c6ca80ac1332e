//! Every act of a person or a policy, newest first, and the cursor among them.

use crate::{
    console::{action::Motion, model::Model, movement::moved, nav::Screen},
    engine::Severity,
    present::audit::AuditRow,
};

/// The acts that pass the filter, newest first.
pub(crate) fn rows(model: &Model) -> Vec<&AuditRow> {
    let filter = &model.sights.audit_filter;
    let passes = |row: &&AuditRow| {
        let texts = [row.name.as_str(), &row.who, &row.what, &row.why, &row.result];
        filter.record(&row.record(&texts), model.moment())
    };
    model.audit.iter().rev().filter(passes).collect()
}

/// The row of the cursor.
pub(crate) fn row(model: &Model, rows: &[&AuditRow]) -> Option<usize> {
    let at = model.sights.audit?;
    rows.iter().position(|row| row.seq == at)
}

/// Moves the cursor; the first movement selects the newest.
pub(crate) fn go(model: &mut Model, motion: Motion, page: usize) {
    let rows = rows(model);
    let to = match row(model, &rows) {
        Some(row) => moved(motion, row, rows.len(), page),
        None if motion == Motion::Bottom => rows.len().saturating_sub(1),
        None => 0,
    };
    model.sights.audit = rows.get(to).map(|row| row.seq);
}

/// Opens the event of the selected act.
pub(crate) fn open(model: &mut Model) {
    match model.sights.audit {
        Some(seq) => {
            model.nav.show(Screen::Event(seq));
            model.scroll = 0;
        }
        None => model.say(Severity::Info, "no act is selected: j selects the newest"),
    }
}
