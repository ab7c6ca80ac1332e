//! Propose, plan, commit: the questions to the engine and what its answers do on screen.

use super::state::{Acts, Asked, Promised};
use crate::{
    acting::{ActPlan, Authority, Commit, Committed, NotCommitted, Standing, Tier},
    console::{
        model::Model,
        msg::Effect,
        overlay::{ActDialog, Overlay, Stage, Target},
        view,
    },
    engine::{Command, Severity},
    present::{part, words},
};

/// Asks the engine what an act would do; its dialog opens with the answer.
pub(super) fn propose(model: &mut Model, mut dialog: ActDialog) -> Vec<Effect> {
    if let Some(silent) = model.stale() {
        let text = format!(
            "the engine was last heard {} ago; only the brakes work",
            words::duration(silent)
        );
        model.say(Severity::Warning, text);
        return Vec::new();
    }
    dialog.ticket = model.acts.ticket();
    let effect = question(model, &dialog);
    model.acts.opening = Some(dialog);
    vec![effect]
}

fn question(model: &Model, dialog: &ActDialog) -> Effect {
    let seen = model.run.as_ref().map_or(0, crate::engine::RunState::last_seq);
    Effect::Propose { ticket: dialog.ticket, commands: dialog.commands(), seen }
}

/// Asks again about the dialog in sight: other lines are ticked, or the world has moved.
pub(in crate::console) fn propose_again(model: &mut Model) -> Vec<Effect> {
    let ticket = model.acts.ticket();
    let Some(Overlay::Act(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    (dialog.ticket, dialog.stage) = (ticket, Stage::Asked);
    let dialog = dialog.clone();
    vec![question(model, &dialog)]
}

/// The engine has said what an act would do, or that it refuses.
pub(in crate::console) fn proposed(
    model: &mut Model,
    ticket: u64,
    answer: Result<Box<ActPlan>, NotCommitted>,
) -> Vec<Effect> {
    let wall = model.wall;
    if let Some(Overlay::Act(dialog)) = model.overlays.last_mut()
        && dialog.ticket == ticket
    {
        let agreed = dialog.stage == Stage::Agreed;
        match answer {
            Ok(plan) => dialog.answered(*plan, wall),
            Err(why) => dialog.refused(why.to_string()),
        }
        return if agreed { agree(model) } else { Vec::new() };
    }
    let Some(dialog) = model.acts.opening.take_if(|dialog| dialog.ticket == ticket) else {
        // Somebody has asked for something else meanwhile.
        return Vec::new();
    };
    open(model, dialog, answer)
}

fn open(
    model: &mut Model,
    mut dialog: ActDialog,
    answer: Result<Box<ActPlan>, NotCommitted>,
) -> Vec<Effect> {
    let ticks = matches!(dialog.target, Target::ForceTask(_) | Target::ForceStage(_));
    let tier = match answer {
        Ok(plan) => {
            let tier = plan.tier;
            dialog.answered(*plan, model.wall);
            tier
        }
        // What is refused now may be taken once more is waived.
        Err(NotCommitted::Refused(refusal)) if ticks => {
            dialog.refused(refusal.to_string());
            Tier::Grave
        }
        Err(why) => {
            model.say(Severity::Warning, words::safe(&format!("refused: {why}")));
            return Vec::new();
        }
    };
    if tier <= Tier::Brake {
        return commit(model, dialog);
    }
    if let Some(small) = too_small(model, &dialog) {
        model.say(Severity::Warning, small);
        return Vec::new();
    }
    model.acts.opened = Some(model.wall);
    let single = tier == Tier::Confirm && dialog.items.is_empty() && dialog.card.is_empty();
    model.overlays.push(if single { Overlay::Confirm(dialog) } else { Overlay::Act(dialog) });
    Vec::new()
}

/// Why a grave act is not done in this window: not all of what it would do can be read.
fn too_small(model: &Model, dialog: &ActDialog) -> Option<String> {
    let grave = dialog.plan.as_ref().is_none_or(|plan| plan.tier == Tier::Grave);
    let (width, rows) = view::needs(model, dialog).filter(|_| grave)?;
    Some(format!("the window is too small to show what this would do: it needs {width}x{rows}"))
}

/// Agrees to the dialog in sight, if nothing is missing.
pub(in crate::console) fn agree(model: &mut Model) -> Vec<Effect> {
    let wall = model.wall;
    if let Some(denied) = denied(model) {
        model.say(Severity::Warning, denied);
        return Vec::new();
    }
    let Some(Overlay::Act(dialog) | Overlay::Confirm(dialog)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if let Some(lacks) = dialog.lacks(wall) {
        model.say(Severity::Warning, lacks);
        return Vec::new();
    }
    if let Target::Answer { task, of: Some(read) } = &dialog.target
        && let Some(run) = &model.run
        && part::asked(run, *task).is_none_or(|asked| asked.of != *read)
    {
        let text = "it asks about another plan now: go back and read that one";
        model.say(Severity::Warning, text);
        return Vec::new();
    }
    let asked = dialog.plan.as_ref().map(|plan| &plan.proposal.commands);
    let again = asked.is_some_and(|asked| *asked != dialog.commands());
    let small = match model.overlays.last() {
        Some(Overlay::Act(dialog)) => too_small(model, dialog),
        _other => None,
    };
    if let Some(small) = small {
        model.say(Severity::Warning, small);
        return Vec::new();
    }
    if again {
        // The evidence was typed after the engine was asked: it is asked with it, and then done.
        let effects = propose_again(model);
        if let Some(Overlay::Act(dialog)) = model.overlays.last_mut() {
            dialog.stage = Stage::Agreed;
        }
        return effects;
    }
    match model.overlays.pop() {
        Some(Overlay::Act(dialog) | Overlay::Confirm(dialog)) => commit(model, dialog),
        _other => Vec::new(),
    }
}

/// Why the operator may not act now, beyond the brakes.
pub(in crate::console) fn denied(model: &Model) -> Option<String> {
    if let Some(why) = &model.acts.lost {
        return Some(format!("nothing can be done: connection lost {why}"));
    }
    if let Some(why) = &model.acts.frozen {
        return Some(format!("nothing is recorded, so nothing is done: {why}"));
    }
    if let Some(silent) = model.stale() {
        let silent = words::duration(silent);
        return Some(format!("the engine was last heard {silent} ago; only the brakes work"));
    }
    match model.acts.standing.map(|standing| standing.authority) {
        None | Some(Authority::Armed) => None,
        Some(Authority::Observe) => {
            let key = model.key("session.arm");
            Some(format!("this session observes: {key} arms it; the brakes work always"))
        }
        Some(Authority::Locked) => {
            Some("this session is read-only: nothing can be done in it".into())
        }
    }
}

fn commit(model: &mut Model, dialog: ActDialog) -> Vec<Effect> {
    let Some(plan) = &dialog.plan else { return Vec::new() };
    let commit = Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: dialog.reason.value(),
        phrase: plan.phrase.as_ref().map(|_| dialog.phrase.text().to_owned()),
    };
    // One act may be taken back at a time: the one before goes out now.
    let mut effects = release(model);
    if plan.grace.delta().is_zero() {
        effects.push(give(model, dialog, commit));
    } else {
        let due = model.wall + plan.grace.delta();
        let key = model.key("act.recall");
        let text =
            format!("{} in {}: {key} takes it back", plan.title, words::duration(plan.grace));
        model.say(Severity::Info, text);
        model.acts.promised = Some(Promised { dialog, commit, due });
    }
    effects
}

fn give(model: &mut Model, dialog: ActDialog, commit: Commit) -> Effect {
    let ticket = model.acts.ticket();
    let what = dialog.title.clone();
    model.say(Severity::Info, format!("asked: {what}"));
    model.acts.asked.insert(ticket, Asked { what, dialog: Some(dialog) });
    Effect::Commit { ticket, commit }
}

fn release(model: &mut Model) -> Vec<Effect> {
    let promised = model.acts.promised.take();
    promised.map(|promised| give(model, promised.dialog, promised.commit)).into_iter().collect()
}

/// Takes back what was agreed to last, if it has not gone out.
pub(in crate::console) fn recall(model: &mut Model) {
    match model.acts.promised.take() {
        Some(promised) => {
            model.say(Severity::Info, format!("taken back: {}", promised.dialog.title));
        }
        None => model.say(Severity::Info, "there is nothing to take back"),
    }
}

/// Gives the engine a brake: no plan, no arming.
pub(in crate::console) fn brake(
    model: &mut Model,
    command: Command,
    reason: Option<String>,
    what: String,
) -> Effect {
    let ticket = model.acts.ticket();
    model.say(Severity::Info, format!("asked: {what}"));
    model.acts.asked.insert(ticket, Asked { what, dialog: None });
    Effect::Brake { ticket, command, reason }
}

/// Rejects what the dialog in sight asks about: a brake, taken from anybody.
pub(in crate::console) fn reject(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Act(dialog)) = model.overlays.last() else { return Vec::new() };
    let Some(task) = dialog.rejects() else { return Vec::new() };
    let (reason, what) = (dialog.reason.value(), dialog.title.replacen("approve", "reject", 1));
    model.overlays.pop();
    vec![brake(model, Command::Reject { task }, reason, what)]
}

/// The engine has taken an act, or not.
pub(in crate::console) fn answered(
    model: &mut Model,
    ticket: u64,
    answer: Result<Committed, NotCommitted>,
) -> Vec<Effect> {
    let Some(Asked { what, dialog }) = model.acts.asked.remove(&ticket) else { return Vec::new() };
    match (answer, dialog) {
        (Ok(committed), _) => {
            let refused = committed.refused.iter().map(|(_, refusal)| refusal.to_string());
            let refused: Vec<_> = refused.collect();
            let (severity, text) = match (committed.done.len(), refused.as_slice()) {
                (_, []) => (Severity::Info, format!("done: {what}")),
                (0, some) => (Severity::Warning, format!("refused: {what}: {}", some.join("; "))),
                (n, some) => {
                    let text = format!("{what}: {n} done, refused: {}", some.join("; "));
                    (Severity::Warning, text)
                }
            };
            model.acts.last = Some(words::safe(&what).into_owned());
            model.say(severity, words::safe(&text));
        }
        (Err(NotCommitted::Changed(plan)), Some(mut dialog)) => {
            dialog.answered(*plan, model.wall);
            model.acts.opened = Some(model.wall);
            model.overlays.push(Overlay::Act(dialog));
            model.say(Severity::Warning, "the world has moved: read again what it would do now");
        }
        (Err(why), _) => {
            let text = format!("refused: {what}: {why}");
            model.say(Severity::Warning, words::safe(&text));
            // A pause that was refused pauses nothing, so nothing is waited for.
            model.leaving = None;
        }
    }
    Vec::new()
}

/// Asks again when what the dialog in sight is aimed at is no longer as its plan says.
pub(in crate::console) fn moved(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let Some(Overlay::Act(dialog)) = model.overlays.last() else { return Vec::new() };
    let task = |command: &Command| command.task();
    let tasks = dialog.commands();
    let stands = |plan: &ActPlan| {
        let known = plan.targets.iter().zip(&tasks);
        known.into_iter().all(|(target, command)| {
            task(command).is_none_or(|ix| run.task(ix).state.to_string() == target.state)
        })
    };
    let same = dialog.stage != Stage::Open || dialog.plan.as_ref().is_none_or(stands);
    if same { Vec::new() } else { propose_again(model) }
}

/// The session stands otherwise: what was said about how it stood is over.
pub(in crate::console) fn stands(model: &mut Model, standing: Standing) {
    let before = model.acts.standing.replace(standing).map(|before| before.authority);
    match (before, standing.authority) {
        (Some(Authority::Observe), Authority::Armed) => model.say(Severity::Info, "armed"),
        (Some(Authority::Armed), Authority::Observe) => {
            let text = "no longer armed: this session observes";
            model.say(Severity::Warning, text);
        }
        _same => {}
    }
}

/// In a window of another size what would be done stands elsewhere: it is to be read again.
pub(in crate::console) fn resized(model: &mut Model) {
    let wall = model.wall;
    if let Some(Overlay::Act(dialog)) = model.overlays.last_mut() {
        dialog.since = wall;
    }
}

/// What time brings: a promise that is due, an armed terminal nobody looks at.
pub(in crate::console) fn tick(model: &mut Model) -> Vec<Effect> {
    let wall = model.wall;
    let mut effects = Vec::new();
    if model.acts.promised.as_ref().is_some_and(|promised| promised.due <= wall) {
        effects.extend(release(model));
    }
    let ends = model.acts.standing.is_some_and(|standing| standing.until.is_some());
    let long = model.acts.away.is_some_and(|since| wall - since > Acts::AWAY_MAX.delta());
    if ends && long && model.acts.armed() {
        model.acts.away = None;
        model.say(Severity::Warning, "nobody looked for a minute: no longer armed");
        effects.push(Effect::Disarm);
    }
    // Countdowns on screen move with the clock.
    let counts = model.acts.promised.is_some()
        || matches!(model.overlays.last(), Some(Overlay::Act(dialog)) if dialog.opens_in(wall).delta() > chrono::TimeDelta::zero());
    model.dirty |= counts;
    effects
}
