//! Every message to its place: the topmost overlay, then the screen, then what holds everywhere.
//!
//! Pure: the same model and message give the same result; no clock is read and nothing is written.

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyEvent, KeyEventKind, MouseEvent, MouseEventKind};

use super::{
    act,
    action::{Act, Action, Any, Go, Motion, Place},
    ask, fold,
    log::LogLine,
    model::{Model, Pane, Station},
    movement,
    msg::{Effect, Msg, Quit},
    nav::{Nav, Screen, Zoom},
    overlay::{self, Field, Help, Overlay},
    screen,
};
use crate::{
    engine::{Refusal, Severity},
    plan::Mode,
    present::words,
    time::Span,
};

/// Takes one message in and says what is to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let changes = !matches!(msg, Msg::Tick { .. } | Msg::Log(_) | Msg::Focus(_));
    model.dirty |= changes;
    match msg {
        Msg::Tick { now, wall } => tick(model, now, wall),
        Msg::Engine(batch) => fold::events(model, &batch),
        Msg::Snapshot(run) => fold::snapshot(model, *run),
        Msg::Key(key) => pressed(model, key),
        Msg::Mouse(mouse) => wheel(model, mouse),
        Msg::Paste(text) => {
            if let Some(field) = model.overlays.last_mut().and_then(Overlay::field) {
                field.paste(&text);
            }
            Vec::new()
        }
        Msg::Resize(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Answer { id, answer } => {
            answered(model, id, answer);
            Vec::new()
        }
        Msg::Log(lines) => {
            model.dirty |= logged(model, lines);
            Vec::new()
        }
        Msg::Speed(speed) => {
            model.settings.speed = speed;
            Vec::new()
        }
        Msg::Terminate => vec![Effect::Quit(Quit::Now)],
        Msg::Resumed => vec![Effect::Redraw],
        Msg::Focus(_) => Vec::new(),
    }
}

/// How long a notice stays, on the wall: a refusal is read, an "asked" is seen.
const fn stays(severity: Severity) -> Span {
    match severity {
        Severity::Info => Span::secs(8),
        Severity::Warning | Severity::Critical => Span::secs(30),
    }
}

fn tick(model: &mut Model, now: DateTime<Utc>, wall: DateTime<Utc>) -> Vec<Effect> {
    // Clocks on screen show seconds; within one nothing changes by time alone.
    let second = |at: DateTime<Utc>| at.timestamp();
    model.dirty |= second(now) != second(model.now);
    (model.now, model.wall) = (now, wall);
    let old = |notice: &super::model::Notice| wall - notice.since > stays(notice.severity).delta();
    for place in [&mut model.notice, &mut model.loud] {
        if place.take_if(|notice| old(notice)).is_some() {
            model.dirty = true;
        }
    }
    if model.dirty {
        fold::sort(model);
    }
    fold::settle(model)
}

fn wheel(model: &mut Model, mouse: MouseEvent) -> Vec<Effect> {
    if model.overlays.is_empty() {
        if mouse.kind == MouseEventKind::ScrollUp {
            movement::go(model, Motion::Up);
        } else if mouse.kind == MouseEventKind::ScrollDown {
            movement::go(model, Motion::Down);
        }
    }
    Vec::new()
}

fn answered(model: &mut Model, id: u64, answer: Result<(), Refusal>) {
    let Some(asked) = model.asked.remove(&id) else { return };
    match answer {
        Ok(()) => model.say(Severity::Info, format!("done: {asked}")),
        Err(refusal) => {
            let text = format!("refused: {asked}: {refusal}");
            model.say(Severity::Warning, words::safe(&text));
            // A pause that was refused pauses nothing, so nothing is waited for.
            model.leaving = None;
        }
    }
}

/// Takes the newest lines of the log; those that are known already are not taken twice. Whether
/// there were others.
fn logged(model: &mut Model, lines: Vec<LogLine>) -> bool {
    let known = model.log.len().min(lines.len());
    let overlaps = |count: &usize| {
        let tail = model.log.iter().skip(model.log.len() - count);
        tail.eq(lines.iter().take(*count))
    };
    let overlap = (0..=known).rev().find(overlaps).unwrap_or(0);
    let fresh = lines.len() - overlap;
    model.logged += u64::try_from(fresh).unwrap_or(0);
    model.log.extend(lines.into_iter().skip(overlap));
    let surplus = model.log.len().saturating_sub(Model::LOG_MAX);
    model.log.drain(..surplus);
    fresh > 0
}

fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(row) = model.settings.keymap.lookup(model.scope(), key) else {
        if key.kind != KeyEventKind::Release {
            model.halt_armed = None;
            type_into(model, key);
        }
        return Vec::new();
    };
    if key.kind == KeyEventKind::Repeat && !row.action.repeats() {
        return Vec::new();
    }
    let halts = row.action == Action::Act(Act::Halt);
    if !halts && model.halt_armed.take().is_some() {
        model.notice = None;
    }
    if model.settings.station == Station::Wall && row.action.changes_the_run() {
        model.say(Severity::Info, "this is a wall: nothing can be done at it");
        return Vec::new();
    }
    if let Some(direction) = screen::graph::along(model, key, row.action) {
        screen::graph::step(model, direction);
        return Vec::new();
    }
    if let Some(act) = screen::alerts::answers(model, row.action) {
        return act::act(model, act);
    }
    match row.action {
        Action::Act(act) => return act::act(model, act),
        Action::Answer(answer) => return overlay::update(model, answer),
        Action::Any(any) => return anywhere(model, any),
        Action::Move(motion) if model.overlays.is_empty() => movement::go(model, motion),
        Action::Move(motion) => overlay::scroll(model, motion),
        Action::Go(Go::Faster) => return paced(model, true),
        Action::Go(Go::Slower) => return paced(model, false),
        Action::Go(go) => on_screen(model, go),
    }
    Vec::new()
}

