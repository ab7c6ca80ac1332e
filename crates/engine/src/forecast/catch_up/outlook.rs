//! Plays each choice on the engine and tells what came of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    AgentLoad, CatchUpOption, CatchUpPlan, CaughtUpTask, ExcusedTaskOutlook, FirstOrderTime,
    LateStart, MissedRounds, MissedTask, OrderTask, catch_up_plan,
};
use crate::{
    Actor, CatchUpChoice, CommandRequest, CorrelationId, Event, RecordedEvent, RunState, RunStatus,
    TaskState,
    forecast::{
        attempt_model::AttemptModel,
        simulate::{Simulation, simulate_from},
    },
    math::{checked_div, count_to_f64, seed_from},
    missed_tasks,
};
use planning::{
    plan::{AgentIx, DayPlan, TaskIx},
    time::Span,
    workflow::EffectClass,
};

/// When all that is caught up has ended, and when the first order task starts.
type SimulatedOutcome = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Days with other durations that are played for each choice.
const SAMPLES: u64 = 20;

/// A run that begins at `at`: what it has missed by then, and the four choices; nothing if nothing was
/// missed.
#[must_use]
pub fn late_start_of_new_run(plan: &Arc<DayPlan>, at: DateTime<Utc>) -> Option<LateStart> {
    let event = Event::WorkflowStarted { plan: Arc::clone(plan) };
    let first = RecordedEvent { seq: 1, at, corr: CorrelationId::RUN, event };
    late_start(&RunState::from_first_event(&first).ok()?, at)
}

/// What a run has missed at `at`, and the four choices; nothing if nothing was missed, or all that
/// was missed is settled, or the run has ended. Equal runs and moments give equal answers.
#[must_use]
pub fn late_start(state: &RunState, at: DateTime<Utc>) -> Option<LateStart> {
    let missed = missed_tasks(state, at);
    if state.has_ended() || missed.iter().all(|ix| state.late_start_outcome(*ix).is_some()) {
        return None;
    }
    let settled = CatchUpChoice::ALL.map(|choice| catch_up_plan(state, at, choice));
    let recommended = recommended(state, &settled, &missed);
    let mut options: Vec<_> =
        settled.into_iter().map(|settled| outlook(state, at, settled)).collect();
    options.sort_by_key(|option| (option.choice != recommended, option.choice));
    let plan = state.plan();
    Some(LateStart {
        run: plan.run.clone(),
        date: plan.date,
        at,
        missed: missed.iter().map(|&ix| missed_task(plan, ix)).collect(),
        rounds: rounds(state, at),
        recommended,
        options,
    })
}

/// Catch up what is needed, where something is; else join what goes on; else there is nothing left
/// but to look.
fn recommended(state: &RunState, settled: &[CatchUpPlan; 4], missed: &[TaskIx]) -> CatchUpChoice {
    let [minimal, ..] = settled;
    let goes_on = state.tasks().any(|(ix, run)| !run.state.is_terminal() && !missed.contains(&ix));
    if !minimal.tasks.is_empty() {
        CatchUpChoice::Minimal
    } else if goes_on {
        CatchUpChoice::None
    } else {
        CatchUpChoice::Observe
    }
}

fn missed_task(plan: &DayPlan, ix: TaskIx) -> MissedTask {
    let task = plan.task(ix);
    let length = Span::between(&task.opens_at, &task.closes_at);
    let rounds =
        task.every.map_or(1, |every| length.as_millis().div_ceil(every.as_millis().max(1)));
    MissedTask {
        ix,
        task: task.id.clone(),
        stage: plan.stage(task.stage).id.clone(),
        scheduled_for: task.opens_at,
        closed_at: task.closes_at,
        occurrences: rounds,
    }
}

