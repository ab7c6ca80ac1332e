//! Settled days run to their end in the engine, every attempt taking as long as its file estimates.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::{collections::BTreeMap, sync::Arc};

use bellwether::{
    engine::{
        Actor, AttemptOutcome, Command, CommandRequest, Engine, EngineInput, EngineStep, Event,
        ResultQuality, TaskResult, TaskState, WorkItem,
    },
    planning::{
        plan::{DayPlan, TaskIx},
        time::Span,
        workflow::EffectClass,
    },
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::day::{facts, plan, plan_of, volatility};

/// A day on which every agent succeeds with one and the same output.
struct Day {
    engine: Engine,
    at: DateTime<Utc>,
    /// Attempts at work, by the moment they will have ended.
    due: BTreeMap<(DateTime<Utc>, TaskIx), u32>,
    events: Vec<(DateTime<Utc>, Event)>,
    output: Arc<Value>,
    orders: u64,
}

impl Day {
    fn run(plan: &Arc<DayPlan>, output: Value) -> Self {
        let at = plan.stages[0].opens_at;
        let (engine, step) = Engine::start(Arc::clone(plan), at);
        let (due, events) = (BTreeMap::new(), Vec::new());
        let mut day = Self { engine, at, due, events, output: Arc::new(output), orders: 0 };
        day.take(step);
        for _ in 0..20_000 {
            if day.engine.state().has_ended() {
                break;
            }
            day.next(plan);
        }
        assert!(day.engine.state().has_ended(), "{}: the day never ended", plan.date);
        day
    }

    /// Whatever comes first: an attempt that ends, or a moment the engine waits for.
    fn next(&mut self, plan: &DayPlan) {
        let wake = self.engine.next_wake();
        let first = self.due.first_key_value().map(|(&(at, task), &attempt)| (at, task, attempt));
        let due = first.filter(|(at, ..)| wake.is_none_or(|wake| *at <= wake));
        let Some((at, task, attempt)) = due else {
            self.at = wake.unwrap().max(self.at);
            return self.input(EngineInput::Tick);
        };
        self.at = at.max(self.at);
        self.due.remove(&(at, task));
        if plan.task(task).effect == EffectClass::Human {
            self.orders += 1;
            let by = Actor::Operator("ana".into());
            let (id, command) = (self.orders, Command::approve_all(task));
            return self.input(EngineInput::Command(CommandRequest {
                id,
                by,
                reason: None,
                command,
            }));
        }
        let (summary, output) = ("done".into(), Arc::clone(&self.output));
        let answer =
            AttemptOutcome::Completed(TaskResult { quality: ResultQuality::Ok, summary, output });
        self.input(EngineInput::AttemptEnded { task, attempt, answer });
    }

    fn input(&mut self, input: EngineInput) {
        let step = self.engine.step(self.at, input);
        assert!(step.refusal.is_none(), "{:?}", step.refusal);
        self.take(step);
    }

    fn take(&mut self, step: EngineStep) {
        for work in step.work {
            match work {
                WorkItem::Start { task, attempt } => {
                    let lasts = self.engine.state().plan().task(task).estimate.to_delta();
                    self.due.insert((self.at + lasts, task), attempt);
                }
                // Nobody knows what became of what is in doubt.
                WorkItem::Probe { .. } => {}
                WorkItem::Stop { task, attempt } => {
                    self.due.retain(|(_, other), alive| (*other, *alive) != (task, attempt));
                }
            }
        }
        self.events.extend(step.events.into_iter().map(|recorded| (recorded.at, recorded.event)));
    }

    /// The tasks in a state, by name.
    fn names(&self, state: TaskState) -> Vec<&str> {
        let plan = self.engine.state().plan();
        let tasks = self.engine.state().tasks().filter(|(_, run)| run.state == state);
        tasks.map(|(ix, _)| plan.task(ix).id.as_str()).collect()
    }
}

/// Everything succeeds, the conditional tasks included: nothing is late, stale, missed or stuck.
fn all_green(plan: DayPlan) {
    let (date, overlays) = (plan.date, plan.overlays.clone());
    let plan = Arc::new(plan);
    let day = Day::run(&plan, json!({ "data": { "needed": true, "submit": true } }));
    let done = day.names(TaskState::Completed).len();
    let others: Vec<_> = TaskState::ALL
        .into_iter()
        .filter(|state| *state != TaskState::Completed)
        .flat_map(|state| day.names(state).into_iter().map(move |id| (state, id)))
        .collect();
    let on_demand = plan.tasks.iter().filter(|task| task.on_demand).count();
    assert_eq!(done + on_demand, plan.tasks.len(), "{date} {overlays:?}: {others:?}");
    for (at, event) in &day.events {
        let stuck = matches!(event, Event::StageStuck { .. } | Event::StageFailed { .. });
        assert!(!stuck, "{date} {overlays:?} at {at}: {event:?}");
    }
    for (ix, run) in day.engine.state().tasks() {
        let task = plan.task(ix);
        let in_time = run.ended_at.is_some_and(|ended_at| ended_at <= task.deadline);
        assert!(in_time || task.every.is_some(), "{date}: {} ended after its deadline", task.id);
    }
}

#[test]
fn days_of_every_kind_run_green_to_their_end_and_keep_their_deadlines() {
    for date in [
        "2018-07-10",
        "2018-12-24",
        "2018-12-19",
        "2018-09-21",
        "2018-12-05",
        "2018-11-01",
        "2018-11-02",
        "2026-03-18",
        "2026-06-18",
    ] {
        all_green(plan(date));
        let mut facts = facts(date);
        facts.volatility = Some(volatility("crisis", 0.15, 30));
        all_green(plan_of(&facts));
    }
}

#[test]
fn orders_whose_window_closed_while_nobody_approved_are_never_sent() {
    let plan = Arc::new(plan("2018-07-10"));
    let mut late = plan.as_ref().clone();
    let approval = plan.find_task("approve_trades").unwrap();
    late.tasks[approval.at()].estimate = Span::mins(40);
    let day = Day::run(&Arc::new(late), json!({ "data": {} }));
    let skipped = day.names(TaskState::Skipped);
    assert!(["approve_trades", "execute_open"].iter().all(|id| skipped.contains(id)));
    let done = day.names(TaskState::Completed);
    assert!(["open_reconcile", "eod_reconcile"].iter().all(|id| done.contains(id)));
    let started = |(_, event): &(_, Event)| matches!(event, Event::TaskStarted { task, .. } if plan.task(*task).id.as_str() == "execute_open");
    assert!(!day.events.iter().any(started));
}

#[test]
fn no_order_task_starts_after_its_window_even_if_its_stage_was_held_up() {
    let plan = Arc::new(plan("2018-07-10"));
    let mut slow = plan.as_ref().clone();
    let closing = plan.find_task("closing_plan").unwrap();
    slow.tasks[closing.at()].estimate = Span::mins(25);
    slow.tasks[closing.at()].timeout = Span::mins(30);
    let day = Day::run(&Arc::new(slow), json!({ "data": { "submit": true } }));
    assert_eq!(day.names(TaskState::Missed), ["submit_close"]);
}

#[test]
fn a_book_that_has_not_drifted_is_not_rebalanced_and_the_day_closes_all_the_same() {
    let plan = Arc::new(plan("2018-07-10"));
    let day = Day::run(&plan, json!({ "data": { "needed": false, "submit": true } }));
    let skipped = ["emergency_exit", "rebalance_trades", "approve_rebalance", "execute_rebalance"];
    assert_eq!(day.names(TaskState::Skipped), skipped);
    assert_eq!(day.names(TaskState::Completed).len(), plan.tasks.len() - skipped.len());
}

#[test]
fn with_nothing_to_submit_no_order_goes_into_the_auction() {
    let plan = Arc::new(plan("2018-07-10"));
    let day = Day::run(&plan, json!({ "data": {} }));
    assert!(day.names(TaskState::Skipped).contains(&"submit_close"));
    assert!(day.names(TaskState::Completed).contains(&"eod_reconcile"));
}

#[test]
fn monitors_look_as_often_as_they_should() {
    let plan = Arc::new(plan("2018-07-10"));
    let day = Day::run(&plan, json!({ "data": {} }));
    for (id, rounds) in [("market_monitor", 76), ("risk_monitor", 77), ("order_monitor", 400)] {
        let run = day.engine.state().task(plan.find_task(id).unwrap());
        assert_eq!(run.rounds, rounds, "{id}");
    }
}
