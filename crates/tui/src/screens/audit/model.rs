//! The audit trail, newest entry first: the cursor in it, and all that one entry says.

use ratatui::text::Line;
use serde_json::Value;

use crate::screens::event::model::pretty_json;
use crate::{
    action::CursorMotion,
    audit_trail::ChainStatus,
    cursor::moved_row,
    model::{Model, Pane},
    nav::Screen,
    theme::Theme,
    widget::wrap,
};
use engine::AlertSeverity;
use view::audit::AuditRow;

/// The entries that pass the filter, newest first.
pub(crate) fn filtered_rows(model: &Model) -> Vec<&AuditRow> {
    let filter = model.sights.filter(Pane::Audit);
    let passes = |row: &&AuditRow| {
        let texts = [row.name.as_str(), &row.who, &row.what, &row.why, &row.result];
        filter.matches_record(&row.filter_record(&texts), model.displayed_moment())
    };
    model.audit.rows().rev().filter(passes).collect()
}

/// The row of the cursor.
pub(crate) fn cursor_row(model: &Model, rows: &[&AuditRow]) -> Option<usize> {
    let at = model.sights.audit?;
    rows.iter().position(|row| row.seq == at)
}

/// Moves the cursor; the first movement selects the newest.
pub(crate) fn move_cursor(model: &mut Model, motion: CursorMotion, page: usize) {
    let rows = filtered_rows(model);
    let to = match cursor_row(model, &rows) {
        Some(row) => moved_row(motion, row, rows.len(), page),
        None if motion == CursorMotion::Bottom => rows.len().saturating_sub(1),
        None => 0,
    };
    model.sights.audit = rows.get(to).map(|row| row.seq);
}

/// The entry of its own screen, or under the cursor.
pub(crate) fn selected(model: &Model) -> Option<&AuditRow> {
    let of_screen = if let Screen::AuditEntry(seq) = model.nav.screen() { Some(seq) } else { None };
    model.audit.find(of_screen.or(model.sights.audit)?)
}

/// Opens the selected entry; from there the event it was made of.
pub(crate) fn open(model: &mut Model) {
    let opened = match (model.nav.screen(), selected(model)) {
        (Screen::AuditEntry(_), Some(row)) => row.entry.act.event_seq.map(Screen::Event),
        (_, Some(row)) => Some(Screen::AuditEntry(row.seq)),
        (_, None) => {
            return model
                .set_status(AlertSeverity::Info, "no entry is selected: j selects the newest");
        }
    };
    match opened {
        Some(screen) => {
            model.nav.go_to(screen);
            model.scroll = 0;
        }
        None => model
            .set_status(AlertSeverity::Info, "this entry opens the trail: no event was before it"),
    }
}

/// Returns the details of an audit entry, line by line.
pub(crate) fn detail_lines(model: &Model, seq: u64) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let Some(row) = model.audit.find(seq) else {
        let text = "  this entry is not kept any more; `bellwether audit show` has it";
        return vec![Line::styled(text, theme.muted())];
    };
    let width = model.size.0.saturating_sub(6);
    let mut out = Vec::new();
    let mut tell = |title: &'static str, texts: Vec<String>| {
        out.push(Line::styled(title, theme.emphasis()));
        let texts = if texts.is_empty() { vec!["not said".into()] } else { texts };
        let rows = texts.iter().flat_map(|text| wrap(text, width));
        out.extend(rows.map(|text| Line::raw(format!("  {text}"))));
    };
    let act = &row.entry.act;
    let json = |value: &Option<Value>| value.as_ref().map(pretty_json).unwrap_or_default();
    let made = act.event_seq.map_or_else(|| "of no event".into(), |seq| format!("of event {seq}"));
    let cause = act.cause_seq.map(|cause| format!(", brought about by event {cause}"));
    let said = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    tell("what", vec![row.what.clone(), format!("made {made}{}", cause.unwrap_or_default())]);
    tell("result", said(&row.result));
    tell("who", vec![row.who.clone()]);
    tell("why", said(&row.why));
    tell("before", json(&act.before));
    tell("after", json(&act.after));
    let state = model.audit.chain_status().describe(check_glyphs(theme));
    let hashes = match model.audit.chain_status() {
        ChainStatus::Missed => vec![state],
        ChainStatus::NoFile(_)
        | ChainStatus::Matches(_)
        | ChainStatus::MatchesUpTo(_)
        | ChainStatus::Differs(_) => {
            vec![format!("hash {}", row.entry.hash), format!("prev {}", row.entry.prev), state]
        }
    };
    tell("chain", hashes);
    out
}

