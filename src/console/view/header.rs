//! Two lines on top of every screen: which day, what time, what is open, what is closed.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use crate::{
    acting::Authority,
    console::{
        model::Model,
        screen,
        theme::Theme,
        travel::{Of, Still},
        widget::{Piece, columns, fit, strip},
    },
    engine::{PauseMode, RunState, TradingState},
    id::StageId,
    plan::Mode,
    present::{
        clock::TimeStyle,
        day::{self, Header},
        trading, words,
    },
};

/// Draws both lines, or as many as there are rows.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = model.shown() else {
        let waiting = Piece::new(0, " waiting for the run", theme.quiet());
        strip(area, frame.buffer_mut(), vec![waiting], vec![clock(model)]);
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
    if area.height > 2
        && let Some(banner) = trading::banner(run)
    {
        let row = Rect { y: area.y + 2, height: 1, ..area };
        let glyph = trading::glyph(run.trading().state, theme.glyphs);
        let key = model.key("trading.ask");
        let text = format!(" {glyph} {banner} · {key} re-arms");
        let text = fit(&text, row.width, theme.pick("…", "~"));
        let style = theme.danger().patch(theme.selected());
        frame.buffer_mut().set_style(row, style);
        Line::styled(text, style).render(row, frame.buffer_mut());
    }
}

/// What may be sent, as sign and word.
pub(super) fn trading_word(theme: Theme, state: TradingState) -> (String, Style) {
    let style = match state {
        TradingState::Active => Style::new(),
        TradingState::ReduceOnly => theme.warn().patch(theme.strong()),
        TradingState::Halted | TradingState::Killed => theme.danger().patch(theme.strong()),
    };
    (format!("{} {state}", trading::glyph(state, theme.glyphs)), style)
}

/// What stands over everything else, in one line of so many columns: that the engine cannot be heard and
/// the picture is old, or that nothing is recorded and so nothing starts; and why.
pub(super) fn banner(model: &Model, width: u16) -> Option<Line<'static>> {
    let theme = model.settings.theme;
    let (head, why, tail) = match (&model.acts.lost, &model.acts.frozen) {
        (Some(why), _) => (" CONNECTION LOST ", why, "; what is shown is from before "),
        (None, Some(why)) => (" NOTHING IS RECORDED: ", why, "; nothing starts until it can be "),
        (None, None) => return None,
    };
    let room = width.saturating_sub(columns(head) + columns(tail));
    let why = fit(why, columns(why).min(room), theme.pick("…", "~"));
    let text = fit(&format!("{head}{why}{tail}"), width, theme.pick("…", "~"));
    Some(Line::styled(text, theme.danger().patch(theme.selected())))
}

/// The time, and on whose clock; moments elsewhere on the screen are written the same way.
fn time(model: &Model) -> String {
    let (clock, now) = (model.clock(), model.moment());
    match (clock.style, &clock.zone) {
        (TimeStyle::Market, _) => format!("{} ET", words::time(now)),
        (TimeStyle::Relative, _) => format!("{} ET, ago", words::time(now)),
        (TimeStyle::Local, Some(zone)) => {
            format!("{} {}", clock.time(now), words::safe_to(&zone.name, 8))
        }
        (TimeStyle::Utc, _) | (TimeStyle::Local, None) => format!("{} UTC", clock.time(now)),
    }
}

