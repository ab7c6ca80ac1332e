//! One task from all sides, as one text that scrolls.

use ratatui::{style::Style, text::Line};

use crate::{
    console::{
        helping,
        log::{Level, LogLine},
        model::Model,
        theme::Theme,
        widget::wrap,
    },
    engine::{Corr, RunState},
    plan::TaskIx,
    present::{
        approval, doubt, events,
        inspect::{self, Inspection, Link},
        tabs::names,
        words,
    },
};

/// Orders shown of a checked plan; its output holds them all.
const ORDERS_MOST: usize = 100;

/// Everything known of a task, line by line.
pub(crate) fn lines(model: &Model, ix: TaskIx) -> Vec<Line<'static>> {
    let Some(run) = model.shown() else { return Vec::new() };
    let theme = model.settings.theme;
    let task = inspect::inspect(run, ix, model.moment());
    let mut out = Vec::new();
    head(&mut out, theme, "why");
    if task.why.is_empty() {
        out.push(Line::raw("  it runs; nothing keeps it"));
    }
    // Reasons name the key that helps at their end: they are broken, not cut.
    let width = model.size.0.saturating_sub(6);
    let why: Vec<_> = task.why.iter().map(|why| helping::line(model, run, why)).collect();
    out.extend(told(&why, width));
    for waived in &task.waived {
        out.push(Line::styled(format!("  {waived}"), theme.warn()));
    }
    let known = doubt(model, run, ix);
    if !known.is_empty() {
        head(&mut out, theme, "in doubt");
        out.extend(told(&known, width));
    }
    attempts(&mut out, theme, &task);
    links(&mut out, theme, "needs", &task.needs);
    inputs(&mut out, (theme, run), &task.needs);
    links(&mut out, theme, "is needed by", &task.feeds);
    head(&mut out, theme, "facts");
    let wide = task.facts.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    for (label, value) in &task.facts {
        out.push(Line::raw(format!("  {label:wide$}  {value}")));
    }
    let card = run.task(ix).outcome.as_ref().and_then(|o| approval::card(&o.output, ORDERS_MOST));
    for (title, lines) in [
        ("orders", &card.unwrap_or_default()),
        ("output", &task.output),
        ("parameters", &task.parameters),
        ("where this comes from", &task.origins),
    ] {
        if !lines.is_empty() {
            head(&mut out, theme, title);
            out.extend(lines.iter().map(|line| Line::raw(format!("  {line}"))));
        }
    }
    if let Some(lines) = logged(model, run, ix) {
        head(&mut out, theme, "log");
        out.extend(lines);
    }
    happened(&mut out, model, ix);
    out
}

/// Rows of a window in which a dialog has room for all that is known of an effect in doubt.
const ROOMY: u16 = 34;

/// What a dialog shows of an effect in doubt: all of it, or how it stands now.
pub(crate) fn doubt_card(model: &Model, run: &RunState, ix: TaskIx) -> Vec<String> {
    let mut lines = doubt(model, run, ix);
    if model.size.1 < ROOMY {
        lines.drain(..lines.len().saturating_sub(1));
    }
    lines
}

/// What is known of an effect in doubt; nothing for a task that is not.
fn doubt(model: &Model, run: &RunState, ix: TaskIx) -> Vec<String> {
    let events = model.stored().all().map(AsRef::as_ref);
    doubt::lines(run, ix, events, model.moment())
}

/// Lines broken to a width, what follows the first part further in.
fn told(lines: &[String], width: u16) -> impl Iterator<Item = Line<'static>> {
    lines.iter().flat_map(move |line| {
        let indent = |(i, part): (usize, String)| {
            Line::raw(format!("{}{part}", if i == 0 { "  " } else { "    " }))
        };
        wrap(line, width).into_iter().enumerate().map(indent)
    })
}

/// What the tasks it needs have given it, in a line each.
fn inputs(out: &mut Vec<Line<'static>>, (theme, run): (Theme, &RunState), needs: &[Link]) {
    let given = needs.iter().filter_map(|link| {
        let outcome = run.task(link.ix).outcome.as_ref()?;
        let summary = words::safe(&outcome.summary);
        (!summary.is_empty()).then(|| Line::raw(format!("  {}: {summary}", link.id)))
    });
    let given: Vec<_> = given.collect();
    if !given.is_empty() {
        head(out, theme, "inputs");
        out.extend(given);
    }
}

/// Lines of the program's log and events shown of a task.
const NEWEST: usize = 20;

/// The newest lines of the program's log that name the task or what belongs to it.
fn logged(model: &Model, run: &RunState, ix: TaskIx) -> Option<Vec<Line<'static>>> {
    let theme = model.settings.theme;
    let id = &run.plan().task(ix).id;
    let corr = Corr::task(ix, run.task(ix).generation).to_string();
    let about = |line: &&LogLine| names(&line.text, id) || line.text.contains(&corr);
    let mut lines: Vec<_> = model.log.iter().rev().filter(about).take(NEWEST).collect();
    lines.reverse();
    let told = |line: &&LogLine| {
        let style = match line.level {
            Level::Error => theme.danger(),
            Level::Warn => theme.warn(),
            Level::Info | Level::Debug => Style::new(),
        };
        Line::styled(format!("  {} {} {}", line.time, line.level.word(), line.text), style)
    };
    (!lines.is_empty()).then(|| lines.iter().map(told).collect())
}

/// The newest events about the task.
fn happened(out: &mut Vec<Line<'static>>, model: &Model, ix: TaskIx) {
    let theme = model.settings.theme;
    let Some(run) = model.shown() else { return };
    let own = model.stored().all().rev().filter(|event| event.event.task() == Some(ix));
    let mut lines: Vec<_> = own
        .take(NEWEST)
        .map(|event| {
            let line = events::line(event, run.plan());
            let mark = line.mark.glyph(theme.glyphs);
            let text = format!("  {} {mark} {}  {}", line.time, line.what, line.corr);
            Line::styled(text, theme.severity(line.severity))
        })
        .collect();
    if !lines.is_empty() {
        lines.reverse();
        head(out, theme, "events");
        out.append(&mut lines);
    }
}

/// A heading, a blank line before it.
pub(super) fn head(out: &mut Vec<Line<'static>>, theme: Theme, title: &'static str) {
    if !out.is_empty() {
        out.push(Line::raw(""));
    }
    out.push(Line::styled(title, theme.strong()));
}

fn attempts(out: &mut Vec<Line<'static>>, theme: Theme, task: &Inspection) {
    head(out, theme, "attempts, newest first");
    if task.attempts.is_empty() {
        out.push(Line::raw("  none yet"));
    }
    for attempt in task.attempts.iter().rev() {
        let mark = words::glyph(attempt.state, theme.glyphs);
        let text = format!(
            "  {mark} {:>5}  {}  {:>8}  {:<10} {}",
            attempt.number, attempt.started, attempt.took, attempt.state, attempt.said
        );
        out.push(Line::styled(text, theme.state(attempt.state)));
    }
}

fn links(out: &mut Vec<Line<'static>>, theme: Theme, title: &'static str, links: &[Link]) {
    if links.is_empty() {
        return;
    }
    head(out, theme, title);
    for link in links {
        let mark = words::glyph(link.state, theme.glyphs);
        let text = format!("  {mark} {}  {}  {}", link.id, link.state, link.note);
        out.push(Line::styled(text, theme.state(link.state)));
    }
}
