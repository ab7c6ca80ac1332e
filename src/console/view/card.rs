//! What is left of the console in a window too small for a list: the mode, the brake, the need.

use ratatui::{Frame, layout::Rect, style::Style, text::Line};

use super::{
    footer,
    header::{banner, gate_word, trading_word},
    pane::lines,
};
use crate::{
    console::{
        layout::Density,
        model::{Model, Station},
    },
    engine::TradingState,
    id::StageId,
    present::{day, words},
};

/// Draws the card, the most important line first.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let mut card = Vec::new();
    card.extend(banner(model, area.width));
    if let Some(notice) = &model.notice {
        card.push(Line::styled(notice.text.clone(), theme.severity(notice.severity)));
    }
    if model.travel.still().is_some() {
        card.push(Line::styled("not the live view: = returns", theme.warn()));
    }
    match model.shown() {
        Some(run) => {
            let header = day::header(run, model.moment());
            let (gate, gate_style) = gate_word(theme, header.pause);
            let mode = format!("{} {} ET", header.mode, words::time(model.moment()));
            if run.recovering() {
                card.push(Line::styled(header.status, theme.danger()));
            }
            if !gate.is_empty() {
                card.push(Line::styled(gate, gate_style));
            }
            let (sends, sends_style) = trading_word(theme, run.trading().state);
            if run.trading().state > TradingState::Active {
                card.push(Line::styled(sends, sends_style));
            }
            card.push(Line::styled(mode, theme.strong()));
            let need = match header.needs_person {
                0 => Style::new(),
                _some => theme.danger(),
            };
            card.push(Line::styled(format!("{} need you", header.needs_person), need));
            let open: Vec<_> = header.stages.iter().map(StageId::as_str).collect();
            card.push(Line::raw(open.join(" + ")));
        }
        None => card.push(Line::raw("waiting for the run")),
    }
    if model.settings.station == Station::Desk {
        card.push(Line::raw(footer::brake(model)));
    }
    let (_, (width, height)) = Density::LEAST[Density::LEAST.len() - 1];
    card.push(Line::styled(format!("needs {width}x{height}"), theme.quiet()));
    lines(frame, area, card);
}
