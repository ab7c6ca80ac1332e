//! The run's facts into the model: the same fold the engine makes, and the lists that follow it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    commands,
    event_window::EventWindow,
    model::{Model, StatusMessage},
    msg::{Effect, QuitMode},
    popup::{self, Popup},
    screens,
    selections::Selections,
    task_list::TaskList,
    time_travel::RunRecording,
};
use engine::{AlertSeverity, Event, RecordedEvent, RunState, TaskState};
use planning::{plan::TaskIx, time::Span};
use view::{event_line, format, histogram::Histogram, pulse::ActivityCounts};

/// Takes facts in. Asks for the whole run when some are missing; may do so more than once.
pub(super) fn events(model: &mut Model, batch: &[Arc<RecordedEvent>]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut calls = Vec::new();
    let taken_up = taken_up(model);
    for recorded in batch {
        let entries = model.audit.add_event(model.run.as_ref(), recorded);
        if !folded(model, recorded) {
            effects.push(Effect::Resync);
            break;
        }
        let Some(run) = &model.run else { break };
        // Who looks back sees another state than this.
        let still = model.travel.frozen_view().is_some();
        if let Some(task) = recorded.event.task().filter(|_| !still) {
            model.tasks.mark_changed(run, task);
        }
        if model.events.newest_seq().is_some_and(|last| last >= recorded.seq) {
            continue;
        }
        let severity = event_line::severity(&recorded.event, run.plan());
        let asks = approval_message(run, &recorded.event);
        match &asks {
            Some((_, text)) => calls.push(text.clone()),
            None if severity == AlertSeverity::Critical => {
                let line = event_line::event_line(recorded, run.plan());
                calls.push(format!("{} {}", line.kind, line.what));
            }
            None => {}
        }
        if let Some((task, text)) = asks {
            let (severity, since) = (AlertSeverity::Warning, model.wall);
            model.notice = Some(StatusMessage { text, severity, since, about: Some(task) });
        }
        if let Some(notable) = notable(run, recorded, severity, model.wall) {
            model.loud = Some(notable);
        }
        model.audit.push(entries, recorded, run.plan());
        model.pulse.count_event(recorded);
        model.events.push(recorded, run, model.now);
        model.histogram.add(recorded.at, severity);
    }
    if taken_up {
        screens::recovery::model::leave(model);
        popup::late_start::open_after_recovery(model);
    }
    if small(model) {
        re_sort(model);
    }
    for text in calls {
        effects.extend(model.calls.notify(&text, model.wall).map(|text| notify(model, text)));
    }
    effects.extend(after_update(model));
    effects
}

fn taken_up(model: &Model) -> bool {
    screens::recovery::model::recovering_run(model).is_some()
}

/// Returns what is said when a task asks a person.
fn approval_message(run: &RunState, event: &Event) -> Option<(TaskIx, String)> {
    let Event::TaskStarted { task, .. } = event else { return None };
    let id = &run.plan().task(*task).id;
    run.is_human_task(*task).then(|| (*task, format!("{id} needs approval: press a")))
}

/// Returns what of an event is worth a line over the footer: what went wrong, and that it went well
/// in the end. Stands there for a time on the wall, since a virtual clock may be long past it.
fn notable(
    run: &RunState,
    recorded: &RecordedEvent,
    severity: AlertSeverity,
    since: DateTime<Utc>,
) -> Option<StatusMessage> {
    let about = failed_task(&recorded.event);
    let said = |text: String| StatusMessage { text, severity, since, about };
    // A task blocked says less than the one that blocks it, which came before.
    if matches!(recorded.event, Event::TaskUpstreamFailed { .. }) {
        return None;
    }
    let time = format::format_time(recorded.at);
    if severity > AlertSeverity::Info {
        let line = event_line::event_line(recorded, run.plan());
        let help =
            about.map(|ix| format!("  :retry {}", run.plan().task(ix).id)).unwrap_or_default();
        let kind = line.kind.to_lowercase().replace('_', " ");
        return Some(said(format!("{time} {kind} {}{help}", line.what)));
    }
    let Event::TaskCompleted { task, .. } = &recorded.event else { return None };
    let spent = run.task(*task).attempts_used();
    let id = &run.plan().task(*task).id;
    (spent > 1).then(|| said(format!("{time} {id} completed on attempt {spent}")))
}

