//! The timeline: a row for each stage, the hours above, the gaps as gaps, and now as a line.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::view::pane;
use crate::{
    layout::LayoutDensity,
    model::Model,
    theme::Theme,
    widget::{display_width, fit},
};
use engine::{RunState, StageStatus, TaskState};
use planning::{plan::StageIx, time};
use view::{
    day::{self, StageRow},
    format,
    graph::critical_path_of_run,
    timeline::{Timeline, TimelineCell},
};

/// Columns for the names of tasks on the timeline, a blank before them included.
const TASK_NAME: u16 = 22;

/// Draws the timeline with its border. Where there are more rows than stages, the tasks of the
/// open stages follow their stage.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = model.displayed_run() else {
        pane::draw_pane(model, frame, (area, LayoutDensity::Normal), ("day", ""), None);
        return;
    };
    let over = TaskState::ALL.into_iter().filter(|state| day::is_over(*state));
    let (done, all): (u32, _) =
        (over.map(|state| run.count_in_state(state)).sum(), run.tasks().len());
    let legend =
        [TimelineCell::Ran, TimelineCell::Retried, TimelineCell::Queued, TimelineCell::Planned]
            .map(|cell| {
                let word = match cell {
                    TimelineCell::Ran => "ran",
                    TimelineCell::Retried => "retried",
                    TimelineCell::Queued => "queued",
                    TimelineCell::Planned | TimelineCell::Empty | TimelineCell::Gap => "planned",
                };
                format!("{} {word}", cell.glyph(theme.glyphs))
            });
    let zoom = model.sights.window.label();
    let left_out = if zoom.is_empty() { String::new() } else { format!("{zoom}  ") };
    let note = format!("{left_out}{}  {done} of {all} ended", legend.join("  "));
    let note =
        format!("{}{note}", path(model, run, area.width.saturating_sub(display_width(&note) + 8)));
    let inner = pane::draw_pane(model, frame, (area, LayoutDensity::Normal), ("day", &note), None);
    let stages = day::stages(run, model.displayed_moment());
    let ids = stages.iter().map(|stage| display_width(stage.id.as_str()));
    let stage_name = ids.max().unwrap_or(0).clamp(8, 16);
    let spare = usize::from(inner.height).saturating_sub(stages.len() + 1);
    // Tasks below their stage want more room for their names.
    let name = if spare > 0 { stage_name.max(TASK_NAME) } else { stage_name };
    let tail = if inner.width >= 110 { 34 } else { 20 };
    let Some(width) = inner.width.checked_sub(name + tail + 3).filter(|width| *width >= 10) else {
        pane::draw_lines(
            frame,
            inner,
            stages.iter().map(|stage| Line::raw(stage_summary(theme, stage))),
        );
        return;
    };
    let axis = model.sights.window.axis(run, model.displayed_moment(), width);
    let now = axis.column(model.displayed_moment());
    let mut out = vec![hours(&axis, name, now, theme)];
    let mut left = spare;
    for stage in &stages {
        let cells = axis.stage(run, stage.ix, model.displayed_moment());
        let head = fit(stage.id.as_str(), name, theme.glyph("…", "~"));
        let mut spans = vec![Span::styled(head, stage_style(theme, stage)), Span::raw(" ")];
        spans.extend(row(theme, &cells, now));
        let told = format!(" {}", stage_summary(theme, stage));
        let told = fit(&told, tail + 1, theme.glyph("…", "~"));
        spans.push(Span::styled(told, stage_style(theme, stage)));
        out.push(Line::from(spans));
        if stage.status == StageStatus::Open {
            let tasks = tasks(run, model, (&axis, name), (stage.ix, left));
            left -= tasks.len();
            out.extend(tasks);
        }
    }
    pane::draw_lines(frame, inner, out);
}

/// The chain that decides when the open stage ends, and its slack, where there is room for it.
fn path(model: &Model, run: &RunState, room: u16) -> String {
    // Looking for it costs more than a frame on a day of many tasks.
    if run.plan().tasks.len() > Model::SORT_AT_ONCE {
        return String::new();
    }
    let Some(chain) = critical_path_of_run(run, model.displayed_moment()) else {
        return String::new();
    };
    let theme = model.settings.theme;
    let ids = chain.tasks.iter().map(|&ix| run.plan().task(ix).id.as_str());
    let ids: Vec<_> = ids.collect();
    let (slack, late) = (chain.slack, chain.slack < chrono::TimeDelta::zero());
    let span =
        time::Span::between(&(model.displayed_moment() - slack.abs()), &model.displayed_moment());
    let slack =
        format!("{} {}", if late { "late by" } else { "slack" }, format::format_duration(span));
    let told = format!("critical path: {}  {slack}   ", ids.join(theme.glyph(" ▸ ", " > ")));
    if display_width(&told) <= room { told } else { String::new() }
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
    let mark = theme.glyph("▾", "v");
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
    Line::styled(pad + &text, theme.muted())
}

