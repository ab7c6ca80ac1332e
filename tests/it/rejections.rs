//! Plans that a person, or silence, says no to: their orders are not sent, and the day goes on.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    cli::Exit,
    desk::market::Dataset,
    engine::{
        Actor, AlertSeverity, ApprovalRejection, AttemptOutcome, Command, CommandRequest, Engine,
        EngineInput, EngineStep, Event, FailureKind, OrchestrationEvent as Kind, RetryScope,
        RunEnd, RunStatus, SkipReason, StageStatus, TaskEnding, TaskState, WorkItem,
    },
    planning::{
        plan::{StageIx, TaskIx},
        time::Span,
        workflow::EffectClass,
    },
    view::report::{OutputFormat, Reporter, Verbosity},
};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    cli::told,
    engine_script::{Script, add, after, quiet},
    support::{desk_day::DeskDay, plans},
};

/// A question open for ten minutes, an order that needs a yes, what needs the order, and what only
/// waits for its end.
struct Asked {
    day: Script,
    question: TaskIx,
    order: TaskIx,
    needs: TaskIx,
    waits: TaskIx,
}

fn asked() -> Asked {
    let mut plan = quiet();
    let question = add(&mut plan, |task| {
        task.effect = EffectClass::Human;
        task.timeout = Span::mins(10);
    });
    let order = after(&mut plan, &[question]);
    plan.tasks[order.at()].effect = EffectClass::Effectful;
    let needs = after(&mut plan, &[order]);
    let waits = add(&mut plan, |task| task.dependencies = vec![plans::soft(order.at())]);
    Asked { day: Script::begin(plan), question, order, needs, waits }
}

const SKIPPED_WITH_IT: Option<TaskEnding> =
    Some(TaskEnding::Skipped { why: SkipReason::Upstream, satisfies: false });

#[test]
fn a_rejection_skips_what_needs_the_yes_and_nothing_else() {
    let Asked { mut day, question, order, needs, waits } = asked();
    day.order(Command::Reject { task: question });
    let by = Some(Actor::Operator("ana".into()));
    let rejection = Box::new(ApprovalRejection { by, reason: Some("desk call".into()) });
    assert_eq!(day.task(question).ending, Some(TaskEnding::Rejected(rejection)));
    assert_eq!(day.task(order).ending, SKIPPED_WITH_IT);
    assert_eq!(day.task(needs).ending, SKIPPED_WITH_IT);
    assert_eq!(day.state(waits), TaskState::Running);
    assert_eq!(day.run().alerts().len(), 0, "who said no knows it");
    day.done(waits);
    assert_eq!(day.run().stage(StageIx::new(0)).status, StageStatus::CompletedWithIssues);
    assert_eq!(*day.run().status(), RunStatus::Completed(RunEnd::CompletedWithIssues));
    assert_eq!(day.told(Kind::TaskFailed) + day.told(Kind::TaskUpstreamFailed), 0);
}

#[test]
fn silence_is_a_no_that_people_are_told_of() {
    let Asked { mut day, question, order, .. } = asked();
    day.until(9);
    assert_eq!(day.state(question), TaskState::Running);
    day.until(10);
    let reason = Some("no operator answered within 10m".into());
    let silence = Some(TaskEnding::Rejected(Box::new(ApprovalRejection { by: None, reason })));
    assert_eq!(day.task(question).ending, silence);
    assert_eq!(day.state(order), TaskState::Skipped);
    let alerts: Vec<_> = day.run().alerts().values().map(|a| (a.severity, a.task)).collect();
    assert_eq!(alerts, [(AlertSeverity::Warning, Some(question))]);
    let attempt = 1;
    assert!(
        day.work.contains(&WorkItem::Stop { task: question, attempt }),
        "it is asked no longer"
    );
}

