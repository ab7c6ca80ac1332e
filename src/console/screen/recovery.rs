//! A run that is taken up after its program ended: what was last known of each task and what is
//! decided about it, shown first and left once it goes on.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    console::{
        model::{Model, Station},
        nav::Screen,
        widget::{columns, fit, wrap},
    },
    engine::RunState,
    present::{
        recovery::{self, Row},
        words,
    },
};

/// The run, while it is being taken up.
pub(crate) fn taken_up(model: &Model) -> Option<&RunState> {
    model.run.as_ref().filter(|run| run.recovering())
}

/// Shows a run that is taken up as such. Nobody before a wall could let it go on.
pub(crate) fn begin(model: &mut Model) {
    if taken_up(model).is_some() && model.settings.station != Station::Wall {
        model.nav.show(Screen::Recovery);
        model.scroll = 0;
    }
}

/// To the day, from the screen of a run that was taken up and goes on again.
pub(crate) fn went_on(model: &mut Model) {
    if taken_up(model).is_none() && model.nav.screen() == Screen::Recovery {
        model.nav.show(Screen::Day);
    }
}

/// All there is to read, line by line.
pub(crate) fn lines(model: &Model) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let Some(run) = taken_up(model) else {
        return vec![Line::raw(" no run is being taken up")];
    };
    let rows = recovery::rows(run);
    let width = model.size.0.saturating_sub(4);
    let (times, loops) = recovery::taken_up(run, model.wall);
    let keys = format!(
        "{} goes on, {} goes on with the engine paused, {} leaves the run as it is",
        model.key("recovery.go_on"),
        model.key("recovery.paused"),
        model.key("console.leave"),
    );
    let times_style = if loops { theme.danger() } else { Style::new() };
    let mut lines = Vec::new();
    let away = recovery::away(run, model.now).into_iter().map(|line| (line, theme.strong()));
    let told = [(times, times_style), (keys, theme.strong())];
    for (text, style) in
        std::iter::once((recovery::left(run), Style::new())).chain(away).chain(told)
    {
        let parts = wrap(&words::safe(&text), width).into_iter();
        lines.extend(parts.map(|part| Line::styled(format!(" {part}"), style)));
    }
    lines.push(Line::raw(""));
    if rows.is_empty() {
        lines.push(Line::raw(" no task was under way: each stands as it stood"));
    }
    let wide = |text: fn(&Row) -> &str| rows.iter().map(|row| columns(text(row))).max();
    let wide = [wide(|row| &row.id), wide(|row| &row.last), wide(|row| &row.decision)];
    let [id, last, decision] = wide.map(Option::unwrap_or_default);
    let whole = id + last + decision + columns(MARK) + 10 <= width;
    for row in &rows {
        let (mark, style) = if row.grave { (MARK, theme.danger()) } else { ("", Style::new()) };
        let glyph = words::glyph(row.state, theme.glyphs);
        let head = format!(
            " {} {glyph} {}  {}",
            fit(mark, columns(MARK), ""),
            fit(&row.id, id, ""),
            fit(&row.last, last, "")
        );
        let told = format!("{} {}", theme.pick("→", "->"), row.decision);
        let told_style = if row.grave { style } else { theme.strong() };
        if whole {
            let spans =
                [Span::styled(head, style), Span::raw("  "), Span::styled(told, told_style)];
            lines.push(Line::from(spans.to_vec()));
            continue;
        }
        lines.push(Line::styled(head, style));
        let indent = " ".repeat(usize::from(columns(MARK)) + 4);
        let room = width.saturating_sub(columns(&indent));
        let parts = wrap(&told, room).into_iter();
        lines.extend(parts.map(|part| Line::styled(format!("{indent}{part}"), told_style)));
    }
    lines
}

/// What stands before a row that somebody should look at first.
const MARK: &str = "! LOOK";
