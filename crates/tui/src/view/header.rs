//! Two lines on top of every screen: which day, what time, what is open, what is closed.

use ratatui::{Frame, layout::Rect, style::Style, text::Line, widgets::Widget as _};

use crate::{
    model::Model,
    screens,
    theme::Theme,
    time_travel::{FrozenView, RunRef},
    widget::{Segment, display_width, draw_strip, fit},
};
use engine::{RunState, TradingState, control::Authority};
use planning::{id::StageId, plan::RunMode};
use view::{
    day::{self, RunHeader},
    format,
    time_style::TimeStyle,
    trading_state,
};

/// Draws both lines, or as many as there are rows.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.settings.theme;
    let Some(run) = model.displayed_run() else {
        let waiting = Segment::new(0, " waiting for the run", theme.muted());
        draw_strip(area, frame.buffer_mut(), vec![waiting], vec![clock(model)]);
        return;
    };
    let header = day::run_header(run, model.displayed_moment());
    let (left, right) = first(model, theme, &header);
    draw_strip(area, frame.buffer_mut(), left, right);
    if area.height > 1 {
        let below = Rect { y: area.y + 1, height: 1, ..area };
        let (left, right) = second(model, theme, &header);
        draw_strip(below, frame.buffer_mut(), left, right);
    }
    if area.height > 2
        && let Some(banner) = trading_state::trading_banner(
            run,
            &format!("{} re-enables", model.key_label("trading.menu")),
        )
    {
        let row = Rect { y: area.y + 2, height: 1, ..area };
        let glyph = trading_state::trading_glyph(run.trading_status().state, theme.glyphs);
        let text = format!(" {glyph} {banner}");
        let text = fit(&text, row.width, theme.glyph("…", "~"));
        let style = theme.danger().patch(theme.selected());
        frame.buffer_mut().set_style(row, style);
        Line::styled(text, style).render(row, frame.buffer_mut());
    }
}

/// Returns what may be sent, as sign and word.
pub(super) fn trading_label(theme: Theme, state: TradingState) -> (String, Style) {
    let style = match state {
        TradingState::Active => Style::new(),
        TradingState::ReduceOnly => theme.warning().patch(theme.emphasis()),
        TradingState::Halted | TradingState::Killed => theme.danger().patch(theme.emphasis()),
    };
    (format!("{} {state}", trading_state::trading_glyph(state, theme.glyphs)), style)
}

/// Returns what stands over everything else, in one line of so many columns: that the engine cannot
/// be heard and the picture is old, or that nothing is recorded and so nothing starts; and why.
pub(super) fn banner_line(model: &Model, width: u16) -> Option<Line<'static>> {
    let theme = model.settings.theme;
    let (head, why, tail) = match (&model.acts.lost, &model.acts.frozen) {
        (Some(why), _) => (" CONNECTION LOST ", why, "; this view is old "),
        (None, Some(why)) => {
            (" JOURNAL UNAVAILABLE: ", why, "; no task starts until it is writable ")
        }
        (None, None) => return None,
    };
    let room = width.saturating_sub(display_width(head) + display_width(tail));
    let why = fit(why, display_width(why).min(room), theme.glyph("…", "~"));
    let text = fit(&format!("{head}{why}{tail}"), width, theme.glyph("…", "~"));
    Some(Line::styled(text, theme.danger().patch(theme.selected())))
}

/// The time, and on whose clock; moments elsewhere on the screen are written the same way.
fn time(model: &Model) -> String {
    let (clock, now) = (model.time_format(), model.displayed_moment());
    match (clock.style, &clock.zone) {
        (TimeStyle::Market, _) => {
            format!("{} {}", format::format_time(now), planning::calendar::clock_name())
        }
        (TimeStyle::Relative, _) => {
            format!("{} {}, ago", format::format_time(now), planning::calendar::clock_name())
        }
        (TimeStyle::Local, Some(zone)) => {
            format!("{} {}", clock.time(now), format::safe_to(&zone.name, 8))
        }
        (TimeStyle::Utc, _) | (TimeStyle::Local, None) => format!("{} UTC", clock.time(now)),
    }
}

