//! Propose, plan, commit: the questions to the engine and what its answers do on screen.

use super::pending::{PendingCommands, PendingCommit, PendingRequests};
use crate::{
    model::Model,
    msg::Effect,
    popup::{CommandDialog, DialogPhase, DialogTarget, Popup},
};
use engine::{
    AlertSeverity, Command,
    control::{Authority, Commit, CommitError, CommitResult, Preview, RiskTier, SessionStatus},
};
use view::{format, partial_approval};

/// Asks the engine what an act would do; its dialog opens with the answer.
pub(super) fn propose(model: &mut Model, mut dialog: CommandDialog) -> Vec<Effect> {
    if let Some(silent) = model.heartbeat_age_if_stale() {
        let text = format!(
            "the engine was last heard {} ago; only the brakes work",
            format::format_duration(silent)
        );
        model.set_status(AlertSeverity::Warning, text);
        return Vec::new();
    }
    dialog.ticket = model.acts.next_request_id();
    let effect = question(model, &dialog);
    model.acts.opening = Some(dialog);
    vec![effect]
}

fn question(model: &Model, dialog: &CommandDialog) -> Effect {
    let seen = model.run.as_ref().map_or(0, engine::RunState::last_seq);
    Effect::Propose { ticket: dialog.ticket, commands: dialog.selected_commands(), seen }
}

/// Asks again about the dialog in sight: other lines are ticked, or the world has moved.
pub(crate) fn refresh_preview(model: &mut Model) -> Vec<Effect> {
    let ticket = model.acts.next_request_id();
    let Some(Popup::Command(dialog)) = model.overlays.last_mut() else { return Vec::new() };
    (dialog.ticket, dialog.stage) = (ticket, DialogPhase::Requested);
    let dialog = dialog.clone();
    vec![question(model, &dialog)]
}

/// The engine has said what an act would do, or that it refuses.
pub(crate) fn on_preview(
    model: &mut Model,
    ticket: u64,
    answer: Result<Box<Preview>, CommitError>,
) -> Vec<Effect> {
    let wall = model.wall;
    if let Some(Popup::Command(dialog)) = model.overlays.last_mut()
        && dialog.ticket == ticket
    {
        let agreed = dialog.stage == DialogPhase::Committed;
        match answer {
            Ok(plan) => dialog.set_preview(*plan, wall),
            Err(why) => dialog.set_refusal(why.to_string()),
        }
        return if agreed { commit_dialog(model) } else { Vec::new() };
    }
    let Some(dialog) = model.acts.opening.take_if(|dialog| dialog.ticket == ticket) else {
        // Somebody has asked for something else meanwhile.
        return Vec::new();
    };
    open(model, dialog, answer)
}

fn open(
    model: &mut Model,
    mut dialog: CommandDialog,
    answer: Result<Box<Preview>, CommitError>,
) -> Vec<Effect> {
    let ticks = matches!(dialog.target, DialogTarget::ForceTask(_) | DialogTarget::ForceStage(_));
    let tier = match answer {
        Ok(plan) => {
            let tier = plan.tier;
            dialog.set_preview(*plan, model.wall);
            tier
        }
        // What is refused now may be taken once more is waived.
        Err(CommitError::Refused(refusal)) if ticks => {
            dialog.set_refusal(refusal.to_string());
            RiskTier::HighRisk
        }
        Err(why) => {
            model.set_status(AlertSeverity::Warning, format::sanitize(&format!("refused: {why}")));
            return Vec::new();
        }
    };
    if tier <= RiskTier::Brake {
        return commit(model, dialog);
    }
    if let Some(needed) = crate::view::window_needed(model.size) {
        model.set_status(AlertSeverity::Warning, needed);
        return Vec::new();
    }
    model.acts.opened = Some(model.wall);
    let single = tier == RiskTier::Confirm && dialog.items.is_empty() && dialog.card.is_empty();
    model.overlays.push(if single { Popup::Confirm(dialog) } else { Popup::Command(dialog) });
    Vec::new()
}

