//! The whole page of a dry run, top to bottom, and the same as one JSON object.

use serde::Serialize;
use serde_json::{Value, json};

use super::{gantt, sentence, table};
use crate::{
    explain::{OverlayExplained, explain_overlays},
    format::GlyphSet,
    page::TextPage,
};
use engine::forecast::{DryRunReport, TaskNotRun};
use planning::plan::NotedValue;

/// The width and character set of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageStyle {
    /// Columns; no row is wider.
    pub width: usize,
    /// Characters that can be drawn.
    pub glyphs: GlyphSet,
}

impl PageStyle {
    /// Rows in characters that can be drawn.
    pub(crate) fn to_charset(self, rows: Vec<String>) -> Vec<String> {
        match self.glyphs {
            GlyphSet::Utf8 => rows,
            GlyphSet::Ascii => rows.iter().map(|row| ascii(row)).collect(),
        }
    }
}

impl Default for PageStyle {
    /// A terminal of 80 columns.
    fn default() -> Self {
        Self { width: 80, glyphs: GlyphSet::Utf8 }
    }
}

/// The text form: rows no wider than the sheet, times of day in exchange time.
///
/// `remarks` are what else is to be known of the day, each in a sentence; they stand in its head.
#[must_use]
pub fn text_rows(day: &DryRunReport, remarks: &[String], sheet: PageStyle) -> Vec<String> {
    let mut page = TextPage::new(sheet.width);
    head(day, remarks, &mut page);
    gantt::draw_gantt(day, sheet, &mut page);
    table::tasks(day, sheet, &mut page);
    page.heading("what does not run");
    for (why, names) in group_absent(&day.absent) {
        page.text(2, &why);
        page.text(4, &names.join(", "));
    }
    page.none_if(day.absent.is_empty());
    page.heading("critical chains");
    for stage in &day.stages {
        page.text(2, &sentence::critical_chain_text(stage));
        if let Some(longest) = sentence::longest_chain_text(stage) {
            page.text(4, &longest);
        }
    }
    page.none_if(day.stages.is_empty());
    table::agents(day, &mut page);
    page.heading("warnings");
    for warning in sentence::warning_lines(day) {
        page.text(2, &warning);
    }
    page.none_if(day.warnings.is_empty());
    sheet.to_charset(page.into_rows())
}

fn head(day: &DryRunReport, remarks: &[String], page: &mut TextPage) {
    let note = |about: &NotedValue| {
        let of_day = day.plan.notes.iter().find(|n| n.task.is_none() && n.about == *about);
        of_day.map(|note| note.value.as_str())
    };
    page.text(0, &format!("dry run of {} {}: {}", day.date, day.date.format("%A"), day.day));
    page.text(
        0,
        &format!(
            "session {}, all times {}",
            note(&NotedValue::Session).unwrap_or("none"),
            planning::calendar::zone_text()
        ),
    );
    if let Some(volatility) = note(&NotedValue::Volatility) {
        page.text(0, &format!("volatility {volatility}"));
    }
    for remark in remarks {
        page.text(0, remark);
    }
    let (start, end) =
        (sentence::time_with_seconds(day.starts_at), sentence::time_with_seconds(day.ends_at));
    page.text(0, &format!("starts {start}, the last task ends {end}"));
    let verdict = if day.on_time() {
        "every deadline is kept"
    } else {
        "NOT every deadline is kept: see the warnings"
    };
    page.text(0, verdict);
    page.heading("overlays");
    let overlays = explain_overlays(&day.plan);
    for OverlayExplained { overlay, why, origin } in &overlays {
        page.text(2, &format!("{overlay}: {why} [{origin}]"));
    }
    page.none_if(overlays.is_empty());
}

/// Tasks by why they are not done, in order of first appearance.
fn group_absent(absent: &[TaskNotRun]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for task in absent {
        let (why, own) = sentence::not_run_text(&task.why);
        let name = match own {
            Some(own) => format!("{} ({own})", task.task),
            None => task.task.to_string(),
        };
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(name),
            None => groups.push((why, vec![name])),
        }
    }
    groups
}

fn ascii(row: &str) -> String {
    row.chars().map(|c| if c.is_ascii() { c } else { '~' }).collect()
}

/// The JSON document written by `json()`.
#[derive(Serialize)]
struct DryRunDocument<'a> {
    on_time: bool,
    remarks: &'a [String],
    applied: Vec<OverlayExplained<'a>>,
    #[serde(flatten)]
    day: &'a DryRunReport,
}

/// The JSON form: the fields of `DryDay`, `on_time`, `remarks`, and in `applied` why each overlay
/// applies. Moments are UTC.
#[must_use]
pub fn to_json(day: &DryRunReport, remarks: &[String]) -> Value {
    let applied = explain_overlays(&day.plan);
    let document = DryRunDocument { on_time: day.on_time(), remarks, applied, day };
    json!(document)
}
