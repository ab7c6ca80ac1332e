//! Bounds check of commands from clients: every index must exist in the plan.

use engine::{ApprovalTerms, Command, Gate, Waiver};
use planning::plan::{AgentIx, DayPlan, StageIx, TaskIx};

/// Most orders that an approval may name; far more than a day's trade plan has.
const ORDERS_MAX: usize = 1_000;
/// Longest symbol that may be named, in bytes.
const SYMBOL_MAX: usize = 32;
/// Length of the hash of a trade plan, in hexadecimal digits.
const HASH: usize = 64;

/// The numbers of tasks, stages and agents of a plan, which are constant during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanBounds {
    tasks: usize,
    stages: usize,
    agents: usize,
}

impl PlanBounds {
    /// Returns the bounds of a plan.
    #[must_use]
    pub fn from_plan(plan: &DayPlan) -> Self {
        let (tasks, stages) = (plan.tasks.len(), plan.stages.len());
        Self { tasks, stages, agents: plan.agents.len() }
    }

    /// Returns whether all indices of a command exist.
    #[must_use]
    pub fn contains(&self, command: &Command) -> bool {
        match command {
            Command::Pause { gate, .. } | Command::Resume { gate } => self.gate(*gate),
            Command::RetryStage { stage } => self.stage(*stage),
            Command::ForceStage { stage, waivers } => self.stage(*stage) && self.waivers(waivers),
            Command::Force { task, waivers } => self.task(*task) && self.waivers(waivers),
            Command::Hold { task }
            | Command::Release { task }
            | Command::Retry { task, .. }
            | Command::Rerun { task }
            | Command::RunNow { task }
            | Command::Skip { task, .. }
            | Command::Unskip { task }
            | Command::Cancel { task }
            | Command::SetCompleted { task }
            | Command::SetFailed { task }
            | Command::Reject { task }
            | Command::Resolve { task, .. }
            | Command::Probe { task }
            | Command::SetPriority { task, .. } => self.task(*task),
            Command::Approve { task, terms } => self.task(*task) && terms_are_bounded(terms),
            Command::CatchUp { tasks, left, .. } => {
                tasks.iter().chain(left.iter().map(|left| &left.task)).all(|task| self.task(*task))
            }
            Command::Flatten { symbol } => {
                symbol.as_ref().is_none_or(|symbol| symbol.len() <= SYMBOL_MAX)
            }
            Command::CancelRun
            | Command::TightenTrading { .. }
            | Command::ReEnableTrading { .. }
            | Command::Recover { .. }
            | Command::Arm
            | Command::Disarm
            | Command::Acknowledge { .. } => true,
        }
    }

    fn task(&self, ix: TaskIx) -> bool {
        ix.at() < self.tasks
    }

    fn stage(&self, ix: StageIx) -> bool {
        ix.at() < self.stages
    }

    fn agent(&self, ix: AgentIx) -> bool {
        ix.at() < self.agents
    }

    fn gate(&self, gate: Gate) -> bool {
        match gate {
            Gate::Engine => true,
            Gate::Stage(stage) => self.stage(stage),
            Gate::Agent(agent) => self.agent(agent),
        }
    }

    fn waivers(&self, waivers: &[Waiver]) -> bool {
        waivers.iter().all(|waiver| match waiver {
            Waiver::Dependency(task) | Waiver::Freshness(task) => self.task(*task),
            Waiver::Pause(gate) => self.gate(*gate),
            Waiver::Window
            | Waiver::Breaker
            | Waiver::Condition
            | Waiver::Hold
            | Waiver::Attempts
            | Waiver::OnDemand => true,
        })
    }
}

/// Returns whether the terms of an approval have a plausible size.
fn terms_are_bounded(terms: &ApprovalTerms) -> bool {
    let named = terms.only.as_ref().map_or(0, std::collections::BTreeSet::len);
    let hash = |text: &str| text.len() == HASH && text.bytes().all(|b| b.is_ascii_hexdigit());
    named <= ORDERS_MAX
        && terms.trims.len() <= ORDERS_MAX
        && terms.of.as_ref().is_none_or(|of| hash(&of.plan))
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::ReviewedPlan;

    #[test]
    fn refuses_approval_with_too_many_orders_or_bad_hash() {
        let bounds = PlanBounds { tasks: 2, stages: 1, agents: 1 };
        let holds =
            |terms: ApprovalTerms| bounds.contains(&Command::Approve { task: TaskIx(1), terms });
        let only =
            |n: u32| ApprovalTerms { only: Some((1..=n).collect()), ..ApprovalTerms::default() };
        let trims = |n: u32| ApprovalTerms {
            trims: (1..=n).map(|number| (number, 1)).collect(),
            ..ApprovalTerms::default()
        };
        assert!(holds(ApprovalTerms::default()) && holds(only(1_000)) && holds(trims(1_000)));
        assert!(!holds(only(1_001)) && !holds(trims(1_001)));
        let read = |plan: String| ApprovalTerms {
            of: Some(ReviewedPlan { plan, orders: 3 }),
            ..ApprovalTerms::default()
        };
        assert!(holds(read("0a".repeat(32))));
        for wrong in ["0a".repeat(31), "0a".repeat(33), "\u{1b}]".repeat(21), String::new()] {
            assert!(!holds(read(wrong.clone())), "{wrong:?}");
        }
        assert!(!bounds.contains(&Command::approve_all(TaskIx(2))));
    }
}
