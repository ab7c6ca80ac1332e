//! Every message to its place: the topmost overlay, then the screen, then what holds everywhere.
//!
//! Pure: the same model and message give the same result; no clock is read and nothing is written.

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use super::{
    action::{Act, Action, Any, Go},
    acts::{self, Acts},
    ask,
    chord::Chord,
    command, fold,
    log::LogLine,
    model::{Model, Pane},
    movement,
    msg::{Effect, Msg, Quit},
    nav::{Nav, Screen, Zoom},
    overlay::{self, Asks, CommandLine, Help, Overlay, Palette, Prompt},
    registry::{Found, Row},
    rows::{self, Which},
    screen, travel, why_not,
};
use crate::{acting::Tier, config::Mouse, engine::Severity, present::words, time::Span};

/// Takes one message in and says what is to be done outside.
#[expect(clippy::too_many_lines, reason = "an arm for each message")]
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let changes = !matches!(msg, Msg::Tick { .. } | Msg::Focus(_) | Msg::Beat | Msg::Work);
    model.dirty |= changes;
    match msg {
        Msg::Tick { now, wall } => tick(model, now, wall),
        Msg::Engine(batch) => fold::events(model, &batch),
        Msg::Snapshot(run) => fold::snapshot(model, *run),
        Msg::Key(key) => pressed(model, key),
        Msg::Mouse(mouse) => rows::mouse(model, mouse),
        Msg::Paste(text) => {
            paste(model, &text);
            Vec::new()
        }
        Msg::Resize(width, height) => {
            model.size = (width, height);
            acts::resized(model);
            Vec::new()
        }
        Msg::Proposed { ticket, answer } => acts::proposed(model, ticket, answer),
        Msg::Committed { ticket, answer } => acts::answered(model, ticket, answer),
        Msg::Standing(standing) => {
            acts::stands(model, standing);
            Vec::new()
        }
        Msg::Armed(answer) => {
            if let Err(why) = answer {
                model.say(Severity::Warning, format!("refused: {why}"));
            }
            Vec::new()
        }
        Msg::Beat => {
            model.acts.beat = Some(model.wall);
            Vec::new()
        }
        Msg::Frozen(why) => {
            model.acts.frozen = why.map(|why| words::safe(&why).into_owned());
            Vec::new()
        }
        Msg::Lost(why) => {
            if model.acts.line(why) {
                model.say(Severity::Info, "attached again");
            }
            Vec::new()
        }
        Msg::Log(lines) => {
            logged(model, lines);
            Vec::new()
        }
        Msg::DryRun(rehearsed) => {
            screen::plan::made(model, *rehearsed);
            Vec::new()
        }
        Msg::Speed(speed) => {
            model.settings.speed = speed;
            Vec::new()
        }
        Msg::Trail { previous, file } => model.audit.heard(previous, file),
        Msg::Work => {
            fold::work(model);
            Vec::new()
        }
        Msg::Terminate => vec![Effect::Quit(Quit::Now)],
        Msg::Resumed => vec![Effect::Redraw],
        Msg::Focus(here) => {
            model.acts.away = if here { None } else { Some(model.wall) };
            Vec::new()
        }
        Msg::Captured(on) => {
            model.mouse = if on { Mouse::On } else { Mouse::Off };
            model.say(Severity::Info, if on { MOUSE_TAKEN } else { MOUSE_GIVEN });
            Vec::new()
        }
        Msg::Outcome(outcome) => {
            let loud = if outcome.is_ok() { Severity::Info } else { Severity::Warning };
            let (Ok(text) | Err(text)) = outcome;
            model.say(loud, words::safe(&text));
            Vec::new()
        }
    }
}

const MOUSE_TAKEN: &str = "the mouse is the console's: wheel and click; F2 gives it back";
const MOUSE_GIVEN: &str = "the mouse is the terminal's again: select and copy as usual";

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
    let passed = second(now) != second(model.now);
    model.dirty |= passed;
    (model.now, model.wall) = (now, wall);
    let old = |notice: &super::model::Notice| wall - notice.since > stays(notice.severity).delta();
    for place in [&mut model.notice, &mut model.loud] {
        if place.take_if(|notice| old(notice)).is_some() {
            model.dirty = true;
        }
    }
    acts::halt_lapses(model);
    travel::tick(model);
    fold::tick(model, passed);
    let mut effects: Vec<_> = fold::rest(model).into_iter().collect();
    effects.extend(acts::tick(model));
    effects.extend(fold::settle(model));
    effects
}

