//! How busy the agents are, and how many attempts are alive at once.

use chrono::{DateTime, Utc};

use super::{
    report::{DryRunAgent, SimulatedAttempt},
    simulate::Simulation,
};
use crate::math::checked_div;
use planning::{plan::AgentIx, time::Span};

/// The work of each agent between the start of the run and `ends_at`.
pub(super) fn agents(played: &Simulation, ends_at: DateTime<Utc>) -> Vec<DryRunAgent> {
    let plan = played.state().plan();
    let length = Span::between(&played.starts_at, &ends_at).as_secs_f64();
    let agent = |at: usize| {
        let ix = AgentIx::new(at);
        let tasks = plan.tasks.iter().zip(&played.runs).filter(|(task, _)| task.agent == ix);
        let runs: Vec<SimulatedAttempt> =
            tasks.flat_map(|(_, runs)| runs.iter().copied()).collect();
        let planned = plan.agent(ix);
        let slots = Some(planned.slots).filter(|slots| *slots < u32::MAX);
        let busy_ms: u64 = runs.iter().map(|r| Span::between(&r.from, &r.to).as_millis()).sum();
        let seconds = Span::millis(busy_ms).as_secs_f64();
        DryRunAgent {
            agent: planned.id.clone(),
            slots,
            runs: runs.len(),
            busy_ms,
            utilisation: slots
                .map(|slots| checked_div(seconds, length * f64::from(slots)).unwrap_or(0.0)),
            peak: peak(&runs),
        }
    };
    (0..plan.agents.len()).map(agent).collect()
}

/// Most attempts of all agents together alive at once.
pub(super) fn peak_of_all(played: &Simulation) -> u32 {
    peak(&played.runs.concat())
}

/// Most of these alive at once; one that ends as another begins does not count with it.
fn peak(runs: &[SimulatedAttempt]) -> u32 {
    let ends =
        runs.iter().filter(|run| run.from < run.to).flat_map(|r| [(r.from, true), (r.to, false)]);
    let mut edges: Vec<_> = ends.collect();
    edges.sort_unstable();
    let (mut alive, mut most) = (0_u32, 0);
    for (_, begins) in edges {
        alive = if begins { alive + 1 } else { alive.saturating_sub(1) };
        most = most.max(alive);
    }
    most
}
