//! How overlays, the regime and configuration compose: who wins, and what is told of the others.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing where something is must fail")]

use std::collections::BTreeMap;

use bellwether::planning::{
    id::{AgentId, StageId, TaskId, TaskType},
    plan::{
        BuildInput, DayPlan, DayPlanError, DayPlanProblem, MorningVolatility, PlanSettings,
        Sourced, WorkflowLibrary, build_day_plan,
    },
    time::Span,
    workflow::{
        DependencyDef, DependencyKind, ForbiddenOrders, Overlay, OverlayEdit, TaskDef,
        TaskOverrides, TaskPriority,
    },
};

use super::day::{
    applied, et, facts, has, hours, library, plan_of, settle, task, volatility, waits_for,
};

#[test]
fn a_stressed_regime_is_stricter_than_the_overlay_where_both_speak() {
    let mut facts = facts("2018-07-10");
    let approval = Some("all".into());
    facts.volatility = Some(MorningVolatility { approval, ..volatility("stressed", 0.4, 60) });
    let plan = plan_of(&facts);
    assert_eq!(plan.overlays, ["high_volatility"]);
    for name in ["gross", "order_notional", "participation"] {
        assert_eq!(plan.multipliers.get(name), Some(&0.4), "{name}");
    }
    assert_eq!(task(&plan, "market_monitor").every, Some(Span::mins(1)));
    assert_eq!(plan.approvals, ["all", "risk_adding"]);
    assert!(has(&plan, "vol_risk_review"));
    let note = plan.notes.iter().find(|note| note.about.name() == "limit gross").unwrap();
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
    assert_eq!(with.multipliers.get("order_notional"), Some(&0.5));
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
    assert_eq!(plan.multipliers.get("gross"), Some(&0.0));
}

fn id(name: &str) -> TaskId {
    TaskId::parse(name).unwrap()
}

fn overlay(name: &str, rank: u32, edits: Vec<OverlayEdit>) -> Overlay {
    let source = format!("workflows/{name}.yaml").into();
    Overlay { name: name.into(), source, rank, replaces: false, edits }
}

fn set(task: &str, fields: TaskOverrides) -> OverlayEdit {
    OverlayEdit::Set { task: id(task), fields: Box::new(fields) }
}

fn add(task: &str, waits_for: &[&str]) -> OverlayEdit {
    let waits =
        waits_for.iter().map(|on| DependencyDef { on: id(on), hardness: DependencyKind::Hard });
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
        on_demand: false,
    };
    OverlayEdit::Add { stage: StageId::parse("pre_market").unwrap(), task: Box::new(task) }
}

/// An ordinary day with these overlays, in this order of asking.
fn compose(overlays: &[Overlay]) -> Result<DayPlan, DayPlanError> {
    let library = WorkflowLibrary::new(library().base, overlays.iter().cloned());
    let applied: Vec<_> = overlays.iter().map(|overlay| applied(&overlay.name)).collect();
    settle(&library, &facts("2018-07-10"), &applied)
}

fn window(text: &str) -> TaskOverrides {
    TaskOverrides { window: Some(text.parse().unwrap()), ..TaskOverrides::default() }
}

#[test]
fn the_strictest_limit_wins_whatever_the_order_and_the_ranks() {
    let limit = |times| vec![OverlayEdit::Limit { name: "gross".into(), times }];
    let (a, b) = (overlay("a", 10, limit(0.4)), overlay("b", 20, limit(0.9)));
    for pair in [[a.clone(), b.clone()], [b, a]] {
        let plan = compose(&pair).unwrap();
        assert_eq!(plan.multipliers.get("gross"), Some(&0.4));
        assert_eq!(plan.overlays, ["a", "b"], "application goes by rank");
    }
    let loose = compose(&[overlay("a", 10, limit(3.0))]).unwrap();
    assert_eq!(loose.multipliers.get("gross"), Some(&1.0));
    let note = loose.notes.iter().find(|note| note.about.name() == "limit gross").unwrap();
    assert!(note.conflict.as_ref().is_some_and(|told| told.contains("never loosens")));
}

