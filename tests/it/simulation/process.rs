//! How a process begins: with a new day in an empty folder, or with the run that another left behind.

#![expect(clippy::wildcard_enum_match_arm, reason = "one sabotage changes this")]

use std::sync::Arc;

use bellwether::{
    acting::Guards,
    journal::{Agent, Roster},
    runtime::{Approver, Attendance, Clock, Driver, EventBus, Handle, Recover, Setup},
    store::{Journal, Owner, Reader, Store, StoreError},
    time::Span,
};

use super::{
    case::Case, crash::Guarded, day::Day, faults::Faulty, sabotage::Sabotage, told::Broken,
};

/// Who is there beside the agents, the same in every life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Company {
    pub(crate) approver: Approver,
    pub(crate) attendance: Attendance,
    /// Who lets a run go on that was left.
    pub(crate) recover: Recover,
}

impl Company {
    pub(crate) fn of(case: Case) -> Self {
        let mut dice = case.dice("company");
        let after = Span::secs(dice.below(400));
        Self {
            approver: [Approver::Person, Approver::Simulated(after)][usize::from(dice.chance(50))],
            attendance: [Attendance::Unattended, Attendance::Attended]
                [usize::from(dice.chance(25))],
            recover: [Recover::Auto, Recover::Auto, Recover::Ask, Recover::Paused]
                [usize::try_from(dice.below(4)).unwrap_or(0)],
        }
    }
}

/// A driver for the present life: of a new run, or of the one that was left.
pub(crate) fn start(day: &Day) -> Result<(Driver, Handle), Broken> {
    let folder = day.world().disk.folder();
    let owner = Owner { pid: 1, operator: "ana".into() };
    let wrong = |error: StoreError| Broken::new("the journal opens", error.to_string());
    let store = Store::open(&folder, &owner).map_err(wrong)?;
    let reader = Reader::open(&folder).map_err(wrong)?;
    let Some(run) = reader.runs().map_err(wrong)?.pop() else {
        return Ok(Driver::new(setup(day, Journal::new(store))));
    };
    let (state, tail) = reader.fold(run.id).map_err(wrong)?;
    let journal = Journal::resume(store, run.id, tail).map_err(wrong)?;
    Ok(Driver::resume(setup(day, journal), state, day.company.recover))
}

fn setup(day: &Day, journal: Journal) -> Setup {
    let mut roster = Roster::new();
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
    Setup {
        plan: Arc::clone(&day.plan),
        roster,
        clock: Clock::by_hand(day.at),
        approver: day.company.approver,
        attendance: match &day.sabotage {
            Sabotage::Leaves => Attendance::Attended,
            _others => day.company.attendance,
        },
        sinks: vec![Box::new(guarded)],
        // Nobody listens on it.
        bus: EventBus::new().0,
        guards: Guards::ByMode,
        desk: None,
    }
}
