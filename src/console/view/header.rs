//! Two lines on top of every screen: which day, what time, what is open, what is closed.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    console::{
        model::Model,
        theme::Theme,
        widget::{Piece, strip},
    },
    engine::PauseMode,
    id::StageId,
    present::{
        day::{self, Header},
        words,
    },
};

/// Draws both lines, or as many as there are rows.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = &model.run else {
        let waiting = Piece::new(0, " waiting for the run", theme.quiet());
        strip(area, frame.buffer_mut(), vec![waiting], vec![clock(model, &words::time(model.now))]);
        return;
    };
    let header = day::header(run, model.now);
    let (left, right) = first(model, theme, &header);
    strip(area, frame.buffer_mut(), left, right);
    if area.height > 1 {
        let below = Rect { y: area.y + 1, height: 1, ..area };
        let (left, right) = second(theme, &header);
        strip(below, frame.buffer_mut(), left, right);
    }
}

fn clock(model: &Model, time: &str) -> Piece {
    Piece::new(0, format!("{time} ET "), model.settings.theme.strong())
}

/// What keeps new work from starting, as the loudest word of the screen.
pub(super) fn gate_word(theme: Theme, pause: Option<PauseMode>) -> (&'static str, Style) {
    match pause {
        None => ("", Style::new()),
        Some(PauseMode::Halt) => (" HALTED ", theme.danger().patch(theme.selected())),
        Some(PauseMode::SoftStop) => (" STOPPED ", theme.warn().patch(theme.selected())),
        Some(PauseMode::Drain) => (" PAUSED ", theme.warn().patch(theme.selected())),
    }
}

/// Which day this is, and the clock.
fn first(model: &Model, theme: Theme, header: &Header) -> (Vec<Piece>, Vec<Piece>) {
    let plain = Style::new();
    let (gate, gate_style) = gate_word(theme, header.pause);
    let date = header.date.format("%a %Y-%m-%d").to_string();
    let overlays = match header.overlays.as_slice() {
        [] => String::new(),
        some => format!("+ {}", some.join(" + ")),
    };
    let scenario = model.settings.scenario.as_deref().map(words::safe);
    let ended = if header.status == "RUNNING" { "" } else { header.status };
    let left = vec![
        Piece::new(0, format!(" {} ", header.mode), theme.mode(header.mode)),
        Piece::new(0, gate, gate_style),
        Piece::new(0, ended, theme.strong()),
        Piece::new(1, date, theme.strong()),
        Piece::new(6, words::safe(&header.workflow), plain),
        Piece::new(4, words::safe(&header.day), plain),
        Piece::new(3, words::safe(&overlays), theme.warn()),
        Piece::new(5, scenario.map_or_else(String::new, |s| format!("scenario {s}")), plain),
    ];
    let speed = if model.settings.speed > 1.0 {
        format!("{}x", model.settings.speed)
    } else {
        String::new()
    };
    let right = vec![Piece::new(2, speed, theme.quiet()), clock(model, &words::time(model.now))];
    (left, right)
}

/// What is open, what comes next, what is closed, and the counts.
fn second(theme: Theme, header: &Header) -> (Vec<Piece>, Vec<Piece>) {
    let plain = Style::new();
    let open: Vec<_> = header.stages.iter().map(StageId::as_str).collect();
    let open = if open.is_empty() { "no stage open".into() } else { open.join(" + ") };
    let next = header.next.as_ref().map_or_else(String::new, |next| {
        format!("next {} {} in {}", next.what, words::minute(next.at), words::duration(next.within))
    });
    let gates = header.gates.join(theme.pick(" · ", " | "));
    let person = match header.needs_person {
        0 => String::new(),
        n => {
            format!("{} need{} you", words::plural(n.into(), "task"), if n == 1 { "s" } else { "" })
        }
    };
    let left = vec![
        Piece::new(0, format!(" {open}"), theme.strong()),
        Piece::new(3, next, plain),
        Piece::new(2, gates, theme.warn()),
    ];
    let healthy = header.agents_healthy == header.agents;
    let agents = format!("agents {}/{}", header.agents_healthy, header.agents);
    let right = vec![
        Piece::new(1, person, theme.danger()),
        Piece::new(6, format!("slots {}/{}", header.slots, header.slots_max), plain),
        Piece::new(5, agents, if healthy { plain } else { theme.warn() }),
        Piece::new(7, day::counts_line(&header.counts, theme.glyphs), plain),
        Piece::new(4, format!("{}/{} done ", header.done, header.all), plain),
    ];
    (left, right)
}
