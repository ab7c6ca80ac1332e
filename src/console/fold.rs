//! The run's facts into the model: the same fold the engine makes, and the lists that follow it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    model::{Model, Notice},
    msg::{Effect, Quit},
    overlay::Overlay,
    sights::Sights,
};
use crate::{
    engine::{Event, Recorded, RunState, Severity, TaskState},
    plan::TaskIx,
    present::{
        audit::audit,
        board,
        events::{self, EventLine},
        pulse::Pulse,
    },
    time::Span,
};

/// Takes facts in. Asks for the whole run when some are missing; may do so more than once.
pub(super) fn events(model: &mut Model, batch: &[Arc<Recorded>]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut loud = false;
    for recorded in batch {
        if !folded(model, recorded) {
            effects.push(Effect::Resync);
            break;
        }
        let Some(run) = &model.run else { break };
        if model.events.back().is_some_and(|last| last.seq >= recorded.seq) {
            continue;
        }
        let line = events::line(recorded, run.plan());
        let asks = asks(run, &recorded.event);
        let notable = notable(run, &recorded.event, &line, model.wall);
        loud |= line.severity == Severity::Critical || asks.is_some();
        if let Some((task, text)) = asks {
            let (severity, since) = (Severity::Warning, model.wall);
            model.notice = Some(Notice { text, severity, since, about: Some(task) });
        }
        if notable.is_some() {
            model.loud = notable;
        }
        model.audit.extend(audit(recorded, run.plan()));
        model.pulse.add(recorded);
        model.events.push_back(line);
    }
    let surplus = model.events.len().saturating_sub(Model::EVENTS_MAX);
    model.events.drain(..surplus);
    let surplus = model.audit.len().saturating_sub(Model::AUDIT_MAX);
    model.audit.drain(..surplus);
    let small = model.run.as_ref().is_some_and(|run| run.tasks().len() <= Model::SORT_AT_ONCE);
    if small {
        sort(model);
    }
    effects.extend(loud.then(|| ring(model)).flatten());
    effects.extend(settle(model));
    effects
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
    event: &Event,
    line: &EventLine,
    since: DateTime<Utc>,
) -> Option<Notice> {
    let time: String = line.time.chars().take(8).collect();
    let said = |text: String| Notice { text, severity: line.severity, since, about: None };
    // A task blocked says less than the one that blocks it, which came before.
    if matches!(event, Event::TaskUpstreamFailed { .. }) {
        return None;
    }
    if line.severity > Severity::Info {
        return Some(said(format!("{time} {} {}", line.kind, line.what)));
    }
    let Event::TaskCompleted { task, .. } = event else { return None };
    let spent = run.task(*task).spent();
    let id = &run.plan().task(*task).id;
    (spent > 1).then(|| said(format!("{time} {id} went well at attempt {spent}")))
}

/// Least time between two rings: more of them say no more.
const RING_MIN: Span = Span::secs(5);

fn ring(model: &mut Model) -> Option<Effect> {
    let lately = |rang: DateTime<Utc>| model.wall - rang < RING_MIN.delta();
    if model.rang.is_some_and(lately) {
        return None;
    }
    model.rang = Some(model.wall);
    Some(Effect::Bell)
}

/// Folds one fact in; `false` when facts are missing before it.
fn folded(model: &mut Model, recorded: &Recorded) -> bool {
    match &mut model.run {
        Some(run) if recorded.seq > 1 => {
            // What a snapshot already knew comes again from the queue.
            recorded.seq <= run.last_seq() || run.apply(recorded).is_ok()
        }
        _none_or_new_run => match RunState::begin(recorded) {
            Ok(run) => {
                begin(model, run);
                true
            }
            Err(_not_the_first) => false,
        },
    }
}

fn begin(model: &mut Model, run: RunState) {
    model.now = model.now.max(run.at());
    model.run = Some(run);
    model.events.clear();
    model.audit.clear();
    model.pulse = Pulse::default();
    model.overlays.clear();
    model.tasks.order.clear();
    model.tasks.cursor = None;
    model.agent = None;
    model.sights = Sights::default();
    model.event_stream.at = None;
    model.nav.forget();
}

/// Takes the whole run in, after facts were missed.
pub(super) fn snapshot(model: &mut Model, run: RunState) -> Vec<Effect> {
    let same = model.run.as_ref().is_some_and(|old| old.plan().run == run.plan().run);
    if same {
        model.run = Some(run);
    } else {
        begin(model, run);
    }
    sort(model);
    settle(model)
}

/// Orders the tasks anew, unless a dialog is open: the list below it must not move.
pub(super) fn sort(model: &mut Model) {
    let frozen = !model.overlays.is_empty() && !model.tasks.order.is_empty();
    let Some(run) = model.run.as_ref().filter(|_| !frozen) else { return };
    let row = model.tasks.row();
    let sort = board::Sort::default();
    model.tasks.order = board::order(run, model.now, sort, &model.tasks.filter);
    // The cursor stays on its task; if that is no longer shown, on the one in its place.
    if model.tasks.cursor.is_some() && model.tasks.row().is_none() {
        let last = model.tasks.order.len().saturating_sub(1);
        let place = row.unwrap_or(0).min(last);
        model.tasks.cursor = model.tasks.order.get(place).copied();
    }
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
    for overlay in &mut model.overlays {
        if let Overlay::Force(force) = overlay {
            force.refresh(run, model.now);
        }
    }
    let idle = run.count(TaskState::Running) + run.count(TaskState::Cancelling) == 0;
    let done = model.leaving.is_some() && (idle || run.ended());
    if done { vec![Effect::Quit(Quit::Drained)] } else { Vec::new() }
}
