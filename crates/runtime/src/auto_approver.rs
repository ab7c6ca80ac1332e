//! Automatic approval in SIM; in all other modes only an operator approves.

use engine::{Actor, Command, CommandRequest};
use planning::{plan::TaskIx, time::Span};

/// The way in which approvals are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoApprover {
    /// By an operator; the task's timeout rejects.
    Operator,
    /// By a policy, after a delay in which the operator may answer first.
    Simulated(Span),
}

impl AutoApprover {
    /// The policy's name in journal and audit trail.
    pub const NAME: &'static str = "simulated-approver";

    /// Returns the policy's approval; `id` is its command id.
    pub(super) fn approval(task: TaskIx, after: Span, id: u64) -> CommandRequest {
        CommandRequest {
            id,
            by: Actor::Policy(Self::NAME.into()),
            reason: Some(format!("no operator answered within {after}")),
            command: Command::approve_all(task),
        }
    }
}
