//! The audit trail, newest entry first: the cursor in it, and all that one entry says.

use ratatui::text::Line;
use serde_json::Value;

use super::event::pretty;
use crate::{
    console::{
        action::Motion, model::Model, movement::moved, nav::Screen, theme::Theme, trail::Chained,
        widget::wrap,
    },
    engine::Severity,
    present::audit::AuditRow,
};

/// The entries that pass the filter, newest first.
pub(crate) fn rows(model: &Model) -> Vec<&AuditRow> {
    let filter = &model.sights.audit_filter;
    let passes = |row: &&AuditRow| {
        let texts = [row.name.as_str(), &row.who, &row.what, &row.why, &row.result];
        filter.record(&row.record(&texts), model.moment())
    };
    model.audit.rows().rev().filter(passes).collect()
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

/// The entry of its own screen, or under the cursor.
pub(crate) fn selected(model: &Model) -> Option<&AuditRow> {
    let of_screen = if let Screen::Entry(seq) = model.nav.screen() { Some(seq) } else { None };
    model.audit.find(of_screen.or(model.sights.audit)?)
}

/// Opens the selected entry; from there the event it was made of.
pub(crate) fn open(model: &mut Model) {
    let opened = match (model.nav.screen(), selected(model)) {
        (Screen::Entry(_), Some(row)) => row.entry.act.event_seq.map(Screen::Event),
        (_, Some(row)) => Some(Screen::Entry(row.seq)),
        (_, None) => {
            return model.say(Severity::Info, "no entry is selected: j selects the newest");
        }
    };
    match opened {
        Some(screen) => {
            model.nav.show(screen);
            model.scroll = 0;
        }
        None => model.say(Severity::Info, "this entry opens the trail: no event was before it"),
    }
}

/// Everything an entry says, line by line.
pub(crate) fn lines(model: &Model, seq: u64) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let Some(row) = model.audit.find(seq) else {
        let text = "  this entry is not kept any more; `bellwether audit show` has it";
        return vec![Line::styled(text, theme.quiet())];
    };
    let width = model.size.0.saturating_sub(6);
    let mut out = Vec::new();
    let mut tell = |title: &'static str, texts: Vec<String>| {
        out.push(Line::styled(title, theme.strong()));
        let texts = if texts.is_empty() { vec!["not said".into()] } else { texts };
        let rows = texts.iter().flat_map(|text| wrap(text, width));
        out.extend(rows.map(|text| Line::raw(format!("  {text}"))));
    };
    let act = &row.entry.act;
    let json = |value: &Option<Value>| value.as_ref().map(pretty).unwrap_or_default();
    let made = act.event_seq.map_or_else(|| "of no event".into(), |seq| format!("of event {seq}"));
    let cause = act.cause_seq.map(|cause| format!(", brought about by event {cause}"));
    let said = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    tell("what", vec![row.what.clone(), format!("made {made}{}", cause.unwrap_or_default())]);
    tell("came of it", said(&row.result));
    tell("who", vec![row.who.clone()]);
    tell("why", said(&row.why));
    tell("before", json(&act.before));
    tell("after", json(&act.after));
    let state = model.audit.chained().words(ticks(theme));
    let hashes = match model.audit.chained() {
        Chained::Missed => vec![state],
        Chained::Alone(_) | Chained::Same(_) | Chained::UpTo(_) | Chained::Differs(_) => {
            vec![format!("hash {}", row.entry.hash), format!("prev {}", row.entry.prev), state]
        }
    };
    tell("chain", hashes);
    out
}

/// The signs of yes and of no.
pub(crate) fn ticks(theme: Theme) -> (&'static str, &'static str) {
    (theme.pick("✓", "+"), theme.pick("✗", "x"))
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
            drill: None,
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

    fn acts(model: &Model) -> Vec<&AuditRow> {
        rows(model).into_iter().filter(|row| row.act).collect()
    }

    #[test]
    fn every_act_is_told_newest_first_refused_ones_too() {
        let model = opened();
        let acts = acts(&model);
        let told: Vec<_> =
            acts.iter().map(|row| format!("{} {} {}", row.who, row.what, row.result)).collect();
        assert!(told[0].starts_with("ana retry t_pending refused: "), "{told:#?}");
        assert_eq!(told[1], "ana cancel t_cancelling done");
        let rows = rows(&model);
        assert!(rows.windows(2).all(|pair| pair[0].seq == pair[1].seq + 1));
        assert_eq!(acts.iter().filter(|row| row.why == "not today").count(), 2);
    }

    #[test]
    fn a_filter_narrows_the_entries_and_opening_one_shows_all_of_it_and_then_its_event() {
        let mut model = opened();
        open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Audit, "nothing is selected yet");
        assert_eq!(model.focus(), Pane::Audit);
        screen::set_filter(&mut model, Filter::parse("refused").unwrap());
        assert_eq!(rows(&model).len(), 1);
        go(&mut model, Motion::Down, 1);
        let (seq, event) = (rows(&model)[0].seq, rows(&model)[0].entry.act.event_seq.unwrap());
        screen::open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Entry(seq));
        let told: String =
            lines(&model, seq).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let hash = format!("hash {}", model.audit.find(seq).unwrap().entry.hash);
        assert!(told.contains(&hash) && told.contains("\"PENDING\""), "{told}");
        screen::open(&mut model);
        assert_eq!(model.nav.screen(), Screen::Event(event));
    }

    #[test]
    fn the_chain_is_held_against_the_file_that_was_heard_of() {
        let mut model = opened();
        let heads: Vec<_> = model.audit.rows().map(|row| row.entry.head()).collect();
        let [.., before, last] = heads.as_slice() else { unreachable!("a day has entries") };
        let heard = |model: &mut Model, file: &crate::audit::Head| {
            console::update(model, Msg::Trail { previous: None, file: Some(file.clone()) });
            model.audit.chained()
        };
        assert_eq!(model.audit.chained(), Chained::Alone(last.clone()));
        assert_eq!(heard(&mut model, last), Chained::Same(last.clone()));
        assert_eq!(heard(&mut model, before), Chained::UpTo(before.seq));
        let other = crate::audit::Head { seq: before.seq, hash: last.hash.clone() };
        assert_eq!(heard(&mut model, &other), Chained::Differs(before.seq));
        let run = model.run.clone().unwrap();
        let mut late = Model::new(settings(), et("10:43"), (120, 40));
        console::update(&mut late, Msg::Snapshot(Box::new(run)));
        assert_eq!(late.audit.chained(), Chained::Missed);
    }
}