fn clock(model: &Model) -> Segment {
    Segment::new(0, format!("{} ", time(model)), model.settings.theme.emphasis())
}

/// Returns what keeps new work from starting, as the loudest word of the screen.
pub(crate) fn pause_label(theme: Theme, paused: bool) -> (&'static str, Style) {
    if paused { (" PAUSED ", theme.warning().patch(theme.selected())) } else { ("", Style::new()) }
}

/// Returns what the operator may do, in a word; how long the engine has been silent where it is.
fn authority(model: &Model, theme: Theme) -> (String, Style) {
    if let Some(silent) = model.heartbeat_age_if_stale() {
        let text = format!("STALE {}s", silent.to_delta().num_seconds());
        return (text, theme.danger().patch(theme.selected()));
    }
    // In a replay nothing can be done, whoever is armed beside it.
    let replay =
        matches!(model.travel.frozen_view().map(FrozenView::run_ref), Some(RunRef::Stored(_)));
    let Some(standing) = model.session_status().filter(|_| !replay) else {
        return (String::new(), Style::new());
    };
    let word = standing.authority.as_str();
    match (standing.authority, standing.until) {
        (Authority::Armed, Some(until)) => {
            let text = format!(
                "{word} {} {}",
                format::format_age(model.wall, until),
                model.settings.operator
            );
            (text, theme.warning().patch(theme.emphasis()))
        }
        (Authority::Armed, None) => (word.to_owned(), theme.emphasis()),
        (Authority::Observe | Authority::ReadOnly, _) => (word.to_owned(), theme.muted()),
    }
}

/// Returns which day this is, and the clock.
fn first(model: &Model, theme: Theme, header: &RunHeader) -> (Vec<Segment>, Vec<Segment>) {
    let plain = Style::new();
    let (gate, gate_style) = pause_label(theme, header.paused);
    let roomy = model.size.0 >= ROOMY;
    let date = header.date.format(if roomy { "%a %Y-%m-%d" } else { "%Y-%m-%d" }).to_string();
    let scenario = model.settings.scenario.as_ref();
    let named =
        scenario.map(|s| format!("scenario {}", shorten(&format::sanitize(&s.name), NAME_MOST)));
    let told = scenario.map(|s| format!("({})", format::sanitize(&s.title)));
    let (ended, ended_style) = match header.status {
        "RUNNING" => (String::new(), plain),
        day::RECOVERING => (format!(" {} ", header.status), theme.danger().patch(theme.selected())),
        over => (over.to_owned(), theme.emphasis()),
    };
    // A clock on the wall has no speed; a virtual one has, also where it is the wall's.
    let speed = match header.mode {
        RunMode::Sim | RunMode::Dry | RunMode::Replay => format!("{}x", model.settings.speed),
        RunMode::Paper | RunMode::Live => String::new(),
    };
    let (mode, time) = (format!(" {} ", mode(model, header)), time(model));
    let held = frozen_text(model);
    let named = named.unwrap_or_default();
    // What stays beside the overlays when space is short, a blank after each.
    let hand = authority(model, theme);
    let (sends, sends_style) = trading_label(
        theme,
        model.displayed_run().map_or_else(Default::default, |r| r.trading_status().state),
    );
    let rest = [&mode, &hand.0, &held, &sends, gate, &ended, &date, &named, &speed, &time];
    let shown = rest.iter().filter(|text| !text.is_empty());
    let rest: u16 = shown.map(|text| display_width(text) + 1).sum::<u16>();
    let overlays = overlays(&header.overlays, model.size.0.saturating_sub(rest));
    let (hand, hand_style) = hand;
    let left = vec![
        Segment::new(0, mode, theme.mode(mode_of(model, header))),
        Segment::new(0, held, theme.mode(RunMode::Replay)),
        Segment::new(0, sends, sends_style),
        Segment::new(0, hand, hand_style),
        Segment::new(0, gate, gate_style),
        Segment::new(0, ended, ended_style),
        Segment::new(1, date, theme.emphasis()),
        Segment::new(6, format::sanitize(&header.workflow), plain),
        Segment::new(4, format::sanitize(&header.day), plain),
        Segment::new(3, format::sanitize(&overlays), theme.warning()),
        Segment::new(2, named, theme.scenario()),
        Segment::new(5, told.unwrap_or_default(), plain),
    ];
    let right = vec![Segment::new(2, speed, theme.muted()), clock(model)];
    (left, right)
}