#[test]
fn a_higher_rank_overrules_and_equal_ranks_are_a_recorded_conflict() {
    let timeout =
        |minutes| TaskOverrides { timeout: Some(Span::mins(minutes)), ..TaskOverrides::default() };
    let with = |rank_a, rank_b| {
        let a = overlay("a", rank_a, vec![set("deep_dive", timeout(3))]);
        let b = overlay("b", rank_b, vec![set("deep_dive", timeout(7))]);
        let plan = compose(&[a, b]).unwrap();
        let rule = |note: &&planning::plan::PlanNote| {
            note.about.name() == "timeout" && note.task.as_ref() == Some(&id("deep_dive"))
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
    let forbid = |text: &str| OverlayEdit::Blackout {
        forbids: ForbiddenOrders::Entry,
        window: text.parse().unwrap(),
    };
    let ask = |of: &str| OverlayEdit::RequireApproval { of: of.into() };
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
    let remove = |task: &str| OverlayEdit::Remove { task: id(task), why: "not today".into() };
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
    let remove = OverlayEdit::Remove { task: id("approve_trades"), why: "in a hurry".into() };
    let refused = compose(&[overlay("a", 10, vec![remove])]).unwrap_err();
    let (task, approval) = (id("execute_open"), id("approve_trades"));
    let why = "in a hurry".into();
    assert_eq!(refused.problems, [DayPlanProblem::MissingApproval { task, approval, why }]);
}

#[test]
fn every_problem_of_a_day_is_told_at_once() {
    let edits = vec![
        add("one", &["two"]),
        add("two", &["three"]),
        add("three", &["one"]),
        add("four", &["three", "nowhere"]),
        set("nobody", window("10:00 .. 11:00")),
        OverlayEdit::Stage {
            stage: StageId::parse("lunch").unwrap(),
            window: "12:00 .. 13:00".parse().unwrap(),
        },
    ];
    let library = WorkflowLibrary::new(library().base, [overlay("a", 10, edits)]);
    let asked = [applied("a"), applied("tea_time")];
    let refused = settle(&library, &facts("2018-07-10"), &asked).unwrap_err();
    let told = refused.to_string();
    for part in [
        "overlay `tea_time`",
        "changes `nobody`",
        "stage `lunch`",
        "`four` depends on `nowhere`",
        "tasks depend on each other: one -> two -> three -> one",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert_eq!(refused.problems.len(), 5, "{told}");
}

#[test]
fn what_no_file_says_comes_from_configuration_and_the_note_names_it() {
    let library = WorkflowLibrary::new(library().base, [overlay("a", 10, vec![add("extra", &[])])]);
    let timeout = Span::secs(77);
    let source = "DEFAULT_TASK_TIMEOUT in the environment".to_owned();
    let settings = PlanSettings {
        task_timeout: Sourced { value: timeout, source },
        slots: BTreeMap::from([(AgentId::parse("economist").unwrap(), 4)]),
        ..PlanSettings::default()
    };
    let (facts, applied) = (facts("2018-07-10"), [applied("a")]);
    let input =
        BuildInput { library: &library, facts: &facts, applied: &applied, settings: &settings };
    let plan = build_day_plan(input).unwrap();
    let extra = task(&plan, "extra");
    assert_eq!((extra.timeout, extra.max_retries), (timeout, 3));
    assert_eq!((extra.priority, extra.required), (TaskPriority::Medium, true));
    assert_eq!((et(extra.opens_at), et(extra.closes_at)), ("06:00".into(), "09:30".into()));
    assert_eq!(plan.agent(extra.agent).slots, 4);
    let note = plan.notes.iter().find(|note| note.value == "1m17s").unwrap();
    assert_eq!(note.origin, "configuration: DEFAULT_TASK_TIMEOUT in the environment");
}
