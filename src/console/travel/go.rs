//! Through time by keys: freezing, stepping, playing, opening a run, and back to the live one.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Of, Still};
use crate::{
    console::{
        action::{Act, Action, Rung, Time},
        fold,
        model::Model,
        nav::Screen,
        registry::{Keys, Row},
    },
    engine::Severity,
    present::words,
    time::Span,
};

/// How far the keys of minutes go.
const MINUTE: Span = Span::mins(1);

/// Looks at a moment, through the filter of the events.
fn look(model: &mut Model, mut still: Still) {
    still.set_filter(&model.event_stream.filter);
    model.travel.look(Some(still));
}

/// Does what a key of time asks.
pub(crate) fn go(model: &mut Model, time: Time) {
    if model.run.is_none() {
        model.say(Severity::Info, "there is no run yet");
        return;
    }
    match time {
        Time::Freeze if model.travel.still().is_some() => live(model),
        Time::Freeze => freeze(model),
        Time::Live => live(model),
        Time::Back => back(model),
        Time::Forward => forward(model),
        Time::MinuteBack => minute(model, -MINUTE.delta()),
        Time::MinuteForward => minute(model, MINUTE.delta()),
        Time::Play => play(model),
    }
    model.tasks.forget();
    fold::sort(model);
}

/// Holds the live run's moment.
fn freeze(model: &mut Model) {
    let Some(record) = model.travel.live() else { return };
    let still = Still::at(Of::Live, record, record.last(), model.now);
    look(model, still);
    let key = key(model, Time::Freeze);
    model.say(Severity::Info, format!("the view stands, the day goes on; {key} returns to it"));
}

/// Back to the live run.
pub(crate) fn live(model: &mut Model) {
    let Some(of) = model.travel.still().map(Still::of) else {
        model.say(Severity::Info, "this is the live run");
        return;
    };
    model.travel.look(None);
    if of != Of::Live {
        moved(model);
        model.nav.show(Screen::Runs);
    }
    model.notice = None;
    model.tasks.forget();
    fold::sort(model);
}

/// Opens a run that is over, or was only played, at its end.
pub(crate) fn open(model: &mut Model, of: Of) {
    let Some(record) = model.travel.record(of) else { return };
    let still = Still::at(of, record, record.last(), record.began());
    look(model, still);
    moved(model);
    model.nav.show(Screen::Day);
    model.tasks.forget();
    fold::sort(model);
    let [back, start, play] =
        [Time::Back, Time::MinuteBack, Time::Play].map(|time| key(model, time));
    model.say(
        Severity::Info,
        format!("its end: {back} {start} step back, {play} plays it from its start, Esc leaves it"),
    );
}

/// Another run fills the screens: what was selected belonged to the one before.
fn moved(model: &mut Model) {
    let first = model.shown().and_then(|run| run.agents().next().map(|(ix, _)| ix));
    model.agent = first;
    model.tasks.order.clear();
    model.tasks.cursor = None;
    model.event_stream.at = None;
    model.log_stream.at = None;
    model.scroll = 0;
    model.nav.forget();
}

/// One event back. From the live run, it freezes there.
fn back(model: &mut Model) {
    let seq = match model.travel.still() {
        Some(still) => still.run().last_seq(),
        None => model.travel.live().map_or(0, super::Record::last),
    };
    to(model, seq.saturating_sub(1), None);
}

/// One event on.
fn forward(model: &mut Model) {
    let Some(still) = model.travel.still() else {
        model.say(Severity::Info, "nothing comes after now");
        return;
    };
    let seq = still.run().last_seq() + 1;
    to(model, seq, None);
}

/// So much time back or on.
fn minute(model: &mut Model, by: TimeDelta) {
    if model.travel.still().is_none() && by > TimeDelta::zero() {
        model.say(Severity::Info, "nothing comes after now");
        return;
    }
    let at = model.moment() + by;
    let of = model.travel.still().map_or(Of::Live, Still::of);
    let seq = model.travel.record(of).map_or(0, |record| record.seq_at(at));
    to(model, seq, Some(at));
}

