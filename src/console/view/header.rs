//! Two lines on top of every screen: which day, what time, what is open, what is closed.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    console::{
        model::Model,
        screen,
        theme::Theme,
        widget::{Piece, columns, strip},
    },
    engine::PauseMode,
    id::StageId,
    plan::Mode,
    present::{
        day::{self, Header},
        words,
    },
};

/// Draws both lines, or as many as there are rows.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = model.shown() else {
        let waiting = Piece::new(0, " waiting for the run", theme.quiet());
        strip(
            area,
            frame.buffer_mut(),
            vec![waiting],
            vec![clock(model, &words::time(model.moment()))],
        );
        return;
    };
    let header = day::header(run, model.moment());
    let (left, right) = first(model, theme, &header);
    strip(area, frame.buffer_mut(), left, right);
    if area.height > 1 {
        let below = Rect { y: area.y + 1, height: 1, ..area };
        let (left, right) = second(model, theme, &header);
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
    let scenario = model.settings.scenario.as_ref();
    let named = scenario.map(|s| format!("scenario {}", cut(&words::safe(&s.name), NAME_MOST)));
    let told = scenario.map(|s| format!("({})", words::safe(&s.title)));
    let ended = if header.status == "RUNNING" { "" } else { header.status };
    // A clock on the wall has no speed; a virtual one has, also where it is the wall's.
    let speed = match header.mode {
        Mode::Sim | Mode::Dry | Mode::Replay => format!("{}x", model.settings.speed),
        Mode::Paper | Mode::Live => String::new(),
    };
    let (mode, time) = (format!(" {} ", header.mode), words::time(model.moment()));
    let named = named.unwrap_or_default();
    // What stays beside the overlays when space is short, a blank after each, and ` ET `.
    let rest = [&mode, gate, ended, &date, &named, &speed, &time];
    let rest: u16 = rest.iter().map(|text| columns(text) + 1).sum::<u16>() + 3;
    let overlays = overlays(&header.overlays, model.size.0.saturating_sub(rest));
    let left = vec![
        Piece::new(0, mode, theme.mode(header.mode)),
        Piece::new(0, gate, gate_style),
        Piece::new(0, ended, theme.strong()),
        Piece::new(1, date, theme.strong()),
        Piece::new(6, words::safe(&header.workflow), plain),
        Piece::new(4, words::safe(&header.day), plain),
        Piece::new(3, words::safe(&overlays), theme.warn()),
        Piece::new(2, named, theme.scenario()),
        Piece::new(5, told.unwrap_or_default(), plain),
    ];
    let right = vec![Piece::new(2, speed, theme.quiet()), clock(model, &time)];
    (left, right)
}

/// Columns the name of a scenario gets.
const NAME_MOST: usize = 20;

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The overlays of the day, as many as there is room for by name, the rest as a number.
fn overlays(names: &[String], room: u16) -> String {
    let room = usize::from(room);
    let mut text = String::new();
    for (i, name) in names.iter().enumerate() {
        let sign = if i == 0 { "+ " } else { " + " };
        let left = names.len() - i;
        // The last one needs no room for the number of those after it.
        let number = if left > 1 { " +9 more".len() } else { 0 };
        if text.len() + sign.len() + name.len() + number > room {
            let more = if i == 0 { "" } else { " more" };
            return format!("{text} +{left}{more}").trim_start().to_owned();
        }
        text.push_str(sign);
        text.push_str(name);
    }
    text
}

/// What is open, what comes next, what is closed, and the counts.
fn second(model: &Model, theme: Theme, header: &Header) -> (Vec<Piece>, Vec<Piece>) {
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
    let alerts = match (screen::alerts::open_count(model), model.size.0) {
        (0, _) => String::new(),
        (n, 120..) => format!("alerts {n}"),
        (n, _narrow) => format!("A:{n}"),
    };
    let right = vec![
        Piece::new(1, person, theme.danger()),
        Piece::new(2, alerts, theme.warn()),
        Piece::new(6, format!("slots {}/{}", header.slots, header.slots_max), plain),
        Piece::new(5, agents, if healthy { plain } else { theme.warn() }),
        Piece::new(7, day::counts_line(&header.counts, theme.glyphs), plain),
        Piece::new(4, format!("{}/{} done ", header.done, header.all), plain),
    ];
    (left, right)
}
