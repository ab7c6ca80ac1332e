//! Puts the regions where the layout says, and what lies over them on top.

use ratatui::{Frame, buffer::Buffer, layout::Rect};

use super::{
    act, agents, alerts, audit, card, day, dialog, footer, graph, header, inspector, late, lookup,
    pane, plan, prompt, pulse, recovery, runs, streams, tasks,
};
use crate::{
    console::{
        layout::{self, Areas, Density},
        model::{Model, Pane},
        nav::Screen,
        overlay::Overlay,
    },
    present::words::GlyphSet,
};

/// Draws the model. Reads no clock and changes nothing; every size will do, 1×1 included.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let all = frame.area();
    if all.is_empty() {
        return;
    }
    let areas = layout::areas(model, (all.width, all.height));
    if areas.density == Density::Card {
        card::draw(model, frame, all);
    } else {
        header::draw(model, frame, areas.header);
        pane::lines(frame, areas.banner, header::banner(model, all.width));
        if let Some(area) = areas.timeline {
            day::draw(model, frame, area);
        }
        for (pane, area) in &areas.panes {
            draw_pane(model, frame, (*pane, *area), &areas);
        }
        if let Some(area) = areas.pulse {
            pulse::draw(model, frame, area);
        }
        if let Some(area) = areas.inspector {
            inspector::draw(model, frame, area);
        }
        footer::draw(model, frame, areas.footer);
    }
    for overlay in &model.overlays {
        match overlay {
            Overlay::Dialog(question) => dialog::question(model, frame, question),
            Overlay::Act(dialog) => act::draw(model, frame, dialog),
            Overlay::Confirm(dialog) => act::line(model, frame, dialog),
            Overlay::Arm(field) | Overlay::Kill(field) => act::arm(model, frame, field),
            Overlay::Filter(prompt) => prompt::draw(model, frame, prompt),
            Overlay::Pick(pick) => prompt::pick(model, frame, *pick),
            Overlay::Command(line) => lookup::command(model, frame, line),
            Overlay::Palette(palette) => lookup::palette(model, frame, palette),
            Overlay::Themes(_) => lookup::themes(model, frame),
            Overlay::Late(start) => late::draw(model, frame, start),
            Overlay::Help(help) => lookup::help(model, frame, help),
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

fn draw_pane(model: &Model, frame: &mut Frame<'_>, (pane, area): (Pane, Rect), areas: &Areas) {
    let density = areas.density;
    match (pane, model.nav.screen()) {
        (_, Screen::Pulse) => pulse::full(model, frame, (area, density)),
        (Pane::Tasks, Screen::Task(ix)) => tasks::one(model, frame, (area, density), ix),
        (Pane::Tasks, _) => tasks::list(model, frame, (area, density)),
        (Pane::Agents, Screen::Agent(ix)) => agents::one(model, frame, (area, density), ix),
        (Pane::Agents, _) => agents::draw(model, frame, (area, density)),
        (Pane::Events, Screen::Event(seq)) => streams::one(model, frame, (area, density), seq),
        (Pane::Events, _) => streams::events(model, frame, (area, density)),
        (Pane::Log, _) => streams::log(model, frame, (area, density)),
        (Pane::Runs, Screen::Recovery) => recovery::draw(model, frame, (area, density)),
        (Pane::Runs, Screen::Diff) => runs::diff(model, frame, (area, density)),
        (Pane::Runs, _) => runs::list(model, frame, (area, density)),
        (Pane::Plan, _) => plan::draw(model, frame, (area, density)),
        (Pane::Graph, _) => graph::draw(model, frame, (area, density)),
        (Pane::Alerts, _) => alerts::draw(model, frame, (area, density)),
        (Pane::Audit, Screen::Entry(seq)) => audit::one(model, frame, (area, density), seq),
        (Pane::Audit, _) => audit::draw(model, frame, (area, density)),
    }
}
