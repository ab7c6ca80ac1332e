//! One task from all sides, as one text that scrolls.

use ratatui::text::Line;

use crate::{
    console::{helping, model::Model, theme::Theme, widget::wrap},
    plan::TaskIx,
    present::{
        approval,
        inspect::{self, Inspection, Link},
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
    for why in &task.why {
        let lines = wrap(&helping::line(model, run, why), width);
        let indent = |(i, line): (usize, String)| {
            Line::raw(format!("{}{line}", if i == 0 { "  " } else { "    " }))
        };
        out.extend(lines.into_iter().enumerate().map(indent));
    }
    for waived in &task.waived {
        out.push(Line::styled(format!("  {waived}"), theme.warn()));
    }
    attempts(&mut out, theme, &task);
    links(&mut out, theme, "needs", &task.needs);
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
    out
}

fn head(out: &mut Vec<Line<'static>>, theme: Theme, title: &'static str) {
    if !out.is_empty() {
        out.push(Line::raw(""));
    }
    out.push(Line::styled(title, theme.strong()));
}

fn attempts(out: &mut Vec<Line<'static>>, theme: Theme, task: &Inspection) {
    head(out, theme, "attempts");
    if task.attempts.is_empty() {
        out.push(Line::raw("  none yet"));
    }
    for attempt in &task.attempts {
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
