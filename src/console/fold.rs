//! The run's facts into the model: the same fold the engine makes, and the lists that follow it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    acts,
    list::TaskList,
    model::{Model, Notice},
    msg::{Effect, Quit},
    overlay::{self, Overlay},
    screen,
    sights::Sights,
    store::Events,
};
use crate::{
    engine::{Event, Recorded, RunState, Severity, TaskState},
    plan::TaskIx,
    present::{events, histogram::Histogram, pulse::Pulse, words},
    time::Span,
};

/// Takes facts in. Asks for the whole run when some are missing; may do so more than once.
pub(super) fn events(model: &mut Model, batch: &[Arc<Recorded>]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut calls = Vec::new();
    let taken_up = taken_up(model);
    for recorded in batch {
        let entries = model.audit.entries(model.run.as_ref(), recorded);
        if !folded(model, recorded) {
            effects.push(Effect::Resync);
            break;
        }
        let Some(run) = &model.run else { break };
        // Who looks back sees another state than this.
        let still = model.travel.still().is_some();
        if let Some(task) = recorded.event.task().filter(|_| !still) {
            model.tasks.note(run, task);
        }
        if model.events.newest().is_some_and(|last| last >= recorded.seq) {
            continue;
        }
        let severity = events::severity(&recorded.event, run.plan());
        let asks = asks(run, &recorded.event);
        match &asks {
            Some((_, text)) => calls.push(text.clone()),
            None if severity == Severity::Critical => {
                let line = events::line(recorded, run.plan());
                calls.push(format!("{} {}", line.kind, line.what));
            }
            None => {}
        }
        if let Some((task, text)) = asks {
            let (severity, since) = (Severity::Warning, model.wall);
            model.notice = Some(Notice { text, severity, since, about: Some(task) });
        }
        if let Some(notable) = notable(run, recorded, severity, model.wall) {
            model.loud = Some(notable);
        }
        model.audit.push(entries, recorded, run.plan());
        model.pulse.add(recorded);
        model.events.push(recorded, run, model.now);
        model.histogram.add(recorded.at, severity);
    }
    if taken_up {
        screen::recovery::went_on(model);
        overlay::late::went_on(model);
    }
    if small(model) {
        sort(model);
    }
    for text in calls {
        effects.extend(model.calls.call(&text, model.wall).map(|text| notify(model, text)));
    }
    effects.extend(settle(model));
    effects
}

fn taken_up(model: &Model) -> bool {
    screen::recovery::taken_up(model).is_some()
}

/// What is said when a task asks a person.
fn asks(run: &RunState, event: &Event) -> Option<(TaskIx, String)> {
    let Event::TaskStarted { task, .. } = event else { return None };
    let id = &run.plan().task(*task).id;
    run.human(*task).then(|| (*task, format!("{id} asks you: press a to see it and to answer")))
}

/// What of an event is worth a line over the footer: what went wrong, and that it went well in
/// the end. Stands there for a time on the wall, since a virtual clock may be long past it.
fn notable(
    run: &RunState,
    recorded: &Recorded,
    severity: Severity,
    since: DateTime<Utc>,
) -> Option<Notice> {
    let said = |text: String| Notice { text, severity, since, about: None };
    // A task blocked says less than the one that blocks it, which came before.
    if matches!(recorded.event, Event::TaskUpstreamFailed { .. }) {
        return None;
    }
    let time = words::time(recorded.at);
    if severity > Severity::Info {
        let line = events::line(recorded, run.plan());
        return Some(said(format!("{time} {} {}", line.kind, line.what)));
    }
    let Event::TaskCompleted { task, .. } = &recorded.event else { return None };
    let spent = run.task(*task).spent();
    let id = &run.plan().task(*task).id;
    (spent > 1).then(|| said(format!("{time} {id} went well at attempt {spent}")))
}

/// What was held back of the calls, once it may be told.
pub(super) fn rest(model: &mut Model) -> Option<Effect> {
    let text = model.calls.rest(model.wall)?;
    Some(notify(model, text))
}

/// Calls a person. The run's day is named: there may be several consoles on one desktop.
fn notify(model: &Model, body: String) -> Effect {
    let day = model.run.as_ref().map(|run| {
        let plan = run.plan();
        format!(" {} {}", plan.mode.word(), plan.date)
    });
    Effect::Notify { title: format!("bellwether{}", day.unwrap_or_default()), body }
}