/// Loops that go on and should have gone before.
fn rounds(state: &RunState, at: DateTime<Utc>) -> Vec<MissedRounds> {
    let plan = state.plan();
    let looping = state.tasks().filter(|(ix, run)| {
        let task = plan.task(*ix);
        !run.state.is_terminal() && run.attempt == 0 && task.opens_at < at && at < task.closes_at
    });
    let missed = looping.filter_map(|(ix, _)| {
        let task = plan.task(ix);
        let every = task.every?;
        let passed = Span::between(&task.opens_at, &at);
        let rounds = passed.as_millis().div_euclid(every.as_millis().max(1));
        (rounds > 0).then(|| MissedRounds { task: task.id.clone(), rounds, every })
    });
    missed.collect()
}

/// The order by which a choice is tried out.
fn order(settled: &CatchUpPlan) -> CommandRequest {
    let by = Actor::Policy("catch-up".into());
    CommandRequest { id: u64::MAX, by, reason: None, command: settled.command() }
}

fn outlook(state: &RunState, at: DateTime<Utc>, settled: CatchUpPlan) -> CatchUpOption {
    let mut played = simulate_from(state, at, order(&settled), AttemptModel::Nominal);
    while played.advance() {}
    let luck = luck(state, at, &settled);
    let plan = state.plan();
    let end = played.state();
    let over = |ix: TaskIx| {
        let among = settled.left.iter().any(|left| left.task == ix);
        among && plan.task(ix).closes_at <= at
    };
    let counted = |of: &dyn Fn(TaskIx, TaskState) -> bool| {
        end.tasks().filter(|(ix, run)| of(*ix, run.state)).count()
    };
    let stopped = |state| state == TaskState::UpstreamFailed;
    let ran = counted(&|_, state| state == TaskState::Completed);
    let skipped = counted(&|_, state| state == TaskState::Skipped);
    let missed = counted(&|ix, state| state == TaskState::Missed || (stopped(state) && over(ix)));
    let blocked = counted(&|ix, state| stopped(state) && !over(ix));
    CatchUpOption {
        choice: settled.choice,
        title: settled.choice.title(),
        caught_up: caught_up(&played, &settled),
        left: excused_tasks(plan, at, &settled),
        through_at: caught_up_at(&played, &settled),
        through_p90: p90(luck.iter().map(|(through, _)| *through).collect()),
        tradeable: tradeable(&played, &luck),
        orders: orders(&played, at),
        load: load(&played, &settled),
        ran,
        missed,
        blocked,
        skipped,
        otherwise: plan.tasks.len() - ran - missed - blocked - skipped,
        good: matches!(end.status(), RunStatus::Completed(_)),
        ends_at: played.runs.iter().flatten().map(|run| run.to).fold(at, DateTime::max),
        settled,
    }
}

/// When all that is caught up has ended, and when the first order task starts, in days with other
/// durations.
fn luck(state: &RunState, at: DateTime<Utc>, settled: &CatchUpPlan) -> Vec<SimulatedOutcome> {
    let seed = seed_from(&state.plan().run);
    let sample = |number: u64| {
        let world = AttemptModel::Seeded(seed.wrapping_add(number));
        let mut played = simulate_from(state, at, order(settled), world);
        while !is_settled(&played, settled) && played.advance() {}
        (caught_up_at(&played, settled), first_order(&played).map(|(_, from)| from))
    };
    (0..SAMPLES).map(sample).collect()
}

/// Whether a play has told what it is played for.
fn is_settled(played: &Simulation, settled: &CatchUpPlan) -> bool {
    let over = |ix: &TaskIx| played.state().task(*ix).state.is_terminal();
    let mut orders = sending(played.state());
    settled.tasks.iter().all(over) && (first_order(played).is_some() || orders.all(|ix| over(&ix)))
}

fn sending(state: &RunState) -> impl Iterator<Item = TaskIx> {
    let tasks = state.tasks().map(|(ix, _)| ix);
    tasks.filter(|ix| {
        let task = state.plan().task(*ix);
        task.effect == EffectClass::Effectful && !task.on_demand
    })
}

fn caught_up_at(played: &Simulation, settled: &CatchUpPlan) -> Option<DateTime<Utc>> {
    let ends = settled.tasks.iter().filter_map(|ix| played.runs[ix.at()].last());
    ends.map(|run| run.to).max()
}

