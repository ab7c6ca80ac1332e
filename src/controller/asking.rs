//! What a console asks of the engine, put to its session; the answer as the console's next message.

use std::future::Future;

use crate::{
    acting::{Committed, NotCommitted},
    console::{Effect, Msg},
    runtime::Session,
};

/// Asks what an effect asks; `None` for an effect that is no question. A day that was over before
/// anybody looked has no session: every question is then answered by that.
pub(super) async fn asked(session: Option<Session>, question: Effect) -> Option<Msg> {
    let session = session.as_ref();
    Some(match question {
        Effect::Propose { ticket, commands, seen } => {
            let answer = put(session, |it| it.propose(commands, seen)).await;
            Msg::Proposed { ticket, answer }
        }
        Effect::Commit { ticket, commit } => {
            let answer = put(session, |it| it.commit(commit)).await;
            Msg::Committed { ticket, answer }
        }
        Effect::Brake { ticket, command, reason } => {
            let answer = put(session, |it| it.brake(command, reason)).await;
            let done = |()| Committed { proposal: 0, done: Vec::new(), refused: Vec::new() };
            Msg::Committed { ticket, answer: answer.map(done) }
        }
        Effect::Arm { reason } => Msg::Armed(put(session, |it| it.arm(reason)).await),
        Effect::Disarm => Msg::Armed(put(session, Session::disarm).await),
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

async fn put<'a, T, F>(
    session: Option<&'a Session>,
    question: impl FnOnce(&'a Session) -> F,
) -> Result<T, NotCommitted>
where
    F: Future<Output = Result<T, NotCommitted>> + 'a,
{
    match session {
        Some(session) => question(session).await,
        None => Err(NotCommitted::Gone),
    }
}
