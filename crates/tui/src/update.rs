//! Every message to its place: the topmost overlay, then the screen, then what holds everywhere.
//!
//! Pure: the same model and message give the same result; no clock is read and nothing is written.

use chrono::{DateTime, Utc};

use super::{
    action::{Action, GlobalAction, Navigation},
    command_line, commands, cursor, ingest,
    key_input::{on_key, paste},
    list_actions::{self, StreamKind},
    log_line::LogLine,
    model::{Model, Pane},
    msg::{Effect, Msg, QuitMode},
    nav::{Navigator, PaneZoom, Screen},
    pause_dialogs,
    popup::{self, CommandLine, CommandPalette, Help, Popup, Prompt, PromptPurpose},
    screens, time_travel, unavailable,
};
use config::MouseSetting;
use engine::{AlertSeverity, RunState};
use planning::time::Span;
use view::format;

/// Takes one message in and returns the effects that are to be carried out.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let zone = model.time_format().offset();
    let effects = format::in_zone(zone, || on_message(model, msg));
    if model.dirty {
        popup::note_rows_in_sight(model);
    }
    effects
}

#[expect(clippy::too_many_lines, reason = "an arm for each message")]
fn on_message(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let changes = !matches!(msg, Msg::Tick { .. } | Msg::Focus(_) | Msg::Heartbeat | Msg::Work);
    model.dirty |= changes;
    match msg {
        Msg::Tick { now, wall } => on_tick(model, now, wall),
        Msg::Engine(batch) => ingest::events(model, &batch),
        Msg::Snapshot(run) => ingest::on_snapshot(model, *run),
        Msg::Key(key) => on_key(model, key),
        Msg::Mouse(mouse) => list_actions::on_mouse(model, mouse),
        Msg::Paste(text) => {
            paste(model, &text);
            Vec::new()
        }
        Msg::Resize(width, height) => {
            model.size = (width, height);
            commands::on_resize(model);
            Vec::new()
        }
        Msg::Preview { ticket, answer } => commands::on_preview(model, ticket, answer),
        Msg::Committed { ticket, answer } => commands::on_commit_result(model, ticket, answer),
        Msg::SessionStatus(standing) => {
            commands::on_session_status(model, standing);
            Vec::new()
        }
        Msg::ArmResult(answer) => {
            if let Err(why) = answer {
                model.set_status(AlertSeverity::Warning, format!("refused: {why}"));
            }
            Vec::new()
        }
        Msg::Heartbeat => {
            model.acts.beat = Some(model.wall);
            Vec::new()
        }
        Msg::JournalFault(why) => {
            model.acts.frozen = why.map(|why| format::sanitize(&why).into_owned());
            Vec::new()
        }
        Msg::History(events) => ingest::on_history(model, events),
        Msg::Orders(report) => {
            model.orders = report;
            Vec::new()
        }
        Msg::ConnectionLost(why) => {
            if model.acts.set_connection(why) {
                model.set_status(AlertSeverity::Info, "attached again");
            }
            Vec::new()
        }
        Msg::OwnAgents(agents) => {
            model.own_agents = agents;
            Vec::new()
        }
        Msg::AttemptLog(log) => {
            model.attempt_log = Some(log);
            Vec::new()
        }
        Msg::Log(lines) => {
            add_log_lines(model, lines);
            Vec::new()
        }
        Msg::Forecast(report) => {
            screens::dry_run::model::on_forecast(model, *report);
            Vec::new()
        }
        Msg::DryRun(rehearsed) => {
            screens::dry_run::model::on_dry_run(model, *rehearsed);
            Vec::new()
        }
        Msg::Speed(speed) => {
            model.settings.speed = speed;
            Vec::new()
        }
        Msg::Trail { previous, file } => model.audit.on_trail_heads(previous, file),
        Msg::Work => {
            ingest::filter_step(model);
            Vec::new()
        }
        Msg::Terminate => vec![Effect::Quit(QuitMode::Now)],
        Msg::Resumed => vec![Effect::Redraw],
        Msg::Focus(here) => {
            model.acts.away = if here { None } else { Some(model.wall) };
            Vec::new()
        }
        Msg::Captured(on) => {
            model.mouse = if on { MouseSetting::On } else { MouseSetting::Off };
            model.set_status(AlertSeverity::Info, if on { MOUSE_TAKEN } else { MOUSE_GIVEN });
            Vec::new()
        }
        Msg::Outcome(outcome) => {
            let loud = if outcome.is_ok() { AlertSeverity::Info } else { AlertSeverity::Warning };
            let (Ok(text) | Err(text)) = outcome;
            model.set_status(loud, format::sanitize(&text));
            Vec::new()
        }
    }
}

