//! The built-in agents over real days: in dependency order, with the bundled data and a $1m book.

#![expect(clippy::unwrap_used, reason = "a test whose setting fails has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bellwether::{
    desk::market::Dataset,
    engine::port::Agent,
    planning::{
        id::TaskType,
        plan::{
            AppliedOverlay, BuildInput, PlanSettings, PlanningFacts, WorkflowLibrary,
            build_day_plan,
        },
        workflow::{AgentCatalog, EffectClass},
    },
};
use chrono::TimeDelta;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::desk_day::{CLOSES, DeskDay, cell, column};

fn bundled() -> Arc<Dataset> {
    Arc::new(Dataset::bundled())
}

fn run(date: &str) -> DeskDay {
    let mut day = DeskDay::new(date, &bundled());
    day.run();
    day
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap_or_else(|| unreachable!("{value} is no amount")).parse().unwrap()
}

/// The value of a fact in a task's result.
fn fact(day: &DeskDay, task: &str, id: &str) -> f64 {
    let facts = day.outcomes[task].output["facts"].as_array().unwrap();
    let found = facts.iter().find(|fact| fact["id"] == id);
    found.unwrap_or_else(|| unreachable!("{task} has no fact {id}"))["value"].as_f64().unwrap()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(1.0)
}

#[test]
fn every_task_of_every_kind_of_day_is_done_or_skipped_by_its_condition() {
    // FOMC, half day in a stressed market, quarterly expiration, earnings reaction, report tonight,
    // ordinary, closed.
    for date in [
        "2018-12-19",
        "2018-12-24",
        "2018-12-21",
        "2018-11-02",
        "2018-11-01",
        "2017-06-07",
        "2018-12-25",
    ] {
        let day = run(date);
        assert_eq!(day.failures, BTreeMap::new(), "{date}");
        for task in &day.plan.tasks {
            let optional = task.when.is_some() || task.on_demand;
            let done = day.outcomes.contains_key(&task.id) || optional;
            assert!(done, "{} was not done on {date}", task.id);
        }
    }
}

#[test]
fn a_workflow_may_ask_of_an_agent_exactly_what_it_does() {
    let mut allowed = AgentCatalog::builtin().agents;
    allowed.retain(|agent, _| agent.as_str() != "operator");
    let roster = DeskDay::new("2018-12-19", &bundled()).roster;
    let types = |agent: &Arc<dyn Agent>| {
        agent.describe().iter().map(|name| TaskType::parse(name).unwrap()).collect()
    };
    let does: BTreeMap<_, _> =
        roster.iter().map(|(id, agent)| (id.clone(), types(agent))).collect();
    assert_eq!(allowed, does);
}

#[test]
fn the_roster_does_every_task_type_of_the_shipped_workflow_under_all_overlays() {
    let library = WorkflowLibrary::builtin(&AgentCatalog::builtin()).unwrap();
    let roster = DeskDay::new("2018-12-19", &bundled()).roster;
    let facts = PlanningFacts::for_date("2018-11-01".parse().unwrap()).unwrap();
    let all = library.overlays.keys().filter(|name| *name != "closed");
    let names = |overlay: &String| AppliedOverlay {
        overlay: overlay.clone(),
        why: "test".into(),
        symbols: vec!["AAPL".into()],
    };
    let mut days = vec![all.map(names).collect::<Vec<_>>()];
    days.push(vec![names(&"closed".to_owned())]);
    for applied in days {
        let settings = PlanSettings::default();
        let input =
            BuildInput { library: &library, facts: &facts, applied: &applied, settings: &settings };
        let plan = build_day_plan(input).unwrap();
        for task in plan.tasks.iter().filter(|task| task.effect != EffectClass::Human) {
            let agent = &plan.agent(task.agent).id;
            assert!(roster.resolve(agent, &task.task_type).is_ok(), "{agent} {}", task.task_type);
        }
    }
}