/// Cells of equal kind together, the now line through them.
fn row(theme: Theme, cells: &[TimelineCell], now: Option<u16>) -> Vec<Span<'static>> {
    let mut spans: Vec<Span<'static>> = Vec::new();
    let mut last = None;
    for (column, cell) in cells.iter().enumerate() {
        if now.is_some_and(|now| usize::from(now) == column) {
            spans.push(Span::styled(theme.glyph("┃", "|"), theme.emphasis()));
            last = None;
            continue;
        }
        let glyph = if *cell == TimelineCell::Gap {
            theme.glyph("╌", "-")
        } else {
            cell.glyph(theme.glyphs)
        };
        match spans.last_mut() {
            Some(span) if last == Some(*cell) => span.content.to_mut().push_str(glyph),
            _other => spans.push(Span::styled(glyph, cell_style(theme, *cell))),
        }
        last = Some(*cell);
    }
    spans
}

fn cell_style(theme: Theme, cell: TimelineCell) -> Style {
    match cell {
        TimelineCell::Empty | TimelineCell::Ran => Style::new(),
        TimelineCell::Gap | TimelineCell::Planned => theme.muted(),
        TimelineCell::Queued => theme.task_state(TaskState::Queued),
        TimelineCell::Retried => theme.task_state(TaskState::Retrying),
    }
}

/// Returns what a stage's row says behind its cells: mark, count, slip and what keeps it.
fn stage_summary(theme: Theme, stage: &StageRow) -> String {
    let mark = match stage.status {
        StageStatus::Waiting => format::state_glyph(TaskState::Pending, theme.glyphs),
        StageStatus::Open => format::state_glyph(TaskState::Running, theme.glyphs),
        StageStatus::Completed => format::state_glyph(TaskState::Completed, theme.glyphs),
        StageStatus::CompletedWithIssues => "!",
        StageStatus::Failed => format::state_glyph(TaskState::Failed, theme.glyphs),
        StageStatus::Missed => format::state_glyph(TaskState::Missed, theme.glyphs),
        StageStatus::Cancelled => format::state_glyph(TaskState::Cancelled, theme.glyphs),
    };
    // Of a stage that is over, when; of another, how late it is.
    let when = match stage.ended {
        Some(ended) => format!("at {}", format::local_time(ended).format("%H:%M")),
        None if stage.slip == "-" => String::new(),
        None => stage.slip.clone(),
    };
    let note = stage.note.as_deref().unwrap_or("");
    let said: Vec<_> = [when.as_str(), note].into_iter().filter(|s| !s.is_empty()).collect();
    format!("{mark} {:>2}/{:<2} {}", stage.done, stage.all, said.join(" "))
}

fn stage_style(theme: Theme, stage: &StageRow) -> Style {
    match stage.status {
        StageStatus::Waiting => theme.task_state(TaskState::Pending),
        StageStatus::Open if stage.bad > 0 => theme.danger(),
        StageStatus::Open => theme.emphasis(),
        StageStatus::Completed => theme.task_state(TaskState::Completed),
        StageStatus::CompletedWithIssues => theme.warning(),
        StageStatus::Failed => theme.danger(),
        StageStatus::Missed | StageStatus::Cancelled => theme.task_state(TaskState::Missed),
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
    let now = axis.column(model.displayed_moment());
    shown
        .take(most)
        .map(|ix| {
            let state = run.task(ix).state;
            let id = format!(" {}", run.plan().task(ix).id);
            let head = fit(&id, name, theme.glyph("…", "~"));
            let mut spans = vec![Span::styled(head, theme.muted()), Span::raw(" ")];
            spans.extend(row(theme, &axis.task(run, ix, model.displayed_moment()), now));
            let mark = format::state_glyph(state, theme.glyphs);
            let told = format!(" {mark} {}", format::state_text(state));
            spans.push(Span::styled(told, theme.task_state(state)));
            Line::from(spans)
        })
        .collect()
}