/// The mode of what is shown: whatever day is looked back at, it is a replay.
fn mode_of(model: &Model, header: &RunHeader) -> RunMode {
    match model.travel.frozen_view().map(FrozenView::run_ref) {
        Some(RunRef::Stored(_)) => RunMode::Replay,
        Some(RunRef::Live) | None => header.mode,
    }
}

/// Its word; of a day that never was, that too.
fn mode(model: &Model, header: &RunHeader) -> String {
    let mode = mode_of(model, header);
    let played = mode == RunMode::Replay && header.mode == RunMode::Dry;
    if played { "REPLAY of the morning plan".into() } else { mode.to_string() }
}

/// That the view stands, since when, and how many events of the live run it does not show.
fn frozen_text(model: &Model) -> String {
    let Some(still) = model.travel.frozen_view() else { return String::new() };
    let last = model.run().map_or(0, RunState::last_seq);
    let plays = if still.playing().is_some() { " PLAYS" } else { "" };
    match still.run_ref() {
        RunRef::Live => {
            let more = last.saturating_sub(still.run().last_seq());
            format!(" FROZEN {}{plays} (+{more}) ", format::format_time(still.moment()))
        }
        RunRef::Stored(_) => plays.to_owned(),
    }
}

/// Columns from which on there is room for the day of the week.
const ROOMY: u16 = 100;

/// Columns the name of a scenario gets.
const NAME_MOST: usize = 20;

fn shorten(text: &str, most: usize) -> String {
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

/// Returns what is open, what comes next, what is closed, and the counts.
fn second(model: &Model, theme: Theme, header: &RunHeader) -> (Vec<Segment>, Vec<Segment>) {
    let plain = Style::new();
    let open: Vec<_> = header.stages.iter().map(StageId::as_str).collect();
    let open = if open.is_empty() { "no stage open".into() } else { open.join(" + ") };
    let next = header.next.as_ref().map_or_else(String::new, |next| {
        format!(
            "next {} {} in {}",
            next.what,
            format::format_minute(next.at),
            format::format_duration(next.within)
        )
    });
    let gates = header.gates.join(theme.glyph(" · ", " | "));
    let person = match header.needs_person {
        0 => String::new(),
        n => {
            format!(
                "{} need{} action",
                format::count_noun(n.into(), "task"),
                if n == 1 { "s" } else { "" }
            )
        }
    };
    let left = vec![
        Segment::new(0, format!(" {open}"), theme.emphasis()),
        Segment::new(3, next, plain),
        Segment::new(2, gates, theme.warning()),
    ];
    let healthy = header.agents_healthy == header.agents;
    let agents = format!("agents {}/{}", header.agents_healthy, header.agents);
    let alerts = match (screens::alerts::model::open_count(model), model.size.0) {
        (0, _) => String::new(),
        (n, 120..) => format!("alerts {n}"),
        (n, _narrow) => format!("A:{n}"),
    };
    let right = vec![
        Segment::new(1, person, theme.danger()),
        Segment::new(2, alerts, theme.warning()),
        Segment::new(6, format!("slots {}/{}", header.slots, header.slots_max), plain),
        Segment::new(5, agents, if healthy { plain } else { theme.warning() }),
        Segment::new(7, day::counts_line(&header.counts, theme.glyphs), plain),
        Segment::new(4, format!("{}/{} done ", header.done, header.all), plain),
    ];
    (left, right)
}