#[test]
fn cash_positions_and_profit_agree_with_fills_and_closes_to_the_cent() {
    for (date, previous) in [("2018-12-19", "2018-12-18"), ("2018-12-24", "2018-12-21")] {
        let day = run(date);
        let end = day.plan.close + TimeDelta::hours(2);
        let (opening, book) = (day.desk.opening(), day.desk.book(end));
        let mut cash = opening.cash;
        let mut shares: BTreeMap<String, i64> =
            opening.positions.iter().map(|(name, held)| (name.to_string(), held.qty)).collect();
        let fills = day.desk.fills(end);
        assert!(!fills.is_empty(), "{date} trades");
        for fill in &fills {
            let sign = if fill.side.to_string() == "buy" { 1 } else { -1 };
            cash -= Decimal::from(sign * fill.qty) * fill.price + fill.fee;
            *shares.entry(fill.symbol.to_string()).or_default() += sign * fill.qty;
        }
        shares.retain(|_, qty| *qty != 0);
        let held: BTreeMap<String, i64> =
            book.positions.iter().map(|(name, held)| (name.to_string(), held.qty)).collect();
        assert_eq!((cash, shares.clone()), (book.cash, held), "{date}");
        let close = |name: &str, date: &str| -> Decimal {
            cell(CLOSES, date, name)
                .parse::<Decimal>()
                .unwrap()
                .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
        };
        let worth: Decimal =
            shares.iter().map(|(name, qty)| Decimal::from(*qty) * close(name, date)).sum();
        let before: Decimal = opening
            .positions
            .iter()
            .map(|(name, held)| Decimal::from(held.qty) * close(name.as_str(), previous))
            .sum();
        let result = day.data("performance_analysis");
        assert_eq!(decimal(&result["equity_close"]), cash + worth, "{date}");
        assert_eq!(decimal(&result["equity_open"]), opening.cash + before, "{date}");
        let profit = cash + worth - opening.cash - before;
        assert!((decimal(&result["pnl"]["total"]) - profit).abs() < Decimal::new(1, 2), "{date}");
    }
}

#[test]
fn facts_of_the_morning_follow_from_the_files_alone() {
    let mut day = DeskDay::new("2018-12-19", &bundled());
    day.run_until(day.plan.open);
    let last = ("2018-12-18", 253);
    let closes = column(CLOSES, last, "AAPL");
    let back = |k: usize| closes[closes.len() - 1 - k];
    let analysis = |id: &str| fact(&day, "market_analysis", id);
    assert!(near(analysis("AAPL.close"), back(0)));
    assert!(near(analysis("AAPL.ret_1d"), back(0) / back(1) - 1.0));
    assert!(near(analysis("AAPL.mom_20"), back(0) / back(20) - 1.0));
    assert!(near(analysis("AAPL.mom_12_1"), back(21) / back(252) - 1.0));
    let logs: Vec<f64> = (0..20).map(|k| (back(k) / back(k + 1)).ln()).collect();
    let mean = logs.iter().sum::<f64>() / 20.0;
    let variance = logs.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 19.0;
    assert!(near(analysis("AAPL.rv20"), (variance * 252.0).sqrt()));
    let vix: f64 = cell("vix_close_2014_2019.csv", "2018-12-18", "close").parse().unwrap();
    assert!(near(fact(&day, "vol_regime", "vix"), vix));
    assert!(near(fact(&day, "fomc_brief", "implied_move"), vix / 100.0 / 252.0_f64.sqrt()));
    assert!(near(fact(&day, "collect_data", "rows"), 17.0 * 260.0));
}