/// Takes new lines of the log in.
fn logged(model: &mut Model, lines: Vec<LogLine>) {
    model.logged += u64::try_from(lines.len()).unwrap_or(0);
    model.log.extend(lines);
    let surplus = model.log.len().saturating_sub(Model::LOG_MAX);
    model.log.drain(..surplus);
    model.travel.logged(model.now, model.logged);
}

fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let begun = std::mem::take(&mut model.typed.begun);
    let repeats = key.kind == KeyEventKind::Repeat;
    let found = model.settings.keymap.lookup(model.scope(), &begun, key);
    let halts = |row: &Row| row.action == Action::Act(Act::Halt);
    if !matches!(found, Found::Row(row) if halts(row)) {
        let armed = model.halt_armed.take().is_some();
        if armed && !matches!(found, Found::Nothing) {
            model.notice = None;
        }
    }
    match found {
        // A key held down plays no sequence.
        Found::Begins | Found::Row(_) if repeats && !begun.is_empty() => {
            model.typed.begun = begun;
            Vec::new()
        }
        Found::Begins if repeats => Vec::new(),
        Found::Begins => {
            model.typed.begun = begun.into_iter().chain(Chord::of(key)).collect();
            Vec::new()
        }
        Found::Row(row) if repeats && !row.action.repeats() => Vec::new(),
        Found::Row(row) if held(model, row) => Vec::new(),
        Found::Row(row) => {
            if let Some(direction) = screen::graph::along(model, key, row.action) {
                screen::graph::step(model, direction);
                return Vec::new();
            }
            perform(model, row.action)
        }
        Found::Nothing if deaf(model) => Vec::new(),
        Found::Nothing if begun.is_empty() => {
            // A letter that answers nothing takes the question back.
            model.overlays.pop_if(|overlay| matches!(overlay, Overlay::Pick(_)));
            type_into(model, key);
            Vec::new()
        }
        // A sequence that came to nothing does nothing: not what its last key means alone.
        Found::Nothing => {
            let took_back = Chord::of(key) == Some(Chord::key(KeyCode::Esc));
            if !took_back {
                let keys = begun.into_iter().chain(Chord::of(key)).map(Chord::label);
                let keys = keys.collect::<Vec<_>>().join(" ");
                model.say(Severity::Info, format!("{keys} means nothing here"));
            }
            Vec::new()
        }
    }
}

/// Does what an action says, however it was asked for.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(act) = screen::alerts::answers(model, action) {
        return acts::act(model, act);
    }
    match action {
        Action::Act(act) => return acts::act(model, act),
        Action::Answer(answer) => return overlay::update(model, answer),
        Action::Rows(rows) => return rows::update(model, rows),
        Action::Any(any) => return anywhere(model, any),
        Action::Time(time) => travel::go(model, time),
        Action::Move(motion) if model.overlays.is_empty() => movement::go(model, motion),
        Action::Move(motion) => overlay::scroll(model, motion),
        Action::Go(Go::Faster) => return paced(model, true),
        Action::Go(Go::Slower) => return paced(model, false),
        Action::Go(Go::TryOut) => return screen::plan::try_out(model),
        Action::Go(go) => on_screen(model, go),
    }
    screen::plan::wanted(model)
}

/// Whether a key is to be passed over: it was meant for what lay below a dialog that has just
/// opened, or it is an act's key held down. The brakes are never passed over.
fn held(model: &mut Model, row: &Row) -> bool {
    let wall = model.wall;
    if row.tier == Tier::Brake || matches!(row.action, Action::Any(_)) {
        return false;
    }
    if deaf(model) {
        return true;
    }
    if !row.action.changes_the_run() {
        return false;
    }
    let again = model.acts.pressed.replace((row.id, wall));
    again.is_some_and(|(id, at)| id == row.id && wall - at < Acts::REPEAT.delta())
}

