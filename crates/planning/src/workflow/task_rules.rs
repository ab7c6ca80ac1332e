//! Rules that involve several values of a task: effect class, retries, windows.

use std::ops::Range;

use super::{
    EffectClass, TaskOverrides,
    agent_catalog::builtin_effect,
    codes::{
        BAD_DEMAND, EARLY_DEADLINE, IDLE_RETRIES, LONG_ROUND, LONG_TIMEOUT, NO_EFFECT,
        OUTSIDE_STAGE, RETRIES_OF_ORDERS, RETRIES_OF_PEOPLE,
    },
    default_effect, ordinary_day,
    task_draft::{TaskDraft, ValueSpans},
};
use crate::{
    id::{AgentId, TaskId},
    time::{Span, Window},
};
use diag::{Diagnostic, DiagnosticCollector};

/// The values of a task under check; an overlay's `set` is merged with the values it leaves
/// unchanged.
pub(super) struct TaskCase<'a> {
    pub agent: Option<&'a AgentId>,
    /// The effect class as written.
    pub effect: Option<EffectClass>,
    /// All other values, merged.
    pub set: &'a TaskOverrides,
    pub in_group: bool,
    pub stage: Option<Window>,
    /// Places of the values in this file; a value without one is not reported here.
    pub places: &'a ValueSpans,
    pub span: &'a Range<usize>,
}

/// Checks a task of a workflow, or one that an overlay adds.
pub(super) fn judge_draft(
    draft: &TaskDraft,
    stage: Option<Window>,
    sink: &mut DiagnosticCollector,
) {
    let case = TaskCase {
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
            .label("treated as `effectful`: never repeated automatically")
            .with_help("add `effect: pure` if it may be repeated freely");
    }
    on_demand(draft, &case, sink);
    check_task_rules(&case, sink);
}

/// Reports a task on demand that is a monitor or a question to the operator.
fn on_demand(draft: &TaskDraft, case: &TaskCase<'_>, sink: &mut DiagnosticCollector) {
    let Some(span) = case.places.get("on_demand").filter(|_| draft.on_demand) else { return };
    let effect = case.effect.or(case.agent.map(default_effect));
    let (what, key) = if effect == Some(EffectClass::Human) {
        ("a question to the operator", "effect")
    } else if case.set.every.is_some() {
        ("a monitor", "every")
    } else {
        return;
    };
    let problem = sink.report(BAD_DEMAND, span, format!("{what} cannot be on demand"));
    problem.label("starts only when an operator asks").with_help("leave `on_demand` out");
    if let Some(place) = case.places.get(key) {
        problem.with_related(place, "declared here");
    }
}

/// Reports tasks that depend on a task on demand: it mostly never runs.
pub(super) fn judge_demands(drafts: &[&TaskDraft], sink: &mut DiagnosticCollector) {
    let on_demand =
        |id| drafts.iter().find(|draft| draft.on_demand && draft.id.as_ref() == Some(id));
    for (needed, at) in drafts.iter().flat_map(|draft| &draft.settled) {
        let Some(place) = on_demand(&needed.on).and_then(|on| on.places.get("on_demand")) else {
            continue;
        };
        report_demand(&needed.on, at, sink).with_related(place, "declared here");
    }
}

/// Reports a dependency on a task on demand.
pub(super) fn report_demand<'s>(
    on: &TaskId,
    at: &Range<usize>,
    sink: &'s mut DiagnosticCollector,
) -> &'s mut Diagnostic {
    let message = format!("`{on}` is on demand, so no task can depend on it");
    sink.report(BAD_DEMAND, at, message)
        .label("runs only when an operator asks")
        .with_help("leave the dependency out, or `on_demand`")
}

/// Checks values that depend on each other.
pub(super) fn check_task_rules(case: &TaskCase<'_>, sink: &mut DiagnosticCollector) {
    retries(case, sink);
    let Some(window) = case.set.window.or(case.stage) else { return };
    deadline(case, window, sink);
    lengths(case, window, sink);
    if let (Some(span), Some(own), Some(stage)) =
        (case.places.get("window"), case.set.window, case.stage)
    {
        outside_stage(case, (own, stage), span, sink);
    }
}

fn retries(case: &TaskCase<'_>, sink: &mut DiagnosticCollector) {
    let Some(span) = case.places.get("max_retries") else { return };
    let Some(count) = case.set.max_retries.filter(|count| *count > 0) else { return };
    let implied = case.agent.map(default_effect);
    let place = case.places.get("effect");
    match (case.effect.or(implied), case.effect.is_some()) {
        (Some(EffectClass::Effectful), true) => {
            let message =
                format!("an effectful task is never repeated, yet `max_retries` is {count}");
            let problem = sink.report(RETRIES_OF_ORDERS, span, message);
            problem.label("would send the order again").with_help("write `max_retries: 0`");
            if let Some(place) = place {
                problem.with_related(place, "declared here");
            }
        }
        (Some(EffectClass::Human), _) => {
            let message = format!("the operator is asked once, but `max_retries` is {count}");
            let problem = sink.report(RETRIES_OF_PEOPLE, span, message);
            problem.label("would ask again").with_help("write `max_retries: 0`: silence rejects");
            if let Some(place) = place {
                problem.with_related(place, "declared here");
            }
        }
        (Some(EffectClass::Effectful), false) => {
            let message = "these retries never happen: the task is `effectful` by default".into();
            sink.report(IDLE_RETRIES, span, message).label("not used").with_help(
                "add `effect: pure` if the task only reads, else write `max_retries: 0`",
            );
        }
        (Some(EffectClass::Pure | EffectClass::Idempotent) | None, _) => {}
    }
}

fn deadline(case: &TaskCase<'_>, window: Window, sink: &mut DiagnosticCollector) {
    let (Some(deadline), Some(window_at)) =
        (case.set.deadline, case.places.get("deadline").or(case.places.get("window")))
    else {
        return;
    };
    if ordinary_day::ordinary_day_offset_ms(deadline)
        > ordinary_day::ordinary_day_offset_ms(window.from)
    {
        return;
    }
    let message = format!("the deadline {deadline} is over before the window {window} opens");
    sink.report(EARLY_DEADLINE, window_at, message).label("no task could keep it");
}

fn lengths(case: &TaskCase<'_>, window: Window, sink: &mut DiagnosticCollector) {
    let room = ordinary_day::ordinary_window_length_ms(window);
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

/// Reports a window outside of the stage's window. Tasks of a named group (`closing`) have hours of
/// their own and are exempt.
fn outside_stage(
    case: &TaskCase<'_>,
    (own, stage): (Window, Window),
    span: &Range<usize>,
    sink: &mut DiagnosticCollector,
) {
    let apart = ordinary_day::ordinary_day_offset_ms(own.to)
        <= ordinary_day::ordinary_day_offset_ms(stage.from)
        || ordinary_day::ordinary_day_offset_ms(own.from)
            >= ordinary_day::ordinary_day_offset_ms(stage.to);
    if apart && !case.in_group {
        let message = format!("the window {own} lies outside of the stage's {stage}");
        sink.report(OUTSIDE_STAGE, span, message)
            .label("the stage is never open then")
            .with_help("give the task a `group` if it is meant to have hours of its own");
    }
}
