//! Days settled from the shipped workflow files: their hours, overlays, composition and notes.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::{
    calendar,
    definition::{
        DependencyDef, Edit, Effect, Hardness, OnClose, Overlay, TaskDef, TaskPriority, TaskSet,
    },
    id::{AgentId, StageId, TaskId, TaskType},
    plan::{
        Applied, BuildInput, DayFacts, Library, Plan, PlanError, PlanProblem, PlannedTask,
        Settings, Sourced, Volatility, build, builtin, choose,
    },
    time::{Anchor, Span},
};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use serde_json::Value;

fn library() -> Library {
    Library::builtin().unwrap_or_else(|problems| unreachable!("{problems}"))
}

fn facts(date: &str) -> DayFacts {
    DayFacts::on(date.parse().unwrap()).unwrap()
}

fn settle(library: &Library, facts: &DayFacts, applied: &[Applied]) -> Result<Plan, PlanError> {
    build(BuildInput { library, facts, applied, settings: &Settings::default() })
}

fn plan_of(facts: &DayFacts) -> Plan {
    let library = library();
    settle(&library, facts, &choose(facts, &library)).unwrap()
}

fn plan(date: &str) -> Plan {
    plan_of(&facts(date))
}

fn applied(overlay: &str) -> Applied {
    Applied { overlay: overlay.into(), why: "asked for".into(), symbols: Vec::new() }
}

fn task<'a>(plan: &'a Plan, id: &str) -> &'a PlannedTask {
    plan.task(plan.find_task(id).unwrap_or_else(|| unreachable!("no {id} on {}", plan.date)))
}

fn et(at: DateTime<Utc>) -> String {
    calendar::exchange_local(at).format("%H:%M").to_string()
}

/// `13:00 .. 13:30, 13:30`: window and deadline, exchange time.
fn hours(plan: &Plan, id: &str) -> String {
    let task = task(plan, id);
    format!("{} .. {}, {}", et(task.opens_at), et(task.closes_at), et(task.deadline))
}

fn stage_hours(plan: &Plan) -> Vec<String> {
    let row = |stage: &bellwether::plan::PlannedStage| {
        format!("{} {} .. {}", stage.id, et(stage.opens_at), et(stage.closes_at))
    };
    plan.stages.iter().map(row).collect()
}

fn waits_for(plan: &Plan, id: &str) -> Vec<(String, Hardness)> {
    let waits = task(plan, id).dependencies.iter();
    waits.map(|dependency| (plan.task(dependency.on).id.to_string(), dependency.hardness)).collect()
}

fn has(plan: &Plan, id: &str) -> bool {
    plan.find_task(id).is_some()
}

fn volatility(regime: &str, factor: f64, every_s: u64) -> Volatility {
    let names = ["gross", "order_notional", "participation"];
    Volatility {
        regime: regime.into(),
        vix: Some(25.6),
        multipliers: names.map(|name| (name.into(), factor)).into(),
        monitor_every: Some(Span::secs(every_s)),
        approval: None,
    }
}

// ---- the standard day ----