/// Agrees to the dialog in sight, if nothing is missing.
pub(crate) fn commit_dialog(model: &mut Model) -> Vec<Effect> {
    let wall = model.wall;
    if let Some(denied) = not_armed_reason(model) {
        model.set_status(AlertSeverity::Warning, denied);
        return Vec::new();
    }
    let Some(Popup::Command(dialog) | Popup::Confirm(dialog)) = model.overlays.last_mut() else {
        return Vec::new();
    };
    if let Some(lacks) = dialog.missing_input(wall) {
        model.set_status(AlertSeverity::Warning, lacks);
        return Vec::new();
    }
    if let DialogTarget::Approval { task, of: Some(read) } = &dialog.target
        && let Some(run) = &model.run
        && partial_approval::orders_for_approval(run, *task).is_none_or(|asked| asked.of != *read)
    {
        let text = "it asks about another plan now: go back and read that one";
        model.set_status(AlertSeverity::Warning, text);
        return Vec::new();
    }
    let asked = dialog.plan.as_ref().map(|plan| &plan.proposal.commands);
    let again = asked.is_some_and(|asked| *asked != dialog.selected_commands());
    let unread = match model.overlays.last() {
        Some(Popup::Command(dialog)) => crate::view::unread_text(model, dialog),
        _other => crate::view::window_needed(model.size),
    };
    if let Some(unread) = unread {
        model.set_status(AlertSeverity::Warning, unread);
        return Vec::new();
    }
    if again {
        // The evidence was typed after the engine was asked: it is asked with it, and then done.
        let effects = refresh_preview(model);
        if let Some(Popup::Command(dialog)) = model.overlays.last_mut() {
            dialog.stage = DialogPhase::Committed;
        }
        return effects;
    }
    match model.overlays.pop() {
        Some(Popup::Command(dialog) | Popup::Confirm(dialog)) => commit(model, dialog),
        _other => Vec::new(),
    }
}

/// Why the operator may not act now, beyond the brakes.
pub(crate) fn not_armed_reason(model: &Model) -> Option<String> {
    if let Some(why) = &model.acts.lost {
        return Some(format!("nothing can be done: connection lost {why}"));
    }
    if let Some(why) = &model.acts.frozen {
        return Some(format!("nothing is recorded, so nothing is done: {why}"));
    }
    if let Some(silent) = model.heartbeat_age_if_stale() {
        let silent = format::format_duration(silent);
        return Some(format!("the engine was last heard {silent} ago; only the brakes work"));
    }
    match model.acts.standing.map(|standing| standing.authority) {
        None | Some(Authority::Armed) => None,
        Some(Authority::Observe) => {
            let key = model.key_label("session.arm");
            Some(format!("this session observes: {key} arms it; the brakes work always"))
        }
        Some(Authority::ReadOnly) => {
            Some("this session is read-only: nothing can be done in it".into())
        }
    }
}

fn commit(model: &mut Model, dialog: CommandDialog) -> Vec<Effect> {
    let Some(plan) = &dialog.plan else { return Vec::new() };
    let commit = Commit {
        proposal: plan.proposal.clone(),
        hash: plan.hash,
        reason: dialog.reason.trimmed_text(),
        phrase: plan.phrase.as_ref().map(|_| dialog.phrase.text().to_owned()),
    };
    // One act may be taken back at a time: the one before goes out now.
    let mut effects = release(model);
    if plan.grace.to_delta().is_zero() {
        effects.push(commit_effect(model, dialog, commit));
    } else {
        let due = model.wall + plan.grace.to_delta();
        let key = model.key_label("command.recall");
        let text = format!(
            "{} in {}: {key} takes it back",
            plan.title,
            format::format_duration(plan.grace)
        );
        model.set_status(AlertSeverity::Info, text);
        model.acts.promised = Some(PendingCommit { dialog, commit, due });
    }
    effects
}

fn commit_effect(model: &mut Model, dialog: CommandDialog, commit: Commit) -> Effect {
    let ticket = model.acts.next_request_id();
    let what = dialog.title.clone();
    model.set_status(AlertSeverity::Info, format!("asked: {what}"));
    model.acts.asked.insert(ticket, PendingRequests { what, dialog: Some(dialog) });
    Effect::Commit { ticket, commit }
}

fn release(model: &mut Model) -> Vec<Effect> {
    let promised = model.acts.promised.take();
    promised
        .map(|promised| commit_effect(model, promised.dialog, promised.commit))
        .into_iter()
        .collect()
}

/// Takes back what was agreed to last, if it has not gone out.
pub(crate) fn recall(model: &mut Model) {
    match model.acts.promised.take() {
        Some(promised) => {
            model.set_status(AlertSeverity::Info, format!("undone: {}", promised.dialog.title));
        }
        None => model.set_status(AlertSeverity::Info, "there is nothing to take back"),
    }
}

/// Gives the engine a brake: no plan, no arming.
pub(crate) fn send_brake(
    model: &mut Model,
    command: Command,
    reason: Option<String>,
    what: String,
) -> Effect {
    let ticket = model.acts.next_request_id();
    model.set_status(AlertSeverity::Info, format!("asked: {what}"));
    model.acts.asked.insert(ticket, PendingRequests { what, dialog: None });
    Effect::Brake { ticket, command, reason }
}

