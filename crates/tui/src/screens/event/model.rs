//! One event from all sides: what it says, its fields or its JSON, what belongs to it.

use ratatui::text::Line;
use serde_json::Value;

use crate::{
    list_actions::LineLayout,
    model::Model,
    theme::Theme,
    widget::{display_width, wrap},
};
use engine::{CorrelationId, RecordedEvent};
use view::{event_line, format};

/// Most lines shown of what belongs to the same thing; the stream shows them all.
const RELATED_MOST: usize = 200;

/// Returns the details of an event, line by line.
pub(crate) fn detail_lines(model: &Model, seq: u64) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let found = model.displayed_run().zip(model.event_by_seq(seq));
    let Some((run, recorded)) = found else {
        let text = "  this event is not kept any more; the journal has it";
        return vec![Line::styled(text, theme.muted())];
    };
    let line = event_line::event_line(recorded, run.plan());
    let width = model.size.0.saturating_sub(6);
    let mut out = vec![Line::styled("what", theme.emphasis())];
    out.extend(wrap(&line.what, width).into_iter().map(|text| Line::raw(format!("  {text}"))));
    let json = engine::event_json(recorded, run.plan());
    let (title, told) = match model.event_stream.shape {
        LineLayout::Unfolded => ("as JSON", pretty_json(&json)),
        LineLayout::Truncated | LineLayout::Wrapped => ("fields", fields(&json)),
    };
    out.push(Line::raw(""));
    out.push(Line::styled(title, theme.emphasis()));
    for text in told {
        let rows = wrap(&text, width).into_iter();
        out.extend(rows.map(|text| Line::raw(format!("  {text}"))));
    }
    related(&mut out, model, (theme, recorded));
    out
}

/// The JSON over several lines, safe to draw.
pub(crate) fn pretty_json(json: &Value) -> Vec<String> {
    format!("{json:#}").lines().map(|line| format::sanitize(line).into_owned()).collect()
}

/// Each field on a line, nested ones by their whole path.
fn fields(json: &Value) -> Vec<String> {
    let mut flat = Vec::new();
    flatten("", json, &mut flat);
    let wide = flat.iter().map(|(name, _)| display_width(name)).max().unwrap_or(0);
    // Names come from agents and may be of any length.
    let wide = usize::from(wide).min(40);
    flat.into_iter().map(|(name, value)| format!("{name:wide$}  {value}")).collect()
}

fn flatten(path: &str, json: &Value, out: &mut Vec<(String, String)>) {
    let below = |name: &str| match path {
        "" => format::sanitize(name).into_owned(),
        path => format!("{path}.{}", format::sanitize(name)),
    };
    match json {
        Value::Object(all) if !all.is_empty() => {
            for (name, value) in all {
                flatten(&below(name), value, out);
            }
        }
        Value::Array(all) if all.iter().any(|value| value.is_object() || value.is_array()) => {
            for (place, value) in all.iter().enumerate() {
                flatten(&below(&place.to_string()), value, out);
            }
        }
        Value::String(text) => out.push((path.to_owned(), format::sanitize(text).into_owned())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            out.push((path.to_owned(), format::sanitize(&json.to_string()).into_owned()));
        }
    }
}

/// Appends the related events, with this event marked.
fn related(out: &mut Vec<Line<'static>>, model: &Model, (theme, of): (Theme, &RecordedEvent)) {
    if of.corr == CorrelationId::RUN {
        return;
    }
    out.push(Line::raw(""));
    let title = format!("what belongs to {}", of.corr);
    out.push(Line::styled(title, theme.emphasis()));
    let Some(run) = model.displayed_run() else { return };
    let same = model.displayed_events().all().filter(|other| other.corr == of.corr);
    let same: Vec<_> = same.map(|other| event_line::event_line(other, run.plan())).collect();
    let skipped = same.len().saturating_sub(RELATED_MOST);
    if skipped > 0 {
        let text = format!("  {skipped} earlier ones are not shown here");
        out.push(Line::styled(text, theme.muted()));
    }
    for line in same.into_iter().skip(skipped) {
        let here = if line.seq == of.seq { theme.glyph("▸", ">") } else { " " };
        let mark = line.mark.glyph(theme.glyphs);
        let text = format!("{here} {}  {mark} {:<22} {}", line.time, line.kind, line.what);
        let style =
            if line.seq == of.seq { theme.emphasis() } else { theme.severity(line.severity) };
        out.push(Line::styled(text, style));
    }
}
