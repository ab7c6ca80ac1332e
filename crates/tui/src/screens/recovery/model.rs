//! A run that is taken up after its program ended: what was last known of each task and what is
//! decided about it, shown first and left once it goes on.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use crate::{
    model::{ConsoleKind, Model},
    nav::Screen,
    widget::{display_width, fit, wrap},
};
use engine::RunState;
use view::{
    format,
    recovery::{self, RecoveryRow},
};

/// The run, while it is being taken up.
pub(crate) fn recovering_run(model: &Model) -> Option<&RunState> {
    model.run.as_ref().filter(|run| run.is_recovering())
}

/// Shows a run that is taken up as such. Nobody before a wall could let it go on.
pub(crate) fn open(model: &mut Model) {
    if recovering_run(model).is_some() && model.settings.station != ConsoleKind::Kiosk {
        model.nav.go_to(Screen::Recovery);
        model.scroll = 0;
    }
}

/// To the day, from the screen of a run that was taken up and goes on again.
pub(crate) fn leave(model: &mut Model) {
    if recovering_run(model).is_none() && model.nav.screen() == Screen::Recovery {
        model.nav.go_to(Screen::Day);
    }
}

/// All there is to read, line by line.
pub(crate) fn screen_lines(model: &Model) -> Vec<Line<'static>> {
    let theme = model.settings.theme;
    let Some(run) = recovering_run(model) else {
        return vec![Line::raw(" no run is recovering")];
    };
    let rows = recovery::recovery_rows(run);
    let width = model.size.0.saturating_sub(4);
    let (times, loops) = recovery::recovery_count_text(run, model.wall);
    let keys = format!(
        "{} recover, {} recover paused, {} leave",
        model.key_label("run.recover"),
        model.key_label("run.recover_paused"),
        model.key_label("console.leave"),
    );
    let times_style = if loops { theme.danger() } else { Style::new() };
    let mut lines = Vec::new();
    let away =
        recovery::downtime_lines(run, model.now).into_iter().map(|line| (line, theme.emphasis()));
    let told = [(times, times_style), (keys, theme.emphasis())];
    for (text, style) in
        std::iter::once((recovery::last_known_state(run), Style::new())).chain(away).chain(told)
    {
        let parts = wrap(&format::sanitize(&text), width).into_iter();
        lines.extend(parts.map(|part| Line::styled(format!(" {part}"), style)));
    }
    lines.push(Line::raw(""));
    if rows.is_empty() {
        lines.push(Line::raw(" no task was running: nothing to decide"));
    }
    let wide =
        |text: fn(&RecoveryRow) -> &str| rows.iter().map(|row| display_width(text(row))).max();
    let wide = [wide(|row| &row.id), wide(|row| &row.last), wide(|row| &row.decision)];
    let [id, last, decision] = wide.map(Option::unwrap_or_default);
    let whole = id + last + decision + display_width(MARK) + 10 <= width;
    for row in &rows {
        let (mark, style) = if row.grave { (MARK, theme.danger()) } else { ("", Style::new()) };
        let glyph = format::state_glyph(row.state, theme.glyphs);
        let head = format!(
            " {} {glyph} {}  {}",
            fit(mark, display_width(MARK), ""),
            fit(&row.id, id, ""),
            fit(&row.last, last, "")
        );
        let told = format!("{} {}", theme.glyph("→", "->"), row.decision);
        let told_style = if row.grave { style } else { theme.emphasis() };
        if whole {
            let spans =
                [Span::styled(head, style), Span::raw("  "), Span::styled(told, told_style)];
            lines.push(Line::from(spans.to_vec()));
            continue;
        }
        lines.push(Line::styled(head, style));
        let indent = " ".repeat(usize::from(display_width(MARK)) + 4);
        let room = width.saturating_sub(display_width(&indent));
        let parts = wrap(&told, room).into_iter();
        lines.extend(parts.map(|part| Line::styled(format!("{indent}{part}"), told_style)));
    }
    lines
}

/// The mark of a row that an operator should review first.
const MARK: &str = "! LOOK";
