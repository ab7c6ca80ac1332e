//! Rows as text for another program: the name of one, one as JSON, all of them as a file.

use serde_json::{Map, Value};

use super::{
    Format, Which,
    fields::{self, Fields, Named},
};
use crate::{
    console::{
        model::{Model, Pane},
        msg::Effect,
        nav::Screen,
        widget::{columns, fit},
    },
    engine::Severity,
    present::events,
};

/// Copies the name of the row under the cursor.
pub(super) fn id(model: &mut Model) -> Vec<Effect> {
    let name = match model.focus() {
        Pane::Tasks | Pane::Graph => {
            model.shown().zip(model.selected()).map(|(run, ix)| run.plan().task(ix).id.to_string())
        }
        Pane::Events => event_at(model).map(|seq| seq.to_string()),
        // A line of the log has no name; its text is what one searches for.
        Pane::Log => {
            let reading = Which::Log.read(model);
            reading.cursor().and_then(|row| reading.log(row)).map(|line| line.text.clone())
        }
        Pane::Plan if model.selected().is_some() => {
            let task = model.shown().zip(model.selected());
            task.map(|(run, ix)| run.plan().task(ix).id.to_string())
        }
        pane @ (Pane::Agents | Pane::Alerts | Pane::Runs | Pane::Plan | Pane::Audit) => {
            selected(model, pane).map(|(name, _)| name)
        }
    };
    copied(model, name)
}

/// Copies the row under the cursor as JSON.
pub(super) fn row(model: &mut Model) -> Vec<Effect> {
    let row = match model.focus() {
        Pane::Tasks | Pane::Graph => model.selected().map(|ix| object(fields::task(model, ix))),
        Pane::Events => event_at(model).and_then(|seq| event(model, seq)),
        Pane::Log => {
            let reading = Which::Log.read(model);
            reading.cursor().and_then(|row| reading.log(row)).map(|line| object(fields::log(line)))
        }
        pane @ (Pane::Agents | Pane::Alerts | Pane::Runs | Pane::Plan | Pane::Audit) => {
            selected(model, pane).map(|(_, fields)| object(fields))
        }
    };
    copied(model, row.map(|row| row.to_string()))
}

/// The selected row of a list that is neither tasks nor a stream.
fn selected(model: &Model, pane: Pane) -> Option<Named> {
    let (mut rows, at) = fields::listed(model, pane);
    at.filter(|at| *at < rows.len()).map(|at| rows.swap_remove(at))
}

fn copied(model: &mut Model, text: Option<String>) -> Vec<Effect> {
    if text.is_none() {
        model.say(Severity::Info, "no row is selected: j selects the first");
    }
    text.map(Effect::Copy).into_iter().collect()
}

/// The number of the event in sight: of its own screen, or under the cursor.
fn event_at(model: &Model) -> Option<u64> {
    if let Screen::Event(seq) = model.nav.screen() {
        return Some(seq);
    }
    Which::Events.read(model).at()
}

/// An event as the JSON it has everywhere.
fn event(model: &Model, seq: u64) -> Option<Value> {
    let (run, recorded) = (model.shown()?, model.recorded(seq)?);
    Some(events::json(recorded, run.plan()))
}

/// The rows of the focused list that pass its filter, as a file.
pub(super) fn export(model: &Model, format: Format) -> Option<Effect> {
    let pane = model.focus();
    let (stem, rows): (_, Vec<Fields>) = match pane {
        Pane::Tasks | Pane::Graph => {
            let tasks = model.tasks.order.iter();
            ("tasks", tasks.map(|&ix| fields::task(model, ix)).collect())
        }
        Pane::Events => {
            let reading = Which::Events.read(model);
            let rows = (0..reading.len()).filter_map(|row| reading.event(row));
            ("events", rows.map(|recorded| fields::event(model, recorded)).collect())
        }
        Pane::Log => {
            let reading = Which::Log.read(model);
            let rows = (0..reading.len()).filter_map(|row| reading.log(row));
            ("log", rows.map(fields::log).collect())
        }
        Pane::Agents => ("agents", listed(model, pane)),
        Pane::Alerts => ("alerts", listed(model, pane)),
        Pane::Runs => ("runs", listed(model, pane)),
        Pane::Plan => ("plan", listed(model, pane)),
        Pane::Audit => ("audit", listed(model, pane)),
    };
    let text = match format {
        Format::Ndjson if pane == Pane::Events => whole_events(model),
        Format::Ndjson => lines(rows.into_iter().map(object)),
        Format::Csv => csv(&rows),
        Format::Text => table(&rows),
    };
    let run = model.shown().map_or("", |run| run.plan().run.as_str());
    let time = model.moment().format("%H%M%SZ");
    let name = format!("{stem}-{run}-{time}.{}", format.ending());
    (!text.is_empty()).then_some(Effect::Export { name, text })
}

/// The rows of a short list, field by field.
fn listed(model: &Model, pane: Pane) -> Vec<Fields> {
    fields::listed(model, pane).0.into_iter().map(|(_, fields)| fields).collect()
}

fn whole_events(model: &Model) -> String {
    let reading = Which::Events.read(model);
    let numbers = (0..reading.len()).filter_map(|row| reading.number(row));
    lines(numbers.filter_map(|seq| event(model, seq)))
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    let lines = values.map(|value| value.to_string());
    lines.chain([String::new()]).collect::<Vec<_>>().join("\n")
}

fn object(fields: Fields) -> Value {
    let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text)));
    Value::Object(fields.collect::<Map<_, _>>())
}

fn csv(rows: &[Fields]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut out = csv::Writer::from_writer(Vec::new());
    let heading = out.write_record(first.iter().map(|(name, _)| *name));
    let written =
        rows.iter().try_for_each(|row| out.write_record(row.iter().map(|(_, text)| text.as_str())));
    let bytes = heading.and(written).ok().and_then(|()| out.into_inner().ok());
    bytes.map_or_else(String::new, |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Columns as wide as what stands in them, the last one as it is.
fn table(rows: &[Fields]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut wide: Vec<u16> = first.iter().map(|(name, _)| columns(name)).collect();
    for row in rows {
        for (most, (_, text)) in wide.iter_mut().zip(row) {
            *most = (*most).max(columns(text));
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

    fn rows() -> Vec<Fields> {
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
