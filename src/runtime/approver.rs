//! Who answers an approval when nobody is there: in SIM a policy may, elsewhere only a person.

use crate::{
    engine::{Actor, Command, Order},
    plan::TaskIx,
    time::Span,
};

/// How approvals are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approver {
    /// By a person; the task's timeout rejects.
    Person,
    /// By a policy, after it has let a person go first for so long.
    Simulated(Span),
}

impl Approver {
    /// The policy's name, as it stands in the record.
    pub const NAME: &'static str = "simulated-approver";

    /// The approval the policy will give. `id` names it among the run's commands.
    pub(super) fn yes(task: TaskIx, after: Span, id: u64) -> Order {
        Order {
            id,
            by: Actor::Policy(Self::NAME.into()),
            reason: Some(format!("no person answered within {after}")),
            command: Command::approve(task),
        }
    }
}
