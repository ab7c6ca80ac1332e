//! The twelve invariants of the engine as functions of one event and the pictures around it.

use bellwether::{
    engine::{Breaker, Event, TaskState, Waiver},
    planning::{
        plan::TaskIx,
        workflow::{DependencyKind, EffectClass, OnClose, TaskPriority},
    },
};

use super::picture::Moment;

/// Says what is wrong, if something is.
pub(crate) type Law = fn(&Moment<'_>) -> Result<(), String>;

/// By name, in the order of `docs/simulation.md`; those that are not of one moment (6, 12, and the
/// rest of 3, 7 and 10) stand in `told.rs`, `disk.rs` and `whole.rs`.
pub(crate) const LAWS: [(&str, Law); 11] = [
    ("1: one living attempt, and slots are the living attempts", slots),
    ("2: what has ended holds nothing", ended),
    ("3: whatever waits has somebody or something to wait for", owned),
    ("4: a late answer changes nothing", late),
    ("5: no effectful attempt follows one without proof", proof),
    ("7: a command is done once", once),
    ("8: what has ended comes back only by a command", back),
    ("9: counts add up", counts),
    ("10: left alone, everything ends in time", timely),
    ("11: a pause does not stop what is critical", critical),
    ("a start has what it needs", started),
];

fn require(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn slots(m: &Moment<'_>) -> Result<(), String> {
    let holds = |ix: TaskIx| {
        m.after.task(ix).state.is_active() && m.plan.task(ix).effect != EffectClass::Human
    };
    let active = m.after.each().filter(|(ix, _)| holds(*ix)).count();
    let (used, limits) = (m.after.slots_used, &m.plan.limits);
    require(u32::try_from(active) == Ok(used), || format!("{used} slots, {active} attempts"))?;
    let most = limits.max_concurrent_tasks + limits.critical_reserve;
    require(used <= most, || format!("{used} slots of {most}"))?;
    for (agent, (running, _)) in m.after.agents.iter().enumerate() {
        let of = |ix: TaskIx| m.plan.task(ix).agent.at() == agent && holds(ix);
        let busy = m.after.each().filter(|(ix, _)| of(*ix)).count();
        let has = m.plan.agents[agent].slots + limits.critical_reserve;
        require(u32::try_from(busy) == Ok(*running) && *running <= has, || {
            format!("agent {agent} says {running}, has {busy}, may have {has}")
        })?;
    }
    for ((ix, before), (_, after)) in m.before.each().zip(m.after.each()) {
        let begun = matches!(m.recorded.event, Event::TaskStarted { task, .. } if task == ix);
        let next = before.attempt + u32::from(begun);
        require(after.attempt == next, || format!("{ix:?} is at attempt {}", after.attempt))?;
    }
    Ok(())
}

fn ended(m: &Moment<'_>) -> Result<(), String> {
    for (ix, run) in m.after.each().filter(|(_, run)| run.state.is_terminal()) {
        require(run.held_by.is_none(), || format!("{ix:?} has ended and is held"))?;
        require(run.ending.is_some() && run.ended_at.is_some(), || {
            format!("{ix:?} has ended and nobody knows how or when")
        })?;
    }
    let living = m.after.each().filter(|(_, run)| run.state.is_active()).count();
    require(!m.after.ended || living == 0, || "the run has ended and work goes on".into())
}

fn owned(m: &Moment<'_>) -> Result<(), String> {
    for (ix, run) in m.after.each() {
        let owned = match run.state {
            TaskState::Retrying => run.next_at.is_some(),
            TaskState::Running | TaskState::Cancelling => run.started_at.is_some(),
            TaskState::Held => run.held_by.is_some(),
            TaskState::InDoubt => run.ending.is_some(),
            TaskState::Queued => run.ready_at.is_some(),
            TaskState::Pending
            | TaskState::Completed
            | TaskState::Failed
            | TaskState::Timeout
            | TaskState::Cancelled
            | TaskState::Skipped
            | TaskState::UpstreamFailed
            | TaskState::Missed => true,
        };
        require(owned, || format!("{ix:?} is {:?} and nobody owns it", run.state))?;
    }
    Ok(())
}

fn late(m: &Moment<'_>) -> Result<(), String> {
    let Event::LateResult { task, attempt, .. } = m.recorded.event else { return Ok(()) };
    let (before, after) = (m.before.task(task), m.after.task(task));
    require(!before.state.is_active() || before.attempt != attempt, || {
        format!("the answer of {task:?}/{attempt} was not late")
    })?;
    require(before == after, || format!("a late answer moved {task:?}"))
}

fn proof(m: &Moment<'_>) -> Result<(), String> {
    if let Event::TaskRecovered { task, again_at: None, .. } = m.recorded.event {
        let harmless = m.plan.task(task).effect != EffectClass::Effectful;
        return require(harmless, || format!("an attempt of {task:?} is begun a second time"));
    }
    let Event::TaskStarted { task, attempt } = m.recorded.event else { return Ok(()) };
    require(!m.past.begun.contains(&task), || {
        format!("attempt {attempt} of {task:?} begins, and nobody knows what the last one did")
    })
}

fn once(m: &Moment<'_>) -> Result<(), String> {
    let Event::CommandAccepted { id, .. } = m.recorded.event else { return Ok(()) };
    require(!m.past.commands.contains(&id), || format!("command {id} was done again"))
}

fn back(m: &Moment<'_>) -> Result<(), String> {
    for ((ix, before), (_, after)) in m.before.each().zip(m.after.each()) {
        let left = before.state.is_terminal() && before.state != after.state;
        let by_itself = before.state == TaskState::UpstreamFailed || before.skipped_with_upstream();
        require(!left || by_itself || m.past.acted, || {
            format!("{ix:?} left {:?} for {:?} by itself", before.state, after.state)
        })?;
    }
    Ok(())
}

fn counts(m: &Moment<'_>) -> Result<(), String> {
    let mut all = [0; 14];
    let mut stages = vec![[0; 14]; m.plan.stages.len()];
    for (ix, run) in m.after.each() {
        all[run.state.index()] += 1;
        stages[m.plan.task(ix).stage.at()][run.state.index()] += 1;
    }
    require(all == m.after.counts && stages == m.after.stages, || {
        format!("counted {all:?}, told {:?}", m.after.counts)
    })
}

/// Where nobody meddles and the window closes with the stage, nothing outlives its window by more
/// than an attempt and the time to stop it. While no program is there nothing is stopped: what is over
/// by then is stopped as soon as one is.
fn timely(m: &Moment<'_>) -> Result<(), String> {
    if !m.settled || m.past.meddled || m.after.ended || m.after.recovering {
        return Ok(());
    }
    for (ix, run) in m.after.each() {
        let planned = m.plan.task(ix);
        let carried = m.plan.stage(planned.stage).on_close == OnClose::Carry;
        if run.state.is_terminal() || run.state == TaskState::InDoubt || carried {
            continue;
        }
        let began = run.started_at.filter(|_| run.state.is_active());
        let over = began.map_or(planned.closes_at, |began| began + planned.timeout.to_delta());
        let over = over.max(planned.closes_at).max(m.past.back_at.unwrap_or(over));
        let over = over + m.plan.limits.cancel_timeout.to_delta();
        require(m.after.at <= over, || {
            format!("{} should have ended by {over} and is {:?}", planned.id, run.state)
        })?;
    }
    Ok(())
}

fn critical(m: &Moment<'_>) -> Result<(), String> {
    if !m.settled || m.after.ended || m.after.recovering {
        return Ok(());
    }
    let limits = &m.plan.limits;
    let free = m.after.slots_used < limits.max_concurrent_tasks + limits.critical_reserve;
    for (ix, run) in m.after.each() {
        let planned = m.plan.task(ix);
        let (busy, breaker) = m.after.agents[planned.agent.at()];
        let could = run.state == TaskState::Queued
            && run.priority == TaskPriority::Critical
            && breaker == Breaker::Closed
            && free
            && busy < m.plan.agent(planned.agent).slots + limits.critical_reserve
            && !m.after.stopped(m.plan, ix);
        require(!could, || format!("{} is critical, could start and does not", planned.id))?;
    }
    Ok(())
}

fn started(m: &Moment<'_>) -> Result<(), String> {
    let Event::TaskStarted { task, attempt } = m.recorded.event else { return Ok(()) };
    let (run, planned) = (m.before.task(task), m.plan.task(task));
    require(run.state == TaskState::Queued && attempt == run.attempt + 1, || {
        format!("{} began attempt {attempt} from {:?}", planned.id, run.state)
    })?;
    require(!m.before.stopped(m.plan, task), || {
        format!("{} began behind a closed gate, or while trading was stopped", planned.id)
    })?;
    let open = m.recorded.at >= planned.opens_at || run.has_waiver_for(Waiver::Window);
    require(open, || format!("{} began before its window", planned.id))?;
    for needed in &planned.dependencies {
        let upstream = m.before.task(needed.on).state;
        let there = match needed.hardness {
            DependencyKind::Hard => matches!(upstream, TaskState::Completed | TaskState::Skipped),
            DependencyKind::Soft => upstream.is_terminal() || upstream == TaskState::InDoubt,
        };
        require(there || run.has_waiver_for(Waiver::Dependency(needed.on)), || {
            format!("{} began before what it needs", planned.id)
        })?;
    }
    Ok(())
}