/// Returns the task that needs a retry after an event.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other event fails a task")]
const fn failed_task(event: &Event) -> Option<TaskIx> {
    match event {
        Event::TaskFailed { task, .. } | Event::TaskTimedOut { task, .. } => Some(*task),
        _other => None,
    }
}

/// Returns what was held back of the calls, once it may be told.
pub(super) fn due_notification(model: &mut Model) -> Option<Effect> {
    let text = model.calls.due_notification(model.wall)?;
    Some(notify(model, text))
}

/// Calls a person. The run's day is named: there may be several consoles on one desktop.
fn notify(model: &Model, body: String) -> Effect {
    let day = model.run.as_ref().map(|run| {
        let plan = run.plan();
        format!(" {} {}", plan.mode.as_str(), plan.date)
    });
    Effect::Notify { title: format!("bellwether{}", day.unwrap_or_default()), body }
}

/// Folds one fact in; `false` when facts are missing before it.
fn folded(model: &mut Model, recorded: &Arc<RecordedEvent>) -> bool {
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
        _none_or_new_run => match RunState::from_first_event(recorded) {
            Ok(run) => {
                start_run(model, run, Some(recorded));
                true
            }
            Err(_not_the_first) => false,
        },
    }
}

fn start_run(model: &mut Model, run: RunState, opening: Option<&Arc<RecordedEvent>>) {
    model.now = model.now.max(run.last_event_at());
    model.travel.start_live(&run, opening);
    screens::dry_run::model::reset(model);
    model.run = Some(run);
    model.events.clear();
    model.histogram = Histogram::default();
    model.pulse = ActivityCounts::default();
    model.overlays.clear();
    model.tasks.order.clear();
    model.tasks.reset();
    model.tasks.cursor = None;
    model.agent = None;
    model.tasks.marks.clear();
    model.sights = Selections::default();
    model.event_stream.reset();
    model.nav.clear_history();
    screens::recovery::model::open(model);
}

/// Takes the whole run in, after facts were missed.
pub(super) fn on_snapshot(model: &mut Model, run: RunState) -> Vec<Effect> {
    let same = model.run.as_ref().is_some_and(|old| old.plan().run == run.plan().run);
    if same {
        model.travel.restart_live(&run);
        if model.run.as_ref().is_none_or(|old| old.last_seq() < run.last_seq()) {
            model.audit.mark_gap();
        }
        let (before, now) = (taken_up(model), run.is_recovering());
        model.run = Some(run);
        model.tasks.reset();
        match (before, now) {
            (false, true) => screens::recovery::model::open(model),
            (true, false) => screens::recovery::model::leave(model),
            (true, true) | (false, false) => {}
        }
    } else {
        start_run(model, run, None);
        model.audit.reset(false);
    }
    re_sort(model);
    let mut effects = after_update(model);
    effects.extend(history_request(model));
    effects
}

/// Returns the request for the events before a snapshot.
fn history_request(model: &Model) -> Option<Effect> {
    let run = model.run.as_ref()?.plan().run.clone();
    let until = model.travel.live_recording().map(RunRecording::first_seq)?;
    Some(Effect::LoadHistory { run, until })
}

/// Takes in the events before a snapshot: every list shows the whole run from then on, and time travel
/// goes back to its start. Events of another run, or with a gap before the snapshot, change nothing.
pub(super) fn on_history(model: &mut Model, earlier: Vec<Arc<RecordedEvent>>) -> Vec<Effect> {
    let Some((live, run)) = model.travel.live_recording().zip(model.run.as_ref()) else {
        return Vec::new();
    };
    let until = live.first_seq();
    let mut all: Vec<_> = earlier.into_iter().take_while(|event| event.seq <= until).collect();
    if all.last().is_none_or(|last| last.seq != until) {
        return Vec::new();
    }
    all.extend(live.events_until(u64::MAX, usize::MAX).filter(|e| e.seq > until).cloned());
    let name = run.plan().run.clone();
    match RunRecording::from_events(&all) {
        Ok(record) if record.state_at(1).plan().run == name => retell(model, &all, record),
        Ok(_other_run) => {}
        Err(error) => {
            let text = format!("cannot show the run before this console: {error}");
            model.set_status(AlertSeverity::Warning, text);
        }
    }
    Vec::new()
}