/// Folds one fact in; `false` when facts are missing before it.
fn folded(model: &mut Model, recorded: &Arc<Recorded>) -> bool {
    match &mut model.run {
        Some(run) if recorded.seq > 1 => {
            // What a snapshot already knew comes again from the queue.
            let known = recorded.seq <= run.last_seq();
            let taken = known || run.apply(recorded).is_ok();
            if taken && !known {
                model.travel.push(recorded, run);
            }
            taken
        }
        _none_or_new_run => match RunState::begin(recorded) {
            Ok(run) => {
                begin(model, run, Some(recorded));
                true
            }
            Err(_not_the_first) => false,
        },
    }
}

fn begin(model: &mut Model, run: RunState, opening: Option<&Arc<Recorded>>) {
    model.now = model.now.max(run.at());
    model.travel.begin(&run, opening);
    screen::plan::forget(model);
    model.run = Some(run);
    model.events.clear();
    model.histogram = Histogram::default();
    model.pulse = Pulse::default();
    model.overlays.clear();
    model.tasks.order.clear();
    model.tasks.forget();
    model.tasks.cursor = None;
    model.agent = None;
    model.tasks.marks.clear();
    model.sights = Sights::default();
    model.event_stream.anew();
    model.nav.forget();
    screen::recovery::begin(model);
}

/// Takes the whole run in, after facts were missed.
pub(super) fn snapshot(model: &mut Model, run: RunState) -> Vec<Effect> {
    let same = model.run.as_ref().is_some_and(|old| old.plan().run == run.plan().run);
    if same {
        model.travel.resume(&run);
        if model.run.as_ref().is_none_or(|old| old.last_seq() < run.last_seq()) {
            model.audit.missed();
        }
        let (before, now) = (taken_up(model), run.recovering());
        model.run = Some(run);
        model.tasks.forget();
        match (before, now) {
            (false, true) => screen::recovery::begin(model),
            (true, false) => screen::recovery::went_on(model),
            (true, true) | (false, false) => {}
        }
    } else {
        begin(model, run, None);
        model.audit.begin(false);
    }
    sort(model);
    settle(model)
}

/// Orders the tasks anew, unless the order stands still.
pub(super) fn sort(model: &mut Model) {
    if model.tasks.order.is_empty() || !model.frozen() {
        sort_now(model);
    }
}

/// Orders the tasks anew because a person asked for another order or another filter.
pub(super) fn sort_now(model: &mut Model) {
    let most = if small(model) { usize::MAX } else { TaskList::SLICE };
    let mut tasks = std::mem::take(&mut model.tasks);
    if let Some(run) = model.shown() {
        let moved = tasks.settle(run, model.moment(), most);
        tasks.sorted_at = Some(model.wall);
        model.dirty |= moved;
    }
    model.tasks = tasks;
}

/// Whether the list of tasks is short enough to be put in order at once.
fn small(model: &Model) -> bool {
    model.run.as_ref().is_some_and(|run| run.tasks().len() <= Model::SORT_AT_ONCE)
}

/// Shortest time between two new orders of a long list: rows that move more often cannot be read.
const ORDER_MIN: Span = Span::millis(500);

/// What time brings to the lists: a new order, when one is due, and other ages for the filters.
pub(super) fn tick(model: &mut Model, second: bool) {
    let lately = |at: DateTime<Utc>| model.wall - at < ORDER_MIN.delta();
    let due = if small(model) {
        model.dirty
    } else {
        let aged = second && model.tasks.filter.timed();
        (model.tasks.stale() || aged) && !model.tasks.sorted_at.is_some_and(lately)
    };
    if due {
        sort(model);
    }
    if second {
        model.events.aged();
    }
}

/// Goes on with the filters that have not been tried on everything. Nothing changes its place in
/// the list by that; under a dialog nothing may come in between either.
pub(super) fn work(model: &mut Model) {
    if matches!(model.overlays.last(), None | Some(Overlay::Filter(_))) {
        let mut tasks = std::mem::take(&mut model.tasks);
        let moment = model.moment();
        model.dirty |= model.shown().is_some_and(|run| tasks.more(run, moment, TaskList::SLICE));
        model.tasks = tasks;
    }
    let Some(run) = &model.run else { return };
    model.dirty |= model.events.more(run, model.now, Events::SLICE);
}

/// What follows from a new state: the open force dialog, and leaving once nothing runs.
pub(super) fn settle(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    if model.agent.is_none() {
        model.agent = run.agents().next().map(|(ix, _)| ix);
    }
    let answered = |ix: TaskIx| !run.task(ix).state.active();
    if model.notice.as_ref().and_then(|notice| notice.about).is_some_and(answered) {
        model.notice = None;
    }
    let idle = run.count(TaskState::Running) + run.count(TaskState::Cancelling) == 0;
    let done = model.leaving.is_some() && (idle || run.ended());
    let mut effects = if done { vec![Effect::Quit(Quit::Drained)] } else { Vec::new() };
    effects.extend(acts::moved(model));
    effects
}
