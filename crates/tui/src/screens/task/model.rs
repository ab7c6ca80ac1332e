//! One task from all sides, as one text that scrolls.

use ratatui::{style::Style, text::Line};

use crate::{
    fix_hint,
    log_line::{LogLine, LogLineLevel},
    model::Model,
    theme::Theme,
    widget::wrap,
};
use engine::{CorrelationId, RunState};
use planning::plan::TaskIx;
use view::{
    approval_card, event_line, format, in_doubt,
    inspect::{self, DependencyLink, Inspection},
    orders,
    tabs::mentions_task,
};

/// Orders shown of a checked plan; its output holds them all.
const ORDERS_MOST: usize = 100;

/// Returns the details of a task, line by line.
pub(crate) fn detail_lines(model: &Model, ix: TaskIx) -> Vec<Line<'static>> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let theme = model.settings.theme;
    let task = inspect::inspect_task(run, ix, model.displayed_moment());
    let mut out = Vec::new();
    push_heading(&mut out, theme, "why");
    if task.why.is_empty() {
        out.push(Line::raw("  running"));
    }
    // Reasons name the key that helps at their end: they are broken, not cut.
    let width = model.size.0.saturating_sub(6);
    let why: Vec<_> = task.why.iter().map(|why| fix_hint::reason_line(model, run, why)).collect();
    out.extend(wrapped_lines(&why, width));
    for waived in &task.waived {
        out.push(Line::styled(format!("  {waived}"), theme.warning()));
    }
    let known = doubt(model, run, ix);
    if !known.is_empty() {
        push_heading(&mut out, theme, "in doubt");
        out.extend(wrapped_lines(&known, width));
    }
    let sent = orders::task_orders(run, &model.orders, (ix, model.now));
    if !sent.is_empty() {
        let title = orders::progress_text(run, &model.orders, ix).unwrap_or_default();
        push_heading(&mut out, theme, "orders at the broker");
        out.push(Line::raw(format!("  {title}")));
        out.extend(crate::screens::orders::view::lines(theme, &sent));
    }
    attempts(&mut out, theme, &task);
    let said = attempt_log(model, run, ix);
    push_log_end(&mut out, theme, said);
    links(&mut out, theme, "needs", &task.needs);
    inputs(&mut out, (theme, run), &task.needs);
    links(&mut out, theme, "is needed by", &task.feeds);
    push_heading(&mut out, theme, "facts");
    let wide = task.facts.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    for (label, value) in &task.facts {
        out.push(Line::raw(format!("  {label:wide$}  {value}")));
    }
    let card =
        run.task(ix).outcome.as_ref().and_then(|o| approval_card::approval_card(o, ORDERS_MOST));
    for (title, lines) in [
        ("trade plan", &card.unwrap_or_default()),
        ("output", &task.output),
        ("parameters", &task.parameters),
        ("origins", &task.origins),
    ] {
        if !lines.is_empty() {
            push_heading(&mut out, theme, title);
            out.extend(lines.iter().map(|line| Line::raw(format!("  {line}"))));
        }
    }
    if said.len() > LOG_END {
        push_heading(&mut out, theme, "log of the last attempt");
        out.extend(said.iter().map(|line| Line::raw(format!("  {line}"))));
    }
    if let Some(lines) = log_lines(model, run, ix) {
        push_heading(&mut out, theme, "log");
        out.extend(lines);
    }
    push_events(&mut out, model, ix);
    out
}

/// Rows of a window in which a dialog has room for all that is known of an effect in doubt.
const ROOMY: u16 = 34;

/// Returns what a dialog shows of an effect in doubt: all of it, or how it stands now.
pub(crate) fn in_doubt_lines(model: &Model, run: &RunState, ix: TaskIx) -> Vec<String> {
    let mut lines = doubt(model, run, ix);
    if model.size.1 < ROOMY {
        lines.drain(..lines.len().saturating_sub(1));
    }
    lines
}

/// Returns what is known of an effect in doubt; nothing for a task that is not.
fn doubt(model: &Model, run: &RunState, ix: TaskIx) -> Vec<String> {
    let events = model.displayed_events().all().map(AsRef::as_ref);
    in_doubt::in_doubt_lines(run, ix, events, model.displayed_moment())
}

/// Lines broken to a width, what follows the first part further in.
fn wrapped_lines(lines: &[String], width: u16) -> impl Iterator<Item = Line<'static>> {
    lines.iter().flat_map(move |line| {
        let indent = |(i, part): (usize, String)| {
            Line::raw(format!("{}{part}", if i == 0 { "  " } else { "    " }))
        };
        wrap(line, width).into_iter().enumerate().map(indent)
    })
}

