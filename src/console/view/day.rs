//! The timeline: a row for each stage, the hours above, the gaps as gaps, and now as a line.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::pane;
use crate::{
    console::{
        layout::Density,
        model::Model,
        theme::Theme,
        widget::{columns, fit},
    },
    engine::{RunState, StageStatus, TaskState},
    plan::StageIx,
    present::{
        day::{self, StageRow},
        graph::deciding,
        timeline::{Cell, Timeline},
        words,
    },
    time,
};

/// Columns for the names of tasks on the timeline, a blank before them included.
const TASK_NAME: u16 = 22;

/// Draws the timeline with its border. Where there are more rows than stages, the tasks of the
/// open stages follow their stage.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = model.shown() else {
        pane::pane(model, frame, (area, Density::Usual), ("day", ""), None);
        return;
    };
    let over = TaskState::ALL.into_iter().filter(|state| day::over(*state));
    let (done, all): (u32, _) = (over.map(|state| run.count(state)).sum(), run.tasks().len());
    let legend = [Cell::Ran, Cell::Retried, Cell::Queued, Cell::Planned].map(|cell| {
        let word = match cell {
            Cell::Ran => "ran",
            Cell::Retried => "retried",
            Cell::Queued => "queued",
            Cell::Planned | Cell::Empty | Cell::Gap => "planned",
        };
        format!("{} {word}", cell.glyph(theme.glyphs))
    });
    let zoom = model.sights.window.word();
    let left_out = if zoom.is_empty() { String::new() } else { format!("{zoom}  ") };
    let note = format!("{left_out}{}  {done}/{all} done", legend.join("  "));
    let note = format!("{}{note}", path(model, run, area.width.saturating_sub(columns(&note) + 8)));
    let inner = pane::pane(model, frame, (area, Density::Usual), ("day", &note), None);
    let stages = day::stages(run, model.moment());
    let ids = stages.iter().map(|stage| columns(stage.id.as_str()));
    let stage_name = ids.max().unwrap_or(0).clamp(8, 16);
    let spare = usize::from(inner.height).saturating_sub(stages.len() + 1);
    // Tasks below their stage want more room for their names.
    let name = if spare > 0 { stage_name.max(TASK_NAME) } else { stage_name };
    let tail = if inner.width >= 110 { 34 } else { 20 };
    let Some(width) = inner.width.checked_sub(name + tail + 3).filter(|width| *width >= 10) else {
        pane::lines(frame, inner, stages.iter().map(|stage| Line::raw(told(theme, stage))));
        return;
    };
    let axis = model.sights.window.axis(run, model.moment(), width);
    let now = axis.column(model.moment());
    let mut out = vec![hours(&axis, name, now, theme)];
    let mut left = spare;
    for stage in &stages {
        let cells = axis.stage(run, stage.ix, model.moment());
        let head = fit(stage.id.as_str(), name, theme.pick("…", "~"));
        let mut spans = vec![Span::styled(head, stage_style(theme, stage)), Span::raw(" ")];
        spans.extend(row(theme, &cells, now));
        let told = format!(" {}", told(theme, stage));
        let told = fit(&told, tail + 1, theme.pick("…", "~"));
        spans.push(Span::styled(told, stage_style(theme, stage)));
        out.push(Line::from(spans));
        if stage.status == StageStatus::Open {
            let tasks = tasks(run, model, (&axis, name), (stage.ix, left));
            left -= tasks.len();
            out.extend(tasks);
        }
    }
    pane::lines(frame, inner, out);
}

/// The chain that decides when the open stage ends, and its slack, where there is room for it.
fn path(model: &Model, run: &RunState, room: u16) -> String {
    // Looking for it costs more than a frame on a day of many tasks.
    if run.plan().tasks.len() > Model::SORT_AT_ONCE {
        return String::new();
    }
    let Some(chain) = deciding(run, model.moment()) else { return String::new() };
    let theme = model.settings.theme;
    let ids = chain.tasks.iter().map(|&ix| run.plan().task(ix).id.as_str());
    let ids: Vec<_> = ids.collect();
    let (slack, late) = (chain.slack, chain.slack < chrono::TimeDelta::zero());
    let span = time::Span::between(&(model.moment() - slack.abs()), &model.moment());
    let slack = format!("{} {}", if late { "late by" } else { "slack" }, words::duration(span));
    let told = format!("critical path: {}  {slack}   ", ids.join(theme.pick(" ▸ ", " > ")));
    if columns(&told) <= room { told } else { String::new() }
}