/// To the state after an event, at a moment, or at the event's own.
fn to(model: &mut Model, seq: u64, at: Option<DateTime<Utc>>) {
    let of = model.travel.still().map_or(Of::Live, Still::of);
    let Some(record) = model.travel.record(of) else { return };
    let (first, last, end) = (record.first(), record.last(), ends(model, of));
    if seq < first || (seq == first && at.is_some_and(|at| at < record.began())) {
        let since = words::time(record.state(first).at());
        model.say(Severity::Info, format!("nothing before {since} is kept of this run"));
        return;
    }
    let late = at.is_some_and(|at| end.is_some_and(|end| at > end));
    if seq > last || late {
        let text = if of == Of::Live { "this is now: nothing came after" } else { "its end" };
        model.say(Severity::Info, text);
        return;
    }
    let here = model.travel.still().map(|still| still.run().last_seq());
    // An event's own moment, unless one is asked for.
    let at = at.unwrap_or(DateTime::<Utc>::MIN_UTC);
    if here.is_some_and(|here| here <= seq) {
        model.travel.on(seq, at);
        model.travel.play(None);
    } else {
        let still = Still::at(of, record, seq, at);
        look(model, still);
    }
}

/// The last moment of a run: of the live one, now.
fn ends(model: &Model, of: Of) -> Option<DateTime<Utc>> {
    match of {
        Of::Live => Some(model.now),
        Of::Kept(_) => {
            let record = model.travel.record(of)?;
            record.until(record.last(), 1).next().map(|event| event.at)
        }
    }
}

/// Lets the moment move on by itself, or stand.
fn play(model: &mut Model) {
    match model.travel.still() {
        None => model.say(Severity::Info, "the live run plays by itself; `=` lets the view stand"),
        Some(still) if still.playing().is_some() => model.travel.play(None),
        Some(still) => {
            let (of, here) = (still.of(), still.run().last_seq());
            // At its end it plays from its beginning.
            if let Some(record) = model.travel.record(of).filter(|record| here == record.last()) {
                let still = Still::at(of, record, record.first(), record.began());
                look(model, still);
            }
            let wall = model.wall;
            model.travel.play(Some(wall));
        }
    }
}

/// Moves a playing moment on by the time that passed on the wall, as fast as the run's clock goes.
pub(crate) fn tick(model: &mut Model) {
    let Some(since) = model.travel.still().and_then(Still::playing) else { return };
    let wall = model.wall;
    let past = (wall - since).to_std().unwrap_or_default().mul_f64(model.settings.speed.max(1.0));
    let delta = TimeDelta::from_std(past).unwrap_or_default();
    let of = model.travel.still().map_or(Of::Live, Still::of);
    let end = ends(model, of);
    let at = model.moment() + delta;
    let over = end.is_some_and(|end| at >= end);
    let at = end.map_or(at, |end| at.min(end));
    let Some(seq) = model.travel.record(of).map(|record| record.seq_at(at)) else { return };
    model.travel.on(seq, at);
    model.travel.play((!over).then_some(wall));
    model.tasks.forget();
    model.dirty = true;
}

/// Why an act is refused while somebody looks back; `None` for the live run. The brakes hold
/// always, and act on the live run.
pub(crate) fn refuses(model: &Model, act: Act) -> Option<String> {
    let still = model.travel.still()?;
    let run = model.run.as_ref()?;
    let brake = match act {
        Act::Halt => !run.halted(),
        Act::PauseAll => !run.gates().contains_key(&crate::engine::Gate::Engine),
        Act::Trading(rung) => rung != Rung::Rearm,
        Act::PauseAgent
        | Act::EndRun
        | Act::Recover
        | Act::RecoverPaused
        | Act::Acknowledge
        | Act::Task(_) => false,
    };
    let (what, key) = match still.of() {
        Of::Live => ("the view is frozen", key(model, Time::Freeze)),
        Of::Kept(_) => ("this is a replay", key(model, Time::Freeze)),
    };
    (!brake).then(|| format!("{what}: nothing can be done in it; {key} returns to the live run"))
}

/// The key for an action of time, as the footer writes it.
fn key(model: &Model, time: Time) -> String {
    let row = Row::of(Action::Time(time));
    let chord = row.and_then(|row| model.settings.keymap.chords(row).first());
    chord.map_or_else(String::new, Keys::label)
}
