//! Whether a command names only what there is: what comes from outside may name anything.

use crate::{
    engine::{Command, Gate, Waiver},
    plan::{AgentIx, Plan, StageIx, TaskIx},
};

/// How many tasks, stages and agents a plan has. They stay the same for the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    tasks: usize,
    stages: usize,
    agents: usize,
}

impl Bounds {
    /// Those of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let (tasks, stages) = (plan.tasks.len(), plan.stages.len());
        Self { tasks, stages, agents: plan.agents.len() }
    }

    /// Whether all that a command names is there.
    #[must_use]
    pub fn hold(&self, command: &Command) -> bool {
        match command {
            Command::Pause { gate, .. } | Command::Resume { gate } => self.gate(*gate),
            Command::RetryFailed { stage } => self.stage(*stage),
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
            | Command::SetOk { task }
            | Command::SetFailed { task }
            | Command::Approve { task }
            | Command::Reject { task }
            | Command::Resolve { task, .. }
            | Command::Probe { task }
            | Command::SetPriority { task, .. } => self.task(*task),
            Command::CatchUp { .. } => true,
            Command::CancelRun
            | Command::Tighten { .. }
            | Command::Rearm { .. }
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
            Waiver::Gate(gate) => self.gate(*gate),
            Waiver::Window
            | Waiver::Breaker
            | Waiver::Condition
            | Waiver::Hold
            | Waiver::Attempts => true,
        })
    }
}
