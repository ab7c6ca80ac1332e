//! Through time by keys: freezing, stepping, playing, opening a run, and back to the live one.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::{FrozenView, RunRef};
use crate::{
    action::{Action, CommandAction, TimeAction, TradingAction},
    ingest,
    keymap::{Binding, KeySequence},
    model::{Model, Pane},
    nav::Screen,
};
use engine::AlertSeverity;
use planning::time::Span;
use view::format;

/// The step of the minute keys.
const MINUTE: Span = Span::mins(1);

/// Looks at a moment, through the filter of the events.
fn set_frozen_view(model: &mut Model, mut still: FrozenView) {
    still.set_filter(&model.event_stream.filter);
    model.travel.set_frozen_view(Some(still));
}

/// Does what a key of time asks.
pub(crate) fn time_action(model: &mut Model, time: TimeAction) {
    if model.run.is_none() {
        model.set_status(AlertSeverity::Info, "there is no run yet");
        return;
    }
    match time {
        TimeAction::Freeze if model.travel.frozen_view().is_some() => return_to_live(model),
        TimeAction::Freeze => freeze(model),
        TimeAction::Live => return_to_live(model),
        TimeAction::Back => step_back(model),
        TimeAction::Forward => forward(model),
        TimeAction::MinuteBack => minute(model, -MINUTE.to_delta()),
        TimeAction::MinuteForward => minute(model, MINUTE.to_delta()),
        TimeAction::Play => play(model),
    }
    model.tasks.reset();
    ingest::re_sort(model);
}

/// Holds the live run's moment.
fn freeze(model: &mut Model) {
    let Some(record) = model.travel.live_recording() else { return };
    let still = FrozenView::new(RunRef::Live, record, record.last_seq(), model.now);
    set_frozen_view(model, still);
    let key = key(model, TimeAction::Freeze);
    model.set_status(
        AlertSeverity::Info,
        format!("view frozen, the run continues; {key} returns to it"),
    );
}

/// Back to the live run.
pub(crate) fn return_to_live(model: &mut Model) {
    let Some(of) = model.travel.frozen_view().map(FrozenView::run_ref) else {
        model.set_status(AlertSeverity::Info, "this is the live run");
        return;
    };
    model.travel.set_frozen_view(None);
    if of != RunRef::Live {
        after_move(model);
        model.nav.go_to(Screen::Runs);
    }
    model.notice = None;
    model.tasks.reset();
    ingest::re_sort(model);
}

/// Opens a run that is over, or was only played, at its end.
pub(crate) fn open(model: &mut Model, of: RunRef) {
    let Some(record) = model.travel.recording_of(of) else { return };
    let still = FrozenView::new(of, record, record.last_seq(), record.started_at());
    set_frozen_view(model, still);
    after_move(model);
    model.nav.go_to(Screen::Day);
    model.tasks.reset();
    ingest::re_sort(model);
    let [back, start, play] =
        [TimeAction::Back, TimeAction::MinuteBack, TimeAction::Play].map(|time| key(model, time));
    model.set_status(
        AlertSeverity::Info,
        format!("its end: {back} {start} step back, {play} plays it from its start, Esc leaves it"),
    );
}

/// Another run fills the screens: what was selected belonged to the one before.
fn after_move(model: &mut Model) {
    let first = model.displayed_run().and_then(|run| run.agents().next().map(|(ix, _)| ix));
    model.agent = first;
    model.tasks.order.clear();
    model.tasks.cursor = None;
    model.event_stream.at = None;
    model.log_stream.at = None;
    model.scroll = 0;
    model.nav.clear_history();
}

/// One event back. From the live run, it freezes there.
fn step_back(model: &mut Model) {
    let seq = match model.travel.frozen_view() {
        Some(still) => still.run().last_seq(),
        None => model.travel.live_recording().map_or(0, super::RunRecording::last_seq),
    };
    travel_to(model, seq.saturating_sub(1), None);
}

/// One event on.
fn forward(model: &mut Model) {
    let Some(still) = model.travel.frozen_view() else {
        model.set_status(AlertSeverity::Info, "this is the latest event");
        return;
    };
    let seq = still.run().last_seq() + 1;
    travel_to(model, seq, None);
}

/// So much time back or on.
fn minute(model: &mut Model, by: TimeDelta) {
    if model.travel.frozen_view().is_none() && by > TimeDelta::zero() {
        model.set_status(AlertSeverity::Info, "this is the latest event");
        return;
    }
    let at = model.displayed_moment() + by;
    let of = model.travel.frozen_view().map_or(RunRef::Live, FrozenView::run_ref);
    let seq = model.travel.recording_of(of).map_or(0, |record| record.seq_at(at));
    travel_to(model, seq, Some(at));
}

/// Looks at the run as it was at a time of day on the clock that is shown. In the events, the cursor goes
/// to the first line of that time, and the view stays live.
pub(crate) fn go_to_time(model: &mut Model, time: NaiveTime) -> Result<(), String> {
    let moment = moment_of(model, time).ok_or("there is no run yet")?;
    if model.focused_pane() == Pane::Events {
        let mut shown = model.displayed_events().all();
        let first = shown.find(|event| event.at >= moment).map(|event| event.seq);
        drop(shown);
        let first = first.ok_or_else(|| format!("no event at {time} or later"))?;
        model.event_stream.at = Some(first);
        return Ok(());
    }
    if moment > model.now {
        return Err(format!("{time} is still to come"));
    }
    let of = model.travel.frozen_view().map_or(RunRef::Live, FrozenView::run_ref);
    let seq = model.travel.recording_of(of).map_or(0, |record| record.seq_at(moment));
    travel_to(model, seq, Some(moment));
    model.tasks.reset();
    ingest::re_sort(model);
    Ok(())
}