/// The labels of the hours, and the top of the now line.
fn hours(axis: &Timeline, name: u16, now: Option<u16>, theme: Theme) -> Line<'static> {
    let mut text = String::new();
    for (column, label) in axis.hours() {
        let gap = usize::from(column).saturating_sub(text.chars().count());
        text.push_str(&" ".repeat(gap));
        text.push_str(&label);
    }
    let pad = " ".repeat(usize::from(name) + 1);
    let mark = theme.pick("▾", "v");
    let text: String = match now {
        Some(now) => {
            let wide = format!("{text:<0$}", usize::from(now) + 1);
            let at = usize::from(now);
            // An hour stays readable; the line below it says the same.
            let free = wide.chars().nth(at) == Some(' ');
            let mark = if free { mark } else { "" };
            let skip = at + usize::from(free);
            wide.chars().take(at).chain(mark.chars()).chain(wide.chars().skip(skip)).collect()
        }
        None => text,
    };
    Line::styled(pad + &text, theme.quiet())
}

/// Cells of equal kind together, the now line through them.
fn row(theme: Theme, cells: &[Cell], now: Option<u16>) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut last = None;
    for (column, cell) in cells.iter().enumerate() {
        if now.is_some_and(|now| usize::from(now) == column) {
            spans.push(Span::styled(theme.pick("┃", "|"), theme.strong()));
            last = None;
            continue;
        }
        let glyph =
            if *cell == Cell::Gap { theme.pick("╌", "-") } else { cell.glyph(theme.glyphs) };
        match spans.last_mut() {
            Some(span) if last == Some(*cell) => span.content.to_mut().push_str(glyph),
            _other => spans.push(Span::styled(glyph, cell_style(theme, *cell))),
        }
        last = Some(*cell);
    }
    spans
}

fn cell_style(theme: Theme, cell: Cell) -> Style {
    match cell {
        Cell::Empty | Cell::Ran => Style::new(),
        Cell::Gap | Cell::Planned => theme.quiet(),
        Cell::Queued => theme.state(TaskState::Queued),
        Cell::Retried => theme.state(TaskState::Retrying),
    }
}

/// What a stage's row says behind its cells: mark, count, slip and what keeps it.
fn told(theme: Theme, stage: &StageRow) -> String {
    let mark = match stage.status {
        StageStatus::Waiting => words::glyph(TaskState::Pending, theme.glyphs),
        StageStatus::Open => words::glyph(TaskState::Running, theme.glyphs),
        StageStatus::Completed => words::glyph(TaskState::Completed, theme.glyphs),
        StageStatus::CompletedWithIssues => "!",
        StageStatus::Failed => words::glyph(TaskState::Failed, theme.glyphs),
        StageStatus::Missed => words::glyph(TaskState::Missed, theme.glyphs),
        StageStatus::Cancelled => words::glyph(TaskState::Cancelled, theme.glyphs),
    };
    // Of a stage that is over, when; of another, how late it is.
    let when = match stage.ended {
        Some(ended) => format!("at {}", words::local(ended).format("%H:%M")),
        None if stage.slip == "-" => String::new(),
        None => stage.slip.clone(),
    };
    let note = stage.note.as_deref().unwrap_or("");
    let said: Vec<_> = [when.as_str(), note].into_iter().filter(|s| !s.is_empty()).collect();
    format!("{mark} {:>2}/{:<2} {}", stage.done, stage.all, said.join(" "))
}

fn stage_style(theme: Theme, stage: &StageRow) -> Style {
    match stage.status {
        StageStatus::Waiting => theme.state(TaskState::Pending),
        StageStatus::Open if stage.bad > 0 => theme.danger(),
        StageStatus::Open => theme.strong(),
        StageStatus::Completed => theme.state(TaskState::Completed),
        StageStatus::CompletedWithIssues => theme.warn(),
        StageStatus::Failed => theme.danger(),
        StageStatus::Missed | StageStatus::Cancelled => theme.state(TaskState::Missed),
    }
}

/// The tasks of a stage, at most `most`, those that are at work or have ended badly first.
fn tasks(
    run: &RunState,
    model: &Model,
    (axis, name): (&Timeline, u16),
    (stage, most): (StageIx, usize),
) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    // Near the top of the list: a stage without tasks there is not searched for to its end.
    let near = model.tasks.order.iter().take(Model::SORT_AT_ONCE).copied();
    let shown = near.filter(|&ix| run.plan().task(ix).stage == stage);
    let now = axis.column(model.moment());
    shown
        .take(most)
        .map(|ix| {
            let state = run.task(ix).state;
            let id = format!(" {}", run.plan().task(ix).id);
            let head = fit(&id, name, theme.pick("…", "~"));
            let mut spans = vec![Span::styled(head, theme.quiet()), Span::raw(" ")];
            spans.extend(row(theme, &axis.task(run, ix, model.moment()), now));
            let mark = words::glyph(state, theme.glyphs);
            let told = format!(" {mark} {}", words::lower(state));
            spans.push(Span::styled(told, theme.state(state)));
            Line::from(spans)
        })
        .collect()
}
