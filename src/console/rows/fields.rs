//! What each row of a list has to tell, field by field, for another program.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    console::{
        log::LogLine,
        model::{Model, Pane},
        screen::{
            self,
            alerts::AlertLine,
            plan::Row,
            runs::{self, Listed},
        },
    },
    engine::Recorded,
    plan::TaskIx,
    present::{
        agents::AgentRow,
        audit::AuditRow,
        board,
        dryrun::{Sheet, Written},
        events, words,
    },
    time::Span,
};

/// One row: the names of its fields and what stands in them. Safe for a terminal.
pub(super) type Fields = Vec<(&'static str, String)>;

/// A row with the name by which people call it.
pub(super) type Named = (String, Fields);

/// The rows in sight of a list that is neither tasks nor a stream, and which is selected.
pub(super) fn listed(model: &Model, pane: Pane) -> (Vec<Named>, Option<usize>) {
    match pane {
        Pane::Agents => {
            let rows = screen::agent::listed(model);
            let at = rows.iter().position(|row| Some(row.ix) == model.selected_agent());
            (rows.into_iter().map(agent).collect(), at)
        }
        Pane::Alerts => {
            let lines = screen::alerts::lines(model);
            let at = screen::alerts::row(model, &lines);
            (lines.into_iter().map(alert).collect(), at)
        }
        Pane::Audit => {
            let rows = screen::audit::rows(model);
            let at = screen::audit::row(model, &rows);
            (rows.into_iter().map(act).collect(), at)
        }
        Pane::Runs => {
            let all = runs::list(model);
            let at = all.iter().position(|listed| listed.of == runs::selected(model));
            (all.into_iter().map(run).collect(), at)
        }
        Pane::Plan => (plan(model), Some(model.board.row())),
        Pane::Tasks | Pane::Graph | Pane::Events | Pane::Log => (Vec::new(), None),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn agent(row: AgentRow) -> Named {
    let span = |span: Option<Span>| span.map_or_else(String::new, words::duration);
    let fields = vec![
        ("agent", row.id.to_string()),
        ("health", row.health.word().to_owned()),
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

fn alert(line: AlertLine) -> Named {
    let (name, at, severity, what, state) = match line {
        AlertLine::Approval(row) => {
            let state = format!("until {}", moment(row.deadline));
            (row.id.to_string(), row.since, "ASKS", row.text, state)
        }
        AlertLine::Alert(row) => {
            let state = row.state();
            (row.name, row.at, words::severity(row.severity), row.text, state)
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

fn act(row: &AuditRow) -> Named {
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

fn run(listed: Listed) -> Named {
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
        ("took", words::duration(row.took)),
        ("events", row.events.to_string()),
        ("workflow", row.workflow),
    ];
    (format!("{} {}", row.date, listed.kind), fields)
}

/// The plan as it is written in a wide window.
fn plan(model: &Model) -> Vec<Named> {
    const WIDE: usize = 160;
    let board = &model.board;
    let sheet = Sheet { width: WIDE, glyphs: model.settings.theme.glyphs };
    let written = board.made().map(|made| Written::on(&made.day, sheet));
    let text = |row: &Row<'_>| match (row, &written) {
        (Row::Told(_, text), _) => (*text).to_owned(),
        (Row::Item(item), Some(written)) => written.row(item).0.trim_end().to_owned(),
        (Row::Item(_), None) => String::new(),
    };
    let rows = board.rows();
    rows.iter().map(|row| (text(row).trim().to_owned(), vec![("line", text(row))])).collect()
}

pub(super) fn task(model: &Model, ix: TaskIx) -> Fields {
    let Some(run) = model.shown() else { return Vec::new() };
    let row = board::row(run, model.moment(), ix);
    let badges: Vec<_> = row.badges.iter().map(|badge| badge.word()).collect();
    vec![
        ("task", row.id.to_string()),
        ("state", row.state.word().to_owned()),
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

pub(super) fn event(model: &Model, recorded: &Recorded) -> Fields {
    let Some(run) = model.shown() else { return Vec::new() };
    let plan = run.plan();
    let line = events::line(recorded, plan);
    let name = |found: Option<String>| found.unwrap_or_default();
    vec![
        ("seq", line.seq.to_string()),
        ("at", moment(line.at)),
        ("kind", line.kind.to_owned()),
        ("severity", words::severity(line.severity).to_owned()),
        ("corr", line.corr.to_string()),
        ("task", name(line.task.map(|ix| plan.task(ix).id.to_string()))),
        ("stage", name(line.stage.map(|ix| plan.stage(ix).id.to_string()))),
        ("agent", name(line.agent.map(|ix| plan.agent(ix).id.to_string()))),
        ("what", line.what),
    ]
}

pub(super) fn log(line: &LogLine) -> Fields {
    vec![
        ("time", line.time.clone()),
        ("level", line.level.word().trim().to_owned()),
        ("target", line.target.clone()),
        ("text", line.text.clone()),
    ]
}
