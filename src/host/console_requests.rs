//! What a console asks of the engine, put to its session; the answer as the console's next message.

use engine::control::{CommitError, CommitResult};
use runtime::OperatorSession;
use tui::{Effect, Msg};

/// Asks what an effect asks; `None` for an effect that is no question. A day that was over before
/// anybody looked has no session: every question is then answered by that.
#[expect(clippy::wildcard_enum_match_arm, reason = "`answered` tells what is a question")]
pub async fn send_request(session: Option<OperatorSession>, question: Effect) -> Option<Msg> {
    let gone = refused_message(&question, CommitError::EngineGone)?;
    let Some(session) = session else { return Some(gone) };
    Some(match question {
        Effect::Propose { ticket, commands, seen } => {
            Msg::Preview { ticket, answer: session.propose(commands, seen).await }
        }
        Effect::Commit { ticket, commit } => {
            Msg::Committed { ticket, answer: session.commit(commit).await }
        }
        Effect::Brake { ticket, command, reason } => {
            let done = |()| CommitResult { proposal: 0, done: Vec::new(), refused: Vec::new() };
            Msg::Committed { ticket, answer: session.brake(command, reason).await.map(done) }
        }
        Effect::Arm { reason } => Msg::ArmResult(session.arm(reason).await),
        Effect::Disarm => Msg::ArmResult(session.disarm().await),
        _ => gone,
    })
}

/// Answers what an effect asks without asking anybody: it is not done, and why.
pub(super) fn refused_message(question: &Effect, why: CommitError) -> Option<Msg> {
    Some(match *question {
        Effect::Propose { ticket, .. } => Msg::Preview { ticket, answer: Err(why) },
        Effect::Commit { ticket, .. } | Effect::Brake { ticket, .. } => {
            Msg::Committed { ticket, answer: Err(why) }
        }
        Effect::Arm { .. } | Effect::Disarm => Msg::ArmResult(Err(why)),
        Effect::Resync
        | Effect::LoadHistory { .. }
        | Effect::Quit(_)
        | Effect::Suspend
        | Effect::Notify { .. }
        | Effect::Mouse(_)
        | Effect::Copy(_)
        | Effect::Export { .. }
        | Effect::SaveFilters(_)
        | Effect::Speed(_)
        | Effect::DryRun { .. }
        | Effect::Forecast { .. }
        | Effect::ChooseCatchUp(_)
        | Effect::Redraw => return None,
    })
}
