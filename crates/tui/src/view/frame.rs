//! Puts the regions where the layout says, and what lies over them on top.

use ratatui::{Frame, buffer::Buffer, layout::Rect};

use super::{
    command_dialog, dialog, footer, header, inspector, late, lookup, pane, prompt, too_small,
};
use crate::screens::{day, pulse};
use crate::{
    layout::{self, FrameAreas, LayoutDensity},
    model::{Model, Pane},
    nav::Screen,
    popup::Popup,
};
use view::format::{self, GlyphSet};

/// Draws the model. Reads no clock and changes nothing; every size will do, 1×1 included.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    format::in_zone(model.time_format().offset(), || draw_in_zone(model, frame));
}

fn draw_in_zone(model: &Model, frame: &mut Frame<'_>) {
    let all = frame.area();
    if all.is_empty() {
        return;
    }
    let areas = layout::frame_areas(model, (all.width, all.height));
    if areas.density == LayoutDensity::TooSmall {
        too_small::draw(model, frame, all);
    } else {
        header::draw(model, frame, areas.header);
        pane::draw_lines(frame, areas.banner, header::banner_line(model, all.width));
        if let Some(area) = areas.timeline {
            day::view::draw(model, frame, area);
        }
        for (pane, area) in &areas.panes {
            draw_pane(model, frame, (*pane, *area), &areas);
        }
        if let Some(area) = areas.pulse {
            pulse::view::draw_pane(model, frame, area);
        }
        if let Some(area) = areas.inspector {
            inspector::draw(model, frame, area);
        }
        footer::draw(model, frame, areas.footer);
    }
    for overlay in &model.overlays {
        match overlay {
            Popup::Dialog(question) => dialog::draw_question(model, frame, question),
            Popup::Command(dialog) => command_dialog::draw_dialog(model, frame, dialog),
            Popup::Confirm(dialog) => command_dialog::draw_confirm_line(model, frame, dialog),
            Popup::Arm(field) | Popup::Kill(field) => {
                command_dialog::draw_arm_prompt(model, frame, field);
            }
            Popup::Filter(prompt) => prompt::draw(model, frame, prompt),
            Popup::LetterPrompt(pick) => prompt::draw_letter_prompt(model, frame, *pick),
            Popup::CommandLine(line) => lookup::draw_command_line(model, frame, line),
            Popup::Palette(palette) => lookup::draw_palette(model, frame, palette),
            Popup::Themes(_) => lookup::draw_themes(model, frame),
            Popup::LateStart(start) => late::draw(model, frame, start),
            Popup::Help(help) => lookup::draw_help(model, frame, help),
        }
    }
    if model.settings.theme.glyphs == GlyphSet::Ascii {
        plain(frame.buffer_mut());
    }
}

/// Signs that our own words use, and what stands for them in ASCII. What a person or an agent wrote
/// in other letters stays: it has no other spelling.
const PLAIN: [(&str, &str); 8] = [
    ("·", "."),
    ("–", "-"),
    ("—", "-"),
    ("…", "~"),
    ("→", ">"),
    ("▲", "^"),
    ("▼", "v"),
    ("×", "x"),
];

fn plain(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some((_, ascii)) = PLAIN.iter().find(|(sign, _)| *sign == cell.symbol()) {
            cell.set_symbol(ascii);
        }
    }
}

fn draw_pane(model: &Model, frame: &mut Frame<'_>, (pane, area): (Pane, Rect), areas: &FrameAreas) {
    let density = areas.density;
    if model.nav.screen() == Screen::Pulse {
        pulse::view::draw_screen(model, frame, (area, density));
    } else {
        pane.list().draw(model, frame, (area, density));
    }
}
