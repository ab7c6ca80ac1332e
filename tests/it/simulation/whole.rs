//! What must hold of a whole day and of the world outside, whatever happened on the way.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::{
    engine::{Event, ResetCause, RunState, TaskState},
    planning::{plan::TaskIx, workflow::EffectClass},
    runtime::Attendance,
};

use super::{day::Day, disk, told::Broken};

pub(crate) const ONCE: &str = "no effect happens twice under one key";
pub(crate) const KNOWN: &str = "every effect is known to the run";
pub(crate) const KEYS: &str = "one intent has one key, and one key one intent";
pub(crate) const ENDS: &str = "10: every day ends";
pub(crate) const SAID: &str = "7: what is said to be done was done";

/// Everything at the end of a day.
pub(crate) fn check(day: &Day) -> Result<(), Broken> {
    let found = disk::events(day)?;
    disk::check(day, &found)?;
    effects_are_one(day)?;
    keys_are_of_intents(day)?;
    effects_are_known(day)?;
    ends(day)
}

fn effects_are_one(day: &Day) -> Result<(), Broken> {
    let world = day.world();
    for (key, applied) in world.outside.counts() {
        if applied.len() > 1 {
            return Err(Broken::new(ONCE, format!("{key}: {applied:?}")));
        }
    }
    Ok(())
}

/// Folds the journal and gives for each attempt its intent: task, generation and round.
fn intents(day: &Day) -> BTreeMap<(TaskIx, u32), (TaskIx, u32, u32)> {
    let world = day.world();
    let mut journal = world.told.journal.iter();
    let mut intents = BTreeMap::new();
    let Some(mut run) = journal.next().and_then(|first| RunState::from_first_event(first).ok())
    else {
        return intents;
    };
    for recorded in journal {
        if let Event::TaskStarted { task, attempt } = recorded.event {
            let of = run.task(task);
            intents.insert((task, attempt), (task, of.generation, of.rounds));
        }
        if run.apply(recorded).is_err() {
            break;
        }
    }
    intents
}

fn keys_are_of_intents(day: &Day) -> Result<(), Broken> {
    let (mut by_key, mut by_intent) = (BTreeMap::new(), BTreeMap::new());
    for (attempt, intent) in intents(day) {
        let world = day.world();
        let Some(key) = world.outside.key(attempt).map(str::to_owned) else { continue };
        let one = by_intent.entry(intent).or_insert_with(|| key.clone());
        let other = by_key.entry(key.clone()).or_insert(intent);
        if *one != key || *other != intent {
            let what = format!("{attempt:?}: {intent:?} and {other:?}, {one} and {key}");
            return Err(Broken::new(KEYS, what));
        }
    }
    Ok(())
}

/// An effect that happened was answered for or is in doubt: no attempt that had one is said to have
/// failed, or is tried again as if it had none.
fn effects_are_known(day: &Day) -> Result<(), Broken> {
    let world = day.world();
    let applied: BTreeSet<_> = world
        .outside
        .all()
        .filter(|(_, applied)| applied.effect == EffectClass::Effectful)
        .map(|(_, applied)| (applied.task, applied.attempt))
        .collect();
    let mut living: BTreeMap<TaskIx, u32> = BTreeMap::new();
    for recorded in &world.told.journal {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest ends no attempt")]
        let denied = match &recorded.event {
            Event::TaskStarted { task, attempt } => {
                living.insert(*task, *attempt);
                None
            }
            Event::TaskFailed { task, why, .. } => {
                (*why != engine::NoRetryReason::Operator).then_some(*task)
            }
            Event::TaskRetrying { task, .. }
            | Event::TaskTimedOut { task, .. }
            | Event::TaskMissed { task }
            | Event::TaskReset {
                task,
                cause:
                    ResetCause::OperatorResolved
                    | ResetCause::ProbeFoundNothing
                    | ResetCause::FoundUnfinished,
            } => Some(*task),
            _ => None,
        };
        let attempt = denied.and_then(|task| Some((task, *living.get(&task)?)));
        if let Some(attempt) = attempt.filter(|attempt| applied.contains(attempt)) {
            let name = recorded.event.kind_name();
            let what = format!("event {}, {name}: {attempt:?} had an effect", recorded.seq);
            return Err(Broken::new(KNOWN, what));
        }
    }
    let Some(run) = &world.told.fold else { return Ok(()) };
    for (task, attempt) in applied {
        let begun = run.task(task).attempt >= attempt && living.contains_key(&task);
        if !begun {
            return Err(Broken::new(KNOWN, format!("nobody knows of {task:?}/{attempt}")));
        }
    }
    Ok(())
}

/// A day nobody attends ends by itself; nothing of it is left behind but what is in doubt.
fn ends(day: &Day) -> Result<(), Broken> {
    let Some(run) = day.run() else { return Ok(()) };
    if day.company.attendance == Attendance::Unattended && !run.has_ended() {
        let left: Vec<_> = run
            .tasks()
            .filter(|(_, task)| !task.state.is_terminal())
            .map(|(ix, task)| (ix, task.state))
            .collect();
        return Err(Broken::new(
            ENDS,
            format!("at {} there is left: {left:?}", run.last_event_at()),
        ));
    }
    if run.has_ended() {
        for (ix, task) in run.tasks() {
            if !task.state.is_terminal() && task.state != TaskState::InDoubt {
                let what = format!("the run ended over {ix:?}, which is {:?}", task.state);
                return Err(Broken::new(ENDS, what));
            }
        }
    }
    Ok(())
}

/// What the driver says it has done stands in the journal.
pub(crate) fn orders_are_told(day: &Day) -> Result<(), Broken> {
    let world = day.world();
    let missing = day.operator.told.iter().find(|id| !world.told.knows(**id));
    match missing {
        None => Ok(()),
        Some(id) => {
            let what = format!("order {id} was said to be done and was not recorded");
            Err(Broken::new(SAID, what))
        }
    }
}