fn anywhere(model: &mut Model, any: Any) -> Vec<Effect> {
    match any {
        Any::Redraw => return vec![Effect::Redraw],
        Any::Suspend => return vec![Effect::Suspend],
        Any::Interrupt => {
            if model.overlays.pop().is_none() {
                leave(model);
            }
        }
    }
    Vec::new()
}

/// A letter for the field that has the keys, if one has.
fn type_into(model: &mut Model, key: KeyEvent) {
    if let Some(field) = model.overlays.last_mut().and_then(Overlay::field) {
        field.key(key);
    }
    if let Some(Overlay::Help(help)) = model.overlays.last_mut() {
        help.scroll = 0;
    }
}

fn leave(model: &mut Model) {
    let dialog = ask::leave(model.run.as_ref());
    model.overlays.push(Overlay::Dialog(dialog));
}

/// The speeds of a virtual clock that the keys know: a day in twelve hours, … in half a minute.
const SPEEDS: [f64; 8] = [1.0, 5.0, 20.0, 60.0, 180.0, 600.0, 1_800.0, 3_600.0];

/// Asks for the next speed up or down. A clock on the wall knows but one.
fn paced(model: &mut Model, faster: bool) -> Vec<Effect> {
    let mode = model.run.as_ref().map(|run| run.plan().mode);
    if !matches!(mode, Some(Mode::Sim | Mode::Dry | Mode::Replay)) {
        model.say(Severity::Info, "only a virtual clock goes faster or slower");
        return Vec::new();
    }
    let now = model.settings.speed;
    let next = if faster {
        SPEEDS.into_iter().find(|speed| *speed > now)
    } else {
        SPEEDS.into_iter().rev().find(|speed| *speed < now)
    };
    next.map(Effect::Speed).into_iter().collect()
}

/// From place to place.
fn on_screen(model: &mut Model, go: Go) {
    match go {
        Go::To(place) => show(model, screen_of(place)),
        Go::HistoryBack => travel(model, Nav::back, "this is where you started"),
        Go::HistoryForward => travel(model, Nav::forward, "there is no screen after this one"),
        Go::HistoryLast => match model.nav.before() {
            Some(before) => show(model, before),
            None => model.say(Severity::Info, "there is no screen before this one"),
        },
        Go::Zoom => {
            model.nav.zoom = if model.nav.zoom == Zoom::Usual { Zoom::Half } else { Zoom::Full }
        }
        Go::Unzoom => {
            model.nav.zoom = if model.nav.zoom == Zoom::Full { Zoom::Half } else { Zoom::Usual }
        }
        Go::NextPane => turn(model, 1),
        Go::PrevPane => turn(model, Pane::DAY.len() - 1),
        Go::Why => screen::graph::why(model),
        Go::Axis(axis) => {
            if !model.sights.window.go(axis) {
                model.say(Severity::Info, "z shows less of the day's time axis, Z more");
            }
        }
        Go::Help => {
            let help = Help::new(model.scope());
            model.overlays.push(Overlay::Help(help));
        }
        Go::Leave => leave(model),
        Go::Filter => {
            let text = screen::filter(model).text().to_owned();
            model.overlays.push(Overlay::Filter(Field::new("filter", 0).with(&text)));
        }
        Go::Follow => match model.focus() {
            Pane::Events => model.event_stream.at = None,
            Pane::Log => model.log_stream.at = None,
            Pane::Tasks
            | Pane::Agents
            | Pane::Graph
            | Pane::Alerts
            | Pane::Runs
            | Pane::Plan
            | Pane::Audit => {}
        },
        Go::Open => screen::open(model),
        Go::Back => screen::back(model),
        // They ask for something outside, and so never come here.
        Go::Faster | Go::Slower => {}
    }
}

/// Along the way that led here.
fn travel(model: &mut Model, step: fn(&mut Nav) -> bool, end: &str) {
    if step(&mut model.nav) {
        model.scroll = 0;
    } else {
        model.say(Severity::Info, end);
    }
}

const fn screen_of(place: Place) -> Screen {
    match place {
        Place::Day => Screen::Day,
        Place::Tasks => Screen::Tasks,
        Place::Graph => Screen::Graph,
        Place::Agents => Screen::Agents,
        Place::Events => Screen::Events,
        Place::Log => Screen::Log,
        Place::Alerts => Screen::Alerts,
        Place::Runs => Screen::Runs,
        Place::Plan => Screen::Plan,
        Place::Audit => Screen::Audit,
        Place::Pulse => Screen::Pulse,
    }
}

fn show(model: &mut Model, screen: Screen) {
    // Asked for again, the day comes back to its first pane.
    if screen == Screen::Day && model.nav.screen() == Screen::Day {
        model.pane = Pane::Tasks;
    }
    model.nav.show(screen);
    model.scroll = 0;
}

/// To the next pane of the day; another screen comes back to the day.
fn turn(model: &mut Model, by: usize) {
    let at = Pane::DAY.iter().position(|pane| *pane == model.focus()).unwrap_or(0);
    model.pane = Pane::DAY[(at + by) % Pane::DAY.len()];
    model.nav.show(Screen::Day);
}