#[test]
fn the_end_of_its_window_is_a_no_as_well() {
    let mut plan = quiet();
    let question = add(&mut plan, |task| {
        task.effect = EffectClass::Human;
        task.timeout = Span::mins(720);
    });
    let mut day = Script::begin(plan);
    day.until(180);
    assert!(day.task(question).is_rejected());
    assert_eq!(*day.run().status(), RunStatus::Completed(RunEnd::CompletedWithIssues));
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing_and_is_told_what_would() {
    let Asked { mut day, question, order, .. } = asked();
    day.until(10);
    for command in [Command::approve_all(question), Command::Reject { task: question }] {
        let refusal = day.ask(command).unwrap_err();
        assert!(refusal.remedy.unwrap().starts_with("retry it"));
    }
    let refusal = day.ask(Command::Unskip { task: question }).unwrap_err();
    assert!(refusal.remedy.unwrap().starts_with("retry it"));
    day.done(question);
    assert_eq!(day.told(Kind::LateResult), 1);
    assert_eq!(day.state(order), TaskState::Skipped);
}

#[test]
fn a_rejected_plan_may_be_asked_about_again_and_what_was_skipped_with_it_waits_anew() {
    let Asked { mut day, question, order, needs, .. } = asked();
    for _ in 0..2 {
        day.order(Command::Reject { task: question });
        day.order(Command::Retry { task: question, scope: RetryScope::Task });
        assert_eq!(day.state(question), TaskState::Running);
        assert_eq!([day.state(order), day.state(needs)], [TaskState::Pending; 2]);
    }
    day.order(Command::approve_all(question));
    day.done(order);
    assert_eq!(day.state(needs), TaskState::Running);
    let started = |w: &&WorkItem| matches!(w, WorkItem::Start { task, .. } if *task == order);
    assert_eq!(day.work.iter().filter(started).count(), 1);
}

#[test]
fn a_failure_beside_a_no_is_a_failure_and_once_repaired_only_the_no_is_left() {
    let mut plan = quiet();
    let question = add(&mut plan, |task| task.effect = EffectClass::Human);
    let checks = add(&mut plan, |_| {});
    let both = after(&mut plan, &[question, checks]);
    let mut day = Script::begin(plan);
    day.fails(checks, FailureKind::BadInput);
    assert_eq!(day.state(both), TaskState::UpstreamFailed);
    day.order(Command::Reject { task: question });
    assert_eq!(day.state(both), TaskState::UpstreamFailed);
    day.order(Command::Retry { task: checks, scope: RetryScope::Task });
    assert_eq!(day.task(both).ending, SKIPPED_WITH_IT);
    day.done(checks);
    assert_eq!(day.task(both).ending, SKIPPED_WITH_IT);
    assert_eq!(*day.run().status(), RunStatus::Completed(RunEnd::CompletedWithIssues));
}

#[test]
fn a_skip_taken_back_brings_back_what_was_skipped_with_it() {
    let mut plan = quiet();
    let before = add(&mut plan, |_| {});
    let first = after(&mut plan, &[before]);
    let second = after(&mut plan, &[first]);
    let third = after(&mut plan, &[second]);
    let mut day = Script::begin(plan);
    day.order(Command::Skip { task: first, satisfies: false });
    assert_eq!([day.state(second), day.state(third)], [TaskState::Skipped; 2]);
    day.order(Command::Unskip { task: first });
    assert_eq!([day.state(second), day.state(third)], [TaskState::Pending; 2]);
    day.done(before);
    day.done(first);
    assert_eq!(day.state(second), TaskState::Running);
}

/// A day of the built-in agents in which every question is rejected after a minute.
struct Refused {
    desk: DeskDay,
    engine: Engine,
    at: DateTime<Utc>,
    due: BTreeMap<(DateTime<Utc>, TaskIx), (u32, Option<AttemptOutcome>)>,
    report: Reporter<Vec<u8>>,
    started: BTreeSet<String>,
}

impl Refused {
    fn run(date: &str) -> Self {
        let desk = DeskDay::new(date, &Arc::new(Dataset::bundled()));
        let at = desk.plan.stages[0].opens_at;
        let (engine, step) = Engine::start(Arc::clone(&desk.plan), at);
        let report = Reporter::new(Vec::new(), OutputFormat::Json, Verbosity::Normal);
        let (due, started) = (BTreeMap::new(), BTreeSet::new());
        let mut day = Self { desk, engine, at, due, report, started };
        day.take(step);
        while !day.engine.state().has_ended() {
            day.next();
        }
        day.report.close(day.engine.state(), day.at).unwrap();
        day
    }

    fn next(&mut self) {
        let wake = self.engine.next_wake();
        let first = self.due.first_key_value().map(|(key, _)| *key);
        let Some((at, task)) = first.filter(|(at, _)| wake.is_none_or(|wake| *at <= wake)) else {
            self.at = wake.unwrap().max(self.at);
            return self.input(EngineInput::Tick);
        };
        self.at = at.max(self.at);
        let input = match self.due.remove(&(at, task)).unwrap() {
            (attempt, Some(answer)) => {
                if let AttemptOutcome::Completed(outcome) = &answer {
                    let id = self.desk.plan.task(task).id.clone();
                    self.desk.outcomes.insert(id, outcome.clone());
                }
                EngineInput::AttemptEnded { task, attempt, answer }
            }
            (_, None) => EngineInput::Command(CommandRequest {
                id: u64::from(task.0) + 1,
                by: Actor::Operator("ana".into()),
                reason: Some("too large".into()),
                command: Command::Reject { task },
            }),
        };
        self.input(input);
    }

    fn input(&mut self, input: EngineInput) {
        let step = self.engine.step(self.at, input);
        assert!(step.refusal.is_none(), "{:?}", step.refusal);
        self.take(step);
    }

    fn take(&mut self, step: EngineStep) {
        for event in &step.events {
            self.report.event(self.engine.state(), event).unwrap();
            let failed = matches!(
                event.event,
                Event::TaskFailed { .. }
                    | Event::TaskUpstreamFailed { .. }
                    | Event::TaskMissed { .. }
            );
            assert!(!failed, "{}: {:?}", event.at, event.event);
        }
        for work in step.work {
            let WorkItem::Start { task, attempt } = work else { continue };
            let planned = self.desk.plan.task(task);
            self.started.insert(planned.id.to_string());
            let (lasts, answer) = if planned.effect == EffectClass::Human {
                (Span::mins(1), None)
            } else {
                let reply = self.desk.ask(self.desk.request(planned.id.as_str(), self.at));
                (reply.took.unwrap_or(planned.estimate), Some(reply.answer))
            };
            self.due.insert((self.at + lasts.to_delta(), task), (attempt, answer));
        }
    }
}

#[test]
fn a_day_on_which_every_plan_is_rejected_sends_no_order_of_them_ends_well_and_says_so() {
    for date in ["2018-07-10", "2018-12-19"] {
        let day = Refused::run(date);
        let state = day.engine.state();
        let end = RunStatus::Completed(RunEnd::CompletedWithIssues);
        assert_eq!(*state.status(), end, "{date}");
        let asked: Vec<_> = ["approve_trades", "approve_rebalance"]
            .into_iter()
            .filter(|id| day.started.contains(*id))
            .collect();
        assert!(asked.contains(&"approve_trades"));
        for sent in ["execute_open", "execute_rebalance"] {
            assert!(!day.started.contains(sent), "{date}: {sent}");
        }
        for on in
            ["open_reconcile", "rebalance_check", "closing_plan", "eod_reconcile", "maintenance"]
        {
            let Some(ix) = day.desk.plan.find_task(on) else { continue };
            assert_eq!(state.task(ix).state, TaskState::Completed, "{date}: {on}");
        }
        assert_eq!(day.desk.desk.orders(day.at).len(), 0, "{date}: orders");
        let plans = day.desk.data("daily_report")["report"]["plans"].clone();
        assert!(plans.as_array().unwrap().iter().all(|plan| plan["approved_by"].is_null()));
        let text = String::from_utf8(day.report.into_inner()).unwrap();
        let summary: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        let rejected = summary["rejected"].as_array().unwrap();
        let named: Vec<_> = rejected.iter().map(|no| no["task"].as_str().unwrap()).collect();
        assert_eq!(named, asked, "{date}");
        assert_eq!(rejected[0]["by"]["operator"], "ana");
        assert_eq!(rejected[0]["reason"], "too large");
        assert!(rejected[0]["at"].as_str().unwrap().starts_with(date));
    }
}

#[test]
fn a_day_on_which_nobody_answers_ends_well_without_an_order_and_says_so() {
    let vars = [("BELLWETHER_APPROVALS", "ask")];
    let (exit, out, err) = told(&["run", "--json", "--date", "2018-07-10"], &vars);
    assert_eq!(exit, Exit::Success, "{err}");
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let started = |id: &str| events.iter().any(|e| e["event"] == "task_started" && e["task"] == id);
    assert!(started("approve_trades") && started("rebalance_check") && started("maintenance"));
    assert!(!started("execute_open") && !started("execute_rebalance"));
    let said = events.iter().find(|event| event["event"] == "task_rejected").unwrap();
    assert_eq!(said["rejection"]["reason"], "no operator answered within 15m");
    let summary = events.last().unwrap();
    assert_eq!(summary["status"], "COMPLETED_WITH_ISSUES");
    assert_eq!(summary["rejected"][0]["task"], "approve_trades");
    assert_eq!(summary["bad"], Value::Array(Vec::new()));
    let (_, text, _) = told(&["run", "--date", "2018-07-10"], &vars);
    assert!(text.contains("approve_trades: no operator answered within 15m"), "{text}");
}
