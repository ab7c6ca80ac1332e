//! Who answers an approval when nobody is there: in SIM a policy may, elsewhere only a person.

use engine::{Actor, Command, CommandRequest};
use planning::{plan::TaskIx, time::Span};

/// How approvals are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoApprover {
    /// By a person; the task's timeout rejects.
    Operator,
    /// By a policy, after it has let a person go first for so long.
    Simulated(Span),
}

impl AutoApprover {
    /// The policy's name, as it stands in the record.
    pub const NAME: &'static str = "simulated-approver";

    /// The approval the policy will give. `id` names it among the run's commands.
    pub(super) fn approval(task: TaskIx, after: Span, id: u64) -> CommandRequest {
        CommandRequest {
            id,
            by: Actor::Policy(Self::NAME.into()),
            reason: Some(format!("no person answered within {after}")),
            command: Command::approve_all(task),
        }
    }
}