/// Returns the moment of a time of day, on the day of the run as the shown clock has it.
fn moment_of(model: &Model, time: NaiveTime) -> Option<DateTime<Utc>> {
    let noon = model.displayed_run()?.last_event_at();
    let local = format::local_time(noon);
    noon.checked_add_signed(local.date().and_time(time) - local)
}

/// To the state after an event, at a moment, or at the event's own.
fn travel_to(model: &mut Model, seq: u64, at: Option<DateTime<Utc>>) {
    let of = model.travel.frozen_view().map_or(RunRef::Live, FrozenView::run_ref);
    let Some(record) = model.travel.recording_of(of) else { return };
    let (first, last, end) = (record.first_seq(), record.last_seq(), ends(model, of));
    if seq < first || (seq == first && at.is_some_and(|at| at < record.started_at())) {
        let since = format::format_time(record.state_at(first).last_event_at());
        model.set_status(AlertSeverity::Info, format!("no events before {since} are kept"));
        return;
    }
    let late = at.is_some_and(|at| end.is_some_and(|end| at > end));
    if seq > last || late {
        let text = if of == RunRef::Live { "this is the latest event" } else { "its end" };
        model.set_status(AlertSeverity::Info, text);
        return;
    }
    let here = model.travel.frozen_view().map(|still| still.run().last_seq());
    // An event's own moment, unless one is asked for.
    let at = at.unwrap_or(DateTime::<Utc>::MIN_UTC);
    if here.is_some_and(|here| here <= seq) {
        model.travel.advance_frozen_view(seq, at);
        model.travel.set_playback(None);
    } else {
        let still = FrozenView::new(of, record, seq, at);
        set_frozen_view(model, still);
    }
}

/// The last moment of a run: of the live one, now.
fn ends(model: &Model, of: RunRef) -> Option<DateTime<Utc>> {
    match of {
        RunRef::Live => Some(model.now),
        RunRef::Stored(_) => {
            let record = model.travel.recording_of(of)?;
            record.events_until(record.last_seq(), 1).next().map(|event| event.at)
        }
    }
}

/// Lets the moment move on by itself, or stand.
fn play(model: &mut Model) {
    match model.travel.frozen_view() {
        None => model.set_status(
            AlertSeverity::Info,
            "the live run needs no playback; `=` freezes the view",
        ),
        Some(still) if still.playing().is_some() => model.travel.set_playback(None),
        Some(still) => {
            let (of, here) = (still.run_ref(), still.run().last_seq());
            // At its end it plays from its beginning.
            if let Some(record) =
                model.travel.recording_of(of).filter(|record| here == record.last_seq())
            {
                let still = FrozenView::new(of, record, record.first_seq(), record.started_at());
                set_frozen_view(model, still);
            }
            let wall = model.wall;
            model.travel.set_playback(Some(wall));
        }
    }
}

/// Moves a playing moment on by the time that passed on the wall, as fast as the run's clock goes.
pub(crate) fn advance_playback(model: &mut Model) {
    let Some(since) = model.travel.frozen_view().and_then(FrozenView::playing) else { return };
    let wall = model.wall;
    let past = (wall - since).to_std().unwrap_or_default().mul_f64(model.settings.speed.max(1.0));
    let delta = TimeDelta::from_std(past).unwrap_or_default();
    let of = model.travel.frozen_view().map_or(RunRef::Live, FrozenView::run_ref);
    let end = ends(model, of);
    let at = model.displayed_moment() + delta;
    let over = end.is_some_and(|end| at >= end);
    let at = end.map_or(at, |end| at.min(end));
    let Some(seq) = model.travel.recording_of(of).map(|record| record.seq_at(at)) else { return };
    model.travel.advance_frozen_view(seq, at);
    model.travel.set_playback((!over).then_some(wall));
    model.tasks.reset();
    model.dirty = true;
}

/// Returns why an act is refused while somebody looks back; `None` for the live run. The brakes
/// hold always, and act on the live run.
pub(crate) fn refusal_while_frozen(model: &Model, act: CommandAction) -> Option<String> {
    let still = model.travel.frozen_view()?;
    let run = model.run.as_ref()?;
    let brake = match act {
        CommandAction::Halt => true,
        CommandAction::PauseAll => !run.closed_gates().contains_key(&engine::Gate::Engine),
        CommandAction::Trading(rung) => rung != TradingAction::ReEnable,
        CommandAction::PauseAgent
        | CommandAction::CancelRun
        | CommandAction::Flatten
        | CommandAction::Recover
        | CommandAction::RecoverPaused
        | CommandAction::Acknowledge
        | CommandAction::Task(_) => false,
    };
    let (what, key) = match still.run_ref() {
        RunRef::Live => ("the view is frozen", key(model, TimeAction::Freeze)),
        RunRef::Stored(_) => ("this is a replay", key(model, TimeAction::Freeze)),
    };
    (!brake).then(|| format!("{what}: no commands here; {key} returns to the live run"))
}

/// The key for an action of time, as the footer writes it.
fn key(model: &Model, time: TimeAction) -> String {
    let row = Binding::by_action(Action::Time(time));
    let chord = row.and_then(|row| model.settings.keymap.keys_of(row).first());
    chord.map_or_else(String::new, KeySequence::label)
}
