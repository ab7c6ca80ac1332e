//! Conditions of tasks: a field that a result does not have is named, never guessed.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    desk::market::Dataset,
    engine::{
        AttemptOutcome, RecordedEvent, SkipReason, TaskEnding, TaskResult, TaskState, event_json,
    },
    planning::{
        id::{TaskId, TaskType},
        plan::{DayPlan, TaskIx},
        workflow::{self, AgentCatalog, Condition, output_fields},
    },
    view::event_line::event_line,
};
use serde_json::{Value, json};

use crate::{
    engine_script::{Script, add, quiet},
    support::{desk_day::DeskDay, plans::soft},
};

/// Adds a task that runs if `field` of task 0 holds, or does not.
fn when(plan: &mut DayPlan, field: &str, negated: bool) -> TaskIx {
    let condition = Condition { task: TaskId::parse("t0").unwrap(), field: field.into(), negated };
    add(plan, |task| {
        task.when = Some((TaskIx(0), condition));
        task.dependencies = vec![soft(0)];
    })
}

fn begin(plan: DayPlan, data: &Value) -> Script {
    let mut day = Script::begin(plan);
    let output = Arc::new(json!({ "data": data }));
    let result = TaskResult { output, ..TaskResult::without_data("done") };
    day.answer(TaskIx(0), AttemptOutcome::Completed(result));
    day
}

#[test]
fn a_misspelt_condition_runs_no_task_and_names_the_field() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let plain = when(&mut plan, "no_such_field", false);
    let negated = when(&mut plan, "no_such_field", true);
    let deep = when(&mut plan, "is_session.deep", true);
    let absent = when(&mut plan, "fomc", true);
    let day = begin(plan, &json!({ "is_session": true, "fomc": null }));
    let missing = Some(TaskEnding::Skipped { why: SkipReason::MissingField, satisfies: false });
    for task in [plain, negated, deep] {
        assert_eq!(day.task(task).ending, missing, "{task:?}");
    }
    assert_eq!(day.state(absent), TaskState::Running, "a field without a value is there");
    let told = |task: TaskIx| -> &RecordedEvent {
        day.journal.iter().find(|event| event.event.task() == Some(task)).unwrap()
    };
    let text = event_line(told(negated), day.run().plan()).what;
    let wanted = "t2: the result of t0 has no field `no_such_field`, which its condition asks for";
    assert_eq!(text, wanted);
    let json = event_json(told(negated), day.run().plan());
    assert_eq!(
        (&json["why"], &json["condition"]),
        (&json!("missing_field"), &json!("not t0.no_such_field"))
    );
}

#[test]
fn a_condition_that_is_false_is_no_missing_field() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let plain = when(&mut plan, "half_day", false);
    let negated = when(&mut plan, "half_day", true);
    let day = begin(plan, &json!({ "half_day": false }));
    let skipped = Some(TaskEnding::Skipped { why: SkipReason::Condition, satisfies: false });
    assert_eq!((&day.task(plain).ending, day.state(negated)), (&skipped, TaskState::Running));
}

#[test]
fn check_refuses_a_condition_on_a_field_that_no_result_has() {
    let text = "name: typo\nstages:\n  pre_market:\n    tasks:\n      \
                - {id: a, agent: economist, task_type: event_calendar}\n      \
                - {id: b, agent: economist, task_type: news, when: a.half_dya}\n      \
                - {id: c, agent: economist, task_type: news, when: not a.half_day}\n";
    let mut agents = AgentCatalog::builtin();
    let news = TaskType::parse("news").unwrap();
    agents.agents.get_mut("economist").unwrap().insert(news);
    let found = workflow::load_workflow("w.yaml", text, &agents).unwrap_err();
    let found: Vec<String> = found.iter().map(|p| format!("{} {}", p.code.id, p.message)).collect();
    assert_eq!(found, ["E053 the result of `event_calendar` has no field `half_dya`"]);
}

#[test]
fn every_field_of_a_built_in_result_may_be_asked_for() {
    let data = Arc::new(Dataset::bundled());
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for date in ["2018-12-19", "2018-11-02", "2018-11-01", "2018-12-25"] {
        let mut day = DeskDay::new(date, &data);
        day.run();
        for (id, result) in &day.outcomes {
            let task_type = &day.plan.task(day.plan.find_task(id.as_str()).unwrap()).task_type;
            let fields = result.data().and_then(Value::as_object).map(|data| data.keys().cloned());
            seen.entry(task_type.to_string()).or_default().extend(fields.into_iter().flatten());
        }
    }
    assert!(seen.len() > 25, "{:?}", seen.keys());
    for (task_type, fields) in seen {
        let known = output_fields(&task_type).unwrap();
        let unknown: Vec<_> = fields.iter().filter(|f| !known.contains(&f.as_str())).collect();
        assert!(unknown.is_empty(), "{task_type}: {unknown:?}");
    }
}