/// The signs of yes and of no.
pub(crate) fn check_glyphs(theme: Theme) -> (&'static str, &'static str) {
    (theme.glyph("✓", "+"), theme.glyph("✗", "x"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        ConsoleKind, ConsoleSettings, Msg, Pane, SavedFilters, Theme, keymap::Keymap, screens,
    };
    use engine::{Command, RetryScope, control::Authority};
    use planning::plan::TaskIx;
    use testkit::sample::{self, exchange_time};
    use view::filter::Filter;

    fn settings() -> ConsoleSettings {
        ConsoleSettings {
            theme: Theme::default(),
            keymap: Keymap::default(),
            operator: "ana".into(),
            scenario: None,
            speed: 1.0,
            drill: None,
            station: ConsoleKind::Local,
            authority: Authority::Armed,
            zone: None,
            filters: SavedFilters::default(),
        }
    }

    fn opened_model() -> Model {
        let mut day = sample::every_state();
        let wrong = Command::Retry { task: TaskIx(0), scope: RetryScope::Task };
        day.order("10:43", wrong, "try");
        let mut model = Model::new(settings(), exchange_time("10:43"), (120, 40));
        let batch = day.events.iter().cloned().map(Arc::new).collect();
        crate::update(&mut model, Msg::Engine(batch));
        model.nav.go_to(Screen::Audit);
        model
    }

    fn acts(model: &Model) -> Vec<&AuditRow> {
        filtered_rows(model).into_iter().filter(|row| row.act).collect()
    }

    #[test]
    fn every_act_is_told_newest_first_refused_ones_too() {
        let model = opened_model();
        let acts = acts(&model);
        let told: Vec<_> =
            acts.iter().map(|row| format!("{} {} {}", row.who, row.what, row.result)).collect();
        assert!(told[0].starts_with("ana retry t_pending refused: "), "{told:#?}");
        assert_eq!(told[1], "ana cancel t_cancelling done");
        let rows = filtered_rows(&model);
        assert!(rows.windows(2).all(|pair| pair[0].seq == pair[1].seq + 1));
        assert_eq!(acts.iter().filter(|row| row.why == "not today").count(), 2);
    }

    #[test]
    fn a_filter_narrows_the_entries_and_opening_one_shows_all_of_it_and_then_its_event() {
        let mut model = opened_model();
        open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Audit, "nothing is selected yet");
        assert_eq!(model.focused_pane(), Pane::Audit);
        screens::set_filter(&mut model, Filter::parse("refused").unwrap());
        assert_eq!(filtered_rows(&model).len(), 1);
        move_cursor(&mut model, CursorMotion::Down, 1);
        let (seq, event) =
            (filtered_rows(&model)[0].seq, filtered_rows(&model)[0].entry.act.event_seq.unwrap());
        screens::open(&mut model);
        assert_eq!(model.nav.screen(), Screen::AuditEntry(seq));
        let told: String = detail_lines(&model, seq)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        let hash = format!("hash {}", model.audit.find(seq).unwrap().entry.hash);
        assert!(told.contains(&hash) && told.contains("\"PENDING\""), "{told}");
        screens::open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Event(event));
    }

    #[test]
    fn the_chain_is_held_against_the_file_that_was_heard_of() {
        let mut model = opened_model();
        let heads: Vec<_> = model.audit.rows().map(|row| row.entry.head()).collect();
        let [.., before, last] = heads.as_slice() else { unreachable!("a day has entries") };
        let heard = |model: &mut Model, file: &audit::TrailHead| {
            crate::update(model, Msg::Trail { previous: None, file: Some(file.clone()) });
            model.audit.chain_status()
        };
        assert_eq!(model.audit.chain_status(), ChainStatus::NoFile(last.clone()));
        assert_eq!(heard(&mut model, last), ChainStatus::Matches(last.clone()));
        assert_eq!(heard(&mut model, before), ChainStatus::MatchesUpTo(before.seq));
        let other = audit::TrailHead { seq: before.seq, hash: last.hash.clone() };
        assert_eq!(heard(&mut model, &other), ChainStatus::Differs(before.seq));
        let run = model.run.clone().unwrap();
        let mut late = Model::new(settings(), exchange_time("10:43"), (120, 40));
        crate::update(&mut late, Msg::Snapshot(Box::new(run)));
        assert_eq!(late.audit.chain_status(), ChainStatus::Missed);
    }
}
