//! What a console asks of the engine, put to its session; the answer as the console's next message.

use crate::{
    acting::{Committed, NotCommitted},
    console::{Effect, Msg},
    runtime::Session,
};

/// Asks what an effect asks; `None` for an effect that is no question. A day that was over before
/// anybody looked has no session: every question is then answered by that.
#[expect(clippy::wildcard_enum_match_arm, reason = "`answered` tells what is a question")]
pub(super) async fn asked(session: Option<Session>, question: Effect) -> Option<Msg> {
    let gone = answered(&question, NotCommitted::Gone)?;
    let Some(session) = session else { return Some(gone) };
    Some(match question {
        Effect::Propose { ticket, commands, seen } => {
            Msg::Proposed { ticket, answer: session.propose(commands, seen).await }
        }
        Effect::Commit { ticket, commit } => {
            Msg::Committed { ticket, answer: session.commit(commit).await }
        }
        Effect::Brake { ticket, command, reason } => {
            let done = |()| Committed { proposal: 0, done: Vec::new(), refused: Vec::new() };
            Msg::Committed { ticket, answer: session.brake(command, reason).await.map(done) }
        }
        Effect::Arm { reason } => Msg::Armed(session.arm(reason).await),
        Effect::Disarm => Msg::Armed(session.disarm().await),
        _ => gone,
    })
}

/// Answers what an effect asks without asking anybody: it is not done, and why.
pub(super) fn answered(question: &Effect, why: NotCommitted) -> Option<Msg> {
    Some(match *question {
        Effect::Propose { ticket, .. } => Msg::Proposed { ticket, answer: Err(why) },
        Effect::Commit { ticket, .. } | Effect::Brake { ticket, .. } => {
            Msg::Committed { ticket, answer: Err(why) }
        }
        Effect::Arm { .. } | Effect::Disarm => Msg::Armed(Err(why)),
        Effect::Resync
        | Effect::Quit(_)
        | Effect::Suspend
        | Effect::Notify { .. }
        | Effect::Mouse(_)
        | Effect::Copy(_)
        | Effect::Export { .. }
        | Effect::SaveFilters(_)
        | Effect::Speed(_)
        | Effect::DryRun { .. }
        | Effect::Late(_)
        | Effect::Redraw => return None,
    })
}