/// Whether a dialog of an act has only just opened.
fn deaf(model: &Model) -> bool {
    let over = model.overlays.last().is_some_and(Overlay::acts);
    over && model.acts.opened.is_some_and(|at| model.wall - at < Acts::DEAF.delta())
}

fn anywhere(model: &mut Model, any: Any) -> Vec<Effect> {
    match any {
        Any::Redraw => return vec![Effect::Redraw],
        Any::Suspend => return vec![Effect::Suspend],
        Any::Arm => return acts::arm(model),
        Any::Recall => acts::recall(model),
        Any::Mouse => return vec![Effect::Mouse(model.mouse == Mouse::Off)],
        Any::Interrupt => {
            if model.overlays.is_empty() {
                leave(model);
            } else {
                overlay::closed(model);
            }
        }
    }
    Vec::new()
}

/// A letter for the field that has the keys, if one has.
fn type_into(model: &mut Model, key: KeyEvent) {
    if let Some(field) = model.overlays.last_mut().and_then(Overlay::field) {
        let before = field.text().to_owned();
        field.key(key);
        if field.text() != before {
            overlay::retyped(model);
        }
    }
}

fn paste(model: &mut Model, text: &str) {
    model.typed.begun.clear();
    if let Some(field) = model.overlays.last_mut().and_then(Overlay::field) {
        field.paste(text);
        overlay::retyped(model);
    }
}

fn leave(model: &mut Model) {
    let dialog = ask::leave(model.run.as_ref(), model.settings.station);
    model.overlays.push(Overlay::Dialog(dialog));
}

/// The speeds of a virtual clock that the keys know: a day in twelve hours, … in half a minute.
const SPEEDS: [f64; 8] = [1.0, 5.0, 20.0, 60.0, 180.0, 600.0, 1_800.0, 3_600.0];

/// Asks for the next speed up or down. A clock on the wall knows but one.
fn paced(model: &mut Model, faster: bool) -> Vec<Effect> {
    if model.real_clock() {
        model.say(Severity::Info, why_not::REAL_CLOCK);
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
        Go::To(place) => show(model, Screen::of(place)),
        Go::HistoryBack => retrace(model, Nav::back, "this is where you started"),
        Go::HistoryForward => retrace(model, Nav::forward, "there is no screen after this one"),
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
            if !matches!(model.overlays.last(), Some(Overlay::Help(_))) {
                let help = Help::new(model.place(), model.nav.screen(), model.focus());
                model.overlays.push(Overlay::Help(help));
            }
        }
        Go::Command => model.overlays.push(Overlay::Command(CommandLine::default())),
        Go::Palette => {
            let palette = Palette::new(command::find(model, ""));
            model.overlays.push(Overlay::Palette(palette));
        }
        Go::Themes => overlay::themes(model),
        Go::Leave => leave(model),
        Go::Filter
            if matches!(model.nav.screen(), Screen::Plan | Screen::Diff | Screen::Recovery) =>
        {
            model.say(Severity::Info, "this screen has no filter: the lists and the streams have");
        }
        Go::Filter => {
            let before = screen::filter(model).clone();
            let text = before.text().to_owned();
            let prompt = Prompt::new(Asks::Filter(before), &text);
            model.overlays.push(Overlay::Filter(Prompt { cursor: model.tasks.cursor, ..prompt }));
        }
        Go::Follow => follow(model),
        Go::Open => screen::open(model),
        Go::Back => screen::back(model),
        Go::Diff => screen::runs::diff(model),
        Go::Origins => screen::plan::origins(model),
        // They ask for something outside, and so never come here.
        Go::Faster | Go::Slower | Go::TryOut => {}
    }
}

/// Follows the newest line, or stays at the one that is the newest now.
fn follow(model: &mut Model) {
    let Some(which) = Which::of(model.focus()) else { return };
    let newest = which.read(model).at();
    let stream = which.stream_mut(model);
    stream.at = if stream.at.is_some() { None } else { newest };
}

/// Along the way that led here.
fn retrace(model: &mut Model, step: fn(&mut Nav) -> bool, end: &str) {
    if step(&mut model.nav) {
        model.scroll = 0;
    } else {
        model.say(Severity::Info, end);
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
