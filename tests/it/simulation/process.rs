//! How a process begins: with a new day in an empty folder, or with the run that another left behind.

#![expect(clippy::wildcard_enum_match_arm, reason = "one sabotage changes this")]

use std::sync::Arc;

use bellwether::{
    engine::{
        control::GuardLevel,
        port::{Agent, AgentRegistry},
    },
    planning::time::Span,
    runtime::{
        Attendance, AutoApprover, Driver, DriverConfig, EventBus, RecoveryMode, RunClock, RunHandle,
    },
    store::{Journal, JournalOwner, JournalReader, Store, StoreError},
};

use super::{
    case::Case, crash::Guarded, day::Day, faults::Faulty, sabotage::Sabotage, told::Broken,
};

/// Who is there beside the agents, the same in every life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Company {
    pub(crate) approver: AutoApprover,
    pub(crate) attendance: Attendance,
    /// Who lets a run go on that was left.
    pub(crate) recover: RecoveryMode,
}

impl Company {
    pub(crate) fn of(case: Case) -> Self {
        let mut dice = case.dice("company");
        let after = Span::secs(dice.below(400));
        Self {
            approver: [AutoApprover::Operator, AutoApprover::Simulated(after)]
                [usize::from(dice.chance(50))],
            attendance: [Attendance::Unattended, Attendance::Attended]
                [usize::from(dice.chance(25))],
            recover: [
                RecoveryMode::Auto,
                RecoveryMode::Auto,
                RecoveryMode::Ask,
                RecoveryMode::Paused,
            ][usize::try_from(dice.below(4)).unwrap_or(0)],
        }
    }
}

/// A driver for the present life: of a new run, or of the one that was left.
pub(crate) fn start(day: &Day) -> Result<(Driver, RunHandle), Broken> {
    let folder = day.world().disk.folder();
    let owner = JournalOwner { pid: 1, operator: "ana".into() };
    let wrong = |error: StoreError| Broken::new("the journal opens", error.to_string());
    let store = Store::open(&folder, &owner).map_err(wrong)?;
    let reader = JournalReader::open(&folder).map_err(wrong)?;
    let Some(run) = reader.runs().map_err(wrong)?.pop() else {
        return Ok(Driver::new(setup(day, Journal::new(store))));
    };
    let (state, tail) = reader.rebuild_state(run.id).map_err(wrong)?;
    let journal = Journal::for_recovered_run(store, run.id, tail).map_err(wrong)?;
    Ok(Driver::recover(setup(day, journal), state, day.company.recover))
}

fn setup(day: &Day, journal: Journal) -> DriverConfig {
    let mut roster = AgentRegistry::new();
    let faulty =
        Faulty { case: day.case, world: Arc::clone(&day.world), sabotage: day.sabotage.clone() };
    let agent: Arc<dyn Agent> = Arc::new(faulty);
    for planned in &day.plan.agents {
        roster.insert(planned.id.clone(), Arc::clone(&agent));
    }
    let guarded = Guarded {
        journal: Box::new(journal),
        world: Arc::clone(&day.world),
        sabotage: day.sabotage.clone(),
        dice: day.case.dice("torn"),
    };
    DriverConfig {
        plan: Arc::clone(&day.plan),
        roster,
        clock: RunClock::by_hand(day.at),
        approver: day.company.approver,
        attendance: match &day.sabotage {
            Sabotage::Leaves => Attendance::Attended,
            _others => day.company.attendance,
        },
        sinks: vec![Box::new(guarded)],
        // Nobody listens on it.
        bus: EventBus::new().0,
        guards: GuardLevel::Mode,
        desk: None,
        logs: None,
    }
}