fn anchor_of(row: &Value, field: &str) -> Anchor {
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
        let hard = |hardness| {
            let waits = task.dependencies.iter().filter(move |known| known.hardness == hardness);
            waits.map(|known| known.on.to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!(stage.id.as_str(), row["stage"], "{id}");
        assert_eq!(task.agent.as_str(), row["agent"], "{id}");
        assert_eq!(task.task_type.as_str(), row["task_type"], "{id}");
        let window = task.window.unwrap();
        assert_eq!(window.from, anchor_of(row, "earliest"), "{id}");
        assert_eq!(task.deadline.unwrap_or(window.to), anchor_of(row, "deadline"), "{id}");
        assert_eq!(hard(Hardness::Hard), names_of(row, "deps"), "{id}");
        assert_eq!(hard(Hardness::Soft), names_of(row, "soft_deps"), "{id}");
        assert_eq!(task.priority.unwrap().word(), row["priority"], "{id}");
        assert_eq!(task.timeout.unwrap().as_secs(), row["timeout_s"], "{id}");
        assert_eq!(task.max_retries.unwrap(), row["max_retries"], "{id}");
        assert_eq!(task.effect.unwrap().word(), row["effect"], "{id}");
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
    let hard = |id: &str| (id.to_owned(), Hardness::Hard);
    let soft = |id: &str| (id.to_owned(), Hardness::Soft);
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
        for task in &plan.tasks {
            for waits in task.dependencies.iter().filter(|d| d.hardness == Hardness::Hard) {
                let on = plan.task(waits.on);
                let Some(valid_for) = on.valid_for else { continue };
                let done = on.opens_at + on.estimate.delta();
                let age = Span::between(&done, &task.opens_at);
                assert!(age < valid_for, "{date}: {} is {age} old for {}", on.id, task.id);
            }
        }
    }
}

// ---- special days ----

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
    let hard = Hardness::Hard;
    assert_eq!(waits_for(&plan, "closing_plan"), [("open_reconcile".into(), hard)]);
    assert_eq!(plan.multipliers, BTreeMap::from([("participation".into(), 0.7)]));
    let note = plan.notes.iter().find(|note| {
        note.task.as_ref().is_some_and(|task| task.as_str() == "submit_close")
            && note.field == "window"
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
    assert!(facts.specials.iter().any(|special| !special.known_beforehand()));
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
    assert!(plan.tasks.iter().all(|task| task.effect != Effect::Effectful));
    assert!(plan.find_agent("trade_execution").is_none());
    let stages: Vec<_> = plan.stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(stages, ["pre_market", "post_market"]);
}

#[test]
fn decision_and_expiration_on_one_day_both_apply() {
    let plan = plan("2026-03-18");
    assert_eq!(plan.overlays, ["expiration", "fomc"]);
    assert!(has(&plan, "expiry_check") && has(&plan, "fomc_reaction"));
    let moved = choose(&facts("2026-06-18"), &library());
    let told: Vec<_> = moved.iter().map(|applied| applied.why.as_str()).collect();
    assert!(told[0].contains("moved by Juneteenth"), "{told:?}");
}

#[test]
fn weekly_expirations_change_nothing() {
    let facts = facts("2018-07-13");
    assert!(!facts.specials.is_empty());
    assert!(choose(&facts, &library()).is_empty());
}

#[test]
fn a_report_changes_its_evening_and_the_next_morning_for_that_name_alone() {
    let evening = plan("2018-11-01");
    assert_eq!(evening.overlays, ["earnings_tonight"]);
    assert_eq!(task(&evening, "earnings_exposure").task_data["reporting"][0], "AAPL");
    let soft = ("earnings_exposure".to_owned(), Hardness::Soft);
    assert!(waits_for(&evening, "closing_plan").contains(&soft));
    assert_eq!(hours(&evening, "ah_watch"), "16:05 .. 17:30, 17:30");
    let morning = plan("2018-11-02");
    assert_eq!(morning.overlays, ["earnings"]);
    assert_eq!(task(&morning, "earnings_review").task_data["reporting"][0], "AAPL");
    let [blackout] = morning.blackouts.as_slice() else { unreachable!("{morning:?}") };
    assert_eq!((blackout.forbids.as_str(), et(blackout.to)), ("entry AAPL", "10:00".into()));
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

// ---- volatility ----

#[test]
fn a_stressed_regime_is_stricter_than_the_overlay_where_both_speak() {
    let mut facts = facts("2018-07-10");
    let approval = Some("all".into());
    facts.volatility = Some(Volatility { approval, ..volatility("stressed", 0.4, 60) });
    let plan = plan_of(&facts);
    assert_eq!(plan.overlays, ["high_volatility"]);
    for name in ["gross", "order_notional", "participation"] {
        assert_eq!(plan.multipliers.get(name), Some(&0.4), "{name}");
    }
    assert_eq!(task(&plan, "market_monitor").every, Some(Span::mins(1)));
    assert_eq!(plan.approvals, ["all", "risk_adding"]);
    assert!(has(&plan, "vol_risk_review"));
    let note = plan.notes.iter().find(|note| note.field == "limit gross").unwrap();
    assert_eq!(note.origin, "volatility: stressed (VIX 25.6)");
    assert!(note.conflict.as_ref().is_some_and(|told| told.contains("high_volatility.yaml")));
}

#[test]
fn a_calm_regime_loosens_nothing() {
    let mut facts = facts("2018-12-19");
    let without = plan_of(&facts);
    facts.volatility = Some(volatility("calm", 1.5, 900));
    let with = plan_of(&facts);
    assert_eq!(with.overlays, without.overlays);
    assert_eq!(with.multipliers["order_notional"], 0.5);
    assert!(with.multipliers.values().all(|factor| *factor <= 1.0), "{:?}", with.multipliers);
    for task in &without.tasks {
        assert_eq!(with.task(with.find_task(task.id.as_str()).unwrap()).every, task.every);
    }
}

#[test]
fn a_factor_that_is_no_number_closes_the_limit() {
    let mut facts = facts("2018-07-10");
    facts.volatility = Some(volatility("unknown", f64::NAN, 300));
    let plan = plan_of(&facts);
    assert_eq!(plan.multipliers["gross"], 0.0);
}

// ---- composition ----

fn id(name: &str) -> TaskId {
    TaskId::parse(name).unwrap()
}

fn overlay(name: &str, rank: u32, edits: Vec<Edit>) -> Overlay {
    let source = format!("workflows/{name}.yaml").into();
    Overlay { name: name.into(), source, rank, replaces: false, edits }
}

fn set(task: &str, fields: TaskSet) -> Edit {
    Edit::Set { task: id(task), fields: Box::new(fields) }
}

fn add(task: &str, waits_for: &[&str]) -> Edit {
    let waits = waits_for.iter().map(|on| DependencyDef { on: id(on), hardness: Hardness::Hard });
    let task = TaskDef {
        id: id(task),
        agent: AgentId::parse("economist").unwrap(),
        task_type: TaskType::parse("event_calendar").unwrap(),
        task_data: serde_json::Map::new(),
        priority: None,
        dependencies: waits.collect(),
        timeout: None,
        queue_timeout: None,
        max_retries: None,
        effect: None,
        window: None,
        deadline: None,
        every: None,
        valid_for: None,
        when: None,
        estimate: None,
        required: None,
        group: None,
    };
    Edit::Add { stage: StageId::parse("pre_market").unwrap(), task: Box::new(task) }
}

/// An ordinary day with these overlays, in this order of asking.
fn compose(overlays: &[Overlay]) -> Result<Plan, PlanError> {
    let library = Library::new(library().base, overlays.iter().cloned());
    let applied: Vec<_> = overlays.iter().map(|overlay| applied(&overlay.name)).collect();
    settle(&library, &facts("2018-07-10"), &applied)
}

fn window(text: &str) -> TaskSet {
    TaskSet { window: Some(text.parse().unwrap()), ..TaskSet::default() }
}

#[test]
fn the_strictest_limit_wins_whatever_the_order_and_the_ranks() {
    let limit = |times| vec![Edit::Limit { name: "gross".into(), times }];
    let (a, b) = (overlay("a", 10, limit(0.4)), overlay("b", 20, limit(0.9)));
    for pair in [[a.clone(), b.clone()], [b, a]] {
        let plan = compose(&pair).unwrap();
        assert_eq!(plan.multipliers["gross"], 0.4);
        assert_eq!(plan.overlays, ["a", "b"], "application goes by rank");
    }
    let loose = compose(&[overlay("a", 10, limit(3.0))]).unwrap();
    assert_eq!(loose.multipliers["gross"], 1.0);
    let note = loose.notes.iter().find(|note| note.field == "limit gross").unwrap();
    assert!(note.conflict.as_ref().is_some_and(|told| told.contains("never loosens")));
}

#[test]
fn a_higher_rank_overrules_and_equal_ranks_are_a_recorded_conflict() {
    let timeout = |minutes| TaskSet { timeout: Some(Span::mins(minutes)), ..TaskSet::default() };
    let with = |rank_a, rank_b| {
        let a = overlay("a", rank_a, vec![set("deep_dive", timeout(3))]);
        let b = overlay("b", rank_b, vec![set("deep_dive", timeout(7))]);
        let plan = compose(&[a, b]).unwrap();
        let rule = |note: &&bellwether::plan::Note| {
            note.field == "timeout" && note.task.as_ref() == Some(&id("deep_dive"))
        };
        let note = plan.notes.iter().find(rule).cloned().unwrap();
        (task(&plan, "deep_dive").timeout, note)
    };
    let (timeout, note) = with(10, 20);
    assert_eq!((timeout, note.origin.as_str()), (Span::mins(7), "workflows/b.yaml"));
    assert_eq!(note.was.as_deref(), Some("10m"));
    let (timeout, note) = with(10, 10);
    assert_eq!((timeout, note.origin.as_str()), (Span::mins(3), "workflows/a.yaml"));
    let told = "workflows/b.yaml wants 7m: equal rank, the stricter wins";
    assert_eq!(note.conflict.as_deref(), Some(told));
}

#[test]
fn windows_of_two_overlays_intersect_and_the_earlier_end_wins_where_they_do_not_meet() {
    let with = |one: &str, two: &str| {
        let a = overlay("a", 10, vec![set("rebalance_check", window(one))]);
        let b = overlay("b", 20, vec![set("rebalance_check", window(two))]);
        compose(&[a, b]).unwrap()
    };
    let plan = with("11:00 .. 13:00", "12:00 .. 14:00");
    assert_eq!(hours(&plan, "rebalance_check"), "12:00 .. 13:00, 13:00");
    let plan = with("11:00 .. 12:00", "13:00 .. 14:00");
    assert_eq!(hours(&plan, "rebalance_check"), "11:00 .. 12:00, 12:00");
    let told = plan.notes.iter().find_map(|note| note.conflict.clone()).unwrap();
    assert_eq!(told, "workflows/b.yaml wants 13:00 .. 14:00: the earlier cut-off wins");
}

#[test]
fn blackouts_and_approvals_unite() {
    let forbid =
        |text: &str| Edit::Blackout { forbids: "entry".into(), window: text.parse().unwrap() };
    let ask = |of: &str| Edit::RequireApproval { of: of.into() };
    let a = overlay("a", 10, vec![forbid("14:00 .. 14:30"), ask("risk_adding")]);
    let b = overlay("b", 20, vec![forbid("10:00 .. 10:30"), forbid("17:00 .. 18:00"), ask("all")]);
    let plan = compose(&[a, b]).unwrap();
    let from: Vec<_> = plan.blackouts.iter().map(|blackout| et(blackout.from)).collect();
    assert_eq!(from, ["10:00", "14:00"], "earliest first, none outside the session");
    assert_eq!(plan.approvals, ["all", "risk_adding"]);
}

#[test]
fn the_same_task_from_two_overlays_is_one_and_two_different_ones_are_refused() {
    let same = |name: &str, rank| overlay(name, rank, vec![add("extra", &[])]);
    let plan = compose(&[same("a", 10), same("b", 20)]).unwrap();
    assert_eq!(plan.tasks.iter().filter(|task| task.id == id("extra")).count(), 1);
    let other = overlay("b", 20, vec![add("extra", &["collect_data"])]);
    let refused = compose(&[same("a", 10), other]).unwrap_err();
    let told = refused.to_string();
    assert!(told.contains("workflows/b.yaml adds `extra`, which workflows/a.yaml"), "{told}");
}

#[test]
fn removing_a_task_frees_its_dependants_and_takes_those_it_decides_about() {
    let remove = |task: &str| Edit::Remove { task: id(task), why: "not today".into() };
    let plan = compose(&[overlay("a", 10, vec![remove("macro_assessment")])]).unwrap();
    let waits = waits_for(&plan, "rank_ideas");
    assert!(waits.iter().all(|(on, _)| on != "macro_assessment"), "{waits:?}");
    let plan = compose(&[overlay("a", 10, vec![remove("rebalance_check")])]).unwrap();
    for asked in ["rebalance_trades", "approve_rebalance", "execute_rebalance"] {
        assert!(!has(&plan, asked), "{asked} would run unconditionally");
    }
}

#[test]
fn no_overlay_takes_the_approval_from_before_the_orders() {
    let remove = Edit::Remove { task: id("approve_trades"), why: "in a hurry".into() };
    let refused = compose(&[overlay("a", 10, vec![remove])]).unwrap_err();
    let (task, approval) = (id("execute_open"), id("approve_trades"));
    let why = "in a hurry".into();
    assert_eq!(refused.problems, [PlanProblem::Unguarded { task, approval, why }]);
}

#[test]
fn every_problem_of_a_day_is_told_at_once() {
    let edits = vec![
        add("one", &["two"]),
        add("two", &["three"]),
        add("three", &["one"]),
        add("four", &["three", "nowhere"]),
        set("nobody", window("10:00 .. 11:00")),
        Edit::Stage {
            stage: StageId::parse("lunch").unwrap(),
            window: "12:00 .. 13:00".parse().unwrap(),
        },
    ];
    let library = Library::new(library().base, [overlay("a", 10, edits)]);
    let asked = [applied("a"), applied("tea_time")];
    let refused = settle(&library, &facts("2018-07-10"), &asked).unwrap_err();
    let told = refused.to_string();
    for part in [
        "overlay `tea_time`",
        "changes `nobody`",
        "stage `lunch`",
        "`four` waits for `nowhere`",
        "tasks wait for each other: one -> two -> three -> one",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(refused.problems.len(), 5, "{told}");
}

#[test]
fn what_no_file_says_comes_from_configuration_and_the_note_names_it() {
    let library = Library::new(library().base, [overlay("a", 10, vec![add("extra", &[])])]);
    let timeout = Span::secs(77);
    let source = "DEFAULT_TASK_TIMEOUT in the environment".to_owned();
    let settings = Settings {
        task_timeout: Sourced { value: timeout, source },
        slots: BTreeMap::from([(AgentId::parse("economist").unwrap(), 4)]),
        ..Settings::default()
    };
    let (facts, applied) = (facts("2018-07-10"), [applied("a")]);
    let input =
        BuildInput { library: &library, facts: &facts, applied: &applied, settings: &settings };
    let plan = build(input).unwrap();
    let extra = task(&plan, "extra");
    assert_eq!((extra.timeout, extra.max_retries), (timeout, 3));
    assert_eq!((extra.priority, extra.required), (TaskPriority::Medium, true));
    assert_eq!((et(extra.opens_at), et(extra.closes_at)), ("06:00".into(), "09:30".into()));
    assert_eq!(plan.agent(extra.agent).slots, 4);
    let note = plan.notes.iter().find(|note| note.value == "1m17s").unwrap();
    assert_eq!(note.origin, "configuration: DEFAULT_TASK_TIMEOUT in the environment");
}

// ---- all days ----

fn sound(plan: &Plan) {
    let date = plan.date;
    for task in &plan.tasks {
        let (id, on) = (&task.id, |at: DateTime<Utc>| calendar::exchange_local(at).date());
        assert!(task.opens_at < task.closes_at, "{date} {id}: empty window");
        assert!(on(task.opens_at) == date && on(task.closes_at) == date, "{date} {id}: other day");
        assert!(task.opens_at < task.deadline, "{date} {id}: deadline before the window");
        for waits in task.dependencies.iter().filter(|known| known.hardness == Hardness::Hard) {
            let opens_at = plan.task(waits.on).opens_at;
            assert!(opens_at < task.closes_at, "{date} {id}: waits for what opens too late");
        }
    }
    for stage in &plan.stages {
        assert!(stage.opens_at <= stage.closes_at, "{date} {}", stage.id);
    }
    for note in &plan.notes {
        let origin = note.origin.as_str();
        let file = builtin().iter().any(|(name, _)| *name == origin);
        let kinds = ["configuration: ", "calendar: ", "volatility: ", "default"];
        let known = file || kinds.iter().any(|kind| origin.starts_with(kind));
        assert!(known, "{date}: {origin} is no rule");
    }
}

#[test]
fn every_session_of_five_years_can_be_settled_in_calm_and_in_stress() {
    let (from, to) = ("2014-01-01".parse().unwrap(), "2018-12-31".parse().unwrap());
    let library = library();
    let mut sessions = 0;
    for day in calendar::sessions_between(from, to).unwrap() {
        let mut facts = facts(&day.date.to_string());
        for regime in [None, Some(volatility("stressed", 0.4, 30))] {
            facts.volatility = regime;
            let plan = settle(&library, &facts, &choose(&facts, &library)).unwrap();
            sound(&plan);
            assert!(has(&plan, "execute_open") && has(&plan, "eod_reconcile"), "{}", day.date);
        }
        sessions += 1;
    }
    assert_eq!(sessions, 1_258, "sessions of 2014 to 2018");
}

#[test]
fn the_shipped_files_are_the_ones_in_the_folder() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let on_disk: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("workflows/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    let shipped: BTreeSet<_> = builtin().into_iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(shipped, on_disk);
}

#[test]
fn stages_that_trade_let_their_work_outlive_the_window() {
    let plan = plan("2018-07-10");
    let policy = |name: &str| plan.stage(plan.find_stage(name).unwrap()).on_close;
    assert_eq!(policy("market_open"), OnClose::Carry);
    assert_eq!(policy("intraday"), OnClose::Carry);
    assert_eq!(policy("pre_market"), OnClose::Fail);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_overlays_in_any_order_make_one_and_the_same_sound_day(
        days in 0_u64..1_800,
        chosen in proptest::sample::subsequence(
            vec![
                "early_close", "expiration", "quad_witching", "earnings", "earnings_tonight",
                "fomc", "high_volatility", "closed",
            ],
            0..=8,
        ).prop_shuffle(),
    ) {
        let date = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap() + chrono::Days::new(days);
        let facts = DayFacts::on(date).unwrap();
        let library = library();
        let mut asked: Vec<_> = chosen.into_iter().map(applied).collect();
        let plan = settle(&library, &facts, &asked).unwrap();
        sound(&plan);
        asked.reverse();
        prop_assert_eq!(settle(&library, &facts, &asked).unwrap(), plan);
    }
}