/// Fills every list from the events of a whole run.
fn retell(model: &mut Model, all: &[Arc<RecordedEvent>], record: RunRecording) {
    model.events.clear();
    (model.histogram, model.pulse) = (Histogram::default(), ActivityCounts::default());
    let heads = model.audit.heads();
    let mut folded: Option<RunState> = None;
    for recorded in all {
        let entries = model.audit.add_event(folded.as_ref(), recorded);
        let applied = match &mut folded {
            Some(run) => run.apply(recorded),
            None => RunState::from_first_event(recorded).map(|run| folded = Some(run)),
        };
        // The recording applied the same events before.
        let (Ok(()), Some(run)) = (applied, &folded) else { return };
        let severity = event_line::severity(&recorded.event, run.plan());
        model.audit.push(entries, recorded, run.plan());
        model.pulse.count_event(recorded);
        model.events.push(recorded, run, model.now);
        model.histogram.add(recorded.at, severity);
    }
    model.audit.restore_heads(heads);
    model.travel.replace_live(record);
    filter_step(model);
}

/// Orders the tasks anew, unless the order stands still.
pub(super) fn re_sort(model: &mut Model) {
    if model.tasks.order.is_empty() || !model.sort_is_locked() {
        sort_now(model);
    }
}

/// Orders the tasks anew because a person asked for another order or another filter.
pub(super) fn sort_now(model: &mut Model) {
    let most = if small(model) { usize::MAX } else { TaskList::SLICE };
    let mut tasks = std::mem::take(&mut model.tasks);
    if let Some(run) = model.displayed_run() {
        let moved = tasks.apply_changes(run, model.displayed_moment(), most);
        tasks.sorted_at = Some(model.wall);
        model.dirty |= moved;
    }
    model.tasks = tasks;
}

/// Returns whether the list of tasks is short enough to be put in order at once.
fn small(model: &Model) -> bool {
    model.run.as_ref().is_some_and(|run| run.tasks().len() <= Model::SORT_AT_ONCE)
}

/// Shortest time between two new orders of a long list: rows that move more often cannot be read.
const ORDER_MIN: Span = Span::millis(500);

/// Updates the lists for the time that has passed: sorts again when due, and re-applies filters on
/// age.
pub(super) fn on_tick(model: &mut Model, second: bool) {
    let lately = |at: DateTime<Utc>| model.wall - at < ORDER_MIN.to_delta();
    let due = if small(model) {
        model.dirty
    } else {
        let aged = second && model.tasks.filter.depends_on_time();
        (model.tasks.needs_sort() || aged) && !model.tasks.sorted_at.is_some_and(lately)
    };
    if due {
        re_sort(model);
    }
    if second {
        model.events.on_time_passed();
    }
}

/// Goes on with the filters that have not been tried on everything. Nothing changes its place in
/// the list by that; under a dialog nothing may come in between either.
pub(super) fn filter_step(model: &mut Model) {
    if matches!(model.overlays.last(), None | Some(Popup::Filter(_))) {
        let mut tasks = std::mem::take(&mut model.tasks);
        let moment = model.displayed_moment();
        model.dirty |= model
            .displayed_run()
            .is_some_and(|run| tasks.filter_more(run, moment, TaskList::SLICE));
        model.tasks = tasks;
    }
    let Some(run) = &model.run else { return };
    model.dirty |= model.events.filter_more(run, model.now, EventWindow::SLICE);
}

/// Returns what follows from a new state: the open force dialog, and leaving once nothing runs.
pub(super) fn after_update(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    if model.agent.is_none() {
        model.agent = run.agents().next().map(|(ix, _)| ix);
    }
    let answered = |ix: TaskIx| !run.task(ix).state.is_active();
    if model.notice.as_ref().and_then(|notice| notice.about).is_some_and(answered) {
        model.notice = None;
    }
    let idle =
        run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling) == 0;
    let done = model.leaving.is_some() && (idle || run.has_ended());
    let mut effects = if done { vec![Effect::Quit(QuitMode::Drained)] } else { Vec::new() };
    effects.extend(commands::refresh_if_stale(model));
    effects
}
