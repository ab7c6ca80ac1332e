//! Rows as text for another program: the name of one, one as JSON, all of them as a file.

use serde_json::{Map, Value};

use super::{
    ExportFormat, StreamKind,
    fields::{self, NamedRow, RowFields},
};
use crate::{
    model::{Model, Pane},
    msg::Effect,
    nav::Screen,
    widget::{display_width, fit},
};
use engine::AlertSeverity;

/// Copies the name of the row under the cursor.
#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
pub(super) fn id(model: &mut Model) -> Vec<Effect> {
    let name = match model.focused_pane() {
        Pane::Tasks | Pane::Graph => model
            .displayed_run()
            .zip(model.selected_task())
            .map(|(run, ix)| run.plan().task(ix).id.to_string()),
        Pane::Events => event_at(model).map(|seq| seq.to_string()),
        // A line of the log has no name; its text is what one searches for.
        Pane::Log => {
            let reading = StreamKind::Log.reader(model);
            reading.cursor_row().and_then(|row| reading.log_line(row)).map(|line| line.text.clone())
        }
        Pane::DryRun if model.selected_task().is_some() => {
            let task = model.displayed_run().zip(model.selected_task());
            task.map(|(run, ix)| run.plan().task(ix).id.to_string())
        }
        pane => selected_row(model, pane).map(|(name, _)| name),
    };
    copy_text(model, name)
}

/// Copies the row under the cursor as JSON.
#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
pub(super) fn copy_row(model: &mut Model) -> Vec<Effect> {
    let row = match model.focused_pane() {
        Pane::Tasks | Pane::Graph => {
            model.selected_task().map(|ix| object(fields::task(model, ix)))
        }
        Pane::Events => event_at(model).and_then(|seq| event(model, seq)),
        Pane::Log => {
            let reading = StreamKind::Log.reader(model);
            reading
                .cursor_row()
                .and_then(|row| reading.log_line(row))
                .map(|line| object(fields::log_fields(line)))
        }
        pane => selected_row(model, pane).map(|(_, fields)| object(fields)),
    };
    copy_text(model, row.map(|row| row.to_string()))
}

/// The selected row of a list that is neither tasks nor a stream.
fn selected_row(model: &Model, pane: Pane) -> Option<NamedRow> {
    let (mut rows, at) = pane.list().rows(model);
    at.filter(|at| *at < rows.len()).map(|at| rows.swap_remove(at))
}

fn copy_text(model: &mut Model, text: Option<String>) -> Vec<Effect> {
    if text.is_none() {
        model.set_status(AlertSeverity::Info, "no row is selected: j selects the first");
    }
    text.map(Effect::Copy).into_iter().collect()
}

/// The number of the event in sight: of its own screen, or under the cursor.
fn event_at(model: &Model) -> Option<u64> {
    if let Screen::Event(seq) = model.nav.screen() {
        return Some(seq);
    }
    StreamKind::Events.reader(model).cursor_line()
}

/// An event as the JSON it has everywhere.
fn event(model: &Model, seq: u64) -> Option<Value> {
    let (run, recorded) = (model.displayed_run()?, model.event_by_seq(seq)?);
    Some(engine::event_json(recorded, run.plan()))
}

/// The rows of the focused list that pass its filter, as a file.
#[expect(clippy::wildcard_enum_match_arm, reason = "a new screen needs no arm here")]
pub(super) fn export_rows(model: &Model, format: ExportFormat) -> Option<Effect> {
    let pane = model.focused_pane();
    let (stem, rows): (_, Vec<RowFields>) = match pane {
        Pane::Tasks | Pane::Graph => {
            let tasks = model.tasks.order.iter();
            ("tasks", tasks.map(|&ix| fields::task(model, ix)).collect())
        }
        Pane::Events => {
            let reading = StreamKind::Events.reader(model);
            let rows = (0..reading.len()).filter_map(|row| reading.event(row));
            ("events", rows.map(|recorded| fields::event(model, recorded)).collect())
        }
        Pane::Log => {
            let reading = StreamKind::Log.reader(model);
            let rows = (0..reading.len()).filter_map(|row| reading.log_line(row));
            ("log", rows.map(fields::log_fields).collect())
        }
        pane => (pane.list().name(), listed_fields(model, pane)),
    };
    let text = match format {
        ExportFormat::Ndjson if pane == Pane::Events => whole_events(model),
        ExportFormat::Ndjson => lines(rows.into_iter().map(object)),
        ExportFormat::Csv => csv(&rows),
        ExportFormat::Text => table(&rows),
    };
    let run = model.displayed_run().map_or("", |run| run.plan().run.as_str());
    let time = model.displayed_moment().format("%H%M%SZ");
    let name = format!("{stem}-{run}-{time}.{}", format.extension());
    (!text.is_empty()).then_some(Effect::Export { name, text })
}

/// The rows of a short list, field by field.
fn listed_fields(model: &Model, pane: Pane) -> Vec<RowFields> {
    pane.list().rows(model).0.into_iter().map(|(_, fields)| fields).collect()
}

fn whole_events(model: &Model) -> String {
    let reading = StreamKind::Events.reader(model);
    let numbers = (0..reading.len()).filter_map(|row| reading.line_number(row));
    lines(numbers.filter_map(|seq| event(model, seq)))
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    let lines = values.map(|value| value.to_string());
    lines.chain([String::new()]).collect::<Vec<_>>().join("\n")
}

fn object(fields: RowFields) -> Value {
    let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn csv(rows: &[RowFields]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut out = csv::Writer::from_writer(Vec::new());
    let heading = out.write_record(first.iter().map(|(name, _)| *name));
    let written =
        rows.iter().try_for_each(|row| out.write_record(row.iter().map(|(_, text)| text.as_str())));
    let bytes = heading.and(written).ok().and_then(|()| out.into_inner().ok());
    bytes.map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Columns as wide as what stands in them, the last one as it is.
fn table(rows: &[RowFields]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut wide: Vec<u16> = first.iter().map(|(name, _)| display_width(name)).collect();
    for row in rows {
        for (most, (_, text)) in wide.iter_mut().zip(row) {
            *most = (*most).max(display_width(text));
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<_> = cells.zip(&wide).map(|(text, width)| fit(text, *width, "~")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    let mut text = line(&mut first.iter().map(|(name, _)| *name));
    for row in rows {
        text += &line(&mut row.iter().map(|(_, text)| text.as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<RowFields> {
        let row =
            |task: &str, note: &str| vec![("task", task.to_owned()), ("note", note.to_owned())];
        vec![row("a", "says \"no\", twice"), row("日本株", "fine")]
    }

    #[test]
    fn a_comma_and_a_quote_stay_inside_their_cell() {
        assert_eq!(csv(&rows()), "task,note\na,\"says \"\"no\"\", twice\"\n日本株,fine\n");
        assert_eq!(csv(&[]), "");
    }

    #[test]
    fn a_table_is_straight_also_where_characters_are_wide() {
        let text = table(&rows());
        assert_eq!(text, "task    note\na       says \"no\", twice\n日本株  fine\n");
    }
}
