//! What is left of the console in a window too small for a list: the mode, the brake, the need.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use super::{
    footer,
    header::{banner_line, pause_label, trading_label},
    pane::draw_lines,
};
use crate::{
    layout::LayoutDensity,
    model::{ConsoleKind, Model},
};
use engine::TradingState;
use planning::id::StageId;
use view::{day, format};

/// Draws the card, the most important line first.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let mut card = Vec::new();
    card.extend(banner_line(model, area.width));
    if let Some(notice) = &model.notice {
        card.push(Line::styled(notice.text.clone(), theme.severity(notice.severity)));
    }
    if model.travel.frozen_view().is_some() {
        card.push(Line::styled("not the live view: = returns", theme.warning()));
    }
    match model.displayed_run() {
        Some(run) => {
            let header = day::run_header(run, model.displayed_moment());
            let (gate, gate_style) = pause_label(theme, header.paused);
            let mode = format!(
                "{} {} {}",
                header.mode,
                format::format_time(model.displayed_moment()),
                model.time_format().zone_label()
            );
            if run.is_recovering() {
                card.push(Line::styled(header.status, theme.danger()));
            }
            if !gate.is_empty() {
                card.push(Line::styled(gate, gate_style));
            }
            let (sends, sends_style) = trading_label(theme, run.trading_status().state);
            if run.trading_status().state > TradingState::Active {
                card.push(Line::styled(sends, sends_style));
            }
            card.push(Line::styled(mode, theme.emphasis()));
            let need = match header.needs_person {
                0 => Style::new(),
                _some => theme.danger(),
            };
            card.push(Line::styled(format!("{} need action", header.needs_person), need));
            let open: Vec<_> = header.stages.iter().map(StageId::as_str).collect();
            card.push(Line::raw(open.join(" + ")));
        }
        None => card.push(Line::raw("waiting for the run")),
    }
    if model.settings.station == ConsoleKind::Local {
        card.push(Line::raw(footer::brake_keys(model)));
    }
    let (_, (width, height)) = LayoutDensity::LEAST[LayoutDensity::LEAST.len() - 1];
    card.push(Line::styled(format!("needs {width}x{height}"), theme.muted()));
    draw_lines(frame, area, card);
}