/// The first order task that starts after the choice, and when.
fn first_order(played: &Simulation) -> Option<(TaskIx, DateTime<Utc>)> {
    let starts = sending(played.state()).filter_map(|ix| Some((first_start(played, ix)?, ix)));
    starts.min().map(|(from, ix)| (ix, from))
}

fn first_start(played: &Simulation, ix: TaskIx) -> Option<DateTime<Utc>> {
    let after = |from: &DateTime<Utc>| *from >= played.starts_at;
    played.runs[ix.at()].first().map(|run| run.from).filter(after)
}

/// The moment by which it has happened in nine of ten; nothing where it happens less often.
fn p90(mut moments: Vec<Option<DateTime<Utc>>>) -> Option<DateTime<Utc>> {
    moments.sort_by_key(|moment| (moment.is_none(), *moment));
    let place = (moments.len() * 9).div_ceil(10).checked_sub(1)?;
    moments.get(place).copied().flatten()
}

fn tradeable(played: &Simulation, luck: &[SimulatedOutcome]) -> Option<FirstOrderTime> {
    let (ix, at) = first_order(played)?;
    let starts: Vec<_> = luck.iter().map(|(_, first)| *first).collect();
    let in_time = starts.iter().flatten().count();
    Some(FirstOrderTime {
        task: played.state().plan().task(ix).id.clone(),
        at,
        share: checked_div(count_to_f64(in_time), count_to_f64(starts.len())).unwrap_or(0.0),
        p90: p90(starts),
    })
}

/// The order tasks whose window was not over.
fn orders(played: &Simulation, at: DateTime<Utc>) -> Vec<OrderTask> {
    let state = played.state();
    let plan = state.plan();
    let still = sending(state).filter(|ix| plan.task(*ix).closes_at > at);
    let told = still.map(|ix| {
        let task = plan.task(ix);
        let human = |on: &TaskIx| state.is_human_task(*on);
        let asks = task.dependencies.iter().map(|d| d.on).find(human);
        OrderTask {
            task: task.id.clone(),
            asked_at: asks.and_then(|on| first_start(played, on)),
            starts_at: first_start(played, ix),
            closes_at: task.closes_at,
            if_needed: task.when.is_some(),
        }
    });
    told.collect()
}

fn caught_up(played: &Simulation, settled: &CatchUpPlan) -> Vec<CaughtUpTask> {
    let told = settled.tasks.iter().map(|ix| {
        let runs = &played.runs[ix.at()];
        CaughtUpTask {
            task: played.state().plan().task(*ix).id.clone(),
            from: runs.first().map(|run| run.from),
            to: runs.last().map(|run| run.to),
        }
    });
    let mut all: Vec<_> = told.collect();
    all.sort_by_key(|caught_up| (caught_up.from.is_none(), caught_up.from, caught_up.to));
    all
}

fn excused_tasks(
    plan: &DayPlan,
    at: DateTime<Utc>,
    settled: &CatchUpPlan,
) -> Vec<ExcusedTaskOutlook> {
    let told = settled.left.iter().map(|left| ExcusedTaskOutlook {
        task: plan.task(left.task).id.clone(),
        over: plan.task(left.task).closes_at <= at,
        why: left.why.describe(plan),
    });
    let mut all: Vec<_> = told.collect();
    all.sort_by_key(|left| !left.over);
    all
}

fn load(played: &Simulation, settled: &CatchUpPlan) -> Vec<AgentLoad> {
    let plan = played.state().plan();
    let own = |agent: AgentIx| {
        let tasks = settled.tasks.iter().filter(move |ix| plan.task(**ix).agent == agent);
        let runs = tasks.clone().flat_map(|ix| &played.runs[ix.at()]);
        let busy_ms = runs.map(|run| Span::between(&run.from, &run.to).as_millis()).sum();
        AgentLoad { agent: plan.agent(agent).id.clone(), tasks: tasks.count(), busy_ms }
    };
    let all = (0..plan.agents.len()).map(|at| own(AgentIx::new(at)));
    all.filter(|load| load.tasks > 0).collect()
}