/// Rejects what the dialog in sight asks about: a brake, taken from anybody.
pub(crate) fn reject_approval(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Command(dialog)) = model.overlays.last() else { return Vec::new() };
    let Some(task) = dialog.approval_task() else { return Vec::new() };
    let (reason, what) =
        (dialog.reason.trimmed_text(), dialog.title.replacen("approve", "reject", 1));
    model.overlays.pop();
    vec![send_brake(model, Command::Reject { task }, reason, what)]
}

/// The engine has taken an act, or not.
pub(crate) fn on_commit_result(
    model: &mut Model,
    ticket: u64,
    answer: Result<CommitResult, CommitError>,
) -> Vec<Effect> {
    let Some(PendingRequests { what, dialog }) = model.acts.asked.remove(&ticket) else {
        return Vec::new();
    };
    match (answer, dialog) {
        (Ok(committed), _) => {
            let refused = committed.refused.iter().map(|(_, refusal)| refusal.to_string());
            let refused: Vec<_> = refused.collect();
            let (severity, text) = match (committed.done.len(), refused.as_slice()) {
                (_, []) => (AlertSeverity::Info, format!("done: {what}")),
                (0, some) => {
                    (AlertSeverity::Warning, format!("refused: {what}: {}", some.join("; ")))
                }
                (n, some) => {
                    let text = format!("{what}: {n} done, refused: {}", some.join("; "));
                    (AlertSeverity::Warning, text)
                }
            };
            model.acts.last = Some(format::sanitize(&what).into_owned());
            model.set_status(severity, format::sanitize(&text));
        }
        (Err(CommitError::PreviewStale(plan)), Some(mut dialog)) => {
            dialog.set_preview(*plan, model.wall);
            model.acts.opened = Some(model.wall);
            model.overlays.push(Popup::Command(dialog));
            model.set_status(AlertSeverity::Warning, "the run has changed: read the preview again");
        }
        (Err(why), _) => {
            let text = format!("refused: {what}: {why}");
            model.set_status(AlertSeverity::Warning, format::sanitize(&text));
            // A pause that was refused pauses nothing, so nothing is waited for.
            model.leaving = None;
        }
    }
    Vec::new()
}

/// Asks again when what the dialog in sight is aimed at is no longer as its plan says.
pub(crate) fn refresh_if_stale(model: &mut Model) -> Vec<Effect> {
    let Some(run) = &model.run else { return Vec::new() };
    let Some(Popup::Command(dialog)) = model.overlays.last() else { return Vec::new() };
    let task = |command: &Command| command.task();
    let tasks = dialog.selected_commands();
    let stands = |plan: &Preview| {
        let known = plan.targets.iter().zip(&tasks);
        known.into_iter().all(|(target, command)| {
            task(command).is_none_or(|ix| run.task(ix).state.to_string() == target.state)
        })
    };
    let same = dialog.stage != DialogPhase::Open || dialog.plan.as_ref().is_none_or(stands);
    if same { Vec::new() } else { refresh_preview(model) }
}

/// The session stands otherwise: what was said about how it stood is over.
pub(crate) fn on_session_status(model: &mut Model, standing: SessionStatus) {
    let before = model.acts.standing.replace(standing).map(|before| before.authority);
    match (before, standing.authority) {
        (Some(Authority::Observe), Authority::Armed) => {
            model.set_status(AlertSeverity::Info, "armed");
        }
        (Some(Authority::Armed), Authority::Observe) => {
            let text = "no longer armed: this session observes";
            model.set_status(AlertSeverity::Warning, text);
        }
        _same => {}
    }
}

/// In a window of another size what would be done stands elsewhere: it is to be read again.
pub(crate) fn on_resize(model: &mut Model) {
    let wall = model.wall;
    if let Some(Popup::Command(dialog)) = model.overlays.last_mut() {
        dialog.since = wall;
    }
}

/// What time brings: a promise that is due, an armed terminal nobody looks at.
pub(crate) fn tick(model: &mut Model) -> Vec<Effect> {
    let wall = model.wall;
    let mut effects = Vec::new();
    if model.acts.promised.as_ref().is_some_and(|promised| promised.due <= wall) {
        effects.extend(release(model));
    }
    let ends = model.acts.standing.is_some_and(|standing| standing.until.is_some());
    let long =
        model.acts.away.is_some_and(|since| wall - since > PendingCommands::AWAY_MAX.to_delta());
    if ends && long && model.acts.is_armed() {
        model.acts.away = None;
        model.set_status(AlertSeverity::Warning, "no key for a minute: the session is disarmed");
        effects.push(Effect::Disarm);
    }
    // Countdowns on screen move with the clock.
    let counts = model.acts.promised.is_some()
        || matches!(model.overlays.last(), Some(Popup::Command(dialog)) if dialog.opens_in(wall).to_delta() > chrono::TimeDelta::zero());
    model.dirty |= counts;
    effects
}