const MOUSE_TAKEN: &str = "the mouse is the console's: wheel and click; F2 gives it back";
const MOUSE_GIVEN: &str = "the mouse is the terminal's again: select and copy as usual";

/// Returns how long a notice stays, on the wall: a refusal is read, an "asked" is seen.
const fn stays(severity: AlertSeverity) -> Span {
    match severity {
        AlertSeverity::Info => Span::secs(8),
        AlertSeverity::Warning | AlertSeverity::Critical => Span::secs(30),
    }
}

fn on_tick(model: &mut Model, now: DateTime<Utc>, wall: DateTime<Utc>) -> Vec<Effect> {
    // Clocks on screen show seconds; within one nothing changes by time alone.
    let second = |at: DateTime<Utc>| at.timestamp();
    let passed = second(now) != second(model.now);
    model.dirty |= passed;
    (model.now, model.wall) = (now, wall);
    let old = |notice: &super::model::StatusMessage| {
        wall - notice.since > stays(notice.severity).to_delta()
    };
    for place in [&mut model.notice, &mut model.loud] {
        if place.take_if(|notice| old(notice)).is_some() {
            model.dirty = true;
        }
    }
    commands::halt_lapses(model);
    time_travel::advance_playback(model);
    ingest::on_tick(model, passed);
    let mut effects: Vec<_> = ingest::due_notification(model).into_iter().collect();
    effects.extend(commands::tick(model));
    effects.extend(ingest::after_update(model));
    effects.extend(screens::dry_run::model::request_forecast(model));
    effects
}

/// Takes new lines of the log in.
fn add_log_lines(model: &mut Model, lines: Vec<LogLine>) {
    model.logged += u64::try_from(lines.len()).unwrap_or(0);
    model.log.extend(lines);
    let surplus = model.log.len().saturating_sub(Model::LOG_MAX);
    model.log.drain(..surplus);
    model.travel.record_log_length(model.now, model.logged);
}

/// Does what an action says, however it was asked for.
pub(super) fn perform_action(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(act) = screens::alerts::model::open_action(model, action) {
        return commands::begin_command(model, act);
    }
    match action {
        Action::Command(act) => return commands::begin_command(model, act),
        Action::Popup(answer) => return popup::popup_action(model, answer),
        Action::List(rows) => return list_actions::list_action(model, rows),
        Action::Global(any) => return anywhere(model, any),
        Action::Time(time) => time_travel::time_action(model, time),
        Action::Move(motion) if model.overlays.is_empty() => cursor::move_cursor(model, motion),
        Action::Move(motion) => popup::scroll_popup(model, motion),
        Action::Go(Navigation::Faster) => return paced(model, true),
        Action::Go(Navigation::Slower) => return paced(model, false),
        Action::Go(Navigation::Leave) => return leave(model),
        Action::Go(Navigation::PreviewCommands) => return screens::dry_run::model::try_out(model),
        Action::Go(go) => on_screen(model, go),
    }
    screens::dry_run::model::request_dry_run(model)
}

fn anywhere(model: &mut Model, any: GlobalAction) -> Vec<Effect> {
    match any {
        GlobalAction::Redraw => return vec![Effect::Redraw],
        GlobalAction::Suspend => return vec![Effect::Suspend],
        GlobalAction::Arm => return commands::toggle_armed(model),
        GlobalAction::Recall => commands::recall(model),
        GlobalAction::Mouse => return vec![Effect::Mouse(model.mouse == MouseSetting::Off)],
        GlobalAction::Interrupt => {
            if model.overlays.is_empty() {
                return leave(model);
            }
            popup::close_popup(model);
        }
    }
    Vec::new()
}

/// Asks how to leave; once the run has ended there is nothing to ask.
fn leave(model: &mut Model) -> Vec<Effect> {
    if model.run.as_ref().is_some_and(RunState::has_ended) {
        return vec![Effect::Quit(QuitMode::Now)];
    }
    let dialog = pause_dialogs::leave_dialog(model.run.as_ref(), model.settings.station);
    model.overlays.push(Popup::Dialog(dialog));
    Vec::new()
}

/// The speeds of a virtual clock that the keys know: a day in twelve hours, … in half a minute.
const SPEEDS: [f64; 8] = [1.0, 5.0, 20.0, 60.0, 180.0, 600.0, 1_800.0, 3_600.0];

