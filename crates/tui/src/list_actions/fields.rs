//! Fields of each list row, for export to other programs.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    log_line::LogLine,
    model::Model,
    screens::{alerts::model::AlertLine, dry_run::model::DryRunRow, runs::model::RunListEntry},
};
use engine::RecordedEvent;
use planning::{plan::TaskIx, time::Span};
use view::{
    agents::AgentRow,
    audit::AuditRow,
    dryrun::{OutlineText, PageStyle},
    event_line, format, task_list,
};

/// One row: the names of its fields and what stands in them. Safe for a terminal.
pub(crate) type RowFields = Vec<(&'static str, String)>;

/// A row with the name by which people call it.
pub(crate) type NamedRow = (String, RowFields);

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(crate) fn agent(row: AgentRow) -> NamedRow {
    let span = |span: Option<Span>| span.map_or_else(String::new, format::format_duration);
    let fields = vec![
        ("agent", row.id.to_string()),
        ("health", row.health.as_str().to_owned()),
        ("running", row.running.to_string()),
        ("slots", row.slots.to_string()),
        ("done", row.done.to_string()),
        ("failed", row.failed.to_string()),
        ("p50", span(row.p50)),
        ("p95", span(row.p95)),
        ("breaker", row.breaker),
        ("answered", row.answered),
        ("last_error", row.last_error.unwrap_or_default()),
        ("now", row.now),
    ];
    (row.id.to_string(), fields)
}

pub(crate) fn alert(line: AlertLine) -> NamedRow {
    let (name, at, severity, what, state) = match line {
        AlertLine::Approval(row) => {
            let state = format!("until {}", moment(row.deadline));
            (row.id.to_string(), row.since, "ASKS", row.text, state)
        }
        AlertLine::Alert(row) => {
            let state = row.state_text();
            (row.name, row.at, format::severity_label(row.severity), row.text, state)
        }
    };
    let fields = vec![
        ("name", name.clone()),
        ("at", moment(at)),
        ("severity", severity.trim().to_owned()),
        ("what", what),
        ("state", state),
    ];
    (name, fields)
}

pub(crate) fn act(row: &AuditRow) -> NamedRow {
    let fields = vec![
        ("act", row.name.clone()),
        ("at", moment(row.at)),
        ("who", row.who.clone()),
        ("what", row.what.clone()),
        ("result", row.result.clone()),
        ("why", row.why.clone()),
    ];
    (row.name.clone(), fields)
}

pub(crate) fn run(listed: RunListEntry) -> NamedRow {
    let row = listed.row;
    let fields = vec![
        ("date", row.date.to_string()),
        ("run", listed.kind.to_owned()),
        ("mode", row.mode.to_string()),
        ("status", row.status.to_owned()),
        ("done", row.done.to_string()),
        ("tasks", row.all.to_string()),
        ("failed", row.failed.to_string()),
        ("retried", row.retried.to_string()),
        ("started", moment(row.started)),
        ("ended", row.ended.map_or_else(String::new, moment)),
        ("took", format::format_duration(row.took)),
        ("events", row.events.to_string()),
        ("workflow", row.workflow),
    ];
    (format!("{} {}", row.date, listed.kind), fields)
}

/// The plan as it is written in a wide window.
pub(crate) fn plan(model: &Model) -> Vec<NamedRow> {
    const WIDE: usize = 160;
    let board = &model.board;
    let sheet = PageStyle { width: WIDE, glyphs: model.settings.theme.glyphs };
    let written = board.finished().map(|made| OutlineText::for_page(&made.day, sheet));
    let text = |row: &DryRunRow<'_>| match (row, &written) {
        (DryRunRow::Text(_, text), _) => (*text).to_owned(),
        (DryRunRow::Item(item), Some(written)) => written.render_row(item).0.trim_end().to_owned(),
        (DryRunRow::Item(_), None) => String::new(),
    };
    let rows = board.rows();
    rows.iter().map(|row| (text(row).trim().to_owned(), vec![("line", text(row))])).collect()
}

pub(super) fn task(model: &Model, ix: TaskIx) -> RowFields {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let row = task_list::task_row(run, model.displayed_moment(), ix);
    let badges: Vec<_> = row.badges.iter().map(|badge| badge.as_str()).collect();
    vec![
        ("task", row.id.to_string()),
        ("state", row.state.as_str().to_owned()),
        ("stage", row.stage.to_string()),
        ("agent", row.agent.to_string()),
        ("priority", row.priority.to_owned()),
        ("attempt", row.attempt),
        ("started", row.started),
        ("age", row.age),
        ("next", row.next),
        ("badges", badges.join(" ")),
        ("note", row.note),
    ]
}

pub(super) fn event(model: &Model, recorded: &RecordedEvent) -> RowFields {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let plan = run.plan();
    let line = event_line::event_line(recorded, plan);
    let name = |found: Option<String>| found.unwrap_or_default();
    vec![
        ("seq", line.seq.to_string()),
        ("at", moment(line.at)),
        ("kind", line.kind.to_owned()),
        ("severity", format::severity_label(line.severity).to_owned()),
        ("corr", line.corr.to_string()),
        ("task", name(line.task.map(|ix| plan.task(ix).id.to_string()))),
        ("stage", name(line.stage.map(|ix| plan.stage(ix).id.to_string()))),
        ("agent", name(line.agent.map(|ix| plan.agent(ix).id.to_string()))),
        ("what", line.what),
    ]
}

pub(super) fn log_fields(line: &LogLine) -> RowFields {
    vec![
        ("time", line.time.clone()),
        ("level", line.level.as_str().trim().to_owned()),
        ("target", line.target.clone()),
        ("text", line.text.clone()),
    ]
}
