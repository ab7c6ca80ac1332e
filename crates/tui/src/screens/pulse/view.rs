//! The pulse of the day: as a pane beside the timeline, and in large words for a wall.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use crate::view::{header::pause_label, pane};
use crate::{
    layout::LayoutDensity,
    model::Model,
    theme::Theme,
    widget::{HEIGHT, big_text, display_width, fit},
};
use engine::RunState;
use view::{
    day, format,
    pulse::{Gauge, MINUTES},
    watchlist::{progress_bar, sparkline, watchlist},
};

/// Columns of the labels of gauges, and of the values behind their bars.
const LABEL: u16 = 17;
const VALUE: u16 = 22;

/// Draws the pane of the day.
pub(crate) fn draw_pane(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let inner = pane::draw_pane(
        model,
        frame,
        (area, LayoutDensity::Full),
        ("pulse", "a column a minute"),
        None,
    );
    let lines = lines(model, inner.width);
    pane::draw_lines(frame, inner, lines);
}

/// Draws all of a screen: the one word that matters, the clock and the stage, the gauges below.
/// Nothing moves but figures, so there is nothing to reduce for readers who want no motion.
pub(crate) fn draw_screen(
    model: &Model,
    frame: &mut Frame<'_>,
    (area, density): (Rect, LayoutDensity),
) {
    let theme = model.settings.theme;
    let inner =
        pane::draw_pane(model, frame, (area, density), ("pulse", "a column a minute"), None);
    let Some(run) = model.displayed_run() else {
        pane::draw_lines(frame, inner, [Line::raw(" waiting for the run")]);
        return;
    };
    let below = lines(model, inner.width);
    let rows = u16::try_from(below.len()).unwrap_or(u16::MAX);
    let (word, style) = headline_word(model, run);
    let clock = format::local_time(model.displayed_moment()).format("%H:%M").to_string();
    let header = day::run_header(run, model.displayed_moment());
    let stage = header.stages.first().map_or_else(String::new, |id| id.as_str().replace('_', " "));
    let mut left = inner.height.saturating_sub(rows.min(inner.height / 2));
    let mut out = Vec::new();
    // What matters most is drawn large first; what finds no room so is one line.
    for (text, style) in [(word, style), (clock, theme.emphasis()), (stage, Style::new())] {
        if text.is_empty() {
            continue;
        }
        let letters = big_text(&text, inner.width.saturating_sub(2), theme.glyph("█", "#"));
        match letters.filter(|_| left > HEIGHT) {
            Some(letters) => {
                out.extend(letters.into_iter().map(|row| centred(&row, inner.width, style)));
                out.push(Line::raw(""));
                left -= HEIGHT + 1;
            }
            None if left > 0 => {
                out.push(centred(&text, inner.width, style.patch(theme.emphasis())));
                left -= 1;
            }
            None => {}
        }
    }
    out.extend(below);
    pane::draw_lines(frame, inner, out);
}

fn centred(text: &str, width: u16, style: Style) -> Line<'static> {
    let pad = width.saturating_sub(display_width(text)) / 2;
    Line::styled(format!("{}{text}", " ".repeat(usize::from(pad))), style)
}

/// The one word that says how the day is.
fn headline_word(model: &Model, run: &RunState) -> (String, Style) {
    let theme = model.settings.theme;
    let header = day::run_header(run, model.displayed_moment());
    let (gate, style) = pause_label(theme, header.paused);
    if !gate.trim().is_empty() {
        // Reversed letters would be holes in a block.
        return (
            gate.trim().to_owned(),
            Style { add_modifier: theme.emphasis().add_modifier, ..style },
        );
    }
    match header.needs_person {
        0 if run.has_ended() => (header.status.replace('_', " "), theme.emphasis()),
        0 if header.agents_healthy < header.agents => ("WATCH".into(), theme.warning()),
        0 => ("ALL WELL".into(), theme.emphasis()),
        n => (format!("{n} NEED{} YOU", if n == 1 { "S" } else { "" }), theme.danger()),
    }
}

/// The gauges and what to watch, line by line.
fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let theme = model.settings.theme;
    let gauges = model.displayed_activity().gauges(run, model.displayed_moment());
    let mut out: Vec<_> = gauges.iter().map(|gauge| line(theme, gauge, width)).collect();
    let header = day::run_header(run, model.displayed_moment());
    let agents = format!(" agents {}/{} healthy", header.agents_healthy, header.agents);
    let ill = header.agents_healthy < header.agents;
    let done = format!("{agents}   {}/{} done", header.done, header.all);
    out.push(Line::styled(done, if ill { theme.warning() } else { Style::new() }));
    let watched = watchlist(run, model.displayed_moment());
    if !watched.is_empty() {
        out.push(Line::raw(""));
        out.push(Line::styled(format!(" to watch ({})", watched.len()), theme.emphasis()));
        let line = |text: &String| {
            let text = fit(&format!(" ! {text}"), width, theme.glyph("…", "~"));
            Line::styled(text, theme.warning())
        };
        out.extend(watched.iter().map(line));
    }
    out
}

/// One gauge: its label, its last minutes or how full it is, its value.
fn line(theme: Theme, gauge: &Gauge, width: u16) -> Line<'static> {
    let minutes = u16::try_from(MINUTES).unwrap_or(u16::MAX);
    let room = width.saturating_sub(LABEL + VALUE + 3).min(minutes);
    // The newest minutes, where there is no room for all.
    let old = gauge.series.len().saturating_sub(usize::from(room));
    let newest = gauge.series.get(old..).unwrap_or_default();
    let bars = || progress_bar(gauge.fraction.unwrap_or(0.0), room, theme.glyphs);
    let graph = if gauge.series.is_empty() { bars() } else { sparkline(newest, theme.glyphs) };
    let some = gauge.series.iter().any(|count| *count > 0);
    let style = match gauge.label {
        "failures" if some => theme.danger(),
        "retries" if some => theme.warning(),
        _calm => Style::new(),
    };
    let ellipsis = theme.glyph("…", "~");
    let text = format!(" {} {graph} {}", fit(gauge.label, LABEL, ellipsis), gauge.value);
    Line::styled(fit(&text, width, ellipsis), style)
}
