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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        acting::Authority,
        console::{
            self, Msg, Pane, SavedFilters, Settings, Station, Theme, registry::Keymap, screen,
        },
        engine::{Command, RetryScope},
        plan::TaskIx,
        present::{
            filter::Filter,
            sample::{self, et},
        },
    };

    fn settings() -> Settings {
        Settings {
            theme: Theme::default(),
            keymap: Keymap::default(),
            operator: "ana".into(),
            scenario: None,
            speed: 1.0,
            station: Station::Desk,
            authority: Authority::Armed,
            zone: None,
            filters: SavedFilters::default(),
        }
    }

    fn opened() -> Model {
        let mut day = sample::every_state();
        let wrong = Command::Retry { task: TaskIx(0), scope: RetryScope::Task };
        day.order("10:43", wrong, "try");
        let mut model = Model::new(settings(), et("10:43"), (120, 40));
        let batch = day.events.iter().cloned().map(Arc::new).collect();
        console::update(&mut model, Msg::Engine(batch));
        model.nav.show(Screen::Audit);
        model
    }

    #[test]
    fn every_act_is_told_newest_first_refused_ones_too() {
        let model = opened();
        let rows = rows(&model);
        let told: Vec<_> =
            rows.iter().map(|row| format!("{} {} {}", row.who, row.what, row.result)).collect();
        assert!(told[0].starts_with("ana retry t_pending refused: "), "{told:#?}");
        assert_eq!(told[1], "ana cancel t_cancelling done");
        assert!(rows.windows(2).all(|pair| pair[0].seq > pair[1].seq));
        assert_eq!(rows.iter().filter(|row| row.why == "not today").count(), 2);
    }

    #[test]
    fn a_filter_narrows_the_acts_and_opening_one_shows_its_event() {
        let mut model = opened();
        open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Audit, "nothing is selected yet");
        assert_eq!(model.focus(), Pane::Audit);
        screen::set_filter(&mut model, Filter::parse("refused").unwrap());
        assert_eq!(rows(&model).len(), 1);
        go(&mut model, Motion::Down, 1);
        let seq = rows(&model)[0].seq;
        screen::open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Event(seq));
    }
}