/// Asks for the next speed up or down. A clock on the wall knows but one.
fn paced(model: &mut Model, faster: bool) -> Vec<Effect> {
    if model.real_clock() {
        model.set_status(AlertSeverity::Info, unavailable::REAL_CLOCK);
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
fn on_screen(model: &mut Model, go: Navigation) {
    match go {
        Navigation::To(place) => show(model, place),
        Navigation::HistoryBack => retrace(model, Navigator::go_back, "no earlier screen"),
        Navigation::HistoryForward => {
            retrace(model, Navigator::forward, "there is no screen after this one");
        }
        Navigation::HistoryLast => match model.nav.previous() {
            Some(before) => show(model, before),
            None => model.set_status(AlertSeverity::Info, "there is no screen before this one"),
        },
        Navigation::Zoom => {
            model.nav.zoom =
                if model.nav.zoom == PaneZoom::Normal { PaneZoom::Half } else { PaneZoom::Full }
        }
        Navigation::Unzoom => {
            model.nav.zoom =
                if model.nav.zoom == PaneZoom::Full { PaneZoom::Half } else { PaneZoom::Normal }
        }
        Navigation::NextPane => turn(model, 1),
        Navigation::PrevPane => turn(model, Pane::DAY.len() - 1),
        Navigation::Why => screens::graph::model::show_reasons(model),
        Navigation::Axis(axis) => {
            if !model.sights.window.apply(axis) {
                model
                    .set_status(AlertSeverity::Info, "z shows less of the day's time axis, Z more");
            }
        }
        Navigation::Help => {
            if !matches!(model.overlays.last(), Some(Popup::Help(_))) {
                let help = Help::new(model.base_scope(), model.nav.screen(), model.focused_pane());
                model.overlays.push(Popup::Help(help));
            }
        }
        Navigation::Command => model.overlays.push(Popup::CommandLine(CommandLine::default())),
        Navigation::Palette => {
            let palette = CommandPalette::new(command_line::search(model, ""));
            model.overlays.push(Popup::Palette(palette));
        }
        Navigation::Themes => popup::open_theme_picker(model),
        Navigation::Filter
            if matches!(model.nav.screen(), Screen::DryRun | Screen::Diff | Screen::Recovery) =>
        {
            model.set_status(
                AlertSeverity::Info,
                "this screen has no filter: the lists and the streams have",
            );
        }
        Navigation::Filter => {
            let before = screens::focused_filter(model).clone();
            let text = before.text().to_owned();
            let prompt = Prompt::new(PromptPurpose::Filter(before), &text);
            model.overlays.push(Popup::Filter(Prompt { cursor: model.tasks.cursor, ..prompt }));
        }
        Navigation::Follow => follow_newest(model),
        Navigation::Open => screens::open(model),
        Navigation::Back => screens::go_back(model),
        Navigation::Diff => screens::runs::model::compare_selection(model),
        Navigation::Origins => screens::dry_run::model::open_origins(model),
        // They ask for something outside, and so never come here.
        Navigation::Faster
        | Navigation::Slower
        | Navigation::PreviewCommands
        | Navigation::Leave => {}
    }
}

/// Follows the newest line, or stays at the one that is the newest now.
fn follow_newest(model: &mut Model) {
    let Some(which) = StreamKind::of_pane(model.focused_pane()) else { return };
    let newest = which.reader(model).cursor_line();
    let stream = which.stream_mut(model);
    stream.at = if stream.at.is_some() { None } else { newest };
}

/// Along the way that led here.
fn retrace(model: &mut Model, step: fn(&mut Navigator) -> bool, end: &str) {
    if step(&mut model.nav) {
        model.scroll = 0;
    } else {
        model.set_status(AlertSeverity::Info, end);
    }
}

fn show(model: &mut Model, screen: Screen) {
    // Asked for again, the day comes back to its first pane.
    if screen == Screen::Day && model.nav.screen() == Screen::Day {
        model.pane = Pane::Tasks;
    }
    model.nav.go_to(screen);
    model.scroll = 0;
    if screen == Screen::Alerts {
        screens::alerts::model::select_first(model);
    }
}

/// To the next pane of the day; another screen comes back to the day.
fn turn(model: &mut Model, by: usize) {
    let at = Pane::DAY.iter().position(|pane| *pane == model.focused_pane()).unwrap_or(0);
    model.pane = Pane::DAY[(at + by) % Pane::DAY.len()];
    model.nav.go_to(Screen::Day);
}
