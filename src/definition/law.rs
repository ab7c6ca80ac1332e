//! Rules that bind several values of one task: its effect, its retries, its hours.

use std::ops::Range;

use super::{
    Effect, TaskSet,
    code::{
        EARLY_DEADLINE, IDLE_RETRIES, LONG_ROUND, LONG_TIMEOUT, NO_EFFECT, OUTSIDE_STAGE,
        RETRIES_OF_ORDERS, RETRIES_OF_PEOPLE,
    },
    default_effect, hours,
    registry::builtin_effect,
    task::{Draft, Places},
};
use crate::{
    id::AgentId,
    time::{Span, Window},
    yaml::Sink,
};

/// A task as the rules see it: an overlay's `set` is judged with the values it leaves alone.
pub(super) struct Case<'a> {
    pub agent: Option<&'a AgentId>,
    /// The effect as written.
    pub effect: Option<Effect>,
    /// All other values, merged.
    pub set: &'a TaskSet,
    pub in_group: bool,
    /// Window of the stage.
    pub stage: Option<Window>,
    /// Where the values stand; what is absent here is not this file's to answer for.
    pub places: &'a Places,
    pub span: &'a Range<usize>,
}

/// Judges a task of a workflow, or one an overlay adds.
pub(super) fn judge_draft(draft: &Draft, stage: Option<Window>, sink: &mut Sink) {
    let case = Case {
        agent: draft.agent.as_ref(),
        effect: draft.effect,
        set: &draft.set,
        in_group: draft.group.is_some(),
        stage,
        places: &draft.places,
        span: &draft.span,
    };
    if case.effect.is_none()
        && let Some(agent) = case.agent
        && builtin_effect(agent).is_none()
    {
        let message = format!("the task of `{agent}` does not say what its effect is");
        sink.report(NO_EFFECT, case.span, message)
            .label("taken for `effectful`: never repeated by the machine")
            .help("add `effect: pure` if it may be repeated freely");
    }
    judge(&case, sink);
}

/// Judges values that bind each other.
pub(super) fn judge(case: &Case<'_>, sink: &mut Sink) {
    retries(case, sink);
    let Some(window) = case.set.window.or(case.stage) else { return };
    deadline(case, window, sink);
    lengths(case, window, sink);
    if let (Some(span), Some(own), Some(stage)) =
        (case.places.get("window"), case.set.window, case.stage)
    {
        outside(case, (own, stage), span, sink);
    }
}

fn retries(case: &Case<'_>, sink: &mut Sink) {
    let Some(span) = case.places.get("max_retries") else { return };
    let Some(count) = case.set.max_retries.filter(|count| *count > 0) else { return };
    let implied = case.agent.map(default_effect);
    let place = case.places.get("effect");
    match (case.effect.or(implied), case.effect.is_some()) {
        (Some(Effect::Effectful), true) => {
            let message =
                format!("an effectful task is never repeated, yet `max_retries` is {count}");
            let problem = sink.report(RETRIES_OF_ORDERS, span, message);
            problem.label("would send the order again").help("write `max_retries: 0`");
            if let Some(place) = place {
                problem.also(place, "declared here");
            }
        }
        (Some(Effect::Human), _) => {
            let message = format!("a person is asked once, yet `max_retries` is {count}");
            let problem = sink.report(RETRIES_OF_PEOPLE, span, message);
            problem.label("would ask again").help("write `max_retries: 0`: silence rejects");
            if let Some(place) = place {
                problem.also(place, "declared here");
            }
        }
        (Some(Effect::Effectful), false) => {
            let message = "these retries never happen: the task is `effectful` by default".into();
            sink.report(IDLE_RETRIES, span, message)
                .label("not used")
                .help("add `effect: pure` if the task only reads, else write `max_retries: 0`");
        }
        (Some(Effect::Pure | Effect::Keyed) | None, _) => {}
    }
}

fn deadline(case: &Case<'_>, window: Window, sink: &mut Sink) {
    let (Some(deadline), Some(window_at)) =
        (case.set.deadline, case.places.get("deadline").or(case.places.get("window")))
    else {
        return;
    };
    if hours::ordinary(deadline) > hours::ordinary(window.from) {
        return;
    }
    let message = format!("the deadline {deadline} is over before the window {window} opens");
    sink.report(EARLY_DEADLINE, window_at, message).label("no task could keep it");
}

fn lengths(case: &Case<'_>, window: Window, sink: &mut Sink) {
    let room = hours::length(window);
    let longer = |span: Span| i64::try_from(span.as_millis()).is_ok_and(|ms| ms > room);
    if let (Some(every), Some(at)) = (case.set.every, case.places.get("every"))
        && longer(every)
    {
        let message = format!("a round every {every} happens once in the window {window}");
        sink.report(LONG_ROUND, at, message).label("longer than the window");
    }
    if let (Some(timeout), Some(at)) = (case.set.timeout, case.places.get("timeout"))
        && longer(timeout)
    {
        let message = format!("the timeout of {timeout} is longer than the window {window}");
        sink.report(LONG_TIMEOUT, at, message).label("longer than the window");
    }
}

/// Tasks of a named group (`closing`) have hours of their own; others should meet their stage's.
fn outside(case: &Case<'_>, (own, stage): (Window, Window), span: &Range<usize>, sink: &mut Sink) {
    let apart = hours::ordinary(own.to) <= hours::ordinary(stage.from)
        || hours::ordinary(own.from) >= hours::ordinary(stage.to);
    if apart && !case.in_group {
        let message = format!("the window {own} lies outside of the stage's {stage}");
        sink.report(OUTSIDE_STAGE, span, message)
            .label("the stage is never open then")
            .help("give the task a `group` if it is meant to have hours of its own");
    }
}