/// Appends the results of the task's dependencies, one line each.
fn inputs(
    out: &mut Vec<Line<'static>>,
    (theme, run): (Theme, &RunState),
    needs: &[DependencyLink],
) {
    let given = needs.iter().filter_map(|link| {
        let outcome = run.task(link.ix).outcome.as_ref()?;
        let summary = format::sanitize(&outcome.summary);
        (!summary.is_empty()).then(|| Line::raw(format!("  {}: {summary}", link.id)))
    });
    let given: Vec<_> = given.collect();
    if !given.is_empty() {
        push_heading(out, theme, "inputs");
        out.extend(given);
    }
}

/// Lines of an attempt's log shown near the top; a longer one is shown as a whole below.
const LOG_END: usize = 8;

/// Returns the log of the last attempt of a task, if it was read.
fn attempt_log<'a>(model: &'a Model, run: &RunState, ix: TaskIx) -> &'a [String] {
    let of = model.attempt_log.as_ref();
    let of = of.filter(|log| log.task == ix && log.attempt == run.task(ix).attempt);
    of.map_or(&[], |log| &log.lines)
}

/// Appends the newest lines of an attempt's log.
fn push_log_end(out: &mut Vec<Line<'static>>, theme: Theme, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    push_heading(out, theme, "newest lines of its log");
    let from = lines.len().saturating_sub(LOG_END);
    out.extend(lines.iter().skip(from).map(|line| Line::raw(format!("  {line}"))));
}

/// Lines of the program's log and events shown of a task.
const NEWEST: usize = 20;

/// The newest lines of the program's log that name the task or what belongs to it.
fn log_lines(model: &Model, run: &RunState, ix: TaskIx) -> Option<Vec<Line<'static>>> {
    let theme = model.settings.theme;
    let id = &run.plan().task(ix).id;
    let corr = CorrelationId::task(ix, run.task(ix).generation).to_string();
    let about = |line: &&LogLine| mentions_task(&line.text, id) || line.text.contains(&corr);
    let mut lines: Vec<_> = model.log.iter().rev().filter(about).take(NEWEST).collect();
    lines.reverse();
    let told = |line: &&LogLine| {
        let style = match line.level {
            LogLineLevel::Error => theme.danger(),
            LogLineLevel::Warn => theme.warning(),
            LogLineLevel::Info | LogLineLevel::Debug => Style::new(),
        };
        Line::styled(format!("  {} {} {}", line.time, line.level.as_str(), line.text), style)
    };
    (!lines.is_empty()).then(|| lines.iter().map(told).collect())
}

/// The newest events about the task.
fn push_events(out: &mut Vec<Line<'static>>, model: &Model, ix: TaskIx) {
    let theme = model.settings.theme;
    let Some(run) = model.displayed_run() else { return };
    let own = model.displayed_events().all().rev().filter(|event| event.event.task() == Some(ix));
    let mut lines: Vec<_> = own
        .take(NEWEST)
        .map(|event| {
            let line = event_line::event_line(event, run.plan());
            let mark = line.mark.glyph(theme.glyphs);
            let text = format!("  {} {mark} {}  {}", line.time, line.what, line.corr);
            Line::styled(text, theme.severity(line.severity))
        })
        .collect();
    if !lines.is_empty() {
        lines.reverse();
        push_heading(out, theme, "events");
        out.append(&mut lines);
    }
}

/// A heading, a blank line before it.
pub(crate) fn push_heading(out: &mut Vec<Line<'static>>, theme: Theme, title: &'static str) {
    if !out.is_empty() {
        out.push(Line::raw(""));
    }
    out.push(Line::styled(title, theme.emphasis()));
}

fn attempts(out: &mut Vec<Line<'static>>, theme: Theme, task: &Inspection) {
    push_heading(out, theme, "attempts, newest first");
    if task.attempts.is_empty() {
        out.push(Line::raw("  none yet"));
    }
    for attempt in task.attempts.iter().rev() {
        let mark = format::state_glyph(attempt.state, theme.glyphs);
        let text = format!(
            "  {mark} {:>5}  {}  {:>8}  {:<10} {}",
            attempt.number, attempt.started, attempt.took, attempt.state, attempt.said
        );
        out.push(Line::styled(text, theme.task_state(attempt.state)));
    }
}

fn links(
    out: &mut Vec<Line<'static>>,
    theme: Theme,
    title: &'static str,
    links: &[DependencyLink],
) {
    if links.is_empty() {
        return;
    }
    push_heading(out, theme, title);
    for link in links {
        let mark = format::state_glyph(link.state, theme.glyphs);
        let text = format!("  {mark} {}  {}  {}", link.id, link.state, link.note);
        out.push(Line::styled(text, theme.task_state(link.state)));
    }
}