#[test]
fn equal_days_give_equal_bytes() {
    let bytes = || {
        let day = run("2018-12-19");
        let all: Vec<String> =
            day.outcomes.values().map(|outcome| serde_json::to_string(outcome).unwrap()).collect();
        all.join("\n")
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn no_order_of_an_fomc_day_adds_risk_inside_the_blackout() {
    let mut day = DeskDay::new("2018-12-19", &bundled());
    let noon = day.plan.open + TimeDelta::hours(3);
    day.run_until(noon);
    let blackout = day.plan.blackouts.iter().find(|b| b.origin.contains("fomc")).unwrap().clone();
    let request = day.request("generate_trades", blackout.from + TimeDelta::minutes(5));
    let engine::AttemptOutcome::Completed(outcome) = day.ask(request).answer else {
        unreachable!()
    };
    let orders = outcome.output["data"]["plan"]["orders"].as_array().unwrap();
    assert!(orders.iter().all(|order| order["risk_reducing"] == true), "{orders:?}");
    let skipped = outcome.output["data"]["skipped"].to_string();
    assert!(skipped.contains("no entries until 14:45"), "{skipped}");
}

#[test]
fn an_earnings_blackout_holds_back_entries_in_that_name_alone() {
    let day = DeskDay::new("2018-11-02", &bundled());
    let reporting = day.plan.blackouts.first().unwrap().clone();
    assert_eq!(reporting.symbol.as_deref(), Some("AAPL"));
    let at = reporting.from + TimeDelta::minutes(2);
    // The buys of the morning, with a blackout of `symbol`.
    let buys = |symbol: &str| {
        let mut day = DeskDay::new("2018-11-02", &bundled());
        Arc::make_mut(&mut day.plan).blackouts[0].symbol = Some(symbol.into());
        day.run_until(at);
        let reply = day.ask(day.request("generate_trades", at));
        let engine::AttemptOutcome::Completed(result) = reply.answer else {
            unreachable!("{reply:?}")
        };
        let orders = result.output["data"]["plan"]["orders"].as_array().unwrap().clone();
        let entries = orders.iter().filter(|order| order["risk_reducing"] == false);
        let names = entries.map(|order| order["symbol"].as_str().unwrap().to_owned());
        names.collect::<BTreeSet<_>>()
    };
    let all = buys("NONE");
    let first = all.first().unwrap();
    let mut others = all.clone();
    others.remove(first);
    assert!(!others.is_empty(), "{all:?}");
    assert_eq!(buys(first), others);
}

#[test]
fn what_the_approval_card_shows_adds_up() {
    let mut day = DeskDay::new("2018-12-19", &bundled());
    day.run_until(day.plan.open + TimeDelta::minutes(4));
    let verdict = day.data("validate_trades");
    let orders = verdict["orders"].as_array().unwrap();
    let sum: Decimal = orders.iter().map(|order| decimal(&order["notional"])).sum();
    assert_eq!(decimal(&verdict["totals"]["notional"]), sum);
    assert_eq!(verdict["totals"]["orders"], orders.len());
    assert_eq!(verdict["approval"]["needed"], true);
    let hash = verdict["plan_hash"].as_str().unwrap();
    let (plan, approval) = day.desk.trade_plan(hash).unwrap();
    assert_eq!(plan.orders.len(), orders.len());
    assert!(approval.is_none(), "nobody has approved it yet");
}

#[test]
fn a_stopped_order_task_fails_and_names_the_remainder() {
    let mut day = DeskDay::new("2018-12-19", &bundled());
    day.run_until(day.plan.open + TimeDelta::minutes(5));
    let at = day.plan.open + TimeDelta::minutes(5);
    let request = day.request("execute_open", at);
    let reply = day.ask(request.clone());
    assert!(reply.took.unwrap() > planning::time::Span::mins(10));
    let stopped = at + TimeDelta::minutes(8);
    let agent = day.roster.resolve(&request.agent, &request.task_type).unwrap();
    let engine::AttemptOutcome::Failed(failure) = agent.stop(&request, stopped) else {
        unreachable!("most of it was not traded")
    };
    assert_eq!(failure.kind, engine::FailureKind::Cancelled);
    let filled: i64 = day.desk.fills(stopped).iter().map(|fill| fill.qty).sum();
    let (plan, _) = day.desk.trade_plans().pop().unwrap();
    let ordered: i64 = plan.orders.iter().map(|intent| intent.qty).sum();
    assert!(0 < filled && filled < ordered, "{filled} of {ordered}");
    let told = format!("stopped at 09:43: {filled} of {ordered} sh filled; not traded: ");
    assert!(failure.message.starts_with(&told), "{}", failure.message);
    let (then, later) = (day.desk.fills(stopped), day.desk.fills(day.plan.close));
    assert_eq!(then, later, "nothing fills after the stop");
}

#[test]
fn asking_twice_to_send_one_plan_sends_it_once() {
    let mut day = DeskDay::new("2018-12-19", &bundled());
    let at = day.plan.open + TimeDelta::minutes(5);
    day.run_until(at);
    let request = day.request("execute_open", at);
    day.ask(request.clone());
    let once = day.desk.fills(day.plan.close);
    day.ask(engine::port::AttemptRequest { attempt: 1, ..request });
    assert_eq!(day.desk.fills(day.plan.close), once);
}
