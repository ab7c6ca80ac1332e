//! Days settled from the shipped workflow files: their hours, and what special days change.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::collections::{BTreeMap, BTreeSet};

use bellwether::planning::{
    calendar,
    plan::{DayPlan, NotedValue, PlannedTask, select_overlays},
    time::{SessionAnchor, Span},
    workflow::{DependencyDef, DependencyKind, EffectClass},
};
use serde_json::Value;

use super::day::{et, facts, has, hours, library, plan, plan_of, stage_hours, task, waits_for};

fn anchor_of(row: &Value, field: &str) -> SessionAnchor {
    row[field].as_str().unwrap().parse().unwrap()
}

fn names_of(row: &Value, field: &str) -> BTreeSet<String> {
    row[field].as_array().unwrap().iter().map(|name| name.as_str().unwrap().into()).collect()
}

#[test]
fn the_standard_day_is_the_agreed_table_row_by_row() {
    let agreed: Value = serde_json::from_str(include_str!("data/standard_day.json")).unwrap();
    let base = library().base;
    assert_eq!(base.name, agreed["name"].as_str().unwrap());
    let stages: Vec<_> = base.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(Value::from(stages), agreed["stages"]);
    let rows: BTreeMap<_, _> = agreed["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row))
        .collect();
    assert_eq!(base.tasks().count(), rows.len());
    for (stage, task) in base.tasks() {
        let id = task.id.as_str();
        let row = rows[id];
        // Reading a condition adds a soft dependency that the table leaves out.
        let asked = task.when.as_ref().map(|when| &when.task);
        let waits = |hardness| {
            let of = |known: &&DependencyDef| {
                known.hardness == hardness
                    && (hardness == DependencyKind::Hard || Some(&known.on) != asked)
            };
            let waits = task.dependencies.iter().filter(of);
            waits.map(|known| known.on.to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!(stage.id.as_str(), row["stage"], "{id}");
        assert_eq!(task.agent.as_str(), row["agent"], "{id}");
        assert_eq!(task.task_type.as_str(), row["task_type"], "{id}");
        let window = task.window.unwrap();
        assert_eq!(window.from, anchor_of(row, "earliest"), "{id}");
        assert_eq!(task.deadline.unwrap_or(window.to), anchor_of(row, "deadline"), "{id}");
        assert_eq!(waits(DependencyKind::Hard), names_of(row, "deps"), "{id}");
        assert_eq!(waits(DependencyKind::Soft), names_of(row, "soft_deps"), "{id}");
        assert_eq!(task.priority.unwrap().as_str(), row["priority"], "{id}");
        assert_eq!(task.timeout.unwrap().as_secs(), row["timeout_s"], "{id}");
        assert_eq!(task.max_retries.unwrap(), row["max_retries"], "{id}");
        // The agreed table was written when `idempotent` was called `keyed`.
        let effect = row["effect"].as_str().map(|word| word.replace("keyed", "idempotent"));
        assert_eq!(Some(task.effect.unwrap().as_str()), effect.as_deref(), "{id}");
    }
}

#[test]
fn a_normal_day_has_the_specifications_hours_in_summer_and_in_winter() {
    for (date, utc_open) in [("2018-07-10", "10:00"), ("2018-01-10", "11:00")] {
        let plan = plan(date);
        assert_eq!(plan.overlays, Vec::<String>::new(), "{date}");
        assert_eq!(
            stage_hours(&plan),
            [
                "pre_market 06:00 .. 09:30",
                "market_open 09:30 .. 10:30",
                "intraday 10:30 .. 15:00",
                "post_market 16:00 .. 18:00",
            ]
        );
        let first = plan.stages[0].opens_at.format("%H:%M").to_string();
        assert_eq!(first, utc_open, "{date} in UTC");
        assert_eq!(hours(&plan, "submit_close"), "15:45 .. 15:49, 15:49");
        assert_eq!(hours(&plan, "rebalance_check"), "13:00 .. 13:30, 13:30");
        assert_eq!(plan.day, "regular session");
        assert_eq!(plan.run, format!("{date}-standard-1"));
    }
}

#[test]
fn a_condition_is_a_soft_dependency_unless_there_is_a_hard_one() {
    let plan = plan("2018-07-10");
    let hard = |id: &str| (id.to_owned(), DependencyKind::Hard);
    let soft = |id: &str| (id.to_owned(), DependencyKind::Soft);
    assert_eq!(waits_for(&plan, "rebalance_trades"), [hard("rebalance_check")]);
    let waits = waits_for(&plan, "execute_rebalance");
    assert_eq!(waits, [hard("approve_rebalance"), soft("rebalance_check")]);
    let (asked, when) = task(&plan, "submit_close").when.clone().unwrap();
    assert_eq!(plan.task(asked).id.as_str(), "closing_plan");
    assert_eq!(when.field, "submit");
}

#[test]
fn agents_stand_in_order_of_name_and_the_operator_is_one_of_them() {
    let plan = plan("2018-07-10");
    let names: Vec<_> = plan.agents.iter().map(|agent| agent.id.as_str()).collect();
    assert_eq!(
        names,
        [
            "analytics_reporting",
            "economist",
            "junior_analyst",
            "operator",
            "portfolio_manager",
            "senior_analyst",
            "trade_execution",
        ]
    );
}

#[test]
fn results_stay_valid_until_the_last_moment_at_which_they_may_release_orders() {
    for date in ["2018-07-10", "2018-12-24", "2018-12-19", "2018-09-21"] {
        let plan = plan(date);
        let waits = |task: &'_ PlannedTask| task.dependencies.clone();
        for (task, waits) in
            plan.tasks.iter().flat_map(|t| waits(t).into_iter().map(move |w| (t, w)))
        {
            let on = plan.task(waits.on);
            let done = on.opens_at + on.estimate.to_delta();
            // A loop is released anew for every round.
            let last = if task.every.is_some() { task.closes_at } else { task.opens_at };
            let age = Span::between(&done, &last);
            let stale =
                waits.hardness == DependencyKind::Hard && on.valid_for.is_some_and(|v| age >= v);
            assert!(!stale, "{date}: {} is {age} old for {}", on.id, task.id);
        }
    }
}

#[test]
fn a_half_day_moves_the_closing_tasks_and_drops_the_rebalance() {
    let plan = plan("2018-12-24");
    assert_eq!(plan.day, "early close 13:00 (Christmas Eve)");
    assert_eq!(plan.overlays, ["early_close"]);
    assert_eq!(
        stage_hours(&plan),
        [
            "pre_market 06:00 .. 09:30",
            "market_open 09:30 .. 10:30",
            "intraday 10:30 .. 12:00",
            "post_market 13:00 .. 15:00",
        ]
    );
    assert_eq!(hours(&plan, "closing_plan"), "12:30 .. 12:42, 12:42");
    assert_eq!(hours(&plan, "submit_close"), "12:45 .. 12:49, 12:49");
    assert_eq!(hours(&plan, "eod_reconcile"), "13:15 .. 14:00, 14:00");
    assert_eq!(hours(&plan, "daily_report"), "13:15 .. 14:40, 14:40");
    for gone in ["rebalance_check", "rebalance_trades", "approve_rebalance", "execute_rebalance"] {
        assert!(!has(&plan, gone), "{gone}");
    }
    let hard = DependencyKind::Hard;
    assert_eq!(waits_for(&plan, "closing_plan"), [("open_reconcile".into(), hard)]);
    assert_eq!(plan.multipliers, BTreeMap::from([("participation".into(), 0.7)]));
    let note = plan.notes.iter().find(|note| {
        note.task.as_ref().is_some_and(|task| task.as_str() == "submit_close")
            && note.about == NotedValue::Window
    });
    let note = note.unwrap();
    assert_eq!(note.was.as_deref(), Some("15:45 .. 15:49"));
    assert_eq!(note.origin, "calendar: early close 13:00 (Christmas Eve)");
}

#[test]
fn a_decision_day_rebalances_early_and_buys_nothing_around_the_statement() {
    let plan = plan("2018-12-19");
    assert_eq!(plan.overlays, ["expiration", "fomc"]);
    let [blackout] = plan.blackouts.as_slice() else { unreachable!("{:?}", plan.blackouts) };
    assert_eq!((et(blackout.from), et(blackout.to)), ("13:30".into(), "14:45".into()));
    assert_eq!(blackout.origin, "workflows/fomc.yaml");
    assert_eq!(hours(&plan, "execute_rebalance"), "11:05 .. 13:00, 13:00");
    assert_eq!(hours(&plan, "fomc_brief"), "08:00 .. 08:45, 08:45");
    assert_eq!(hours(&plan, "fomc_watch"), "13:45 .. 15:30, 15:30");
    assert_eq!(task(&plan, "fomc_watch").every, Some(Span::mins(1)));
    assert_eq!(et(task(&plan, "fomc_reaction").opens_at), "14:05");
    assert_eq!(et(task(&plan, "fomc_reaction_late").opens_at), "14:45");
    assert_eq!(plan.multipliers.get("order_notional"), Some(&0.5));
}

#[test]
fn a_surprise_of_the_committee_changes_no_plan() {
    let facts = facts("2020-03-03");
    assert!(facts.specials.iter().any(|special| !special.is_scheduled()));
    assert!(plan_of(&facts).overlays.is_empty());
}

#[test]
fn quadruple_witching_starts_later_and_ends_earlier() {
    let plan = plan("2018-09-21");
    assert_eq!(plan.overlays, ["expiration", "quad_witching"]);
    assert_eq!(hours(&plan, "execute_open"), "09:45 .. 10:30, 10:30");
    assert_eq!(hours(&plan, "submit_close"), "15:40 .. 15:44, 15:44");
    assert_eq!(task(&plan, "closing_plan").task_data["auction_order"], "loc");
    assert!(has(&plan, "expiry_check"));
}

#[test]
fn a_closed_day_has_no_task_that_could_send_an_order() {
    let plan = plan("2018-12-05");
    assert_eq!(plan.overlays, ["closed"]);
    assert!(plan.day.starts_with("closed ("), "{}", plan.day);
    let ids: Vec<_> = plan.tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["event_calendar", "next_day_prep", "maintenance"]);
    assert!(plan.tasks.iter().all(|task| task.effect != EffectClass::Effectful));
    assert!(plan.find_agent("trade_execution").is_none());
    let stages: Vec<_> = plan.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(stages, ["pre_market", "post_market"]);
}

#[test]
fn decision_and_expiration_on_one_day_both_apply() {
    let plan = plan("2026-03-18");
    assert_eq!(plan.overlays, ["expiration", "fomc"]);
    assert!(has(&plan, "expiry_check") && has(&plan, "fomc_reaction"));
    let moved = select_overlays(&facts("2026-06-18"), &library());
    let told: Vec<_> = moved.iter().map(|applied| applied.why.as_str()).collect();
    assert!(told[0].contains("moved by Juneteenth"), "{told:?}");
}

#[test]
fn weekly_expirations_change_nothing() {
    let facts = facts("2018-07-13");
    assert!(!facts.specials.is_empty());
    assert!(select_overlays(&facts, &library()).is_empty());
}

#[test]
fn a_report_changes_its_evening_and_the_next_morning_for_that_name_alone() {
    let evening = plan("2018-11-01");
    assert_eq!(evening.overlays, ["earnings_tonight"]);
    assert_eq!(task(&evening, "earnings_exposure").task_data["reporting"][0], "AAPL");
    let soft = ("earnings_exposure".to_owned(), DependencyKind::Soft);
    assert!(waits_for(&evening, "closing_plan").contains(&soft));
    assert_eq!(hours(&evening, "ah_watch"), "16:05 .. 17:30, 17:30");
    let morning = plan("2018-11-02");
    assert_eq!(morning.overlays, ["earnings"]);
    assert_eq!(task(&morning, "earnings_review").task_data["reporting"][0], "AAPL");
    let [blackout] = morning.blackouts.as_slice() else { unreachable!("{morning:?}") };
    assert_eq!((blackout.orders().as_str(), et(blackout.to)), ("entry AAPL", "10:00".into()));
}

#[test]
fn a_decision_day_that_an_operator_shortens_loses_what_comes_after_the_close() {
    let mut facts = facts("2018-12-19");
    let close = chrono::NaiveTime::from_hms_opt(13, 40, 0).unwrap();
    facts.day = facts.day.declared_early(close, "storm").unwrap();
    let plan = plan_of(&facts);
    assert_eq!(plan.overlays, ["early_close", "expiration", "fomc"]);
    assert!(!has(&plan, "fomc_reaction") && !has(&plan, "fomc_watch"));
    let [blackout] = plan.blackouts.as_slice() else { unreachable!("{:?}", plan.blackouts) };
    assert_eq!((et(blackout.from), et(blackout.to)), ("13:30".into(), "13:40".into()));
    let removed = plan.notes.iter().find(|note| {
        note.task.as_ref().is_some_and(|task| task.as_str() == "rebalance_check")
            && note.conflict.is_some()
    });
    assert!(removed.is_some_and(|note| note.origin == "workflows/fomc.yaml"), "{removed:?}");
}

#[test]
fn a_closed_day_is_known_as_such_whatever_its_text_says() {
    let mut closed = plan("2018-12-25");
    closed.day = "Christmas".into();
    assert!(closed.is_closed() && !plan("2018-12-24").is_closed());
    let mut older = serde_json::to_value(&closed).unwrap();
    older.as_object_mut().unwrap().remove("closed").unwrap();
    let older: DayPlan = serde_json::from_value(older).unwrap();
    assert!(older.is_closed(), "a record of an earlier version");
    let mut facts = facts("2018-12-24");
    facts.day.kind = calendar::DayKind::Closed { reason: "storm".into() };
    assert!(plan_of(&facts).closed, "closed by an operator");
}