fn clock(model: &Model) -> Piece {
    Piece::new(0, format!("{} ", time(model)), model.settings.theme.strong())
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

/// What the operator may do, in a word; how long the engine has been silent where it is.
fn authority(model: &Model, theme: Theme) -> (String, Style) {
    if let Some(silent) = model.stale() {
        let text = format!("STALE {} s", silent.delta().num_seconds());
        return (text, theme.danger().patch(theme.selected()));
    }
    // In a replay nothing can be done, whoever is armed beside it.
    let replay = matches!(model.travel.still().map(Still::of), Some(Of::Kept(_)));
    let Some(standing) = model.standing().filter(|_| !replay) else {
        return (String::new(), Style::new());
    };
    let word = standing.authority.word();
    match (standing.authority, standing.until) {
        (Authority::Armed, Some(until)) => {
            let left = (until - model.wall).num_seconds().max(0);
            let text =
                format!("{word} {:02}:{:02} {}", left / 60, left % 60, model.settings.operator);
            (text, theme.warn().patch(theme.strong()))
        }
        (Authority::Armed, None) => (word.to_owned(), theme.strong()),
        (Authority::Observe | Authority::Locked, _) => (word.to_owned(), theme.quiet()),
    }
}

/// Which day this is, and the clock.
fn first(model: &Model, theme: Theme, header: &Header) -> (Vec<Piece>, Vec<Piece>) {
    let plain = Style::new();
    let (gate, gate_style) = gate_word(theme, header.pause);
    let roomy = model.size.0 >= ROOMY;
    let date = header.date.format(if roomy { "%a %Y-%m-%d" } else { "%Y-%m-%d" }).to_string();
    let scenario = model.settings.scenario.as_ref();
    let named = scenario.map(|s| format!("scenario {}", cut(&words::safe(&s.name), NAME_MOST)));
    let told = scenario.map(|s| format!("({})", words::safe(&s.title)));
    let (ended, ended_style) = match header.status {
        "RUNNING" => (String::new(), plain),
        day::RECOVERING => (format!(" {} ", header.status), theme.danger().patch(theme.selected())),
        over => (over.to_owned(), theme.strong()),
    };
    // A clock on the wall has no speed; a virtual one has, also where it is the wall's.
    let speed = match header.mode {
        Mode::Sim | Mode::Dry | Mode::Replay => format!("{}x", model.settings.speed),
        Mode::Paper | Mode::Live => String::new(),
    };
    let (mode, time) = (format!(" {} ", mode(model, header)), time(model));
    let held = held(model);
    let named = named.unwrap_or_default();
    // What stays beside the overlays when space is short, a blank after each.
    let hand = authority(model, theme);
    let (sends, sends_style) =
        trading_word(theme, model.shown().map_or_else(Default::default, |r| r.trading().state));
    let rest = [&mode, &hand.0, &held, &sends, gate, &ended, &date, &named, &speed, &time];
    let shown = rest.iter().filter(|text| !text.is_empty());
    let rest: u16 = shown.map(|text| columns(text) + 1).sum::<u16>();
    let overlays = overlays(&header.overlays, model.size.0.saturating_sub(rest));
    let (hand, hand_style) = hand;
    let left = vec![
        Piece::new(0, mode, theme.mode(mode_of(model, header))),
        Piece::new(0, held, theme.mode(Mode::Replay)),
        Piece::new(0, sends, sends_style),
        Piece::new(0, hand, hand_style),
        Piece::new(0, gate, gate_style),
        Piece::new(0, ended, ended_style),
        Piece::new(1, date, theme.strong()),
        Piece::new(6, words::safe(&header.workflow), plain),
        Piece::new(4, words::safe(&header.day), plain),
        Piece::new(3, words::safe(&overlays), theme.warn()),
        Piece::new(2, named, theme.scenario()),
        Piece::new(5, told.unwrap_or_default(), plain),
    ];
    let right = vec![Piece::new(2, speed, theme.quiet()), clock(model)];
    (left, right)
}

/// The mode of what is shown: whatever day is looked back at, it is a replay.
fn mode_of(model: &Model, header: &Header) -> Mode {
    match model.travel.still().map(Still::of) {
        Some(Of::Kept(_)) => Mode::Replay,
        Some(Of::Live) | None => header.mode,
    }
}

/// Its word; of a day that never was, that too.
fn mode(model: &Model, header: &Header) -> String {
    let mode = mode_of(model, header);
    let played = mode == Mode::Replay && header.mode == Mode::Dry;
    if played { "REPLAY of a dry run".into() } else { mode.to_string() }
}

/// That the view stands, since when, and how many events of the live run it does not show.
fn held(model: &Model) -> String {
    let Some(still) = model.travel.still() else { return String::new() };
    let last = model.run().map_or(0, RunState::last_seq);
    let plays = if still.playing().is_some() { " PLAYS" } else { "" };
    match still.of() {
        Of::Live => {
            let more = last.saturating_sub(still.run().last_seq());
            format!(" FROZEN {}{plays} (+{more}) ", words::time(still.moment()))
        }
        Of::Kept(_) => plays.to_owned(),
    }
}

/// Columns from which on there is room for the day of the week.
const ROOMY: u16 = 100;

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
        let number = if left > 1 { " +9".len() } else { 0 };
        if text.len() + sign.len() + name.len() + number > room {
            return format!("{text} +{left}").trim_start().to_owned();
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
